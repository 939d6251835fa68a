"""The sets behind an indicator: its population and those who satisfy, as bitmaps over the rows of its dataset."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from canbo.datasets.patching import Patch
from canbo.datasets.store import Store
from canbo.datasets.units import UnitTree
from canbo.measure.bitmaps import Truth, Words
from canbo.measure.compiler import Compiled
from canbo.measure.conditions import Conditions, Known, conditions_of
from canbo.measure.members import Members, MemberSets
from canbo.measure.scheme import Indicator, Scheme


@dataclass(frozen=True)
class IndicatorSets:
    """Who is in the population, who satisfies, and whom the data does not tell.

    Where different values of a column are counted, one row stands for each and ``repeated`` holds all such rows.
    ``unknown`` are members of the population whose condition is unknown; ``outside`` rows whose membership is unknown.
    """

    members: Members
    population: Words
    outside: Words
    satisfying: Words
    unknown: Words
    parts: tuple[tuple[Words, Words], ...] = ()
    repeated: Words | None = None

    @property
    def lacking(self) -> Words:
        """In the population, and known not to satisfy; further rows of one already counted lack nothing."""
        lacking = self.population & ~self.satisfying & ~self.unknown
        return lacking if self.repeated is None else lacking & ~self.repeated


class Measurer:
    """Asks one store about one scheme; every condition is evaluated once a day, whatever is asked of it.

    ``results``: what was made of an indicator on a day, by unit, in a language, kept by who measures; a replacement of
    rows in the store drops those that it can have changed.
    """

    def __init__(self, scheme: Scheme, store: Store) -> None:
        self.scheme = scheme
        self.store = store
        self.members = MemberSets(store)
        self._conditions: dict[tuple[str, date], Conditions] = {}
        self._known: Known = {}
        self._groups: dict[tuple[str, date, tuple[str, ...]], Truth] = {}
        self.results: dict[tuple[str, date, str | None, str], Any] = {}

    def take_in(self, patch: Patch) -> None:
        """Follow a replacement of rows in the store; what it cannot have touched stays known."""
        self.members.take_in(patch)
        self._groups.clear()
        self.results = {key: one for key, one in self.results.items() if self._stands(key[0], key[1], patch)}

    def _stands(self, indicator: str, day: date, patch: Patch) -> bool:
        """Whether a result over rows cannot have changed: its conditions read nothing that did, and no row moved."""
        conditions, found = self._conditions.get((indicator, day)), self.scheme.indicator(indicator)
        if conditions is None or conditions.reason is not None or found is None or not _is_plain(found):
            return False
        datasets = {found.of, "reported"} | {dataset for one in conditions.by_dataset() for dataset, _ in one.uses}
        if datasets & patch.whole or any(one.uses & patch.changed for one in conditions.by_dataset()):
            return False
        splice = patch.splices.get(self.members.get(found.of or "people", day).table)
        return splice is None or splice.is_in_place

    def conditions(self, indicator: Indicator, day: date) -> Conditions:
        """The compiled conditions of an indicator on a day."""
        key = (indicator.id, day)
        if key not in self._conditions:
            self._conditions[key] = conditions_of(self.scheme, indicator, day, self.store, self._known)
        return self._conditions[key]

    def prepare(self, indicators: Iterable[Indicator], day: date) -> None:
        """Evaluate the conditions of many indicators together, one pass for each dataset."""
        by_dataset: dict[str, list[Compiled]] = {}
        for indicator in indicators:
            for one in self.conditions(indicator, day).by_dataset():
                by_dataset.setdefault(one.dataset, []).append(one)
        for dataset, conditions in by_dataset.items():
            self.members.get(dataset, day).prepare(conditions)

    def truth(self, condition: Compiled | None, day: date, dataset: str) -> Truth:
        """A condition as true and unknown rows; no condition is true everywhere."""
        members = self.members.get(dataset, day)
        if condition is None:
            return Truth.of(members.base, None)
        return Truth.of(*members.bitmap(condition))

    def group(self, conditions: Iterable[Compiled], day: date, dataset: str) -> Truth:
        """The rows of a dataset that all conditions hold for, among those a population draws from."""
        conditions = tuple(conditions)
        key = (dataset, day, tuple(one.sql for one in conditions))
        if key not in self._groups:
            members = self.members.get(dataset, day)
            truth = Truth.of(members.base, None)
            for condition in conditions:
                truth = truth & Truth.of(*members.bitmap(condition))
            self._groups[key] = truth
        return self._groups[key]

    def whole_subtrees(self, tree: UnitTree, places: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """The places of a tree whose whole subtree this measurer counts: all."""
        return places

    def sets(self, indicator: Indicator, day: date) -> IndicatorSets | None:
        """The sets of an indicator over rows; None for a ratio, and where it cannot be measured."""
        conditions = self.conditions(indicator, day)
        if conditions.reason is not None or indicator.of is None or conditions.satisfies is None:
            return None
        members = self.members.get(indicator.of, day)
        population = self.group(conditions.where, day, indicator.of)
        parts = tuple(self._within(population.true, one, members) for one in conditions.parts)
        satisfying, unknown = self._within(population.true, conditions.satisfies, members)
        repeated = None
        if indicator.distinct is not None and indicator.plan is None:
            repeated, satisfying = satisfying, members.first_of_each(satisfying, indicator.distinct)
        return IndicatorSets(members, population.true, population.unknown, satisfying, unknown, parts, repeated)

    def _within(self, population: Words, condition: Compiled, members: Members) -> tuple[Words, Words]:
        true, unknown = members.bitmap(condition)
        satisfying = population & true
        return satisfying, np.zeros_like(true) if unknown is None else population & unknown


def _is_plain(indicator: Indicator) -> bool:
    """Whether it counts rows by its conditions alone, and no other column, plan or dataset decides."""
    beside = (indicator.plan, indicator.each, indicator.distinct, indicator.numerator, indicator.denominator)
    return indicator.of is not None and not any(one is not None for one in beside)
