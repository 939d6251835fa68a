"""The list of people: who is found, in which order, who may not, what is shown, logged and given out."""

import io
import re
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.http import HttpResponse
from django.test import Client

from canbo.audit.changes import change
from canbo.audit.models import Entry
from canbo.register import qualifications
from canbo.register.models import PartyMembership, Person
from canbo.web.models import NamedFilter
from canbo.web.people import lists
from tests.register.makers import AT, employ, make_person, make_unit, post
from tests.web.clients import client_of

pytestmark = pytest.mark.django_db
DAY = "day=01/06/2024"
EVERYBODY = ["P3", "P1", "P2", "P4", "P5"]
"""In service on the day, by given name: Anh, Ánh, Bình, Chiến, Dũng."""


@pytest.fixture(autouse=True)
def province(db: None) -> None:
    """T over N (with N1 below) and H; five people in service, and one who left in 2022."""
    with change(by="test", at=AT, action="test"):
        top = make_unit("T")
        north, hill = make_unit("N", top, kind="state"), make_unit("H", top, level="commune")
        rows: list[tuple[str, str, Any, dict[str, Any]]] = [
            ("P1", "Nguyễn Văn Ánh", north, {"born": date(1980, 6, 2), "ethnicity": "Tày"}),
            ("P2", "Trần Thị Bình", make_unit("N1", north, kind="state"), {"born": date(1990, 6, 1), "sex": "female"}),
            ("P3", "Nguyễn Thị Vân Anh", hill, {"born": date(1985, 1, 1), "sex": "female", "ethnicity": "Kinh"}),
            ("P4", "Đỗ Đức Chiến", hill, {"born": date(1964, 2, 29), "ethnicity": "Nùng"}),
            ("P5", "Lê Văn Dũng", top, {"born": date(2000, 12, 31), "national_id": "019200000005"}),
        ]
        for code, name, unit, more in rows:
            person = make_person(code, full_name=name, **more)
            employ(person)
            kind, tier = ("agency_head", "provincial_committee") if code == "P1" else ("professional", "unit_head")
            post(person, unit, post_kind=kind, stated_tier=tier)
        employ(make_person("P6", full_name="Vũ Văn Đi"), valid_to=date(2022, 1, 1))
        PartyMembership.objects.create(person=Person.objects.get(code="P1"), valid_from=date(2010, 1, 1))
        qualifications.award(
            person=Person.objects.get(code="P2"), kind="professional", level="master", awarded_on=date(2015, 6, 1),
            by="test", at=AT,
        )  # fmt: skip


def listed(answer: HttpResponse) -> list[str]:
    """The codes on a page, in order."""
    assert answer.status_code == 200
    return re.findall(r'name="code" value="(P\d)"', answer.content.decode())


def text_of(answer: HttpResponse) -> str:
    """What a page says."""
    return answer.content.decode()


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", EVERYBODY),
        ("q=nguyen van anh", ["P1"]),
        ("q=vân anh", ["P3", "P1"]),
        ("q=P4", ["P4"]),
        ("q=p4", ["P4"]),
        ("unit=N", ["P1", "P2"]),
        ("unit=don vi h", ["P3", "P4"]),
        ("tier=provincial_committee", ["P1"]),
        ("post_kind=agency_head", ["P1"]),
        ("sex=female", ["P3", "P2"]),
        ("minority=yes", ["P1", "P4"]),
        ("minority=no", ["P3"]),
        ("party=yes", ["P1"]),
        ("party=no", ["P3", "P2", "P4", "P5"]),
        ("education_from=master", ["P2"]),
        ("education_to=bachelor", []),
        ("age_from=39&age_to=43", ["P3", "P1"]),
        ("age_from=60", ["P4"]),
        ("age_to=33", ["P5"]),
        ("age_to=34", ["P2", "P5"]),
        ("service=out", ["P6"]),
        ("service=all", [*EVERYBODY, "P6"]),
        ("unit=H&sex=female", ["P3"]),
    ],
)
def test_filters_find_who_fits_and_combine(asked: str, found: list[str]) -> None:
    assert listed(client_of("specialist").get(f"/people?{DAY}&{asked}")) == found


def test_a_change_is_on_the_next_page_shown() -> None:
    client = client_of("specialist")
    assert listed(client.get(f"/people?{DAY}&sex=female")) == ["P3", "P2"]
    with change(by="test", at=AT, action="test"):
        Person.objects.filter(code="P5").update(sex="female")
    assert listed(client.get(f"/people?{DAY}&sex=female")) == ["P3", "P2", "P5"]


def test_what_was_known_earlier_is_asked_for_and_a_day_to_come_refused() -> None:
    client = client_of("specialist")
    assert listed(client.get(f"/people?{DAY}&known=2024-05-02T08:00")) == EVERYBODY
    assert listed(client.get(f"/people?{DAY}&known=30/04/2024")) == []
    assert client.get(f"/people?{DAY}&known=01/01/2199").status_code == 422


def test_a_mandate_over_a_part_finds_nobody_else() -> None:
    assert listed(client_of("unit_officer", "N").get(f"/people?{DAY}&service=all")) == ["P1", "P2"]
    assert listed(client_of("unit_officer", "N").get(f"/people?{DAY}&q=anh")) == ["P1"]


@pytest.mark.parametrize("role", ["analyst", "it_admin"])
def test_who_may_not_read_people_finds_no_page(role: str) -> None:
    assert client_of(role).get("/people").status_code == 404
    assert Entry.objects.filter(action="page-refused", actor=f"{role}.all", subject="page:/people").exists()


def test_what_cannot_be_read_of_an_address_is_said() -> None:
    said = text_of(
        client_of("specialist").get("/people?day=31/02/2024&age_from=x&sex=none&unit=không có&indicator=a/b")
    )
    for sentence in ("“31/02/2024” không phải là ngày", "“x” không phải là số tuổi", "không có lựa chọn “none”",
                     "Không rõ đơn vị “không có”", "Không có chỉ tiêu “a/b”"):  # fmt: skip
        assert sentence in said


def test_filters_stand_as_chips_with_the_way_out() -> None:
    said = text_of(client_of("specialist").get(f"/people?{DAY}&q=anh&sex=female"))
    assert "Tìm “anh”" in said
    assert 'href="/people?sex=female&amp;day=01%2F06%2F2024" aria-label="Bỏ lọc: Tìm “anh”"' in said
    assert "1 người đang công tác tại ngày 01/06/2024" in said


def test_pages_follow_by_keys_and_lead_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "PAGE", 2)
    client = client_of("specialist")
    first = client.get(f"/people?{DAY}")
    second = client.get(_link(first, "next"))
    third = client.get(_link(second, "next"))
    assert [listed(one) for one in (first, second, third)] == [["P3", "P1"], ["P2", "P4"], ["P5"]]
    assert "5–5 trong 5 người" in text_of(third)
    assert listed(client.get(_link(third, "prev"))) == ["P2", "P4"]
    assert listed(client.get(_link(second, "prev"))) == ["P3", "P1"]
    assert listed(client.get(f"/people?{DAY}&after=P4")) == ["P3", "P1"]  # a place that somebody made up


def _link(answer: HttpResponse, rel: str) -> str:
    found = re.search(f'rel="{rel}" href="([^"]+)"', answer.content.decode())
    assert found
    return found[1].replace("&amp;", "&")


def test_typing_gets_the_rows_alone_and_a_short_address() -> None:
    headers = {"HX-Request": "true", "HX-Target": "results"}
    answer = client_of("specialist").get(f"/people?{DAY}&q=binh&sex=&tier=&service=in", headers=headers)
    assert listed(answer) == ["P2"]
    assert "<html" not in text_of(answer)
    assert answer.headers["HX-Replace-Url"] == "/people?q=binh&day=01%2F06%2F2024"


def test_only_readable_columns_are_shown() -> None:
    address = f"/people?{DAY}&q=P5&column=sex&column=national_id"
    assert "019200000005" in text_of(client_of("specialist").get(address))
    said = text_of(client_of("leader").get(address))
    assert "019200000005" not in said
    assert "Không hiện cột Số định danh" in said


def test_sensitive_columns_shown_and_filtered_by_are_logged() -> None:
    client_of("specialist").get(f"/people?{DAY}")
    assert not Entry.objects.filter(action="read-list").exists()
    client_of("specialist").get(f"/people?{DAY}&minority=yes&column=national_id")
    entry = Entry.objects.get(action="read-list")
    assert (entry.subject, entry.detail) == ("people", {"fields": ["ethnicity", "national_id"], "people": ["P1", "P4"]})


def test_who_does_not_read_ethnicity_learns_nothing_by_filtering() -> None:
    answer = client_of("leader").get(f"/people?{DAY}&minority=yes")
    assert listed(answer) == []
    assert "không được đọc dân tộc" in text_of(answer)


def test_a_list_of_an_indicator_is_linked_and_logged() -> None:
    address = f"/people?{DAY}&indicator=thai-nguyen-2021-2030/TN-2025-1-01&list="
    lists_of = {name: listed(client_of("specialist").get(address + name)) for name in ("counted", "lacking", "unknown")}
    assert sorted(code for codes in lists_of.values() for code in codes) == ["P1"]  # alone of that tier
    assert Entry.objects.filter(action="read-list", subject="indicator:TN-2025-1-01").count() == 3


def test_a_list_is_named_shared_and_forgotten() -> None:
    mine, other = client_of("specialist"), client_of("leader")
    named = {"query": f"{DAY}&sex=female&tier=", "name": "Cán bộ nữ", "shared": "1"}
    assert mine.post("/people/name", named).status_code == 303
    kept = NamedFilter.objects.get()
    assert kept.query == "sex=female&day=01%2F06%2F2024"
    assert "Cán bộ nữ" in text_of(other.get("/people"))
    assert other.post("/people/forget", {"number": kept.pk}).status_code == 422
    assert mine.post("/people/forget", {"number": kept.pk}).status_code == 303
    assert not NamedFilter.objects.exists()
    assert list(Entry.objects.filter(subject="list:Cán bộ nữ").values_list("action", flat=True)) == [
        "list.name",
        "list.forget",
    ]


def test_an_own_list_is_seen_by_nobody_else() -> None:
    client_of("specialist").post("/people/name", {"query": DAY, "name": "Riêng tôi"})
    assert "Riêng tôi" in text_of(client_of("specialist").get("/people"))
    assert "Riêng tôi" not in text_of(client_of("leader").get("/people"))


def _export(client: Client, **more: Any) -> HttpResponse:
    asked = {"act": "export", "query": f"{DAY}&column=birth_date&column=national_id", "purpose": "họp Ban Thường vụ"}
    return client.post("/people/act", asked | more)


def test_an_export_says_who_made_it_for_what_and_is_logged() -> None:
    answer = _export(client_of("unit_officer", "N"), all="1")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    about = {row[0]: row[1] for row in book["Thông tin"].iter_rows(min_row=4, max_col=2, values_only=True)}
    assert (about["Người xuất"], about["Mục đích"], about["Số người"]) == ("unit_officer.n", "họp Ban Thường vụ", "2")
    rows = [tuple(row) for row in book["Cán bộ"].iter_rows(values_only=True)]
    assert rows[0] == ("Mã", "Họ và tên", "Ngày sinh", "Số định danh")
    assert [(row[0], row[2].date()) for row in rows[1:]] == [("P1", date(1980, 6, 2)), ("P2", date(1990, 6, 1))]  # type: ignore[union-attr]
    entry = Entry.objects.get(action="people.export")
    assert (entry.detail["purpose"], entry.detail["people"]) == ("họp Ban Thường vụ", ["P1", "P2"])


def test_an_export_of_those_ticked_holds_nobody_outside() -> None:
    answer = _export(client_of("unit_officer", "N"), code=["P2", "P5"])
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content))["Cán bộ"]
    assert [cell.value for cell in sheet["A"]] == ["Mã", "P2"]


@pytest.mark.parametrize(
    ("role", "more", "said"),
    [
        ("leader", {"all": "1"}, "không được xuất dữ liệu"),
        ("specialist", {}, "Chưa chọn ai"),
        ("specialist", {"all": "1", "purpose": " "}, "để làm gì"),
        ("specialist", {"code": ["P99"]}, "Không có ai trong số đã chọn"),
    ],
)
def test_an_export_is_refused_with_a_reason(role: str, more: dict[str, Any], said: str) -> None:
    client = client_of(role)
    answer = _export(client, **more)
    assert answer.status_code == 303
    assert said in text_of(client.get(answer.headers["Location"]))
    assert not Entry.objects.filter(action="people.export").exists()


def test_people_are_compared_and_each_file_opened_is_logged() -> None:
    client = client_of("specialist")
    answer = client.post("/people/act", {"act": "compare", "query": DAY, "code": ["P1", "P3"]})
    said = text_of(client.get(answer.headers["Location"]))
    assert "Nguyễn Văn Ánh" in said
    assert "02/06/1980" in said
    assert Entry.objects.filter(action="read-file", subject__in=["person:P1", "person:P3"]).count() == 2
    assert client_of("unit_officer", "N").get("/people/compare?code=P1&code=P3").status_code == 404
    assert Entry.objects.filter(action="read-refused", subject="person:P3").exists()


@pytest.mark.parametrize(("role", "unit", "number"), [("specialist", "", 9), ("unit_officer", "N", 10)])
def test_a_page_asks_the_same_few_questions_however_long_the_list(
    role: str, unit: str, number: int, django_assert_num_queries: Any
) -> None:
    client = client_of(role, unit)
    client.get(f"/people?{DAY}")
    with django_assert_num_queries(number):
        client.get(f"/people?{DAY}")


def test_units_are_offered_while_typing() -> None:
    assert (
        text_of(client_of("leader").get("/people/units?unit=don vi n1")) == '<option value="Đơn vị N1 (N1)"></option>'
    )
