"""Imports: where one begins, those that were made, and one of them with its undoing."""

import tempfile
from pathlib import Path

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from canbo.accounts.permissions import Permission
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.common.numbers import parse_day
from canbo.datasets.reading import WORKBOOKS
from canbo.datasets.template import write_template
from canbo.register.importing import undo
from canbo.register.models import ImportBatch, Person
from canbo.web.frame import show
from canbo.web.imports import access, applying, drafts, held_sheets, jobs, matching
from canbo.web.visitors import page, visitor

PREVIEW, APPLY = Permission.IMPORT_PREVIEW, Permission.IMPORT_APPLY
LARGEST = 64 << 20
PAGE = 50
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "HEAD", "POST"])
@page(PREVIEW)
def imports(request: HttpRequest) -> HttpResponse:
    """Where an import begins, the visitor's drafts, and the imports made before."""
    faults: dict[str, str] = {}
    if request.method == "POST":
        draft, faults = _receive(request)
        if draft is not None:
            return HttpResponseRedirect(reverse("import_draft", args=[draft.id]), status=303)
    found = visitor(request)
    drafts.remove_old(found.at)
    batches, older = _batches(request)
    under_way = [one for one in drafts.of_account(found.by) if not _is_done(one)]
    return show(
        request,
        "imports/start.html",
        here="imports",
        status=422 if faults else 200,
        faults=faults,
        as_of=request.POST.get("as_of", ""),
        batches=batches,
        older=older,
        is_confined=access.confines(request),
        under_way=under_way,
        is_empty=not ImportBatch.objects.exists() and not Person.objects.exists(),
    )


@require_GET
@page(PREVIEW)
def template(request: HttpRequest) -> HttpResponse:
    """The blank workbook."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.xlsx"
        write_template(path)
        content = path.read_bytes()
    name = 'attachment; filename="mau-du-lieu-can-bo.xlsx"'
    return HttpResponse(content, content_type=_EXCEL, headers={"Content-Disposition": name})


@require_GET
@page(PREVIEW)
def one(request: HttpRequest, number: int) -> HttpResponse:
    """An import: what it wrote and found; with ``?undo=1`` what its undoing would take back."""
    batch = _batch(request, number)
    may_undo = visitor(request).scope.allows(APPLY) and not access.confines(request)
    keep = "keep" in request.GET
    undoing = undo.preview(batch, keep=keep) if "undo" in request.GET and may_undo and not batch.undone else None
    findings = applying.findings_of(batch)
    return show(
        request,
        "imports/import.html",
        here="imports",
        batch=batch,
        findings=(findings or [])[:PAGE],
        found=len(findings) if findings is not None else None,
        errors=sum(one.severity == "error" for one in findings or ()),
        may_undo=may_undo and not batch.undone,
        undoing=undoing,
        keep=keep,
    )


@require_POST
@page(PREVIEW, APPLY)
def undo_import(request: HttpRequest, number: int) -> HttpResponse:
    """Take an import back; where something was changed since, only as the visitor said."""
    batch = _batch(request, number)
    if access.confines(request):
        raise Http404
    found = visitor(request)
    keep = request.POST.get("keep") == "1"
    done = undo.undo(batch, by=found.by, at=found.at, keep=keep)
    left = pick(f" {done.left} hồ sơ giữ nguyên.", f" {done.left} left as they are.") if done.left else ""
    messages.success(request, pick(f"Đã hoàn tác lần nhập số {number}.", f"Import {number} was undone.") + left)
    return HttpResponseRedirect(reverse("import", args=[number]), status=303)


def _receive(request: HttpRequest) -> tuple[drafts.Draft | None, dict[str, str]]:
    """The draft of what was sent, or what is wrong with it by field."""
    file, found = request.FILES.get("file"), visitor(request)
    given = request.POST.get("as_of", "").strip()
    day = parse_day(given) if given else None
    faults = {}
    if given and (day is None or day.precision != "day"):
        faults["as_of"] = pick(
            f"“{given[:40]}” không phải là ngày. Ghi như 31/12/2025, hoặc để trống.",
            f"“{given[:40]}” is no day. Write it as 31/12/2025, or leave it empty.",
        )
    if not isinstance(file, UploadedFile):
        faults["file"] = pick("Chưa chọn tệp. Hãy chọn một sổ tính (.xlsx, .xls, .ods).", "Choose a workbook first.")
    elif (file.size or 0) > LARGEST:
        faults["file"] = pick(
            "Tệp lớn hơn 64 MB. Hãy chia thành nhiều tệp.", "The file is larger than 64 MB. Split it."
        )
    elif Path(file.name or "").suffix.lower() not in WORKBOOKS:
        faults["file"] = pick(
            "Tệp này không phải là sổ tính. Hãy lưu thành .xlsx, .xls hoặc .ods rồi chọn lại.",
            "This is no workbook. Save it as .xlsx, .xls or .ods and choose it again.",
        )
    if faults or not isinstance(file, UploadedFile):
        return None, faults
    draft = drafts.create(
        account=found.by, name=file.name or "", blocks=file.chunks(), as_of=day.first if day else None, at=found.at
    )
    try:
        held_sheets.read_sheets(draft)
    except Refused as refused:
        drafts.remove(draft)
        return None, {"file": refused.message}
    if matching.begin(draft):
        access.begin_check(request, draft)
    return draft, {}


def _is_done(draft: drafts.Draft) -> bool:
    state = jobs.state_of(draft)
    return state is not None and state.kind == "import" and state.phase == "done"


def _batches(request: HttpRequest) -> tuple[list[ImportBatch], int | None]:
    """A page of the imports that the visitor may see, the newest first, and where the next page begins."""
    visible = ImportBatch.objects.order_by("-pk")
    if not visitor(request).is_unlimited(PREVIEW):
        visible = visible.filter(by=visitor(request).by)
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 19:
        visible = visible.filter(pk__lt=int(before))
    found = list(visible[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None


def _batch(request: HttpRequest, number: int) -> ImportBatch:
    """The import, where the visitor may see it: all of the province, or his own."""
    batch = ImportBatch.objects.filter(pk=number).first() if number < 1 << 63 else None
    found = visitor(request)
    if batch is None or not (found.is_unlimited(PREVIEW) or batch.by == found.by):
        raise Http404
    return batch
