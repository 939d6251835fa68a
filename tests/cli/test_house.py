"""Before any command on the database: its version is the program's, and who sits at the terminal is warned."""

import json
import os
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from psycopg import conninfo

from canbo.audit.changes import note
from canbo.audit.models import Entry
from canbo.cli.house import now
from canbo.register.models import Person
from canbo.sample import make_province, write_parquet
from tests.cli.conftest import Call
from tests.installation import support

pytestmark = pytest.mark.django_db


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Somebody sits at the terminal of an installation without a backup."""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("CANBO_HOME", str(tmp_path))


@pytest.fixture
def empty() -> Iterator[str]:
    """The address of a database on which no migration ever ran."""
    base, name = os.environ["DATABASE_URL"], f"empty_{os.getpid()}"
    with psycopg.connect(base, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE template0".encode())
        try:
            yield conninfo.make_conninfo(base, dbname=name)
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def test_a_database_never_made_is_one_sentence(empty: str, tmp_path: Path) -> None:
    for words in (("verify",), ("measure", "thai-nguyen-2021-2030", "register"), ("account", "close", "an")):
        done = support.canbo(*words, home=tmp_path, url=empty)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr == "Cơ sở dữ liệu chưa được tạo. Hãy chạy “canbo migrate” trước.\n"


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("DELETE FROM django_migrations WHERE app = 'sessions'", "cũ hơn chương trình. Chưa thay đổi gì. Hãy chạy"),
        ("INSERT INTO django_migrations (app, name, applied) VALUES ('audit', '9999_x', now())", "audit.9999_x"),
    ],
)
def test_a_database_of_another_version_is_one_sentence(canbo: Call, statement: str, says: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
    answer = canbo("verify")
    assert (answer.status, answer.out, answer.err.count("\n")) == (2, "", 1)
    assert says in answer.err


def test_at_the_terminal_an_old_backup_is_recalled(canbo: Call, terminal: None, tmp_path: Path) -> None:
    assert "Lưu ý: Chưa có bản sao lưu nào" in canbo("verify").err
    made = now() - timedelta(days=9)
    record = tmp_path / "backups.jsonl"
    record.write_text(json.dumps({"path": "/x", "at": made.isoformat(), "size": 1, "contents": "y"}) + "\n")
    assert "Lưu ý: Bản sao lưu gần nhất đã cách đây 9 ngày" in canbo("verify").err
    record.write_text(record.read_text().replace(made.isoformat(), now().isoformat()))
    assert canbo("verify").err == ""


def test_a_program_is_not_warned(canbo: Call, terminal: None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert canbo("verify", "--json").err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: False)
    assert canbo("verify").err == ""


def test_at_the_terminal_a_clock_behind_the_log_is_told(canbo: Call, terminal: None) -> None:
    note(by="an", at=now() + timedelta(days=2), action="look")
    assert "Lưu ý: Đồng hồ của máy" in canbo("verify").err


def test_an_import_with_the_clock_behind_the_log_is_refused_and_writes_nothing(canbo: Call, tmp_path: Path) -> None:
    write_parquet(make_province(people=30, seed=1), tmp_path / "data")
    note(by="an", at=now() + timedelta(minutes=10), action="look")
    answer = canbo("import", str(tmp_path / "data"), "--yes")
    assert answer.status == 2
    assert "Đồng hồ của máy" in answer.err and "Hãy chỉnh lại ngày giờ của máy" in answer.err
    assert (Person.objects.count(), Entry.objects.count()) == (0, 1)


def test_an_import_seconds_behind_the_log_follows_it(canbo: Call, tmp_path: Path) -> None:
    write_parquet(make_province(people=30, seed=1), tmp_path / "data")
    ahead = now() + timedelta(seconds=60)
    note(by="an", at=ahead, action="look")
    answer = canbo("import", str(tmp_path / "data"), "--yes")
    assert answer.status == 0, answer.err
    assert Person.objects.count() == 30
    assert Entry.objects.latest("id").moment == ahead
