"""What if some people satisfied an indicator: the same figure over the same rows, with them counted."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt

from canbo.datasets.units import UnitTree
from canbo.measure.bitmaps import Truth, Words, from_rows, rows_of
from canbo.measure.compiler import Compiled
from canbo.measure.conditions import Conditions
from canbo.measure.evaluation import measure_indicator
from canbo.measure.results import IndicatorResult
from canbo.measure.scheme import Indicator
from canbo.measure.sets import IndicatorSets, Measurer


@dataclass(frozen=True)
class Supposition:
    """How many rows were supposed to satisfy, and the figure then."""

    number: int
    result: IndicatorResult


class Supposed(Measurer):
    """Asks as another measurer does, but takes some rows to satisfy."""

    def __init__(self, own: Measurer, chosen: Words) -> None:
        super().__init__(own.scheme, own.store)
        self.members, self._own, self._chosen = own.members, own, chosen

    def conditions(self, indicator: Indicator, day: date) -> Conditions:
        """Those that the other one has compiled."""
        return self._own.conditions(indicator, day)

    def group(self, conditions: Iterable[Compiled], day: date, dataset: str) -> Truth:
        """The rows that the other one counts."""
        return self._own.group(conditions, day, dataset)

    def whole_subtrees(self, tree: UnitTree, places: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """The places that the other one counts."""
        return self._own.whole_subtrees(tree, places)

    def sets(self, indicator: Indicator, day: date) -> IndicatorSets | None:
        """The sets with the rows supposed among those who satisfy."""
        found = self._own.sets(indicator, day)
        if found is None:
            return None
        return replace(found, satisfying=found.satisfying | self._chosen, unknown=found.unknown & ~self._chosen)


def can_suppose(indicator: Indicator) -> bool:
    """Whether people can be supposed to satisfy: a ratio has no condition of its own, a plan counts what was done."""
    return indicator.measure != "ratio" and indicator.plan is None and indicator.of == "people"


def suppose_people(own: Measurer, indicator: Indicator, day: date, codes: Collection[str]) -> Supposition | None:
    """The figure if these people, of those who lack, satisfied; others are passed over. None: it is not measurable."""
    rows = _lacking(own, indicator, day)
    if rows is None:
        return None
    sets = own.sets(indicator, day)
    assert sets is not None  # it has rows that lack
    named = sets.members.values(["person_id"], rows)["person_id"].to_pylist()
    chosen = np.array([row for row, code in zip(rows.tolist(), named, strict=True) if code in codes], np.int64)
    return _suppose(own, indicator, day, chosen)


def suppose_number(own: Measurer, indicator: Indicator, day: date, number: int) -> Supposition | None:
    """The figure if so many of those who lack satisfied, whoever they are; at most all. None: it is not measurable."""
    rows = _lacking(own, indicator, day)
    return None if rows is None else _suppose(own, indicator, day, rows[: max(number, 0)])


def _lacking(own: Measurer, indicator: Indicator, day: date) -> npt.NDArray[np.int64] | None:
    sets = own.sets(indicator, day)
    return None if sets is None else rows_of(sets.lacking)


def _suppose(own: Measurer, indicator: Indicator, day: date, rows: npt.NDArray[np.int64]) -> Supposition:
    sets = own.sets(indicator, day)
    assert sets is not None  # the caller has looked
    supposed = Supposed(own, from_rows(rows, sets.members.rows))
    return Supposition(len(rows), measure_indicator(supposed, indicator, as_of=day))
