"""The people (or rows) behind a count, each with the reason. Counts are made in ``amounts``; here are the names."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.common.text import name_order, nearest
from canbo.datasets.dictionary import dictionary
from canbo.measure.amounts import sets_of_plan
from canbo.measure.bitmaps import Words, rows_of
from canbo.measure.conditions import setting_for
from canbo.measure.members import Members, value_of
from canbo.measure.reasons import Reasons
from canbo.measure.results import LIST_NAMES, ListedRow, Listing, ListName, Why
from canbo.measure.scheme import Expression, Indicator
from canbo.measure.sets import Measurer
from canbo.measure.words import says_of


def subtree_rows(measurer: Measurer, members: Members, unit: str) -> Words:
    """The rows in a unit and below it.

    :raises Refused: when the data has no such unit.
    """
    tree = measurer.store.tree
    place = tree.position.get(unit)
    if place is None:
        near = nearest(unit, tree.ids) or nearest(unit, tree.names)
        hint = pick(f" Có phải “{near}” không?", f" Do you mean “{near}”?") if near else ""
        raise Refused(pick(f"Dữ liệu không có đơn vị “{unit}”.{hint}", f"The data has no unit “{unit}”.{hint}"))
    low, high = members.ranges.starts[place], members.ranges.starts[tree.ends[place]]
    flags = np.zeros(len(members.base) * 64, np.uint8)
    flags[low:high] = 1
    return np.packbits(flags, bitorder="little").view(np.uint64)


def listing(
    measurer: Measurer, indicator: Indicator, *, as_of: date, list_name: ListName, unit: str | None = None
) -> Listing:
    """The rows of one list of an indicator on a day, sorted by given name, each with the reason.

    :raises Refused: when the indicator cannot be measured on the day, or the unit is unknown.
    """
    conditions = measurer.conditions(indicator, as_of)
    if conditions.reason is not None:
        raise Refused(
            pick(
                f"{indicator.id} chưa đo được nên không có danh sách: {conditions.reason}",
                f"{indicator.id} cannot be measured, so it has no list: {conditions.reason}",
            )
        )
    if indicator.measure == "ratio":
        return _ratio_listing(measurer, indicator, as_of, list_name, unit)
    sets = measurer.sets(indicator, as_of)
    assert sets is not None  # no reason was given, so it can be measured
    if indicator.plan is not None:
        sets = sets_of_plan(measurer, indicator, sets, as_of)
    words = {
        "counted": sets.satisfying,
        "lacking": sets.lacking,
        "unknown": sets.unknown,
        "outside_unknown": sets.outside,
    }[list_name]
    if unit is not None:
        words = words & subtree_rows(measurer, sets.members, unit)
    rows = rows_of(words)
    reasons = _reasons(measurer, indicator, sets.members, rows, as_of, list_name)
    return Listing(indicator.id, sets.members.dataset, list_name, _listed(measurer, sets.members, rows, reasons))


def _ratio_listing(
    measurer: Measurer, indicator: Indicator, day: date, list_name: ListName, unit: str | None
) -> Listing:
    side = indicator.numerator
    assert side is not None  # the reader refuses a ratio without both sides
    members = measurer.members.get(side.of, day)
    condition = measurer.conditions(indicator, day).numerator
    group = measurer.group([condition] if condition else [], day, side.of)
    words = {"counted": group.true, "outside_unknown": group.unknown}.get(list_name, np.zeros_like(group.true))
    if unit is not None:
        words = words & subtree_rows(measurer, members, unit)
    rows = rows_of(words)
    expressions = [side.where] if side.where else []
    reasons = _whys(measurer, indicator, expressions, members, rows, day)
    return Listing(indicator.id, side.of, list_name, _listed(measurer, members, rows, reasons))


def _reasons(
    measurer: Measurer,
    indicator: Indicator,
    members: Members,
    rows: npt.NDArray[np.int64],
    day: date,
    name: ListName,
) -> list[Why]:
    if name == "outside_unknown":
        return _whys(measurer, indicator, list(indicator.where), members, rows, day)
    asked = [indicator.satisfies] if indicator.satisfies else []
    return _whys(measurer, indicator, asked, members, rows, day, says=says_of(indicator))


def _whys(
    measurer: Measurer,
    indicator: Indicator,
    expressions: list[Expression],
    members: Members,
    rows: npt.NDArray[np.int64],
    day: date,
    says: str | None = None,
) -> list[Why]:
    """The reason for each row; of several conditions the first that is unknown, else the first."""
    if not expressions or not len(rows):
        return [Why(None, None, None, "") for _ in rows]
    setting = setting_for(measurer.scheme, indicator, day, measurer.store)
    asked = [Reasons(members, one.text, setting, rows, says) for one in expressions]
    found = []
    for at in range(len(rows)):
        deciding = next((one for one in asked if one.root.value(at) is None), asked[0])
        found.append(deciding.why(at))
    return found


def _listed(
    measurer: Measurer, members: Members, rows: npt.NDArray[np.int64], whys: list[Why]
) -> tuple[ListedRow, ...]:
    if not len(rows):
        return ()
    columns = dictionary()[members.dataset].columns
    wanted = list(dict.fromkeys([*members.key_columns(), *(c for c in _SHOWN if c in columns)]))
    table = members.values(wanted, rows).to_pylist()
    names = _names(measurer, members, [row.get("person_id") for row in table])
    tree = measurer.store.tree
    found = []
    for row, why, name in zip(table, whys, names, strict=True):
        unit = row.get("to_unit_id" if "to_unit_id" in row else "unit_id")
        place = tree.position.get(unit, -1) if unit else -1
        found.append(
            ListedRow(
                key={column: _text(row[column], members.dataset, column) for column in members.key_columns()},
                name=name if name is not None else row.get("full_name") or row.get("name"),
                unit_id=unit,
                unit_name=tree.names[place] if place >= 0 else None,
                why=why,
                birth=row.get("birth_date"),
                post=row.get("post"),
            )
        )
    return tuple(sorted(found, key=lambda one: (name_order(one.name or ""), *(v or "" for v in one.key.values()))))


_SHOWN = ("full_name", "name", "unit_id", "to_unit_id", "birth_date", "post", "person_id")


def _text(value: Any, dataset: str, column: str) -> str | None:
    named = value_of(value, dataset, column)
    if named is None:
        return None
    return named.isoformat() if isinstance(named, date) else str(named)


def _names(measurer: Measurer, members: Members, people: list[str | None]) -> list[str | None]:
    """The names of the people that rows of another dataset name."""
    if members.dataset == "people" or "people" not in measurer.store.present or not any(people):
        return [None] * len(people)
    by_id: Mapping[str, str] = measurer.store.names
    return [by_id.get(person) if person else None for person in people]


def lists_of(measurer: Measurer, indicator: Indicator, *, as_of: date, unit: str | None = None) -> tuple[Listing, ...]:
    """All lists of an indicator that are not empty; none where it cannot be measured."""
    if measurer.conditions(indicator, as_of).reason is not None:
        return ()
    every = (listing(measurer, indicator, as_of=as_of, list_name=name, unit=unit) for name in LIST_NAMES)
    return tuple(one for one in every if one.rows)
