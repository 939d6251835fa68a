"""Unit by unit, against plans, and ratios: by hand."""

from datetime import date
from pathlib import Path

from canbo.measure.evaluation import measure_indicator
from canbo.measure.results import IndicatorResult
from tests.support import DAY, data, measurer, person, unit


def measured(folder: Path, text: str, day: date = DAY, **rows: object) -> IndicatorResult:
    asked = measurer(folder, text, data(**rows))  # type: ignore[arg-type]  # rows by dataset
    return measure_indicator(asked, asked.scheme.indicators[0], as_of=day)


ROTATED = """
- id: A
  label: Luân chuyển về xã
  quote: mỗi huyện có trên 30% số xã
  each: {of: units, where: "level = 'district' and kind = 'locality'", except: [{unit: TP, is: "> 40%"}]}
  of: units
  where: level = 'commune'
  satisfies: exists (select 1 from rotations where rotations.to_unit_id = units.unit_id and kind = 'down')
  targets: [{by: 2025-12-31, is: "> 30%"}]
"""


def districts(sizes: dict[str, tuple[int, int]]) -> dict[str, list[dict[str, object]]]:
    units = [unit("T", None, "province")]
    rotations: list[dict[str, object]] = []
    for name, (communes, covered) in sizes.items():
        units.append(unit(name, "T", "district"))
        units += [unit(f"{name}{n}", name, "commune") for n in range(communes)]
        for n in range(covered):
            row = {"person_id": "a", "from_unit_id": name, "to_unit_id": f"{name}{n}", "kind": "down"}
            rotations.append({**row, "from_level": "district", "to_level": "commune", "start_date": date(2021, 5, 1)})
    return {"units": units, "rotations": rotations, "people": [person("a", "T")]}


def test_each_district_passes_or_fails_by_itself(tmp_path: Path) -> None:
    # 5/15 > 30 %; exactly 3/10 fails; 12/32 = 37,5 % fails 40 %; no communes: not measurable, in neither.
    rows = districts({"X": (15, 5), "Y": (10, 3), "TP": (32, 12), "Z": (0, 0)})
    result = measured(tmp_path, ROTATED, **rows)
    assert (result.numerator, result.denominator, result.status, result.shortfall) == (1, 3, "short", 2)
    shown = {one.unit_id: (one.status, one.shortfall, one.target, one.printed) for one in result.units}
    assert shown == {
        "X": ("met", 0, "> 30%", "33,33%"),
        "Y": ("short", 1, "> 30%", "30,00%"),
        "TP": ("short", 1, "> 40%", "37,50%"),
        "Z": ("not_measurable", None, "> 30%", None),
    }


def test_all_districts_meeting_is_met(tmp_path: Path) -> None:
    result = measured(tmp_path, ROTATED, **districts({"X": (10, 4), "Y": (1, 1)}))
    assert (result.numerator, result.denominator, result.status, result.shortfall) == (2, 2, "met", 0)


def test_the_party_tree_gathers_other_members(tmp_path: Path) -> None:
    text = """
    - id: A
      label: Nữ
      quote: ít nhất 1 nữ
      of: people
      where: post_kind = 'professional'
      measure: count
      satisfies: sex = 'female'
      each: {of: units, where: "kind = 'party'", tree: party}
      targets: [{by: 2025-12-31, is: ">= 1"}]
    """
    units = [
        unit("T", None, "province"),
        unit("P", "T", "province", "party"),
        unit("S", "T", "province", "state", party_parent_id="P"),
        unit("Q", "T", "province", "party"),
    ]
    people = [person("a", "S", sex="female"), person("b", "Q")]
    result = measured(tmp_path, text, units=units, people=people)
    assert {one.unit_id: (one.numerator, one.status) for one in result.units} == {"P": (1, "met"), "Q": (0, "short")}


def test_a_units_own_figure_with_tolerance(tmp_path: Path) -> None:
    text = """
    - id: A
      label: Lãnh đạo dân tộc thiểu số
      quote: phù hợp với cơ cấu dân cư
      of: people
      where: is_leader
      satisfies: is_minority
      each: {of: units, where: "level = 'commune'", target_column: minority_share, tolerance: "5%"}
    """
    units = [
        unit("T", None, "province"),
        unit("X1", "T", "commune", minority_share=0.54),
        unit("X2", "T", "commune", minority_share=0.56),
        unit("X3", "T", "commune"),
    ]
    people = [
        person(f"{place}{n}", place, post_kind="party_secretary", ethnicity="Tày" if n else "Kinh")
        for place in ("X1", "X2", "X3")
        for n in range(2)
    ]
    result = measured(tmp_path, text, units=units, people=people)
    # 50 % holds against 54 % − 5, and not against 56 % − 5; X3 has no share of its own.
    assert [(one.unit_id, one.status, one.target) for one in result.units] == [
        ("X1", "met", ">= 49%"),
        ("X2", "short", ">= 51%"),
        ("X3", "not_measurable", None),
    ]
    assert (result.numerator, result.denominator) == (1, 2)


def test_lists_hold_their_members_once(tmp_path: Path) -> None:
    text = """
    - id: A
      label: Nữ trong danh sách
      quote: có nữ
      of: people
      where: sex in ('male', 'female')
      measure: count
      satisfies: sex = 'female'
      each: {of: succession_lists, where: "term = '2025-2030'"}
      targets: [{by: 2025-12-31, is: ">= 1"}]
    """
    lists = [
        {"list_id": "L1", "term": "2025-2030", "unit_id": "T", "level": "province"},
        {"list_id": "L2", "term": "2025-2030", "unit_id": "T", "level": "province"},
        {"list_id": "L3", "term": "2020-2025", "unit_id": "T", "level": "province"},
    ]

    def entry(who: str, name: str, **more: object) -> dict[str, object]:
        return {"person_id": who, "term": "2025-2030", "unit_id": "T", "level": "province", "list_id": name,
                "added_on": date(2021, 1, 1), **more}  # fmt: skip

    pool = [
        entry("a", "L1"),
        entry("a", "L1", post_kind="party_secretary"),
        entry("b", "L2"),
        entry("a", "L2", removed_on=DAY),  # the first day no longer in the pool
    ]
    people = [person("a", "S", sex="female"), person("b", "S")]
    result = measured(tmp_path, text, succession_lists=lists, succession=pool, people=people)
    assert [(one.unit_id, one.numerator, one.denominator, one.status) for one in result.units] == [
        ("L1", 1, 1, "met"),
        ("L2", 0, 1, "short"),
    ]


PLANNED = """
- id: A
  label: Đào tạo thạc sĩ
  quote: bằng 285% kế hoạch
  of: trainings
  where: program = 'master'
  satisfies: result <> 'planned'
  measure: count
  plan: {category: master, date: start_date}
  targets: [{by: 2025-12-31, is: ">= 100%"}]
"""


def trainings(*starts: date) -> list[dict[str, object]]:
    return [{"person_id": "a", "program": "master", "start_date": start, "result": "studying"} for start in starts]


def plan(quantity: int | None, **more: object) -> dict[str, object]:
    return {"plan_id": "k", "category": "master", "period_start": date(2021, 1, 1), "period_end": date(2025, 12, 31),
            "quantity": quantity, **more}  # fmt: skip


STARTS = (date(2020, 12, 31), date(2021, 1, 1), date(2021, 12, 31), date(2022, 1, 1))


def test_results_count_within_the_plan_and_up_to_the_day(tmp_path: Path) -> None:
    people = [person("a", "S")]
    result = measured(tmp_path, PLANNED, people=people, trainings=trainings(*STARTS), plans=[plan(3), plan(1)])
    assert (result.numerator, result.denominator, result.printed) == (2, 4, "50,00%")
    assert (result.status, result.shortfall) == ("short", 2)


def test_results_may_exceed_the_plan(tmp_path: Path) -> None:
    result = measured(tmp_path, PLANNED, people=[person("a", "S")], trainings=trainings(*STARTS), plans=[plan(1)])
    assert (result.printed, result.status, result.shortfall) == ("200,00%", "met", 0)


def test_a_plan_without_a_printed_number_gives_the_count(tmp_path: Path) -> None:
    result = measured(tmp_path, PLANNED, people=[person("a", "S")], trainings=trainings(*STARTS), plans=[plan(None)])
    assert (result.numerator, result.denominator, result.printed, result.status) == (2, None, "2", "report")
    assert result.reason == "Kế hoạch không in số."


def test_nobody_sent_is_printed_as_zero(tmp_path: Path) -> None:
    rows = trainings(date(2019, 1, 1))
    result = measured(tmp_path, PLANNED, people=[person("a", "S")], trainings=rows, plans=[plan(5)])
    assert (result.numerator, result.denominator, result.printed, result.status) == (0, 5, "0,00%", "short")


def test_no_plan_for_the_day_is_said(tmp_path: Path) -> None:
    old = plan(5, period_end=date(2021, 6, 30))
    result = measured(tmp_path, PLANNED, people=[person("a", "S")], trainings=trainings(*STARTS), plans=[old])
    assert result.status == "not_measurable"
    assert result.reason == "Bảng “Kế hoạch” không có dòng “master” cho ngày 31/12/2021."


def test_a_ratio_of_a_flow_to_a_frozen_stock(tmp_path: Path) -> None:
    text = """
    - id: A
      label: Tuyển dụng so với biên chế
      quote: đạt 5% so với biên chế hiện nay
      measure: ratio
      numerator: {of: recruitments, where: "high_quality and recruited_on between :window_start and :as_of"}
      denominator: {of: quotas, where: "year = 2022", sum: posts}
      window: {from: 2021-06-01, to: 2025-12-31}
      targets: [{by: 2025-12-31, is: ">= 5%"}]
    """

    def hire(day: date, high: bool | None) -> dict[str, object]:
        return {"person_id": "a", "unit_id": "S", "recruited_on": day, "kind": "exam", "high_quality": high,
                "staff_kind": "civil_servant"}  # fmt: skip

    hires = [
        hire(date(2021, 6, 1), True),
        hire(date(2021, 5, 31), True),
        hire(date(2021, 7, 1), False),
        hire(date(2021, 8, 1), None),
        hire(date(2022, 1, 1), True),
    ]
    quotas = [
        {"unit_id": "S", "year": 2022, "staff_kind": "civil_servant", "posts": 25},
        {"unit_id": "H1", "year": 2022, "staff_kind": "official", "posts": 15},
        {"unit_id": "S", "year": 2023, "staff_kind": "civil_servant", "posts": 99},
    ]
    result = measured(tmp_path, text, people=[person("a", "S")], recruitments=hires, quotas=quotas)
    assert (result.numerator, result.denominator, result.population_unknown) == (1, 40, 1)
    assert (result.printed, result.status, result.shortfall) == ("2,50%", "short", 1)


def test_one_person_sent_twice_counts_once_in_the_plan(tmp_path: Path) -> None:
    text = PLANNED.replace("  measure: count\n", "  measure: count\n  distinct: person_id\n")
    rows = [
        *trainings(date(2020, 5, 1), date(2021, 2, 1), date(2021, 2, 1), date(2021, 9, 1)),
        {"person_id": "b", "program": "master", "start_date": date(2021, 9, 1), "result": "studying"},
    ]
    people = [person("a", "S"), person("b", "S")]
    result = measured(tmp_path, text, people=people, trainings=rows, plans=[plan(4)])
    assert (result.numerator, result.denominator) == (2, 4)


def test_an_unprinted_plan_and_a_zero_still_add_up_by_unit(tmp_path: Path) -> None:
    rows = [row | {"unit_id": "S"} for row in trainings(date(2021, 1, 1), date(2021, 2, 1))]
    for quantity, denominator in ((None, None), (0, 0)):
        asked = measurer(
            tmp_path, PLANNED, data(people=[person("a", "S")], trainings=rows, plans=[plan(quantity, unit_id="S")])
        )
        result = measure_indicator(asked, asked.scheme.indicators[0], as_of=DAY, by="unit")
        assert (result.numerator, result.denominator, result.status) == (2, denominator, "report")
        assert [(unit.unit_id, unit.numerator) for unit in result.units] == [("S", 2)]
