"""The line over time, drawn with Altair and vl-convert without browser or network. Small bars: ``svg``."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any

from canbo.common.language import pick
from canbo.common.numbers import Rounding, print_day, print_decimal, print_percent
from canbo.measure.results import IndicatorResult, TrendPoint
from canbo.output import words
from canbo.output.svg import COLOURS

FONTS = "Be Vietnam Pro, Segoe UI, Noto Sans, Liberation Sans, system-ui, sans-serif"
QUIET = "#55615f"
"""The colour of axes and their labels."""


@dataclass(frozen=True)
class _Line:
    """What a line over time shows, in the numbers of its axis (a percentage is 52.28)."""

    days: tuple[date, ...]
    values: tuple[float, ...]
    labels: tuple[str, ...]
    percent: bool
    goals: tuple[float, ...]
    goal_label: str
    base_day: date | None
    base_value: float | None
    base_label: str
    tone: str


def line_over_time(
    result: IndicatorResult,
    points: Sequence[TrendPoint],
    *,
    width: int = 620,
    height: int = 190,
    places: int = 2,
    rounding: Rounding = "half_up",
) -> str:
    """The value of an indicator over days as SVG: stepped, with its target, its baseline, labelled in place.

    Empty with fewer than two measured days. ``width`` and ``height`` are those of the plot in CSS pixels. The
    same line is drawn once in a run.
    """
    known = [(point.as_of, point.value) for point in points if point.value is not None]
    if len(known) < 2:
        return ""
    return _draw(_read(result, known, places, rounding), width, height)


def _read(result: IndicatorResult, known: list[tuple[date, Fraction]], places: int, rounding: Rounding) -> _Line:
    goal = words.held_goal(result)
    percent = goal.percent if goal else result.measure == "share"
    factor = 100 if percent else 1

    def shown(value: Fraction) -> str:
        if percent:
            return print_percent(value, places=places, rounding=rounding)
        return print_decimal(value, places=0 if value.denominator == 1 else places, rounding=rounding)

    base, base_value = result.baseline, words.baseline_value(result)
    met = goal is not None and goal.holds(known[-1][1])
    return _Line(
        days=tuple(day for day, _ in known),
        values=tuple(float(value * factor) for _, value in known),
        labels=tuple(shown(value) for _, value in known),
        percent=percent,
        goals=tuple(sorted({float(goal.low * factor), float(goal.high * factor)})) if goal else (),
        goal_label=_goal_label(result),
        base_day=base.on if base and base_value is not None else None,
        base_value=None if base_value is None else float(base_value * factor),
        base_label=pick("ban đầu", "baseline"),
        tone="none" if goal is None else "met" if met else "short",
    )


def _goal_label(result: IndicatorResult) -> str:
    if result.target is None:
        return ""
    goal = words.held_goal(result)
    text = f"{words.goal_text(goal.text if goal else result.target.is_)}, {print_day(result.target.by)}"
    return pick(f"Mục tiêu {text}", f"Target {text}")


@lru_cache(maxsize=512)
def _draw(line: _Line, width: int, height: int) -> str:
    import altair as alt  # heavy: only a report with a trend pays for it
    import vl_convert

    chart = alt.layer(*_layers(alt, line, width), width=width, height=height, padding=4, config=_config(alt))
    spec = chart.to_dict(validate=False)  # a fixed form, checked by the tests
    return str(vl_convert.vegalite_to_svg(json.dumps(spec)))


def _config(alt: Any) -> Any:
    axis = alt.AxisConfig(
        labelFont=FONTS,
        labelFontSize=13,
        labelColor=QUIET,
        gridColor=COLOURS["track"],
        gridOpacity=0.6,
        domain=False,
        ticks=False,
        labelPadding=8,
        title=None,
    )
    return alt.Config(
        font=FONTS,
        background="transparent",
        aria=False,  # the page names the chart in words
        view=alt.ViewConfig(stroke=None),
        axis=axis,
        text=alt.MarkConfig(font=FONTS, fontSize=13),
    )


def _layers(alt: Any, line: _Line, width: int) -> list[Any]:
    rows: list[dict[str, Any]] = [
        {"day": day.isoformat(), "value": value, "label": label}
        for day, value, label in zip(line.days, line.values, line.labels, strict=True)
    ]
    ends = [rows[0], rows[-1]]
    x, y = _axes(alt, line, labels=6 if width > 400 else 4)
    steps = alt.Chart(alt.Data(values=rows)).mark_line(
        interpolate="step-after", strokeWidth=2.2, color=COLOURS[line.tone]
    )
    dots = alt.Chart(alt.Data(values=rows)).mark_point(filled=True, size=34, opacity=1, color=COLOURS[line.tone])
    layers = [*_reference(alt, line, y), steps.encode(x=x, y=y), dots.encode(x=x, y=y)]
    for row, side in zip(ends, ("left", "right"), strict=True):
        if side == "left" and _is_crowded(line):
            continue
        layers.append(_label(alt, row, side, x, y, above=_is_above(line, row["value"])))
    return layers + _baseline(alt, line, x, y)


def _is_above(line: _Line, value: float) -> bool:
    """Labels keep clear of a target close over the line."""
    return not any(0 <= goal - value < _span(line) * 0.18 for goal in line.goals)


def _is_crowded(line: _Line) -> bool:
    """The baseline's dot stands where the first label would."""
    if line.base_day is None:
        return False
    return (line.base_day - line.days[0]).days < 0.25 * (line.days[-1] - line.days[0]).days


def _label(alt: Any, row: dict[str, Any], side: str, x: Any, y: Any, *, above: bool) -> Any:
    text = alt.Chart(alt.Data(values=[row])).mark_text(
        align=side, dy=-12 if above else 16, fontWeight=600, color=COLOURS["ink"]
    )
    return text.encode(x=x, y=y, text="label:N")


def _axes(alt: Any, line: _Line, *, labels: int) -> tuple[Any, Any]:
    suffix = "%" if line.percent else ""
    number = f"replace(format(datum.value, '~f'), '.', ',') + '{suffix}'"
    days = [day.isoformat() for day in dict.fromkeys([*line.days, *([line.base_day] if line.base_day else [])])]
    step = max(1, -(-len(days) // labels))
    x = alt.X(
        "day:T",
        scale=alt.Scale(type="utc"),
        axis=alt.Axis(
            grid=False,
            values=sorted(days)[::-step],
            labelExpr="utcFormat(datum.value, '%m/%Y')",
            labelFlush=True,
        ),
    )
    y = alt.Y(
        "value:Q",
        scale=alt.Scale(domain=list(_domain(line)), nice=True),
        axis=alt.Axis(tickCount=4, labelExpr=number),
    )
    return x, y


def _domain(line: _Line) -> tuple[float, float]:
    marks = [*line.values, *line.goals, *([line.base_value] if line.base_value is not None else [])]
    room = _span(line) * 0.25
    low = max(0.0, min(marks) - room)
    return low, min(max(marks) + room, 100.0) if line.percent and max(marks) <= 100 else max(marks) + room


def _span(line: _Line) -> float:
    marks = [*line.values, *line.goals, *([line.base_value] if line.base_value is not None else [])]
    return (max(marks) - min(marks)) or max(abs(max(marks)) * 0.2, 1.0)


def _reference(alt: Any, line: _Line, y: Any) -> list[Any]:
    rules = [
        alt.Chart(alt.Data(values=[{"value": goal}]))
        .mark_rule(strokeDash=[5, 4], strokeWidth=1.4, color=COLOURS["ink"])
        .encode(y=y)
        for goal in line.goals
    ]
    if line.goals:
        label = alt.Chart(alt.Data(values=[{"value": line.goals[-1], "label": line.goal_label}]))
        rules.append(
            label.mark_text(align="left", dy=-8, color=COLOURS["ink"]).encode(y=y, x=alt.value(0), text="label:N")
        )
    return rules


def _baseline(alt: Any, line: _Line, x: Any, y: Any) -> list[Any]:
    if line.base_day is None:
        return []
    data = alt.Data(values=[{"day": line.base_day.isoformat(), "value": line.base_value, "label": line.base_label}])
    dot = alt.Chart(data).mark_point(size=70, strokeWidth=1.8, color=COLOURS["ink"], fill=COLOURS["paper"], opacity=1)
    name = alt.Chart(data).mark_text(align="left", dx=9, dy=-10 if _is_over(line) else 14, color=QUIET)
    return [dot.encode(x=x, y=y), name.encode(x=x, y=y, text="label:N")]


def _is_over(line: _Line) -> bool:
    """Whether the baseline's dot stands over the line, so that its name keeps clear of it."""
    if line.base_day is None or line.base_value is None:
        return False
    before = [value for day, value in zip(line.days, line.values, strict=True) if day <= line.base_day]
    return line.base_value > (before[-1] if before else line.values[0])
