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
from tests.cli.conftest import Answer, Call
from tests.installation import support
from tests.register.importing.files import folder, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def terminal(canbo: Call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Call:
    """Run a command as somebody at the terminal of an installation without a backup."""

    def call(*words: str) -> Answer:
        with monkeypatch.context() as patch:
            patch.setattr(sys.stderr, "isatty", lambda: True)
            return canbo(*words)

    monkeypatch.setenv("CANBO_HOME", str(tmp_path))
    return call


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


def test_at_the_terminal_an_old_backup_is_recalled(terminal: Call, tmp_path: Path) -> None:
    assert "Lưu ý: Chưa có bản sao lưu nào" in terminal("verify").err
    made = now() - timedelta(days=9)
    record = tmp_path / "backups.jsonl"
    record.write_text(json.dumps({"path": "/x", "at": made.isoformat(), "size": 1, "contents": "y"}) + "\n")
    assert "Lưu ý: Bản sao lưu gần nhất đã cách đây 9 ngày" in terminal("verify").err
    record.write_text(record.read_text().replace(made.isoformat(), now().isoformat()))
    assert terminal("verify").err == ""


def test_a_program_is_not_warned(canbo: Call, terminal: Call) -> None:
    assert terminal("verify", "--json").err == ""
    assert canbo("verify").err == ""


def test_at_the_terminal_a_clock_behind_the_log_is_told(terminal: Call) -> None:
    note(by="an", at=now() + timedelta(days=2), action="look")
    assert "Lưu ý: Đồng hồ của máy" in terminal("verify").err


def test_an_import_with_the_clock_behind_the_log_is_refused_and_writes_nothing(canbo: Call, tmp_path: Path) -> None:
    data = folder(tmp_path / "data", people=[person("P1"), person("P2")])
    note(by="an", at=now() + timedelta(minutes=10), action="look")
    answer = canbo("import", str(data), "--as-of", "2025-06-30", "--yes")
    assert answer.status == 2
    assert "Đồng hồ của máy" in answer.err and "Hãy chỉnh lại ngày giờ của máy" in answer.err
    assert (Person.objects.count(), Entry.objects.count()) == (0, 1)


def test_an_import_seconds_behind_the_log_follows_it(canbo: Call, tmp_path: Path) -> None:
    data = folder(tmp_path / "data", people=[person("P1"), person("P2")])
    ahead = now() + timedelta(seconds=60)
    note(by="an", at=ahead, action="look")
    answer = canbo("import", str(data), "--as-of", "2025-06-30", "--yes")
    assert answer.status == 0, answer.err
    assert Person.objects.count() == 2
    assert Entry.objects.latest("id").moment == ahead
