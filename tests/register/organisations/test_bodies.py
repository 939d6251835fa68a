"""Terms side by side, seats by day, what is vacant, what does not fit."""

from datetime import date
from typing import Any

import pytest

from canbo.common.findings import Refused
from canbo.register import bodies, terms
from canbo.register.models import Unit
from tests.register.organisations.conftest import AT, MakePerson, MakeUnit, Sit

pytestmark = pytest.mark.django_db
D = date
LAN: dict[str, Any] = {"by": "lan", "at": AT}
BTV, BCH = "standing_committee", "executive_committee"


@pytest.fixture
def committee(unit: MakeUnit) -> Unit:
    return unit("HU", name="Huyện ủy", kind="party")


def test_the_terms_of_party_and_state_run_side_by_side_and_offset() -> None:
    party = terms.enter(family="party", level="province", number="XIX", valid_from=D(2015, 10, 1),
                        valid_to=D(2020, 10, 14), **LAN)  # fmt: skip
    newer = terms.enter(family="party", level="province", number="XX", valid_from=D(2020, 10, 14), **LAN)
    state = terms.enter(family="state", level="province", number="XIV", valid_from=D(2021, 6, 1), **LAN)
    assert terms.term_on(D(2020, 10, 13), family="party", level="province") == party
    assert terms.side_by_side(D(2021, 1, 1), level="province") == {"party": newer, "state": None}
    assert terms.side_by_side(D(2021, 6, 1), level="province") == {"party": newer, "state": state}
    assert terms.offset_months(newer, state) == 8
    with pytest.raises(Refused, match="trùng thời gian với nhiệm kỳ “XX”"):
        terms.enter(family="party", level="province", number="XXI", valid_from=D(2025, 10, 1), **LAN)
    terms.close(newer, on=D(2025, 10, 1), **LAN)
    terms.enter(family="party", level="province", number="XXI", valid_from=D(2025, 10, 1), **LAN)


def test_a_units_own_term_goes_before_its_levels(committee: Unit) -> None:
    terms.enter(family="party", level="district", number="XXV", valid_from=D(2020, 8, 1), **LAN)
    own = terms.enter(family="party", level="district", number="III", valid_from=D(2020, 9, 1), unit=committee, **LAN)
    assert terms.term_on(D(2021, 1, 1), family="party", level="district", unit=committee) == own


def test_who_joins_in_mid_term_counts_from_that_day_and_who_leaves_until_then(committee: Unit, sit: Sit) -> None:
    sit("A", committee, BTV, D(2020, 8, 1), D(2023, 1, 1), role="head")
    sit("B", committee, BTV, D(2022, 3, 10))
    sit("C", committee, BTV, D(2022, 3, 10), role="deputy")
    sit("D", committee, BCH, D(2020, 8, 1))

    def codes(day: date) -> list[str]:
        return [one.person.code for one in bodies.members_on(committee, BTV, day)]

    days = (D(2020, 7, 31), D(2020, 8, 1), D(2022, 3, 9), D(2022, 3, 10), D(2022, 12, 31), D(2023, 1, 1))
    assert [codes(day) for day in days] == [[], ["A"], ["A"], ["A", "C", "B"], ["A", "C", "B"], ["C", "B"]]


def test_an_empty_body_and_a_missing_head_are_facts_with_their_days(committee: Unit, sit: Sit) -> None:
    bodies.found(committee, BTV, valid_from=D(2020, 8, 1), places=3, **LAN)
    sit("A", committee, BTV, D(2020, 9, 1), D(2023, 5, 1), role="head")
    sit("B", committee, BTV, D(2021, 1, 1))
    assert [(v.what, v.start, v.end) for v in bodies.vacancies(committee, BTV, D(2020, 1, 1), D(2024, 1, 1))] == [
        ("empty", D(2020, 8, 1), D(2020, 9, 1)),
        ("no_head", D(2020, 8, 1), D(2020, 9, 1)),
        ("no_head", D(2023, 5, 1), None),
    ]
    days = (D(2020, 7, 1), D(2020, 8, 1), D(2024, 1, 1))
    before, empty, short = (bodies.occupancy_on(committee, BTV, day) for day in days)
    assert (before.exists, before.is_empty, before.lacks_head) == (False, False, False)
    assert (empty.exists, empty.is_empty, empty.empty_places) == (True, True, 3)
    assert (short.is_empty, short.lacks_head, short.empty_places) == (False, True, 2)


def test_a_body_recorded_twice_for_one_day_is_refused(committee: Unit) -> None:
    bodies.found(committee, BTV, valid_from=D(2020, 8, 1), valid_to=D(2025, 8, 1), **LAN)
    with pytest.raises(Refused):
        bodies.found(committee, BTV, valid_from=D(2022, 1, 1), **LAN)
    with pytest.raises(Refused):
        bodies.found(committee, BCH, valid_from=D(2022, 1, 1), places=0, **LAN)
    bodies.found(committee, BTV, valid_from=D(2025, 8, 1), **LAN)
    bodies.found(committee, BCH, valid_from=D(2022, 1, 1), **LAN)


def test_what_does_not_fit_is_found(committee: Unit, person: MakePerson, sit: Sit) -> None:
    term = terms.enter(family="party", level="district", number="XXV", valid_from=D(2020, 8, 1),
                       valid_to=D(2025, 8, 1), **LAN)  # fmt: skip
    a, b = person("A"), person("B")
    bodies.found(committee, BTV, valid_from=D(2020, 8, 1), places=1, **LAN)
    sit(a, committee, BCH, D(2020, 8, 1), D(2022, 1, 1), term=term)
    sit(a, committee, BTV, D(2020, 8, 1), term=term)
    assert bodies.faults(D(2021, 12, 31)) == []
    assert [(f.code, f.value) for f in bodies.faults(D(2022, 1, 1))] == [("seat_not_in_executive", "A")]
    sit(b, committee, BCH, D(2020, 7, 31), term=term)
    sit(b, committee, BTV, D(2020, 8, 1), D(2025, 8, 2), term=term)
    assert [(f.code, f.value) for f in bodies.faults(D(2021, 1, 1))] == [
        ("seat_outside_term", "B"), ("seat_outside_term", "B"), ("body_over_size", "HU"),
    ]  # fmt: skip
    assert bodies.faults(D(2021, 1, 1), units=[]) == []
