"""What the lines over time say: how many targets were met on each day, and one indicator's values."""

from collections.abc import Callable
from datetime import date

from canbo.common.language import pick
from canbo.common.numbers import print_count, print_day
from canbo.measure.results import IndicatorResult, Report, TrendPoint
from canbo.output import words
from canbo.output.html_views import is_percent, print_value
from canbo.web.overview.figures import Trends
from canbo.web.overview.lines import Line, Point


def met_over_time(report: Report, trends: Trends, link: Callable[[date], str]) -> Line | None:
    """How many of today's targets each earlier day already met; None where there is no earlier day."""
    targets = [one for one in report.indicators if _is_target(one)]
    days = sorted({point.as_of for one in targets for point in trends.get(one.id, ())})
    if len(days) < 2:
        return None
    points = []
    for day in days:
        met, measured = _met_on(targets, trends, day)
        said = pick(f"{print_day(day)}: {met}/{measured} đạt", f"{print_day(day)}: {met} of {measured} met")
        points.append(Point(day, met, f"{met}/{measured}", said, link(day)))
    return Line(tuple(points), "met")


def _is_target(one: IndicatorResult) -> bool:
    return one.target is not None and not words.is_orientation(one) and words.held_goal(one) is not None


def _met_on(targets: list[IndicatorResult], trends: Trends, day: date) -> tuple[int, int]:
    """How many were met, of how many that could be measured."""
    met = measured = 0
    for one in targets:
        goal = words.held_goal(one)
        value = next((point.value for point in trends.get(one.id, ()) if point.as_of == day), None)
        if goal is not None and value is not None:
            measured += 1
            met += goal.holds(value)
    return met, measured


def values_over_time(
    result: IndicatorResult, points: tuple[TrendPoint, ...], report: Report, link: Callable[[date], str]
) -> Line | None:
    """The line of one indicator; each point leads to the list of its day. None with fewer than two points."""
    known = [one for one in points if one.value is not None]
    if len(known) < 2:
        return None
    goal, base = words.held_goal(result), words.baseline_value(result)
    percent = is_percent(result, goal)
    factor = 100 if percent else 1
    made = []
    for one in known:
        label = print_value(one.value, percent, report.places, report.rounding)
        counts = words.fraction_text(one.numerator, one.denominator if percent else None)
        said = f"{print_day(one.as_of)}: {counts}" + (f" ({label})" if percent else "")
        assert one.value is not None  # others were left out
        made.append(Point(one.as_of, float(one.value * factor), label, said, link(one.as_of)))
    last = known[-1].value
    met = goal is not None and last is not None and goal.holds(last)
    baseline = None
    if base is not None and result.baseline is not None:
        told = words.fraction_text(result.baseline.numerator, result.baseline.denominator)
        on = print_day(result.baseline.on)
        said = pick(f"Ban đầu, {on}: {told}", f"Baseline, {on}: {told}")
        baseline = Point(result.baseline.on, float(base * factor), pick("ban đầu", "baseline"), said)
    goals = tuple(sorted({float(goal.low * factor), float(goal.high * factor)})) if goal else ()
    label = pick("mục tiêu ", "target ") + words.goal_text(result.target.is_) if result.target else ""
    tone = "none" if goal is None else "met" if met else words.status_words(result, report.as_of).tone
    return Line(tuple(made), tone, goals, label, baseline)


def moved_text(line: Line) -> str:
    """“12 → 21”."""
    return f"{print_count(round(line.points[0].value))} → {print_count(round(line.points[-1].value))}"
