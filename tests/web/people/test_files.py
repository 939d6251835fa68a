"""The file of a person: read by right, written with its decision, counted in the indicator, kept with its history."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from canbo.audit.models import Entry
from canbo.register.models import Document, Person, PostHeld, Qualification
from canbo.snapshot.measuring import DAYS
from tests.register.makers import employ, make_person, make_unit, post
from tests.web.clients import client_of

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x03\x00\x00\x00\x04\x08\x02\x00\x00\x00" + b"\0" * 20


@pytest.fixture
def an(db: None) -> Person:
    """A head of a department in N, below the province T; Binh stands in H."""
    DAYS.clear()
    top = make_unit("T")
    inside, outside = make_unit("N", top, kind="state"), make_unit("H", top, level="commune")
    decision = Document.objects.create(
        number="12-QĐ/TU", kind="decision", issuer="Tỉnh ủy", issued_on=date(2019, 12, 1)
    )
    person = make_person("P1", full_name="Nguyễn Văn An", national_id="019080000001", address="12 Bến Tượng")
    employ(person, unit=inside)
    post(person, inside, post="Trưởng phòng", stated_tier="provincial_committee", document=decision)
    other = make_person("P2", full_name="Trần Thị Bình", sex="female")
    employ(other, unit=outside)
    post(other, outside)
    return person


def seen_of(code: str = "P1") -> int:
    return Person.objects.get(code=code).revision


def record(client: Client, path: str, **fields: str) -> Any:
    return client.post(f"/people/P1/change/{path}", {"seen": str(seen_of()), **fields})


def test_a_file_says_who_it_is_and_by_which_decision(an: Person) -> None:
    page = client_of("specialist").get("/people/P1").content.decode()
    assert "<h1>Nguyễn Văn An</h1>" in page
    assert "Trưởng phòng, Đơn vị N" in page
    assert "số 12-QĐ/TU" in page or "12-QĐ/TU ngày 01/12/2019 của Tỉnh ủy" in page
    assert "12 Bến Tượng" in page and "019080000001" in page
    assert 'class="tl-bar"' in page and page.count('href="#post_held-') == 2  # in the drawing and in its table
    read = Entry.objects.filter(action="read-file", subject="person:P1").latest("id")
    assert (read.actor, read.detail) == ("specialist.all", {"class": "sensitive"})


def test_each_class_of_fields_ends_where_it_should(an: Person) -> None:
    page = client_of("leader").get("/people/P1").content.decode()
    assert "Nguyễn Văn An" in page and "Trưởng phòng" in page
    assert "12 Bến Tượng" not in page and "019080000001" not in page
    assert "/change/" not in page and "/people/P1/2c." not in page


@pytest.mark.parametrize("path", ["", "/photo", "/2c.pdf", "/change/contact", "/change/qualification-award"])
def test_a_file_outside_the_mandate_is_not_there(an: Person, path: str) -> None:
    officer = client_of("unit_officer", "N")
    missing = officer.get(f"/people/NOBODY{path}")
    outside = officer.get(f"/people/P2{path}")
    assert (missing.status_code, outside.status_code) == (404, 404)
    assert "Bình" not in outside.content.decode()
    assert officer.get("/people/P1").status_code == 200


def test_who_only_reads_writes_nothing(an: Person) -> None:
    leader = client_of("leader")
    for path in ("contact", "qualification-award", f"post-end/post_held/{PostHeld.objects.get(person=an).pk}"):
        assert leader.get(f"/people/P1/change/{path}").status_code == 404
        assert record(leader, path).status_code == 404
    assert leader.get("/people/requests").status_code == 404
    assert seen_of() == 1


def test_a_master_is_recorded_with_its_decision_and_counts(an: Person) -> None:
    client = client_of("specialist")
    record(client, "qualification-award", what="professional:bachelor", awarded_on="01/06/2005")
    before = client.get("/people/P1?scheme=thai-nguyen-2021-2030").content.decode()
    assert "Trình độ chuyên môn: Đại học; cần từ Thạc sĩ trở lên" in before
    done = record(
        client, "qualification-award", what="professional:master", field="law", awarded_on="20/11/2025",
        institution="Đại học Luật Hà Nội", doc_number="45-QĐ/TU", doc_kind="decision", doc_issuer="Tỉnh ủy",
        doc_issued_on="25/11/2025", scheme="thai-nguyen-2021-2030",
    )  # fmt: skip
    row = Qualification.objects.get(level="master")
    assert (done.status_code, done["Location"]) == (
        303,
        f"/people/P1?scheme=thai-nguyen-2021-2030#qualification-{row.pk}",
    )
    assert row.document is not None and row.document.number == "45-QĐ/TU"
    after = client.get("/people/P1?scheme=thai-nguyen-2021-2030").content.decode()
    assert "Thạc sĩ, Luật" in after and "45-QĐ/TU ngày 25/11/2025 của Tỉnh ủy" in after
    assert "Nay được tính ở “Có trình độ thạc sĩ trở lên”." in after and "Chỉ tiêu nay là 1/1." in after
    assert "cần từ Thạc sĩ trở lên" not in after


def test_a_refusal_stands_at_its_field_and_nothing_is_written(an: Person) -> None:
    client = client_of("specialist")
    later = record(
        client, "qualification-award", what="professional:master", awarded_on="20/11/2999", doc_number="46-QĐ/TU",
        doc_kind="decision", doc_issuer="Tỉnh ủy", doc_issued_on="25/11/2025",
    )  # fmt: skip
    assert later.status_code == 422 and "f-awarded_on-fault" in later.content.decode()
    future = (datetime.now(UTC) + timedelta(days=3)).strftime("%d/%m/%Y")
    refused = record(
        client, "qualification-award", what="professional:master", awarded_on=future, doc_number="46-QĐ/TU",
        doc_kind="decision", doc_issuer="Tỉnh ủy", doc_issued_on="25/11/2025",
    )  # fmt: skip
    assert refused.status_code == 422 and "sau ngày nhập" in refused.content.decode()
    assert not Document.objects.filter(number="46-QĐ/TU").exists()  # the decision goes with its fact
    nothing = record(client, "post-begin", unit="N", post_kind="professional", start="01/01/2026")
    assert nothing.status_code == 422 and "Việc này phải có văn bản" in nothing.content.decode()
    unknown = record(client, "post-begin", unit="Sở Không Có", post_kind="professional", start="01/01/2026", doc_number="12-QĐ/TU")  # fmt: skip # noqa: E501
    assert "Không có đơn vị “Sở Không Có”" in unknown.content.decode()
    assert (Qualification.objects.count(), PostHeld.objects.filter(person=an).count(), seen_of()) == (0, 1, 1)


def test_a_second_officer_is_told_what_changed(an: Person) -> None:
    client = client_of("specialist")
    stale = seen_of()
    record(client, "qualification-award", what="political:advanced", awarded_on="01/02/2020")
    late = client.post("/people/P1/change/contact", {"seen": stale, "phone": "0912345678"})
    assert late.status_code == 409
    assert "đã thay đổi sau khi bạn mở" in late.content.decode() and "thêm văn bằng" in late.content.decode()
    assert Person.objects.get(code="P1").phone == ""


def test_a_post_is_ended_corrected_and_withdrawn_with_its_history(an: Person) -> None:
    client, row = client_of("specialist"), PostHeld.objects.get(person=an)
    record(client, f"post-end/post_held/{row.pk}", last_day="30/06/2025", reason="Nghỉ chờ hưu")
    page = client.get("/people/P1").content.decode()
    assert "01/01/2020 – 30/06/2025" in page and "Nghỉ chờ hưu" in page
    assert re.search(r"ngày kết thúc: <span class=\"was\">\(trống\)</span> → 30/06/2025", page)
    on_day = client.get("/people/P1?day=2025-06-30").content.decode()
    assert "Không giữ chức vụ vào ngày này" in page and "Không giữ chức vụ vào ngày này" not in on_day
    record(client, f"withdraw/post_held/{row.pk}")
    page = client.get("/people/P1").content.decode()
    assert not PostHeld.objects.filter(pk=row.pk).exists() and "Đã rút vì ghi nhầm" in page


def test_the_file_as_it_was_known(an: Person) -> None:
    client = client_of("specialist")
    moment = datetime.now(UTC)
    record(client, "contact", phone="0912345678")
    assert "0912345678" in client.get("/people/P1").content.decode()
    known = client.get("/people/P1", {"known": moment.isoformat()}).content.decode()
    assert "0912345678" not in known and "Đang xem hồ sơ như đã biết lúc" in known and "/change/" not in known
    wrong = client.get("/people/P1?day=31/02/2025&known=hôm qua").content.decode()
    assert "“31/02/2025” không phải là ngày" in wrong and "“hôm qua” không phải là thời điểm" in wrong


def test_what_is_written_is_shown_as_text(an: Person) -> None:
    client = client_of("specialist")
    evil = "<script>alert(1)</script>{{ 7*7 }}"
    record(client, "contact", address=evil)
    page = client.get("/people/P1").content.decode()
    assert "<script>alert(1)" not in page and "&lt;script&gt;alert(1)" in page and "{{ 7*7 }}" in page
    for form, kind in (("docx", b"PK"), ("pdf", b"%PDF")):
        made = client.get(f"/people/P1/2c.{form}")
        assert made.status_code == 200 and made.content.startswith(kind)
        assert made["Content-Disposition"] == f'attachment; filename="2C-P1.{form}"'
    assert Entry.objects.filter(action="export-file", subject="person:P1").count() == 2


def test_a_photo_is_checked_shown_and_never_kept_by_others(an: Person) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = client_of("specialist")
    for data in (b"GIF89a" + b"\0" * 40, b"<svg onload=alert(1)>", PNG + b"\0" * (2 * 1024 * 1024)):
        sent = client.post("/people/P1/photo", {"seen": seen_of(), "photo": SimpleUploadedFile("anh.png", data)})
        assert sent.status_code == 422
    assert client.get("/people/P1/photo").status_code == 404
    sent = client.post("/people/P1/photo", {"seen": seen_of(), "photo": SimpleUploadedFile("anh.png", PNG)})
    assert sent.status_code == 303
    shown = client.get("/people/P1/photo")
    assert (shown.content, shown["Content-Type"]) == (PNG, "image/png")
    assert (shown["Cache-Control"], shown["X-Content-Type-Options"]) == ("private, no-store", "nosniff")
    assert client_of("unit_officer", "H").get("/people/P1/photo").status_code == 404
    for form in ("docx", "pdf"):  # the picture has a sound head and nothing behind it: the paper comes without
        assert client.get(f"/people/P1/2c.{form}").status_code == 200


def test_the_number_of_statements_does_not_grow_with_the_facts(an: Person, django_assert_num_queries: Any) -> None:
    client = client_of("specialist")
    for year in range(1995, 2020):
        Qualification.objects.create(person=an, kind="professional", level="bachelor", awarded_on=date(year, 1, 1))
    client.get("/people/P1")
    with django_assert_num_queries(52):
        client.get("/people/P1")
