"""Personnel records by the national field list as a workbook, and what is missing in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import xlsxwriter

from canbo.codes import code_list
from canbo.common.files import replacing
from canbo.common.findings import Finding
from canbo.common.language import pick
from canbo.common.numbers import print_count, print_day
from canbo.datasets.writing import Styles, make_styles, safe_text, set_paper
from canbo.register.national import Field, national_fields, person_sql, rows_sql
from canbo.snapshot.copying import copied
from canbo.snapshot.take import reading

PERSON_SHEET, INFO_SHEET = "Sơ yếu lý lịch", "Thông tin"
_PERSON_ID = Field("person_id", "Mã cán bộ", "text", required=True)
_ARROW = {
    "date": pa.date32(),
    "integer": pa.int32(),
    "decimal": pa.float64(),
    "boolean": pa.bool_(),
}
_DAY = 25569  # the serial number of 1970-01-01


@dataclass(frozen=True)
class Sheet:
    """A sheet of the record: its fields, person's code first, and its rows."""

    code: str
    title: str
    fields: tuple[Field, ...]
    rows: pa.Table


@dataclass(frozen=True)
class Records:
    """The records of all in service on a day, and what is missing in them."""

    day: date
    sheets: tuple[Sheet, ...]
    findings: tuple[Finding, ...]

    @property
    def people(self) -> int:
        """How many people."""
        return int(self.sheets[0].rows.num_rows)


def take_records(day: date, *, known: datetime | None = None) -> Records:
    """The records by the national list of who is in service on the day, as known at a moment (None: now).

    Findings say per field how many rows lack a value that must be there, and which fields the register cannot hold.
    """
    fields = national_fields()
    with reading():
        parts = [("person", PERSON_SHEET, fields.person, person_sql(day, known))]
        parts += [(rows.code, rows.vi, rows.fields, rows_sql(rows, day, known)) for rows in fields.sheets]
        sheets = tuple(
            Sheet(code, title, (_PERSON_ID, *columns), _copied(sql, (_PERSON_ID, *columns)))
            for code, title, columns, sql in parts
        )
    return Records(day, sheets, tuple(_check(sheets)))


def write_records(records: Records, path: Path, *, made_for: str) -> None:
    """Write the records as .xlsx: a sheet that says what this is, one row a person, and a sheet a table.

    Only its owner can read the file. ``made_for``: who made it, when and for what.

    :raises Refused: the file cannot be written.
    """
    with replacing(path) as temporary:
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        with xlsxwriter.Workbook(str(temporary), options) as workbook:
            styles = make_styles(workbook)
            _write_info(workbook, styles, records, made_for)
            for sheet in records.sheets:
                _write_sheet(workbook, styles, sheet)


def _copied(sql: str, fields: Sequence[Field]) -> pa.Table:
    types = {field.code: _ARROW.get(field.type, pa.string()) for field in fields}
    return copied(sql, types, empty_is_null=True)


def _check(sheets: Sequence[Sheet]) -> list[Finding]:
    findings = []
    for sheet in sheets:
        for field in sheet.fields:
            missing = sheet.rows[field.code].is_null().to_pylist() if field.required else []
            count = sum(missing)
            if count:
                findings.append(_missing(sheet, field, count, missing.index(True) + 2))
    names = ", ".join(f"“{field.vi}”" for field in national_fields().not_kept)
    message = pick(f"Cơ sở dữ liệu chưa có chỗ cho: {names}.", f"The register has no place yet for: {names}.")
    advice = pick("Các cột này để trống; hãy ghi tay nếu cần.", "Their columns stay empty; fill them in by hand.")
    return [*findings, Finding("warning", "missing_column", message, advice, sheet=PERSON_SHEET)]


def _missing(sheet: Sheet, field: Field, count: int, first: int) -> Finding:
    return Finding(
        "warning",
        "missing_value",
        pick(
            f"Thiếu “{field.vi}” ở {print_count(count)} dòng; danh mục quốc gia đòi hỏi có.",
            f"“{field.vi}” is missing in {print_count(count)} rows; the national list demands it.",
        ),
        pick("Bổ sung vào hồ sơ rồi xuất lại.", "Complete the records and export again."),
        sheet=sheet.title,
        row=first,
        column=field.vi,
    )


def _write_info(workbook: Any, styles: Styles, records: Records, made_for: str) -> None:
    sheet = workbook.add_worksheet(INFO_SHEET)
    sheet.set_landscape()
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 100)
    rows = [
        ("Tên dữ liệu", "Hồ sơ theo danh mục trường thông tin quốc gia"),
        ("Ngày dữ liệu", print_day(records.day)),
        ("Số người", print_count(records.people)),
        ("Người lập, mục đích", safe_text(made_for)),
        ("Lưu ý", "Tệp có dữ liệu cá nhân nhạy cảm: chỉ người được giao mới được đọc."),
        *(("Kiểm tra", finding.message) for finding in records.findings),
    ]
    for row, (name, value) in enumerate(rows):
        sheet.write_string(row, 0, name, styles.label)
        sheet.write_string(row, 1, value, styles.wrapped)


def _write_sheet(workbook: Any, styles: Styles, sheet: Sheet) -> None:
    page = workbook.add_worksheet(sheet.title[:31])
    page.freeze_panes(1, 2)
    set_paper(page, 18 * len(sheet.fields))
    page.autofilter(0, 0, sheet.rows.num_rows, len(sheet.fields) - 1)
    for place, field in enumerate(sheet.fields):
        page.set_column(place, place, 18)
        page.write_string(0, place, field.vi, styles.head)
    columns = [_shown(field, sheet.rows[field.code]) for field in sheet.fields]
    for row, cells in enumerate(zip(*columns, strict=True), start=1):
        for place, (field, cell) in enumerate(zip(sheet.fields, cells, strict=True)):
            if cell is None:
                continue
            if field.type in ("date", "integer", "decimal"):
                page.write_number(row, place, cell, styles.day if field.type == "date" else None)
            else:
                page.write_string(row, place, cell)


def _shown(field: Field, values: pa.ChunkedArray) -> list[Any]:
    if field.type == "date":
        return [None if day is None else day + _DAY for day in values.cast(pa.int32()).to_pylist()]
    if field.type == "boolean":
        return [None if value is None else "Có" if value else "Không" for value in values.to_pylist()]
    if field.type == "code":
        labels = {key: code.vi for key, code in code_list(field.codes or "").codes.items()}
        return [None if value is None else labels[value] for value in values.to_pylist()]
    if field.type in ("integer", "decimal"):
        return list(values.to_pylist())
    return [None if value is None else safe_text(value[:32_767]) for value in values.to_pylist()]
