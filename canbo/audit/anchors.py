"""The anchor: heads of the chain kept outside the database, so that a log rebuilt inside it is noticed.

One file for each database in the installation's folder, a line ``id hash`` for each committed entry, only ever added
to. Who can alter both the database and this file can still be found out by a head noted on paper.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from canbo.installation.home import home


def path_of(database: str) -> Path:
    """The file of a database."""
    return home() / "anchor" / database


def add(database: str, entry_id: int, entry_hash: str) -> None:
    """Note an entry that is committed."""
    path = path_of(database)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
    try:
        os.write(handle, f"{entry_id} {entry_hash}\n".encode())
    finally:
        os.close(handle)


def noted(database: str) -> Iterator[tuple[int, str]]:
    """The entries noted, as written; a line that was cut off by a crash is left out."""
    path = path_of(database)
    if not path.exists():
        return
    with path.open(encoding="ascii", errors="replace") as lines:
        for line in lines:
            number, _, digest = line.strip().partition(" ")
            if line.endswith("\n") and number.isdigit() and len(digest) == 64:
                yield int(number), digest
