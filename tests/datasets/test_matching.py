"""Sheets and heads named as offices name them: offered, and taken where the user says so."""

from pathlib import Path

import openpyxl
import pytest

from canbo.common.findings import Refused
from canbo.datasets.dictionary import dictionary
from canbo.datasets.matching import read_matches, suggest_column
from canbo.datasets.reading import read
from tests.datasets.books import UNITS

HEADS = ["Mã cán bộ", "Họ tên", "Năm sinh", "Giới tính", "Đơn vị công tác", "Nhóm chức danh", "Loại cán bộ", "LLCT"]
ROW = ["P1", "Nguyễn Văn An", "15/06/1980", "Nam", UNITS[1][0], "Chuyên môn nghiệp vụ", "Công chức", "Cao cấp"]


@pytest.mark.parametrize(
    ("head", "meant"),
    [
        ("Họ tên", "Họ và tên"),
        ("HO TEN", "Họ và tên"),
        ("Năm sinh:", "Ngày sinh"),
        ("Trình độ", "Trình độ chuyên môn"),
        ("LLCT", "Lý luận chính trị"),
        ("Đơn vị công tác", "Mã đơn vị"),
        ("Lý luận chính tri", "Lý luận chính trị"),
        ("Ghi chú", None),
    ],
)
def test_a_head_is_offered_by_how_offices_call_it(head: str, meant: str | None) -> None:
    assert suggest_column(head, dictionary()["people"].written) == meant


def _book(path: Path) -> Path:
    workbook = openpyxl.Workbook()
    units = workbook.worksheets[0]
    units.title = "Đơn vị"
    for row in UNITS:
        units.append(list(row))
    people = workbook.create_sheet("Trích ngang 2021")
    people.append(HEADS)
    people.append(ROW)
    workbook.save(path)
    return path


def test_the_sheet_and_heads_that_the_user_names_are_read(tmp_path: Path) -> None:
    said = ["Họ tên=full_name", "Năm sinh=Ngày sinh", "Đơn vị công tác=unit_id", "LLCT=political_theory"]
    data = read(_book(tmp_path / "a.xlsx"), matches=read_matches(["Trích ngang 2021=people"], said))
    (person,) = data.tables["people"].to_pylist()
    assert (person["full_name"], person["birth_date"].year, person["unit_id"]) == ("Nguyễn Văn An", 1980, UNITS[1][0])
    assert person["political_theory"] == "advanced"


def test_without_them_the_sheet_is_not_read(tmp_path: Path) -> None:
    data = read(_book(tmp_path / "a.xlsx"))
    assert "people" not in data.tables


@pytest.mark.parametrize(
    ("sheets", "heads", "said"),
    [(["A=nothing"], [], "nothing"), ([], ["A=Lý luận chính trịi"], "Lý luận chính trị"), (["A"], [], "TÊN=NGHĨA")],
)
def test_what_means_nothing_is_refused_with_the_nearest(sheets: list[str], heads: list[str], said: str) -> None:
    with pytest.raises(Refused, match=said):
        read_matches(sheets, heads)
