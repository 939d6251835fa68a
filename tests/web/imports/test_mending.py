"""A workbook with twenty kinds of faults, mended through the pages until nothing is wrong, imported, and taken back."""

import re
from pathlib import Path
from typing import Any

import pytest

from canbo.register.models import ImportBatch, Person, Unit, UnitVersion
from tests.web.imports.faulty_book import FORMULA_LIKE, HOSTILE, PEOPLE, make_faulty
from tests.web.imports.visits import Visit, fields_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]


@pytest.fixture
def specialist(db: None) -> Visit:
    return Visit("an", "specialist")


def left(visit: Visit) -> tuple[int, int]:
    """Errors and warnings that the page of the faults tells."""
    text = visit.text("?step=faults")
    if "Không còn lỗi nào" in text:
        return 0, 0
    found = re.search(r"Còn ([\d.]+) lỗi, ([\d.]+) cảnh báo", text)
    assert found is not None, text[:800]
    return int(found[1]), int(found[2])


def test_mended_until_nothing_is_wrong_imported_and_undone(specialist: Visit, tmp_path: Path) -> None:
    assert specialist.send(make_faulty(tmp_path / "book.xlsx")).status_code == 303
    asked = specialist.text()
    assert "Trang “DS cơ quan” là dữ liệu" in asked  # a sheet of another name, taken for people by its heads
    assert "Cột này có hai lần" in asked
    assert specialist.confirm_columns().status_code == 303

    assert left(specialist) == (16, 5)
    seen = specialist.page("?step=faults")
    assert "“31/02/1979” không phải là ngày" in seen
    specialist.post("alike", **fields_of(seen, "alike"))  # three cells “Đại hoc”, the proposal is taken
    assert left(specialist) == (13, 5)
    formulas = re.search(
        r'<form[^>]*alike[^>]*>(?:(?!</form>).)*name="formulas".*?</form>', specialist.page("?step=faults"), re.S
    )
    assert formulas is not None
    specialist.post("alike", **fields_of(formulas[0], "alike"))  # the formula's value is kept
    assert left(specialist) == (12, 5)
    specialist.correct(**{"Mã đơn vị cấp trên 4": "T", "Tỷ lệ dân tộc thiểu số 4": "45%", "Mã đơn vị cấp trên 5": "S1"})
    assert left(specialist) == (9, 5)
    specialist.correct(
        **{
            "Ngày sinh 3": "28/02/1979",
            "Ngày sinh 4": "15/03/1975",
            "Mã cán bộ 8": "P7",
            "Mã đơn vị 9": "X1",
            "Ngày tuyển dụng 10": "01/03/2005",
            "Đạt chuẩn tin học 12": "Có",
            "Đạt chuẩn tin học 13": "Không",
            "Họ tên 14": "Nguyễn Thị Mười Ba",
            "Số định danh cá nhân 15": "019080000015",
            "Số định danh cá nhân 16": "001080000016",
            "Ngày sinh 17": "15/06/1980",
            "Họ tên 19": "Nguyễn Văn Khác",
            "Giới tính 20": "Nam",
            "Ngày sinh 21": "01/01/1985",
        }
    )
    assert left(specialist) == (0, 0)
    assert "lúc đầu 16 lỗi, 5 cảnh báo" in specialist.text("?step=faults")

    preview = specialist.page("?step=preview")
    assert "Nhập: thêm" in preview and "dòng của tệp không được nhập" not in preview
    assert specialist.post("apply", **fields_of(preview, "apply")).status_code == 303
    away = specialist.client.get(specialist.draft)
    batch = ImportBatch.objects.get()
    assert away["Location"] == f"/imports/{batch.pk}"
    assert Person.objects.count() == len(PEOPLE) == 20
    assert Unit.objects.count() == 5
    assert UnitVersion.objects.filter(unit__code="X1", parent__code="T").exists()
    assert Person.objects.get(code="P13").full_name == "Nguyễn Thị Mười Ba"
    assert specialist.client.get(specialist.draft).status_code == 404  # gone with the import

    specialist.draft = f"/imports/{batch.pk}"
    assert "Không có lỗi hay cảnh báo nào." in specialist.text()
    shown = specialist.page("?undo=1")
    assert "Hoàn tác sẽ làm gì" in shown
    assert specialist.post("undo", **fields_of(shown, "undo")).status_code == 303
    assert not Person.objects.exists() and not Unit.objects.exists()
    assert "Đã hoàn tác" in specialist.text()


def test_cells_are_shown_as_text(specialist: Visit, tmp_path: Path) -> None:
    specialist.send(make_faulty(tmp_path / "book.xlsx"))
    asked = specialist.page()
    specialist.confirm_columns()
    for page in (
        asked,
        specialist.page("?step=faults"),
        specialist.page("/rows/2/21"),
        specialist.page("?step=preview"),
    ):
        assert HOSTILE not in page
    row = specialist.page("/rows/2/21")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in row
    assert FORMULA_LIKE not in row  # its column is not used, so not read
    specialist.correct(**{"Họ tên 14": FORMULA_LIKE})  # typed text is text, in the copy too
    assert "Họ tên" in specialist.text("?step=faults")
    got = specialist.client.get(specialist.draft + "/faults.xlsx")
    assert got["Content-Type"].endswith("spreadsheetml.sheet") and got.content[:2] == b"PK"


def test_a_row_is_left_out_and_brought_back(specialist: Visit, tmp_path: Path) -> None:
    specialist.send(make_faulty(tmp_path / "book.xlsx"))
    specialist.confirm_columns()
    fields = fields_of(specialist.page("?step=faults"), "cells")
    specialist.post("cells", **fields, drop="2-8")  # row 9 names a unit that is not there
    assert left(specialist) == (15, 5)
    stale = specialist.post("cells", **fields, drop="2-9")  # of a page that is older than the draft
    assert stale.status_code == 303
    told = specialist.text("?step=faults")
    assert "sửa ở cửa sổ khác" in told and "Còn 15 lỗi" in told
    specialist.post("back", all="1")
    assert left(specialist) == (16, 5)


def test_columns_that_are_given_twice_are_told_at_the_field(specialist: Visit, tmp_path: Path) -> None:
    specialist.send(make_faulty(tmp_path / "book.xlsx"))
    fields = fields_of(specialist.page("?step=columns"), "columns")
    doubled = next(name for name, value in fields.items() if name.startswith("column-2-") and not value)
    got: Any = specialist.post("columns", **{**fields, doubled: "full_name"})
    assert got.status_code == 422
    assert "Cột “Họ tên” đã là “Họ và tên”" in got.content.decode()


def test_what_is_no_workbook_is_told_at_the_field(specialist: Visit, tmp_path: Path, drafts_folder: Path) -> None:
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 no workbook")
    assert "đã hỏng" in specialist.send(broken).content.decode()
    assert "không phải là sổ tính" in specialist.send(broken, name="x.pdf").content.decode()
    assert "không phải là ngày" in specialist.send(broken, as_of="31/02/2021").content.decode()
    assert not drafts_folder.exists() or not list(drafts_folder.iterdir())  # nothing is kept of them
