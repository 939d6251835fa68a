"""Whom mandates reach, kept between questions: what was committed is seen at once, whoever wrote it; nothing else."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import combinations
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from canbo.accounts.permissions import Permission
from canbo.accounts.scopes import Grant, Scope
from canbo.audit.anchors import path_of
from canbo.audit.changes import change, note
from canbo.installation.server import parameters
from canbo.register import reach, scoping
from canbo.register.models import BodySeat, DelegationRule, Person, PostHeld, Unit, UnitVersion
from tests.installation.support import copied
from tests.register.makers import START, make_person, make_unit, post
from tests.register.random_registers import DAYS, fill

DAY = date(2025, 3, 1)
AT = datetime(2025, 3, 1, 5, tzinfo=UTC)
READ = Permission.PEOPLE_READ


def _grant(unit: str | None, *tiers: str) -> Grant:
    return Grant(frozenset({READ}), frozenset(tiers) or None, unit, "internal")


NORTH, HEADS = Scope("an", "", (_grant("N"),)), Scope("an", "", (_grant("T", "unit_head"),))


def _seen(scope: Scope, day: date = DAY) -> str:
    return "".join(sorted(person.code for person in scoping.people(scope, READ, day=day)))


def _elsewhere(work: Callable[[], Any]) -> Any:
    """Do something on a connection of its own, which knows nothing of this one's."""
    done: list[Any] = []

    def run() -> None:
        try:
            done.append(work())
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return done[0]


def _here(work: Callable[[], Any]) -> Any:
    return work()


def _changing(work: Callable[[], Any]) -> None:
    with change(by="an", at=AT, action="enter"):
        work()


@pytest.fixture
def register(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A database that commits: A (a unit head by statement) in N, B in H, C in N1; T over N (over N1) and H."""
    with copied("reach") as url, django_db_blocker.unblock():
        before, name = connection.settings_dict["NAME"], parameters(url)["dbname"]
        connection.close()
        connection.settings_dict["NAME"] = name
        reach.ANSWERS.clear()
        try:
            _changing(_province)
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = before
            path_of(name).unlink(missing_ok=True)


def _province() -> None:
    top = make_unit("T")
    north, other = make_unit("N", top), make_unit("H", top)
    post(make_person("A"), north, stated_tier="unit_head")
    post(make_person("B"), other)
    post(make_person("C"), make_unit("N1", north))


def _unit(code: str) -> Unit:
    return Unit.objects.get(code=code)


def _begin_post() -> None:
    post(make_person("D"), _unit("N1"), stated_tier="unit_head")


def _enter_in_north(code: str) -> None:
    post(make_person(code), _unit("N"))


def _end_post() -> None:
    PostHeld.objects.filter(person__code="A").update(valid_to=DAY)


def _move_unit() -> None:
    UnitVersion.objects.filter(unit__code="N1").update(parent=_unit("H"))


def _set_rule() -> None:
    DelegationRule.objects.create(tier="unit_head", post_kind="professional", valid_from=START)


def _change_rule() -> None:
    DelegationRule.objects.update(tier="central")


def _merge() -> None:
    Person.objects.filter(code="D").update(merged_into=Person.objects.get(code="B"))


def _take_seat() -> None:
    DelegationRule.objects.create(tier="unit_head", body="standing_committee", valid_from=START)
    BodySeat.objects.create(
        person=make_person("E"), unit=_unit("N"), body="standing_committee", role="member", valid_from=START
    )


STEPS = (
    (_begin_post, "ACD", "AD"),
    (_end_post, "CD", "D"),
    (_move_unit, "", "D"),
    (_set_rule, "", "BCD"),
    (_change_rule, "", "D"),
    (_merge, "", ""),
    (_take_seat, "E", "E"),
)
"""What is done, one after the other, and who is then seen in the north and among those managed by unit heads."""


@pytest.mark.parametrize("where", [_here, _elsewhere], ids=["on this connection", "on another connection"])
def test_each_committed_change_is_seen_by_the_next_query(
    register: None, where: Callable[[Callable[[], Any]], Any]
) -> None:
    assert (_seen(NORTH), _seen(HEADS)) == ("AC", "A")
    for work, north, heads in STEPS:
        where(partial(_changing, work))
        assert (_seen(NORTH), _seen(HEADS)) == (north, heads), work.__name__
        assert (_seen(NORTH), _seen(HEADS)) == (north, heads), work.__name__
        with transaction.atomic():
            assert (_seen(NORTH), _seen(HEADS)) == (north, heads), work.__name__


def test_what_is_written_past_the_log_is_seen_too(register: None) -> None:
    for work, north, heads in STEPS:
        work()
        assert (_seen(NORTH), _seen(HEADS)) == (north, heads), work.__name__


def test_a_change_sees_what_it_has_written_and_nobody_else_does_until_it_is_committed(register: None) -> None:
    assert _seen(NORTH) == "AC"
    with pytest.raises(RuntimeError), change(by="an", at=AT, action="enter"):
        _begin_post()
        assert _seen(NORTH) == "ACD"
        assert _elsewhere(lambda: _seen(NORTH)) == "AC"
        raise RuntimeError
    assert _seen(NORTH) == "AC"
    _changing(_begin_post)
    assert _seen(NORTH) == _elsewhere(lambda: _seen(NORTH)) == "ACD"


def _statements(work: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as asked:
        work()
    return len(asked)


def test_nothing_is_worked_out_again_until_something_is_written(register: None) -> None:
    twice = Scope("an", "", (*NORTH.grants, *NORTH.grants))
    assert _statements(lambda: _seen(NORTH)) == 3  # the state, whom it reaches, the people
    assert _statements(lambda: _seen(NORTH)) == 2
    assert _statements(lambda: _seen(twice)) == 2
    note(by="an", at=AT, action="read-file", subject="person:A")
    assert _statements(lambda: _seen(NORTH)) == 2
    assert _statements(lambda: _seen(NORTH, DAY + timedelta(days=1))) == 3
    assert _statements(lambda: _seen(HEADS)) == 3
    assert len(reach.ANSWERS) == 3
    _changing(_begin_post)
    assert _statements(lambda: _seen(NORTH)) == 3
    assert len(reach.ANSWERS) == 1  # what was kept before the change is gone


def test_no_more_answers_than_said_and_the_oldest_goes(register: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reach, "ANSWERS", reach.Answers(most=2))
    for scope, day in ((NORTH, DAY), (HEADS, DAY), (NORTH, DAY), (NORTH, DAY + timedelta(days=1))):
        _seen(scope, day)
    assert len(reach.ANSWERS) == 2
    assert _statements(lambda: _seen(NORTH)) == 2  # asked again meanwhile, so the other one went
    assert _statements(lambda: _seen(HEADS)) == 3


def test_readers_at_once_see_whatever_was_committed_before_they_asked(register: None) -> None:
    written, wrong, stop = [2], [], threading.Event()

    def read() -> None:
        while not stop.is_set():
            least = written[0]
            found = scoping.people(NORTH, READ, day=DAY).count()
            if found < least:
                wrong.append((least, found))
        connection.close()

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    try:
        for number in range(25):
            _changing(partial(_enter_in_north, f"X{number}"))
            written[0] += 1
    finally:
        stop.set()
        for reader in readers:
            reader.join()
    assert (wrong, scoping.people(NORTH, READ, day=DAY).count()) == ([], 27)


def test_what_is_kept_is_what_the_database_says_whatever_the_register(register: None) -> None:
    _changing(lambda: fill(201, by_hand=True))
    grants = [_grant(unit, *tiers) for unit in (None, "U0", "U1") for tiers in ((), ("unit_head",), ("central",))][1:]
    several = [*((one,) for one in grants), *zip(grants, grants[1:], strict=False)]
    sizes = set()
    for day in DAYS[::3]:
        for asked in several:
            scope = Scope("an", "", asked)
            with transaction.atomic():
                expected = _seen(scope, day)
            assert _seen(scope, day) == _seen(scope, day) == expected, (day, asked)
            sizes.add(len(expected))
    assert len(sizes) > 5


@pytest.mark.django_db
def test_every_set_of_persons_is_said_so_that_it_means_just_them() -> None:
    numbers = [make_person(f"P{number}").pk for number in range(6)]
    both = set()
    for size in range(7):
        for some in combinations(numbers, size):
            packed = reach._packed(some)
            assert tuple(Person.objects.filter(packed.condition()).order_by("pk").values_list("pk", flat=True)) == some
            both.add(packed.bounds is None)
    assert both == {True, False}
