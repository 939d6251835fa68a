"""The page of the components, and what their markup promises to who reads with ears or keyboard."""

import re

import pytest
from django.template import engines
from django.test import Client

from tests.web.clients import client_of

pytestmark = pytest.mark.django_db


def render(text: str, **context: object) -> str:
    """A template that uses the components as ``c``."""
    return engines["jinja2"].from_string('{% import "site/components.html" as c %}' + text).render(context)


@pytest.mark.parametrize("address", ["/style", "/style?density=dense"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_component_stands_on_the_page(address: str, language: str) -> None:
    client = client_of("leader")
    client.cookies["canbo_language"] = language
    page = client.get(address)
    text = page.content.decode()
    assert page.status_code == 200
    assert text.count("<h1") == 1
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    assert "style=" not in text  # the policy of the pages would drop it


def test_the_page_needs_somebody_signed_in() -> None:
    assert Client().get("/style").headers["location"] == "/account/login/?next=%2Fstyle"


def test_both_themes_are_served_as_a_stylesheet() -> None:
    answer = Client().get("/style/themes.css")
    assert answer.headers["content-type"].startswith("text/css")
    assert ".as-light { color-scheme: light; --ground: #f5f7f6;" in answer.content.decode()


def test_a_fault_and_a_hint_are_tied_to_their_field() -> None:
    made = render(
        '{{ c.field("sinh", "Ngày sinh", "date", "31/02/1979", hint="Năm cũng được.", fault="Không có ngày.") }}'
    )
    described = re.search(r'aria-describedby="([^"]*)"', made)
    assert described is not None
    for name in described[1].split():
        assert f'id="{name}"' in made
    assert 'aria-invalid="true"' in made
    assert '<label for="f-sinh">' in made
    assert 'value="31/02/1979"' in made


def test_what_was_typed_is_not_markup() -> None:
    assert "<script>" not in render('{{ c.field("ten", "Tên", value=typed) }}', typed='"><script>')


def test_a_choice_keeps_what_was_chosen() -> None:
    made = render('{{ c.field("nam", "Năm", "select", 2025, options=[(2024, "Năm 2024"), (2025, "Năm 2025")]) }}')
    assert '<option value="2025" selected>' in made
    assert made.count("selected") == 1


def test_a_pager_offers_only_the_pages_there_are() -> None:
    made = render('{{ c.pager("", "/people?after=9", "1–50") }}')
    assert 'rel="next"' in made
    assert 'rel="prev"' not in made


def test_a_step_is_told_as_done_or_present_without_its_colour() -> None:
    made = render('{{ c.steps([("Tệp", "/t"), ("Cột", ""), ("Lỗi", "")], 2, "Các bước") }}')
    assert made.count('aria-current="step"') == 1
    assert '<a href="/t">Tệp</a><span class="hide">: xong</span>' in made
