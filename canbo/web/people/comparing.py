"""A few people side by side, by what their files say on a day. Each file that is opened is logged."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.register import reading
from canbo.web.frame import show
from canbo.web.people.columns import Column
from canbo.web.people.filters import read
from canbo.web.people.finding import READ, Row, readable_columns, rows_of
from canbo.web.visitors import page, visitor

MOST_COMPARED = 4


@dataclass(frozen=True)
class Line:
    """What one column says of each; ``differs``: they do not all say the same."""

    words: str
    texts: tuple[str, ...]
    differs: bool


@page(READ)
def compare(request: HttpRequest) -> HttpResponse:
    """Two to four people, a column each.

    :raises Refused: fewer or more, or one whom the account may not see.
    """
    asked = visitor(request)
    filters = read(request.GET, asked.day)
    codes = list(dict.fromkeys(request.GET.getlist("code")))
    if not 2 <= len(codes) <= MOST_COMPARED:
        raise Refused(
            pick(
                f"So sánh được từ 2 đến {MOST_COMPARED} người. Hãy chọn lại trên danh sách.",
                f"From 2 to {MOST_COMPARED} people can be compared. Select again on the list.",
            )
        )
    for code in codes:
        reading.open_file(scope=asked.scope, code=code, at=asked.at)
    columns = tuple(readable_columns(asked).values())
    rows = rows_of(asked, filters, codes, columns)
    context: dict[str, Any] = {
        "rows": rows,
        "lines": lines(columns, rows),
        "day": filters.day,
        "back": reverse("people"),
    }
    return show(request, "people/list_compare.html", here="people", **context)


def lines(columns: tuple[Column, ...], rows: list[Row]) -> list[Line]:
    """The columns that say something of anybody, those that differ marked."""
    found = []
    for place, column in enumerate(columns):
        texts = tuple(row.texts[place] for row in rows)
        if any(texts):
            found.append(Line(column.words, texts, len(set(texts)) > 1))
    return found
