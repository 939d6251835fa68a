"""An indicator by hand: its lists with the reasons, the bridge, the supposition, the gaps, and who sees which."""

from typing import Any

import pytest

from canbo.audit.models import Entry
from tests.web.clients import client_of
from tests.web.overview.conftest import CODE
from tests.web.overview.test_overview import text_of

pytestmark = pytest.mark.django_db
PAGE = f"/schemes/{CODE}/T-1?day=31/12/2025"


def names(said: str) -> list[str]:
    """The people that a page names, in its order."""
    known = ("An", "Bình", "Chi", "Dũng", "Giang", "Hà", "Khánh", "Lâm")
    return sorted((one for one in known if f"Nông Văn {one}" in said), key=lambda one: said.index(f"Nông Văn {one}"))


def test_the_page_says_the_figure_its_source_and_its_condition(world: Any) -> None:
    page = client_of("leader").get(PAGE)
    said = text_of(page)
    assert "Thạc sĩ trở lên: ▲ chưa đạt, thiếu 2 người" in said
    assert "3/8 37,50%" in said and "“trên 50% có trình độ thạc sĩ”" in said
    assert "education &gt;= &#39;master&#39;" in page.content.decode()
    assert "Đơn vị H 1/3 33,33%" in said


def test_each_list_gives_the_people_by_given_name_with_the_reason(world: Any) -> None:
    client = client_of("leader")
    for tab, expected in (
        ("counted", ["An", "Bình", "Hà"]),
        ("lacking", ["Chi", "Dũng", "Khánh", "Lâm"]),
        ("unknown", ["Giang"]),
    ):
        assert names(text_of(client.get(f"{PAGE}&tab={tab}"))) == expected
    said = text_of(client.get(f"{PAGE}&tab=lacking&unit=H"))
    assert names(said) == ["Khánh", "Lâm"]
    assert "Trình độ chuyên môn: Đại học; cần từ Thạc sĩ trở lên" in said
    logged = Entry.objects.filter(action="read-list", subject="indicator:T-1").last()
    assert logged is not None and logged.detail["people"] == ["P6", "P7"]


def test_others_than_in_the_mandate_are_a_number(world: Any) -> None:
    tiers = text_of(client_of("unit_officer", "S", ["unit_head"]).get(f"{PAGE}&tab=lacking"))
    assert names(tiers) == ["Dũng"]  # Chi is of another tier, Khánh and Lâm of another unit
    assert "3/8" not in tiers and "ngoài phạm vi" not in tiers
    part = text_of(client_of("unit_officer", "H").get(f"{PAGE}&tab=lacking"))
    assert names(part) == ["Khánh", "Lâm"] and "1/3" in part
    nobody = text_of(client_of("analyst").get(f"{PAGE}&tab=lacking"))
    assert names(nobody) == [] and "4 người." in nobody
    assert client_of("unit_officer", "H").get(f"{PAGE}&tab=lacking&unit=S").status_code == 404


def test_the_bridge_names_who_moved_the_figure(world: Any) -> None:
    said = text_of(client_of("leader").get(f"{PAGE}&tab=compare&from=31/12/2024"))
    assert "31/12/2024: 2/8 (25,00%) → 31/12/2025: 3/8 (37,50%)" in said
    assert "Đạt thêm điều kiện" in said and names(said) == ["Hà"]
    other = text_of(client_of("leader").get(f"{PAGE}&tab=compare&from=31/12/2026"))
    assert "Ngày đầu phải trước ngày đang xem" in other


@pytest.mark.parametrize(
    ("asked", "then"),
    [
        ("n=1", "Nếu 1 người này đạt: 4/8 = 50,00%, ▲ chưa đạt, thiếu 1 người"),
        ("n=2", "Nếu 2 người này đạt: 5/8 = 62,50%, ✓ đạt"),
        ("n=99", "Nếu 4 người này đạt: 7/8 = 87,50%, ✓ đạt"),
        ("person=P2&person=P6", "Nếu 2 người này đạt: 5/8 = 62,50%, ✓ đạt"),
        ("person=P0&person=P6", "Nếu 1 người này đạt: 4/8 = 50,00%"),  # P0 is counted already
    ],
)
def test_if_some_of_them_satisfied(world: Any, asked: str, then: str) -> None:
    said = text_of(client_of("leader").get(f"{PAGE}&tab=what-if&{asked}"))
    assert then in said and "Hiện nay: 3/8 = 37,50%" in said


def test_nobody_outside_the_mandate_can_be_supposed(world: Any) -> None:
    said = text_of(client_of("unit_officer", "H").get(f"{PAGE}&tab=what-if&person=P2&person=P6"))
    assert "Nếu 1 người này đạt: 2/3" in said


def test_the_gaps_lead_to_the_file_that_lacks_the_degree(world: Any) -> None:
    page = client_of("specialist").get(f"{PAGE}&tab=gaps")
    said = text_of(page)
    assert "Trình độ chuyên môn: 1 hồ sơ chưa có" in said and names(said) == ["Giang"]
    assert 'href="/people/P4"' in page.content.decode()


def test_the_line_over_time_opens_the_list_of_each_day(world: Any) -> None:
    page = client_of("leader").get(f"{PAGE}&trend=1").content.decode()
    assert f'href="/schemes/{CODE}/T-1?day=2024-12-31&amp;tab=counted" aria-label="31/12/2024: 2/8 (25,00%)"' in page


def test_there_is_no_such_indicator(world: Any) -> None:
    assert client_of("leader").get(f"/schemes/{CODE}/T-9").status_code == 404
    assert client_of("person").get(PAGE).status_code == 404


def test_the_page_asks_the_database_few_questions(world: Any, django_assert_num_queries: Any) -> None:
    client = client_of("leader")
    client.get(PAGE)
    with django_assert_num_queries(7):
        client.get(PAGE)
