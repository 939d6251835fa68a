"""Sealing a snapshot: its files, their hashes, and the proof that they still follow from the register (REG-14)."""

import shutil
import tempfile
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from canbo.audit.changes import change, quiet
from canbo.common.findings import Finding, Refused
from canbo.common.language import pick
from canbo.common.numbers import print_day
from canbo.datasets.bundle import Datasets
from canbo.installation.home import home
from canbo.snapshot.files import WRITER, hash_of_file, new_folder, write_files
from canbo.snapshot.models import Seal
from canbo.snapshot.take import take

_INSTANT = timedelta(microseconds=1)


def seal(
    *,
    day: date,
    known: datetime | None,
    title: str,
    folder: Path,
    by: str,
    at: datetime,
    replaces: Seal | None = None,
) -> Seal:
    """Seal the register of a day as known at a moment (None: just before ``at``) into a folder of Parquet files.

    No change runs meanwhile, so that nothing is added later to what was known. ``replaces`` names the seal that this
    one corrects; both stay.

    :raises Refused: ``known`` is not before ``at``, nobody was in the register, or the folder cannot be written.
    """
    moment = at - _INSTANT if known is None else known
    if moment >= at:
        raise Refused(
            pick(
                "Chỉ niêm phong được những gì đã biết đến một thời điểm trước lúc niêm phong.",
                "Only what was known before the sealing can be sealed.",
            )
        )
    with quiet():
        taken = take(day, known=moment)
        if "people" not in taken.tables:
            raise Refused(
                pick(
                    f"Cơ sở dữ liệu không có người nào tại ngày {print_day(day)}: không có gì để niêm phong.",
                    f"The register has nobody on {print_day(day)}: there is nothing to seal.",
                )
            )
        with new_folder(folder) as temporary:
            files = write_files(taken.tables, _info(title, taken, moment), temporary)
        try:
            with change(by=by, at=at, action="snapshot.seal", subject=title) as running:
                made = Seal.objects.create(
                    title=title,
                    day=day,
                    known=moment,
                    folder=str(folder.resolve()),
                    content=taken.version,
                    files=files,
                    rows={name: table.num_rows for name, table in taken.tables.items()},
                    writer=WRITER,
                    sealed_at=at,
                    by=by,
                    replaces=replaces,
                )
                running.detail |= {"seal": made.pk, "content": made.content, "day": day.isoformat()}
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
    return made


def verify_seals() -> list[Finding]:
    """What is wrong with all seals, the first first."""
    return [finding for sealed in Seal.objects.order_by("pk") for finding in verify_seal(sealed)]


def verify_seal(sealed: Seal) -> tuple[Finding, ...]:
    """What is wrong with a seal: nothing, when its files are whole and the register as known then gives them again.

    Files are compared bit for bit; where another version of the writer made them, their content is. A folder that is
    not on this machine is a warning only: the register still gives its bytes.
    """
    findings = [*_check_files(sealed)]
    taken = take(sealed.day, known=sealed.known)
    if taken.version != sealed.content:
        findings.append(
            _finding(
                sealed,
                "seal_differs",
                pick(
                    f"dữ liệu tính lại từ cơ sở dữ liệu ({taken.version[:19]}…) khác bản đã niêm phong "
                    f"({sealed.content[:19]}…)",
                    f"the register gives {taken.version[:19]}…, sealed was {sealed.content[:19]}…",
                ),
            )
        )
    elif sealed.writer == WRITER:
        findings += _check_bytes(sealed, taken)
    return tuple(findings)


def folder_of(sealed: Seal) -> Path:
    """Where the files of a seal lie: those in the installation's own folder move with it to another machine."""
    folder = Path(sealed.folder)
    moved = home() / "files" / "snapshots" / folder.name
    return moved if moved.is_dir() and not folder.is_dir() else folder


def _check_files(sealed: Seal) -> list[Finding]:
    findings = []
    folder = folder_of(sealed)
    if not folder.is_dir():
        return [_away(sealed)]
    for name, digest in _files(sealed).items():
        if not (folder / name).is_file():
            findings.append(_finding(sealed, "seal_missing", pick(f"thiếu tệp {name}", f"{name} is missing")))
        elif hash_of_file(folder / name) != digest:
            findings.append(_finding(sealed, "seal_altered", pick(f"tệp {name} đã bị sửa", f"{name} was altered")))
    return findings


def _check_bytes(sealed: Seal, taken: Datasets) -> list[Finding]:
    with tempfile.TemporaryDirectory() as temporary:
        again = write_files(taken.tables, _info(sealed.title, taken, sealed.known), Path(temporary))
    different = sorted(name for name, digest in _files(sealed).items() if again.get(name) != digest)
    names = ", ".join(different)
    return [
        _finding(
            sealed, "seal_differs", pick(f"tính lại không ra đúng từng byte: {names}", f"other bytes again: {names}")
        )
    ][: len(different)]


def _files(sealed: Seal) -> Mapping[str, str]:
    files: Mapping[str, str] = sealed.files
    return files


def _info(title: str, taken: Datasets, known: datetime) -> dict[str, Any]:
    # The moment in one zone: the database gives it back in another.
    return {
        "data_date": taken.data_date,
        "title": title,
        "known": known.astimezone(UTC).isoformat(),
        "content": taken.version,
    }


def _finding(sealed: Seal, code: str, what: str) -> Finding:
    message = pick(f"Bản niêm phong số {sealed.pk}, “{sealed.title}”: {what}.", f"Seal {sealed.pk}: {what}.")
    advice = pick(
        "Lấy lại tệp từ bản sao lưu và chạy canbo verify để tìm thay đổi trong cơ sở dữ liệu.",
        "Restore the files from a backup and run canbo verify to find what changed in the database.",
    )
    return Finding("error", code, message, advice)


def _away(sealed: Seal) -> Finding:
    where = sealed.folder
    return Finding(
        "warning",
        "seal_away",
        pick(
            f"Bản niêm phong số {sealed.pk}, “{sealed.title}”: không thấy thư mục {where}; chỉ tính lại được từ cơ sở "
            "dữ liệu.",
            f"Seal {sealed.pk}: the folder {where} is not here; it was only recomputed from the register.",
        ),
        pick(
            "Nếu thư mục đã chuyển đi nơi khác thì không cần làm gì; nếu không, lấy lại từ bản sao lưu.",
            "If the folder was moved elsewhere, nothing is to be done; else take it from a backup.",
        ),
    )
