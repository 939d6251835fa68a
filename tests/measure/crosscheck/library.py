"""The library's schemes and what a small province gives under both counts. Used by the tests beside it."""

from datetime import date
from functools import cache

from canbo.datasets.bundle import Datasets
from canbo.datasets.store import Store
from canbo.measure.checking import measurable_scheme
from canbo.measure.evaluation import measure_indicator
from canbo.measure.library import library_paths
from canbo.measure.results import IndicatorResult, Report
from canbo.measure.scheme import Scheme
from canbo.measure.sets import Measurer

from .asking import Asker, EachQuery
from .comparing import QUERIES, each_expected, expect

SCHEME_OF = {
    "TN": "thai-nguyen-2021-2030",
    "CB": "cao-bang-2016-2020",
    "QN": "quang-ninh-2022",
    "HG": "hau-giang-2022-2025",
    "BG": "bac-giang-2021-2025",
}


@cache
def schemes() -> dict[str, Scheme]:
    """The schemes of the library by id, checked."""
    return {name: measurable_scheme(path) for name, path in library_paths().items()}


def computed() -> set[str]:
    """The ids of all indicators and parts that have an expression."""
    found = set()
    for scheme in schemes().values():
        for indicator in scheme.indicators:
            if indicator.undefined is None:
                found |= {indicator.id, *(part.id for part in indicator.parts)}
    return found


def result_of(report: Report, indicator: str) -> IndicatorResult:
    """One indicator of a report."""
    return next(one for one in report.indicators if one.id == indicator)


class Province:
    """A small province, measured by the engine and counted by hand; what is asked of it must agree in both."""

    def __init__(self, data: Datasets) -> None:
        self.data = data
        self.asker = Asker(data.tables, quick=True)
        self.store = Store(data, threads=1)
        self._measurers: dict[str, Measurer] = {}

    def result(self, indicator: str, day: date) -> IndicatorResult:
        """What the engine says; only what is asked for is evaluated."""
        name = SCHEME_OF[indicator[:2]]
        measurer = self._measurers.setdefault(name, Measurer(schemes()[name], self.store))
        asked = next(one for one in measurer.scheme.indicators if one.id == indicator)
        return measure_indicator(measurer, asked, as_of=day)

    def counts(self, indicator: str, day: date) -> tuple[object, ...]:
        """Numerator, denominator, unknown, and whose membership is unknown."""
        result = self.result(indicator, day)
        engine = (result.numerator, result.denominator, result.unknown, result.population_unknown)
        assert self._by_hand(indicator, day)[:4] == engine, f"{indicator} on {day}: the query differs from the engine"
        return engine

    def verdict(self, indicator: str, day: date) -> tuple[object, ...]:
        """Numerator, denominator, status and shortfall."""
        result = self.result(indicator, day)
        engine = (result.numerator, result.denominator, result.status, result.shortfall)
        n, d, _, _, status, shortfall = self._by_hand(indicator, day)
        assert (n, d, status, shortfall) == engine, f"{indicator} on {day}: the query differs from the engine"
        return engine

    def _by_hand(self, indicator: str, day: date) -> tuple[object, ...]:
        query = QUERIES[indicator]
        if isinstance(query, EachQuery):
            status, met, measured, _ = each_expected(self.asker, query, day)
            short = None if met is None or measured is None else measured - met
            return met, measured, 0, 0, status, short
        right = expect(self.asker, query, day)
        return right.numerator, right.denominator, right.unknown, right.outside, right.status, right.shortfall
