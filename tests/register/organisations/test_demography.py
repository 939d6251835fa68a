"""Inhabitants by ethnic group: they add up, missing years are named, shares are derived, leaders stand beside."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from canbo.common.findings import Refused
from canbo.register import demography, units
from canbo.register.models import Demography, PostHeld, Unit
from tests.register.organisations.conftest import AT, MakePerson, MakeUnit

pytestmark = pytest.mark.django_db
D = date
LAN: dict[str, Any] = {"by": "lan", "at": AT}


@pytest.fixture
def district(unit: MakeUnit) -> Unit:
    made = unit("DH", name="Huyện Định Hóa")
    demography.enter(made, 2019, {"Kinh": 300, "Tày": 450, "Nùng": 250}, total=1000, **LAN)
    return made


def test_the_share_is_exact_and_a_missing_year_takes_the_last_one_and_says_so(district: Unit, unit: MakeUnit) -> None:
    unit("PB", name="Huyện Phú Bình")
    unit("S", name="Sở", kind="state")
    found = demography.population(district, 2021)
    assert found is not None
    assert (found.year, found.is_of_the_year, found.total, found.minority_share) == (2019, False, 1000, Fraction(7, 10))
    assert demography.population(district, 2018) is None
    messages = [(f.value, "đang dùng năm 2019" in f.message) for f in demography.missing(2021, day=D(2021, 12, 31))]
    assert messages == [("DH", True), ("PB", False)]
    assert [f.value for f in demography.missing(2019, day=D(2021, 12, 31))] == ["PB"]


def test_what_does_not_add_up_is_refused_and_the_earlier_figures_stay(district: Unit) -> None:
    with pytest.raises(Refused, match="cộng lại là 990, khác tổng số 1000"):
        demography.enter(district, 2019, {"Kinh": 300, "Tày": 690}, total=1000, **LAN)
    with pytest.raises(Refused, match="không dùng được"):
        demography.enter(district, 2019, {"Kinh": 300, "Tầy": 700}, total=1000, **LAN)
    with pytest.raises(Refused, match="99.9%, không phải 100%"):
        demography.enter_shares(district, 2019, {"Kinh": Decimal("30"), "Tày": Decimal("69.9")}, total=1000, **LAN)
    assert Demography.objects.count() == 3


def test_percentages_become_whole_people_that_add_up(district: Unit) -> None:
    third = {"Kinh": Decimal("33.3"), "Tày": Decimal("33.3"), "Nùng": Decimal("33.4")}
    demography.enter_shares(district, 2020, third, total=100, **LAN)
    found = demography.population(district, 2020)
    assert found is not None
    assert found.inhabitants == {"Kinh": 33, "Tày": 33, "Nùng": 34}


def test_localities_over_the_threshold_by_figures_else_as_stated(district: Unit, unit: MakeUnit) -> None:
    stated = unit("VN", minority_share=Decimal("0.5"))
    unit("PB")
    day = D(2021, 12, 31)
    assert demography.minority_shares(day) == {district.id: Fraction(7, 10), stated.id: Fraction(1, 2)}
    assert demography.large_minority(day, Fraction(1, 2)) == {district.id, stated.id}
    assert demography.large_minority(day, Fraction(501, 1000)) == {district.id}
    assert demography.large_minority(day, Fraction(701, 1000)) == set()


def test_the_derived_share_holds_in_the_unit_from_a_day_on(district: Unit) -> None:
    demography.derive_share(district, 2019, on=D(2021, 1, 1), **LAN)
    assert units.version(district, D(2020, 12, 31)).minority_share is None
    assert units.version(district, D(2021, 1, 1)).minority_share == Decimal("0.7")
    with pytest.raises(Refused, match="năm 2022"):
        demography.derive_share(district, 2022, on=D(2023, 1, 1), **LAN)


def test_leaders_beside_inhabitants(district: Unit, person: MakePerson) -> None:
    for code, group, kind in (
        ("A", "Tày", "party_secretary"),
        ("B", "Kinh", "committee_chair"),
        ("C", None, "council_chair"),
    ):
        PostHeld.objects.create(person=person(code, ethnicity=group), unit=district, post_kind=kind, is_head=True,
                                valid_from=D(2020, 1, 1), valid_to=D(2023, 1, 1))  # fmt: skip
    found = demography.leaders_compared(district, D(2022, 12, 31))
    assert (found.leaders, found.minority_leaders, found.unknown) == (3, 1, 1)
    assert (found.inhabitants, found.year, found.has_minority_leader) == (Fraction(7, 10), 2019, True)
    assert demography.leaders_compared(district, D(2023, 1, 1)).has_minority_leader is False
