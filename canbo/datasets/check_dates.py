"""The order of days within a row, and against the person's birth. What contradicts itself is not used."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from canbo.common.language import pick
from canbo.common.numbers import print_day
from canbo.datasets.collect import Collector
from canbo.datasets.frames import Frame, Mask, Rows

LEAST_AGE = 15
"""Full years below which nobody is recruited, seated, promoted or graduated: an entry that says so has a wrong day."""

MOST_AGE = 100


@dataclass(frozen=True)
class _Order:
    """Two days of one row that must not be the other way round, and the cell not used (None: the row)."""

    first: str
    last: str
    cut: str | None


_ORDERS: Mapping[str, tuple[_Order, ...]] = {
    "units": (_Order("valid_from", "valid_to", "valid_to"),),
    "people": (
        _Order("recruited_on", "left_on", "recruited_on"),
        _Order("appointed_on", "term_ends_on", "term_ends_on"),
    ),
    "posts_held": (_Order("start_date", "end_date", None),),
    "memberships": (_Order("start_date", "end_date", None),),
    "classes": (_Order("start_date", "end_date", None),),
    "trainings": (_Order("start_date", "end_date", None),),
    "rotations": (_Order("start_date", "end_date", None),),
    "succession": (_Order("added_on", "removed_on", None),),
    "plans": (_Order("period_start", "period_end", None),),
}
_AFTER_BIRTH: Mapping[str, tuple[str, ...]] = {
    "people": ("party_official_date", "appointed_on", "recruited_on", "left_on"),
    "posts_held": ("start_date",),
    "qualifications": ("awarded_on",),
    "ranks": ("start_date",),
    "memberships": ("start_date",),
    "rotations": ("start_date",),
    "trainings": ("start_date",),
    "recruitments": ("recruited_on",),
}


def check_order(frame: Frame, found: Collector) -> None:
    """An end before its start: the row is not used; for people and units the cell that matters less is not."""
    for order in _ORDERS.get(frame.dataset.name, ()):
        if not frame.has(order.first, order.last):
            continue
        both = frame.valid(order.first) & frame.valid(order.last) & frame.keep
        rows = np.flatnonzero(both & (frame.days(order.last) < frame.days(order.first)))
        if not len(rows):
            continue
        column = order.cut or order.last
        frame.report(
            found,
            rows,
            column,
            "error",
            "date_order",
            _wrong_order(frame, order),
            pick("Sửa một trong hai ngày.", "Correct one of the two days."),
            _shown_day(frame, column),
        )
        if order.cut:
            frame.cut(order.cut, rows)
        else:
            frame.drop(rows)


def _wrong_order(frame: Frame, order: _Order) -> Callable[[int], str]:
    last, first = frame.head(order.last), frame.head(order.first)
    late, early = _shown_day(frame, order.last), _shown_day(frame, order.first)
    tail = _tail(frame.head(order.cut) if order.cut else None)

    def message(row: int) -> str:
        return pick(
            f"“{last}” ({late(row)}) trước “{first}” ({early(row)}). {tail}",
            f"“{last}” ({late(row)}) is before “{first}” ({early(row)}). {tail}",
        )

    return message


def _tail(cut: str | None) -> str:
    if cut is None:
        return pick("Cả dòng này không được dùng.", "The whole row is not used.")
    return pick(f"Ô “{cut}” không được dùng.", f"The cell “{cut}” is not used.")


def _shown_day(frame: Frame, column: str) -> Callable[[int], str]:
    def shown(row: int) -> str:
        day = frame.columns[column][row].as_py()
        return print_day(day) if isinstance(day, date) else ""

    return shown


def check_births(frame: Frame, people: Frame | None, found: Collector) -> None:
    """Days on which the person was not yet 15: the cell of people, or the row of another dataset, is not used."""
    columns = [column for column in _AFTER_BIRTH.get(frame.dataset.name, ()) if column in frame.columns]
    if people is None or not columns or not people.has("birth_date") or not frame.has("person_id"):
        return
    own = frame.dataset.name == "people"
    births = people.columns["birth_date"] if own else births_of(frame, people)
    known = births.is_valid().to_numpy(zero_copy_only=False)
    earliest = _numbers(births) + LEAST_AGE * 10000
    for column in columns:
        early = known & frame.valid(column) & frame.keep & (_numbers(frame.columns[column]) < earliest)
        rows = np.flatnonzero(early)
        tail = _tail(frame.head(column) if own else None)
        message = pick(
            f"Khi đó người này chưa đủ {LEAST_AGE} tuổi (so với ngày sinh). {tail}",
            f"The person was not yet {LEAST_AGE} (by the birth date). {tail}",
        )
        advice = pick("Sửa ngày này hoặc ngày sinh.", "Correct this day or the birth date.")
        frame.report(found, rows, column, "error", "date_order", message, advice, _shown_day(frame, column))
        if own:
            frame.cut(column, rows)
        else:
            frame.drop(rows)


def births_of(frame: Frame, people: Frame) -> pa.Array:
    """The birth date of each row's person; unknown where the person is not there."""
    kept = pa.array(np.flatnonzero(people.keep))
    codes = people.columns["person_id"].take(kept)
    return people.columns["birth_date"].take(kept).take(pc.index_in(frame.columns["person_id"], value_set=codes))


def _numbers(days: pa.Array) -> Rows:
    """Days as yyyymmdd, which grow by 10000 a year; zero where unknown."""
    parts = [part(days).fill_null(0).to_numpy(zero_copy_only=False) for part in (pc.year, pc.month, pc.day)]
    numbers: Rows = parts[0] * 10000 + parts[1] * 100 + parts[2]
    return numbers


def check_ages(people: Frame, day: date | None, found: Collector) -> None:
    """People in service on the data's day below 15 or above 100: told, the row is used."""
    if day is None or "birth_date" not in people.columns:
        return
    age = (day.year * 10000 + day.month * 100 + day.day - _numbers(people.columns["birth_date"])) // 10000
    serving: Mask = people.keep & people.valid("birth_date")
    if "left_on" in people.columns:
        serving &= ~people.valid("left_on")
    rows = np.flatnonzero(serving & ((age < LEAST_AGE) | (age > MOST_AGE)))
    people.report(
        found,
        rows,
        "birth_date",
        "warning",
        "out_of_range",
        lambda row: pick(
            f"Vào ngày {print_day(day)} người này {_years(int(age[row]))}.",
            f"On {print_day(day)} the person is {age[row]} years old.",
        ),
        pick("Kiểm tra ngày sinh.", "Check the birth date."),
        _shown_day(people, "birth_date"),
    )


def _years(age: int) -> str:
    return f"{age} tuổi" if age >= 0 else "chưa sinh"
