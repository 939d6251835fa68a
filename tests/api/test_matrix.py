"""Role × operation × object: what each account gets, by a table of its own, and that nothing of outsiders is in it."""

import json
from typing import Any

import pytest
from django.db.transaction import atomic, set_rollback
from django.test import Client

from canbo.accounts.roles import ROLES
from canbo.api.app import api
from tests.api.world import SECRETS, World

pytestmark = pytest.mark.django_db

READERS = {"specialist", "unit_officer", "leader", "inspector"}
WRITERS = {"specialist", "unit_officer"}
FIGURES = READERS | {"analyst"}
SEALS = {"specialist", "leader", "inspector", "analyst"}
ONLY = {"specialist"}
ANYBODY = set(ROLES)
# Operation: who may call it at all, and whether only with a mandate over everything (figures: or over all tiers of a
# subtree, see test_objects). Written by hand from the roles' description, not from the code's permissions.
TABLE: dict[tuple[str, str], tuple[set[str], bool]] = {
    ("get", "/api/people"): (READERS, False),
    ("post", "/api/people"): (WRITERS, False),
    ("get", "/api/people/{code}"): (READERS, False),
    ("patch", "/api/people/{code}"): (WRITERS, False),
    ("get", "/api/people/{code}/facts/{kind}/{number}/history"): (READERS, False),
    ("post", "/api/people/{code}/posts"): (WRITERS, False),
    ("post", "/api/people/{code}/posts/{number}/end"): (WRITERS, False),
    ("patch", "/api/people/{code}/posts/{number}"): (WRITERS, False),
    ("post", "/api/people/{code}/posts/{number}/withdraw"): (WRITERS, False),
    ("post", "/api/people/{code}/qualifications"): (WRITERS, False),
    ("post", "/api/people/{code}/qualifications/{number}/revoke"): (WRITERS, False),
    ("get", "/api/organisations"): (FIGURES, False),
    ("get", "/api/organisations/tree"): (FIGURES, False),
    ("get", "/api/organisations/{code}"): (FIGURES, False),
    ("get", "/api/documents"): (FIGURES, False),
    ("post", "/api/documents"): (WRITERS, False),
    ("get", "/api/schemes"): (FIGURES, False),
    ("get", "/api/schemes/{scheme}/measure"): (FIGURES, True),
    ("get", "/api/schemes/{scheme}/who/{indicator}"): (READERS, False),
    ("get", "/api/snapshots"): (SEALS, True),
    ("post", "/api/snapshots"): (ONLY, True),
    ("post", "/api/snapshots/{number}/verify"): (SEALS, True),
    ("get", "/api/snapshots/{number}/files"): (ONLY, True),
    ("post", "/api/imports/preview"): (WRITERS, False),
    ("post", "/api/imports"): (WRITERS, False),
    ("get", "/api/imports"): (WRITERS, True),
    ("get", "/api/imports/{number}"): (WRITERS, True),
    ("get", "/api/me"): (ANYBODY, False),
    ("get", "/api/own-file"): ({"person"}, False),
    ("get", "/api/log"): ({"inspector"}, False),
    ("get", "/api/health"): ({"it_admin"}, False),
}
PERSONAL = [key for key in TABLE if key[1].startswith("/api/people/{code}")]
SEEN_BY_PART = {"inside", "below"}
BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("patch", "/api/people/{code}"): {"phone": "0206 385 0000"},
    ("post", "/api/people/{code}/posts"): {
        "unit": "DV-N", "start": "2025-01-01", "document": 0, "post_kind": "professional", "is_main": False,
    },
    ("post", "/api/people/{code}/posts/{number}/end"): {"last_day": "2030-12-31"},
    ("patch", "/api/people/{code}/posts/{number}"): {"is_acting": True},
    ("post", "/api/people/{code}/qualifications/{number}/revoke"): {"on": "2010-01-01", "document": 0},
    ("post", "/api/people/{code}/qualifications"): {
        "kind": "professional", "level": "master", "awarded_on": "2015-06-01",
    },
}  # fmt: skip
CHANGING = ("/end", "/withdraw", "/revoke")
SUCCESS = {"get": 200, "patch": 200, "post": 201}


def _operations() -> set[tuple[str, str]]:
    paths = api.get_openapi_schema()["paths"]
    return {(method, path) for path, methods in paths.items() for method in methods}


def test_every_operation_is_in_the_matrix() -> None:
    assert _operations() == set(TABLE)


@pytest.mark.parametrize("role", sorted(ROLES))
def test_files_of_people(world: World, client: Client, role: str) -> None:
    asked = {"inside", "below", "wrong_tier", "wrong_subtree", "own", "nobody", "missing"}
    for reach in ("part", "whole"):
        for key in PERSONAL:
            for place in sorted(asked):
                allowed = role in TABLE[key][0]
                reached = place in SEEN_BY_PART or (reach == "whole" and place != "missing")
                has_post = place in world.posts or "/posts/{number}" not in key[1]
                good = 200 if key[1].endswith(CHANGING) else SUCCESS[key[0]]
                expected = 403 if not allowed else good if reached and has_post else 404
                with atomic():  # each call finds the register as it was
                    response = _call(client, world, key, place, f"{role}/{reach}/now")
                    set_rollback(True)
                assert response.status_code == expected, (role, reach, key, place, response.content.decode())
                if reach == "part":
                    _require_nothing_of_outsiders(world, response.content, asked_for=place)


@pytest.mark.parametrize("role", sorted(ROLES))
@pytest.mark.parametrize("period", ["before", "after"])
def test_a_mandate_outside_its_period_gives_nothing(world: World, client: Client, role: str, period: str) -> None:
    for key in TABLE:
        for reach in ("part", "whole"):
            response = _call(client, world, key, "inside", f"{role}/{reach}/{period}")
            own = key[1] == "/api/me" or (key[1] == "/api/own-file" and role == "person")
            assert response.status_code == (200 if own else 403), (role, key, response.content.decode())
            if key[1] != "/api/own-file":
                _require_nothing_of_outsiders(world, response.content, asked_for="inside")


@pytest.mark.parametrize("role", sorted(ROLES))
def test_everything_else(world: World, client: Client, role: str) -> None:
    for key in sorted(set(TABLE) - set(PERSONAL)):
        roles, whole = TABLE[key]
        for reach in ("part", "whole"):
            response = _call(client, world, key, "inside", f"{role}/{reach}/now")
            allowed = role in roles and (reach == "whole" or not whole)
            status = response.status_code
            assert (status == 403) is not allowed, (role, reach, key, response.content.decode())
            assert status < 500
            if reach == "part" and key[1] != "/api/own-file":
                _require_nothing_of_outsiders(world, response.content, asked_for="inside")


@pytest.mark.parametrize("key", sorted(TABLE))
def test_a_stranger_learns_nothing(world: World, client: Client, key: tuple[str, str]) -> None:
    for headers in ({}, {"HTTP_AUTHORIZATION": "Bearer canbo_1_" + "a" * 43}):
        response = _send(client, key, _path(world, key[1], "inside"), world, "inside", headers)
        assert response.status_code == 401
        _require_nothing_of_outsiders(world, response.content, asked_for="inside")


def test_a_file_outside_and_a_missing_one_answer_alike_and_are_logged(world: World, client: Client) -> None:
    from canbo.audit.models import Entry

    name = "unit_officer/part/now"
    key = ("get", "/api/people/{code}")
    bodies = [_call(client, world, key, place, name).content.decode() for place in ("wrong_tier", "missing")]
    outside, missing = (json.loads(body)["message"] for body in bodies)
    assert outside.replace(world.people["wrong_tier"], "X") == missing.replace(world.people["missing"], "X")
    subjects = list(Entry.objects.filter(action="read-refused").values_list("subject", flat=True))
    assert subjects == [f"person:{world.people[place]}" for place in ("wrong_tier", "missing")]


def test_the_lists_hold_whom_the_mandate_reaches(world: World, client: Client) -> None:
    def codes(account: str, **filters: str) -> set[str]:
        found = client.get("/api/people", filters, **world.tokens[account]).json()
        return {one["code"] for one in found["items"]}

    inside = {world.people["inside"], world.people["below"]}
    assert codes("unit_officer/part/now") == inside
    assert codes("unit_officer/whole/now") == {code for place, code in world.people.items() if place != "missing"}
    assert codes("unit_officer/part/now", unit="DV-N1") == {world.people["below"]}
    assert codes("unit_officer/part/now", unit="DV-H") == set()
    assert codes("unit_officer/part/now", tier="provincial_committee") == set()


def test_field_classes(world: World, client: Client) -> None:
    path = f"/api/people/{world.people['inside']}"
    leader = client.get(path, **world.tokens["leader/part/now"]).json()
    officer = client.get(path, **world.tokens["unit_officer/part/now"]).json()
    assert leader["field_class"] == "internal" and "national_id" not in leader["fields"]
    assert officer["fields"]["national_id"] == "019080000000"


def _call(client: Client, world: World, key: tuple[str, str], place: str, account: str) -> Any:
    return _send(client, key, _path(world, key[1], place), world, place, world.tokens[account])


def _path(world: World, path: str, place: str) -> str:
    number = world.posts.get(place, 10**9) if "/posts/{number}" in path else world.facts.get(place, 10**9)
    is_unit = path.startswith("/api/organisations")
    values = {
        "code": "DV-N" if is_unit else world.people[place],
        "kind": "qualification",
        "number": str(number),
        "scheme": "thai-nguyen-2021-2030",
        "indicator": "none",
    }
    return path.format_map(values)


def _send(client: Client, key: tuple[str, str], path: str, world: World, place: str, headers: dict[str, str]) -> Any:
    from canbo.register.models import Person

    if key[0] == "get":
        return client.get(path, **headers)
    body = {name: world.document if name == "document" else v for name, v in BODIES.get(key, {}).items()}
    seen = Person.objects.filter(code=world.people[place]).values_list("revision", flat=True).first() or 1
    return client.generic(
        key[0].upper(), path, json.dumps(body), content_type="application/json", HTTP_IF_MATCH=str(seen), **headers
    )


def _require_nothing_of_outsiders(world: World, body: bytes, *, asked_for: str) -> None:
    text = json.dumps(json.loads(body), ensure_ascii=False) if body else ""
    for place, name in SECRETS.items():
        assert name not in text
        assert place == asked_for or world.people[place] not in text
