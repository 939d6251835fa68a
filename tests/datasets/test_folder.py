"""Folders of CSV and Parquet files: encodings, separators, types, parts."""

import unicodedata
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from canbo.common.findings import Refused
from canbo.datasets.reading import read
from tests.datasets.books import codes, only

HEADS = ["Mã cán bộ", "Họ và tên", "Ngày sinh", "Giới tính", "Mã đơn vị", "Nhóm chức danh", "Loại cán bộ"]
CELLS = ["01", "Nguyễn Văn An", "15/06/1980", "Nam", "S1", "Chuyên môn nghiệp vụ", "Công chức"]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_csv_of_any_separator_and_unicode(tmp_path: Path, separator: str, encoding: str) -> None:
    text = separator.join(HEADS) + "\n" + separator.join(CELLS) + "\n"
    (tmp_path / "people.csv").write_bytes(text.encode(encoding))
    data = read(tmp_path)
    assert data.findings == ()
    assert data.tables["people"]["person_id"].to_pylist() == ["01"]
    assert data.tables["people"]["full_name"].to_pylist() == ["Nguyễn Văn An"]


def test_csv_with_quotes_blank_lines_and_short_rows(tmp_path: Path) -> None:
    second = ["02", "Lê\nB", "31/02/1979", *CELLS[3:]]
    lines = [",".join([*HEADS, "Chức vụ"]), "", ",".join(CELLS), ",".join(f'"{cell}"' for cell in second)]
    (tmp_path / "Cán bộ.csv").write_text("\r\n".join(lines), "utf-8")
    found = only(read(tmp_path))
    assert (found.code, found.row, found.column) == ("bad_date", 4, "Ngày sinh")


def test_lines_after_a_broken_one_keep_their_numbers(tmp_path: Path) -> None:
    rows = [["01", '"An\nBa"', *CELLS[2:]], ["02", "C", "?", *CELLS[3:]]]
    (tmp_path / "people.csv").write_text("\n".join(",".join(row) for row in [HEADS, *rows]), "utf-8")
    assert only(read(tmp_path)).row == 4


def _as_1258(mark: str) -> str:
    """A letter as Windows-1258 has it: the tone behind the letter where the two are no letter of the code page."""
    try:
        mark.encode("cp1258")
    except UnicodeEncodeError:
        parts = unicodedata.normalize("NFD", mark)
        tone = next(part for part in parts if part in "\u0300\u0309\u0303\u0301\u0323")
        return unicodedata.normalize("NFC", parts.replace(tone, "")) + tone
    return mark


def test_windows_1258_is_told(tmp_path: Path) -> None:
    text = ",".join(HEADS) + "\n" + ",".join(CELLS)
    decomposed = "".join(_as_1258(mark) for mark in text)
    (tmp_path / "people.csv").write_bytes(decomposed.encode("cp1258"))
    found = only(read(tmp_path))
    assert (found.severity, found.code) == ("warning", "bad_type")
    assert read(tmp_path).tables["people"]["full_name"].to_pylist() == ["Nguyễn Văn An"]


@pytest.mark.parametrize("content", [b"\x00\x01\x02", b"PK\x03\x04\x00", "a,b\nừ".encode("utf-16-le")])
def test_csv_that_is_no_text_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "people.csv").write_bytes(content)
    with pytest.raises(Refused, match="UTF-8"):
        read(tmp_path)


def test_a_quote_never_closed_is_refused_or_told(tmp_path: Path) -> None:
    text = ",".join(HEADS) + '\n"' + "x" * (1 << 21)
    (tmp_path / "people.csv").write_text(text, "utf-8")
    with pytest.raises(Refused, match="ngoặc kép"):
        read(tmp_path)


def test_an_empty_csv_is_an_empty_dataset(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_bytes(b"")
    assert read(tmp_path).tables["people"].num_rows == 0


def test_unknown_files_are_told_and_the_day_read(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(",".join(HEADS) + "\n" + ",".join(CELLS), "utf-8")
    (tmp_path / "info.yaml").write_text("data_date: 2025-12-31\ntitle: Thử\n", "utf-8")
    (tmp_path / "peple.csv").write_text("a\n1", "utf-8")
    data = read(tmp_path)
    assert (data.data_date, data.title) == (date(2025, 12, 31), "Thử")
    assert codes(data) == [("warning", "unknown_sheet")]


@pytest.mark.parametrize("text", ["- a\n- b", "{", "data_date: cuối năm", "\x00", "[" * 2000])
def test_an_info_file_that_says_nothing_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "people.csv").write_text(",".join(HEADS) + "\n" + ",".join(CELLS), "utf-8")
    (tmp_path / "info.yaml").write_text(text, "utf-8")
    data = read(tmp_path)
    assert data.data_date is None
    assert only(data).severity == "error"


def _parquet(path: Path, **columns: pa.Array) -> None:
    usual = {
        "person_id": pa.array(["P1", "P2"]),
        "full_name": pa.array(["An", "Bình"]),
        "birth_date": pa.array([date(1980, 1, 1), date(1981, 1, 1)]),
        "sex": pa.array(["male", "Nữ"]),
        "unit_id": pa.array(["S1", "S1"]),
        "post_kind": pa.array(["professional"] * 2).dictionary_encode(),
        "staff_kind": pa.array(["civil_servant"] * 2),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table({**usual, **columns}), path)


def test_parquet_of_plain_and_coded_text(tmp_path: Path) -> None:
    _parquet(tmp_path / "people.parquet")
    data = read(tmp_path)
    assert data.findings == ()
    assert data.tables["people"]["sex"].to_pylist() == ["male", "female"]
    assert data.tables["people"]["post_kind"].type == pa.dictionary(pa.int8(), pa.string())


def test_parquet_in_parts_is_one_dataset(tmp_path: Path) -> None:
    _parquet(tmp_path / "people" / "part-0.parquet")
    _parquet(tmp_path / "people" / "part-1.parquet", person_id=pa.array(["P3", "P4"]), full_name=pa.array(["C", "D"]))
    assert read(tmp_path).tables["people"]["person_id"].to_pylist() == ["P1", "P2", "P3", "P4"]


def test_parquet_types_are_cast_where_they_mean_the_same(tmp_path: Path) -> None:
    stamps = pa.array([datetime(1980, 1, 1), None], pa.timestamp("us"))  # noqa: DTZ001
    _parquet(
        tmp_path / "people.parquet",
        birth_date=pa.array(["1980-01-01", "01/02/1981"]).cast(pa.large_string()),
        person_id=pa.array([7, 2**60], pa.int64()),
        recruited_on=stamps,
        is_head=pa.array([1, 0], pa.int32()),
        appointed_on=pa.nulls(2),
    )
    stamps_in_range = read(tmp_path)
    assert ("error", "date_order") in codes(stamps_in_range)
    table = stamps_in_range.tables["people"]
    assert table["person_id"].to_pylist() == ["7", str(2**60)]
    assert table["birth_date"].to_pylist() == [date(1980, 1, 1), date(1981, 2, 1)]
    assert table["is_head"].to_pylist() == [True, False]
    assert table["appointed_on"].type == pa.date32()


def test_parquet_faults_are_findings(tmp_path: Path) -> None:
    _parquet(
        tmp_path / "people.parquet",
        education=pa.array(["master", "mastr"]).dictionary_encode(),
        is_head=pa.array([3.5, 1.0]),
        post=pa.array([[1], [2]]),
        rank=pa.array([1, 2]),
    )
    data = read(tmp_path)
    assert [(finding.code, finding.column, finding.row) for finding in data.findings] == [
        ("bad_type", "post", None),
        ("unknown_code", "education", 2),
        ("bad_type", "is_head", 1),
        ("unknown_code", "rank", 1),
        ("unknown_code", "rank", 2),
    ]
    assert data.findings[1].suggestion == "Có phải “Thạc sĩ”?"


def test_a_damaged_parquet_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "people.parquet").write_bytes(b"PAR1 nothing PAR1")
    with pytest.raises(Refused, match="Parquet"):
        read(tmp_path)


def test_parts_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    _parquet(tmp_path / "people" / "a.parquet")
    _parquet(tmp_path / "people" / "b.parquet", birth_date=pa.array([[1], [2]]))
    with pytest.raises(Refused, match="Parquet"):
        read(tmp_path)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="không có trang dữ liệu"):
        read(tmp_path)


def test_a_line_of_very_many_columns_is_refused(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("," * 1_000_000, "utf-8")
    with pytest.raises(Refused, match="1000 cột"):
        read(tmp_path)
