"""Targets as exact comparisons of whole numbers: does it hold, and how many short. Printing is in ``numbers``."""

import math
import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

Comparator = Literal[">", ">=", "=", "<", "<=", "range"]

_SINGLE = re.compile(r"^(>=|<=|>|<|=)\s*(\d+(?:[.,]\d+)?)\s*(%?)$")
_RANGE = re.compile(r"^(\d+(?:[.,]\d+)?)\s*(%?)\s*\.\.\s*(\d+(?:[.,]\d+)?)\s*(%?)$")


@dataclass(frozen=True)
class Goal:
    """A comparison: ``> 60%`` (a share) or ``>= 2`` (a number); a range counts both its ends."""

    comparator: Comparator
    low: Fraction
    high: Fraction
    percent: bool
    text: str

    def holds(self, value: Fraction) -> bool:
        """Whether an exact value (a share as 160/306, a number as itself) satisfies the goal."""
        if self.comparator == "range":
            return self.low <= value <= self.high
        return {
            ">": value > self.low,
            ">=": value >= self.low,
            "=": value == self.low,
            "<": value < self.low,
            "<=": value <= self.low,
        }[self.comparator]


def parse_goal(text: str) -> Goal | None:
    """Read ``> 60%``, ``>= 2``, ``15%..25%``; None when it is none of these."""
    text = text.strip()
    if match := _SINGLE.match(text):
        percent = match.group(3) == "%"
        value = _number(match.group(2), percent)
        return Goal(match.group(1), value, value, percent, text)  # type: ignore[arg-type]  # the pattern lists them
    if match := _RANGE.match(text):
        percent = match.group(4) == "%"
        low, high = _number(match.group(1), percent), _number(match.group(3), percent)
        mixed = bool(match.group(2)) and not percent
        return None if low > high or mixed else Goal("range", low, high, percent, text)
    return None


def _number(text: str, percent: bool) -> Fraction:
    value = Fraction(Decimal(text.replace(",", ".")))
    return value / 100 if percent else value


def shortfall(goal: Goal, numerator: int, denominator: int = 1, *, capped: bool = False) -> int | None:
    """The least number of further members that must satisfy for the goal to hold; 0 when it holds.

    For ``<``, ``<=`` and above a range or an equality: how many too many. For a count the denominator is 1.
    ``capped``: the numerator is part of the denominator and cannot outgrow it.
    None when no number of people can do it (beyond the cap, or an equality between two whole numbers).

    160 of 306 against ``> 60%`` is 24, because 184/306 > 60% and 183/306 is not.
    """
    if goal.holds(Fraction(numerator, denominator)):
        return 0
    if goal.comparator in ("<", "<=") or Fraction(numerator, denominator) > goal.high:
        limit = goal.high * denominator
        keep = math.ceil(limit) - 1 if goal.comparator == "<" else math.floor(limit)
        return numerator - keep if keep >= 0 and goal.holds(Fraction(keep, denominator)) else None
    limit = goal.low * denominator
    needed = math.floor(limit) + 1 if goal.comparator == ">" else math.ceil(limit)
    possible = not capped or needed <= denominator
    return needed - numerator if possible and goal.holds(Fraction(needed, denominator)) else None
