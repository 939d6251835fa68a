"""The own file, and what its person says is wrong in it."""

from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from canbo.accounts.models import User
from canbo.register.models import CorrectionRequest, Person, PostHeld
from tests.register.makers import employ, make_person, make_unit, post
from tests.web.clients import client_of, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def own(db: None) -> Client:
    """Signed in as An, who stands in N; Binh stands in H."""
    for code, name in (("N", "Nguyễn Văn An"), ("H", "Trần Thị Bình")):
        person = make_person(f"P-{code}", full_name=name, address=f"Phố {code}")
        employ(person)
        post(person, make_unit(code), post=f"Chức vụ {code}")
    return signed_in(User.objects.create(username="an", person_code="P-N"))


def post_of(code: str) -> Any:
    return PostHeld.objects.get(person__code=code)


def test_the_own_file_is_whole_and_no_other(own: Client) -> None:
    page = own.get("/my-file").content.decode()
    assert "Nguyễn Văn An" in page and "Phố N" in page and "Chức vụ N" in page
    assert own.get("/people/P-H").status_code == 404
    assert client_of("leader").get("/my-file").status_code == 404


def test_a_request_is_answered_by_the_officer_in_whose_reach_it_is(own: Client) -> None:
    fact = f"post_held-{post_of('P-N').pk}"
    text = "Tôi giữ chức vụ từ 01/03/2019 <b>không phải 2020</b>"
    assert own.post("/my-file", {"about": fact, "text": text}).status_code == 303
    row = CorrectionRequest.objects.get()
    assert (row.person.code, row.kind, row.fact, row.state) == ("P-N", "post_held", post_of("P-N").pk, "open")
    officer, elsewhere = client_of("unit_officer", "N"), client_of("unit_officer", "H")
    listed = officer.get("/people/requests").content.decode()
    assert "&lt;b&gt;không phải 2020" in listed and "<b>không phải" not in listed
    assert "không phải 2020" in officer.get("/people/P-N").content.decode()
    assert "không phải 2020" not in elsewhere.get("/people/requests").content.decode()
    answer = {"accepted": "1", "text": "Đã sửa theo Quyết định số 5."}
    assert elsewhere.post(f"/people/requests/{row.pk}", answer).status_code == 404
    assert own.post(f"/people/requests/{row.pk}", answer).status_code == 404
    assert officer.post(f"/people/requests/{row.pk}", {"accepted": "1", "text": " "}).status_code == 422
    assert officer.post(f"/people/requests/{row.pk}", answer).status_code == 303
    assert officer.post(f"/people/requests/{row.pk}", answer).status_code == 422  # answered once
    page = own.get("/my-file").content.decode()
    assert "đã chấp nhận" in page and "Đã sửa theo Quyết định số 5." in page
    assert Person.objects.get(code="P-N").revision == 1  # a request changes nothing in the file
    versions = apps.get_model("register", "CorrectionRequestEvent")._default_manager.filter(pgh_obj_id=row.pk)
    assert [one.state for one in versions.order_by("pgh_id")] == ["open", "accepted"]


def test_a_request_is_about_a_fact_of_the_own_file(own: Client) -> None:
    for about in (f"post_held-{post_of('P-H').pk}", "post_held-x", "nothing-1", "post_held-99999999999999999999"):
        refused = own.post("/my-file", {"about": about, "text": "Sai"})
        assert refused.status_code == 422 and "Hãy chọn một thông tin trong hồ sơ" in refused.content.decode()
    empty = own.post("/my-file", {"about": "", "text": "  "})
    assert empty.status_code == 422 and "f-text-fault" in empty.content.decode()
    assert CorrectionRequest.objects.count() == 0


def test_who_left_no_file_is_told(db: None) -> None:
    gone = signed_in(User.objects.create(username="mat", person_code="P-KHONG-CO"))
    answer = gone.get("/my-file")
    assert answer.status_code == 404 and "Chưa có hồ sơ" in answer.content.decode()
