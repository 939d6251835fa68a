"""The faults of a draft as a grid: rows of the file that have faults, with the cells to correct and what is wrong."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from canbo.codes import code_list
from canbo.common.findings import Finding
from canbo.common.language import pick
from canbo.datasets.dictionary import Column
from canbo.datasets.sheets import letters
from canbo.output.faults import FaultGroup
from canbo.web.imports.checks import Fault
from canbo.web.imports.held_sheets import HeldSheet
from canbo.web.imports.meanings import SheetMeaning, column_named

ROWS = 25  # of the file on a page
_ALIKE = 6  # groups of cells that can be corrected together
_FORMULA = "unsafe_content"


@dataclass(frozen=True)
class Wanted:
    """Which faults are shown: by severity, kind and sheet ("" or None: all), and the page from 1."""

    severity: str = ""
    kind: str = ""
    sheet: int | None = None
    page: int = 1


@dataclass(frozen=True)
class GridCell:
    """A cell: what stands there, the names of its input and of the list of its values, and its faults."""

    head: str
    text: str
    name: str
    listed: str
    findings: tuple[Finding, ...]
    is_corrected: bool
    is_formula: bool


@dataclass(frozen=True)
class GridRow:
    """A row of the file by its number there, what it is known by, its cells to correct, and the faults of no cell."""

    number: int
    known_by: tuple[str, ...]
    cells: tuple[GridCell, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class GridSheet:
    """The rows of one sheet on this page."""

    number: int
    name: str
    rows: tuple[GridRow, ...]


@dataclass(frozen=True)
class Alike:
    """Cells of a column that hold the same and have the same fault, to be corrected by one value; or its formulas."""

    sheet: int
    sheet_name: str
    place: int
    head: str
    value: str
    count: int
    is_formula: bool
    proposal: str
    listed: str


@dataclass(frozen=True)
class Grid:
    """A page of the grid. ``kinds``: (kind, title, count) of all faults; ``lists``: values by column."""

    sheets: tuple[GridSheet, ...]
    others: tuple[Finding, ...]
    alike: tuple[Alike, ...]
    kinds: tuple[tuple[str, str, int], ...]
    lists: dict[str, tuple[str, ...]]
    first: int
    last: int
    rows: int
    page: int
    pages: int


def title_of(kind: str) -> str:
    """A kind of fault, as a noun."""
    own = {
        "conflict": pick("Trái với dữ liệu đã có", "Against the register"),
        "outside_scope": pick("Ngoài phạm vi nhiệm vụ", "Outside the mandate"),
    }
    return own.get(kind) or FaultGroup("error", kind, None, None, ()).title


def lay_out(faults: Sequence[Fault], found: Sequence[SheetMeaning], wanted: Wanted) -> Grid:
    """The page of the grid that is wanted."""
    counted = Counter(one.finding.code for one in faults)
    kinds = tuple((kind, title_of(kind), count) for kind, count in counted.most_common())
    shown = [one for one in faults if _is_wanted(one, wanted)]
    by_row: dict[tuple[int, int], list[Fault]] = {}
    for one in shown:
        if one.sheet is not None and one.row is not None:
            by_row.setdefault((one.sheet, one.row), []).append(one)
    keys = sorted(by_row)
    pages = max(1, -(-len(keys) // ROWS))
    page = min(max(1, wanted.page), pages)
    here = keys[(page - 1) * ROWS : page * ROWS]
    by_number = {one.sheet.number: one for one in found}
    lists: dict[str, tuple[str, ...]] = {}
    sheets = tuple(
        _sheet(by_number[number], {row: by_row[number, row] for sheet, row in here if sheet == number}, lists)
        for number in dict.fromkeys(sheet for sheet, _ in here)
    )
    others = tuple(one.finding for one in shown if one.row is None)
    first = (page - 1) * ROWS + 1 if keys else 0
    alike = tuple(_alike(shown, by_number, lists))
    return Grid(sheets, others, alike, kinds, lists, first, first + len(here) - 1, len(keys), page, pages)


def whole_row(meaning: SheetMeaning, row: int, faults: Iterable[Fault], lists: dict[str, tuple[str, ...]]) -> GridRow:
    """All cells of a row that are used or have something in them, to be corrected."""
    of_row = [one for one in faults if one.sheet == meaning.sheet.number and one.row == row]
    return _row(meaning, row, [one.place for one in meaning.columns if one.used], of_row, lists)


def _is_wanted(fault: Fault, wanted: Wanted) -> bool:
    finding = fault.finding
    return (
        wanted.severity in ("", finding.severity)
        and wanted.kind in ("", finding.code)
        and wanted.sheet in (None, fault.sheet)
    )


def _sheet(meaning: SheetMeaning, faults: dict[int, list[Fault]], lists: dict[str, tuple[str, ...]]) -> GridSheet:
    rows = tuple(
        _row(meaning, row, sorted({one.place for one in of_row if one.place is not None}), of_row, lists)
        for row, of_row in sorted(faults.items())
    )
    return GridSheet(meaning.sheet.number, meaning.sheet.name, rows)


def _row(
    meaning: SheetMeaning, row: int, places: Sequence[int], faults: Sequence[Fault], lists: dict[str, tuple[str, ...]]
) -> GridRow:
    sheet = meaning.sheet
    cells = tuple(
        GridCell(
            _head(meaning, place),
            sheet.text(row, place),
            f"cell-{sheet.number}-{row}-{place}",
            _listed(meaning, place, lists),
            tuple(one.finding for one in faults if one.place == place),
            f"{row},{place}" in sheet.corrections,
            sheet.is_formula(row, place),
        )
        for place in places
    )
    known_by = tuple(text for place in _naming(meaning) if (text := sheet.text(row, place)))
    return GridRow(row + 1, known_by, cells, tuple(one.finding for one in faults if one.place is None))


def _naming(meaning: SheetMeaning) -> list[int]:
    """The columns by which a person knows a row again: at most two."""
    wanted = ("full_name", "person_id", "name", "unit_id", "class_id", "list_id", "plan_id")
    used = {one.used: one.place for one in meaning.columns if one.used}
    found = [used[name] for name in wanted if name in used][:2]
    return found or [one.place for one in meaning.columns[:1]]


def _head(meaning: SheetMeaning, place: int) -> str:
    return next((one.head for one in meaning.columns if one.place == place and one.head), letters(place))


def _column(meaning: SheetMeaning, place: int) -> Column | None:
    used = next((one.used for one in meaning.columns if one.place == place), None)
    return column_named(meaning.dataset, used) if used and meaning.dataset is not None else None


def _listed(meaning: SheetMeaning, place: int, lists: dict[str, tuple[str, ...]]) -> str:
    """The name of the list of values that the column may hold; "" where it may hold any."""
    column = _column(meaning, place)
    if column is None:
        return ""
    if column.codes_by_kind:
        values = dict.fromkeys(
            code.vi for name in column.codes_by_kind.values() for code in code_list(name).codes.values()
        )
    elif column.code_list is not None:
        values = dict.fromkeys(code.vi for code in column.code_list.codes.values())
    elif column.kind == "boolean":
        values = dict.fromkeys((pick("Có", "yes"), pick("Không", "no")))
    else:
        return ""
    name = f"values-{column.codes or column.name}"
    lists[name] = tuple(values)
    return name


def _alike(
    faults: Iterable[Fault], found: dict[int, SheetMeaning], lists: dict[str, tuple[str, ...]]
) -> Iterable[Alike]:
    counted: Counter[tuple[int, int, str, str]] = Counter()
    for one in faults:
        if one.sheet is None or one.row is None or one.place is None:
            continue
        text = "" if one.finding.code == _FORMULA else found[one.sheet].sheet.text(one.row, one.place)
        if text or one.finding.code == _FORMULA:
            counted[one.sheet, one.place, one.finding.code, text] += 1
    for (sheet, place, kind, value), count in counted.most_common(_ALIKE):
        if count > 1 or kind == _FORMULA:
            meaning = found[sheet]
            yield Alike(
                sheet, meaning.sheet.name, place, _head(meaning, place), value, count, kind == _FORMULA,
                _proposal(_column(meaning, place), value), _listed(meaning, place, lists),
            )  # fmt: skip


def _proposal(column: Column | None, value: str) -> str:
    codes = column.code_list if column is not None else None
    return (codes.suggest(value) or "") if codes is not None and value else ""


def cells_alike(faults: Iterable[Fault], sheet: HeldSheet, place: int, value: str | None) -> list[int]:
    """The rows of the faults of a column that hold the value; None: those that are formulas."""
    return [
        one.row
        for one in faults
        if one.sheet == sheet.number
        and one.place == place
        and one.row is not None
        and (
            sheet.is_formula(one.row, place)
            if value is None
            else one_line(sheet.text(one.row, place)) == one_line(value)
        )
    ]


def one_line(text: str) -> str:
    """A cell as a field of one line sends it back: broken lines joined."""
    return " ".join(text.split())
