"""Numerators and denominators as amounts per unit: counted rows, or a column summed. No verdicts here."""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt

from canbo.measure.bitmaps import Words, count, from_rows, rows_of
from canbo.measure.members import Members
from canbo.measure.scheme import Indicator, Plan
from canbo.measure.sets import IndicatorSets, Measurer


@dataclass(frozen=True)
class Amount:
    """A whole amount and its part in every unit itself; rows without a unit are only in the whole."""

    total: int
    by_unit: npt.NDArray[np.int64]


@dataclass(frozen=True)
class Counts:
    """The amounts of one indicator on one day; ``is_open``: the denominator is planned without a printed number."""

    numerator: Amount
    denominator: Amount
    unknown: Amount
    population_unknown: int
    is_open: bool = False


def counted(members: Members, words: Words) -> Amount:
    """Rows counted."""
    return Amount(count(words), members.ranges.by_unit(words))


def summed(members: Members, words: Words, column: str | None) -> Amount:
    """A column summed over the rows; unknown cells add nothing. Without a column, rows are counted.

    Sums are whole numbers: the columns that may be summed are counts of posts, places and people.
    """
    if column is None:
        return counted(members, words)
    values = members.column(column).to_numpy()
    values = np.nan_to_num(np.asarray(values, dtype=np.float64))
    mask = np.zeros(members.rows, dtype=bool)
    mask[rows_of(words)] = True
    weights = np.where(mask, values, 0.0)
    units = len(members.ranges.starts) - 1
    placed = members.places < units
    by_unit = np.bincount(members.places[placed], weights=weights[placed], minlength=units)
    return Amount(round(float(weights.sum())), np.rint(by_unit).astype(np.int64))


def counts_of_sets(sets: IndicatorSets) -> Counts:
    """Counts of a share or a count over rows."""
    members = sets.members
    return Counts(
        counted(members, sets.satisfying),
        counted(members, sets.population),
        counted(members, sets.unknown),
        count(sets.outside),
    )


def counts_of_ratio(measurer: Measurer, indicator: Indicator, day: date) -> Counts:
    """Counts of a ratio of two groups, from any datasets."""
    conditions = measurer.conditions(indicator, day)
    amounts = []
    outside = 0
    for side, condition in (
        (indicator.numerator, conditions.numerator),
        (indicator.denominator, conditions.denominator),
    ):
        assert side is not None  # the reader refuses a ratio without both sides
        group = measurer.group([condition] if condition else [], day, side.of)
        members = measurer.members.get(side.of, day)
        amounts.append(summed(members, group.true, side.sum))
        outside += count(group.unknown)
    none = Amount(0, np.zeros_like(amounts[0].by_unit))
    return Counts(amounts[0], amounts[1], none, outside)


@dataclass(frozen=True)
class _Planned:
    """The plan lines of a category whose period contains the day: their span so far, and quantities per unit."""

    first: date
    last: date
    total: int
    by_unit: npt.NDArray[np.int64]
    is_open: bool


def _planned(measurer: Measurer, plan: Plan, day: date) -> _Planned | None:
    plans = measurer.members.get("plans", day)
    names = ("category", "period_start", "period_end", "quantity")
    columns = [plans.column(name).to_pylist() for name in names]
    counted_rows = set(rows_of(measurer.group([], day, "plans").true).tolist())
    lines = [
        (row, start, end, quantity)
        for row, (category, start, end, quantity) in enumerate(zip(*columns, strict=True))
        if category == plan.category and start <= day <= end and row in counted_rows
    ]
    if not lines:
        return None
    by_unit = np.zeros(len(plans.ranges.starts) - 1, np.int64)
    for row, _, _, quantity in lines:
        if plans.places[row] < len(by_unit):
            by_unit[plans.places[row]] += quantity or 0
    return _Planned(
        first=min(start for _, start, _, _ in lines),
        last=min(day, max(end for _, _, end, _ in lines)),
        total=sum(quantity or 0 for _, _, _, quantity in lines),
        by_unit=by_unit,
        is_open=any(quantity is None for _, _, _, quantity in lines),
    )


def _dated(sets: IndicatorSets, plan: Plan, planned: _Planned) -> Words:
    days = sets.members.column(plan.date).to_numpy().astype("datetime64[D]")
    inside = (days >= np.datetime64(planned.first)) & (days <= np.datetime64(planned.last))
    return from_rows(np.flatnonzero(inside), sets.members.rows)


def sets_of_plan(measurer: Measurer, indicator: Indicator, sets: IndicatorSets, day: date) -> IndicatorSets:
    """The sets cut to the rows dated within the plan's period and not after the day; empty without such a plan."""
    plan = indicator.plan
    assert plan is not None  # the caller asked about a plan
    planned = _planned(measurer, plan, day)
    dated = np.zeros_like(sets.population) if planned is None else _dated(sets, plan, planned)
    satisfying = sets.satisfying & dated
    repeated = None
    if indicator.distinct is not None:
        repeated, satisfying = satisfying, sets.members.first_of_each(satisfying, indicator.distinct, plan.date)
    return replace(
        sets,
        population=sets.population & dated,
        outside=sets.outside & dated,
        satisfying=satisfying,
        unknown=sets.unknown & dated,
        repeated=repeated,
    )


def counts_of_plan(measurer: Measurer, indicator: Indicator, sets: IndicatorSets, day: date) -> Counts | None:
    """Satisfying rows dated within the plan's period and not after the day, against the quantity planned.

    None when no plan of the category has a period that contains the day. A plan line without a printed quantity leaves
    the denominator open.
    """
    planned = _planned(measurer, indicator.plan, day) if indicator.plan else None
    if planned is None:
        return None
    inside = sets_of_plan(measurer, indicator, sets, day)
    return Counts(
        counted(sets.members, inside.satisfying),
        Amount(planned.total, planned.by_unit),
        counted(sets.members, inside.unknown),
        count(inside.outside),
        is_open=planned.is_open,
    )
