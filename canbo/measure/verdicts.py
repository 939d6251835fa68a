"""From exact counts to value, printed form, status and shortfall. Pure: no data, no schemes, no clock."""

import math
from dataclasses import dataclass
from fractions import Fraction

from canbo.common.numbers import Rounding, print_count, print_decimal, print_percent
from canbo.common.shares import Goal, shortfall
from canbo.measure.results import Measure, Status


@dataclass(frozen=True)
class Style:
    """How a scheme prints a percentage."""

    rounding: Rounding
    places: int

    def percent(self, value: Fraction) -> str:
        """52,28%."""
        return print_percent(value, places=self.places, rounding=self.rounding)


@dataclass(frozen=True)
class Verdict:
    """What counts say against a goal."""

    value: Fraction | None
    printed: str | None
    status: Status
    shortfall: int | None


def judge(
    numerator: int,
    denominator: int,
    *,
    measure: Measure,
    goal: Goal | None,
    style: Style,
    planned: bool = False,
) -> Verdict:
    """The value, its printed form and whether it meets the goal, compared as exact fractions.

    A share of an empty population, and a count in one, is not measurable: nobody in it is not a success.
    """
    if denominator == 0:
        return Verdict(None, None, "not_measurable", None)
    is_number = measure == "count" and not planned
    value = Fraction(numerator) if is_number else Fraction(numerator, denominator)
    printed = _print(value, is_number, goal, style)
    if goal is None:
        return Verdict(value, printed, "report", None)
    status: Status = "met" if goal.holds(value) else "short"
    if is_number:
        missing = shortfall(goal, numerator)
        capped = missing is not None and _grows(goal, numerator) and numerator + missing > denominator
        return Verdict(value, printed, status, None if capped else missing)
    return Verdict(value, printed, status, shortfall(goal, numerator, denominator, capped=measure == "share"))


def _grows(goal: Goal, numerator: int) -> bool:
    return goal.comparator not in ("<", "<=") and Fraction(numerator) < goal.low


def _print(value: Fraction, is_number: bool, goal: Goal | None, style: Style) -> str:
    if is_number:
        return print_count(value.numerator)
    if goal is not None and not goal.percent:
        return print_decimal(value, places=style.places, rounding=style.rounding)
    return style.percent(value)


def could_change(
    numerator: int,
    denominator: int,
    unknown: int,
    outside: int,
    *,
    measure: Measure,
    goal: Goal | None,
    planned: bool = False,
) -> bool:
    """Whether those whom the data does not tell could turn the verdict, one way or the other.

    Of ``unknown`` members any number may satisfy; of those ``outside`` any number may belong, and any of these satisfy.
    """
    if goal is None or not (unknown or outside):
        return False
    joining = (0, outside) if planned or outside > _MOST_TRIED else range(outside + 1)
    can_hold = can_fail = False
    for joined in joining:
        whole = 1 if measure == "count" and not planned else denominator + (0 if planned else joined)
        if whole == 0:
            continue
        least, most = numerator, numerator + unknown + joined
        # Goals are intervals: what lies between two values that hold holds too, so only the ends can fail.
        can_fail |= not (goal.holds(Fraction(least, whole)) and goal.holds(Fraction(most, whole)))
        can_hold |= _holds_between(goal, least, most, whole)
    return can_hold and can_fail


_MOST_TRIED = 2_000


def _holds_between(goal: Goal, least: int, most: int, whole: int) -> bool:
    """Whether any numerator between the two (both included) makes the goal hold."""
    if goal.comparator in ("range", "="):
        first, last = math.ceil(goal.low * whole), math.floor(goal.high * whole)
        return max(first, least) <= min(last, most)
    return goal.holds(Fraction(least, whole)) or goal.holds(Fraction(most, whole))
