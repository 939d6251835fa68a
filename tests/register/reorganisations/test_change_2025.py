"""The change of 2025-07-01: the lists are whole, and the plan made from them leaves nobody behind."""

from collections import Counter
from datetime import date

import pytest

from canbo.common.findings import Refused
from canbo.register.models import PostHeld, Unit, UnitVersion
from canbo.register.reorganisations.applying import apply
from canbo.register.reorganisations.change_2025 import (
    communes_of_thai_nguyen,
    new_provinces,
    old_provinces,
    plan_for_2025,
    province_on,
)
from tests.register.makers import make_person, make_unit, post
from tests.register.reorganisations.plans_of import AT

DAY, EVE = date(2025, 7, 1), date(2025, 6, 30)


def test_each_of_the_63_provinces_goes_to_exactly_one_of_the_34() -> None:
    gone = Counter(code for province in new_provinces().values() for code in province.of)
    assert set(gone) == set(old_provinces())
    assert set(gone.values()) == {1}
    assert (len(old_provinces()), len(new_provinces())) == (63, 34)
    merged = [province for province in new_provinces().values() if len(province.of) > 1]
    assert len(merged) == 23


@pytest.mark.parametrize(
    ("code", "before", "after"),
    [
        ("24", "Bắc Giang", "Bắc Ninh"),
        ("15", "Yên Bái", "Lào Cai"),
        ("44", "Quảng Bình", "Quảng Trị"),
        ("52", "Bình Định", "Gia Lai"),
        ("80", "Long An", "Tây Ninh"),
        ("82", "Tiền Giang", "Đồng Tháp"),
        ("91", "Kiên Giang", "An Giang"),
        ("27", "Bắc Ninh", None),
        ("19", "Thái Nguyên", "Thái Nguyên"),
    ],
)
def test_a_code_names_a_province_only_with_its_day(code: str, before: str, after: str | None) -> None:
    assert (province_on(code, EVE), province_on(code, DAY)) == (before, after)


def test_each_old_commune_goes_to_one_new_one_or_is_listed_as_divided() -> None:
    listed = communes_of_thai_nguyen()
    gone = Counter(code for commune in listed.new for code in commune.of)
    assert set(gone.values()) == {1}
    assert set(gone) | set(listed.divided) == set(listed.before)
    assert not set(gone) & set(listed.divided)
    assert len(listed.new) == 92


@pytest.fixture
def province() -> Unit:
    """A district of Thái Nguyên: communes to merge, one with a name older than the list, services, offices."""
    top = make_unit("TN")
    made = {}
    for code, name, parent, level, kind, sector in (
        ("TTR", "Thanh tra tỉnh", "TN", "province", "state", "administration"),
        ("SYT", "Sở Y tế", "TN", "province", "state", "health"),
        ("SC", "Thành phố Sông Công", "TN", "district", "locality", None),
        ("SC-1", "Phường Lương Sơn", "SC", "commune", "locality", None),
        ("SC-2", "Xã Tân Quang", "SC", "commune", "locality", None),
        ("SC-3", "Xã Bá Xuyên", "SC", "commune", "locality", None),
        ("SC-TTR", "Thanh tra thành phố Sông Công", "SC", "district", "state", None),
        ("SC-VP", "Văn phòng thành phố Sông Công", "SC", "district", "state", None),
        ("SC-YT", "Trung tâm Y tế thành phố Sông Công", "SC", "district", "public_service", "health"),
        ("SC-TH", "Trường Tiểu học Lương Sơn", "SC", "district", "public_service", "education"),
        ("SC-4", "Xã Không Có Trong Danh Sách", "SC", "commune", "locality", None),
        ("KCQ", "Đảng ủy Khối", "TN", "district", "party", "party_mass"),
    ):
        above = top if parent == "TN" else made[parent]
        made[code] = make_unit(code, above, level=level, kind=kind)
        UnitVersion.objects.filter(unit=made[code]).update(name=name, sector=sector)
    for number, code in enumerate(made, 1):
        post(make_person(f"P{number:02}"), made[code])
    return top


@pytest.mark.django_db
def test_the_plan_ends_the_districts_and_puts_everything_elsewhere(province: Unit) -> None:
    plan = plan_for_2025(province="TN")
    apply(plan, by="an", at=AT)
    now = {v.unit.code: v for v in UnitVersion.objects.as_of(DAY).select_related("unit", "parent")}
    assert not [v for v in now.values() if v.level == "district"]
    # Lương Sơn, Tân Quang -> phường Bách Quang; Bá Xuyên -> phường Bá Xuyên, and with it the commune after it, which
    # the list does not name.
    new = {v.name: code for code, v in now.items() if v.level == "commune" and v.kind == "locality"}
    assert set(new) == {"Phường Bách Quang", "Phường Bá Xuyên"}
    parents = {code: v.parent.code if v.parent else None for code, v in now.items()}
    assert parents["SC-YT"] == "SYT"
    assert parents["SC-TH"] == new["Phường Bách Quang"]
    assert all(parents[code] == "TN" for code in new.values())
    held = dict(PostHeld.objects.as_of(DAY).values_list("person__code", "unit__code"))
    assert set(held.values()) <= set(now)
    assert len(held) == 12
    assert held["P07"] == "TTR"  # of the district's inspectorate
    assert (held["P03"], held["P08"]) == (
        new["Phường Bách Quang"],
        new["Phường Bá Xuyên"],
    )  # district, its office: in turn
    assert UnitVersion.objects.as_of(EVE).count() == 13


@pytest.mark.django_db
def test_without_districts_there_is_nothing_to_plan() -> None:
    make_unit("TN")
    with pytest.raises(Refused, match="không có tỉnh TN"):
        plan_for_2025(province="TN")
