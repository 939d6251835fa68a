"""Cutting dated rows on a day, in SQL over sets: what holds ends, and the same goes on in the heir from that day.

Two tables of the running transaction say who inherits: ``reorg_fate`` (unit, heir, unit above, whether what belongs to
the unit alone ends with it) and ``reorg_goes`` (unit, person, heir), which goes before it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, models

Rows = Sequence[tuple[Any, ...]]


@dataclass(frozen=True)
class Count:
    """Rows that ended and go on in the heir; that begin later and were moved whole; that ended with their unit."""

    cut: int = 0
    moved: int = 0
    ended: int = 0


def run(sql: str, params: Sequence[Any] = ()) -> int:
    """Run a statement; the number of rows that it wrote."""
    with connection.cursor() as cursor:
        cursor.execute(sql, list(params) or None)
        return int(cursor.rowcount)


def fetch(sql: str, params: Sequence[Any] = ()) -> Rows:
    """The rows of a question."""
    with connection.cursor() as cursor:
        cursor.execute(sql, list(params) or None)
        rows: Rows = cursor.fetchall()
        return rows


def prepare(fates: Iterable[tuple[int, int | None, int | None, bool]], goes: Iterable[tuple[int, int, int]]) -> None:
    """Fill the tables of who inherits, for one day."""
    for name, columns in (
        ("reorg_fate", "unit_id bigint PRIMARY KEY, heir_id bigint, above_id bigint, ends boolean"),
        ("reorg_goes", "unit_id bigint, person_id bigint, heir_id bigint, PRIMARY KEY (unit_id, person_id)"),
        ("reorg_people", "person_id bigint"),
        ("reorg_position", "old_id bigint PRIMARY KEY, new_id bigint, unit_id bigint"),
        ("reorg_term", "old_id bigint, new_id bigint, unit_id bigint"),
    ):
        run(f"DROP TABLE IF EXISTS {name}")
        run(f"CREATE TEMP TABLE {name} ({columns}) ON COMMIT DROP")
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO reorg_fate VALUES (%s, %s, %s, %s)", list(fates))
        cursor.executemany("INSERT INTO reorg_goes VALUES (%s, %s, %s)", list(goes))
    run("ANALYZE reorg_fate")
    run("ANALYZE reorg_goes")


def heirs_of(model: type[models.Model], unit: str = "unit_id", *, own: bool = False) -> str:
    """A subselect of the rows whose unit has an heir for them, with ``heir_id``.

    ``own``: what belongs to the unit alone, so that it has no heir where the unit is abolished.
    """
    table = model._meta.db_table
    person = "person_id" if any(field.name == "person" for field in model._meta.fields) else None
    goes = f"LEFT JOIN reorg_goes g ON g.unit_id = t.{unit} AND g.person_id = t.{person}" if person else ""
    heir = "coalesce(g.heir_id, f.heir_id)" if person else "f.heir_id"
    return (
        f"(SELECT t.*, {heir} AS heir_id FROM {table} t {goes} LEFT JOIN reorg_fate f ON f.unit_id = t.{unit} "
        f"WHERE {heir} IS NOT NULL AND {heir} <> t.{unit}{' AND f.ends IS NOT TRUE' if own else ''})"
    )


def columns_of(model: type[models.Model]) -> list[str]:
    """The columns of the model's table but the key."""
    return [str(field.column) for field in model._meta.concrete_fields if not field.primary_key]


def cut_rows(
    model: type[models.Model],
    rows: str,
    day: date,
    *,
    old: Mapping[str, Any] | None = None,
    new: Mapping[str, Any] | None = None,
) -> int:
    """End the rows of ``rows`` (a subselect with the model's columns) that began before the day and hold on it, and
    begin a copy of each on the day.

    ``old``: columns set in the rows that end; ``new``: columns set in the copies, as values, or as SQL over ``c`` where
    given as ``Sql``. The copies' ids stay in ``reorg_cut.new_id`` until the next cut.
    """
    table = model._meta.db_table
    run("DROP TABLE IF EXISTS reorg_cut")
    run(
        f"CREATE TEMP TABLE reorg_cut ON COMMIT DROP AS SELECT c.*, "
        f"nextval(pg_get_serial_sequence('{table}', 'id')) AS new_id FROM {rows} AS c "
        f"WHERE c.valid_from < %s AND (c.valid_to IS NULL OR c.valid_to > %s)",
        [day, day],
    )
    ended = {"valid_to": day} | dict(old or {})
    run(
        f"UPDATE {table} t SET {', '.join(f'{key} = %s' for key in ended)} FROM reorg_cut c WHERE t.id = c.id",
        list(ended.values()),
    )
    begun = {"id": Sql("c.new_id"), "valid_from": day, "origin_id": None, "since_known": True} | dict(new or {})
    columns = columns_of(model)
    begun = {key: value for key, value in begun.items() if key == "id" or key in columns}
    taken = [begun.get(name, Sql(f"c.{name}")) for name in columns]
    values = ", ".join(item.text if isinstance(item, Sql) else "%s" for item in [begun["id"], *taken])
    return run(
        f"INSERT INTO {table} (id, {', '.join(columns)}) SELECT {values} FROM reorg_cut c",
        [item for item in taken if not isinstance(item, Sql)],
    )


def end_rows(model: type[models.Model], day: date, old: Mapping[str, Any]) -> int:
    """End what belongs to abolished units alone; what would begin later is removed. How many rows."""
    table = model._meta.db_table
    ended = {"valid_to": day} | dict(old)
    gone = run(
        f"DELETE FROM {table} t USING reorg_fate f WHERE f.ends AND t.unit_id = f.unit_id AND t.valid_from >= %s", [day]
    )
    return gone + run(
        f"UPDATE {table} t SET {', '.join(f'{key} = %s' for key in ended)} FROM reorg_fate f "
        "WHERE f.ends AND t.unit_id = f.unit_id AND (t.valid_to IS NULL OR t.valid_to > %s)",
        [*ended.values(), day],
    )


@dataclass(frozen=True)
class Sql:
    """An expression over the row that is cut, ``c``; never from outside."""

    text: str


def note_people(source: str) -> None:
    """Remember whose facts changed."""
    run(f"INSERT INTO reorg_people SELECT DISTINCT person_id FROM {source} AS s WHERE person_id IS NOT NULL")
