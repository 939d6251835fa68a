"""Who uses the database: the processes joined to the embedded server, and every connection with its command and since.

A process holds a shared lock on one file from before it asks for the server until it ends, however that happens. Who
wants to stop the server asks for the lock alone, so that none is cut off that has only just started.
"""

import os
import re
import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from canbo.common.language import pick

_LONGEST = 63  # the bytes that PostgreSQL keeps of a connection's name
_COMMAND = re.compile(r"(canbo [\w-]+) (\d+)@(\S*)")
_joined: dict[Path, int] = {}  # the lock's file, held open until the process ends


@dataclass(frozen=True)
class Session:
    """A process that uses the database: what its connections are called, and since when; None: it is not known."""

    name: str | None
    since: datetime | None

    @property
    def told(self) -> str:
        """In words: the command, its process, since when."""
        found = _COMMAND.fullmatch(self.name or "")
        words = self.name or pick("một tiến trình khác", "another process")
        if found:
            words = pick(
                f"{found[1]} (tiến trình {found[2]} trên máy {found[3]})",
                f"{found[1]} (process {found[2]} on {found[3]})",
            )
        if self.since is None:
            return words
        at = f"{self.since.astimezone():%H:%M %d/%m/%Y}"
        return words + pick(f", từ {at}", f", since {at}")


def told(sessions: Iterable[Session]) -> str:
    """Several in words."""
    return "; ".join(session.told for session in sessions)


def name_connections(command: str) -> None:
    """Call the connections of this process, and of the programs it starts, by its command and number."""
    os.environ["PGAPPNAME"] = f"canbo {command} {os.getpid()}@{socket.gethostname()}"[:_LONGEST]


def others(url: str) -> list[Session]:
    """The connections to a database but those of this process, one for each process, the oldest first."""
    import psycopg  # not above: the commands on files name their process too

    wanted = psycopg.conninfo.conninfo_to_dict(url).get("dbname")
    with psycopg.connect(url, dbname="postgres", autocommit=True) as connection:
        rows = connection.execute(
            "SELECT application_name, min(backend_start) FROM pg_stat_activity WHERE datname = %s "
            "AND backend_type = 'client backend' AND application_name IS DISTINCT FROM %s "
            "GROUP BY application_name ORDER BY 2, 1",
            (wanted, os.environ.get("PGAPPNAME")),
        ).fetchall()
    return [Session(name or None, since) for name, since in rows]


def join(folder: Path) -> None:
    """Be counted among the users of a folder's server until this process ends; waits while it is being stopped."""
    import fcntl

    place = folder.resolve()
    if place not in _joined:
        file = os.open(place / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(file, fcntl.LOCK_SH)
        _joined[place] = file


@contextmanager
def alone(folder: Path) -> Iterator[bool]:
    """Whether this process is the only one joined to a folder's server; while it is, no other can join."""
    import fcntl

    join(folder)
    file = _joined[folder.resolve()]
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        yield False
    else:
        yield True
    finally:
        fcntl.flock(file, fcntl.LOCK_SH)


def is_alone() -> bool:
    """Whether no other process is joined to the server that this one is joined to, if it is to any."""
    for folder in _joined:
        with alone(folder) as answer:
            if not answer:
                return False
    return True
