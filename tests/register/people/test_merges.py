"""One person under two codes: suspected, merged, parted; and nothing counts twice meanwhile."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from canbo.common.findings import Refused
from canbo.register import merges, people, posts
from canbo.register.models import Document, Employment, Person, PostHeld, Qualification, Unit
from tests.register.makers import employ, make_person, post

AT = datetime(2024, 5, 1, 8, tzinfo=UTC)
BY: dict[str, Any] = {"by": "hoa", "at": AT}
DAY = date(2024, 5, 1)


@pytest.fixture
def twin(an: Person, agency: Unit) -> Person:
    """The same man again, with a post, the same degree twice, and an overlapping employment."""
    other = make_person("P2", full_name="NGUYỄN VĂN AN", national_id="001080000001")
    employ(other, staff_kind="official")
    post(other, agency)
    for person in (an, other):
        Qualification.objects.create(person=person, kind="professional", level="master", awarded_on=date(2010, 6, 1))
    return other


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ({}, {}, 1),
        ({"home_place": "Xã A, huyện B"}, {"home_place": "xã A, huyện B"}, 1),
        ({"home_place": "Xã A"}, {"home_place": "Xã C"}, 0),
        ({}, {"born": date(1980, 6, 16)}, 0),
        ({}, {"full_name": "Trần Văn An"}, 0),
        ({"national_id": "001080000001"}, {"national_id": "001080000002"}, 0),
        ({"staff_number": "7"}, {"staff_number": "7", "full_name": "Trần Văn An"}, 1),
        ({"social_insurance": "12"}, {"social_insurance": "12", "born": date(1981, 1, 1)}, 1),
    ],
)
def test_who_is_suspected(db: Any, one: dict[str, Any], other: dict[str, Any], found: int) -> None:
    make_person("P1", **({"full_name": "Nguyễn Văn An"} | one))
    make_person("P2", **({"full_name": "Nguyễn Văn An"} | other))
    assert len(merges.suggest()) == found


def test_before_entering_somebody_the_record_is_found(an: Person, twin: Person) -> None:
    found = merges.candidates(full_name="nguyễn văn an", birth_date=date(1980, 6, 15))
    assert [one.code for one in found] == ["P1", "P2"]
    by_id = merges.candidates(full_name="X", birth_date=date(1990, 1, 1), national_id="001080000001")
    assert [one.code for one in by_id] == ["P2"]


def test_a_merge_moves_facts_and_fills_fields_and_counts_once(an: Person, twin: Person) -> None:
    assert len(people.list_as_of(DAY)) == 2
    done = merges.merge(kept=an, gone=twin, **BY)
    assert [one.code for one in people.list_as_of(DAY)] == ["P1"]
    assert PostHeld.objects.get().person == an
    assert sorted(done.moved["moved"]) == ["PostHeld"]
    assert sorted(done.moved["stayed"]) == ["Employment", "Qualification"]  # overlapping; said already
    assert (an.national_id, done.moved["filled"]) == ("001080000001", ["national_id"])
    assert merges.current(twin) == an
    assert merges.suggest() == []


def test_nothing_more_is_entered_at_the_gone_record(an: Person, twin: Person, agency: Unit, decision: Document) -> None:
    merges.merge(kept=an, gone=twin, **BY)
    with pytest.raises(Refused, match="đã được gộp vào hồ sơ P1"):
        people.correct(twin, full_name="X", **BY)
    with pytest.raises(Refused, match="đã được gộp"):
        posts.begin(person=twin, unit=agency, start=DAY, post_kind="support", document=decision, **BY)
    with pytest.raises(Refused, match="đã được gộp"):
        merges.merge(kept=twin, gone=an, **BY)
    with pytest.raises(Refused, match="chính nó"):
        merges.merge(kept=an, gone=an, **BY)


def test_a_merge_is_undone_but_not_what_was_entered_since(
    an: Person, twin: Person, agency: Unit, decision: Document
) -> None:
    done = merges.merge(kept=an, gone=twin, **BY)
    posts.begin(person=an, unit=agency, start=DAY, post_kind="support", document=decision, **BY)
    merges.undo(done, **BY)
    assert [one.code for one in people.list_as_of(DAY)] == ["P1", "P2"]
    assert list(PostHeld.objects.order_by("id").values_list("person__code", flat=True)) == ["P2", "P1"]
    assert (an.national_id, twin.national_id) == (None, "001080000001")
    assert Employment.objects.filter(person=twin).count() == 1
    with pytest.raises(Refused, match="đã được tách"):
        merges.undo(done, **BY)
