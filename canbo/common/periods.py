"""Full years and months between two days, and periods of days. Reads no clock."""

from dataclasses import dataclass
from datetime import date, timedelta


def full_years(start: date, day: date) -> int:
    """Full years from one day to another; who was born on 29/02 is a year older on 01/03 of a common year.

    Negative before the first day; the SQL that measures uses the same integer form.
    """
    return (_number(day) - _number(start)) // 10000


def full_months(start: date, day: date) -> int:
    """Full months from one day to another."""
    return (day.year - start.year) * 12 + day.month - start.month - (day.day < start.day)


def _number(day: date) -> int:
    return day.year * 10000 + day.month * 100 + day.day


@dataclass(frozen=True)
class Period:
    """A half-open period of days, ``[start, end)``; an open end is None."""

    start: date
    end: date | None

    @classmethod
    def inclusive(cls, first: date, last: date | None) -> "Period":
        """From the first to the last day, both in it, as officials write."""
        return cls(first, None if last is None else last + timedelta(days=1))

    @property
    def last(self) -> date | None:
        """The last day in it."""
        return None if self.end is None else self.end - timedelta(days=1)

    def __contains__(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)
