"""The overview: where all targets of a scheme stand on a day, what asks for a decision, and what is due."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from canbo.accounts.permissions import Permission
from canbo.audit.changes import note
from canbo.common.findings import Refused
from canbo.measure.results import Dossier, Report
from canbo.output import html_views, words
from canbo.output.heat import heat_tables
from canbo.output.html_views import IndicatorView
from canbo.web.frame import show
from canbo.web.overview import due, parts, trends
from canbo.web.overview.choices import Chosen, chosen_of, default_split, scheme_choices, split_choices
from canbo.web.overview.figures import Figures, measuring
from canbo.web.overview.sight import READ, Sight
from canbo.web.visitors import page, visitor

FIRST = 5
"""So many short targets stand in “Cần quyết định trước”."""
UNITS_SHOWN = 40
"""So many rows of the heat table stand on the page at first."""


@page(READ)
def overview(request: HttpRequest) -> HttpResponse:
    """A scheme on a day: the sentence, what asks for a decision, the trend, the targets, the units, what is due."""
    asked = visitor(request)
    chosen, sight = chosen_of(request, asked.day), Sight(asked)
    if not sight.has_figures:
        return show(request, "overview/tiers.html", here="overview", **_frame(chosen))
    try:
        with measuring(sight, chosen.scheme, chosen.day) as figures:
            context = _context(request, chosen, figures)
    except Refused as error:
        return show(request, "overview/nobody.html", here="overview", message=error.message, **_frame(chosen))
    return show(request, "overview/overview.html", here="overview", **_frame(chosen), **context)


@page(READ, Permission.PEOPLE_READ)
def due_list(request: HttpRequest, kind: str) -> HttpResponse:
    """The people for whom a day comes, the nearest first."""
    asked = visitor(request)
    wanted = due.KINDS.get(kind)
    if wanted is None:
        raise Http404
    chosen, sight = chosen_of(request, asked.day), Sight(asked)
    with measuring(sight, chosen.scheme, chosen.day) as figures:
        found = due.people(figures, wanted)
    shown, pages = parts.page_of(found, request.GET.get("after", ""), key=lambda one: one.code)
    codes = sorted({one.code for one in shown})
    note(
        by=asked.by, at=asked.at, action="read-list", subject=f"due:{kind}",
        detail={"as_of": chosen.day.isoformat(), "people": codes},
    )  # fmt: skip
    return show(
        request, "overview/due.html", here="overview", kind=wanted, people=shown, pages=pages, number=len(found),
        here_path=request.path, keep={"scheme": chosen.scheme.id}, person=parts.person_address, **_frame(chosen),
    )  # fmt: skip


def _frame(chosen: Chosen) -> dict[str, Any]:
    """What every page of the area needs of its choice."""
    return {"chosen": chosen, "schemes": scheme_choices(chosen)}


def dossier_of(report: Report) -> Dossier:
    """The report as the views of an indicator take it, without lists."""
    return Dossier(report, {}, {}, "", "", "", with_names=False, data_name="")


def _context(request: HttpRequest, chosen: Chosen, figures: Figures) -> dict[str, Any]:
    split = chosen.by or default_split(figures.whole.store.tree.levels)
    report = figures.report(split)
    views = html_views.views(dossier_of(report))
    by_id = {view.result.id: view for view in views}
    short = [by_id[one.id] for one in words.decisions_first(report)]
    unmeasured = html_views.reasons_unmeasured(views)
    heat = heat_tables(report.indicators)
    wants_all = request.GET.get("units") == "all"
    return {
        "report": report,
        "by_id": by_id,
        "opening": words.opening(report) if figures.sight.is_whole else parts.opening_of_part(report),
        "remarks": [one.message for one in report.findings if one.code in parts.REMARKS],
        "strip": parts.strip(views),
        "first": short[:FIRST],
        "first_left": max(len(short) - FIRST, 0),
        "unmeasured": unmeasured,
        "unmeasured_count": sum(len(found) for _, found in unmeasured),
        "groups": html_views.groups(views),
        "heat": [(table, table.rows if wants_all else table.rows[:UNITS_SHOWN]) for table in heat],
        "split": split,
        "splits": split_choices(),
        "by_title": words.by_title(split),
        "trend": _trend(request, chosen, figures, report),
        "due": due.numbers(figures) if figures.sight.reads_names else [],
        "gaps": _gaps(views),
        "link": _links(chosen),
        "aim": words.aim_text,
        "frac": words.fraction_text,
        "can_export": figures.sight.caller.scope.allows(Permission.EXPORT),
    }


def _trend(request: HttpRequest, chosen: Chosen, figures: Figures, report: Report) -> parts.Trend:
    """The line, where the earlier days are known or asked for; they take longer than the day itself."""
    if not (figures.knows_trends or request.GET.get("trend")):
        return parts.Trend(None, chosen.address(request.path, scheme=chosen.scheme.id, trend=1))
    line = None
    if figures.sight.is_whole:
        path = reverse("overview")

        def link(day: date) -> str:
            return chosen.address(path, scheme=chosen.scheme.id, day=day)

        line = trends.met_over_time(report, figures.trends(report), link)
    return parts.Trend(line, "")


def _gaps(views: Sequence[IndicatorView]) -> list[IndicatorView]:
    """The indicators of whose members something is unknown, those whose verdict it could turn first."""
    found = [view for view in views if view.result.unknown or view.result.population_unknown]
    return sorted(found, key=lambda view: (not view.result.could_change, -view.result.unknown))


def _links(chosen: Chosen) -> Any:
    """The address of an indicator's page with the same day and split."""

    def link(indicator: str, tab: str = "", unit: str = "") -> str:
        path = reverse("indicator", args=[chosen.scheme.id, indicator])
        return chosen.address(path, tab=tab, unit=unit)

    return link
