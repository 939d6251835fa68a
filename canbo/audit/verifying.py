"""Proving that nothing was altered: the log against itself, against the anchor and against the history; that against
the rows of today. Reads only, in a few statements a table; what it finds is worded here once for all."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pgtrigger
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from canbo.audit import anchors, digests
from canbo.audit.changes import TOLERANCE, hash_of
from canbo.audit.history_checks import history_findings, live_findings
from canbo.audit.models import Entry
from canbo.common.findings import Finding
from canbo.common.language import pick
from canbo.common.numbers import print_count

# A long import carries the moment at which it began and is entered after what was quicker.
_LONGEST_CHANGE = timedelta(hours=12)
_MANY = 20  # findings of one kind that are told one by one


@dataclass(frozen=True)
class Head:
    """The last entry of the log: whoever notes its hash on paper can prove later that nothing before it was altered."""

    id: int
    hash: str
    moment: datetime


def head() -> Head | None:
    """The last entry; None where the log is empty."""
    last = Entry.objects.order_by("-id").first()
    return Head(last.id, last.hash, last.moment) if last else None


def anchor_head() -> Head | None:
    """Note the last entry outside the database, where nothing is wrong with the log, and return it."""
    last = head()
    name = str(connection.settings_dict["NAME"])
    if last is not None and all(number != last.id for number, _ in anchors.noted(name)):
        anchors.add(name, last.id, last.hash)
    return last


def verify(*, at: datetime | None = None, known_head: str = "") -> list[Finding]:
    """Everything that does not fit: entries, history rows, live rows, triggers; empty where nothing was altered.

    ``at`` is the present moment, to find entries from a future; ``known_head`` a hash noted before, which must be one
    of the log's.
    """
    found: list[Finding] = []
    with transaction.atomic(), connection.cursor() as cursor:
        if not connection.savepoint_ids:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute(digests.CANONICAL)
        chain = _Chain(at, known_head.strip().lower())
        found += chain.findings()
        found += history_findings(cursor)
        found += live_findings(cursor)
        found += trigger_findings(cursor)
    return found


class _Chain:
    """One pass over the log, beside the anchor."""

    def __init__(self, at: datetime | None, known_head: str) -> None:
        self.at, self.known_head = at, known_head
        self.anchored: dict[int, set[str]] = {}
        for number, digest in anchors.noted(str(connection.settings_dict["NAME"])):
            self.anchored.setdefault(number, set()).add(digest)

    def findings(self) -> list[Finding]:
        found: list[Finding] = []
        previous, number, latest, seen = "", 0, None, not self.known_head
        for entry in Entry.objects.order_by("id").iterator(chunk_size=5000):
            found += _gap(number, entry.id)
            found += self._of_entry(entry, previous if entry.id == number + 1 else None)
            if latest is not None and entry.moment < latest - _LONGEST_CHANGE:
                found.append(_backwards(entry))
            seen = seen or entry.hash == self.known_head
            latest = max(latest or entry.moment, entry.moment)
            previous, number = entry.hash, entry.id
        found += self._at_end(number, latest)
        if not seen:
            found.append(_head_missing(self.known_head))
        return _shortened(found)

    def _of_entry(self, entry: Entry, previous: str | None) -> Iterator[Finding]:
        if hash_of(entry) != entry.hash:
            yield _entry_finding(
                "log-altered",
                entry.id,
                pick("nội dung không khớp mã băm: mục đã bị sửa", "its content does not fit its hash: it was altered"),
            )
        if previous is not None and entry.previous != previous:
            yield _entry_finding(
                "log-chain",
                entry.id,
                pick(
                    "không nối tiếp mục liền trước: có mục bị thay, bị xóa hoặc bị chèn",
                    "does not follow the entry before: one was replaced, removed or inserted",
                ),
            )
        noted = self.anchored.pop(entry.id, None)
        if noted and noted != {entry.hash}:
            yield _entry_finding(
                "log-anchor",
                entry.id,
                pick(
                    "mã băm khác mã đã ghi ở tệp neo ngoài cơ sở dữ liệu: chuỗi đã bị dựng lại từ mục này hoặc "
                    "trước đó",
                    "its hash is not the one in the anchor file outside the database: the chain was rebuilt from here "
                    "or before",
                ),
            )

    def _at_end(self, number: int, latest: datetime | None) -> Iterator[Finding]:
        beyond = [one for one in self.anchored if one > number]
        if beyond:
            yield _entry_finding(
                "log-removed",
                min(beyond),
                pick(
                    f"có trong tệp neo nhưng không còn trong nhật ký: {print_count(len(beyond))} mục cuối đã bị xóa",
                    f"is in the anchor file and no longer in the log: the last {len(beyond)} were removed",
                ),
            )
        if self.at is not None and latest is not None and latest > self.at + TOLERANCE:
            yield Finding(
                "warning",
                "clock",
                pick(
                    f"Nhật ký có mục ghi lúc {latest.astimezone(self.at.tzinfo):%d/%m/%Y %H:%M}, sau giờ hiện tại "
                    f"của máy ({self.at:%d/%m/%Y %H:%M}).",
                    f"The log has an entry of {latest.astimezone(self.at.tzinfo):%d/%m/%Y %H:%M}, after the machine's "
                    f"present time ({self.at:%d/%m/%Y %H:%M}).",
                ),
                pick("Kiểm tra ngày giờ của máy.", "Check the machine's date and time."),
            )


def trigger_findings(cursor: CursorWrapper) -> list[Finding]:
    """Triggers that the models declare and the database does not have, has disabled, or has in another form."""
    cursor.execute(
        "SELECT c.relname, t.tgname, t.tgenabled, p.prosrc, t.tgqual IS NOT NULL FROM pg_trigger t "
        "JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid "
        "WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace"
    )
    present = {(table, name): (enabled, body, limited) for table, name, enabled, body, limited in cursor.fetchall()}
    found = []
    for table, name, expected, conditional in _declared():
        enabled, body, limited = present.get((table, name), ("", "", False))
        if not enabled:
            said = pick("bị gỡ", "is missing")
        elif enabled not in "OA":
            said = pick("bị tắt", "is disabled")
        elif " ".join(body.split()) != expected or limited != conditional:
            said = pick("bị thay nội dung", "is another than the program's")
        else:
            continue
        found.append(
            Finding(
                "error",
                "trigger",
                pick(
                    f"Bảng “{table}”: bộ kích hoạt “{name}” (giữ lịch sử, chống sửa và xóa) {said}.",
                    f"Table “{table}”: the trigger “{name}” (keeps history, refuses changes) {said}.",
                ),
                pick(
                    "Chạy “canbo migrate” để cài lại, rồi “canbo verify”.", "Run “canbo migrate”, then “canbo verify”."
                ),
            )
        )
    return _shortened(found)


def _declared() -> Iterator[tuple[str, str, str, bool]]:
    """Table, name, body (spaces squeezed) of each trigger of the models, and whether it has a condition."""
    for model, trigger in pgtrigger.registered():
        sql = trigger.compile(model).sql
        body = re.findall(r"AS \$\$(.*?)\$\$ LANGUAGE", str(sql), re.DOTALL)[-1]
        yield sql.table, sql.pgid, " ".join(body.split()), bool(sql.kwargs.get("condition"))


def _gap(before: int, number: int) -> list[Finding]:
    if number == before + 1:
        return []
    return [
        _entry_finding(
            "log-removed",
            before + 1,
            pick(
                f"không còn trong nhật ký (thiếu {print_count(number - before - 1)} mục, đến trước mục {number})",
                f"is no longer in the log ({number - before - 1} missing, up to entry {number})",
            ),
        )
    ]


def _backwards(entry: Entry) -> Finding:
    return Finding(
        "warning",
        "clock",
        pick(
            f"Nhật ký, mục {entry.id}: ghi lúc {entry.moment:%d/%m/%Y %H:%M} (UTC), trước hẳn các mục đứng trên.",
            f"Log, entry {entry.id}: of {entry.moment:%d/%m/%Y %H:%M} (UTC), long before the entries above it.",
        ),
        pick("Đối chiếu ngày giờ của máy vào lúc đó.", "Compare with the machine's clock at that time."),
    )


def _head_missing(known: str) -> Finding:
    return Finding(
        "error",
        "log-head",
        pick(
            f"Không mục nào trong nhật ký có mã băm “{known}” đã ghi trên giấy: chuỗi đã bị dựng lại.",
            f"No entry of the log has the hash “{known}” noted on paper: the chain was rebuilt.",
        ),
        _advice(),
    )


def _entry_finding(code: str, number: int, said: str) -> Finding:
    return Finding("error", code, pick(f"Nhật ký, mục {number}: {said}.", f"Log, entry {number}: {said}."), _advice())


def _advice() -> str:
    return pick(
        "Giữ nguyên máy, không ghi thêm; so với bản sao lưu gần nhất và báo người phụ trách an toàn thông tin.",
        "Leave the machine as it is and write nothing more; compare with the last backup and tell who answers for "
        "information security.",
    )


def _shortened(found: list[Finding]) -> list[Finding]:
    """At most ``_MANY`` findings of each kind, and how many more there are."""
    kept: list[Finding] = []
    counts: dict[str, int] = {}
    for finding in found:
        counts[finding.code] = counts.get(finding.code, 0) + 1
        if counts[finding.code] <= _MANY:
            kept.append(finding)
    for code, count in counts.items():
        if count > _MANY:
            more = print_count(count - _MANY)
            kept.append(
                Finding("error", code, pick(f"… và {more} phát hiện cùng loại.", f"… and {more} more of this kind."))
            )
    return kept
