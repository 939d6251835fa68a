"""The workbook that is checked: the file as it was sent, or a copy with the officer's columns and corrections in it."""

import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import xlsxwriter

from canbo.common.files import replacing
from canbo.datasets.dictionary import find_dataset
from canbo.datasets.raw import Cell, cells, shown
from canbo.web.imports.drafts import Draft
from canbo.web.imports.held_sheets import HeldSheet
from canbo.web.imports.meanings import SheetMeaning, column_named

_FOLDER = "copy"
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "nan_inf_to_errors": True,
}
_ERROR = "NA()"
_ERROR_FORMULA = f"<f>{_ERROR}</f>".encode()
_FIRST_YEAR = 1900  # of days that a workbook can hold as such
_MOST = 32_767  # characters of a cell
_LONGEST = 31  # characters of a sheet name
_BARRED = set("[]:*?/\\'")


@dataclass(frozen=True)
class Copy:
    """The workbook to read, and by name in it the sheet of the file that was sent."""

    path: Path
    names: dict[str, str]


def working_copy(draft: Draft, sheets: list[HeldSheet], found: list[SheetMeaning]) -> Copy:
    """What is to be read: the file itself where nothing was changed, else a new copy."""
    if not draft.is_changed:
        return Copy(draft.source, {sheet.name: sheet.name for sheet in sheets})
    folder = draft.folder / _FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{draft.source.stem}.xlsx"
    meant = {one.sheet.number: one for one in found if one.dataset is not None}
    written = [sheet for sheet in sheets if sheet.is_info or sheet.number in meant]
    names = _names(written, meant)
    with replacing(path) as target:
        with xlsxwriter.Workbook(str(target), _OPTIONS) as workbook:
            day = workbook.add_format({"num_format": "dd/mm/yyyy"})
            for sheet in written:
                _write_sheet(workbook.add_worksheet(names[sheet.number]), day, sheet, meant.get(sheet.number))
        if any(sheet.raw.errors for sheet in written):
            _strip_error_formulas(target)
    return Copy(path, {names[sheet.number]: sheet.name for sheet in written})


def _names(sheets: Iterable[HeldSheet], meant: dict[int, SheetMeaning]) -> dict[int, str]:
    """A name for each sheet that says its dataset; its own where that does, so that messages name what is known."""
    names: dict[int, str] = {}
    taken: set[str] = set()
    for sheet in sheets:
        dataset = meant[sheet.number].dataset if sheet.number in meant else None
        own = find_dataset(sheet.name) is dataset and len(sheet.name) <= _LONGEST and not _BARRED & set(sheet.name)
        name = sheet.name if own or dataset is None else dataset.vi
        base, number = name, 2
        while name.casefold() in taken:
            name, number = f"{base[: _LONGEST - 5]} ({number})", number + 1
        taken.add(name.casefold())
        names[sheet.number] = name
    return names


def _write_sheet(target: Any, day: Any, sheet: HeldSheet, meaning: SheetMeaning | None) -> None:
    columns = [[*cells(top), *cells(rest)] for top, rest in zip(sheet.raw.top, sheet.raw.rest, strict=True)]
    for key, text in sheet.corrections.items():
        row, place = map(int, key.split(","))
        columns[place][row] = text or None
    for one in meaning.columns if meaning is not None else ():
        if meaning is not None and meaning.dataset is not None and one.used != one.said:
            columns[one.place][meaning.head_row] = column_named(meaning.dataset, one.used).vi if one.used else None
    odd = [
        {
            row: kind
            for kind, places in (("f", sheet.raw.formulas), ("e", sheet.raw.errors))
            for row in places.get(n, ())
        }
        for n in range(len(columns))
    ]
    for row in range(sheet.rows):
        for place, column in enumerate(columns):
            kind = odd[place].get(row) if f"{row},{place}" not in sheet.corrections else None
            if kind == "e":
                target.write_formula(row, place, f"={_ERROR}", None, "#N/A")
            elif kind == "f":
                target.write_formula(row, place, "=0", None, shown(column[row]))
            elif column[row] is not None:
                _write_cell(target, day, row, place, column[row])


def _write_cell(target: Any, day: Any, row: int, place: int, cell: Cell | None) -> None:
    if isinstance(cell, bool):
        target.write_boolean(row, place, cell)
    elif isinstance(cell, date) and cell.year >= _FIRST_YEAR:
        target.write_datetime(row, place, datetime.combine(cell, time()), day)
    elif isinstance(cell, float):
        target.write_number(row, place, cell)
    elif cell:
        target.write_string(row, place, shown(cell)[:_MOST])


def _strip_error_formulas(path: Path) -> None:
    """Leave the error values alone: as formulas they would be told as another fault."""
    with zipfile.ZipFile(path) as package:
        parts = [(info.filename, package.read(info)) for info in package.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts:
            package.writestr(name, content.replace(_ERROR_FORMULA, b""))
