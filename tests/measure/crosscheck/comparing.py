"""What hand-written counts say an indicator must be, and where a report says otherwise. Verdicts are made anew."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from canbo.measure.grouping import By
from canbo.measure.results import IndicatorResult, PartResult, Report

from .asking import Asker, EachQuery, Query
from .queries_bac_giang import QUERIES as BAC_GIANG
from .queries_cao_bang import QUERIES as CAO_BANG
from .queries_hau_giang import QUERIES as HAU_GIANG
from .queries_quang_ninh import QUERIES as QUANG_NINH
from .queries_thai_nguyen import QUERIES as THAI_NGUYEN

QUERIES: dict[str, Query | EachQuery] = THAI_NGUYEN | CAO_BANG | QUANG_NINH | HAU_GIANG | BAC_GIANG
BY: tuple[By, ...] = ("province", "district", "commune", "locality", "unit")


@dataclass(frozen=True)
class Expected:
    """What the counts by hand make of an indicator; counts by unit, None for those in no unit."""

    status: str
    numerator: int | None = None
    denominator: int | None = None
    unknown: int = 0
    outside: int = 0
    shortfall: int | None = None
    by_unit: tuple[Counter[str | None], ...] = ()


def holds(goal: str, value: Fraction) -> bool:
    """Whether an exact value meets a goal such as ``> 60%`` or ``>= 2``."""
    match = re.fullmatch(r"(>=|>|=) (\d+)(%?)", goal)
    assert match, goal
    limit = Fraction(int(match[2]), 100 if match[3] else 1)
    return {">": value > limit, ">=": value >= limit, "=": value == limit}[match[1]]


def least_further(goal: str, n: int, of: int, most: int | None) -> int | None:
    """The least number of further members for which the goal holds, found by trying; ``most`` bounds the numerator."""
    last = most if most is not None else 3 * of + n + 3
    return next((more for more in range(last - n + 1) if holds(goal, Fraction(n + more, of))), None)


def expect(asker: Asker, query: Query, day: date) -> Expected:
    """Count by hand on a day."""
    asker.on(day)
    if not query.needs <= set(asker.tables) or (query.until and day > query.until):
        return Expected("not_measurable")
    if query.plan:
        return _expect_against_plan(asker, query)
    n, d, u = (asker.count(sql) for sql in (query.counted, query.population, query.unknown))
    outside = asker.count(query.outside).total()
    if d.total() == 0 and not query.events:
        return Expected("not_measurable", outside=outside)
    of = 1 if query.measure == "count" else d.total()
    return _judged(query, n, d, u, outside, of, d.total())


def _judged(
    query: Query, n: Counter[Any], d: Counter[Any], u: Counter[Any], outside: int, of: int, most: int | None
) -> Expected:
    status, shortfall = "report", None
    if query.goal is not None:
        status = "met" if holds(query.goal, Fraction(n.total(), of)) else "short"
        shortfall = least_further(query.goal, n.total(), of, most)
    return Expected(status, n.total(), d.total(), u.total(), outside, shortfall, (n, d, u))


def _inside(records: str, first: date, last: date) -> str:
    return f"select * from ({records}) where on_day between date '{first}' and least(date '{last}', asked_day())"


def counted_in_plan(query: Query, first: date, last: date) -> str:
    """Each person once, by the earliest record of the plan's time; of several on one day by the first in the file."""
    return f"""select key, unit from ({_inside(query.counted, first, last)})
      qualify row_number() over (partition by key order by on_day, row) = 1"""


def counted_now(asker: Asker, query: Query) -> str:
    """The select of who is counted on the asker's day."""
    plan = asker.planned(query.plan) if query.plan else None
    return counted_in_plan(query, plan[0], plan[1]) if plan else query.counted


def _expect_against_plan(asker: Asker, query: Query) -> Expected:
    plan = asker.planned(query.plan or "")
    if plan is None:
        return Expected("not_measurable")
    first, last, quantity = plan
    n = asker.count(counted_in_plan(query, first, last))
    outside = asker.count(_inside(query.outside, first, last)).total()
    by_unit = f"""select unit_id as unit from plans, range(coalesce(quantity, 0))
      where category = '{query.plan}' and asked_day() between period_start and period_end"""
    if not quantity:  # not printed, or a zero: no percentage can be made, the count is reported
        return Expected("report", n.total(), quantity, 0, outside, None, (n, Counter(), Counter()))
    d = asker.count(by_unit)
    return _judged(query, n, d, Counter(), outside, quantity, None)


def differences(asker: Asker, report: Report, day: date) -> list[str]:
    """Every difference between a report and the counts by hand, as a sentence."""
    found: list[str] = []
    ended = {
        result.id: _expected_last(asker, query, query.until)
        for result in report.indicators
        if (query := QUERIES.get(result.id)) and query.until and query.until < day
    }
    for result in report.indicators:
        query = QUERIES.get(result.id)
        if query is None:
            assert result.status == "not_measurable", f"{result.id} is computed but not counted by hand"
            continue
        compare = _of_each if isinstance(query, EachQuery) else _of_one
        wrong = [*compare(asker, query, result, day), *_compare("last", _shown_last(result), ended.get(result.id))]
        found += [f"{result.id} on {day}: {text}" for text in wrong]
        for part in result.parts:
            found += [f"{part.id} on {day}: {text}" for text in _of_part(asker, part, day)]
    return found


def _compare(name: str, engine: object, by_hand: object) -> Iterator[str]:
    if engine != by_hand:
        yield f"{name} is {engine}, by hand {by_hand}"


def _of_one(asker: Asker, query: Query, result: IndicatorResult, day: date) -> Iterator[str]:
    right = expect(asker, query, day)
    yield from _compare("status", result.status, right.status)
    yield from _compare("numerator", result.numerator, right.numerator)
    yield from _compare("denominator", result.denominator, right.denominator)
    yield from _compare("unknown", result.unknown, right.unknown)
    yield from _compare("population_unknown", result.population_unknown, right.outside)
    yield from _compare("shortfall", result.shortfall, right.shortfall)
    yield from _compare("goal", result.target.is_ if result.target else None, query.goal)
    if query.plan and right.status in ("met", "short") and _more_could_turn(asker, query, right):
        yield from _compare("could_change", result.could_change, True)


def _more_could_turn(asker: Asker, query: Query, right: Expected) -> bool:
    """Whether people who are not counted yet, and of whom the data does not tell, would turn it against the plan."""
    assert query.goal and right.numerator is not None and right.denominator
    plan = asker.planned(query.plan or "")
    assert plan is not None  # there is a verdict against it
    open_ = f"select distinct key from ({_inside(query.outside, *plan[:2])})"
    counted = f"select key from ({counted_in_plan(query, *plan[:2])})"
    new = len(asker.select(f"{open_} where key not in ({counted})"))
    most = Fraction(right.numerator + new, right.denominator)
    return holds(query.goal, most) != (right.status == "met")


def _expected_last(asker: Asker, query: Query | EachQuery, last: date) -> tuple[object, ...] | None:
    """After a group has ended, the value of its last day is shown."""
    if isinstance(query, EachQuery):
        status, n, d, _ = each_expected(asker, query, last)
    else:
        right = expect(asker, query, last)
        status, n, d = right.status, right.numerator, right.denominator
    return None if status == "not_measurable" else (last, status, n, d)


def _shown_last(result: IndicatorResult) -> tuple[object, ...] | None:
    last = result.last
    return last and (last.as_of, last.status, last.numerator, last.denominator)


def _of_part(asker: Asker, part: PartResult, day: date) -> Iterator[str]:
    query = QUERIES[part.id]
    assert isinstance(query, Query)
    right = expect(asker, query, day)
    yield from _compare("numerator", part.numerator, right.numerator or 0)
    yield from _compare("denominator", part.denominator, right.denominator or 0)
    yield from _compare("unknown", part.unknown, right.unknown)


Unit = tuple[str, int, int, int | None]
"""Status, numerator, denominator and shortfall of one unit."""


def each_expected(asker: Asker, query: EachQuery, day: date) -> tuple[str, int | None, int | None, dict[str, Unit]]:
    """Status, units that meet, units measured, and each unit."""
    asker.on(day)
    if not query.needs <= set(asker.tables):
        return "not_measurable", None, None, {}
    units: dict[str, Unit] = {}
    for unit, n, d in asker.select(query.by_unit):
        goal = query.exceptions.get(unit, query.goal)
        status = "not_measurable" if d == 0 else "met" if holds(goal, Fraction(n, d)) else "short"
        units[unit] = (status, n, d, least_further(goal, n, d, d) if d else None)
    measured = [unit for unit in units.values() if unit[0] != "not_measurable"]
    met = sum(unit[0] == "met" for unit in measured)
    if not measured:
        return "not_measurable", None, None, units
    return "met" if met == len(measured) else "short", met, len(measured), units


def _of_each(asker: Asker, query: EachQuery, result: IndicatorResult, day: date) -> Iterator[str]:
    if query.until and day > query.until:
        yield from _compare("status", result.status, "not_measurable")
        return
    status, met, measured, units = each_expected(asker, query, day)
    yield from _compare("status", result.status, status)
    yield from _compare("numerator", result.numerator, met)
    yield from _compare("denominator", result.denominator, measured)
    short = None if met is None or measured is None else measured - met
    yield from _compare("shortfall", result.shortfall, short)
    shown = {unit.unit_id: (unit.status, unit.numerator, unit.denominator, unit.shortfall) for unit in result.units}
    yield from _compare("units", shown, units)


def unit_differences(asker: Asker, report: Report, day: date) -> list[str]:
    """Where the counts by unit differ from those by hand, and where they do not add up to the whole."""
    assert report.by is not None
    groups = asker.on(day).groups(report.by)
    found: list[str] = []
    for result in report.indicators:
        query = QUERIES.get(result.id)
        if query is None or isinstance(query, EachQuery) or result.status == "not_measurable":
            continue
        shown = {unit.unit_id: (unit.numerator, unit.denominator, unit.unknown) for unit in result.units}
        sums = tuple(sum(cell or 0 for cell in column) for column in zip(*shown.values(), strict=True)) or (0, 0, 0)
        whole = (result.numerator, result.denominator or 0, result.unknown)
        right = _grouped(expect(asker, query, day), groups)
        if result.denominator is None:  # a plan that is not printed: there is nothing that quantities could add up to
            shown = {unit: (n, 0, u) for unit, (n, _, u) in shown.items() if n or u}
            sums = (sums[0], 0, sums[2])
        if sums != whole:
            found.append(f"{result.id} on {day}: by {report.by} adds up to {sums}, the whole is {whole}")
        if shown != right and sums == whole:
            found.append(f"{result.id} on {day}: by {report.by} is {shown}, by hand {right}")
    return found


def _grouped(right: Expected, groups: dict[str, str | None]) -> dict[str | None, tuple[int, ...]]:
    sums: list[Counter[str | None]] = []
    for counts in right.by_unit:
        column: Counter[str | None] = Counter()
        for unit, number in counts.items():
            column[groups.get(unit) if unit is not None else None] += number
        sums.append(column)
    shown = set().union(*sums)
    return {unit: tuple(column[unit] for column in sums) for unit in shown if any(column[unit] for column in sums)}
