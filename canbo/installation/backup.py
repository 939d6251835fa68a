"""Backups: the whole installation, as of one moment, in one encrypted file. Restoring is in ``restore``.

Inside the encryption is a tar: ``head.json``, the dump of the database in pieces, the folders of files, secrets and
anchors, and last ``contents.json`` with the hash of each table and file, against which a restoration is compared.
"""

import hashlib
import importlib.metadata
import io
import json
import os
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import psycopg
from psycopg import pq

from canbo.common.files import replacing
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.installation.fitness import refuse_newer_than_programs
from canbo.installation.hashes import table_hashes
from canbo.installation.home import home
from canbo.installation.sealing import SealingWriter, check_passphrase
from canbo.installation.server import parameters, program

FOLDERS = ("files", "secrets", "anchor")  # of the installation, kept beside the database
DUMP_PIECE = 8 << 20
_RECORD = "backups.jsonl"


@dataclass(frozen=True)
class Backup:
    """A backup that was written: where, when, how many bytes, and the hash over all its contents."""

    path: str
    at: datetime
    size: int
    contents: str


def back_up(path: Path, *, url: str, passphrase: str, at: datetime) -> Backup:
    """Write a backup, whole or not at all; readable by its owner only.

    :raises Refused: the passphrase is too short, the database does not answer, the disk is full.
    """
    check_passphrase(passphrase)
    with replacing(path) as temporary:
        try:
            with temporary.open("r+b") as target:
                contents = _write(target, url=url, passphrase=passphrase, at=at)
                os.fsync(target.fileno())
            size = temporary.stat().st_size
        except OSError as error:
            raise _unwritable(path, error) from error
        except psycopg.Error as error:
            raise Refused(
                pick(
                    f"Không sao lưu được: cơ sở dữ liệu không trả lời ({error}). Chưa ghi gì.",
                    f"No backup: the database does not answer ({error}). Nothing was written.",
                )
            ) from error
    done = Backup(str(path.resolve()), at, size, contents)
    _record(done)
    return done


def last_backup() -> Backup | None:
    """The last backup that this installation wrote."""
    path = home() / _RECORD
    if not path.exists():
        return None
    for line in reversed(path.read_text("utf-8").splitlines()):
        try:
            found = json.loads(line)
            return Backup(found["path"], datetime.fromisoformat(found["at"]), found["size"], found["contents"])
        except (ValueError, KeyError):
            continue
    return None


def reminder(*, at: datetime, days: int = 7) -> str | None:
    """A sentence where the last backup is older than so many days or there is none; else None."""
    last = last_backup()
    if last is None:
        return pick(
            "Chưa có bản sao lưu nào. Hãy chạy “canbo backup TỆP”.",
            "There is no backup yet. Run “canbo backup FILE”.",
        )
    age = (at - last.at).days
    if age <= days:
        return None
    return pick(
        f"Bản sao lưu gần nhất đã cách đây {age} ngày ({last.at:%d/%m/%Y}). Hãy chạy “canbo backup TỆP”.",
        f"The last backup is {age} days old ({last.at:%d/%m/%Y}). Run “canbo backup FILE”.",
    )


def environment(url: str) -> dict[str, str]:
    """The environment in which PostgreSQL's programs reach a database; a password never stands in a command line."""
    names = {one.keyword.decode(): one.envvar.decode() for one in pq.Conninfo.get_defaults() if one.envvar}
    return {**os.environ, **{names[key]: value for key, value in parameters(url).items() if key in names}}


def _write(target: IO[bytes], *, url: str, passphrase: str, at: datetime) -> str:
    sealing = SealingWriter(target, passphrase)
    with psycopg.connect(url) as connection:
        refuse_newer_than_programs(connection)
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        (snapshot,) = connection.execute("SELECT pg_export_snapshot()").fetchone() or ("",)
        # Files come first and are never altered: all that the database names in its snapshot lie there.
        with tarfile.open(fileobj=sealing, mode="w|", format=tarfile.PAX_FORMAT) as archive:
            _add(archive, "head.json", _json(_head(connection, at, parameters(url)["dbname"])))
            dump = hashlib.sha256()
            for number, piece in enumerate(_dump(url, snapshot)):
                dump.update(piece)
                _add(archive, f"database/{number:08}", piece)
            files = {name: _add_file(archive, name, path) for name, path in _files()}
            contents = {"tables": table_hashes(connection), "files": files, "dump": dump.hexdigest()}
            _add(archive, "contents.json", _json(contents))
    sealing.finish()
    return hashlib.sha256(_json({"tables": contents["tables"], "files": files})).hexdigest()


def _head(connection: psycopg.Connection, at: datetime, database: str) -> dict[str, Any]:
    (version,) = connection.execute("SHOW server_version_num").fetchone() or ("0",)
    program_version = importlib.metadata.version("canbo")
    return {"program": program_version, "at": at.isoformat(), "postgresql": int(version), "database": database}


def _dump(url: str, snapshot: str) -> Iterator[bytes]:
    """``pg_dump``'s custom format, in pieces."""
    command = [str(program("pg_dump")), "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            [*command, "--no-password"], stdout=subprocess.PIPE, stderr=said, env=environment(url), cwd="/"
        )
        assert process.stdout is not None
        try:
            while piece := process.stdout.read(DUMP_PIECE):
                yield piece
        finally:
            process.stdout.close()  # who reads no further ends the program
            process.wait()
        if process.returncode != 0:
            said.seek(0)
            reason = said.read().decode("utf-8", "replace").strip()
            raise Refused(pick(f"Không sao lưu được: {reason}", f"No backup: {reason}"))


def _files() -> Iterator[tuple[str, Path]]:
    for folder in FOLDERS:
        for path in sorted((home() / folder).rglob("*")):
            if path.is_file() and not path.is_symlink() and not path.name.startswith("."):
                yield path.relative_to(home()).as_posix(), path


def _add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(data), 0o600
    archive.addfile(info, io.BytesIO(data))


def _add_file(archive: tarfile.TarFile, name: str, path: Path) -> str:
    """Add a file as long as it is now: the anchor may grow meanwhile."""
    size = path.stat().st_size
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    with path.open("rb") as source:
        reading = HashingReader(source)
        archive.addfile(info, reading)
    return reading.digest.hexdigest()


class HashingReader:
    """Hashes what is read through it."""

    def __init__(self, source: IO[bytes]) -> None:
        self.source, self.digest = source, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self.source.read(size)
        self.digest.update(data)
        return data


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _record(done: Backup) -> None:
    line = {"path": done.path, "at": done.at.isoformat(), "size": done.size, "contents": done.contents}
    handle = os.open(home() / _RECORD, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
    with os.fdopen(handle, "ab") as record:
        record.write(_json(line) + b"\n")


def _unwritable(path: Path, error: OSError) -> Refused:
    reason = error.strerror or str(error)
    return Refused(
        pick(
            f"Không ghi được bản sao lưu “{path}” ({reason}). Chưa ghi gì. Hãy giải phóng đĩa hoặc chọn nơi khác.",
            f"Cannot write the backup “{path}” ({reason}). Nothing was written. Free the disk or choose another place.",
        )
    )
