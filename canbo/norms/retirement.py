"""The statutory retirement month by birth month and sex (Nghị định 135/2020/NĐ-CP). No exceptions for single posts."""

import calendar
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import yaml

Sex = Literal["male", "female"]
FIRST_MONTH = (1900, 1)
LAST_MONTH = (2020, 12)


@dataclass(frozen=True)
class MonthToCheck:
    """A birth month for which two readings of the decree give different months."""

    sex: Sex
    born: tuple[int, int]
    table: tuple[int, int]
    other: tuple[int, int]


@lru_cache(maxsize=1)
def _parameters() -> dict[str, Any]:
    source = files("canbo") / "definitions" / "norms" / "retirement.yaml"
    loaded: dict[str, Any] = yaml.safe_load(source.read_text("utf-8"))
    return loaded


def required_months(sex: Sex, year: int) -> int:
    """The age in months required of who retires in the year."""
    rows = _parameters()["required_months"]
    position = bisect_right([row["from"] for row in rows], year) - 1
    return int(rows[position][sex])


def retirement_month(sex: Sex, birth_year: int, birth_month: int) -> tuple[int, int]:
    """Year and month at whose end the person retires: the first in which the age reaches what that year requires."""
    born = birth_year * 12 + birth_month - 1
    month = born + 12 * 50
    while month - born < required_months(sex, month // 12):
        month += 1
    return month // 12, month % 12 + 1


def retirement_day(sex: Sex, birth: date) -> date:
    """The last day of the retirement month (Nghị định 135/2020/NĐ-CP, Điều 3)."""
    year, month = retirement_month(sex, birth.year, birth.month)
    return date(year, month, calendar.monthrange(year, month)[1])


@lru_cache(maxsize=2)
def retirement_days(sex: Sex) -> npt.NDArray[np.datetime64]:
    """The retirement day for each birth month from 01/1900 to 12/2020: index = months since 01/1900."""
    first = FIRST_MONTH[0] * 12
    last = LAST_MONTH[0] * 12 + LAST_MONTH[1] - 1
    days = [retirement_day(sex, date(month // 12, month % 12 + 1, 1)) for month in range(first, last + 1)]
    return np.array(days, dtype="datetime64[D]")


@lru_cache(maxsize=1)
def months_to_check() -> tuple[MonthToCheck, ...]:
    """The birth months whose retirement month an officer should check in the decree's annex."""

    def month(text: str) -> tuple[int, int]:
        year, number = text.split("-")
        return int(year), int(number)

    return tuple(
        MonthToCheck(row["sex"], month(row["born"]), month(row["table"]), month(row["other"]))
        for row in _parameters()["to_check"]
    )
