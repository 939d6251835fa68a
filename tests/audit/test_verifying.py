"""`canbo verify` on tampered copies: every way to alter the log, the history or today's rows leaves a trace."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from canbo.audit import anchors
from canbo.audit.changes import change, hash_of, note
from canbo.audit.models import Entry
from canbo.audit.verifying import head, verify
from canbo.common.language import speaking
from canbo.register.models import Person

pytestmark = pytest.mark.django_db
FIRST = datetime(2024, 5, 1, tzinfo=UTC)


def person(code: str) -> Person:
    return Person.objects.create(
        code=code, full_name="An", name_key="an", name_order="an", birth_date=date(1980, 1, 1), sex="male"
    )


@pytest.fixture
def register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any) -> list[Person]:
    """Two people entered (changes 1 and 2), the first corrected (3), a file looked into (4); anchored as on commit."""
    monkeypatch.setenv("CANBO_HOME", str(tmp_path))
    with django_capture_on_commit_callbacks(execute=True):
        with change(by="an", at=FIRST, action="enter"):
            one = person("P1")
        with change(by="an", at=FIRST + timedelta(days=1), action="enter"):
            two = person("P2")
        with change(by="binh", at=FIRST + timedelta(days=2), action="correct"):
            one.full_name = "Anh"
            one.save()
        note(by="chi", at=FIRST + timedelta(days=3), action="look", subject="P1")
    return [one, two]


@contextmanager
def tampering() -> Iterator[Callable[..., None]]:
    """What who owns the database can do: no trigger runs."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL session_replication_role = replica")
        yield lambda statement, values=(): cursor.execute(statement, values)
        cursor.execute("SET LOCAL session_replication_role = origin")


def found() -> list[tuple[str, str]]:
    with speaking("en"):
        return [(one.code, one.message) for one in verify()]


def rebuild(first: int) -> None:
    """Recompute the chain from an entry on, as a skilful forger would."""
    with tampering() as run:
        previous = Entry.objects.get(id=first - 1).hash if first > 1 else ""
        for entry in Entry.objects.filter(id__gte=first).order_by("id"):
            entry.previous = previous
            previous = entry.hash = hash_of(entry)
            run("UPDATE audit_entry SET previous = %s, hash = %s WHERE id = %s", (entry.previous, previous, entry.id))


def test_nothing_is_found_where_nothing_was_altered(register: list[Person]) -> None:
    assert verify(at=FIRST + timedelta(days=4)) == []


def test_an_entry_altered_is_found(register: list[Person]) -> None:
    with tampering() as run:
        run("UPDATE audit_entry SET actor = 'khac' WHERE id = 2")
    assert found() == [("log-altered", "Log, entry 2: its content does not fit its hash: it was altered.")]


def test_an_entry_removed_is_found(register: list[Person]) -> None:
    with tampering() as run:
        run("DELETE FROM audit_entry WHERE id = 4")
    assert [code for code, _ in found()] == ["log-removed"]
    with tampering() as run:
        run("DELETE FROM audit_entry WHERE id = 2")
    codes = [code for code, _ in found()]
    assert codes[:2] == ["log-removed", "log-removed"]
    assert "history-unlogged" in codes  # the row that change 2 wrote has lost its entry


def test_entries_removed_and_renumbered_are_found(register: list[Person]) -> None:
    with tampering() as run:
        run("DELETE FROM audit_entry WHERE id = 2")
        run("UPDATE audit_entry SET id = id - 1 WHERE id = 3")
        run("UPDATE audit_entry SET id = id - 1 WHERE id = 4")
    codes = [code for code, _ in found()]
    assert {"log-altered", "log-chain", "log-anchor", "log-removed"} <= set(codes)


def test_an_entry_inserted_is_found(register: list[Person]) -> None:
    with tampering() as run:
        run(
            "INSERT INTO audit_entry "
            "(id, moment, change, actor, action, subject, detail, rows, digest, previous, hash) "
            "SELECT 5, moment, gen_random_uuid(), actor, action, subject, detail, rows, digest, 'x', 'y' "
            "FROM audit_entry WHERE id = 4"
        )
    assert [code for code, _ in found()] == ["log-altered", "log-chain"]


def test_a_chain_rebuilt_from_the_middle_is_found_by_the_anchor_and_by_a_head_on_paper(register: list[Person]) -> None:
    noted = head()
    assert noted is not None
    with tampering() as run:
        run("UPDATE audit_entry SET actor = 'khac' WHERE id = 3")
    rebuild(3)
    assert [code for code, _ in found()] == ["log-anchor", "log-anchor"]
    anchors.path_of(str(connection.settings_dict["NAME"])).unlink()
    assert found() == []  # the forger took the anchor too: only the paper is left
    assert [one.code for one in verify(known_head=noted.hash)] == ["log-head"]
    assert verify(known_head=str(Entry.objects.get(id=2).hash)) == []


def test_a_history_row_altered_is_found_with_its_entry(register: list[Person]) -> None:
    with tampering() as run:
        run("UPDATE register_personevent SET full_name = 'Ba' WHERE code = 'P2'")
    messages = dict(found())
    assert "entry 2 were altered" in messages["history-altered"]
    assert "live-altered" in messages


def test_a_history_row_removed_is_found(register: list[Person]) -> None:
    with tampering() as run:
        run("DELETE FROM register_personevent WHERE code = 'P1' AND pgh_label = 'insert'")
    assert found() == [("history-altered", "Table “register_person”: the change of entry 1 lacks 1 history rows.")]


def test_history_rows_added_are_found(register: list[Person]) -> None:
    columns = "code, full_name, name_key, name_order"
    copy = Entry.objects.get(id=4).change
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(format('%I', column_name), ',') FROM information_schema.columns "
            "WHERE table_name = 'register_personevent' AND column_name NOT IN ('pgh_id', 'pgh_context_id')"
        )
        columns = cursor.fetchone()[0]
    for context in (copy, None):
        with tampering() as run:
            run(
                f"INSERT INTO register_personevent (pgh_context_id, {columns}) SELECT %s, {columns} "
                "FROM register_personevent WHERE code = 'P2' LIMIT 1",
                (context,),
            )
    assert [code for code, _ in found()] == ["history-unlogged"]
    assert "2 history rows" in found()[0][1]


def test_a_row_written_outside_any_change_is_found(register: list[Person]) -> None:
    person("P3")
    assert [code for code, _ in found()] == ["history-unlogged"]


def test_live_rows_altered_added_or_removed_with_the_triggers_off_are_found(register: list[Person]) -> None:
    with tampering() as run:
        run("UPDATE register_person SET email = 'x@y.vn' WHERE code = 'P1'")
    assert [code for code, _ in found()] == ["live-altered"]
    with tampering() as run:
        run("DELETE FROM register_person WHERE code = 'P2'")
        person("P4")
    assert [code for code, _ in found()] == ["live-added", "live-altered", "live-removed"]


def test_a_trigger_that_is_off_gone_or_hollowed_is_found(register: list[Person]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "SELECT tgname, tgrelid::regclass::text, tgfoid::regproc::text FROM pg_trigger "
            "WHERE tgname ~ '^pgtrigger_(update_update|append_only|never_emptied)' AND tgrelid IN "
            "('register_person'::regclass, 'register_personevent'::regclass) ORDER BY 1, 2"
        )
        (guard, event, _), _, _, (update, live, function) = cursor.fetchall()
        cursor.execute(f"ALTER TABLE {live} DISABLE TRIGGER {update}")
        assert [one[0] for one in found()] == ["trigger"]
        cursor.execute(f"ALTER TABLE {live} ENABLE TRIGGER {update}; DROP TRIGGER {guard} ON {event}")
        assert "is missing" in found()[0][1]
        cursor.execute(
            f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger AS 'BEGIN RETURN NULL; END' LANGUAGE plpgsql"
        )
        assert [one[0] for one in found()] == ["trigger", "trigger"]


def test_no_table_of_the_log_or_the_history_can_be_emptied(register: list[Person]) -> None:
    from django.db import transaction

    for table in ("audit_entry", "register_personevent", "register_person"):
        with pytest.raises(Exception, match="Cannot truncate"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE {table} CASCADE")
    with tampering() as run:
        run("TRUNCATE register_personevent")
    assert {"history-altered", "live-added"} == {code for code, _ in found()}


def test_a_column_added_later_leaves_old_digests_true(register: list[Person]) -> None:
    with tampering() as run:
        run("ALTER TABLE register_personevent ADD COLUMN nickname text NOT NULL DEFAULT 'x'")
    assert found() == []
    with tampering() as run:
        run("UPDATE register_personevent SET full_name = 'Ba' WHERE pgh_label = 'update'")
    assert [code for code, _ in found()][0] == "history-altered"


def test_a_clock_far_ahead_is_a_warning(register: list[Person]) -> None:
    last = FIRST + timedelta(days=3)
    assert [(one.code, one.severity) for one in verify(at=last - timedelta(hours=1))] == [("clock", "warning")]


def test_the_digest_of_a_change_is_the_hash_of_its_rows_by_hand(register: list[Person]) -> None:
    table, columns, rows, digest = Entry.objects.get(id=2).digest.split(" ")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL TimeZone = 'UTC'")
        cursor.execute("SELECT e::text FROM register_personevent e WHERE code = 'P2'")
        (text,) = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM information_schema.columns WHERE table_name = 'register_personevent'")
        (width,) = cursor.fetchone()
    row = hashlib.sha256(text.encode()).digest()
    block = hashlib.sha256(row).digest()
    assert (table, int(columns), int(rows)) == ("register_personevent", width, 1)
    assert digest == hashlib.sha256(block).hexdigest()
