"""An import that says who has left ends what belongs to the service, as entering the exit by hand does."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from canbo.register import employment
from canbo.register.importing import run
from canbo.register.importing.undo import undo
from canbo.register.models import (
    BodySeat,
    Employment,
    Exit,
    PartyMembership,
    Person,
    PoolEntry,
    PostHeld,
    Rotation,
)
from canbo.snapshot.take import take
from tests.register.importing.files import D2, LATER, bring, folder, person

pytestmark = pytest.mark.django_db

LEFT, AFTER = "2022-03-31", date(2022, 4, 1)
MEMBER = {"party_official_date": "2005-03-02"}
SEAT = {"person_id": "P1", "unit_id": "U2", "body": "executive_committee", "role": "member", "start_date": "2020-10-01"}
POOL = {"person_id": "P1", "term": "2020-2025", "unit_id": "U1", "post_kind": "agency_head", "level": "province",
        "added_on": "2021-01-15"}  # fmt: skip
MOVE = {"person_id": "P1", "from_unit_id": "U1", "to_unit_id": "U2", "kind": "down", "from_level": "province",
        "to_level": "commune", "start_date": "2020-01-01"}  # fmt: skip
POST = {"person_id": "P1", "unit_id": "U2", "post": "Ủy viên", "post_kind": "professional", "start_date": "2020-01-01"}

MAIN = {"person_id": "P1", "unit_id": "U1", "post": "Chuyên viên", "post_kind": "professional", "is_main": "true",
        "start_date": "2019-05-01"}  # fmt: skip


def _exit(kind: str, code: str = "P1") -> dict[str, Any]:
    return {"person_id": code, "unit_id": "U1", "left_on": LEFT, "kind": kind}


@pytest.fixture
def serving(tmp_path: Path) -> Path:
    """P1 and P2 in service; P1 with a second post, a seat, a rotation and a place in a pool."""
    people = [person("P1", **MEMBER), person("P2")]
    bring(
        folder(
            tmp_path / "a",
            people=people,
            memberships=[SEAT],
            succession=[POOL],
            rotations=[MOVE],
            posts_held=[MAIN, POST],
        )
    )
    return tmp_path


def _ends() -> dict[str, date | None]:
    kinds = (Employment, BodySeat, PoolEntry, Rotation, PartyMembership)
    found = {kind.__name__: kind.objects.get(person__code="P1").valid_to for kind in kinds}
    return found | {f"post {one.unit.code}": one.valid_to for one in PostHeld.objects.filter(person__code="P1")}


OPEN = dict.fromkeys(("Employment", "BodySeat", "PoolEntry", "Rotation", "PartyMembership", "post U1", "post U2"))
CLOSED = dict.fromkeys(OPEN, AFTER)


@pytest.mark.parametrize(
    ("row", "kind", "why"),
    [
        ({"left_on": LEFT}, "retirement", "Nghỉ hưu"),
        ({"left_on": LEFT}, "death", "Từ trần"),
        ({"left_on": LEFT}, None, "Ra khỏi ngành"),
        (None, "transfer_out", "Chuyển khỏi tỉnh"),
        (None, "death", "Từ trần"),
    ],
)
def test_all_that_belongs_to_the_service_ends_and_the_party_only_with_a_death(
    serving: Path, row: Mapping[str, Any] | None, kind: str | None, why: str
) -> None:
    sheets: dict[str, Any] = {}
    if row:
        sheets["people"] = [person("P1", **MEMBER, **row), person("P2")]
    if kind:
        sheets["exits"] = [_exit(kind)]
    path = folder(serving / "b", **sheets)
    preview, _ = bring(path, D2, at=LATER)
    expected = CLOSED if kind == "death" else CLOSED | {"PartyMembership": None}
    assert _ends() == expected
    assert PoolEntry.objects.get().removed_why == why
    assert BodySeat.objects.get().end_reason == why
    assert Employment.objects.get(person__code="P2").valid_to is None
    assert {one.part for one in preview.rows("ended")} >= {"memberships", "succession", "rotations", "posts_held"}
    assert bring(path, D2, at=LATER)[0].totals.writes == 0


def test_the_preview_lists_what_would_end_and_writes_nothing(serving: Path) -> None:
    preview = run.prepare(folder(serving / "b", exits=[_exit("retirement")]), as_of=D2)
    listed = [(one.part, one.key, one.differs) for one in preview.rows("ended") if one.part == "succession"]
    assert listed == [("succession", "P1 · Nguyễn Văn P1", {"valid_to": (None, "2022-04-01")})]
    assert preview.by_dataset["exits"].ended == 6  # the service, two posts, a seat, a rotation, a place in a pool
    assert _ends() == OPEN


def test_what_the_file_itself_tells_of_stands_as_it_says(tmp_path: Path) -> None:
    people = [person("P1", left_on=LEFT)]
    path = folder(tmp_path / "a", people=people, memberships=[SEAT], succession=[POOL], exits=[_exit("retirement")])
    preview, _ = bring(path, D2)
    assert (BodySeat.objects.get().valid_to, PoolEntry.objects.get().valid_to) == (None, None)
    assert take(D2).version == preview.data.version
    assert bring(path, D2, at=LATER)[0].totals.writes == 0


def test_what_was_entered_by_hand_is_left_and_listed(serving: Path) -> None:
    BodySeat.objects.update(origin=None)
    preview, _ = bring(folder(serving / "b", exits=[_exit("retirement")]), D2, at=LATER)
    assert _ends() == CLOSED | {"PartyMembership": None, "BodySeat": None}
    assert [(one.part, one.key) for one in preview.rows("conflict")] == [("memberships", "P1 · Nguyễn Văn P1")]


def test_a_service_entered_by_hand_goes_on_with_all_that_belongs_to_it(serving: Path) -> None:
    Employment.objects.update(origin=None)
    preview, _ = bring(folder(serving / "b", exits=[_exit("retirement")]), D2, at=LATER)
    assert _ends() == OPEN
    assert [one.part for one in preview.rows("conflict")] == ["employment"]


def test_who_serves_again_later_keeps_what_goes_on(serving: Path) -> None:
    Employment.objects.filter(person__code="P1").update(valid_to=date(2022, 2, 1))
    who = Person.objects.get(code="P1")
    Employment.objects.create(person=who, staff_kind="official", valid_from=date(2022, 6, 1))
    bring(folder(serving / "b", exits=[_exit("resignation")]), D2, at=LATER)
    assert (BodySeat.objects.get().valid_to, PoolEntry.objects.get().valid_to) == (None, None)


def test_an_imported_exit_withdrawn_tells_what_it_closed(serving: Path) -> None:
    bring(folder(serving / "b", exits=[_exit("retirement")]), D2, at=LATER)
    closed = employment.withdraw_exit(Exit.objects.get(), by="an", at=LATER)
    assert {(one.kind, one.was_to) for one in closed} == {
        ("postheld", None), ("bodyseat", None), ("rotation", None), ("poolentry", None),
    }  # fmt: skip
    assert _ends() == CLOSED | {"Employment": None, "PartyMembership": None}


def test_undoing_the_import_opens_all_again(serving: Path) -> None:
    _, batch = bring(folder(serving / "b", exits=[_exit("death")]), D2, at=LATER)
    assert batch is not None
    undo(batch, by="an", at=LATER)
    assert _ends() == OPEN
    assert PoolEntry.objects.get().removed_why is None
