"""Stopping the database and replacing it while others work on it: nobody is cut off, and it is said who works."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from canbo.common.findings import Refused
from canbo.installation import cluster
from canbo.installation.backup import back_up
from canbo.installation.restore import restore_from
from canbo.installation.server import start_embedded, stop_unless_used
from tests.api.test_serve import account, enter, serving
from tests.faults.support import DJANGO, finished, line, say
from tests.installation.support import PASSPHRASE, canbo, copied, installation

pytestmark = pytest.mark.usefixtures("django_db_setup")
JOIN = """
from canbo.installation.users import name_connections
from canbo.installation.server import database_url
import os
name_connections("import")
os.environ["DATABASE_URL"] = database_url()
"""
WORK = (
    JOIN
    + DJANGO
    + """
with change(by="an", at=datetime.now(UTC), action="enter"):
    person("INSIDE")
    print("inside")
    sys.stdin.readline()
print("done")
"""
)
ONLY_JOINED = JOIN + "print('joined')\nimport sys\nsys.stdin.readline()"


@pytest.fixture
def home() -> Iterator[Path]:
    with installation() as folder:
        yield folder


@pytest.fixture(scope="module")
def backup(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of an installation with nobody in it."""
    path = tmp_path_factory.mktemp("backup") / "empty.canbo"
    with copied("source") as source:
        back_up(path, url=source, passphrase=PASSPHRASE, at=datetime(2025, 1, 1, tzinfo=UTC))
    return path


@pytest.fixture(scope="module")
def empty(backup: Path) -> Iterator[Path]:
    """An installation with nobody in it, the same for several tests, each of which leaves it so."""
    with installation() as folder:
        _restore(backup, folder)
        yield folder


def _restore(backup: Path, home: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CANBO_HOME", str(home))
        restore_from(backup, url=start_embedded(home), passphrase=PASSPHRASE, upgrade=lambda _: None)


def working(code: str, home: Path) -> subprocess.Popen[str]:
    """A process that works on the embedded database of an installation until it is told to go on."""
    environment = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "PGAPPNAME")}
    return subprocess.Popen(
        [sys.executable, "-u", "-c", code], env={**environment, "CANBO_HOME": str(home)}, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def people(home: Path) -> int:
    with psycopg.connect(start_embedded(home)) as connection:
        row = connection.execute("SELECT count(*) FROM register_person").fetchone()
    return int(row[0]) if row else -1


def runs(home: Path) -> bool:
    return cluster.postmaster(home.resolve() / "database") is not None


def named(process: subprocess.Popen[str]) -> str:
    return f"canbo import (tiến trình {process.pid} trên máy {socket.gethostname()}), từ "


def test_the_web_server_stops_and_leaves_the_database_to_a_command_that_uses_it(empty: Path, backup: Path) -> None:
    with serving(empty, "") as server:
        process = working(WORK, empty)
        assert line(process) == "inside"
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(40) == 0
        said = server.said.read_text()
    assert f"chưa dừng vì còn được dùng: {named(process)}" in said
    assert runs(empty)
    say(process, "go on")
    assert line(process) == "done" and finished(process) == ""
    assert people(empty) == 1
    with serving(empty, "") as server:
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(40) == 0
    assert not runs(empty)
    _restore(backup, empty)


def test_a_process_that_has_only_just_started_keeps_the_database_from_being_stopped(home: Path) -> None:
    process = working(ONLY_JOINED, home)
    assert line(process) == "joined"
    (found,) = stop_unless_used(home)
    assert found.told == "một tiến trình khác"
    assert runs(home)
    say(process, "go on")
    assert finished(process) == ""
    assert stop_unless_used(home) == []
    assert not runs(home)


def test_a_restoration_is_refused_while_a_command_works_and_cuts_nobody_off(empty: Path, backup: Path) -> None:
    process = working(WORK, empty)
    assert line(process) == "inside"
    refused = canbo("restore", str(backup), "--replace", home=empty)
    assert refused.returncode == 2 and named(process) in refused.stderr, refused.stderr
    assert "Chưa thay đổi gì" in refused.stderr
    english = canbo("--lang", "en", "restore", str(backup), "--replace", home=empty)
    assert f"canbo import (process {process.pid} on " in english.stderr and ", since " in english.stderr
    say(process, "go on")
    assert line(process) == "done" and finished(process) == ""
    assert people(empty) == 1 and not (empty / "backups").exists()
    done = canbo("restore", str(backup), "--replace", home=empty)
    assert done.returncode == 0, done.stderr
    assert people(empty) == 0


def test_a_restoration_is_refused_while_the_web_server_runs(empty: Path, backup: Path) -> None:
    with serving(empty, "") as server:
        assert server.ask("GET", "/health")[0] == 200
        refused = canbo("restore", str(backup), "--replace", home=empty)
        assert refused.returncode == 2, refused.stdout
        assert f"canbo serve (tiến trình {server.process.pid} " in refused.stderr
        assert server.ask("GET", "/health")[0] == 200


def test_who_begins_during_a_restoration_is_not_cut_off_and_nothing_is_replaced(
    home: Path, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CANBO_HOME", str(home))
    (home / "files").mkdir()
    (home / "files" / "x.pdf").write_bytes(b"%PDF")
    with copied("present") as url, psycopg.connect(url, autocommit=True) as before:
        before.execute("CREATE TABLE own ()")
        before.close()
        began: list[psycopg.Connection] = []

        def begin(_: str) -> None:
            began.append(psycopg.connect(url, application_name="psql"))

        with pytest.raises(Refused, match="đang được dùng: psql, từ .*Chưa thay đổi gì"):
            restore_from(backup, url=url, passphrase=PASSPHRASE, upgrade=begin)
        with began[0]:
            assert began[0].execute("SELECT count(*) FROM own").fetchone() == (0,)
        assert (home / "files" / "x.pdf").read_bytes() == b"%PDF"
        assert not list(home.glob(".restoring-*"))
        restore_from(backup, url=url, passphrase=PASSPHRASE, upgrade=lambda _: None)
        with psycopg.connect(url) as after:
            assert after.execute("SELECT to_regclass('own')").fetchone() == (None,)


def test_a_server_that_nobody_uses_or_that_does_not_run_is_stopped_without_a_word(home: Path) -> None:
    start_embedded(home)
    assert stop_unless_used(home) == []
    assert not runs(home)
    assert stop_unless_used(home) == []


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_the_web_server_waits_for_a_request_under_way(tmp_path: Path, end: signal.Signals) -> None:
    with copied("served") as url:
        token = account(tmp_path, url)
        with serving(tmp_path, url) as server, psycopg.connect(url) as other:
            assert enter(server, token, "P1") == 201
            other.execute("LOCK TABLE register_person")
            answers: list[int] = []
            asking = threading.Thread(target=lambda: answers.append(enter(server, token, "P2")))
            asking.start()
            while other.execute("SELECT count(*) FROM pg_locks WHERE NOT granted").fetchone() == (0,):
                time.sleep(0.05)
            os.killpg(server.process.pid, end)  # as a terminal does it: to the worker too
            time.sleep(2)
            assert server.process.poll() is None and not answers
            other.rollback()
            asking.join(20)
            assert answers == [201]
            assert server.process.wait(40) == 0
