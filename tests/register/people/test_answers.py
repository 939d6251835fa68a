"""Answers derived from the facts: levels, ranks, judgements, gaps, fit, structure; mostly without a database."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from canbo.register import assessments, certificates, fit, gaps, holdings, qualifications, ranks, structure
from canbo.register.assessments import Judged, Rule
from canbo.register.fit import Asked, Study
from canbo.register.gaps import Unasked
from canbo.register.holdings import Holder, Holding
from canbo.register.models import (
    Document,
    JobPosition,
    Person,
    PostHeld,
    Qualification,
    RankHeld,
    Standing,
    Title,
    TitleStandard,
    Unit,
)
from canbo.register.qualifications import Awarded
from tests.register.makers import employ, make_person, post

DAY = date(2023, 12, 31)
AT = datetime(2024, 5, 1, 8, tzinfo=UTC)
BY: dict[str, Any] = {"by": "hoa", "at": AT}

DEGREES = [
    Awarded("professional", "bachelor", date(2010, 6, 1)),
    Awarded("professional", "master", date(2024, 3, 15)),
    Awarded("professional", "doctor", date(2012, 1, 1), revoked_on=date(2015, 1, 1)),
    Awarded("political", "advanced", date(2015, 1, 1)),
    Awarded("political", "intermediate", date(2020, 1, 1)),  # a later lower course
]


@pytest.mark.parametrize(
    ("kind", "day", "level"),
    [
        ("professional", date(2010, 5, 31), None),
        ("professional", date(2023, 12, 31), "bachelor"),
        ("professional", date(2024, 3, 15), "master"),
        ("professional", date(2014, 12, 31), "doctor"),
        ("professional", date(2015, 1, 1), "bachelor"),
        ("political", date(2021, 1, 1), "advanced"),
        ("state", date(2021, 1, 1), None),
    ],
)
def test_the_highest_level_as_of_a_day(kind: str, day: date, level: str | None) -> None:
    assert qualifications.highest(DEGREES, kind, day) == level


@pytest.mark.parametrize(
    ("rank", "code", "answer"),
    [
        ("senior", "I", "reaches"),  # public employee of grade I
        ("principal", "01.002", "below"),
        ("chief_expert", "", "reaches"),
        ("specialist", "X.99", "unknown"),  # not in the table: listed, never silently below
    ],
)
def test_senior_specialist_or_equivalent(rank: str, code: str, answer: str) -> None:
    table = {code: level for code, (_, level) in ranks.shipped().items()}
    assert ranks.reaches(ranks.read(rank, code, table), "senior") == answer
    assert ranks.reaches(None, "senior") == "unknown"


def test_a_later_table_leaves_an_earlier_report(an: Person, decision: Document) -> None:
    ranks.adopt_equivalences(start=date(2020, 1, 1), document=decision, **BY)
    ranks.place(person=an, rank_code="II", start=date(2021, 1, 1), document=decision, **BY)
    ranks.adopt_equivalences(
        start=date(2025, 1, 1), document=decision, table=[("II", "Viên chức hạng II", "specialist")], **BY
    )
    RankHeld.objects.create(person=make_person("P2"), rank="officer", rank_code="X.99", valid_from=date(2020, 1, 1))
    levels = [held.rank for day in (date(2024, 12, 31), date(2025, 1, 1)) if (held := ranks.rank_on(an, day))]
    assert levels == ["principal", "specialist"]
    assert ranks.unknown_codes(DAY) == [("P2", "X.99")]


RULE = Rule("INTL-1", frozenset({"certificate", "posting"}), 24)


@pytest.mark.parametrize(
    ("rows", "rule", "state"),
    [
        ([Judged(True, "posting", date(2023, 1, 1))], None, "rule_not_set"),
        ([], RULE, "not_assessed"),
        ([Judged(True, "posting", date(2023, 1, 1))], RULE, "met"),
        ([Judged(True, "opinion", date(2023, 1, 1))], RULE, "not_assessed"),
        ([Judged(True, "posting", date(2021, 12, 31))], RULE, "not_assessed"),  # 24 months are over on 31/12/2023
        ([Judged(True, "posting", date(2022, 1, 1))], RULE, "met"),
        ([Judged(True, "posting", date(2022, 5, 1)), Judged(False, "certificate", date(2023, 5, 1))], RULE, "not_met"),
        ([Judged(True, "posting", date(2024, 1, 1))], RULE, "not_assessed"),
        ([Judged(True, "posting", date(2023, 1, 1), date(2023, 12, 31))], RULE, "not_assessed"),
        ([Judged(True, "opinion", date(1999, 1, 1))], Rule("ANY"), "met"),
    ],
)
def test_a_judgement_counts_by_an_approved_rule_only(rows: list[Judged], rule: Rule | None, state: str) -> None:
    assert assessments.judge(rows, rule, DAY) == state


def test_months_end_with_the_month() -> None:
    assert assessments.months_after(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert assessments.months_after(date(2023, 12, 15), 13) == date(2025, 1, 15)


LAW = Asked(frozenset({"law"}), "bachelor")


@pytest.mark.parametrize(
    ("asked", "studies", "state", "reason"),
    [
        (None, [Study("master", "law")], "no_requirement", "no_requirement"),
        (Asked(), [Study("master", "law")], "no_requirement", "no_requirement"),
        (LAW, [], "unknown", "no_qualification"),
        (LAW, [Study("bachelor", "law")], "fit", None),
        (LAW, [Study("bachelor", None)], "unknown", "field_unknown"),
        (LAW, [Study("master", "economics")], "not_fit", "field_differs"),
        (LAW, [Study("college", "law"), Study("master", "economics")], "not_fit", "level_below"),
        (LAW, [Study("college", "economics")], "not_fit", "level_below"),
        (Asked(least_education="master"), [Study("doctor", None)], "fit", None),
    ],
)
def test_fit_of_study_and_position(asked: Asked | None, studies: list[Study], state: str, reason: str | None) -> None:
    found = fit.fit_of(asked, studies)
    assert (found.state, found.reason) == (state, reason)
    assert reason is None or fit.reason_label(found.reason or "no_requirement")


def test_fit_of_posts(an: Person, agency: Unit) -> None:
    position = JobPosition.objects.create(
        unit=agency, name="Chuyên viên", least_education="bachelor", valid_from=date(2020, 1, 1)
    )
    post(an, agency, position=position)
    post(make_person("P2", full_name="Lê Bình"), agency)
    Qualification.objects.create(person=an, kind="professional", level="master", awarded_on=date(2024, 3, 15))
    assert [one.fit.state for one in fit.fits_on(DAY)] == ["unknown", "no_requirement"]
    assert [one.fit.state for one in fit.fits_on(date(2024, 3, 15))] == ["fit", "no_requirement"]


@pytest.fixture
def titled(an: Person, agency: Unit, decision: Document) -> PostHeld:
    title = Title.objects.create(code="TP", name="Trưởng phòng", post_kind="division_head")
    TitleStandard.objects.create(
        title=title, valid_from=date(2020, 1, 1), document=decision,
        requirements={"state_management": "principal", "political_theory": "advanced", "it_standard": True},
    )  # fmt: skip
    return post(an, agency, title=title, post_kind="division_head", post="Trưởng phòng")


def test_a_gap_has_its_reason(an: Person, titled: PostHeld) -> None:
    certificates.issue(person=an, kind="state_management", level="specialist", issued_on=date(2019, 1, 1), **BY)
    Standing.objects.create(person=an, valid_from=date(2022, 1, 1), political_theory="bachelor", it_standard=False)
    found = gaps.gaps_on(DAY)
    assert [(one.person_code, one.requirement, one.verdict, one.reason) for one in found.gaps] == [
        (
            "P1",
            "state_management",
            "not_met",
            "chức danh Trưởng phòng cần chứng chỉ bồi dưỡng quản lý nhà nước từ bậc Chuyên viên chính, chỉ có "
            "Chuyên viên.",
        ),
        ("P1", "it_standard", "not_met", "chức danh Trưởng phòng cần đạt chuẩn tin học, đã đánh giá: chưa đạt."),
    ]


def test_an_expired_certificate_is_the_reason_and_a_valid_one_closes_the_gap(an: Person, titled: PostHeld) -> None:
    Standing.objects.create(person=an, valid_from=date(2022, 1, 1), political_theory="advanced", it_standard=True)
    certificates.issue(
        person=an, kind="state_management", level="principal", issued_on=date(2018, 1, 1),
        last_day=date(2022, 12, 31), **BY,
    )  # fmt: skip
    (gap,) = gaps.gaps_on(DAY).gaps
    assert gap.verdict == "not_met"
    assert gap.reason.endswith(
        "không có chứng chỉ nào còn giá trị; chứng chỉ “Chuyên viên chính” đã hết hạn từ 01/01/2023."
    )
    certificates.issue(person=an, kind="state_management", level="senior", issued_on=date(2023, 5, 1), **BY)
    assert gaps.gaps_on(DAY).gaps == ()


def test_a_title_without_standard_is_listed(an: Person, agency: Unit) -> None:
    post(an, agency, post="Chuyên viên")
    assert gaps.gaps_on(DAY).without_standard == (
        Unasked("P1", "title", "Chuyên viên"),
        Unasked("P1", "rank", None),
    )


def _holder(
    code: str, born: date, *, precision: str = "day", ethnicity: str | None = None, sex: str = "male"
) -> Holder:
    return Holder(ord(code), code, code, code, born, precision, sex, ethnicity)


@pytest.mark.parametrize(
    ("ages", "band"),
    [
        ((29, 29), "<30"),
        ((30, 30), "30-39"),
        ((39, 40), None),
        ((40, 40), "40-49"),
        ((50, 50), "50+"),
        ((64, 65), "50+"),
    ],
)
def test_age_bands(ages: tuple[int, int], band: str | None) -> None:
    assert structure.band(*ages, structure.AGE_LIMITS) == band


def test_the_cross_tab_keeps_the_unknown_and_names_the_people(db: Any) -> None:
    people = [
        _holder("A", date(1994, 1, 1), ethnicity="Kinh"),  # 29
        _holder("B", date(1984, 1, 1), ethnicity="Tày"),  # 39
        _holder("C", date(1984, 1, 1), sex="female"),
        _holder("D", date(1983, 1, 1), precision="year", ethnicity="Tày"),  # born on 31/12 at the latest: 40 by then
        _holder("E", date(1973, 12, 31), ethnicity="Kinh"),  # 50
    ]
    by = structure.dimensions(DAY)
    table = structure.cross(people, by["age"], by["ethnicity"])
    assert (table.rows, table.columns) == (("<30", "30-39", "40-49", "50+"), ("kinh", "minority", None))
    assert [[table.count(row, column) for column in table.columns] for row in table.rows] == [
        [1, 0, 0],
        [0, 1, 1],
        [0, 1, 0],
        [1, 0, 0],
    ]
    assert [one.code for one in table.cells["30-39", None]] == ["C"]
    assert [table.of_row(row) for row in table.rows] == [1, 2, 1, 1]
    assert [table.of_column(column) for column in table.columns] == [2, 2, 1]
    assert table.total == 5


def test_structure_from_the_register(an: Person, agency: Unit) -> None:
    post(an, agency)
    Qualification.objects.create(person=an, kind="professional", level="master", awarded_on=date(2020, 1, 1))
    RankHeld.objects.create(person=an, rank="principal", rank_code="X.99", valid_from=date(2020, 1, 1))
    other = make_person("P2", sex="female", recruited_first_on=date(2003, 12, 31))
    employ(other)
    Standing.objects.create(person=other, valid_from=date(2022, 1, 1), education="college", rank="officer")
    people = holdings.holders(DAY)
    by = structure.dimensions(DAY)
    places = {key: [by[key].place(one) for one in people] for key in ("education", "rank", "unit", "service", "sex")}
    assert places == {
        "education": ["master", "college"],
        "rank": [None, "officer"],  # the code X.99 is in no table
        "unit": ["SO", None],
        "service": [None, "20-29"],
        "sex": ["male", "female"],
    }
    assert Holding("U", None, None).post_kind is None
