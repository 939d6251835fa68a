"""Shares and counts on small data, worked out by hand."""

from datetime import date
from pathlib import Path

import pytest

from canbo.measure.evaluation import measure_all, measure_indicator
from canbo.measure.results import IndicatorResult
from tests.support import DAY, data, measurer, person, unit

MASTERS = """
- id: A
  label: Thạc sĩ
  quote: trên 60%
  of: people
  where: managed_by = 'provincial_committee'
  satisfies: education >= 'master'
  targets: [{by: 2025-12-31, is: "> 60%"}]
"""
MANAGED = {"managed_by": "provincial_committee"}


def one(folder: Path, text: str, people: list[dict[str, object]], day: date = DAY, **rows: object) -> IndicatorResult:
    asked = measurer(folder, text, data(people=people, **rows))  # type: ignore[arg-type]  # rows by dataset
    return measure_indicator(asked, asked.scheme.indicators[0], as_of=day)


def test_a_share_with_unknown_and_unknown_membership(tmp_path: Path) -> None:
    people = [
        person("a", "S", **MANAGED, education="master"),
        person("b", "S", **MANAGED, education="doctor"),
        person("c", "S", **MANAGED, education="bachelor"),
        person("d", "S", **MANAGED),
        person("e", "S", education="doctor"),
        person("f", "S", managed_by="unit_head", education="doctor"),
    ]
    result = one(tmp_path, MASTERS, people)
    assert (result.numerator, result.denominator, result.unknown, result.population_unknown) == (2, 4, 1, 1)
    assert (result.printed, result.status, result.shortfall) == ("50,00%", "short", 1)
    assert result.could_change  # d may be a master: 3/4


def test_unknown_that_cannot_change_the_verdict(tmp_path: Path) -> None:
    people = [person(f"p{n}", "S", **MANAGED, education="bachelor") for n in range(9)] + [person("x", "S", **MANAGED)]
    result = one(tmp_path, MASTERS, people)
    assert (result.numerator, result.denominator, result.unknown) == (0, 10, 1)
    assert not result.could_change


def test_exactly_at_the_threshold_fails_a_strict_target(tmp_path: Path) -> None:
    people = [person(f"p{n}", "S", **MANAGED, education="master" if n < 6 else "bachelor") for n in range(10)]
    result = one(tmp_path, MASTERS, people)
    assert (result.printed, result.status, result.shortfall) == ("60,00%", "short", 1)


def test_an_empty_population_is_no_success(tmp_path: Path) -> None:
    result = one(
        tmp_path, MASTERS.replace("> 60%", "= 100%"), [person("a", "S", managed_by="unit_head", education="none")]
    )
    assert (result.status, result.numerator, result.denominator) == ("not_measurable", None, None)
    assert result.reason == "Không có ai (đơn vị nào) trong nhóm này."


def test_who_left_counts_on_the_last_day_in_service_and_not_after(tmp_path: Path) -> None:
    people = [
        person("a", "S", **MANAGED, education="master", left_on=date(2021, 12, 31)),
        person("b", "S", **MANAGED, education="master", left_on=date(2021, 12, 30)),
        person("c", "S", **MANAGED, education="bachelor"),
    ]
    result = one(tmp_path, MASTERS, people)
    assert (result.numerator, result.denominator) == (1, 2)


YOUNG = """
- id: A
  label: Trẻ
  quote: dưới 40 tuổi
  of: people
  where: post_kind = 'professional'
  satisfies: age < 40
  targets: [{by: 2025-12-31, is: ">= 7%"}]
"""


@pytest.mark.parametrize(
    ("birth", "day", "young"),
    [
        (date(1981, 12, 31), date(2021, 12, 31), 0),  # forty today
        (date(1982, 1, 1), date(2021, 12, 31), 1),
        (date(1984, 2, 29), date(2024, 2, 28), 1),
        (date(1984, 2, 29), date(2024, 2, 29), 0),
        (date(1980, 2, 29), date(2020, 2, 29), 0),
        (date(1981, 2, 28), date(2021, 2, 27), 1),
    ],
)
def test_age_is_full_years_on_the_day(tmp_path: Path, birth: date, day: date, young: int) -> None:
    result = one(tmp_path, YOUNG, [person("a", "S", birth_date=birth)], day)
    assert result.numerator == young


def test_counts_hold_a_number_and_show_their_population(tmp_path: Path) -> None:
    text = """
    - id: A
      label: Nữ
      quote: từ 2 trở lên
      of: people
      where: post_kind = 'professional'
      measure: count
      satisfies: sex = 'female'
      targets: [{by: 2030-12-31, is: ">= 2", orientation: true}]
    """
    people = [person("a", "S", sex="female"), person("b", "S"), person("c", "S")]
    result = one(tmp_path, text, people)
    assert (result.numerator, result.denominator, result.printed) == (1, 3, "1")
    assert (result.status, result.shortfall) == ("short", 1)
    assert result.target is not None
    assert result.target.orientation


def test_the_target_shown_is_the_first_not_past_else_the_last(tmp_path: Path) -> None:
    text = MASTERS.replace(
        'targets: [{by: 2025-12-31, is: "> 60%"}]',
        'targets: [{by: 2030-12-31, is: "> 80%"}, {by: 2022-12-31, is: "> 40%"}, {by: 2025-12-31, is: "> 60%"}]',
    )
    asked = measurer(tmp_path, text, data(people=[person("a", "S", **MANAGED, education="master")]))
    shown = [
        measure_indicator(asked, asked.scheme.indicators[0], as_of=day).target
        for day in (date(2022, 12, 31), date(2023, 1, 1), date(2031, 1, 1))
    ]
    assert [target.is_ for target in shown if target] == ["> 40%", "> 60%", "> 80%"]


def test_by_unit_counts_add_up_to_the_whole(tmp_path: Path) -> None:
    people = [
        person("a", "S1", **MANAGED, education="master"),
        person("b", "X1", **MANAGED, education="master"),
        person("c", "X2", **MANAGED, education="bachelor"),
        person("d", "H2", **MANAGED, education="bachelor"),
        person("e", "nowhere", **MANAGED, education="doctor"),
    ]
    asked = measurer(tmp_path, MASTERS, data(people=people))

    def units(by: str) -> dict[str | None, tuple[int | None, int | None]]:
        (result,) = measure_all(asked, as_of=DAY, by=by).indicators  # type: ignore[arg-type]  # one of the levels
        return {one.unit_id: (one.numerator, one.denominator) for one in result.units}

    assert units("unit") == {"S1": (1, 1), "X1": (1, 1), "X2": (0, 1), "H2": (0, 1), None: (1, 1)}
    assert units("district") == {"H1": (1, 2), "H2": (0, 1), None: (2, 2)}
    assert units("commune") == {"X1": (1, 1), "X2": (0, 1), None: (2, 3)}
    assert units("province") == {"T": (2, 4), None: (1, 1)}
    assert units("locality") == {"T": (1, 1), "X1": (1, 1), "X2": (0, 1), "H2": (0, 1), None: (1, 1)}


def test_parts_are_counted_apart_and_bound_the_composite(tmp_path: Path) -> None:
    text = """
    - id: A
      label: Chuẩn
      quote: 100%
      of: people
      where: post_kind = 'professional'
      satisfies: it_standard and language_standard
      parts: {A-1: it_standard, A-2: {label: Ngoại ngữ, satisfies: language_standard}}
      targets: [{by: 2025-12-31, is: "= 100%"}]
    """
    people = [
        person("a", "S", it_standard=True, language_standard=True),
        person("b", "S", it_standard=True, language_standard=False),
        person("c", "S", it_standard=False),
        person("d", "S", it_standard=True),
    ]
    result = one(tmp_path, text, people)
    assert (result.numerator, result.unknown) == (1, 1)  # c fails for certain, d is unknown
    assert [(part.id, part.numerator, part.denominator, part.unknown) for part in result.parts] == [
        ("A-1", 3, 4, 0),
        ("A-2", 1, 4, 2),
    ]


def test_a_population_that_has_ended_keeps_its_last_value(tmp_path: Path) -> None:
    text = MASTERS.replace("  targets", '  valid: {to: 2025-06-30, why: "Hết cấp huyện."}\n  targets')
    people = [person("a", "S", **MANAGED, education="master"), person("b", "S", **MANAGED, education="bachelor")]
    on_last = one(tmp_path, text, people, date(2025, 6, 30))
    after = one(tmp_path, text, people, date(2025, 7, 1))
    assert (on_last.numerator, on_last.denominator, on_last.last) == (1, 2, None)
    assert (after.status, after.numerator, after.reason) == (
        "not_measurable",
        None,
        "Nhóm này chỉ có đến 30/06/2025. Hết cấp huyện.",
    )
    assert after.last is not None
    assert (after.last.as_of, after.last.numerator, after.last.denominator) == (date(2025, 6, 30), 1, 2)


def test_what_no_source_defines_is_listed_with_its_sentence(tmp_path: Path) -> None:
    text = MASTERS.replace("satisfies: education >= 'master'", 'undefined: "Chưa ai nêu tiêu chí."')
    result = one(tmp_path, text, [person("a", "S", **MANAGED)])
    assert (result.status, result.reason, result.value) == ("not_measurable", "Chưa ai nêu tiêu chí.", None)


def test_a_missing_table_or_column_is_named(tmp_path: Path) -> None:
    rotated = MASTERS.replace(
        "education >= 'master'", "exists (select 1 from rotations where rotations.person_id = people.person_id)"
    )
    people = [person("a", "S", **MANAGED)]
    assert one(tmp_path, rotated, people).reason == "Dữ liệu không có bảng “Luân chuyển”."
    assert one(tmp_path, MASTERS, people).reason == "Dữ liệu không có cột “Trình độ chuyên môn” (Cán bộ)."


def test_a_birth_known_by_year_is_unknown_where_it_decides(tmp_path: Path) -> None:
    import pyarrow as pa

    from canbo.datasets.bundle import BIRTH_LATEST, Datasets

    births = [date(1981, 1, 1), date(1982, 1, 1), date(1990, 1, 1), date(1981, 5, 5)]
    latest = [date(1981, 12, 31), date(1982, 12, 31), date(1990, 12, 31), date(1981, 5, 5)]
    made = data(people=[person(f"p{n}", "S", birth_date=birth) for n, birth in enumerate(births)])
    people = made.tables["people"].append_column(BIRTH_LATEST, pa.array(latest, pa.date32()))
    asked = measurer(tmp_path, YOUNG, Datasets({**made.tables, "people": people}, DAY))

    def counts(day: date) -> tuple[int | None, int]:
        result = measure_indicator(asked, asked.scheme.indicators[0], as_of=day)
        return result.numerator, result.unknown

    assert counts(date(2021, 3, 1)) == (3, 1)  # 1981: 39 or 40; 05/05/1981 is still 39
    assert counts(date(2021, 12, 31)) == (2, 0)  # by the end of the year 1981 is certainly 40
    assert counts(date(2022, 6, 1)) == (1, 1)  # now 1982 decides


def test_a_snapshot_measured_on_another_day_says_so(tmp_path: Path) -> None:
    asked = measurer(tmp_path, MASTERS, data(people=[person("a", "S", **MANAGED, education="master")]))
    report = measure_all(asked, as_of=date(2023, 6, 30))
    assert [finding.code for finding in report.findings] == ["snapshot_other_day"]
    assert measure_all(asked, as_of=DAY).findings == ()


def test_units_in_being_on_the_day(tmp_path: Path) -> None:
    text = """
    - id: A
      label: Xã
      quote: x
      of: units
      where: level = 'commune'
      satisfies: is_city
      targets: [{by: 2025-12-31, is: ">= 50%"}]
    """
    units = [
        unit("T", None, "province"),
        unit("X1", "T", "commune", is_city=True, valid_to=date(2021, 12, 31)),
        unit("X2", "T", "commune", is_city=False, valid_from=date(2022, 1, 1)),
        unit("X3", "T", "commune", is_city=False),
    ]
    asked = measurer(tmp_path, text, data(units=units, people=[person("a", "T")]))
    results = [measure_indicator(asked, asked.scheme.indicators[0], as_of=day) for day in (DAY, date(2022, 1, 1))]
    assert [(one.numerator, one.denominator) for one in results] == [(1, 2), (0, 2)]


@pytest.mark.parametrize(
    ("start", "day", "years", "months"),
    [
        (date(2000, 2, 29), date(2023, 2, 28), 22, 275),
        (date(2000, 2, 29), date(2023, 3, 1), 23, 276),
        (date(2021, 1, 31), date(2021, 2, 28), 0, 0),
        (date(2021, 1, 15), date(2022, 1, 15), 1, 12),
        (date(2021, 1, 15), date(2022, 1, 14), 0, 11),
    ],
)
def test_full_years_and_months_between_two_days(
    tmp_path: Path, start: date, day: date, years: int, months: int
) -> None:
    text = f"""
    - id: A
      label: Thâm niên
      quote: q
      of: people
      where: post_kind = 'professional'
      measure: count
      satisfies: years(recruited_on, :as_of) = {years} and months(recruited_on, :as_of) = {months}
    """
    assert one(tmp_path, text, [person("a", "S", recruited_on=start)], day).numerator == 1
