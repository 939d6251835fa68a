"""What is done with people selected on a list: a workbook of them, or a comparison."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localtime
from django.views.decorators.http import require_POST

from canbo.accounts.callers import Caller
from canbo.accounts.permissions import Permission
from canbo.audit.changes import note
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.common.numbers import print_count, print_day
from canbo.common.text import tidy
from canbo.output.workbook_cells import Book
from canbo.output.workbook_cells import Column as Head
from canbo.web.accounts.units import unit_asked
from canbo.web.engine import address
from canbo.web.people.columns import Column
from canbo.web.people.comparing import MOST_COMPARED
from canbo.web.people.filters import Filters, read_text, words_of
from canbo.web.people.finding import READ, Row, find, readable_columns, rows_of
from canbo.web.visitors import page, visitor

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_PURPOSE = 200


@require_POST
@page(READ)
def act(request: HttpRequest) -> HttpResponse:
    """Do with the people selected what the button says; they are those ticked, or the whole list."""
    asked = visitor(request)
    filters = read_text(request.POST.get("query", ""), asked.day)
    ticked = request.POST.getlist("code")
    try:
        if request.POST.get("act") == "export":
            whole = bool(request.POST.get("all"))
            return export(asked, filters, None if whole else ticked, request.POST.get("purpose", ""))
        if not 2 <= len(ticked) <= MOST_COMPARED:
            raise Refused(
                pick(
                    f"Chọn từ 2 đến {MOST_COMPARED} người trên trang rồi bấm So sánh.",
                    f"Tick 2 to {MOST_COMPARED} people on the page, then compare.",
                )
            )
        when = {name: value for name, value in filters.parameters().items() if name in ("day", "known")}
        return HttpResponseRedirect(address(reverse("people_compare"), code=ticked, **when), status=303)
    except Refused as refused:
        messages.error(request, refused.message, extra_tags="late")
        return HttpResponseRedirect(filters.link(), status=303)


def export(asked: Caller, filters: Filters, ticked: Sequence[str] | None, purpose: str) -> HttpResponse:
    """A workbook of the people ticked, or of the whole list (None), with the columns shown; it is logged.

    :raises Refused: the account may not export them, nobody is selected, or it is not said what for.
    """
    purpose = tidy(purpose)[:LONGEST_PURPOSE]
    _check(asked, ticked, purpose)
    columns = tuple(one for key, one in readable_columns(asked).items() if key in filters.columns)
    found = find(asked, filters, permission=Permission.EXPORT)
    seen = set(find(asked, filters).codes)
    wanted = seen if ticked is None else seen & set(ticked)
    codes = [code for code in found.codes if code in wanted]
    if not codes:
        raise Refused(
            pick(
                "Không có ai trong số đã chọn mà tài khoản được xuất. Chưa xuất gì.",
                "The account may export none of those selected. Nothing was exported.",
            )
        )
    rows = rows_of(asked, filters, codes, columns)
    note(by=asked.by, at=asked.at, action="people.export", subject="people", detail={
        "purpose": purpose, "as_of": filters.day.isoformat(), "known": filters.known_text or None,
        "columns": [one.key for one in columns], "people": sorted(row.code for row in rows),
    })  # fmt: skip
    content = _workbook(filters, columns, rows, _told(asked, filters, purpose, len(rows)))
    response = HttpResponse(content, content_type=EXCEL)
    response.headers["Content-Disposition"] = f'attachment; filename="can-bo-{filters.day:%Y%m%d}.xlsx"'
    return response


def _check(asked: Caller, ticked: Sequence[str] | None, purpose: str) -> None:
    if not asked.scope.allows(Permission.EXPORT):
        raise Refused(pick("Vai trò của tài khoản không được xuất dữ liệu.", "The role may not export."))
    if ticked is not None and not ticked:
        raise Refused(
            pick(
                "Chưa chọn ai. Đánh dấu người cần xuất, hoặc đánh dấu “Chọn cả danh sách”.",
                "Nobody is selected. Tick people, or “Select the whole list”.",
            )
        )
    if not purpose:
        raise Refused(
            pick(
                "Ghi xuất dữ liệu để làm gì: câu này đứng trong tệp và trong nhật ký.",
                "Say what the export is for: it stands in the file and in the log.",
            )
        )


def _told(asked: Caller, filters: Filters, purpose: str, number: int) -> list[tuple[str, str]]:
    """What the first sheet says: who made it, when, of which day, what is on it, and what for."""
    at = localtime(asked.at)
    unit = unit_asked(filters.unit, filters.day)[1] if filters.unit else ""
    narrowed = "; ".join(words for words, _ in words_of(filters, unit)) or pick("không lọc", "no filter")
    return [
        (pick("Người xuất", "Made by"), asked.by),
        (pick("Lúc", "At"), f"{at:%H:%M} {print_day(at.date())}"),
        (pick("Mục đích", "For"), purpose),
        (pick("Dữ liệu tại ngày", "Data as of"), print_day(filters.day)),
        (pick("Như đã biết lúc", "As known at"), filters.known_text or f"{at:%H:%M} {print_day(at.date())}"),
        (pick("Bộ lọc", "Filters"), narrowed),
        (pick("Số người", "People"), print_count(number)),
        (
            pick("Lưu ý", "Note"),
            pick(
                "Tệp có thông tin cá nhân: chỉ dùng cho mục đích trên, không chuyển cho người không có trách nhiệm, "
                "xóa khi dùng xong.",
                "This file holds personal data: use it for this purpose only, pass it to nobody else, delete it after.",
            ),
        ),
    ]


def _workbook(
    filters: Filters, columns: Sequence[Column], rows: Sequence[Row], told: Sequence[tuple[str, str]]
) -> bytes:
    """A sheet that says what this is, and one with the people: real days and numbers."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "people.xlsx"
        book = Book(str(path), places=2)
        foot = " – ".join(words for _, words in told[:3])
        about = book.add(pick("Thông tin", "About"))
        about.title(pick("Danh sách cán bộ", "List of people"))
        about.row += 1
        heads = [Head(pick("Mục", "What"), width=22), Head(pick("Nội dung", "Content"), "wrap", 90)]
        about.table(heads, told, filtered=False)
        about.print_set_up(foot)
        people = book.add(pick("Cán bộ", "People"))
        names = [Head(pick("Mã", "Code"), width=14), Head(pick("Họ và tên", "Name"), width=28)]
        shown = [Head(one.words, "date" if one.kind == "day" else "text", one.width) for one in columns]
        people.table([*names, *shown], [(row.code, row.name, *row.values) for row in rows], fixed=2)
        people.print_set_up(foot)
        book.file.set_properties({"title": f"{told[0][1]}, {told[1][1]}", "comments": foot})
        book.file.close()
        return path.read_bytes()
