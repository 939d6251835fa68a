"""The only way to write: a change has an author, a moment and an action, and ends as one entry of the log.

All history rows that the database writes during a change carry its id and moment; the entry holds their digest. A
change that fails leaves neither. Reads of sensitive fields are logged here too.
"""

import hashlib
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pghistory
from django.db import connection, transaction

from canbo.audit.models import Entry
from canbo.common.findings import Refused
from canbo.common.language import pick

_LOCK = 5_201_125  # one writer at a time adds to the chain
_current = threading.local()


@dataclass
class Change:
    """A change under way. ``detail`` may be filled while it runs; it must hold no sensitive value."""

    id: UUID
    by: str
    at: datetime
    action: str
    subject: str = ""
    detail: dict[str, Any] = field(default_factory=dict)


@contextmanager
def change(
    *, by: str, at: datetime, action: str, subject: str = "", detail: Mapping[str, Any] | None = None
) -> Iterator[Change]:
    """Run what is inside as one change: all of it is written, with its entry, or nothing.

    ``at`` is the moment of the change (aware), passed in by the page, the API or the command. A change inside a change
    belongs to the outer one.

    :raises Refused: ``at`` lies before the last entry: the clock of the machine is wrong.
    """
    outer: Change | None = getattr(_current, "change", None)
    if outer is not None:
        yield outer
        return
    running = Change(uuid4(), by, at, action, subject, dict(detail or {}))
    with transaction.atomic():
        _open(running)
        _current.change = running
        try:
            yield running
        finally:
            _current.change = None
        rows, digest = digest_of(running.id)
        _append(running, rows, digest)
        _close()


def note(*, by: str, at: datetime, action: str, subject: str = "", detail: Mapping[str, Any] | None = None) -> None:
    """Log what changed nothing: a read of a sensitive field, a refused request, an export."""
    with change(by=by, at=at, action=action, subject=subject, detail=detail):
        pass


def digest_of(change_id: UUID) -> tuple[int, str]:
    """How many history rows a change wrote, and the hash over all of them, table by table in the order written."""
    parts = " UNION ALL ".join(
        f"SELECT '{table}' AS name, count(*) AS n, sha256(string_agg(sha256(convert_to(e::text, 'UTF8')), ''::bytea "
        f'ORDER BY e.pgh_id)) AS digest FROM "{table}" AS e WHERE e.pgh_context_id = %s HAVING count(*) > 0'
        for table in history_tables()
    )
    if not parts:
        return 0, ""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL DateStyle = 'ISO'; SET LOCAL TimeZone = 'UTC'; SET LOCAL extra_float_digits = 1")
        cursor.execute(f"SELECT * FROM ({parts}) AS t ORDER BY name", [change_id] * parts.count("%s"))
        found = cursor.fetchall()
    if not found:
        return 0, ""
    total = hashlib.sha256()
    for name, count, digest in found:
        total.update(f"{name}:{count}:{bytes(digest).hex()}\n".encode())
    return sum(row[1] for row in found), total.hexdigest()


def history_tables() -> list[str]:
    """The tables of history rows, by name."""
    return sorted(model._meta.db_table for model in pghistory.core.event_models())


def hash_of(entry: Entry) -> str:
    """The hash of an entry: over all its fields but the hash, as canonical JSON."""
    content = {
        "id": entry.id,
        "moment": entry.moment.astimezone(UTC).isoformat(timespec="microseconds"),
        "change": str(entry.change),
        "actor": entry.actor,
        "action": entry.action,
        "subject": entry.subject,
        "detail": entry.detail,
        "rows": entry.rows,
        "digest": entry.digest,
        "previous": entry.previous,
    }
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _open(running: Change) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('canbo.moment', %s, true), set_config('pghistory.context_id', %s, true), "
            "set_config('pghistory.context_metadata', %s, true)",
            [
                running.at.isoformat(),
                str(running.id),
                json.dumps({"by": running.by, "action": running.action}, ensure_ascii=False),
            ],
        )


def _close() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('canbo.moment', '', true), set_config('pghistory.context_id', '', true), "
            "set_config('pghistory.context_metadata', '', true)"
        )


def _append(running: Change, rows: int, digest: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    last = Entry.objects.order_by("-id").first()
    if last is not None and running.at < last.moment:
        raise Refused(
            pick(
                f"Đồng hồ của máy ({running.at:%d/%m/%Y %H:%M}) chậm hơn lần ghi cuối trong nhật ký "
                f"({last.moment:%d/%m/%Y %H:%M}). Chưa ghi gì. Hãy chỉnh lại ngày giờ của máy rồi làm lại.",
                f"The machine's clock ({running.at:%d/%m/%Y %H:%M}) is behind the last entry of the log "
                f"({last.moment:%d/%m/%Y %H:%M}). Nothing was written. Set the clock right and try again.",
            )
        )
    entry = Entry(
        id=1 if last is None else last.id + 1,
        moment=running.at,
        change=running.id,
        actor=running.by,
        action=running.action,
        subject=running.subject,
        detail=running.detail,
        rows=rows,
        digest=digest,
        previous="" if last is None else last.hash,
    )
    entry.hash = hash_of(entry)
    entry.save(force_insert=True)
