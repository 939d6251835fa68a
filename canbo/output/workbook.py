"""The Excel report: which sheets it has and how the file is made. Sheets live in the modules beside."""

from pathlib import Path

from canbo.common.files import replacing
from canbo.common.language import pick
from canbo.common.numbers import print_day
from canbo.measure.results import Dossier, Report
from canbo.output import words
from canbo.output.workbook_cells import Book, Sheet, tidy_cell
from canbo.output.workbook_details import (
    write_definitions,
    write_findings,
    write_objectives,
    write_parts,
    write_trends,
)
from canbo.output.workbook_lists import links_of, name_lists, write_lists
from canbo.output.workbook_summary import (
    PRINTED_COLUMNS,
    classification_text,
    made_text,
    write_about,
    write_summary,
)
from canbo.output.workbook_units import with_units, write_heat_map, write_unit_table


def write_workbook_report(dossier: Dossier, path: Path) -> None:
    """Write the Excel report: what it is, the summary, by unit, findings, the names behind each indicator.

    Numbers and days are real ones, no text is ever a formula, and without names no sheet of names is written.
    The file takes its place whole or not at all, readable by its owner only.

    :raises Refused: when the folder does not exist or cannot be written.
    """
    report = dossier.report
    with replacing(path) as temporary:
        places = report.places + 2 if report.rounding == "truncate" else report.places
        book = Book(str(temporary), places=places)
        _set_properties(book, dossier)
        _write_sheets(book, dossier)
        book.file.close()


def _write_sheets(book: Book, dossier: Dossier) -> None:
    report, lists = dossier.report, name_lists(dossier)
    about = book.add(pick("Thông tin", "About"))
    summary = book.add(pick("Tổng hợp", "Summary"))
    units = with_units(dossier)
    sheets = [write_heat_map(book, units), write_unit_table(book, units)] if units else []
    sheets.append(write_definitions(book, dossier))
    if any(one.parts for one in report.indicators):
        sheets.append(write_parts(book, report))
    if any(dossier.trends.values()):
        sheets.append(write_trends(book, dossier))
    if report.objectives:
        sheets.append(write_objectives(book, report))
    sheets.append(write_findings(book, dossier))
    named = {one.id: write_lists(book, dossier, one, lists[one.id]) for one in report.indicators if one.id in lists}
    write_summary(summary, report, links_of(named))
    others = [*sheets, *(sheet for each in named.values() for sheet in each)]
    write_about(about, dossier, [summary, *others])
    _set_print(dossier, about, summary, others)
    summary.page.activate()


def _set_print(dossier: Dossier, about: Sheet, summary: Sheet, others: list[Sheet]) -> None:
    foot = foot_text(dossier.report)
    about.print_set_up(foot)
    summary.print_set_up(foot, last_column=PRINTED_COLUMNS - 1)
    for sheet in others:
        sheet.print_set_up(foot)


def foot_text(report: Report) -> str:
    """What stands at the foot of every page: the scheme and the day."""
    day = print_day(report.as_of)
    title = report.scheme_title if len(report.scheme_title) <= 80 else report.scheme_title[:79] + "…"
    return pick(f"Số liệu đến ngày {day} · {title}", f"As of {day} · {title}")


def _set_properties(book: Book, dossier: Dossier) -> None:
    report = dossier.report
    sources = pick(
        f"Dữ liệu: {dossier.data_name} ({report.data_version}); "
        f"chỉ tiêu: {report.scheme_id} ({report.scheme_version}).",
        f"Data: {dossier.data_name} ({report.data_version}); scheme: {report.scheme_id} ({report.scheme_version}).",
    )
    secrecy = classification_text(with_names=dossier.with_names)
    day = print_day(report.as_of)
    properties = {
        "title": pick(f"Kết quả thực hiện chỉ tiêu đến {day}", f"Where each target stands on {day}"),
        "subject": report.scheme_title,
        "author": dossier.made_by,
        "company": "",
        "comments": f"{words.opening(report)} {made_text(dossier)} {sources} {secrecy}",
    }
    book.file.set_properties({key: tidy_cell(value)[:2000] for key, value in properties.items()})
