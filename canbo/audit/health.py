"""Whether the house is well, without a word about persons: database, version, backup, clock."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import DatabaseError, connection

from canbo.audit import upgrading
from canbo.audit.changes import TOLERANCE
from canbo.audit.models import Entry
from canbo.common.language import pick
from canbo.installation.backup import last_backup, reminder


@dataclass(frozen=True)
class Health:
    """``well`` where the house can be used; ``warnings`` are sentences for who keeps it."""

    well: bool
    database: bool
    pending_migrations: int
    last_entry_at: datetime | None
    clock_behind: bool
    last_backup_at: datetime | None
    backup_age_days: int | None
    warnings: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """For the health endpoint."""
        moments = {"last_entry_at", "last_backup_at"}
        fields = asdict(self) | {"warnings": list(self.warnings)}
        return {key: value.isoformat() if key in moments and value else value for key, value in fields.items()}


def health(*, at: datetime) -> Health:
    """The state of the installation at the present moment; never raises where the database is away."""
    database, waiting, last = _database()
    behind = last is not None and at < last - TOLERANCE
    backup = last_backup()
    warnings = [*_database_warnings(database, waiting)]
    if behind and last is not None:
        warnings.append(clock_warning(at, last))
    if (old := reminder(at=at)) is not None:
        warnings.append(old)
    return Health(
        well=database and not waiting and not behind,
        database=database,
        pending_migrations=waiting,
        last_entry_at=last,
        clock_behind=behind,
        last_backup_at=backup.at if backup else None,
        backup_age_days=(at - backup.at).days if backup else None,
        warnings=tuple(warnings),
    )


def clock_warning(at: datetime, last: datetime) -> str:
    """The machine's clock runs behind what is already written."""
    last = last.astimezone(at.tzinfo)
    return pick(
        f"Đồng hồ của máy ({at:%d/%m/%Y %H:%M}) chậm hơn lần ghi cuối ({last:%d/%m/%Y %H:%M}): hãy chỉnh lại ngày giờ.",
        f"The machine's clock ({at:%d/%m/%Y %H:%M}) is behind the last entry ({last:%d/%m/%Y %H:%M}): set it right.",
    )


def _database() -> tuple[bool, int, datetime | None]:
    """Whether it answers, how many migrations wait, and the moment of the last entry."""
    try:
        connection.ensure_connection()
        waiting = len(upgrading.pending())
        last = Entry.objects.order_by("-id").values_list("moment", flat=True).first() if not waiting else None
    except DatabaseError:
        return False, 0, None
    return True, waiting, last


def _database_warnings(database: bool, waiting: int) -> list[str]:
    if not database:
        return [pick("Cơ sở dữ liệu không trả lời.", "The database does not answer.")]
    if waiting:
        return [
            pick(
                "Cơ sở dữ liệu cũ hơn chương trình. Hãy chạy “canbo migrate”.",
                "The database is older than the program. Run “canbo migrate”.",
            )
        ]
    return []
