"""Cells, formats, names and print set-up of the sheets of an Excel report. Knows no indicators.

Text never becomes a formula, a link or a number: every text is written as a string. Texts that a spreadsheet
would take for a formula when they are typed (``= + - @``, tab, return) also carry the quote prefix, so that
opening the cell and leaving it again does not run them. What is left: saved as CSV by hand and opened again,
such a text is a formula to the spreadsheet; nothing in a workbook can prevent that.
"""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Literal

import xlsxwriter

from canbo.common.language import pick
from canbo.common.numbers import print_day
from canbo.common.text import nfc, search_key

Kind = Literal["text", "wrap", "count", "date", "day", "percent", "right", "bar"]

LONGEST_TEXT = 32_767
MOST_ROWS = 1_000_000
NAME_LENGTH = 31
LINE_HEIGHT = 12.75
TALLEST_ROW = 400
UPRIGHT_HEIGHT = 210

_RISKY = tuple("=+-@＝＋－＠")
_FORBIDDEN_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f\U00010000-\U0010ffff]")
_SURROGATES = re.compile(r"[\ud800-\udfff\ufffe\uffff]")

_INK, _LINE, _HEAD, _ACCENT = "#1F2933", "#B8C0C2", "#E4E9E9", "#0B5358"
_TONES = {"met": "#E3F1E6", "short": "#FDEFD2", "late": "#F8DEDA", "unknown": "#EEF0F0", "report": "#FFFFFF"}


@dataclass(frozen=True)
class Link:
    """A text that leads to another sheet of the workbook."""

    text: str
    sheet: str


@dataclass(frozen=True)
class Toned:
    """A value with the tone that colours its cell."""

    value: "str | int | Fraction | date | None"
    tone: str


Cell = str | int | Fraction | date | Link | Toned | None


@dataclass(frozen=True)
class Column:
    """A column of a table: its head (upright in narrow columns), how its cells are written, its width in characters."""

    head: str
    kind: Kind = "text"
    width: float = 12
    upright: bool = False


class Book:
    """A workbook being written: its formats, kept once each, and the names already given to sheets."""

    def __init__(self, path: str, *, places: int) -> None:
        safe = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self.file: Any = xlsxwriter.Workbook(path, safe)
        self.places = places
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}
        self._names: set[str] = set()

    def format(self, **properties: Any) -> Any:
        """The format with the properties, over the report's own font."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            base = {"font_name": "Arial", "font_size": 10, "font_color": _INK, "valign": "top"}
            self._formats[key] = self.file.add_format(base | properties)
        return self._formats[key]

    def cell_format(self, kind: Kind, *, risky: bool = False, tone: str | None = None) -> Any:
        """The format of a table's cell; ``risky`` text carries the quote prefix."""
        properties: dict[str, Any] = {"bottom": 4, "bottom_color": _LINE}
        by_kind: dict[Kind, dict[str, Any]] = {
            "text": {"indent": 1, "align": "left"},
            "wrap": {"text_wrap": True, "indent": 1, "align": "left"},
            "count": {"num_format": "#,##0", "align": "right"},
            "date": {"num_format": "dd/mm/yyyy", "align": "center"},
            "day": {"num_format": "dd/mm/yyyy", "align": "left"},
            "percent": {"num_format": f"0.{'0' * self.places}%" if self.places else "0%", "align": "right"},
            "right": {"align": "right"},
            "bar": {"indent": 1, "align": "left", "font_name": "Courier New", "font_size": 9},
        }
        properties |= by_kind[kind]
        if risky:
            properties["quote_prefix"] = True
        if tone:
            properties["bg_color"] = _TONES[tone]
        return self.format(**properties)

    def add(self, wished: str) -> "Sheet":
        """A new sheet under the wished name, or the nearest one that Excel takes and that is still free."""
        name = free_name(wished, self._names)
        self._names.add(name.casefold())
        return Sheet(self, self.file.add_worksheet(name), name)


class Sheet:
    """A sheet being written from the top down."""

    def __init__(self, book: Book, page: Any, name: str) -> None:
        self.book, self.page, self.name = book, page, name
        self.row = 0
        self.heading = name

    def title(self, text: str) -> None:
        """The sheet's heading, in one cell that runs over its neighbours."""
        self.heading = text
        head = self.book.format(bold=True, font_size=14, font_color=_ACCENT)
        self.page.write_string(self.row, 0, tidy_cell(text), head)
        self.page.set_row(self.row, 24)
        self.row += 1

    def line(self, text: str, *, strong: bool = False) -> None:
        """One line of text above a table."""
        look = self.book.format(bold=True) if strong else self.book.format(font_color="#4A5559")
        self.page.write_string(self.row, 0, tidy_cell(text), look)
        self.row += 1

    def back_link(self, link: Link) -> None:
        """A line that leads to another sheet."""
        self._write_link(self.row, 0, link, framed=False)
        self.row += 1

    def table(
        self,
        columns: Sequence[Column],
        rows: Iterable[Sequence[Cell]],
        *,
        fixed: int = 0,
        filtered: bool = True,
    ) -> int:
        """Heads that stay in view and repeat on paper, a filter, and the rows; returns how many rows.

        ``fixed``: how many columns stay in view when scrolling sideways.
        """
        first, number = self.row, 0
        for at, column in enumerate(columns):
            self.page.set_column(at, at, column.width)
            self._write_head(first, at, column)
        if any(column.upright for column in columns):
            self.page.set_row(first, UPRIGHT_HEIGHT)
        else:
            self._set_height(first, columns, [column.head for column in columns], wrapped=True)
        for number, row in enumerate(rows, start=1):
            for at, (column, cell) in enumerate(zip(columns, row, strict=True)):
                self._write(first + number, at, cell, column.kind)
            self._set_height(first + number, columns, row)
        self.page.freeze_panes(first + 1, fixed)
        if filtered:
            self.page.autofilter(first, 0, first + max(number, 1), len(columns) - 1)
        self.page.repeat_rows(first)
        self.row = first + number + 1
        return number

    def _write_head(self, row: int, at: int, column: Column) -> None:
        look = {"bold": True, "text_wrap": True, "bg_color": _HEAD, "top": 1, "bottom": 1, "align": "center"}
        turned = {"rotation": 90, "font_size": 9, "valign": "bottom"} if column.upright else {"valign": "vcenter"}
        self.page.write_string(row, at, tidy_cell(column.head), self.book.format(**(look | turned)))

    def _set_height(self, row: int, columns: Sequence[Column], cells: Sequence[Cell], *, wrapped: bool = False) -> None:
        """As high as its longest wrapped text needs: not every program works that out on opening."""
        lines = max(
            (
                _lines(cell, column.width)
                for column, cell in zip(columns, cells, strict=True)
                if isinstance(cell, str) and (wrapped or column.kind == "wrap")
            ),
            default=1,
        )
        if lines > 1:
            self.page.set_row(row, min(lines * LINE_HEIGHT + 2, TALLEST_ROW))

    def _write(self, row: int, at: int, cell: Cell, kind: Kind) -> None:
        value, tone = (cell.value, cell.tone) if isinstance(cell, Toned) else (cell, None)
        if isinstance(value, Link):
            self._write_link(row, at, value)
        elif value is None or value == "":
            self.page.write_blank(row, at, None, self.book.cell_format(kind, tone=tone))
        elif isinstance(value, str):
            self._write_text(row, at, value, kind if kind in ("wrap", "right", "bar") else "text", tone)
        elif isinstance(value, date):
            self._write_day(row, at, value, kind)
        else:
            self.page.write_number(row, at, float(value), self.book.cell_format(kind, tone=tone))

    def _write_text(self, row: int, at: int, text: str, kind: Kind, tone: str | None) -> None:
        risky = text.lstrip().startswith(_RISKY) or text[0].isspace()
        self.page.write_string(row, at, tidy_cell(text), self.book.cell_format(kind, risky=risky, tone=tone))

    def _write_day(self, row: int, at: int, day: date, kind: Kind) -> None:
        if day.year < 1900:  # Excel has no such day
            self.page.write_string(row, at, print_day(day), self.book.cell_format("text"))
        else:
            look = self.book.cell_format("date" if kind == "date" else "day")
            self.page.write_datetime(row, at, day, look)

    def _write_link(self, row: int, at: int, link: Link, *, framed: bool = True) -> None:
        frame = {"bottom": 4, "bottom_color": _LINE} if framed else {}
        look = self.book.format(font_color=_ACCENT, underline=1, **frame)
        quoted = link.sheet.replace("'", "''")
        self.page.write_url(row, at, f"internal:'{quoted}'!A1", look, tidy_cell(link.text))

    def print_set_up(self, foot: str, *, last_column: int | None = None) -> None:
        """A4 landscape, as wide as one page, with what it is and the page at the foot."""
        page = self.page
        page.set_paper(9)
        page.set_landscape()
        page.set_margins(left=0.5, right=0.4, top=0.5, bottom=0.7)
        page.fit_to_pages(1, 0)
        number = pick("Trang &P/&N", "Page &P/&N")
        page.set_footer(f"&L&8{' '.join(foot.split())[:120].replace('&', '&&')}&R&8{number}")
        page.hide_gridlines(2)
        if last_column is not None:
            page.print_area(0, 0, max(self.row - 1, 0), last_column)


def _lines(text: str, width: float) -> int:
    """How many lines a text takes in a column; words break a little before the end of a line."""
    room = max(width * 1.1 - 1, 1.0)
    return sum(max(math.ceil(len(line) / room), 1) for line in tidy_cell(text).split("\n"))


def tidy_cell(text: str) -> str:
    """Composed text that a file can hold, cut at what Excel takes in one cell."""
    clean = nfc(_SURROGATES.sub("\ufffd", text)).replace("\r\n", "\n").replace("\r", "\n")
    return clean if len(clean) <= LONGEST_TEXT else clean[: LONGEST_TEXT - 1] + "…"


def free_name(wished: str, taken: Iterable[str]) -> str:
    """A name that Excel takes: at most 31 characters, none of ``[]:*?/\\``, unlike the others in any case."""
    used = set(taken)
    clean = _FORBIDDEN_IN_NAMES.sub("-", nfc(_SURROGATES.sub("", wished))).strip().strip("'").strip()
    if not clean or search_key(clean) == "history":  # Excel keeps this one for itself
        clean = f"{clean} -".strip()
    name, number = clean[:NAME_LENGTH].rstrip().rstrip("'"), 1
    while name.casefold() in used:
        number += 1
        tail = f" ({number})"
        name = clean[: NAME_LENGTH - len(tail)].rstrip() + tail
    return name
