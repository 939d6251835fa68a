"""What holds for every request: statements counted, cursors, revisions, rates, hostile text, the log."""

import io
import json
import logging
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from canbo.api import rates
from canbo.api.rates import Buckets
from canbo.installation.logs import JsonFormatter
from canbo.register.models import Person
from tests.api.world import World

pytestmark = pytest.mark.django_db
SPECIALIST = "specialist/whole/now"
OFFICER = "unit_officer/part/now"


def test_a_list_takes_the_same_few_statements_however_long(
    world: World, client: Client, django_assert_num_queries: Any
) -> None:
    client.get("/api/me", **world.tokens[OFFICER])  # the use of the token is noted once a minute
    for limit in (1, 2):
        with django_assert_num_queries(5):  # token, its use, mandates, people, posts
            client.get("/api/people", {"limit": limit}, **world.tokens[OFFICER])


def test_pages_follow_each_other_without_gap_or_repetition(world: World, client: Client) -> None:
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = client.get("/api/people", {"limit": 2, **cursor}, **world.tokens[SPECIALIST]).json()
        seen += [one["code"] for one in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert sorted(seen) == sorted(Person.objects.values_list("code", flat=True))
    assert len(seen) == 6


@pytest.mark.parametrize(
    "query",
    [
        {"cursor": "x"}, {"cursor": "x" * 5000}, {"limit": "201"}, {"limit": "0"}, {"limit": "9" * 400},
        {"as_of": "0000-01-01"}, {"as_of": "99999-01-01"}, {"as_of": "9999-12-31"}, {"as_of": "2025-02-30"},
        {"q": "a\x00b"}, {"unit": "\x00"}, {"age_from": "-1"}, {"age_to": "1e9"},
    ],
)  # fmt: skip
def test_bad_filters_are_told_in_words(world: World, client: Client, query: dict[str, str]) -> None:
    response = client.get("/api/people", query, **world.tokens[SPECIALIST])
    assert response.status_code == 422
    assert response.json()["message"] and isinstance(response.json()["findings"], list)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"null", b"[]", b'{"full_name": "\\ud800"}', b'{"full_name": "\\u0000"}',
        b'{"birth_date": 1}', b'{"birth_date": "0000-00-00"}', b'{"full_name": ' + b"9" * 6000 + b"}",
        b"[" * 20000, b'{"revision": 9}', b"\xff\xfe", b'{"national_id": "1"}', b'{"sex": "?"}', b"{}",
    ],
)  # fmt: skip
def test_bad_bodies_are_told_in_words(world: World, client: Client, body: bytes) -> None:
    path = f"/api/people/{world.people['inside']}"
    before = Person.objects.get(code=world.people["inside"])
    response = client.generic(
        "PATCH", path, body, content_type="application/json", HTTP_IF_MATCH=str(before.revision),
        **world.tokens[SPECIALIST],
    )  # fmt: skip
    assert response.status_code in (400, 422), response.content
    assert set(response.json()) == {"message", "findings"}
    assert Person.objects.get(code=world.people["inside"]).revision == before.revision


def test_markup_and_sql_are_text(world: World, client: Client) -> None:
    for text in ("'; DROP TABLE register_person; --", "<script>alert(1)</script>", "=cmd|' /C calc'!A0", "%_\\"):
        response = client.get("/api/people", {"q": text}, **world.tokens[SPECIALIST])
        assert (response.status_code, response.json()["items"]) == (200, [])
        assert response["Content-Type"].startswith("application/json")


def test_the_second_of_two_officers_is_told(world: World, client: Client) -> None:
    path = f"/api/people/{world.people['inside']}"
    seen = str(Person.objects.get(code=world.people["inside"]).revision)

    def send(phone: str, account: str) -> Any:
        return client.generic(
            "PATCH", path, json.dumps({"phone": phone}), content_type="application/json", HTTP_IF_MATCH=f'"{seen}"',
            **world.tokens[account],
        )  # fmt: skip

    assert send("0206 1", SPECIALIST).status_code == 200
    second = send("0206 2", OFFICER)
    assert second.status_code == 409
    assert "specialist.whole.now" in second.json()["message"]
    assert Person.objects.get(code=world.people["inside"]).phone == "0206 1"


def test_too_many_requests_wait(world: World, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates.CALLERS, "rate", 2)
    codes = [client.get("/api/me", **world.tokens[SPECIALIST]) for _ in range(3)]
    assert [one.status_code for one in codes] == [200, 200, 429]
    assert int(codes[2]["Retry-After"]) >= 1
    assert client.get("/api/me", **world.tokens[OFFICER]).status_code == 200


def test_a_bucket_refills_with_time() -> None:
    now = [0.0]
    buckets = Buckets(2, lambda: now[0])
    assert [buckets.take("a") for _ in range(3)] == [None, None, 31]
    now[0] = 30.5
    assert buckets.take("a") is None


def test_a_session_that_changes_something_needs_its_token(world: World) -> None:
    from canbo.accounts.models import User

    browser = Client(enforce_csrf_checks=True)
    user = User.objects.get(username="leader.whole.now")
    browser.force_login(user, backend="canbo.accounts.sign_ins.Backend")
    session = browser.session
    session["canbo_began"] = datetime.now().astimezone().timestamp()
    session.save()
    assert browser.get("/api/me").json()["account"] == "leader.whole.now"
    response = browser.post("/api/documents", data="{}", content_type="application/json")
    assert response.status_code == 403
    assert "CSRF" in response.json()["message"]


def test_the_log_of_requests_names_nobody(world: World, client: Client) -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    logger = logging.getLogger("canbo.requests")
    logger.addHandler(handler)
    try:
        client.get(f"/api/people/{world.people['inside']}", {"as_of": "2025-01-01"}, **world.tokens[SPECIALIST])
    finally:
        logger.removeHandler(handler)
    line = json.loads(stream.getvalue())
    assert (line["route"], line["status"], line["method"]) == ("api/people/<code>", 200, "GET")
    assert world.people["inside"] not in stream.getvalue() and "as_of" not in stream.getvalue()


def test_health_tells_nothing_of_anybody(client: Client) -> None:
    response = client.get("/health")
    assert response.status_code == 200
    assert set(response.json()) == {"status"}


def test_a_person_with_the_first_post_in_the_mandate(world: World, client: Client) -> None:
    body: dict[str, Any] = {"code": "MOI-1", "full_name": "Lý Thị Mới", "birth_date": "1990-03-04", "sex": "female"}

    def send(**more: Any) -> Any:
        return client.post(
            "/api/people", data=json.dumps(body | more), content_type="application/json", **world.tokens[OFFICER]
        )

    post = {"unit": "DV-H", "start": "2024-01-01", "document": world.document, "post_kind": "professional"}
    assert send().status_code == 422
    assert send(post=post).status_code == 404
    assert not Person.objects.filter(code="MOI-1").exists()
