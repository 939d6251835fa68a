"""A store kept current: the rows of a few people replaced in its tables, what was worked out of the others stands.

Says where rows went and came and which columns are other than before, so that who asks the store can keep what it knows
of everything else.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from canbo.datasets.anew import affected, people_anew
from canbo.datasets.bundle import BIRTH_LATEST
from canbo.datasets.derive import PEOPLE_LOOKED_UP, members_sql
from canbo.datasets.dictionary import UNIT_COLUMNS, dictionary
from canbo.datasets.store import UNIT_OF, Store, stored_rows

Places = npt.NDArray[np.int64]
_MOST_PIECES = 256
"""Arrow tables in more pieces than this are put together again: each piece costs every later scan a little."""
_BESIDE = {"_n", "_row"}
_MEANT = {BIRTH_LATEST: "birth_date", "_age_earliest": "age"}
"""Columns that a condition reads where it names another one."""


class Unlike(Exception):
    """The new rows do not fit the store: it must be made anew."""


@dataclass(frozen=True)
class Splice:
    """Rows of one table replaced.

    ``removed``: places before; ``at``: for each new row how many of the rows that stay come before it (ascending);
    ``was``: for each new row the place before of the row it goes on from, -1 where none; ``rows``: the new rows.
    """

    removed: Places
    at: Places
    was: Places
    rows: pa.Table

    @property
    def inserted(self) -> Places:
        """The places of the new rows after."""
        return self.at + np.arange(len(self.at))

    @property
    def is_in_place(self) -> bool:
        """Whether each new row stands where the row stood that it goes on from, so that all others stay in theirs."""
        return bool(np.array_equal(self.removed, self.inserted) and np.array_equal(self.was, self.removed))


@dataclass(frozen=True)
class Patch:
    """What a replacement changed.

    ``splices``: by table; ``dropped``: tables to be made anew; ``whole``: the datasets replaced whole; ``changed``:
    pairs of dataset and column, the column empty where rows of the dataset came or went; ``rows``: by dataset, the rows
    that went and those that came, as stored, in as many tables as the dataset has days.
    """

    splices: Mapping[str, Splice]
    dropped: frozenset[str]
    whole: frozenset[str]
    changed: frozenset[tuple[str, str]]
    rows: Mapping[str, Sequence[pa.Table]]


def replace_rows(
    store: Store, people: Collection[str], of_people: Mapping[str, pa.Table], whole: Mapping[str, pa.Table]
) -> Patch:
    """Put the given rows in place of all rows that people have in some datasets, and of all rows of others.

    ``of_people``: by dataset, the new rows of the people (ids); of datasets left out, theirs stay. ``whole``: by
    dataset, all its rows. Both canonical. Rows of other datasets than ``people`` go to the end, so that rows of one day
    may stand in another order than in a store made anew.

    :raises Unlike: a dataset or column would appear or vanish; the store is as it was.
    """
    with store.lock:
        wanted = pa.array(sorted(people), pa.string())
        touched = {name: _fitted(store, name, table) for name, table in of_people.items() if name in store.present}
        if any(of_people[name].num_rows for name in of_people.keys() - touched.keys()):
            raise Unlike
        replaced = {name: _replaced(store, name, wanted, table) for name, table in touched.items()}
        moved = {name: one for name, one in replaced.items() if one is not None}
        fitted = {name: _fitted(store, name, table) for name, table in whole.items()}
        _check(store, moved, fitted)
        for name, one in moved.items():
            store.put(name, one.table, one.raw)
        for name, table in fitted.items():
            store.put(name, table, stored_rows(dictionary()[name], table, table.num_rows))
        store.connection.register("new_people", _own(store, "people", wanted))
        return _patch_tables(store, wanted, moved, frozenset(fitted))


def _fitted(store: Store, name: str, table: pa.Table) -> pa.Table:
    """The rows with exactly the columns that the store's dataset has."""
    if name not in store.present:
        raise Unlike
    own = store.data.tables[name]
    known = set(own.column_names)
    if any(table[column].null_count < table.num_rows for column in set(table.column_names) - known):
        raise Unlike
    columns = {
        field.name: table[field.name] if field.name in table.column_names else pa.nulls(table.num_rows, field.type)
        for field in own.schema
    }
    if BIRTH_LATEST in columns and BIRTH_LATEST not in table.column_names:
        columns[BIRTH_LATEST] = table["birth_date"]  # the days of these people are all exact
    try:
        return pa.table(columns).cast(own.schema)
    except pa.ArrowInvalid as error:
        raise Unlike from error


@dataclass(frozen=True)
class _Moved:
    """A dataset with rows replaced: canonical and as stored; the rows that went and that came, as stored."""

    table: pa.Table
    raw: pa.Table
    gone: pa.Table
    come: pa.Table


def _replaced(store: Store, name: str, wanted: pa.Array, rows: pa.Table) -> _Moved | None:
    """The dataset with the new rows; None where they say what was said before."""
    own, raw = store.data.tables[name], store.raw(name)
    removed = _places_of(own["person_id"], wanted)
    before = own.take(pa.array(removed))
    if before.to_pylist() == rows.to_pylist():
        return None
    next_row = int(pc.max(raw["_row"]).as_py() or 0) + 1
    stored = stored_rows(dictionary()[name], rows, rows.num_rows, first_row=next_row)
    if name == "people" and before["person_id"].to_pylist() == rows["person_id"].to_pylist():
        at = removed - np.arange(len(removed))  # each in its own place, so that lists keep their order
        stored = stored.set_column(stored.column_names.index("_row"), "_row", raw["_row"].take(pa.array(removed)))
    else:
        at = np.full(rows.num_rows, own.num_rows - len(removed), np.int64)
    gone = raw.take(pa.array(removed))
    return _Moved(_spliced(own, removed, at, rows), _spliced(raw, removed, at, stored), gone, stored)


def _check(store: Store, moved: Mapping[str, _Moved], whole: Mapping[str, pa.Table]) -> None:
    """Refuse what would make a dataset, or a column that not every row must have, vanish."""
    for name, table in [*((name, one.table) for name, one in moved.items()), *whole.items()]:
        before, columns = store.data.tables[name], dictionary()[name].columns
        if before.num_rows and not table.num_rows:
            raise Unlike
        for field in before.schema:
            required = field.name in columns and columns[field.name].required
            if not required and _is_empty(table[field.name]) and not _is_empty(before[field.name]):
                raise Unlike


def _is_empty(column: pa.ChunkedArray) -> bool:
    return bool(column.null_count == len(column))


def _own(store: Store, name: str, wanted: pa.Array) -> pa.Table:
    """The people's rows of a dataset as stored, numbered from 0 in the order in which they stand there."""
    raw = store.raw(name)
    rows = raw.take(pa.array(_places_of(raw["person_id"], wanted)))
    return rows.set_column(rows.column_names.index("_row"), "_row", pa.array(np.arange(rows.num_rows), pa.int32()))


def _patch_tables(store: Store, wanted: pa.Array, moved: Mapping[str, _Moved], whole: frozenset[str]) -> Patch:
    splices: dict[str, Splice] = {}
    dropped: set[str] = set()
    rows = {name: [one.gone, one.come] for name, one in moved.items() if name != "people"}
    changed = {(name, column) for name in rows.keys() | whole for column in ("", *_all_columns(name))}
    for name in store.made():
        dataset, day = _told_by(name)
        if dataset is None or dataset in whole:
            store.drop(name)
            dropped.add(name)
        elif dataset == "people" and day is not None and moved:
            splices[name], gone, columns = _splice_people(store, name, day, wanted, moved)
            changed |= {("people", _MEANT.get(column, column)) for column in columns}
            rows.setdefault("people", []).extend([gone, splices[name].rows])
        elif dataset in moved:
            splices[name] = _splice_rows(store, name, dataset, wanted)
    return Patch(splices, frozenset(dropped), whole, frozenset(changed), rows)


def _told_by(name: str) -> tuple[str | None, date | None]:
    """The dataset and day of a table of the store; no dataset for what is worked out of others."""
    if name.endswith("_rows"):
        return name.removesuffix("_rows"), None
    day = name.removeprefix("people_")
    return ("people", date.fromisoformat(day)) if day.isdigit() else (None, None)


def _all_columns(name: str) -> list[str]:
    return [*dictionary()[name].columns, *UNIT_COLUMNS]


def _splice_rows(store: Store, name: str, dataset: str, wanted: pa.Array) -> Splice:
    """Replace the people's rows in the table of a dataset other than people."""
    old = store.settled(name)
    store.connection.register(f"new_{dataset}", _own(store, dataset, wanted))
    sql = members_sql(dictionary()[dataset], UNIT_OF.get(dataset), raw="new")
    rows = _with_rows(store.connection.sql(sql).to_arrow_table().cast(old.schema), store.raw(dataset), wanted)
    return _settled(store, name, old, wanted, rows, {})


def _splice_people(
    store: Store, name: str, day: date, wanted: pa.Array, moved: Mapping[str, _Moved]
) -> tuple[Splice, pa.Table, frozenset[str]]:
    """Replace the people in their table of a day; gives the rows that went and the columns that differ, too."""
    old = store.settled(name)
    places = _places_of(old["person_id"], wanted)
    gone = old.take(pa.array(places))
    what = affected(store, gone, moved)
    if what.columns is not None and not what.columns:  # only what conditions find elsewhere of these people changed
        return Splice(places, places - np.arange(len(places)), places, gone), gone, frozenset()
    for dataset in (store.present if what.columns is None else what.datasets) & PEOPLE_LOOKED_UP & store.present:
        store.connection.register(f"new_{dataset}", _own(store, dataset, wanted))
    rows = _with_rows(people_anew(store, day, gone, what), store.raw("people"), wanted)
    was = dict(zip(gone["person_id"].to_pylist(), places.tolist(), strict=True))
    return _settled(store, name, old, wanted, rows, was), gone, _compared(gone, rows)


def _settled(
    store: Store, name: str, old: pa.Table, wanted: pa.Array, rows: pa.Table, was: Mapping[str, int]
) -> Splice:
    removed = _places_of(old["person_id"], wanted)
    at = np.searchsorted(np.delete(_order(old), removed), _order(rows)).astype(np.int64)
    before = np.array([was.get(code, -1) for code in rows["person_id"].to_pylist()], np.int64)
    store.settle(name, _numbered(_spliced(old, removed, at, rows)))
    return Splice(removed, at, before, rows)


def _with_rows(rows: pa.Table, raw: pa.Table, wanted: pa.Array) -> pa.Table:
    """The new rows in order of unit and place in the store, with the places that they have there.

    Worked out apart, they are numbered from 0 in the order in which they stand in the store.
    """
    places = raw["_row"].take(pa.array(_places_of(raw["person_id"], wanted)))
    told = places.take(rows["_row"])
    rows = rows.set_column(rows.column_names.index("_row"), "_row", told)
    return rows.take(pa.array(np.argsort(_order(rows), kind="stable")))


def _order(table: pa.Table) -> Places:
    """A number for each row by which the table is ordered: the unit's place, then the row's."""
    order: Places = table["_pos"].to_numpy().astype(np.int64) * 2**32 + table["_row"].to_numpy()
    return order


def _compared(gone: pa.Table, rows: pa.Table) -> frozenset[str]:
    """The columns in which some person differs; all, and the empty one, where somebody came or went."""
    before, after = ({row["person_id"]: row for row in table.to_pylist()} for table in (gone, rows))
    if before.keys() != after.keys():
        return frozenset({"", *rows.column_names}) - _BESIDE
    columns = {column for code, row in after.items() for column, value in row.items() if value != before[code][column]}
    return frozenset(columns) - _BESIDE


def _places_of(column: pa.ChunkedArray, wanted: pa.Array) -> Places:
    places: Places = np.flatnonzero(pc.is_in(column, value_set=wanted).to_numpy()).astype(np.int64)
    return places


def _numbered(table: pa.Table) -> pa.Table:
    numbers = pa.array(np.arange(table.num_rows), table.schema.field("_n").type)
    return table.set_column(table.column_names.index("_n"), "_n", numbers)


def _spliced(table: pa.Table, removed: Places, at: Places, rows: pa.Table) -> pa.Table:
    """The table without the rows removed and with the others put in; shares the memory of what stays."""
    kept = np.delete(np.arange(table.num_rows + 1), removed)
    events = sorted([(int(kept[place]), 0, row) for row, place in enumerate(at)] + [(int(p), 1, -1) for p in removed])
    pieces, done = [], 0
    for place, is_removed, row in events:
        if place > done:
            pieces.append(table.slice(done, place - done))
            done = place
        if is_removed:
            done = place + 1
        else:
            pieces.append(rows.slice(row, 1))
    pieces.append(table.slice(done))
    whole = pa.concat_tables([piece for piece in pieces if piece.num_rows] or [table.slice(0, 0)])
    if whole.column(0).num_chunks > _MOST_PIECES:
        return whole.unify_dictionaries().combine_chunks()
    return whole
