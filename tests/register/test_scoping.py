"""Whom an account sees on a day: tier × subtree × period × post, the own file, what opening a file leaves behind."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from canbo.accounts.permissions import Permission
from canbo.accounts.scopes import Grant, Scope
from canbo.audit.models import Entry
from canbo.register import reading, scoping
from canbo.register.models import DelegationRule, Person, PostHeld, Qualification, Relative, Unit, UnitVersion
from tests.register.makers import make_person, make_unit, post

pytestmark = pytest.mark.django_db

DAY = date(2025, 3, 1)
AT = datetime(2025, 3, 1, 5, tzinfo=UTC)
READ = Permission.PEOPLE_READ


def _grant(unit: str | None = None, *tiers: str, reads: str = "sensitive", **more: Permission) -> Grant:
    return Grant(frozenset({more.get("gives", READ)}), frozenset(tiers) or None, unit, reads)


def _scope(*grants: Grant, own: str = "") -> Scope:
    own_file = (Grant(frozenset({Permission.OWN_FILE}), None, None, "sensitive"),) if own else ()
    return Scope("an", own, grants + own_file)


def _codes(scope: Scope, day: date = DAY, permission: Permission = READ) -> set[str]:
    return {person.code for person in scoping.people(scope, permission, day=day)}


@pytest.fixture
def province() -> dict[str, Unit]:
    """T over N (with the section N1) and H; D stands outside.

    A (provincial committee) and B (unit head) in N, C (unit head) in N1, E (provincial committee) in H, F (unit head)
    in H with a second post in N1; G without a post; M was merged away.
    """
    top = make_unit("T")
    north = make_unit("N", top, kind="state")
    units = {"T": top, "N": north, "N1": make_unit("N1", north), "H": make_unit("H", top, level="commune")}
    for code, unit, tier in (
        ("A", "N", "provincial_committee"),
        ("B", "N", "unit_head"),
        ("C", "N1", "unit_head"),
        ("E", "H", "provincial_committee"),
        ("F", "H", "unit_head"),
    ):
        post(make_person(code), units[unit], stated_tier=tier)
    post(Person.objects.get(code="F"), units["N1"], stated_tier="unit_head", is_main=False)
    make_person("G")
    gone = make_person("M", merged_into=Person.objects.get(code="A"))
    post(gone, north, stated_tier="unit_head")
    return units


@pytest.mark.parametrize(
    ("grants", "seen"),
    [
        ([], ""),
        ([_grant()], "ABCEFG"),
        ([_grant("T")], "ABCEF"),
        ([_grant("N")], "ABCF"),
        ([_grant("N1")], "CF"),
        ([_grant("H")], "EF"),
        ([_grant("nowhere")], ""),
        ([_grant(None, "provincial_committee")], "AE"),
        ([_grant(None, "unit_head")], "BCF"),
        ([_grant(None, "central")], ""),
        ([_grant("N", "provincial_committee")], "A"),
        ([_grant("N", "unit_head")], "BCF"),
        ([_grant("H", "unit_head")], "F"),
        ([_grant("H", "provincial_committee"), _grant("N1", "unit_head")], "CEF"),
        ([_grant("H", "central", "provincial_committee")], "E"),
        ([_grant("N", gives=Permission.INDICATORS_READ)], ""),
        ([_grant(gives=Permission.OWN_FILE)], ""),
    ],
)
def test_tier_and_subtree_decide_who_is_seen(province: dict[str, Unit], grants: list[Grant], seen: str) -> None:
    assert _codes(_scope(*grants)) == set(seen)


@pytest.mark.parametrize(
    ("day", "seen"),
    [
        (date(2024, 12, 31), False),
        (date(2025, 1, 1), True),
        (date(2025, 6, 30), True),
        (date(2025, 7, 1), False),
    ],
    ids=["day before", "first day", "last day", "day after"],
)
@pytest.mark.parametrize("tiers", [(), ("unit_head",)])
def test_a_post_counts_from_its_first_to_its_last_day(
    province: dict[str, Unit], day: date, seen: bool, tiers: tuple[str, ...]
) -> None:
    post(
        make_person("X"),
        province["N1"],
        stated_tier="unit_head",
        valid_from=date(2025, 1, 1),
        valid_to=date(2025, 7, 1),
    )
    assert ("X" in _codes(_scope(_grant("N", *tiers)), day)) is seen


@pytest.mark.parametrize(("day", "seen"), [(date(2025, 6, 30), "ABCF"), (date(2025, 7, 1), "AB")])
def test_the_subtree_is_that_of_the_day(province: dict[str, Unit], day: date, seen: str) -> None:
    UnitVersion.objects.filter(unit=province["N1"]).update(valid_to=date(2025, 7, 1))
    UnitVersion.objects.create(
        unit=province["N1"],
        name="N1",
        parent=province["H"],
        level="commune",
        kind="locality",
        valid_from=date(2025, 7, 1),
    )
    assert _codes(_scope(_grant("N")), day) == set(seen)
    assert ("N1" in {unit.code for unit in scoping.units(_scope(_grant("N")), READ, day=day)}) is ("C" in seen)


def test_a_circle_in_the_tree_ends(province: dict[str, Unit]) -> None:
    UnitVersion.objects.filter(unit=province["T"]).update(parent=province["N1"])
    assert _codes(_scope(_grant("N"))) == set("ABCEF")


@pytest.mark.parametrize(
    ("rules", "tier"),
    [
        ([], None),
        ([{"tier": "unit_head"}], "unit_head"),
        ([{"tier": "unit_head"}, {"tier": "central"}], "central"),
        ([{"tier": "central"}, {"tier": "unit_head", "post_kind": "professional"}], "unit_head"),
        ([{"tier": "central", "post_kind": "agency_head"}, {"tier": "unit_head"}], "unit_head"),
        (
            [
                {"tier": "central", "post_kind": "professional"},
                {"tier": "unit_head", "post_kind": "professional", "unit_kind": "state"},
            ],
            "unit_head",
        ),
        ([{"tier": "unit_head", "level": "commune"}], None),
        ([{"tier": "unit_head", "valid_to": DAY}], None),
        ([{"tier": "unit_head", "valid_from": date(2025, 3, 2)}], None),
    ],
)
def test_a_post_without_stated_tier_has_that_of_the_rule_in_force(
    province: dict[str, Unit], rules: list[dict[str, object]], tier: str | None
) -> None:
    for rule in rules:
        DelegationRule.objects.create(**({"valid_from": date(2020, 1, 1)} | rule))
    post(make_person("X"), province["N"])
    for one in ("central", "provincial_committee", "district_committee", "unit_head"):
        assert ("X" in _codes(_scope(_grant("N", one)))) is (one == tier)
        assert ("X" in _codes(_scope(_grant(None, one)))) is (one == tier)


@pytest.mark.parametrize(
    ("scope", "permission", "seen"),
    [
        (_scope(own="B"), READ, "B"),
        (_scope(own="B"), Permission.OWN_FILE, "B"),
        (_scope(own="B"), Permission.PEOPLE_WRITE, ""),
        (_scope(_grant("H"), own="B"), READ, "BEF"),
        (_scope(_grant("H"), own="B"), Permission.OWN_FILE, "B"),
        (_scope(own="B").narrowed([READ]), READ, ""),
        (_scope(own="nobody"), READ, ""),
        (_scope(own="M"), READ, ""),
    ],
)
def test_the_own_file_is_read_and_nothing_more(
    province: dict[str, Unit], scope: Scope, permission: Permission, seen: str
) -> None:
    assert _codes(scope, permission=permission) == set(seen)


@pytest.mark.parametrize(
    ("grants", "own", "deepest"),
    [
        ([], "", None),
        ([_grant("N", reads="public")], "", "public"),
        ([_grant("N", reads="public"), _grant(None, "provincial_committee", reads="internal")], "", "internal"),
        ([_grant("N", reads="internal"), _grant("H", reads="sensitive")], "", "internal"),
        ([_grant("N", reads="internal"), _grant("T", reads="sensitive")], "", "sensitive"),
        ([_grant("N", reads="public")], "A", "sensitive"),
        ([_grant("N", reads="sensitive", gives=Permission.PEOPLE_WRITE)], "", None),
    ],
)
def test_the_deepest_class_is_that_of_the_mandates_that_reach_the_person(
    province: dict[str, Unit], grants: list[Grant], own: str, deepest: str | None
) -> None:
    person = Person.objects.get(code="A")
    assert scoping.readable_class(_scope(*grants, own=own), person, day=DAY) == deepest


def test_classes_of_a_list_are_those_of_each(province: dict[str, Unit]) -> None:
    scope = _scope(_grant("N", reads="internal"), _grant("H", reads="sensitive"), own="G")
    found = scoping.readable_classes(scope, Person.objects.all(), day=DAY)
    assert found == {
        "A": "internal",
        "B": "internal",
        "C": "internal",
        "E": "sensitive",
        "F": "sensitive",
        "G": "sensitive",
    }


@pytest.mark.parametrize(
    ("grants", "seen"),
    [
        ([_grant()], {"T", "N", "N1", "H"}),
        ([_grant("N", "unit_head")], {"N", "N1"}),
        ([_grant("N1"), _grant("H")], {"N1", "H"}),
        ([_grant("nowhere")], set()),
        ([], set()),
    ],
)
def test_units_are_those_of_the_subtrees(province: dict[str, Unit], grants: list[Grant], seen: set[str]) -> None:
    assert {unit.code for unit in scoping.units(_scope(*grants), READ, day=DAY)} == seen


def test_a_scoped_query_is_one_statement_and_can_be_narrowed(province: dict[str, Unit]) -> None:
    scope = _scope(_grant("N", "unit_head"), _grant("H", "provincial_committee"), _grant("T", "central"), own="G")
    with CaptureQueriesContext(connection) as asked:
        found = [person.code for person in scoping.people(scope, READ, day=DAY).filter(code__gt="B").order_by("code")]
    assert (found, len(asked)) == (["C", "E", "F", "G"], 1)


def test_a_unit_code_cannot_carry_sql(province: dict[str, Unit]) -> None:
    assert _codes(_scope(_grant("N' OR '1'='1", "x' OR 'a'='a"))) == set()
    assert _codes(_scope(_grant("100%"))) == set()


def test_facts_show_only_readable_fields(province: dict[str, Unit]) -> None:
    person = Person.objects.get(code="A")
    Relative.objects.create(person=person, relation="wife", name="Trần Thị Bình", valid_from=date(2020, 1, 1))
    Qualification.objects.create(person=person, kind="professional", level="master", awarded_on=date(2020, 1, 1))
    inside, outside = _scope(_grant("N", reads="internal")), _scope(_grant("H"))
    (row,) = scoping.facts(inside, Relative, person, day=DAY)
    assert "name" not in row and "relation" not in row and row["person"] == person.pk
    assert scoping.facts(_scope(_grant("N")), Relative, person, day=DAY)[0]["name"] == "Trần Thị Bình"
    assert scoping.facts(inside, Qualification, person, day=DAY)[0]["level"] == "master"
    assert list(scoping.facts(outside, Qualification, person, day=DAY)) == []


def _logged() -> list[tuple[str, str, str]]:
    return [(entry.actor, entry.action, entry.subject) for entry in Entry.objects.order_by("id")]


def test_opening_a_file_is_logged_with_how_deep_it_was_read(province: dict[str, Unit]) -> None:
    file = reading.open_file(scope=_scope(_grant("N", reads="internal")), code="A", at=AT)
    assert (file.fields["full_name"], "national_id" in file.fields) == ("Nguyễn Văn A", False)
    assert [row["unit"] for row in file.rows(PostHeld)] == [province["N"].pk]
    assert _logged() == [("an", "read-file", "person:A")]
    assert Entry.objects.get().detail == {"class": "internal"}


@pytest.mark.parametrize("code", ["E", "nobody", "M", "'; DROP TABLE register_person; --"])
def test_a_file_without_mandate_is_not_found_and_the_attempt_logged(province: dict[str, Unit], code: str) -> None:
    with pytest.raises(reading.NotFound) as refusal:
        reading.open_file(scope=_scope(_grant("N")), code=code, at=AT)
    assert refusal.value.message == f"Không tìm thấy người có mã “{code}”."
    assert _logged() == [("an", "read-refused", f"person:{code}")]


def test_a_made_up_code_does_not_fill_the_log(province: dict[str, Unit]) -> None:
    with pytest.raises(reading.NotFound):
        reading.open_file(scope=_scope(), code="x" * 10_000, at=AT)
    assert len(Entry.objects.get().subject) == 67


def test_the_day_of_a_scope_is_that_of_the_house(province: dict[str, Unit]) -> None:
    """Half an hour before midnight in London is the next morning here."""
    post(make_person("X"), province["N"], stated_tier="unit_head", valid_from=date(2025, 3, 2))
    scope = _scope(_grant("N"))
    with pytest.raises(reading.NotFound):
        reading.open_file(scope=scope, code="X", at=datetime(2025, 3, 1, 16, 59, tzinfo=UTC))
    assert reading.open_file(scope=scope, code="X", at=datetime(2025, 3, 1, 17, 0, tzinfo=UTC)).person.code == "X"


def test_lists_with_sensitive_fields_are_logged_and_others_are_not(province: dict[str, Unit]) -> None:
    scope = _scope(_grant("N"))
    given = {"scope": scope, "model": Person, "what": "roster:N", "at": AT}
    reading.note_list(fields=["code", "full_name"], codes=["A", "B"], **given)
    assert _logged() == []
    reading.note_list(fields=["code", "ethnicity", "national_id"], codes=["B", "A"], **given)
    assert _logged() == [("an", "read-list", "roster:N")]
    assert Entry.objects.get().detail == {"fields": ["ethnicity", "national_id"], "people": ["A", "B"]}
