"""Files made to harm, or damaged: one clear finding or refusal each, no hang, no traceback."""

import shutil
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest

from canbo.common.findings import Refused
from canbo.datasets import inspect, workbook
from canbo.datasets.reading import read
from tests.datasets.books import book, codes, only, people, rewrite

SHEET2 = "xl/worksheets/sheet2.xml"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return book(tmp_path / "data.xlsx", people=people({}, {"Mã cán bộ": "P2", "Họ và tên": "Lê Thị Bê"}))


def test_formulas_are_not_used_and_told_once_a_column(tmp_path: Path) -> None:
    rows = people(
        {"Chức vụ": '=HYPERLINK("http://x","y")'}, {"Mã cán bộ": "P2", "Họ và tên": "Lê B", "Chức vụ": "=1+1"}
    )
    data = read(book(tmp_path / "a.xlsx", people=rows))
    found = only(data)
    assert (found.severity, found.code, found.row, found.column) == ("error", "unsafe_content", 2, "Chức vụ")
    assert "2 ô là công thức, ô đầu tiên là H2" in found.message
    assert data.tables["people"]["post"].to_pylist() == [None, None]


def test_a_formula_in_a_required_cell_drops_the_row_without_more_words(tmp_path: Path) -> None:
    data = read(book(tmp_path / "a.xlsx", people=people({}, {"Mã cán bộ": "P2", "Họ và tên": "=A2"})))
    assert codes(data) == [("error", "unsafe_content")]
    assert data.tables["people"]["person_id"].to_pylist() == ["P1"]


def test_formulas_are_found_where_cells_carry_no_reference(path: Path) -> None:
    def strip(name: str, content: bytes) -> bytes:
        if name != SHEET2:
            return content
        row = b'<row><c t="inlineStr"><is><t>P9</t></is></c><c t="str"><f>1+1</f><v>x</v></c></row></sheetData>'
        return content.replace(b"</sheetData>", row)

    data = read(rewrite(path, strip))
    assert ("error", "unsafe_content") in codes(data)
    assert data.tables["people"]["person_id"].to_pylist() == ["P1", "P2"]


def test_error_values_are_told(tmp_path: Path) -> None:
    data = read(book(tmp_path / "a.xlsx", people=people({"Chức vụ": "#N/A"})))
    found = only(data)
    assert (found.severity, found.code, found.column) == ("error", "bad_type", "Chức vụ")


def test_macros_are_told_and_the_values_read(path: Path) -> None:
    data = read(_with(path, "xl/vbaProject.bin", b"x"))
    assert codes(data) == [("error", "unsafe_content")]
    assert data.tables["people"].num_rows == 2


@pytest.mark.parametrize("part", ["xl/externalLinks/externalLink1.xml", "xl/connections.xml"])
def test_links_are_told_and_the_values_read(path: Path, part: str) -> None:
    data = read(_with(path, part, b"<x/>"))
    assert codes(data) == [("error", "unsafe_content")]
    assert data.tables["people"].num_rows == 2


def test_a_file_embedded_is_a_warning(path: Path) -> None:
    assert codes(read(_with(path, "xl/embeddings/inner.xlsx", b"PK"))) == [("warning", "unsafe_content")]


def _with(path: Path, part: str, content: bytes) -> Path:
    with zipfile.ZipFile(path, "a") as package:
        package.writestr(part, content)
    return path


BOMB = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>"""


@pytest.mark.parametrize("part", [SHEET2, "xl/workbook.xml", "xl/styles.xml", "docProps/core.xml"])
def test_an_xml_bomb_is_refused(path: Path, part: str) -> None:
    rewrite(path, lambda name, content: BOMB + content.split(b"?>", 1)[-1] if name == part else content)
    with pytest.raises(Refused, match="DTD") as refused:
        read(path)
    assert refused.value.findings[0].code == "unsafe_content"


def test_a_sheet_that_unpacks_beyond_measure_is_refused(path: Path) -> None:
    def swell(name: str, content: bytes) -> bytes:
        return (
            content.replace(b"</sheetData>", b" " * (inspect.RATIO_FROM + 1) + b"</sheetData>")
            if name == SHEET2
            else content
        )

    with pytest.raises(Refused, match="quá lớn") as refused:
        read(rewrite(path, swell))
    assert refused.value.findings[0].code == "too_large"


def test_two_gigabytes_declared_in_a_small_file_are_refused(path: Path) -> None:
    content = bytearray(path.read_bytes())
    place = content.rfind(b"PK\x01\x02", 0, content.rfind(SHEET2.encode()))
    content[place + 24 : place + 28] = struct.pack("<I", 2_000_000_000)
    path.write_bytes(content)
    with pytest.raises(Refused, match="quá lớn"):
        read(path)


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "xl\\..\\..\\x.xml"])
def test_names_that_climb_out_are_refused(path: Path, name: str) -> None:
    with pytest.raises(Refused, match="gây hại"):
        read(_with(path, name, b"x"))


def test_two_parts_of_one_name_are_refused(path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        _with(path, SHEET2, b"<x/>")
    with pytest.raises(Refused, match="gây hại"):
        read(path)


def test_a_stray_cell_at_the_end_of_the_sheet_leaves_the_other_sheets(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", people=people({}))
    made = openpyxl.load_workbook(path)
    made["Cán bộ"]["XFD1048576"] = "x"
    made.save(path)
    data = read(path)
    found = only(data)
    assert (found.severity, found.code, found.sheet) == ("error", "too_large", "Cán bộ")
    assert "people" not in data.tables
    assert data.tables["units"].num_rows == 3


def test_a_reader_that_takes_too_long_is_stopped(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "SECONDS", 0.01)
    with pytest.raises(Refused, match="bộ nhớ hoặc thời gian"):
        read(path)


def test_a_reader_without_memory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = people({})
    large = book(tmp_path / "a.xlsx", people=[rows[0], *([rows[1]] * 12_000)])
    monkeypatch.setattr(workbook, "MEGABYTES", 64)
    with pytest.raises(Refused, match="nhiều bộ nhớ"):
        read(large)


def test_not_a_workbook(tmp_path: Path) -> None:
    for name, content in {
        "a.xlsx": b"hello",
        "b.xlsx": b"",
        "c.xlsx": b"PK\x03\x04 cut",
        "d.xls": b"\xd0\xcf\x11\xe0",
    }.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(Refused, match="không phải là sổ tính"):
            read(tmp_path / name)
    with zipfile.ZipFile(tmp_path / "e.xlsx", "w") as package:
        package.writestr("word/document.xml", "<x/>")
    with pytest.raises(Refused, match="không phải là sổ tính"):
        read(tmp_path / "e.xlsx")


def test_a_damaged_sheet_is_refused(path: Path) -> None:
    rewrite(path, lambda name, content: content[: len(content) // 2] if name == SHEET2 else content)
    with pytest.raises(Refused, match="hỏng"):
        read(path)


def test_a_broken_package_is_refused(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(Refused, match="sổ tính"):
        read(path)


def test_a_password_is_told(tmp_path: Path) -> None:
    content = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504) + "EncryptedPackage".encode("utf-16-le")
    (tmp_path / "a.xlsx").write_bytes(content)
    with pytest.raises(Refused, match="mật khẩu"):
        read(tmp_path / "a.xlsx")


def test_what_is_not_there_or_no_data(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="Không tìm thấy"):
        read(tmp_path / "none.xlsx")
    (tmp_path / "a.txt").write_text("x")
    with pytest.raises(Refused, match="hãy đưa vào sổ tính"):
        read(tmp_path / "a.txt")


def test_a_module_beside_the_user_is_never_imported(path: Path, tmp_path: Path) -> None:
    """The child runs where the user stands; a file there named like a library must not run."""
    trap = tmp_path / "trap"
    trap.mkdir()
    shutil.copy(path, trap / "data.xlsx")
    (trap / "pyarrow.py").write_text("raise SystemExit(9)")
    (trap / "python_calamine.py").write_text("raise SystemExit(9)")
    code = (
        "from pathlib import Path\nfrom canbo.datasets.reading import read\n"
        "print(read(Path('data.xlsx')).tables['people'].num_rows)"
    )
    done = subprocess.run([sys.executable, "-P", "-c", code], cwd=trap, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "2"


def test_a_listing_in_an_unknown_encoding_is_refused(path: Path) -> None:
    head = b'<?xml version="1.0" encoding="UTFv8"?>'
    rewrite(path, lambda name, content: head + content.split(b"?>")[-1] if name == "xl/workbook.xml" else content)
    with pytest.raises(Refused):
        read(path)
