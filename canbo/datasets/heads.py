"""Finding the heads of a sheet and what each column means. Reads no cells below the heads."""

from collections.abc import Mapping
from dataclasses import dataclass

from canbo.common.findings import Finding
from canbo.common.language import pick
from canbo.common.text import tidy
from canbo.datasets.collect import Collector
from canbo.datasets.dictionary import Column, Dataset, dictionary
from canbo.datasets.matching import suggest_column
from canbo.datasets.raw import RawSheet, shown

IDENTITY = ("national_id", "full_name", "birth_date")
"""Columns of people by which other sheets may name a person instead of by code; the unit they have themselves."""

MAX_UNKNOWN = 100
"""Unknown columns of a sheet that are listed one by one."""

DERIVED_FROM_POSTS = frozenset({"unit_id", "post_kind"})
"""Columns of people that may be left out where ``posts_held`` is given."""


@dataclass(frozen=True)
class Heads:
    """The row of the heads, and the place of each column of the dataset and of those that name its person."""

    row: int
    columns: Mapping[str, int]
    identity: Mapping[str, int]
    names: Mapping[str, str]


def find_heads(sheet: RawSheet, dataset: Dataset, found: Collector, *, posts_given: bool) -> Heads | None:
    """The heads of the sheet, with findings of unknown, doubled and missing columns; None where it cannot be used."""
    row = _head_row(sheet, dataset)
    if row is None:
        message = pick(
            f"Không tìm thấy dòng tiêu đề cột trong {min(20, len(sheet.lines))} dòng đầu; trang này không được dùng.",
            "No row of column heads among the first 20 rows; the sheet is not used.",
        )
        needed = "; ".join(column.head for column in dataset.written if column.required)
        advice = pick(f"Ghi các tiêu đề: {needed}.", f"Write the heads: {needed}.")
        found.add(Finding("error", "missing_column", message, advice, sheet=sheet.name))
        return None
    heads = _match(sheet, dataset, row, found)
    return heads if _has_required(sheet, dataset, heads, found, posts_given) else None


def _head_row(sheet: RawSheet, dataset: Dataset) -> int | None:
    """The row with most known heads; the first of equals."""
    best, most = None, 0
    for row in range(len(sheet.top[0]) if sheet.top else 0):
        known = {column.name for cell in sheet.top_row(row) if (column := dataset.find(_clean(shown(cell))))}
        if len(known) > most:
            best, most = row, len(known)
    return best


def _clean(head: str) -> str:
    """A head without the marks that officials and the template put behind it."""
    return tidy(head).rstrip(" *:.")


def _match(sheet: RawSheet, dataset: Dataset, row: int, found: Collector) -> Heads:
    columns: dict[str, int] = {}
    identity: dict[str, int] = {}
    names: dict[str, str] = {}
    unknown: list[str] = []
    for place, cell in enumerate(sheet.top_row(row)):
        head = "".join(mark if mark.isprintable() else " " for mark in tidy(shown(cell)))[:120]
        if not head:
            continue
        column = dataset.find(_clean(head))
        if column is None:
            person = _identity(dataset, head)
            if person is None:
                unknown.append(head)
            else:
                identity.setdefault(person.name, place)
        elif column.name in columns:
            found.add(_doubled(sheet, row, head))
        else:
            columns[column.name] = place
            names[column.name] = head
    unused = [column for column in dataset.written if column.name not in columns]
    for head in unknown[:MAX_UNKNOWN]:
        found.add(_unknown(sheet, row, head, suggest_column(head, unused)))
    if len(unknown) > MAX_UNKNOWN:
        more = len(unknown) - MAX_UNKNOWN
        message = pick(f"Còn {more} cột khác không được đọc.", f"{more} more columns are not read.")
        found.add(Finding("warning", "unknown_column", message, sheet=sheet.name, row=int(sheet.lines[row])))
    return Heads(row, columns, identity, names)


def _identity(dataset: Dataset, head: str) -> Column | None:
    person = dataset.columns.get("person_id")
    if dataset.name == "people" or person is None:
        return None
    column = dictionary()["people"].find(_clean(head))
    return column if column and column.name in IDENTITY else None


def _has_required(sheet: RawSheet, dataset: Dataset, heads: Heads, found: Collector, posts_given: bool) -> bool:
    usable = True
    for column in dataset.written:
        if not column.required or column.name in heads.columns or _is_replaced(dataset, column, heads):
            continue
        derivable = dataset.name == "people" and posts_given and column.name in DERIVED_FROM_POSTS
        usable &= derivable
        found.add(_missing(sheet, column, derivable))
    return usable


def _is_replaced(dataset: Dataset, column: Column, heads: Heads) -> bool:
    """Whether the person is named otherwise than by code."""
    if column.name != "person_id":
        return False
    named = heads.columns if dataset.name == "people" else heads.identity
    return "national_id" in named or ("full_name" in named and "birth_date" in named)


def _doubled(sheet: RawSheet, row: int, head: str) -> Finding:
    return Finding(
        "error",
        "duplicate_column",
        pick(f"Cột “{head}” có hai lần; chỉ cột đầu được dùng.", f"Column “{head}” is there twice; the first is used."),
        pick("Xóa hoặc đổi tên cột thừa.", "Remove or rename the surplus column."),
        sheet=sheet.name,
        row=int(sheet.lines[row]),
        column=head,
    )


def _unknown(sheet: RawSheet, row: int, head: str, near: str | None) -> Finding:
    return Finding(
        "warning",
        "unknown_column",
        pick(
            f"Không có cột nào tên “{head}”; cột này không được đọc.", f"There is no column “{head}”; it is not read."
        ),
        pick(f"Có phải “{near}”?", f"Is it “{near}”?") if near else None,
        sheet=sheet.name,
        row=int(sheet.lines[row]),
        column=head,
    )


def _missing(sheet: RawSheet, column: Column, derivable: bool) -> Finding:
    if derivable:
        return Finding(
            "warning",
            "missing_column",
            pick(
                f"Thiếu cột “{column.head}”; được suy ra từ trang Chức vụ.",
                f"Column “{column.head}” is missing; it is derived from the posts held.",
            ),
            sheet=sheet.name,
            column=column.head,
        )
    return Finding(
        "error",
        "missing_column",
        pick(
            f"Thiếu cột bắt buộc “{column.head}”; các dòng của trang này không được dùng.",
            f"The required column “{column.head}” is missing; the rows of the sheet are not used.",
        ),
        pick(f"Thêm cột “{column.head}”.", f"Add the column “{column.head}”."),
        sheet=sheet.name,
        column=column.head,
    )
