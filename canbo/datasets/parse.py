"""What one cell means for the type of its column, or what is wrong with it. Whole columns are in ``cells``."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from canbo.common.findings import Severity
from canbo.common.language import pick
from canbo.common.numbers import day_of_serial, parse_count, parse_day, parse_number, print_day
from canbo.common.text import match_key, search_key
from canbo.datasets.dictionary import Column, Dataset
from canbo.datasets.raw import Cell, shown

FIRST_YEAR, LAST_YEAR = 1900, 2100
FIRST_SERIAL, LAST_SERIAL = 10_000, 73_415
MAX_EXACT = 1e15
"""Excel keeps 15 digits of a number; codes longer than that were rounded."""

LAST_DAY_COLUMNS = frozenset({"end_date", "left_on", "term_ends_on", "valid_to", "period_end"})
"""Columns that hold a last day: known by month or year only, it is the last day that it can be."""

_YES = {match_key(word) for word in ("có", "x", "đúng", "true", "1", "yes", "y", "✓", "✔", "đạt", "co", "dung")}
_NO = {match_key(word) for word in ("không", "sai", "false", "0", "no", "n", "khong", "không đạt", "chưa đạt", "chưa")}
_TIME = re.compile(r"^(.*\d)[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?[APap][Mm])?Z?$")
_SHORT_YEAR = re.compile(r"^\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2}$")
_DAY = re.compile(r"^(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})$")
_SERIAL = re.compile(r"^\d{5}(\.0+)?$")


@dataclass(frozen=True)
class Fault:
    """What is wrong with a cell; an error means that it is not used."""

    severity: Severity
    code: str
    message: str
    suggestion: str | None = None


@dataclass(frozen=True)
class Parsed:
    """The value of a cell (None: empty or not used), its fault, and for a day the last one that it can be."""

    value: Any = None
    fault: Fault | None = None
    latest: date | None = None


Parser = Callable[[Cell, Column, Dataset], Parsed]


def _error(code: str, message: str, suggestion: str | None = None) -> Parsed:
    return Parsed(None, Fault("error", code, message, suggestion))


def parse_text(cell: Cell, column: Column, dataset: Dataset) -> Parsed:
    """Text; a number as its digits, a day as it is printed (and told of, since Excel makes days of codes like 1-2)."""
    text = shown(cell)
    if column.name == "national_id":
        return _national_id(text)
    if isinstance(cell, bool | str):
        return Parsed(text)
    if isinstance(cell, float):
        if abs(cell) >= MAX_EXACT:
            return _error(
                "bad_type",
                pick(f"Số “{text}” quá dài, Excel đã làm tròn.", f"The number “{text}” is too long; Excel rounded it."),
                pick("Định dạng cột là Text rồi gõ lại.", "Format the column as Text and type it again."),
            )
        return Parsed(text)
    fault = Fault(
        "warning",
        "bad_type",
        pick(
            f"Ô chữ chứa ngày, được đọc là “{text}”; Excel có thể đã tự đổi mã thành ngày.",
            f"A cell of text holds a day, read as “{text}”; Excel may have made a day of a code.",
        ),
        pick("Định dạng cột là Text rồi gõ lại nếu cần.", "Format the column as Text and type it again if needed."),
    )
    return Parsed(text, fault)


def _national_id(text: str) -> Parsed:
    digits = re.sub(r"[ .\-]", "", text).removeprefix("'")
    if re.fullmatch(r"[0-9]{12}", digits):
        return Parsed(digits)
    if re.fullmatch(r"[0-9]{9}", digits):
        message = pick("Số có 9 chữ số là chứng minh nhân dân cũ.", "A number of 9 digits is an old identity card's.")
        advice = pick("Ghi số định danh 12 chữ số.", "Write the national id of 12 digits.")
        return Parsed(digits, Fault("warning", "bad_type", message, advice))
    if re.fullmatch(r"[1-9][0-9]{9,10}", digits):
        full = digits.zfill(12)
        message = pick(
            "Số định danh mất số 0 ở đầu; số 0 được thêm lại.",
            "The national id lost its leading zeros; they are put back.",
        )
        advice = pick("Định dạng cột là Text để giữ số 0.", "Format the column as Text to keep the zeros.")
        return Parsed(full, Fault("warning", "bad_type", message, advice))
    return _error(
        "bad_type",
        pick("Ô này không chứa số định danh.", "The cell holds no national id."),
        pick("Số định danh có đúng 12 chữ số.", "A national id has exactly 12 digits."),
    )


def parse_date(cell: Cell, column: Column, dataset: Dataset) -> Parsed:
    """A day: an Excel day, its serial number, 31/12/1975, ISO, 12/1975 or 1975; from 1900 to 2100."""
    if isinstance(cell, bool):
        return _bad_date(shown(cell), None)
    if isinstance(cell, date):
        return _in_years(cell, cell, shown(cell))
    if isinstance(cell, float) and not (cell.is_integer() and FIRST_YEAR <= cell <= LAST_YEAR):
        return _serial_day(cell)
    text = shown(cell)
    if match := _TIME.match(text):
        text = match.group(1)
    if _SERIAL.match(text) and FIRST_SERIAL <= float(text) <= LAST_SERIAL:
        return _serial_day(float(text))
    parsed = parse_day(text)
    if parsed is None:
        return _bad_date(text, _date_advice(text))
    if parsed.precision == "day":
        return _in_years(parsed.first, parsed.first, text)
    used = parsed.last if column.name in LAST_DAY_COLUMNS else parsed.first
    found = _in_years(used, parsed.last, text)
    if found.fault:
        return found
    message = pick(
        f"“{text}” chỉ có {'tháng' if parsed.precision == 'month' else 'năm'}, được đọc là ngày {print_day(used)}.",
        f"“{text}” gives the {parsed.precision} only and is read as {print_day(used)}.",
    )
    advice = pick("Ghi đủ ngày, tháng, năm.", "Write day, month and year.")
    return Parsed(used, Fault("warning", "imprecise_date", message, advice), parsed.last)


def _serial_day(serial: float) -> Parsed:
    """The day of an Excel serial number, its time of day left off."""
    day = day_of_serial(float(int(serial))) if FIRST_SERIAL <= serial <= LAST_SERIAL else None
    return _in_years(day, day, shown(serial)) if day else _bad_date(shown(serial), None)


def _in_years(day: date, latest: date, text: str) -> Parsed:
    if FIRST_YEAR <= day.year <= LAST_YEAR:
        return Parsed(day, None, latest)
    return _bad_date(text, pick("Năm phải từ 1900 đến 2100.", "The year must be from 1900 to 2100."))


def _bad_date(text: str, advice: str | None) -> Parsed:
    advice = advice or pick("Sửa thành ngày dạng 31/12/1975.", "Write it as 31/12/1975.")
    return _error("bad_date", pick(f"“{text}” không phải là ngày.", f"“{text}” is no day."), advice)


def _date_advice(text: str) -> str | None:
    if _SHORT_YEAR.match(text):
        return pick("Ghi năm đủ 4 chữ số.", "Write the year with 4 digits.")
    match = _DAY.match(text)
    if not match:
        return None
    day, month, year = map(int, match.groups())
    if month > 12 >= day:
        return pick(
            f"Có phải {month:02d}/{day:02d}/{year}? Ngày ghi trước, tháng ghi sau.",
            f"Is it {month:02d}/{day:02d}/{year}? The day comes before the month.",
        )
    return pick("Tháng đó không có ngày này.", "That month has no such day.")


def parse_boolean(cell: Cell, column: Column, dataset: Dataset) -> Parsed:
    """Có/Không, x, Đúng/Sai, TRUE/FALSE, 1/0."""
    if isinstance(cell, bool):
        return Parsed(cell)
    text = shown(cell)
    key = match_key(text)
    if key in _YES or key in _NO:
        return Parsed(key in _YES)
    return _error(
        "bad_type",
        pick(f"“{text}” không phải là Có hay Không.", f"“{text}” is neither yes nor no."),
        pick("Ghi Có hoặc Không.", "Write Có or Không."),
    )


def parse_integer(cell: Cell, column: Column, dataset: Dataset) -> Parsed:
    """A whole number, in text also with points between thousands; not negative, a year from 1900 to 2100."""
    text = shown(cell)
    number: int | None = None
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < MAX_EXACT:
        number = int(cell)
    elif isinstance(cell, str):
        number = parse_count(cell)
        if number is None and re.fullmatch(r"\d+[.,]0+", cell):
            number = int(re.split("[.,]", cell)[0])
    if number is None:
        return _error(
            "bad_type",
            pick(f"“{text}” không phải là số nguyên.", f"“{text}” is no whole number."),
            pick("Ghi một số nguyên, ví dụ 1.250.", "Write a whole number, as 1250."),
        )
    low, high = (FIRST_YEAR, LAST_YEAR) if column.name == "year" else (0, 2_147_483_647)
    return Parsed(number) if low <= number <= high else _out_of_range(text, f"{low}", f"{high}")


def parse_decimal(cell: Cell, column: Column, dataset: Dataset) -> Parsed:
    """A number; in text with a decimal comma or point, and with a percent sign a hundredth of it."""
    text = shown(cell)
    if isinstance(cell, float):
        number = cell
    else:
        parsed = parse_number(cell) if isinstance(cell, str) else None
        if parsed is None:
            return _error(
                "bad_type",
                pick(
                    f"“{text}” không phải là số, hoặc có thể đọc theo hai cách.",
                    f"“{text}” is no number, or could be two.",
                ),
                pick("Ghi số với dấu phẩy thập phân, ví dụ 52,28%.", "Write it with a decimal comma, as 52,28%."),
            )
        number = float(parsed / 100 if text.rstrip().endswith("%") else parsed)
    if number != number or number in (float("inf"), float("-inf")):
        return _error("bad_type", pick(f"“{text}” không phải là số.", f"“{text}” is no number."))
    if column.range and not column.range[0] <= number <= column.range[1]:
        return _out_of_range(text, f"{column.range[0]:g}", f"{column.range[1]:g}")
    return Parsed(number)


def _out_of_range(text: str, low: str, high: str) -> Parsed:
    advice = pick("Với tỷ lệ, ghi 45% hoặc 0,45.", "Write a share as 45% or 0,45.") if high == "1" else None
    message = pick(f"“{text}” nằm ngoài khoảng từ {low} đến {high}.", f"“{text}” is outside {low} to {high}.")
    return _error("out_of_range", message, advice)


def parse_code(cell: Cell, column: Column, dataset: Dataset) -> Parsed:
    """The key of the code that the cell means; a value of another column's list is told as such."""
    text = shown(cell)
    codes = column.code_list
    if codes is None:
        return Parsed(text)
    if key := codes.match(text):
        return Parsed(key)
    message = pick(
        f"“{text}” không có trong danh mục của cột “{column.head}”.", f"“{text}” is not in the list of “{column.head}”."
    )
    return _error("unknown_code", message, code_advice(text, column, dataset))


def code_advice(text: str, column: Column, dataset: Dataset) -> str | None:
    """The nearest code of the list, else the column whose list has the value, else the list itself where short."""
    codes = column.code_list
    if codes is None:
        return None
    if near := codes.suggest(text):
        return pick(f"Có phải “{near}”?", f"Is it “{near}”?")
    for other in dataset.written:
        if other.code_list is not None and other.codes != column.codes and other.code_list.match(text):
            return pick(f"Giá trị này thuộc cột “{other.head}”.", f"The value belongs to column “{other.head}”.")
    labels = [code.label for code in codes.codes.values()]
    if len(labels) <= 8:
        return pick("Chọn một trong: ", "One of: ") + "; ".join(labels) + "."
    return pick("Xem danh mục trong mẫu (canbo template).", "See the list in the template (canbo template).")


PARSERS: Mapping[str, Parser] = {
    "text": parse_text,
    "codes": parse_code,
    "date": parse_date,
    "boolean": parse_boolean,
    "integer": parse_integer,
    "decimal": parse_decimal,
}


def is_marked_example(key: str | None) -> bool:
    """Whether a key marks the template's example row, which is not read."""
    return key is not None and search_key(key) == "vi du"
