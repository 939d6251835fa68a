"""Rows against each other and against themselves: keys, references, trees, days, histories."""

import time
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from canbo.datasets.bundle import Datasets
from canbo.datasets.checks import check
from canbo.datasets.collect import Collector
from canbo.datasets.dictionary import dictionary
from canbo.datasets.frames import Frame
from canbo.datasets.reading import read
from tests.datasets.books import POSTS_HEADS, UNITS, book, codes, only, people, read_people

P2 = {"Mã cán bộ": "P2", "Họ và tên": "Trần Thị Bình", "Giới tính": "Nữ"}


def test_a_key_twice_uses_the_first_row(tmp_path: Path) -> None:
    data = read_people(tmp_path, {}, {"Họ và tên": "Người Khác"}, {})
    assert codes(data) == [("error", "duplicate_key")] * 2
    first, second = data.findings
    assert (first.row, first.message) == (3, "Mã đã có ở dòng 2 với nội dung khác; chỉ dòng đầu được dùng.")
    assert (second.row, second.message) == (4, "Trùng cả dòng với dòng 2; chỉ dòng đầu được dùng.")
    assert data.tables["people"]["full_name"].to_pylist() == ["Nguyễn Văn An"]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ({}, {"Mã cán bộ": "P2"}, ["possible_duplicate"]),
        ({}, {"Mã cán bộ": "P2", "Họ và tên": "NGUYỄN VĂN AN"}, ["possible_duplicate"]),
        ({}, {"Mã cán bộ": "P2", "Ngày sinh": "16/06/1980"}, []),
        ({"Số định danh cá nhân": "001080000001"}, {"Mã cán bộ": "P2", "Số định danh cá nhân": "001080000002"}, []),
        (
            {"Số định danh cá nhân": "001080000001"},
            {"Mã cán bộ": "P2", "Họ và tên": "Khác Tên", "Số định danh cá nhân": "001080000001"},
            ["possible_duplicate"],
        ),
        (
            {"Số định danh cá nhân": "001080000001"},
            {"Mã cán bộ": "P2", "Số định danh cá nhân": None},
            ["possible_duplicate"],
        ),
    ],
)
def test_one_person_in_two_rows_is_told_and_both_used(
    tmp_path: Path, first: dict[str, Any], second: dict[str, Any], expected: list[str]
) -> None:
    data = read_people(tmp_path, first, second)
    assert [code for _, code in codes(data)] == expected
    assert data.tables["people"].num_rows == 2


def test_an_unknown_unit_keeps_the_person_in_the_whole(tmp_path: Path) -> None:
    data = read_people(tmp_path, {"Mã đơn vị": "S9"})
    found = only(data)
    assert (found.severity, found.code, found.value) == ("error", "unknown_reference", "S9")
    assert "vẫn được tính vào toàn bộ" in found.message
    assert data.tables["people"]["unit_id"].to_pylist() == [None]


def test_an_unknown_person_drops_the_row_of_a_history(tmp_path: Path) -> None:
    posts = [
        POSTS_HEADS,
        ["P1", "S1", "Bí thư", "Có", "01/01/2020", None],
        ["P8", "S1", "Bí thư", "Có", "01/01/2020", None],
    ]
    data = read_people(tmp_path, {}, posts_held=posts)
    found = only(data)
    assert (found.sheet, found.row, found.code) == ("Chức vụ", 3, "unknown_reference")
    assert data.tables["posts_held"].num_rows == 1


def test_a_person_whose_row_is_refused_is_told_apart_from_an_unknown_one(tmp_path: Path) -> None:
    posts = [POSTS_HEADS, ["P2", "S1", "Bí thư", "Có", "01/01/2020", None]]
    data = read_people(tmp_path, {}, {**P2, "Giới tính": "?"}, posts_held=posts)
    assert codes(data) == [("error", "unknown_code"), ("error", "unknown_reference")]
    assert "dòng đó không được dùng" in data.findings[1].message


def test_nothing_is_said_of_references_to_what_is_not_given(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", people=people({"Mã đơn vị": "bất kỳ"}), units=[])
    (tmp_path / "people.csv").write_text(
        "person_id,full_name,birth_date,sex,unit_id,post_kind,staff_kind\nP1,An,1/1/1980,Nam,S9,Bí thư,Công chức\n"
    )
    assert path.exists()
    folder = tmp_path / "folder"
    folder.mkdir()
    (tmp_path / "people.csv").rename(folder / "people.csv")
    data = read(folder)
    assert data.findings == ()
    assert data.tables["people"]["unit_id"].to_pylist() == ["S9"]


def test_a_parent_that_is_not_there_is_cut(tmp_path: Path) -> None:
    data = read(book(tmp_path / "a.xlsx", units=[*UNITS, ["X2", "Xã Hai", "H7", "Cấp xã", "Địa phương"]]))
    assert only(data).code == "unknown_reference"
    assert data.tables["units"]["parent_id"].to_pylist() == [None, "T", "T", None]


def test_a_cycle_is_named_and_cut_once(tmp_path: Path) -> None:
    rows = [
        UNITS[0],
        ["A", "A", "C", "Cấp tỉnh", "Địa phương"],
        ["B", "B", "A", "Cấp tỉnh", "Địa phương"],
        ["C", "C", "B", "Cấp tỉnh", "Địa phương"],
        ["D", "D", "C", "Cấp tỉnh", "Địa phương"],
        ["E", "E", "E", "Cấp tỉnh", "Địa phương"],
    ]
    data = read(book(tmp_path / "a.xlsx", units=rows))
    assert codes(data) == [("error", "cycle")] * 2
    assert "A → C → B → A" in data.findings[0].message
    assert data.tables["units"]["parent_id"].to_pylist() == [None, "A", "B", "C", None]


def test_a_cycle_of_the_party_tree(tmp_path: Path) -> None:
    rows = [
        [*UNITS[0], "Mã tổ chức đảng cấp trên"],
        ["T", "T", None, "Cấp tỉnh", "Địa phương", "X"],
        ["X", "X", "T", "Cấp xã", "Địa phương", None],
    ]
    data = read(book(tmp_path / "a.xlsx", units=rows))
    assert only(data).code == "cycle"
    assert data.tables["units"]["party_parent_id"].to_pylist() == [None, None]
    assert data.tables["units"]["parent_id"].to_pylist() == [None, "T"]


def test_an_end_before_its_start_drops_the_row_and_the_same_day_does_not(tmp_path: Path) -> None:
    posts = [
        POSTS_HEADS,
        ["P1", "S1", "Bí thư", "Có", "02/01/2020", "01/01/2020"],
        ["P1", "S1", "Bí thư", "Không", "01/01/2020", "01/01/2020"],
    ]
    data = read_people(tmp_path, {}, posts_held=posts)
    found = only(data)
    assert (found.code, found.row, found.column) == ("date_order", 2, "Đến ngày")
    assert found.message == "“Đến ngày” (01/01/2020) trước “Từ ngày” (02/01/2020). Cả dòng này không được dùng."
    assert data.tables["posts_held"].num_rows == 1


@pytest.mark.parametrize(
    ("cells", "column", "used"),
    [
        ({"Ngày tuyển dụng": "01/01/2010", "Ngày nghỉ": "01/01/2009"}, "recruited_on", None),
        ({"Ngày tuyển dụng": "01/01/1979"}, "recruited_on", None),
        ({"Ngày tuyển dụng": "14/06/1995"}, "recruited_on", None),
        ({"Ngày tuyển dụng": "15/06/1995"}, "recruited_on", date(1995, 6, 15)),
        ({"Ngày bổ nhiệm": "01/01/2010", "Ngày hết thời hạn bổ nhiệm": "31/12/2009"}, "term_ends_on", None),
        ({"Ngày vào Đảng chính thức": "01/01/1990"}, "party_official_date", None),
    ],
)
def test_days_of_a_person_that_cannot_be(tmp_path: Path, cells: dict[str, str], column: str, used: date | None) -> None:
    data = read_people(tmp_path, cells)
    assert codes(data) == ([] if used else [("error", "date_order")])
    assert data.tables["people"][column].to_pylist() == [used]


def test_nobody_has_a_degree_before_fifteen(tmp_path: Path) -> None:
    heads = ["Mã cán bộ", "Loại", "Mức", "Ngày cấp"]
    rows = [heads, ["P1", "Chuyên môn", "Thạc sĩ", "01/01/1990"], ["P1", "Chuyên môn", "Đại học", "30/06/2002"]]
    data = read_people(tmp_path, {}, **{"Trình độ": rows})
    assert (only(data).code, only(data).row) == ("date_order", 2)
    assert data.tables["qualifications"]["level"].to_pylist() == ["bachelor"]


def test_levels_follow_their_kind(tmp_path: Path) -> None:
    rows = [
        ["Mã cán bộ", "Loại", "Mức", "Ngày cấp"],
        ["P1", "Chuyên môn", "Thạc sỹ", "01/06/2010"],
        ["P1", "Lý luận chính trị", "Cao cấp LLCT", "01/06/2012"],
        ["P1", "Ngoại ngữ", "B1 tiếng Anh", "01/06/2012"],
        ["P1", "Lý luận chính trị", "Thạc sĩ", "01/06/2012"],
    ]
    data = read_people(tmp_path, {}, **{"Trình độ": rows})
    found = only(data)
    assert (found.code, found.row, found.value) == ("unknown_code", 5, "Thạc sĩ")
    assert data.tables["qualifications"]["level"].to_pylist() == ["master", "advanced", "B1 tiếng Anh"]


def test_an_evaluation_of_a_person_needs_the_person(tmp_path: Path) -> None:
    rows = [
        ["Đối tượng", "Mã cán bộ", "Mã đơn vị", "Kỳ đánh giá"],
        ["Cá nhân", None, "S1", "2024"],
        ["Tập thể", None, "S1", "2024"],
        ["Cá nhân", "P1", "S1", 2024],
    ]
    data = read_people(tmp_path, {}, **{"Đánh giá": rows})
    assert (only(data).code, only(data).row) == ("missing_value", 2)
    assert data.tables["evaluations"]["period"].to_pylist() == ["2024", "2024"]


def _on_day(tmp_path: Path, person: dict[str, Any], **sheets: list[list[Any]]) -> Datasets:
    return read(book(tmp_path / "a.xlsx", people=people(person), **sheets), data_date=date(2021, 12, 31))


def test_people_that_differ_from_their_histories_on_the_day(tmp_path: Path) -> None:
    posts = [
        POSTS_HEADS,
        ["P1", "X1", "Bí thư", "Có", "01/01/2020", None],
        ["P1", "S1", "Chuyên môn nghiệp vụ", "Không", "01/01/2021", None],
        ["P1", "T", "Bí thư", "Có", "01/01/2022", None],
    ]
    degrees = [["Mã cán bộ", "Loại", "Mức", "Ngày cấp"], ["P1", "Chuyên môn", "Đại học", "30/06/2002"]]
    degrees += [["P1", "Chuyên môn", "Tiến sĩ", "01/01/2022"]]
    ranks = [["Mã cán bộ", "Ngạch", "Từ ngày"], ["P1", "Chuyên viên", "01/01/2005"], ["P1", "CVC", "01/01/2015"]]
    person = {"Trình độ chuyên môn": "Thạc sĩ", "Ngạch": "Chuyên viên"}
    data = _on_day(tmp_path, person, posts_held=posts, **{"Trình độ": degrees, "Ngạch": ranks})
    told = {(finding.column, finding.value) for finding in data.findings if finding.sheet == "Cán bộ"}
    assert told == {
        ("Mã đơn vị", "S1"),
        ("Nhóm chức danh", "Chuyên môn nghiệp vụ"),
        ("Trình độ chuyên môn", "Thạc sĩ"),
        ("Ngạch", "Chuyên viên"),
    }
    assert {finding.severity for finding in data.findings} == {"warning"}


def test_two_main_posts_at_one_time(tmp_path: Path) -> None:
    posts = [
        POSTS_HEADS,
        ["P1", "S1", "Bí thư", "Có", "01/01/2010", "31/12/2015"],
        ["P1", "S1", "Bí thư", "Có", "01/01/2016", None],
        ["P2", "S1", "Bí thư", "Có", "01/01/2010", "31/12/2015"],
        ["P2", "X1", "Bí thư", "Có", "31/12/2015", None],
    ]
    data = read_people(tmp_path, {}, P2, posts_held=posts)
    found = only(data)
    assert (found.severity, found.code, found.row, found.value) == ("warning", "inconsistent", 5, "P2")


@pytest.mark.parametrize(
    ("national", "sex", "born", "expected"),
    [
        ("001080000001", "Nam", "15/06/1980", []),
        ("001180000001", "Nữ", "15/06/1980", []),
        ("001180000001", "Nam", "15/06/1980", ["Giới tính"]),
        ("001081000001", "Nam", "15/06/1980", ["Ngày sinh"]),
        ("001202000001", "Nam", "15/06/2002", []),
        ("001302000001", "Nữ", "15/06/2002", []),
    ],
)
def test_national_ids_tell_sex_and_year(
    tmp_path: Path, national: str, sex: str, born: str, expected: list[str]
) -> None:
    data = read_people(tmp_path, {"Số định danh cá nhân": national, "Giới tính": sex, "Ngày sinh": born})
    assert [finding.column for finding in data.findings] == expected
    assert all((finding.severity, finding.code) == ("warning", "inconsistent") for finding in data.findings)


def test_a_birth_month_with_two_readings_of_the_law(tmp_path: Path) -> None:
    data = read_people(tmp_path, {"Giới tính": "Nữ", "Ngày sinh": "20/05/1969"})
    assert "05/2026" in only(data).message and "01/2026" in only(data).message
    assert read_people(tmp_path, {"Giới tính": "Nam", "Ngày sinh": "20/05/1969"}).findings == ()


def test_children_and_the_very_old_in_service(tmp_path: Path) -> None:
    data = _on_day(tmp_path, {"Ngày sinh": "01/01/2007"})
    assert (only(data).severity, only(data).code) == ("warning", "out_of_range")
    assert _on_day(tmp_path, {"Ngày sinh": "31/12/2006"}).findings == ()


def test_sixty_thousand_people_are_checked_quickly() -> None:
    """Each check is vectorised: all of them together over 60,000 people stay well under some seconds."""
    rows = 60_000
    spec = dictionary()["people"]
    day = pa.array((np.arange(rows) % 9000).astype(np.int32)).cast(pa.date32())
    columns = {
        "person_id": pa.array([f"P{n}" for n in range(rows)]),
        "full_name": pa.array([f"Nguyễn Văn {n % 997}" for n in range(rows)]),
        "birth_date": day,
        "sex": pa.DictionaryArray.from_arrays(pa.array([n % 2 for n in range(rows)], pa.int8()), ["male", "female"]),
        "national_id": pa.array([f"{n:012d}" for n in range(rows)]),
    }
    frame = Frame(spec, columns, ("Cán bộ",), np.zeros(rows, np.int16), np.arange(rows), {}, np.ones(rows, bool))
    start = time.perf_counter()
    check({"people": frame}, date(2021, 12, 31), Collector())
    assert time.perf_counter() - start < 5
    assert frame.keep.all()


def test_what_may_be_said_once_only_is_told_when_said_twice(tmp_path: Path) -> None:
    quotas = [["Mã đơn vị", "Năm", "Loại biên chế", "Số biên chế"]]
    quotas += [["S1", year, "Công chức", 10 + number] for number, year in enumerate([2021, 2022, 2021])]
    post = ["P1", "S1", "Bí thư", "Không", "01/01/2010", None]
    data = read_people(tmp_path, {}, **{"Biên chế": quotas}, posts_held=[POSTS_HEADS, post, post])
    assert codes(data) == [("warning", "possible_duplicate")] * 2
    assert [(finding.sheet, finding.row) for finding in data.findings] == [("Chức vụ", 3), ("Biên chế", 4)]
    assert data.findings[1].message.startswith("Trùng “Mã đơn vị”, “Năm”, “Loại biên chế” với dòng 2;")
    assert data.tables["quotas"].num_rows == 3
