"""Taking an import back: a correcting operation that removes what it entered and restores what it changed.

History keeps both, the import and its undoing. What somebody has changed since is never taken back: either nothing is
undone, or, where that is wanted, all of those persons and units is left as it is and the rest is taken back.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.backends.utils import CursorWrapper

from canbo.audit.changes import change
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.common.numbers import print_count
from canbo.register.importing.written import Later, Table, keep_changed, later, stage
from canbo.register.models import ImportBatch
from canbo.register.refusals import what_is

ACTION = "undo_import"


@dataclass(frozen=True)
class TakenBack:
    """Of one table: rows removed (the import entered them), put back (it changed them), left (changed since)."""

    kind: str
    removed: int
    put_back: int
    left: int


@dataclass(frozen=True)
class Undoing:
    """What undoing an import does. ``later``: the first rows changed since or resting on it; ``later_count``: all.

    ``left``: how many persons, units and other things are left as they are where what was changed is to be kept.
    """

    tables: tuple[TakenBack, ...]
    later: tuple[Later, ...]
    later_count: int
    left: int

    def as_json(self) -> dict[str, Any]:
        """As the command prints it."""
        return {
            "tables": [vars(one) for one in self.tables],
            "later": [one.as_json() for one in self.later],
            "later_count": self.later_count,
            "left": self.left,
        }


def preview(batch: ImportBatch, *, keep: bool = False) -> Undoing:
    """What undoing would do; ``keep``: leaving those changed since as they are. Writes nothing.

    :raises Refused: it is undone already.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        mark = transaction.savepoint()
        try:
            _require_not_undone(batch)
            return _stage(cursor, batch, keep)[1]
        finally:
            transaction.savepoint_rollback(mark)


def undo(batch: ImportBatch, *, by: str, at: datetime, keep: bool = False) -> Undoing:
    """Undo an import as one change; the batch stays, marked as undone.

    ``keep``: persons and units of whom something was changed or entered since stay wholly as they are.

    :raises Refused: it is undone already, or something was changed since and is not to be kept.
    """
    try:
        with change(by=by, at=at, action=ACTION, subject=f"import:{batch.file_name}") as running:
            locked = ImportBatch.objects.select_for_update().get(pk=batch.pk)
            _require_not_undone(locked)
            with connection.cursor() as cursor:
                wrote, done = _stage(cursor, locked, keep)
                if done.later_count and not keep:
                    raise blocked(done)
                _take_back(cursor, wrote)
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED; DROP TABLE u_row, u_later")
            locked.undone = True
            locked.save(update_fields=["undone"])
            running.detail.update(batch=batch.pk, left=done.left)
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
    return done


def blocked(shown: Undoing) -> Refused:
    """The refusal where something was changed since and nobody said what is to become of it."""
    refers = sum(one.refers for one in shown.later)
    count = print_count(shown.later_count)
    if refers == len(shown.later):
        what = pick(
            f"{count} dòng được nhập sau đó dựa vào các dòng của lần nhập này",
            f"{count} rows entered later rest on rows of this import",
        )
    else:
        what = pick(
            f"{count} dòng của lần nhập này đã được sửa sau đó hoặc có dữ liệu nhập sau dựa vào",
            f"{count} rows of this import were changed since, or later ones rest on it",
        )
    return Refused(
        pick(
            f"Không hoàn tác được: {what}. Chưa thay đổi gì. Hãy sửa từng hồ sơ, hoàn tác lần nhập sau trước, hoặc giữ "
            "nguyên hồ sơ của những người và đơn vị đó (--keep-changed) và hoàn tác phần còn lại.",
            f"It cannot be undone: {what}. Nothing was changed. Correct the records one by one, undo the later import "
            "first, or leave those persons and units as they are (--keep-changed) and undo the rest.",
        )
    )


def _require_not_undone(batch: ImportBatch) -> None:
    if batch.undone:
        raise Refused(pick("Lần nhập này đã được hoàn tác trước đó.", "This import has been undone already."))


def _stage(cursor: CursorWrapper, batch: ImportBatch, keep: bool) -> tuple[list[Table], Undoing]:
    wrote = stage(cursor, batch.pk)
    since, count = later(cursor)
    left = keep_changed(cursor, wrote) if keep and count else 0
    cursor.execute(
        "SELECT place, count(*) FILTER (WHERE entered AND NOT kept), count(*) FILTER (WHERE NOT entered AND NOT kept), "
        "count(*) FILTER (WHERE kept) FROM u_row GROUP BY place ORDER BY place"
    )
    told = tuple(TakenBack(what_is(place), *counts) for place, *counts in cursor.fetchall())
    return wrote, Undoing(told, tuple(since), count, left)


def _take_back(cursor: CursorWrapper, wrote: list[Table]) -> None:
    for table in wrote:
        cursor.execute(
            f'DELETE FROM "{table.name}" WHERE id IN (SELECT id FROM u_row WHERE place = %s AND entered AND NOT kept)',
            [table.name],
        )
    for table in wrote:
        _restore(cursor, table)


def _restore(cursor: CursorWrapper, table: Table) -> None:
    """Give changed rows back what they were before; a person's count of changes still goes up."""
    columns = [field.column for field in table.model._meta.concrete_fields if not field.primary_key]
    assigned = ", ".join(
        f'"{name}" = t."{name}" + 1' if name == "revision" else f'"{name}" = was."{name}"' for name in columns
    )
    cursor.execute(
        f'UPDATE "{table.name}" t SET {assigned} FROM (SELECT DISTINCT ON (b.pgh_obj_id) b.* '
        f'FROM "{table.events}" b JOIN u_row own ON own.place = %s AND own.id = b.pgh_obj_id AND b.pgh_id < own.first '
        "WHERE NOT own.entered AND NOT own.kept ORDER BY b.pgh_obj_id, b.pgh_id DESC) AS was "
        "WHERE t.id = was.pgh_obj_id",
        [table.name],
    )
