"""An import taken back: everything as before, unless somebody built on it since."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from canbo.audit.changes import change
from canbo.common.findings import Refused
from canbo.register.importing.undo import undo
from canbo.register.models import ImportBatch, Person, Qualification, Reward, Standing, Unit
from canbo.snapshot.take import take
from tests.register.importing.files import D2, LATER, bring, folder, person

pytestmark = pytest.mark.django_db
LAST = datetime(2024, 5, 3, 8, tzinfo=UTC)


def _two(tmp_path: Path) -> ImportBatch:
    bring(folder(tmp_path / "a", people=[person("P1"), person("P2")]))
    _, batch = bring(
        folder(tmp_path / "b", people=[person("P1", education="master", sex="female"), person("P3")]), D2, at=LATER
    )
    assert batch is not None
    return batch


def test_what_it_entered_goes_and_what_it_changed_is_as_before(tmp_path: Path) -> None:
    bring(folder(tmp_path / "0", people=[person("P1"), person("P2")]))
    before = take(D2).version
    _, batch = bring(
        folder(tmp_path / "b", people=[person("P1", education="master", sex="female"), person("P3")]), D2, at=LATER
    )
    assert batch is not None
    assert take(D2).version != before
    undo(batch, by="binh", at=LAST)
    assert take(D2).version == before
    assert ImportBatch.objects.get(pk=batch.pk).undone
    assert take(D2, known=LATER).version != before


def test_a_first_import_undone_leaves_an_empty_register(tmp_path: Path) -> None:
    _, batch = bring(folder(tmp_path / "a", people=[person("P1")]))
    assert batch is not None
    undo(batch, by="binh", at=LAST)
    assert not Person.objects.exists()
    assert not Unit.objects.exists()
    with pytest.raises(Refused, match="trước đó"):
        undo(batch, by="binh", at=LAST)


def test_it_is_refused_where_its_rows_were_changed_since(tmp_path: Path) -> None:
    batch = _two(tmp_path)
    with change(by="an", at=LAST, action="edit"):
        Standing.objects.filter(person__code="P3").update(education="doctor")
    with pytest.raises(Refused, match="1 dòng"):
        undo(batch, by="binh", at=LAST)
    assert Person.objects.filter(code="P3").exists()


def test_it_is_refused_where_a_later_import_built_on_it(tmp_path: Path) -> None:
    _, first = bring(folder(tmp_path / "0", people=[person("P1")]))
    _, second = bring(folder(tmp_path / "b", people=[person("P1", education="master")]), D2, at=LATER)
    assert first is not None
    assert second is not None
    with pytest.raises(Refused, match="sửa sau đó"):
        undo(first, by="binh", at=LAST)
    undo(second, by="binh", at=LAST)
    assert [(row.education, row.valid_to) for row in Standing.objects.all()] == [("bachelor", None)]


@pytest.mark.parametrize("fact", ["reward", "degree"])
def test_it_is_refused_where_somebody_entered_a_fact_about_its_person(tmp_path: Path, fact: str) -> None:
    batch = _two(tmp_path)
    new = Person.objects.get(code="P3")
    with change(by="an", at=LAST, action="enter"):
        if fact == "reward":
            Reward.objects.create(person=new, form="Bằng khen", decided_on=date(2023, 1, 1))
        else:
            Qualification.objects.create(person=new, kind="professional", level="master", awarded_on=date(2023, 1, 1))
    with pytest.raises(Refused, match="dựa vào"):
        undo(batch, by="binh", at=LAST)
    assert Person.objects.filter(code="P3").exists()
    assert not ImportBatch.objects.get(pk=batch.pk).undone
