"""Indicators measured once for every unit or list: each against the target, or against its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from canbo.codes import code_list
from canbo.common.language import pick
from canbo.common.numbers import parse_number
from canbo.common.shares import Goal
from canbo.datasets.dictionary import dictionary
from canbo.datasets.units import UnitTree
from canbo.measure.bitmaps import Words, rows_of
from canbo.measure.results import UnitResult
from canbo.measure.scheme import Each, Indicator, Target
from canbo.measure.sets import IndicatorSets, Measurer
from canbo.measure.verdicts import Style, could_change, judge

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class EachResult:
    """The units measured: how many meet their target, out of how many, and how many the unknown may turn."""

    units: tuple[UnitResult, ...]
    met: int
    measured: int
    could_turn: int


@dataclass(frozen=True)
class _Groups:
    ids: tuple[str, ...]
    names: tuple[str, ...]
    numerator: Counts
    denominator: Counts
    unknown: Counts
    own_targets: tuple[float | None, ...] | None


def measure_each(
    measurer: Measurer,
    indicator: Indicator,
    each: Each,
    sets: IndicatorSets,
    target: Target | None,
    day: date,
) -> EachResult:
    """Measure an indicator in every unit (over the members of its subtree) or list (over its members)."""
    group = _list_groups if each.of == "succession_lists" else _unit_groups
    groups = group(measurer, indicator, each, sets, day)
    style = Style(measurer.scheme.rounding, measurer.scheme.places)
    units = []
    could_turn = 0
    for number, unit in enumerate(groups.ids):
        goal, text = _goal_of(each, target, unit, groups, number)
        n, d, u = (int(column[number]) for column in (groups.numerator, groups.denominator, groups.unknown))
        needs_own = each.target_column is not None and goal is None and unit not in each.exceptions
        verdict = judge(n, d, measure=indicator.measure, goal=goal, style=style)
        status, reason = verdict.status, None
        if d == 0:
            reason = pick("Không có thành viên nào.", "It has no members.")
        elif needs_own:
            status, reason = "not_measurable", _no_own_figure(each)
        could_turn += status == "short" and could_change(n, d, u, 0, measure=indicator.measure, goal=goal)
        units.append(
            UnitResult(
                unit_id=unit,
                name=groups.names[number],
                numerator=n,
                denominator=d,
                unknown=u,
                value=verdict.value,
                printed=verdict.printed,
                target=text,
                status=status,
                shortfall=verdict.shortfall if status in ("met", "short") else None,
                reason=reason,
            )
        )
    measured = [unit for unit in units if unit.status in ("met", "short")]
    met = sum(unit.status == "met" for unit in measured)
    # Without any goal the units are only reported: those with somebody who satisfies are counted.
    if not measured:
        measured = [unit for unit in units if unit.status == "report"]
        met = sum(bool(unit.numerator) for unit in measured)
    return EachResult(tuple(units), met, len(measured), could_turn)


def _no_own_figure(each: Each) -> str:
    head = dictionary()[each.of].columns[each.target_column or ""].head
    return pick(f"Đơn vị chưa có số liệu “{head}”.", f"The unit has no “{head}”.")


def _goal_of(
    each: Each, target: Target | None, unit: str, groups: _Groups, number: int
) -> tuple[Goal | None, str | None]:
    """The goal a unit is held against: its exception, its own figure, or the indicator's target."""
    if unit in each.exceptions:
        text, goal = each.exceptions[unit]
        return goal, text
    if groups.own_targets is not None:
        own = groups.own_targets[number]
        if own is None:
            return None, None
        low = max(Fraction(own).limit_denominator(10**6) - _tolerance(each), Fraction(0))
        text = f">= {float(low * 100):.4g}%"
        return Goal(">=", low, low, percent=True, text=text), text
    return (target.goal, target.is_) if target else (None, None)


def _tolerance(each: Each) -> Fraction:
    number = parse_number(each.tolerance) if each.tolerance else None
    if number is None:
        return Fraction(0)
    return Fraction(number) / 100 if each.tolerance and each.tolerance.strip().endswith("%") else Fraction(number)


def _unit_groups(measurer: Measurer, indicator: Indicator, each: Each, sets: IndicatorSets, day: date) -> _Groups:
    tree = measurer.store.party_tree if each.tree == "party" else measurer.store.tree
    units = measurer.members.get("units", day)
    condition = measurer.conditions(indicator, day).each_where
    chosen = rows_of(measurer.group([condition] if condition else [], day, "units").true)
    ids = units.column("unit_id").to_pylist()
    places = np.array(sorted(tree.position[ids[row]] for row in chosen), dtype=np.int64)
    places = measurer.whole_subtrees(tree, places)
    numbers = [_in_subtrees(measurer, sets, words, tree, places) for words in
               (sets.satisfying, sets.population, sets.unknown)]  # fmt: skip
    own = None
    if each.target_column is not None:
        by_id = dict(zip(ids, units.column(each.target_column).to_pylist(), strict=True))
        own = tuple(by_id[tree.ids[place]] for place in places)
    return _Groups(
        tuple(tree.ids[p] for p in places),
        tuple(tree.names[p] for p in places),
        numbers[0],
        numbers[1],
        numbers[2],
        own,
    )


def _in_subtrees(
    measurer: Measurer, sets: IndicatorSets, words: Words, tree: UnitTree, places: npt.NDArray[np.int64]
) -> Counts:
    ranges = sets.members.ranges
    if tree is measurer.store.tree:
        return ranges.by_subtree(words, places, tree.ends)
    # Rows stand in the order of the administrative tree: count per unit, then add up along the party tree.
    own = ranges.by_unit(words)
    order = np.array([measurer.store.tree.position[unit] for unit in tree.ids], dtype=np.int64)
    sums = np.concatenate([[0], np.cumsum(own[order])])
    return np.asarray(sums[tree.ends[places]] - sums[places], dtype=np.int64)


def _list_groups(measurer: Measurer, indicator: Indicator, each: Each, sets: IndicatorSets, day: date) -> _Groups:
    lists = measurer.members.get("succession_lists", day)
    condition = measurer.conditions(indicator, day).each_where
    chosen = rows_of(measurer.group([condition] if condition else [], day, "succession_lists").true)
    table = lists.values(["list_id", "term", "body", "post_kind"], chosen).to_pylist()
    ids = tuple(row["list_id"] for row in table)
    rows, numbers = _list_members(measurer, sets, {name: n for n, name in enumerate(ids)}, day)
    flags = [_flags(words, sets.members.rows) for words in (sets.satisfying, sets.population, sets.unknown)]
    counts = [np.bincount(numbers[flag[rows]], minlength=len(ids)).astype(np.int64) for flag in flags]
    names = tuple(_list_name(row) for row in table)
    return _Groups(ids, names, counts[0], counts[1], counts[2], None)


def _flags(words: Words, rows: int) -> npt.NDArray[np.bool_]:
    return np.unpackbits(words.view(np.uint8), bitorder="little")[:rows].astype(bool)


def _list_members(
    measurer: Measurer, sets: IndicatorSets, numbers: Mapping[str, int], day: date
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Pairs of a row of the indicator's dataset and the list it belongs to on the day; a person once a list."""
    members = sets.members
    if members.dataset == "succession":
        lists = [numbers.get(name, -1) for name in members.column("list_id").to_pylist()]
        pairs = np.array([(row, place) for row, place in enumerate(lists) if place >= 0], dtype=np.int64)
    else:
        pool = measurer.members.get("succession", day)
        literal = f"DATE '{day.isoformat()}'"
        found = pool._fetch(
            f'SELECT DISTINCT p._n AS n, s.list_id AS list_id FROM "{pool.table}" AS s '
            f'JOIN "{members.table}" AS p USING (person_id) '
            f"WHERE s.added_on <= {literal} AND (s.removed_on IS NULL OR s.removed_on > {literal})"
        ).to_pylist()
        pairs = np.array([(r["n"], numbers[r["list_id"]]) for r in found if r["list_id"] in numbers], dtype=np.int64)
    pairs = pairs.reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


def _list_name(row: Mapping[str, object]) -> str:
    parts = [str(row["list_id"]), str(row["term"])]
    for column in ("body", "post_kind"):
        position = row[column]
        if isinstance(position, int):
            codes = code_list(column)
            parts.append(codes[codes.keys[position]].label)
    return " – ".join(parts)
