"""The embedded server killed under writes, left with the pid files of the dead, started by several at once."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psutil
import psycopg
import pytest

from canbo.common.findings import Refused
from canbo.installation import cluster
from canbo.installation.backup import back_up
from canbo.installation.restore import restore_from
from canbo.installation.server import start_embedded, stop_embedded
from tests.faults.support import ENTER_MANY, altered, count, line, python, rest
from tests.installation.support import PASSPHRASE, copied, installation

INSERT = """
import os, psycopg
connection = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
connection.execute("CREATE TABLE IF NOT EXISTS told (turn int, number int)")
print("ready")
number = 0
while True:
    connection.execute("INSERT INTO told VALUES (%s, %s)", (int(__import__("sys").argv[1]), number))
    number += 1
    print(number)
"""


@pytest.fixture
def home() -> Iterator[Path]:
    with installation() as folder:
        yield folder


def told(url: str, turn: int) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM told WHERE turn = %s", (turn,)).fetchone()
    return int(row[0]) if row else -1


@pytest.fixture(autouse=True)
def apart(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CANBO_HOME", str(home))


def kills(home: Path, moments: int) -> int:
    """Kill the server under writes: what was acknowledged is there after the next start. Gives how much that was."""
    choose = random.Random(20250701)
    total = 0
    for turn in range(moments):
        url = start_embedded(home)
        writer = python(INSERT, str(turn), home=home, url=url)
        assert line(writer) == "ready"
        time.sleep(choose.uniform(0.0, 0.3))
        pid = cluster.postmaster(home.resolve() / "database")
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        acknowledged = len(rest(writer))
        assert acknowledged <= told(start_embedded(home), turn) <= acknowledged + 1
        total += acknowledged
    return total


def test_the_server_killed_in_the_middle_of_changes_leaves_whole_ones(home: Path, django_db_setup: None) -> None:
    with copied("source") as source:
        back_up(home / "empty", url=source, passphrase=PASSPHRASE, at=datetime(2025, 1, 1, tzinfo=UTC))
    url = start_embedded(home)
    restore_from(home / "empty", url=url, passphrase=PASSPHRASE, upgrade=lambda _: None)
    writer = python(ENTER_MANY, "P", "100000", home=home, url=url)
    assert line(writer) == "ready"
    while line(writer) != "5":
        pass
    pid = cluster.postmaster(home.resolve() / "database")
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    acknowledged = 5 + len(rest(writer))
    url = start_embedded(home)
    entries = count(url, "audit_entry")
    assert acknowledged <= entries <= acknowledged + 1
    assert count(url, "register_person") == count(url, "register_personevent") == entries
    assert altered(home, url) == ""


def test_the_server_killed_under_writes_comes_back_with_all_that_was_acknowledged(home: Path) -> None:
    assert kills(home, 5) > 0


@pytest.mark.deep
def test_the_server_killed_at_fifty_moments(home: Path) -> None:
    assert kills(home, 50) > 0


@pytest.mark.parametrize("left", ["a dead process", "another's process", "nonsense", "nothing"])
def test_a_pid_file_left_behind_does_not_keep_the_server_from_starting(home: Path, left: str) -> None:
    url = start_embedded(home)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE told AS SELECT 0 AS turn FROM generate_series(1, 7)")
    file = home / "database" / "postmaster.pid"
    lines = file.read_text()
    stop_embedded(home)
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    first = {"a dead process": str(gone.pid), "another's process": str(os.getpid())}
    if left in first:
        file.write_text(first[left] + lines[lines.index("\n") :])
    elif left == "nonsense":
        file.write_text("\x00\xff")
    assert told(start_embedded(home), 0) == 7


def test_processes_that_start_at_once_share_one_server(home: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from canbo.installation.server import start_embedded; import psycopg;"
        "url = start_embedded(Path(sys.argv[1]));"
        "print(psycopg.connect(url).execute('SELECT pg_postmaster_start_time()').fetchone()[0])"
    )
    starters = [
        subprocess.Popen([sys.executable, "-c", code, str(home)], stdout=subprocess.PIPE, text=True) for _ in range(4)
    ]
    answers = {starter.communicate()[0] for starter in starters}
    assert len(answers) == 1 and answers != {""}


def test_a_server_that_is_stopped_leaves_no_process(home: Path) -> None:
    start_embedded(home)
    place = home.resolve() / "database"
    assert cluster.postmaster(place) is not None
    stop_embedded(home)
    assert cluster.postmaster(place) is None
    stop_embedded(home)  # a second time is no error


def test_only_the_owner_reaches_the_server_and_its_files(home: Path) -> None:
    url = start_embedded(home)
    place = home / "database"
    assert place.stat().st_mode & 0o077 == 0
    assert (place / ".s.PGSQL.5432").stat().st_mode & 0o077 == 0
    assert (place / "pg_hba.conf").read_text() == "local all all peer map=canbo\n"
    assert home.stat().st_mode & 0o066 == 0
    with psycopg.connect(url) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        # As a password of the system would: whoever is not in the map is refused even where the socket is open.
        connection.execute("CREATE ROLE someone LOGIN")
        connection.commit()
    with pytest.raises(psycopg.OperationalError, match="Peer authentication failed"):
        psycopg.connect(url, user="someone")


def test_the_servers_log_holds_no_personal_data(home: Path) -> None:
    url = start_embedded(home)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE card (number text UNIQUE); INSERT INTO card VALUES ('019080001234')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO card VALUES ('019080001234')")
    log = (home / "database" / "log").read_text()
    assert "duplicate key" in log
    assert "019080001234" not in log


def test_data_of_another_version_is_refused_with_the_way_out(home: Path) -> None:
    start_embedded(home)
    stop_embedded(home)
    (home / "database" / "PG_VERSION").write_text("15\n")
    with pytest.raises(Refused, match="PostgreSQL 15.*canbo restore"):
        start_embedded(home)


def test_a_path_too_long_for_a_socket_gets_a_private_folder(home: Path) -> None:
    deep = home / ("x" * 60) / ("y" * 60)
    deep.mkdir(parents=True)
    url = start_embedded(deep)
    try:
        socket = Path(psycopg.conninfo.conninfo_to_dict(url)["host"])  # type: ignore[arg-type]
        assert socket.stat().st_mode & 0o077 == 0
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        stop_embedded(deep)


def test_a_server_that_cannot_start_says_where_to_look(home: Path) -> None:
    start_embedded(home)
    stop_embedded(home)
    (home / "database" / "global" / "pg_control").write_bytes(b"")
    with pytest.raises(Refused, match="Không khởi động được cơ sở dữ liệu.*log"):
        start_embedded(home)
    assert not [one for one in psutil.process_iter(["name"]) if cluster.postmaster(home / "database") == one.pid]
