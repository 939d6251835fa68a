"""The table of units × indicators with what is short in each cell, from counts. The page lays it out."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from canbo.common.numbers import print_count
from canbo.common.shares import Goal, shortfall
from canbo.common.text import text_order
from canbo.measure.results import IndicatorResult, UnitResult
from canbo.output import words

LEVELS = (Fraction(1, 20), Fraction(1, 10), Fraction(1, 5), Fraction(2, 5))
"""Where the shades begin: the shortfall as a share of the unit's members."""
FEW = 5
"""Under so many members one person makes the share: such cells stay pale, or they would shout over the large ones."""

_Key = tuple[str | None, str]
"""A unit: those gathered without a code are told apart by their name."""


@dataclass(frozen=True)
class HeatCell:
    """One unit under one indicator: what is written, how deep the shade (0–5), and the figures behind it."""

    text: str
    shade: int
    counts: str
    short: int


@dataclass(frozen=True)
class HeatRow:
    """One unit with its cells in the order of the columns; None where it has no members to measure.

    ``unit_id`` is None for the rest that has no such unit; it stands last, since nobody answers for it.
    """

    unit_id: str | None
    name: str
    total: int
    cells: tuple[HeatCell | None, ...]


@dataclass(frozen=True)
class HeatTable:
    """Units that need help first. ``own_targets``: each unit is held to a target of its own (``each``)."""

    columns: tuple[IndicatorResult, ...]
    rows: tuple[HeatRow, ...]
    own_targets: bool


def heat_tables(indicators: Sequence[IndicatorResult]) -> list[HeatTable]:
    """The table of indicators split by unit, then of those measured for each; none of one column."""
    split = [one for one in indicators if one.units and not one.is_each and _is_held_by_units(one)]
    committed = [one for one in split if one.target and not one.target.orientation]
    split = committed or split  # a direction repeats a commitment with a later day: both would count people twice
    tables = [_table(split, own_targets=False)] if split else []
    for counted_in in dict.fromkeys(one.counted_in for one in indicators if one.is_each and one.units):
        each = [one for one in indicators if one.is_each and one.units and one.counted_in == counted_in]
        if len(each) > 1:
            tables.append(_table(each, own_targets=True))
    return [table for table in tables if table.rows]


def _is_held_by_units(result: IndicatorResult) -> bool:
    """A share can be asked of every unit; a number of people in the whole province cannot."""
    goal = words.goal_of(result.target)
    return goal is not None and goal.percent


def _table(columns: Sequence[IndicatorResult], *, own_targets: bool) -> HeatTable:
    cells: dict[_Key, dict[int, HeatCell]] = {}
    for place, result in enumerate(columns):
        for unit in result.units:
            cell = _cell(result, unit)
            if cell is not None:
                name = words.unit_title(unit.unit_id, unit.name)
                cells.setdefault((unit.unit_id, name), {})[place] = cell
    rows = [
        HeatRow(
            unit_id,
            name,
            sum(cell.short for cell in found.values()),
            tuple(found.get(place) for place in range(len(columns))),
        )
        for (unit_id, name), found in cells.items()
    ]
    rows.sort(key=lambda row: (row.unit_id is None, -row.total, text_order(row.name)))
    return HeatTable(tuple(columns), tuple(rows), own_targets)


def unit_shortfall(result: IndicatorResult, unit: UnitResult, goal: Goal | None) -> int | None:
    """How many short a unit is: by its own verdict, else as if it alone had to hold the common target.

    None where nothing was measured or no whole number of members would do.
    """
    if result.is_each:
        return unit.shortfall
    if goal is None or not goal.percent or unit.numerator is None or not unit.denominator:
        return None
    return shortfall(goal, unit.numerator, unit.denominator, capped=result.measure == "share")


def _cell(result: IndicatorResult, unit: UnitResult) -> HeatCell | None:
    if unit.numerator is None or unit.denominator == 0:
        return None
    goal = words.goal_of(result.target)
    short = unit_shortfall(result, unit, goal)
    counts = words.unit_counts(result, unit)
    if short is None:
        return HeatCell(counts, 0, counts, 0)
    if short == 0:
        return HeatCell("✓", 0, counts, 0)
    return HeatCell(print_count(short), _shade(short, unit.denominator or 1), counts, short)


def _shade(short: int, members: int) -> int:
    share = Fraction(short, members)
    depth = 1 + sum(share > level for level in LEVELS)
    return depth if members >= FEW else min(depth, 2)
