"""What these tests share: commands in processes of their own, copies of the migrated database, installations apart."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import conninfo, sql

from canbo.installation.server import stop_embedded

PASSPHRASE = "chim én về tổ tháng ba"


def canbo(*words: str, home: Path, url: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command on an installation."""
    environment = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "CANBO_HOME")}
    environment |= {"CANBO_HOME": str(home), "CANBO_BACKUP_PASSPHRASE": PASSPHRASE, **more}
    if url:
        environment["DATABASE_URL"] = url
    return subprocess.run(
        [sys.executable, "-m", "canbo.cli", *words], env=environment, capture_output=True, text=True, check=False
    )


@contextmanager
def copied(name: str) -> Iterator[str]:
    """A copy of the migrated database that commits; its address."""
    base = os.environ["DATABASE_URL"]
    name = f"{name}_{os.getpid()}"
    with psycopg.connect(base, autocommit=True) as server:
        (template,) = server.execute(
            "SELECT datname FROM pg_database WHERE datname ~ '^migrated_[0-9a-f]{12}$' ORDER BY oid DESC"
        ).fetchone() or ("",)
        server.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
        try:
            yield conninfo.make_conninfo(base, dbname=name)
        finally:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def installation() -> Iterator[Path]:
    """The folder of an installation, with a server of its own once one is asked for.

    Not in pytest's temporary folder, which lets no other user pass: the server may be one.
    """
    folder = Path(tempfile.mkdtemp(prefix="canbo-home-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        stop_embedded(folder)
        shutil.rmtree(folder, ignore_errors=True)
