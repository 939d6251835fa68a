"""People at the edges, numbers worked out by hand: birthdays, service, posts, degrees, ranks, seats, rotations."""

from datetime import date

import pytest

from canbo.datasets.bundle import BIRTH_LATEST

from .library import Province
from .provinces import data_of, person, unit

DAY = date(2024, 6, 30)
PROVINCE = unit("P", "province", "locality")
AGENCY = unit("A", "province", "state", "P")
DISTRICT = unit("D", "district", "locality", "P")
COMMUNE = unit("X", "commune", "locality", "D")
UNITS = [PROVINCE, AGENCY, DISTRICT, COMMUNE]
MANAGED = {"managed_by": "provincial_committee"}


def managed(**more: object) -> list[dict]:
    """One official managed by the provincial committee."""
    return [dict(person("a", "A", **MANAGED) | more)]


# Birthdays


@pytest.mark.parametrize(
    ("born", "day", "under_40"),
    [
        (date(1984, 6, 30), date(2024, 6, 30), 0),  # the birthday itself: 40
        (date(1984, 6, 30), date(2024, 6, 29), 1),  # the day before: still 39
        (date(1984, 7, 1), date(2024, 6, 30), 1),
        (date(1984, 2, 29), date(2024, 2, 28), 1),  # a leap year: 40 on 29/02
        (date(1984, 2, 29), date(2024, 2, 29), 0),
        (date(1984, 2, 29), date(2024, 3, 1), 0),
        (date(1983, 12, 31), date(2023, 12, 31), 0),
        (date(1983, 12, 31), date(2023, 12, 30), 1),
    ],
)
def test_forty_on_the_birthday(born: date, day: date, under_40: int) -> None:
    place = Province(data_of(units=UNITS, people=managed(birth_date=born)))
    assert place.counts("TN-2025-1-05", day) == (under_40, 1, 0, 0)


@pytest.mark.parametrize(
    ("day", "under_35"), [(date(2023, 2, 28), 1), (date(2023, 3, 1), 0), (date(2022, 2, 28), 1), (date(2024, 2, 29), 0)]
)
def test_born_on_a_leap_day_is_a_year_older_on_the_first_of_march_of_a_common_year(day: date, under_35: int) -> None:
    official = person("a", "X", staff_kind="official", birth_date=date(1988, 2, 29))
    place = Province(data_of(units=UNITS, people=[official]))
    assert place.counts("TN-2025-3-04", day) == (under_35, 1, 0, 0)


@pytest.mark.parametrize(
    ("day", "counts"),
    [
        (date(2023, 12, 31), (1, 1, 0, 0)),  # 39 whichever day it was
        (date(2024, 1, 1), (0, 1, 1, 0)),  # 40 if born on 01/01, else 39
        (date(2024, 12, 30), (0, 1, 1, 0)),
        (date(2024, 12, 31), (0, 1, 0, 0)),  # 40 whichever day it was
    ],
)
def test_a_birth_known_by_its_year_is_unknown_in_the_year_that_decides(day: date, counts: tuple[int, ...]) -> None:
    born = {"birth_date": date(1984, 1, 1), BIRTH_LATEST: date(1984, 12, 31)}
    place = Province(data_of(units=UNITS, people=managed(**born)))
    assert place.counts("TN-2025-1-05", day) == counts


# Service and membership of the group


@pytest.mark.parametrize(
    ("more", "counts"),
    [
        ({"left_on": DAY}, (1, 1, 0, 0)),  # the last day in service
        ({"left_on": date(2024, 6, 29)}, (None, None, 0, 0)),  # left the day before: nobody is in the group
        ({"sex": "male"}, (0, 1, 0, 0)),
        ({"managed_by": None}, (None, None, 0, 1)),  # nobody known to be in the group, one who may be
        ({"managed_by": "central"}, (None, None, 0, 0)),
        ({"unit_id": None}, (1, 1, 0, 0)),  # the group of the province asks for no unit
        ({"unit_id": "NOWHERE"}, (1, 1, 0, 0)),
    ],
)
def test_who_is_in_the_group(more: dict, counts: tuple[object, ...]) -> None:
    place = Province(data_of(units=UNITS, people=managed(**{"sex": "female"} | more)))
    assert place.counts("TN-2025-1-06", DAY) == counts


def test_without_a_unit_the_level_is_unknown_only_where_it_decides() -> None:
    people = [
        person("a", None, post_kind="division_head"),  # could be one of the province's
        person("b", "NOWHERE", post_kind="division_deputy"),  # so could this one
        person("c", None, post_kind="professional"),  # leads no division, wherever it is
        person("d", "A", post_kind="division_head", education="master"),
        person("e", "A", post_kind="division_head"),  # degree unknown
        person("f", "D", post_kind="division_head", education="master"),  # of a district
    ]
    place = Province(data_of(units=UNITS, people=people))
    assert place.counts("TN-2025-2-02", DAY) == (1, 2, 1, 2)


def test_district_managed_leaves_out_communes_and_base_party_organisations() -> None:
    units = [*UNITS, unit("B", "district", "party", "D", is_base_party=True)]
    tier = {"managed_by": "district_committee"}
    people = [
        person("a", "D", **tier, education="doctor"),
        person("b", "D", **tier, education="bachelor"),
        person("c", "D", **tier),  # degree unknown
        person("d", "X", **tier, education="master"),  # commune
        person("e", "B", **tier, education="master"),  # base party organisation
        person("f", None, **tier, education="master"),  # unit unknown
        person("g", "D", education="master"),  # tier unknown
        person("h", "X", education="master"),  # tier unknown, but a commune is out anyway
    ]
    place = Province(data_of(units=units, people=people))
    assert place.counts("TN-2025-2-01", DAY) == (1, 3, 1, 2)
    assert place.counts("HG-2025-4-03", DAY) == (0, 6, 6, 2)  # Hậu Giang keeps communes and all: a to f


def test_the_two_halves_of_group_2_count_a_person_once() -> None:
    both = person("a", "A", managed_by="district_committee", post_kind="division_head", sex="female")
    people = [
        both,
        person("b", "A", managed_by="unit_head", post_kind="division_deputy"),
        person("c", "D", managed_by="district_committee"),
        person("d", "A", managed_by="unit_head"),  # in neither half
        person("e", "D", post_kind="division_head"),  # in the district half if its tier were known
    ]
    place = Province(data_of(units=UNITS, people=people))
    assert place.counts("TN-2025-2-07", DAY) == (1, 3, 0, 1)
    assert place.counts("TN-2025-2-07-huyen", DAY) == (1, 2, 0, 1)
    assert place.counts("TN-2025-2-07-phong", DAY) == (1, 2, 0, 0)


# Posts, degrees and ranks of the day


def held(who: str, where: str, start: date, end: date | None = None, **more: object) -> dict:
    """A post held."""
    plain = {"post_kind": "party_secretary", "managed_by": "district_committee"}
    return {"person_id": who, "unit_id": where, "start_date": start, "end_date": end} | plain | more


def test_the_posts_of_the_day_decide_and_the_highest_tier_counts() -> None:
    people = [person(name, "A", **MANAGED, sex="female") for name in "abcdefg"]
    posts = [
        held("a", "D", date(2020, 1, 1), is_main=True),
        held("a", "X", date(2021, 1, 1), **MANAGED),  # a second post, managed higher
        held("b", "D", date(2020, 1, 1), DAY, **MANAGED),  # its last day
        held("c", "D", date(2020, 1, 1), date(2024, 6, 29), **MANAGED),  # ended the day before: no post, tier unknown
        held("d", "D", DAY, **MANAGED),  # its first day
        held("e", "D", date(2024, 7, 1), **MANAGED),  # a recruit of tomorrow is not in service
        held("f", "D", date(2020, 1, 1), managed_by="central"),
        held("f", "D", date(2020, 1, 1), **MANAGED),  # also managed centrally: not the province's
    ]  # g has never had a row: the columns of the file stand
    place = Province(data_of(units=UNITS, people=people, posts_held=posts))
    assert place.counts("TN-2025-1-06", DAY) == (4, 4, 0, 1)  # a, b, d, g; c may be


def test_the_main_post_places_a_person_then_the_later_then_the_higher() -> None:
    people = [person(name, "A", sex="male") for name in "abc"]
    posts = [
        held("a", "X", date(2019, 1, 1), is_main=True),
        held("a", "D", date(2022, 1, 1)),  # later, but not the main post
        held("b", "D", date(2019, 1, 1)),
        held("b", "X", date(2022, 1, 1)),  # later
        held("c", "X", date(2019, 1, 1), post_kind="committee_vice_chair"),
        held("c", "X", date(2019, 1, 1)),  # the same day: the higher group, secretary
    ]
    place = Province(data_of(units=UNITS, people=people, posts_held=posts))
    assert place.counts("TN-2025-3-01", DAY) == (0, 3, 3, 0)  # all three are key officials of the commune


def test_degrees_count_from_the_day_they_are_awarded() -> None:
    people = [person(name, "A", **MANAGED, education="doctor") for name in "abcde"]

    def degree(who: str, level: str, on: date, kind: str = "professional") -> dict:
        return {"person_id": who, "kind": kind, "level": level, "awarded_on": on}

    degrees = [
        degree("a", "master", DAY),  # on the day
        degree("b", "master", date(2024, 7, 1)),  # the day after: nothing is known of before
        degree("c", "master", date(2010, 1, 1)),
        degree("c", "bachelor", date(2020, 1, 1)),  # a later, lower one takes nothing away
        degree("d", "bachelor", date(2010, 1, 1)),
        degree("e", "advanced", date(2010, 1, 1), "political"),  # says nothing of the degree: the file's stands
    ]
    place = Province(data_of(units=UNITS, people=people, qualifications=degrees))
    assert place.counts("TN-2025-1-01", DAY) == (3, 5, 1, 0)
    assert place.verdict("TN-2025-1-01", DAY) == (3, 5, "short", 1)  # 3/5 is 60 %, not above it


def test_the_rank_last_begun_counts_and_of_one_day_the_higher() -> None:
    people = [person(name, "A", **MANAGED, rank="officer") for name in "abcd"]

    def rank(who: str, level: str, on: date, **more: object) -> dict:
        return {"person_id": who, "rank": level, "start_date": on, **more}

    ranks = [
        rank("a", "specialist", date(2020, 1, 1)),
        rank("a", "principal", date(2020, 1, 1), by_equivalence=True),
        rank("b", "senior", date(2019, 1, 1)),
        rank("b", "specialist", DAY),  # begun on the day, though lower
        rank("c", "senior", date(2024, 7, 1)),  # not yet
    ]
    place = Province(data_of(units=UNITS, people=people, ranks=ranks))
    assert place.counts("HG-2025-4-01", DAY) == (1, 4, 1, 0)
    assert place.counts("HG-2025-4-01-quydoi", DAY) == (1, 4, 0, 0)


# Empty cells in what must be satisfied


def test_one_failed_side_settles_it_and_an_empty_one_leaves_it_open() -> None:
    sides = {"political_theory": "intermediate", "major_fits_post": True, "operations_standard": True}
    sides |= {"skills_standard": True}
    key = {"post_kind": "committee_chair", **sides}
    people = [
        person("a", "X", **key),
        person("b", "X", **key | {"skills_standard": None}),  # open
        person("c", "X", **key | {"skills_standard": None, "political_theory": "elementary"}),  # fails anyway
        person("d", "X", **key | {"political_theory": None, "major_fits_post": None}),  # open
        person("e", "X", **key | {"operations_standard": False}),
        person("f", "X", **sides, post_kind="committee_vice_chair"),  # not one of the four posts
    ]
    place = Province(data_of(units=UNITS, people=people))
    assert place.counts("TN-2025-3-02", DAY) == (1, 5, 2, 0)
    parts = {part.id[-1]: (part.numerator, part.unknown) for part in place.result("TN-2025-3-02", DAY).parts}
    assert parts == {"a": (3, 1), "b": (4, 1), "c": (4, 0), "d": (3, 2)}


def test_a_specialist_degree_settles_what_an_empty_education_leaves_open() -> None:
    key = {"is_key_leader": True}
    people = [
        person("a", "D", **key, medical_specialist="level_1"),  # education unknown, yet postgraduate
        person("b", "D", **key, education="bachelor", medical_specialist="level_2"),
        person("c", "D", **key, education="bachelor"),  # no specialisation: an empty cell means none
        person("d", "D", **key),  # open
        person("e", "D", **key, education="master"),
        person("f", None, **key, education="master"),  # in no unit: not known to be of the three levels
    ]
    place = Province(data_of(units=UNITS, people=people))
    assert place.counts("HG-2025-3-01", DAY) == (3, 5, 1, 1)


# Seats and rotations


def seat(who: str, where: str, start: date, end: date | None = None, body: str = "executive_committee") -> dict:
    """A seat in a body."""
    return {"person_id": who, "unit_id": where, "body": body, "role": "member", "start_date": start, "end_date": end}


def test_half_of_a_committee_is_not_above_half_and_two_seats_are_one_person() -> None:
    people = [person(name, "A", rank="senior") for name in "abcd"]
    people += [person(name, "A", rank="principal") for name in "ef"]
    people += [person("g", "A", rank="senior", left_on=date(2024, 6, 29))]
    seats = [
        seat("a", "P", date(2020, 10, 1)),
        seat("a", "P", date(2023, 1, 1)),  # the same person again
        seat("b", "P", DAY),  # from the day
        seat("c", "P", date(2020, 10, 1), date(2024, 6, 29)),  # to the day before
        seat("d", "A", date(2020, 10, 1)),  # the committee of an agency is not the province's
        seat("e", "P", date(2020, 10, 1), DAY),  # to the day
        seat("f", "P", date(2020, 10, 1)),
        seat("g", "P", date(2020, 10, 1)),  # has left service
    ]
    place = Province(data_of(units=UNITS, people=people, memberships=seats))
    assert place.verdict("TN-2025-1-03", DAY) == (2, 4, "short", 1)  # a and b of a, b, e, f: just half


def test_a_standing_committee_without_enough_members_cannot_meet_a_number() -> None:
    standing = [seat("a", "P", date(2020, 10, 1), body="standing_committee")]
    people = [person("a", "A", birth_date=date(1985, 1, 1), sex="male")]
    place = Province(data_of(units=UNITS, people=people, memberships=standing))
    assert place.verdict("TN-2030-1-03", DAY) == (1, 1, "short", None)  # two of one member: impossible
    assert place.verdict("TN-2030-4-01", DAY) == (0, 1, "short", 1)


def test_committees_directly_under_the_province_follow_the_party_tree() -> None:
    units = [
        *UNITS,
        unit("K", "province", "party", "P"),  # the bloc's party committee
        unit("S", "province", "state", "P", party_parent_id="K"),  # an agency whose party committee is under the bloc
        unit("R", "province", "state", "P", party_parent_id="K"),
        unit("T", "central", "state", None, party_parent_id="P"),  # a central agency under the province's party
    ]
    people = [person(name, "A", birth_date=date(1990, 1, 1)) for name in "krst"]
    seats = [seat(name, name.upper(), date(2020, 10, 1), body="standing_committee") for name in "krst"]
    place = Province(data_of(units=units, people=people, memberships=seats))
    assert place.counts("TN-2021-B-05", DAY) == (2, 2, 0, 0)  # k and t


def rotation(who: str, start: date, end: date | None = None, **more: object) -> dict:
    """A rotation from the district to the commune, as secretary."""
    plain = {"from_unit_id": "D", "to_unit_id": "X", "from_level": "district", "to_level": "commune", "kind": "down"}
    return {"person_id": who, "start_date": start, "end_date": end, "to_post_kind": "party_secretary"} | plain | more


def test_rotations_count_in_the_term_by_the_day_and_once() -> None:
    days = {
        "a": date(2019, 12, 31),  # before the term
        "b": date(2020, 1, 1),
        "c": date(2024, 6, 30),
        "d": date(2024, 7, 1),  # after the day
    }
    people = [person(name, "A", **MANAGED) for name in "abcdefgh"]
    rows = [rotation(name, day) for name, day in days.items()]
    rows += [rotation("e", date(2021, 1, 1)), rotation("e", date(2023, 1, 1))]  # twice: one person
    rows += [
        rotation("f", date(2022, 1, 1), movement="transfer"),
        rotation("g", date(2022, 1, 1), movement="secondment"),
    ]
    place = Province(data_of(units=UNITS, people=people, rotations=rows))
    assert place.verdict("TN-2025-1-08", DAY) == (3, 8, "met", 0)
    assert place.verdict("TN-2025-1-08", date(2025, 12, 31)) == (4, 8, "met", 0)


def test_a_rotation_that_begins_after_the_term_does_not_count() -> None:
    rows = [rotation("a", date(2025, 12, 31)), rotation("b", date(2026, 1, 1))]
    people = [person(name, "A", **MANAGED) for name in "ab"]
    place = Province(data_of(units=UNITS, people=people, rotations=rows))
    assert place.counts("TN-2025-1-08", date(2026, 6, 30)) == (1, 2, 0, 0)
