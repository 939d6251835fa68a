"""Who a row is: by code, by national id, by name, birth date and unit; what is not sure waits. And rows by hand."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from canbo.register.importing import run
from canbo.register.models import Document, Employment, ImportBatch, Person, PostHeld, Standing
from tests.register.importing.files import D2, LATER, bring, folder, person

pytestmark = pytest.mark.django_db
ID, OTHER_ID = "019080001234", "019080005678"


def _without_code(**more: Any) -> dict[str, Any]:
    return person("P1", **{"person_id": "", **more})


def _codes() -> set[str]:
    return set(Person.objects.values_list("code", flat=True))


def test_without_a_code_the_national_id_tells(tmp_path: Path) -> None:
    bring(folder(tmp_path / "a", people=[person("P1", national_id=ID)]))
    bring(
        folder(tmp_path / "b", people=[_without_code(national_id=ID, education="master", unit_id="U2")]), D2, at=LATER
    )
    assert _codes() == {"P1"}
    assert Standing.objects.get(valid_to=None).education == "master"


def test_without_code_and_id_name_birth_date_and_unit_tell(tmp_path: Path) -> None:
    bring(folder(tmp_path / "a", people=[person("P1")]))
    preview, _ = bring(folder(tmp_path / "b", people=[_without_code(education="master")]), D2, at=LATER)
    assert _codes() == {"P1"}
    assert (preview.by_dataset["people"].created, preview.by_dataset["people"].ended) == (1, 1)


def test_two_alike_are_not_guessed_between(tmp_path: Path) -> None:
    bring(folder(tmp_path / "a", people=[person("P1"), person("P2", full_name="Nguyễn Văn P1")]))
    preview, batch = bring(folder(tmp_path / "b", people=[_without_code(education="master")]), D2, at=LATER)
    assert batch is None
    assert _codes() == {"P1", "P2"}
    (finding,) = [one for one in preview.findings if one.severity == "error" and one.code == "possible_duplicate"]
    assert "P1, P2" in finding.message
    assert preview.by_dataset["people"].waiting == 1


def test_the_same_name_in_another_unit_waits_too(tmp_path: Path) -> None:
    bring(folder(tmp_path / "a", people=[person("P1")]))
    preview, batch = bring(folder(tmp_path / "b", people=[_without_code(unit_id="U2")]), D2, at=LATER)
    assert batch is None
    assert preview.by_dataset["people"].waiting == 1


def test_one_national_id_under_two_codes_waits_and_suggests_the_first(tmp_path: Path) -> None:
    bring(folder(tmp_path / "a", people=[person("P1", national_id=ID)]))
    preview, _ = bring(folder(tmp_path / "b", people=[person("P1"), person("P9", national_id=ID)]), D2, at=LATER)
    assert _codes() == {"P1"}
    (finding,) = [one for one in preview.findings if one.value == "P9" and one.severity == "error"]
    assert "“P1”" in finding.message
    assert "hợp nhất" in (finding.suggestion or "")


def test_one_name_and_birth_date_under_two_codes_is_told(tmp_path: Path) -> None:
    bring(folder(tmp_path / "a", people=[person("P1")]))
    preview, _ = bring(folder(tmp_path / "b", people=[person("P9", full_name="Nguyễn Văn P1")]), D2, at=LATER)
    assert _codes() == {"P1", "P9"}
    assert any(one.value == "P9" and "hợp nhất" in (one.suggestion or "") for one in preview.findings)


def test_two_national_ids_are_two_persons(tmp_path: Path) -> None:
    bring(folder(tmp_path / "a", people=[person("P1", national_id=ID)]))
    preview, _ = bring(
        folder(tmp_path / "b", people=[person("P9", full_name="Nguyễn Văn P1", national_id=OTHER_ID)]), D2, at=LATER
    )
    assert _codes() == {"P1", "P9"}
    assert not [one for one in preview.findings if one.value == "P9"]


def _decision() -> Document:
    return Document.objects.create(kind="decision", number="12-QĐ/TU", issued_on=date(2021, 5, 4), title="Điều động")


def test_what_was_entered_by_hand_is_shown_and_not_overwritten(tmp_path: Path) -> None:
    bring(folder(tmp_path / "a", people=[person("P1")]))
    Standing.objects.update(origin=None, document=_decision(), education="doctor")
    preview, _ = bring(folder(tmp_path / "b", people=[person("P1", unit_id="U2")]), D2, at=LATER)
    assert Standing.objects.get().education == "doctor"
    assert Employment.objects.get(valid_to=None).unit.code == "U2"  # what the import itself wrote goes on
    (finding,) = [one for one in preview.findings if one.code == "conflict"]
    assert "12-QĐ/TU, 04/05/2021" in finding.message
    assert "doctor ≠ bachelor" in finding.message
    assert preview.by_dataset["people"].conflict == 1


def test_a_main_post_entered_by_hand_is_not_cut_by_the_file(tmp_path: Path) -> None:
    bring(folder(tmp_path / "a", people=[person("P1")]))
    PostHeld.objects.update(origin=None, document=_decision())
    post = {"person_id": "P1", "unit_id": "U2", "post_kind": "professional", "start_date": "2022-01-01",
            "is_main": "true"}  # fmt: skip
    preview, _ = bring(folder(tmp_path / "b", people=[person("P1")], posts_held=[post]), D2, at=LATER)
    assert PostHeld.objects.get().unit.code == "U1"
    assert preview.by_dataset["posts_held"].waiting == 1
    assert any(one.code == "conflict" and "12-QĐ/TU" in one.message for one in preview.findings)


def test_a_code_that_was_merged_into_another_means_the_one_kept(tmp_path: Path) -> None:
    bring(folder(tmp_path / "a", people=[person("P1"), person("P2")]))
    Standing.objects.filter(person__code="P2").delete()
    PostHeld.objects.filter(person__code="P2").delete()
    Employment.objects.filter(person__code="P2").delete()
    Person.objects.filter(code="P2").update(merged_into=Person.objects.get(code="P1"))
    degree = {"person_id": "P2", "kind": "professional", "level": "master", "awarded_on": "2022-07-01"}
    bring(folder(tmp_path / "b", people=[person("P1"), person("P2")], qualifications=[degree]), D2, at=LATER)
    assert list(Person.objects.get(code="P1").qualifications.values_list("level", flat=True)) == ["master"]
    assert ImportBatch.objects.count() == 2
    assert run.prepare(tmp_path / "b", as_of=D2).totals.writes == 0
