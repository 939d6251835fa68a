"""Writing datasets as a workbook that officials read and CanBo reads back. The blank one is in ``template``.

A text that begins with = + - or @ gets an apostrophe before it, as part of the text: a cell of text is never run by a
spreadsheet, but saved on as CSV and opened again it would be. Reading takes the apostrophe away again.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import pyarrow as pa
import xlsxwriter

from canbo.codes import code_list
from canbo.common.files import replacing
from canbo.common.language import pick
from canbo.common.numbers import print_day
from canbo.datasets.bundle import BIRTH_LATEST
from canbo.datasets.dictionary import Column, Dataset, dictionary
from canbo.datasets.info import DAY_HEAD, SHEET, TITLE_HEAD
from canbo.datasets.version import content_version

MAX_ROWS = 1_048_575
"""Rows of a sheet below its heads."""

MAX_TEXT = 32_767
_SLICE = 20_000
_EPOCH = date(1899, 12, 30).toordinal()
_FIRST_SERIAL = date(1900, 3, 1)  # before it Excel counts a day that never was
_RISKY = re.compile(r"^'*[=+@-]")
_DAY_FORMAT = "dd/mm/yyyy"
_WIDEST, _SAMPLE, _READABLE, _HEAD_HEIGHT = 48, 500, 230, 34


def safe_text(text: str) -> str:
    """The text as written, so that no spreadsheet ever runs it."""
    return f"'{text}" if _RISKY.match(text) else text


@dataclass(frozen=True)
class Styles:
    """The formats of a workbook."""

    head: Any
    day: Any
    share: Any
    label: Any
    wrapped: Any


def make_styles(workbook: Any) -> Styles:
    """The formats used in every workbook of data."""
    return Styles(
        head=workbook.add_format(
            {"bold": True, "bg_color": "#0F5C5C", "font_color": "#FFFFFF", "valign": "vcenter", "text_wrap": True}
        ),
        day=workbook.add_format({"num_format": _DAY_FORMAT, "align": "left"}),
        share=workbook.add_format({"num_format": "0.00%"}),
        label=workbook.add_format({"bold": True, "valign": "top"}),
        wrapped=workbook.add_format({"text_wrap": True, "valign": "top", "align": "left"}),
    )


def write_workbook(
    tables: Mapping[str, pa.Table],
    path: Path,
    *,
    data_date: date,
    title: str | None = None,
    made_for: str | None = None,
) -> None:
    """Write canonical tables as .xlsx: one sheet a dataset, first a sheet that says what this is and of which day.

    The same tables give the same bytes: the creation date in the properties is the data's day. Only its owner can
    read the file. ``made_for``: who made it, when and for what, as one sentence.

    :raises Refused: the file cannot be written.
    """
    with replacing(path) as temporary:
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        with xlsxwriter.Workbook(str(temporary), options) as workbook:
            name = title or pick("Dữ liệu cán bộ", "Personnel data")
            workbook.set_properties(
                {
                    "title": name,
                    "subject": pick(f"Dữ liệu ngày {print_day(data_date)}", f"Data of {print_day(data_date)}"),
                    "author": "CanBo",
                    "comments": made_for or "",
                    "created": datetime.combine(data_date, time()),
                }
            )
            styles = make_styles(workbook)
            _write_info(workbook, styles, tables, data_date, title, made_for)
            for dataset in dictionary().values():
                if dataset.name in tables:
                    _write_dataset(workbook, styles, dataset, tables[dataset.name])


def set_paper(sheet: Any, width: float) -> None:
    """Printed on A4 lying: all columns on the width where that can be read, else the first two on each page."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_row(0, _HEAD_HEIGHT)
    sheet.repeat_rows(0)
    if width <= _READABLE:
        sheet.fit_to_pages(1, 0)
    else:
        sheet.repeat_columns(0, 1)


def _write_info(
    workbook: Any,
    styles: Styles,
    tables: Mapping[str, pa.Table],
    data_date: date,
    title: str | None,
    made_for: str | None,
) -> None:
    sheet = workbook.add_worksheet(SHEET[0])
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 80)
    rows: list[tuple[str, str | int | date]] = [
        (TITLE_HEAD[0], safe_text(title or pick("Dữ liệu cán bộ", "Personnel data"))),
        (DAY_HEAD[0], data_date),
        (pick("Phiên bản dữ liệu", "Version of the data"), content_version(tables)),
        (pick("Phiên bản quy tắc", "Version of the rules"), f"CanBo {_program_version()}"),
        (pick("Người lập, mục đích", "Made by and for"), safe_text(made_for or pick("Không ghi", "Not stated"))),
        (
            pick("Lưu ý", "Note"),
            pick(
                "Tệp có dữ liệu cá nhân: chỉ người được giao mới được đọc. Số dòng của từng trang ghi ở dưới.",
                "The file holds personal data: only those entrusted may read it. Rows of each sheet below.",
            ),
        ),
    ]
    rows += [(dataset.vi, tables[dataset.name].num_rows) for dataset in dictionary().values() if dataset.name in tables]
    for row, (name, value) in enumerate(rows):
        sheet.write_string(row, 0, name, styles.label)
        if isinstance(value, date):
            sheet.write_number(row, 1, _serial(value), styles.day)
        elif isinstance(value, int):
            sheet.write_number(row, 1, value, styles.wrapped)
        else:
            sheet.write_string(row, 1, value, styles.wrapped)


def _write_dataset(workbook: Any, styles: Styles, dataset: Dataset, table: pa.Table) -> None:
    columns = [column for column in dataset.written if column.name in table.column_names]
    widths = [_width(column, table) for column in columns]
    for number, first in enumerate(range(0, max(table.num_rows, 1), MAX_ROWS), start=1):
        part = table.slice(first, MAX_ROWS)
        sheet = workbook.add_worksheet(dataset.vi if number == 1 else f"{dataset.vi} ({number})")
        sheet.freeze_panes(1, min(2, len(columns)))
        set_paper(sheet, sum(widths))
        if columns:
            sheet.autofilter(0, 0, part.num_rows, len(columns) - 1)
        for place, (column, width) in enumerate(zip(columns, widths, strict=True)):
            sheet.set_column(place, place, width)
            sheet.write_string(0, place, column.vi or column.name, styles.head)
        _write_rows(sheet, styles, dataset, columns, part)


def _width(column: Column, table: pa.Table) -> float:
    """Wide enough for what the first rows hold and for half of the head, which wraps."""
    longest = max(len(column.vi or column.name) * 0.7, 11 if column.kind == "date" else 6)
    sample = table[column.name].slice(0, _SAMPLE)
    if column.kind == "codes" and column.code_list is not None:
        texts = [column.code_list[key].vi for key in set(sample.to_pylist()) if key is not None]
    else:
        texts = sample.to_pylist() if column.kind == "text" else []
    return min(max([longest, *(len(text or "") for text in texts)]) + 2.5, _WIDEST)


def _write_rows(sheet: Any, styles: Styles, dataset: Dataset, columns: Sequence[Column], table: pa.Table) -> None:
    writers = [_writer(column, sheet, styles) for column in columns]
    row = 0
    for first in range(0, table.num_rows, _SLICE):
        part = table.slice(first, _SLICE)
        values = [_shown(dataset, column, part) for column in columns]
        for cells in zip(*values, strict=True):
            row += 1
            for place, cell in enumerate(cells):
                if cell is not None:
                    writers[place](row, place, cell)


def _writer(column: Column, sheet: Any, styles: Styles) -> Callable[[int, int, Any], None]:
    """What writes one cell of the column."""
    string, number, day = sheet.write_string, sheet.write_number, styles.day

    def write_day(row: int, place: int, cell: Any) -> None:
        if type(cell) is str:
            string(row, place, cell)
        else:
            number(row, place, cell, day)

    def write_share(row: int, place: int, cell: Any) -> None:
        number(row, place, cell, styles.share)

    if column.kind == "date":
        return write_day
    if column.range == (0, 1):
        return write_share
    written: Callable[[int, int, Any], None] = number if column.kind in ("integer", "decimal") else string
    return written


def _shown(dataset: Dataset, column: Column, table: pa.Table) -> Iterator[Any]:
    """The cells of a column as written: labels of codes, Có and Không, serial numbers of days."""
    values = table[column.name].to_pylist()
    if column.kind == "date":
        ends = (
            table[BIRTH_LATEST].to_pylist()
            if column.name == "birth_date" and BIRTH_LATEST in table.column_names
            else values
        )
        return (_shown_day(day, end) for day, end in zip(values, ends, strict=True))
    if column.kind == "boolean":
        return (None if value is None else "Có" if value else "Không" for value in values)
    if column.kind == "codes" and column.code_list is not None:
        labels = {key: code.vi for key, code in column.code_list.codes.items()}
        return (None if value is None else labels[value] for value in values)
    if column.codes_by_kind:
        return _shown_levels(column.codes_by_kind, table["kind"].to_pylist(), values)
    if column.kind == "text":
        return (None if not value else safe_text(value[:MAX_TEXT]) for value in values)
    return iter(values)


def _shown_levels(lists: Mapping[str, str], kinds: Sequence[str], values: Sequence[str | None]) -> Iterator[str | None]:
    labels = {kind: {key: code.vi for key, code in code_list(name).codes.items()} for kind, name in lists.items()}
    for kind, value in zip(kinds, values, strict=True):
        yield None if value is None else labels.get(kind, {}).get(value) or safe_text(value[:MAX_TEXT])


def _shown_day(day: date | None, latest: date | None) -> float | str | None:
    """The serial number; a day known by month or year only, or older than Excel's count, as text."""
    if day is None:
        return None
    if latest is not None and latest != day:
        return f"{day.year}" if (latest.month, latest.day) == (12, 31) and day.month == 1 else f"{day:%m/%Y}"
    return _serial(day) if day >= _FIRST_SERIAL else print_day(day)


def _program_version() -> str:
    try:
        return version("canbo")
    except PackageNotFoundError:  # run from its source, not installed
        return pick("chưa đóng gói", "not packaged")


def _serial(day: date) -> int:
    return day.toordinal() - _EPOCH
