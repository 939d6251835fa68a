"""The old binary form and the open one, made by LibreOffice from one workbook with two formulas in a column."""

import shutil
from pathlib import Path

import pytest

from canbo.common.findings import Refused
from canbo.datasets.reading import read
from tests.datasets.books import codes, rewrite

HERE = Path(__file__).parent
OLD, OPEN = HERE / "old_form.xls", HERE / "open_form.ods"


@pytest.mark.parametrize("path", [OLD, OPEN])
def test_values_are_read_and_formulas_are_not(path: Path) -> None:
    data = read(path)
    assert sorted(codes(data)) == [("error", "unsafe_content"), ("warning", "imprecise_date")]
    found = next(finding for finding in data.findings if finding.code == "unsafe_content")
    assert (found.sheet, found.row, found.column) == ("Cán bộ", 2, "Chức vụ")
    assert found.message.startswith("2 ô là công thức, ô đầu tiên là H2;")
    people = data.tables["people"]
    assert people["full_name"].to_pylist() == ["Nguyễn Văn An", "Lê Thị Bê"]
    assert people["post"].to_pylist() == [None, None]
    assert data.tables["units"].num_rows == 3


def test_macros_and_passwords_of_the_old_form(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(OLD.read_bytes() + "_VBA_PROJECT_CUR".encode("utf-16-le"))
    assert codes(read(path)).count(("error", "unsafe_content")) == 2
    content = OLD.read_bytes()
    place = content.index(b"\x85\x00", content.index(b"\x09\x08"))
    assert content[place + 2 : place + 4] != b"\x00\x00"
    path.write_bytes(content[:place] + b"\x2f\x00" + content[place + 2 :])
    with pytest.raises(Refused, match="mật khẩu"):
        read(path)


@pytest.mark.parametrize("cut", [8, 100, 513, 2000, 6000])
def test_an_old_form_cut_short_is_refused(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(OLD.read_bytes()[:cut])
    with pytest.raises(Refused):
        read(path)


def _changed(tmp_path: Path, old: bytes, new: bytes) -> Path:
    path = Path(shutil.copy(OPEN, tmp_path / "a.ods"))
    return rewrite(path, lambda name, content: content.replace(old, new) if name == "content.xml" else content)


def test_links_of_the_open_form_are_told(tmp_path: Path) -> None:
    path = _changed(
        tmp_path,
        b"</office:spreadsheet>",
        b'<table:dde-links><x:dde-source xmlns:x="x"/></table:dde-links></office:spreadsheet>',
    )
    assert codes(read(path)).count(("error", "unsafe_content")) == 2


def test_cells_repeated_beyond_measure_are_told(tmp_path: Path) -> None:
    far = (
        b'<table:table table:name="Ng\xe1\xba\xa1ch"><table:table-row table:number-rows-repeated="1048000">'
        b'<table:table-cell table:number-columns-repeated="16000" office:value-type="float" office:value="1"/>'
        b"</table:table-row></table:table>"
    )
    path = _changed(tmp_path, b"<table:named-expressions/>", far + b"<table:named-expressions/>")
    with pytest.raises(Refused, match="Ctrl") as refused:
        read(path)
    assert (refused.value.findings[0].code, refused.value.findings[0].sheet) == ("too_large", "Ngạch")


def test_a_dtd_in_the_open_form_is_refused(tmp_path: Path) -> None:
    path = _changed(tmp_path, b"<office:document-content", b'<!DOCTYPE x [<!ENTITY a "b">]><office:document-content')
    with pytest.raises(Refused, match="DTD"):
        read(path)
