"""The review before a reporting day: unit by unit, with what each missing field can do to the figures (REG-17)."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from canbo.audit.changes import change
from canbo.common.findings import Refused
from canbo.datasets.store import Store
from canbo.measure.missing import Missing, missing_of
from canbo.measure.sets import Measurer
from canbo.register import completeness, posts, qualifications, reviews
from canbo.register.models import Document, Employment, Standing
from canbo.snapshot.take import take
from tests.register.makers import employ, make_person, make_unit, post
from tests.support import scheme

if TYPE_CHECKING:
    from canbo.register.models import Person, Unit

pytestmark = pytest.mark.django_db
DAY = date(2024, 12, 31)
BY: dict[str, Any] = {"by": "hoa", "at": datetime(2025, 1, 2, 8, tzinfo=UTC)}
SCHEME = """
- id: TS
  label: Thạc sĩ
  quote: trên 60%
  of: people
  where: post_kind = 'professional'
  satisfies: education >= 'master' and rank >= 'principal'
  targets: [{by: 2025-12-31, is: "> 60%"}]
- id: DT
  label: Dân tộc thiểu số
  quote: từ 30%
  of: people
  where: post_kind = 'professional'
  satisfies: is_minority
  targets: [{by: 2025-12-31, is: ">= 30%"}]
"""


@pytest.fixture
def other() -> "Unit":
    return make_unit("HT", kind="state")


@pytest.fixture
def people(agency: "Unit", other: "Unit") -> dict[str, "Person"]:
    """Three masters of five in SO, one without degree there, one without rank in HT; one Tày of five, HT's unknown."""
    with change(by="hoa", at=datetime(2024, 12, 1, 8, tzinfo=UTC), action="test"):
        return _made(agency, other)


def _made(agency: "Unit", other: "Unit") -> dict[str, "Person"]:
    found = {}
    for code, unit, education, rank, ethnicity in (
        ("M1", agency, "master", "principal", "Tày"),
        ("M2", agency, "master", "principal", "Kinh"),
        ("M3", agency, "master", "senior", "Kinh"),
        ("D", agency, None, "principal", "Kinh"),
        ("R", other, "doctor", None, None),
    ):
        person = make_person(code, ethnicity=ethnicity)
        employ(person, unit=unit)
        post(person, unit, stated_tier="unit_head")
        Standing.objects.create(
            person=person, education=education, rank=rank, political_theory="none", state_management="none",
            valid_from=date(2021, 1, 1),
        )  # fmt: skip
        found[code] = person
    return found


def _measured(folder: Path, day: date = DAY) -> list[Missing]:
    asked = Measurer(scheme(folder, SCHEME), Store(take(day)))
    return [missing_of(asked, one, as_of=day) for one in asked.scheme.indicators]


def test_each_missing_field_with_whom_it_leaves_unknown_and_what_it_can_turn(
    people: dict[str, "Person"], tmp_path: Path
) -> None:
    # TS: 3/5 is not above 60 %, 4/5 is. DT: 1/5, 2/5 would be enough.
    found = reviews.review(DAY, _measured(tmp_path))
    assert [(one.indicator, one.column.column, one.item, one.persons, one.turned_by) for one in found.effects] == [
        ("DT", "ethnicity", "ethnicity", ("R",), 1),
        ("TS", "education", "education", ("D",), 1),
        ("TS", "rank", "rank", ("R",), 1),
    ]
    assert [one.could_flip for one in found.effects] == [1, 1, 1]
    assert [(one.unit, one.missing, one.unknown, one.confirmed) for one in found.units] == [
        ("HT", {"ethnicity": 1, "rank": 1}, {"TS": 1, "DT": 1}, None),
        ("SO", {"education": 1}, {"TS": 1}, None),
    ]
    of_so = reviews.review(DAY, _measured(tmp_path), unit_codes=["SO"])
    assert [(one.indicator, one.persons) for one in of_so.effects] == [("TS", ("D",))]
    assert [one.unit for one in of_so.units] == ["SO"]


def test_a_field_that_turns_nothing_comes_last(people: dict[str, "Person"], tmp_path: Path) -> None:
    Standing.objects.filter(person__code="M3").update(education="bachelor")
    Standing.objects.filter(person__code="M2").update(education="bachelor", rank=None)
    # TS: 1/5 known, D and R make 3/5 at the most; M2 has no rank, but no master's degree either.
    found = reviews.review(DAY, _measured(tmp_path)).effects
    assert [(one.indicator, one.column.column, one.persons, one.turned_by) for one in found] == [
        ("DT", "ethnicity", ("R",), 1),
        ("TS", "education", ("D",), None),
        ("TS", "rank", ("R",), None),
    ]


def test_confirmed_with_open_errors_is_refused_and_a_later_change_shows(
    people: dict[str, "Person"], agency: "Unit", other: "Unit", decision: "Document"
) -> None:
    Employment.objects.filter(person__code="R").update(valid_to=DAY)  # gone, but the post goes on
    with pytest.raises(Refused, match="HT chưa xác nhận được"):
        completeness.confirm(other, day=DAY, **BY)
    ht, so = reviews.review(DAY, []).units
    assert [finding.code for finding in ht.blocking] == ["post_after_exit"]
    assert not ht.is_settled
    assert not so.is_settled
    done = completeness.confirm(agency, day=DAY, **BY)
    assert done.open_errors == 1  # the degree of D is missing, which does not block
    so = reviews.review(DAY, [], unit_codes=["SO"]).units[0]
    assert (so.confirmed, so.changed, so.blocking, so.is_settled) == (done, 0, (), True)
    later = BY | {"at": datetime(2025, 1, 5, 8, tzinfo=UTC)}
    qualifications.award(person=people["D"], kind="professional", level="master", awarded_on=date(2024, 3, 15), **later)
    so = reviews.review(DAY, [], unit_codes=["SO"]).units[0]
    assert (so.confirmed, so.changed, so.missing, so.is_settled) == (done, 1, {}, False)
    posts.end(people["M1"].posthelds.get(), last_day=date(2024, 12, 30),
              **later)  # fmt: skip
    so = reviews.review(DAY, [], unit_codes=["SO"]).units[0]
    assert so.changed == 2  # who is no longer in post there counts too
    again = completeness.confirm(agency, day=DAY, by="hoa", at=datetime(2025, 1, 6, 8, tzinfo=UTC))
    so = reviews.review(DAY, [], unit_codes=["SO"]).units[0]
    assert (so.confirmed, so.is_settled) == (again, True)


def test_a_unit_without_anybody_is_reviewed_when_asked_for(agency: "Unit") -> None:
    (one,) = reviews.review(DAY, [], unit_codes=["SO"]).units
    assert (one.missing, one.blocking, one.unknown, one.changed) == ({}, (), {}, 0)
    assert reviews.review(DAY, []).units == ()
