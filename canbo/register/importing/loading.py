"""The file's tables as temporary tables of the transaction, by COPY: text stays text, whatever it looks like."""

import io
from collections.abc import Mapping
from datetime import date, timedelta

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
from django.db.backends.utils import CursorWrapper

from canbo.common.text import name_order, search_key
from canbo.datasets.bundle import BIRTH_LATEST, Datasets
from canbo.datasets.dictionary import dictionary

_SQL_TYPES: Mapping[str, str] = {
    "text": "text",
    "codes": "text",
    "date": "date",
    "boolean": "boolean",
    "integer": "integer",
    "decimal": "double precision",
}
_BLOCK = 1 << 20
PEOPLE_EXTRA: Mapping[str, str] = {"_name_key": "text", "_name_order": "text", "_birth_precision": "text"}


def load(cursor: CursorWrapper, data: Datasets) -> None:
    """Make one table ``f_DATASET`` for every dataset of the dictionary: all its columns and ``_row``, from 0.

    What the file does not have is an empty table or an empty column, also where an empty cell would mean something.
    ``people`` has also the name's keys and the precision of the birth date.
    """
    for name, dataset in dictionary().items():
        columns = {column.name: _SQL_TYPES[column.kind] for column in dataset.written}
        if name == "people":
            columns |= PEOPLE_EXTRA
        listed = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
        cursor.execute(f"CREATE TEMP TABLE f_{name} (_row bigint, {listed}) ON COMMIT DROP")
        table = data.tables.get(name)
        if table is not None and table.num_rows:
            table = table.drop_columns(sorted(data.absent.get(name, frozenset()) & set(table.column_names)))
            _copy(cursor, f"f_{name}", _people(table) if name == "people" else table, set(columns))
        cursor.execute(f"ANALYZE f_{name}")


def _copy(cursor: CursorWrapper, target: str, table: pa.Table, known: set[str]) -> None:
    columns = {"_row": pa.array(range(table.num_rows), pa.int64())}
    columns |= {name: _writable(table[name]) for name in table.column_names if name in known}
    buffer = io.BytesIO()
    pa_csv.write_csv(pa.table(columns), buffer, pa_csv.WriteOptions(include_header=False))
    listed = ", ".join(f'"{name}"' for name in columns)
    view = buffer.getbuffer()
    with cursor.copy(f"COPY {target} ({listed}) FROM STDIN (FORMAT csv)") as copy:
        for start in range(0, len(view), _BLOCK):
            copy.write(view[start : start + _BLOCK])


def _writable(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Codes as their keys; text without the one character that PostgreSQL cannot keep."""
    if pa.types.is_dictionary(values.type):
        return values.cast(pa.string())
    if pa.types.is_string(values.type):
        return pc.replace_substring(values, "\x00", "\ufffd")
    return values


def _people(table: pa.Table) -> pa.Table:
    names = table["full_name"].to_pylist()
    births = table["birth_date"].to_pylist()
    latest = table[BIRTH_LATEST].to_pylist() if BIRTH_LATEST in table.column_names else births
    extra = {
        "_name_key": pa.array([search_key(name) for name in names], pa.string()),
        "_name_order": pa.array([name_order(name) for name in names], pa.string()),
        "_birth_precision": pa.array([_precision(*pair) for pair in zip(births, latest, strict=True)], pa.string()),
    }
    for name, values in extra.items():
        table = table.append_column(name, values)
    return table


def _precision(first: date, last: date | None) -> str:
    if last is None or last == first:
        return "day"
    return "month" if last - first < timedelta(days=31) else "year"


def clear(cursor: CursorWrapper) -> None:
    """Drop the temporary tables that an earlier import of the same transaction left."""
    cursor.execute(
        "SELECT coalesce(string_agg(quote_ident(relname), ', '), '') FROM pg_class "
        "WHERE relnamespace = pg_my_temp_schema() AND relkind = 'r' AND relname ~ '^[fiwcd]_'"
    )
    (names,) = cursor.fetchone()
    if names:
        cursor.execute(f"DROP TABLE {names}")
