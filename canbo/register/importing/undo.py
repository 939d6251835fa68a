"""Taking an import back: a correcting operation that removes what it entered and restores what it changed.

History keeps both, the import and its undoing. Where somebody has since changed one of its rows, nothing is undone.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import pghistory
from django.db import IntegrityError, connection, models
from django.db.backends.utils import CursorWrapper

from canbo.audit.changes import change
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.common.numbers import print_count
from canbo.register.models import ImportBatch

ACTION = "undo_import"


def undo(batch: ImportBatch, *, by: str, at: datetime) -> None:
    """Undo an import as one change; the batch stays, marked as undone.

    :raises Refused: it is undone already, or rows that it wrote were changed or referred to since.
    """
    try:
        with change(by=by, at=at, action=ACTION, subject=f"import:{batch.file_name}", detail={"batch": batch.pk}):
            locked = ImportBatch.objects.select_for_update().get(pk=batch.pk)
            if locked.undone:
                raise Refused(
                    pick("Lần nhập này đã được hoàn tác trước đó.", "This import has been undone already."),
                )
            with connection.cursor() as cursor:
                _take_back(cursor, _change_of(cursor, batch.pk))
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
            locked.undone = True
            locked.save(update_fields=["undone"])
    except IntegrityError as error:
        raise Refused(
            pick(
                "Không hoàn tác được: dữ liệu nhập sau đó dựa vào các dòng của lần nhập này. Chưa thay đổi gì. Hãy sửa "
                "từng hồ sơ.",
                "It cannot be undone: what was entered later refers to rows of this import. Nothing was changed. "
                "Correct the records one by one.",
            )
        ) from error
    batch.refresh_from_db()


def _take_back(cursor: CursorWrapper, context: UUID) -> None:
    touched = [(event, model) for event, model in _kept() if _wrote(cursor, event, context)]
    later = sum(_changed_later(cursor, event, context) for event, _ in touched)
    if later:
        count = print_count(later)
        raise Refused(
            pick(
                f"Không hoàn tác được: {count} dòng của lần nhập này đã được sửa sau đó. Chưa thay đổi gì. Hãy sửa "
                "từng hồ sơ, hoặc hoàn tác lần nhập sau trước.",
                f"It cannot be undone: {count} rows of this import were changed since. Nothing was changed. Correct "
                "the records one by one, or undo the later import first.",
            )
        )
    for event, model in touched:
        cursor.execute(
            f'DELETE FROM "{model._meta.db_table}" WHERE id IN (SELECT pgh_obj_id FROM "{event._meta.db_table}" '
            "WHERE pgh_context_id = %s AND pgh_label = 'insert')",
            [context],
        )
    for event, model in touched:
        _restore(cursor, event, model, context)


def _kept() -> Iterator[tuple[type[models.Model], type[models.Model]]]:
    for event in pghistory.core.event_models():
        model: Any = event
        if model.pgh_tracked_model is not ImportBatch:
            yield event, model.pgh_tracked_model


def _wrote(cursor: CursorWrapper, event: type[models.Model], context: UUID) -> bool:
    cursor.execute(f'SELECT EXISTS (SELECT 1 FROM "{event._meta.db_table}" WHERE pgh_context_id = %s)', [context])
    return bool(cursor.fetchone()[0])


def _changed_later(cursor: CursorWrapper, event: type[models.Model], context: UUID) -> int:
    table = event._meta.db_table
    cursor.execute(
        f'SELECT count(DISTINCT e.pgh_obj_id) FROM "{table}" e JOIN "{table}" l ON l.pgh_obj_id = e.pgh_obj_id '
        "AND l.pgh_id > e.pgh_id AND l.pgh_context_id IS DISTINCT FROM e.pgh_context_id WHERE e.pgh_context_id = %s",
        [context],
    )
    return int(cursor.fetchone()[0])


def _restore(cursor: CursorWrapper, event: type[models.Model], model: type[models.Model], context: UUID) -> None:
    """Give changed rows back what they were before; a person's count of changes still goes up."""
    table = event._meta.db_table
    columns = [field.column for field in model._meta.concrete_fields if not field.primary_key]
    assigned = ", ".join(
        f'"{name}" = t."{name}" + 1' if name == "revision" else f'"{name}" = was."{name}"' for name in columns
    )
    cursor.execute(
        f'UPDATE "{model._meta.db_table}" t SET {assigned} FROM (SELECT DISTINCT ON (b.pgh_obj_id) b.* '
        f'FROM "{table}" b JOIN (SELECT pgh_obj_id, min(pgh_id) AS first FROM "{table}" WHERE pgh_context_id = %s '
        "GROUP BY pgh_obj_id) AS own ON own.pgh_obj_id = b.pgh_obj_id AND b.pgh_id < own.first "
        "ORDER BY b.pgh_obj_id, b.pgh_id DESC) AS was WHERE t.id = was.pgh_obj_id",
        [context],
    )


def _change_of(cursor: CursorWrapper, batch: int) -> UUID:
    cursor.execute(
        "SELECT pgh_context_id FROM register_importbatchevent WHERE pgh_obj_id = %s AND pgh_label = 'insert'", [batch]
    )
    context: UUID = cursor.fetchone()[0]
    return context
