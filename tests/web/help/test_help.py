"""The guide, the glossary and the tour, and where an installation without people begins."""

import html
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from canbo.accounts import demo
from canbo.web import tour
from canbo.web.help import guide, terms
from tests.register.makers import make_person
from tests.web.clients import client_of

pytestmark = pytest.mark.django_db
GLOSSARY = Path(__file__).parents[3] / "GLOSSARY.md"


@pytest.fixture
def demonstration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This installation is a demonstration: marked in a folder of the test."""
    monkeypatch.setenv("CANBO_HOME", str(tmp_path))
    demo.mark_installation()


def read(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.status_code)
    return html.unescape(answer.content.decode())


def links(page: str) -> set[str]:
    return set(re.findall(r'href="(/[^"#?]*)', page.split("<main", 1)[1]))


@pytest.mark.parametrize(
    ("role", "opens", "not_opens"),
    [
        ("specialist", {"/overview", "/people", "/organisations", "/imports"}, {"/accounts", "/log"}),
        ("analyst", {"/overview", "/organisations"}, {"/people", "/imports"}),
        ("it_admin", {"/accounts"}, {"/overview", "/people"}),
    ],
)
def test_the_guide_links_to_what_the_account_may_open(role: str, opens: set[str], not_opens: set[str]) -> None:
    page = read(client_of(role), "/help")
    assert opens <= links(page)
    assert not not_opens & links(page)


def test_a_term_of_the_guide_explains_itself() -> None:
    page = read(client_of("leader"), "/help")
    found = re.search(r'popovertarget="([^"]+)">còn thiếu</button>', page)
    assert found is not None
    assert re.search(rf'id="{found[1]}"><b>còn thiếu</b><br>Thuộc nhóm và biết chắc là chưa đáp ứng', page)
    ids = re.findall(r'id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_the_terms_are_those_of_the_glossary() -> None:
    known = GLOSSARY.read_text("utf-8")
    rows = {
        part.strip() for line in known.splitlines() if line.startswith("|") for part in line.split("|")[1].split(",")
    }
    rows |= {line.split("|")[1].strip() for line in known.splitlines() if line.startswith("|")}
    shortened = {row.partition(" (")[0] for row in rows}
    unknown = [
        one.vi for one in terms.by_key().values() if one.vi not in rows | shortened and not parts_in(one.vi, rows)
    ]
    assert unknown == []
    page = read(client_of("leader"), "/help/terms")
    assert all(one.meaning_vi in page for one in terms.by_key().values())


def parts_in(text: str, rows: set[str]) -> bool:
    return all(part.strip() in rows for part in text.split(","))


def test_sentences_come_apart_into_terms_and_together_again() -> None:
    said = list(terms.pieces("Mở [đề án|de-an] của tỉnh."))
    assert [piece.text for piece in said] == ["Mở ", "đề án", " của tỉnh."]
    assert said[1].term is not None and said[1].term.en == "scheme"


def test_every_page_of_the_guide_exists() -> None:
    for one in [*guide._text()["first"], *guide._text()["parts"]]:
        assert reverse(one["page"]).startswith("/")


@pytest.mark.usefixtures("demonstration")
def test_the_tour_goes_over_real_pages_in_five_steps() -> None:
    client = client_of("specialist")
    for number in range(1, 6):
        page = read(client, f"/help/tour/{number}")
        assert f"Bước {number}/5" in page
        (shown,) = re.findall(r'href="(/[^"]*[?&]tour=\d)"', page)
        assert shown == tour.steps()[number - 1].href
    read(client, "/help/tour/6", 404)
    read(client, "/help/tour/0", 404)


@pytest.mark.usefixtures("demonstration")
def test_who_may_not_open_a_step_is_told_who_may() -> None:
    page = read(client_of("analyst"), "/help/tour/3")
    assert "chuyenvien" in page
    assert "tour=3" not in page


def test_a_real_installation_has_no_tour() -> None:
    read(client_of("specialist"), "/help/tour/1", 404)
    assert "Đi một vòng" not in read(client_of("specialist"), "/help")


@pytest.mark.usefixtures("demonstration")
def test_the_tour_is_offered_until_the_account_declines() -> None:
    client, other = client_of("leader"), client_of("analyst")
    make_person("C1")
    assert "Mới xem lần đầu?" in read(client, "/organisations")
    answer = client.post("/help/tour/end")
    assert answer.status_code == 302
    other.cookies.update(client.cookies)
    assert "Mới xem lần đầu?" not in read(client, "/organisations")
    other.cookies["canbo_session"] = client_of("analyst").cookies["canbo_session"].value
    assert "Mới xem lần đầu?" in read(other, "/organisations")  # another account on the same browser


@pytest.mark.usefixtures("demonstration")
def test_a_step_stands_beside_its_page() -> None:
    page = read(client_of("specialist"), "/organisations?day=31/12/2021&tour=4")
    assert "4/5 · Xem tổ chức" in page
    assert '"/help/tour/5"' in page and '"/help/tour/3"' in page
    assert "/5 · " not in read(client_of("specialist"), "/organisations?tour=99")


@pytest.mark.parametrize(
    ("role", "first"), [("specialist", "/imports"), ("leader", "/overview"), ("person", "/my-file")]
)
def test_an_empty_installation_leads_to_its_first_import(role: str, first: str) -> None:
    answer: Any = client_of(role).get("/")
    assert (answer.status_code, answer["Location"]) == (302, first)


def test_with_people_in_it_the_overview_comes_first() -> None:
    make_person("C1")
    assert client_of("specialist").get("/")["Location"] == "/overview"  # type: ignore[index]
