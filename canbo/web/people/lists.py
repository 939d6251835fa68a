"""The list of people: searched, narrowed, paged by keys. What it holds is decided in ``finding``."""

from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html_join
from django.views.decorators.http import require_POST

from canbo.accounts.callers import Caller
from canbo.accounts.models import User
from canbo.accounts.permissions import Permission
from canbo.codes import code_list
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.common.numbers import print_count, print_day
from canbo.web.accounts.units import unit_asked, units_like
from canbo.web.frame import show
from canbo.web.people import naming
from canbo.web.people.columns import COLUMNS, Column
from canbo.web.people.filters import MINORITY, PARTY, SERVICE, Filters, chips, read, read_text
from canbo.web.people.finding import (
    PAGE,
    READ,
    Found,
    Row,
    find,
    readable_columns,
    rows_of,
)
from canbo.web.visitors import page, visitor

_SALT = "people"
Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Listing:
    """One page of a list as it is shown. ``first``: the number of its first row."""

    rows: tuple[Row, ...]
    total: int
    first: int
    previous: str
    following: str


@page(READ)
def people(request: HttpRequest) -> HttpResponse:
    """The people whom the account may see, narrowed by what the address asks."""
    asked = visitor(request)
    filters = read(request.GET, asked.day)
    columns, filters = _columns(asked, filters)
    filters, unit_name = _unit(filters)
    found, filters = _found(asked, filters)
    listing = _page(asked, filters, found, columns, request.GET.get("after", ""))
    context: dict[str, Any] = {
        "filters": filters,
        "chips": chips(filters, unit_name),
        "columns": columns,
        "listing": listing,
        "said": said(filters, len(found)),
        "may_export": asked.scope.allows(Permission.EXPORT),
        "query": filters.link().partition("?")[2],
    }
    if request.headers.get("HX-Target") == "results" and "HX-History-Restore-Request" not in request.headers:
        answer = show(request, "people/_list_results.html", here="people", **context)
        answer.headers["HX-Replace-Url"] = filters.link()
        return answer
    return show(request, "people/list.html", here="people", **context, **_panel(asked, filters, unit_name))


@page(READ)
def units(request: HttpRequest) -> HttpResponse:
    """Names of units that have what is being typed, for the field of the unit."""
    text = request.GET.get("unit", "")[:100]
    found = units_like(text, visitor(request).day) if len(text) > 1 else []
    return HttpResponse(
        format_html_join("", '<option value="{} ({})"></option>', ((name, code) for code, name in found))
    )


@require_POST
@page(READ)
def name_list(request: HttpRequest) -> HttpResponse:
    """Keep the list under a name."""
    asked = visitor(request)
    query = read_text(request.POST.get("query", ""), asked.day).link().partition("?")[2]
    back = HttpResponseRedirect(f"{reverse('people')}?{query}", status=303)
    name = request.POST.get("name", "")
    assert isinstance(request.user, User)  # signed in
    try:
        naming.keep(
            user=request.user, name=name, query=query, shared=bool(request.POST.get("shared")), by=asked.by, at=asked.at
        )
    except Refused as refused:
        messages.error(request, refused.message, extra_tags="late")
        return back
    messages.success(request, pick(f"Đã lưu danh sách “{name}”.", f"The list “{name}” is saved."), extra_tags="met")
    return back


@require_POST
@page(READ)
def forget_list(request: HttpRequest) -> HttpResponse:
    """Remove a named list."""
    asked = visitor(request)
    assert isinstance(request.user, User)  # signed in
    number = request.POST.get("number", "")
    name = naming.forget(
        user=request.user, number=int(number) if number.isdigit() else 0, by=asked.by, at=asked.at
    )  # fmt: skip
    messages.success(request, pick(f"Đã xóa danh sách “{name}”.", f"The list “{name}” is removed."), extra_tags="met")
    return HttpResponseRedirect(reverse("people"), status=303)


def said(filters: Filters, total: int) -> str:
    """How many are on the list, as one sentence."""
    number, day = print_count(total), print_day(filters.day)
    if filters.service == "in":
        return pick(
            f"{number} người đang công tác tại ngày {day}", f"{number} people in service on {day}"
        )  # fmt: skip
    if filters.service == "out":
        return pick(
            f"{number} người không còn công tác tại ngày {day}", f"{number} people no longer in service on {day}"
        )  # fmt: skip
    return pick(f"{number} hồ sơ, tại ngày {day}", f"{number} files, as of {day}")


def _columns(asked: Caller, filters: Filters) -> tuple[tuple[Column, ...], Filters]:
    """The columns chosen that the account reads; others are said."""
    readable = readable_columns(asked)
    hidden = [COLUMNS[key].words for key in filters.columns if key not in readable]
    faults = dict(filters.faults)
    if hidden:
        faults["column"] = pick(
            f"Không hiện cột {', '.join(hidden)}: vai trò của tài khoản không được đọc.",
            f"Not shown: {', '.join(hidden)}. The role of the account does not read them.",
        )
    if filters.minority and "ethnicity" not in readable:
        faults["minority"] = pick(
            "Vai trò của tài khoản không được đọc dân tộc, nên không lọc được theo dân tộc.",
            "The role of the account does not read ethnicity, so it cannot filter by it.",
        )
    kept = tuple(key for key in filters.columns if key in readable)
    return tuple(readable[key] for key in kept), replace(filters, columns=kept, faults=faults)


def _unit(filters: Filters) -> tuple[Filters, str]:
    """The unit by its code, and its name; one that is not clear is said and not filtered by."""
    if not filters.unit:
        return filters, ""
    try:
        code, name = unit_asked(filters.unit, filters.day)
    except Refused as refused:
        return replace(filters, unit="", faults={**filters.faults, "unit": refused.message}), ""
    return replace(filters, unit=code), name


def _found(asked: Caller, filters: Filters) -> tuple[Found, Filters]:
    """The people; an indicator that cannot be asked is said and nobody is listed."""
    try:
        return find(asked, filters), filters
    except Refused as refused:
        if not filters.indicator:
            raise
        bare = replace(filters, indicator="", list="")
        none = find(asked, bare)
        return Found(none.roll, none.places[:0]), replace(
            filters, faults={**filters.faults, "indicator": refused.message}
        )


def _page(asked: Caller, filters: Filters, found: Found, columns: tuple[Column, ...], after: str) -> Listing:
    order, code = _opened(after)
    codes, more = found.after(order, code, PAGE)
    rows = tuple(rows_of(asked, filters, codes, columns))
    start = found.number_up_to(order, code) if code else 0
    before = found.first_of_page_before(order, code, PAGE) if code else None
    previous = filters.link(after=_sealed(*before) if before else None) if start else ""
    following = filters.link(after=_sealed(rows[-1].order, rows[-1].code)) if more and rows else ""
    return Listing(rows, len(found), start + 1, previous, following)


def _sealed(order: str, code: str) -> str:
    """A place in a list for an address; nobody can make up one to learn where a person stands."""
    return signing.dumps([order, code], salt=_SALT, compress=True)


def _opened(after: str) -> tuple[str, str]:
    try:
        order, code = signing.loads(after, salt=_SALT)
    except signing.BadSignature:
        return "", ""
    return order, code


def _panel(asked: Caller, filters: Filters, unit_name: str) -> dict[str, Any]:
    """What there is to choose from."""
    readable = readable_columns(asked)
    return {
        "unit_shown": f"{unit_name} ({filters.unit})" if unit_name else filters.unit,
        "tiers": _labels("managed_by"),
        "post_kinds": _labels("post_kind"),
        "sexes": _labels("sex"),
        "levels": _labels("education"),
        "services": _choices(SERVICE),
        "minorities": _choices(MINORITY) if "ethnicity" in readable else (),
        "parties": _choices(PARTY),
        "offered_columns": tuple(readable.values()),
        "is_narrowed": not replace(filters, q="").is_standard,
        "named": [(one, f"{reverse('people')}?{one.query}") for one in naming.offered(asked.by)],
    }


def _labels(codes: str) -> Options:
    return tuple((one.key, one.label) for one in code_list(codes).codes.values())


def _choices(choices: dict[str, tuple[str, str]]) -> Options:
    return tuple((key, pick(*words)) for key, words in choices.items())
