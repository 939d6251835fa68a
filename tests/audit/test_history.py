"""History tables: what a statement leaves there, and by what they can be read fast."""

import io
from contextlib import redirect_stdout
from datetime import UTC, date, datetime

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from canbo.audit.changes import change
from canbo.audit.verifying import verify
from canbo.register.models import Person

pytestmark = pytest.mark.django_db
NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)


def people(*codes: str) -> list[Person]:
    born = date(1980, 1, 1)
    return [
        Person(code=code, full_name="An", name_key="an", name_order="an", birth_date=born, sex="male") for code in codes
    ]


def versions() -> list[tuple[object, ...]]:
    events = apps.get_model("register", "PersonEvent")._default_manager.order_by("pgh_id")
    return list(events.values_list("pgh_label", "code", "full_name", "pgh_created_at", "pgh_context_id", "pgh_context"))


def test_each_statement_leaves_the_rows_as_it_wrote_or_removed_them() -> None:
    with change(by="an", at=NOON, action="enter") as running:
        Person.objects.bulk_create(people("P1", "P2"))
        Person.objects.filter(code="P2").update(full_name="Bình")
        Person.objects.filter(code="P2").delete()
    of = (NOON, running.id, {"by": "an", "action": "enter"})
    assert versions() == [
        ("insert", "P1", "An", *of),
        ("insert", "P2", "An", *of),
        ("update", "P2", "Bình", *of),
        ("delete", "P2", "Bình", *of),
    ]
    assert verify() == []


def test_outside_a_change_the_moment_is_the_clocks_and_there_is_no_change() -> None:
    before = datetime.now(UTC)
    Person.objects.bulk_create(people("P1"))
    ((_, _, _, moment, change_id, context),) = versions()
    assert isinstance(moment, datetime)
    assert before <= moment <= datetime.now(UTC)
    assert (change_id, context) == (None, None)
    assert "history-unlogged" in [one.code for one in verify()]


def test_no_table_of_contexts_is_kept_beside_the_log() -> None:
    with change(by="an", at=NOON, action="enter"):
        Person.objects.bulk_create(people("P1"))
    assert not apps.get_model("pghistory", "Context")._default_manager.exists()


def test_history_is_indexed_by_what_it_is_read_by_and_by_nothing_else() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, array_agg(DISTINCT a.attname::text), bool_or(p.attname IS NOT NULL) FROM pg_index i "
            "JOIN pg_class c ON c.oid = i.indrelid "
            "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey) "
            "LEFT JOIN pg_attribute p ON p.attrelid = c.oid AND p.attname = 'person_id' "
            "WHERE c.relnamespace = current_schema()::regnamespace AND EXISTS "
            "(SELECT FROM pg_attribute h WHERE h.attrelid = c.oid AND h.attname = 'pgh_obj_id') GROUP BY c.relname"
        )
        found = cursor.fetchall()
    assert {"register_personevent", "register_postheldevent", "accounts_mandateevent", "snapshot_sealevent"} <= {
        table for table, _, _ in found
    }
    for table, columns, of_person in found:
        expected = {"pgh_id", "pgh_obj_id", "pgh_context_id"} | ({"person_id"} if of_person else set())
        assert set(columns) == expected, table


def test_the_migrations_leave_the_models_as_they_are_declared() -> None:
    with redirect_stdout(io.StringIO()) as said:
        call_command("makemigrations", check=True, dry_run=True)
    assert "No changes" in said.getvalue()
