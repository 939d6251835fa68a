"""What a change promises: moments never run backwards, nested changes fail whole, entries read back hash alike."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.transaction import TransactionManagementError

from canbo.audit import digests
from canbo.audit.changes import change, hash_of, note
from canbo.audit.models import Entry
from canbo.audit.verifying import verify
from canbo.common.findings import Refused
from canbo.register.models import Person

pytestmark = pytest.mark.django_db
NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)


def person(code: str) -> Person:
    return Person.objects.create(
        code=code, full_name="An", name_key="an", name_order="an", birth_date=date(1980, 1, 1), sex="male"
    )


@pytest.mark.parametrize(("behind", "moment"), [(0, NOON), (1, NOON), (119, NOON), (-1, NOON + timedelta(seconds=1))])
def test_a_request_that_began_a_little_earlier_takes_the_moment_of_the_last_entry(
    behind: int, moment: datetime
) -> None:
    note(by="an", at=NOON, action="look")
    with change(by="binh", at=NOON - timedelta(seconds=behind), action="enter") as running:
        one = person("P1")
    assert running.at == moment
    history: Any = one.history  # type: ignore[attr-defined]
    assert [row.pgh_created_at for row in history.all()] == [moment]
    assert Entry.objects.get(id=2).moment == moment


def test_a_clock_two_minutes_behind_writes_nothing() -> None:
    note(by="an", at=NOON, action="look")
    with pytest.raises(Refused, match="chậm hơn"), change(by="binh", at=NOON - timedelta(seconds=120), action="enter"):
        person("P1")
    assert not Person.objects.exists()


def test_a_change_inside_a_change_is_part_of_it() -> None:
    with change(by="an", at=NOON, action="outer") as outer, change(by="x", at=NOON, action="inner") as inner:
        person("P1")
    assert inner is outer
    assert [entry.action for entry in Entry.objects.all()] == ["outer"]


def test_a_failed_inner_change_that_is_swallowed_cannot_be_committed() -> None:
    with pytest.raises(TransactionManagementError), change(by="an", at=NOON, action="outer"):
        try:
            with change(by="an", at=NOON, action="inner"):
                person("P1")
                raise Refused("no")
        except Refused:
            pass
        person("P2")
    assert not Person.objects.exists()
    assert not Entry.objects.exists()


def test_a_failed_inner_change_may_be_undone_alone_where_the_outer_one_says_so() -> None:
    with change(by="an", at=NOON, action="outer"):
        try:
            with transaction.atomic(), change(by="an", at=NOON, action="inner"):
                person("P1")
                raise Refused("no")
        except Refused:
            pass
        person("P2")
    assert [one.code for one in Person.objects.all()] == ["P2"]
    assert (Entry.objects.get().rows, verify()) == (1, [])


@pytest.mark.parametrize(
    "detail",
    [
        {"share": 1.0, "big": 1e22, "small": 1e-7, "zero": -0.0, "tenth": 0.1},
        {"b": [1, (2, 3)], "a": {"2": None, "10": True}},
        {"day": date(2025, 12, 31), "text": "nul\x00 half\ud800 ư"},
    ],
)
def test_an_entry_read_back_has_the_hash_it_was_written_with(detail: dict[str, Any]) -> None:
    note(by="an\x00", at=NOON, action="look", subject="x\x00y", detail=detail)
    entry = Entry.objects.get()
    assert hash_of(entry) == entry.hash


def test_detail_may_be_filled_while_the_change_runs() -> None:
    with change(by="an", at=NOON, action="import") as running:
        running.detail["rows"] = 3
    assert Entry.objects.get().detail == {"rows": 3}


def test_each_table_touched_has_a_line_and_no_other() -> None:
    from canbo.register.models import Qualification

    with change(by="an", at=NOON, action="enter"):
        Qualification.objects.create(
            person=person("P1"), kind="professional", level="master", awarded_on=date(2024, 1, 1)
        )
        person("P2")
    entry = Entry.objects.get()
    assert entry.rows == 3
    assert [(line.split()[0], line.split()[2]) for line in entry.digest.split("\n")] == [
        ("register_personevent", "2"),
        ("register_qualificationevent", "1"),
    ]


def test_where_the_server_does_not_count_every_table_is_looked_into() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL track_counts = off")
        with change(by="an", at=NOON, action="enter"):
            person("P1")
    assert Entry.objects.get().rows == 1
    assert verify() == []


def test_a_bulk_statement_is_one_change_over_several_blocks() -> None:
    from django.db import connection

    with change(by="an", at=NOON, action="load") as running, connection.cursor() as cursor:
        people = [
            Person(code=f"B{n}", full_name="A", name_key="a", name_order="a", birth_date=date(1980, 1, 1), sex="male")
            for n in range(3)
        ]
        Person.objects.bulk_create(people)
        cursor.execute("SELECT setval(pg_get_serial_sequence('register_personevent', 'pgh_id'), 10 * 16384 - 1)")
        for one in people[:2]:
            one.full_name = "B"
            one.save()
        rows, digest = digests.of_change(running.id)
    assert rows == 5
    assert Entry.objects.get().digest == digest
    assert verify() == []
