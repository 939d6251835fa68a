"""Two officers at once, each with a connection of its own: one wins, the other is told why, nothing is half-written."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import connection, transaction

from canbo.audit.changes import change
from canbo.audit.models import Entry
from canbo.audit.verifying import verify
from canbo.common.findings import Refused
from canbo.register import document_tree, documents, merges, people, posts, units
from canbo.register.importing import run
from canbo.register.models import Document, DocumentRelation, Person, PersonMerge, PostHeld, Training, Unit, UnitVersion
from tests.installation.support import copied
from tests.register.importing.files import D1, folder, person

pytestmark = pytest.mark.usefixtures("register")
Step = Callable[[], Any]
DAY = date(2025, 7, 1)


@pytest.fixture(scope="module")
def database(django_db_setup: None) -> Iterator[str]:
    """The name of a database of this module's own, in which changes are committed."""
    with copied("officers") as url:
        yield str(psycopg.conninfo.conninfo_to_dict(url)["dbname"])


@pytest.fixture
def register(database: str, django_db_blocker: Any) -> Iterator[None]:
    """An empty register; afterwards its log and its history must fit, whatever happened."""
    with django_db_blocker.unblock():
        kept = connection.settings_dict["NAME"]
        connection.close()
        connection.settings_dict["NAME"] = database
        try:
            yield
            assert not [one.message for one in verify(at=now())]
        finally:
            _empty()
            connection.close()
            (Path(os.environ["CANBO_HOME"]) / "anchor" / database).unlink(missing_ok=True)
            connection.settings_dict["NAME"] = kept


def _empty() -> None:
    """Begin again. Nobody may do this but a test: the triggers that refuse it are set aside."""
    with connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names(cursor) if name.startswith(("register_", "audit_"))]  # fmt: skip # noqa: E501
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE")
        cursor.execute("SET session_replication_role = origin")


def now() -> datetime:
    return datetime.now(UTC)


class Officer(threading.Thread):
    """Does something in a session of its own; ``said`` is the refusal in words, empty where it was done."""

    def __init__(self, step: Step) -> None:
        super().__init__(daemon=True)
        self.step, self.said = step, ""
        self.failure: BaseException | None = None
        self.start()

    def run(self) -> None:
        try:
            self.step()
        except Refused as error:
            self.said = error.message
        except BaseException as error:
            self.failure = error
        finally:
            connection.close()

    def done(self) -> str:
        self.join(60)
        assert not self.is_alive(), "still waiting"
        if self.failure is not None:
            raise AssertionError("the officer was not told in words") from self.failure
        return self.said


def overlapping(first: Step, second: Step, *, then: Step | None = None) -> tuple[str, str]:
    """The second begins while the first has written and not committed, and waits for it or is through before it.

    ``then``: what the first still does once the second waits. Gives what each was told.
    """
    written, goes_on = threading.Event(), threading.Event()

    def whole() -> None:
        with change(by="an", at=now(), action="officer"):
            try:
                first()
            finally:
                written.set()
            assert goes_on.wait(60)
            if then is not None:
                then()

    one = Officer(whole)
    assert written.wait(60)
    other = Officer(second)
    until = time.monotonic() + 60
    while other.is_alive() and not _waits():
        assert time.monotonic() < until
        time.sleep(0.01)
    goes_on.set()
    return one.done(), other.done()


def _waits() -> bool:
    """Whether a session of this register waits for another."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


def entered(code: str, **more: Any) -> Person:
    given: dict[str, Any] = {"full_name": "Nguyễn Văn An", "birth_date": date(1980, 6, 15), "sex": "male"} | more
    return people.enter(code=code, by="test", at=now(), **given)


def decision() -> Document:
    return documents.register(number="12-QĐ/TU", kind="QĐ", issuer="Tỉnh ủy", issued_on=date(2019, 12, 1), by="test", at=now())  # fmt: skip # noqa: E501


def unit(code: str, parent: Unit | None = None) -> Unit:
    return units.enter(
        code=code, name=f"Đơn vị {code}", level="province", kind="state", valid_from=date(2000, 1, 1), parent=parent,
        by="test", at=now(),
    )  # fmt: skip


def official() -> tuple[Person, PostHeld]:
    somebody = entered("P1")
    row = posts.begin(
        person=somebody, unit=unit("N"), start=date(2020, 1, 1), document=decision(), post_kind="professional",
        is_main=True, by="test", at=now(),
    )  # fmt: skip
    return Person.objects.get(pk=somebody.pk), row


def written_by_officers() -> list[str]:
    """The authors of the changes that wrote something after what the test prepared."""
    return list(Entry.objects.filter(rows__gt=0).exclude(actor="test").order_by("id").values_list("actor", flat=True))


def versions(model: str, row: int) -> int:
    found: int = apps.get_model("register", f"{model}Event")._default_manager.filter(pgh_obj_id=row).count()
    return found


def test_the_second_to_edit_a_person_is_told_what_the_first_changed() -> None:
    one = entered("P1")
    other, seen = Person.objects.get(pk=one.pk), one.revision
    before = versions("Person", one.pk)
    told = overlapping(
        lambda: people.correct(one, full_name="Nguyễn Văn Bình", by="an", at=now(), seen=seen),
        lambda: people.correct(other, phone="0206 385 0000", by="chi", at=now(), seen=seen),
    )
    assert told[0] == ""
    assert "Hồ sơ Nguyễn Văn Bình (P1) đã thay đổi sau khi bạn mở" in told[1]
    assert " an: " in told[1] and "Chưa ghi gì" in told[1]
    left = Person.objects.get(pk=one.pk)
    assert (left.full_name, left.name_key, left.phone, left.revision) == ("Nguyễn Văn Bình", "nguyen van binh", "", seen + 1)  # fmt: skip # noqa: E501
    assert written_by_officers() == ["an"]
    assert versions("Person", one.pk) > before


def test_of_many_at_once_exactly_one_wins() -> None:
    one = entered("P1")
    ready = threading.Barrier(4)

    def correct(number: int) -> Step:
        mine = Person.objects.get(pk=one.pk)

        def run() -> None:
            ready.wait(30)
            people.correct(mine, phone=f"{number}", by=f"officer{number}", at=now(), seen=one.revision)

        return run

    told = [officer.done() for officer in [Officer(correct(number)) for number in range(4)]]
    (winner,) = [number for number, said in enumerate(told) if not said]
    left = Person.objects.get(pk=one.pk)
    assert (left.phone, left.revision) == (f"{winner}", one.revision + 1)
    assert written_by_officers() == [f"officer{winner}"]
    assert all(f"officer{winner}" in said for said in told if said)


@pytest.mark.parametrize("second", ["correct", "end", "withdraw", "begin"])
def test_a_fact_revised_twice_at_once(second: str) -> None:
    somebody, row = official()
    seen, mine = somebody.revision, PostHeld.objects.get(pk=row.pk)
    ways: dict[str, Step] = {
        "correct": lambda: posts.correct(mine, is_acting=True, by="chi", at=now(), seen=seen),
        "end": lambda: posts.end(mine, last_day=date(2023, 12, 31), by="chi", at=now(), seen=seen),
        "withdraw": lambda: posts.withdraw(mine, by="chi", at=now(), seen=seen),
        "begin": lambda: posts.begin(
            person=somebody, unit=mine.unit, start=date(2025, 8, 1), document=mine.document, post_kind="specialist",
            is_main=False, instead_of=mine, by="chi", at=now(), seen=seen,
        ),
    }  # fmt: skip
    told = overlapping(lambda: posts.end(row, last_day=date(2024, 12, 31), by="an", at=now(), seen=seen), ways[second])
    assert told[0] == ""
    assert "đã thay đổi sau khi bạn mở" in told[1] and "sửa chức vụ" in told[1]
    left = PostHeld.objects.get(person=somebody)
    assert (left.valid_to, left.is_acting) == (date(2025, 1, 1), False)
    assert Person.objects.get(pk=somebody.pk).revision == seen + 1
    assert written_by_officers() == ["an"]
    assert versions("PostHeld", row.pk) == 2


def test_two_main_posts_begun_at_once_by_who_asks_for_no_revision() -> None:
    """The database's own rule holds where nobody looked at the record first, as when facts come from elsewhere."""
    somebody, row = official()
    posts.withdraw(row, by="test", at=now())

    def begin(by: str, start: date) -> Step:
        return lambda: posts.begin(
            person=somebody, unit=row.unit, start=start, document=row.document, post_kind="professional", is_main=True,
            by=by, at=now(),
        )  # fmt: skip

    told = overlapping(begin("an", date(2021, 1, 1)), begin("chi", date(2022, 1, 1)))
    assert told[0] == ""
    assert "Nguyễn Văn An (P1)" in told[1]
    assert PostHeld.objects.get(person=somebody).valid_from == date(2021, 1, 1)
    assert written_by_officers() == ["an"]


def test_a_unit_is_moved_under_one_of_two_parents() -> None:
    top = unit("T")
    moved, a, b = unit("U", top), unit("A", top), unit("B", top)
    seen = units.revision(moved)
    told = overlapping(
        lambda: units.change(moved, on=DAY, parent=a, by="an", at=now(), seen=seen),
        lambda: units.change(moved, on=DAY, parent=b, by="chi", at=now(), seen=seen),
    )
    assert told[0] == ""
    assert "Đơn vị “U” đã thay đổi sau khi bạn mở" in told[1] and " an: " in told[1]
    rows = [(one.valid_from, one.parent_id) for one in UnitVersion.objects.filter(unit=moved).order_by("valid_from")]
    assert rows == [(date(2000, 1, 1), top.pk), (DAY, a.pk)]
    assert written_by_officers() == ["an"]
    # Who looks again goes on from there.
    units.change(moved, on=DAY, parent=b, by="chi", at=now(), seen=units.revision(moved))
    assert units.version(moved, DAY).parent_id == b.pk


def test_a_unit_ended_while_another_moves_below_it() -> None:
    top = unit("T")
    ended, moved = unit("A", top), unit("U", top)
    told = overlapping(
        lambda: units.end(ended, on=DAY, by="an", at=now()),
        lambda: units.change(moved, on=DAY, parent=ended, by="chi", at=now()),
    )
    assert told[0] == ""
    assert "“A”" in told[1] and "không tồn tại" in told[1]
    assert units.version(moved, DAY).parent_id == top.pk
    assert written_by_officers() == ["an"]


@pytest.mark.parametrize("tree", ["parent", "party_parent"])
def test_two_moves_do_not_close_a_circle(tree: str) -> None:
    top = unit("T")
    a, b = unit("A", top), unit("B", top)
    told = overlapping(
        lambda: units.change(a, on=DAY, by="an", at=now(), **{tree: b}),
        lambda: units.change(b, on=DAY, by="chi", at=now(), **{tree: a}),
    )
    assert told[0] == ""
    assert "nằm dưới chính nó" in told[1]
    assert UnitVersion.objects.filter(unit=b).count() == 1
    assert getattr(units.version(a, DAY), tree) == b
    assert written_by_officers() == ["an"]


def test_one_code_for_two_units_entered_at_once() -> None:
    told = overlapping(lambda: unit("U"), lambda: unit("U"))
    assert told[0] == "" and "U" in told[1]
    assert (Unit.objects.count(), UnitVersion.objects.count()) == (1, 1)


def test_two_imports_applied_at_once(tmp_path: Path) -> None:
    """The second would write the same again: persons are held apart by their code, trainings by nothing."""
    run.apply(run.prepare(folder(tmp_path / "first", people=[person("P1")]), as_of=D1), by="test", at=now())
    training = {"person_id": "P1", "program": "master", "start_date": "2021-03-01", "result": "studying"}
    more = folder(tmp_path / "more", people=[person("P1")], trainings=[training])
    one, other = run.prepare(more, as_of=D1), run.prepare(more, as_of=D1)
    told = overlapping(lambda: run.apply(one, by="an", at=now()), lambda: run.apply(other, by="chi", at=now()))
    assert told[0] == ""
    assert "đã thay đổi sau khi xem trước nên chưa nhập gì" in told[1]
    assert Training.objects.count() == 1


def test_two_imports_of_the_same_new_people_at_once(tmp_path: Path) -> None:
    path = folder(tmp_path / "rows", people=[person("P1"), person("P2")])
    one, other = run.prepare(path, as_of=D1), run.prepare(path, as_of=D1)
    told = overlapping(lambda: run.apply(one, by="an", at=now()), lambda: run.apply(other, by="chi", at=now()))
    assert told[0] == ""
    assert "Hãy xem trước lại" in told[1]
    assert sorted(Person.objects.values_list("code", flat=True)) == ["P1", "P2"]
    assert run.prepare(path, as_of=D1).totals.writes == 0


@pytest.mark.parametrize("turned", [False, True])
def test_two_records_merged_twice_at_once(turned: bool) -> None:
    one, other = entered("P1"), entered("P2")
    a, b = Person.objects.get(pk=one.pk), Person.objects.get(pk=other.pk)
    kept, gone = (b, a) if turned else (a, b)
    told = overlapping(
        lambda: merges.merge(kept=one, gone=other, by="an", at=now()),
        lambda: merges.merge(kept=kept, gone=gone, by="chi", at=now()),
    )
    assert told[0] == ""
    assert "đã được gộp vào hồ sơ P1" in told[1]
    assert list(PersonMerge.objects.values_list("kept__code", "gone__code")) == [("P1", "P2")]
    assert list(Person.objects.filter(merged_into__isnull=True).values_list("code", flat=True)) == ["P1"]
    assert written_by_officers() == ["an"]


def test_merges_in_opposite_directions_do_not_wait_for_each_other() -> None:
    """The first holds one record when the second begins; had the second taken the other, both would wait for ever."""
    one, other = entered("P1"), entered("P2")
    a, b = Person.objects.get(pk=one.pk), Person.objects.get(pk=other.pk)

    def look() -> None:
        with transaction.atomic():
            Person.objects.select_for_update().get(pk=one.pk)

    told = overlapping(
        look,
        lambda: merges.merge(kept=b, gone=a, by="chi", at=now()),
        then=lambda: merges.merge(kept=one, gone=other, by="an", at=now()),
    )
    assert told[0] == ""
    assert "đã được gộp vào hồ sơ P1" in told[1]
    assert PersonMerge.objects.count() == 1


def test_two_relations_of_documents_neither_wait_for_each_other_nor_close_a_circle() -> None:
    """Each is entered while the other is under way; then both at once in a circle."""
    a, b, c, d = (
        documents.register(
            number=f"{number}-QĐ/TU", kind="QĐ", issuer="Tỉnh ủy", issued_on=date(2024, 1, 2), by="test", at=now()
        )
        for number in range(1, 5)
    )

    def relate(source: Document, target: Document, by: str) -> Step:
        return lambda: document_tree.relate(source, target, "basis", by=by, at=now())

    assert overlapping(lambda: None, relate(a, b, "chi"), then=relate(c, d, "an")) == ("", "")
    told = overlapping(relate(d, a, "an"), relate(b, c, "chi"))
    assert told[0] == ""
    assert told[1]
    assert DocumentRelation.objects.count() == 3


def test_a_fact_entered_while_its_person_is_merged_away_is_refused() -> None:
    somebody, row = official()
    kept = entered("P9")
    mine = PostHeld.objects.get(pk=row.pk)
    told = overlapping(
        lambda: merges.merge(kept=kept, gone=somebody, by="an", at=now()),
        lambda: posts.end(mine, last_day=date(2024, 12, 31), by="chi", at=now()),
    )
    assert told[0] == ""
    assert "đã được gộp vào hồ sơ P9" in told[1]
    left = PostHeld.objects.get(pk=row.pk)
    assert (left.person_id, left.valid_to) == (kept.pk, None)
