"""A reorganisation moves everything that hangs on a unit on its day, and leaves what was before as it was."""

from datetime import date, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db.models import Q

from canbo.accounts.models import Mandate
from canbo.audit.models import Entry
from canbo.common.findings import Refused
from canbo.register.models import (
    AppointmentDecision,
    Body,
    BodySeat,
    Employment,
    JobPosition,
    Person,
    PostHeld,
    Quota,
    Reorganisation,
    Term,
    Unit,
    UnitSuccession,
    UnitVersion,
)
from canbo.register.reorganisations.applying import preview
from tests.register.makers import employ, make_person, make_unit, post
from tests.register.reorganisations.plans_of import AT, LATER, carry_out, plan

pytestmark = pytest.mark.django_db
DAY = date(2025, 7, 1)
EVE = date(2025, 6, 30)


@pytest.fixture
def province() -> Unit:
    """A province T with the districts H1 (communes A, B) and H2 (commune C)."""
    top = make_unit("T")
    for district, communes in (("H1", "AB"), ("H2", "C")):
        above = make_unit(district, top, level="district")
        for code in communes:
            make_unit(code, above, level="commune")
    return top


def _unit(code: str) -> Unit:
    return Unit.objects.get(code=code)


def _alive(day: date) -> set[str]:
    return set(UnitVersion.objects.as_of(day).values_list("unit__code", flat=True))


def _where(person: Person, day: date) -> list[str]:
    return sorted(PostHeld.objects.as_of(day).filter(person=person).values_list("unit__code", flat=True))


def test_a_merger_ends_both_units_and_the_same_posts_go_on_in_the_new_one(province: Unit) -> None:
    one, two = make_person("P1"), make_person("P2")
    post(one, _unit("A"), post="Công chức", is_head=True, appointed_on=date(2020, 1, 1))
    post(two, _unit("B"), valid_from=date(2026, 1, 1))
    employ(one, unit=_unit("A"))
    carry_out("merge: [A, B], into: {code: AB, name: Xã Mới}")
    assert _alive(EVE) == {"T", "H1", "H2", "A", "B", "C"}
    assert _alive(DAY) == {"T", "H1", "H2", "AB", "C"}
    assert (_where(one, EVE), _where(one, DAY)) == (["A"], ["AB"])
    after = PostHeld.objects.as_of(DAY).get(person=one)
    assert (after.is_main, after.is_head, after.post, after.appointed_on) == (True, True, "Công chức", date(2020, 1, 1))
    assert after.document is not None
    assert after.document.number == "15/NQ-HĐND"
    assert PostHeld.objects.as_of(EVE).get(person=one).document is None
    assert _where(two, date(2026, 1, 1)) == ["AB"]
    assert Employment.objects.as_of(DAY).get(person=one).unit == _unit("AB")
    assert set(UnitSuccession.objects.values_list("predecessor__code", "successor__code", "on_day")) == {
        ("A", "AB", DAY),
        ("B", "AB", DAY),
    }
    new = UnitVersion.objects.as_of(DAY).get(unit__code="AB")
    assert (new.name, new.level, new.parent) == ("Xã Mới", "commune", _unit("H1"))


def test_a_unit_may_take_in_another_and_go_on_under_a_new_name(province: Unit) -> None:
    post(make_person("P1"), _unit("A"))
    person = make_person("P2")
    post(person, _unit("B"))
    carry_out("merge: [A, B], into: B, name: Xã B Mới")
    assert _alive(DAY) == {"T", "H1", "H2", "B", "C"}
    assert PostHeld.objects.filter(person=person).count() == 1
    assert [v.name for v in UnitVersion.objects.filter(unit__code="B").order_by("valid_from")] == [
        "Đơn vị B",
        "Xã B Mới",
    ]


def test_a_split_sends_the_named_people_and_the_rest(province: Unit) -> None:
    one, two = make_person("P1"), make_person("P2")
    post(one, _unit("A"))
    post(two, _unit("A"))
    new = "{code: A1, name: Xã Một}, {code: A2, name: Xã Hai}"
    carry_out(f"split: A, into: [{new}], people: {{P1: A1}}, rest: A2")
    assert (_where(one, DAY), _where(two, DAY)) == (["A1"], ["A2"])
    assert UnitSuccession.objects.filter(predecessor__code="A").count() == 2


def test_a_split_that_forgets_somebody_is_refused_and_writes_nothing(province: Unit) -> None:
    post(make_person("P1"), _unit("A"))
    post(make_person("P2"), _unit("A"))
    new = "{code: A1, name: Xã Một}, {code: A2, name: Xã Hai}"
    with pytest.raises(Refused, match=r"1 .*đơn vị đã kết thúc \(A\)"):
        carry_out(f"split: A, into: [{new}], people: {{P1: A1}}")


def test_an_abolished_district_gives_its_communes_to_the_province_and_its_people_where_they_are_sent(
    province: Unit,
) -> None:
    one, two = make_person("P1"), make_person("P2")
    post(one, _unit("H1"))
    post(two, _unit("H1"))
    carry_out("abolish: H1, people: {P1: A}, rest: T, children: T")
    assert (_where(one, DAY), _where(two, DAY)) == (["A"], ["T"])
    parents = dict(UnitVersion.objects.as_of(DAY).values_list("unit__code", "parent__code"))
    assert parents == {"T": None, "H2": "T", "A": "T", "B": "T", "C": "H2"}
    assert UnitVersion.objects.as_of(EVE).get(unit__code="A").parent == _unit("H1")


def test_rename_move_and_change_of_level_begin_a_version(province: Unit) -> None:
    carry_out("rename: C, name: Phường C", "move: C, parent: H1", "change_level: H2, level: commune")
    now = UnitVersion.objects.as_of(DAY).get(unit__code="C")
    before = UnitVersion.objects.as_of(EVE).get(unit__code="C")
    assert (before.name, before.parent, now.name, now.parent) == ("Đơn vị C", _unit("H2"), "Phường C", _unit("H1"))
    assert UnitVersion.objects.as_of(DAY).get(unit__code="H2").level == "commune"


def test_seats_bodies_and_terms_follow(province: Unit) -> None:
    person = make_person("P1")
    for code, places in (("A", 9), ("B", 7)):
        term = Term.objects.create(family="party", level="commune", unit=_unit(code), valid_from=date(2025, 1, 1))
        Body.objects.create(
            unit=_unit(code), body="executive_committee", places=places, term=term, valid_from=date(2025, 1, 1)
        )
    BodySeat.objects.create(
        person=person,
        unit=_unit("A"),
        body="executive_committee",
        role="member",
        valid_from=date(2025, 1, 1),
        term=Term.objects.get(unit=_unit("A")),
    )
    carry_out("merge: [A, B], into: {code: AB, name: Xã Mới}")
    body = Body.objects.as_of(DAY).get(unit=_unit("AB"))
    seat = BodySeat.objects.as_of(DAY).get(person=person)
    assert (body.places, seat.unit, seat.term) == (16, _unit("AB"), Term.objects.get(unit=_unit("AB")))
    assert body.term == seat.term
    assert not Body.objects.as_of(DAY).filter(unit__code__in="AB").exists()


def test_seats_pool_and_positions_of_an_abolished_unit_end_and_its_post_goes_on_elsewhere(province: Unit) -> None:
    person = make_person("P1")
    position = JobPosition.objects.create(unit=_unit("H1"), name="Bí thư", valid_from=date(2020, 1, 1))
    post(person, _unit("H1"), position=position)
    BodySeat.objects.create(
        person=person, unit=_unit("H1"), body="standing_committee", role="head", valid_from=date(2020, 1, 1)
    )
    carry_out("abolish: H1, rest: A, children: T")
    now = PostHeld.objects.as_of(DAY).get(person=person)
    assert (now.unit, now.position) == (_unit("A"), None)
    assert BodySeat.objects.as_of(EVE).count() == 1
    assert not BodySeat.objects.as_of(DAY).exists()
    assert not JobPosition.objects.as_of(DAY).exists()


def test_quotas_of_later_years_are_added_up_and_the_years_own_stay(province: Unit) -> None:
    for code, year, posts in (("A", 2025, 10), ("A", 2026, 9), ("B", 2026, 8), ("C", 2026, 5)):
        Quota.objects.create(unit=_unit(code), year=year, staff_kind="civil_servant", posts=posts)
    carry_out("merge: [A, B], into: C")
    assert sorted(Quota.objects.values_list("unit__code", "year", "posts")) == [("A", 2025, 10), ("C", 2026, 22)]


def test_a_position_goes_along_with_its_holder(province: Unit) -> None:
    person = make_person("P1")
    position = JobPosition.objects.create(unit=_unit("A"), name="Văn phòng", valid_from=date(2020, 1, 1))
    post(person, _unit("A"), position=position)
    carry_out("merge: [A, B], into: {code: AB, name: Xã Mới}")
    now = PostHeld.objects.as_of(DAY).get(person=person).position
    assert now is not None
    assert (now.unit, now.name) == (_unit("AB"), "Văn phòng")
    assert PostHeld.objects.as_of(EVE).get(person=person).position == position


def test_a_decision_already_taken_for_a_later_day_is_taken_in_the_heir(province: Unit) -> None:
    person = make_person("P1")
    for day in (EVE, DAY):
        AppointmentDecision.objects.create(person=person, unit=_unit("A"), kind="first", decided_on=day)
    carry_out("merge: [A, B], into: C")
    assert list(AppointmentDecision.objects.order_by("decided_on").values_list("unit__code", flat=True)) == ["A", "C"]


def test_mandates_follow_a_merger_but_end_with_an_abolished_unit(province: Unit) -> None:
    user = get_user_model().objects.create(username="binh")
    for code in ("C", "H1"):
        Mandate.objects.create(user=user, role="specialist", unit_code=code, valid_from=date(2025, 1, 1))
    carry_out("merge: [C, B], into: {code: BC, name: Xã Mới}", "abolish: H1, rest: A, children: T")
    assert set(Mandate.objects.as_of(EVE).values_list("unit_code", flat=True)) == {"C", "H1"}
    assert set(Mandate.objects.as_of(DAY).values_list("unit_code", flat=True)) == {"BC"}


def test_two_heads_of_the_merged_unit_are_told_and_both_kept(province: Unit) -> None:
    for code, unit in (("P1", "A"), ("P2", "B")):
        post(make_person(code), _unit(unit), is_head=True, post_kind="committee_chair")
    seen = preview(plan("merge: [A, B], into: {code: AB, name: Xã Mới}"), by="an", at=AT)
    assert [finding.code for finding in seen.findings] == ["two_heads"]
    assert "P1" in seen.findings[0].message
    assert "P2" in seen.findings[0].message
    carry_out("merge: [A, B], into: {code: AB, name: Xã Mới}")
    assert PostHeld.objects.as_of(DAY).filter(unit__code="AB", is_head=True).count() == 2


def test_a_preview_tells_what_the_change_does_and_keeps_nothing(province: Unit) -> None:
    post(make_person("P1"), _unit("A"))
    post(make_person("P2"), _unit("A"), valid_from=date(2026, 1, 1))
    shown = preview(plan("merge: [A, B], into: {code: AB, name: Xã Mới}"), by="an", at=AT)
    day = shown.days[0]
    assert (day.founded, day.dissolved) == ((("AB", "Xã Mới"),), (("A", "Đơn vị A"), ("B", "Đơn vị B")))
    assert (day.counts["postheld"].cut, day.counts["postheld"].moved, day.people) == (1, 1, 2)
    assert not Entry.objects.exists()
    assert not Reorganisation.objects.exists()
    assert _alive(DAY) == {"T", "H1", "H2", "A", "B", "C"}
    assert carry_out("merge: [A, B], into: {code: AB, name: Xã Mới}")[1] == shown


def test_nobody_is_without_a_unit_on_any_day(province: Unit) -> None:
    people = [make_person(f"P{n}") for n in range(6)]
    for person, code in zip(people, ["A", "B", "C", "H1", "H2", "T"], strict=True):
        post(person, _unit(code))
    carry_out(
        "merge: [A, B], into: {code: AB, name: Xã Mới}",
        "abolish: [H1, H2], rest: A, children: T",
        "rename: C, name: Xã C",
    )
    for day in (EVE, DAY, DAY + timedelta(days=1), date(2030, 1, 1)):
        held = PostHeld.objects.as_of(day)
        assert held.filter(unit__code__in=_alive(day)).count() == held.count() == 6


@pytest.mark.parametrize(
    ("operation", "message"),
    [
        ("merge: [A, X], into: C", "Không có đơn vị X"),
        ("merge: [A, B], into: {code: C, name: Xã}", "mã cũ không dùng lại"),
        ("merge: [A, B], into: {code: N}", "chưa có tên"),
        ("abolish: H1, rest: T, people: {Q: T}", "Không có cán bộ mã Q"),
        ("move: H1, parent: A", "vòng tròn"),
        ("abolish: H1", "về trực thuộc"),
        ("change_level: A, level: village", "danh mục"),
    ],
)
def test_what_cannot_be_is_refused(province: Unit, operation: str, message: str) -> None:
    with pytest.raises(Refused, match=message):
        preview(plan(operation), by="an", at=AT)


def test_the_code_of_a_dissolved_unit_is_never_used_again(province: Unit) -> None:
    carry_out("merge: [A, B], into: C")
    with pytest.raises(Refused, match="không dùng lại"):
        carry_out("split: C, into: [C, {code: A, name: Xã A}]", at=LATER)


def test_a_unit_that_has_ended_cannot_be_reorganised(province: Unit) -> None:
    carry_out("merge: [A, B], into: C")
    with pytest.raises(Refused, match="không còn hoặc chưa có"):
        carry_out("rename: A, name: Xã A", at=LATER)


def test_officers_notice_that_a_persons_file_changed(province: Unit) -> None:
    moved, other = make_person("P1"), make_person("P2")
    post(moved, _unit("A"))
    post(other, _unit("C"))
    carry_out("merge: [A, B], into: {code: AB, name: Xã Mới}")
    assert list(
        Person.objects.filter(Q(id=moved.id) | Q(id=other.id)).order_by("code").values_list("revision", flat=True)
    ) == [2, 1]
