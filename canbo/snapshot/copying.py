"""Rows of a SQL statement as an Arrow table, over Django's own connection, so that it sees the transaction."""

import io
from collections.abc import Mapping

import pyarrow as pa
import pyarrow.csv as pa_csv
from django.db import connection


def copied(sql: str, types: Mapping[str, pa.DataType], *, empty_is_null: bool = False) -> pa.Table:
    """The rows by COPY, columns in the statement's order; those without a type are guessed from their text.

    ``empty_is_null``: an empty text is no value.
    """
    buffer = io.BytesIO()
    with connection.cursor() as cursor, cursor.copy(f"COPY ({sql}) TO STDOUT (FORMAT csv, HEADER)") as copy:
        for block in copy:
            buffer.write(block)
    buffer.seek(0)
    return pa_csv.read_csv(
        buffer,
        parse_options=pa_csv.ParseOptions(newlines_in_values=True),
        convert_options=pa_csv.ConvertOptions(
            column_types=dict(types),
            true_values=["t"],
            false_values=["f"],
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=empty_is_null,
        ),
    )


def fetched(sql: str, types: Mapping[str, pa.DataType]) -> pa.Table:
    """The same for a few rows, which a query of its own brings sooner than a COPY; every column has its type."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        names = [column.name for column in cursor.description]
        rows = cursor.fetchall()
    columns = {}
    for number, name in enumerate(names):
        values = pa.array([row[number] for row in rows], _value_type(types[name]))
        columns[name] = values.dictionary_encode() if pa.types.is_dictionary(types[name]) else values
    return pa.table(columns)


def _value_type(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind
