"""``canbo imports`` and ``canbo imports undo``: the list, the preview, and what was changed since."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from canbo.audit.changes import change
from canbo.audit.models import Entry
from canbo.register.models import Employment, ImportBatch, Person, PostHeld, Reward, Standing, Unit, UnitVersion
from canbo.snapshot.take import take
from tests.cli.conftest import Call
from tests.register.importing.files import D2, LATER, UNITS, bring, folder, person

pytestmark = pytest.mark.django_db
SINCE = datetime(2024, 5, 3, 8, tzinfo=UTC)
U3 = {"unit_id": "U3", "name": "Sở Y tế", "level": "province", "kind": "state", "parent_id": "T"}


def _two(tmp_path: Path) -> tuple[ImportBatch, str]:
    """P1 and P2; a second import changes P1, and enters P3 and P4 in a new unit. With the data before it."""
    bring(folder(tmp_path / "a", people=[person("P1"), person("P2")]))
    before = take(D2).version
    people = [person("P1", education="master"), person("P3", unit_id="U3"), person("P4", unit_id="U3")]
    _, batch = bring(folder(tmp_path / "b", units=[*UNITS, U3], people=people), D2, at=LATER)
    assert batch is not None
    return batch, before


def test_the_list_says_which_file_when_by_whom_and_how_much(canbo: Call, tmp_path: Path) -> None:
    assert "Chưa nhập gì" in canbo("imports").out
    batch, _ = _two(tmp_path)
    first, second = canbo("imports", "--json").json["imports"]
    assert (first["file_name"], first["as_of"], first["by"], first["undone"]) == ("a", "2021-12-31", "an", False)
    assert (second["id"], second["created"], second["changed"], second["ended"]) == (
        batch.pk, batch.created, batch.changed, batch.ended,
    )  # fmt: skip
    shown = canbo("imports").out
    assert "31/12/2022" in shown and "02/05/2024" in shown and "Kết thúc" in shown
    assert "Imported" in canbo("imports", "--lang", "en").out
    assert canbo("imports", "undo", str(batch.pk), "--yes").status == 0
    (line,) = [line for line in canbo("imports").out.splitlines() if "31/12/2022" in line]
    assert line.rstrip().endswith("đã hoàn tác")


def test_the_preview_says_what_is_taken_back_and_writes_nothing(canbo: Call, tmp_path: Path) -> None:
    batch, _ = _two(tmp_path)
    entries = Entry.objects.count()
    answer = canbo("imports", "undo", str(batch.pk), "--json")
    assert answer.status == 0, answer.err
    told = answer.json
    assert (told["undone"], told["blocked"], told["later_count"], told["left"]) == (False, False, 0, 0)
    counts = {one["kind"]: (one["removed"], one["put_back"], one["left"]) for one in told["tables"]}
    assert counts == {
        "hồ sơ": (2, 1, 0),  # P3 and P4; P1's count of changes
        "đơn vị": (1, 0, 0),
        "thông tin đơn vị": (1, 0, 0),
        "quá trình công tác": (2, 0, 0),
        "trình độ theo nguồn": (3, 1, 0),  # two of the new people; P1's second one, and the first one ended
        "chức vụ": (2, 0, 0),
    }
    assert not ImportBatch.objects.get(pk=batch.pk).undone
    assert Entry.objects.count() == entries


def test_undone_everything_is_as_before_and_only_once(canbo: Call, tmp_path: Path) -> None:
    batch, before = _two(tmp_path)
    done = canbo("imports", "undo", str(batch.pk), "--yes")
    assert done.status == 0, done.err
    assert f"Đã hoàn tác lần nhập số {batch.pk}" in done.out
    assert take(D2).version == before
    last = Entry.objects.order_by("-id")[0]
    assert (last.action, last.detail) == ("undo_import", {"batch": batch.pk, "left": 0})
    again = canbo("imports", "undo", str(batch.pk), "--yes")
    assert again.status == 2 and "đã được hoàn tác trước đó" in again.err
    missing = canbo("imports", "undo", "999999", "--yes", "--lang", "en")
    assert missing.status == 2 and "There is no import 999999" in missing.err


def test_what_was_changed_since_is_shown_and_blocks(canbo: Call, tmp_path: Path) -> None:
    batch, _ = _two(tmp_path)
    with change(by="binh", at=SINCE, action="edit"):
        Standing.objects.filter(person__code="P3").update(education="doctor")
    answer = canbo("imports", "undo", str(batch.pk), "--yes")
    assert answer.status == 2
    assert "P3 · Nguyễn Văn P3 (edit, binh, " in answer.out
    assert "1 dòng của lần nhập này đã được sửa" in answer.err and "--keep-changed" in answer.err
    told = canbo("imports", "undo", str(batch.pk), "--json").json
    assert (told["blocked"], told["undone"], told["later_count"]) == (True, False, 1)
    assert Person.objects.filter(code="P4").exists()


def test_who_was_changed_since_is_left_whole_with_the_unit_and_the_rest_goes(canbo: Call, tmp_path: Path) -> None:
    batch, _ = _two(tmp_path)
    with change(by="binh", at=SINCE, action="edit"):
        Standing.objects.filter(person__code="P3").update(education="doctor")
    answer = canbo("imports", "undo", str(batch.pk), "--yes", "--keep-changed")
    assert answer.status == 0, answer.err
    assert "Giữ nguyên toàn bộ hồ sơ của 2 người, đơn vị" in answer.out  # P3, and U3 where P3 works
    assert set(Person.objects.values_list("code", flat=True)) == {"P1", "P2", "P3"}
    assert set(Unit.objects.values_list("code", flat=True)) == {"T", "U1", "U2", "U3"}
    assert UnitVersion.objects.get(unit__code="U3").name == "Sở Y tế"
    assert Standing.objects.get(person__code="P3").education == "doctor"
    assert Employment.objects.get(person__code="P3").unit.code == "U3"
    assert PostHeld.objects.filter(person__code="P3").count() == 1
    (standing,) = Standing.objects.filter(person__code="P1")
    assert (standing.education, standing.valid_to) == ("bachelor", None)
    assert ImportBatch.objects.get(pk=batch.pk).undone


def test_a_fact_entered_since_about_somebody_of_the_import_keeps_that_person(canbo: Call, tmp_path: Path) -> None:
    batch, _ = _two(tmp_path)
    with change(by="binh", at=SINCE, action="enter"):
        Reward.objects.create(person=Person.objects.get(code="P4"), form="Bằng khen", decided_on=date(2023, 1, 1))
        Reward.objects.create(person=Person.objects.get(code="P2"), form="Bằng khen", decided_on=date(2023, 1, 1))
    blocked = canbo("imports", "undo", str(batch.pk), "--yes")
    assert blocked.status == 2 and "1 dòng được nhập sau đó dựa vào" in blocked.err
    assert canbo("imports", "undo", str(batch.pk), "--yes", "--keep-changed").status == 0
    assert set(Person.objects.values_list("code", flat=True)) == {"P1", "P2", "P4"}
    assert Reward.objects.count() == 2


def test_what_followed_by_hand_on_what_the_import_ended_is_kept(canbo: Call, tmp_path: Path) -> None:
    """The import ended P1's first standing; the second was since ended by hand and a third begun."""
    batch, _ = _two(tmp_path)
    turn = date(2023, 6, 1)
    with change(by="binh", at=SINCE, action="edit"):
        person_ = Person.objects.get(code="P1")
        Standing.objects.filter(person=person_, valid_to=None).update(valid_to=turn)
        Standing.objects.create(person=person_, education="doctor", valid_from=turn)
    assert canbo("imports", "undo", str(batch.pk), "--yes").status == 2
    assert canbo("imports", "undo", str(batch.pk), "--yes", "--keep-changed").status == 0
    kept = Standing.objects.filter(person__code="P1").order_by("valid_from")
    assert [one.education for one in kept] == ["bachelor", "master", "doctor"]
    assert set(Person.objects.values_list("code", flat=True)) == {"P1", "P2"}


def test_a_later_count_of_changes_alone_does_not_block(canbo: Call, tmp_path: Path) -> None:
    """A fact about P1, whom the import did not enter, only raises the person's count."""
    batch, _ = _two(tmp_path)
    with change(by="binh", at=SINCE, action="enter"):
        person_ = Person.objects.get(code="P1")
        person_.revision += 1
        person_.save()
        Reward.objects.create(person=person_, form="Bằng khen", decided_on=date(2023, 1, 1))
    revision = person_.revision
    assert canbo("imports", "undo", str(batch.pk), "--yes").status == 0
    assert Person.objects.get(code="P1").revision == revision + 1
    assert Reward.objects.count() == 1
