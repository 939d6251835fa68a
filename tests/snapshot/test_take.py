"""The register on a day: what held then, as known now and as known at a moment."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from canbo.datasets.dictionary import dictionary
from canbo.register.models import (
    Assessment,
    DelegationRule,
    ImportBatch,
    PartyMembership,
    Person,
    PostHeld,
    Qualification,
    RankHeld,
    UnitSuccession,
    UnitVersion,
)
from canbo.snapshot.take import take
from tests.snapshot.support import ENTERED, SINCE, entering, make_person, make_unit, state

pytestmark = pytest.mark.django_db

DAY = date(2023, 6, 30)


def rows(name: str, day: date = DAY, known: datetime | None = None) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = take(day, known=known).tables[name].to_pylist()
    return found


def person(day: date = DAY, known: datetime | None = None) -> dict[str, Any]:
    (only,) = rows("people", day, known)
    return only


def make_batch(as_of: date) -> ImportBatch:
    return ImportBatch.objects.create(file_name="a.xlsx", content="x", as_of=as_of, applied_at=ENTERED, by="an")


def test_an_empty_register_has_no_datasets() -> None:
    taken = take(DAY)
    assert (dict(taken.tables), taken.data_date, taken.findings) == ({}, DAY, ())


def test_columns_are_those_of_the_dictionary_in_its_types() -> None:
    with entering():
        state(make_person("A", make_unit()), education="master", it_standard=True)
    people = take(DAY).tables["people"]
    for column in people.column_names:
        assert people.schema.field(column).type == dictionary()["people"].columns[column].arrow_type, column
    assert people["sex"].combine_chunks().dictionary.to_pylist() == ["male", "female"]


def test_a_column_of_which_nothing_is_known_is_left_out_and_not_zero() -> None:
    with entering():
        make_person("A", make_unit())
    assert "it_standard" not in take(DAY).tables["people"].column_names
    assert "qualifications" not in take(DAY).tables


def test_what_held_on_the_day_is_told_and_what_came_later_is_not() -> None:
    with entering():
        unit, other = make_unit(), make_unit("U")
        one = make_person("A", unit)
        PostHeld.objects.filter(person=one).update(valid_to=date(2024, 1, 1))
        PostHeld.objects.create(
            person=one, unit=other, post="Trưởng phòng", post_kind="division_head", is_main=True, is_head=True,
            valid_from=date(2024, 1, 1),
        )  # fmt: skip
    before, after = person(date(2023, 12, 31)), person(date(2024, 1, 1))
    assert (before["unit_id"], before["post"], before["is_head"]) == ("T", "Chuyên viên", False)
    assert (after["unit_id"], after["post"], after["is_head"]) == ("U", "Trưởng phòng", True)
    assert [row["end_date"] for row in rows("posts_held")] == [date(2023, 12, 31), None]


@pytest.mark.parametrize(
    ("first", "second", "chosen"),
    [
        ({"is_main": True}, {"is_main": False}, "first"),
        ({"valid_from": date(2021, 1, 1)}, {"valid_from": date(2022, 1, 1)}, "second"),
        ({"post_kind": "division_head"}, {"post_kind": "professional"}, "first"),
        ({"unit": "A"}, {"unit": "B"}, "second"),
    ],
    ids=["the main one", "the later begun", "the higher group", "the later code"],
)
def test_of_two_posts_one_is_told_as_the_instrument_has_it(
    first: dict[str, Any], second: dict[str, Any], chosen: str
) -> None:
    with entering():
        units = {code: make_unit(code) for code in "AB"}
        one = make_person("P", units["A"])
        PostHeld.objects.all().delete()
        for name, given in (("first", first), ("second", second)):
            plain = {"unit": "A", "post_kind": "professional", "valid_from": SINCE} | given
            plain["unit"] = units[plain["unit"]]
            PostHeld.objects.create(person=one, post=name, **plain)
    assert person()["post"] == chosen


def test_who_left_stays_with_the_last_post_and_the_last_day() -> None:
    with entering():
        one = make_person("A", make_unit())
        one.employments.update(valid_to=date(2022, 5, 1))
        PostHeld.objects.update(valid_to=date(2022, 5, 1))
    assert (person()["left_on"], person()["post"]) == (date(2022, 4, 30), "Chuyên viên")


def test_who_enters_the_service_later_is_not_there_yet() -> None:
    with entering():
        make_person("A", make_unit(), since=date(2023, 7, 1))
    assert "people" not in take(DAY).tables
    assert person(date(2023, 7, 1))["staff_kind"] == "civil_servant"


def test_before_the_day_of_its_source_a_statement_is_unknown_and_a_finding_says_so() -> None:
    with entering():
        one = make_person("A", make_unit(valid_from=date(2000, 1, 1)), since=date(2000, 1, 1))
        state(one, since=date(2024, 1, 1), known=False, education="bachelor", it_standard=True)
    taken = take(DAY)
    assert {"education", "it_standard"} & set(taken.tables["people"].column_names) == set()
    (finding,) = taken.findings
    assert (finding.code, "1 người" in finding.message) == ("snapshot_other_day", True)
    later = take(date(2024, 1, 1))
    assert (later.tables["people"]["education"].to_pylist(), later.findings) == (["bachelor"], ())


def test_a_stated_post_stands_in_the_person_alone_until_a_later_one_is_entered() -> None:
    with entering():
        one = make_person("A", make_unit())
        stated = PostHeld.objects.get()
        stated.since_known = False
        stated.save()
    assert (person()["post"], "posts_held" in take(DAY).tables) == ("Chuyên viên", False)
    with entering():
        stated.valid_to = date(2025, 1, 1)
        stated.save()
        PostHeld.objects.create(
            person=one, unit=stated.unit, post_kind="division_head", is_main=True, valid_from=date(2025, 1, 1)
        )
    assert [row["start_date"] for row in rows("posts_held")] == [SINCE, date(2025, 1, 1)]


def test_an_old_degree_entered_later_does_not_hide_the_higher_one_that_a_source_states() -> None:
    with entering():
        one = make_person("A", make_unit())
        batch = make_batch(DAY)
        state(one, since=DAY, known=False, education="master", origin=batch)
        Qualification.objects.create(person=one, kind="professional", level="bachelor", awarded_on=date(2002, 7, 1))
    found = {(row["level"], row["awarded_on"]) for row in rows("qualifications")}
    assert found == {("bachelor", date(2002, 7, 1)), ("master", DAY)}


def test_the_degrees_of_a_source_go_before_what_it_states() -> None:
    with entering():
        one = make_person("A", make_unit())
        batch = make_batch(DAY)
        state(one, since=DAY, known=False, education="master", rank="senior", origin=batch)
        Qualification.objects.create(
            person=one, kind="professional", level="bachelor", awarded_on=date(2002, 7, 1), origin=batch
        )
    assert [row["level"] for row in rows("qualifications")] == ["bachelor"]


def test_a_rank_entered_since_is_added_to_the_one_stated() -> None:
    with entering():
        one = make_person("A", make_unit())
        state(one, since=DAY, known=False, rank="specialist")
        RankHeld.objects.create(person=one, rank="principal", valid_from=date(2024, 3, 1))
    found = {(row["rank"], row["start_date"]) for row in rows("ranks")}
    assert found == {("specialist", DAY), ("principal", date(2024, 3, 1))}


def test_a_revoked_degree_counts_until_it_was_revoked() -> None:
    with entering():
        Qualification.objects.create(
            person=make_person("A", make_unit()), kind="professional", level="master",
            awarded_on=date(2021, 1, 1), revoked_on=date(2023, 7, 1),
        )  # fmt: skip
    assert len(rows("qualifications")) == 1
    assert "qualifications" not in take(date(2023, 7, 1)).tables


def test_an_assessment_goes_before_what_a_source_states() -> None:
    with entering():
        one = make_person("A", make_unit())
        state(one, it_standard=True, language_standard=True)
        Assessment.objects.create(
            person=one, subject="it_standard", met=False, basis="Kiểm tra", valid_from=date(2023, 1, 1)
        )
    assert (person()["it_standard"], person()["language_standard"]) == (False, True)
    assert person(date(2022, 12, 31))["it_standard"] is True


def test_the_tier_follows_from_the_rule_in_force_unless_it_is_stated() -> None:
    with entering():
        make_person("A", make_unit())
        DelegationRule.objects.create(tier="provincial_committee", valid_from=SINCE)
        DelegationRule.objects.create(tier="unit_head", post_kind="professional", valid_from=date(2023, 1, 1))
    assert person(date(2022, 12, 31))["managed_by"] == "provincial_committee"
    assert (person()["managed_by"], rows("posts_held")[0]["managed_by"]) == ("unit_head", "unit_head")
    with entering():
        PostHeld.objects.update(stated_tier="central")
    assert person()["managed_by"] == "central"


def test_a_party_member_who_left_the_party_is_none() -> None:
    with entering():
        one = make_person("A", make_unit())
        PartyMembership.objects.create(
            person=one, official_on=date(2010, 5, 19), valid_from=date(2010, 5, 19), valid_to=DAY
        )
    assert person(date(2023, 6, 29))["party_official_date"] == date(2010, 5, 19)
    assert "party_official_date" not in take(DAY).tables["people"].column_names


def test_a_birth_known_by_year_keeps_its_last_possible_day() -> None:
    with entering():
        unit = make_unit()
        make_person("A", unit, birth_date=date(1980, 1, 1), birth_precision="year")
        make_person("B", unit, birth_date=date(1981, 2, 1), birth_precision="month")
        make_person("C", unit)
    assert [row["_birth_latest"] for row in rows("people")] == [
        date(1980, 12, 31),
        date(1981, 2, 28),
        date(1980, 1, 1),
    ]


def test_units_stand_as_on_the_day_with_their_successor() -> None:
    with entering():
        top, old, new = make_unit("T", valid_from=date(2000, 1, 1)), make_unit("X"), make_unit("Y")
        UnitVersion.objects.filter(unit=old).update(valid_to=date(2022, 1, 1))
        UnitVersion.objects.create(
            unit=old, parent=top, name="Tên mới", level="district", kind="locality", valid_from=date(2022, 1, 1),
            valid_to=date(2025, 7, 1), minority_share="0.25",
        )  # fmt: skip
        UnitSuccession.objects.create(predecessor=old, successor=new, on_day=date(2025, 7, 1))
    units = {row["unit_id"]: row for row in rows("units")}
    assert (units["X"]["name"], units["X"]["parent_id"], units["X"]["level"]) == ("Tên mới", "T", "district")
    assert (units["X"]["valid_from"], units["X"]["valid_to"]) == (SINCE, date(2025, 6, 30))
    assert (units["X"]["successor_id"], units["X"]["minority_share"]) == ("Y", 0.25)
    assert {row["unit_id"]: row["name"] for row in rows("units", date(2021, 1, 1))}["X"] == "Đơn vị X"


def test_a_record_merged_into_another_is_no_person() -> None:
    with entering():
        unit = make_unit()
        one, two = make_person("A", unit), make_person("B", unit)
        two.merged_into = one
        two.save()
    assert [row["person_id"] for row in rows("people")] == ["A"]
    assert [row["person_id"] for row in rows("posts_held")] == ["A"]


def test_what_was_entered_corrected_and_deleted_is_told_as_it_was_known() -> None:
    unit_at, fixed, gone = (datetime(2024, month, 1, tzinfo=UTC) for month in (2, 3, 4))
    with entering(unit_at):
        one = make_person("A", make_unit())
        degree = Qualification.objects.create(
            person=one, kind="professional", level="bachelor", awarded_on=date(2020, 1, 1)
        )
    with entering(fixed):
        degree.level = "master"
        degree.save()
        Person.objects.update(full_name="Nguyễn Văn Ân")
    with entering(gone):
        degree.delete()

    def told(known: datetime | None) -> tuple[list[str], str]:
        taken = take(DAY, known=known)
        levels = taken.tables["qualifications"]["level"].to_pylist() if "qualifications" in taken.tables else []
        return levels, taken.tables["people"]["full_name"][0].as_py()

    assert dict(take(DAY, known=datetime(2024, 1, 31, tzinfo=UTC)).tables) == {}
    assert told(unit_at) == (["bachelor"], "Nguyễn Văn A")
    assert told(fixed) == (["master"], "Nguyễn Văn Ân")
    assert told(gone) == told(None) == ([], "Nguyễn Văn Ân")


def test_texts_with_commas_quotes_line_breaks_and_nothing_come_whole() -> None:
    awkward = ['a,"b"\nc\r\nd', "", None, "\\N", "NULL"]
    with entering():
        one = make_person("A", make_unit())
        PostHeld.objects.all().delete()
        for text in awkward:
            PostHeld.objects.create(
                person=one, unit=make_unit(f"U{text!r}"), post=text, post_kind="support", valid_from=SINCE
            )
    assert [row["post"] for row in rows("posts_held")] == awkward
