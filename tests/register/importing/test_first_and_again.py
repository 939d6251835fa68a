"""A first import, the same file again, a later one, an older one, a corrected one."""

from datetime import date
from pathlib import Path

import pytest

from canbo.audit.models import Entry
from canbo.common.findings import Refused
from canbo.register.importing import run
from canbo.register.models import (
    Employment,
    ImportBatch,
    PartyMembership,
    Person,
    PostHeld,
    Standing,
    Unit,
    UnitVersion,
)
from canbo.snapshot.take import take
from tests.register.importing.files import AT, D0, D1, D2, LATER, UNITS, bring, folder, person

pytestmark = pytest.mark.django_db


def _standings(code: str) -> list[tuple[str | None, date, date | None, bool]]:
    rows = Standing.objects.filter(person__code=code).order_by("valid_from")
    return [(row.education, row.valid_from, row.valid_to, row.since_known) for row in rows]


def _posts(code: str) -> list[tuple[str, date, date | None]]:
    rows = PostHeld.objects.filter(person__code=code).order_by("valid_from")
    return [(row.unit.code, row.valid_from, row.valid_to) for row in rows]


def test_a_preview_counts_everything_and_writes_nothing(tmp_path: Path) -> None:
    preview = run.prepare(folder(tmp_path / "a", people=[person("P1"), person("P2")]), as_of=D1)
    # for each of two persons: identity, employment, standing, post; no party dates
    assert preview.by_dataset["people"].created == 8
    assert preview.by_dataset["units"].created == 3
    assert [row.key for row in preview.rows("created") if row.part == "person"] == [
        "P1 · Nguyễn Văn P1",
        "P2 · Nguyễn Văn P2",
    ]
    assert not Person.objects.exists()
    assert not Unit.objects.exists()
    assert not Entry.objects.exists()


def test_a_first_import_holds_since_its_day_at_the_latest(tmp_path: Path) -> None:
    _, batch = bring(folder(tmp_path / "a", people=[person("P1", party_official_date="2005-03-02")]))
    assert _standings("P1") == [("bachelor", D1, None, False)]
    assert _posts("P1") == [("U1", D1, None)]
    member = PartyMembership.objects.get()
    assert (member.official_on, member.valid_from) == (date(2005, 3, 2), date(2005, 3, 2))
    assert UnitVersion.objects.get(unit__code="U1").since_known is False
    assert batch is not None
    assert (batch.file_name, batch.as_of, batch.by) == ("a", D1, "an")
    assert Entry.objects.get().action == "import"


def test_what_was_imported_comes_back_as_it_was(tmp_path: Path) -> None:
    path = folder(tmp_path / "a", people=[person("P1", is_head="true"), person("P2", left_on="2021-06-30")])
    preview, _ = bring(path)
    assert take(D1).version == preview.data.version


def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    posts = [{"person_id": "P1", "unit_id": "U1", "post_kind": "professional", "start_date": "2019-01-01"}] * 2
    path = folder(tmp_path / "a", people=[person("P1"), person("P2", left_on="2021-06-30")], posts_held=posts)
    bring(path)
    preview, batch = bring(path, at=LATER)
    assert preview.totals.writes == 0
    assert batch is None
    assert ImportBatch.objects.count() == 1


def test_what_differs_later_ends_the_old_and_begins_the_new_on_that_day(tmp_path: Path) -> None:
    bring(folder(tmp_path / "a", people=[person("P1"), person("P2")]))
    preview, _ = bring(
        folder(tmp_path / "b", people=[person("P1", education="master", unit_id="U2"), person("P2")]), D2, at=LATER
    )
    assert _standings("P1") == [("bachelor", D1, D2, False), ("master", D2, None, False)]
    assert _posts("P1") == [("U1", D1, D2), ("U2", D2, None)]
    assert _standings("P2") == [("bachelor", D1, None, False)]
    # P1's standing, post and employment (its unit): three ended, three begun
    counts = preview.by_dataset["people"]
    assert (counts.created, counts.ended, counts.changed) == (3, 3, 0)
    changed = next(row for row in preview.rows("changed") if row.part == "standing")
    assert changed.differs["education"] == ("bachelor", "master")
    assert Person.objects.get(code="P1").revision == 2
    assert Person.objects.get(code="P2").revision == 1


def test_a_corrected_file_of_the_same_day_corrects_in_place(tmp_path: Path) -> None:
    bring(folder(tmp_path / "a", people=[person("P1")]))
    units = [UNITS[0], {**UNITS[1], "name": "Sở Nội vụ tỉnh"}, UNITS[2]]
    bring(folder(tmp_path / "b", units=units, people=[person("P1", education="master", sex="female")]), at=LATER)
    assert _standings("P1") == [("master", D1, None, False)]
    assert Person.objects.get().sex == "female"
    assert [row.name for row in UnitVersion.objects.filter(unit__code="U1")] == ["Sở Nội vụ tỉnh"]


def test_an_older_file_fills_the_time_before(tmp_path: Path) -> None:
    bring(folder(tmp_path / "a", people=[person("P1"), person("P2", education="master")]))
    bring(folder(tmp_path / "b", people=[person("P1"), person("P2")]), D0, at=LATER)
    assert _standings("P1") == [("bachelor", D0, None, False)]
    assert _standings("P2") == [("bachelor", D0, D1, False), ("master", D1, None, False)]
    assert _posts("P2") == [("U1", D0, None)]


def test_people_absent_from_a_later_file_are_left_and_listed(tmp_path: Path) -> None:
    bring(folder(tmp_path / "a", people=[person("P1"), person("P2")]))
    preview, _ = bring(folder(tmp_path / "b", people=[person("P1")]), D2, at=LATER)
    assert preview.totals.writes == 0
    assert [row.key for row in preview.rows("left")] == ["P2 · Nguyễn Văn P2"]
    assert Employment.objects.get(person__code="P2").valid_to is None


def test_who_has_left_since_is_ended_on_the_day_after(tmp_path: Path) -> None:
    bring(folder(tmp_path / "a", people=[person("P1")]))
    preview, _ = bring(folder(tmp_path / "b", people=[person("P1", left_on="2022-03-31")]), D2, at=LATER)
    assert Employment.objects.get().valid_to == date(2022, 4, 1)
    assert _posts("P1") == [("U1", D1, date(2022, 4, 1))]
    assert preview.by_dataset["people"].ended == 2


def test_a_column_that_the_file_does_not_have_says_nothing(tmp_path: Path) -> None:
    bring(folder(tmp_path / "a", people=[person("P1", political_theory="advanced")]))
    preview, _ = bring(folder(tmp_path / "b", people=[person("P1")]), D2, at=LATER)
    assert preview.totals.writes == 0
    assert Standing.objects.get().political_theory == "advanced"


def test_a_preview_that_is_no_longer_true_is_not_applied(tmp_path: Path) -> None:
    path = folder(tmp_path / "a", people=[person("P1")])
    preview = run.prepare(path, as_of=D1)
    bring(path)
    with pytest.raises(Refused, match="xem trước"):
        run.apply(preview, by="an", at=LATER)


def test_a_file_of_no_day_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="--as-of"):
        run.prepare(folder(tmp_path / "a", people=[person("P1")]))


TEXTS = ["'; DROP TABLE register_person; --", "<script>alert(1)</script>", 'Ban “A”, "B"\\N\t{x} %s', "=1+1"]


def test_text_is_kept_as_it_is_whatever_it_looks_like(tmp_path: Path) -> None:
    people = [person(f"P{number}", post=text) for number, text in enumerate(TEXTS)]
    preview, _ = bring(folder(tmp_path / "a", people=people), at=AT)
    stored = list(PostHeld.objects.order_by("person__code").values_list("post", flat=True))
    assert stored == preview.data.tables["people"]["post"].to_pylist()
    assert stored[:2] == TEXTS[:2]
