"""A unit's page and what is written there: each tab, who may not, changes with their document."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from canbo.audit.changes import change
from canbo.register import positions
from canbo.register.models import Document, Parameter, Quota, Unit, UnitConfirmation, UnitParameter, UnitVersion
from canbo.snapshot.measuring import DAYS
from tests.register.makers import AT, make_person, post
from tests.web.clients import client_of

pytestmark = pytest.mark.django_db
DOCUMENT = {
    "doc_number": "7-QĐ/TU", "doc_issued_on": "02/01/2024", "doc_kind": "decision", "doc_issuer": "Tỉnh ủy",
}  # fmt: skip
CHANGED = {
    "how": "change",
    "name": "Phường Ánh Dương",
    "kind": "locality",
    "level": "commune",
    "parent": "H1",
    "on": "01/02/2024",
}


@pytest.mark.parametrize("tab", ["", "posts", "bodies", "targets", "records", "inhabitants", "documents"])
def test_every_tab_opens(specialist: Client, tab: str) -> None:
    DAYS.clear()
    page = specialist.get(f"/organisations/H1?tab={tab}").content.decode()
    assert "<h1>Đơn vị H1</h1>" in page
    assert 'aria-current="page">Đơn vị H1' in page  # its place below the province


def test_the_leaders_are_those_that_may_be_seen(specialist: Client, province: Any) -> None:
    assert "Nguyễn Thị A" in specialist.get("/organisations/A").content.decode()
    part = client_of("unit_officer", "H1", tiers=["central"])
    page = part.get("/organisations/A").content.decode()
    assert "Nguyễn Thị A" not in page
    assert "ngoài phạm vi" in page


def test_who_has_another_part_finds_no_unit(officer: Client) -> None:
    assert officer.get("/organisations/A").status_code == 200
    assert officer.get("/organisations/C").status_code == 404
    assert officer.get("/units/change/A").status_code == 404
    assert client_of("it_admin").get("/organisations/A").status_code == 404


def test_positions_are_counted_against_their_holders(specialist: Client) -> None:
    with change(by="test", at=AT, action="test"):
        unit = Unit.objects.get(code="A")
        position = positions.set_up(unit=unit, name="Văn thư", planned=3, valid_from=date(2020, 1, 1), by="test", at=AT)
        post(make_person("P9", full_name="Lê Văn Thư"), unit, position=position, is_main=False)
    page = specialist.get("/organisations/H1?tab=posts").content.decode()
    assert "3 chỗ theo vị trí việc làm, còn trống 2" in page
    assert "Lê Văn Thư" in page
    assert '<span class="st">2</span> chỗ trống' in specialist.get("/organisations?open=H1").content.decode()


def test_a_change_begins_on_its_day_with_its_document(specialist: Client) -> None:
    seen = _seen(specialist)
    answer = specialist.post("/units/change/A", {**CHANGED, **DOCUMENT, "seen": seen})
    assert answer.status_code == 303
    versions = UnitVersion.objects.filter(unit__code="A").order_by("valid_from")
    assert [one.name for one in versions] == ["Xã Ánh Dương", "Phường Ánh Dương"]
    assert versions[1].document == Document.objects.get(number="07-QĐ/TU")
    page = specialist.get("/organisations/A").content.decode()
    assert "từ 01/01/2000 đến 31/01/2024" in page
    again = specialist.post("/units/change/A", {**CHANGED, "on": "01/03/2024", "seen": seen})
    assert again.status_code == 422  # somebody wrote meanwhile
    assert "đã thay đổi sau khi bạn mở" in again.content.decode()


def test_a_refused_change_registers_no_document(specialist: Client) -> None:
    form = {**CHANGED, **DOCUMENT, "on": "01/02/1990", "seen": _seen(specialist)}
    answer = specialist.post("/units/change/A", form)
    assert answer.status_code == 422
    assert "không tồn tại vào ngày 01/02/1990" in answer.content.decode()
    assert not Document.objects.exists()


def test_a_unit_is_entered(specialist: Client) -> None:
    form = {
        "code": "D",
        "name": "Xã Đông",
        "kind": "locality",
        "level": "commune",
        "parent": "Đơn vị H2 (H2)",
        "on": "01/01/2025",
    }
    assert specialist.post("/units/new", form).headers["Location"] == "/organisations/D"
    assert UnitVersion.objects.get(unit__code="D").parent == Unit.objects.get(code="H2")
    taken = specialist.post("/units/new", form)
    assert taken.status_code == 422
    assert "đã dùng cho “Xã Đông”" in taken.content.decode()


def test_a_quota_and_an_own_target(specialist: Client) -> None:
    specialist.post("/units/quota/A", {"year": "2024", "staff_kind": "civil_servant", "posts": "5", **DOCUMENT})
    assert Quota.objects.get().posts == 5
    page = specialist.get("/organisations/A?tab=posts&day=01/06/2024").content.decode()
    assert "còn 2" in page  # 5 posts, 3 in service
    labels = specialist.get("/units/target/A").content.decode()
    indicator = labels.split('<option value="')[2].split('"')[0]
    answer = specialist.post(
        "/units/target/A", {"indicator": indicator, "value": "> 40%", "on": "01/01/2024", **DOCUMENT}
    )
    assert answer.status_code == 303
    assert (UnitParameter.objects.get().value, Parameter.objects.get().code) == ("> 40%", indicator)
    assert Document.objects.count() == 1  # the second form named the one that the first registered


def test_the_unit_confirms_its_records(officer: Client) -> None:
    assert officer.post("/units/confirm/C", {"day": "2024-06-01"}).status_code == 404
    assert officer.post("/units/confirm/A", {"day": "2024-06-01"}).status_code == 303
    row = UnitConfirmation.objects.get()
    assert (row.unit.code, row.as_of, row.by) == ("A", date(2024, 6, 1), "unit_officer.h1")
    assert (
        "đã được unit_officer.h1 xác nhận"
        in officer.get("/organisations/A?tab=records&day=01/06/2024").content.decode()
    )


@pytest.mark.parametrize(
    "tab, queries", [("", 25), ("posts", 21), ("bodies", 17), ("documents", 20), ("inhabitants", 21)]
)
def test_queries(specialist: Client, django_assert_num_queries: Any, tab: str, queries: int) -> None:
    with django_assert_num_queries(queries):
        specialist.get(f"/organisations/H1?tab={tab}")


def _seen(client: Client) -> str:
    page = client.get("/units/change/A").content.decode()
    return page.split('name="seen" value="')[1].split('"')[0]
