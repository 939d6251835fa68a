"""What is missing from the data of an indicator on a day: by column, whom it leaves unknown and what that can turn."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from canbo.common.shares import Goal
from canbo.common.text import name_order
from canbo.datasets.dictionary import UNIT_COLUMNS, dictionary
from canbo.measure.amounts import sets_of_plan
from canbo.measure.bitmaps import Words, rows_of
from canbo.measure.columns import columns_of
from canbo.measure.compiler import compile_tree
from canbo.measure.conditions import setting_for
from canbo.measure.evaluation import measure_indicator
from canbo.measure.members import Members, value_of
from canbo.measure.reasons import Node, Reasons
from canbo.measure.results import IndicatorResult, Status
from canbo.measure.scheme import Expression, Indicator
from canbo.measure.sets import Measurer
from canbo.measure.turning import least_by_unit, least_to_turn

Use = tuple[str, str]
"""A dataset and its column."""

_ENTERED_AS: Mapping[str, str] = {
    "is_leader": "post_kind",
    "is_minority": "ethnicity",
    "age": "birth_date",
    "retires_on": "birth_date",
    **dict.fromkeys(UNIT_COLUMNS, "unit_id"),
}
"""Columns that follow from another one: where both are empty, the other is what an officer has to enter."""


@dataclass(frozen=True)
class Lacking:
    """A row that the data do not tell, and the columns that leave it so. ``inside``: known to be in the population."""

    dataset: str
    key: Mapping[str, str | None]
    name: str | None
    unit_id: str | None
    columns: frozenset[Use]
    inside: bool


@dataclass(frozen=True)
class MissingColumn:
    """One column and its effect.

    ``inside``: members of the population of whom it is unknown whether they meet the indicator; ``outside``: rows of
    which it is unknown whether they belong. ``alone``: those of both for whom nothing else is missing; ``turned_by``:
    how many of these, at the least, could turn the verdict (None: all of them cannot).
    """

    dataset: str
    column: str
    inside: int
    outside: int
    alone: int
    turned_by: int | None

    @property
    def head(self) -> str:
        """What the column is called."""
        return columns_of(self.dataset)[self.column].head


@dataclass(frozen=True)
class Missing:
    """What the data of an indicator lack on a day; columns with most people first.

    ``turned_by``: the least number of ``rows`` that could turn the verdict; None where they cannot, where there is no
    verdict, and for a ratio, whose rows are no shares of one whole. ``reason``: why it cannot be measured at all.
    """

    indicator_id: str
    as_of: date
    status: Status
    turned_by: int | None
    columns: tuple[MissingColumn, ...]
    rows: tuple[Lacking, ...]
    reason: str | None = None

    def of(self, column: str, dataset: str = "people") -> tuple[Lacking, ...]:
        """The rows that are unknown because of a column."""
        return tuple(row for row in self.rows if (dataset, column) in row.columns)


def missing_of(measurer: Measurer, indicator: Indicator, *, as_of: date) -> Missing:
    """What is missing for one indicator on a day, and whether the verdict could turn once it is known."""
    result = measure_indicator(measurer, indicator, as_of=as_of)
    if measurer.conditions(indicator, as_of).reason is not None:
        return Missing(indicator.id, as_of, result.status, None, (), (), result.reason)
    rows = [row for one in _unknown_sets(measurer, indicator, as_of) for row in _lacking(measurer, indicator, one)]
    rows.sort(
        key=lambda row: (not row.inside, name_order(row.name or ""), *(value or "" for value in row.key.values()))
    )
    turned_by = least_by_unit(result) if result.is_each else _turned_by(indicator, result, rows, as_of)
    return Missing(
        indicator.id,
        as_of,
        result.status,
        turned_by,
        _columns(indicator, result, rows, as_of),
        tuple(rows),
        result.reason,
    )


@dataclass(frozen=True)
class _Unknown:
    """Rows that are unknown, and the conditions that decide about them."""

    members: Members
    words: Words
    conditions: tuple[Expression, ...]
    inside: bool
    day: date


def _unknown_sets(measurer: Measurer, indicator: Indicator, day: date) -> list[_Unknown]:
    if indicator.measure == "ratio":
        compiled = measurer.conditions(indicator, day)
        found = []
        sides = ((indicator.numerator, compiled.numerator), (indicator.denominator, compiled.denominator))
        for side, condition in sides:
            if side is not None and side.where is not None and condition is not None:
                group = measurer.group([condition], day, side.of)
                members = measurer.members.get(side.of, day)
                found.append(_Unknown(members, group.unknown, (side.where,), False, day))
        return found
    sets = measurer.sets(indicator, day)
    assert sets is not None  # no reason was given, so it can be measured
    if indicator.plan is not None:
        sets = sets_of_plan(measurer, indicator, sets, day)
    satisfies = (indicator.satisfies,) if indicator.satisfies else ()
    return [
        _Unknown(sets.members, sets.unknown, satisfies, True, day),
        _Unknown(sets.members, sets.outside, tuple(indicator.where), False, day),
    ]


def _lacking(measurer: Measurer, indicator: Indicator, unknown: _Unknown) -> list[Lacking]:
    rows, members = rows_of(unknown.words), unknown.members
    if not len(rows):
        return []
    columns = _columns_by_row(measurer, indicator, unknown, rows)
    own = columns_of(members.dataset)
    wanted = [*members.key_columns(), *(name for name in ("full_name", "name", "unit_id", "person_id") if name in own)]
    table = members.values(list(dict.fromkeys(wanted)), rows).to_pylist()
    names = measurer.store.names if members.dataset != "people" and "people" in measurer.store.present else {}
    return [
        Lacking(
            members.dataset,
            {key: _text(row[key], members.dataset, key) for key in members.key_columns()},
            row.get("full_name") or names.get(row.get("person_id")) or row.get("name"),
            row.get("unit_id"),
            frozenset(lacking),
            unknown.inside,
        )
        for row, lacking in zip(table, columns, strict=True)
    ]


def _columns_by_row(
    measurer: Measurer, indicator: Indicator, unknown: _Unknown, rows: npt.NDArray[np.int64]
) -> list[set[Use]]:
    """For each row the columns without a value in the parts of the conditions that are unknown for it."""
    members = unknown.members
    setting = setting_for(measurer.scheme, indicator, unknown.day, measurer.store)
    found: list[set[Use]] = [set() for _ in rows]
    for condition in unknown.conditions:
        reasons = Reasons(members, condition.text, setting, rows)
        atoms = {
            id(atom): compile_tree(atom.tree.copy(), members.dataset, setting).uses for atom in _atoms(reasons.root)
        }
        stored = _stored(members, {use for uses in atoms.values() for use in uses}, rows)
        for at, columns in enumerate(found):
            for atom in _unknown_atoms(reasons.root, at):
                columns |= _blamed(atoms[id(atom)], members.dataset, stored, at)
    return found


def _atoms(node: Node) -> list[Node]:
    return [node] if node.kind == "atom" else [atom for child in node.children for atom in _atoms(child)]


def _unknown_atoms(node: Node, at: int) -> list[Node]:
    """All that would have to be known to decide a node that is unknown."""
    if node.value(at) is not None:
        return []
    return [node] if node.kind == "atom" else [atom for child in node.children for atom in _unknown_atoms(child, at)]


def _stored(members: Members, uses: Iterable[Use], rows: npt.NDArray[np.int64]) -> dict[str, Sequence[Any]]:
    own = {column for dataset, column in uses if dataset == members.dataset and column}
    own |= {_ENTERED_AS[column] for column in own if _ENTERED_AS.get(column) in columns_of(members.dataset)}
    names = sorted(own)
    table = members.values(names, rows) if names else None
    return {name: table[name].to_pylist() for name in names} if table is not None else {}


def _blamed(uses: Iterable[Use], dataset: str, stored: Mapping[str, Sequence[Any]], at: int) -> set[Use]:
    """The columns of the row without a value; where all have one that is not exact enough, all of them."""
    named = {use for use in uses if use[1]}
    own = {column for where, column in named if where == dataset}
    empty = {column for column in own if stored[column][at] is None}
    if not empty:
        return {(dataset, _ENTERED_AS.get(column, column)) for column in own} or named
    return {(dataset, _to_enter(column, stored, at)) for column in empty}


def _to_enter(column: str, stored: Mapping[str, Sequence[Any]], at: int) -> str:
    source = _ENTERED_AS.get(column, column)
    return source if source in stored and stored[source][at] is None else column


def _columns(
    indicator: Indicator, result: IndicatorResult, rows: Sequence[Lacking], day: date
) -> tuple[MissingColumn, ...]:
    found = []
    for use in sorted({use for row in rows for use in row.columns}):
        touched = [row for row in rows if use in row.columns]
        alone = [row for row in touched if len(row.columns) == 1]
        inside = sum(row.inside for row in touched)
        turned_by = None if result.is_each else _turned_by(indicator, result, alone, day)
        found.append(MissingColumn(*use, inside, len(touched) - inside, len(alone), turned_by))
    return tuple(sorted(found, key=lambda one: (-one.inside - one.outside, one.dataset, one.column)))


def _turned_by(indicator: Indicator, result: IndicatorResult, rows: Sequence[Lacking], day: date) -> int | None:
    target = indicator.target_on(day)
    goal: Goal | None = target.goal if target else None
    if goal is None or indicator.measure == "ratio" or result.numerator is None or result.denominator is None:
        return None
    inside = sum(row.inside for row in rows)
    return least_to_turn(
        result.numerator,
        result.denominator,
        inside,
        len(rows) - inside,
        measure="count" if indicator.plan is not None else indicator.measure,
        goal=goal,
        planned=indicator.plan is not None,
    )


def _text(value: Any, dataset: str, column: str) -> str | None:
    named = value_of(value, dataset, column) if column in dictionary()[dataset].columns else value
    if named is None:
        return None
    return named.isoformat() if isinstance(named, date) else str(named)
