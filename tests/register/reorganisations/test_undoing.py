"""Undoing puts back what was, keeps both operations, and refuses where later facts rest on the first."""

from datetime import UTC, date, datetime

import pytest
from django.apps import apps
from django.db import connection

from canbo.common.findings import Refused
from canbo.register.models import Person, PostHeld, Quota, Reorganisation, Unit, UnitSuccession, UnitVersion
from canbo.register.reorganisations.undoing import WRITTEN, undo
from tests.register.makers import employ, make_person, make_unit, post
from tests.register.reorganisations.plans_of import LATER, carry_out

pytestmark = pytest.mark.django_db
DAY = date(2025, 7, 1)
THEN = datetime(2025, 6, 22, 8, tzinfo=UTC)
MERGER = "merge: [A, B], into: {code: AB, name: Xã Mới}"


@pytest.fixture
def person() -> Person:
    """The head of A, in a province T with the communes A and B, with a planned move, a quota and a later version."""
    top = make_unit("T")
    first, second = (make_unit(code, top, level="commune") for code in "AB")
    found = make_person("P1")
    post(found, first, is_head=True, valid_to=date(2026, 1, 1))
    post(found, second, valid_from=date(2026, 1, 1))
    employ(found, unit=first)
    for unit, posts in ((first, 9), (second, 8)):
        Quota.objects.create(unit=unit, year=2026, staff_kind="civil_servant", posts=posts)
    version = UnitVersion.objects.get(unit=second)
    version.valid_to = date(2025, 10, 1)
    version.save()
    UnitVersion.objects.create(
        unit=second, name="Phường B", parent=top, level="commune", kind="locality", valid_from=date(2025, 10, 1)
    )
    return found


def _state() -> dict[str, list[object]]:
    """All rows that a reorganisation may touch."""
    rows: dict[str, list[object]] = {}
    with connection.cursor() as cursor:
        for model in WRITTEN:
            cursor.execute(f"SELECT * FROM {model._meta.db_table} ORDER BY id")
            rows[model.__name__] = cursor.fetchall()
    return rows


def test_undo_puts_back_every_row(person: Person) -> None:
    before = _state()
    done, _ = carry_out(MERGER)
    assert _state() != before
    undo(done, by="binh", at=LATER)
    assert _state() == before


def test_both_operations_stay_on_record(person: Person) -> None:
    done, _ = carry_out(MERGER)
    correction = undo(done, by="binh", at=LATER)
    done.refresh_from_db()
    assert (done.undone_by, correction.kind, Reorganisation.objects.count()) == (correction, "undo", 2)
    events = apps.get_model("register", "PostHeldEvent").objects.filter(pgh_created_at=LATER)
    assert {event.pgh_label for event in events} == {"delete", "update"}
    links = apps.get_model("register", "UnitSuccessionEvent").objects.order_by("pgh_id")
    assert [event.pgh_label for event in links] == ["insert", "insert", "delete", "delete"]


def test_officers_notice_the_undo_too(person: Person) -> None:
    done, _ = carry_out(MERGER)
    undo(done, by="binh", at=LATER)
    person.refresh_from_db()
    assert person.revision == 3


def test_after_an_undo_the_plan_can_be_applied_again(person: Person) -> None:
    done, _ = carry_out(MERGER)
    undo(done, by="binh", at=LATER)
    carry_out(MERGER, at=THEN)
    assert PostHeld.objects.as_of(DAY).get(person=person).unit.code == "AB"
    assert UnitSuccession.objects.count() == 2


def test_a_post_entered_since_in_the_new_unit_stops_the_undo(person: Person) -> None:
    done, _ = carry_out(MERGER)
    post(make_person("P2"), Unit.objects.get(code="AB"), valid_from=DAY)
    with pytest.raises(Refused, match="đã có thay đổi dựa trên kết quả đó"):
        undo(done, by="binh", at=LATER)
    assert PostHeld.objects.as_of(DAY).get(person=person).unit.code == "AB"


def test_a_moved_post_that_was_changed_since_stops_the_undo(person: Person) -> None:
    done, _ = carry_out(MERGER)
    moved = PostHeld.objects.as_of(DAY).get(person=person)
    moved.is_acting = True
    moved.save()
    with pytest.raises(Refused, match="đã có thay đổi dựa trên kết quả đó"):
        undo(done, by="binh", at=LATER)


def test_nothing_is_undone_twice_and_no_undo_is_undone(person: Person) -> None:
    done, _ = carry_out(MERGER)
    correction = undo(done, by="binh", at=LATER)
    with pytest.raises(Refused, match="đã được hủy"):
        undo(done, by="binh", at=THEN)
    with pytest.raises(Refused, match="Không hủy một thao tác hủy"):
        undo(correction, by="binh", at=THEN)
