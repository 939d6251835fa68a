"""Single cells: what each way of writing a value means, by tables worked out by hand."""

from datetime import date

import pytest

from canbo.datasets.dictionary import dictionary
from canbo.datasets.parse import PARSERS, parse_date
from canbo.datasets.raw import Cell

PEOPLE = dictionary()["people"]


def _parse(column: str, cell: Cell, dataset: str = "people") -> tuple[object, str | None, str | None]:
    spec = dictionary()[dataset].columns[column]
    parsed = PARSERS[spec.kind](cell, spec, dictionary()[dataset])
    return parsed.value, parsed.fault.code if parsed.fault else None, parsed.fault.severity if parsed.fault else None


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("31/12/1975", date(1975, 12, 31)),
        ("1/2/1975", date(1975, 2, 1)),
        ("31-12-1975", date(1975, 12, 31)),
        ("31.12.1975", date(1975, 12, 31)),
        ("1975-12-31", date(1975, 12, 31)),
        ("1975-12-31T00:00:00", date(1975, 12, 31)),
        ("1975-12-31 08:30:00", date(1975, 12, 31)),
        ("31/12/1975 00:00", date(1975, 12, 31)),
        ("29/02/2000", date(2000, 2, 29)),
        (date(1975, 12, 31), date(1975, 12, 31)),
        (27759.0, date(1975, 12, 31)),
        ("27759", date(1975, 12, 31)),
        (27759.75, date(1975, 12, 31)),
        (10000.0, date(1927, 5, 18)),
        (73415.0, date(2100, 12, 31)),
        (date(1900, 1, 1), date(1900, 1, 1)),
        (date(2100, 12, 31), date(2100, 12, 31)),
    ],
)
def test_a_day_is_read_however_it_is_written(cell: Cell, day: date) -> None:
    assert _parse("birth_date", cell) == (day, None, None)


@pytest.mark.parametrize(
    "cell",
    ["31/02/1979", "29/02/1900", "12/31/1975", "31/12/75", "không rõ", "00/00/1975", "31/12/1899", "01/01/2101"]
    + ["13/1975", "0", True, 5.0, 9999.0, 73416.0, 1975.5, date(1899, 12, 31), date(2101, 1, 1)],
)
def test_what_is_no_day_is_an_error(cell: Cell) -> None:
    assert _parse("birth_date", cell) == (None, "bad_date", "error")


def test_a_swapped_month_gets_the_right_day_as_suggestion() -> None:
    fault = parse_date("12/31/1975", PEOPLE.columns["birth_date"], PEOPLE).fault
    assert fault is not None
    assert fault.suggestion == "Có phải 31/12/1975? Ngày ghi trước, tháng ghi sau."


@pytest.mark.parametrize(
    ("column", "cell", "used", "latest"),
    [
        ("birth_date", "1975", date(1975, 1, 1), date(1975, 12, 31)),
        ("birth_date", 1975.0, date(1975, 1, 1), date(1975, 12, 31)),
        ("birth_date", "2/1976", date(1976, 2, 1), date(1976, 2, 29)),
        ("left_on", "2020", date(2020, 12, 31), date(2020, 12, 31)),
        ("term_ends_on", "06/2024", date(2024, 6, 30), date(2024, 6, 30)),
    ],
)
def test_a_month_or_year_is_its_first_day_and_of_an_end_its_last(
    column: str, cell: Cell, used: date, latest: date
) -> None:
    parsed = parse_date(cell, PEOPLE.columns[column], PEOPLE)
    assert (parsed.value, parsed.latest) == (used, latest)
    assert parsed.fault is not None
    assert (parsed.fault.severity, parsed.fault.code) == ("warning", "imprecise_date")


@pytest.mark.parametrize("cell", ["Có", "CÓ", "co", "x", "X", "Đúng", "TRUE", "true", "1", 1.0, True])
def test_yes_in_all_its_forms(cell: Cell) -> None:
    assert _parse("is_head", cell) == (True, None, None)


@pytest.mark.parametrize("cell", ["Không", "không", "khong", "Sai", "FALSE", "0", 0.0, False])
def test_no_in_all_its_forms(cell: Cell) -> None:
    assert _parse("is_head", cell) == (False, None, None)


@pytest.mark.parametrize("cell", ["có thể", 2.0, date(2020, 1, 1), "?"])
def test_neither_yes_nor_no(cell: Cell) -> None:
    assert _parse("is_head", cell) == (None, "bad_type", "error")


@pytest.mark.parametrize(
    ("cell", "number"), [(45.0, 45), ("45", 45), ("3.000", 3000), ("39.070", 39070), ("12,0", 12), ("0", 0)]
)
def test_whole_numbers(cell: Cell, number: int) -> None:
    assert _parse("posts", cell, "quotas") == (number, None, None)


@pytest.mark.parametrize(
    ("cell", "code"),
    [(4.5, "bad_type"), ("bốn", "bad_type"), (-1.0, "out_of_range"), (3e9, "out_of_range"), (True, "bad_type")],
)
def test_no_whole_numbers(cell: Cell, code: str) -> None:
    assert _parse("posts", cell, "quotas") == (None, code, "error")


def test_a_year_is_one_of_two_centuries() -> None:
    assert _parse("year", 2025.0, "quotas") == (2025, None, None)
    assert _parse("year", 25.0, "quotas") == (None, "out_of_range", "error")


@pytest.mark.parametrize(
    ("cell", "share"),
    [("45%", 0.45), ("52,5%", 0.525), (0.45, 0.45), ("0,45", 0.45), ("0.45", 0.45), (1.0, 1.0), (0.0, 0.0)],
)
def test_shares(cell: Cell, share: float) -> None:
    value, code, _ = _parse("minority_share", cell, "units")
    assert code is None
    assert value == pytest.approx(share)


@pytest.mark.parametrize(("cell", "code"), [(45.0, "out_of_range"), ("101%", "out_of_range"), ("nửa", "bad_type")])
def test_no_shares(cell: Cell, code: str) -> None:
    assert _parse("minority_share", cell, "units")[:2] == (None, code)


@pytest.mark.parametrize(
    ("column", "cell", "key"),
    [
        ("education", "Thạc sĩ", "master"),
        ("education", "Thạc sỹ", "master"),
        ("education", "Thac si", "master"),
        ("education", "THẠC SĨ", "master"),
        ("education", "master", "master"),
        ("sex", "nu", "female"),
        ("ethnicity", "H'Mông", "HMông"),
        ("post_kind", "Cấp trưởng sở, ban, ngành", "agency_head"),
    ],
)
def test_codes_as_officials_write_them(column: str, cell: str, key: str) -> None:
    assert _parse(column, cell) == (key, None, None)


def test_a_slip_is_an_error_with_the_nearest_label() -> None:
    column = PEOPLE.columns["education"]
    fault = PARSERS["codes"]("Đại hoc", column, PEOPLE).fault
    assert fault is not None
    assert (fault.severity, fault.code, fault.suggestion) == ("error", "unknown_code", "Có phải “Đại học”?")


def test_a_code_of_another_column_is_told_as_such() -> None:
    fault = PARSERS["codes"]("Viên chức quản lý", PEOPLE.columns["sex"], PEOPLE).fault
    assert fault is not None
    assert fault.suggestion == "Giá trị này thuộc cột “Loại cán bộ”."


@pytest.mark.parametrize(
    ("cell", "value", "code", "severity"),
    [
        ("001085000001", "001085000001", None, None),
        ("001 085 000 001", "001085000001", None, None),
        (79085000001.0, "079085000001", "bad_type", "warning"),
        (1085000001.0, "001085000001", "bad_type", "warning"),
        ("123456789", "123456789", "bad_type", "warning"),
        ("12345", None, "bad_type", "error"),
        ("0010850000012", None, "bad_type", "error"),
    ],
)
def test_national_ids(cell: Cell, value: str | None, code: str | None, severity: str | None) -> None:
    assert _parse("national_id", cell) == (value, code, severity)


@pytest.mark.parametrize(
    ("cell", "text", "code"),
    [
        (123.0, "123", None),
        (1.5, "1.5", None),
        ("00123", "00123", None),
        (date(2020, 2, 1), "01/02/2020", "bad_type"),
        (1e15, None, "bad_type"),
    ],
)
def test_text_stored_otherwise(cell: Cell, text: str | None, code: str | None) -> None:
    assert _parse("person_id", cell)[:2] == (text, code)
