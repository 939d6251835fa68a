"""People and organisations read and written: what is shown, what stays in the history, what is not told of others."""

import json
from typing import Any

import pytest
from django.test import Client

from canbo.audit.models import Entry
from canbo.register.models import Person, PostHeld, Qualification
from tests.api.world import World

pytestmark = pytest.mark.django_db
SPECIALIST, OFFICER = "specialist/whole/now", "unit_officer/part/now"


def change(client: Client, world: World, path: str, body: dict[str, Any], *, account: str = OFFICER, method: str = "POST") -> Any:  # fmt: skip # noqa: E501
    code = path.split("/")[3]
    seen = Person.objects.get(code=code).revision
    return client.generic(
        method, path, json.dumps(body), content_type="application/json", HTTP_IF_MATCH=str(seen),
        **world.tokens[account],
    )  # fmt: skip


def test_a_list_shows_who_stands_where(world: World, client: Client) -> None:
    got = client.get("/api/people", {"unit": "DV-N1", "total": "true"}, **world.tokens[SPECIALIST]).json()
    (one,) = got["items"]
    assert (got["total"], got["next"]) == (1, None)
    assert (one["code"], one["full_name"], one["birth_date"]) == ("NGUOI-BELOW", "Bế Thị Cấpdưới", "1980-02-02")
    assert one["post"] == {"unit": "DV-N1", "post": None, "post_kind": "professional", "is_main": True}


def test_a_list_is_narrowed_by_name_age_and_day(world: World, client: Client) -> None:
    def codes(**filters: str) -> list[str]:
        return [one["code"] for one in client.get("/api/people", filters, **world.tokens[SPECIALIST]).json()["items"]]

    assert codes(q="be thi capduoi") == ["NGUOI-BELOW"]
    assert codes(unit="DV-H", as_of="2019-12-31") == []  # posts begin on 01/01/2020
    # Born 01 to 06/02/1980: on 03/02/2025 three are 45, three still 44.
    assert sorted(codes(as_of="2025-02-03", age_from="45")) == ["NGUOI-BELOW", "NGUOI-INSIDE", "NGUOI-WRONG_TIER"]
    assert len(codes(as_of="2025-02-03", age_to="44")) == 3


def test_a_file_with_its_facts_and_their_history(world: World, client: Client) -> None:
    path = f"/api/people/{world.people['inside']}"
    file = client.get(path, **world.tokens[OFFICER]).json()
    assert file["fields"]["full_name"] == "Nông Văn Trongđơnvị"
    (post,) = file["facts"]["post_held"]
    assert (post["unit"], post["valid_from"], post["valid_to"]) == ("DV-N", "2020-01-01", None)
    done = change(client, world, f"{path}/posts/{post['id']}/end", {"last_day": "2025-06-30", "reason": "Nghỉ"})
    assert (done.status_code, done.json()["revision"]) == (200, file["revision"] + 1)
    history = client.get(f"{path}/facts/post_held/{post['id']}/history", **world.tokens[SPECIALIST]).json()
    shown = [(one["label"], one["by"], one["action"], one["fields"]["valid_to"]) for one in history["versions"]]
    assert shown == [
        ("insert", "test", "test", None),
        ("update", "unit_officer.part.now", "post.end", "2025-07-01"),
    ]
    on_day = {day: client.get(path, {"as_of": day}, **world.tokens[SPECIALIST]).json() for day in ("2025-06-30", "2025-07-01")}  # fmt: skip # noqa: E501
    assert [len(one["facts"]["post_held"]) for one in on_day.values()] == [1, 0]


def test_a_post_put_right_and_taken_back(world: World, client: Client) -> None:
    path = f"/api/people/{world.people['inside']}/posts/{world.posts['inside']}"
    body = {"unit": "DV-N1", "start": "2021-03-01", "last_day": "2030-12-31", "is_head": True}
    assert change(client, world, path, body, method="PATCH").status_code == 200
    row = PostHeld.objects.get(pk=world.posts["inside"])
    shown = (row.unit.code, row.valid_from.isoformat(), str(row.valid_to), row.is_head)
    assert shown == ("DV-N1", "2021-03-01", "2031-01-01", True)
    assert change(client, world, path, {"last_day": None}, method="PATCH").status_code == 200
    row.refresh_from_db()
    assert row.valid_to is None
    for wrong in ({}, {"unit": None}, {"is_main": None}, {"start": "1999-01-01"}, {"stated_tier": "unit_head"}):
        assert change(client, world, path, wrong, method="PATCH").status_code == 422, wrong
    assert change(client, world, path, {"unit": "DV-H"}, method="PATCH").status_code == 404  # not in the mandate
    assert change(client, world, f"{path}/withdraw", {}).status_code == 200
    assert not PostHeld.objects.filter(pk=row.pk).exists()
    kept = f"/api/people/{world.people['inside']}/facts/post_held/{row.pk}/history"
    labels = [one["label"] for one in client.get(kept, **world.tokens[SPECIALIST]).json()["versions"]]
    assert labels == ["insert", "update", "update", "delete"]


def test_a_post_of_another_person_is_not_found(world: World, client: Client) -> None:
    path = f"/api/people/{world.people['inside']}/posts/{world.posts['below']}"
    assert change(client, world, path, {"is_acting": True}, method="PATCH").status_code == 404
    assert change(client, world, f"{path}/withdraw", {}).status_code == 404
    assert PostHeld.objects.filter(pk=world.posts["below"], is_acting=False).exists()


def test_a_qualification_is_revoked_by_a_decision(world: World, client: Client) -> None:
    path = f"/api/people/{world.people['inside']}/qualifications/{world.facts['inside']}/revoke"
    early = change(client, world, path, {"on": "2004-01-01", "document": world.document})
    assert early.status_code == 422  # awarded on 01/06/2005
    assert change(client, world, path, {"on": "2024-01-01"}).status_code == 422
    assert change(client, world, path, {"on": "2024-01-01", "document": world.document}).status_code == 200
    row = Qualification.objects.get(pk=world.facts["inside"])
    assert (str(row.revoked_on), row.document_id) == ("2024-01-01", world.document)
    other = path.replace(world.people["inside"], world.people["below"])
    assert change(client, world, other, {"on": "2024-01-01", "document": world.document}).status_code == 404


def test_who_has_a_file_elsewhere_is_told_of_in_one_sentence(world: World, client: Client) -> None:
    post = {"unit": "DV-N", "start": "2024-01-01", "document": world.document, "post_kind": "professional"}
    body: dict[str, Any] = {"code": "MOI", "full_name": "Lý Thị Mới", "birth_date": "1990-03-04", "sex": "female", "post": post}  # fmt: skip # noqa: E501

    def enter(account: str, **more: Any) -> Any:
        return client.post(
            "/api/people", data=json.dumps(body | more), content_type="application/json", **world.tokens[account]
        )

    outside = Person.objects.get(code=world.people["wrong_subtree"])
    by_code, by_id = enter(OFFICER, code=outside.code), enter(OFFICER, national_id=outside.national_id)
    assert by_code.status_code == by_id.status_code == 422
    assert by_code.json() == by_id.json()
    assert by_code.json()["message"] == "Người này đã có hồ sơ, hãy liên hệ Ban Tổ chức. Chưa ghi gì."
    noted = Entry.objects.filter(action="enter-refused").values_list("actor", "subject")
    assert list(noted) == [("unit_officer.part.now", f"person:{outside.code}")] * 2
    assert not Person.objects.filter(full_name="Lý Thị Mới").exists()
    # Who could open that file is told plainly, and nothing of it is noted.
    for plain in (enter(SPECIALIST, code=outside.code), enter(OFFICER, code=world.people["inside"])):
        assert (plain.status_code, "liên hệ" in plain.json()["message"]) == (422, False)
    assert Entry.objects.filter(action="enter-refused").count() == 2
    corrected = change(
        client, world, f"/api/people/{world.people['inside']}", {"national_id": outside.national_id}, method="PATCH"
    )
    assert (corrected.status_code, corrected.json()) == (422, by_id.json())
    # Without a post in the mandate no code is even looked up.
    assert enter(OFFICER, code=outside.code, post=None).json() == enter(OFFICER, code="KHONG-CO", post=None).json()


def test_the_tree_of_the_mandate(world: World, client: Client) -> None:
    def tree(account: str) -> list[tuple[str, str | None, int]]:
        got = client.get("/api/organisations/tree", {"as_of": "2025-01-01"}, **world.tokens[account]).json()
        return [(one["code"], one["parent"], one["depth"]) for one in got["units"]]

    below = [("DV-N", "DV-T", 1), ("DV-N1", "DV-N", 2)]
    assert sorted(tree(SPECIALIST)) == sorted([("DV-H", "DV-T", 1), *below, ("DV-T", None, 0)])
    assert tree(OFFICER) == [("DV-N", None, 0), ("DV-N1", "DV-N", 1)]
    unit = client.get("/api/organisations/DV-N", **world.tokens[OFFICER]).json()
    (version,) = unit["versions"]
    assert (version["name"], version["parent"]) == ("Đơn vị N", None)  # what lies above the mandate is not shown
