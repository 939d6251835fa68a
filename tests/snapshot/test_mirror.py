"""The people in memory: right on every day, and current after every committed change."""

from datetime import date, timedelta
from typing import Any

import pytest

from canbo.audit.changes import change
from canbo.register.models import Employment, Person, PostHeld, Qualification, RankHeld, Standing
from canbo.snapshot.mirror import Mirror
from canbo.snapshot.take import take_dataset
from tests.register.makers import AT, employ, make_person, make_unit, post

pytestmark = pytest.mark.django_db


@pytest.fixture
def mirror() -> Mirror:
    with change(by="an", at=AT, action="enter"):
        province, commune = make_unit("T"), make_unit("X", level="commune")
        a, b = make_person("A"), make_person("B", sex="female", ethnicity="Tày")
        employ(a)
        employ(b, valid_to=date(2023, 7, 1))
        post(a, province, valid_to=date(2022, 1, 1), stated_tier="unit_head", post="Chuyên viên")
        post(a, commune, valid_from=date(2022, 1, 1), post_kind="party_secretary", stated_tier="district_committee")
        post(a, province, is_main=False, valid_from=date(2023, 1, 1), stated_tier="provincial_committee")
        post(b, commune, valid_to=date(2023, 7, 1))
        Qualification.objects.create(person=a, kind="professional", level="bachelor", awarded_on=date(2005, 6, 30))
        Qualification.objects.create(person=a, kind="professional", level="master", awarded_on=date(2023, 3, 15))
        RankHeld.objects.create(person=a, rank="specialist", valid_from=date(2021, 1, 1))
        Standing.objects.create(
            person=b, valid_from=date(2021, 12, 31), since_known=False, education="college", it_standard=True
        )
    return Mirror()


def row(mirror: Mirror, code: str, day: date) -> dict[str, Any]:
    return next(one for one in mirror.roster(day).to_pylist() if one["person_id"] == code)


@pytest.mark.parametrize(
    ("day", "unit", "kind", "tier", "education", "rank"),
    [
        (date(2020, 12, 31), "T", "professional", "unit_head", "bachelor", None),
        (date(2021, 12, 31), "T", "professional", "unit_head", "bachelor", "specialist"),
        (date(2022, 1, 1), "X", "party_secretary", "district_committee", "bachelor", "specialist"),
        (date(2023, 3, 14), "X", "party_secretary", "provincial_committee", "bachelor", "specialist"),
        (date(2023, 3, 15), "X", "party_secretary", "provincial_committee", "master", "specialist"),
    ],
)
def test_posts_degrees_and_ranks_of_each_day(
    mirror: Mirror, day: date, unit: str, kind: str, tier: str, education: str, rank: str | None
) -> None:
    found = row(mirror, "A", day)
    assert (found["unit_id"], found["post_kind"], found["managed_by"]) == (unit, kind, tier)
    assert (found["education"], found["rank"], found["_in_service"]) == (education, rank, True)


def test_who_left_stays_with_the_last_day_in_service(mirror: Mirror) -> None:
    last, after = row(mirror, "B", date(2023, 6, 30)), row(mirror, "B", date(2023, 7, 1))
    assert (last["_in_service"], after["_in_service"]) == (True, False)
    assert after["left_on"] == date(2023, 6, 30)


def test_what_is_stated_since_a_day_is_unknown_before_it(mirror: Mirror) -> None:
    before, on = row(mirror, "B", date(2021, 12, 30)), row(mirror, "B", date(2021, 12, 31))
    assert (before["education"], before["it_standard"]) == (None, None)
    assert (on["education"], on["it_standard"]) == ("college", True)


def test_committed_changes_are_taken_in_and_nothing_else(mirror: Mirror) -> None:
    later = AT + timedelta(days=1)
    with change(by="an", at=later, action="enter"):
        Qualification.objects.filter(level="master").update(level="doctor")
        new = make_person("C")
        employ(new)
        post(new, PostHeld.objects.first().unit)  # type: ignore[union-attr]
    with change(by="an", at=later, action="remove"):
        RankHeld.objects.all().delete()
    assert row(mirror, "A", date(2024, 1, 1))["education"] == "master"
    assert mirror.refresh() == 2
    assert (row(mirror, "A", date(2024, 1, 1))["education"], row(mirror, "A", date(2024, 1, 1))["rank"]) == (
        "doctor",
        None,
    )
    assert row(mirror, "C", date(2024, 1, 1))["unit_id"] == "T"
    assert mirror.refresh() == 0


def test_after_many_changes_it_equals_one_loaded_anew(mirror: Mirror) -> None:
    for number in range(12):
        with change(by="an", at=AT + timedelta(days=number + 1), action="edit"):
            person = make_person(f"N{number:02d}")
            Employment.objects.create(person=person, staff_kind="official", valid_from=date(2022, 1, 1 + number))
            post(person, PostHeld.objects.first().unit, valid_from=date(2022, 2, 1 + number))  # type: ignore[union-attr]
            if number % 3 == 0:
                Person.objects.filter(code="A").update(full_name=f"Trần Văn {number}")
                PostHeld.objects.filter(person__code="N01").update(valid_to=date(2023, 1, 1 + number))
            if number % 4 == 3:
                Employment.objects.filter(person__code=f"N{number - 1:02d}").delete()
        mirror.refresh()
    for day in (date(2021, 12, 31), date(2022, 2, 5), date(2023, 1, 5), date(2024, 1, 1)):
        assert mirror.roster(day).equals(Mirror().roster(day))


def test_an_empty_register_has_an_empty_roster() -> None:
    assert Mirror().roster(date(2024, 1, 1)).num_rows == 0


def test_who_was_moved_on_the_same_day_has_not_left() -> None:
    with change(by="an", at=AT, action="enter"):
        unit, person = make_unit("T"), make_person("A")
        for begin, end in (((2020, 1, 1), (2022, 7, 1)), ((2022, 7, 1), (2023, 7, 1)), ((2024, 1, 1), None)):
            employ(person, valid_from=date(*begin), valid_to=date(*end) if end else None)
        post(person, unit)
    found = {day: row(Mirror(), "A", day) for day in (date(2022, 6, 30), date(2023, 8, 1), date(2024, 1, 1))}
    assert [one["left_on"] for one in found.values()] == [date(2023, 6, 30), date(2023, 6, 30), None]
    assert [one["_in_service"] for one in found.values()] == [True, False, True]
    taken = [take_dataset("people", day).to_pylist()[0].get("left_on") for day in found]
    assert taken == [date(2023, 6, 30), date(2023, 6, 30), None]
