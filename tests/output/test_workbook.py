"""The Excel report as an official opens it: real numbers and days, no formulas, no names where none go."""

import stat
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from office_dossiers import INDICATORS, LISTS, dossier, person, report

from canbo.common.findings import Refused
from canbo.common.language import speaking
from canbo.measure.results import Listing
from canbo.output.workbook import write_workbook_report
from canbo.output.workbook_cells import Book, free_name, tidy_cell
from canbo.output.workbook_lists import write_lists

HEAD_ROW = 4  # of the summary: a title and two lines stand above


def written(path: Path, **fields: Any) -> Any:
    """The report over the hand-made dossier, opened again."""
    write_workbook_report(dossier(**fields), path)
    return openpyxl.load_workbook(path)


def rows_of(sheet: Any, head_row: int = HEAD_ROW) -> list[dict[str, Any]]:
    """The rows under the heads, by head."""
    heads = [cell.value for cell in sheet[head_row]]
    return [dict(zip(heads, row, strict=True)) for row in sheet.iter_rows(min_row=head_row + 1, values_only=True)]


def all_cells(book: Any) -> list[Any]:
    return [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]


def test_first_sheets_say_what_it_is_and_hold_the_answer(tmp_path: Path) -> None:
    book = written(tmp_path / "a.xlsx")
    assert book.sheetnames[:2] == ["Thông tin", "Tổng hợp"]
    about = {row[0]: row[1] for row in book["Thông tin"].iter_rows(values_only=True)}
    assert about["Số liệu tính đến ngày"].date() == date(2021, 12, 31)
    assert about["Tệp dữ liệu"] == "can_bo_2021.xlsx"
    assert about["Người lập"] == "Nguyễn Văn Lập"
    assert about["Lập lúc"] == "08:30 ngày 05/01/2026"
    assert about["Mục đích"] == "Báo cáo năm 2021"
    assert about["Phiên bản chỉ tiêu"].startswith("sha256:9f8e")
    assert "Có dữ liệu cá nhân" in about["Lưu ý bảo mật"]
    assert about["TN-2025-1-01"] == "TN-2025-1-01 – Có trình độ chuyên môn thạc sĩ trở lên"


def test_summary_holds_real_numbers_and_the_printed_share_beside(tmp_path: Path) -> None:
    first = rows_of(written(tmp_path / "a.xlsx")["Tổng hợp"])[0]
    assert (first["Số đạt"], first["Tổng số"]) == (160, 306)
    assert first["Kết quả"] == "52,28%"
    assert first["Tỷ lệ chính xác"] == pytest.approx(160 / 306)
    assert first["Mục tiêu"] == "> 60%"
    assert first["Thời hạn"].date() == date(2025, 12, 31)
    assert first["Kết luận"] == "▲ Chưa đạt"
    assert first["Thiếu (+) thừa (−)"] == 24
    assert first["Chưa rõ"] == 26
    assert "26 người chưa rõ, có thể làm đổi kết luận" in first["Ghi chú"]
    assert first["Mức ban đầu"] == "160/306; 52,28%"


def test_target_bar_reads_without_colour(tmp_path: Path) -> None:
    rows = {row["Mã"]: row["Thanh mục tiêu"] for row in rows_of(written(tmp_path / "a.xlsx")["Tổng hợp"])}
    # 20 signs for 0–100 %: 52.28 % fills ten (and the baseline stands on the eleventh), the target of 60 % on the 13th.
    assert rows["TN-2025-1-01"][:10] == "█" * 10
    assert rows["TN-2025-1-01"][12] == "│"
    assert "○" in rows["TN-2025-1-01"]
    assert rows["TN-2025-1-02"].count("├") == rows["TN-2025-1-02"].count("┤") == 1
    assert {len(bar) for bar in rows.values() if bar} == {20}


def test_where_each_unit_has_a_target_the_whole_is_held_to_all_of_them(tmp_path: Path) -> None:
    row = rows_of(written(tmp_path / "a.xlsx")["Tổng hợp"])[6]
    assert row["Mục tiêu"] == "từng đơn vị > 30%"
    # one of two districts: half the bar, the tick at its end, for all of them are wanted
    assert row["Thanh mục tiêu"] == "█" * 10 + "·" * 9 + "│"


def test_what_was_not_measured_has_no_numbers_but_a_reason(tmp_path: Path) -> None:
    row = rows_of(written(tmp_path / "a.xlsx")["Tổng hợp"])[7]
    assert row["Mã"] == "TN-2025-3-02"
    assert row["Số đạt"] is None and row["Tỷ lệ chính xác"] is None
    assert row["Kết luận"] == "◌ Chưa đo được"
    assert "Cấp huyện kết thúc" in row["Ghi chú"] and "6/145 (4,13%)" in row["Ghi chú"]


def test_heads_stay_filter_and_repeat_on_a4_across(tmp_path: Path) -> None:
    sheet = written(tmp_path / "a.xlsx")["Tổng hợp"]
    assert sheet.freeze_panes == "C5"
    assert sheet.auto_filter.ref == "A4:U14"
    assert sheet.print_title_rows == "$4:$4"
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToHeight == 0
    assert "31/12/2021" in sheet.oddFooter.left.text
    assert sheet.oddFooter.right.text == "Trang &P/&N"


def test_no_cells_are_merged_and_no_text_is_a_formula(tmp_path: Path) -> None:
    book = written(tmp_path / "a.xlsx")
    assert all(not sheet.merged_cells.ranges for sheet in book)
    hostile = [cell for cell in all_cells(book) if isinstance(cell.value, str) and cell.value[:1] in "=+-@"]
    assert {cell.value for cell in hostile} >= {"=1+1", "@SUM(A1)", "+1", "-2", "=cmd|' /C calc'!A0"}
    assert {cell.data_type for cell in hostile} == {"s"}
    assert all(cell.quotePrefix for cell in hostile)
    with zipfile.ZipFile(tmp_path / "a.xlsx") as parts:
        sheets = [parts.read(name) for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
    assert all(b"<f>" not in sheet and b"<f " not in sheet for sheet in sheets)


def test_sheet_of_an_indicator_lists_everybody_with_the_reason(tmp_path: Path) -> None:
    sheet = written(tmp_path / "a.xlsx")["TN-2025-1-01"]
    rows = rows_of(sheet, 7)
    assert [row["Danh sách"] for row in rows] == ["Được tính", "Còn thiếu", "Còn thiếu", "Còn thiếu", "Chưa rõ"]
    assert rows[0] == {
        "Danh sách": "Được tính",
        "Mã cán bộ": "C001",
        "Họ và tên": "Lê Văn An",
        "Ngày sinh": rows[0]["Ngày sinh"],
        "Đơn vị": "Sở Nội vụ",
        "Chức vụ": "Giám đốc",
        "Lý do": "Trình độ chuyên môn: Thạc sĩ.",
        "Mã đơn vị": "T1",
    }
    assert rows[0]["Ngày sinh"].date() == date(1975, 12, 31)
    assert sheet["D8"].number_format == "dd/mm/yyyy"
    assert sheet.auto_filter.ref == "A7:H12"
    above = " ".join(str(sheet.cell(row, 1).value) for row in range(1, 6))
    assert "160/306" in above and "Nguyễn Văn Lập" in above and "Báo cáo năm 2021" in above


def test_list_of_another_dataset_shows_its_keys(tmp_path: Path) -> None:
    rows = rows_of(written(tmp_path / "a.xlsx")["TN-2025-4-01"], 7)
    assert len(rows) == 1
    assert "C001" in rows[0].values() and "L9" in rows[0].values()
    assert "Ngày sinh" not in rows[0]


def test_summary_leads_to_the_names(tmp_path: Path) -> None:
    sheet = written(tmp_path / "a.xlsx")["Tổng hợp"]
    assert sheet["A5"].hyperlink.location == "'TN-2025-1-01'!A1"
    assert sheet["A6"].hyperlink is None


def test_units_stand_in_a_long_table_and_a_map_of_what_is_short(tmp_path: Path) -> None:
    book = written(tmp_path / "a.xlsx")
    rows = rows_of(book["Theo đơn vị"], 3)
    finance = next(row for row in rows if row["Mã đơn vị"] == "T2" and row["Mã chỉ tiêu"] == "TN-2025-1-01")
    # 3 of 9 against more than 60 %: six are needed, for 5/9 = 55.5 %.
    assert (finance["Số đạt"], finance["Tổng số"], finance["Thiếu (+) thừa (−)"]) == (3, 9, 3)
    heat = [list(row) for row in book["Đơn vị × chỉ tiêu"].iter_rows(min_row=4, values_only=True)]
    # Sông Công: 5 of 8 is above 60 %; 6 of 40 against more than 35 % needs 15.
    assert heat[0] == ["Thành ủy Sông Công", 9, 0, 9, None]
    assert [row for row in heat if row[0] == "Huyện Võ Nhai"] == [["Huyện Võ Nhai", 0, None, None, 1]]
    assert book["Đơn vị × chỉ tiêu"].conditional_formatting


def test_findings_keep_their_place_and_what_to_do(tmp_path: Path) -> None:
    rows = rows_of(written(tmp_path / "a.xlsx")["Phát hiện dữ liệu"], 2)
    assert (rows[0]["Mức"], rows[0]["Sheet"], rows[0]["Dòng"], rows[0]["Cột"]) == ("Lỗi", "Cán bộ", 128, "Ngày sinh")
    assert rows[0]["Giá trị"] == "31/02/1979"
    assert rows[0]["Cách sửa"] == "Sửa thành ngày đúng hoặc để trống."


def test_without_names_no_name_is_anywhere_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = written(path, with_names=False)
    assert not [name for name in book.sheetnames if name.startswith("TN-")]
    with zipfile.ZipFile(path) as parts:
        everything = b"".join(parts.read(name) for name in parts.namelist()).decode("utf-8", "ignore")
    for name in ("Lê Văn An", "Phạm Thị Em", "Cường", "Nguyễn Thị Trùng Tên"):
        assert name not in everything
    rows = rows_of(book["Phát hiện dữ liệu"], 3)
    assert {(row["Loại"], row["Số lượng"]) for row in rows} == {("bad_date", 1), ("possible_duplicate", 1)}


def test_names_that_are_left_in_the_lists_are_not_written_without_names(tmp_path: Path) -> None:
    write_workbook_report(dossier(with_names=False, lists=LISTS), tmp_path / "a.xlsx")
    assert not [name for name in openpyxl.load_workbook(tmp_path / "a.xlsx").sheetnames if name.startswith("TN-")]


def test_properties_say_who_when_and_for_what(tmp_path: Path) -> None:
    properties = written(tmp_path / "a.xlsx").properties
    assert properties.title == "Kết quả thực hiện chỉ tiêu đến 31/12/2021"
    assert properties.creator == "Nguyễn Văn Lập"
    for part in ("08:30 ngày 05/01/2026", "Báo cáo năm 2021", "can_bo_2021.xlsx", "sha256:0a1b"):
        assert part in properties.description


def test_only_the_owner_reads_it_and_a_missing_folder_is_said(tmp_path: Path) -> None:
    write_workbook_report(dossier(), tmp_path / "a.xlsx")
    assert stat.S_IMODE((tmp_path / "a.xlsx").stat().st_mode) == 0o600
    with pytest.raises(Refused, match="Không ghi được tệp"):
        write_workbook_report(dossier(), tmp_path / "không có" / "a.xlsx")


def test_english_heads_by_switch(tmp_path: Path) -> None:
    with speaking("en"):
        book = written(tmp_path / "a.xlsx")
    assert book.sheetnames[:2] == ["About", "Summary"]
    assert rows_of(book["Summary"])[0]["Verdict"] == "▲ Short"


def test_report_without_units_or_findings_has_no_empty_sheets(tmp_path: Path) -> None:
    bare = report(indicators=(INDICATORS[2],), findings=(), objectives=())
    book = written(tmp_path / "a.xlsx", report=bare, trends={}, lists={})
    assert book.sheetnames == ["Thông tin", "Tổng hợp", "Cách tính", "Phát hiện dữ liệu"]
    assert book["Phát hiện dữ liệu"]["A1"].value == "Không có phát hiện nào về dữ liệu."


def test_a_full_sheet_goes_on_in_the_next(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    rows = tuple(person(f"C{at}", "Lê An", "Đại học.") for at in range(5))
    book = Book(str(path), places=4)
    lists = (Listing("TN-2025-1-01", "people", "lacking", rows),)
    sheets = write_lists(book, dossier(), INDICATORS[0], lists, most=2)
    book.file.close()
    assert [sheet.name for sheet in sheets] == ["TN-2025-1-01", "TN-2025-1-01 (2)", "TN-2025-1-01 (3)"]
    assert openpyxl.load_workbook(path)["TN-2025-1-01 (3)"].max_row == 8  # seven lines of head, one person


@pytest.mark.parametrize(
    ("wished", "taken", "name"),
    [
        ("TN-2025-1-01", [], "TN-2025-1-01"),
        ("a/b:c?[d]*\\e", [], "a-b-c--d---e"),
        ("'x'", [], "x"),
        ("History", [], "History -"),
        ("", [], "-"),
        ("x" * 40, [], "x" * 31),
        ("x" * 40, ["x" * 31], "x" * 27 + " (2)"),
        ("Tổng hợp", ["tổng hợp"], "Tổng hợp (2)"),
    ],
)
def test_sheet_names_are_those_that_excel_takes(wished: str, taken: list[str], name: str) -> None:
    assert free_name(wished, taken) == name


def test_cell_text_is_cut_and_cleaned_for_the_file() -> None:
    assert len(tidy_cell("x" * 40_000)) == 32_767
    assert tidy_cell("Lê\ud800") == "Lê\ufffd"
    assert tidy_cell("Le\u0302") == "Lê"


def test_days_before_1900_are_written_as_text(tmp_path: Path) -> None:
    rows = (person("C1", "Lê An", "Đại học.", birth=date(1899, 5, 1)),)
    lists = {"TN-2025-1-01": (Listing("TN-2025-1-01", "people", "lacking", rows),)}
    book = written(tmp_path / "a.xlsx", lists=lists)
    assert book["TN-2025-1-01"]["D8"].value == "01/05/1899"
