"""Two communes merged by the path: preview writes nothing, applying moves everybody, undoing puts all back."""

import re
from datetime import date

import pytest
from django.http import HttpResponse
from django.test import Client

from canbo.register.models import Document, PostHeld, Reorganisation, Unit, UnitSuccession, UnitVersion
from tests.web.clients import client_of
from tests.web.organisations.world import DAY, MERGER

pytestmark = pytest.mark.django_db
PATH = "/reorganisations/new"


def _post(client: Client, step: str, **more: object) -> HttpResponse:
    return client.post(PATH, {**MERGER, "step": step, **more})  # type: ignore[return-value]


def _people(code: str, day: date) -> list[str]:
    rows = PostHeld.objects.as_of(day).filter(unit__code=code).order_by("person__code")
    return list(rows.values_list("person__code", flat=True))


def _merge(client: Client) -> HttpResponse:
    page = _post(client, "preview").content.decode()
    return _post(client, "apply", digest=re.findall(r'name="digest" value="(\w+)"', page)[0])


def test_the_path_leads_from_the_kind_to_the_form(specialist: Client) -> None:
    assert "kind=merge" in specialist.get(PATH).content.decode()
    page = specialist.get(f"{PATH}?kind=merge&unit=A").content.decode()
    assert "Cần ít nhất 2" in page
    assert f"{PATH}?kind=merge&amp;unit=A&amp;unit=B" in page  # B stands beside A
    assert "unit=C" not in page  # C is in another district
    form = specialist.get(f"{PATH}?kind=merge&unit=A&unit=B&step=details").content.decode()
    assert 'value="A-2"' in form  # a code that was never used


def test_a_preview_counts_and_writes_nothing(specialist: Client) -> None:
    page = _post(specialist, "preview").content.decode()
    assert "5 người chuyển theo" in page
    assert "Thực hiện: lập 1 đơn vị, kết thúc 2 đơn vị, chuyển 5 người" in page
    assert "có nhiều người đứng đầu" in page  # both communes had a secretary
    assert not Reorganisation.objects.exists()
    assert not Unit.objects.filter(code="AB").exists()
    assert not Document.objects.exists()
    assert _people("A", DAY) == ["P0", "P1", "P2"]


def test_a_merger_takes_everybody_along(specialist: Client) -> None:
    answer = _merge(specialist)
    row = Reorganisation.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/reorganisations/{row.pk}")
    assert _people("AB", DAY) == ["P0", "P1", "P2", "P3", "P4"]
    assert _people("A", DAY) == _people("B", DAY) == []
    assert _people("A", date(2025, 6, 30)) == ["P0", "P1", "P2"]
    links = set(UnitSuccession.objects.values_list("predecessor__code", "successor__code"))
    assert links == {("A", "AB"), ("B", "AB")}
    assert UnitVersion.objects.get(unit__code="AB").parent == Unit.objects.get(code="H1")
    assert Document.objects.get().number == "15/NQ-HĐND"
    page = specialist.get("/organisations/AB").content.decode()
    assert "5 người đang công tác" in page
    assert "Xã Bình Minh" in page  # where it came from
    assert "Nay là" in specialist.get("/organisations/A").content.decode()


def test_what_changed_since_the_preview_is_shown_again(specialist: Client) -> None:
    page = _post(specialist, "apply", digest="0" * 24).content.decode()
    assert "Dữ liệu đã thay đổi sau khi xem trước" in page
    assert not Reorganisation.objects.exists()


def test_undoing_puts_everybody_back(specialist: Client) -> None:
    _merge(specialist)
    number = Reorganisation.objects.get().pk
    assert "Hoàn tác bằng một việc điều chỉnh" in specialist.get(f"/reorganisations/{number}").content.decode()
    assert specialist.post(f"/reorganisations/{number}/undo").status_code == 303
    assert _people("A", DAY) == ["P0", "P1", "P2"]
    assert not Unit.objects.filter(code="AB").exists()
    page = specialist.get(f"/reorganisations/{number}").content.decode()
    assert "Đã hoàn tác" in page
    assert "Hoàn tác bằng một việc điều chỉnh" not in page


def test_faults_stand_at_their_fields(specialist: Client) -> None:
    answer = _post(specialist, "preview", on="31/02/2025", name="")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "“31/02/2025” không phải là ngày" in page
    assert 'href="#f-name"' in page
    assert 'value="15/NQ-HĐND"' in page  # what was written stays


def test_a_split_sends_people_where_the_form_says(specialist: Client) -> None:
    form = {
        "kind": "split", "unit": "A", "name_1": "Xã Một", "code_1": "A1", "name_2": "Xã Hai", "code_2": "A2",
        "rest": "1", "to.P1": "2",
    }  # fmt: skip
    kept = {name: value for name, value in MERGER.items() if name not in ("kind", "unit", "into", "name", "code")}
    page = specialist.post(PATH, {**kept, **form, "step": "preview"}).content.decode()
    digest = re.findall(r'name="digest" value="(\w+)"', page)[0]
    assert specialist.post(PATH, {**kept, **form, "step": "apply", "digest": digest}).status_code == 303
    assert (_people("A1", DAY), _people("A2", DAY), _people("A", DAY)) == (["P0", "P2"], ["P1"], [])


@pytest.mark.parametrize("kind, more, told", [
    ("rename", {"name": "Xã Mới"}, "Xã Mới"),
    ("move", {"parent": "H2"}, "Đơn vị H2"),
    ("change_level", {"level": "district"}, "Cấp huyện"),
])  # fmt: skip
def test_a_unit_that_goes_on(specialist: Client, kind: str, more: dict[str, str], told: str) -> None:
    form = {**{name: MERGER[name] for name in ("on", "title", "doc_number", "doc_issued_on", "doc_kind", "doc_issuer")}}
    form |= {"kind": kind, "unit": "C" if kind != "move" else "A", **more}
    page = specialist.post(PATH, {**form, "step": "preview"}).content.decode()
    digest = re.findall(r'name="digest" value="(\w+)"', page)[0]
    assert specialist.post(PATH, {**form, "step": "apply", "digest": digest}).status_code == 303
    assert told in specialist.get(f"/organisations/{form['unit']}").content.decode()


def test_an_abolished_unit_sends_its_people_on(specialist: Client) -> None:
    form = {**MERGER, "kind": "abolish", "unit": "C", "rest": "Xã Bình Minh (B)"}
    page = specialist.post(PATH, {**form, "step": "preview"}).content.decode()
    digest = re.findall(r'name="digest" value="(\w+)"', page)[0]
    specialist.post(PATH, {**form, "step": "apply", "digest": digest})
    assert (_people("B", DAY), _people("C", DAY)) == (["P3", "P4", "P5"], [])


@pytest.mark.parametrize("role, unit", [("unit_officer", "H1"), ("leader", ""), ("specialist", "H1")])
def test_who_does_not_write_for_the_whole_province_finds_no_path(province: Unit, role: str, unit: str) -> None:
    client = client_of(role, unit)
    assert client.get(PATH).status_code == 404
    assert _post(client, "apply").status_code == 404
    assert client.get("/reorganisations").status_code == 404
