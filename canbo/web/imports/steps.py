"""The steps of a draft: columns, faults, preview; the work under way; and the import itself."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from canbo.accounts.permissions import Permission
from canbo.common.language import pick
from canbo.common.numbers import parse_day, print_day
from canbo.datasets.dictionary import dictionary
from canbo.web.engine import address
from canbo.web.frame import show
from canbo.web.imports import access, checks, drafts, jobs, matching
from canbo.web.imports.applying import Applying
from canbo.web.imports.checks import Check
from canbo.web.imports.corrections import list_corrections
from canbo.web.imports.drafts import Draft
from canbo.web.imports.grid import Wanted, lay_out
from canbo.web.imports.held_sheets import sheets_of
from canbo.web.imports.meanings import meanings
from canbo.web.imports.row_changes import act_words, effects
from canbo.web.visitors import page, visitor

PREVIEW, APPLY = Permission.IMPORT_PREVIEW, Permission.IMPORT_APPLY
STEPS = ("columns", "faults", "preview")


@require_GET
@page(PREVIEW)
def draft(request: HttpRequest, name: str) -> HttpResponse:
    """The step of the draft that the address names, else the one that is next."""
    found = access.own_draft(request, name)
    state = jobs.state_of(found)
    if state is not None and state.kind == "import" and state.phase == "done":
        return _leave(found, state)
    if state is not None and state.is_going_on:
        return _show(request, found, "imports/progress.html", 4 if state.kind == "import" else 3, state=state)
    wanted = request.GET.get("step", "")
    if not found.is_matched or wanted == "columns":
        return show_columns(request, found)
    check = checks.last_check(found)
    if check is None and (state is None or state.kind != "check" or state.phase != "failed"):
        access.begin_check(request, found)
        check, state = checks.last_check(found), jobs.state_of(found)
        if state is not None and state.is_going_on:
            return _show(request, found, "imports/progress.html", 3, state=state)
    if check is None:
        return _show(request, found, "imports/failed.html", 3)
    if check.preview is None or wanted == "faults" or (wanted != "preview" and check.faults):
        return _show_faults(request, found, check)
    return _show_preview(request, found, check, state)


@require_GET
@page(PREVIEW)
def state(request: HttpRequest, name: str) -> HttpResponse:
    """How far the work has come; when it has ended, the page is told to go on."""
    found = access.own_draft(request, name)
    now = jobs.state_of(found)
    if now is not None and now.is_going_on:
        return _show(request, found, "imports/progress.html", 4 if now.kind == "import" else 3, state=now)
    return HttpResponse(status=204, headers={"HX-Redirect": reverse("import_draft", args=[name])})


@require_POST
@page(PREVIEW)
def choose_dataset(request: HttpRequest, name: str) -> HttpResponse:
    """What a sheet holds."""
    found = access.changeable_draft(request, name)
    for one in meanings(found, sheets_of(found)):
        if str(one.sheet.number) == request.POST.get("sheet"):
            matching.set_dataset(found, one, request.POST.get("dataset", ""))
    return _to(found, "columns")


@require_POST
@page(PREVIEW)
def choose_columns(request: HttpRequest, name: str) -> HttpResponse:
    """What the columns are, and of which day the data; then the check."""
    found = access.changeable_draft(request, name)
    given = request.POST.get("as_of", "").strip()
    day = parse_day(given) if given else None
    faults = {}
    if given and (day is None or day.precision != "day"):
        faults["as_of"] = pick("Ghi đủ ngày, tháng, năm, như 31/12/2025.", "Write day, month and year, as 31/12/2025.")
    told = {key: str(value) for key, value in request.POST.items()}
    faults = faults or matching.set_columns(found, told, day.first if day else None)
    if faults:
        return show_columns(request, found, faults=faults, told=told, status=422)
    if checks.last_check(found) is None:
        access.begin_check(request, found)
    return _to(found)


@require_POST
@page(PREVIEW)
def check_again(request: HttpRequest, name: str) -> HttpResponse:
    """Compare with the register as it is now."""
    found = access.changeable_draft(request, name)
    access.begin_check(request, found)
    return _to(found, request.POST.get("step", ""))


@require_POST
@page(PREVIEW, APPLY)
def apply(request: HttpRequest, name: str) -> HttpResponse:
    """Begin the import of what was looked at."""
    found, by = access.own_draft(request, name), visitor(request)
    check = checks.last_check(found)
    if check is not None and check.preview is not None and not check.preview["outside"]:
        confirm = request.POST.get("confirm", "")
        jobs.start(found, "import", Applying(found, access.within_of(request), by.by, by.at, confirm))
    return _to(found, "preview")


@require_POST
@page(PREVIEW)
def remove(request: HttpRequest, name: str) -> HttpResponse:
    """Throw the draft away."""
    found = access.changeable_draft(request, name)
    drafts.remove(found)
    text = f"Đã bỏ tệp {found.file_name}. Chưa nhập gì.", f"{found.file_name} was thrown away. Nothing was imported."
    messages.success(request, pick(*text))
    return HttpResponseRedirect(reverse("imports"), status=303)


def show_columns(request: HttpRequest, found: Draft, *, status: int = 200, **more: Any) -> HttpResponse:
    """What each sheet and column is read as."""
    meant = meanings(found, sheets_of(found))
    told = more.pop("told", {})
    faults = more.pop("faults", {})
    return _show(
        request,
        found,
        "imports/columns.html",
        2,
        status=status,
        sheets=meant,
        datasets=[(one.name, one.title) for one in dictionary().values()],
        field_of=matching.field_of,
        given=told,
        faults=faults,
        as_of=told.get("as_of", print_day(found.day) if found.day else ""),
        open_sheet=request.GET.get("sheet", ""),
    )


def _show_faults(request: HttpRequest, found: Draft, check: Check) -> HttpResponse:
    sheets = sheets_of(found)
    meant = meanings(found, sheets)
    kept = {key: request.GET.get(key, "")[:40] for key in ("severity", "kind", "sheet")}
    number, turn = kept["sheet"], request.GET.get("page", "1")
    wanted = Wanted(
        kept["severity"],
        kept["kind"],
        int(number) if _is_number(number) else None,
        int(turn) if _is_number(turn) else 1,
    )
    return _show(
        request,
        found,
        "imports/faults.html",
        3,
        check=check,
        grid=lay_out(check.faults, meant, wanted),
        kept=kept,
        sheets=[(one.sheet.number, one.sheet.name) for one in meant if one.dataset is not None],
        corrected=list_corrections(meant),
        here_address=address(reverse("import_draft", args=[found.id]), step="faults", **kept),
    )


def _show_preview(request: HttpRequest, found: Draft, check: Check, state: jobs.State | None) -> HttpResponse:
    assert check.preview is not None
    totals = check.preview["totals"]
    unused = sum(given - used for given, used in check.rows.values())
    return _show(
        request,
        found,
        "imports/preview.html",
        4,
        check=check,
        preview=check.preview,
        effects=effects(),
        titles={one.name: one.title for one in dictionary().values()},
        act=act_words(totals),
        writes=totals["created"] + totals["changed"] + totals["ended"],
        unused=unused,
        broken_off=state is not None and state.kind == "import" and state.is_broken_off,
        failed=state is not None and state.kind == "import" and state.phase == "failed",
        refused=state.message if state is not None and state.kind == "import" and state.phase == "refused" else "",
        may_apply=visitor(request).scope.allows(APPLY),
    )


def _show(
    request: HttpRequest, found: Draft, template: str, at: int, *, status: int = 200, **context: Any
) -> HttpResponse:
    path = reverse("import_draft", args=[found.id])
    words = [
        (pick("Tệp", "File"), reverse("imports")),
        (pick("Cột", "Columns"), f"{path}?step=columns"),
        (pick("Lỗi", "Faults"), f"{path}?step=faults"),
        (pick("Xem trước và nhập", "Preview and import"), f"{path}?step=preview"),
    ]
    return show(request, template, here="imports", status=status, draft=found, steps=words, at=at, path=path, **context)


def _leave(found: Draft, state: jobs.State) -> HttpResponse:
    drafts.remove(found)
    return HttpResponseRedirect(reverse("import", args=[state.result]), status=303)


def _to(found: Draft, step: str = "") -> HttpResponse:
    path = address(reverse("import_draft", args=[found.id]), step=step if step in STEPS else "")
    return HttpResponseRedirect(path, status=303)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 9
