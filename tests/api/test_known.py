"""What was known at an earlier moment, beside the day; who may see whom is that of the present register."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from canbo.audit.models import Entry
from canbo.register import documents, merges, posts, units
from canbo.register.models import Person, PostHeld, Unit
from canbo.snapshot.measuring import DAYS
from tests.api.world import AT, World, token

pytestmark = pytest.mark.django_db
SPECIALIST, OFFICER = "specialist/whole/now", "unit_officer/part/now"
BEFORE, THEN = AT - timedelta(days=1), AT + timedelta(days=1)
DAY = "2025-12-31"


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    DAYS.clear()
    yield
    DAYS.clear()


def now() -> datetime:
    return datetime.now(UTC)


def get(client: Client, world: World, path: str, account: str = SPECIALIST, **query: Any) -> Any:
    asked = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in query.items()}
    return client.get(f"/api{path}", asked, **world.tokens[account])


def listed(client: Client, world: World, account: str = SPECIALIST, **query: Any) -> dict[str, Any]:
    got = get(client, world, "/people", account, **query)
    assert got.status_code == 200, got.content
    return {one["code"]: one for one in got.json()["items"]}


def test_nothing_is_known_before_it_was_entered(world: World, client: Client) -> None:
    assert listed(client, world, known=BEFORE) == {}
    assert get(client, world, "/people", known=BEFORE, total="true").json()["total"] == 0
    assert get(client, world, "/organisations", known=BEFORE).json()["items"] == []
    assert get(client, world, "/people/NGUOI-INSIDE", known=BEFORE).status_code == 404
    assert get(client, world, "/organisations/DV-N", known=BEFORE).status_code == 404
    assert get(client, world, "/schemes/thai-nguyen-2021-2030/measure", known=BEFORE).status_code == 422
    assert len(listed(client, world, known=THEN)) == 6
    assert get(client, world, "/people", known=THEN, total="true", limit=2).json()["total"] == 6


def test_a_list_and_a_file_show_what_was_believed_then(world: World, client: Client) -> None:
    person = Person.objects.get(code="NGUOI-INSIDE")
    row = PostHeld.objects.get(person=person)
    headers = {"HTTP_IF_MATCH": str(person.revision), **world.tokens[SPECIALIST]}
    named = client.patch(
        "/api/people/NGUOI-INSIDE", json.dumps({"full_name": "Nông Văn Đổitên"}), "application/json", **headers
    )
    assert named.status_code == 200, named.content
    posts.correct(row, unit=Unit.objects.get(code="DV-N1"), by="test", at=now())

    after, then = (listed(client, world, OFFICER, as_of=DAY, **more)["NGUOI-INSIDE"] for more in ({}, {"known": THEN}))
    assert (after["full_name"], after["post"]["unit"]) == ("Nông Văn Đổitên", "DV-N1")
    assert (then["full_name"], then["post"]["unit"]) == ("Nông Văn Trongđơnvị", "DV-N")
    assert then["revision"] < after["revision"]
    # A filter asks what was known then, too.
    assert "NGUOI-INSIDE" in listed(client, world, unit="DV-N1", as_of=DAY)
    assert set(listed(client, world, unit="DV-N1", as_of=DAY, known=THEN)) == {"NGUOI-BELOW"}
    assert set(listed(client, world, q="doiten")) == {"NGUOI-INSIDE"}
    assert listed(client, world, q="doiten", known=THEN) == {}

    file = get(client, world, "/people/NGUOI-INSIDE", OFFICER, known=THEN).json()
    assert file["fields"]["full_name"] == "Nông Văn Trongđơnvị"
    assert [one["unit"] for one in file["facts"]["post_held"]] == ["DV-N"]
    assert file["fields"]["national_id"] == "019080000000"
    assert "national_id" not in get(client, world, "/people/NGUOI-INSIDE", "leader/part/now", known=THEN).json()["fields"]  # fmt: skip # noqa: E501
    read = Entry.objects.filter(action="read-file").order_by("id").values_list("subject", flat=True)
    assert list(read) == ["person:NGUOI-INSIDE"] * 2


def test_a_fact_taken_back_since_is_in_the_file_as_known_then(world: World, client: Client) -> None:
    posts.withdraw(PostHeld.objects.get(person__code="NGUOI-INSIDE"), by="test", at=now())
    after, then = (
        get(client, world, "/people/NGUOI-INSIDE", as_of=DAY, **more).json()["facts"]["post_held"]
        for more in ({}, {"known": THEN})
    )
    assert (len(after), len(then)) == (0, 1)


def test_the_past_opens_no_file_that_the_present_closes(world: World, client: Client) -> None:
    """Who stood in the mandate's unit then and stands elsewhere now is not seen; who came in is, also as then known."""
    posts.correct(PostHeld.objects.get(person__code="NGUOI-INSIDE"), unit=Unit.objects.get(code="DV-H"), by="t", at=now())  # fmt: skip # noqa: E501
    posts.correct(PostHeld.objects.get(person__code="NGUOI-WRONG_SUBTREE"), unit=Unit.objects.get(code="DV-N"), by="t", at=now())  # fmt: skip # noqa: E501
    for more in ({}, {"known": THEN}):
        assert set(listed(client, world, OFFICER, **more)) == {"NGUOI-BELOW", "NGUOI-WRONG_SUBTREE"}
        assert get(client, world, "/people/NGUOI-INSIDE", OFFICER, **more).status_code == 404
    came = listed(client, world, OFFICER, as_of=DAY, known=THEN)["NGUOI-WRONG_SUBTREE"]
    assert came["post"]["unit"] == "DV-H"


def test_two_records_that_were_one_later(world: World, client: Client) -> None:
    kept, gone = (Person.objects.get(code=code) for code in ("NGUOI-BELOW", "NGUOI-INSIDE"))
    merges.merge(kept=kept, gone=gone, by="test", at=now())
    assert set(listed(client, world, OFFICER)) == {"NGUOI-BELOW"}
    assert set(listed(client, world, OFFICER, known=THEN)) == {"NGUOI-BELOW", "NGUOI-INSIDE"}
    assert get(client, world, "/people/NGUOI-INSIDE", OFFICER).status_code == 404
    then = get(client, world, "/people/NGUOI-INSIDE", OFFICER, known=THEN)
    assert then.status_code == 200, then.content
    assert [one["unit"] for one in then.json()["facts"]["post_held"]] == ["DV-N"]
    assert get(client, world, "/people/NGUOI-INSIDE", OFFICER, known=now()).status_code == 404
    # Who may not see the record that is left does not see the other either.
    token(world, "officer/h", "unit_officer", "DV-H", None, date(2021, 1, 1), None)
    assert get(client, world, "/people/NGUOI-INSIDE", "officer/h", known=THEN).status_code == 404


def test_units_as_known_then(world: World, client: Client) -> None:
    decision = documents.register(number="9-QĐ/UB", kind="QĐ", issuer="UBND", issued_on=date(2025, 1, 2), by="t", at=now())  # fmt: skip # noqa: E501
    unit = Unit.objects.get(code="DV-N1")
    units.change(unit, on=date(2025, 2, 1), name="Phòng Mới", parent=Unit.objects.get(code="DV-H"), document=decision, by="t", at=now())  # fmt: skip # noqa: E501

    def shown(account: str, **more: Any) -> dict[str, Any]:
        got = get(client, world, "/organisations", account, as_of=DAY, **more).json()["items"]
        return {one["code"]: (one["name"], one["parent"]) for one in got}

    assert shown(SPECIALIST)["DV-N1"] == ("Phòng Mới", "DV-H")
    assert shown(SPECIALIST, known=THEN)["DV-N1"] == ("Đơn vị N1", "DV-N")
    assert set(shown(OFFICER, known=THEN)) == {"DV-N"}  # it is no longer in the mandate
    after, then = (get(client, world, "/organisations/DV-N1", **more).json() for more in ({}, {"known": THEN}))
    assert [one["name"] for one in after["versions"]] == ["Đơn vị N1", "Phòng Mới"]
    assert [(one["name"], one["parent"], one["valid_to"]) for one in then["versions"]] == [("Đơn vị N1", "DV-N", None)]


def test_figures_by_what_was_known_then(world: World, client: Client) -> None:
    path = "/people/NGUOI-OWN"
    seen = get(client, world, path).json()["revision"]
    body = {"kind": "professional", "level": "master", "awarded_on": "2020-06-01"}
    done = client.post(
        f"/api{path}/qualifications", json.dumps(body), "application/json",
        HTTP_IF_MATCH=str(seen), **world.tokens[SPECIALIST],
    )  # fmt: skip
    assert done.status_code == 201

    def numerator(**more: Any) -> int:
        got = get(client, world, "/schemes/thai-nguyen-2021-2030/measure", as_of=DAY, **more).json()
        found: int = next(one for one in got["indicators"] if one["id"] == "TN-2025-1-01")["numerator"]
        return found

    def lacking(account: str, **more: Any) -> set[str]:
        path = "/schemes/thai-nguyen-2021-2030/who/TN-2025-1-01"
        return {row["person_id"] for row in get(client, world, path, account, as_of=DAY, **more).json()["rows"]}

    assert (numerator(), numerator(known=THEN)) == (1, 0)
    assert lacking(SPECIALIST) == {"NGUOI-WRONG_TIER"}
    assert lacking(SPECIALIST, known=THEN) == {"NGUOI-WRONG_TIER", "NGUOI-OWN"}
    assert lacking(OFFICER, known=THEN) == set()


def test_the_own_file_as_known_then(world: World, client: Client) -> None:
    posts.withdraw(PostHeld.objects.get(person__code="NGUOI-OWN"), by="test", at=now())
    files = [get(client, world, "/own-file", "person/whole/now", **more).json() for more in ({}, {"known": THEN})]
    assert [len(one["facts"]["post_held"]) for one in files] == [0, 1]


@pytest.mark.parametrize(
    "known",
    ["2026-01-05", "2026-01-05T02:00:00", "1767578400", "2999-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "x"],
)  # fmt: skip
@pytest.mark.parametrize(
    "path",
    ["/people", "/people/NGUOI-INSIDE", "/organisations", "/organisations/DV-N",
     "/schemes/thai-nguyen-2021-2030/measure", "/schemes/thai-nguyen-2021-2030/who/TN-2025-1-01"],
)  # fmt: skip
def test_a_moment_is_whole_and_past(world: World, client: Client, path: str, known: str) -> None:
    got = get(client, world, path, known=known)
    assert got.status_code == 422
    assert "thời điểm" in got.json()["message"].lower() or "1900" in got.json()["message"]


def test_a_list_as_known_takes_few_statements(world: World, client: Client, django_assert_max_num_queries: Any) -> None:
    get(client, world, "/me", OFFICER)
    for limit in (1, 2):
        with django_assert_max_num_queries(8):
            get(client, world, "/people", OFFICER, limit=limit, known=THEN)
