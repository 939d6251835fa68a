"""Targets that are not met, with cause, accountable body, remedy and deadline; entering them."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.common.numbers import print_day
from canbo.measure.scheme import Indicator, Scheme
from canbo.measure.words import label_of
from canbo.output.words import is_orientation
from canbo.register import schemes as kept_schemes
from canbo.register import unmet
from canbo.register.models import UnmetTarget
from canbo.register.reading import NotFound
from canbo.web.engine import address
from canbo.web.frame import show
from canbo.web.schemes import units
from canbo.web.schemes.days import asked_day, full_day
from canbo.web.schemes.figures import Shown, Standing
from canbo.web.schemes.figures import shown as figures_of
from canbo.web.schemes.views import READ, WRITE, may_edit, require_visible
from canbo.web.visitors import page, visitor


@dataclass(frozen=True)
class NotMet:
    """A target that is not met (or not measured), and what is said of it."""

    id: str
    label: str
    standing: Standing
    target: str
    said: UnmetTarget | None
    accountable: str
    overdue: bool


@dataclass(frozen=True)
class Form:
    """What stands in the form, as written."""

    period_from: str | date
    period_to: str | date
    cause: str = ""
    accountable: str = ""
    remedy: str = ""
    due: str | date = ""
    done_on: str | date = ""
    seen: int = 0


@page(READ)
def not_met(request: HttpRequest, scheme: str) -> HttpResponse:
    """All targets that are not met on a day, the nearest deadline first, then those that cannot be measured."""
    asked = asked_day(request)
    kept = kept_schemes.find_kept(scheme, asked.day)
    require_visible(request, kept)
    figures = figures_of(visitor(request), kept.scheme, asked.day)
    rows = _rows(kept, figures, asked.day)
    missed = [one for one in rows if one.standing.result.status == "short"]
    short = [one for one in missed if not is_orientation(one.standing.result)]
    return show(
        request,
        "schemes/not_met.html",
        here="schemes",
        kept=kept,
        asked=asked,
        figures=figures,
        short=short,
        later=[one for one in missed if one not in short],
        unmeasured=[one for one in rows if one.standing.result.status == "not_measurable"],
        unsaid=sum(1 for one in short if one.said is None),
        overdue=sum(1 for one in short if one.overdue),
        may_edit=may_edit(request),
    )


@page(*WRITE, whole=True)
def entry(request: HttpRequest, scheme: str, indicator: str) -> HttpResponse:
    """Say why a target is not met in a period, or say it anew; what was said before stays below."""
    asked = asked_day(request)
    kept = kept_schemes.find_kept(scheme, asked.day)
    one = wanted(kept.scheme, indicator)
    fault: Refused | None = None
    if request.method == "POST":
        form = _written(request)
        try:
            done = _record(request, kept.name, one.id, form)
        except Refused as refused:
            fault = refused
        else:
            messages.success(request, pick(f"Đã ghi về chỉ tiêu {one.id}.", f"Recorded for {one.id}."), "met")
            return _see(address(reverse("not_met", args=[kept.name]), day=done.period_to))
    else:
        form = _current(kept.name, one.id, asked.day)
    said = _said(kept.name, one.id, form)
    return show(
        request,
        "schemes/not_met_entry.html",
        here="schemes",
        status=422 if fault else 200,
        kept=kept,
        indicator=one,
        label=label_of(one),
        standing=figures_of(visitor(request), kept.scheme, asked.day).of(one.id),
        day=asked.day,
        form=form,
        faults=faults_of(fault),
        by_field=dict(faults_of(fault)),
        history=unmet.history(said) if said else [],
        names=units.names(asked.day),
        suggestions=units.suggestions(asked.day),
    )


def wanted(scheme: Scheme, indicator: str) -> Indicator:
    """The indicator of a scheme.

    :raises NotFound: it has none of the id.
    """
    found = scheme.indicator(indicator)
    if found is None:
        raise NotFound(pick("Không có chỉ tiêu này.", "There is no such indicator."))
    return found


def faults_of(refused: Refused | None) -> list[tuple[str, str]]:
    """Field and sentence of each fault; without a field where it is the whole that is refused."""
    if refused is None:
        return []
    return [(one.column or "", one.message) for one in refused.findings] or [("", refused.message)]


def _rows(kept: kept_schemes.Kept, figures: Shown, day: date) -> list[NotMet]:
    if figures.report is None:
        return []
    said, names = unmet.told(kept.name, day), units.names(day)
    rows = []
    for result in figures.report.indicators:
        if result.status not in ("short", "not_measurable"):
            continue
        held = said.get(result.id)
        standing = Standing(result, day)
        by = print_day(result.target.by) if result.target else ""
        who = names.get(held.accountable.code, held.accountable.code) if held else ""
        late = held is not None and held.done_on is None and held.due < day
        rows.append(NotMet(result.id, result.label, standing, by, held, who, late))
    far = date.max
    return sorted(rows, key=lambda one: one.standing.result.target.by if one.standing.result.target else far)


def _current(scheme: str, indicator: str, day: date) -> Form:
    held = unmet.told(scheme, day).get(indicator)
    if held is None:
        return Form(date(day.year, 1, 1), date(day.year, 12, 31))
    return Form(
        held.period_from, held.period_to, held.cause, units.named(held.accountable.code, day), held.remedy, held.due,
        held.done_on or "", held.revision,
    )  # fmt: skip


def _written(request: HttpRequest) -> Form:
    sent = {name: request.POST.get(name, "").strip() for name in Form.__dataclass_fields__}
    seen = sent.pop("seen")
    return Form(**sent, seen=int(seen) if seen.isdigit() else 0)


def _record(request: HttpRequest, scheme: str, indicator: str, form: Form) -> UnmetTarget:
    who = visitor(request)
    start, end = (full_day(str(text)) for text in (form.period_from, form.period_to))
    if start is None or end is None or end < start:
        raise Refused(
            pick(
                "Kỳ phải có ngày đầu và ngày cuối, ngày cuối không trước ngày đầu.",
                "The period needs a first and a last day, in this order.",
            )
        )
    return unmet.record(
        scheme=scheme, indicator=indicator, period_from=start, period_to=end, cause=form.cause,
        accountable=units.find(form.accountable, end) if form.accountable else None, remedy=form.remedy,
        due=full_day(str(form.due)), done_on=full_day(str(form.done_on)), seen=form.seen, by=who.by, at=who.at,
    )  # fmt: skip


def _said(scheme: str, indicator: str, form: Form) -> UnmetTarget | None:
    end = form.period_to if isinstance(form.period_to, date) else full_day(form.period_to)
    return unmet.of_period(scheme, indicator, end) if end else None


def _see(where: str) -> HttpResponse:
    response = HttpResponseRedirect(where)
    response.status_code = 303
    return response
