"""The retirement month by Nghị định 135/2020/NĐ-CP, held against the printed tables and the vectors of directive 45."""

from datetime import date

import pytest

from canbo.norms.retirement import (
    Sex,
    months_to_check,
    required_months,
    retirement_day,
    retirement_days,
    retirement_month,
)


@pytest.mark.parametrize(
    ("year", "male", "female"),
    [(2021, (60, 3), (55, 4)), (2025, (61, 3), (56, 8)), (2026, (61, 6), (57, 0)), (2027, (61, 9), (57, 4)),
     (2028, (62, 0), (57, 8)), (2034, (62, 0), (59, 8)), (2035, (62, 0), (60, 0)), (2050, (62, 0), (60, 0))],
)  # fmt: skip
def test_required_age_by_year_of_retirement(year: int, male: tuple[int, int], female: tuple[int, int]) -> None:
    assert required_months("male", year) == male[0] * 12 + male[1]
    assert required_months("female", year) == female[0] * 12 + female[1]


@pytest.mark.parametrize(
    ("sex", "born", "years", "months"),
    [
        ("male", (1961, 1), 60, 3), ("male", (1961, 9), 60, 3), ("male", (1961, 10), 60, 6), ("male", (1962, 7), 60, 9),
        ("male", (1963, 4), 61, 0), ("male", (1964, 1), 61, 3), ("male", (1964, 10), 61, 6), ("male", (1965, 7), 61, 9),
        ("male", (1966, 4), 62, 0), ("female", (1966, 1), 55, 4), ("female", (1966, 9), 55, 8),
        ("female", (1967, 5), 56, 0), ("female", (1968, 1), 56, 4), ("female", (1968, 9), 56, 8),
        ("female", (1970, 1), 57, 4), ("female", (1971, 5), 58, 0), ("female", (1973, 5), 59, 0),
        ("female", (1975, 5), 60, 0),
    ],
)  # fmt: skip
def test_the_bands_of_birth_months(sex: Sex, born: tuple[int, int], years: int, months: int) -> None:
    year, month = retirement_month(sex, *born)
    assert year * 12 + month - (born[0] * 12 + born[1]) == years * 12 + months


@pytest.mark.parametrize(
    ("sex", "first_born", "reference", "months_left"),
    [
        ("male", (1968, 9), (2025, 9), 60), ("female", (1972, 5), (2025, 9), 60), ("male", (1967, 9), (2025, 9), 48),
        ("female", (1971, 9), (2025, 9), 48), ("male", (1968, 6), (2025, 6), 60), ("female", (1972, 2), (2025, 6), 60),
        ("male", (1967, 6), (2025, 6), 48), ("female", (1971, 6), (2025, 6), 48), ("male", (1968, 7), (2025, 7), 60),
        ("female", (1972, 3), (2025, 7), 60), ("male", (1968, 4), (2025, 4), 60), ("female", (1972, 1), (2025, 4), 60),
        ("male", (1967, 3), (2025, 9), 42),
    ],
)  # fmt: skip
def test_who_has_enough_months_left_for_a_term(
    sex: Sex, first_born: tuple[int, int], reference: tuple[int, int], months_left: int
) -> None:
    def left(born: tuple[int, int]) -> int:
        year, month = retirement_month(sex, *born)
        return (year - reference[0]) * 12 + month - reference[1]

    year, month = first_born
    before = (year, month - 1) if month > 1 else (year - 1, 12)
    assert left(first_born) >= months_left
    assert left(before) < months_left


def test_who_retires_does_so_on_the_last_day_of_the_month() -> None:
    assert retirement_day("female", date(1969, 4, 17)) == date(2025, 12, 31)
    assert retirement_day("male", date(1961, 1, 31)) == date(2021, 4, 30)


def test_the_month_on_which_two_readings_differ_is_named() -> None:
    (month,) = months_to_check()
    assert (month.sex, month.born, month.table) == ("female", (1969, 5), (2026, 5))
    assert retirement_month("female", 1969, 5) == month.table


def test_the_whole_table_agrees_with_the_single_days() -> None:
    days = retirement_days("female")
    assert days[(1969 - 1900) * 12 + 3].item() == date(2025, 12, 31)
    assert len(days) == 121 * 12
