"""Reviews, appointments, and nothing at all: worked out by hand."""

from datetime import date

import pytest

from canbo.datasets.dictionary import dictionary
from canbo.measure.evaluation import measure_scheme

from .asking import Query
from .comparing import QUERIES
from .library import SCHEME_OF, result_of, schemes
from .provinces import data_of, person
from .records import UNITS, course, province

# Reviews and appointments


def review(
    unit_id: str, on: date | None, suggested: bool | None = True, who: str | None = None, **more: object
) -> dict:
    """An evaluation, with an in-depth review suggested."""
    row = {"subject_kind": "person" if who else "collective", "person_id": who, "unit_id": unit_id, "period": "2022"}
    return row | {"review_suggested": suggested, "evaluated_on": on} | more


def test_collectives_reviewed_are_counted_once_and_their_reviews_each_time() -> None:
    day = date(2023, 7, 11)
    rows = [
        review("H", date(2021, 1, 1)),  # the first day of the period
        review("H", date(2022, 12, 31)),  # again
        review("C", day),
        review("C", day, period="2023"),  # twice on one day: one collective
        review("P", date(2020, 12, 31)),  # before
        review("P", date(2023, 7, 12)),  # after the day
        review("N", None),  # day unknown
        review("N", day, None),  # not known whether suggested
        review("N", day, False),
    ]
    place = province(evaluations=rows)
    assert place.counts("BG-2023-E-01", day) == (2, 4, 0, 2)
    assert [part.numerator for part in place.result("BG-2023-E-01", day).parts] == [4]


def test_a_review_that_does_not_say_of_whom_is_of_somebody_of_its_own() -> None:
    day = date(2023, 7, 11)
    rows = [review("P", day, None if who == "later" else True, who) for who in ("a", "a", "b", "later")]
    rows += [review("P", day) | {"subject_kind": "person"} for _ in range(2)]
    place = province(evaluations=rows)
    assert place.counts("BG-2023-E-02", day) == (4, 5, 0, 1)  # a, b and two without a code
    assert [part.numerator for part in place.result("BG-2023-E-02", day).parts] == [5]


@pytest.mark.parametrize(
    ("day", "period"),
    [(date(2023, 6, 30), "2022-H1"), (date(2023, 7, 1), "2023-H1"), (date(2024, 6, 30), "2023-H1")],
)
def test_the_half_year_that_has_ended(day: date, period: str) -> None:
    people = [person(name, "P", managed_by="provincial_committee") for name in "ab"]
    rows = [review("P", None, None, "a", period=p) for p in ("2021-H1", "2022-H1", "2023-H1", "2024-H1") if p != period]
    place = province(people=people, evaluations=[*rows, review("P", None, None, "b", period=period)])
    assert place.counts("BG-2023-S-02", day) == (1, 2, 0, 0)


def test_a_review_made_after_the_day_has_not_been_made() -> None:
    people = [person(name, "P", managed_by="provincial_committee") for name in "ab"]
    rows = [review("P", date(2023, 7, 10), None, "a", period="2023-H1")]
    place = province(people=people, evaluations=rows)
    assert place.counts("BG-2023-S-02", date(2023, 7, 9)) == (0, 2, 0, 0)
    assert place.counts("BG-2023-S-02", date(2023, 7, 10)) == (1, 2, 0, 0)


def test_appointments_are_the_members_and_an_empty_cell_leaves_them_open() -> None:
    day = date(2022, 7, 3)
    people = [person("a", "P", staff_kind="official"), person("b", "P", staff_kind="public_employee")]

    def appointed(who: str, **more: object) -> dict:
        row = {"person_id": who, "unit_id": "H", "kind": "first", "post_kind": "division_head", "decided_on": day}
        return row | {"met_standards": True} | more

    rows = [
        appointed("a"),
        appointed("a", kind="assignment", met_standards=False),
        appointed("a", met_standards=None),  # open
        appointed("a", decided_on=date(2022, 7, 4)),  # after the day
        appointed("a", kind="reappointment"),
        appointed("a", post_kind="professional"),  # not a leading post
        appointed("a", post_kind=None),  # may be one
        appointed("a", unit_id="NOWHERE"),  # level unknown
        appointed("a", unit_id="NOWHERE", post_kind="support"),  # not a leading post, wherever
        appointed("b"),  # not an official or a civil servant
        appointed("a", kind="rank", post_kind=None),
    ]
    place = province(people=people, appointments=rows)
    assert place.counts("QN-2022-R-03", day) == (1, 3, 1, 2)
    assert place.counts("QN-2022-R-02", day) == (1, 1, 0, 0)


def test_trained_before_the_day_of_appointment() -> None:
    day = date(2022, 7, 3)
    named = {"staff_kind": "public_employee", "post_kind": "service_head"}
    people = [person(name, "H", **named, appointed_on=date(2020, 1, 1)) for name in "abc"]
    people += [person("d", "H", **named), person("e", "H", **named, appointed_on=date(2022, 7, 4))]
    sent = [
        course("a", "leadership_skills", date(2019, 1, 1), end_date=date(2019, 12, 31), result="completed"),
        course("b", "leadership_skills", date(2019, 1, 1), end_date=date(2020, 1, 1), result="completed"),  # on it
        course("c", "leadership_skills", date(2019, 1, 1), end_date=date(2019, 6, 1)),  # not completed
        course("d", "leadership_skills", date(2019, 1, 1), end_date=date(2019, 6, 1), result="completed"),
    ]
    place = province(people=people, trainings=sent)
    assert place.counts("QN-2022-R-09", day) == (1, 5, 2, 0)  # no day, or one to come, leaves it open


# Nothing at all


def test_empty_datasets_measure_nothing_but_events_that_did_not_happen() -> None:
    empty = data_of(**{name: [] for name in dictionary()} | {"units": UNITS[:1]})
    day = date(2021, 12, 31)
    for scheme in schemes().values():
        for one in measure_scheme(scheme, empty, as_of=day).indicators:
            query = QUERIES.get(one.id)
            is_zero = isinstance(query, Query) and query.events
            expected = (0, 0, "report") if is_zero else (None, None, "not_measurable")
            assert (one.numerator, one.denominator, one.status) == expected, one.id
            assert one.reason or is_zero, one.id


def test_a_missing_dataset_is_named_and_only_what_needs_it_is_left_out() -> None:
    data = data_of(units=UNITS, people=[person("a", "P", managed_by="provincial_committee")])
    report = measure_scheme(schemes()[SCHEME_OF["TN"]], data, as_of=date(2021, 12, 31))
    assert result_of(report, "TN-2025-1-06").status == "short"
    missing = result_of(report, "TN-2025-1-08")
    assert (missing.status, missing.numerator) == ("not_measurable", None)
    assert missing.reason is not None and "Luân chuyển" in missing.reason
