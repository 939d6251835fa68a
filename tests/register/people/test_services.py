"""What officers enter about a person: accepted with its trace, or refused in words."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from canbo.audit.models import Entry
from canbo.common.findings import Refused
from canbo.register import (
    assessments,
    certificates,
    employment,
    merit,
    party,
    people,
    posts,
    qualifications,
    ranks,
    relatives,
    rotations,
    seats,
    standings,
    trainings,
)
from canbo.register.models import BodySeat, Document, Exit, Person, PostHeld, RankHeld, Standing, Term, Unit
from canbo.register.models import UnitVersion as Version
from canbo.register.revisions import since
from tests.register.makers import make_person, make_unit

AT = datetime(2024, 5, 1, 8, tzinfo=UTC)
BY: dict[str, Any] = {"by": "hoa", "at": AT}


def _begin(person: Person, unit: Unit, decision: Document | None, **more: Any) -> PostHeld:
    filled: dict[str, Any] = {"post_kind": "division_deputy", "start": date(2024, 3, 1)} | BY | more
    return posts.begin(person=person, unit=unit, document=decision, **filled)


def test_a_person_is_entered_with_keys_and_a_log_entry(db: Any) -> None:
    person = people.enter(
        code="P9", full_name="  Đỗ  Thị Hòa ", birth_date=date(1990, 5, 17), birth_precision="month", sex="Nữ",
        ethnicity="Tày", **BY,
    )  # fmt: skip
    assert (person.full_name, person.name_key, person.sex) == ("Đỗ Thị Hòa", "do thi hoa", "female")
    assert (person.birth_date, person.ethnicity) == (date(1990, 5, 1), "Tày")
    assert Entry.objects.get().subject == "person:P9"
    assert [one.code for one in people.search("thi hoa")] == ["P9"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"ethnicity": "Không rõ"}, "dân tộc “Không rõ” không có trong danh mục"),
        ({"birth_date": date(2024, 5, 2)}, "ngày sinh 02/05/2024"),
        ({"full_name": "  "}, "họ tên"),
        ({"national_id": "123"}, "đúng 12 chữ số"),
        ({"revision": 7}, "revision"),
    ],
)
def test_a_person_is_refused(db: Any, fields: dict[str, Any], said: str) -> None:
    filled: dict[str, Any] = {"code": "P9", "full_name": "A", "birth_date": date(1990, 1, 1), "sex": "male"} | BY
    with pytest.raises(Refused, match=said):
        people.enter(**(filled | fields))
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("born", "precision", "day", "ages"),
    [
        (date(1986, 1, 1), "day", date(2025, 12, 31), (39, 39)),
        (date(1985, 12, 31), "day", date(2025, 12, 31), (40, 40)),
        (date(1984, 2, 29), "day", date(2025, 2, 28), (40, 40)),
        (date(1984, 2, 29), "day", date(2025, 3, 1), (41, 41)),
        (date(1985, 1, 1), "year", date(2025, 6, 30), (39, 40)),
        (date(1985, 12, 1), "month", date(2025, 12, 30), (39, 40)),
    ],
)
def test_ages(born: date, precision: str, day: date, ages: tuple[int, int]) -> None:
    assert people.age_on(born, precision, day) == ages


def test_a_stale_officer_is_told_what_changed_by_whom_and_when(an: Person, agency: Unit, decision: Document) -> None:
    seen = an.revision
    _begin(an, agency, decision, by="binh", seen=seen)
    stale = Person.objects.get(id=an.id)
    with pytest.raises(Refused) as caught:
        people.correct(stale, seen=seen, full_name="Nguyễn Văn Ân", by="hoa", at=datetime(2024, 5, 2, tzinfo=UTC))
    assert "binh: thêm chức vụ từ 01/03/2024 đến nay" in caught.value.message
    assert "01/05/2024" in caught.value.message
    assert Person.objects.get(id=an.id).full_name == "Nguyễn Văn An"
    people.correct(stale, seen=an.revision, full_name="Nguyễn Văn Ân", by="hoa", at=datetime(2024, 5, 2, tzinfo=UTC))
    assert [(one.by, one.action) for one in since(an, seen)] == [("binh", "post.begin"), ("hoa", "person.correct")]


def test_a_future_post_holds_from_its_day(an: Person, agency: Unit, decision: Document) -> None:
    first = _begin(an, agency, decision, is_main=True)
    second = _begin(an, agency, decision, start=date(2024, 9, 1), is_main=True, instead_of=first)
    held = PostHeld.objects.filter(person=an)
    assert [one.id for one in held.as_of(date(2024, 8, 31))] == [first.id]
    assert [one.id for one in held.as_of(date(2024, 9, 1))] == [second.id]


def test_a_post_needs_a_decision_a_unit_in_being_and_service(an: Person, agency: Unit, decision: Document) -> None:
    with pytest.raises(Refused, match="phải có quyết định"):
        _begin(an, agency, None)
    Version.objects.filter(unit=agency).update(valid_to=date(2024, 7, 1))
    with pytest.raises(Refused, match="chỉ còn đến ngày 30/06/2024"):
        _begin(an, agency, decision)
    with pytest.raises(Refused, match="không tồn tại ngày 01/07/2024"):
        _begin(an, agency, decision, start=date(2024, 7, 1))
    _begin(an, agency, decision, last_day=date(2024, 6, 30))
    with pytest.raises(Refused, match="không tồn tại"):
        _begin(an, Unit.objects.create(code="X"), decision)
    with pytest.raises(Refused, match="chưa chọn chức danh"):
        _begin(an, make_unit("U2"), decision, post_kind=None)


def test_two_main_posts_are_refused_and_nothing_is_left(an: Person, agency: Unit, decision: Document) -> None:
    _begin(an, agency, decision, is_main=True)
    with pytest.raises(Refused, match="chức vụ chính từ 01/04/2024 đến nay trùng"):
        _begin(an, agency, decision, is_main=True, start=date(2024, 4, 1))
    assert (PostHeld.objects.count(), Entry.objects.count()) == (1, 1)


def test_a_tier_other_than_the_rules_needs_a_document(an: Person, agency: Unit, decision: Document) -> None:
    held = _begin(an, agency, decision)
    with pytest.raises(Refused, match="diện quản lý"):
        posts.correct(held, stated_tier="central", document=None, **BY)
    assert (held.stated_tier, held.document) == (None, decision)
    posts.correct(held, stated_tier="central", **BY)
    assert PostHeld.objects.get().stated_tier == "central"


def test_an_exit_ends_posts_and_seats_with_it(an: Person, agency: Unit, decision: Document) -> None:
    _begin(an, agency, decision, is_main=True)
    seats.take(person=an, unit=agency, body="standing_committee", start=date(2024, 3, 1), document=decision, **BY)
    service = an.employments.get()
    with pytest.raises(Refused, match="quyết định"):
        employment.end(service, last_day=date(2024, 12, 31), exit_kind="retirement", **BY)
    employment.end(service, last_day=date(2024, 12, 31), exit_kind="retirement", document=decision, **BY)
    for model in (PostHeld, BodySeat):
        assert model.objects.get().valid_to == date(2025, 1, 1)
    assert (Exit.objects.get().unit, Exit.objects.get().left_on) == (agency, date(2024, 12, 31))
    with pytest.raises(Refused, match="ra khỏi ngành"):
        _begin(an, agency, decision, start=date(2025, 2, 1))
    assert employment.staff_kind_on(an, date(2024, 12, 31)) == "civil_servant"
    assert employment.staff_kind_on(an, date(2025, 1, 1)) is None


def test_what_begins_after_the_exit_stops_it(an: Person, agency: Unit, decision: Document) -> None:
    _begin(an, agency, decision, start=date(2025, 1, 1))
    with pytest.raises(Refused, match="bắt đầu sau ngày cuối"):
        employment.end(an.employments.get(), last_day=date(2024, 12, 31), exit_kind="death", unit=agency, **BY)
    assert an.employments.get().valid_to is None


def test_another_capacity_ends_the_first(an: Person, agency: Unit) -> None:
    employment.begin(person=an, unit=agency, staff_kind="official", start=date(2024, 6, 1), **BY)
    assert employment.staff_kind_on(an, date(2024, 5, 31)) == "civil_servant"
    assert employment.staff_kind_on(an, date(2024, 6, 1)) == "official"


def test_a_seat_stays_within_its_term_and_is_single(an: Person, agency: Unit, decision: Document) -> None:
    term = Term.objects.create(
        family="party", level="province", unit=agency, valid_from=date(2020, 10, 1), valid_to=date(2025, 10, 1)
    )
    wanted: dict[str, Any] = {
        "person": an,
        "unit": agency,
        "body": "executive_committee",
        "document": decision,
        "term": term,
    }
    for start, last in ((date(2020, 9, 30), None), (date(2025, 10, 1), None), (date(2024, 1, 1), date(2025, 10, 1))):
        with pytest.raises(Refused, match="ngoài nhiệm kỳ"):
            seats.take(start=start, last_day=last, **wanted, **BY)
    taken = seats.take(start=date(2024, 1, 1), last_day=date(2025, 9, 30), **wanted, **BY)
    with pytest.raises(Refused, match="đã ở trong Ban Chấp hành"):
        seats.take(start=date(2025, 9, 30), role="head", **wanted, **BY)
    seats.leave(taken, last_day=date(2024, 6, 30), **BY)
    with pytest.raises(Refused, match="đã kết thúc"):
        seats.leave(taken, last_day=date(2024, 7, 1), **BY)


def test_a_rank_ends_the_one_before_and_follows_its_code(an: Person, decision: Document) -> None:
    ranks.adopt_equivalences(start=date(2020, 1, 1), document=decision, **BY)
    ranks.place(person=an, rank_code="01.003", start=date(2021, 1, 1), document=decision, **BY)
    ranks.place(person=an, rank_code="I", start=date(2024, 1, 1), document=decision, **BY)
    rows = RankHeld.objects.order_by("valid_from").values_list("rank", "by_equivalence", "valid_to")
    assert list(rows) == [("specialist", False, date(2024, 1, 1)), ("senior", True, None)]
    with pytest.raises(Refused, match="mã ngạch “99.999” chưa có"):
        ranks.place(person=an, rank_code="99.999", start=date(2024, 2, 1), document=decision, **BY)
    with pytest.raises(Refused, match="tương đương Chuyên viên chính"):
        ranks.place(person=an, rank_code="01.002", rank="senior", start=date(2024, 2, 1), document=decision, **BY)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"awarded_on": date(2024, 5, 2)}, "sau ngày nhập"),
        ({"awarded_on": date(1997, 6, 14)}, "chưa đủ 17 tuổi"),
        ({"awarded_on": None}, "đang học"),
        ({"level": "đang học"}, "đang học"),
        ({"level": "siêu cấp"}, "không có trong danh mục"),
        ({"level": "none"}, "không phải văn bằng"),
    ],
)
def test_a_qualification_is_refused(an: Person, fields: dict[str, Any], said: str) -> None:
    filled: dict[str, Any] = {"kind": "professional", "level": "master", "awarded_on": date(2024, 3, 15)} | BY
    with pytest.raises(Refused, match=said):
        qualifications.award(person=an, **(filled | fields))


def test_a_qualification_without_field_is_warned_of_verified_and_revoked(an: Person, decision: Document) -> None:
    degree = qualifications.award(person=an, kind="professional", level="Thạc sỹ", awarded_on=date(2024, 3, 15), **BY)
    assert [one.code for one in qualifications.findings(degree)] == ["qualification_without_field"]
    qualifications.verify(degree, **BY)
    assert degree.verified_by == "hoa"
    with pytest.raises(Refused, match="sau ngày cấp"):
        qualifications.revoke(degree, on=date(2024, 3, 15), document=decision, **BY)
    qualifications.revoke(degree, on=date(2024, 4, 1), document=decision, **BY)
    assert qualifications.level_on(an, "professional", date(2023, 12, 31)) is None
    assert qualifications.level_on(an, "professional", date(2024, 3, 31)) == "master"
    assert qualifications.level_on(an, "professional", date(2024, 4, 1)) is None


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"kind": "cooking"}, "không có loại chứng chỉ"),
        ({"language": ""}, "ngôn ngữ"),
        ({"level": "tốt"}, "bậc “tốt”"),
        ({"issued_on": date(2024, 6, 1)}, "sau ngày nhập"),
        ({"last_day": date(2022, 1, 1)}, "không sau ngày bắt đầu"),
    ],
)
def test_a_certificate_is_refused(an: Person, fields: dict[str, Any], said: str) -> None:
    filled: dict[str, Any] = {"kind": "language", "language": "Tiếng Anh", "level": "B1"}
    filled |= {"issued_on": date(2023, 1, 1)} | BY
    assert certificates.issue(person=an, **filled).level == "B1"
    with pytest.raises(Refused, match=said):
        certificates.issue(person=an, **(filled | fields))


def test_party_membership(an: Person, agency: Unit) -> None:
    with pytest.raises(Refused, match="trước ngày kết nạp"):
        party.admit(person=an, admitted_on=date(2020, 2, 3), official_on=date(2020, 2, 2), **BY)
    member = party.admit(person=an, admitted_on=date(2020, 2, 3), unit=agency, **BY)
    party.make_official(member, on=date(2021, 2, 3), **BY)
    with pytest.raises(Refused, match="quá trình đảng viên"):
        party.admit(person=an, admitted_on=date(2022, 2, 3), unit=agency, **BY)
    moved = party.move(member, unit=make_unit("CB2"), on=date(2023, 1, 1), **BY)
    assert (member.valid_to, moved.official_on) == (date(2023, 1, 1), date(2021, 2, 3))
    party.leave(moved, last_day=date(2024, 1, 1), **BY)
    assert moved.valid_to == date(2024, 1, 2)


def test_discipline_needs_a_decision_and_blocks_only_in_its_period(an: Person, decision: Document) -> None:
    wanted: dict[str, Any] = {"person": an, "family": "party", "form": "Khiển trách", "start": date(2023, 5, 1)} | BY
    with pytest.raises(Refused, match="kỷ luật phải có quyết định"):
        merit.discipline(document=None, **wanted)
    merit.discipline(document=decision, last_day=date(2024, 4, 30), **wanted)
    assert len(merit.in_effect(an, date(2024, 4, 30))) == 1
    assert merit.in_effect(an, date(2024, 5, 1)) == []
    given = merit.reward(person=an, form="Bằng khen", decided_on=date(2024, 1, 5), document=decision, **BY)
    assert given.document == decision


def test_relatives_trainings_rotations_and_standings(an: Person, agency: Unit, decision: Document) -> None:
    with pytest.raises(Refused, match="chính mình"):
        relatives.add(person=an, relation="Vợ", other=an, start=date(2010, 1, 1), **BY)
    wife = make_person("P2", sex="female")
    relatives.add(person=an, relation="Vợ", other=wife, start=date(2010, 1, 1), **BY)
    assert [one.person for one in relatives.in_register(wife, date(2024, 1, 1))] == [an]
    course = trainings.enrol(person=an, program="political_advanced", start=date(2023, 9, 1), **BY)
    trainings.finish(course, last_day=date(2024, 4, 30), result="completed", **BY)
    assert (course.valid_to, course.result) == (date(2024, 5, 1), "completed")
    district = make_unit("H1", level="district")
    wanted: dict[str, Any] = {
        "person": an,
        "from_unit": agency,
        "kind": "down",
        "movement": "rotation",
        "document": decision,
    }
    with pytest.raises(Refused, match="cùng một đơn vị"):
        rotations.begin(to_unit=agency, start=date(2024, 6, 1), **wanted, **BY)
    gone = rotations.begin(to_unit=district, start=date(2024, 6, 1), **wanted, **BY)
    assert (gone.from_level, gone.to_level) == ("province", "district")
    rotations.end(gone, last_day=date(2026, 5, 31), **BY)
    standings.state(person=an, day=date(2023, 1, 1), education="bachelor", it_standard=True, **BY)
    standings.state(person=an, day=date(2024, 1, 1), education="master", **BY)
    kept = Standing.objects.order_by("valid_from").values_list("education", "it_standard", "valid_to")
    assert list(kept) == [("bachelor", True, date(2024, 1, 1)), ("master", True, None)]


def test_an_assessment_needs_a_basis_and_an_assessor(an: Person, decision: Document) -> None:
    wanted: dict[str, Any] = {"person": an, "subject": "it_standard", "met": True, "on": date(2024, 4, 1)} | BY
    with pytest.raises(Refused, match="căn cứ"):
        assessments.record(basis="tốt", assessor="Giám đốc sở", **wanted)
    with pytest.raises(Refused, match="ai đánh giá"):
        assessments.record(basis="test", assessor=" ", **wanted)
    assessments.record(basis="test", assessor="Giám đốc sở", **wanted)
    assert assessments.state_on(an, "it_standard", date(2024, 5, 1)) == "rule_not_set"
    with pytest.raises(Refused, match="văn bản phê duyệt"):
        assessments.approve(subject="it_standard", version="IT-1", start=date(2024, 1, 1), document=None, **BY)
    assessments.approve(
        subject="it_standard", version="IT-1", start=date(2024, 1, 1), document=decision, accepted=["test"],
        valid_months=12, **BY,
    )  # fmt: skip
    assert assessments.state_on(an, "it_standard", date(2024, 3, 31)) == "not_assessed"
    assert assessments.state_on(an, "it_standard", date(2025, 3, 31)) == "met"
    assert assessments.state_on(an, "it_standard", date(2025, 4, 1)) == "not_assessed"
    assert assessments.state_on(an, "it_standard", date(2023, 12, 31)) == "rule_not_set"
