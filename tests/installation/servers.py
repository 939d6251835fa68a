"""A PostgreSQL server apart, as a province may run one: reached over TCP with a password, by no socket."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg

from canbo.installation.cluster import SERVER_USER, program

ADMINISTRATOR = "quản trị máy chủ"
PASSWORD = "m@t:kh/ẩu #1%"  # all that an address must escape


@contextmanager
def server(programs: Path | None = None) -> Iterator[str]:
    """Make and start a server of these programs, else of those that come along; the address of its administrator."""
    programs = programs or program("postgres").parent
    folder = Path(tempfile.mkdtemp(prefix="canbo-server-"))
    folder.chmod(0o711)
    data, secret = folder / "data", folder / "password"
    secret.write_text(ADMINISTRATOR)
    data.mkdir()
    if os.geteuid() == 0:
        shutil.chown(data, SERVER_USER, SERVER_USER)
    settings = f"-c listen_addresses=127.0.0.1 -c port={_free_port()} -c unix_socket_directories='' -c fsync=off"
    port = settings.partition("port=")[2].split()[0]
    try:
        run(programs / "initdb", "-D", data, "-U", "postgres", "-A", "scram-sha-256", "-E", "UTF8", "--locale=C",
            f"--pwfile={secret}")  # fmt: skip
        run(programs / "pg_ctl", "-D", data, "-l", data / "log", "-w", "-o", settings, "start")
        yield f"postgresql://postgres:{quote(ADMINISTRATOR)}@127.0.0.1:{port}/postgres"
    finally:
        if (data / "postmaster.pid").exists():
            run(programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def run(*words: str | Path) -> None:
    """Run one of PostgreSQL's programs, which refuse to run as root."""
    options = {"user": SERVER_USER, "group": SERVER_USER, "extra_groups": []} if os.geteuid() == 0 else {}
    with tempfile.TemporaryFile() as said:  # the server inherits it, so that a pipe would never end
        done = subprocess.run(
            [str(word) for word in words],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            cwd="/",
            env={**os.environ, "LC_ALL": "C"},
            **options,  # type: ignore[call-overload]
        )
        said.seek(0)
        assert done.returncode == 0, said.read().decode("utf-8", "replace")


def administer(url: str, *statements: str) -> None:
    """Run statements outside a transaction."""
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def address(administrator: str, *, user: str = "canbo", password: str = PASSWORD, name: str = "canbo") -> str:
    """The address of a database on the server, for one of its users."""
    server = administrator.rpartition("@")[2].rpartition("/")[0]
    return f"postgresql://{user}:{quote(password, safe='')}@{server}/{name}?connect_timeout=20"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
