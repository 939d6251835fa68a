"""Undoing a reorganisation by a correcting operation: every row that it wrote is put back as it was before.

Read from the history: what the change inserted is removed, what it changed or removed is restored. Both the operation
and its correction stay in the history and in the list of reorganisations.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import models

from canbo.accounts.models import Mandate
from canbo.audit.changes import change
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.register.models import (
    Body,
    Demography,
    DocumentTask,
    Quota,
    Reorganisation,
    Term,
    Unit,
    UnitSuccession,
    UnitVersion,
)
from canbo.register.refusals import explained, what_is
from canbo.register.reorganisations.cutting import columns_of, fetch, run
from canbo.register.reorganisations.facts import EVENTS, PERIODS

_EVENT_MODELS: tuple[type[models.Model], ...] = tuple(dict.fromkeys(model for model, _, _ in EVENTS))

WRITTEN: tuple[type[models.Model], ...] = (
    Unit,
    UnitVersion,
    UnitSuccession,
    Term,
    Body,
    *PERIODS,
    *_EVENT_MODELS,
    DocumentTask,
    Quota,
    Demography,
    Mandate,
)
"""The models whose rows a reorganisation writes, and an undo puts back."""


def undo(reorganisation: Reorganisation, *, by: str, at: datetime) -> Reorganisation:
    """Put back what a reorganisation changed; the correcting operation, linked as ``undone_by``.

    :raises Refused: it was undone before, it is itself a correction, or later facts rest on what it changed.
    """
    reorganisation.refresh_from_db()
    of = _change_of(reorganisation)
    with explained(who=reorganisation.title), change(by=by, at=at, action="reorganisation.undo") as running:
        running.subject = running.subject or f"reorganisation:{reorganisation.pk}"
        run("SET CONSTRAINTS ALL DEFERRED")  # rows go back table by table, in any order
        _require_untouched(of)
        _note_people(of)
        for model in WRITTEN:
            _put_back(model, of)
        run("SET CONSTRAINTS ALL IMMEDIATE")  # what still points to a removed unit is told now, in words
        run("SET CONSTRAINTS ALL DEFERRED")
        run("UPDATE register_person SET revision = revision + 1 WHERE id IN (SELECT person_id FROM reorg_undone)")
        undone = Reorganisation.objects.create(
            kind="undo",
            on_day=reorganisation.on_day,
            title=pick(f"Hủy: {reorganisation.title}", f"Undo: {reorganisation.title}"),
            plan={"undoes": reorganisation.pk},
            document=reorganisation.document,
        )
        reorganisation.undone_by = undone
        reorganisation.save(update_fields=["undone_by"])
    return undone


def _change_of(reorganisation: Reorganisation) -> UUID:
    if reorganisation.undone_by_id is not None:
        raise Refused(
            pick(f"“{reorganisation.title}” đã được hủy trước đó.", f"“{reorganisation.title}” was undone before.")
        )
    if reorganisation.kind == "undo":
        raise Refused(
            pick(
                "Không hủy một thao tác hủy: hãy áp dụng lại phương án.",
                "An undo is not undone: apply the plan again.",
            )
        )
    return UUID(reorganisation.plan["change"])


def _written(model: type[models.Model]) -> str:
    """The rows that the change wrote: their ids, the first version it wrote, and whether they were there before."""
    events = f"{model._meta.db_table}event"
    return (
        f"(SELECT pgh_obj_id AS id, min(pgh_id) AS first, max(pgh_id) AS last FROM {events} "
        "WHERE pgh_context_id = %s GROUP BY pgh_obj_id)"
    )


def _require_untouched(of: UUID) -> None:
    """Nobody changed since what the operation wrote, and nothing later rests on it.

    :raises Refused: somebody did; says which kinds of facts, and how many.
    """
    touched: dict[str, int] = {}
    for model in WRITTEN:
        count = fetch(
            f"SELECT count(DISTINCT e.pgh_obj_id) FROM {model._meta.db_table}event e JOIN {_written(model)} w "
            "ON w.id = e.pgh_obj_id WHERE e.pgh_id > w.last",
            [of],
        )[0][0]
        if count:
            touched[what_is(model)] = count
    if given := _mandates_over_founded(of):
        touched[pick("nhiệm vụ của tài khoản", "mandates of accounts")] = given
    for model in _pointing_to_units():
        if count := _resting(model, of):
            touched[what_is(model)] = touched.get(what_is(model), 0) + count
    if touched:
        raise _rests(touched)


def _mandates_over_founded(of: UUID) -> int:
    """Mandates given by others over a unit that the change founded: they name it by its code."""
    count: int = fetch(
        "SELECT count(*) FROM accounts_mandate m JOIN register_unitevent u ON u.code = m.unit_code "
        "WHERE u.pgh_context_id = %s AND u.pgh_label = 'insert' AND NOT EXISTS "
        "(SELECT 1 FROM accounts_mandateevent e WHERE e.pgh_obj_id = m.id AND e.pgh_context_id = %s)",
        [of, of],
    )[0][0]
    return count


def _pointing_to_units() -> list[type[models.Model]]:
    return sorted(
        {
            relation.related_model
            for relation in Unit._meta.related_objects
            if not hasattr(relation.related_model, "pgh_id")
        },
        key=lambda model: str(model._meta.db_table),
    )


def _resting(model: type[models.Model], of: UUID) -> int:
    """Rows written by others that name a unit which the change founded."""
    columns = [field.column for field in model._meta.concrete_fields if field.related_model is Unit]
    events = f"{model._meta.db_table}event"
    named = " OR ".join(f"t.{column} IN (SELECT id FROM founded)" for column in columns)
    count: int = fetch(
        "WITH founded AS (SELECT pgh_obj_id AS id FROM register_unitevent WHERE pgh_context_id = %s "
        f"AND pgh_label = 'insert') SELECT count(*) FROM {model._meta.db_table} t WHERE ({named}) "
        f"AND NOT EXISTS (SELECT 1 FROM {events} e WHERE e.pgh_obj_id = t.id AND e.pgh_context_id = %s)",
        [of, of],
    )[0][0]
    return count


def _rests(touched: Mapping[str, int]) -> Refused:
    told = "; ".join(f"{count} {kind}" for kind, count in touched.items())
    return Refused(
        pick(
            f"Không hủy được: sau khi sắp xếp đã có thay đổi dựa trên kết quả đó ({told}). Chưa ghi gì. Hãy sửa các "
            "mục này trước, hoặc lập phương án mới để điều chỉnh.",
            f"It cannot be undone: later facts rest on it ({told}). Nothing was written. Correct these first, or make "
            "a new plan.",
        )
    )


def _note_people(of: UUID) -> None:
    run("DROP TABLE IF EXISTS reorg_undone")
    run("CREATE TEMP TABLE reorg_undone (person_id bigint) ON COMMIT DROP")
    for model in WRITTEN:
        if any(field.name == "person" for field in model._meta.fields):
            run(
                f"INSERT INTO reorg_undone SELECT DISTINCT person_id FROM {model._meta.db_table}event "
                "WHERE pgh_context_id = %s AND person_id IS NOT NULL",
                [of],
            )


def _put_back(model: type[models.Model], of: UUID) -> None:
    """Remove what the change inserted, restore what it changed or removed, to the version before it."""
    table = model._meta.db_table
    names = ["id", *columns_of(model)]
    run("DROP TABLE IF EXISTS reorg_before")
    run(
        f"CREATE TEMP TABLE reorg_before ON COMMIT DROP AS SELECT w.id AS was_id, b.* FROM {_written(model)} AS w "
        f"LEFT JOIN LATERAL (SELECT * FROM {table}event e WHERE e.pgh_obj_id = w.id AND e.pgh_id < w.first "
        "ORDER BY e.pgh_id DESC LIMIT 1) AS b ON true",
        [of],
    )
    run(f"DELETE FROM {table} t USING reorg_before b WHERE t.id = b.was_id AND b.pgh_id IS NULL")
    run("DELETE FROM reorg_before WHERE pgh_id IS NULL")
    run(
        f"UPDATE {table} t SET {', '.join(f'{name} = b.{name}' for name in names[1:])} "
        "FROM reorg_before b WHERE t.id = b.was_id"
    )
    run(
        f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(f'b.{name}' for name in names)} "
        f"FROM reorg_before b WHERE NOT EXISTS (SELECT 1 FROM {table} t WHERE t.id = b.was_id)"
    )
