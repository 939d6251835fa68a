"""One indicator on a day: its sentence and figure, its line over time, and the tabs with what is behind it."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse

from canbo.accounts.permissions import Permission
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.measure.results import IndicatorResult, Report
from canbo.measure.scheme import Indicator
from canbo.measure.words import label_of, population_words, sentence
from canbo.output import html_views, words
from canbo.output.html_views import IndicatorView
from canbo.register.reading import NotFound
from canbo.web.frame import show
from canbo.web.overview import lines, parts, tabs, trends
from canbo.web.overview.asked import Asked
from canbo.web.overview.choices import chosen_of, default_split, split_choices
from canbo.web.overview.definitions import definition_of
from canbo.web.overview.figures import Figures, measuring
from canbo.web.overview.sight import READ, Sight
from canbo.web.overview.suppositions import can_suppose
from canbo.web.overview.units import unit_rows
from canbo.web.overview.views import dossier_of
from canbo.web.visitors import page, visitor


@page(READ)
def indicator(request: HttpRequest, scheme: str, indicator: str) -> HttpResponse:
    """An indicator with one of its tabs."""
    caller = visitor(request)
    chosen = chosen_of(request, caller.day, scheme)
    wanted = chosen.scheme.indicator(indicator)
    if wanted is None:
        raise NotFound(pick(f"Không tìm thấy chỉ tiêu “{indicator}”.", f"No indicator “{indicator}” was found."))
    asked = Asked(request, chosen, wanted, Sight(caller))
    message, context = "", dict[str, Any]()
    try:
        with measuring(asked.sight, chosen.scheme, chosen.day) as figures:
            context = _context(asked, figures)
    except Refused as error:
        message = error.message
    if not context:
        context = _without_figures(asked, message)
    tab = tabs.choose(asked.given("tab"), context["tabs"])
    context |= tabs.contents(tab, asked, context["result"])
    return show(
        request, "overview/indicator.html", here="schemes", asked=asked, chosen=chosen, one=wanted, tab=tab, **context,
    )  # fmt: skip


def _context(asked: Asked, figures: Figures) -> dict[str, Any]:
    if not asked.sight.has_figures:
        return _without_figures(asked, "")
    split = asked.chosen.by or default_split(figures.whole.store.tree.levels)
    report = figures.report(split)
    views = html_views.views(dossier_of(report))
    view = next(one for one in views if one.result.id == asked.indicator.id)
    return _common(asked) | {
        "report": report,
        "result": view.result,
        "view": view,
        "remarks": [one.message for one in report.findings if one.code in parts.REMARKS],
        "split": split,
        "splits": split_choices(),
        "by_title": words.by_title(split),
        "trend": _trend(asked, figures, report, view.result),
        "tabs": _tabs(asked, view),
        "unit_rows": unit_rows(view) if asked.given("tab") in ("", "units") else [],
        "message": "",
    }


def _without_figures(asked: Asked, message: str) -> dict[str, Any]:
    """What is known of an indicator without data, or without the right to figures."""
    names = asked.sight.reads_names and not message
    told = [tabs.Tab(one, None) for one in ("counted", "lacking", "unknown", "outside")] if names else []
    return _common(asked) | {
        "report": None, "result": None, "view": None, "remarks": (), "trend": None, "tabs": told, "message": message,
        "split": "", "splits": split_choices(), "by_title": "",
    }  # fmt: skip


def _common(asked: Asked) -> dict[str, Any]:
    one = asked.indicator
    return {
        "label": label_of(one),
        "sentence": sentence(one),
        "population": population_words(one),
        "definition": definition_of(one),
        "aim": words.aim_text,
        "frac": words.fraction_text,
        "change": words.change_since,
        "can_export": asked.sight.caller.scope.allows(Permission.EXPORT) and asked.sight.has_figures,
        "reads_names": asked.sight.reads_names,
        "person": parts.person_address,
        "unit_page": parts.unit_address,
        "may_open_units": asked.sight.caller.scope.allows(Permission.ORGANISATIONS_READ),
        "tier_only": not asked.sight.has_figures,
    }


def _trend(asked: Asked, figures: Figures, report: Report, result: IndicatorResult) -> parts.Trend:
    """The line, where the earlier days are known or asked for; they take longer than the day itself."""
    if not (figures.knows_trends or asked.given("trend")):
        return parts.Trend(None, asked.link(asked.given("tab"), trend=1))
    points = figures.trends(report).get(result.id, ())
    line = trends.values_over_time(result, points, report, _point_link(asked))
    title = pick("Diễn biến qua thời gian. ", "Over time. ") + (lines.described(line.points) if line else "")
    return parts.Trend(line, "", title)


def _point_link(asked: Asked) -> Callable[[date], str]:
    """The list of those counted on a day."""
    return lambda day: asked.link("counted", day=day)


def _tabs(asked: Asked, view: IndicatorView) -> list[tabs.Tab]:
    """The tabs with the numbers of rows behind them; those that have nothing to show are left out."""
    result, one = view.result, asked.indicator
    if result.status == "not_measurable":
        return [tabs.Tab("gaps", None)] if result.population_unknown else []
    is_each, is_ratio = result.is_each, result.measure == "ratio"
    counted = None if is_each else result.numerator
    told: list[tuple[str, int | None, bool]] = [
        ("units", None, bool(result.units)),
        ("counted", counted, True),
        ("lacking", None if is_each else _lacking(one, result), not is_ratio),
        ("unknown", None if is_each else result.unknown, not is_ratio and bool(result.unknown or is_each)),
        ("outside", result.population_unknown, bool(result.population_unknown)),
        ("compare", None, one.measure != "ratio" and one.plan is None),
        ("what-if", None, can_suppose(one)),
        ("gaps", None, bool(result.unknown or result.population_unknown)),
    ]
    return [tabs.Tab(key, number) for key, number, there in told if there]


def _lacking(one: Indicator, result: IndicatorResult) -> int | None:
    """How many lack; told by the counts only where each row counts once."""
    if one.distinct is not None or one.plan is not None or result.numerator is None or result.denominator is None:
        return None
    return result.denominator - result.numerator - result.unknown
