"""The only way to write: a change has an author, a moment and an action, and ends as one entry of the log.

All history rows that the database writes during a change carry its id and moment; the entry holds their digests. A
change that fails leaves neither. Reads of sensitive fields are logged here too.
"""

import hashlib
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction

from canbo.audit import anchors, digests
from canbo.audit.models import Entry
from canbo.common.findings import Refused
from canbo.common.language import pick

CHAIN_LOCK = 5_201_125  # one writer at a time adds to the chain; held from then to the commit
QUIET_LOCK = 5_201_126  # shared by all changes under way

# Requests overlap: one that began a little earlier may write a little later. What lies further back is a wrong clock.
TOLERANCE = timedelta(minutes=2)
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

    ``at`` is the moment of the change (aware), passed in by the page, the API or the command. Where an entry committed
    meanwhile is younger by less than ``TOLERANCE``, the change takes its moment, so that what was known before it never
    grows later. A change inside a change belongs to the outer one; if it fails, the outer one cannot
    be committed either, unless it stands in an ``atomic()`` of its own.

    :raises Refused: ``at`` lies far before the last entry: the clock of the machine is wrong.
    """
    outer: Change | None = getattr(_current, "change", None)
    if outer is not None:
        with transaction.atomic(savepoint=False):
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


def note(*, by: str, at: datetime, action: str, subject: str = "", detail: Mapping[str, Any] | None = None) -> None:
    """Log what changed nothing: a read of a sensitive field, a refused request, an export."""
    with change(by=by, at=at, action=action, subject=subject, detail=detail):
        pass


@contextmanager
def quiet() -> Iterator[None]:
    """Wait for the changes under way and let none begin: what was known before now is whole.

    Who seals a state as known at K seals it in here and logs it with a moment after K: no later change comes before it.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [QUIET_LOCK])
        yield


def digest_of(change_id: UUID) -> tuple[int, str]:
    """How many history rows a change wrote, and their digests: see ``canbo.audit.digests``."""
    return digests.of_change(change_id)


def history_tables() -> list[str]:
    """The tables of history rows, by name."""
    return digests.history_tables()


def hash_of(entry: Entry) -> str:
    """The hash of an entry: over all its fields but the hash, as canonical JSON."""
    content = {
        "id": entry.id,
        "moment": entry.moment.astimezone(UTC).isoformat(timespec="microseconds"),
        "change": str(entry.change),
        "actor": entry.actor,
        "action": entry.action,
        "subject": entry.subject,
        "detail": _plain(entry.detail),
        "rows": entry.rows,
        "digest": entry.digest,
        "previous": entry.previous,
    }
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _open(running: Change) -> None:
    """Give the transaction its author and moment, and the moment its place after what is already known."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT moment FROM audit_entry ORDER BY id DESC LIMIT 1) FROM "
            "(SELECT pg_advisory_xact_lock_shared(%s) OFFSET 0) AS waited",
            [QUIET_LOCK],
        )
        row = cursor.fetchone()
        last = row[0] if row else None
        if last is not None and running.at < last:
            _follow(running, last)
        cursor.execute(
            "SELECT set_config('canbo.moment', %s, true), set_config('pghistory.context_id', %s, true), "
            "set_config('pghistory.context_metadata', %s, true)",
            [
                running.at.isoformat(),
                str(running.id),
                json.dumps({"by": running.by, "action": running.action}, ensure_ascii=False),
            ],
        )


def _follow(running: Change, last: datetime) -> None:
    """Give a change the moment of the last entry where the clock may be believed.

    :raises Refused: it may not.
    """
    if last - running.at < TOLERANCE:
        running.at = last
        return
    raise Refused(
        pick(
            f"Đồng hồ của máy ({running.at:%d/%m/%Y %H:%M}) chậm hơn lần ghi cuối trong nhật ký "
            f"({last.astimezone(running.at.tzinfo):%d/%m/%Y %H:%M}). Chưa ghi gì. Hãy chỉnh lại ngày giờ của máy rồi "
            "làm lại.",
            f"The machine's clock ({running.at:%d/%m/%Y %H:%M}) is behind the last entry of the log "
            f"({last.astimezone(running.at.tzinfo):%d/%m/%Y %H:%M}). Nothing was written. Set the clock right and try "
            "again.",
        )
    )


def _append(running: Change, rows: int, digest: str) -> None:
    """Add the entry. From here on other writers wait, so only the commit comes after."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s), set_config('canbo.moment', '', true), "
            "set_config('pghistory.context_id', '', true), set_config('pghistory.context_metadata', '', true)",
            [CHAIN_LOCK],
        )
        cursor.execute("SELECT id, hash FROM audit_entry ORDER BY id DESC LIMIT 1")
        last = cursor.fetchone()
    entry = Entry(
        id=1 if last is None else last[0] + 1,
        moment=running.at,
        change=running.id,
        actor=_storable(running.by),
        action=_storable(running.action),
        subject=_storable(running.subject),
        detail=_plain(running.detail),
        rows=rows,
        digest=digest,
        previous="" if last is None else last[1],
    )
    entry.hash = hash_of(entry)
    entry.save(force_insert=True)
    name = connection.settings_dict["NAME"]
    transaction.on_commit(lambda: anchors.add(name, entry.id, entry.hash), robust=True)


def _storable(text: str) -> str:
    """Text as the database can keep it: no NUL, no half characters."""
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()


def _plain(value: Any) -> Any:
    """A value as it comes back from ``jsonb``, where 1.0 and 1e22 may return as whole numbers."""
    if isinstance(value, dict):
        return {_storable(str(key)): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if value is None or isinstance(value, bool | int):
        return value
    return _storable(str(value))
