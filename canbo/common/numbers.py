"""Numbers and days as Vietnam writes them, read from text and printed. Exact shares live in ``shares``."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Literal

Precision = Literal["day", "month", "year"]
Rounding = Literal["half_up", "truncate"]

_EXCEL_EPOCH = date(1899, 12, 30)
_DAY = re.compile(r"^(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})$")
_ISO = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?$")
_WORDS = re.compile(r"^(?:ngày\s+)?(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})$", re.IGNORECASE)
_MONTH = re.compile(r"^(\d{1,2})[/.\-](\d{4})$")
_YEAR = re.compile(r"^(\d{4})$")


@dataclass(frozen=True)
class Day:
    """A day read from text: the first day it can be, the last day it can be, and how precisely it was written."""

    first: date
    last: date
    precision: Precision


def parse_day(text: str) -> Day | None:
    """Read 31/12/1975, 31-12-1975, 1975-12-31, “ngày 01 tháng 6 năm 2022”, 12/1975 or 1975; None if it is no day."""
    text = " ".join(text.split())
    try:
        if match := _DAY.match(text) or _WORDS.match(text):
            day, month, year = map(int, match.groups())
            return _exact(date(year, month, day))
        if match := _ISO.match(text):
            return _exact(date(*map(int, match.groups())))
        if match := _MONTH.match(text):
            month, year = map(int, match.groups())
            return Day(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]), "month")
        if match := _YEAR.match(text):
            year = int(match.group(1))
            return Day(date(year, 1, 1), date(year, 12, 31), "year") if 1900 <= year <= 2100 else None
    except (ValueError, calendar.IllegalMonthError):
        return None
    return None


def _exact(day: date) -> Day:
    return Day(day, day, "day")


def day_of_serial(serial: float) -> date | None:
    """The day of an Excel serial number (1900 system), None outside 1900–2100 or when it is no whole day."""
    if serial != int(serial) or not 1 <= serial <= 73415:
        return None
    return _EXCEL_EPOCH + timedelta(days=int(serial))


def parse_number(text: str) -> Decimal | None:
    """Read 52,28 or 52,28% or 3.000 or 1.234,5 or 53.35%; None when it is no number or could be two.

    A point with exactly three digits behind it separates thousands when the whole number is so grouped and is
    certainly a count (3.000); in 39.070 it could be either, so the reader must ask.
    A percent sign divides by nothing: the number printed before it is returned.
    """
    text = text.strip().removesuffix("%").strip().replace("\u00a0", "").replace(" ", "")
    if re.fullmatch(r"[+-]?\d+", text):
        return Decimal(text)
    if re.fullmatch(r"[+-]?\d{1,3}(\.\d{3})+,\d+", text):
        return Decimal(text.replace(".", "").replace(",", "."))
    if re.fullmatch(r"[+-]?\d+,\d+", text):
        return Decimal(text.replace(",", "."))
    if re.fullmatch(r"[+-]?[1-9]\d{0,2}(\.\d{3})+", text):
        groups = text.split(".")[1:]
        return Decimal(text.replace(".", "")) if len(groups) > 1 or groups[0] == "000" else None
    if re.fullmatch(r"[+-]?\d+\.\d+", text):
        return Decimal(text)
    return None


def parse_count(text: str) -> int | None:
    """Read a whole number in which a point can only separate thousands: 3.000, 39.070, 306."""
    text = text.strip().replace("\u00a0", "").replace(" ", "")
    if re.fullmatch(r"[+-]?\d+", text):
        return int(text)
    if re.fullmatch(r"[+-]?[1-9]\d{0,2}(\.\d{3})+", text):
        return int(text.replace(".", ""))
    return None


def print_day(day: date) -> str:
    """31/12/2025."""
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


def print_count(number: int) -> str:
    """2.500.000."""
    return f"{number:,}".replace(",", ".")


def print_decimal(value: Fraction, *, places: int, rounding: Rounding = "half_up") -> str:
    """1.234,50: exact, rounded half up or cut at the given places."""
    sign, scaled = ("-", -value) if value < 0 else ("", value)
    scaled *= 10**places
    whole = scaled.numerator // scaled.denominator if rounding == "truncate" else int(scaled + Fraction(1, 2))
    units, rest = divmod(whole, 10**places)
    return sign + print_count(units) + (f",{rest:0{places}d}" if places else "")


def print_percent(value: Fraction, *, places: int = 2, rounding: Rounding = "half_up") -> str:
    """52,28%: of the exact share 160/306, cut at two places."""
    return print_decimal(value * 100, places=places, rounding=rounding) + "%"
