"""People sent against plans and in windows, leaders when sent, rotations, classes: worked out by hand."""

from datetime import date

import pytest

from canbo.measure.evaluation import measure_scheme

from .library import SCHEME_OF, result_of, schemes
from .provinces import data_of, person
from .records import DAY, PEOPLE, SIGNED, UNITS, course, held, plan, province


def test_people_sent_against_the_plan() -> None:
    sent = [
        course("a", "political_advanced", SIGNED),  # the first day of the programme and of the plan
        course("a", "political_advanced", date(2018, 1, 1)),  # again: one person
        course("b", "political_advanced", DAY, result="withdrawn"),  # on the day; dropped out, yet was sent
        course("c", "political_advanced", date(2019, 5, 21)),  # after the day
        course("d", "political_advanced", date(2017, 1, 1), result="planned"),
        course("e", "political_intermediate", date(2017, 1, 1)),
        course("gone", "political_advanced", date(2017, 1, 1)),  # a person no longer in the file still was sent
    ]
    place = province(trainings=sent, plans=[plan("political_advanced", 4)])
    assert place.verdict("CB-2019-R-11", DAY) == (3, 4, "short", 1)
    assert place.verdict("CB-2019-R-11", date(2019, 5, 21)) == (4, 4, "met", 0)


def test_what_was_before_the_programme_does_not_count() -> None:
    sent = [course("a", "political_advanced", date(2016, 5, 8)), course("a", "political_advanced", date(2017, 1, 1))]
    sent += [course("b", "political_advanced", date(2016, 5, 8))]
    place = province(trainings=sent, plans=[plan("political_advanced", 4, date(2016, 1, 1))])
    assert place.verdict("CB-2019-R-11", DAY) == (1, 4, "short", 3)  # a, since 2017


def test_a_person_sent_twice_on_one_day_is_one_person() -> None:
    day = date(2018, 9, 1)
    sent = [
        course("a", "state_senior", day),
        course("a", "state_principal", day),
        course("b", "leadership_skills", day),
    ]
    sent += [course("b", "leadership_skills", day, unit_id="H")]
    place = province(trainings=sent, plans=[plan("state_management", 2)])
    assert place.verdict("CB-2019-R-05", DAY) == (1, 2, "short", 1)
    assert place.counts("CB-2019-R-06", DAY) == (1, 2, 0, 0)
    assert [part.numerator for part in place.result("CB-2019-R-06", DAY).parts] == [2]


def test_who_was_sent_before_the_plan_and_again_within_it_counts_in_it() -> None:
    sent = [course("a", "political_advanced", date(2016, 6, 1)), course("a", "political_advanced", date(2018, 1, 1))]
    sent += [course("b", "political_advanced", date(2016, 6, 1))]
    place = province(trainings=sent, plans=[plan("political_advanced", 4, date(2017, 1, 1))])
    assert place.verdict("CB-2019-R-11", DAY) == (1, 4, "short", 3)


def test_the_earliest_record_of_the_plan_says_of_which_unit_the_person_is() -> None:
    sent = [
        course("a", "political_advanced", date(2018, 1, 1), unit_id="C"),
        course("a", "political_advanced", date(2017, 1, 1), unit_id="H"),  # the earliest
        course("b", "political_advanced", date(2018, 1, 1), unit_id="C"),
        course("b", "political_advanced", date(2018, 1, 1), unit_id="H"),  # the same day, later in the file
        course("c", "leadership_skills", date(2018, 1, 1), unit_id="C"),  # no plan: the first in the file
        course("c", "leadership_skills", date(2017, 1, 1), unit_id="H"),
    ]
    data = data_of(units=UNITS, people=PEOPLE, trainings=sent, plans=[plan("political_advanced", 4)])
    report = measure_scheme(schemes()[SCHEME_OF["CB"]], data, as_of=DAY, by="unit")

    def counted(indicator: str) -> dict[str | None, int | None]:
        return {one.unit_id: one.numerator for one in result_of(report, indicator).units if one.numerator}

    assert counted("CB-2019-R-11") == {"H": 1, "C": 1}
    assert counted("CB-2019-R-06") == {"C": 1}


@pytest.mark.parametrize(
    ("posts", "sent"),
    [
        ([held("a", date(2017, 1, 1))], 1),  # still held
        ([held("a", date(2018, 9, 1), date(2018, 9, 1))], 1),  # that day only
        ([held("a", date(2017, 1, 1), date(2018, 8, 31))], 0),  # given up the day before
        ([held("a", date(2018, 9, 2))], 0),  # appointed the day after, and a leader on the day measured
        ([held("a", date(2017, 1, 1), kind="professional")], 0),
        ([held("a", date(2017, 1, 1), kind="support"), held("a", date(2017, 1, 1), kind="division_deputy")], 1),
        ([held("b", date(2017, 1, 1))], 0),  # another's post
        ([], 0),
    ],
)
def test_a_leader_is_who_held_a_leading_post_when_sent(posts: list, sent: int) -> None:
    day = date(2018, 9, 1)
    courses = [course("a", program, day) for program in ("master", "doctor", "political_intermediate")]
    plans = [plan("master_young", 1), plan("doctor_young", 1)]
    place = province(people=[person("a", "P")], trainings=courses, plans=plans, posts_held=posts)
    verdict = (1, 1, "met", 0) if sent else (0, 1, "short", 1)
    assert place.verdict("CB-2019-R-01", DAY) == verdict
    assert place.verdict("CB-2019-R-15", DAY) == verdict
    assert place.counts("CB-2019-R-10", DAY) == (sent, sent, 0, 0)


def test_without_the_posts_held_leaders_cannot_be_told() -> None:
    courses = [course("a", "master", date(2018, 9, 1)), course("a", "department_leaders", date(2018, 9, 1))]
    place = province(trainings=courses, plans=[plan("master_young", 1), plan("department_leaders", 1)])
    assert place.verdict("CB-2019-R-01", DAY) == (None, None, "not_measurable", None)
    reason = place.result("CB-2019-R-01", DAY).reason
    assert reason is not None and "Chức vụ" in reason
    assert place.verdict("CB-2019-R-07", DAY) == (1, 1, "met", 0)  # whoever is sent to that course


def test_being_sent_by_another_sector_first_takes_nothing_away() -> None:
    sent = [
        course("a", "master", date(2017, 1, 1), unit_id="H"),
        course("a", "master", date(2018, 1, 1), unit_id="C"),  # first by health, then by culture: one in each
        course("b", "master", date(2018, 1, 1), unit_id="C"),
        course("c", "specialist_1", date(2018, 1, 1), unit_id="N"),  # sector unknown
        course("d", "master", date(2018, 1, 1), unit_id=None),  # unit unknown
    ]
    plans = [plan("health_postgraduate", 1), plan("culture_tourism", 2)]
    place = province(trainings=sent, plans=plans)
    assert place.verdict("CB-2019-R-03", DAY) == (1, 1, "met", 0)
    assert place.verdict("CB-2019-R-04", DAY) == (2, 2, "met", 0)
    assert place.counts("CB-2019-R-03", DAY) == (1, 1, 0, 2)
    assert place.counts("CB-2019-R-04", DAY) == (2, 2, 0, 1)  # a specialist's course is not of this row


def test_rows_of_another_time_leave_the_plan_alone() -> None:
    days = (date(2017, 12, 31), date(2018, 1, 1), DAY, date(2019, 5, 21))
    sent = [course("a", "master", day, unit_id="N") for day in days]  # sector unknown
    place = province(trainings=sent, plans=[plan("health_postgraduate", 1, date(2018, 1, 1))])
    assert place.counts("CB-2019-R-03", DAY) == (0, 1, 0, 2)  # the plan's first day, and the day itself
    assert place.result("CB-2019-R-03", DAY).could_change
    assert place.counts("CB-2019-R-03", date(2019, 5, 21)) == (0, 1, 0, 3)


def test_a_rotation_while_managed_by_others_takes_nothing_away() -> None:
    def moved(who: str, start: date, **more: object) -> dict:
        row = {"person_id": who, "from_unit_id": "P", "to_unit_id": "H", "from_level": "province", "kind": "lateral"}
        row |= {"to_level": "province", "start_date": start, "managed_by": "provincial_committee"}
        return row | more

    rows = [
        moved("a", date(2015, 1, 1)),  # the first day of the term
        moved("b", date(2014, 12, 31)),  # the day before
        moved("b", date(2018, 1, 1)),
        moved("c", date(2016, 1, 1), managed_by="district_committee"),
        moved("c", date(2018, 1, 1)),  # by then managed by the province
        moved("d", date(2018, 1, 1), movement="transfer"),
        moved("e", date(2018, 1, 1), managed_by=None),
        moved("f", date(2017, 1, 1)),
        moved("f", date(2018, 1, 1)),
    ]
    place = province(rotations=rows, plans=[plan("rotation_young", 40, date(2015, 1, 1))])
    assert place.verdict("CB-2019-R-14", DAY) == (4, 40, "short", 36)
    assert place.counts("CB-2019-R-14", DAY) == (4, 40, 0, 1)


@pytest.mark.parametrize(
    ("plans", "verdict"),
    [
        ([plan("political_advanced", None)], (1, None, "report", None)),  # planned, no number printed
        ([plan("political_advanced", 0)], (1, 0, "report", None)),  # a zero is a zero
        (
            [plan("political_advanced", 1), plan("political_advanced", None, date(2018, 1, 1))],
            (1, None, "report", None),
        ),
        ([plan("political_advanced", 1), plan("political_advanced", 2, date(2018, 1, 1))], (1, 3, "short", 2)),
        ([plan("political_advanced", 5, last=DAY)], (1, 5, "short", 4)),  # the plan's last day
        ([plan("political_advanced", 5, first=DAY)], (0, 5, "short", 5)),  # its first: what was before is not of it
        ([plan("political_advanced", 5, last=date(2019, 5, 19))], (None, None, "not_measurable", None)),
        ([plan("tourism", 5)], (None, None, "not_measurable", None)),
        ([], (None, None, "not_measurable", None)),
    ],
)
def test_plans_without_number_with_zero_and_outside_the_day(plans: list, verdict: tuple[object, ...]) -> None:
    place = province(trainings=[course("a", "political_advanced", date(2018, 1, 1))], plans=plans)
    assert place.verdict("CB-2019-R-11", DAY) == verdict


def test_nobody_sent_against_a_plan_is_a_zero_that_is_shown() -> None:
    place = province(plans=[plan("doctor_young", None), plan("tourism", 3)], posts_held=[])
    assert place.verdict("CB-2019-R-15", DAY) == (0, None, "report", None)
    assert place.verdict("CB-2019-R-16", DAY) == (0, 3, "short", 3)


def test_an_unprinted_plan_divided_by_unit_still_adds_up() -> None:
    sent = [course("a", "doctor", date(2018, 1, 1), unit_id="H"), course("b", "doctor", date(2018, 1, 1), unit_id=None)]
    posts = [held(who, SIGNED) for who in "ab"]
    data = data_of(units=UNITS, people=PEOPLE, trainings=sent, plans=[plan("doctor_young", None)], posts_held=posts)
    report = measure_scheme(schemes()[SCHEME_OF["CB"]], data, as_of=DAY, by="unit")
    result = result_of(report, "CB-2019-R-15")
    assert result.numerator == 2
    assert {one.unit_id: one.numerator for one in result.units} == {"H": 1, None: 1}


def test_a_group_with_an_unprinted_line_gets_no_share_of_the_printed_ones() -> None:
    sent = [course(who, "political_advanced", date(2018, 1, 1), unit_id="H") for who in "abc"]
    plans = [plan("political_advanced", 5), plan("political_advanced", None) | {"plan_id": "C", "unit_id": "C"}]
    data = data_of(units=UNITS, people=PEOPLE, trainings=sent, plans=plans)
    report = measure_scheme(schemes()[SCHEME_OF["CB"]], data, as_of=DAY, by="province")
    result = result_of(report, "CB-2019-R-11")
    assert (result.numerator, result.denominator, result.status) == (3, None, "report")
    assert [(one.unit_id, one.numerator, one.value) for one in result.units] == [("P", 3, None)]


def test_classes_begun_in_the_window() -> None:
    days = (date(2016, 5, 8), SIGNED, DAY, date(2019, 5, 21))
    rows = [{"class_id": f"L{n}", "program": "planned_cadres", "start_date": day} for n, day in enumerate(days)]
    assert province(classes=rows).counts("CB-2019-R-13", DAY) == (2, 2, 0, 0)
    assert province(classes=[]).verdict("CB-2019-R-13", DAY) == (0, 0, "report", None)
