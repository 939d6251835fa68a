"""The worked vacancy: deputy director, decided on 25/06/2024, effective on 01/07/2024, three candidates."""

from datetime import date

import pytest

from canbo.register import candidates
from canbo.register.candidates import Candidate
from canbo.register.models import (
    Document,
    Evaluation,
    Person,
    PoolEntry,
    Qualification,
    RankHeld,
    Relative,
    Title,
    TitleStandard,
    Unit,
)
from tests.register.makers import make_person, make_unit

pytestmark = pytest.mark.django_db
DECIDED, EFFECTIVE = date(2024, 6, 25), date(2024, 7, 1)
ASKED = {
    "education": "bachelor",
    "political_theory": "advanced",
    "state_management": "principal",
    "rank": "principal",
}


@pytest.fixture
def title() -> Title:
    title = Title.objects.create(code="PGD", name="Phó giám đốc sở", post_kind="agency_deputy", level="province")
    document = Document.objects.create(
        number="12-QĐ/TU", kind="regulation", issuer="Tỉnh ủy", issued_on=date(2022, 1, 1)
    )
    TitleStandard.objects.create(title=title, requirements=ASKED, valid_from=date(2022, 1, 1), document=document)
    return title


@pytest.fixture
def agency() -> Unit:
    return make_unit("SO", kind="state")


def qualified(person: Person, unit: Unit, *, state_on: date, planned_on: date) -> Person:
    for kind, level, day in (
        ("professional", "master", date(2015, 6, 30)),
        ("political", "advanced", date(2021, 5, 20)),
        ("state", "principal", state_on),
    ):
        Qualification.objects.create(person=person, kind=kind, level=level, awarded_on=day)
    RankHeld.objects.create(person=person, rank="principal", valid_from=date(2019, 1, 1))
    PoolEntry.objects.create(
        person=person, unit=unit, term="2020-2025", post_kind="agency_deputy", level="province", valid_from=planned_on
    )
    return person


@pytest.fixture
def found(title: Title, agency: Unit) -> dict[str, Candidate]:
    a = qualified(
        make_person("A", born=date(1979, 3, 12)), agency, state_on=date(2018, 4, 2), planned_on=date(2022, 8, 15)
    )
    b = qualified(
        make_person("B", born=date(1984, 6, 30), sex="female"),
        agency,
        state_on=date(2024, 6, 28),
        planned_on=date(2022, 8, 15),
    )
    c = qualified(
        make_person("C", born=date(1981, 2, 1)), agency, state_on=date(2018, 4, 2), planned_on=date(2024, 6, 24)
    )
    officer = make_person("OFFICER")
    Relative.objects.create(person=c, relation="anh rể", side="spouse", other=officer, valid_from=date(2010, 1, 1))
    Evaluation.objects.create(
        subject_kind="person", person=a, unit=agency, period="2023", grade="excellent", evaluated_on=date(2023, 12, 20)
    )
    listed = candidates.against_standard(title, [a, b, c], day=DECIDED, handled_by=["OFFICER"])
    return {one.code: one for one in listed}


def test_a_meets_everything_on_the_day_of_the_decision(found: dict[str, Candidate]) -> None:
    a = found["A"]
    assert a.meets_standard
    assert (a.planned_on, a.just_planned, a.last_grade) == (date(2022, 8, 15), False, ("2023", "excellent"))


def test_bs_certificate_is_dated_after_the_decision(found: dict[str, Candidate]) -> None:
    b = found["B"]
    assert (b.meets_standard, b.not_met) == (False, ())
    assert b.unknown == ("state_management",)  # nothing is held by the day, and nothing says that nothing is


def test_b_is_39_on_the_decision_and_40_when_it_takes_effect(title: Title, found: dict[str, Candidate]) -> None:
    b = Person.objects.get(code="B")
    ages = [candidates.against_standard(title, [b], day=day)[0].age for day in (DECIDED, EFFECTIVE)]
    assert ages == [39, 40]
    assert candidates.against_standard(title, [b], day=EFFECTIVE)[0].meets_standard


def test_cs_planning_is_one_day_old_and_a_relative_handles_the_case(found: dict[str, Candidate]) -> None:
    c = found["C"]
    assert c.meets_standard
    assert (c.planned_on, c.just_planned, c.kin) == (date(2024, 6, 24), True, ("OFFICER",))


def test_what_is_not_met_says_since_when_it_will_be(title: Title, agency: Unit) -> None:
    d = qualified(make_person("D"), agency, state_on=date(2024, 6, 28), planned_on=date(2022, 8, 15))
    Qualification.objects.create(person=d, kind="state", level="specialist", awarded_on=date(2010, 5, 5))
    (one,) = candidates.against_standard(title, [d], day=DECIDED)
    assert (one.not_met, dict(one.met_from)) == (("state_management",), {"state_management": date(2024, 6, 28)})


def test_a_title_without_a_standard_is_met_by_nobody(agency: Unit) -> None:
    bare = Title.objects.create(code="X", name="Chức danh khác", post_kind="agency_deputy")
    (one,) = candidates.against_standard(bare, [make_person("E")], day=DECIDED)
    assert (one.meets_standard, one.unknown) == (False, ("standard",))
