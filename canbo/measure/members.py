"""The rows of one dataset on one day: predicates evaluated once as bitmaps, values and keys looked up by row."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from canbo.datasets.dictionary import dictionary
from canbo.datasets.patching import Patch, Splice
from canbo.datasets.store import Store
from canbo.measure.bitmaps import Ranges, Words, bits_at, from_rows, full, rows_of, spliced, words_of
from canbo.measure.compiler import Compiled, Look
from canbo.measure.direct import Direct, NarrowColumn, columns_in, evaluate

Flags = npt.NDArray[np.bool_]
_TOGETHER = 8
"""Predicates that look into other rows are asked for so many at a time, to bound the size of one query."""


@dataclass
class Members:
    """One dataset on one day; ``base`` are the rows that a population draws from."""

    store: Store
    dataset: str
    day: date
    table: str = ""
    rows: int = field(init=False)
    ranges: Ranges = field(init=False)

    def __post_init__(self) -> None:
        self.table = self.table or self.store.table(self.dataset, self.day)
        self._place(self._fetch(f'SELECT _pos FROM "{self.table}"')["_pos"].to_numpy())
        self._known: dict[str, tuple[Words, Words | None]] = {}
        self._asked: dict[str, Compiled] = {}
        self._columns: dict[str, NarrowColumn] = {}
        self.base = self._base()

    def _place(self, places: npt.NDArray[np.int64]) -> None:
        """Take in where the rows stand. Shape: (rows), positions of units."""
        self.rows = len(places)
        self.places = places
        self.ranges = Ranges(np.searchsorted(places, np.arange(len(self.store.tree.ids) + 1, dtype=np.int64)))

    def _fetch(self, sql: str) -> pa.Table:
        with self.store.lock:
            return self.store.connection.sql(sql).to_arrow_table()

    def _base(self) -> Words:
        sql = self._base_sql()
        if sql is None:
            return full(self.rows)
        self._evaluate([sql])
        return self._known[sql][0]

    def _base_sql(self) -> str | None:
        literal = f"DATE '{self.day.isoformat()}'"
        if self.dataset == "people":
            return "_in_service"
        if self.dataset == "units":
            return f"(coalesce(valid_from <= {literal}, true) AND coalesce(valid_to >= {literal}, true))"
        return None

    def prepare(self, conditions: Iterable[Compiled]) -> None:
        """Evaluate all conditions that are not yet known, in as few passes as possible."""
        new = {one.sql: one for one in conditions if one.sql not in self._known}
        self._asked |= new
        plain = {sql: one.direct for sql, one in new.items() if one.direct is not None}
        self._fetch_columns({column for direct in plain.values() for column in columns_in(direct)})
        for sql, direct in plain.items():
            self._known[sql] = evaluate(direct, self._columns.__getitem__)
            del new[sql]
        simple = [sql for sql, one in new.items() if not one.looks_elsewhere]
        deep = [sql for sql, one in new.items() if one.looks_elsewhere]
        if simple:
            self._evaluate(simple)
        for first in range(0, len(deep), _TOGETHER):
            self._evaluate(deep[first : first + _TOGETHER], keep_order=True)

    def _fetch_columns(self, names: set[str]) -> None:
        """Keep the columns that plain comparisons read, narrow and in row order."""
        missing = sorted(names - self._columns.keys())
        if missing:
            listed = ", ".join(f'"{name}"' for name in missing)
            table = self._fetch(f'SELECT {listed} FROM "{self.table}"')
            self._columns |= {name: NarrowColumn.of(table[name], self.rows) for name in missing}

    def bitmap(self, condition: Compiled) -> tuple[Words, Words | None]:
        """Where the condition is true, and where it is unknown (None: nowhere)."""
        if condition.sql not in self._known:
            self.prepare([condition])
        return self._known[condition.sql]

    def _evaluate(self, sqls: Sequence[str], *, keep_order: bool = False) -> None:
        named = ", ".join(f"{sql} AS c{number}" for number, sql in enumerate(sqls))
        number_column = ', "' + self.dataset + '"._n AS n' if keep_order else ""
        table = self._fetch(f'SELECT {named}{number_column} FROM "{self.table}" AS "{self.dataset}"')
        if keep_order:
            table = _in_row_order(table)
        for number, sql in enumerate(sqls):
            self._known[sql] = words_of(table[f"c{number}"], self.rows)

    def take_in(self, patch: Patch) -> None:
        """Follow a replacement of rows in the store: what it cannot have touched stays known, the rest is forgotten."""
        splice = patch.splices.get(self.table)
        for sql, condition in self._asked.items():
            if sql in self._known and not self._survives(condition, patch, is_spliced=splice is not None):
                del self._known[sql]
        if splice is not None:
            self._splice(splice, patch)

    def _survives(self, condition: Compiled, patch: Patch, *, is_spliced: bool) -> bool:
        """Whether what is known of the rows that stay is still true."""
        touched = {dataset for dataset, _ in condition.uses & patch.changed}
        if not touched or not condition.looks_elsewhere:
            return True
        if touched & patch.whole:
            return False
        if is_spliced and condition.per_person:
            return True
        return not any(look.dataset in touched and _sees(look, patch) for look in condition.looks)

    def _splice(self, splice: Splice, patch: Patch) -> None:
        before = self.rows
        narrow = {name: NarrowColumn.of(splice.rows[name], splice.rows.num_rows) for name in self._columns}
        bits = self._bits_of_new(splice, patch, narrow)
        kept = np.delete(self.places, splice.removed)
        self._place(np.insert(kept, splice.at, splice.rows["_pos"].to_numpy()))
        self._columns = {name: one.spliced(narrow[name], splice) for name, one in self._columns.items()}
        for sql, (true, unknown) in bits.items():
            was, was_unknown = self._known[sql]
            known_unknown = None
            if was_unknown is not None or unknown.any():
                was_unknown = np.zeros_like(was) if was_unknown is None else was_unknown
                known_unknown = spliced(was_unknown, before, splice.removed, splice.at, unknown)
            self._known[sql] = (spliced(was, before, splice.removed, splice.at, true), known_unknown)
        base = self._base_sql()
        self.base = full(self.rows) if base is None else self._known[base][0]

    def _bits_of_new(
        self, splice: Splice, patch: Patch, narrow: Mapping[str, NarrowColumn]
    ) -> dict[str, tuple[Flags, Flags]]:
        """For each condition known, the new rows for which it is true and those for which it is unknown."""
        found: dict[str, tuple[Flags, Flags]] = {}
        ask: list[str] = []
        went_on = bool((splice.was >= 0).all())
        for sql, (true, unknown) in self._known.items():
            condition = self._asked.get(sql)
            if condition is None:  # what a population draws from, a column of its own
                found[sql] = _flags(words_of(splice.rows[sql], splice.rows.num_rows), splice.rows.num_rows)
            elif condition.direct is not None:
                pair = evaluate(condition.direct, narrow.__getitem__)
                found[sql] = _flags(pair, splice.rows.num_rows)
            elif went_on and not condition.uses & patch.changed:
                found[sql] = (bits_at(true, splice.was), _maybe_at(unknown, splice.was))
            elif condition.needed and not _some_pass(condition.needed, splice.rows):
                found[sql] = (np.zeros(splice.rows.num_rows, bool), np.zeros(splice.rows.num_rows, bool))
            else:
                ask.append(sql)
        if ask and splice.rows.num_rows:
            numbers = ", ".join(map(str, splice.inserted.tolist()))
            source = f'(SELECT * FROM "{self.table}" WHERE _n IN ({numbers}))'
            found |= {sql: _flags(pair, splice.rows.num_rows) for sql, pair in self._asked_of(source, ask).items()}
        none = np.zeros(0, bool)
        return {sql: found.get(sql, (none, none)) for sql in self._known}

    def _asked_of(self, source: str, sqls: Sequence[str]) -> dict[str, tuple[Words, Words | None]]:
        named = ", ".join(f"{sql} AS c{number}" for number, sql in enumerate(sqls))
        table = self._fetch(f'SELECT {named}, "{self.dataset}"._n AS n FROM {source} AS "{self.dataset}" ORDER BY n')
        return {sql: words_of(table[f"c{number}"], table.num_rows) for number, sql in enumerate(sqls)}

    def values(self, columns: Sequence[str], rows: "np.typing.NDArray[np.int64]") -> pa.Table:
        """The stored values of some columns at some rows, in the order of ``rows``."""
        wanted = pa.table({"n": pa.array(rows, pa.int64()), "at": pa.array(np.arange(len(rows)), pa.int64())})
        names = ", ".join(f't."{column}"' for column in columns)
        with self.store.lock:
            self.store.connection.register("wanted", wanted)
            try:
                return self.store.connection.sql(
                    f'SELECT {names} FROM wanted JOIN "{self.table}" AS t ON t._n = wanted.n ORDER BY wanted.at'
                ).to_arrow_table()
            finally:
                self.store.connection.unregister("wanted")

    def column(self, name: str) -> pa.ChunkedArray:
        """One whole column, in row order."""
        return self._fetch(f'SELECT "{name}" FROM "{self.table}"')[name]

    def first_of_each(self, words: Words, column: str, order: str | None = None) -> Words:
        """Of the rows set, the first with each value of a column, by a column of days and then by the file's order.

        Rows without a value are each their own.
        """
        rows = rows_of(words)
        values = self.column(column).take(pa.array(rows)).combine_chunks()
        codes = pc.dictionary_encode(values).indices
        numbers = codes.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
        numbers = np.where(numbers < 0, -1 - np.arange(len(numbers)), numbers)
        file_order = self.column("_row").take(pa.array(rows)).to_numpy()
        days = np.zeros(len(rows), "datetime64[D]")
        if order is not None:
            days = self.column(order).take(pa.array(rows)).to_numpy().astype("datetime64[D]")
        sorted_places = np.lexsort((file_order, days))
        _, first = np.unique(numbers[sorted_places], return_index=True)
        return from_rows(np.sort(rows[sorted_places[first]]), self.rows)

    def column_names(self) -> tuple[str, ...]:
        """The columns that the dictionary gives the dataset."""
        return tuple(dictionary()[self.dataset].columns)

    def key_columns(self) -> tuple[str, ...]:
        """The columns that name a row: the key, or the first required ones."""
        spec = dictionary()[self.dataset]
        if spec.key:
            return (spec.key,)
        return tuple(column.name for column in spec.columns.values() if column.required)[:5]


def _sees(look: Look, patch: Patch) -> bool:
    """Whether some row that went or came can matter to a look into its dataset."""
    return any(_some_pass(look.tests, table) for table in patch.rows[look.dataset])


def _some_pass(tests: Iterable[Direct], table: pa.Table) -> bool:
    """Whether for some row none of the comparisons is false; those of columns that are not there pass."""
    rows = table.num_rows
    possible = full(rows)
    for test in tests:
        names = columns_in(test)
        if names <= set(table.column_names):
            columns = {name: NarrowColumn.of(table[name], rows) for name in names}
            true, unknown = evaluate(test, columns.__getitem__)
            possible = possible & (true if unknown is None else true | unknown)
    return bool(possible.any())


def _flags(pair: tuple[Words, Words | None], rows: int) -> tuple[Flags, Flags]:
    true, unknown = pair
    places = np.arange(rows)
    return bits_at(true, places), _maybe_at(unknown, places)


def _maybe_at(words: Words | None, rows: npt.NDArray[np.int64]) -> Flags:
    return np.zeros(len(rows), bool) if words is None else bits_at(words, rows)


def _in_row_order(table: pa.Table) -> pa.Table:
    """A query that joins may give its rows in another order; put them back."""
    numbers = table["n"].to_numpy()
    if np.array_equal(numbers, np.arange(len(numbers))):
        return table
    return table.take(pa.array(np.argsort(numbers, kind="stable")))


class MemberSets:
    """The members of every dataset and day asked for, made once."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._made: dict[tuple[str, date | None], Members] = {}

    def get(self, dataset: str, day: date) -> Members:
        """The members of a dataset on a day."""
        key = (dataset, day if dataset in ("people", "units") else None)
        if key not in self._made:
            self._made[key] = Members(self.store, dataset, day)
        return self._made[key]

    def take_in(self, patch: Patch) -> None:
        """Follow a replacement of rows in the store."""
        self._made = {key: one for key, one in self._made.items() if one.table not in patch.dropped}
        for members in self._made.values():
            members.take_in(patch)

    def forget_others(self, keep: date) -> None:
        """Drop the people of other days, to bound memory over a long series."""
        self._made = {key: made for key, made in self._made.items() if key[1] in (None, keep)}
        self.store.forget(frozenset({f"people_{keep:%Y%m%d}"}))


def value_of(value: Any, dataset: str, column: str) -> Any:
    """A stored value as the dictionary names it: a code's key instead of its position."""
    spec = dictionary()[dataset].columns.get(column)
    if value is None or spec is None or spec.code_list is None:
        return value
    return spec.code_list.keys[value]
