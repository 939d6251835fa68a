"""Files without codes of persons: matched by national id, else by name, birth date and unit; never guessed."""

from pathlib import Path
from typing import Any

from canbo.datasets.reading import read
from tests.datasets.books import book, codes, only, people

NAMED = ["Họ và tên", "Ngày sinh", "Mã đơn vị", "Nhóm chức danh", "Từ ngày"]


def _people(*rows: dict[str, Any]) -> list[list[Any]]:
    made = people(*({"Mã cán bộ": None, **row} for row in rows))
    place = made[0].index("Mã cán bộ")
    return [[cell for number, cell in enumerate(row) if number != place] for row in made]


def test_codes_are_made_that_stay_the_same(tmp_path: Path) -> None:
    rows = _people({"Họ và tên": "An"}, {"Họ và tên": "Bình"})
    first = read(book(tmp_path / "a.xlsx", people=rows))
    again = read(book(tmp_path / "b.xlsx", people=[rows[0], rows[2], rows[1]]))
    assert first.findings == ()
    ids = first.tables["people"]["person_id"].to_pylist()
    assert len(set(ids)) == 2
    assert again.tables["people"]["person_id"].to_pylist() == ids[::-1]
    assert first.version == again.version


def test_the_national_id_goes_before_name_and_unit(tmp_path: Path) -> None:
    one = _people({"Số định danh cá nhân": "001080000001"})
    other = _people({"Số định danh cá nhân": "001080000001", "Họ và tên": "Nguyễn An", "Mã đơn vị": "X1"})
    ids = [
        read(book(tmp_path / "a.xlsx", people=rows)).tables["people"]["person_id"].to_pylist() for rows in (one, other)
    ]
    assert ids[0] == ids[1]
    assert "001080000001" not in ids[0][0]


def test_one_national_id_twice_is_one_person(tmp_path: Path) -> None:
    row = {"Số định danh cá nhân": "001080000001"}
    data = read(book(tmp_path / "a.xlsx", people=_people(row, {**row, "Họ và tên": "Khác"})))
    assert codes(data) == [("error", "duplicate_key")]
    assert data.tables["people"].num_rows == 1


def test_two_alike_in_all_are_two_and_what_names_them_is_not_used(tmp_path: Path) -> None:
    posts = [NAMED, ["Nguyễn Văn An", "15/06/1980", "S1", "Bí thư", "01/01/2020"]]
    data = read(book(tmp_path / "a.xlsx", people=_people({}, {}), posts_held=posts))
    assert codes(data)[0] == ("warning", "possible_duplicate")
    assert ("error", "possible_duplicate") in codes(data)
    assert data.tables["people"].num_rows == 2
    assert data.tables["posts_held"].num_rows == 0


def test_histories_name_persons_by_name_and_birth(tmp_path: Path) -> None:
    posts = [
        NAMED,
        ["NGUYỄN VĂN AN", "15/06/1980", "X1", "Bí thư", "01/01/2020"],
        ["Nguyễn Văn An", "16/06/1980", "S1", "Bí thư", "01/01/2020"],
        [None, None, "S1", "Bí thư", "01/01/2020"],
    ]
    data = read(book(tmp_path / "a.xlsx", people=people({"Mã cán bộ": "P7"}), posts_held=posts))
    assert codes(data) == [("error", "unknown_reference"), ("error", "missing_value")]
    assert [finding.row for finding in data.findings] == [3, 4]
    assert data.tables["posts_held"]["person_id"].to_pylist() == ["P7"]


def test_the_unit_tells_two_of_one_name_and_birth_apart(tmp_path: Path) -> None:
    rows = people({"Mã cán bộ": "P1", "Mã đơn vị": "S1"}, {"Mã cán bộ": "P2", "Mã đơn vị": "X1"})
    posts = [NAMED, ["Nguyễn Văn An", "15/06/1980", "X1", "Bí thư", "01/01/2020"]]
    posts += [["Nguyễn Văn An", "15/06/1980", "T", "Bí thư", "01/01/2020"]]
    data = read(book(tmp_path / "a.xlsx", people=rows, posts_held=posts))
    assert data.tables["posts_held"]["person_id"].to_pylist() == ["P2"]
    assert codes(data) == [("error", "possible_duplicate"), ("warning", "possible_duplicate")]


def test_histories_name_persons_by_national_id(tmp_path: Path) -> None:
    rows = people({"Mã cán bộ": "P7", "Số định danh cá nhân": "001080000001"})
    posts = [["Số định danh cá nhân", "Mã đơn vị", "Nhóm chức danh", "Từ ngày"]]
    posts += [["001080000001", "S1", "Bí thư", "01/01/2020"], ["001080000009", "S1", "Bí thư", "01/01/2020"]]
    data = read(book(tmp_path / "a.xlsx", people=rows, posts_held=posts))
    assert only(data).code == "unknown_reference"
    assert data.tables["posts_held"]["person_id"].to_pylist() == ["P7"]


def test_a_code_missing_in_one_row_is_told(tmp_path: Path) -> None:
    data = read(book(tmp_path / "a.xlsx", people=people({}, {"Mã cán bộ": None, "Họ và tên": "Bình"})))
    found = only(data)
    assert (found.severity, found.code, found.row) == ("warning", "missing_value", 3)
    assert data.tables["people"].num_rows == 2
