"""What stands around every page: navigation by right, language, messages. The page itself comes from its view."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.timezone import localdate

from canbo.accounts.callers import Caller
from canbo.accounts.demo import is_demonstration
from canbo.accounts.mandates import scope_of
from canbo.accounts.models import User
from canbo.accounts.permissions import Permission
from canbo.accounts.sessions import moment_of
from canbo.common.findings import Finding
from canbo.common.language import pick
from canbo.web import tour


@dataclass(frozen=True)
class Entry:
    """An entry of the navigation: its page, words, and the permission that shows it (None: everybody)."""

    page: str
    vi: str
    en: str
    needs: Permission | None

    @property
    def words(self) -> str:
        """In the language in force."""
        return pick(self.vi, self.en)


NAVIGATION = (
    Entry("overview", "Tổng quan", "Overview", Permission.INDICATORS_READ),
    Entry("schemes", "Đề án", "Schemes", Permission.INDICATORS_READ),
    Entry("people", "Cán bộ", "People", Permission.PEOPLE_READ),
    Entry("organisations", "Tổ chức", "Organisations", Permission.ORGANISATIONS_READ),
    Entry("imports", "Nhập dữ liệu", "Import", Permission.IMPORT_PREVIEW),
    Entry("accounts", "Tài khoản", "Accounts", Permission.ACCOUNTS_MANAGE),
    Entry("log", "Nhật ký", "Log", Permission.LOG_READ),
    Entry("own_file", "Hồ sơ của tôi", "My file", Permission.OWN_FILE),
    Entry("help", "Hướng dẫn", "Help", None),
)


def around(request: HttpRequest) -> dict[str, Any]:
    """What stands around every page, also those of the sign-in library. Asked for each template that is rendered."""
    found = _visitor(request)
    return {
        "entries": [one for one in NAVIGATION if found and (one.needs is None or found.scope.allows(one.needs))],
        "visitor": found,
        # Read only where they are shown: reading takes them away, and the library renders its messages themselves.
        "told": SimpleLazyObject(lambda: _messages(request)),
        "is_demonstration": is_demonstration(),
        "is_part": request.headers.get("HX-Request") == "true" and "HX-Boosted" not in request.headers,
        "services": [] if found else _services(),
        "tour": tour.panel(request, found),
    }


def _messages(request: HttpRequest) -> list[Any]:
    found: Any = messages.get_messages(request)  # a storage, or nothing where no middleware made one
    return [*found]


def _visitor(request: HttpRequest) -> Caller | None:
    """Who visits: as ``page`` found out, or from the session where a view of the library answers."""
    known: Caller | None = vars(request).get("visitor")
    user = getattr(request, "user", None)
    if known is not None or not isinstance(user, User) or "moment" not in vars(request):
        return known
    at = moment_of(request)
    return Caller(scope_of(user, localdate(at)), at)


def _services() -> list[tuple[str, str]]:
    """Name and address of the province's own sign-in service, if there is one."""
    providers: Any = settings.SOCIALACCOUNT_PROVIDERS
    found = providers["openid_connect"]["APPS"]
    return [(one["name"], reverse("openid_connect_login", args=[one["provider_id"]])) for one in found]


def show(request: HttpRequest, template: str, *, here: str = "", status: int = 200, **context: Any) -> HttpResponse:
    """A page in its frame. ``here``: the entry of the navigation that it belongs to."""
    return HttpResponse(render_to_string(template, {"here": here, **context}, request), status=status)


def refuse(
    request: HttpRequest, message: str, *, status: int = 422, findings: tuple[Finding, ...] = ()
) -> HttpResponse:
    """A page that says what cannot be done, why, and what to do."""
    return show(request, "site/refused.html", status=status, message=message, findings=findings)
