"""CanBo itself, driven by the public functions of ``canbo.measure``."""

from dataclasses import replace
from functools import cached_property
from itertools import count

import numpy as np
import numpy.typing as npt

from benchmarks.data import DAY
from benchmarks.indicators import CRITERIA, POPULATIONS
from canbo.datasets.store import Store
from canbo.measure.bitmaps import rows_of
from canbo.measure.evaluation import measure_all, measure_indicator
from canbo.measure.grouping import By
from canbo.measure.lists import listing
from canbo.measure.results import IndicatorResult, Listing, Report
from canbo.measure.scheme import Expression, Scheme
from canbo.measure.sets import Measurer

Table = npt.NDArray[np.int64]


class Engine:
    """A store with the day's people ready, a measurer that has answered before, and a fresh one on request."""

    def __init__(self, scheme: Scheme, store: Store) -> None:
        self.scheme = scheme
        self.store = store
        self.cold = self._made()
        self._number = count(1)

    @cached_property
    def known(self) -> Measurer:
        """A measurer whose predicates are evaluated."""
        measurer = self._made()
        measurer.prepare(self.scheme.indicators, DAY)
        return measurer

    def _made(self) -> Measurer:
        measurer = Measurer(self.scheme, self.store)
        measurer.members.get("people", DAY)
        return measurer

    def renew(self) -> None:
        """A measurer that has compiled and evaluated nothing; the table of the day's people is there."""
        self.cold = self._made()

    def first(self) -> tuple[Table, Table]:
        """All indicators in all subtrees by a measurer that knows nothing: see ``renew``."""
        self.cold.prepare(self.scheme.indicators, DAY)
        return self.count_all(self.cold)

    def count_all(self, measurer: Measurer) -> tuple[Table, Table]:
        """The same where the predicates may be known."""
        tree = self.store.tree
        everywhere = np.arange(len(tree.ids))
        numerators, groups = [], {}
        for indicator in self.scheme.indicators:
            sets = measurer.sets(indicator, DAY)
            assert sets is not None and indicator.population is not None  # all are shares of named groups
            ranges = sets.members.ranges
            numerators.append(ranges.by_subtree(sets.satisfying, everywhere, tree.ends))
            if indicator.population.id not in groups:
                groups[indicator.population.id] = ranges.by_subtree(sets.population, everywhere, tree.ends)
        return np.stack(numerators), np.stack(list(groups.values()))

    def again(self) -> tuple[Table, Table]:
        """All indicators once more, their predicates known."""
        return self.count_all(self.known)

    def names(self, unit: str) -> Listing:
        """The names of those who lack something in one unit and below it, with the reasons."""
        return listing(self.known, self.scheme.indicators[0], as_of=DAY, list_name="lacking", unit=unit)

    def another(self, group: int, criterion: int) -> IndicatorResult:
        """A target that the scheme does not have, of a group and a criterion that it knows."""
        made = replace(
            self.scheme.indicators[0],
            id=f"NEW-{next(self._number)}",
            where=(Expression(POPULATIONS[group].scheme, 1, "new"),),
            satisfies=Expression(CRITERIA[criterion].scheme, 1, "new"),
        )
        return measure_indicator(self.known, made, as_of=DAY)

    def difference(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Who satisfies one of two indicators of a group and not the other: the set algebra of a bridge."""
        one, two = (self.known.sets(indicator, DAY) for indicator in self.scheme.indicators[:2])
        assert one is not None and two is not None  # both are shares
        return rows_of(one.satisfying & ~two.satisfying), rows_of(two.satisfying & ~one.satisfying)

    def report(self, by: By | None = "unit") -> Report:
        """The whole answer of the command, the data's version and an object for each figure included: see ``renew``."""
        return measure_all(self.cold, as_of=DAY, by=by)
