"""The tree: levels, counts by hand, search without marks, past days, who sees which part."""

import re
from typing import Any

import pytest
from django.test import Client

from canbo.register.models import Unit
from tests.register.makers import make_unit
from tests.web.organisations.world import MERGER

pytestmark = pytest.mark.django_db


def _counts(page: str) -> dict[str, str]:
    """The number of people that the page writes beside each unit."""
    return dict(re.findall(r"/people\?unit=(\w+)\"[^>]*>([\d.]+) ", page))


def test_the_first_levels_with_people_counted_below_each(specialist: Client) -> None:
    page = specialist.get("/organisations").content.decode()
    assert _counts(page) == {"T": "7", "H1": "6", "H2": "1"}
    assert "6 đơn vị, trong đó 2 địa phương cấp huyện, 3 địa phương cấp xã; 7 người đang công tác." in page


def test_a_level_is_loaded_alone(specialist: Client) -> None:
    page = specialist.get("/organisations?open=H1", HTTP_HX_REQUEST="true").content.decode()
    assert _counts(page) == {"A": "3", "B": "2"}
    assert "<html" not in page
    assert page.index("Xã Ánh Dương") < page.index("Xã Bình Minh")


def test_without_script_the_way_to_a_unit_stands_open(specialist: Client) -> None:
    assert set(_counts(specialist.get("/organisations?open=H1").content.decode())) == {"T", "H1", "H2", "A", "B"}


def test_search_is_blind_to_marks(specialist: Client) -> None:
    page = specialist.get("/organisations?q=anh+duong").content.decode()
    assert "Xã Ánh Dương" in page
    assert "Xã Bình Minh" not in page
    assert "1 đơn vị khớp" in page


def test_who_has_a_part_sees_it_alone(officer: Client) -> None:
    page = officer.get("/organisations").content.decode()
    assert set(_counts(page)) == {"H1", "A", "B"}
    assert "Lập đơn vị" not in page
    assert officer.get("/organisations?open=H2").status_code == 404


def test_who_reads_no_names_gets_no_counts(province: Unit) -> None:
    from tests.web.clients import client_of

    page = client_of("analyst").get("/organisations").content.decode()
    assert "Đơn vị H1" in page
    assert not _counts(page)


def test_a_past_day_tells_what_became_of_a_unit(specialist: Client) -> None:
    specialist.post("/reorganisations/new", {**MERGER, "step": "apply", "digest": _digest(specialist)})
    page = specialist.get("/organisations?open=H1&day=30/06/2025").content.decode()
    assert page.count("Kết thúc 01/07/2025") == 2
    assert page.count(">Xã Ánh Bình</a>") == 2
    assert "Xã Bình Minh" not in specialist.get("/organisations?open=H1&day=01/07/2025").content.decode()
    assert "Kết thúc 01/07/2025" in specialist.get("/organisations?q=binh+minh").content.decode()


def _digest(client: Client) -> str:
    page = client.post("/reorganisations/new", {**MERGER, "step": "preview"}).content.decode()
    return str(re.findall(r'name="digest" value="(\w+)"', page)[0])


def test_a_level_asks_the_same_however_many_units_it_has(
    specialist: Client, django_assert_num_queries: Any, province: Unit
) -> None:
    for number in range(40):
        make_unit(f"X{number}", Unit.objects.get(code="H1"), level="commune")
    with django_assert_num_queries(10):
        assert "Đơn vị X39" in specialist.get("/organisations?open=H1", HTTP_HX_REQUEST="true").content.decode()
