"""The figures of a scheme on a day for one visitor, measured once and kept until a change reaches them."""

import threading
import weakref
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, TypeVar, cast

from canbo.common.language import current
from canbo.datasets.bundle import Datasets
from canbo.measure.dossiers import trends_of
from canbo.measure.evaluation import measure_all
from canbo.measure.grouping import By, without_names
from canbo.measure.results import Report, TrendPoint
from canbo.measure.scheme import Scheme
from canbo.measure.sets import Measurer
from canbo.measure.subtree import Inside, measure_inside
from canbo.snapshot.measuring import DAYS
from canbo.web.overview.sight import Sight

T = TypeVar("T")
Trends = Mapping[str, tuple[TrendPoint, ...]]


@dataclass
class _Kept:
    """What was worked out over one state of the data, and which state that is."""

    data: "weakref.ref[Datasets]"
    found: dict[Hashable, Any] = field(default_factory=dict)


_KEPT: "weakref.WeakKeyDictionary[Measurer, _Kept]" = weakref.WeakKeyDictionary()
_LOCK = threading.Lock()


@dataclass(frozen=True)
class Figures:
    """The figures that a visitor may see, while the measurer of the day serves this thread."""

    whole: Measurer
    sight: Sight
    day: date
    kept: dict[Hashable, Any]

    @property
    def scheme(self) -> Scheme:
        """With the targets that units have of their own."""
        return self.whole.scheme

    @cached_property
    def own(self) -> Measurer:
        """Asks about the rows that the visitor's figures count."""
        if self.sight.is_whole:
            return self.whole
        units = self.sight.units
        return self.keep(("inside", units), lambda: Inside(self.whole, units))

    def keep(self, key: Hashable, make: Callable[[], T]) -> T:
        """What was made under a key over the same data in the same language, or is made now."""
        key = (current(), key)
        if key not in self.kept:
            self.kept[key] = make()
        return cast(T, self.kept[key])

    def report(self, by: By) -> Report:
        """All indicators; those of a part are not held against the targets of the whole."""
        return self.keep(("report", by, *self._whose), lambda: self._measure(by))

    def _measure(self, by: By) -> Report:
        sight = self.sight
        if not sight.is_whole:
            return measure_inside(self.whole, sight.units, as_of=self.day, by=by, show_small=sight.shows_small)
        report = measure_all(self.whole, as_of=self.day, by=by)
        return report if sight.shows_small else without_names(report)

    @property
    def _whose(self) -> tuple[Hashable, ...]:
        return (None if self.sight.is_whole else self.sight.units, self.sight.shows_small)

    @property
    def knows_trends(self) -> bool:
        """Whether the earlier days are worked out already, or are none to be shown."""
        return not self._may_have_trends or (current(), ("trends", *self._whose)) in self.kept

    @property
    def _may_have_trends(self) -> bool:
        return self.sight.is_whole or self.sight.shows_small

    def trends(self, report: Report) -> Trends:
        """The counts of every indicator at the ends of the years and on the day."""
        if not self._may_have_trends:
            return {}
        return self.keep(("trends", *self._whose), lambda: self._trends(report))

    def _trends(self, report: Report) -> Trends:
        found = trends_of(self.own, report)
        if self.sight.is_whole:
            return found
        each = {one.id for one in report.indicators if one.is_each}
        return {name: points for name, points in found.items() if name not in each}


@contextmanager
def measuring(sight: Sight, scheme: Scheme, day: date) -> Iterator[Figures]:
    """The figures of a scheme on a day, for this thread alone until the block ends.

    :raises Refused: nobody is in the register on the day.
    """
    with DAYS.measurer(scheme, day) as measurer:
        yield Figures(measurer, sight, day, _kept_of(measurer))


def _kept_of(measurer: Measurer) -> dict[Hashable, Any]:
    """What is kept of the data as they are: each change replaces the measurer's data by others."""
    data = measurer.store.data
    with _LOCK:
        kept = _KEPT.get(measurer)
        if kept is None or kept.data() is not data:
            kept = _KEPT[measurer] = _Kept(weakref.ref(data))
        return kept.found
