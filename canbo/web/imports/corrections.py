"""Cells corrected in the page: one by one, many alike at once, whole rows left out, and all of it taken back."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from canbo.accounts.permissions import Permission
from canbo.common.language import pick
from canbo.common.numbers import print_count
from canbo.datasets.raw import shown
from canbo.web.frame import show
from canbo.web.imports import access, checks, drafts
from canbo.web.imports.drafts import Draft
from canbo.web.imports.fault_list import write_fault_list
from canbo.web.imports.grid import cells_alike, one_line, whole_row
from canbo.web.imports.held_sheets import HeldSheet, sheets_of
from canbo.web.imports.meanings import SheetMeaning, meanings
from canbo.web.visitors import page, visitor

PREVIEW = Permission.IMPORT_PREVIEW
LONGEST = 32_767  # characters that a cell holds
LISTED = 200
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Change = tuple[int, int, str]  # row, place, text


@dataclass(frozen=True)
class Corrected:
    """A corrected cell: where, what stood there, what stands there now."""

    sheet: int
    sheet_name: str
    row: int
    place: int
    head: str
    was: str
    becomes: str


def list_corrections(found: list[SheetMeaning]) -> list[Corrected]:
    """The corrected cells in the order of the file, as many as a page holds."""
    made = []
    for one in found:
        heads = {column.place: column.head for column in one.columns}
        for key in one.sheet.corrections:
            row, place = map(int, key.split(","))
            was, becomes = shown(one.sheet.sent(row, place)), one.sheet.text(row, place)
            made.append(Corrected(one.sheet.number, one.sheet.name, row, place, heads.get(place, ""), was, becomes))
    return sorted(made, key=lambda cell: (cell.sheet, cell.row, cell.place))[:LISTED]


@require_GET
@page(PREVIEW)
def row(request: HttpRequest, name: str, sheet: int, row: int) -> HttpResponse:
    """All cells of a row, to be corrected. Rows in addresses are numbered from 1, as in the file."""
    draft = access.changeable_draft(request, name)
    meaning = next((one for one in meanings(draft, sheets_of(draft)) if one.sheet.number == sheet), None)
    if meaning is None or meaning.dataset is None or not meaning.head_row + 1 < row <= meaning.sheet.rows:
        raise Http404
    check = checks.last_check(draft)
    lists: dict[str, tuple[str, ...]] = {}
    shown_row = whole_row(meaning, row - 1, check.faults if check is not None else (), lists)
    back = reverse("import_draft", args=[name]) + "?step=faults"
    return show(
        request, "imports/row.html", here="imports", draft=draft, sheet=meaning.sheet, row=shown_row, lists=lists,
        back=back,
    )  # fmt: skip


@require_POST
@page(PREVIEW)
def correct(request: HttpRequest, name: str) -> HttpResponse:
    """The cells of a page of the grid; ``drop`` names a row that is left out."""
    draft = access.changeable_draft(request, name)
    changes: dict[int, list[Change]] = {}
    for key, value in request.POST.items():
        parts = key.split("-")
        if parts[0] == "cell" and len(parts) == 4 and all(part.isascii() and part.isdigit() for part in parts[1:]):
            number, row, place = map(int, parts[1:])
            changes.setdefault(number, []).append((row, place, str(value)[:LONGEST].strip()))
    sheets = {sheet.number: sheet for sheet in sheets_of(draft)}
    of_sheet, _, dropped = request.POST.get("drop", "").partition("-")
    if of_sheet.isdigit() and dropped.isdigit() and int(of_sheet) in sheets:
        sheet = sheets[int(of_sheet)]
        changes.setdefault(sheet.number, []).extend(
            (int(dropped), place, "") for place in range(sheet.raw.width) if int(dropped) < sheet.rows
        )
    return _keep(request, draft, [(sheets[number], many) for number, many in changes.items() if number in sheets])


@require_POST
@page(PREVIEW)
def correct_alike(request: HttpRequest, name: str) -> HttpResponse:
    """All faulty cells of a column that hold the same become the value given; formulas keep the value shown."""
    draft = access.changeable_draft(request, name)
    number, place = request.POST.get("sheet", ""), request.POST.get("place", "")
    check = checks.last_check(draft)
    sheet = next((one for one in sheets_of(draft) if str(one.number) == number), None)
    if sheet is None or check is None or not place.isdigit():
        return _back(request, draft)
    formulas = request.POST.get("formulas") == "1"
    rows = cells_alike(check.faults, sheet, int(place), None if formulas else request.POST.get("value", ""))
    becomes = request.POST.get("becomes", "")[:LONGEST].strip()
    changes = [(row, int(place), sheet.text(row, int(place)) if formulas else becomes) for row in rows]
    return _keep(request, draft, [(sheet, changes)])


@require_POST
@page(PREVIEW)
def take_back(request: HttpRequest, name: str) -> HttpResponse:
    """A cell, or all cells, as they were sent."""
    draft = access.changeable_draft(request, name)
    sheets = {str(sheet.number): sheet for sheet in sheets_of(draft)}
    sheet = sheets.get(request.POST.get("sheet", ""))
    with drafts.changing(draft) as changed:
        if request.POST.get("all") == "1":
            changed.cells = {}
        elif sheet is not None:
            changed.cells.get(sheet.name, {}).pop(request.POST.get("cell", ""), None)
            changed.cells = {name: cells for name, cells in changed.cells.items() if cells}
    return _checked(request, draft, pick("Đã trả lại như trong tệp.", "As in the file again."))


@require_GET
@page(PREVIEW)
def download(request: HttpRequest, name: str) -> HttpResponse:
    """All faults as a workbook."""
    draft = access.changeable_draft(request, name)
    check = checks.last_check(draft)
    if check is None:
        raise Http404
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "faults.xlsx"
        findings = [one.finding for one in check.faults]
        write_fault_list(path, findings, file_name=draft.file_name, day=visitor(request).day)
        content = path.read_bytes()
    attached = 'attachment; filename="loi-cua-tep.xlsx"'
    return HttpResponse(content, content_type=_EXCEL, headers={"Content-Disposition": attached})


def _keep(request: HttpRequest, draft: Draft, changes: list[tuple[HeldSheet, list[Change]]]) -> HttpResponse:
    """Keep the cells that differ from what stands there, and check again."""
    if request.POST.get("revision") != str(draft.revision):
        messages.warning(
            request,
            pick(
                "Tệp đã được sửa ở cửa sổ khác, nên chưa ghi gì. Đây là các lỗi hiện nay; hãy sửa lại.",
                "The file was corrected in another window; nothing was saved. These are its faults now.",
            ),
        )
        return _back(request, draft)
    count = 0
    with drafts.changing(draft) as changed:
        for sheet, many in changes:
            held = changed.cells.setdefault(sheet.name, {})
            for row, place, text in many:
                count += _set(held, sheet, row, place, text, formulas=request.POST.get("formulas") == "1")
        changed.cells = {name: cells for name, cells in changed.cells.items() if cells}
    if not count:
        messages.warning(request, pick("Chưa ô nào được sửa.", "No cell was changed."))
        return _back(request, draft)
    return _checked(request, draft, pick(f"Đã sửa {print_count(count)} ô.", f"{print_count(count)} cells corrected."))


def _set(held: dict[str, str], sheet: HeldSheet, row: int, place: int, text: str, *, formulas: bool) -> bool:
    """Correct a cell; whether anything is other than before."""
    key = f"{row},{place}"
    if not (0 <= row < sheet.rows and 0 <= place < sheet.raw.width):
        return False
    if one_line(text) == one_line(sheet.text(row, place)) and not formulas:
        return False
    odd = row in sheet.formula_rows(place) or row in sheet.raw.errors.get(place, ())
    if text == shown(sheet.sent(row, place)) and not odd:
        held.pop(key, None)
    else:
        held[key] = text
    return True


def _checked(request: HttpRequest, draft: Draft, done: str) -> HttpResponse:
    access.begin_check(request, draft)
    check = checks.last_check(draft)
    if check is not None:
        errors, warnings = print_count(check.errors), print_count(check.warnings)
        done += pick(f" Còn {errors} lỗi, {warnings} cảnh báo.", f" {errors} errors, {warnings} warnings left.")
    messages.success(request, done)
    return _back(request, draft)


def _back(request: HttpRequest, draft: Draft) -> HttpResponse:
    """To the same page of the grid."""
    wanted = request.POST.get("next", "")
    path = reverse("import_draft", args=[draft.id])
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}) and wanted.startswith(path)
    return HttpResponseRedirect(wanted if safe else f"{path}?step=faults", status=303)
