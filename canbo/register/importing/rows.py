"""Rows that are known again by what they say: compared set-wise with the register's, entered or changed in place.

For every spec a table ``w_NAME`` (the file's rows with their ids resolved) and ``d_NAME`` (each with the register's
row, if it has one). What the file leaves empty does not overwrite what is known.
"""

import json

from django.db.backends.utils import CursorWrapper

from canbo.register.importing.columns import expression, insertion, meanings, references
from canbo.register.importing.preview import SHOWN, Counts, Effect, Part, RowChange
from canbo.register.importing.specs import Spec

_HIDDEN = ("national_id",)
_QUIET = ("name_key", "name_order")
"""Columns that only follow from others."""


def stage(cursor: CursorWrapper, spec: Spec) -> None:
    """Make ``w_NAME`` and ``d_NAME``."""
    named = references(spec)
    unknown = " OR ".join(one.unknown for one in named if one.needed) or "false"
    columns = ", ".join(f'{expression(name, source)} AS "{name}"' for name, source in spec.columns.items())
    joins = " ".join(one.join for one in named)
    cursor.execute(
        f"CREATE TEMP TABLE w_{spec.name} ON COMMIT DROP AS SELECT f._row, {columns} "
        f"FROM f_{spec.dataset} f {joins} {spec.joins} WHERE {spec.where} AND NOT ({unknown}) ORDER BY f._row"
    )
    cursor.execute(f"ANALYZE w_{spec.name}")
    cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {spec.table})")
    if not cursor.fetchone()[0]:
        cursor.execute(
            f"CREATE TEMP TABLE d_{spec.name} ON COMMIT DROP AS SELECT _row, NULL::bigint AS rid, false AS by_hand, "
            f"false AS differs, false AS ends FROM w_{spec.name}"
        )
        return
    cursor.execute(_compared(spec))
    cursor.execute(f"ANALYZE d_{spec.name}")


def _compared(spec: Spec) -> str:
    key = "ROW({})::text".format(", ".join(f'{{0}}."{name}"' for name in spec.keys))
    order = ", ".join(f'{{0}}."{name}"' for name in spec.values) or "1"
    number = "row_number() OVER (PARTITION BY k ORDER BY o)"

    def side(alias: str, table: str, first: str) -> str:
        return (
            f"SELECT *, {number} AS n FROM (SELECT {first}, {key.format(alias)} AS k, "
            f"ROW({order.format(alias)}) AS o FROM {table} {alias}) AS keyed"
        )

    differs = [f'(w."{name}" IS NOT NULL AND w."{name}" IS DISTINCT FROM t."{name}")' for name in spec.values]
    ends = '(t.valid_to IS NULL AND w."valid_to" IS NOT NULL)' if "valid_to" in spec.values else "false"
    return (
        f"CREATE TEMP TABLE d_{spec.name} ON COMMIT DROP AS "
        f"SELECT w._row, t.id AS rid, t.id IS NOT NULL AND t.origin_id IS NULL AS by_hand, "
        f"t.id IS NOT NULL AND ({' OR '.join(differs) or 'false'}) AS differs, t.id IS NOT NULL AND {ends} AS ends "
        f"FROM ({side('w', f'w_{spec.name}', 'w._row')}) AS a "
        f"JOIN w_{spec.name} w ON w._row = a._row "
        f"LEFT JOIN ({side('t', spec.table, 't.id')}) AS b ON b.k = a.k AND b.n = a.n "
        f"LEFT JOIN {spec.table} t ON t.id = b.id"
    )


def tell(cursor: CursorWrapper, spec: Spec, *, confined: bool = False) -> Part:
    """What would happen, with the rows behind it. Rows that wait or overlap were taken out of ``w_NAME`` before.

    ``confined``: of what is left, only that about the people inside is counted.
    """
    cursor.execute(
        f"SELECT count(*) FILTER (WHERE rid IS NULL), count(*) FILTER (WHERE differs AND NOT by_hand AND NOT ends), "
        f"count(*) FILTER (WHERE differs AND NOT by_hand AND ends), count(*) FILTER (WHERE rid IS NOT NULL AND NOT "
        f"differs), count(*) FILTER (WHERE differs AND by_hand), count(rid) FROM d_{spec.name}"
    )
    created, changed, ended, same, conflict, matched = cursor.fetchone()
    cursor.execute(f"SELECT count(*) FROM f_{spec.dataset} f WHERE {_outer_where(spec)}")
    waiting = cursor.fetchone()[0] - created - changed - ended - same - conflict
    left = _left(cursor, spec, matched, confined) if _has_rows(cursor, spec.dataset) and spec.name != "party" else 0
    counts = Counts(created, changed, ended, left, same, conflict, waiting)
    return Part(spec.dataset, spec.name, counts, tuple(_listed(cursor, spec)))


def _left(cursor: CursorWrapper, spec: Spec, matched: int, confined: bool) -> int:
    """Rows of the register of which the file says nothing; confined: those about the people inside."""
    if confined:
        whose = "id" if spec.name == "person" else "person_id"
        if whose == "person_id" and "person_id" not in spec.columns:
            return 0
        where = f" WHERE {whose} IN (SELECT id FROM i_reach_person) AND id NOT IN (SELECT rid FROM d_{spec.name}"
        cursor.execute(f"SELECT count(*) FROM {spec.table}{where} WHERE rid IS NOT NULL)")
        return int(cursor.fetchone()[0])
    cursor.execute(
        f"SELECT count(*) FROM {spec.table}{' WHERE merged_into_id IS NULL' if spec.name == 'person' else ''}"
    )
    return max(int(cursor.fetchone()[0]) - matched, 0)


def _outer_where(spec: Spec) -> str:
    return spec.where


def _has_rows(cursor: CursorWrapper, dataset: str) -> bool:
    cursor.execute(f"SELECT EXISTS (SELECT 1 FROM f_{dataset})")
    return bool(cursor.fetchone()[0])


def _listed(cursor: CursorWrapper, spec: Spec) -> list[RowChange]:
    shown = [name for name in spec.values if name not in _QUIET]
    pairs = ", ".join(f'\'{name}\', jsonb_build_array(t."{name}", w."{name}")' for name in shown) or ""
    key = " || ' · ' || ".join(f"coalesce(f.{source}::text, '')" for source in _key_sources(spec))
    found = []
    cases: list[tuple[Effect, str]] = [
        ("created", "d.rid IS NULL"),
        ("changed", "d.differs AND NOT d.by_hand AND NOT d.ends"),
        ("ended", "d.differs AND NOT d.by_hand AND d.ends"),
        ("conflict", "d.differs AND d.by_hand"),
    ]
    for effect, condition in cases:
        cursor.execute(
            f"SELECT {key}, CASE WHEN d.rid IS NOT NULL THEN jsonb_build_object({pairs}) END::text "
            f"FROM d_{spec.name} d JOIN w_{spec.name} w ON w._row = d._row JOIN f_{spec.dataset} f ON f._row = d._row "
            f"LEFT JOIN {spec.table} t ON t.id = d.rid WHERE {condition} ORDER BY d._row LIMIT {SHOWN}"
        )
        for name, differs in cursor.fetchall():
            found.append(RowChange(spec.dataset, spec.name, effect, name, differing(differs)))
    return found


def differing(pairs: str | None, *, empty_counts: bool = False) -> dict[str, tuple[object, object]]:
    """Of pairs (was, becomes) in JSON, those that differ; the sensitive ones without their values."""
    found: dict[str, tuple[object, object]] = {}
    for name, (was, becomes) in (json.loads(pairs) if pairs else {}).items():
        if was != becomes and (empty_counts or becomes is not None):
            found[name] = ("…", "…") if name in _HIDDEN else (was, becomes)
    return found


def _key_sources(spec: Spec) -> list[str]:
    if spec.name == "person":
        return ["person_id", "full_name"]
    return [source.split(":")[-1].lstrip("+") for source in spec.keys.values() if not source.startswith("=")]


def write(cursor: CursorWrapper, spec: Spec, batch: int) -> None:
    """Change what differs, then enter what is new: ended posts make room for the next."""
    for ending in (True, False):
        assigned = [
            f'"{name}" = coalesce(w."{name}", t."{name}")' for name in spec.columns if name not in ("id", "code")
        ]
        cursor.execute(
            f"UPDATE {spec.table} t SET {', '.join(assigned)}, origin_id = %(batch)s "
            f"FROM d_{spec.name} d JOIN w_{spec.name} w ON w._row = d._row "
            f"WHERE t.id = d.rid AND d.differs AND NOT d.by_hand AND d.ends = %(ending)s",
            {"batch": batch, "ending": ending},
        )
    columns = {name: f'w."{name}"' for name in spec.columns}
    source = f"FROM d_{spec.name} d JOIN w_{spec.name} w ON w._row = d._row WHERE d.rid IS NULL ORDER BY d._row"
    meant = meanings(spec.dataset, spec.columns)
    cursor.execute(insertion(spec.model, columns, source, meant), {"batch": batch})
