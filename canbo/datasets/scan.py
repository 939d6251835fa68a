"""The XML of a workbook read as bytes: DTDs, which cells are formulas or errors, how far sheets reach. No values."""

import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

MAX_CELLS = 40_000_000
"""The reader lays a sheet out densely, some 32 bytes a cell; a stray cell far away would make it take all memory."""

_CHUNK = 8 << 20
_DTD = re.compile(rb"<!(?:DOCTYPE|ENTITY)|<\x00!\x00[DE]|\x00<\x00![\x00]?[DE]")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_CELL = re.compile(rb"<(?:\w+:)?(row|c)(?=[\s/>])([^>]*)>(\s*<(?:\w+:)?f[\s/>])?")
_REFERENCE = re.compile(rb"""\br=["']([A-Z]*)(\d+)["']""")
_ERROR = re.compile(rb"""\bt=["']e["']""")
_WIDE = re.compile(rb'c r="([B-Z][A-Z]|[A-Z]{3})\d')
_NARROW = 52
"""Columns up to AZ, which are not told apart: finding the last one would cost more than it tells."""

_UNUSUAL = (b't="e"', b"t='e'", b"c r='", b"<c>", b"<row>", b":row>")
"""Error values, and cells and rows without reference: these are gone through one by one."""

_ROW = re.compile(rb"""<(?:\w+:)?row\b[^>]*?\br=["'](\d+)["']""")
_ODS = re.compile(rb"<(/?)table:(table|table-row|table-cell|covered-table-cell)(?=[\s/>])([^>]*)>")

Places = dict[int, list[int]]
"""Rows by column, both from 0."""


@dataclass
class SheetScan:
    """What is odd in one sheet."""

    formulas: Places = field(default_factory=lambda: defaultdict(list))
    errors: Places = field(default_factory=lambda: defaultdict(list))
    rows: int = 0
    columns: int = 0

    @property
    def too_wide(self) -> bool:
        """Whether laying the sheet out would take too much memory."""
        return self.rows * self.columns > MAX_CELLS


@dataclass
class Scan:
    """What is odd in a workbook, by sheet name."""

    sheets: dict[str, SheetScan] = field(default_factory=dict)
    has_dtd: bool = False
    has_links: bool = False


def scan_package(path: Path, form: str) -> Scan:
    """Scan every XML part once. Memory: one chunk of 8 MB, and the positions of what is odd."""
    scan = Scan()
    if form == "xls":
        return scan
    with zipfile.ZipFile(path) as package:
        names = _sheet_names(package) if form == "xlsx" else {}
        for part in package.namelist():
            lower = part.lower()
            if not lower.endswith((".xml", ".rels", ".vml")):
                continue
            if form == "ods" and lower == "content.xml":
                _scan_ods(package.read(part), scan)
                continue
            sheet = scan.sheets.setdefault(names[part], SheetScan()) if part in names else None
            _scan_part(package, part, sheet, scan)
            if scan.has_dtd:
                return scan
    return scan


def _scan_part(package: zipfile.ZipFile, part: str, sheet: SheetScan | None, scan: Scan) -> None:
    state = [-1, -1]
    for piece in _pieces(package, part):
        if b"<!" in piece or b"<\x00!" in piece:
            scan.has_dtd |= bool(_DTD.search(piece))
        if sheet is not None:
            _scan_rows(piece, sheet, state)


def _pieces(package: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The part in pieces that begin with a row, so that no cell is cut in two."""
    rest = b""
    with package.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            data = rest + chunk
            cut = max(data.rfind(b"<row"), data.rfind(b":row r"))
            cut = data.rfind(b"<", 0, cut + 1)
            if cut <= 0:
                cut = max(len(data) - 64, 0)
            yield data[:cut]
            rest = data[cut:]
    yield rest


def _scan_rows(piece: bytes, sheet: SheetScan, state: list[int]) -> None:
    formulas = (b"<f" in piece or b":f" in piece) and _FORMULA.search(piece)
    if formulas or any(mark in piece for mark in _UNUSUAL):
        _locate(piece, sheet, state)
        return
    last = max(piece.rfind(b"<row"), piece.rfind(b":row"))
    if last >= 0 and (match := _ROW.search(piece, max(last - 12, 0))):
        sheet.rows = max(sheet.rows, int(match.group(1)))
        state[:] = [sheet.rows - 1, -1]
    sheet.columns = max(sheet.columns, _NARROW)
    if _WIDE.search(piece):
        sheet.columns = max(sheet.columns, *(column_number(letters) + 1 for letters in set(_WIDE.findall(piece))))


def _locate(piece: bytes, sheet: SheetScan, state: list[int]) -> None:
    """Positions of formulas and error values; a cell without a reference follows the one before it."""
    row, column = state
    for match in _CELL.finditer(piece):
        reference = _REFERENCE.search(match.group(2))
        if match.group(1) == b"row":
            row, column = (int(reference.group(2)) - 1 if reference else row + 1), -1
        else:
            column = column_number(reference.group(1)) if reference and reference.group(1) else column + 1
            sheet.columns = max(sheet.columns, column + 1)
            if match.group(3):
                sheet.formulas[column].append(row)
            elif _ERROR.search(match.group(2)):
                sheet.errors[column].append(row)
        sheet.rows = max(sheet.rows, row + 1)
    state[:] = [row, column]


def column_number(letters: bytes) -> int:
    """The column from 0 of its letters: A = 0, XFD = 16383."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _sheet_names(package: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name by part; empty where the workbook's own list cannot be read (the reader then refuses it)."""
    parts = set(package.namelist())
    listing, links = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
    if listing not in parts or links not in parts:
        return {}
    data = [package.read(part) for part in (listing, links)]
    if any(_DTD.search(content) for content in data):
        return {}
    try:
        workbook, relations = (ElementTree.fromstring(content) for content in data)
    except ElementTree.ParseError:
        return {}
    targets = {item.get("Id"): item.get("Target", "") for item in relations}
    names = {}
    for item in workbook.iter():
        if item.tag.rpartition("}")[2] == "sheet":
            link = next((value for key, value in item.items() if key.rpartition("}")[2] == "id"), None)
            target = targets.get(link, "")
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            names[part] = item.get("name", "")
    return names


def _scan_ods(content: bytes, scan: Scan) -> None:
    scan.has_dtd |= bool(_DTD.search(content))
    scan.has_links |= b"<table:table-source" in content or b"dde-source" in content
    sheet = SheetScan()
    row = column = 0
    height = 1
    for match in _ODS.finditer(content):
        closing, tag, attributes = match.groups()
        if tag == b"table":
            if not closing:
                sheet = scan.sheets.setdefault(_attribute(attributes, b"name"), SheetScan())
                row = 0
        elif tag == b"table-row":
            if not closing:
                height, column = _repeated(attributes, b"number-rows-repeated"), 0
            if closing or attributes.endswith(b"/"):
                row += height
        elif not closing:
            width = _repeated(attributes, b"number-columns-repeated")
            if b"value-type" in attributes or b"table:formula" in attributes:
                sheet.rows, sheet.columns = max(sheet.rows, row + height), max(sheet.columns, column + width)
                if b"table:formula" in attributes:
                    sheet.formulas[column] += range(row, row + min(height, 1000))
            column += width


def _repeated(attributes: bytes, name: bytes) -> int:
    match = re.search(rb"table:" + name + rb'="(\d{1,9})"', attributes)
    return int(match.group(1)) if match else 1


def _attribute(attributes: bytes, name: bytes) -> str:
    match = re.search(rb"table:" + name + rb'="([^"]*)"', attributes)
    text = match.group(1).decode("utf-8", "replace") if match else ""
    return (
        text.replace("&apos;", "'")
        .replace("&quot;", '"')
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
    )
