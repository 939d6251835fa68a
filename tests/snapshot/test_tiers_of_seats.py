"""A person who holds a managed seat and no post has one tier: in the register, in the datasets and in memory."""

from datetime import date

import pytest

from canbo.codes import code_list
from canbo.datasets.bundle import Datasets
from canbo.datasets.store import Store
from canbo.register import tiers
from canbo.register.models import BodySeat, DelegationRule, Document, Employment, Person, PostHeld, Unit
from canbo.snapshot.mirror import Mirror
from canbo.snapshot.take import take
from tests.snapshot.support import entering, make_person, make_unit

pytestmark = pytest.mark.django_db

COMMITTEE, DISTRICT = "provincial_committee", "district_committee"
SEATED, ENDED, GONE = date(2021, 1, 1), date(2022, 1, 1), date(2023, 1, 1)
BOTH, ONLY_SEAT, AFTER = date(2021, 6, 30), date(2022, 6, 30), date(2023, 6, 30)


@pytest.fixture
def unit() -> Unit:
    """A province whose rules give chairs to the district's committee, members of its committee to the province's."""
    with entering():
        document = Document.objects.create(number="1-QĐ/TU", kind="decision", issuer="Tỉnh ủy", issued_on=SEATED)
        unit = make_unit()
        given = {"valid_from": date(2020, 1, 1), "document": document}
        DelegationRule.objects.create(post_kind="professional", tier=DISTRICT, **given)
        DelegationRule.objects.create(body="executive_committee", tier=COMMITTEE, **given)
    return unit


def _seat(person: Person, unit: Unit, body: str = "executive_committee") -> None:
    BodySeat.objects.create(person=person, unit=unit, body=body, role="member", valid_from=SEATED, valid_to=GONE)


def _measured(data: Datasets, day: date) -> dict[str, str | None]:
    """The tier by person code as schemes see it."""
    store = Store(data, threads=1)
    keys = code_list("managed_by").keys
    sql = f'SELECT person_id, managed_by FROM "{store.table("people", day)}"'
    return {code: None if tier is None else keys[tier] for code, tier in store.connection.sql(sql).fetchall()}


def _told(day: date) -> dict[str, str | None]:
    """The same from the register, where the datasets and the people in memory agree with it."""
    by_rules = tiers.tiers_on(day)
    measured = _measured(take(day), day)
    in_memory = {row["person_id"]: row["managed_by"] for row in Mirror().roster(day).to_pylist()}
    assert measured == in_memory == {code: by_rules.get(code) for code in measured}
    return measured


def test_whose_posts_have_ended_is_managed_by_the_seat_that_goes_on(unit: Unit) -> None:
    with entering():
        _seat(make_person("A", unit), unit)
        PostHeld.objects.update(valid_to=ENDED)
    assert _told(date(2020, 12, 31)) == {"A": DISTRICT}
    assert _told(BOTH) == {"A": COMMITTEE}
    assert _told(ONLY_SEAT) == {"A": COMMITTEE}
    assert _told(AFTER) == {"A": None}


def test_who_never_had_a_post_is_managed_by_the_seat(unit: Unit) -> None:
    with entering():
        _seat(make_person("A", unit), unit)
        make_person("B", unit)  # so that there are dated posts at all
        PostHeld.objects.filter(person__code="A").delete()
    assert [_told(day)["A"] for day in (date(2020, 12, 31), BOTH, AFTER)] == [None, COMMITTEE, None]


def test_a_seat_without_rule_and_one_of_who_has_left_give_nothing(unit: Unit) -> None:
    with entering():
        _seat(make_person("A", unit), unit, body="council")
        PostHeld.objects.update(valid_to=ENDED)
        left = make_person("B", unit)
        BodySeat.objects.create(
            person=left, unit=unit, body="executive_committee", role="head", valid_from=SEATED, valid_to=ENDED
        )
        PostHeld.objects.filter(person=left).update(valid_to=ENDED)
        Employment.objects.filter(person=left).update(valid_to=ENDED)
    assert _told(BOTH) == {"A": DISTRICT, "B": COMMITTEE}
    assert _told(ONLY_SEAT) == {"A": None, "B": None}


def test_the_tier_of_another_day_follows_the_dates_of_the_seat_and_not_the_row_of_the_person(unit: Unit) -> None:
    with entering():
        _seat(make_person("A", unit), unit)
        PostHeld.objects.update(valid_to=ENDED)
        make_person("B", unit)
    taken = take(ONLY_SEAT)
    assert _measured(taken, ONLY_SEAT) == {"A": COMMITTEE, "B": DISTRICT}
    assert _measured(taken, AFTER) == {"A": None, "B": DISTRICT}


def test_a_file_whose_seats_state_no_tier_says_what_it_said_before(unit: Unit) -> None:
    with entering():
        _seat(make_person("A", unit), unit)
        PostHeld.objects.update(valid_to=ENDED)
    taken = take(ONLY_SEAT)
    seats = taken.tables["memberships"].drop_columns(["managed_by"])
    assert _measured(Datasets({**taken.tables, "memberships": seats}, ONLY_SEAT), ONLY_SEAT) == {"A": None}
