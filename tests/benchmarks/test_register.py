"""The comparison of bulk loads: both sides load all rows under all constraints, and one of them with the history."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from psycopg import IntegrityError

from benchmarks import register
from canbo.audit.changes import change
from canbo.audit.models import Entry
from canbo.audit.verifying import verify
from canbo.register.models import Person, RankHeld

pytestmark = pytest.mark.django_db
NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
TABLE = "register_rankheld"


@pytest.fixture
def rows() -> bytes:
    """Two ranks of one person, in the form of COPY; no deferred check hinders the emptying of tables."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with change(by="an", at=NOON, action="enter"):
            one = Person.objects.create(
                code="P1", full_name="An", name_key="an", name_order="an", birth_date=date(1980, 1, 1), sex="male"
            )
            for first, last in ((date(2010, 1, 1), date(2015, 1, 1)), (date(2015, 1, 1), None)):
                RankHeld.objects.create(person=one, rank="attendant", valid_from=first, valid_to=last)
        with cursor.copy(f"COPY {TABLE} TO STDOUT (FORMAT binary)") as copy:
            return b"".join(bytes(block) for block in copy)


def labels() -> list[str]:
    events = apps.get_model("register", "RankHeldEvent")._default_manager
    return list(events.order_by("pgh_id").values_list("pgh_label", flat=True))


def test_without_history_all_rows_are_loaded_and_nothing_else(rows: bytes) -> None:
    entries = Entry.objects.count()
    with connection.cursor() as cursor:
        assert register._plainly(cursor, TABLE, rows) > 0
    assert (RankHeld.objects.count(), labels(), Entry.objects.count()) == (2, [], entries)
    assert "trigger" not in [one.code for one in verify()]  # they are on again


def test_with_history_the_load_is_a_change_with_a_version_of_each_row(rows: bytes) -> None:
    with connection.cursor() as cursor:
        assert register._kept(cursor, TABLE, rows) > 0
    assert (RankHeld.objects.count(), labels()) == (2, ["insert", "insert"])
    last = Entry.objects.order_by("id").last()
    assert last is not None
    assert (last.action, last.rows) == ("bulk", 2)


@pytest.mark.parametrize("side", [register._plainly, register._kept])
@pytest.mark.parametrize(
    ("broken", "constraint"),
    [("valid_to = NULL", "overlap"), ("valid_to = valid_from", "ordered"), ("person_id = 0", "fk_register_person")],
)
def test_both_sides_check_exclusions_order_and_foreign_keys(
    rows: bytes, side: Callable[[Any, str, bytes], float], broken: str, constraint: str
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE broken ON COMMIT DROP AS SELECT * FROM {TABLE}")
        cursor.execute(f"UPDATE broken SET {broken} WHERE valid_to IS NOT NULL")
        with cursor.copy("COPY broken TO STDOUT (FORMAT binary)") as copy:
            wrong = b"".join(bytes(block) for block in copy)
        with pytest.raises(IntegrityError, match=constraint):
            side(cursor, TABLE, wrong)
