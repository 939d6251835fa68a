"""What held when, and what was known when: history is written by the database for every row and every change."""

from datetime import UTC, date, datetime

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from canbo.audit.changes import change
from canbo.audit.models import Entry
from canbo.common.findings import Refused
from canbo.register.models import Person, Qualification

pytestmark = pytest.mark.django_db


def _person() -> Person:
    return Person.objects.create(
        code="P1",
        full_name="Nguyễn Văn An",
        name_key="nguyen van an",
        name_order="an nguyễn văn",
        birth_date=date(1980, 1, 1),
        sex="male",
    )


def test_every_change_keeps_what_was_believed_before_with_its_moment() -> None:
    with change(by="an", at=datetime(2024, 5, 1, tzinfo=UTC), action="enter"):
        degree = Qualification.objects.create(
            person=_person(), kind="professional", level="bachelor", awarded_on=date(2024, 3, 15)
        )
    with change(by="binh", at=datetime(2024, 6, 1, tzinfo=UTC), action="correct"):
        degree.level = "master"
        degree.save()
    kept = apps.get_model("register", "QualificationEvent").objects.order_by("pgh_id")
    assert [(row.level, row.pgh_created_at.date()) for row in kept] == [
        ("bachelor", date(2024, 5, 1)),
        ("master", date(2024, 6, 1)),
    ]


def test_the_log_counts_the_rows_that_a_change_wrote_and_chains_its_entries() -> None:
    with change(by="an", at=datetime(2024, 5, 1, tzinfo=UTC), action="enter"):
        _person()
    with change(by="an", at=datetime(2024, 5, 2, tzinfo=UTC), action="look"):
        pass
    first, second = Entry.objects.order_by("id")
    assert (first.id, first.rows, second.rows) == (1, 1, 0)
    assert second.previous == first.hash


def test_a_change_that_fails_leaves_neither_rows_nor_entry() -> None:
    with pytest.raises(RuntimeError), change(by="an", at=datetime(2024, 5, 1, tzinfo=UTC), action="enter"):
        _person()
        raise RuntimeError
    assert not Person.objects.exists()
    assert not Entry.objects.exists()


def test_a_clock_behind_the_last_entry_is_noticed() -> None:
    with change(by="an", at=datetime(2024, 5, 2, tzinfo=UTC), action="look"):
        pass
    with pytest.raises(Refused, match="Đồng hồ"), change(by="an", at=datetime(2024, 5, 1, tzinfo=UTC), action="look"):
        pass


def test_history_cannot_be_changed_or_removed() -> None:
    with change(by="an", at=datetime(2024, 5, 1, tzinfo=UTC), action="enter"):
        _person()
    for statement in (
        "UPDATE register_personevent SET full_name = 'x'",
        "DELETE FROM register_personevent",
        "UPDATE audit_entry SET actor = 'x'",
        "DELETE FROM audit_entry",
    ):
        with pytest.raises(Exception, match="pgtrigger"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_database_refuses_an_unknown_code() -> None:
    with pytest.raises(IntegrityError, match="person_sex_known"):
        Person.objects.create(
            code="P1", full_name="A", name_key="a", name_order="a", birth_date=date(1980, 1, 1), sex="nam"
        )
