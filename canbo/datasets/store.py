"""The datasets in an embedded DuckDB, codes as positions, external access off. Derives per day in ``derive``."""

import threading
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cached_property

import duckdb
import numpy as np
import pyarrow as pa

from canbo.codes import code_list
from canbo.datasets.bundle import BIRTH_LATEST, Datasets
from canbo.datasets.derive import (
    FIXED_COLUMNS,
    PEOPLE_DERIVED_FROM,
    create_aged,
    create_as_told,
    members_sql,
    people_sql,
    register_retirement,
)
from canbo.datasets.dictionary import UNIT_COLUMNS, Column, Dataset, dictionary
from canbo.datasets.units import UnitTree, build_tree

SQL_TYPES: Mapping[str, str] = {
    "text": "VARCHAR",
    "codes": "UTINYINT",
    "date": "DATE",
    "boolean": "BOOLEAN",
    "integer": "INTEGER",
    "decimal": "DOUBLE",
}
UNIT_OF: Mapping[str, str] = {"rotations": "to_unit_id"}
"""The column that places a row in a unit, where it is not ``unit_id``."""


class Store:
    """Datasets ready to be asked: one DuckDB connection in memory, used by one thread at a time.

    ``retiring``: on days after the data's own, who has reached the retirement day is taken to have left, to ask what
    would be if nobody were appointed.
    """

    def __init__(self, data: Datasets, *, threads: int | None = None, retiring: bool = False) -> None:
        self.data = data
        self.retires_after = data.data_date if retiring else None
        self.lock = threading.RLock()
        config: dict[str, str | bool | int | float | list[str]] = {
            "enable_external_access": "false",
            "preserve_insertion_order": "true",
        }
        if threads is not None:
            config["threads"] = str(threads)
        self.connection = duckdb.connect(":memory:", config=config)
        self.connection.execute("SET enable_progress_bar = false")  # it would write to stdout, where the JSON goes
        self._raw: dict[str, pa.Table] = {}
        for name, dataset in dictionary().items():
            table = data.tables.get(name)
            self._register(name, stored_rows(dataset, table, 0 if table is None else table.num_rows))
        self._load_units()
        self.connection.execute("SET lock_configuration = true")
        self._made: set[str] = set()
        self._settled: dict[str, pa.Table] = {}

    @property
    def present(self) -> frozenset[str]:
        """The datasets that the data has."""
        return frozenset(self.data.tables)

    @cached_property
    def tree(self) -> UnitTree:
        """The administrative tree."""
        return build_tree(self.data.tables.get("units"))

    @cached_property
    def party_tree(self) -> UnitTree:
        """The party tree."""
        return build_tree(self.data.tables.get("units"), parent_column="party_parent_id")

    @cached_property
    def unit_rows(self) -> pa.Table:
        """What rows take from their unit: ``level``, ``unit_kind``, ``sector``, ``locality_id``, in tree order."""
        with self.lock:
            return self.connection.sql("SELECT * FROM unit_info ORDER BY pos").to_arrow_table()

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Full names by person id, those who left included."""
        people = self.data.tables["people"]
        return dict(zip(people["person_id"].to_pylist(), people["full_name"].to_pylist(), strict=True))

    @property
    def is_dated(self) -> bool:
        """Whether people's posts, degrees or ranks carry their own dates, so that other days can be told."""
        return any(name in self.present for name in PEOPLE_DERIVED_FROM)

    @property
    def has_imprecise_births(self) -> bool:
        """Whether some birth dates are known by month or year only."""
        people = self.data.tables.get("people")
        return people is not None and BIRTH_LATEST in people.column_names

    def has_column(self, dataset: str, column: str) -> bool:
        """Whether the data can say anything about a column: it is in the file, or derived."""
        if column in UNIT_COLUMNS and column not in dictionary()[dataset].columns:
            return "units" in self.present
        spec = dictionary()[dataset].columns[column]
        if spec.derived or column in self.data.tables[dataset].column_names:
            return True
        return dataset == "people" and any(
            column in columns for name, columns in PEOPLE_DERIVED_FROM.items() if name in self.present
        )

    def table(self, dataset: str, day: date) -> str:
        """The name of the table that holds a dataset on a day, rows in the order of the unit tree.

        Only people change with the day; the other datasets carry their dates in their rows.
        """
        name = f"people_{day:%Y%m%d}" if dataset == "people" else f"{dataset}_rows"
        with self.lock:
            if name not in self._made:
                if dataset == "people":
                    register_retirement(self.connection)
                    births = self.has_imprecise_births
                    sql = people_sql(self.connection, day, self.present, births, self.retires_after)
                else:
                    sql = members_sql(dictionary()[dataset], UNIT_OF.get(dataset))
                self.connection.execute(f'CREATE TABLE "{name}" AS {sql}')
                self._made.add(name)
        return name

    def aged_table(self, day: date, later: date) -> str:
        """The people of ``day`` with the ages of ``later`` and nothing else changed."""
        name = f"people_{day:%Y%m%d}_aged_{later:%Y%m%d}"
        with self.lock:
            if name not in self._made:
                create_aged(self.connection, name, self.table("people", day), later)
                self._made.add(name)
        return name

    def told_table(self, earlier: "Store", day: date) -> str:
        """The people of this data on ``day``, undated columns as in an earlier file: what it tells of that day."""
        name = f"people_{day:%Y%m%d}_told"
        dated = {
            column
            for source, columns in PEOPLE_DERIVED_FROM.items()
            if source in self.present and source in earlier.present
            for column in columns
        }
        kept = frozenset({*FIXED_COLUMNS, *dated, "age", "is_minority", BIRTH_LATEST, "_age_earliest"})
        with self.lock, earlier.lock:
            if name not in self._made:
                rows = earlier.connection.sql(f'SELECT * FROM "{earlier.table("people", day)}"').to_arrow_table()
                create_as_told(self.connection, name, self.table("people", day), rows, kept)
                self._made.add(name)
        return name

    def forget(self, keep: frozenset[str]) -> None:
        """Drop the tables of people on other days than those kept, to bound memory over many days."""
        with self.lock:
            for name in sorted(self._made - keep):
                if name.startswith("people_"):
                    self.drop(name)

    def made(self) -> list[str]:
        """The tables worked out so far."""
        return sorted(self._made)

    def drop(self, name: str) -> None:
        """Forget one table that was worked out."""
        with self.lock:
            if self._settled.pop(name, None) is not None:
                self.connection.unregister(name)
            else:
                self.connection.execute(f'DROP TABLE "{name}"')
            self._made.discard(name)

    def settled(self, name: str) -> pa.Table:
        """A table worked out, as Arrow in row order; from then on it is asked there, where rows can be replaced."""
        with self.lock:
            if name not in self._settled:
                self.settle(name, self.connection.sql(f'SELECT * FROM "{name}" ORDER BY _n').to_arrow_table())
            return self._settled[name]

    def settle(self, name: str, table: pa.Table) -> None:
        """Put an Arrow table in the place of one that was worked out."""
        with self.lock:
            if name not in self._settled:
                self.connection.execute(f'DROP TABLE "{name}"')
            self.connection.register(name, table)
            self._settled[name] = table

    def raw(self, dataset: str) -> pa.Table:
        """The rows of a dataset as stored, in the order of the data."""
        return self._raw[dataset]

    def put(self, dataset: str, table: pa.Table, raw: pa.Table) -> None:
        """Replace the rows of a dataset, canonical and as stored. What was worked out of them stays as it was."""
        with self.lock:
            self.data = replace(self.data, tables={**self.data.tables, dataset: table})
            self._register(dataset, raw)
            self.__dict__.pop("names", None)

    def _register(self, dataset: str, raw: pa.Table) -> None:
        # Registered and not copied: the rows stay where the file's tables hold them, so that they are in memory once.
        self._raw[dataset] = raw
        self.connection.register(f"raw_{dataset}", raw)

    def _load_units(self) -> None:
        tree = self.tree
        locality = tree.localities
        info = pa.table(
            {
                "unit_id": pa.array(tree.ids, pa.string()),
                "pos": pa.array(np.arange(len(tree.ids), dtype=np.int32)),
                "locality_id": pa.array([tree.ids[p] if p >= 0 else None for p in locality], pa.string()),
            }
        )
        self.connection.register("incoming", info)
        self.connection.execute(
            "CREATE TABLE unit_info AS SELECT i.unit_id, i.pos, u.level, u.kind AS unit_kind, u.sector, i.locality_id "
            "FROM incoming AS i JOIN raw_units AS u USING (unit_id)"
        )
        self.connection.unregister("incoming")


def stored_rows(dataset: Dataset, table: pa.Table | None, rows: int, first_row: int = 0) -> pa.Table:
    """A canonical table as the store keeps it; ``_row`` numbers the rows from ``first_row``. None: ``rows`` unknown."""
    columns = {}
    for column in dataset.columns.values():
        if column.derived and (table is None or column.name not in table.column_names):
            continue
        columns[column.name] = _stored(column, table, rows)
    if table is not None and BIRTH_LATEST in table.column_names:
        columns[BIRTH_LATEST] = table[BIRTH_LATEST]
    columns["_row"] = pa.array(np.arange(first_row, first_row + rows, dtype=np.int32))
    return pa.table(columns)


def _stored(column: Column, table: pa.Table | None, rows: int) -> pa.Array | pa.ChunkedArray:
    """The column as stored: codes as their position in the code list, a missing column as unknown throughout."""
    kind = pa.uint8() if column.kind == "codes" else column.arrow_type
    if table is None or column.name not in table.column_names:
        return pa.nulls(rows, kind)
    values = table[column.name]
    return _positions(values, column.codes or "") if column.kind == "codes" else values


def _positions(values: pa.ChunkedArray, codes: str) -> pa.Array:
    keys = code_list(codes).keys
    if not pa.types.is_dictionary(values.type):
        values = values.dictionary_encode()
    chunks = []
    for chunk in values.chunks:
        place = np.array([keys.index(key) for key in chunk.dictionary.to_pylist()] or [0], dtype=np.uint8)
        indices = chunk.indices
        empty = indices.is_null().to_numpy(zero_copy_only=False)
        chunks.append(pa.array(place[indices.fill_null(0).to_numpy(zero_copy_only=False)], mask=empty))
    return pa.concat_arrays(chunks) if chunks else pa.nulls(0, pa.uint8())
