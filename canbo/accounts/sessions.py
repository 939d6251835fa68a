"""What holds for every request: how long a session lasts, and that a needed second factor is there."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.timezone import localdate

from canbo.accounts import second_factors, sign_ins
from canbo.accounts.models import User
from canbo.common.language import pick

LONGEST = timedelta(hours=10)  # a working day, however busy
_SEEN_EVERY = 60  # seconds between two writes of when a session was last used
_SEEN = "canbo_seen"

Handler = Callable[[HttpRequest], HttpResponse]


def moment_of(request: HttpRequest) -> datetime:
    """The moment of a request, as the outermost middleware set it."""
    moment: datetime = vars(request)["moment"]
    return moment


class Sessions:
    """Ends sessions that are too old, and lets nobody on who must first set up a second factor.

    Idle sessions end by their expiry in the database (``SESSION_COOKIE_AGE``), which is put off here.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            refused = self._refused(request, request.user)
            if refused is not None:
                return refused
        return self.get_response(request)

    def _refused(self, request: HttpRequest, user: User) -> HttpResponse | None:
        at = moment_of(request)
        began = request.session.get(sign_ins.BEGAN)
        if began is None or at.timestamp() >= began + LONGEST.total_seconds():
            logout(request)
            return None
        if at.timestamp() >= request.session.get(_SEEN, 0) + _SEEN_EVERY:
            request.session[_SEEN] = at.timestamp()
        if _is_for_signing_in(request.path) or second_factors.has_one(user):
            return None
        return _set_up_first(request) if second_factors.is_needed(user, localdate(at)) else None


def _is_for_signing_in(path: str) -> bool:
    pages = ("mfa_activate_totp", "account_logout", "account_reauthenticate", "account_change_password")
    return path in {reverse(page) for page in pages}


def _set_up_first(request: HttpRequest) -> HttpResponse:
    page = reverse("mfa_activate_totp")
    if not request.path.startswith("/api/"):
        return HttpResponseRedirect(page)
    message = pick(
        "Vai trò của tài khoản này cần yếu tố xác thực thứ hai. Thiết lập tại trang đăng nhập rồi làm lại.",
        "The role of this account needs a second factor. Set it up on the sign-in pages and try again.",
    )
    return JsonResponse({"message": message, "findings": []}, status=403)
