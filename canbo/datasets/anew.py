"""A few people worked out anew on a day: only the columns that a change can have touched, the others as they were."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import numpy as np
import pyarrow as pa

from canbo.datasets.bundle import BIRTH_LATEST
from canbo.datasets.derive import PEOPLE_DERIVED_FROM, people_columns_sql
from canbo.datasets.dictionary import UNIT_COLUMNS
from canbo.datasets.store import Store

_GROUPS: Mapping[frozenset[str], frozenset[str]] = {
    frozenset({"posts_held", "memberships"}): frozenset(
        {*PEOPLE_DERIVED_FROM["posts_held"], "is_leader", "left_on", "_in_service"}
    ),
    frozenset({"qualifications"}): frozenset(PEOPLE_DERIVED_FROM["qualifications"]),
    frozenset({"ranks"}): frozenset(PEOPLE_DERIVED_FROM["ranks"]),
}
"""Datasets, and the columns of people that follow from them together with the same columns of the person's own row."""
_FROM_PERSON = frozenset({"birth_date", BIRTH_LATEST, "sex", "ethnicity", "retires_on"})
_FOLLOWING = frozenset({"is_minority", "retires_on", "age", BIRTH_LATEST, "_age_earliest"})


class Moved(Protocol):
    """A dataset with rows replaced: those that went and those that came, as stored."""

    @property
    def gone(self) -> pa.Table:
        """The rows that went."""

    @property
    def come(self) -> pa.Table:
        """The rows that came."""


@dataclass(frozen=True)
class Affected:
    """The columns of people to work out, and the datasets that must be looked into; None: all of them."""

    columns: frozenset[str] | None
    datasets: frozenset[str]


def affected(store: Store, gone: pa.Table, moved: Mapping[str, Moved]) -> Affected:
    """What a replacement can have changed in the people's rows. ``gone``: the rows as they were."""
    if "people" not in moved:
        return _of_groups(frozenset(), moved.keys())
    before, after = moved["people"].gone, moved["people"].come
    same = before["person_id"].to_pylist() == after["person_id"].to_pylist() == _in_file_order(gone)
    if not same or store.retires_after is not None:
        return Affected(None, store.present)
    columns = frozenset(name for name in after.column_names if name != "_row" and not before[name].equals(after[name]))
    found = _of_groups(columns, moved.keys())
    following = _FOLLOWING if columns & _FROM_PERSON else frozenset()
    assert found.columns is not None  # groups name their columns
    return Affected(found.columns | columns | following, found.datasets)


def _in_file_order(gone: pa.Table) -> list[str]:
    codes: list[str] = gone["person_id"].take(pa.array(np.argsort(gone["_row"].to_numpy()))).to_pylist()
    return codes


def _of_groups(columns: frozenset[str], moved: Collection[str]) -> Affected:
    touched = {datasets: own for datasets, own in _GROUPS.items() if datasets & set(moved) or own & columns}
    return Affected(frozenset().union(*touched.values()), frozenset().union(*touched))


def people_anew(store: Store, day: date, gone: pa.Table, what: Affected) -> pa.Table:
    """The people whose rows stand in the tables ``new_…``, in that order, with the columns of ``gone``."""
    sql = people_columns_sql(
        store.connection,
        day,
        store.present & what.datasets,
        store.has_imprecise_births,
        store.retires_after,
        raw="new",
        only=what.columns,
    )
    rows = store.connection.sql(sql).to_arrow_table()
    rows = rows.take(pa.array(np.argsort(rows["_row"].to_numpy())))
    if what.columns is not None:
        rows = _over(gone, rows)
    if what.columns is None or "unit_id" in what.columns:
        rows = _placed(store, rows)
    rows = rows.append_column("_n", rows["_row"]) if "_n" not in rows.column_names else rows
    return _renumbered(rows.select(gone.column_names).cast(gone.schema))


def _over(gone: pa.Table, rows: pa.Table) -> pa.Table:
    """The rows as they were, with the columns that were worked out anew in their place."""
    place = {code: number for number, code in enumerate(gone["person_id"].to_pylist())}
    made = gone.take(pa.array([place[code] for code in rows["person_id"].to_pylist()], pa.int64()))
    for name in rows.column_names:
        made = made.set_column(made.column_names.index(name), name, rows[name])
    return made


def _placed(store: Store, rows: pa.Table) -> pa.Table:
    """With the columns that follow from the unit."""
    units = store.unit_rows
    at = [store.tree.position.get(unit, -1) for unit in rows["unit_id"].to_pylist()]
    indices = pa.array(at, pa.int64(), mask=np.array(at) < 0)
    for name in UNIT_COLUMNS:
        rows = _with(rows, name, units[name].take(indices))
    return _with(rows, "_pos", pa.array([place if place >= 0 else 2**31 - 1 for place in at], pa.int32()))


def _with(rows: pa.Table, name: str, column: pa.ChunkedArray) -> pa.Table:
    if name in rows.column_names:
        return rows.set_column(rows.column_names.index(name), name, column)
    return rows.append_column(name, column)


def _renumbered(rows: pa.Table) -> pa.Table:
    return _with(rows, "_row", pa.array(np.arange(rows.num_rows), rows.schema.field("_row").type))
