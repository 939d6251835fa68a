"""What stands around every page: navigation by right, language, messages. The page itself comes from its view."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from canbo.accounts.callers import Caller
from canbo.accounts.demo import is_demonstration
from canbo.accounts.permissions import Permission
from canbo.common.findings import Finding
from canbo.common.language import pick


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


def show(request: HttpRequest, template: str, *, here: str = "", status: int = 200, **context: Any) -> HttpResponse:
    """A page in its frame. ``here``: the entry of the navigation that it belongs to."""
    found: Caller | None = vars(request).get("visitor")
    entries = [one for one in NAVIGATION if found and (one.needs is None or found.scope.allows(one.needs))]
    around = {
        "entries": entries,
        "here": here,
        "visitor": found,
        "told": list(messages.get_messages(request)),
        "is_demonstration": is_demonstration(),
        "is_part": request.headers.get("HX-Request") == "true" and "HX-Boosted" not in request.headers,
    }
    return HttpResponse(render_to_string(template, {**around, **context}, request), status=status)


def refuse(
    request: HttpRequest, message: str, *, status: int = 422, findings: tuple[Finding, ...] = ()
) -> HttpResponse:
    """A page that says what cannot be done, why, and what to do."""
    return show(request, "site/refused.html", status=status, message=message, findings=findings)
