"""What hangs on a dissolved unit goes to its heirs: posts, seats, employment, positions, bodies, quotas, later facts.

What happened before the day stays where it happened. A quota or the inhabitants of a year belong to the unit that was
there on 1 January: those of later years move and are added up.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.db import models

from canbo.register.models import (
    AppointmentDecision,
    Body,
    BodySeat,
    Demography,
    Document,
    DocumentTask,
    Employment,
    Evaluation,
    Exit,
    JobPosition,
    PartyMembership,
    Plan,
    PoolEntry,
    PoolList,
    PostHeld,
    Quota,
    Recruitment,
    Rotation,
    Term,
    Training,
    TrainingClass,
)
from canbo.register.reorganisations.cutting import Count, Sql, cut_rows, end_rows, fetch, heirs_of, note_people, run

REASON = "Sắp xếp tổ chức bộ máy"
"""Why a post, a seat or a pool entry ended, as the row says."""

PERIODS: Mapping[type[models.Model], Mapping[str, Any]] = {
    JobPosition: {},
    PartyMembership: {},
    Employment: {"exit_kind": None},
    PostHeld: {"end_reason": REASON},
    BodySeat: {"end_reason": REASON},
    PoolEntry: {"removed_why": REASON},
}
"""Facts that hold for a period in a unit, and what is set in the part that ends."""

OWN: tuple[type[models.Model], ...] = (BodySeat, Body, Term, PoolEntry, JobPosition)
"""What belongs to a unit alone: where it is abolished, its bodies with their seats, its pool and positions end."""

EVENTS: tuple[tuple[type[models.Model], str, str], ...] = (
    (AppointmentDecision, "unit_id", "decided_on"),
    (Recruitment, "unit_id", "recruited_on"),
    (Exit, "unit_id", "left_on"),
    (Evaluation, "unit_id", "evaluated_on"),
    (Evaluation, "suggested_by_id", "evaluated_on"),
    (Training, "unit_id", "valid_from"),
    (TrainingClass, "unit_id", "valid_from"),
    (Rotation, "to_unit_id", "valid_from"),
    (PoolList, "unit_id", "approved_on"),
    (Plan, "unit_id", "valid_from"),
)
"""Facts of a day: those of the day of the reorganisation and later happen in the heir."""

YEARLY: Mapping[type[models.Model], tuple[str, tuple[str, ...]]] = {
    Quota: ("posts", ("year", "staff_kind")),
    Demography: ("inhabitants", ("year", "ethnicity")),
}
"""Amounts by year: the amount, and what tells two rows of a unit apart."""


def move(day: date, document: Document) -> dict[str, Count]:
    """Move all facts of the units in ``reorg_fate`` and ``reorg_goes``; how many rows of each kind, by model name."""
    counts: dict[str, Count] = {"term": _terms(day, document), "body": _bodies(day, document)}
    ended = _end(day)
    for model, last in PERIODS.items():
        counts[str(model._meta.model_name)] = _period(model, last, day, document)
    _follow_positions(day)
    for model, unit, on in EVENTS:
        name = str(model._meta.model_name)
        counts[name] = Count(0, counts.get(name, Count()).moved + _events(model, unit, on, day))
    counts["documenttask"] = Count(0, _tasks())
    for model, (amount, keys) in YEARLY.items():
        counts[str(model._meta.model_name)] = Count(0, _add_up(model, amount, keys, day, document))
    for name, count in ended.items():
        counts[name] = replace(counts[name], ended=count)
    return {name: count for name, count in counts.items() if count != Count()}


def _end(day: date) -> dict[str, int]:
    run(
        "UPDATE register_postheld p SET position_id = NULL FROM register_jobposition j, reorg_fate f "
        "WHERE j.id = p.position_id AND j.unit_id = f.unit_id AND f.ends AND p.valid_from >= %s",
        [day],
    )
    return {str(model._meta.model_name): end_rows(model, day, PERIODS.get(model, {})) for model in OWN}


def _period(model: type[models.Model], ended: Mapping[str, Any], day: date, document: Document) -> Count:
    rows, table = heirs_of(model, own=model in OWN), model._meta.db_table
    if any(field.name == "person" for field in model._meta.fields):
        note_people(f"(SELECT * FROM {rows} AS h WHERE valid_to IS NULL OR valid_to > DATE '{day.isoformat()}')")
    new = {"unit_id": Sql("c.heir_id"), "document_id": document.id}
    later = run(
        f"UPDATE {table} t SET unit_id = h.heir_id FROM {rows} AS h WHERE h.id = t.id AND t.valid_from >= %s", [day]
    )
    cut = cut_rows(model, rows, day, old=ended, new=new)
    if model is JobPosition:
        run("INSERT INTO reorg_position SELECT id, new_id, heir_id FROM reorg_cut")
    if model is BodySeat:
        run(
            "UPDATE register_bodyseat s SET term_id = m.new_id FROM reorg_term m "
            "WHERE m.old_id = s.term_id AND m.unit_id = s.unit_id AND s.valid_from >= %s",
            [day],
        )
    return Count(cut, later)


def _follow_positions(day: date) -> None:
    """Posts that went along with their position hold the copy of it; others hold none any more."""
    run(
        "UPDATE register_postheld p SET position_id = m.new_id FROM reorg_position m "
        "WHERE m.old_id = p.position_id AND m.unit_id = p.unit_id AND p.valid_from >= %s",
        [day],
    )
    run(
        "UPDATE register_postheld p SET position_id = NULL FROM register_jobposition j, reorg_fate f "
        "WHERE j.id = p.position_id AND j.unit_id <> p.unit_id AND p.valid_from >= %s "
        "AND j.unit_id IN (f.unit_id, f.heir_id)",
        [day],
    )


def _events(model: type[models.Model], unit: str, on: str, day: date) -> int:
    rows, table = heirs_of(model, unit), model._meta.db_table
    return run(f"UPDATE {table} t SET {unit} = h.heir_id FROM {rows} AS h WHERE h.id = t.id AND t.{on} >= %s", [day])


def _tasks() -> int:
    rows, table = heirs_of(DocumentTask, "lead_id"), DocumentTask._meta.db_table
    return run(f"UPDATE {table} t SET lead_id = h.heir_id FROM {rows} AS h WHERE h.id = t.id AND t.done_on IS NULL")


def _terms(day: date, document: Document) -> Count:
    """Terms of a dissolved unit end; the heir's own term of the same family goes on, else one begins on the day."""
    run("DROP TABLE IF EXISTS reorg_terms")
    run(
        f"CREATE TEMP TABLE reorg_terms ON COMMIT DROP AS SELECT * FROM {heirs_of(Term, own=True)} AS h "
        "WHERE valid_to IS NULL OR valid_to > %s",
        [day],
    )
    run(
        "INSERT INTO register_term (family, level, unit_id, number, valid_from, valid_to, congress_month, document_id) "
        "SELECT h.family, h.level, h.heir_id, h.number, greatest(min(h.valid_from), %s), "
        "CASE WHEN bool_and(h.valid_to IS NOT NULL) THEN max(h.valid_to) END, min(h.congress_month), %s "
        "FROM reorg_terms h WHERE NOT EXISTS (SELECT 1 FROM register_term o WHERE o.unit_id = h.heir_id "
        "AND o.family = h.family AND o.number = h.number AND (o.valid_to IS NULL OR o.valid_to > %s)) "
        "GROUP BY h.family, h.level, h.heir_id, h.number",
        [day, document.id, day],
    )
    run(
        "INSERT INTO reorg_term SELECT h.id, max(o.id), h.heir_id FROM reorg_terms h JOIN register_term o "
        "ON o.unit_id = h.heir_id AND o.family = h.family AND o.number = h.number "
        "AND (o.valid_to IS NULL OR o.valid_to > %s) GROUP BY h.id, h.heir_id",
        [day],
    )
    cut = run(
        "UPDATE register_term t SET valid_to = %s FROM reorg_terms h WHERE h.id = t.id AND t.valid_from < %s",
        [day, day],
    )
    return Count(cut, len(fetch("SELECT 1 FROM reorg_terms")) - cut)


def _bodies(day: date, document: Document) -> Count:
    """Bodies end with their unit. Where the heir has none of the kind, one begins with the places of all together."""
    run("DROP TABLE IF EXISTS reorg_bodies")
    run(
        f"CREATE TEMP TABLE reorg_bodies ON COMMIT DROP AS SELECT * FROM {heirs_of(Body, own=True)} AS h "
        "WHERE valid_to IS NULL OR valid_to > %s",
        [day],
    )
    cut = run(
        "UPDATE register_body t SET valid_to = %s FROM reorg_bodies h WHERE h.id = t.id AND t.valid_from < %s",
        [day, day],
    )
    gone = run("DELETE FROM register_body t USING reorg_bodies h WHERE h.id = t.id AND t.valid_from >= %s", [day])
    run(
        "INSERT INTO register_body (unit_id, term_id, body, places, valid_from, valid_to, since_known, document_id) "
        "SELECT h.heir_id, max(m.new_id), h.body, CASE WHEN bool_and(h.places IS NOT NULL) THEN sum(h.places) END, "
        "greatest(min(h.valid_from), %s), CASE WHEN bool_and(h.valid_to IS NOT NULL) THEN max(h.valid_to) END, "
        "true, %s "
        "FROM reorg_bodies h LEFT JOIN reorg_term m ON m.old_id = h.term_id AND m.unit_id = h.heir_id "
        "WHERE NOT EXISTS (SELECT 1 FROM register_body o WHERE o.unit_id = h.heir_id AND o.body = h.body "
        "AND (o.valid_to IS NULL OR o.valid_to > %s)) GROUP BY h.heir_id, h.body",
        [day, document.id, day],
    )
    return Count(cut, gone)


def _add_up(model: type[models.Model], amount: str, keys: tuple[str, ...], day: date, document: Document) -> int:
    """Rows of later years move to the heir and become one with those it has. How many rows left their unit."""
    table, same = model._meta.db_table, ", ".join(keys)
    first = day.year if (day.month, day.day) == (1, 1) else day.year + 1
    run("DROP TABLE IF EXISTS reorg_yearly")
    run(
        f"CREATE TEMP TABLE reorg_yearly ON COMMIT DROP AS SELECT * FROM {heirs_of(model)} AS h WHERE h.year >= %s",
        [first],
    )
    moved = len(fetch("SELECT 1 FROM reorg_yearly"))
    if not moved:
        return 0
    run("DROP TABLE IF EXISTS reorg_sums")
    run(
        f"CREATE TEMP TABLE reorg_sums ON COMMIT DROP AS SELECT unit_id, {same}, min(id) AS id, "
        f"sum({amount}) AS total, array_agg(id) AS ids "
        f"FROM (SELECT heir_id AS unit_id, {same}, id, {amount} FROM reorg_yearly "
        f"UNION ALL SELECT t.unit_id, {', '.join(f't.{key}' for key in keys)}, t.id, t.{amount} FROM {table} t "
        f"WHERE EXISTS (SELECT 1 FROM reorg_yearly h WHERE h.heir_id = t.unit_id AND "
        f"{' AND '.join(f'h.{key} = t.{key}' for key in keys)})) AS rows GROUP BY unit_id, {same}"
    )
    run(f"DELETE FROM {table} t USING reorg_sums s WHERE t.id = ANY(s.ids) AND t.id <> s.id")
    run(
        f"UPDATE {table} t SET unit_id = s.unit_id, {amount} = s.total, document_id = %s FROM reorg_sums s "
        "WHERE t.id = s.id",
        [document.id],
    )
    return moved
