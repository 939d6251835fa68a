"""Gathering what a written report shows: the report, the lists behind it, its trend. Lays nothing out."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from canbo.measure.evaluation import measure_indicator
from canbo.measure.grouping import without_names
from canbo.measure.lists import lists_of
from canbo.measure.results import Dossier, Listing, Report, TrendPoint
from canbo.measure.scheme import Indicator
from canbo.measure.sets import Measurer

MOST_POINTS = 12


def make_dossier(
    measurer: Measurer,
    report: Report,
    *,
    made_by: str,
    made_at: str,
    made_for: str,
    data_name: str,
    with_names: bool = True,
) -> Dossier:
    """Everything a written report shows; without names, no lists, and units under five people joined."""
    lists: dict[str, tuple[Listing, ...]] = {}
    if with_names:
        lists = {one.id: lists_of(measurer, one, as_of=report.as_of) for one in measurer.scheme.indicators}
    trends = trends_of(measurer, report)
    return Dossier(
        report=report if with_names else without_names(report),
        lists={name: found for name, found in lists.items() if found},
        trends=trends,
        made_by=made_by,
        made_at=made_at,
        made_for=made_for,
        with_names=with_names,
        data_name=data_name,
        explanations={one.id: one.sentence for one in report.indicators},
    )


def trend_days(measurer: Measurer, as_of: date) -> tuple[date, ...]:
    """The ends of the years of the scheme before the day, and the day; only the day where facts carry no dates."""
    if not measurer.store.is_dated:
        return (as_of,)
    start = measurer.scheme.period[0].year
    years = [date(year, 12, 31) for year in range(start - 1, as_of.year + 1)]
    return (*[day for day in years if day < as_of][-MOST_POINTS:], as_of)


def trends_of(measurer: Measurer, report: Report) -> Mapping[str, tuple[TrendPoint, ...]]:
    """The counts of every indicator on the days of its trend, by its id."""
    points: dict[str, list[TrendPoint]] = {one.id: [] for one in measurer.scheme.indicators}
    for day in trend_days(measurer, report.as_of):
        same_day = day == report.as_of
        if not same_day:
            measurer.prepare(measurer.scheme.indicators, day)
        for indicator, known in zip(measurer.scheme.indicators, report.indicators, strict=True):
            result = known if same_day else measure_indicator(measurer, _undated(indicator), as_of=day)
            if result.value is not None:
                points[indicator.id].append(TrendPoint(day, result.numerator, result.denominator, result.value))
        measurer.members.forget_others(report.as_of)
    return {name: tuple(found) for name, found in points.items() if len(found) > 1}


def _undated(indicator: Indicator) -> Indicator:
    """Earlier days are shown for what they were, also before the first day of a phase."""
    return replace(indicator, valid=replace(indicator.valid, first=None)) if indicator.valid else indicator
