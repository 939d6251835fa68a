"""Organisations, lists and districts one by one, numbers worked out by hand."""

from datetime import date

from .library import Province
from .provinces import data_of, person, unit

DAY = date(2024, 6, 30)
BEFORE, AFTER = date(2024, 6, 29), date(2024, 7, 1)
PROVINCE = unit("P", "province", "locality")


def district(name: str, communes: int, **more: object) -> list[dict]:
    """A district with communes, all of one form."""
    below = [dict(unit(f"{name}-{n}", "commune", "locality", name, **more)) for n in range(communes)]
    return [dict(unit(name, "district", "locality", "P")), *below]


def rotation(who: str, to: str, start: date = date(2022, 1, 1), end: date | None = None, **more: object) -> dict:
    """An official of the district sent to a commune as its secretary."""
    plain = {"from_unit_id": "P", "from_level": "district", "to_level": "commune", "kind": "down"}
    row = {"person_id": who, "to_unit_id": to, "start_date": start, "end_date": end, "to_post_kind": "party_secretary"}
    return row | plain | more


def test_each_district_stands_against_its_own_share_and_a_tie_is_not_above() -> None:
    units = [PROVINCE, *district("D1", 10), *district("D2", 10), *district("TN-TPTN", 5), *district("D3", 0)]
    units += district("D4", 2, valid_to=BEFORE)  # all abolished the day before
    sent = [rotation("a", f"D1-{n}") for n in range(3)] + [rotation("a", f"D2-{n}") for n in range(4)]
    sent += [rotation("a", f"TN-TPTN-{n}") for n in range(2)]
    sent += [rotation("a", "D1-0"), rotation("a", "D4-0")]  # a second to one commune, one to an abolished commune
    place = Province(data_of(units=units, people=[person("a", "P")], rotations=sent))
    # 3/10 is just 30 %, 4/10 is above; 2/5 is just the city's 40 %; two districts have no commune.
    assert place.verdict("TN-2025-3-06", DAY) == (1, 3, "short", 2)
    shown = {one.unit_id: (one.status, one.shortfall) for one in place.result("TN-2025-3-06", DAY).units}
    assert shown == {
        "D1": ("short", 1),
        "D2": ("met", 0),
        "TN-TPTN": ("short", 1),
        "D3": ("not_measurable", None),
        "D4": ("not_measurable", None),
    }
    assert place.verdict("TN-2025-3-07", DAY) == (2, 5, "short", 1)


def test_who_is_rotated_down_holds_the_post_on_the_day() -> None:
    units = [PROVINCE, *district("D1", 8), unit("D1-7-O", "commune", "party", "D1-7")]
    people = [person("a", "P"), person("b", "P", left_on=BEFORE), person("c", "P", left_on=DAY)]
    sent = [
        rotation("a", "D1-0", end=DAY),  # the last day of the rotation
        rotation("a", "D1-1", end=BEFORE),  # over
        rotation("a", "D1-2", start=AFTER),  # not begun
        rotation("a", "D1-3", to_post_kind=None),  # no post recorded
        rotation("a", "D1-4", to_post_kind="committee_vice_chair"),  # not one of the four
        rotation("b", "D1-5"),  # has left service
        rotation("c", "D1-6"),  # the last day in service
        rotation("a", "D1-7-O", start=DAY),  # to an organ of the commune
    ]
    place = Province(data_of(units=units, people=people, rotations=sent))
    assert place.verdict("TN-2025-3-06", DAY) == (1, 1, "met", 0)  # 0, 6 and 7 of eight: 37,5 %
    assert [one.numerator for one in place.result("TN-2025-3-06", DAY).units] == [3]


def test_districts_in_being_are_measured() -> None:
    gone = [dict(row) | {"valid_to": BEFORE} for row in district("D1", 2)]
    last = [dict(row) | {"valid_to": DAY} for row in district("D2", 2)]
    new = [dict(row) | {"valid_from": AFTER} for row in district("D3", 2)]
    place = Province(data_of(units=[PROVINCE, *gone, *last, *new], people=[person("a", "P")], memberships=[]))
    assert place.verdict("TN-2030-4-02", DAY) == (0, 1, "short", 1)


def test_no_district_can_be_measured_where_none_has_a_commune() -> None:
    place = Province(data_of(units=[PROVINCE, *district("D1", 0)], people=[person("a", "P")], rotations=[]))
    assert place.verdict("TN-2025-3-06", DAY) == (None, None, "not_measurable", None)


def test_after_the_districts_the_last_value_is_shown() -> None:
    units = [PROVINCE, *district("D1", 3)]
    place = Province(data_of(units=units, people=[person("a", "P")], rotations=[rotation("a", "D1-0")]))
    result = place.result("TN-2025-3-06", date(2025, 7, 1))
    assert (result.status, result.numerator) == ("not_measurable", None)
    assert result.last is not None
    assert (result.last.as_of, result.last.numerator, result.last.denominator) == (date(2025, 6, 30), 1, 1)
    assert place.verdict("TN-2025-3-06", date(2025, 6, 30)) == (1, 1, "met", 0)


def test_agencies_with_a_woman_among_their_leaders() -> None:
    kinds = ("party", "state", "front", "justice", "public_service", "division")
    units = [PROVINCE, *(unit(f"A-{kind}", "province", kind, "P") for kind in kinds), *district("D1", 1)]
    units += [unit("D1-A", "district", "state", "D1")]
    women = [
        person("a", "A-party", sex="female", post_kind="agency_deputy"),
        person("b", "A-state", sex="female", post_kind="division_head"),  # inside a provincial agency: not of its head
        person("c", "A-front", sex="female", post_kind="agency_head", left_on=BEFORE),
        person("d", "A-justice", sex="female", post_kind="agency_head", left_on=DAY),
        person("e", "A-public_service", sex="female", post_kind="agency_head"),  # no agency of the group
        person("f", "D1-A", sex="female", post_kind="division_deputy"),  # in a district agency a leader
        person("g", "A-party", sex="female", post_kind="agency_head"),  # the second woman of one agency
    ]
    place = Province(data_of(units=units, people=women))
    assert place.verdict("TN-2025-2-08", DAY) == (3, 5, "met", 0)  # party, justice and the district's of five


def test_communes_that_exchange_a_leader() -> None:
    units = [PROVINCE, *district("D1", 5), unit("D1-1-O", "commune", "state", "D1-1")]
    moved = {"from_level": "commune", "movement": "transfer", "to_post_kind": None}
    sent = [
        rotation("a", "D1-1", **moved | {"from_unit_id": "D1-0", "from_post_kind": "committee_vice_chair"}),
        rotation("a", "D1-1-O", **moved | {"from_unit_id": "D1-1", "from_post_kind": "party_secretary"}),  # stays
        rotation(
            "a", "D1-2", **moved | {"from_unit_id": "D1-1", "movement": "secondment", "to_post_kind": "council_chair"}
        ),
        rotation("a", "D1-2", **moved | {"from_unit_id": "D1-1"}),  # no post recorded at either end
        # the post left decides where it is recorded, although the new one is high enough
        rotation(
            "a",
            "D1-3",
            **moved | {"from_unit_id": "D1-2", "from_post_kind": "professional", "to_post_kind": "council_chair"},
        ),
        rotation("a", "D1-4", date(2019, 12, 31), **moved | {"from_unit_id": "D1-3", "to_post_kind": "council_chair"}),
    ]
    place = Province(data_of(units=units, people=[person("a", "P")], rotations=sent))
    assert place.verdict("TN-2025-3-08", DAY) == (2, 5, "short", 1)  # 0 and 1; 50 % of five is three
    assert place.counts("TN-2025-3-08-di", DAY) == (1, 5, 0, 0)
    assert place.counts("TN-2025-3-08-den", DAY) == (1, 5, 0, 0)


def test_one_person_holds_both_posts_of_a_commune_on_the_day() -> None:
    units = [PROVINCE, *district("D1", 5), unit("D1-0-O", "commune", "party", "D1-0")]

    def post(who: str, where: str, kind: str, end: date | None = None) -> dict:
        return {"person_id": who, "unit_id": where, "post_kind": kind, "start_date": date(2021, 1, 1), "end_date": end}

    people = [person(name, "P") for name in "abcd"] + [person("e", "P", left_on=BEFORE)]
    posts = [
        post("a", "D1-0-O", "party_secretary"),
        post("a", "D1-0", "committee_chair", DAY),
        post("b", "D1-1", "party_secretary"),
        post("c", "D1-1", "committee_chair"),  # two people
        post("b", "D1-2", "committee_chair"),  # one person, two communes
        post("d", "D1-3", "party_secretary"),
        post("d", "D1-3", "committee_chair", BEFORE),  # no longer
        post("e", "D1-4", "party_secretary"),
        post("e", "D1-4", "committee_chair"),  # has left service, the posts were not closed
    ]
    place = Province(data_of(units=units, people=people, posts_held=posts))
    assert place.counts("TN-2030-3-04", DAY) == (1, 5, 0, 0)


# Succession lists and pools


def entry(who: str, added: date = date(2023, 1, 1), removed: date | None = None, **more: object) -> dict:
    """A pool entry of the province's executive committee."""
    plain = {"term": "2025-2030", "unit_id": "P", "level": "province", "body": "executive_committee"}
    return {"person_id": who, "added_on": added, "removed_on": removed} | plain | more


def a_list(name: str, approved: date | None, **more: object) -> dict:
    """A list of the province's executive committee."""
    plain = {"term": "2025-2030", "unit_id": "P", "level": "province", "body": "executive_committee"}
    return {"list_id": name, "approved_on": approved} | plain | more


def test_three_cohorts_by_age_on_the_day_of_approval() -> None:
    approved = date(2024, 2, 28)
    born = {
        "young": date(1984, 2, 29),
        "middle": date(1984, 2, 28),
        "fifty": date(1973, 3, 1),
        "old": date(1973, 2, 28),
    }
    # On 28/02/2024: 39 (40 only on 29/02), 40, 50 (51 the day after), 51.
    people = [person(name, "P", birth_date=day) for name, day in born.items()]
    lists = [a_list("all", approved), a_list("fifty", approved), a_list("out", approved)]
    lists += [a_list("later", AFTER), a_list("never", None)]
    pool = [entry(name, list_id="all") for name in ("young", "middle", "old")]
    pool += [entry(name, list_id="fifty") for name in ("young", "middle", "fifty")]  # nobody over 50
    pool += [entry(name, list_id="out") for name in ("young", "fifty")] + [entry("old", removed=DAY, list_id="out")]
    place = Province(data_of(units=[PROVINCE], people=people, succession=pool, succession_lists=lists))
    assert place.counts("QN-2022-S-01", DAY) == (1, 3, 0, 1)
    assert place.counts("BG-2023-S-01", BEFORE) == (2, 3, 0, 1)  # the day before, “out” still has its old member


def test_upper_lists_follow_all_lower_ones() -> None:
    units = [PROVINCE, *district("D1", 2), *district("D2", 1)]
    day = date(2023, 6, 1)
    lower = {"level": "commune"}
    lists = [
        a_list("p", day),
        a_list("d1", day, unit_id="D1", level="district"),  # the same day as the province's: in order
        a_list("d2", date(2023, 5, 1), unit_id="D2", level="district"),
        a_list("c1", date(2023, 5, 1), unit_id="D1-0", **lower),
        a_list("c2", date(2023, 6, 2), unit_id="D1-1", **lower),  # a day after its district's
        a_list("c3", day, unit_id="D2-0", **lower, term="2020-2025"),  # another term: d2 has none below
        a_list("posts", day, body=None, post_kind="agency_head"),  # not a committee's
    ]
    place = Province(data_of(units=units, people=[person("a", "P")], succession_lists=lists))
    assert place.counts("QN-2022-S-02", DAY) == (1, 3, 0, 0)  # only the province's


def test_every_verdict_on_a_person_in_a_pool_counts() -> None:
    people = [person(name, "P") for name in "abcde"]
    pool = [
        entry("a", met_standards=True),
        entry("a", met_standards=True, body="standing_committee"),
        entry("b", met_standards=True),
        entry("b", met_standards=False),  # one failed: lacks
        entry("c", met_standards=True),
        entry("c"),  # one not recorded: open
        entry("d", met_standards=False),
        entry("d"),  # fails anyway
        entry("e", removed=DAY, met_standards=True),  # out on the day
    ]
    place = Province(data_of(units=[PROVINCE], people=people, succession=pool))
    assert place.counts("QN-2022-R-01", DAY) == (1, 4, 1, 0)
    assert place.counts("BG-2023-P-01", DAY) == (4, 4, 0, 0)
    assert place.counts("BG-2023-P-02", DAY) == (1, 4, 0, 0)
    assert place.counts("BG-2023-P-luot", DAY) == (8, 4, 0, 0)  # eight entries of four people


def test_a_course_counts_from_the_day_of_entry_into_the_pool() -> None:
    def course(who: str, start: date, end: date | None, **more: object) -> dict:
        return {"person_id": who, "program": "law", "start_date": start, "end_date": end, "result": "completed"} | more

    added = date(2023, 1, 1)
    people = [person(name, "P") for name in "abcdef"]
    courses = [
        course("a", date(2022, 12, 1), added),  # ended on the day of entry
        course("b", date(2022, 12, 1), date(2022, 12, 31)),  # the day before
        course("c", added, None),  # no last day: its first
        course("d", added, AFTER),  # not over yet
        course("e", added, DAY, result="failed"),
        course("f", added, DAY),
    ]
    place = Province(
        data_of(units=[PROVINCE], people=people, succession=[entry(p) for p in "abcdef"], trainings=courses)
    )
    assert place.verdict("HG-2025-5-01", DAY) == (3, 6, "short", 3)
