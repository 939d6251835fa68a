"""What an import wrote and what became of it since, as one temporary table: what its undoing takes back or leaves.

Table ``u_row``: a row of the register (table, id), whether the import entered or changed it, whose it is (``subject``:
a person's, a unit's, or its own), whether it was changed since, and whether it is left as it is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import pghistory
from django.db import models
from django.db.backends.utils import CursorWrapper

from canbo.register.models import ImportBatch
from canbo.register.refusals import what_is

LISTED = 100
_UNITS = {"register_unit": "id", "register_unitversion": "unit_id", "register_unitsuccession": "predecessor_id"}


@dataclass(frozen=True)
class Table:
    """A table with history: its model and where the versions of its rows are."""

    model: type[models.Model]
    events: str

    @property
    def name(self) -> str:
        """Its name in the database."""
        return self.model._meta.db_table


@dataclass(frozen=True)
class Later:
    """Why something is not taken back: what was changed or entered since, whose it is, by whom, when, by which action.

    ``refers``: the import did not write it, but it is about somebody or something that the import entered.
    """

    kind: str
    key: str
    by: str
    at: datetime
    action: str
    refers: bool

    def as_json(self) -> dict[str, Any]:
        """As the command prints it."""
        return {**vars(self), "at": self.at.astimezone().isoformat()}


def tables() -> Iterator[Table]:
    """All tables with history but that of the imports themselves."""
    for event in pghistory.core.event_models():
        tracked: Any = event
        if tracked.pgh_tracked_model is not ImportBatch:
            yield Table(tracked.pgh_tracked_model, event._meta.db_table)


def stage(cursor: CursorWrapper, batch: int) -> list[Table]:
    """Make ``u_row`` for an import; the tables in which it wrote."""
    context = _change_of(cursor, batch)
    cursor.execute(
        "DROP TABLE IF EXISTS u_row; CREATE TEMP TABLE u_row (place text, id bigint, entered boolean, first bigint, "
        "last bigint, subject text, changed boolean, kept boolean DEFAULT false) ON COMMIT DROP"
    )
    wrote = []
    for table in tables():
        cursor.execute(
            f"INSERT INTO u_row SELECT %s, w.id, w.entered, w.first, w.last, {_subject(table)}, l.id IS NOT NULL "
            f"AND (l.label = 'delete' OR l.content <> to_jsonb(e) - {_ASIDE}) FROM (SELECT pgh_obj_id AS id, "
            f"bool_or(pgh_label = 'insert') AS entered, min(pgh_id) AS first, max(pgh_id) AS last "
            f'FROM "{table.events}" WHERE pgh_context_id = %s GROUP BY 1) AS w '
            f'JOIN "{table.events}" e ON e.pgh_id = w.last LEFT JOIN LATERAL (SELECT pgh_obj_id AS id, '
            f'pgh_label AS label, to_jsonb(v) - {_ASIDE} AS content FROM "{table.events}" v '
            "WHERE v.pgh_obj_id = w.id AND v.pgh_id > w.last ORDER BY v.pgh_id DESC LIMIT 1) AS l ON true",
            [table.name, context],
        )
        if cursor.rowcount:
            wrote.append(table)
    cursor.execute("CREATE INDEX ON u_row (place, id); CREATE INDEX ON u_row (subject); ANALYZE u_row")
    _note_later(cursor, wrote)
    return wrote


_ASIDE = "ARRAY['pgh_id', 'pgh_label', 'pgh_created_at', 'pgh_context', 'pgh_context_id', 'revision']"
"""What differs between two versions of a row that say the same; a person's revision counts what is told elsewhere."""


def _note_later(cursor: CursorWrapper, wrote: list[Table]) -> None:
    """Make ``u_later``: what was changed since, refers to what was entered, or followed on what was changed."""
    cursor.execute(
        "DROP TABLE IF EXISTS u_later; CREATE TEMP TABLE u_later ON COMMIT DROP AS "
        "SELECT place, id, subject, false AS refers FROM u_row WHERE changed"
    )
    for table in wrote:
        if _entered(cursor, table):
            for place, column in _pointing_at(table.model):
                cursor.execute(
                    f'INSERT INTO u_later SELECT %s, c.id, p.subject, true FROM "{place}" c JOIN u_row p '
                    f'ON p.place = %s AND p.id = c."{column}" AND p.entered LEFT JOIN u_row o ON o.place = %s '
                    "AND o.id = c.id WHERE o.id IS NULL",
                    [place, table.name, place],
                )
        kind, own = _whose(table)
        if kind is not None:
            cursor.execute(
                f'INSERT INTO u_later SELECT DISTINCT p.place, c.id, p.subject, true FROM u_row p JOIN "{table.name}" '
                f"c ON p.subject = '{kind}:' || c.{own} LEFT JOIN u_row o ON o.place = p.place AND o.id = c.id "
                f'WHERE p.place = %s AND NOT p.entered AND o.id IS NULL AND EXISTS (SELECT 1 FROM "{table.events}" e '
                "WHERE e.pgh_obj_id = c.id AND e.pgh_id > p.last)",
                [table.name],
            )


def keep_changed(cursor: CursorWrapper, wrote: list[Table]) -> int:
    """Leave everything of those of whom something is in ``u_later``, and what that rests on; of how many."""
    cursor.execute("UPDATE u_row SET kept = true WHERE subject IN (SELECT subject FROM u_later)")
    entered = [table for table in wrote if _entered(cursor, table)]
    more = True
    while more:
        more = False
        for table in entered:
            for place, column in _pointing_at(table.model):
                cursor.execute(
                    "UPDATE u_row SET kept = true WHERE NOT kept AND subject IN (SELECT p.subject FROM u_row p "
                    f'JOIN "{place}" c ON c."{column}" = p.id JOIN u_row o ON o.place = %s AND o.id = c.id '
                    "WHERE p.place = %s AND p.entered AND NOT p.kept AND o.kept)",
                    [place, table.name],
                )
                more = more or cursor.rowcount > 0
    cursor.execute("SELECT count(DISTINCT subject) FROM u_row WHERE kept")
    return int(cursor.fetchone()[0])


def later(cursor: CursorWrapper) -> tuple[list[Later], int]:
    """What is in ``u_later``: the first of each table, and how many rows in all."""
    known = {table.name: table for table in tables()}
    cursor.execute("SELECT place, refers, count(DISTINCT id) FROM u_later GROUP BY 1, 2 ORDER BY 2, 1")
    found: list[Later] = []
    counted = cursor.fetchall()
    for place, refers, _ in counted:
        if place in known:
            found += _listed(cursor, known[place], refers)
    return found, sum(count for _, _, count in counted)


def _listed(cursor: CursorWrapper, table: Table, refers: bool) -> list[Later]:
    cursor.execute(
        f"SELECT {_key(table)}, a.actor, a.moment, a.action FROM (SELECT DISTINCT id FROM u_later WHERE place = %s "
        f'AND refers = %s) AS w JOIN LATERAL (SELECT * FROM "{table.events}" v WHERE v.pgh_obj_id = w.id '
        "ORDER BY v.pgh_id DESC LIMIT 1) AS e ON true JOIN audit_entry a ON a.change = e.pgh_context_id "
        f"ORDER BY a.id, w.id LIMIT {LISTED}",
        [table.name, refers],
    )
    kind = what_is(table.name)
    return [Later(kind, key, by, at, action, refers) for key, by, at, action in cursor.fetchall()]


def _key(table: Table) -> str:
    """Whose a version of a row is, as SQL over ``e``: the person's or unit's code, else its own, else its number."""
    names = {str(field.column) for field in table.model._meta.concrete_fields}
    if table.name == "register_person":
        return "e.code || ' · ' || e.full_name"
    if "person_id" in names:
        person = "(SELECT p.code || ' · ' || p.full_name FROM register_person p WHERE p.id = e.person_id)"
        return f"coalesce({person}, e.pgh_obj_id::text)"
    if "code" in names:
        return "e.code"
    if "unit_id" in names:
        return "coalesce((SELECT u.code FROM register_unit u WHERE u.id = e.unit_id), e.pgh_obj_id::text)"
    return "e.pgh_obj_id::text"


def _subject(table: Table) -> str:
    """Whose a row that the import wrote is, as SQL over its version ``e``; its own where it is about nobody."""
    own = f"'{table.name}:' || e.pgh_obj_id"
    kind, column = _whose(table)
    return own if kind is None else f"coalesce('{kind}:' || e.{'pgh_obj_id' if column == 'id' else column}, {own})"


def _whose(table: Table) -> tuple[str | None, str]:
    """Whether a row is about a person or a unit, and by which column."""
    names = {str(field.column) for field in table.model._meta.concrete_fields}
    if table.name == "register_person":
        return "person", "id"
    if table.name in _UNITS:
        return "unit", _UNITS[table.name]
    return ("person", "person_id") if "person_id" in names else (None, "")


def _pointing_at(model: type[models.Model]) -> list[tuple[str, str]]:
    """The tables and columns whose foreign keys name rows of a model."""
    found = []
    # Hidden ones too: those without a name of their own on this side point here all the same.
    relations = [one for one in model._meta.get_fields(include_hidden=True) if one.auto_created and not one.concrete]
    for relation in relations:
        field: Any = getattr(relation, "field", None)
        if field is not None and field.concrete and not field.many_to_many and field.db_constraint:
            found.append((field.model._meta.db_table, str(field.column)))
    return sorted(set(found))


def _entered(cursor: CursorWrapper, table: Table) -> bool:
    cursor.execute("SELECT EXISTS (SELECT 1 FROM u_row WHERE place = %s AND entered)", [table.name])
    return bool(cursor.fetchone()[0])


def _change_of(cursor: CursorWrapper, batch: int) -> UUID:
    cursor.execute(
        "SELECT pgh_context_id FROM register_importbatchevent WHERE pgh_obj_id = %s AND pgh_label = 'insert'", [batch]
    )
    context: UUID = cursor.fetchone()[0]
    return context
