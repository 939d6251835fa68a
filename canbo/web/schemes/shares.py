"""A target given to units: how many each must bring, and whether that makes up the whole's. Pure but for the data."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from canbo.common.shares import Goal, parse_goal, shortfall
from canbo.measure.amounts import Amount, counts_of_sets
from canbo.measure.scheme import Indicator
from canbo.measure.sets import Measurer


@dataclass(frozen=True)
class Share:
    """A unit's own target with its part of the whole; ``need``: people who must (or at most may) be counted there.

    ``inside``: the code of a unit around it that has a target, too, so that it is not added a second time.
    ``weaker``: it asks less than the general target of an indicator that is measured in each unit.
    """

    unit: str
    goal: str
    numerator: int | None
    denominator: int | None
    need: int | None
    inside: str = ""
    weaker: bool = False


@dataclass(frozen=True)
class Cascade:
    """The shares of a target and what they come to against the whole's ``need``; ``each``: nothing is summed."""

    shares: tuple[Share, ...]
    goal: Goal | None
    denominator: int
    need: int | None
    each: bool

    @property
    def sum(self) -> int:
        """What the units must bring together, each person counted once."""
        return sum(one.need or 0 for one in self.shares if not one.inside)

    @property
    def covered(self) -> int:
        """How many of the group are in units that have a target."""
        return sum(one.denominator or 0 for one in self.shares if not one.inside)

    @property
    def gap(self) -> int | None:
        """How many the units' targets lack to make up the whole's (a ceiling: how many they allow too many)."""
        if self.each or self.need is None or self.goal is None:
            return None
        over = self.sum - self.need
        return max(over, 0) if is_ceiling(self.goal) else max(-over, 0)


def cascade_of(measurer: Measurer, indicator: Indicator, goals: Mapping[str, str], day: date) -> Cascade | None:
    """The targets of units held against the whole's; None where the indicator cannot be measured or given on."""
    target = indicator.target_on(day)
    goal = target.goal if target else None
    if indicator.measure == "ratio" or indicator.plan is not None:
        return None
    sets = measurer.sets(indicator, day)
    if sets is None:
        return None
    counts = counts_of_sets(sets)
    each = indicator.each is not None
    whole = counts.denominator.total
    need = None if each or goal is None else needed(goal, whole, is_count=indicator.measure == "count")
    shares = _shares(measurer, indicator, goals, counts.numerator, counts.denominator)
    if each and goal is not None:
        shares = (_held(one, goal) for one in shares)
    return Cascade(tuple(shares), goal, whole, need, each)


def needed(goal: Goal, members: int, *, is_count: bool) -> int | None:
    """The least number that meets a target among so many members, or the most where it is a ceiling.

    184 of 306 for “> 60%”; None where no number of them would do.
    """
    if is_ceiling(goal):
        over = shortfall(goal, members, 1 if is_count else max(members, 1))
        return None if over is None else members - over
    if is_count:
        return shortfall(goal, 0)
    return shortfall(goal, 0, members, capped=True) if members else 0


def is_ceiling(goal: Goal) -> bool:
    """Whether a target limits from above."""
    return goal.comparator in ("<", "<=")


def _shares(
    measurer: Measurer, indicator: Indicator, goals: Mapping[str, str], numerator: Amount, denominator: Amount
) -> Iterator[Share]:
    tree = measurer.store.tree
    is_count = indicator.measure == "count"
    for unit, text in goals.items():
        goal, place = parse_goal(text), tree.position.get(unit)
        if goal is None or place is None:
            yield Share(unit, text, None, None, None)
            continue
        end = int(tree.ends[place])
        n, d = (int(round(amount.by_unit[place:end].sum())) for amount in (numerator, denominator))
        around = next((one for one in tree.path(unit)[:-1] if one in goals), "")
        yield Share(unit, text, n, d, needed(goal, d, is_count=is_count), around)


def _held(share: Share, general: Goal) -> Share:
    own = parse_goal(share.goal)
    weaker = own is not None and (own.low > general.low if is_ceiling(general) else own.low < general.low)
    return Share(share.unit, share.goal, None, None, None, weaker=weaker)
