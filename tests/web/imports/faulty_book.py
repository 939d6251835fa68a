"""A workbook as an office sends it, with twenty kinds of faults, each at one known place, and how each is mended."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from tests.datasets.books import rewrite

DAY = date(2021, 12, 31)
HOSTILE = "<script>alert(1)</script>"
FORMULA_LIKE = '=HYPERLINK("http://x")'
UNITS = [
    ["Mã đơn vị", "Tên đơn vị", "Mã đơn vị cấp trên", "Cấp", "Loại đơn vị", "Tỷ lệ dân tộc thiểu số"],
    ["T", "Tỉnh Thử", None, "Cấp tỉnh", "Địa phương", 0.2],
    ["S1", "Sở Một", "T", "Cấp tỉnh", "Cơ quan nhà nước", None],
    ["X1", "Xã Một", "KHONG", "Cấp xã", "Địa phương", 45],
    ["V1", "Phòng Vòng Một", "V2", "Cấp tỉnh", "Cơ quan nhà nước", None],
    ["V2", "Phòng Vòng Hai", "V1", "Cấp tỉnh", "Cơ quan nhà nước", None],
]
HEADS = [
    "Mã cán bộ", "Họ tên", "Ngày sinh", "Giới tính", "Mã đơn vị", "Chức vụ", "Nhóm chức danh", "Loại cán bộ",
    "Trình độ", "Ngày tuyển dụng", "Số định danh cá nhân", "Đạt chuẩn tin học", "Ghi chú", "Giới tính",
]  # fmt: skip
_USUAL: dict[str, Any] = {
    "Ngày sinh": datetime(1980, 6, 15),  # noqa: DTZ001
    "Giới tính": "Nam",
    "Mã đơn vị": "S1",
    "Chức vụ": "Chuyên viên",
    "Nhóm chức danh": "Chuyên môn nghiệp vụ",
    "Loại cán bộ": "Công chức",
    "Trình độ": "Đại học",
    "Đạt chuẩn tin học": "Có",
}
_FORMULA, _ERROR = object(), object()
PEOPLE: list[dict[str, Any]] = [
    {},
    {"Ngày sinh": "31/02/1979"},  # row 3: no such day
    {"Ngày sinh": "1975"},  # row 4: known by its year only
    {"Trình độ": "Đại hoc"},  # row 5: not in the list, as row 6 and 7
    {"Trình độ": "Đại hoc"},
    {"Trình độ": "Đại hoc"},
    {"Mã cán bộ": "P1", "Ngày sinh": datetime(1990, 1, 1)},  # noqa: DTZ001  # row 8: the code of another
    {"Mã đơn vị": "KHONGCO"},  # row 9: no such unit
    {"Ngày tuyển dụng": datetime(1985, 3, 1)},  # noqa: DTZ001  # row 10: recruited at the age of five
    {"Chức vụ": _FORMULA},  # row 11: a formula
    {"Đạt chuẩn tin học": _ERROR},  # row 12: an error value of Excel
    {"Đạt chuẩn tin học": "có thể"},  # row 13: neither yes nor no
    {"Họ tên": None},  # row 14: required and empty
    {"Số định danh cá nhân": "12345"},  # row 15: no national id
    {"Số định danh cá nhân": 1080000016},  # row 16: lost its first zeros
    {"Ngày sinh": "06/15/1980"},  # row 17: the month first
    {"Họ tên": "Nguyễn Văn Hai Lần", "Ngày sinh": datetime(1981, 1, 1)},  # noqa: DTZ001  # row 18 and 19: the same?
    {"Họ tên": "Nguyễn Văn Hai Lần", "Ngày sinh": datetime(1981, 1, 1)},  # noqa: DTZ001
    {"Giới tính": "Nữ", "Số định danh cá nhân": "019080000020"},  # row 20: a man's number
    {"Chức vụ": HOSTILE, "Ghi chú": FORMULA_LIKE, "Ngày sinh": datetime(2015, 1, 1)},  # noqa: DTZ001  # row 21: a child
]


def make_faulty(path: Path) -> Path:
    """Write it."""
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as workbook:
        day = workbook.add_format({"num_format": "dd/mm/yyyy"})
        info = workbook.add_worksheet("Thông tin")
        info.write_row(0, 0, ["Ngày dữ liệu", "31/12/2021"])
        units = workbook.add_worksheet("Đơn vị")
        for row, cells in enumerate(UNITS):
            units.write_row(row, 0, cells)
        people = workbook.add_worksheet("DS cơ quan")
        people.write_row(0, 0, HEADS)
        for row, own in enumerate(PEOPLE, 1):
            cells = _USUAL | {"Mã cán bộ": f"P{row}", "Họ tên": f"Nguyễn Văn {chr(64 + row)}"} | own
            for place, head in enumerate(HEADS[:-1]):
                _write(people, row, place, cells.get(head), day)
        workbook.add_worksheet("Tổng hợp").write(0, 0, "Số liệu chung")
    # An error value that is typed, not reckoned: the formula is taken away.
    return rewrite(path, lambda _, content: content.replace(b"<f>NA()</f>", b""))


def _write(sheet: Any, row: int, place: int, cell: Any, day: Any) -> None:
    if cell is _FORMULA:
        sheet.write_formula(row, place, '="Chuyên "&"viên"', None, "Chuyên viên")
    elif cell is _ERROR:
        sheet.write_formula(row, place, "=NA()", None, "#N/A")
    elif isinstance(cell, datetime):
        sheet.write_datetime(row, place, cell, day)
    else:
        sheet.write(row, place, cell)
