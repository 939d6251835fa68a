"""The overview by hand: the sentence, what asks for a decision, what is due; and what each role may see of it."""

import html
import re
from datetime import date
from typing import Any

import pytest

from canbo.audit.models import Entry
from canbo.register import qualifications
from tests.web.clients import client_of
from tests.web.overview.conftest import BY, CODE

pytestmark = pytest.mark.django_db
PAGE = f"/overview?scheme={CODE}&day=31/12/2025"


def text_of(response: Any) -> str:
    """What a page says, its marks left out and blanks folded."""
    assert response.status_code == 200, response.content[:400]
    words = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())
    return re.sub(r" (?=[:,.;)])", "", words)


def test_the_sentence_and_what_asks_for_a_decision(world: Any) -> None:
    said = text_of(client_of("leader").get(PAGE))
    # Three of eight are masters and more than four must be; three of eight are women, two suffice.
    assert "Đến 31/12/2025: 1/2 chỉ tiêu đạt, 1 chưa đạt (thiếu 2 lượt người)." in said
    assert "▲ thiếu 2 người" in said
    assert "3/8 · 37,50% (mục tiêu > 50% đến 31/12/2026)" in said
    assert "1 người chưa rõ, không làm đổi kết luận" in said


def test_what_is_due_leads_to_the_people(world: Any) -> None:
    client = client_of("leader")
    said = text_of(client.get(PAGE))
    assert "1 người hết thời hạn bổ nhiệm trong 30 ngày" in said
    assert "1 người đến tuổi nghỉ hưu trong 12 tháng" in said
    page = client.get(f"/overview/due/retirements?scheme={CODE}&day=2025-12-31")
    assert "Nông Văn Lâm" in text_of(page) and "Nông Văn An" not in text_of(page)
    assert 'href="/people/P7"' in page.content.decode()
    logged = Entry.objects.filter(action="read-list", subject="due:retirements").last()
    assert logged is not None and logged.detail["people"] == ["P7"]


def test_units_that_need_help_stand_in_the_heat_table(world: Any) -> None:
    page = client_of("leader").get(PAGE).content.decode()
    # The district has one master of three: more than half are two.
    assert f'href="/schemes/{CODE}/T-1?day=2025-12-31&amp;tab=lacking&amp;unit=H" title="1/3">1</a>' in page


def test_a_masters_degree_recorded_moves_the_target(world: Any) -> None:
    client = client_of("specialist")
    assert "3/8" in text_of(client.get(PAGE))
    for name, said in (("Chi", "thiếu 1 lượt người"), ("Dũng", "2/2 chỉ tiêu đạt")):
        qualifications.award(
            person=world[name], kind="professional", level="master", awarded_on=date(2025, 12, 1), **BY
        )
        assert said in text_of(client.get(PAGE))
    assert "5/8" in text_of(client.get(f"/schemes/{CODE}/T-1?day=31/12/2025"))


def test_the_trend_comes_after_the_page_and_then_stays_with_it(world: Any) -> None:
    client = client_of("leader")
    first = client.get(PAGE).content.decode()
    later = re.search(r'hx-get="([^"]+)" hx-trigger="load" hx-select="#xu-huong"', first)
    assert later is not None
    # At the end of 2024 two were masters, as now too few, and the women were as many as now.
    assert 'aria-label="31/12/2024: 1/2 đạt"' in client.get(later.group(1).replace("&amp;", "&")).content.decode()
    assert 'hx-trigger="load"' not in client.get(PAGE).content.decode()
    qualifications.award(person=world["Chi"], kind="professional", level="master", awarded_on=date(2025, 12, 1), **BY)
    assert 'hx-trigger="load"' in client.get(PAGE).content.decode()


def test_an_officer_of_a_unit_sees_the_figures_of_the_unit_alone(world: Any) -> None:
    said = text_of(client_of("unit_officer", "H").get(PAGE))
    assert "Số liệu chỉ của 1 đơn vị trong phạm vi nhiệm vụ: Đơn vị H (H)" in said
    assert "Đến 31/12/2025, trong phạm vi nhiệm vụ: 2 chỉ tiêu có số liệu, 0 chưa đo được." in said
    assert "1/3" in said and "3/8" not in said and "Đơn vị S" not in said
    assert "hết thời hạn bổ nhiệm" not in said  # An is not of the unit
    assert "1 người đến tuổi nghỉ hưu" in said


def test_over_some_tiers_there_is_a_sentence_and_no_figure(world: Any) -> None:
    said = text_of(client_of("unit_officer", "S", ["unit_head"]).get(PAGE))
    assert "chỉ ở một số diện quản lý" in said
    assert "3/8" not in said and "2/5" not in said and "Xem danh sách" not in said


def test_who_reads_no_people_gets_no_names_and_no_small_cells(world: Any) -> None:
    client = client_of("analyst")
    said = text_of(client.get(PAGE))
    assert "3/8" in said and "nghỉ hưu" not in said
    assert "1/3" not in client.get(PAGE).content.decode()  # the district has three people
    assert client.get(f"/overview/due/retirements?scheme={CODE}&day=2025-12-31").status_code == 404


def test_without_the_right_there_is_no_such_page_and_it_is_logged(world: Any) -> None:
    assert client_of("it_admin").get(PAGE).status_code == 404
    assert Entry.objects.filter(action="page-refused", subject="page:/overview").count() == 1


def test_a_day_that_is_none_is_said_at_its_field_and_a_day_with_nobody_on_its_page(world: Any) -> None:
    client = client_of("leader")
    wrong = client.get(f"/overview?scheme={CODE}&day=31/02/2025")
    assert "“31/02/2025” không phải là ngày; đang xem hôm nay" in text_of(wrong)
    assert 'aria-invalid="true"' in wrong.content.decode()
    assert "không có người nào tại ngày 01/01/1990" in text_of(client.get(f"/overview?scheme={CODE}&day=1/1/1990"))


def test_the_scheme_last_chosen_is_the_next_one(world: Any) -> None:
    client = client_of("leader")
    client.get("/overview?scheme=bac-giang-2021-2025&day=31/12/2025")
    assert '<option value="bac-giang-2021-2025" selected>' in client.get("/overview?day=31/12/2025").content.decode()
    assert client.get("/overview?scheme=khong-co").status_code == 404


def test_the_page_asks_the_database_few_questions(world: Any, django_assert_num_queries: Any) -> None:
    client = client_of("leader")
    client.get(PAGE)
    with django_assert_num_queries(8):
        client.get(PAGE)


@pytest.mark.parametrize("form", ["xlsx", "docx"])
def test_a_report_is_taken_away_and_whose_names_is_logged(world: Any, form: str) -> None:
    path = f"/overview/{CODE}/report.{form}?day=31/12/2025"
    got = client_of("specialist").get(path)
    assert got.status_code == 200 and got.content.startswith(b"PK")
    assert got["Content-Disposition"] == f'attachment; filename="{CODE}-2025-12-31.{form}"'
    logged = Entry.objects.filter(action="report.export").get()
    assert logged.detail["names"] is True and len(logged.detail["people"]) == 8
    assert client_of("leader").get(path).status_code == 404  # may read, not take away


def test_an_officer_of_a_unit_takes_away_only_its_people(world: Any) -> None:
    got = client_of("unit_officer", "H").get(f"/overview/{CODE}/T-1/report.xlsx?day=31/12/2025")
    assert got.status_code == 200
    assert Entry.objects.filter(action="report.export").get().detail["people"] == ["P5", "P6", "P7"]
