"""Who leads a unit on a day: team, one head, none, two, acting."""

from datetime import date

import pytest

from canbo.register import leadership, units
from canbo.register.models import PostHeld, Unit
from tests.register.organisations.conftest import AT, MakePerson, MakeUnit

pytestmark = pytest.mark.django_db
D = date


@pytest.fixture
def agency(unit: MakeUnit) -> Unit:
    return unit("SNV", name="Sở Nội vụ", level="province", kind="state")


@pytest.fixture
def post(person: MakePerson) -> object:
    def held(code: str, unit: Unit, kind: str, start: date, end: date | None = None, **more: object) -> PostHeld:
        sex = str(more.pop("sex", "male"))
        return PostHeld.objects.create(
            person=person(code, sex=sex), unit=unit, post_kind=kind, valid_from=start, valid_to=end, **more
        )

    return held


def codes(unit: Unit, day: date) -> list[str]:
    return [one.code for one in leadership.team_on(unit, day).leaders]


def test_the_team_is_the_head_and_the_deputies_not_the_heads_of_divisions(agency: Unit, post) -> None:  # type: ignore[no-untyped-def]
    post("D", agency, "division_head", D(2020, 1, 1))
    post("B", agency, "agency_deputy", D(2020, 1, 1), sex="female")
    post("A", agency, "agency_head", D(2020, 1, 1), D(2023, 7, 1), is_head=True)
    post("C", agency, "professional", D(2020, 1, 1))
    team = leadership.team_on(agency, D(2023, 6, 30))
    assert ([one.code for one in team.leaders], team.people, team.women) == (["A", "B"], 2, 1)
    assert codes(agency, D(2023, 7, 1)) == ["B"]
    assert [one.code for one in leadership.heads_on(agency, D(2023, 6, 30))] == ["A"]
    assert leadership.heads_on(agency, D(2023, 7, 1)) == ()


def test_none_two_and_acting_heads_are_found_on_their_days(agency: Unit, post) -> None:  # type: ignore[no-untyped-def]
    def found(day: date) -> list[str]:
        return [finding.code for finding in leadership.faults(day)]

    post("A", agency, "agency_head", D(2021, 1, 1), D(2023, 7, 1), is_head=True)
    post("B", agency, "agency_head", D(2023, 6, 1), D(2024, 1, 1), is_head=True)
    post("C", agency, "agency_deputy", D(2024, 3, 1), D(2024, 6, 1), is_head=True, is_acting=True)
    assert found(D(2019, 12, 31)) == []  # the unit did not exist
    assert found(D(2020, 6, 1)) == ["head_none"]
    assert found(D(2023, 5, 31)) == []
    assert found(D(2023, 6, 1)) == ["head_two"]
    assert found(D(2023, 7, 1)) == []
    assert found(D(2024, 2, 1)) == ["head_none"]
    assert found(D(2024, 3, 1)) == ["head_acting"]
    units.end(agency, on=D(2024, 6, 1), by="lan", at=AT)
    assert found(D(2024, 6, 1)) == []


def test_an_acting_head_beside_the_head_and_a_secretary_beside_a_chair_are_not_two(unit: MakeUnit, post) -> None:  # type: ignore[no-untyped-def]
    commune = unit("X", level="commune")
    post("A", commune, "party_secretary", D(2021, 1, 1), is_head=True)
    post("B", commune, "committee_chair", D(2021, 1, 1), is_head=True)
    post("C", commune, "committee_vice_chair", D(2021, 1, 1))
    post("E", commune, "committee_chair", D(2022, 1, 1), is_head=True, is_acting=True)
    assert leadership.faults(D(2021, 6, 1)) == []
    assert leadership.faults(D(2022, 6, 1)) == []
    assert codes(commune, D(2021, 6, 1)) == ["A", "B", "C"]


def test_a_unit_that_never_had_a_head_shows_the_deputies_of_its_kind(unit: MakeUnit, post) -> None:  # type: ignore[no-untyped-def]
    division = unit("P", kind="division")
    post("A", division, "division_deputy", D(2021, 1, 1))
    post("B", division, "agency_deputy", D(2021, 1, 1))
    assert codes(division, D(2021, 1, 1)) == ["A"]
    assert leadership.teams_on(D(2021, 1, 1))[division.id].heads == ()
