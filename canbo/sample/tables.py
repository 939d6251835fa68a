"""Turns arrays of places and days into canonical Arrow tables. Decides nothing about people."""

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from canbo.codes import code_list
from canbo.datasets.dictionary import Column, dictionary
from canbo.sample.draws import Array

NONE = -1
"""Stands for an unknown code, day or number in an array, where the column may be empty."""


def take_text(strings: pa.Array | Sequence[str], place: Array) -> pa.Array:
    """The string at each place; null where the place is below 0."""
    values = strings if isinstance(strings, pa.Array) else pa.array(list(strings), pa.string())
    where = pa.array(place.astype(np.int32), mask=place < 0)
    return values.take(where)


def numbered(prefix: str, numbers: Array, width: int) -> pa.Array:
    """``prefix`` and each number with leading zeros."""
    digits = pc.utf8_lpad(pc.cast(pa.array(numbers), pa.string()), width, "0")
    return pc.binary_join_element_wise(pa.scalar(prefix), digits, "")


def make_table(name: str, columns: Mapping[str, Array | pa.Array]) -> pa.Table:
    """The dataset's table: given columns in the dictionary's order and canonical types; a column left out is all null.

    Arrays hold places in the code list, days since 1970, numbers or truth values, -1 = unknown; texts come as Arrow.
    """
    dataset = dictionary()[name]
    written = [column for column in dataset.written if not column.derived]
    length = len(next(iter(columns.values())))
    unknown = set(columns) - {column.name for column in written}
    if unknown:
        raise ValueError(f"no such columns of {name}: {sorted(unknown)}")
    arrays = [
        _column(column, columns[column.name]) if column.name in columns else pa.nulls(length, column.arrow_type)
        for column in written
    ]
    return pa.Table.from_arrays(arrays, schema=pa.schema([(column.name, column.arrow_type) for column in written]))


def _column(column: Column, values: Array | pa.Array) -> pa.Array:
    if isinstance(values, pa.Array | pa.ChunkedArray):
        whole = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
        return whole.cast(column.arrow_type)
    mask = None if column.required else values == NONE
    if column.kind == "codes":
        keys = pa.array(code_list(column.codes or "").keys, pa.string())
        return pa.DictionaryArray.from_arrays(pa.array(values.astype(np.int8), mask=mask), keys)
    if column.kind == "date":
        return pa.array(values.astype(np.int32), mask=mask).view(pa.date32())
    if column.kind == "boolean":
        whole = values if values.dtype == bool else values > 0
        return pa.array(whole, pa.bool_(), mask=None if values.dtype == bool else mask)
    if column.kind == "decimal":
        return pa.array(values.astype(float), pa.float64(), mask=np.isnan(values))
    return pa.array(values.astype(np.int32), pa.int32(), mask=mask)


def stack(*parts: Mapping[str, Array]) -> dict[str, Array]:
    """Rows below rows: the same columns of several parts."""
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def sort_rows(columns: Mapping[str, Array], *keys: str) -> dict[str, Array]:
    """The rows ordered by the keys, the first the most important."""
    order = np.lexsort([columns[key] for key in reversed(keys)])
    return {name: column[order] for name, column in columns.items()}


def keep(columns: Mapping[str, Array], rows: Array) -> dict[str, Array]:
    """Some of the rows."""
    return {name: column[rows] for name, column in columns.items()}
