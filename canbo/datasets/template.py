"""The blank workbook: heads with notes, drop-down lists, one example row a sheet that is not read. Writes no data."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from canbo.codes import CodeList, code_list, code_lists
from canbo.common.files import replacing
from canbo.datasets.dictionary import Column, Dataset, dictionary
from canbo.datasets.info import DAY_HEAD, GUIDE_SHEET, LISTS_SHEET, SHEET, TITLE_HEAD
from canbo.datasets.writing import make_styles, set_paper

EXAMPLE = "VÍ DỤ"
"""Stands in the first text column of the example row, which reading therefore passes over."""

LAST_ROW = 5000
"""Rows that have drop-down lists."""

_CREATED = datetime(2025, 1, 1)  # noqa: DTZ001  # a fixed property, so that the same template has the same bytes
_LEVELS = "qualification_level"
_EXAMPLES: Mapping[str, str | int | float | date] = {
    "name": "Sở Nội vụ",
    "full_name": "Nguyễn Văn A",
    "birth_date": date(1985, 5, 20),
    "sex": "male",
    "ethnicity": "Tày",
    "unit_id": "SNV",
    "parent_id": "TINH",
    "from_unit_id": "SNV",
    "to_unit_id": "X01",
    "post": "Chuyên viên",
    "post_kind": "professional",
    "staff_kind": "civil_servant",
    "managed_by": "unit_head",
    "rank": "specialist",
    "education": "bachelor",
    "political_theory": "intermediate",
    "state_management": "specialist",
    "level": "province",
    "kind": "state",
    "national_id": "001085000001",
    "recruited_on": date(2008, 9, 1),
    "appointed_on": date(2020, 1, 1),
    "term_ends_on": date(2024, 12, 31),
    "start_date": date(2023, 3, 1),
    "awarded_on": date(2007, 6, 30),
    "term": "2025-2030",
    "period": "2024",
    "year": 2025,
    "posts": 45,
    "places": 60,
    "quantity": 120,
    "minority_share": 0.45,
    "category": "master",
    "period_start": date(2025, 1, 1),
    "period_end": date(2025, 12, 31),
    "indicator": "TN-2025-1-01",
    "text": "gần 70%",
    "as_of": date(2025, 12, 31),
}
_KIND_WORDS: Mapping[str, str] = {
    "text": "Chữ.",
    "date": "Ngày, dạng 31/12/1975; chỉ biết tháng hoặc năm thì ghi 12/1975 hoặc 1975.",
    "boolean": "Có hoặc Không.",
    "integer": "Số nguyên.",
    "decimal": "Số.",
    "codes": "Chọn trong danh sách.",
}


def write_template(path: Path) -> None:
    """Write the blank workbook; checked as it is, it has no errors.

    :raises Refused: the file cannot be written.
    """
    with replacing(path) as temporary, xlsxwriter.Workbook(str(temporary), {"strings_to_formulas": False}) as workbook:
        workbook.set_properties({"title": "Mẫu dữ liệu cán bộ", "author": "CanBo", "created": _CREATED})
        styles = make_styles(workbook)
        example = workbook.add_format({"italic": True, "font_color": "#7A7A7A"})
        example_day = workbook.add_format(
            {"italic": True, "font_color": "#7A7A7A", "num_format": "dd/mm/yyyy", "align": "left"}
        )
        _write_info(workbook, styles)
        _write_guide(workbook, styles)
        ranges = {**_ranges()}
        for dataset in dictionary().values():
            _write_sheet(workbook, styles, dataset, ranges, (example, example_day))
        _write_lists(workbook, styles)


def _write_info(workbook: Any, styles: Any) -> None:
    sheet = workbook.add_worksheet(SHEET[0])
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 40)
    sheet.set_column(2, 2, 70)
    sheet.write_string(0, 0, TITLE_HEAD[0], styles.label)
    sheet.write_comment(0, 0, "Ví dụ: Cán bộ, công chức tỉnh, quý IV năm 2025.")
    sheet.write_string(1, 0, DAY_HEAD[0], styles.label)
    sheet.write_blank(1, 1, None, styles.day)
    sheet.write_comment(1, 0, "Ngày mà dữ liệu phản ánh, ví dụ 31/12/2025, ghi ở ô bên phải.")


def _write_guide(workbook: Any, styles: Any) -> None:
    sheet = workbook.add_worksheet(GUIDE_SHEET)
    sheet.set_column(0, 0, 110)
    lines = (
        "Mỗi trang là một loại dữ liệu. Trang để trống coi như chưa có dữ liệu, chỉ tiêu cần đến sẽ chưa đo được.",
        "Tiêu đề có dấu * là cột bắt buộc: không được để trống. Cột khác không dùng thì để trống hoặc xóa cả cột.",
        f"Dòng thứ hai của mỗi trang là ví dụ, có chữ “{EXAMPLE}”; dòng này không được đọc, có thể xóa hoặc ghi đè.",
        "Đưa chuột lên tiêu đề cột để xem cách ghi. Ô có mũi tên bên phải: chọn trong danh sách.",
        "Ngày kết thúc là ngày cuối cùng còn tính. Không rõ thì để trống, không ghi số 0.",
        "Không dùng công thức: ô có công thức không được đọc. Hãy dán giá trị (Paste Special > Values).",
        "Ghi ngày của dữ liệu ở trang Thông tin.",
    )
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, line, styles.wrapped)


def _listed() -> dict[str, tuple[str, ...]]:
    """The labels of each drop-down list; of qualification levels, all that any kind has."""
    labels = {name: tuple(code.vi for code in codes.codes.values()) for name, codes in code_lists().items()}
    by_kind = dictionary()["qualifications"].columns["level"].codes_by_kind or {}
    levels = dict.fromkeys(code.vi for name in by_kind.values() for code in code_list(name).codes.values())
    return {**labels, _LEVELS: tuple(levels)}


def _ranges() -> dict[str, str]:
    """Where each list stands on the sheet of lists, as a reference for drop-downs."""
    ranges = {}
    for place, (name, labels) in enumerate(_listed().items()):
        column = chr(65 + place) if place < 26 else "A" + chr(65 + place - 26)
        ranges[name] = f"='{LISTS_SHEET}'!${column}$2:${column}${len(labels) + 1}"
    return ranges


def _write_lists(workbook: Any, styles: Any) -> None:
    sheet = workbook.add_worksheet(LISTS_SHEET)
    for place, (name, labels) in enumerate(_listed().items()):
        sheet.write_string(0, place, name, styles.head)
        sheet.write_column(1, place, labels)
    sheet.hide()


def _write_sheet(
    workbook: Any, styles: Any, dataset: Dataset, ranges: Mapping[str, str], examples: tuple[Any, Any]
) -> None:
    sheet = workbook.add_worksheet(dataset.vi)
    sheet.freeze_panes(1, 1)
    widths = [max(14, min(len(column.vi or "") * 0.8 + 4, 30)) for column in dataset.written]
    set_paper(sheet, sum(widths))
    marked = next(column.name for column in dataset.written if column.kind == "text")
    for place, column in enumerate(dataset.written):
        head = f"{column.vi} *" if column.required else f"{column.vi}"
        sheet.set_column(place, place, widths[place], styles.day if column.kind == "date" else None)
        sheet.write_string(0, place, head, styles.head)
        sheet.write_comment(0, place, note(column), {"x_scale": 2, "y_scale": 1.4})
        _add_list(sheet, place, column, ranges)
        value = EXAMPLE if column.name == marked else _example(column)
        if isinstance(value, date):
            sheet.write_number(1, place, (value - date(1899, 12, 30)).days, examples[1])
        elif isinstance(value, int | float):
            sheet.write_number(1, place, value, styles.share if column.range else examples[0])
        elif value:
            sheet.write_string(1, place, value, examples[0])


def note(column: Column) -> str:
    """How the column is filled in, in a few sentences."""
    parts = ["Bắt buộc." if column.required else "Không bắt buộc.", _KIND_WORDS[column.kind]]
    if column.range:
        parts.append("Tỷ lệ từ 0% đến 100%.")
    if column.references:
        parts.append(f"Phải có ở trang {dictionary()[column.references].vi}.")
    if column.empty is not None:
        codes = column.code_list
        meaning = "Không" if isinstance(column.empty, bool) else codes[column.empty].vi if codes else column.empty
        parts.append(f"Để trống nghĩa là {meaning}.")
    if column.derived:
        parts.append("Để trống thì tự tính.")
    if column.sensitive:
        parts.append("Dữ liệu nhạy cảm, chỉ dùng để đối chiếu.")
    return " ".join(parts)


def _add_list(sheet: Any, place: int, column: Column, ranges: Mapping[str, str]) -> None:
    source: str | list[str] | None = None
    if column.codes_by_kind:
        source = ranges[_LEVELS]
    elif column.codes:
        source = ranges[column.codes]
    elif column.kind == "boolean":
        source = ["Có", "Không"]
    if source is not None:
        sheet.data_validation(
            1,
            place,
            LAST_ROW,
            place,
            {
                "validate": "list",
                "source": source,
                "error_type": "warning",
                "error_title": "Giá trị lạ",
                "error_message": "Giá trị này không có trong danh sách. Vẫn giữ?",
            },
        )


def _example(column: Column) -> str | int | float | date | None:
    value = _EXAMPLES.get(column.name)
    codes: CodeList | None = column.code_list
    if column.codes_by_kind:
        return code_list("education")["bachelor"].vi
    if codes is not None:
        key = value if isinstance(value, str) and value in codes else codes.keys[0]
        return codes[key].vi
    if column.kind == "boolean":
        return "Có" if column.empty is None else "Không"
    return value
