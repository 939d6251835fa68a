"""An importer killed at any moment leaves no trace and can be started again."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import conninfo, sql

from canbo.datasets.reading import read
from tests.conftest import _migrated

SCRIPT = """
import sys
from datetime import UTC, datetime
from pathlib import Path
import django
django.setup()
from canbo.register.importing import run
def show(step, done, total):
    print(step, done, flush=True)
preview = run.prepare(Path(sys.argv[1]), progress=show)
run.apply(preview, by="an", at=datetime(2024, 5, 1, tzinfo=UTC), progress=show)
print("finished", flush=True)
from canbo.snapshot.take import take
print(take(preview.as_of).version, flush=True)
"""
STEPS = 76  # 2 of reading, 25 of the preview, 25 of comparing again, 24 of writing
SEED = 20240501


@pytest.fixture
def address(django_db_blocker: pytest.FixtureRequest) -> Iterator[str]:
    """A database of its own: killed importers commit for real."""
    server = os.environ["DATABASE_URL"]
    name = f"killed_{os.getpid()}_{time.monotonic_ns()}"
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        template = _migrated()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
        yield conninfo.make_conninfo(server, dbname=name)
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sample") / "data"
    subprocess.run(
        [sys.executable, "-m", "canbo.cli", "sample", str(path), "--people", "1000", "--seed", "1"],
        check=True,
        capture_output=True,
    )
    return path


def _start(address: str, path: Path) -> "subprocess.Popen[str]":
    environment = {**os.environ, "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "canbo.config.settings"}
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(path)], stdout=subprocess.PIPE, text=True, env=environment
    )


def _killed_at(address: str, path: Path, step: int, more: float) -> bool:
    """Kill the importer a moment after a step; whether it had finished by then."""
    with _start(address, path) as process:
        assert process.stdout is not None
        for _ in range(step):
            process.stdout.readline()
        time.sleep(more)
        process.kill()
        rest = process.stdout.read()
    return "finished" in rest


def _state(address: str) -> dict[str, tuple[int, str]]:
    """Of every table of the register and the log: how many rows, and a hash over them."""
    with psycopg.connect(address, autocommit=True) as connection:
        for _ in range(600):  # the server notices a client that is gone when it next writes to it
            row = connection.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                "AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
            ).fetchone()
            if row == (0,):
                break
            time.sleep(0.1)
        names = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename ~ '^(register|audit)_'"
        ).fetchall()
        state = {}
        for (name,) in names:
            row = connection.execute(
                sql.SQL(
                    "SELECT count(*), coalesce(md5(string_agg(t::text, '' ORDER BY t::text)), '') FROM {} t"
                ).format(sql.Identifier(name))
            ).fetchone()
            assert row is not None
            state[name] = (row[0], row[1])
        return state


def _people_after_kills(address: str, sample: Path, times: int) -> int:
    """Kill the importer at moments, each leaving no trace; then let it finish, and count the people."""
    chance = random.Random(SEED)
    empty = _state(address)
    for _ in range(times):
        finished = _killed_at(address, sample, chance.randint(2, STEPS), chance.random() * 0.1)
        if finished:
            break
        assert _state(address) == empty
    with _start(address, sample) as process:
        output, _ = process.communicate()
    assert process.returncode == 0
    assert output.splitlines()[-1] == read(sample).version
    after = _state(address)
    assert after["register_importbatch"][0] == 1
    assert after["audit_entry"][0] == 1
    return after["register_person"][0]


def test_five_moments(address: str, sample: Path) -> None:
    assert _people_after_kills(address, sample, 5) == 1000


@pytest.mark.deep
def test_fifty_moments(address: str, sample: Path) -> None:
    assert _people_after_kills(address, sample, 50) == 1000
