"""The sheet of names of each indicator: all its lists in one table that filters. Written only with names."""

from collections.abc import Iterator, Mapping, Sequence

from canbo.common.language import pick
from canbo.common.numbers import print_day
from canbo.datasets.dictionary import dictionary
from canbo.measure.results import Dossier, IndicatorResult, ListedRow, Listing
from canbo.output import words
from canbo.output.workbook_cells import MOST_ROWS, Book, Cell, Column, Link, Sheet, Toned
from canbo.output.workbook_summary import made_text, result_text

_TONES = {"counted": "met", "lacking": "short", "unknown": "unknown", "outside_unknown": "unknown"}


def name_lists(dossier: Dossier) -> dict[str, tuple[Listing, ...]]:
    """The lists that have rows, by indicator, in the order of the report; none without names."""
    if not dossier.with_names:
        return {}
    found = {one.id: dossier.lists.get(one.id, ()) for one in dossier.report.indicators}
    return {key: lists for key, lists in found.items() if any(listing.rows for listing in lists)}


def write_lists(
    book: Book, dossier: Dossier, one: IndicatorResult, lists: Sequence[Listing], *, most: int = MOST_ROWS
) -> list[Sheet]:
    """The sheets of an indicator's names: one, or as many as its rows need, each with the same heads."""
    rows = [(listing, row) for listing in lists for row in listing.rows]
    sheets = []
    for start in range(0, len(rows), most):
        sheet = book.add(one.id)
        _write_head(sheet, dossier, one, lists)
        _write_table(sheet, lists, rows[start : start + most])
        sheets.append(sheet)
    return sheets


def _write_head(sheet: Sheet, dossier: Dossier, one: IndicatorResult, lists: Sequence[Listing]) -> None:
    report = dossier.report
    sheet.title(f"{one.id} – {one.label}")
    sheet.line(f"{one.population}. {one.sentence}")
    figure = words.fraction_text(one.numerator, one.denominator)
    pieces = [f"{print_day(report.as_of)}: {figure}", result_text(one) if one.denominator is not None else ""]
    pieces += [
        words.target_text(one.target),
        words.status_words(one, report.as_of).text,
        words.unknown_text(one),
    ]
    sheet.line(" · ".join(piece for piece in pieces if piece), strong=True)
    counts = [f"{words.list_title(each.list_name)}: {words.counted(len(each.rows), each.dataset)}" for each in lists]
    sheet.line(" · ".join(counts))
    personal = pick("Có dữ liệu cá nhân.", "Holds personal data.")
    sheet.line(f"{personal} {made_text(dossier)}")
    sheet.back_link(Link(pick("← Về bảng tổng hợp", "← Back to the summary"), pick("Tổng hợp", "Summary")))


def _write_table(sheet: Sheet, lists: Sequence[Listing], rows: Sequence[tuple[Listing, ListedRow]]) -> None:
    keys = list(dict.fromkeys(key for _, row in rows for key in row.key))
    datasets = {listing.dataset for listing in lists}
    people = datasets == {"people"}
    columns = [Column(pick("Danh sách", "List"), "text", 12)]
    if len(datasets) > 1:
        columns.append(Column(pick("Dữ liệu", "Dataset"), "text", 20))
    columns += [Column(_key_head(datasets, key), "text", 12) for key in keys]
    columns.append(Column(pick("Họ và tên", "Full name") if people else pick("Tên", "Name"), "text", 25))
    if people:
        columns.append(Column(pick("Ngày sinh", "Birth date"), "date", 11))
    columns.append(Column(pick("Đơn vị", "Unit"), "wrap", 30))
    if people:
        columns.append(Column(pick("Chức vụ", "Post"), "wrap", 26))
    columns += [Column(pick("Lý do", "Why"), "wrap", 42), Column(pick("Mã đơn vị", "Unit id"), "text", 12)]
    several = len(datasets) > 1
    sheet.table(columns, (tuple(_cells(listing, row, keys, several, people)) for listing, row in rows), fixed=2)


def _cells(listing: Listing, row: ListedRow, keys: Sequence[str], several: bool, people: bool) -> Iterator[Cell]:
    yield Toned(words.list_title(listing.list_name), _TONES[listing.list_name])
    if several:
        yield dictionary()[listing.dataset].title if listing.dataset in dictionary() else listing.dataset
    for key in keys:
        yield row.key.get(key)
    yield row.name
    if people:
        yield row.birth
    yield row.unit_name
    if people:
        yield row.post
    yield row.why.text
    yield row.unit_id


def _key_head(datasets: set[str], key: str) -> str:
    """The head of a key column as the data's own sheets write it."""
    for name in sorted(datasets):
        column = dictionary()[name].columns.get(key) if name in dictionary() else None
        if column:
            return column.head
    return key


def links_of(sheets: Mapping[str, list[Sheet]]) -> dict[str, str]:
    """The first sheet of each indicator's names."""
    return {indicator: written[0].name for indicator, written in sheets.items() if written}
