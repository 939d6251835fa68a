"""Role by role, what each may open: every page that has an address, against a table written by hand."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver

from canbo.accounts.roles import ROLES
from canbo.audit.models import Entry
from tests.register.makers import make_person, make_unit
from tests.web.clients import client_of

pytestmark = pytest.mark.django_db

READERS = {"specialist", "unit_officer", "leader", "inspector"}  # of people
OFFICERS = {"specialist", "unit_officer"}  # who write what they read
FIGURES = READERS | {"analyst"}
EVERYBODY = set(ROLES)
BY_ROLES: tuple[tuple[set[str], str], ...] = (
    (EVERYBODY, "home help help_terms help_tour help_tour_end style own_account end_other_sessions person_photo"),
    (FIGURES, "overview indicator not_met scheme scheme_file schemes cascade cascade_indicator"),
    (FIGURES, "organisations unit unit_names"),
    (READERS, "due people people_act people_compare people_forget people_name people_units person"),
    (OFFICERS, "report indicator_report person_curriculum"),
    (OFFICERS, "correction_answer correction_requests person_change person_change_fact unit_confirm"),
    (OFFICERS, "imports import import_template import_draft import_state import_sheet import_columns import_check"),
    (OFFICERS, "import_apply import_remove import_faults import_row import_cells import_alike import_back import_undo"),
    ({"specialist"}, "draft draft_activate draft_compare draft_file draft_indicator draft_new draft_text"),
    ({"specialist"}, "scheme_copy scheme_upload not_met_entry"),
    ({"specialist"}, "reorganisation reorganisation_undo reorganisations reorganise"),
    ({"specialist"}, "unit_change unit_new unit_quota unit_target"),
    ({"it_admin"}, "accounts account account_act account_new account_units"),
    ({"inspector"}, "log"),
    ({"person"}, "own_file"),
)
"""Which roles may open which pages, by their names, each role with a mandate over the whole province."""
TABLE = {name: roles for roles, names in BY_ROLES for name in names.split()}
_OF_THE_PROVINCE = (
    "cascade cascade_indicator draft draft_activate draft_compare draft_file draft_indicator draft_new draft_text "
    "not_met_entry scheme_copy scheme_upload reorganisation reorganisation_undo reorganisations reorganise"
)
WHOLE = set(_OF_THE_PROVINCE.split())
"""What nobody opens whose mandate is over a part of the province."""
OPEN = {"language", "style_themes"}
"""What needs nobody signed in: the choice of language, and the colours of /style."""

GIVEN: dict[str, Any] = {
    "code": "NGUOI-1",
    "scheme": "thai-nguyen-2021-2030",
    "indicator": "TN-2025-1-01",
    "number": 1,
    "kind": "retirements",
    "name": "khong-co",
}
"""What stands in the places of an address."""


def patterns(found: list[Any], before: str = "") -> Iterator[tuple[str, str, Callable[..., Any]]]:
    """Name, route and view of each address of the pages."""
    for one in found:
        if isinstance(one, URLResolver):
            yield from patterns(one.url_patterns, before + str(one.pattern))
        elif isinstance(one, URLPattern):
            yield str(one.name), before + str(one.pattern), one.callback


def pages() -> dict[str, tuple[str, Callable[..., Any]]]:
    from canbo.web.urls import urlpatterns

    return {name: (route, view) for name, route, view in patterns(urlpatterns)}


def filled(route: str) -> str:
    """An address of the route."""

    def value(found: Any) -> str:
        kind, _, name = found[1].rpartition(":")
        return str(GIVEN.get(name, 1 if kind == "int" else "khong-co"))

    return "/" + re.sub(r"<([^>]+)>", value, route)


PAGES = pages()
GUARDED = sorted(set(PAGES) - OPEN)


def allowed(view: Callable[..., Any]) -> set[str]:
    """The roles whose permissions are all that the view says it needs."""
    permissions, _ = vars(view)["needs"]
    return {key for key, role in ROLES.items() if set(permissions) <= role.permissions}


def test_no_page_is_without_its_check() -> None:
    assert {name for name, (_, view) in PAGES.items() if "needs" not in vars(view)} == OPEN


def test_what_the_pages_ask_for_is_what_the_table_says() -> None:
    assert {name: allowed(PAGES[name][1]) for name in GUARDED} == TABLE


def test_what_is_of_the_whole_province_is_not_for_a_part_of_it() -> None:
    assert {name for name in GUARDED if vars(PAGES[name][1])["needs"][1]} == WHOLE
    make_unit("H1")
    client = client_of("specialist", "H1")
    for name in sorted(WHOLE):
        address = filled(PAGES[name][0])
        answer = client.get(address)
        if answer.status_code == 405:
            answer = client.post(address)
        assert answer.status_code == 404, name
        assert Entry.objects.filter(action="page-refused", subject=f"page:{address}").count() == 1, name


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_role_opens_its_pages_and_meets_no_other(role: str) -> None:
    make_person(GIVEN["code"], full_name="Nguyễn Văn An")
    make_unit(GIVEN["code"])
    client = client_of(role)
    for name in GUARDED:
        address, may = filled(PAGES[name][0]), role in TABLE[name]
        answer = client.get(address)
        if answer.status_code == 405 and not may:
            answer = client.post(address)
        logged = Entry.objects.filter(action="page-refused", subject=f"page:{address}").count()
        if may:  # the page, sent on, no such thing, not to be got, or a word missing in the request
            assert answer.status_code in (200, 302, 303, 400, 404, 405, 422), (name, answer.status_code)
            assert logged == 0, name
        else:
            assert (answer.status_code, logged) == (404, 1), (name, answer.status_code)


def test_nobody_is_led_to_the_sign_in_page_and_back() -> None:
    for name in GUARDED:
        address = filled(PAGES[name][0])
        answer = Client().get(address)
        if answer.status_code == 405:
            continue  # asked for in the wrong way, which needs nobody
        assert (answer.status_code, answer["Location"][:20]) == (302, "/account/login/?next"), address


def test_what_does_not_exist_looks_like_what_is_not_allowed() -> None:
    client = client_of("analyst")
    missing, refused = client.get("/khong-co-trang-nay"), client.get("/people")
    assert missing.status_code == refused.status_code == 404
    plain = [
        answer.content.decode().replace("/khong-co-trang-nay", "/people").split("<main")[1]
        for answer in (missing, refused)
    ]
    assert plain[0] == plain[1]


def test_every_page_forbids_what_is_not_the_sites() -> None:
    answer = client_of("leader").get("/help")
    policy = dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("asked", ["nguyen van anh", "NGUYỄN VĂN ÁNH", "ánh"])
def test_names_sort_and_are_found_as_in_vietnamese(asked: str) -> None:
    from tests.register.makers import employ, post

    unit = make_unit("T")
    for number, name in enumerate(("Trần Thị Bình", "Nguyễn Văn Ánh", "Đỗ Văn Ân", "Lê Thị Ánh")):
        person = make_person(f"C{number}", full_name=name)
        employ(person)
        post(person, unit)
    client = client_of("specialist")
    page = client.get("/people").content.decode()
    order = sorted(("Lê Thị Ánh", "Nguyễn Văn Ánh", "Đỗ Văn Ân", "Trần Thị Bình"), key=page.index)
    assert order == ["Lê Thị Ánh", "Nguyễn Văn Ánh", "Đỗ Văn Ân", "Trần Thị Bình"]
    found = client.get("/people", {"q": asked}).content.decode()
    assert "Nguyễn Văn Ánh" in found
    assert "Trần Thị Bình" not in found
