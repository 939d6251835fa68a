"""Sheets and heads: found however they are laid out, every oddity one finding, nothing lost in silence."""

from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from canbo.common.findings import Refused
from canbo.datasets.reading import read, read_counted
from tests.datasets.books import PEOPLE_HEADS, UNITS, book, codes, only, people, read_people


def test_a_clean_workbook_has_no_findings(tmp_path: Path) -> None:
    data = read_people(tmp_path, {}, {"Mã cán bộ": "P2", "Họ và tên": "Trần Thị Bình", "Giới tính": "Nữ"})
    assert data.findings == ()
    table = data.tables["people"]
    assert table["person_id"].to_pylist() == ["P1", "P2"]
    assert table["birth_date"].to_pylist() == [date(1980, 6, 15)] * 2
    assert table["sex"].to_pylist() == ["male", "female"]
    assert table["medical_specialist"].to_pylist() == ["none", "none"]
    assert table["is_head"].to_pylist() == [False, False]
    assert "education" not in table.column_names


def test_heads_below_merged_titles_reordered_and_unmarked(tmp_path: Path) -> None:
    heads = [head.upper() if place % 2 else head for place, head in enumerate(reversed(PEOPLE_HEADS))]
    heads[3] = "gioi tinh"
    row = ["Công chức", "Chuyên môn nghiệp vụ", "S1", "Nam", "15/06/1980", "Nguyễn Văn An", "P1"]
    data = read(book(tmp_path / "a.xlsx", people=[["DANH SÁCH CÁN BỘ"], ["Tháng 12/2025"], [], heads, row]))
    assert data.findings == ()
    assert data.tables["people"].num_rows == 1


def test_findings_name_the_row_and_head_as_the_officer_sees_them(tmp_path: Path) -> None:
    rows = people({"Ngày sinh": "15/06/1980"}, {"Mã cán bộ": "P2", "Họ và tên": "B", "Ngày sinh": "31/02/1979"})
    rows[0][2] = "NGAY SINH"
    data = read(book(tmp_path / "a.xlsx", people=[["Tiêu đề"], [], *rows]))
    found = only(data)
    assert (found.sheet, found.row, found.column, found.value) == ("Cán bộ", 5, "NGAY SINH", "31/02/1979")
    assert found.message == "“31/02/1979” không phải là ngày. Cả dòng này không được dùng."
    assert data.tables["people"]["person_id"].to_pylist() == ["P1"]


def test_a_mistyped_head_is_suggested_and_the_sheet_not_used(tmp_path: Path) -> None:
    rows = people({})
    rows[0][2] = "Ngày sinhh"
    data = read(book(tmp_path / "a.xlsx", people=rows))
    assert codes(data) == [("warning", "unknown_column"), ("error", "missing_column")]
    assert data.findings[0].suggestion == "Có phải “Ngày sinh”?"
    assert data.findings[1].column == "Ngày sinh"
    assert "people" not in data.tables
    assert data.tables["units"].num_rows == 3


def test_an_extra_column_is_a_warning(tmp_path: Path) -> None:
    found = only(read_people(tmp_path, {"Số điện thoại": "0912"}))
    assert (found.severity, found.code, found.column) == ("warning", "unknown_column", "Số điện thoại")


def test_of_two_equal_columns_the_first_is_used(tmp_path: Path) -> None:
    rows = people({})
    rows[0].append("Họ và tên")
    rows[1].append("Người Khác")
    data = read(book(tmp_path / "a.xlsx", people=rows))
    assert only(data).code == "duplicate_column"
    assert data.tables["people"]["full_name"].to_pylist() == ["Nguyễn Văn An"]


def test_blank_rows_and_blank_heads_are_nothing_and_an_empty_sheet_is_no_data(tmp_path: Path) -> None:
    rows = people({}, {"Mã cán bộ": "P2", "Họ và tên": "Lê Thị Cúc"})
    rows.insert(2, [None] * len(rows[0]))
    rows.insert(3, ["  ", "\u00a0"])
    rows[0].append(None)
    rows[1].append("ghi chú không có tiêu đề")
    data = read(book(tmp_path / "a.xlsx", people=rows, posts_held=[]))
    finding = only(data)
    assert (finding.severity, finding.code) == ("warning", "missing_value")
    assert "“Chức vụ”: coi như chưa có dữ liệu" in finding.message
    assert data.tables["people"].num_rows == 2
    assert "posts_held" not in data.tables


def test_an_unknown_sheet_is_a_warning_with_the_nearest_name(tmp_path: Path) -> None:
    found = only(read_people(tmp_path, {}, **{"Đào tạo bồi dưỡg": [["a"]]}))
    assert (found.severity, found.code) == ("warning", "unknown_sheet")
    assert found.suggestion == "Có phải “Đào tạo bồi dưỡng”?"


def test_a_numbered_sheet_goes_on_and_another_of_the_same_data_is_told(tmp_path: Path) -> None:
    first, second = people({}), people({"Mã cán bộ": "P2", "Họ và tên": "Lê B"})
    third = people({"Mã cán bộ": "P3", "Họ và tên": "Lê C"})
    data = read(book(tmp_path / "a.xlsx", **{"Cán bộ": first, "Cán bộ (2)": second}))
    assert data.findings == ()
    assert data.tables["people"].num_rows == 2
    data = read(book(tmp_path / "a.xlsx", **{"Cán bộ": first, "People": third}))
    assert codes(data) == [("warning", "unknown_sheet")]
    assert data.tables["people"]["person_id"].to_pylist() == ["P1", "P3"]


def test_a_sheet_without_any_known_head(tmp_path: Path) -> None:
    data = read(book(tmp_path / "a.xlsx", people=[["a", "b"], [1, 2]]))
    assert only(data).code == "missing_column"
    assert "people" not in data.tables


def test_nothing_known_is_refused_with_what_is_there(tmp_path: Path) -> None:
    workbook = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    workbook.add_worksheet("Trang lạ").write(0, 0, "x")
    workbook.close()
    with pytest.raises(Refused, match="Trang lạ"):
        read(tmp_path / "a.xlsx")


def test_required_columns_of_people_that_follow_from_posts_may_be_left_out(tmp_path: Path) -> None:
    rows = people({})
    keep = [place for place, head in enumerate(rows[0]) if head not in ("Mã đơn vị", "Nhóm chức danh")]
    posts = [
        ["Mã cán bộ", "Mã đơn vị", "Nhóm chức danh", "Từ ngày"],
        ["P1", "S1", "Chuyên môn nghiệp vụ", date(2010, 1, 1)],
    ]
    slim = [[row[place] for place in keep] for row in rows]
    data = read(book(tmp_path / "a.xlsx", people=slim, posts_held=posts))
    assert codes(data) == [("warning", "missing_column")] * 2
    assert data.tables["people"].num_rows == 1


def test_an_empty_required_cell_drops_the_row_and_says_so(tmp_path: Path) -> None:
    data = read_people(tmp_path, {}, {"Mã cán bộ": "P2", "Họ và tên": None})
    found = only(data)
    assert (found.severity, found.code, found.row, found.column) == ("error", "missing_value", 3, "Họ và tên")
    assert data.tables["people"].num_rows == 1


def test_what_cannot_be_used_counts_as_empty(tmp_path: Path) -> None:
    data = read_people(tmp_path, {"Trình độ chuyên môn": "Đại hoc", "Người đứng đầu": "chắc thế"})
    assert codes(data) == [("error", "unknown_code"), ("error", "bad_type")]
    assert data.tables["people"]["education"].to_pylist() == [None]
    assert data.tables["people"]["is_head"].to_pylist() == [False]


def test_a_birth_date_of_a_year_keeps_its_last_day(tmp_path: Path) -> None:
    data = read_people(
        tmp_path,
        {"Ngày sinh": 1979},
        {"Mã cán bộ": "P2", "Họ và tên": "B", "Ngày sinh": "02/1980"},
        {"Mã cán bộ": "P3", "Họ và tên": "C", "Ngày sinh": date(1981, 3, 4)},
    )
    assert codes(data) == [("warning", "imprecise_date")] * 2
    table = data.tables["people"]
    assert table["birth_date"].to_pylist() == [date(1979, 1, 1), date(1980, 2, 1), date(1981, 3, 4)]
    assert table["_birth_latest"].to_pylist() == [date(1979, 12, 31), date(1980, 2, 29), date(1981, 3, 4)]


def test_decomposed_text_and_invisible_characters(tmp_path: Path) -> None:
    decomposed = "Nguye\u0302\u0303n\u00a0Va\u0306n  Hoa\u0300\u200b "
    data = read_people(tmp_path, {"Họ và tên": decomposed, "Mã cán bộ": 12.0})
    assert data.findings == ()
    assert data.tables["people"]["full_name"].to_pylist() == ["Nguyễn Văn Hoà"]
    assert data.tables["people"]["person_id"].to_pylist() == ["12"]


def test_very_many_faults_of_one_kind_are_counted(tmp_path: Path) -> None:
    rows = [{"Mã cán bộ": f"P{n}", "Họ và tên": f"A {n}", "Giới tính": f"giới {n}"} for n in range(1205)]
    data = read_people(tmp_path, *rows)
    assert len(data.findings) == 1001
    assert data.findings[-1].message == "Còn 205 lỗi cùng loại trong cột này, không liệt kê."
    assert data.tables["people"].num_rows == 0


def test_the_day_of_the_data(tmp_path: Path) -> None:
    info = [["Tên dữ liệu", "Cán bộ quý IV"], ["Ngày dữ liệu:", "31/12/2025"]]
    path = book(tmp_path / "a.xlsx", people=people({}), info=info)
    assert (read(path).data_date, read(path).title) == (date(2025, 12, 31), "Cán bộ quý IV")
    assert read(path, data_date=date(2024, 1, 1)).data_date == date(2024, 1, 1)
    unclear = book(tmp_path / "b.xlsx", people=people({}), info=[["Ngày dữ liệu", "cuối năm"]])
    assert read(unclear).data_date is None
    assert codes(read(unclear)) == [("error", "bad_date")]


def test_rows_given_are_rows_used_and_refused(tmp_path: Path) -> None:
    rows = people(
        {}, {"Mã cán bộ": "P2", "Giới tính": "?"}, {"Mã cán bộ": "P1"}, {"Mã cán bộ": None, "Họ và tên": None}
    )
    count = read_counted(book(tmp_path / "a.xlsx", people=rows)).rows["people"]
    assert (count.given, count.used) == (4, 1)


def test_units_alone_are_enough(tmp_path: Path) -> None:
    assert read(book(tmp_path / "a.xlsx")).tables["units"].num_rows == len(UNITS) - 1


def test_very_many_unknown_columns_are_listed_in_part(tmp_path: Path) -> None:
    rows = people({})
    rows[0] += [f"cột lạ {number}" for number in range(3000)]
    data = read(book(tmp_path / "a.xlsx", people=rows))
    assert len(data.findings) == 101
    assert data.findings[-1].message == "Còn 2900 cột khác không được đọc."
    assert data.tables["people"].num_rows == 1


def test_a_column_with_a_default_in_which_no_cell_is_right(tmp_path: Path) -> None:
    data = read_people(
        tmp_path, {"Chuyên khoa": "xyz"}, {"Mã cán bộ": "P2", "Họ và tên": "Lê Cúc", "Chuyên khoa": "abc"}
    )
    assert [finding.code for finding in data.findings] == ["unknown_code", "unknown_code"]
    assert data.tables["people"]["medical_specialist"].to_pylist() == ["none", "none"]
