"""Messy provinces from fixed seeds: both counts agree, and what must hold of any province holds."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

import pytest

from canbo.datasets.store import Store
from canbo.measure.evaluation import measure_all, measure_indicator
from canbo.measure.lists import listing
from canbo.measure.results import IndicatorResult, ListName
from canbo.measure.scheme import Indicator
from canbo.measure.sets import Measurer

from .asking import Asker, Query
from .comparing import BY, QUERIES, counted_now, differences, holds, unit_differences
from .library import schemes
from .messy import EDGES, draw_province

NORMAL, DEEP = range(16), range(16, 300)
NAMES, DEEP_NAMES = range(100, 104), range(104, 130)


def day_of(seed: int) -> date:
    """Each seed looks on one of the days on which something begins or ends."""
    return EDGES[seed * 7 % len(EDGES)]


def wrong_in(seed: int) -> list[str]:
    """Everything wrong in one province: against the counts by hand, by unit, and in itself."""
    day = day_of(seed)
    data = draw_province(seed, day)
    asker, store = Asker(data.tables, quick=True), Store(data, threads=1)
    found: list[str] = []
    for number, scheme in enumerate(schemes().values()):
        measurer = Measurer(scheme, store)
        by = BY[(seed + number) % len(BY)]
        report = measure_all(measurer, as_of=day, by=by)
        found += differences(asker, report, day)
        found += unit_differences(asker, report, day)
        found += [f"{one.id}: {text}" for one in report.indicators for text in inconsistencies(one)]
    return [f"seed {seed}: {text}" for text in found]


def inconsistencies(one: IndicatorResult) -> list[str]:
    """What cannot be, whatever the data."""
    if one.numerator is None or one.denominator is None:
        return []
    n, d = one.numerator, one.denominator
    is_part = one.measure == "share"
    wrong = {
        "more satisfy than there are": is_part and n > d,
        "satisfying and unknown are more than there are": is_part and n + one.unknown > d,
        "a composite exceeds a part": any(n > (part.numerator or 0) for part in one.parts) and is_part,
        "the status is not that of the counts": not _status_is_right(one, n, d),
        "the shortfall is not the least": not _shortfall_is_least(one, n, d),
        "who is unknown could not turn it, or could": not _could_change_is_right(one, n, d),
        "the value is not that of the counts": one.value not in (Fraction(n), Fraction(n, d) if d else None),
    }
    return [text for text, is_so in wrong.items() if is_so]


def _of(one: IndicatorResult, d: int) -> int:
    """What a number of members is measured against: 1 for a count against a number of people."""
    assert one.target is not None
    return d if one.target.is_.endswith("%") else 1


def _status_is_right(one: IndicatorResult, n: int, d: int) -> bool:
    if one.status not in ("met", "short") or one.is_each:
        return one.status == "report" or one.is_each
    assert one.target is not None
    return holds(one.target.is_, Fraction(n, _of(one, d))) == (one.status == "met")


def _shortfall_is_least(one: IndicatorResult, n: int, d: int) -> bool:
    if one.status not in ("met", "short") or one.is_each:
        return one.is_each or one.shortfall is None
    assert one.target is not None
    goal, of = one.target.is_, _of(one, d)
    if one.shortfall is None:  # not even all members are enough
        return not holds(goal, Fraction(d, of))
    enough = holds(goal, Fraction(n + one.shortfall, of))
    return enough and (one.shortfall == 0 or not holds(goal, Fraction(n + one.shortfall - 1, of)))


def _could_change_is_right(one: IndicatorResult, n: int, d: int) -> bool:
    """Tries every way in which the unknown satisfy, and those outside join with or without satisfying."""
    if one.status not in ("met", "short"):
        return not one.could_change
    if one.is_each:
        return True
    assert one.target is not None
    goal, is_planned = one.target.is_, one.measure == "count" and one.target.is_.endswith("%")
    ways = (
        holds(goal, Fraction(n + known + right, d if is_planned else _of(one, d + joined)))
        for known in range(one.unknown + 1)
        for joined in range(one.population_unknown + 1)
        for right in range(joined + 1)
    )
    could = any(way != (one.status == "met") for way in ways)
    # Rows outside a plan may be of people who are counted already: then they need not turn what they could by number.
    return could or not one.could_change if is_planned else could == one.could_change


def names_wrong_in(seed: int) -> list[str]:
    """Where the people (or rows) listed behind a number are others than those counted by hand."""
    day = day_of(seed)
    data = draw_province(seed, day)
    asker, store = Asker(data.tables, quick=True).on(day), Store(data, threads=1)
    scheme = list(schemes().values())[seed % len(schemes())]
    measurer = Measurer(scheme, store)
    return [
        f"seed {seed}: {text}"
        for indicator in scheme.indicators
        if isinstance(query := QUERIES.get(indicator.id), Query) and measurer.conditions(indicator, day).reason is None
        for text in _lists_wrong(measurer, indicator, asker, query, day)
    ]


_KEYS = {"people": "person_id", "units": "unit_id"}


def _lists_wrong(measurer: Measurer, indicator: Indicator, asker: Asker, query: Query, day: date) -> Iterator[str]:
    result = measure_indicator(measurer, indicator, as_of=day)
    if result.numerator is None:
        return
    lists: dict[ListName, tuple[int, str]] = {
        "counted": (result.numerator, counted_now(asker, query)),
        "unknown": (result.unknown, query.unknown),
        "outside_unknown": (result.population_unknown, query.outside),
    }
    column = indicator.distinct or _KEYS.get(indicator.of or "")
    for name, (number, sql) in lists.items():
        rows = listing(measurer, indicator, as_of=day, list_name=name).rows
        if len(rows) != number:
            yield f"{indicator.id} on {day}: the list “{name}” has {len(rows)} rows, the number is {number}"
        if column and (indicator.distinct is None or name == "counted") and all(column in row.key for row in rows):
            shown = {row.key[column] for row in rows}
            by_hand = {row[0] for row in asker.select(f"select key from ({sql})")}
            if shown != by_hand:
                yield f"{indicator.id} on {day}: “{name}” lists {sorted(shown)}, by hand {sorted(by_hand)}"


@pytest.mark.parametrize("seed", NAMES)
def test_the_names_behind_the_numbers_are_those_counted_by_hand(seed: int) -> None:
    wrong = names_wrong_in(seed)
    assert not wrong, "\n".join(wrong)


@pytest.mark.deep
@pytest.mark.parametrize("seed", DEEP_NAMES)
def test_the_names_behind_many_numbers_are_those_counted_by_hand(seed: int) -> None:
    wrong = names_wrong_in(seed)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("seed", NORMAL)
def test_a_messy_province_counts_alike(seed: int) -> None:
    wrong = wrong_in(seed)
    assert not wrong, "\n".join(wrong)


@pytest.mark.deep
@pytest.mark.parametrize("seed", DEEP)
def test_many_messy_provinces_count_alike(seed: int) -> None:
    wrong = wrong_in(seed)
    assert not wrong, "\n".join(wrong)
