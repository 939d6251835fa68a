"""Units entered and changed, their quotas, own targets and the confirmation of their records."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from canbo.accounts.permissions import Permission
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.common.numbers import print_count, print_day
from canbo.register import completeness, parameters, quotas, units
from canbo.register.models import Parameter, Quota, Unit
from canbo.web.engine import address
from canbo.web.frame import show
from canbo.web.organisations import forms, levels
from canbo.web.organisations.asked import WRITE, as_written, day_in, read, readable, unit_of, whole_units, writable
from canbo.web.organisations.forms import Field, Given
from canbo.web.organisations.standing import indicator_labels
from canbo.web.visitors import page, visitor


@page(WRITE)
def unit_new(request: HttpRequest) -> HttpResponse:
    """Enter a unit that was not there before."""
    who = visitor(request)
    start = {"parent": as_written(readable(who).filter(code=request.GET.get("under", "")).first(), who.day)}
    given = forms.given_in(request, who) if request.method == "POST" else Given(who, start)
    if request.method == "POST":
        code = given.required("code", pick("mã đơn vị", "the code"))
        values = _values(given)
        day = given.day("on", pick("Từ ngày", "From"))
        said = forms.document_in(given, required=False)
        if given.text("parent") == "" and not who.is_unlimited(WRITE):
            given.fault(
                "parent",
                pick(
                    "Hãy chọn đơn vị cấp trên trong phạm vi của tài khoản.",
                    "Choose a unit above it in the account's mandate.",
                ),
            )
        if not given.faults and day:
            with forms.writing(given, "unit.enter", code):
                document = forms.enter_document(who, said)
                made = units.enter(code=code, valid_from=day, document=document, by=who.by, at=who.at, **values)
            if not given.faults:
                return _done(
                    request, made, pick(f"Đã lập đơn vị “{values['name']}”.", f"Unit “{values['name']}” is entered.")
                )
    first = [
        Field("code", pick("Mã đơn vị", "Code"), required=True, hint=pick("Không đổi và không dùng lại về sau.", "It never changes and is never used again.")),  # noqa: E501
        *_fields(),
        Field("on", pick("Từ ngày", "From"), "date", required=True),
    ]  # fmt: skip
    return _form(request, given, None, pick("Lập đơn vị", "Enter a unit"), first, pick("Lập đơn vị", "Enter the unit"))


@page(WRITE)
def unit_change(request: HttpRequest, code: str) -> HttpResponse:
    """Change a unit from a day on, or correct what was entered."""
    who = visitor(request)
    unit = unit_of(writable(who), code)
    given = forms.given_in(request, who) if request.method == "POST" else Given(who, _present(unit, who.day))
    if request.method == "POST":
        values = _values(given, unit)
        day = given.day("on", pick("Từ ngày", "From"))
        said = forms.document_in(given, required=False)
        correct = given.text("how") == "correct"
        if not given.faults and day:
            with forms.writing(given, "unit.correct" if correct else "unit.change", code):
                document = forms.enter_document(who, said)
                seen = int(given.text("seen") or 0)
                if correct:
                    units.correct(unit, on=day, by=who.by, at=who.at, seen=seen, **values)
                else:
                    units.change(unit, on=day, by=who.by, at=who.at, seen=seen, document=document, **values)
            if not given.faults:
                told = (
                    pick("Đã sửa cho cả giai đoạn.", "Corrected for its whole period.")
                    if correct
                    else pick(f"Đã ghi thay đổi từ {print_day(day)}.", f"Changed from {print_day(day)}.")
                )
                return _done(request, unit, told)
    how = (
        (
            "change",
            pick(
                "Thay đổi từ ngày ghi dưới đây (trước ngày đó giữ nguyên)",
                "A change from the day below (before it all stays)",
            ),
        ),
        (
            "correct",
            pick(
                "Sửa chỗ nhập sai, cho cả giai đoạn của ngày ghi dưới đây",
                "Correct a mistake, for the whole period of the day below",
            ),
        ),
    )
    fields = [
        Field("how", pick("Việc cần ghi", "What to do"), "select", options=how),
        Field("on", pick("Ngày", "Day"), "date", required=True),
        *_fields(),
    ]
    title = pick("Sửa đơn vị", "Change the unit")
    return _form(
        request,
        given,
        unit,
        title,
        fields,
        pick("Ghi thay đổi", "Write the change"),
        keep={"seen": given.text("seen") or str(units.revision(unit))},
    )


@page(WRITE)
def unit_quota(request: HttpRequest, code: str) -> HttpResponse:
    """Set the quota of a unit for a year and kind of staff."""
    who = visitor(request)
    unit = unit_of(writable(who), code)
    given = forms.given_in(request, who) if request.method == "POST" else Given(who, {"year": str(who.day.year)})
    if request.method == "POST":
        year = given.count("year", pick("Năm", "Year"))
        posts = given.count("posts", pick("Số biên chế", "Quota"))
        kind = given.required("staff_kind", pick("loại", "the kind"))
        said = forms.document_in(given, required=True)
        if year and not 1945 <= year <= 2100:
            given.fault("year", pick("Năm phải từ 1945 đến 2100.", "The year must be from 1945 to 2100."))
        if not given.faults:
            with forms.writing(given, "quota.assign", code):
                document = forms.enter_document(who, said)
                quotas.assign(
                    unit=unit, year=year, staff_kind=kind, posts=posts, document=document, by=who.by, at=who.at
                )
            if not given.faults:
                told = pick(
                    f"Đã giao {print_count(posts)} biên chế năm {year}.",
                    f"A quota of {print_count(posts)} is set for {year}.",
                )
                return _done(request, unit, told, tab="posts")
    fields = [
        Field("year", pick("Năm", "Year"), required=True, extra={"inputmode": "numeric"}),
        Field("staff_kind", pick("Loại", "Kind"), "select", options=forms.options("staff_kind"), required=True),
        Field("posts", pick("Số biên chế", "Quota"), required=True, hint=pick("Thay số đã giao cho cùng năm và loại; số cũ còn trong lịch sử.", "Replaces the figure of the same year and kind; the old one stays in the history."), extra={"inputmode": "numeric"}),  # noqa: E501
    ]  # fmt: skip
    now = list(
        Quota.objects.filter(unit=unit).order_by("-year", "staff_kind").values_list("year", "staff_kind", "posts")[:12]
    )
    labels = dict(forms.options("staff_kind"))
    have = [f"{year}, {labels[kind]}: {print_count(posts)}" for year, kind, posts in now]
    return _form(
        request,
        given,
        unit,
        pick("Giao biên chế", "Set a quota"),
        fields,
        pick("Giao biên chế", "Set the quota"),
        needs_document=True,
        have=have,
    )


@page(WRITE)
def unit_target(request: HttpRequest, code: str) -> HttpResponse:
    """Give a unit a target of its own, from a day on."""
    who = visitor(request)
    unit = unit_of(writable(who), code)
    labels = indicator_labels()
    given = (
        forms.given_in(request, who)
        if request.method == "POST"
        else Given(who, {"indicator": request.GET.get("indicator", "")})
    )
    if request.method == "POST":
        indicator = given.required("indicator", pick("chỉ tiêu", "the indicator"))
        value = given.required("value", pick("mức", "the target"))
        day = given.day("on", pick("Từ ngày", "From"))
        last = given.day("last", pick("Đến hết ngày", "Until"), required=False)
        said = forms.document_in(given, required=True)
        if indicator and indicator not in labels:
            given.fault("indicator", pick("Không có chỉ tiêu này.", "There is no such indicator."))
        if not given.faults and day:
            with forms.writing(given, "parameter.set", code):
                document = forms.enter_document(who, said)
                if not Parameter.objects.filter(code=indicator).exists():
                    parameters.define(code=indicator, label=labels[indicator], by=who.by, at=who.at)
                parameters.set_value(
                    unit, indicator, value, valid_from=day, last_day=last, document=document, by=who.by, at=who.at
                )
            if not given.faults:
                return _done(
                    request,
                    unit,
                    pick(f"Đã giao mục tiêu riêng {value}.", f"The own target {value} is set."),
                    tab="targets",
                )
    fields = [
        Field("indicator", pick("Chỉ tiêu", "Indicator"), "select", required=True, options=tuple(labels.items()), empty=pick("Chọn chỉ tiêu", "Choose")),  # noqa: E501
        Field("value", pick("Mức", "Target"), required=True, hint=pick("Như “> 40%”, “>= 2” hoặc “15%..25%”.", "As “> 40%”, “>= 2” or “15%..25%”.")),  # noqa: E501
        Field("on", pick("Từ ngày", "From"), "date", required=True),
        Field("last", pick("Đến hết ngày", "Until"), "date"),
    ]  # fmt: skip
    return _form(
        request,
        given,
        unit,
        pick("Giao mục tiêu riêng", "Set an own target"),
        fields,
        pick("Giao mục tiêu riêng", "Set the target"),
        needs_document=True,
    )


@require_POST
@page(Permission.PEOPLE_WRITE)
def unit_confirm(request: HttpRequest, code: str) -> HttpResponse:
    """The unit confirms its records for a day; for who enters facts about everybody in it."""
    who = visitor(request)
    unit = unit_of(whole_units(who, Permission.PEOPLE_WRITE), code)
    day = day_in(request.POST.get("day", ""))
    if day is None:
        raise Refused(pick("Chưa ghi ngày xác nhận.", "The day of the confirmation is missing."))
    completeness.confirm(unit, day=day, by=who.by, at=who.at, note=request.POST.get("note", "").strip()[:500])
    told = pick(f"Đã xác nhận dữ liệu đến {print_day(day)}.", f"The records up to {print_day(day)} are confirmed.")
    return _done(request, unit, told, tab="records", day=day)


@page(Permission.ORGANISATIONS_READ)
def unit_names(request: HttpRequest) -> HttpResponse:
    """Suggestions of units for what is being typed, the first value of the address."""
    text = str(next(iter(request.GET.values()), "")).strip()[:100]
    found = levels.named_like(read(request), text) if len(text) > 1 else []
    return show(request, "organisations/names.html", found=found)


def _fields() -> list[Field]:
    names = reverse("unit_names")
    return [
        Field("name", pick("Tên đầy đủ", "Full name"), required=True),
        Field("kind", pick("Loại đơn vị", "Kind"), "select", options=forms.options("unit_kind"), required=True),
        Field("level", pick("Cấp", "Level"), "select", options=forms.options("level"), required=True),
        Field(
            "sector",
            pick("Lĩnh vực", "Sector"),
            "select",
            options=forms.options("sector"),
            empty=pick("Không ghi", "None"),
        ),
        forms.unit_field("parent", pick("Đơn vị cấp trên", "Unit above"), names),
        forms.unit_field("party_parent", pick("Cấp ủy cấp trên", "Party committee above"), names),
    ]


def _values(given: Given, unit: Unit | None = None) -> dict[str, Any]:
    """What the form says of a unit. A parent that stays may lie outside what the visitor changes; a new one may not."""
    day = day_in(given.text("on")) or given.who.day
    last = unit.versions.order_by("-valid_from").first() if unit else None
    before = last.parent if last else None
    stays = before is not None and given.text("parent") in (before.code, as_written(before, given.who.day))
    return {
        "name": given.required("name", pick("tên đơn vị", "the name")),
        "kind": given.required("kind", pick("loại đơn vị", "the kind")),
        "level": given.required("level", pick("cấp", "the level")),
        "sector": given.text("sector") or None,
        "parent": before if stays else given.unit("parent", day, change=True),
        "party_parent": given.unit("party_parent", day),
    }


def _present(unit: Unit, day: Any) -> dict[str, str]:
    held = units.version(unit, day)
    return {
        "name": held.name, "kind": held.kind, "level": held.level, "sector": held.sector or "", "how": "change",
        "parent": as_written(held.parent, day), "party_parent": as_written(held.party_parent, day),
        "on": print_day(day), "seen": str(units.revision(unit)),
    }  # fmt: skip


def _form(
    request: HttpRequest,
    given: Given,
    unit: Unit | None,
    title: str,
    fields: list[Field],
    button: str,
    *,
    needs_document: bool = False,
    keep: Mapping[str, str] | None = None,
    have: list[str] | None = None,
) -> HttpResponse:
    name = as_written(unit, given.who.day) if unit else ""
    back = reverse("unit", args=[unit.code]) if unit else reverse("organisations")
    crumbs = [
        (pick("Tổ chức", "Organisations"), reverse("organisations")),
        *([(name, back)] if unit else []),
        (title, ""),
    ]
    return show(
        request, "organisations/form.html", here="organisations", given=given, title=title, lead=name, fields=fields,
        document=forms.document_fields(required=needs_document), button=button, crumbs=crumbs, back=back,
        keep=keep or {}, have=have or [], status=422 if given.faults else 200,
    )  # fmt: skip


def _done(request: HttpRequest, unit: Unit, told: str, **parameters: Any) -> HttpResponse:
    messages.success(request, told, extra_tags="met")
    return HttpResponseRedirect(address(reverse("unit", args=[unit.code]), **parameters), status=303)
