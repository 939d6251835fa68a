"""Registers by chance: the people in memory, the snapshot with the instrument, and plain Python say the same."""

from datetime import date, timedelta
from typing import Any

import pytest

from canbo.codes import code_list
from canbo.datasets.bundle import Datasets
from canbo.datasets.dictionary import dictionary
from canbo.datasets.store import Store
from canbo.register.models import Employment, Person, PostHeld, Qualification, Standing
from canbo.snapshot.mirror import Mirror
from canbo.snapshot.take import take_dataset
from tests.register.random_registers import DAYS, fill

pytestmark = pytest.mark.django_db

ASKED = [DAYS[0], *(day for at in DAYS[1::2] for day in (at - timedelta(1), at)), DAYS[-1]]


def told(day: date) -> dict[str, dict[str, Any]]:
    """People by code as the instrument has them on a day from the snapshot of that day."""
    names = ("people", "units", "posts_held", "memberships", "qualifications", "ranks")
    tables = {name: table for name in names if (table := take_dataset(name, day)).num_rows}
    if "people" not in tables:
        return {}
    store = Store(Datasets(tables, day, (), None), threads=1)
    rows = store.connection.sql(f'SELECT * FROM "{store.table("people", day)}"').to_arrow_table().to_pylist()
    lists = {column.name: column.codes for column in dictionary()["people"].columns.values() if column.codes}
    for row in rows:
        for name, codes in lists.items():
            row[name] = None if row[name] is None else code_list(codes).keys[row[name]]
    return {row["person_id"]: row for row in rows}


@pytest.mark.parametrize("seed", range(6))
def test_in_memory_and_from_the_snapshot_the_people_of_every_day_are_the_same(seed: int) -> None:
    fill(seed)
    mirror = Mirror()
    compared = 0
    for day in ASKED:
        found = {row["person_id"]: row for row in mirror.roster(day).to_pylist()}
        expected = told(day)
        assert found.keys() == expected.keys(), day
        differing = [
            (code, name, value, expected[code][name])
            for code, row in found.items()
            for name, value in row.items()
            if value != expected[code][name]
        ]
        assert differing == [], day
        compared += sum(row["managed_by"] is not None for row in found.values())
    assert compared > 50


@pytest.mark.parametrize("seed", range(100, 104))
def test_main_post_unit_and_education_are_those_that_plain_counting_finds(seed: int) -> None:
    fill(seed, by_hand=True)
    everything = ("employments__unit", "posthelds__unit", "qualifications", "standings")
    people = {one.code: one for one in Person.objects.prefetch_related(*everything)}
    for day in ASKED:
        for code, row in told(day).items():
            person = people[code]
            now, own = _main_post(person, day), _main_post(person, _own_day(person, day))
            assert row["post"] == (now.post if now else None), (day, code)
            assert row["unit_id"] == _unit(person, day, now or own), (day, code)
            assert row["education"] == _education(person, day), (day, code)


def _held(rows: Any, day: date) -> list[Any]:
    return [row for row in rows if row.valid_from <= day and (row.valid_to is None or day < row.valid_to)]


def _employment(person: Person, day: date) -> Employment | None:
    every = sorted(person.employments.all(), key=lambda one: one.valid_from)
    begun = [one for one in every if one.valid_from <= day]
    return begun[-1] if begun else every[0] if every else None


def _own_day(person: Person, day: date) -> date:
    """The day, or the last day of the service that was going on or over then."""
    last = _employment(person, day)
    end = last.valid_to if last else None
    after = {one.valid_from: one.valid_to for one in person.employments.all()}
    while end in after:
        end = after[end]
    return min(day, end - timedelta(1)) if end else day


def _main_post(person: Person, day: date) -> PostHeld | None:
    order = code_list("post_kind")
    return max(
        _held(person.posthelds.all(), day),
        key=lambda one: (one.is_main, one.valid_from, -order[one.post_kind].position, one.unit.code),
        default=None,
    )


def _unit(person: Person, day: date, main: PostHeld | None) -> str | None:
    """The unit of the main post, else of the employment, else of the post begun last."""
    if main:
        return str(main.unit.code)
    employment = _employment(person, day)
    if employment and employment.unit:
        return str(employment.unit.code)
    begun = [one for one in person.posthelds.all() if one.valid_from <= day]
    last = max(begun, key=lambda one: (one.is_main, one.valid_from, -one.pk), default=None)
    return str(last.unit.code) if last else None


def _education(person: Person, day: date) -> str | None:
    """The highest degree awarded and not revoked, beside what is stated, unless the degree behind that is entered."""
    order = code_list("education")
    degrees: list[Qualification] = [one for one in person.qualifications.all() if one.kind == "professional"]
    alive = [one for one in degrees if one.revoked_on is None or day < one.revoked_on]
    levels = [one.level for one in alive if one.awarded_on <= day]
    standings: list[Standing] = _held(person.standings.all(), _own_day(person, day))
    for stated in standings:
        behind = [one for one in degrees if one.level == stated.education and one.awarded_on <= stated.valid_from]
        if stated.education and not behind and not (stated.education == "none" and alive):
            levels.append(stated.education)
    return max(levels, key=lambda level: order[level].position, default=None)
