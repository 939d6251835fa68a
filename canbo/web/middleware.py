"""What holds for every page: its language, and that nothing is loaded or sent anywhere but here."""

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponse

from canbo.common.language import Language, speaking
from canbo.installation.identity_service import identity_services

Handler = Callable[[HttpRequest], HttpResponse]
COOKIE = "canbo_language"
_SERVICES = " ".join(one["settings"]["server_url"] for one in identity_services())  # where signing in may lead to
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    f"font-src 'self'; form-action 'self' {_SERVICES}; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'"
)


class Speaking:
    """Vietnamese, unless the visitor chose English."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(COOKIE, "vi")
        with speaking(cast(Language, chosen) if chosen in ("vi", "en") else "vi"):
            return self.get_response(request)


class NothingFromElsewhere:
    """Tells the browser what a page may load: only what this server gives, no script or style in the text."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response
