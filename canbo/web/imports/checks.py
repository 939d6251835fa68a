"""The check of a draft: every finding with the cell it is about, and what the import would do. Writes no register."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from canbo.common.findings import Finding, Refused
from canbo.common.language import current, pick
from canbo.datasets.bundle import Datasets
from canbo.datasets.reading import Reading, read_counted
from canbo.register.importing.limits import Within
from canbo.register.importing.preview import Preview
from canbo.register.importing.run import Progress, compare
from canbo.web.imports import drafts
from canbo.web.imports.copies import working_copy
from canbo.web.imports.drafts import Draft
from canbo.web.imports.held_sheets import HeldSheet, file_findings, sheets_of
from canbo.web.imports.meanings import SheetMeaning, meanings
from canbo.web.imports.row_changes import as_shown

CHECK = "check.json"
LISTED_FORMULAS = 1000
_ASKED = ("unknown_sheet", "unknown_column", "duplicate_column")  # what the step of the columns has asked already


@dataclass(frozen=True)
class Fault:
    """A finding and the cell it is about: number of the sheet, row and place from 0; None where it is about no cell."""

    finding: Finding
    sheet: int | None
    row: int | None
    place: int | None


@dataclass(frozen=True)
class Check:
    """What a check found. ``refused``: why nothing of the file can be used; ``preview``: what the import would do."""

    revision: int
    language: str
    faults: tuple[Fault, ...]
    rows: dict[str, tuple[int, int]]
    day: date | None
    refused: str | None
    preview: dict[str, Any] | None

    @property
    def errors(self) -> int:
        """How many faults keep a row or a cell from being used."""
        return sum(one.finding.severity == "error" for one in self.faults)

    @property
    def warnings(self) -> int:
        """How many others."""
        return len(self.faults) - self.errors


def prepare(draft: Draft, within: Within, progress: Progress) -> Preview:
    """Read and compare the draft as it is now.

    :raises Refused: nothing of it can be used, or it is of no day.
    """
    _, preview, _ = _prepare(draft, within, progress)
    return preview


def check(draft: Draft, within: Within, progress: Progress) -> None:
    """Check the draft as it is now and keep what was found."""
    revision = draft.revision
    sheets = sheets_of(draft)
    found = meanings(draft, sheets)
    content: dict[str, Any] = {"revision": revision, "language": current(), "rows": {}, "day": None, "preview": None}
    findings: tuple[Finding, ...] = ()
    names = {sheet.name: sheet.name for sheet in sheets}
    try:
        reading, preview, names = _prepare(draft, within, progress)
    except Refused as refused:
        findings, content["refused"] = refused.findings, refused.message
    else:
        content["refused"] = None
        content["rows"] = {name: (count.given, count.used) for name, count in reading.rows.items()}
        content["day"] = preview.as_of.isoformat()
        content["preview"] = as_shown(preview) | {"confirm": confirm(preview)}
        findings = preview.findings
    faults = list(_placed(findings, names, found))
    content["faults"] = [[vars(one.finding), one.sheet, one.row, one.place] for one in faults]
    errors = sum(one.finding.severity == "error" for one in faults)
    drafts.note_first(draft, errors, len(faults) - errors)
    drafts.write_json(draft.folder / CHECK, content)


def last_check(draft: Draft) -> Check | None:
    """The last check of the draft, if it is of its present state and in the language in force."""
    content = drafts.read_json(draft.folder / CHECK)
    if content is None or content["revision"] != draft.revision or content["language"] != current():
        return None
    content["faults"] = tuple(Fault(Finding(**one), *where) for one, *where in content["faults"])
    content["rows"] = {name: tuple(counts) for name, counts in content["rows"].items()}
    content["day"] = date.fromisoformat(content["day"]) if content["day"] else None
    return Check(**content)


def confirm(preview: Preview) -> str:
    """The hash of the content and of what the import would do: only what was looked at is imported."""
    content = [preview.data.version, preview.as_of.isoformat(), preview.outside]
    done = [[part.dataset, part.name, *vars(part.counts).values()] for part in preview.parts]
    return hashlib.sha256(json.dumps([content, done], ensure_ascii=False).encode()).hexdigest()


def _prepare(draft: Draft, within: Within, progress: Progress) -> tuple[Reading, Preview, dict[str, str]]:
    step = pick("Đọc tệp", "Reading")
    progress(step, 0, 1)
    sheets = sheets_of(draft)
    copy = working_copy(draft, sheets, meanings(draft, sheets))
    reading = read_counted(copy.path, data_date=draft.day)
    data = reading.datasets
    if draft.is_changed:
        data = replace(data, findings=(*file_findings(draft), *data.findings))
    progress(step, 1, 1)
    _require_day(data)
    preview = compare(draft.source, data, within=within, progress=progress)
    return reading, preview, copy.names


def _require_day(data: Datasets) -> None:
    """:raises Refused: nobody said of which day the data are; what is wrong in them is told all the same."""
    if data.data_date is None:
        raise Refused(
            pick(
                "Tệp không ghi dữ liệu của ngày nào. Hãy ghi ngày của dữ liệu ở bước Cột.",
                "The file does not say of which day its data are. Give the day in the step Columns.",
            ),
            data.findings,
        )


def _placed(findings: tuple[Finding, ...], names: dict[str, str], found: list[SheetMeaning]) -> Iterator[Fault]:
    """Each finding with its cell; formulas, of which there is one finding a column, cell by cell."""
    by_name = {one.sheet.name: one for one in found}
    for finding in findings:
        if finding.code in _ASKED:
            continue
        sheet = names.get(finding.sheet or "", finding.sheet)
        finding = replace(finding, sheet=sheet)
        meaning = by_name.get(sheet or "")
        if meaning is None or finding.row is None:
            yield Fault(finding, meaning.sheet.number if meaning else None, None, None)
            continue
        place = meaning.place_of(finding.column) if finding.column else None
        if place is not None and finding.code == "unsafe_content":
            yield from _formulas(finding, meaning.sheet, place)
        else:
            yield Fault(finding, meaning.sheet.number, finding.row - 1, place)


def _formulas(finding: Finding, sheet: HeldSheet, place: int) -> Iterator[Fault]:
    rows = [row for row in sheet.formula_rows(place) if sheet.is_formula(row, place) and row + 1 >= (finding.row or 0)]
    message = pick(
        "Ô là công thức; công thức không được tính nên ô này không được dùng.",
        "The cell is a formula; formulas are not evaluated, so it is not used.",
    )
    advice = pick("Giữ giá trị đang thấy, hoặc gõ giá trị.", "Keep the value shown, or type the value.")
    for row in rows[:LISTED_FORMULAS]:
        told = replace(finding, row=row + 1, message=message, suggestion=advice, value=sheet.text(row, place))
        yield Fault(told, sheet.number, row, place)
