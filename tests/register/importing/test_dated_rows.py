"""Rows with their own dates: known again, completed, added, and left where a later file no longer has them."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from canbo.register.importing import run
from canbo.register.models import (
    PostHeld,
    Qualification,
    RankHeld,
    Training,
    UnitSuccession,
)
from tests.register.importing.files import D0, D2, LATER, UNITS, bring, folder, person

pytestmark = pytest.mark.django_db


def _post(unit: str, start: str, end: str = "", main: str = "true") -> dict[str, Any]:
    return {
        "person_id": "P1",
        "unit_id": unit,
        "post": "Chuyên viên",
        "post_kind": "professional",
        "start_date": start,
        "end_date": end,
        "is_main": main,
    }


def _people(path: Path, **datasets: Sequence[dict[str, Any]]) -> Path:
    return folder(path, people=[person("P1")], **datasets)


def _periods() -> list[tuple[str, date, date | None, bool]]:
    rows = PostHeld.objects.order_by("valid_from")
    return [(row.unit.code, row.valid_from, row.valid_to, row.is_main) for row in rows]


def test_a_dated_post_stands_for_what_the_row_of_the_person_tells(tmp_path: Path) -> None:
    people = [person("P1", is_head="true", appointed_on="2019-05-01")]
    bring(folder(tmp_path / "a", people=people, posts_held=[_post("U1", "2019-05-01")]))
    post = PostHeld.objects.get()
    assert (post.valid_from, post.is_head, post.appointed_on) == (date(2019, 5, 1), True, date(2019, 5, 1))
    assert post.since_known


def test_an_end_that_is_known_now_is_filled_in_and_the_next_post_begins(tmp_path: Path) -> None:
    bring(_people(tmp_path / "a", posts_held=[_post("U1", "2019-05-01")]))
    later = [_post("U1", "2019-05-01", "2022-06-30"), _post("U2", "2022-07-01")]
    preview, _ = bring(_people(tmp_path / "b", posts_held=later), D2, at=LATER)
    assert _periods() == [
        ("U1", date(2019, 5, 1), date(2022, 7, 1), True),
        ("U2", date(2022, 7, 1), None, True),
    ]
    counts = preview.by_dataset["posts_held"]
    assert (counts.created, counts.ended, counts.changed, counts.left) == (1, 1, 0, 0)


def test_a_new_main_post_ends_the_open_one_that_the_file_no_longer_has(tmp_path: Path) -> None:
    bring(_people(tmp_path / "a", posts_held=[_post("U1", "2019-05-01")]))
    preview, _ = bring(_people(tmp_path / "b", posts_held=[_post("U2", "2022-07-01")]), D2, at=LATER)
    assert _periods()[0] == ("U1", date(2019, 5, 1), date(2022, 7, 1), True)
    counts = preview.by_dataset["posts_held"]
    assert (counts.created, counts.ended, counts.left) == (1, 1, 1)


def test_a_dated_post_takes_the_place_of_one_only_stated(tmp_path: Path) -> None:
    bring(_people(tmp_path / "a"))
    bring(_people(tmp_path / "b", posts_held=[_post("U1", "2019-05-01")]), at=LATER)
    assert _periods() == [("U1", date(2019, 5, 1), None, True)]
    assert PostHeld.objects.get().since_known


def test_two_main_posts_at_one_time_are_told_and_one_counts(tmp_path: Path) -> None:
    preview, _ = bring(_people(tmp_path / "a", posts_held=[_post("U1", "2019-05-01"), _post("U2", "2020-01-01")]))
    assert [row[3] for row in _periods()] == [False, True]
    assert "inconsistent" in {finding.code for finding in preview.findings}


def test_a_rank_ends_where_the_next_begins_whichever_file_brings_it(tmp_path: Path) -> None:
    bring(_people(tmp_path / "a", ranks=[{"person_id": "P1", "rank": "specialist", "start_date": "2010-01-01"}]))
    bring(_people(tmp_path / "b", ranks=[{"person_id": "P1", "rank": "principal", "start_date": "2022-02-01"}]), D2,
          at=LATER)  # fmt: skip
    ranks = RankHeld.objects.order_by("valid_from")
    assert [(row.rank, row.valid_from, row.valid_to) for row in ranks] == [
        ("specialist", date(2010, 1, 1), date(2022, 2, 1)),
        ("principal", date(2022, 2, 1), None),
    ]


def test_rows_that_a_later_file_does_not_have_are_left(tmp_path: Path) -> None:
    degree = {"person_id": "P1", "kind": "professional", "level": "bachelor", "awarded_on": "2002-07-01"}
    second = {**degree, "level": "master", "awarded_on": "2022-07-01"}
    bring(_people(tmp_path / "a", qualifications=[degree]))
    preview, _ = bring(_people(tmp_path / "b", qualifications=[second]), D2, at=LATER)
    counts = preview.by_dataset["qualifications"]
    assert (counts.created, counts.left) == (1, 1)
    assert Qualification.objects.count() == 2


def test_a_result_that_is_known_now_replaces_the_one_before(tmp_path: Path) -> None:
    course = {"person_id": "P1", "program": "master", "start_date": "2021-01-01", "result": "studying"}
    done = {**course, "result": "completed", "end_date": "2022-12-01"}
    bring(_people(tmp_path / "a", trainings=[course]))
    preview, _ = bring(_people(tmp_path / "b", trainings=[done]), D2, at=LATER)
    row = Training.objects.get()
    assert (row.result, row.valid_to) == ("completed", date(2022, 12, 2))
    assert preview.by_dataset["trainings"].ended == 1


def test_a_unit_that_ended_is_closed_and_its_successor_named(tmp_path: Path) -> None:
    gone = {"unit_id": "U3", "name": "Sở cũ", "level": "province", "kind": "state", "parent_id": "T"}
    bring(_people(tmp_path / "a", units=[*UNITS, gone]))
    ended = {**gone, "valid_to": "2022-05-31", "successor_id": "U1"}
    bring(_people(tmp_path / "b", units=[*UNITS, ended]), D2, at=LATER)
    link = UnitSuccession.objects.get()
    assert (link.predecessor.code, link.successor.code, link.on_day) == ("U3", "U1", date(2022, 6, 1))
    assert link.predecessor.versions.get().valid_to == date(2022, 6, 1)


def test_an_unknown_unit_waits_with_a_finding_where_the_file_has_no_units(tmp_path: Path) -> None:
    path = folder(tmp_path / "a", people=[person("P1")])
    (path / "units.csv").unlink()
    preview = run.prepare(path, as_of=D0)
    assert "bad_reference" in {finding.code for finding in preview.findings}
    assert preview.by_dataset["people"].created == 2  # identity and standing, which need no unit
