"""The day and the title that a file states: the sheet Thông tin, or info.yaml in a folder. Reads no datasets."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from canbo.common.findings import Finding
from canbo.common.language import pick
from canbo.common.numbers import day_of_serial, parse_day
from canbo.common.text import search_key, tidy
from canbo.datasets.raw import Cell, RawSheet, shown

SHEET = ("Thông tin", "Info")
DAY_HEAD = ("Ngày dữ liệu", "data_date")
TITLE_HEAD = ("Tên dữ liệu", "title")

GUIDE_SHEET, LISTS_SHEET = "Hướng dẫn", "Danh mục"
"""Sheets of the template that are for people and drop-down lists; they are passed over."""

_DAY_KEYS = {search_key(name) for name in (*DAY_HEAD, "Ngày của dữ liệu", "Tại ngày", "Data date")}
_TITLE_KEYS = {search_key(name) for name in (*TITLE_HEAD, "Tiêu đề")}


@dataclass(frozen=True)
class Info:
    """What the file states about itself."""

    data_date: date | None = None
    title: str | None = None
    findings: tuple[Finding, ...] = ()


def is_info_sheet(name: str) -> bool:
    """Whether the sheet says what the workbook is."""
    return search_key(name) in {search_key(known) for known in SHEET}


def is_passed_over(name: str) -> bool:
    """Whether the sheet is one that the template adds for people, not for data."""
    return search_key(name) in {search_key(known) for known in (GUIDE_SHEET, LISTS_SHEET)}


def read_info_sheet(sheet: RawSheet) -> Info:
    """The stated day and title: the cell to the right of its name, among the first rows."""
    pairs = []
    for row in range(len(sheet.top[0]) if sheet.top else 0):
        filled = [cell for cell in sheet.top_row(row) if cell is not None and shown(cell).strip()]
        if len(filled) >= 2:
            pairs.append((shown(filled[0]), filled[1], int(sheet.lines[row])))
    return _read(pairs, sheet.name)


def read_info_file(path: Path) -> Info:
    """The day and title of info.yaml; a finding where it is no mapping."""
    try:
        loaded: Any = yaml.safe_load(path.read_text("utf-8-sig"))
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError):
        loaded = None
    if not isinstance(loaded, dict):
        message = pick("Tệp info.yaml không đọc được.", "The file info.yaml cannot be read.")
        example = "data_date: 2025-12-31"
        return Info(findings=(Finding("error", "bad_type", message, example, sheet=path.name),))
    pairs = [(str(key), value if isinstance(value, date) else str(value), None) for key, value in loaded.items()]
    return _read(pairs, path.name)


def _read(pairs: Iterable[tuple[str, Cell, int | None]], sheet: str) -> Info:
    day: date | None = None
    title: str | None = None
    findings = []
    for name, cell, row in pairs:
        key = search_key(name.strip().rstrip(":"))
        if key in _TITLE_KEYS:
            title = tidy(shown(cell)) or None
        elif key in _DAY_KEYS:
            day = _day(cell)
            if day is None:
                findings.append(_no_day(sheet, row, name, shown(cell)))
    return Info(day, title, tuple(findings))


def _day(cell: Cell) -> date | None:
    if isinstance(cell, date):
        return cell
    if isinstance(cell, float):
        return day_of_serial(cell)
    parsed = parse_day(tidy(cell)) if isinstance(cell, str) else None
    return parsed.first if parsed and parsed.precision == "day" else None


def _no_day(sheet: str, row: int | None, name: str, value: str) -> Finding:
    return Finding(
        "error",
        "bad_date",
        pick(f"“{value}” không phải là ngày của dữ liệu.", f"“{value}” is no day for the data."),
        pick("Ghi đủ ngày, tháng, năm, ví dụ 31/12/2025.", "Write day, month and year, as in 31/12/2025."),
        sheet=sheet,
        row=row,
        column=name,
        value=value,
    )
