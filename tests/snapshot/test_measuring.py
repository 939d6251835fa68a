"""The register in memory for measuring: nothing read twice, every committed change seen, no more days than said."""

import threading
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from canbo.audit.changes import note
from canbo.common.findings import Refused
from canbo.datasets.store import Store
from canbo.measure.checking import measurable_scheme
from canbo.measure.evaluation import measure_all
from canbo.measure.library import find_scheme
from canbo.measure.scheme import Scheme
from canbo.register.models import Person
from canbo.snapshot import measuring
from canbo.snapshot.measuring import Days
from canbo.snapshot.take import take
from tests.snapshot.support import ENTERED, entering, make_person, make_unit, state

pytestmark = pytest.mark.django_db
DAY = date(2023, 12, 31)
LATER = ENTERED + timedelta(days=1)
MARK = (1, UUID(int=1))


@pytest.fixture(scope="module")
def scheme() -> Scheme:
    return measurable_scheme(find_scheme("thai-nguyen-2021-2030"))


@pytest.fixture
def unit(db: None) -> Any:
    with entering():
        made = make_unit()
        make_person("A", made)
    return made


def people(days: Days, scheme: Scheme, day: date = DAY, **more: Any) -> int:
    with days.measurer(scheme, day, **more) as measurer:
        measure_all(measurer, as_of=day)
        return int(measurer.store.data.tables["people"].num_rows)


def test_asked_again_only_the_last_change_is_looked_up(
    unit: Any, scheme: Scheme, django_assert_num_queries: Any
) -> None:
    days = Days()
    assert people(days, scheme) == 1
    with django_assert_num_queries(1):
        assert people(days, scheme) == 1


def test_a_change_is_seen_and_a_read_forgets_nothing(unit: Any, scheme: Scheme, django_assert_num_queries: Any) -> None:
    days = Days()
    assert people(days, scheme) == 1
    note(by="an", at=LATER, action="read-file", subject="person:A")
    with django_assert_num_queries(1):
        assert people(days, scheme) == 1
    with entering(LATER):
        make_person("B", unit)
    assert people(days, scheme) == 2
    assert people(days, scheme, known=ENTERED) == 1
    assert len(days) == 2


def test_a_change_of_a_few_people_reads_only_their_rows(
    unit: Any, scheme: Scheme, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = Days()
    assert people(days, scheme) == 1
    monkeypatch.setattr(measuring, "take", None)  # the whole is not read again
    with entering(LATER):
        made = make_person("B", unit)
    assert people(days, scheme) == 2
    with entering(LATER):
        Person.objects.filter(pk=made.pk).update(merged_into=Person.objects.get(code="A"))
    assert people(days, scheme) == 1


def test_a_change_of_the_units_reads_all_anew(unit: Any, scheme: Scheme) -> None:
    days = Days()
    assert people(days, scheme) == 1
    with entering(LATER):
        make_unit("H", unit, level="district", kind="locality")
    with days.measurer(scheme, DAY) as measurer:
        assert measurer.store.tree.ids == ("T", "H")


def test_what_a_source_states_only_later_is_said_of_as_many_as_it_is(unit: Any, scheme: Scheme) -> None:
    days = Days()

    def remarks() -> list[str]:
        with days.measurer(scheme, DAY) as measurer:
            return [one.message for one in measurer.store.data.findings]

    assert remarks() == []
    with entering(LATER):
        state(make_person("B", unit), since=DAY + timedelta(days=1), known=False, education="bachelor")
    assert len(remarks()) == 1
    assert "1 người" in remarks()[0]


def test_another_scheme_uses_the_same_datasets(unit: Any, scheme: Scheme) -> None:
    days = Days()
    second = measurable_scheme(find_scheme("bac-giang-2021-2025"))
    with days.measurer(scheme, DAY) as one, days.measurer(second, DAY) as two:
        assert one.store is two.store
        assert (one.scheme.id, two.scheme.id) == (scheme.id, second.id)
    assert len(days) == 1


def test_no_more_days_than_said_and_the_oldest_goes(unit: Any, scheme: Scheme, django_assert_num_queries: Any) -> None:
    days = Days(most=2)
    for day in (DAY, DAY - timedelta(days=1), DAY, DAY - timedelta(days=2)):
        people(days, scheme, day)
    assert len(days) == 2
    with django_assert_num_queries(1):
        people(days, scheme, DAY)  # asked again meanwhile, so the other one went


def test_a_day_with_nobody_is_refused_each_time(unit: Any, scheme: Scheme) -> None:
    days = Days()
    for _ in range(2):
        with pytest.raises(Refused, match="không có người nào tại ngày 01/01/1990"):
            people(days, scheme, date(1990, 1, 1))


def test_of_two_threads_one_loads_and_they_ask_one_after_the_other(
    unit: Any, scheme: Scheme, monkeypatch: pytest.MonkeyPatch
) -> None:
    days, loads, inside, most = Days(), [], [0], [0]
    ready, store = threading.Barrier(4), Store(take(DAY))

    def load(kept: Any, day: date, known: Any) -> None:
        loads.append(day)
        kept.store, kept.mark = store, MARK

    monkeypatch.setattr(measuring, "_load", load)
    monkeypatch.setattr(measuring, "_changes_since", lambda mark: [] if mark else [MARK])

    def ask() -> None:
        ready.wait()
        with days.measurer(scheme, DAY):
            inside[0] += 1
            most[0] = max(most[0], inside[0])
            threading.Event().wait(0.01)
            inside[0] -= 1

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (loads, most) == ([DAY], [1])
