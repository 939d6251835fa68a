"""Figures of some units only, worked out by hand on a small province: T over S (S1), H1 (X1, X2) and H2 (X3)."""

from datetime import date
from pathlib import Path

import pytest

from canbo.common.findings import Refused
from canbo.measure.evaluation import measure_all
from canbo.measure.results import Report
from canbo.measure.sets import Measurer
from canbo.measure.subtree import measure_inside
from tests.support import DAY, PROVINCE, data, measurer, person

MASTERS = """
- id: A
  label: Thạc sĩ
  quote: trên 60%
  of: people
  satisfies: education >= 'master'
  targets: [{by: 2025-12-31, is: "> 60%"}]
"""
H1 = {"H1", "X1", "X2"}


def people() -> list[dict[str, object]]:
    """S 1 of 2; S1 0 of 1; H1 1 of 1; X1 1 of 3, one unknown; X2 0 of 2; X3 2 of 2; T 0 of 1."""
    given = {
        "S": ("master", "bachelor"), "S1": ("bachelor",), "H1": ("doctor",), "X1": ("master", "bachelor", None),
        "X2": ("bachelor", "college"), "X3": ("master", "doctor"), "T": ("bachelor",),
    }  # fmt: skip
    return [
        person(f"{place}-{number}", place, **({"education": level} if level else {}))
        for place, levels in given.items()
        for number, level in enumerate(levels)
    ]


def inside(whole: Measurer, units: set[str], **more: object) -> Report:
    asked = {"as_of": DAY, "show_small": True} | more
    return measure_inside(whole, units, **asked)  # type: ignore[arg-type]  # by name


def counts(report: Report) -> tuple[int | None, int | None, int]:
    (one,) = report.indicators
    return one.numerator, one.denominator, one.unknown


def test_a_subtree_has_its_own_numerator_denominator_and_unknown(tmp_path: Path) -> None:
    whole = measurer(tmp_path, MASTERS, data(people=people()))
    report = inside(whole, H1, by="unit")
    assert counts(report) == (2, 6, 1)
    (one,) = report.indicators
    assert (one.printed, one.status, one.target, one.shortfall) == ("33,33%", "report", None, None)
    shown = {row.unit_id: (row.numerator, row.denominator, row.unknown) for row in one.units}
    assert shown == {"H1": (1, 1, 0), "X1": (1, 3, 1), "X2": (0, 2, 0)}
    (told,) = report.findings
    assert (told.code, told.value) == ("part_only", "H1")
    assert "3 đơn vị trong phạm vi nhiệm vụ: Đơn vị H1 (H1)" in told.message
    # The whole is asked as before, also over the same measurer: 5 of 12.
    (all_,) = measure_all(whole, as_of=DAY).indicators
    assert (all_.numerator, all_.denominator, all_.status) == (5, 12, "short")


def test_parts_that_do_not_overlap_add_up_to_the_whole(tmp_path: Path) -> None:
    whole = measurer(tmp_path, MASTERS, data(people=people()))
    parts = [counts(inside(whole, units)) for units in (H1, {"S", "S1"}, {"H2", "X3"}, {"T"})]
    assert parts == [(2, 6, 1), (1, 3, 0), (2, 2, 0), (0, 1, 0)]
    assert counts(inside(whole, {"S", "S1", "H2", "X3"})) == (3, 5, 0)


def test_a_unit_above_the_mandate_is_never_named(tmp_path: Path) -> None:
    whole = measurer(tmp_path, MASTERS, data(people=people()))
    report = inside(whole, {"S", "S1"}, by="province")  # S belongs to the province's locality T
    (one,) = report.indicators
    assert [(row.unit_id, row.numerator, row.denominator) for row in one.units] == [(None, 1, 3)]
    assert "Đơn vị T" not in str(report.as_json())


def test_who_may_not_see_people_gets_no_small_number(tmp_path: Path) -> None:
    whole = measurer(tmp_path, MASTERS, data(people=people()))
    hidden = inside(whole, {"X1"}, show_small=False)
    assert counts(hidden) == (None, None, 0)  # three people
    assert hidden.indicators[0].status == "not_measurable"
    assert [(one.code, one.value) for one in hidden.findings] == [("part_only", "X1")]
    joined = inside(whole, H1, by="unit", show_small=False)
    assert counts(joined) == (2, 6, 1)
    assert [(row.unit_id, row.numerator, row.denominator) for row in joined.indicators[0].units] == [(None, 2, 6)]


def test_units_that_the_data_does_not_have(tmp_path: Path) -> None:
    whole = measurer(tmp_path, MASTERS, data(people=people()))
    assert counts(inside(whole, {"X3", "KHONG-CO"})) == (2, 2, 0)
    with pytest.raises(Refused, match="không có đơn vị nào"):
        inside(whole, {"KHONG-CO"})


EACH = """
- id: A
  label: Xã có người thạc sĩ
  quote: mỗi đơn vị trên 30%
  each: {of: units, TREE where: "level != 'province'"}
  of: people
  satisfies: education >= 'master'
  targets: [{by: 2025-12-31, is: "> 30%"}]
"""


def test_each_unit_inside_keeps_its_verdict(tmp_path: Path) -> None:
    whole = measurer(tmp_path, EACH.replace("TREE ", ""), data(people=people()))
    (one,) = inside(whole, H1).indicators
    shown = {row.unit_id: (row.numerator, row.denominator, row.status) for row in one.units}
    assert shown == {"H1": (2, 6, "met"), "X1": (1, 3, "met"), "X2": (0, 2, "short")}
    assert (one.numerator, one.denominator, one.status) == (2, 3, "report")


def test_a_committee_with_units_outside_is_left_out(tmp_path: Path) -> None:
    party = {"X1": "H1", "X2": "H1", "X3": "H1"}  # in the Party's tree, X3 stands under H1 too
    units = [{**one, "party_parent_id": party.get(str(one["unit_id"]))} for one in PROVINCE]
    whole = measurer(tmp_path, EACH.replace("TREE", "tree: party,"), data(people=people(), units=units))
    assert {row.unit_id for row in inside(whole, H1).indicators[0].units} == {"X1", "X2"}
    found = {row.unit_id: row.denominator for row in inside(whole, {*H1, "X3"}).indicators[0].units}
    assert found["H1"] == 8


LISTS = """
- id: A
  label: Quy hoạch
  quote: mỗi danh sách trên 30%
  each: {of: succession_lists}
  of: succession
  satisfies: post_kind = 'professional'
  targets: [{by: 2025-12-31, is: "> 30%"}]
"""
PLANNED = """
- id: A
  label: Đi học
  quote: theo kế hoạch
  of: trainings
  satisfies: result <> 'planned'
  measure: count
  plan: {category: dao-tao, date: start_date}
  targets: [{by: 2025-12-31, is: ">= 100%"}]
"""


def test_lists_of_several_units_are_for_the_whole_province(tmp_path: Path) -> None:
    rows = [{"list_id": "L", "term": "2025-2030", "unit_id": "H1", "post_kind": "professional"}]
    members = [
        {"person_id": f"{place}-0", "term": "2025-2030", "unit_id": place, "post_kind": "professional", "list_id": "L",
         "added_on": date(2021, 1, 1)}
        for place in ("H1", "X3")
    ]  # fmt: skip
    whole = measurer(tmp_path, LISTS, data(people=people(), succession_lists=rows, succession=members))
    assert measure_all(whole, as_of=DAY).indicators[0].denominator == 1
    (one,) = inside(whole, H1).indicators
    assert (one.numerator, one.status, one.units) == (None, "not_measurable", ())
    assert "toàn tỉnh" in str(one.reason)


def test_only_plans_of_the_units_count(tmp_path: Path) -> None:
    def plan(name: str, place: str | None, quantity: int) -> dict[str, object]:
        period = {"period_start": date(2021, 1, 1), "period_end": date(2021, 12, 31)}
        return {"plan_id": name, "unit_id": place, "category": "dao-tao", "quantity": quantity, **period}

    trained = [
        {"person_id": f"{place}-0", "unit_id": place, "program": "master", "result": "studying",
         "start_date": date(2021, 5, 1)}
        for place in ("H1", "X1", "X3")
    ]  # fmt: skip
    plans = [plan("K1", "H1", 3), plan("K2", "X1", 1), plan("K3", "X3", 5), plan("K4", None, 100)]
    whole = measurer(tmp_path, PLANNED, data(people=people(), trainings=trained, plans=plans))
    assert counts(measure_all(whole, as_of=DAY)) == (3, 109, 0)
    assert counts(inside(whole, H1)) == (2, 4, 0)
    (none,) = inside(whole, {"S"}).indicators
    assert none.status == "not_measurable"


def test_what_is_counted_differently_is_counted_once_in_the_units(tmp_path: Path) -> None:
    text = MASTERS.replace("of: people\n  satisfies: education >= 'master'", "measure: count\n  of: trainings\n  satisfies: result = 'completed'\n  distinct: person_id").replace("> 60%", ">= 1")  # fmt: skip # noqa: E501
    trained = [
        {"person_id": "a", "unit_id": place, "program": "master", "result": "completed",
         "start_date": date(2021, month, 1)}
        for place, month in (("X3", 1), ("X1", 2), ("X2", 3))
    ]  # fmt: skip
    whole = measurer(tmp_path, text, data(people=people(), trainings=trained))
    assert measure_all(whole, as_of=DAY).indicators[0].numerator == 1
    assert inside(whole, H1).indicators[0].numerator == 1
    assert inside(whole, {"X3"}).indicators[0].numerator == 1
