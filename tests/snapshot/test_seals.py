"""Sealed snapshots: kept as they were, recomputed bit for bit, and never changed."""

import stat
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as parquet
import pytest
from django.db import ProgrammingError, connection, transaction

from canbo.audit.models import Entry
from canbo.common.findings import Refused
from canbo.datasets.reading import read
from canbo.register.models import Person, PostHeld, Qualification
from canbo.snapshot.models import Seal
from canbo.snapshot.seals import seal, verify_seal
from tests.snapshot.support import entering, make_person, make_unit, state

pytestmark = pytest.mark.django_db

DAY = date(2024, 3, 31)
KNOWN = datetime(2024, 4, 15, tzinfo=UTC)
AT = datetime(2024, 4, 15, 1, tzinfo=UTC)


def fill() -> None:
    with entering():
        unit = make_unit()
        for number in range(20):
            one = make_person(f"P{number}", unit)
            state(one, education="bachelor", rank="specialist")
            Qualification.objects.create(
                person=one, kind="professional", level="bachelor", awarded_on=date(2003, 7, number + 1)
            )


def sealed(folder: Path, **more: object) -> Seal:
    given: dict[str, object] = {
        "day": DAY, "known": KNOWN, "title": "Quý I/2024", "folder": folder, "by": "an", "at": AT,
    }  # fmt: skip
    return seal(**(given | more))  # type: ignore[arg-type]


def test_a_seal_recomputes_bit_for_bit_after_everything_has_changed(tmp_path: Path) -> None:
    fill()
    made = sealed(tmp_path / "a")
    with entering(datetime(2024, 5, 1, tzinfo=UTC)):
        Person.objects.filter(code="P1").update(full_name="Tên khác")
        Qualification.objects.update(level="master")
        PostHeld.objects.filter(person__code="P2").delete()
        make_person("P99", PostHeld.objects.first().unit)  # type: ignore[union-attr]
    again = sealed(tmp_path / "b", at=datetime(2024, 6, 1, tzinfo=UTC))
    assert verify_seal(made) == ()
    assert (again.content, again.files) == (made.content, made.files)
    assert {path.name: path.read_bytes() for path in (tmp_path / "a").iterdir()} == {
        path.name: path.read_bytes() for path in (tmp_path / "b").iterdir()
    }


def test_the_files_are_a_folder_of_data_that_every_command_reads(tmp_path: Path) -> None:
    fill()
    with entering():
        Person.objects.filter(code="P3").update(birth_precision="year")
        Person.objects.filter(code="P4").update(birth_precision="month")
    made = sealed(tmp_path / "a")
    data = read(tmp_path / "a")
    assert (data.data_date, data.title, data.version) == (DAY, "Quý I/2024", made.content)
    assert made.rows == {"units": 1, "people": 20, "posts_held": 20, "qualifications": 20}
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "a").iterdir()} == {0o600}
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o700


def test_an_altered_file_a_missing_one_and_an_altered_register_are_found(tmp_path: Path) -> None:
    fill()
    made = sealed(tmp_path / "a")
    people = tmp_path / "a" / "people.parquet"
    table = parquet.read_table(people)
    parquet.write_table(table.slice(1), people)
    (tmp_path / "a" / "units.parquet").unlink()
    assert sorted(found.code for found in verify_seal(made)) == ["seal_altered", "seal_missing"]
    with connection.cursor() as cursor:  # as somebody with the database in hand could
        cursor.execute("ALTER TABLE register_personevent DISABLE TRIGGER USER")
        cursor.execute("UPDATE register_personevent SET full_name = 'x' WHERE code = 'P1'")
    assert "seal_differs" in {found.code for found in verify_seal(made)}


@pytest.mark.parametrize("statement", ["UPDATE snapshot_seal SET title = 'x'", "DELETE FROM snapshot_seal"])
def test_a_seal_cannot_be_changed_or_removed(tmp_path: Path, statement: str) -> None:
    fill()
    sealed(tmp_path / "a")
    with pytest.raises(ProgrammingError, match="pgtrigger"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_correction_is_a_new_seal_that_names_the_old_one(tmp_path: Path) -> None:
    fill()
    first = sealed(tmp_path / "a")
    with entering(datetime(2024, 5, 1, tzinfo=UTC)):
        Qualification.objects.filter(person__code="P1").update(level="master")
    later = datetime(2024, 6, 1, tzinfo=UTC)
    second = sealed(tmp_path / "b", known=None, at=later, replaces=first)
    assert (second.replaces, second.content != first.content) == (first, True)
    assert (verify_seal(first), verify_seal(second)) == ((), ())
    entry = Entry.objects.latest("id")
    assert (entry.action, entry.detail["content"]) == ("snapshot.seal", second.content)


def test_a_refused_seal_leaves_nothing(tmp_path: Path) -> None:
    fill()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "a.txt").write_text("x")
    before = Entry.objects.count()
    for more, says in (
        ({"folder": tmp_path / "full"}, "đang có dữ liệu"),
        ({"folder": tmp_path / "no" / "a"}, "Không ghi được"),
        ({"known": AT}, "trước lúc niêm phong"),
        ({"day": date(2019, 1, 1)}, "không có người nào"),
        ({"at": AT - timedelta(days=365), "known": AT - timedelta(days=366)}, "không có người nào"),
    ):
        with pytest.raises(Refused, match=says), transaction.atomic():
            sealed(**({"folder": tmp_path / "a"} | more))
    assert (Seal.objects.count(), Entry.objects.count()) == (0, before)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["full"]


def test_a_seal_whose_record_fails_leaves_no_files(tmp_path: Path) -> None:
    fill()
    with entering(AT + timedelta(days=1)):
        pass
    with pytest.raises(Refused, match="Đồng hồ"), transaction.atomic():
        sealed(tmp_path / "a")
    assert list(tmp_path.iterdir()) == []
