"""Digests of the history rows of a change, as they stand in its entry of the log; computed by the database.

One line a table, in the order of their names: ``table columns rows hash``. ``columns`` is how many columns the table
had then: later versions only ever add columns at the end, so the digest is recomputed over the first ones. The hash is
over the rows in the order written, in blocks of 16,384 numbers, so that a change of millions of rows needs little
memory.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pghistory
from django.db import connection
from django.db.backends.utils import CursorWrapper

# The text of a value must not depend on the settings of a session.
CANONICAL = (
    "SET LOCAL DateStyle = 'ISO, MDY'; SET LOCAL IntervalStyle = 'postgres'; SET LOCAL TimeZone = 'UTC'; "
    "SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'; "
)


def of_change(change_id: UUID) -> tuple[int, str]:
    """How many history rows a change of this transaction wrote, and their digests (empty: none)."""
    with connection.cursor() as cursor:
        touched = _touched(cursor)
        if not touched:
            return 0, ""
        parts = " UNION ALL ".join(
            f"SELECT '{table}', {len(columns)}, coalesce(sum(rows), 0), encode(sha256(string_agg(digest, ''::bytea "
            f"ORDER BY block)), 'hex') FROM ({blocks(table, columns, 'WHERE e.pgh_context_id = %s')}) AS b"
            for table, columns in touched
        )
        cursor.execute(CANONICAL)
        cursor.execute(parts, [change_id] * len(touched))
        found = sorted(row for row in cursor.fetchall() if row[2])
    total = sum(int(rows) for _, _, rows, _ in found)
    return total, "\n".join(f"{table} {columns} {rows} {digest}" for table, columns, rows, digest in found)


def blocks(table: str, columns: Sequence[str], where: str) -> str:
    """SQL for ``pgh_context_id, block, rows, digest`` over the rows ``e`` of a history table."""
    row = ", ".join(f'e."{column}"' for column in columns)
    # The hash is taken before the sort, which then moves 32 bytes a row and not the row.
    return (
        "SELECT pgh_context_id, pgh_id >> 14 AS block, count(*) AS rows, "
        "sha256(string_agg(hash, ''::bytea ORDER BY pgh_id)) AS digest FROM "
        f"(SELECT e.pgh_context_id, e.pgh_id, sha256(convert_to(ROW({row})::text, 'UTF8')) AS hash "
        f'FROM "{table}" AS e {where} OFFSET 0) AS h GROUP BY pgh_context_id, pgh_id >> 14'
    )


def history_tables() -> list[str]:
    """The tables of history rows, by name."""
    return sorted(model._meta.db_table for model in pghistory.core.event_models())


def columns_of(cursor: CursorWrapper, tables: Sequence[str]) -> dict[str, list[str]]:
    """The columns of tables, in the order in which they were added."""
    cursor.execute(
        "SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum) FROM pg_class c "
        "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
        "WHERE c.relname = ANY(%s) AND c.relnamespace = current_schema()::regnamespace GROUP BY c.relname",
        [list(tables)],
    )
    return dict(cursor.fetchall())


def _touched(cursor: CursorWrapper) -> list[tuple[str, list[str]]]:
    """The history tables into which this transaction has inserted, with their columns.

    The server counts that itself; where it was told not to, every table is looked into.
    """
    cursor.execute(
        "SELECT c.relname FROM pg_class c WHERE c.relname = ANY(%s) "
        "AND c.relnamespace = current_schema()::regnamespace "
        "AND (pg_stat_get_xact_tuples_inserted(c.oid) > 0 OR current_setting('track_counts') = 'off')",
        [history_tables()],
    )
    tables: list[Any] = [row[0] for row in cursor.fetchall()]
    return sorted(columns_of(cursor, tables).items()) if tables else []
