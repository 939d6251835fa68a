"""The month's dossier: which positions are or fall vacant, who is planned, what moved, who came into the tier."""

from collections.abc import Mapping
from datetime import date

import pytest

from canbo.common.text import name_order, search_key
from canbo.register.models import (
    AppointmentDecision,
    Employment,
    JobPosition,
    Person,
    PoolEntry,
    PostHeld,
    Rotation,
    Title,
    Unit,
)
from canbo.register.movements import TierChange, movements, tier_changes
from canbo.register.vacancies import openings

pytestmark = pytest.mark.django_db
DAY = date(2024, 6, 25)
START = date(2020, 1, 1)


def person(code: str, name: str, birth: date, sex: str = "male") -> Person:
    return Person.objects.create(
        code=code, full_name=name, name_key=search_key(name), name_order=name_order(name), birth_date=birth, sex=sex
    )


@pytest.fixture
def agency() -> Unit:
    return Unit.objects.create(code="SO")


@pytest.fixture
def deputies(agency: Unit) -> JobPosition:
    title = Title.objects.create(code="PGD", name="Phó giám đốc sở", post_kind="agency_deputy", level="province")
    return JobPosition.objects.create(
        unit=agency, title=title, name="Phó giám đốc", planned=3, valid_from=date(2020, 1, 1)
    )


def hold(holder: Person, position: JobPosition, **more: object) -> PostHeld:
    filled = {"post_kind": "agency_deputy", "is_main": True, "valid_from": START} | more
    return PostHeld.objects.create(person=holder, unit=position.unit, position=position, **filled)


def test_what_is_vacant_since_when_and_what_falls_vacant_within_six_months(deputies: JobPosition) -> None:
    hold(person("A", "Trần Văn A", date(1963, 10, 5)), deputies)  # 61 years on 05/10/2024: retires 31/10/2024
    hold(person("B", "Lê Văn B", date(1980, 1, 1)), deputies, term_ends_on=date(2024, 9, 30))
    hold(person("C", "Vũ Văn C", date(1975, 1, 1)), deputies, valid_to=date(2024, 3, 1))
    planned = person("D", "Ngô Thị D", date(1984, 6, 30), "female")
    PoolEntry.objects.create(
        person=planned, unit=deputies.unit, term="2020-2025", post_kind="agency_deputy", level="province",
        valid_from=date(2022, 8, 15),
    )  # fmt: skip
    found = openings(day=DAY, until=date(2024, 12, 25))
    assert [(one.why, one.on, one.places, one.holder) for one in found] == [
        ("vacant", date(2024, 3, 1), 1, None),
        ("retires", date(2024, 11, 1), 1, "Trần Văn A"),
        ("term_ends", date(2024, 10, 1), 1, "Lê Văn B"),
    ]
    assert {(p.person_code, p.since) for one in found for p in one.planned} == {("D", date(2022, 8, 15))}


def test_a_decided_retirement_day_goes_before_the_table(deputies: JobPosition) -> None:
    kept = person("A", "Trần Văn A", date(1963, 10, 5))
    hold(kept, deputies)
    Employment.objects.create(person=kept, staff_kind="official", valid_from=START, retires_on=date(2025, 10, 31))
    assert [one.why for one in openings(day=DAY, until=date(2024, 12, 25))] == ["vacant"]


def test_a_position_outside_its_period_is_not_asked_for(deputies: JobPosition) -> None:
    JobPosition.objects.update(valid_to=DAY)
    assert openings(day=DAY, until=date(2024, 12, 25)) == []


def test_the_months_movements_include_both_ends_of_the_month(agency: Unit, deputies: JobPosition) -> None:
    other = Unit.objects.create(code="HUYEN")
    a, b = person("A", "Trần Văn A", date(1979, 3, 12)), person("B", "Lê Văn B", date(1980, 1, 1))
    hold(a, deputies, valid_from=date(2024, 6, 1), post="Phó giám đốc")
    hold(b, deputies, valid_to=date(2024, 7, 1), post="Phó giám đốc")  # 30/06 is the last day
    AppointmentDecision.objects.create(
        person=a, unit=agency, post_kind="agency_deputy", kind="first", decided_on=date(2024, 5, 31)
    )
    Rotation.objects.create(
        person=b, from_unit=agency, to_unit=other, kind="down", movement="rotation", from_level="province",
        to_level="district", valid_from=date(2024, 6, 30),
    )  # fmt: skip
    Employment.objects.create(
        person=b, staff_kind="official", valid_from=START, valid_to=date(2024, 7, 1), exit_kind="retirement"
    )
    found = movements(start=date(2024, 6, 1), end=date(2024, 6, 30))
    assert [(one.day, one.kind, one.person_code, one.text) for one in found] == [
        (date(2024, 6, 1), "post_begun", "A", "Phó giám đốc"),
        (date(2024, 6, 30), "left", "B", "retirement"),
        (date(2024, 6, 30), "post_ended", "B", "Phó giám đốc"),
        (date(2024, 6, 30), "rotation", "B", "down"),
    ]


def test_who_came_into_the_tier_and_who_left_it() -> None:
    days: Mapping[date, Mapping[str, str]] = {
        date(2024, 5, 31): {"A": "unit_head", "B": "provincial_committee", "C": "provincial_committee"},
        date(2024, 6, 30): {"A": "provincial_committee", "C": "provincial_committee"},
    }
    found = tier_changes(
        lambda day: days[day], start=date(2024, 6, 1), end=date(2024, 6, 30), tier="provincial_committee"
    )
    assert found == [
        TierChange("A", "unit_head", "provincial_committee"),
        TierChange("B", "provincial_committee", None),
    ]
