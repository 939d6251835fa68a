"""The register given out: what import reads again, with or without names, and by the national field list."""

import stat
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from canbo.audit.models import Entry
from canbo.cli.export import export
from canbo.common.findings import Refused, has_errors
from canbo.datasets.reading import read
from canbo.register.models import (
    Discipline,
    Document,
    Evaluation,
    Person,
    PostHeld,
    Qualification,
    RankHeld,
    Relative,
    Reward,
    Unit,
)
from canbo.register.national import national_fields
from canbo.snapshot.national import take_records
from canbo.snapshot.take import take
from tests.snapshot.support import ENTERED, SINCE, entering, make_person, make_unit, state

pytestmark = pytest.mark.django_db

DAY = "2024-03-31"


def fill() -> Person:
    with entering():
        unit = make_unit()
        for number in range(12):
            one = make_person(f"P{number:02}", unit, birth_date=date(1980, 2, number + 3))
            state(one, education="bachelor", it_standard=number % 2 == 0)
            Qualification.objects.create(
                person=one, kind="professional", level="bachelor", field="law", awarded_on=date(2003, 7, number + 1)
            )
            RankHeld.objects.create(person=one, rank="specialist", valid_from=date(2005, 1, 1))
        Person.objects.filter(code="P03").update(birth_date=date(1980, 1, 1), birth_precision="year")
        Person.objects.filter(code="P04").update(full_name="=1+1")
        first = Person.objects.get(code="P00")
        Person.objects.filter(pk=first.pk).update(national_id="001080000001", religion="Không", phone="0912")
        return first


@pytest.mark.parametrize("name", ["a.xlsx", "folder"])
def test_what_is_exported_reads_back_the_same(tmp_path: Path, name: str) -> None:
    fill()
    export(tmp_path / name, as_of=DAY, purpose="Báo cáo quý")
    data = read(tmp_path / name)
    taken = take(date(2024, 3, 31))
    assert not has_errors(data.findings)
    assert (data.version, data.data_date) == (taken.version, date(2024, 3, 31))
    assert {"posts_held", "qualifications", "ranks"} <= set(data.tables)


def test_an_export_is_logged_private_and_says_who_made_it_and_for_what(tmp_path: Path) -> None:
    fill()
    export(tmp_path / "a.xlsx", as_of=DAY, purpose="Báo cáo quý", made_by="Trần Thị Bình")
    assert stat.S_IMODE((tmp_path / "a.xlsx").stat().st_mode) == 0o600
    info = CalamineWorkbook.from_path(tmp_path / "a.xlsx").get_sheet_by_name("Thông tin").to_python()
    said = next(str(row[1]) for row in info if row[0] == "Người lập, mục đích")
    assert "Trần Thị Bình" in said and "Báo cáo quý" in said and "31/03/2024" in said
    entry = Entry.objects.latest("id")
    assert (entry.action, entry.subject, entry.detail["purpose"]) == ("register.export", "a.xlsx", "Báo cáo quý")


def test_without_names_nobody_can_be_told(tmp_path: Path) -> None:
    fill()
    export(tmp_path / "a", as_of=DAY, without_names=True)
    data = read(tmp_path / "a")
    people = data.tables["people"]
    assert not has_errors(data.findings)
    assert "national_id" not in people.column_names
    assert set(people["full_name"].to_pylist()) == set(people["person_id"].to_pylist())
    assert all(code[0] == "N" for code in people["person_id"].to_pylist())
    assert set(data.tables["posts_held"]["person_id"].to_pylist()) == set(people["person_id"].to_pylist())
    assert {(day.month, day.day) for day in people["birth_date"].to_pylist()} == {(2, 1), (1, 1)}
    assert sorted(set(people["_birth_latest"].to_pylist())) == [date(1980, 2, 29), date(1980, 12, 31)]
    assert people["education"].to_pylist() == ["bachelor"] * 12


@pytest.mark.parametrize(
    ("name", "more", "says"),
    [
        ("a.csv", {"form": "workbook"}, ".xlsx"),
        ("a.xlsx", {"form": "parquet"}, "thư mục"),
        ("a.xlsx", {"form": "national", "without_names": True}, "luôn có tên"),
        ("a.xlsx", {"as_of": "2019-12-31"}, "không có người nào"),
        ("a.xlsx", {"form": "national", "as_of": "2019-12-31"}, "không có người nào"),
        ("no/a.xlsx", {"as_of": DAY}, "Không ghi được"),
        ("a.xlsx", {"known": "2023-01-01"}, "không có người nào"),
    ],
)
def test_what_cannot_be_exported_is_refused_and_leaves_no_file(
    tmp_path: Path, name: str, more: dict[str, Any], says: str
) -> None:
    fill()
    with pytest.raises(Refused, match=says):
        export(tmp_path / name, **more)
    assert list(tmp_path.iterdir()) == []


def records_of(first: Person) -> None:
    """What the tables of one record hold."""
    unit = Unit.objects.get()
    with entering():
        decision = Document.objects.create(number="12-QĐ/TU", kind="QĐ", issuer="Tỉnh ủy", issued_on=date(2023, 1, 5))
        Reward.objects.create(person=first, form="Bằng khen", decided_on=date(2023, 1, 5), document=decision)
        Discipline.objects.create(
            person=first, family="party", form="Khiển trách", valid_from=date(2023, 1, 5), document=decision
        )
        Relative.objects.create(person=first, relation="Vợ", name="Lê Thị C", birth_year=1982, valid_from=SINCE)
        Evaluation.objects.create(subject_kind="person", person=first, unit=unit, period="2023", grade="good")
        PostHeld.objects.create(
            person=first, unit=unit, post="Trưởng phòng", post_kind="division_head", valid_from=date(2022, 1, 1)
        )


def test_the_national_record_has_every_field_in_order_and_its_tables(tmp_path: Path) -> None:
    records_of(fill())
    export(tmp_path / "a.xlsx", as_of=DAY, form="national")
    book = CalamineWorkbook.from_path(tmp_path / "a.xlsx")
    assert book.sheet_names == [
        "Thông tin", "Sơ yếu lý lịch", "Quá trình đào tạo", "Quá trình bồi dưỡng", "Quá trình công tác",
        "Luân chuyển", "Quan hệ gia đình", "Khen thưởng", "Kỷ luật", "Kết quả đánh giá, xếp loại",
    ]  # fmt: skip
    heads, *rows = book.get_sheet_by_name("Sơ yếu lý lịch").to_python()
    assert heads == ["Mã cán bộ", *(field.vi for field in national_fields().person)]
    first = dict(zip(heads, rows[0], strict=True))
    assert len(rows) == 12
    assert (first["Họ và tên khai sinh"], first["Giới tính"], first["Dân tộc"]) == ("NGUYỄN VĂN P00", "Nam", "Kinh")
    assert (first["Ngày sinh"], first["Mã định danh (số CCCD)"]) == (date(1980, 2, 3), "001080000001")
    assert (first["Trình độ chuyên môn cao nhất"], first["Cơ quan sử dụng"]) == ("Đại học", "Đơn vị T")
    assert (first["Chức vụ hiện tại"], first["Chức vụ kiêm nhiệm"]) == ("Chuyên viên", "Trưởng phòng")
    assert dict(zip(heads, rows[4], strict=True))["Họ và tên khai sinh"] == "'=1+1"
    careers = book.get_sheet_by_name("Quá trình công tác").to_python()
    assert careers[1][:5] == ["P00", date(2020, 1, 1), "", "Đơn vị T", "Chuyên viên"]
    assert book.get_sheet_by_name("Kỷ luật").to_python()[1][3:6] == ["Đảng", "12-QĐ/TU", "Khiển trách"]
    assert book.get_sheet_by_name("Quan hệ gia đình").to_python()[1][1:5] == ["Bản thân", "Vợ", "Lê Thị C", 1982]


def test_what_the_national_list_demands_and_is_missing_is_said() -> None:
    fill()
    found = {one.column: one for one in take_records(date(2024, 3, 31)).findings if one.code == "missing_value"}
    assert "11 dòng" in found["Tôn giáo"].message  # one of twelve has it
    assert "1 dòng" in found["Ngày sinh"].message  # known by year only
    assert "Dân tộc" not in found


def test_the_list_is_the_one_of_the_unified_record() -> None:
    fields = national_fields()
    items = {field.item for field in fields.person if field.item} | {rows.item for rows in fields.sheets if rows.item}
    assert items == set(range(1, 38))
    codes = [field.code for field in fields.person]
    assert len(codes) == len(set(codes))
    assert {field.code for field in fields.person if field.sensitive} >= {"dan_toc", "ton_giao", "lich_su_ban_than"}


def test_who_left_has_no_record_any_more() -> None:
    one = fill()
    with entering():
        one.employments.update(valid_to=date(2024, 1, 1))
        PostHeld.objects.filter(person=one).update(valid_to=date(2024, 1, 1))
    assert take_records(date(2024, 3, 31)).people == 11
    assert take_records(date(2023, 12, 31)).people == 12


def test_a_record_is_told_as_it_was_known() -> None:
    one = fill()
    with entering(datetime(2024, 5, 1, tzinfo=UTC)):
        Person.objects.filter(pk=one.pk).update(full_name="Trần Văn B")
    day = date(2024, 3, 31)
    names = [take_records(day, known=known).sheets[0].rows["ho_ten_ks"][0].as_py() for known in (ENTERED, None)]
    assert names == ["NGUYỄN VĂN P00", "TRẦN VĂN B"]
    assert take_records(day, known=datetime(2023, 1, 1, tzinfo=UTC)).people == 0
