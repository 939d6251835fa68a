"""An import from beginning to end: ``prepare`` reads the file and compares, ``apply`` writes it all or not at all."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from django.db import IntegrityError, connection, transaction
from django.db.backends.utils import CursorWrapper

from canbo.accounts.permissions import Permission
from canbo.audit.changes import change
from canbo.common.findings import Finding, Refused
from canbo.common.language import pick
from canbo.common.numbers import print_count
from canbo.datasets.bundle import Datasets
from canbo.datasets.matching import Matches
from canbo.datasets.reading import read
from canbo.register import trees
from canbo.register.importing import confinement, conflicts, departures, identities, lines, loading, rows, states
from canbo.register.importing.limits import Within
from canbo.register.importing.preview import Part, Preview
from canbo.register.importing.specs import PARTY, PERSON, POSTS, RANKS, SPECS, Spec
from canbo.register.models import ImportBatch

Progress = Callable[[str, int, int], None]
Limits = tuple[Within, Permission]
_BEFORE_PERSONS = (states.UNITS,)
_AFTER_PERSONS = (states.EMPLOYMENT, states.STANDING, states.POST)
_STATES = (*_BEFORE_PERSONS, *_AFTER_PERSONS)
_WRITTEN = (
    "register_unitversion",
    "register_person",
    "register_employment",
    "register_standing",
    "register_postheld",
    "register_qualification",
    "register_training",
    "register_evaluation",
)
ACTION = "import"
_LOCK = 5_201_129  # one import at a time is compared and written, so that two cannot write the same rows


def _silent(step: str, done: int, total: int) -> None:
    """No progress is shown."""


def prepare(
    path: Path,
    *,
    as_of: date | None = None,
    matches: Matches | None = None,
    within: Within | None = None,
    progress: Progress = _silent,
) -> Preview:
    """Read a workbook or folder and say what its import would do. Writes nothing.

    ``as_of`` goes before the day that the file states; one of them must be there. ``within``: whose import it is; what
    the mandates do not reach is told as rows outside and nothing else (see ``confinement``). None: nobody's limits.

    :raises Refused: the file cannot be used, or is of no day.
    """
    progress(pick("Đọc tệp", "Reading"), 0, 1)
    data = read(path, data_date=as_of, matches=matches)
    progress(pick("Đọc tệp", "Reading"), 1, 1)
    return compare(path, data, within=within, progress=progress)


def compare(path: Path, data: Datasets, *, within: Within | None = None, progress: Progress = _silent) -> Preview:
    """What the import of datasets already read would do; ``within`` as for ``prepare``.

    :raises Refused: they are of no day.
    """
    if data.data_date is None:
        raise Refused(
            pick(
                f"“{path.name}” không ghi dữ liệu tại ngày nào. Hãy thêm --as-of NGÀY.",
                f"“{path.name}” does not say of which day it is. Add --as-of DAY.",
            )
        )
    with _trial() as cursor:
        may = _limits(within, Permission.IMPORT_PREVIEW)
        parts, findings, outside = _stage(cursor, data, data.data_date, progress, may)
    return Preview(path, data, data.data_date, parts, (*data.findings, *findings), within, outside)


def apply(preview: Preview, *, by: str, at: datetime, progress: Progress = _silent) -> ImportBatch | None:
    """Write what the preview showed, as one change; None where there is nothing to write.

    :raises Refused: rows lie outside the mandates, the register has changed since the preview, or refuses what the file
        says.
    """
    if preview.outside:
        raise _outside(preview.outside)
    if not preview.totals.writes:
        return None
    try:
        with change(by=by, at=at, action=ACTION, subject=f"import:{preview.path.name}") as running:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
                may = _limits(preview.within, Permission.IMPORT_APPLY)
                parts, _, outside = _stage(cursor, preview.data, preview.as_of, progress, may)
                if outside:
                    raise _outside(outside)
                if _shape(parts) != _shape(preview.parts):
                    raise _stale()
                batch = _batch(preview, by, running.at)
                _write(cursor, batch.pk, progress)
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
            totals = preview.totals
            running.detail.update(
                batch=batch.pk,
                as_of=preview.as_of.isoformat(),
                content=preview.data.version,
                created=totals.created,
                changed=totals.changed,
                ended=totals.ended,
                left=totals.left,
            )
    except IntegrityError as error:
        raise _impossible(error) from error
    return batch


def _limits(within: Within | None, permission: Permission) -> Limits | None:
    """What confines the import; None where nothing does."""
    return (within, permission) if within is not None and within.confines(permission) else None


@contextmanager
def _trial() -> Iterator[CursorWrapper]:
    """A transaction that leaves nothing behind."""
    with transaction.atomic(), connection.cursor() as cursor:
        mark = transaction.savepoint()
        try:
            yield cursor
        finally:
            transaction.savepoint_rollback(mark)


def _stage(
    cursor: CursorWrapper, data: Datasets, day: date, progress: Progress, limits: Limits | None
) -> tuple[tuple[Part, ...], list[Finding], int]:
    step = pick("So với cơ sở dữ liệu", "Comparing")
    total = len(SPECS) + len(_STATES) + 1
    progress(step, 0, total)
    cursor.execute("SET LOCAL work_mem = '256MB'; SET LOCAL jit = off")
    loading.clear(cursor)
    cursor.execute("CREATE TEMP TABLE i_as_of ON COMMIT DROP AS SELECT %s::date AS as_of", [day])
    loading.load(cursor, data)
    findings, outside = confinement.confine(cursor, *limits) if limits else ([], 0)
    findings += identities.resolve(cursor)
    parts: list[Part] = []
    for number, state in enumerate(_BEFORE_PERSONS, 1):
        states.stage(cursor, state, _present(data, state.dataset))
        parts.append(states.tell(cursor, state))
        progress(step, number, total)
    for number, spec in enumerate(SPECS, len(_BEFORE_PERSONS) + 1):
        rows.stage(cursor, spec)
        if spec is POSTS:
            findings += lines.settle_posts(cursor)
        if spec is RANKS:
            lines.settle_ranks(cursor)
        part = rows.tell(cursor, spec, confined=limits is not None)
        if spec in (POSTS, RANKS):
            part.counts.ended += lines.ended(cursor, spec.name)
        if spec is PERSON:
            part = replace(part, rows=part.rows + tuple(conflicts.left_people(cursor, confined=limits is not None)))
        parts.append(part)
        progress(step, number, total)
    for number, state in enumerate(_AFTER_PERSONS, len(_BEFORE_PERSONS) + len(SPECS) + 1):
        states.stage(cursor, state, _present(data, state.dataset))
        parts.append(states.tell(cursor, state))
        progress(step, number, total)
    departures.stage(cursor)
    parts += departures.tell(cursor)
    findings += conflicts.findings(cursor)
    findings += conflicts.dangling(cursor)
    if limits:
        also, count = confinement.touched(cursor)
        findings, outside = findings + also, outside + count
    progress(step, total, total)
    return tuple(part for part in parts if part.dataset in data.tables), findings, outside


def _present(data: Datasets, dataset: str) -> frozenset[str]:
    table = data.tables.get(dataset)
    return frozenset(table.column_names) - data.absent.get(dataset, frozenset()) if table is not None else frozenset()


def _batch(preview: Preview, by: str, at: datetime) -> ImportBatch:
    totals = preview.totals
    return ImportBatch.objects.create(
        file_name=preview.path.name,
        content=preview.data.version,
        as_of=preview.as_of,
        applied_at=at,
        by=by,
        created=totals.created,
        changed=totals.changed,
        ended=totals.ended,
        left=totals.left,
    )


def _write(cursor: CursorWrapper, batch: int, progress: Progress) -> None:
    step = pick("Ghi vào cơ sở dữ liệu", "Writing")
    total = len(SPECS) + len(_STATES)
    progress(step, 0, total)
    cursor.execute("INSERT INTO register_unit (id, code) SELECT id, code FROM i_unit WHERE is_new ORDER BY id")
    conflicts.count_revisions(cursor)
    done = 0
    with trees.kept_sound():
        for state in _BEFORE_PERSONS:
            states.write(cursor, state, batch)
            progress(step, done := done + 1, total)
    for spec in _in_order():
        if spec is POSTS:
            lines.end_posts(cursor)
        if spec is RANKS:
            lines.end_ranks(cursor)
        rows.write(cursor, spec, batch)
        progress(step, done := done + 1, total)
    for state in _AFTER_PERSONS:
        states.write(cursor, state, batch)
        progress(step, done := done + 1, total)
    departures.write(cursor)
    for (
        table
    ) in _WRITTEN:  # what reads next, in this transaction or after it, is planned for the tables as they are now
        cursor.execute(f'ANALYZE "{table}"; ANALYZE "{table}event"')


def _in_order() -> list[Spec]:
    """What others name first: the person, classes and lists."""
    return sorted(SPECS, key=lambda spec: (spec is not PERSON, not spec.own_id, spec is not PARTY))


def _shape(parts: tuple[Part, ...]) -> list[tuple[str, str, tuple[int, ...]]]:
    return [(part.dataset, part.name, tuple(vars(part.counts).values())) for part in parts]


def _outside(count: int) -> Refused:
    number = print_count(count)
    return Refused(
        pick(
            f"{number} dòng của tệp ngoài phạm vi nhiệm vụ được giao. Chưa nhập gì. Bỏ các dòng đó khỏi tệp, hoặc đề "
            "nghị Ban Tổ chức nhập.",
            f"{number} rows of the file are outside the mandate. Nothing was imported. Take them out of the file, or "
            "ask the Organisation Commission to import it.",
        )
    )


def _stale() -> Refused:
    return Refused(
        pick(
            "Cơ sở dữ liệu đã thay đổi sau khi xem trước nên chưa nhập gì. Hãy xem trước lại.",
            "The register has changed since the preview, so nothing was imported. Look at the preview again.",
        )
    )


def _impossible(error: IntegrityError) -> Refused:
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
    return Refused(
        pick(
            f"Cơ sở dữ liệu từ chối nội dung của tệp (ràng buộc {name}): có dòng chồng lấn hoặc mâu thuẫn với dữ liệu "
            "đã có. Chưa nhập gì. Hãy sửa các dòng của tệp hoặc hồ sơ đã có rồi làm lại.",
            f"The register refuses what the file says (constraint {name}): rows overlap or contradict what is there. "
            "Nothing was imported. Correct the rows of the file, or the records, and try again.",
        )
    )
