"""Restoring a backup: into a database and a folder beside the present ones, compared with the backup's own hashes, and
only then put in their place. Until then nothing of the installation changes."""

import contextlib
import hashlib
import json
import secrets
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

import psycopg
from psycopg import conninfo, sql

from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.installation.backup import FOLDERS, environment
from canbo.installation.hashes import table_hashes
from canbo.installation.home import home, made_home
from canbo.installation.sealing import SealedReader
from canbo.installation.server import in_use, maintenance_url, make_database, parameters, program
from canbo.installation.users import others

_OWN = ("audit_entry", "accounts_user", "register_%")  # tables that a new installation has empty
_PIECE = 1 << 20


@dataclass
class Restored:
    """What was restored: the moment of the backup, rows over all tables, files."""

    at: datetime
    rows: int
    files: int


@dataclass
class _Found:
    """What was read out of a backup so far."""

    head: dict[str, Any] = field(default_factory=dict)
    contents: dict[str, Any] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)


def is_empty(url: str) -> bool:
    """Whether nobody has entered anything: no account, no entry of the log, nothing in the register."""
    with psycopg.connect(url) as connection:
        tables = connection.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace "
            "AND relname LIKE ANY(%s)",
            (list(_OWN),),
        ).fetchall()
        for (table,) in tables:
            query = sql.SQL("SELECT EXISTS (SELECT 1 FROM {})").format(sql.Identifier(table))
            if (connection.execute(query).fetchone() or (False,))[0]:
                return False
    return True


def restore_from(path: Path, *, url: str, passphrase: str, upgrade: Callable[[str], None]) -> Restored:
    """Put a backup in the place of the present database, files, secrets and anchors.

    ``upgrade`` is called with the address of the restored database before it takes its place, to bring it to the
    program's version; what it raises undoes all.

    :raises Refused: the file cannot be read, the passphrase is wrong, the file is damaged, the disk is full, or another
        process uses the present database.
    """
    staged = made_home() / f".restoring-{secrets.token_hex(4)}"
    name = f"canbo_restoring_{secrets.token_hex(4)}"
    try:
        staged.mkdir(mode=0o700)
        with psycopg.connect(maintenance_url(url), autocommit=True) as server:
            make_database(server, name)
            try:
                target = conninfo.make_conninfo("", **{**parameters(url), "dbname": name})
                found = _unpack(path, passphrase, staged, target)
                _compare(found, target)
                _name_anchor(staged, found.head["database"], parameters(url)["dbname"])
                upgrade(target)
                _swap(server, parameters(url)["dbname"], name, staged)
            finally:
                server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
    except psycopg.errors.ObjectInUse as error:  # somebody began to use the present database meanwhile
        raise in_use(others(url)) from error
    except (OSError, tarfile.TarError, psycopg.Error, subprocess.SubprocessError) as error:
        raise _failed(path, error) from error
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    rows = sum(int(one.partition(":")[0]) for one in found.contents["tables"].values())
    return Restored(datetime.fromisoformat(found.head["at"]), rows, len(found.files))


def _unpack(path: Path, passphrase: str, staged: Path, target: str) -> _Found:
    """Read the file once: the dump goes into the new database, files beside; the end proves that it is whole."""
    found, dump = _Found(), hashlib.sha256()
    with path.open("rb") as source, contextlib.ExitStack() as stack:
        reader = SealedReader(source, passphrase)
        archive = stack.enter_context(tarfile.open(fileobj=reader, mode="r|"))
        database = stack.enter_context(_restoring(target))
        for member in archive:
            content = archive.extractfile(member)
            if content is None:
                raise _strange(member.name)
            if member.name.startswith("database/"):
                while piece := content.read(_PIECE):
                    dump.update(piece)
                    database.write(piece)
            elif member.name == "head.json":
                found.head = json.load(content)
            elif member.name == "contents.json":
                found.contents = json.load(content)
            else:
                found.files[member.name] = _keep(content, staged, member.name)
        reader.drain()
    if (
        not {"at", "database"} <= set(found.head)
        or found.contents.get("dump") != dump.hexdigest()
        or found.contents["files"] != found.files
    ):
        raise _strange(path.name)
    return found


class _Feed:
    """The standard input of ``pg_restore``; once that has failed its own words say why, not a broken pipe."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def write(self, data: bytes) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(data)


@contextlib.contextmanager
def _restoring(target: str) -> Iterator[_Feed]:
    command = [str(program("pg_restore")), "--no-owner", "--no-privileges", "--exit-on-error", "--no-password"]
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            [*command, f"--dbname={parameters(target)['dbname']}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=said,
            env=environment(target),
            cwd="/",
        )
        assert process.stdin is not None
        try:
            yield _Feed(process)
        except BaseException:
            process.kill()
            raise
        finally:
            with contextlib.suppress(BrokenPipeError):
                process.stdin.close()
            process.wait()
        if process.returncode != 0:
            said.seek(0)
            reason = said.read().decode("utf-8", "replace").strip().splitlines()
            raise Refused(
                pick(
                    f"Không khôi phục được cơ sở dữ liệu: {reason[0] if reason else ''}. Chưa thay đổi gì.",
                    f"The database cannot be restored: {reason[0] if reason else ''}. Nothing was changed.",
                )
            )


def _keep(content: Any, staged: Path, name: str) -> str:
    """Write one file beside the installation; its hash."""
    parts = PurePosixPath(name).parts
    if parts[0] not in FOLDERS or ".." in parts:
        raise _strange(name)
    path = staged.joinpath(*parts)
    for depth in range(1, len(parts)):  # ``parents=True`` would open those between to all
        staged.joinpath(*parts[:depth]).mkdir(mode=0o700, exist_ok=True)
    digest = hashlib.sha256()
    with path.open("wb") as target:
        path.chmod(0o600)
        while piece := content.read(_PIECE):
            digest.update(piece)
            target.write(piece)
    return digest.hexdigest()


def _name_anchor(staged: Path, then: str, now: str) -> None:
    """The anchor is named after the database, which may have another name on this server."""
    path = staged / "anchor" / then
    if path.exists():
        path.rename(path.with_name(now))


def _compare(found: _Found, target: str) -> None:
    """:raises Refused: a table does not hold what it held when the backup was made."""
    with psycopg.connect(target) as connection:
        now = table_hashes(connection)
    different = [name for name, digest in found.contents["tables"].items() if now.get(name) != digest]
    if different:
        raise Refused(
            pick(
                f"Khôi phục xong nhưng nội dung khác bản sao lưu ở: {', '.join(different[:5])}. Chưa thay đổi gì.",
                f"What was restored differs from the backup in: {', '.join(different[:5])}. Nothing was changed.",
            )
        )


def _swap(server: psycopg.Connection, present: str, restored: str, staged: Path) -> None:
    """Put the restored database and folders in place of the present ones; undone where a step fails.

    Nobody is cut off: a database that has connections cannot be renamed.
    """
    before = f"canbo_before_{secrets.token_hex(4)}"
    end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
    server.execute(end, (restored,))
    server.execute("BEGIN")
    try:
        _rename(server, present, before)
        _rename(server, restored, present)
        with _folders_in_place(staged):
            server.execute("COMMIT")
    except BaseException:
        server.execute("ROLLBACK")
        raise
    server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(before)))


def _rename(server: psycopg.Connection, old: str, new: str) -> None:
    server.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(old), sql.Identifier(new)))


@contextlib.contextmanager
def _folders_in_place(staged: Path) -> Iterator[None]:
    """The present folders step aside, the restored ones come in; the other way round again where the rest fails."""
    aside = staged / "before"
    aside.mkdir()
    moved: list[tuple[Path, Path]] = []
    try:
        for folder in FOLDERS:
            for source, target in ((home() / folder, aside / folder), (staged / folder, home() / folder)):
                if source.exists():
                    source.rename(target)
                    moved.append((source, target))
        yield
    except BaseException:
        for source, target in reversed(moved):
            target.rename(source)
        raise


def _strange(name: str) -> Refused:
    return Refused(
        pick(
            f"Bản sao lưu có phần lạ hoặc thiếu phần (“{name}”). Chưa thay đổi gì.",
            f"The backup has a strange part or lacks one (“{name}”). Nothing was changed.",
        )
    )


def _failed(path: Path, error: Exception) -> Refused:
    reason = getattr(error, "strerror", None) or str(error).strip()
    return Refused(
        pick(
            f"Không khôi phục được từ “{path}”: {reason}. Chưa thay đổi gì.",
            f"Cannot restore from “{path}”: {reason}. Nothing was changed.",
        )
    )
