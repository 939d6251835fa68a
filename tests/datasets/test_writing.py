"""Workbooks written: read back identical, never run, readable by their owner only, the same bytes each time."""

import stat
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pytest

from canbo.common.findings import Refused
from canbo.datasets import writing
from canbo.datasets.dictionary import dictionary
from canbo.datasets.reading import read, read_counted
from canbo.datasets.template import EXAMPLE, write_template
from canbo.datasets.writing import safe_text, write_workbook
from tests.datasets.books import POSTS_HEADS, book, people, read_people

DAY = date(2021, 12, 31)


def _written(tmp_path: Path, tables: Any) -> Path:
    path = tmp_path / "out.xlsx"
    write_workbook(tables, path, data_date=DAY, title="Dữ liệu thử", made_for="Nguyễn Văn A lập ngày 01/01/2022")
    return path


def test_what_is_written_reads_back_identical(tmp_path: Path) -> None:
    posts = [
        POSTS_HEADS,
        ["P1", "S1", "Bí thư", "Có", "01/01/2020", "02/01/2021"],
        ["P2", "S1", "Bí thư", "Không", "2019", None],
    ]
    degrees = [["Mã cán bộ", "Loại", "Mức", "Ngày cấp"], ["P1", "Chuyên môn", "Thạc sĩ", "01/06/2010"]]
    degrees += [["P1", "Khác", "-x", "01/06/2010"]]
    quotas = [["Mã đơn vị", "Năm", "Loại biên chế", "Số biên chế"], ["S1", 2021, "Công chức", "1.250"]]
    more = {"Trình độ": degrees, "Biên chế": quotas}
    rows: list[dict[str, Any]] = [
        {"Ngày sinh": 1979, "Chức vụ": "=1+1'", "Số định danh cá nhân": "001079000001"},
        {"Mã cán bộ": "P2", "Họ và tên": "Trần Bình", "Ngày sinh": "02/1980", "Trình độ chuyên môn": "ĐH"},
        {"Mã cán bộ": "P3", "Họ và tên": "Lê Cúc", "Ngày sinh": "01/02/1900", "Đạt chuẩn tin học": "x"},
    ]
    rows[0]["Chức vụ"] = "'@SUM(A1)"
    first = read_people(tmp_path, *rows, posts_held=posts, **more)
    again = read(_written(tmp_path, first.tables))
    assert (again.data_date, again.title) == (DAY, "Dữ liệu thử")
    assert again.tables.keys() == first.tables.keys()
    for name, table in first.tables.items():
        assert again.tables[name].equals(table), name
    assert again.version == first.version


def test_every_column_of_every_dataset_reads_back(tmp_path: Path) -> None:
    """One row with a value in each column of each dataset, references to itself."""
    keys = {"units": "U", "people": "P", "classes": "L", "succession_lists": "D"}
    tables = {}
    for dataset in dictionary().values():
        cells = {}
        for column in dataset.written:
            codes = column.code_list
            value: Any = {
                "text": keys.get(column.references or dataset.name, "chữ"),
                "date": date(2020, 5, 17),
                "boolean": True,
                "integer": 2020,
                "decimal": 0.5,
                "codes": codes.keys[0] if codes else None,
            }[column.kind]
            if column.references is None and column.kind == "text" and column.name != dataset.key:
                value = "chữ"
            cells[column.name] = value
        if dataset.name == "units":
            cells |= {"parent_id": None, "party_parent_id": None}
        if dataset.name == "people":
            cells |= {"birth_date": date(1980, 1, 1), "national_id": "001080000001"}
        if dataset.name == "qualifications":
            cells["level"] = "master"
        schema = pa.schema([field for field in dataset.schema])
        plain = [
            pa.array([cells[field.name]], field.type if not pa.types.is_dictionary(field.type) else pa.string())
            for field in schema
        ]
        made = [
            a.dictionary_encode().cast(f.type) if pa.types.is_dictionary(f.type) else a
            for a, f in zip(plain, schema, strict=True)
        ]
        tables[dataset.name] = pa.table(made, schema=schema)
    again = read(_written(tmp_path, tables))
    assert [finding for finding in again.findings if finding.severity == "error"] == []
    assert {name: table.to_pylist() for name, table in again.tables.items()} == {
        name: table.to_pylist() for name, table in tables.items()
    }


@pytest.mark.parametrize("text", ["=1+1", "+84", "-x", "@a", "'=1", "''-a", "'", "an", "", "=", "x=1"])
def test_risky_texts_are_marked_and_unmarked(tmp_path: Path, text: str) -> None:
    assert not safe_text(text).startswith(("=", "+", "-", "@"))
    path = book(tmp_path / "a.xlsx", people=people({"Chức vụ": safe_text(text)}))
    assert read(path).tables["people"]["post"].to_pylist() == [text or None]


def test_no_cell_is_a_formula_or_a_link(tmp_path: Path) -> None:
    table = read_people(tmp_path, {"Chức vụ": "x"}).tables["people"]
    risky = pa.array(['=HYPERLINK("http://a","b")'])
    place = table.column_names.index("post")
    path = _written(tmp_path, {"people": table.set_column(place, "post", risky)})
    sheet = openpyxl.load_workbook(path)["Cán bộ"]
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d", "inlineStr"}
    assert all(not str(cell.value).startswith(("=", "+", "-", "@")) for cell in cells if cell.value is not None)
    with zipfile.ZipFile(path) as package:
        assert not any(b"<f" in package.read(name) and b"<f>" in package.read(name) for name in package.namelist())


def test_real_dates_frozen_heads_filters_and_properties(tmp_path: Path) -> None:
    path = _written(tmp_path, read_people(tmp_path, {}).tables)
    workbook = openpyxl.load_workbook(path)
    assert workbook.sheetnames == ["Thông tin", "Đơn vị", "Cán bộ"]
    sheet = workbook["Cán bộ"]
    assert sheet.freeze_panes == "C2"
    assert sheet.auto_filter.ref == "A1:L2"
    assert sheet["C2"].is_date
    assert workbook.properties.creator == "CanBo"
    assert workbook.properties.title == "Dữ liệu thử"
    assert workbook.properties.description == "Nguyễn Văn A lập ngày 01/01/2022"
    assert workbook.properties.created is not None
    assert workbook.properties.created.date() == DAY


def test_the_same_bytes_and_only_for_the_owner(tmp_path: Path) -> None:
    tables = read_people(tmp_path, {}).tables
    first = _written(tmp_path, tables).read_bytes()
    path = _written(tmp_path, tables)
    assert path.read_bytes() == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["data.xlsx", "out.xlsx"]


def test_a_full_sheet_goes_on_in_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "MAX_ROWS", 2)
    rows = [{"Mã cán bộ": f"P{n}", "Họ và tên": f"Tên {n}"} for n in range(5)]
    tables = read_people(tmp_path, *rows).tables
    path = _written(tmp_path, tables)
    assert openpyxl.load_workbook(path).sheetnames[2:] == ["Đơn vị (2)", "Cán bộ", "Cán bộ (2)", "Cán bộ (3)"]
    assert read(path).tables["people"].equals(tables["people"])


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="Không ghi được"):
        write_workbook({}, tmp_path / "none" / "a.xlsx", data_date=DAY)


def test_the_template_reads_without_findings_and_its_example_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    write_template(path)
    reading = read_counted(path)
    assert reading.datasets.findings == ()
    assert {count.given for count in reading.rows.values()} == {0}
    assert reading.datasets.tables.keys() == dictionary().keys()


def test_the_template_has_lists_notes_and_marks(tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    write_template(path)
    workbook = openpyxl.load_workbook(path)
    assert workbook["Danh mục"].sheet_state == "hidden"
    sheet = workbook["Cán bộ"]
    heads = [cell.value for cell in sheet[1]]
    assert heads[:4] == ["Mã cán bộ *", "Họ và tên *", "Ngày sinh *", "Giới tính *"]
    assert heads[4] == "Dân tộc"
    assert sheet["A2"].value == EXAMPLE
    assert all(cell.comment is not None for cell in sheet[1])
    listed = {str(rule.sqref) for rule in sheet.data_validations.dataValidation}
    assert "D2:D5001" in listed
    sexes = next(rule for rule in sheet.data_validations.dataValidation if str(rule.sqref) == "D2:D5001")
    lists = workbook["Danh mục"]
    column = sexes.formula1.split("$")[1]
    assert [lists[f"{column}{row}"].value for row in (1, 2, 3)] == ["sex", "Nam", "Nữ"]


def test_a_filled_template_is_read(tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    write_template(path)
    workbook = openpyxl.load_workbook(path)
    workbook["Thông tin"]["B2"] = "31/12/2025"
    workbook["Đơn vị"].append(["S1", "Sở Một", None, "Cấp tỉnh", "Cơ quan nhà nước"])
    sheet = workbook["Cán bộ"]
    values = {"A": "P1", "B": "An", "C": "1/1/1980", "D": "Nam", "G": "S1", "I": "Bí thư", "N": "Cán bộ"}
    for column, value in values.items():
        sheet[f"{column}3"] = value
    workbook.save(path)
    data = read(path)
    assert [finding.code for finding in data.findings] == ["missing_value"]  # the sheets that nobody filled in
    assert set(data.tables) == {"units", "people"}
    assert data.data_date == date(2025, 12, 31)
    assert data.tables["people"]["person_id"].to_pylist() == ["P1"]
