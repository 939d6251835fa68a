"""What records lack and what looks wrong before a reporting day; a unit does not confirm over open errors."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from canbo.common.findings import Refused
from canbo.register import completeness, inspections
from canbo.register.completeness import Effect, Missing
from canbo.register.models import (
    BodySeat,
    Employment,
    Person,
    PostHeld,
    Qualification,
    RankHeld,
    Standing,
    Term,
    Unit,
    UnitConfirmation,
    UnitVersion,
)
from tests.register.makers import employ, make_person, make_unit, post

DAY = date(2024, 12, 31)
BY: dict[str, Any] = {"by": "hoa", "at": datetime(2025, 1, 2, 8, tzinfo=UTC)}


def _codes(day: date = DAY, **more: Any) -> list[tuple[str, str, str | None]]:
    found = inspections.inspect(day, **more)
    return [(one.finding.severity, one.finding.code, one.person_code) for one in found]


def test_an_open_post_after_the_exit_and_none_at_all(an: Person, agency: Unit) -> None:
    post(an, agency)
    post(make_person("P2"), agency)
    assert _codes() == [("warning", "no_employment", "P2")]
    Employment.objects.update(valid_to=DAY)
    assert _codes() == [("error", "post_after_exit", "P1"), ("warning", "no_employment", "P2")]
    assert ("error", "post_after_exit", "P1") not in _codes(date(2024, 12, 30))


def test_a_post_in_a_unit_that_is_gone(an: Person, agency: Unit) -> None:
    post(an, agency)
    UnitVersion.objects.filter(unit=agency).update(valid_to=DAY)
    assert _codes() == [("error", "unit_not_in_being", "P1")]
    assert _codes(date(2024, 12, 30)) == []


@pytest.mark.parametrize(
    ("acting", "kind", "warned"), [(False, "agency_head", 1), (True, "agency_head", 0), (False, "party_secretary", 0)]
)
def test_two_heads_of_one_unit(an: Person, agency: Unit, acting: bool, kind: str, warned: int) -> None:
    other = make_person("P2")
    employ(other)
    post(an, agency, is_head=True, post_kind="agency_head")
    post(an, agency, is_head=True, post_kind="agency_head", is_main=False)  # the same person twice is one head
    post(other, agency, is_head=True, post_kind=kind, is_acting=acting)
    assert [code for _, code, _ in _codes()].count("two_heads") == warned


def test_seats_outside_the_committee_and_outside_the_term(an: Person, agency: Unit) -> None:
    term = Term.objects.create(family="party", level="province", valid_from=date(2020, 1, 1), valid_to=DAY)
    wanted: dict[str, Any] = {"person": an, "unit": agency, "role": "member", "valid_from": date(2020, 1, 1)}
    BodySeat.objects.create(body="standing_committee", term=term, **wanted)
    assert _codes(date(2024, 12, 30)) == [("warning", "standing_member_outside_committee", "P1")]
    BodySeat.objects.create(body="executive_committee", **wanted)
    assert _codes(date(2024, 12, 30)) == []
    assert _codes() == [("warning", "seat_outside_term", "P1")]


def test_who_is_past_retirement(agency: Unit) -> None:
    old = make_person("P1", born=date(1963, 10, 5))  # a man: 61 years in 2024, out on 31/10/2024
    service = employ(old)
    post(old, agency)
    assert _codes(date(2024, 10, 31)) == []
    assert _codes(date(2024, 11, 1)) == [("warning", "post_after_retirement", "P1")]
    service.retires_on = date(2026, 10, 31)
    service.save()
    assert _codes(date(2024, 11, 1)) == []


def test_degrees_without_field_and_ranks_outside_the_table(an: Person, agency: Unit) -> None:
    post(an, agency)
    Qualification.objects.create(person=an, kind="professional", level="master", awarded_on=date(2020, 1, 1))
    Qualification.objects.create(person=an, kind="political", level="advanced", awarded_on=date(2020, 1, 1))
    RankHeld.objects.create(person=an, rank="officer", rank_code="X.99", valid_from=date(2020, 1, 1))
    assert sorted(code for _, code, _ in _codes(unit_codes=["SO"])) == [
        "qualification_without_field", "qualification_without_institution", "rank_code_unknown",
    ]  # fmt: skip
    assert _codes(unit_codes=["ELSEWHERE"]) == []


def test_the_effect_counts_each_person_once() -> None:
    missing = [
        Missing("rank", "SO", "P1", "A"),
        Missing("education", "SO", "P1", "A"),
        Missing("education", "SO", "P2", "B"),
        Missing("ethnicity", "SO", "P3", "C"),
    ]
    needs = {"masters": {"education"}, "both": {"education", "rank"}, "women": {"sex"}, "minority": {"ethnicity"}}
    assert completeness.effects(missing, needs) == [
        Effect("both", ("education", "rank"), ("P1", "P2")),
        Effect("masters", ("education",), ("P1", "P2")),
        Effect("minority", ("ethnicity",), ("P3",)),
    ]
    assert completeness.effects(missing, needs)[0].could_flip == 2


def test_what_is_missing_by_unit(an: Person, agency: Unit) -> None:
    other_unit = make_unit("HT")
    post(an, agency, stated_tier="unit_head")
    Standing.objects.create(
        person=an, valid_from=date(2022, 1, 1), education="bachelor", political_theory="none", rank="specialist"
    )
    other = make_person("P2", ethnicity="Tày", birth_precision="year")
    employ(other)
    post(other, other_unit, is_main=False)
    assert [(one.item, one.person_code) for one in completeness.missing_on(DAY, unit_codes=["SO"])] == [
        ("ethnicity", "P1"), ("state_management", "P1"),
    ]  # fmt: skip
    assert {one.item for one in completeness.missing_on(DAY) if one.person_code == "P2"} == {
        "birth_date", "main_post", "education", "political_theory", "state_management", "rank", "tier",
    }  # fmt: skip


def test_a_unit_confirms_only_without_blocking_errors(an: Person, agency: Unit) -> None:
    held = post(an, agency, is_main=False)
    UnitVersion.objects.filter(unit=agency).update(valid_to=DAY)
    with pytest.raises(Refused, match="còn 2 lỗi phải sửa") as caught:
        completeness.confirm(agency, day=DAY, **BY)
    assert {one.code for one in caught.value.findings} == {"unit_not_in_being", "missing_main_post"}
    assert not UnitConfirmation.objects.exists()
    UnitVersion.objects.filter(unit=agency).update(valid_to=None)
    PostHeld.objects.filter(id=held.id).update(is_main=True)
    done = completeness.confirm(agency, day=DAY, **BY)
    assert done.open_errors == 6  # ethnicity, four levels, tier
    assert completeness.confirmation(agency, DAY) == done
    assert completeness.confirmation(agency, date(2024, 12, 30)) is None
