"""Numbers and days as they are read and printed."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from canbo.common import numbers


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("32,12%", Decimal("32.12")),
        ("53.35%", Decimal("53.35")),
        ("3.000", Decimal(3000)),
        ("1.234.567", Decimal(1234567)),
        ("1.234,5", Decimal("1234.5")),
        ("306", Decimal(306)),
        ("-0,5", Decimal("-0.5")),
        ("39.070", None),  # 39 070 or 39,07: the reader must ask
        ("ba", None),
        ("", None),
        ("1,2,3", None),
    ],
)
def test_numbers_with_comma_and_point(written: str, read: Decimal | None) -> None:
    assert numbers.parse_number(written) == read


@pytest.mark.parametrize(
    ("written", "read"), [("39.070", 39070), ("3.000", 3000), ("12", 12), ("1.2", None), ("0.5", None)]
)
def test_counts_take_points_as_thousands(written: str, read: int | None) -> None:
    assert numbers.parse_count(written) == read


@pytest.mark.parametrize(
    "written",
    ["31/12/1975", "31-12-1975", "31.12.1975", "1975-12-31", "ngày 31 tháng 12 năm 1975", "1975-12-31 00:00:00"],
)
def test_a_day_in_every_form(written: str) -> None:
    assert numbers.parse_day(written) == numbers.Day(date(1975, 12, 31), date(1975, 12, 31), "day")


def test_a_month_and_a_year_keep_what_they_can_be() -> None:
    assert numbers.parse_day("02/1976") == numbers.Day(date(1976, 2, 1), date(1976, 2, 29), "month")
    assert numbers.parse_day("1975") == numbers.Day(date(1975, 1, 1), date(1975, 12, 31), "year")


@pytest.mark.parametrize(
    "written", ["31/02/1979", "31-9-2021", "12/31/2021", "0/5/2020", "13/2020", "hôm qua", "99999", ""]
)
def test_what_is_no_day(written: str) -> None:
    assert numbers.parse_day(written) is None


def test_serial_numbers_of_a_spreadsheet() -> None:
    assert numbers.day_of_serial(27759) == date(1975, 12, 31)
    assert numbers.day_of_serial(27759.5) is None
    assert numbers.day_of_serial(-4) is None


@pytest.mark.parametrize(
    ("count", "of", "rounding", "printed"),
    [
        (160, 306, "truncate", "52,28%"),
        (160, 306, "half_up", "52,29%"),
        (6, 145, "truncate", "4,13%"),
        (6, 145, "half_up", "4,14%"),
        (213, 663, "truncate", "32,12%"),
        (278, 521, "truncate", "53,35%"),
        (1, 2, "half_up", "50,00%"),
        (1, 8, "half_up", "12,50%"),
        (0, 7, "truncate", "0,00%"),
    ],
)
def test_percentages_are_printed_by_the_rule_of_the_scheme(
    count: int, of: int, rounding: numbers.Rounding, printed: str
) -> None:
    assert numbers.print_percent(Fraction(count, of), places=2, rounding=rounding) == printed


def test_counts_and_days_are_printed_as_vietnam_prints_them() -> None:
    assert numbers.print_count(2500000) == "2.500.000"
    assert numbers.print_day(date(2025, 1, 3)) == "03/01/2025"
    assert numbers.print_decimal(Fraction(-5, 2), places=1) == "-2,5"
