"""Positions filled against needed, quotas against staff in post."""

from datetime import date
from typing import Any

import pytest

from canbo.common.findings import Refused
from canbo.register import positions, quotas
from canbo.register.models import Employment, JobPosition, Person, PostHeld, Quota, Unit
from tests.register.organisations.conftest import AT, MakePerson, MakeUnit

pytestmark = pytest.mark.django_db
D = date
LAN: dict[str, Any] = {"by": "lan", "at": AT}


@pytest.fixture
def agency(unit: MakeUnit) -> Unit:
    return unit("S", level="province", kind="state")


def staffing(unit: Unit, day: date) -> list[tuple[str, int, int, int, int]]:
    found = positions.staffing_on(day, [unit.id])
    return [(s.position.name, s.position.planned, s.held, s.lacking, s.over) for s in found]


def test_filled_against_needed_before_and_after_a_change(agency: Unit, person: MakePerson) -> None:
    first = positions.set_up(unit=agency, name="Chuyên viên", planned=2, valid_from=D(2020, 1, 1), **LAN)
    positions.set_up(unit=agency, name="Kế toán", planned=1, valid_from=D(2020, 1, 1), **LAN)
    for code, start, end in (
        ("A", D(2020, 1, 1), D(2022, 1, 1)),
        ("B", D(2020, 1, 1), None),
        ("C", D(2021, 1, 1), None),
    ):
        PostHeld.objects.create(person=person(code), unit=agency, position=first, post_kind="professional",
                                valid_from=start, valid_to=end)  # fmt: skip
    new = positions.change(first, on=D(2023, 1, 1), planned=1, **LAN)
    assert staffing(agency, D(2020, 6, 1)) == [("Chuyên viên", 2, 2, 0, 0), ("Kế toán", 1, 0, 1, 0)]
    assert staffing(agency, D(2021, 6, 1))[0] == ("Chuyên viên", 2, 3, 0, 1)
    assert staffing(agency, D(2022, 6, 1))[0] == ("Chuyên viên", 2, 2, 0, 0)
    assert staffing(agency, D(2023, 1, 1))[0] == ("Chuyên viên", 1, 2, 0, 1)
    assert PostHeld.objects.filter(position=new).count() == 2
    assert list(Person.objects.order_by("code").values_list("code", "revision")) == [("A", 1), ("B", 2), ("C", 2)]
    assert [(f.code, f.value) for f in positions.faults(D(2023, 1, 1), [agency.id])] == [("position_over_staffed", "S")]
    assert positions.faults(D(2022, 6, 1), [agency.id]) == []


def test_a_position_with_holders_is_not_closed_and_no_name_twice(agency: Unit, person: MakePerson) -> None:
    position = positions.set_up(unit=agency, name="Chuyên viên", planned=2, valid_from=D(2020, 1, 1), **LAN)
    held = PostHeld.objects.create(person=person("A"), unit=agency, position=position, post_kind="professional",
                                   valid_from=D(2020, 1, 1))  # fmt: skip
    with pytest.raises(Refused, match="còn 1 người giữ"):
        positions.close(position, on=D(2024, 1, 1), **LAN)
    with pytest.raises(Refused, match="đã có vị trí “Chuyên viên”"):
        positions.set_up(unit=agency, name="Chuyên viên", planned=2, valid_from=D(2022, 1, 1), **LAN)
    with pytest.raises(Refused, match="không được âm"):
        positions.set_up(unit=agency, name="Khác", planned=-1, valid_from=D(2022, 1, 1), **LAN)
    with pytest.raises(Refused, match="sau ngày đầu tiên"):
        positions.change(position, on=D(2020, 1, 1), planned=3, **LAN)
    held.valid_to = D(2023, 1, 1)
    held.save()
    positions.close(position, on=D(2024, 1, 1), **LAN)
    assert staffing(agency, D(2024, 1, 1)) == []
    assert JobPosition.objects.get().valid_to == D(2024, 1, 1)
    PostHeld.objects.create(person=person("B"), unit=agency, position=position, post_kind="professional",
                            valid_from=D(2024, 1, 1))  # fmt: skip
    assert [(f.code, f.value) for f in positions.faults(D(2024, 1, 1), [agency.id])] == [("position_gone", "B")]


def test_quotas_against_staff_in_post_with_all_units_below(agency: Unit, unit: MakeUnit, person: MakePerson) -> None:
    division, other = unit("P", kind="division", parent=agency), unit("X", kind="state")
    quotas.assign(unit=agency, year=2024, staff_kind="civil_servant", posts=1, **LAN)
    quotas.assign(unit=division, year=2024, staff_kind="civil_servant", posts=5, **LAN)
    quotas.assign(unit=division, year=2024, staff_kind="civil_servant", posts=1, **LAN)
    for code, where, kind in (("A", agency, "civil_servant"), ("B", division, "civil_servant"),
                              ("C", division, "contract"), ("D", other, "civil_servant"),
                              ("E", division, "civil_servant")):  # fmt: skip
        Employment.objects.create(person=person(code), unit=where, staff_kind=kind, valid_from=D(2020, 1, 1))
    PostHeld.objects.create(person_id=Employment.objects.get(unit=other).person_id, unit=division, is_main=True,
                            post_kind="professional", valid_from=D(2024, 5, 1))  # fmt: skip
    assert [(b.staff_kind, b.quota, b.in_post, b.over) for b in quotas.balance_on(agency, D(2024, 4, 30))] == [
        ("civil_servant", 2, 3, 1), ("contract", None, 1, None),
    ]  # fmt: skip
    assert quotas.balance_on(agency, D(2024, 5, 1))[0].in_post == 4
    assert quotas.balance_on(other, D(2024, 5, 1)) == []
    assert quotas.balance_on(agency, D(2023, 5, 1))[0].quota is None
    assert Quota.objects.filter(unit=division).count() == 1
    with pytest.raises(Refused, match="âm"):
        quotas.assign(unit=agency, year=2024, staff_kind="civil_servant", posts=-1, **LAN)
