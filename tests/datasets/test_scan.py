"""The XML of workbooks as bytes: formulas, errors and reaches however the cells are written and cut into pieces."""

import zipfile
from pathlib import Path

import pytest

from canbo.datasets import scan
from canbo.datasets.scan import Scan, column_number, scan_package

BOOK = (
    '<workbook xmlns="m" xmlns:r="r"><sheets><sheet name="A &amp; B" sheetId="1" r:id="rId1"/></sheets></workbook>',
    '<Relationships xmlns="p"><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>',
)


def _scan(folder: Path, rows: str) -> Scan:
    path = folder / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", BOOK[0])
        package.writestr("xl/_rels/workbook.xml.rels", BOOK[1])
        package.writestr("xl/worksheets/sheet1.xml", f"<worksheet><sheetData>{rows}</sheetData></worksheet>")
    return scan_package(path, "xlsx")


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="C5"><f>1+1</f><v>2</v></c>',
        '<c r="C5" t="str"><f t="shared" si="0"/><v>2</v></c>',
        "<c r='C5'>\n <f>A1</f></c>",
        '<x:c r="C5"><x:f>1</x:f></x:c>',
    ],
)
def test_formulas_are_placed(tmp_path: Path, cell: str) -> None:
    found = _scan(tmp_path, f'<row r="5"><c r="A5"><v>1</v></c>{cell}</row>').sheets["A & B"]
    assert dict(found.formulas) == {2: [4]}
    assert dict(found.errors) == {}


def test_cells_without_reference_follow_one_another(tmp_path: Path) -> None:
    found = _scan(
        tmp_path, '<row><c><v>1</v></c></row><row><c><v>1</v></c><c t="e"><v>#N/A</v></c><c><f>1</f></c></row>'
    )
    sheet = found.sheets["A & B"]
    assert (dict(sheet.formulas), dict(sheet.errors)) == ({2: [1]}, {1: [1]})
    assert (sheet.rows, sheet.columns) == (2, 3)


def test_pieces_cut_between_rows_give_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c><c r="B{n}"><f>1</f></c></row>' for n in range(1, 200))
    whole = _scan(tmp_path, rows).sheets["A & B"]
    monkeypatch.setattr(scan, "_CHUNK", 100)
    cut = _scan(tmp_path, rows).sheets["A & B"]
    assert dict(whole.formulas) == dict(cut.formulas) == {1: list(range(199))}


def test_the_reach_of_a_sheet(tmp_path: Path) -> None:
    sheet = _scan(tmp_path, '<row r="9"><c r="A9"/></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    found = sheet.sheets["A & B"]
    assert (found.rows, found.columns, found.too_wide) == (1048576, 16384, True)
    assert not _scan(tmp_path, '<row r="60000"><c r="AI60000"/></row>').sheets["A & B"].too_wide


@pytest.mark.parametrize(
    "declared",
    [b"<!DOCTYPE a>", b"<!ENTITY b 'c'>", "<!DOCTYPE a>".encode("utf-16-le"), "<!DOCTYPE a>".encode("utf-16-be")],
)
def test_dtds_are_seen_in_any_encoding(tmp_path: Path, declared: bytes) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("xl/theme/theme1.xml", b"\n" * 9_000_000 + declared)
    assert scan_package(path, "xlsx").has_dtd


def test_columns_are_numbered_from_their_letters() -> None:
    assert [column_number(letters) for letters in (b"A", b"Z", b"AA", b"AZ", b"BA", b"XFD")] == [
        0,
        25,
        26,
        51,
        52,
        16383,
    ]
