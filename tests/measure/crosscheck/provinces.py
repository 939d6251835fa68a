"""Small provinces written row by row, as canonical tables. Knows the dictionary's types, nothing of schemes."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import pyarrow as pa

from canbo.datasets.bundle import BIRTH_LATEST, Datasets
from canbo.datasets.dictionary import Column, dictionary

Row = Mapping[str, Any]


def table(dataset: str, rows: Iterable[Row]) -> pa.Table:
    """A canonical table: a cell left out is what the dictionary says of an empty cell, else unknown."""
    rows = list(rows)
    spec = dictionary()[dataset].columns
    given = {name for row in rows for name in row}
    strange = given - set(spec) - {BIRTH_LATEST}
    assert not strange, f"{dataset} has no column {sorted(strange)}"
    arrays = {name: _array(column, rows) for name, column in spec.items() if not column.derived or name in given}
    if BIRTH_LATEST in given:
        arrays[BIRTH_LATEST] = pa.array([row.get(BIRTH_LATEST) for row in rows], pa.date32())
    return pa.table(arrays)


def _array(column: Column, rows: list[Row]) -> pa.Array:
    values = [row.get(column.name) for row in rows]
    if column.empty is not None:
        values = [column.empty if value is None else value for value in values]
    if column.kind == "codes":
        return pa.array(values, pa.string()).dictionary_encode().cast(column.arrow_type)
    return pa.array(values, column.arrow_type)


def data_of(data_date: date | None = None, /, **rows: Iterable[Row]) -> Datasets:
    """Datasets of the rows given; a dataset that is not named is not there."""
    return Datasets({name: table(name, some) for name, some in rows.items()}, data_date)


def unit(unit_id: str, level: str, kind: str, parent: str | None = None, **more: Any) -> Row:
    """A unit."""
    return {"unit_id": unit_id, "name": unit_id, "level": level, "kind": kind, "parent_id": parent, **more}


def person(person_id: str, unit_id: str | None, **more: Any) -> Row:
    """A person; a man born on 01/01/1980, a civil servant without a leading post, unless told otherwise."""
    plain = {"birth_date": date(1980, 1, 1), "sex": "male", "post_kind": "professional", "staff_kind": "civil_servant"}
    return {"person_id": person_id, "full_name": person_id, "unit_id": unit_id} | plain | more
