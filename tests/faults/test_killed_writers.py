"""A process killed in the middle of a change leaves nothing of it; writers at once make one chain without gaps."""

import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.faults.support import DJANGO, ENTER_MANY, altered, count, finished, line, python, rest, say
from tests.installation.support import copied

pytestmark = pytest.mark.usefixtures("django_db_setup")
STOP_INSIDE = (
    DJANGO
    + """
with change(by="an", at=datetime.now(UTC), action="enter"):
    person("HALF")
    print("inside")
    sys.stdin.readline()
print("done")
"""
)


@pytest.fixture
def url(django_db_setup: None) -> Iterator[str]:
    with copied("killed") as address:
        yield address


def test_a_change_killed_in_the_middle_leaves_neither_rows_nor_history_nor_entry(url: str, tmp_path: Path) -> None:
    process = python(STOP_INSIDE, home=tmp_path, url=url)
    assert line(process) == "inside"
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert [count(url, table) for table in ("register_person", "register_personevent", "audit_entry")] == [0, 0, 0]
    assert finished(python(ENTER_MANY, "P", "1", home=tmp_path, url=url)) == ""
    assert altered(tmp_path, url) == ""


def kills(url: str, home: Path, moments: int) -> int:
    """Kill a writer at random moments: what it was told is there, and everything fits. Gives how many it was told."""
    choose = random.Random(20250701)
    acknowledged = 0
    for turn in range(moments):
        process = python(ENTER_MANY, f"T{turn}", "100000", home=home, url=url)
        assert line(process) == "ready"
        time.sleep(choose.uniform(0.0, 0.4))
        process.send_signal(signal.SIGKILL)
        acknowledged += len(rest(process))  # a number whose line was cut off is not counted
        entries = count(url, "audit_entry")
        assert acknowledged <= entries <= acknowledged + turn + 1  # committed, and killed before it could say so
        assert count(url, "register_person") == count(url, "register_personevent") == entries
    assert altered(home, url) == ""
    return acknowledged


def test_writers_killed_at_random_moments_lose_nothing_they_were_told(url: str, tmp_path: Path) -> None:
    assert kills(url, tmp_path, 5) > 0


@pytest.mark.deep
def test_writers_killed_at_fifty_moments(url: str, tmp_path: Path) -> None:
    assert kills(url, tmp_path, 50) > 0


def test_writers_at_once_make_one_chain_without_gaps(url: str, tmp_path: Path) -> None:
    writers = [python(ENTER_MANY, f"W{number}", "15", home=tmp_path, url=url) for number in range(4)]
    assert [finished(writer) for writer in writers] == [""] * 4
    with psycopg.connect(url) as connection:
        ids = [row[0] for row in connection.execute("SELECT id FROM audit_entry ORDER BY id").fetchall()]
    assert ids == list(range(1, 61))
    assert altered(tmp_path, url) == ""


def test_a_long_change_is_not_refused_because_a_quick_one_came_between(url: str, tmp_path: Path) -> None:
    long = python(STOP_INSIDE, home=tmp_path, url=url)
    assert line(long) == "inside"
    assert finished(python(ENTER_MANY, "Q", "1", home=tmp_path, url=url)) == ""
    say(long, "go on")
    assert line(long) == "done"
    assert finished(long) == ""
    assert count(url, "audit_entry") == 2
    assert altered(tmp_path, url) == ""


def test_a_sealed_moment_waits_for_the_changes_under_way_and_no_later_one_comes_before_it(
    url: str, tmp_path: Path
) -> None:
    seal = (
        DJANGO
        + """
from canbo.audit.changes import quiet
with quiet():
    print(Person.objects.count())
"""
    )
    running = python(STOP_INSIDE, home=tmp_path, url=url)
    assert line(running) == "inside"
    sealing = python(seal, home=tmp_path, url=url)
    waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    with psycopg.connect(url, autocommit=True) as connection:
        while connection.execute(waiting).fetchone() == (0,):
            assert sealing.poll() is None
            time.sleep(0.02)
    say(running, "go on")
    assert finished(running) == ""
    assert line(sealing) == "1"
    assert finished(sealing) == ""
