"""Names behind the numbers, and who moved them."""

from datetime import date
from pathlib import Path

import pytest

from canbo.common.findings import Refused
from canbo.datasets.bundle import Datasets
from canbo.datasets.store import Store
from canbo.measure.bridge import CAUSES, make_bridge
from canbo.measure.evaluation import measure_indicator
from canbo.measure.lists import listing, lists_of
from canbo.measure.results import Bridge
from canbo.measure.sets import Measurer
from tests.support import DAY, data, measurer, person, scheme

MANAGED = {"managed_by": "provincial_committee"}
MASTERS = """
- id: A
  label: Thạc sĩ
  quote: q
  of: people
  where: managed_by = 'provincial_committee'
  satisfies: education >= 'master' and (age < 45 or is_minority)
  targets: [{by: 2025-12-31, is: "> 60%"}]
"""
PEOPLE = [
    person("a", "S", **MANAGED, full_name="Trần Thị Bình", education="master", ethnicity="Kinh"),
    person("b", "H1", **MANAGED, full_name="Lê Văn An", education="bachelor", ethnicity="Kinh"),
    person(
        "c", "X1", **MANAGED, full_name="Nông Văn Ánh", education="doctor", birth_date=date(1970, 1, 1), ethnicity="Tày"
    ),
    person("d", "X1", **MANAGED, full_name="Đỗ Chi", birth_date=date(1970, 1, 1), education="doctor", ethnicity="Kinh"),
    person("e", "X2", **MANAGED, full_name="Vũ Dũng", ethnicity="Kinh"),
    person("f", "S", full_name="Bùi Em", education="doctor", ethnicity="Kinh"),
]


def names(folder: Path, list_name: str, unit: str | None = None) -> list[tuple[str | None, str]]:
    asked = measurer(folder, MASTERS, data(people=PEOPLE))
    found = listing(asked, asked.scheme.indicators[0], as_of=DAY, list_name=list_name, unit=unit)  # type: ignore[arg-type]
    return [(row.name, row.why.text) for row in found.rows]


def test_each_list_names_the_part_that_decided(tmp_path: Path) -> None:
    assert names(tmp_path, "counted") == [
        ("Nông Văn Ánh", "Trình độ chuyên môn: Tiến sĩ; Người dân tộc thiểu số: có"),
        ("Trần Thị Bình", "Trình độ chuyên môn: Thạc sĩ; Tuổi: 41"),
    ]
    assert names(tmp_path, "lacking") == [
        ("Lê Văn An", "Trình độ chuyên môn: Đại học; cần từ Thạc sĩ trở lên"),
        ("Đỗ Chi", "Tuổi: 51; cần dưới 45; Người dân tộc thiểu số: không; cần có"),
    ]
    assert names(tmp_path, "unknown") == [("Vũ Dũng", "Trình độ chuyên môn: chưa có dữ liệu")]
    assert names(tmp_path, "outside_unknown") == [("Bùi Em", "Diện quản lý: chưa có dữ liệu")]


def test_a_list_within_a_unit_and_below_it(tmp_path: Path) -> None:
    assert [name for name, _ in names(tmp_path, "lacking", "H1")] == ["Lê Văn An", "Đỗ Chi"]
    assert [name for name, _ in names(tmp_path, "lacking", "X1")] == ["Đỗ Chi"]
    with pytest.raises(Refused, match="không có đơn vị “X9”"):
        names(tmp_path, "lacking", "X9")


def test_the_lists_are_as_long_as_the_counts(tmp_path: Path) -> None:
    asked = measurer(tmp_path, MASTERS, data(people=PEOPLE))
    indicator = asked.scheme.indicators[0]
    result = measure_indicator(asked, indicator, as_of=DAY)
    sizes = {one.list_name: len(one.rows) for one in lists_of(asked, indicator, as_of=DAY)}
    assert sizes["counted"] == result.numerator == 2
    assert sizes["unknown"] == result.unknown == 1
    assert sizes["outside_unknown"] == result.population_unknown == 1
    assert sum(sizes[name] for name in ("counted", "lacking", "unknown")) == result.denominator == 5


def test_why_is_told_for_the_machine_too(tmp_path: Path) -> None:
    asked = measurer(tmp_path, MASTERS, data(people=PEOPLE))
    (first, _) = listing(asked, asked.scheme.indicators[0], as_of=DAY, list_name="lacking").rows
    assert first.key == {"person_id": "b"}
    assert first.why.as_json() == {
        "column": "education",
        "value": "bachelor",
        "needs": ">= master",
        "text": "Trình độ chuyên môn: Đại học; cần từ Thạc sĩ trở lên",
    }


def bridge(folder: Path, text: str, before: Datasets, after: Datasets | None, first: date, last: date,
           unit: str | None = None) -> Bridge:  # fmt: skip
    loaded = scheme(folder, text)
    start = Measurer(loaded, Store(before))
    end = Measurer(loaded, Store(after)) if after is not None else start
    return make_bridge(loaded.indicators[0], start, end, first=first, last=last, unit=unit)


def causes(made: Bridge) -> dict[str, tuple[int, int, list[str]]]:
    return {
        one.cause: (one.numerator, one.denominator, [c.key["person_id"] or "" for c in one.people])
        for one in made.causes
    }


YOUNG_MASTERS = """
- id: A
  label: Thạc sĩ trẻ
  quote: q
  of: people
  where: managed_by = 'provincial_committee'
  satisfies: education >= 'master' and age < 40
"""


def everyone(**changes: dict[str, object] | None) -> list[dict[str, object]]:
    """Nine people, each to move for one cause; an argument replaces their facts, None takes them away."""
    base = {
        "stays": person("stays", "S", **MANAGED, education="master", birth_date=date(1990, 1, 1)),
        "left": person("left", "S", **MANAGED, education="master", birth_date=date(1990, 1, 1)),
        "gone": person("gone", "S", **MANAGED, education="master", birth_date=date(1990, 1, 1)),
        "in": person("in", "S", managed_by="unit_head", education="master", birth_date=date(1990, 1, 1)),
        "out": person("out", "H1", **MANAGED, education="master", birth_date=date(1990, 1, 1)),
        "wrong": person("wrong", "S", **MANAGED, education="master", birth_date=date(1970, 1, 1)),
        "older": person("older", "S", **MANAGED, education="master", birth_date=date(1982, 6, 1)),
        "gains": person("gains", "S", **MANAGED, education="bachelor", birth_date=date(1990, 1, 1)),
        "loses": person("loses", "S", **MANAGED, education="master", birth_date=date(1990, 1, 1)),
    }
    return [row | (changes.get(name) or {}) for name, row in base.items() if name not in changes or changes[name]]


def test_every_cause_and_the_sum_that_ties_the_figures(tmp_path: Path) -> None:
    before = data(people=everyone())
    after = data(
        date(2022, 12, 31),
        people=[
            *everyone(
                left={"left_on": date(2022, 5, 1)},
                gone=None,
                out={"managed_by": "unit_head"},
                wrong={"birth_date": date(1990, 7, 7)},
                gains={"education": "master"},
                loses={"education": "bachelor"},
                **{"in": MANAGED},
            ),
            person("new", "S", **MANAGED, education="doctor", birth_date=date(1991, 1, 1)),
        ],
    )
    made = bridge(tmp_path, YOUNG_MASTERS, before, after, DAY, date(2022, 12, 31))
    # Before: stays, left, gone, out, older, loses of 8. After: stays, in, wrong, gains, new of 7.
    assert (made.start.numerator, made.start.denominator) == (6, 8)
    assert (made.end.numerator, made.end.denominator) == (5, 7)
    assert causes(made) == {
        "entered": (1, 1, ["new"]),
        "left": (-2, -2, ["gone", "left"]),
        "moved_in": (1, 1, ["in"]),
        "moved_out": (-1, -1, ["out"]),
        "corrected": (1, 0, ["wrong"]),
        "aged": (-1, 0, ["older"]),
        "gained": (1, 0, ["gains"]),
        "lost": (-1, 0, ["loses"]),
    }
    assert tuple(causes(made)) == CAUSES


def test_between_two_days_of_one_file_only_time_passes(tmp_path: Path) -> None:
    made = bridge(tmp_path, YOUNG_MASTERS, data(people=everyone()), None, DAY, date(2022, 12, 31))
    assert causes(made) == {"aged": (-1, 0, ["older"])}


def test_in_a_unit_a_change_of_unit_is_a_move(tmp_path: Path) -> None:
    after = data(people=everyone(out={"unit_id": "X3"}))
    whole = bridge(tmp_path, YOUNG_MASTERS, data(people=everyone()), after, DAY, DAY)
    within = bridge(tmp_path, YOUNG_MASTERS, data(people=everyone()), after, DAY, DAY, unit="H1")
    assert whole.causes == ()
    assert causes(within) == {"moved_out": (-1, -1, ["out"])}
    assert "từ Đơn vị H1 sang Đơn vị X3" in within.causes[0].people[0].text


def test_a_dated_degree_tells_gain_from_correction(tmp_path: Path) -> None:
    def degrees(**awarded: date) -> list[dict[str, object]]:
        return [
            {"person_id": who, "kind": "professional", "level": "master", "awarded_on": day}
            for who, day in awarded.items()
        ]

    people = everyone()
    before = data(people=people, qualifications=degrees(stays=date(2015, 1, 1)))
    after = data(
        people=people, qualifications=degrees(stays=date(2015, 1, 1), gains=date(2022, 3, 1), in_=date(2020, 1, 1))
    )
    made = bridge(tmp_path, YOUNG_MASTERS, before, after, DAY, date(2022, 12, 31))
    assert causes(made)["gained"] == (1, 0, ["gains"])
    late = data(people=people, qualifications=degrees(stays=date(2015, 1, 1), gains=date(2021, 3, 1)))
    made = bridge(tmp_path, YOUNG_MASTERS, before, late, DAY, date(2022, 12, 31))
    assert causes(made)["corrected"] == (1, 0, ["gains"])


def test_what_is_not_counted_in_people_has_no_bridge(tmp_path: Path) -> None:
    each = YOUNG_MASTERS.rstrip() + "\n  each: {of: units, where: \"level = 'district'\"}\n"
    with pytest.raises(Refused, match="--unit"):
        bridge(tmp_path, each, data(people=everyone()), None, DAY, DAY)


def test_further_rows_of_one_already_counted_lack_nothing(tmp_path: Path) -> None:
    text = """
    - id: A
      label: Người được đào tạo
      quote: q
      of: trainings
      where: program = 'master'
      measure: count
      distinct: person_id
      satisfies: result = 'completed'
    """

    def training(who: str, result: str, day: date) -> dict[str, object]:
        return {"person_id": who, "program": "master", "result": result, "start_date": day}

    rows = [
        training("a", "completed", date(2020, 1, 1)),
        training("a", "completed", date(2021, 1, 1)),
        training("b", "studying", date(2021, 1, 1)),
    ]
    asked = measurer(tmp_path, text, data(people=PEOPLE, trainings=rows))
    indicator = asked.scheme.indicators[0]
    lists = {one.list_name: [row.name for row in one.rows] for one in lists_of(asked, indicator, as_of=DAY)}
    assert lists == {"counted": ["Trần Thị Bình"], "lacking": ["Lê Văn An"]}
