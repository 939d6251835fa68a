"""Workbooks broken at random from a seed: cells, heads, rows, sheets and bytes. The same seed, the same workbook."""

import random
import zipfile
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from canbo.datasets.dictionary import Column, Dataset, dictionary

GARBAGE: tuple[Any, ...] = (
    *("", " ", "\u00a0", "?", "x", "Có", "không", "=1+1", "@x", "-", "'", "#N/A", "NULL", "1e400", "١٩٧٩", "😀", "%"),
    *("31/02/1979", "00/00/0000", "12/1975", "1975", "1/1/75", "31/12/9999", "9999-99-99", "1.2.3.4", "ngày mai"),
    *("a" * 5000, "e\u0323\u0302", "\u200b", "Thạc sỹ", "Đại hoc", "P1", "U1", "<b>&amp;</b>", "[red]x[/]"),
    *(0, -1, 1, 12.5, 1975, 27759, 73416, 1e15, 1e300, -1e-300, 79085000001, 2**53, True, False, None),
    *(datetime(1980, 5, 6), datetime(1900, 1, 1), datetime(2099, 1, 1, 13, 30)),  # noqa: DTZ001
)


@dataclass
class Broken:
    """A broken workbook and what was put into it: rows by dataset, and rows with a formula by sheet."""

    path: Path
    damaged: bool = False
    given: dict[str, int] = field(default_factory=dict)
    formula_rows: set[tuple[str, int]] = field(default_factory=set)


def make_broken(path: Path, seed: int) -> Broken:
    """Write the workbook of a seed."""
    draw = random.Random(seed)
    made = Broken(path)
    names = ["units", "people", *draw.sample([n for n in dictionary() if n not in ("units", "people")], 3)]
    draw.shuffle(names)
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "nan_inf_to_errors": True}) as workbook:
        day = workbook.add_format({"num_format": "dd/mm/yyyy"})
        for name in names:
            _write_sheet(workbook, day, dictionary()[name], draw, made)
        if draw.random() < 0.3:
            workbook.add_worksheet(draw.choice(["Ghi chú", "Thông tin", "Sheet1", "Danh mục"])).write(0, 0, "x")
    if draw.random() < 0.25:
        _damage(path, draw)
        made.damaged = True
    return made


def _write_sheet(workbook: Any, day: Any, dataset: Dataset, draw: random.Random, made: Broken) -> None:
    sheet = workbook.add_worksheet(draw.choice([dataset.vi, dataset.vi.upper(), dataset.name]))
    if draw.random() < 0.05:
        return
    columns = [c for c in dataset.written if c.required or draw.random() < 0.5]
    first = columns[0]
    if draw.random() < 0.3:
        draw.shuffle(columns)
    row = draw.choice([0, 0, 0, 1, 4])
    if row:
        sheet.merge_range(0, 0, 0, 3, "DANH SÁCH")
    for place, column in enumerate(columns):
        sheet.write_string(row, place, _head(column, first, draw))
    dirt = draw.choice([0, 0.01, 0.1, 0.6])
    given = 0
    for number in range(draw.choice([0, 1, 5, 30])):
        row += 1 if draw.random() < 0.95 else 3
        for place, column in enumerate(columns):
            broken = draw.random() < dirt and column is not first
            _write_cell(sheet, day, row, place, draw.choice(GARBAGE) if broken else _usual(column, number, draw))
            if broken and draw.random() < 0.05:
                sheet.write_formula(row, place, "=1+1", None, 2)
                made.formula_rows.add((sheet.get_name(), row + 1))
        given += 1
    made.given[dataset.name] = given


def _head(column: Column, first: Column, draw: random.Random) -> str:
    head = column.vi or column.name
    if column is first or draw.random() < 0.95:
        return draw.choice([head, head.upper(), column.name, f" {head} * "])
    return draw.choice([head + "h", "", "Ghi chú", head[:-1], "Họ và tên", head])


def _write_cell(sheet: Any, day: Any, row: int, place: int, value: Any) -> None:
    if isinstance(value, datetime):
        sheet.write_datetime(row, place, value, day)
    elif isinstance(value, bool):
        sheet.write_boolean(row, place, value)
    elif isinstance(value, int | float):
        sheet.write_number(row, place, value)
    elif value:
        sheet.write_string(row, place, value)


def _usual(column: Column, number: int, draw: random.Random) -> Any:
    if column.references or column.name in ("unit_id", "person_id", "list_id", "class_id", "plan_id"):
        prefix = {"units": "U", "people": "P", "classes": "L", "succession_lists": "D"}.get(column.references or "", "")
        prefix = prefix or column.name[0].upper()
        return f"{prefix}{number if not column.references else draw.randrange(30)}"
    if column.code_list is not None:
        code = draw.choice(list(column.code_list.codes.values()))
        return draw.choice([code.key, code.vi, code.vi.upper()])
    if column.kind == "date":
        return datetime(draw.randrange(1950, 2025), draw.randrange(1, 13), draw.randrange(1, 29))  # noqa: DTZ001
    if column.kind == "boolean":
        return draw.choice(["Có", "Không", True, 0, "x", None])
    if column.kind in ("integer", "decimal"):
        return draw.choice([0.5, 1, 0]) if column.range else draw.randrange(1950, 2050)
    return draw.choice(["Nguyễn Văn An", "2024", "Thạc sĩ", 12, "a b"])


def _damage(path: Path, draw: random.Random) -> None:
    """Bytes flipped or cut in the file, or in one of its parts."""
    if draw.random() < 0.4:
        path.write_bytes(_mangle(path.read_bytes(), draw))
        return
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    victim = draw.choice(sorted(parts))
    parts[victim] = _mangle(parts[victim], draw)
    if draw.random() < 0.2:
        parts.pop(victim)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)


def _mangle(content: bytes, draw: random.Random) -> bytes:
    data = bytearray(content)
    way = draw.randrange(4)
    if way == 0:
        return bytes(data[: draw.randrange(len(data))])
    if way == 1:
        for _ in range(draw.randrange(1, 20)):
            data[draw.randrange(len(data))] = draw.randrange(256)
        return bytes(data)
    place = draw.randrange(len(data))
    if way == 2:
        return bytes(data[:place] + bytes(draw.randrange(1, 200)) + data[place:])
    extra = draw.choice(
        [b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', b"<!DOCTYPE x>", b"<f>1</f>", b"&a;"]
    )
    return bytes(data[:place] + extra + data[place:])
