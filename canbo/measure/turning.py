"""The least number of people, of those whom the data do not tell, who can turn a verdict. Pure: exact counts only."""

import math
from collections.abc import Iterable
from fractions import Fraction

from canbo.common.shares import Goal, parse_goal
from canbo.measure.results import IndicatorResult, Measure, UnitResult
from canbo.measure.verdicts import could_change

_ALL_TRIED = 64


def least_to_turn(
    numerator: int,
    denominator: int,
    unknown: int,
    outside: int,
    *,
    measure: Measure,
    goal: Goal | None,
    planned: bool = False,
) -> int | None:
    """How many must turn out other than counted for the verdict to turn; None where all of them together cannot.

    Of ``unknown`` members, counted as not meeting it, each may meet it. Of those ``outside``, not counted at all, each
    may belong, and of these each may meet it.
    """
    if not could_change(numerator, denominator, unknown, outside, measure=measure, goal=goal, planned=planned):
        return None
    assert goal is not None  # without one nothing could change
    is_number = measure == "count" and not planned

    def whole(joined: int) -> int:
        return 1 if is_number else denominator + (0 if planned else joined)

    if whole(0) == 0:
        return None
    holds = goal.holds(Fraction(numerator, whole(0)))
    for people in range(1, unknown + outside + 1):
        for joined in _joining(people, unknown, outside):
            least, most = numerator + people - joined, numerator + people
            if _turns(goal, least, most, whole(joined), holds):
                return people
    return None


def least_by_unit(result: IndicatorResult) -> int | None:
    """The same for an indicator measured unit by unit: it is met once every unit is, so those short must all turn."""
    if not result.could_change:
        return None
    each = [_least_of(unit, result.measure) for unit in result.units if unit.status == "short"]
    numbers = [one for one in each if one is not None]
    return sum(numbers) if len(numbers) == len(each) else None


def _least_of(unit: UnitResult, measure: Measure) -> int | None:
    goal = parse_goal(unit.target or "")
    return least_to_turn(unit.numerator or 0, unit.denominator or 0, unit.unknown, 0, measure=measure, goal=goal)


def _joining(people: int, unknown: int, outside: int) -> Iterable[int]:
    """How many of so many people come from outside; of very many choices the two ends, where an interval is left."""
    first, last = max(0, people - unknown), min(people, outside)
    return range(first, last + 1) if last - first <= _ALL_TRIED else (first, last)


def _turns(goal: Goal, least: int, most: int, whole: int, holds: bool) -> bool:
    """Whether a numerator from ``least`` to ``most`` gives the other verdict. Goals are intervals: ends fail first."""
    ends = [goal.holds(Fraction(one, whole)) for one in (least, most)]
    if holds:
        return not all(ends)
    inside = goal.comparator in ("range", "=") and max(math.ceil(goal.low * whole), least) <= min(
        math.floor(goal.high * whole), most
    )
    return any(ends) or inside
