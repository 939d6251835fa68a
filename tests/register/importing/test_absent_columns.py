"""A column that a later file does not have leaves what the register has; an empty cell of one that it has does not."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from canbo.register.models import Employment, PoolEntry, PostHeld, RankHeld, Rotation, Standing, UnitVersion
from tests.register.importing.files import D0, D1, D2, LATER, UNITS, bring, folder, person

pytestmark = pytest.mark.django_db

YES = {"is_head": "true", "is_key_leader": "true", "high_quality_recruit": "true", "rank_by_equivalence": "true",
       "medical_specialist": "level_1"}  # fmt: skip


def _without(row: Mapping[str, Any], *columns: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in columns}


def _flags() -> tuple[Any, ...]:
    (post,), (employment,), (standing,) = PostHeld.objects.all(), Employment.objects.all(), Standing.objects.all()
    return (
        post.is_head, post.is_key_leader, employment.high_quality_recruit, standing.rank_by_equivalence,
        standing.medical_specialist,
    )  # fmt: skip


@pytest.mark.parametrize("day", [D1, D2, D0])
def test_the_same_file_without_the_columns_has_nothing_to_change(tmp_path: Path, day: date) -> None:
    bring(folder(tmp_path / "a", people=[person("P1", **YES)]))
    preview, _ = bring(folder(tmp_path / "b", people=[person("P1")]), day, at=LATER)
    if day >= D1:
        assert preview.totals.writes == 0
    assert _flags() == (True, True, True, True, "level_1")  # one row of each, from the older of the two days on
    assert PostHeld.objects.get().valid_from == min(day, D1)


def test_an_empty_cell_of_a_column_that_is_there_means_no(tmp_path: Path) -> None:
    bring(folder(tmp_path / "a", people=[person("P1", **YES)]))
    assert _flags() == (True, True, True, True, "level_1")
    bring(folder(tmp_path / "b", people=[person("P1", **dict.fromkeys(YES, ""))]), at=LATER)
    assert _flags() == (False, False, False, False, "none")


def test_a_person_who_is_new_has_what_an_empty_cell_means(tmp_path: Path) -> None:
    bring(folder(tmp_path / "a", people=[person("P1")]))
    assert _flags() == (False, False, False, False, "none")


def test_what_changes_beside_keeps_what_the_file_does_not_tell(tmp_path: Path) -> None:
    bring(folder(tmp_path / "a", people=[person("P1", **YES)]))
    bring(folder(tmp_path / "b", people=[person("P1", unit_id="U2", education="master")]), D2, at=LATER)
    assert [(one.unit.code, one.is_head) for one in PostHeld.objects.order_by("valid_from")] == [
        ("U1", True),
        ("U2", True),
    ]
    assert {one.medical_specialist for one in Standing.objects.all()} == {"level_1"}
    assert {one.high_quality_recruit for one in Employment.objects.all()} == {True}


def test_units_keep_that_they_are_cities(tmp_path: Path) -> None:
    city = [UNITS[0], {**UNITS[1], "is_city": "true", "is_base_party": "true"}, UNITS[2]]
    bring(folder(tmp_path / "a", units=city, people=[person("P1")]))
    preview, _ = bring(folder(tmp_path / "b", people=[person("P1")]), D2, at=LATER)
    assert preview.by_dataset["units"].writes == 0
    version = UnitVersion.objects.get(unit__code="U1")
    assert (version.is_city, version.is_base_party) == (True, True)


_POST = {"person_id": "P1", "unit_id": "U1", "post": "Trưởng phòng", "post_kind": "division_head", "start_date":
         "2019-05-01", "is_main": "true", "foreign_element": "true"}  # fmt: skip
_RANK = {"person_id": "P1", "rank": "principal", "start_date": "2019-01-01", "by_equivalence": "true"}
_MOVE = {"person_id": "P1", "from_unit_id": "U1", "to_unit_id": "U2", "kind": "down", "from_level": "province",
         "to_level": "commune", "start_date": "2020-01-01", "movement": "transfer"}  # fmt: skip

_SILENT = (
    _without(_POST, "is_main", "foreign_element"),
    _without(_RANK, "by_equivalence"),
    _without(_MOVE, "movement"),
)


def _bring_rows(path: Path, given: Sequence[Mapping[str, Any]], people: Mapping[str, Any], **more: Any) -> int:
    post, rank, move = given
    folder(path, people=[people], posts_held=[post], ranks=[rank], rotations=[move])
    return bring(path, **more)[0].totals.writes


def test_dated_rows_keep_what_the_file_does_not_tell(tmp_path: Path) -> None:
    _bring_rows(tmp_path / "a", (_POST, _RANK, _MOVE), person("P1", **YES))
    assert _bring_rows(tmp_path / "b", _SILENT, person("P1"), at=LATER) == 0
    post = PostHeld.objects.get()
    assert (post.is_main, post.foreign_element, post.is_head, post.is_key_leader) == (True, True, True, True)
    assert RankHeld.objects.get().by_equivalence
    assert Rotation.objects.get().movement == "transfer"


def test_new_dated_rows_have_what_an_empty_cell_means(tmp_path: Path) -> None:
    _bring_rows(tmp_path / "a", _SILENT, person("P1"))
    post = PostHeld.objects.get(since_known=True)
    assert (post.is_main, post.foreign_element) == (False, False)
    assert not RankHeld.objects.get().by_equivalence
    assert Rotation.objects.get().movement == "rotation"


def test_the_day_of_leaving_a_pool_is_the_first_one_out_of_it(tmp_path: Path) -> None:
    entry = {"person_id": "P1", "term": "2020-2025", "unit_id": "U1", "post_kind": "agency_head", "level": "province"}
    entries = [
        {**entry, "added_on": "2021-01-15", "removed_on": "2021-11-01"},
        {**entry, "added_on": "2021-12-01", "removed_on": "2021-12-01"},
    ]
    path = folder(tmp_path / "a", people=[person("P1")], succession=entries)
    bring(path)
    assert PoolEntry.objects.as_of(date(2021, 10, 31)).count() == 1
    assert PoolEntry.objects.as_of(date(2021, 11, 1)).count() == 0
    assert PoolEntry.objects.as_of(date(2021, 12, 1)).count() == 1
    assert bring(path, at=LATER)[0].totals.writes == 0
