"""Small workbooks made for a test, clean or dirty; and what reading them gives."""

import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl

from canbo.common.findings import Finding
from canbo.datasets.bundle import Datasets
from canbo.datasets.reading import read

UNITS = [
    ["Mã đơn vị", "Tên đơn vị", "Mã đơn vị cấp trên", "Cấp", "Loại đơn vị"],
    ["T", "Tỉnh Thử", None, "Cấp tỉnh", "Địa phương"],
    ["S1", "Sở Một", "T", "Cấp tỉnh", "Cơ quan nhà nước"],
    ["X1", "Xã Một", "T", "Cấp xã", "Địa phương"],
]
PEOPLE_HEADS = ["Mã cán bộ", "Họ và tên", "Ngày sinh", "Giới tính", "Mã đơn vị", "Nhóm chức danh", "Loại cán bộ"]
_PERSON = {
    "Mã cán bộ": "P1",
    "Họ và tên": "Nguyễn Văn An",
    "Ngày sinh": "15/06/1980",
    "Giới tính": "Nam",
    "Mã đơn vị": "S1",
    "Nhóm chức danh": "Chuyên môn nghiệp vụ",
    "Loại cán bộ": "Công chức",
}
POSTS_HEADS = ["Mã cán bộ", "Mã đơn vị", "Nhóm chức danh", "Chức vụ chính", "Từ ngày", "Đến ngày"]


def people(*rows: Mapping[str, Any]) -> list[list[Any]]:
    """Rows of people under their heads; what a row leaves out is as of a usual person."""
    heads = list(dict.fromkeys([*PEOPLE_HEADS, *(head for row in rows for head in row)]))
    made = [[row[head] if head in row else _PERSON.get(head) for head in heads] for row in rows]
    return [heads, *made]


def book(path: Path, **sheets: Sequence[Sequence[Any]]) -> Path:
    """A workbook with units, and the sheets given by dataset name (or any name, underscores as blanks)."""
    titles = {"units": "Đơn vị", "people": "Cán bộ", "posts_held": "Chức vụ", "info": "Thông tin"}
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, rows in {"units": UNITS, **sheets}.items():
        sheet = workbook.create_sheet(titles.get(name, name))
        for row in rows:
            sheet.append(list(row))
    workbook.save(path)
    return path


def read_people(folder: Path, *rows: Mapping[str, Any], **more: Sequence[Sequence[Any]]) -> Datasets:
    """What reading a workbook of these people gives."""
    return read(book(folder / "data.xlsx", people=people(*rows), **more))


def codes(data: Datasets) -> list[tuple[str, str]]:
    """Severity and code of each finding."""
    return [(finding.severity, finding.code) for finding in data.findings]


def only(data: Datasets) -> Finding:
    """The one finding there is."""
    assert len(data.findings) == 1, data.findings
    return data.findings[0]


def rewrite(path: Path, change: Callable[[str, bytes], bytes]) -> Path:
    """Change the parts of a package in place."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, change(name, content))
    return path
