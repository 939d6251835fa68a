"""Units as versions, the two trees on any day, what neither tree may become."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from canbo.audit.models import Entry
from canbo.common.findings import Refused
from canbo.register import trees, units
from canbo.register.models import Unit, UnitVersion
from tests.register.organisations.conftest import AT, START, MakeUnit

pytestmark = pytest.mark.django_db
D = date
LAN: dict[str, Any] = {"by": "lan", "at": AT}


@pytest.fixture
def province(unit: MakeUnit) -> dict[str, Unit]:
    """Two districts with a commune each; military and police are party committees directly under the province."""
    made = {"T": unit("T", name="Tỉnh", level="province")}
    for code in ("H1", "H2"):
        made[code] = unit(code, name=f"Huyện {code}", parent=made["T"], party_parent=made["T"])
    made["X1"] = unit("X1", name="Xã X1", level="commune", parent=made["H1"], party_parent=made["H1"])
    made["X2"] = unit("X2", name="Xã X2", level="commune", parent=made["H2"], party_parent=made["H2"])
    made["QS"] = unit("QS", name="Đảng bộ Quân sự tỉnh", level="province", kind="party", party_parent=made["T"])
    made["CA"] = unit("CA", name="Đảng bộ Công an tỉnh", level="province", kind="party", party_parent=made["T"])
    return made


def codes(ids: set[int]) -> set[str]:
    return set(Unit.objects.filter(id__in=ids).values_list("code", flat=True))


def test_the_two_trees_are_separate_and_linked(province: dict[str, Unit]) -> None:
    top = province["T"]
    assert codes(trees.subtree(top, START)) == {"T", "H1", "H2", "X1", "X2"}
    assert codes(trees.subtree(top, START, "party_parent")) == {"T", "H1", "H2", "X1", "X2", "QS", "CA"}
    assert [node.code for node in trees.children(top, START)] == ["H1", "H2"]
    assert [node.code for node in trees.children(top, START, "party_parent")] == ["CA", "H1", "H2", "QS"]
    assert trees.ancestors(province["X1"], START) == [province["H1"].id, top.id]
    assert trees.ancestors(province["QS"], START) == []
    assert [(n.code, n.depth) for n in trees.nodes(START, "party_parent")] == [
        ("T", 0), ("CA", 1), ("H1", 1), ("X1", 2), ("H2", 1), ("X2", 2), ("QS", 1),
    ]  # fmt: skip


def test_a_new_name_and_a_new_parent_are_versions_and_every_day_keeps_its_tree(province: dict[str, Unit]) -> None:
    commune = province["X1"]
    units.change(commune, on=D(2023, 1, 1), name="Phường X1", **LAN)
    units.change(commune, on=D(2024, 1, 1), parent=province["H2"], **LAN)
    assert [(v.name, v.parent.code, v.valid_from, v.valid_to) for v in commune.versions.order_by("valid_from")] == [
        ("Xã X1", "H1", START, D(2023, 1, 1)),
        ("Phường X1", "H1", D(2023, 1, 1), D(2024, 1, 1)),
        ("Phường X1", "H2", D(2024, 1, 1), None),
    ]
    assert codes(trees.subtree(province["H1"], D(2023, 12, 31))) == {"H1", "X1"}
    assert codes(trees.subtree(province["H1"], D(2024, 1, 1))) == {"H1"}
    assert codes(trees.subtree(province["H1"], D(2024, 1, 1), "party_parent")) == {"H1", "X1"}
    assert trees.subtree(province["T"], START - timedelta(days=1)) == set()
    assert units.locality_type(units.version(commune, D(2023, 6, 1)).name) == "phường"


def test_a_change_between_versions_ends_where_the_next_begins(province: dict[str, Unit]) -> None:
    commune = province["X1"]
    units.change(commune, on=D(2030, 1, 1), name="Phường X1", **LAN)
    units.change(commune, on=D(2025, 1, 1), name="Xã Mới", **LAN)
    names = [units.version(commune, d).name for d in (D(2024, 12, 31), D(2025, 1, 1), D(2029, 12, 31), D(2030, 1, 1))]
    assert names == ["Xã X1", "Xã Mới", "Xã Mới", "Phường X1"]


def test_a_change_on_the_first_day_of_a_version_corrects_it_and_history_keeps_what_was_believed(
    province: dict[str, Unit],
) -> None:
    commune = province["X1"]
    units.change(commune, on=START, name="Xã Một", **LAN)
    units.correct(commune, on=D(2022, 1, 1), name="Xã 1", **LAN)
    assert commune.versions.count() == 1
    history = apps.get_model("register", "UnitVersionEvent").objects.filter(unit_id=commune.id).order_by("pgh_id")
    assert [row.name for row in history] == ["Xã X1", "Xã Một", "Xã 1"]


@pytest.mark.parametrize("tree", ["parent", "party_parent"])
def test_a_circle_is_refused_in_either_tree_and_nothing_is_written(province: dict[str, Unit], tree: str) -> None:
    before, rows = Entry.objects.count(), UnitVersion.objects.count()
    under_its_own: dict[str, Any] = {tree: province["X1"]}
    itself: dict[str, Any] = {tree: province["H1"]}
    with pytest.raises(Refused, match="từ 01/06/2024 đơn vị “H1” nằm dưới chính nó"):
        units.change(province["H1"], on=D(2024, 6, 1), **under_its_own, **LAN)
    assert (Entry.objects.count(), UnitVersion.objects.count()) == (before, rows)
    with pytest.raises(Refused, match="nằm dưới chính nó"):
        units.correct(province["H1"], on=START, **under_its_own, **LAN)
    with pytest.raises(Refused, match="cấp trên của chính nó"):
        units.correct(province["H1"], on=START, **itself, **LAN)


def test_a_circle_that_exists_on_no_single_day_is_none(unit: MakeUnit) -> None:
    a, b = unit("A"), unit("B")
    units.change(a, on=D(2021, 1, 1), parent=b, **LAN)
    units.change(a, on=D(2022, 1, 1), parent=None, **LAN)
    units.change(b, on=D(2022, 1, 1), parent=a, **LAN)
    assert trees.faults() == []
    with pytest.raises(Refused, match="từ 31/12/2021"):
        units.change(b, on=D(2021, 12, 31), parent=a, **LAN)


def test_no_unit_stands_under_one_that_is_gone_or_not_yet_there(province: dict[str, Unit], unit: MakeUnit) -> None:
    with pytest.raises(Refused, match="từ 01/07/2025 đơn vị “X1” nằm dưới “H1”"):
        units.end(province["H1"], on=D(2025, 7, 1), **LAN)
    assert units.version(province["H1"], D(2025, 7, 1)).name == "Huyện H1"
    units.change(province["X1"], on=D(2025, 7, 1), parent=province["T"], party_parent=province["T"], **LAN)
    units.end(province["H1"], on=D(2025, 7, 1), **LAN)
    with pytest.raises(Refused, match="không tồn tại vào ngày 01/07/2025"):
        units.change(province["H1"], on=D(2025, 7, 1), name="Huyện mới", **LAN)
    for tree in ("parent", "party_parent"):
        with pytest.raises(Refused, match="“X3” nằm dưới “H1” là đơn vị không tồn tại"):
            unit("X3", valid_from=D(2024, 1, 1), **{tree: province["H1"]})
    unit("X4", valid_from=D(2024, 1, 1), valid_to=D(2025, 7, 1), parent=province["H1"])
    with pytest.raises(Refused, match="từ 01/01/2019"):
        unit("X5", valid_from=D(2019, 1, 1), parent=province["H2"])
    assert trees.faults() == []


def test_a_unit_known_only_since_a_day_may_have_been_there_before(unit: MakeUnit) -> None:
    top = unit("T", valid_from=D(2021, 12, 31), since_known=False)
    unit("X", valid_from=D(2010, 1, 1), parent=top)
    assert trees.faults() == []
    with pytest.raises(Refused, match="Chưa rõ đơn vị “T” trước 31/12/2021"):
        units.change(top, on=D(2015, 1, 1), name="Cũ", **LAN)


def test_a_code_is_never_used_again(province: dict[str, Unit], unit: MakeUnit) -> None:
    units.end(province["QS"], on=D(2021, 1, 1), **LAN)
    with pytest.raises(Refused, match="đã dùng cho “Đảng bộ Quân sự tỉnh”"):
        unit("QS", valid_from=D(2022, 1, 1))


def test_a_commune_under_two_districts_on_one_day_is_refused_by_the_database(province: dict[str, Unit]) -> None:
    with pytest.raises(IntegrityError, match="unit_version_no_overlap"), transaction.atomic():
        UnitVersion.objects.create(
            unit=province["X1"], name="Xã X1", parent=province["H2"], level="commune", kind="locality",
            valid_from=D(2024, 1, 1),
        )  # fmt: skip


def test_values_outside_the_code_lists_are_refused_with_a_suggestion(unit: MakeUnit) -> None:
    with pytest.raises(Refused, match="Có phải “Cấp huyện” không"):
        unit("A", level="huyen")
    with pytest.raises(Refused, match="mã và tên"):
        unit("  ")
    assert not Unit.objects.exists()


def test_an_end_drops_later_versions_and_is_refused_before_the_beginning(unit: MakeUnit) -> None:
    a = unit("A")
    units.change(a, on=D(2030, 1, 1), name="Sau", **LAN)
    units.end(a, on=D(2025, 1, 1), **LAN)
    assert [(v.valid_from, v.valid_to) for v in a.versions.all()] == [(START, D(2025, 1, 1))]
    with pytest.raises(Refused, match="không tồn tại"):
        units.end(a, on=START, **LAN)


def test_what_was_written_past_the_services_is_found(province: dict[str, Unit]) -> None:
    UnitVersion.objects.filter(unit=province["T"]).update(parent=province["X1"])
    UnitVersion.objects.filter(unit=province["H2"]).update(valid_to=D(2024, 1, 1))
    assert {(f.code, f.column, f.value) for f in trees.faults()} == {
        ("unit_circle", "parent", "T"),
        ("unit_circle", "parent", "H1"),
        ("unit_circle", "parent", "X1"),
        ("unit_under_dissolved", "parent", "X2"),
        ("unit_under_dissolved", "party_parent", "X2"),
    }


@given(moves=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(0, 3)), max_size=12))
@settings(max_examples=40)
def test_whatever_is_accepted_leaves_a_forest_on_every_day(moves: list[tuple[int, int, int]]) -> None:
    """Against a plain walk up, day by day."""
    with transaction.atomic():
        made = [
            units.enter(code=f"U{n}", name=f"U{n}", level="district", kind="locality", valid_from=START, **LAN)
            for n in range(6)
        ]
        days = [START + timedelta(days=n) for n in range(4)]
        for child, parent, day in moves:
            try:
                units.change(made[child], on=days[day], parent=made[parent], **LAN)
            except Refused:
                continue
        for today in days:
            above = {v.unit_id: v.parent_id for v in UnitVersion.objects.as_of(today)}
            for one in made:
                way, here = [], one.id
                while here is not None:
                    assert here not in way
                    way.append(here)
                    here = above[here]
                assert trees.ancestors(one, today) == way[1:]
        transaction.set_rollback(True)
