"""Who holds what, asked of a few persons or units: the same as of everybody, now and as known at a moment."""

from datetime import UTC, date, datetime

import pytest

from canbo.audit.changes import change
from canbo.register import holdings, people, structure, tiers
from canbo.register.models import Person, PostHeld, Qualification
from tests.register.makers import employ, make_person, make_unit, post
from tests.register.random_registers import DAYS, fill

pytestmark = pytest.mark.django_db

DAY = date(2024, 6, 1)
MOMENTS = [datetime(2024, 5, day, tzinfo=UTC) for day in (1, 2, 3)]


@pytest.mark.parametrize("seed", [300, 301])
@pytest.mark.parametrize("known", [None, datetime(2026, 1, 1, tzinfo=UTC)])
def test_a_few_are_told_as_they_stand_among_all(seed: int, known: datetime | None) -> None:
    fill(seed, by_hand=True)
    told = 0
    for day in DAYS[1::3]:
        everybody = holdings.holders(day, known=known)
        some = [one for one in everybody if one.id % 3]
        ids = [one.id for one in some]
        assert holdings.holders(day, known=known, persons=ids) == some
        by_code = {one.code for one in some}
        tiers_of_all = tiers.tiers_on(day, known=known)
        expected = {code: tier for code, tier in tiers_of_all.items() if code in by_code}
        assert tiers.tiers_on(day, known=known, persons=ids) == expected
        of_all, of_some = (structure.dimensions(day, known=known, persons=asked) for asked in (None, ids))
        for key, dimension in of_all.items():
            assert [of_some[key].place(one) for one in some] == [dimension.place(one) for one in some], (day, key)
        in_unit = {one.id for one in everybody if any(held.unit == "U1" for held in one.holdings)}
        assert in_unit <= holdings.persons_in(["U1"], day, known=known)
        told += len(some) + len(in_unit)
    assert told > 0


def test_nobody_asked_for_is_nobody_told() -> None:
    employ(make_person("A"))
    assert holdings.holders(DAY, persons=[]) == []
    assert holdings.persons_in([], DAY) == set()


def test_who_works_holds_or_sits_in_a_unit_is_in_it_from_day_to_day() -> None:
    here, there = make_unit("U1"), make_unit("U2")
    a, b = make_person("A"), make_person("B")
    employ(a, unit=here, valid_to=DAY)
    employ(b, unit=there)
    post(b, here, valid_from=DAY)
    assert holdings.persons_in(["U1"], date(2024, 5, 31)) == {a.id}
    assert holdings.persons_in(["U1"], DAY) == {b.id}
    assert holdings.persons_in(["U1", "U2"], date(2024, 5, 31)) == {a.id, b.id}


def test_what_was_taken_back_is_told_until_then_and_never_after() -> None:
    with change(by="an", at=MOMENTS[0], action="enter"):
        unit = make_unit("U1")
        person = make_person("A")
        employ(person)
        post(person, unit)
        Qualification.objects.create(person=person, kind="professional", level="master", awarded_on=DAY)
    with change(by="an", at=MOMENTS[1], action="correct"):
        PostHeld.objects.update(post_kind="agency_head")
    with change(by="an", at=MOMENTS[2], action="withdraw"):
        PostHeld.objects.all().delete()
        Qualification.objects.all().delete()
    kinds = [[one.post_kind for who in holdings.holders(DAY, known=at) for one in who.holdings] for at in MOMENTS]
    assert kinds == [["professional"], ["agency_head"], []]
    assert [len(people.rows_known("PostHeld", at)) for at in MOMENTS] == [1, 1, 0]
    (one,) = holdings.holders(DAY)
    levels = [structure.dimensions(DAY, known=at, persons=[one.id])["education"].place(one) for at in MOMENTS]
    assert levels == ["master", "master", None]


def test_a_row_that_has_gone_to_another_person_is_no_longer_told_of_the_first() -> None:
    with change(by="an", at=MOMENTS[0], action="enter"):
        unit = make_unit("U1")
        first, second = make_person("A"), make_person("B")
        for one in (first, second):
            employ(one)
        post(first, unit)
    with change(by="an", at=MOMENTS[1], action="correct"):
        PostHeld.objects.update(person=Person.objects.get(code="B"))
    counts = [[len(who.holdings) for who in holdings.holders(DAY, known=at, persons=[first.id])] for at in MOMENTS[:2]]
    assert counts == [[1], [0]]
