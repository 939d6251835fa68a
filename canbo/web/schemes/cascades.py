"""Targets of a scheme given to units, by document, and whether they make up the whole's (SCH-19)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from canbo.audit.changes import change
from canbo.common.findings import Finding, Refused
from canbo.common.language import pick
from canbo.measure.grouping import SMALL
from canbo.measure.scheme import Indicator, Scheme
from canbo.measure.words import label_of
from canbo.output.words import goal_text
from canbo.register import parameters, schemes
from canbo.register.models import Document, Parameter
from canbo.snapshot.measuring import DAYS
from canbo.web.engine import address
from canbo.web.frame import show
from canbo.web.overview.sight import Sight
from canbo.web.schemes import units
from canbo.web.schemes.days import asked_day, full_day
from canbo.web.schemes.documents import documents_listed
from canbo.web.schemes.notmet import faults_of, wanted
from canbo.web.schemes.shares import Cascade, Share, cascade_of
from canbo.web.schemes.shown import targets_words
from canbo.web.schemes.views import READ, WRITE, may_edit, require_visible
from canbo.web.visitors import page, visitor


@dataclass(frozen=True)
class Line:
    """An indicator in the list: its target, how many units have one of their own, and what these come to."""

    id: str
    label: str
    target: str
    units: int
    said: str
    tone: str


@page(READ, whole=True)
def cascade(request: HttpRequest, scheme: str) -> HttpResponse:
    """All targets with what is given to units."""
    asked = asked_day(request)
    kept = schemes.find_kept(scheme, asked.day)
    require_visible(request, kept)
    goals = parameters.own_goals(asked.day)
    lines, reason = [], ""
    for indicator in kept.scheme.indicators:
        own = goals.get(indicator.id, {})
        found: Cascade | None = None
        if own and not reason:
            try:
                with DAYS.measurer(kept.scheme, asked.day) as measurer:
                    found = cascade_of(measurer, indicator, own, asked.day)
            except Refused as refused:
                reason = refused.message
        said, tone = _said(found) if found else ("", "none")
        lines.append(Line(indicator.id, label_of(indicator), targets_words(indicator), len(own), said, tone))
    return show(
        request, "schemes/cascade.html", here="schemes", kept=kept, asked=asked, reason=reason,
        given=[line for line in lines if line.units], rest=[line for line in lines if not line.units],
    )  # fmt: skip


@page(READ, whole=True)
def one(request: HttpRequest, scheme: str, indicator: str) -> HttpResponse:
    """One target with what each unit must bring; giving a unit its own."""
    return _given(request, scheme, indicator) if request.method == "POST" else _shown(request, scheme, indicator)


@page(*WRITE, whole=True)
def _given(request: HttpRequest, scheme: str, indicator: str) -> HttpResponse:
    """Give a unit its own target, then show it; where that is refused, say so at the field."""
    asked = asked_day(request)
    found = wanted(schemes.find(scheme, asked.day), indicator)
    try:
        unit = _give(request, found, asked.day)
    except Refused as refused:
        return _shown(request, scheme, indicator, refused)
    messages.success(request, pick(f"Đã giao chỉ tiêu cho {unit}.", f"The target is given to {unit}."), "met")
    return _see(address(reverse("cascade_indicator", args=[scheme, found.id]), day=asked.written))


def _shown(request: HttpRequest, scheme: str, indicator: str, fault: Refused | None = None) -> HttpResponse:
    asked = asked_day(request)
    kept = schemes.find_kept(scheme, asked.day)
    require_visible(request, kept)
    found, editing = wanted(kept.scheme, indicator), may_edit(request)
    own = parameters.own_goals(asked.day).get(found.id, {})
    made, reason = _made(request, kept.scheme, found, own, asked.day)
    said, tone = _said(made) if made and own else ("", "none")
    return show(
        request,
        "schemes/cascade_indicator.html",
        here="schemes",
        status=422 if fault else 200,
        kept=kept,
        indicator=found,
        label=label_of(found),
        target=targets_words(found),
        asked=asked,
        made=made,
        reason=reason,
        said=said,
        tone=tone,
        shares=_named(made.shares if made else (), units.names(asked.day)),
        goal_text=goal_text,
        may_edit=editing,
        sent=request.POST,
        faults=faults_of(fault),
        by_field=dict(faults_of(fault)),
        suggestions=units.suggestions(asked.day) if editing else [],
        documents=documents_listed() if editing else [],
    )


def _made(
    request: HttpRequest, scheme: Scheme, indicator: Indicator, own: Mapping[str, str], day: date
) -> tuple[Cascade | None, str]:
    try:
        with DAYS.measurer(scheme, day) as measurer:
            made = cascade_of(measurer, indicator, own, day)
    except Refused as refused:
        return None, refused.message
    if made is None:
        return None, pick("Chỉ tiêu này không giao được theo số người.", "This target cannot be given on by people.")
    return made if Sight(visitor(request)).shows_small else _without_small(made), ""


def _without_small(made: Cascade) -> Cascade:
    shares = tuple(
        replace(one, numerator=None, denominator=None, need=None) if (one.denominator or SMALL) < SMALL else one
        for one in made.shares
    )
    return replace(made, shares=shares)


def _named(shares: tuple[Share, ...], names: dict[str, str]) -> list[tuple[str, Share, str]]:
    rows = [(names.get(one.unit, one.unit), one, names.get(one.inside, one.inside)) for one in shares]
    return sorted(rows, key=lambda row: row[0])


def _said(made: Cascade) -> tuple[str, str]:
    """What the units' targets come to, in a sentence and a tone."""
    if made.each:
        weaker = sum(1 for one in made.shares if one.weaker)
        if weaker:
            return pick(
                f"{weaker} đơn vị có mức riêng thấp hơn mức chung", f"{weaker} ask less than the general"
            ), "short"
        return pick("Không mức riêng nào thấp hơn mức chung", "None asks less than the general target"), "met"
    if made.gap is None:
        return pick("Chỉ tiêu chung chưa có mức để đối chiếu", "The whole has no target to compare with"), "none"
    if made.gap:
        return (
            pick(
                f"Cộng các đơn vị {made.sum}, cần {made.need}: thiếu {made.gap}",
                f"The units come to {made.sum} of {made.need}: {made.gap} short",
            ),
            "short",
        )
    return pick(
        f"Cộng các đơn vị {made.sum}, cần {made.need}: đủ", f"The units come to {made.sum} of {made.need}"
    ), "met"


def _give(request: HttpRequest, indicator: Indicator, day: date) -> str:
    """Give a unit its own target.

    :raises Refused: no such unit, day or document, or the text is no comparison.
    """
    who, sent = visitor(request), request.POST
    start = full_day(sent.get("valid_from", ""))
    unit = units.find(sent.get("unit", ""), start or day)
    document = sent.get("document", "")
    asked = {
        "unit": (unit, pick("Chọn đơn vị trong danh sách gợi ý.", "Choose a unit from the suggestions.")),
        "valid_from": (start, pick("Ghi ngày, như 01/01/2026.", "Give the day, as 01/01/2026.")),
        "document": (document, pick("Chọn văn bản giao chỉ tiêu.", "Choose the document that gives it.")),
    }
    findings = [Finding("error", "missing", words, column=name) for name, (value, words) in asked.items() if not value]
    if findings or unit is None or start is None:
        raise Refused(findings[0].message, findings)
    with change(by=who.by, at=who.at, action="parameter.set", subject=f"unit:{unit.code}"):
        if not Parameter.objects.filter(code=indicator.id).exists():
            parameters.define(code=indicator.id, label=indicator.label, by=who.by, at=who.at)
        held = Document.objects.filter(id=int(document), state="issued").first() if document.isdigit() else None
        parameters.set_value(
            unit, indicator.id, sent.get("goal", ""), valid_from=start, document=held, by=who.by, at=who.at
        )
    return units.named(unit.code, start)


def _see(where: str) -> HttpResponse:
    response = HttpResponseRedirect(where)
    response.status_code = 303
    return response
