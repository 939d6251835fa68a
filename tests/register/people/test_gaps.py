"""The gap list: certificates by kind, level, issue and expiry against the standards of title and rank (REG-04)."""

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from canbo.common.findings import Refused
from canbo.common.language import speaking
from canbo.register import certificates, gaps, requirements, standards, titles
from canbo.register.gaps import Unasked
from canbo.register.models import (
    Certificate,
    Employment,
    JobPosition,
    PostHeld,
    Qualification,
    RankEquivalence,
    RankHeld,
    RankStandard,
    Standing,
)
from tests.register.makers import employ, make_person, post

if TYPE_CHECKING:
    from canbo.register.models import Document, Person, Title, Unit

pytestmark = pytest.mark.django_db
D = date
DAY = D(2024, 6, 25)
BY: dict[str, Any] = {"by": "lan", "at": datetime(2024, 7, 1, 2, tzinfo=UTC)}
CVC = {"state_management": "principal"}


@pytest.fixture
def head(agency: "Unit") -> "Title":
    return titles.enter(code="TP", name="Trưởng phòng", post_kind="division_head", level="province", **BY)


def _certify(person: "Person", kind: str, level: str = "", **more: Any) -> Certificate:
    return certificates.issue(person=person, kind=kind, level=level, **({"issued_on": D(2018, 5, 4)} | more), **BY)


def _in_rank(person: "Person", rank: str, **more: Any) -> None:
    RankHeld.objects.create(person=person, rank=rank, valid_from=D(2020, 1, 1), **more)


def _told(day: date = DAY) -> list[tuple[str, str, str, str]]:
    return [(one.of, one.requirement, one.verdict, one.reason) for one in gaps.gaps_on(day).gaps]


def test_a_title_that_needs_cvc_and_a_holder_of_cv(
    an: "Person", agency: "Unit", head: "Title", decision: "Document"
) -> None:
    standards.adopt(head, CVC, valid_from=D(2021, 1, 1), document=decision, **BY)
    post(an, agency, title=head, post_kind="division_head")
    _certify(an, "state_management", "specialist")
    (gap,) = gaps.gaps_on(DAY).gaps
    assert (gap.person_code, gap.full_name, gap.unit, gap.of, gap.name) == (
        "P1", "Nguyễn Văn An", "SO", "title", "Trưởng phòng",
    )  # fmt: skip
    assert (gap.requirement, gap.verdict) == ("state_management", "not_met")
    assert gap.reason == (
        "chức danh Trưởng phòng cần chứng chỉ bồi dưỡng quản lý nhà nước từ bậc Chuyên viên chính, chỉ có Chuyên viên."
    )
    with speaking("en"):
        assert gaps.gaps_on(DAY).gaps[0].reason.endswith("of Principal specialist, has only Specialist.")
    _certify(an, "state_management", "principal", issued_on=D(2024, 6, 25))
    assert gaps.gaps_on(DAY).of_person("P1") == ()  # on the day of issue it counts
    assert len(gaps.gaps_on(D(2024, 6, 24)).of_person("P1")) == 1


def test_a_rank_that_needs_cvc_and_a_holder_of_cv(an: "Person", agency: "Unit", decision: "Document") -> None:
    standards.adopt_of_rank("CVC", CVC, valid_from=D(2021, 1, 1), document=decision, **BY)
    post(an, agency)
    _in_rank(an, "principal")
    _certify(an, "state_management", "specialist")
    assert _told() == [
        (
            "rank",
            "state_management",
            "not_met",
            "ngạch Chuyên viên chính cần chứng chỉ bồi dưỡng quản lý nhà nước từ bậc Chuyên viên chính, chỉ có "
            "Chuyên viên.",
        )
    ]
    assert _told(D(2020, 12, 31)) == []  # before the standard nothing was asked
    RankHeld.objects.update(rank="specialist")
    assert _told() == []
    assert Unasked("P1", "rank", "Chuyên viên") in gaps.gaps_on(DAY).without_standard


def test_title_and_rank_are_both_asked_in_the_order_of_lists(
    an: "Person", agency: "Unit", head: "Title", decision: "Document"
) -> None:
    standards.adopt(head, {"education": "master"} | CVC, valid_from=D(2021, 1, 1), document=decision, **BY)
    standards.adopt_of_rank("principal", {"it": "basic"} | CVC, valid_from=D(2021, 1, 1), document=decision, **BY)
    post(an, agency, title=head, post_kind="division_head")
    _in_rank(an, "principal")
    Standing.objects.create(person=an, education="bachelor", state_management="specialist", valid_from=D(2021, 1, 1))
    binh = make_person("P2", full_name="Lê Văn Bình")
    employ(binh, unit=agency)
    _in_rank(binh, "principal")
    found = gaps.gaps_on(DAY, units=[agency]).gaps
    assert [(one.person_code, one.unit, one.of, one.requirement, one.verdict) for one in found] == [
        ("P1", "SO", "title", "education", "not_met"),
        ("P1", "SO", "title", "state_management", "not_met"),
        ("P1", "SO", "rank", "state_management", "not_met"),
        ("P1", "SO", "rank", "it", "unknown"),
        ("P2", "SO", "rank", "state_management", "unknown"),
        ("P2", "SO", "rank", "it", "unknown"),
    ]


def test_an_expired_certificate_and_one_issued_after_the_check(
    an: "Person", agency: "Unit", decision: "Document"
) -> None:
    standards.adopt_of_rank(
        "principal", {"language": "B1", "it": "basic"} | CVC, valid_from=D(2021, 1, 1), document=decision, **BY
    )
    post(an, agency)
    _in_rank(an, "principal")
    _certify(an, "language", "B2", language="Tiếng Anh", last_day=D(2024, 6, 24))
    _certify(an, "it", "B")
    _certify(an, "state_management", "principal", issued_on=D(2024, 6, 28))
    assert [(what, verdict) for _, what, verdict, _ in _told()] == [
        ("state_management", "not_met"), ("language", "not_met"), ("it", "not_met"),
    ]  # fmt: skip
    assert [reason.split(", ", 1)[1] for *_, reason in _told()] == [
        "không có chứng chỉ nào còn giá trị; chứng chỉ “Chuyên viên chính” cấp ngày 28/06/2024, sau ngày xét.",
        "không có chứng chỉ nào còn giá trị; chứng chỉ “B2” đã hết hạn từ 25/06/2024.",
        "chỉ có chứng chỉ B (loại cũ, không quy ra bậc).",
    ]
    assert [what for _, what, _, _ in _told(D(2024, 6, 24))] == ["state_management", "it"]
    _certify(an, "language", "C1", language="Tiếng Pháp")
    _certify(an, "it", "advanced")
    assert [what for _, what, _, _ in _told(D(2024, 6, 28))] == []


def test_what_a_source_states_later_is_unknown_before(an: "Person", agency: "Unit", decision: "Document") -> None:
    standards.adopt_of_rank("principal", {"defence": True}, valid_from=D(2021, 1, 1), document=decision, **BY)
    post(an, agency)
    _in_rank(an, "principal")
    row = _certify(an, "defence", issued_on=D(2024, 6, 30))
    assert [verdict for _, _, verdict, _ in _told()] == ["not_met"]
    Certificate.objects.filter(id=row.id).update(since_known=False)
    assert [verdict for _, _, verdict, _ in _told()] == ["unknown"]
    assert _told(D(2024, 6, 30)) == []


def test_one_of_several_is_enough(an: "Person", agency: "Unit", decision: "Document") -> None:
    choice = {"any_of": [CVC, {"political_theory": "advanced"}]}
    standards.adopt_of_rank("principal", choice, valid_from=D(2021, 1, 1), document=decision, **BY)
    post(an, agency)
    _in_rank(an, "principal")
    stated = Standing.objects.create(person=an, political_theory="intermediate", valid_from=D(2021, 1, 1))
    assert [verdict for _, _, verdict, _ in _told()] == ["unknown"]
    _certify(an, "state_management", "specialist")
    ((_, name, verdict, reason),) = _told()
    assert (name, verdict) == ("any_of", "not_met")
    assert "Chuyên viên chính hoặc lý luận chính trị từ bậc Cao cấp, chưa đạt mục nào" in reason
    stated.political_theory = "advanced"
    stated.save()
    assert _told() == []


def test_the_rank_is_that_of_the_table_of_the_day(an: "Person", agency: "Unit", decision: "Document") -> None:
    standards.adopt_of_rank("principal", CVC, valid_from=D(2021, 1, 1), document=decision, **BY)
    post(an, agency)
    _in_rank(an, "specialist", rank_code="06.030")
    _certify(an, "state_management", "specialist")
    assert _told() == []
    RankEquivalence.objects.create(rank_code="06.030", name="Kế toán viên chính", rank="principal",
                                   valid_from=D(2022, 1, 1))  # fmt: skip
    assert [what for _, what, _, _ in _told()] == ["state_management"]
    assert _told(D(2021, 12, 31)) == []


def test_the_title_of_a_post_is_its_own_that_of_its_position_or_the_only_one_that_fits(
    an: "Person", agency: "Unit", head: "Title", decision: "Document"
) -> None:
    standards.adopt(head, CVC, valid_from=D(2021, 1, 1), document=decision, **BY)
    held = post(an, agency, post_kind="division_head", post="Trưởng phòng Tổ chức")
    _certify(an, "state_management", "specialist")
    assert [name for name, *_ in _told()] == ["title"]
    other = titles.enter(code="TB", name="Trưởng ban", post_kind="division_head", **BY)
    standards.adopt(other, {"education": "master"}, valid_from=D(2021, 1, 1), document=decision, **BY)
    assert _told() == []
    assert gaps.gaps_on(DAY).without_standard == (
        Unasked("P1", "title", "Trưởng phòng Tổ chức"), Unasked("P1", "rank", None),
    )  # fmt: skip
    position = JobPosition.objects.create(unit=agency, title=other, name="TB", valid_from=D(2020, 1, 1))
    PostHeld.objects.filter(id=held.id).update(position=position)
    assert [(what, verdict) for _, what, verdict, _ in _told()] == [("education", "unknown")]


def test_who_has_left_is_not_listed(an: "Person", agency: "Unit", decision: "Document") -> None:
    standards.adopt_of_rank("principal", CVC, valid_from=D(2021, 1, 1), document=decision, **BY)
    _in_rank(an, "principal")
    assert len(_told()) == 1
    Employment.objects.filter(person=an).update(valid_to=DAY)
    assert _told() == []


def test_wrong_certificates_are_refused_in_words_and_by_the_database(an: "Person") -> None:
    with pytest.raises(Refused, match="không có loại chứng chỉ “lái xe”"):
        _certify(an, "lái xe")
    with pytest.raises(Refused, match="02/07/2024, sau ngày nhập"):
        _certify(an, "defence", issued_on=D(2024, 7, 2))
    with pytest.raises(Refused, match="“B3” không có trong danh mục"):
        _certify(an, "language", "B3", language="Tiếng Anh")
    with pytest.raises(Refused, match="kết thúc không sau ngày bắt đầu"):
        _certify(an, "defence", last_day=D(2018, 5, 3))
    assert not Certificate.objects.exists()
    with pytest.raises(Exception, match="certificate_kind_known"):
        Certificate.objects.create(person=an, kind="lái xe", valid_from=D(2018, 5, 4))


def test_standards_of_ranks_are_versions_with_documents(decision: "Document") -> None:
    old = standards.adopt_of_rank("principal", CVC, valid_from=D(2024, 2, 1), document=decision, **BY)
    new = standards.adopt_of_rank("Chuyên viên chính", {}, valid_from=D(2024, 6, 1), document=decision, **BY)
    assert (old.findings, new.findings) == ((), ())
    assert standards.rank_standard_on("principal", D(2024, 5, 31)) == old.standard
    assert standards.rank_standard_on("principal", D(2024, 6, 1)) == new.standard
    assert standards.rank_standard_on("senior", D(2024, 6, 1)) is None
    with pytest.raises(Refused, match="Không có ngạch “trưởng thôn”"):
        standards.adopt_of_rank("trưởng thôn", {}, valid_from=D(2024, 6, 1), document=decision, **BY)
    with pytest.raises(Refused, match="ngạch Chuyên viên cao cấp” phải có văn bản"):
        standards.adopt_of_rank("senior", {}, valid_from=D(2024, 6, 1), document=None, **BY)
    with pytest.raises(Refused, match="Bản cũ không được sửa"):
        standards.adopt_of_rank("principal", {}, valid_from=D(2024, 6, 1), document=decision, **BY)
    with pytest.raises(Exception, match="pgtrigger"):
        RankStandard.objects.filter(rank="principal").update(requirements={"it": "basic"})


def test_a_draft_for_a_rank_shows_who_would_fall_out(an: "Person", decision: "Document") -> None:
    standards.adopt_of_rank("principal", CVC, valid_from=D(2021, 1, 1), document=decision, **BY)
    for code, name in (("P2", "Lê Văn Bình"), ("P3", "Trần Văn Cường"), ("P4", "Hà Văn Dũng")):
        employ(make_person(code, full_name=name))
    people = {row.person.code: row.person for row in Employment.objects.select_related("person")}
    for code in ("P1", "P2", "P3"):
        _in_rank(people[code], "principal")
    _in_rank(people["P4"], "specialist")
    for code, level in (("P1", "senior"), ("P2", "principal"), ("P3", "specialist")):
        _certify(people[code], "state_management", level)
    found = standards.impact_of_rank("principal", {"state_management": "senior"}, day=DAY)
    assert [(one.person_code, one.failing, one.newly) for one in found.verdicts] == [
        ("P1", (), False),
        ("P2", ("state_management",), True),
        ("P3", ("state_management",), False),  # does not meet the version in force either
    ]
    assert RankStandard.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"language": "B"},  # an old certificate is no level
        {"it": True},
        {"defence": "A1"},
        {"other": True},
        {"any_of": []},
        {"any_of": [CVC]},
        {"any_of": [CVC, {}]},
        {"any_of": [CVC, {"it": "expert"}]},
        {"any_of": [CVC, {"any_of": [CVC, CVC]}]},
    ],
)
def test_what_is_no_requirement_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="không dùng được"):
        requirements.require_known(wrong)


def test_a_qualification_counts_where_it_is_higher_than_the_certificate(an: "Person") -> None:
    _certify(an, "state_management", "specialist", last_day=D(2023, 12, 31))
    assert requirements.values_on([an.pk], D(2023, 12, 31))[an.pk]["state_management"] == "specialist"
    assert requirements.values_on([an.pk], D(2024, 1, 1))[an.pk]["state_management"] is False
    Qualification.objects.create(person=an, kind="state", level="principal", awarded_on=D(2020, 1, 1))
    assert requirements.values_on([an.pk], D(2024, 1, 1))[an.pk]["state_management"] == "principal"
