"""Hashes of what a database holds, the same on every machine: of each table, whatever the order of rows and columns."""

import psycopg
from psycopg import sql

_SETTINGS = (
    "SET LOCAL DateStyle = 'ISO, MDY'; SET LOCAL IntervalStyle = 'postgres'; SET LOCAL TimeZone = 'UTC'; "
    "SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'"
)


def table_hashes(connection: psycopg.Connection) -> dict[str, str]:
    """Table to ``rows:hash`` over all tables of the schema ``public``; runs inside the connection's transaction."""
    connection.execute(_SETTINGS)
    found = connection.execute(
        "SELECT c.relname, array_agg(a.attname::text ORDER BY a.attname) FROM pg_class c JOIN pg_attribute a "
        "ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
        "WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace GROUP BY 1 ORDER BY 1"
    ).fetchall()
    return {table: _hash(connection, table, columns) for table, columns in found}


def _hash(connection: psycopg.Connection, table: str, columns: list[str]) -> str:
    """Row hashes, sorted, in 256 heaps by their first byte so that no value grows with the table."""
    row = sql.SQL(", ").join(sql.Identifier(column) for column in columns)
    query = sql.SQL(
        "SELECT coalesce(sum(rows), 0), "
        "coalesce(encode(sha256(string_agg(heap, ''::bytea ORDER BY first)), 'hex'), '') "
        "FROM (SELECT get_byte(hash, 0) AS first, count(*) AS rows, "
        "sha256(string_agg(hash, ''::bytea ORDER BY hash)) AS heap "
        "FROM (SELECT sha256(convert_to(ROW({row})::text, 'UTF8')) AS hash FROM {table} OFFSET 0) AS rows "
        "GROUP BY 1) AS heaps"
    ).format(row=row, table=sql.Identifier(table))
    rows, digest = connection.execute(query).fetchone() or (0, "")
    return f"{rows}:{digest}"
