"""What a target bar shows and where its marks stand, and its form for a terminal. Drawn in ``svg``."""

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from canbo.common.shares import Goal
from canbo.measure.results import IndicatorResult
from canbo.output import words

Role = Literal["value", "unknown", "track", "tick", "baseline"]


@dataclass(frozen=True)
class Bar:
    """The figures of a target bar: shares, or plain numbers where the goal is no percentage.

    ``late``: the day of the target has passed, so a shortfall takes the grave colour.
    """

    value: Fraction | None
    goal: Goal | None
    baseline: Fraction | None = None
    unknown: Fraction = Fraction(0)
    late: bool = False

    @property
    def tone(self) -> str:
        """The token of the value's colour."""
        if self.value is None or self.goal is None:
            return "none"
        if self.goal.holds(self.value):
            return "met"
        return "late" if self.late else "short"

    @property
    def end(self) -> Fraction:
        """What the right end of the track stands for: 100 %, or a round number beyond every mark."""
        marks = [mark for mark in (self.value, self.baseline) if mark is not None]
        if self.value is not None:
            marks.append(self.value + self.unknown)
        if self.goal is not None:
            marks.append(self.goal.high)
        top = max(marks, default=Fraction(1))
        percent = self.goal.percent if self.goal else top <= 1
        if percent and top <= 1:
            return Fraction(1)
        return _round_up(top * Fraction(11, 10))

    def place(self, mark: Fraction) -> float:
        """Where a mark stands between 0 and 1."""
        return float(max(Fraction(0), min(mark / self.end, Fraction(1))))


def _round_up(top: Fraction) -> Fraction:
    """The next of 1, 2, 2.5, 5 times a power of ten."""
    if top <= 0:
        return Fraction(1)
    power = Fraction(10) ** math.floor(math.log10(top))
    steps = (Fraction(1), Fraction(3, 2), Fraction(2), Fraction(5, 2), Fraction(5), Fraction(10))
    return next(step * power for step in steps if step * power >= top)


def bar_of(result: IndicatorResult, *, late: bool = False) -> Bar | None:
    """The bar of an indicator; None where a bar would say nothing (a bare count without a target)."""
    goal = words.held_goal(result)
    is_number = result.measure == "count" and result.value == result.numerator
    if is_number and goal is None and result.value is not None:
        return None
    unknown = Fraction(result.unknown, 1 if is_number else result.denominator or 1)
    return Bar(result.value, goal, words.baseline_value(result), unknown, late)


def bar_cells(bar: Bar, *, width: int = 16) -> list[tuple[str, Role]]:
    """The characters of a bar with what each stands for, so that a terminal can colour them."""
    cells: list[tuple[str, Role]] = [("─" if bar.value is not None else "┄", "track")] * width
    if bar.value is not None:
        halves = round(bar.place(bar.value) * width * 2)
        filled = halves // 2
        cells[:filled] = [("━", "value")] * filled
        if halves % 2 or (not filled and bar.value > 0):
            cells[filled] = ("╸", "value")
            filled += 1
        hatched = round(bar.place(bar.value + bar.unknown) * width) if bar.unknown > 0 else 0
        for cell in range(filled, hatched):
            cells[cell] = ("┅", "unknown")
    if bar.baseline is not None:
        cells[_cell(bar, bar.baseline, width)] = ("○", "baseline")
    if bar.goal is not None:
        ends = ("┃", "┃") if bar.goal.comparator != "range" else ("┣", "┫")
        cells[_cell(bar, bar.goal.high, width)] = (ends[1], "tick")
        cells[_cell(bar, bar.goal.low, width)] = (ends[0], "tick")
    return cells


def _cell(bar: Bar, mark: Fraction, width: int) -> int:
    return min(int(bar.place(mark) * width), width - 1)
