"""Figures and lists through the API: the same as the instrument's over the same register, cut to the mandate."""

import json
from datetime import date
from typing import Any

import pytest
from django.test import Client

from canbo.audit.models import Entry
from canbo.datasets.store import Store
from canbo.measure.checking import measurable_scheme
from canbo.measure.evaluation import measure_all
from canbo.measure.library import find_scheme
from canbo.measure.sets import Measurer
from canbo.snapshot.measuring import DAYS
from canbo.snapshot.take import take
from tests.api.world import World, token

pytestmark = pytest.mark.django_db
NAME, DAY = "thai-nguyen-2021-2030", date(2025, 12, 31)
WHO = f"/api/schemes/{NAME}/who/TN-2025-1-01"  # managed by the province's committee: a master's degree or higher
SPECIALIST = "specialist/whole/now"


@pytest.fixture(autouse=True)
def forgotten() -> None:
    DAYS.clear()


def test_measuring_equals_the_instrument_over_the_same_register(world: World, client: Client) -> None:
    got = client.get(f"/api/schemes/{NAME}/measure", {"as_of": "2025-12-31", "by": "unit"}, **world.tokens[SPECIALIST])
    assert got.status_code == 200
    expected = measure_all(Measurer(measurable_scheme(find_scheme(NAME)), Store(take(DAY))), as_of=DAY, by="unit")
    assert got.json() == json.loads(json.dumps(expected.as_json(), default=str))
    first = next(one for one in got.json()["indicators"] if one["id"] == "TN-2025-1-01")
    assert (first["numerator"], first["denominator"]) == (0, 2)  # two of that tier, both with a bachelor's degree


def test_who_may_not_read_people_gets_no_small_cells(world: World, client: Client) -> None:
    got = client.get(
        f"/api/schemes/{NAME}/measure", {"as_of": "2025-12-31", "by": "unit"}, **world.tokens["analyst/whole/now"]
    )
    assert got.status_code == 200
    for one in got.json()["indicators"]:
        # Every unit of this province has fewer than five people: they are shown together, none by itself.
        assert {row["unit_id"] for row in one["units"] or ()} <= {None}, one


def measured(client: Client, world: World, account: str, **more: str) -> Any:
    return client.get(f"/api/schemes/{NAME}/measure", {"as_of": "2025-12-31", **more}, **world.tokens[account])


def test_a_mandate_over_a_subtree_gets_the_figures_of_its_units(world: World, client: Client) -> None:
    token(world, "officer/n", "unit_officer", "DV-N", None, date(2021, 1, 1), None)
    got = measured(client, world, "officer/n", by="unit")
    assert got.status_code == 200, got.content
    first = next(one for one in got.json()["indicators"] if one["id"] == "TN-2025-1-01")
    # Of the two of that tier, one stands in N; the other in H.
    assert (first["numerator"], first["denominator"], first["unknown"]) == (0, 1, 0)
    assert (first["status"], first["target"], first["shortfall"]) == ("report", None, None)
    for one in got.json()["indicators"]:
        assert {row["unit_id"] for row in one["units"] or ()} <= {"DV-N", "DV-N1", None}, one
    told = got.json()["findings"][0]
    assert (told["code"], told["value"]) == ("part_only", "DV-N")
    assert "Đơn vị N (DV-N)" in told["message"]
    text = got.content.decode()
    assert not any(outside in text for outside in ("DV-H", "DV-T", "Đơn vị H", "Đơn vị T"))


def test_the_figures_of_all_subtrees_add_up(world: World, client: Client) -> None:
    for place in ("N", "H"):
        token(world, f"officer/{place}", "unit_officer", f"DV-{place}", None, date(2021, 1, 1), None)
    whole, n, h = (measured(client, world, account).json() for account in (SPECIALIST, "officer/N", "officer/H"))
    compared = 0
    for one, left, right in zip(whole["indicators"], n["indicators"], h["indicators"], strict=True):
        if one["denominator"] is None or one["status"] == "not_measurable" or one.get("units") is not None:
            continue
        parts = [part for part in (left, right) if part["denominator"] is not None]
        # Nobody of this province stands directly in T, so its people are those of N and of H.
        assert sum(part["denominator"] for part in parts) == one["denominator"], one["id"]
        assert sum(part["numerator"] for part in parts) == one["numerator"], one["id"]
        compared += 1
    assert compared >= 2


def test_a_mandate_over_some_tiers_gets_no_figures_and_is_told_why(world: World, client: Client) -> None:
    got = measured(client, world, "unit_officer/part/now")
    assert got.status_code == 403
    assert "chỉ ở một số diện quản lý" in got.json()["message"]
    token(world, "officer/tier", "unit_officer", "", ["unit_head"], date(2021, 1, 1), None)
    assert measured(client, world, "officer/tier").status_code == 403


def test_who_may_not_read_people_gets_no_small_figure_of_a_unit(world: World, client: Client) -> None:
    token(world, "analyst/n", "analyst", "DV-N", None, date(2021, 1, 1), None)
    got = measured(client, world, "analyst/n", by="unit")
    assert got.status_code == 200, got.content
    people = [one for one in got.json()["indicators"] if one["id"] == "TN-2025-1-01"]
    assert [(one["numerator"], one["denominator"], one["status"]) for one in people] == [(None, None, "not_measurable")]


def test_names_behind_a_figure_are_those_of_the_mandate(world: World, client: Client) -> None:
    token(world, "officer/n", "unit_officer", "DV-N", None, date(2021, 1, 1), None)

    def listed(account: str) -> dict[str, str]:
        got = client.get(WHO, {"as_of": "2025-12-31"}, **world.tokens[account])
        assert got.status_code == 200, got.content
        assert got.json()["list_name"] == "lacking"
        return {row["person_id"]: row["full_name"] for row in got.json()["rows"]}

    everybody = {world.people["wrong_tier"]: "Mông Thị Ngoàidiện", world.people["own"]: "Triệu Văn Chínhmình"}
    assert listed(SPECIALIST) == everybody
    assert listed("officer/n") == {world.people["wrong_tier"]: "Mông Thị Ngoàidiện"}
    assert listed("unit_officer/part/now") == {}
    noted = Entry.objects.filter(action="read-list").order_by("id").values_list("detail__people", flat=True)
    assert list(noted) == [sorted(everybody), [world.people["wrong_tier"]], []]


def test_the_other_lists(world: World, client: Client) -> None:
    got = client.get(WHO, {"as_of": "2025-12-31", "list_name": "counted"}, **world.tokens[SPECIALIST])
    assert (got.status_code, got.json()["rows"]) == (200, [])
    unknown = client.get(f"/api/schemes/{NAME}/who/none", **world.tokens[SPECIALIST])
    assert unknown.status_code == 404


def test_a_second_question_reads_no_dataset(world: World, client: Client, django_assert_num_queries: Any) -> None:
    def ask() -> Any:
        return client.get(f"/api/schemes/{NAME}/measure", {"as_of": "2025-12-31"}, **world.tokens[SPECIALIST]).json()

    first = ask()
    with django_assert_num_queries(4):  # token, its use, mandates, the last change
        assert ask() == first


def test_a_degree_just_entered_is_in_the_next_figure(world: World, client: Client) -> None:
    def numerator() -> int:
        got = client.get(f"/api/schemes/{NAME}/measure", {"as_of": "2025-12-31"}, **world.tokens[SPECIALIST]).json()
        found: int = next(one for one in got["indicators"] if one["id"] == "TN-2025-1-01")["numerator"]
        return found

    assert numerator() == 0
    path = f"/api/people/{world.people['own']}"
    seen = client.get(path, **world.tokens[SPECIALIST]).json()["revision"]
    body = {"kind": "professional", "level": "master", "awarded_on": "2020-06-01"}
    done = client.post(
        f"{path}/qualifications", data=json.dumps(body),
        content_type="application/json", HTTP_IF_MATCH=str(seen), **world.tokens[SPECIALIST],
    )  # fmt: skip
    assert done.status_code == 201
    assert numerator() == 1


def test_the_library(world: World, client: Client) -> None:
    got = client.get("/api/schemes", **world.tokens[SPECIALIST]).json()["schemes"]
    (scheme,) = [one for one in got if one["id"] == NAME]
    assert (scheme["start"], scheme["end"]) == ("2021-01-01", "2030-12-31")
    assert "TN-2025-1-01" in scheme["indicators"]
