"""The management tier: which rule, which wins, what is not covered; and the six cases of the catalogue."""

from collections.abc import Collection
from datetime import UTC, date, datetime

import pytest
from django.db import connection

from canbo.accounts.permissions import Permission
from canbo.accounts.scopes import Grant, Scope
from canbo.audit.changes import change
from canbo.codes import code_list
from canbo.common.findings import Refused
from canbo.register import holdings, people, populations, scoping, tiers
from canbo.register.facts import statement
from canbo.register.holdings import Holder, Holding
from canbo.register.models import BodySeat, DelegationRule, Document, Person, PostHeld, Unit, UnitVersion
from canbo.register.people_facts import MEMBERSHIPS, PEOPLE, POSTS_HELD
from canbo.register.tiers import Rule
from tests.register.makers import employ, make_person, make_unit, post
from tests.register.random_registers import DAYS, fill

DAY = date(2024, 6, 1)
BTVTU, BTVHU = "provincial_committee", "district_committee"

RULES = [
    Rule(BTVTU, post_kind="agency_deputy", level="province"),
    Rule(BTVHU, post_kind="division_head", level="district"),
    Rule("unit_head", post_kind="division_head"),
    Rule(BTVTU, body="executive_committee", unit_kind="locality", level="province"),
    Rule(BTVHU, body="executive_committee"),
]


def _post(kind: str, level: str, unit_kind: str = "state", stated: str | None = None) -> Holding:
    return Holding("U", unit_kind, level, post_kind=kind, stated_tier=stated)


def _seat(body: str, level: str, role: str = "member") -> Holding:
    return Holding("U", "locality", level, body=body, role=role)


@pytest.mark.parametrize(
    ("holding", "tier"),
    [
        (_post("agency_deputy", "province"), BTVTU),
        (_post("division_head", "province"), "unit_head"),
        (_post("division_head", "district"), BTVHU),  # the more specific rule
        (_post("division_head", "district", stated="central"), "central"),
        (_post("professional", "province"), None),
        (_seat("executive_committee", "province"), BTVTU),
        (_seat("executive_committee", "district"), BTVHU),
        (_seat("council", "province"), None),  # a rule about posts says nothing of seats
        (Holding("U", None, None, post_kind="agency_deputy"), None),  # a unit that is not in being
    ],
)
def test_the_most_specific_rule_decides(holding: Holding, tier: str | None) -> None:
    assert tiers.tier_of(holding, RULES) == tier


def test_of_equal_rules_the_highest_tier_wins_and_so_it_does_over_what_a_person_holds() -> None:
    equal = [Rule("unit_head", post_kind="service_head"), Rule(BTVHU, level="district")]
    assert tiers.tier_of(_post("service_head", "district"), equal) == BTVHU
    person = Holder(
        1, "A", "A", "a", date(1980, 1, 1), "day", "male", None,
        holdings=(_post("division_head", "district"), _seat("executive_committee", "province")),
    )  # fmt: skip
    assert tiers.tier_of_person(person, RULES) == BTVTU


@pytest.fixture
def province(db: None) -> dict[str, Unit]:
    document = Document.objects.create(number="01-QĐ/TU", kind="decision", issuer="Tỉnh ủy", issued_on=date(2020, 1, 1))
    province = make_unit("T")
    units = {
        "T": province,
        "SO": make_unit("SO", province, kind="state"),
        "H": make_unit("H", province, level="district"),
        "PH": make_unit("PH", level="district", kind="division"),
        "X": make_unit("X", level="commune"),
    }
    rules: list[dict[str, str]] = [
        {"post_kind": "party_secretary", "level": "province", "tier": "central"},
        {"post_kind": "party_secretary", "level": "district", "tier": BTVTU},
        {"post_kind": "council_chair", "level": "district", "tier": BTVHU},
        {"post_kind": "party_secretary", "level": "commune", "tier": BTVHU},
        {"post_kind": "agency_deputy", "level": "province", "tier": BTVTU},
        {"post_kind": "division_head", "level": "district", "tier": BTVHU},
        {"post_kind": "division_deputy", "level": "province", "tier": "unit_head"},
        {"body": "executive_committee", "level": "province", "tier": BTVTU},
    ]
    for rule in rules:
        DelegationRule.objects.create(valid_from=date(2020, 1, 1), document=document, **rule)
    return units


def _codes(key: str, day: date = DAY) -> list[str]:
    return [one.code for one in populations.members(key, day).people]


def _holder(code: str, unit: Unit, kind: str, **more: object) -> Person:
    person = make_person(code)
    employ(person)
    post(person, unit, post_kind=kind, **more)
    return person


def test_case_1_two_posts_one_person_the_highest_tier(province: dict[str, Unit]) -> None:
    both = _holder("A", province["H"], "party_secretary")
    post(both, province["H"], post_kind="council_chair", is_main=False)
    assert tiers.tiers_on(DAY) == {"A": BTVTU}
    assert _codes("provincial_managed") == ["A"]
    assert _codes("district_managed") == []


def test_case_2_and_3_divisions_of_province_and_district(province: dict[str, Unit]) -> None:
    _holder("A", province["SO"], "division_deputy")
    _holder("B", province["PH"], "division_head")
    assert tiers.tiers_on(DAY) == {"A": "unit_head", "B": BTVHU}
    assert _codes("province_divisions") == ["A"]
    assert (_codes("provincial_managed"), _codes("district_managed")) == ([], ["B"])


def test_case_4_the_secretary_of_a_commune_is_only_in_the_commune_group(province: dict[str, Unit]) -> None:
    _holder("A", province["X"], "party_secretary", is_key_leader=True)
    assert tiers.tiers_on(DAY) == {"A": BTVHU}
    assert (_codes("district_managed"), _codes("commune_key_leaders")) == ([], ["A"])
    members = populations.members("district_managed", DAY)
    assert [one.code for one in members.findings] == ["population_emptied"]
    assert (
        populations.in_neither(
            populations.members("key_leaders", DAY), [members, populations.members("commune_key_leaders", DAY)]
        )
        == []
    )


def test_case_5_a_committee_member_managed_centrally(province: dict[str, Unit]) -> None:
    secretary = _holder("A", province["T"], "party_secretary")
    for person in (secretary, _holder("B", province["SO"], "professional")):
        BodySeat.objects.create(
            person=person, unit=province["T"], body="executive_committee", role="member", valid_from=date(2020, 10, 1)
        )
    assert tiers.tiers_on(DAY) == {"A": "central", "B": BTVTU}
    assert _codes("committee_members") == ["A", "B"]
    assert _codes("provincial_managed") == ["B"]
    assert [(one.person_code, one.post_kind) for one in tiers.uncovered(DAY)] == [("B", "professional")]


def test_case_6_the_new_rule_holds_from_its_day(province: dict[str, Unit]) -> None:
    end = date(2025, 7, 1)
    _holder("A", province["PH"], "division_head")
    DelegationRule.objects.filter(tier=BTVHU, post_kind="division_head").update(valid_to=end)
    DelegationRule.objects.create(post_kind="division_head", level="commune", tier="unit_head", valid_from=end)
    UnitVersion.objects.filter(unit=province["PH"]).update(valid_to=end)
    UnitVersion.objects.create(unit=province["PH"], name="Phòng", level="commune", kind="division", valid_from=end)
    assert tiers.tiers_on(date(2025, 6, 30)) == {"A": BTVHU}
    assert tiers.tiers_on(end) == {"A": "unit_head"}


def test_a_move_changes_the_tier_from_its_day_and_a_stated_tier_is_listed(province: dict[str, Unit]) -> None:
    person = _holder("A", province["SO"], "division_deputy", valid_to=date(2024, 5, 1))
    post(person, province["SO"], post_kind="agency_deputy", valid_from=date(2024, 5, 1))
    assert tiers.tiers_on(date(2024, 4, 30)) == {"A": "unit_head"}
    assert tiers.tiers_on(date(2024, 5, 1)) == {"A": BTVTU}
    PostHeld.objects.filter(post_kind="agency_deputy").update(stated_tier="central")
    assert tiers.tiers_on(DAY) == {"A": "central"}
    assert [(who.code, one.stated_tier, one.documented) for who, one in tiers.stated(DAY)] == [("A", "central", False)]


def test_what_was_known_before_a_correction_is_reproduced(db: None) -> None:
    days = [datetime(2024, 5, day, tzinfo=UTC) for day in (1, 2, 3, 4)]
    with change(by="an", at=days[0], action="set up"):
        agency = make_unit("SO", kind="state")
        DelegationRule.objects.create(post_kind="agency_deputy", tier=BTVTU, valid_from=date(2020, 1, 1))
    with change(by="an", at=days[1], action="enter"):
        _holder("A", agency, "agency_deputy")
    with change(by="an", at=days[2], action="correct"):
        PostHeld.objects.update(post_kind="professional")
    with change(by="an", at=days[3], action="enter"):
        _holder("B", agency, "agency_deputy")
    assert [tiers.tiers_on(DAY, known=day) for day in days] == [{}, {"A": BTVTU}, {}, {"B": BTVTU}]
    assert tiers.tiers_on(DAY) == {"B": BTVTU}
    assert [len(people.list_as_of(DAY, known=day)) for day in days] == [0, 1, 1, 2]


def test_lists_of_two_days_differ_and_each_person_stands_once(province: dict[str, Unit]) -> None:
    person = _holder("B", province["SO"], "agency_deputy")
    post(person, province["H"], is_main=False)
    gone = make_person("A")
    employ(gone, valid_to=date(2024, 1, 1))
    post(gone, province["SO"])  # left open by mistake: the exit goes before
    post(make_person("C"), province["SO"], valid_from=date(2024, 1, 1))  # no employment is entered at all
    assert [one.code for one in people.list_as_of(date(2023, 12, 31))] == ["A", "B"]
    assert [one.code for one in people.list_as_of(date(2024, 1, 1))] == ["B", "C"]
    assert _codes("serving", date(2024, 1, 1)) == ["B", "C"]


def test_levels_and_unknown_populations(province: dict[str, Unit]) -> None:
    _holder("A", province["X"], "committee_chair", is_head=True)
    _holder("B", province["SO"], "agency_head", is_head=True)
    found = populations.members("heads", DAY, level="commune")
    assert ([one.code for one in found.people], found.population.version) == (["A"], 1)
    assert _codes("leaders") == ["A", "B"]
    with pytest.raises(Refused, match="Không có nhóm"):
        populations.members("bosses", DAY)


def _rows(sql: str, day: date) -> list[dict[str, object]]:
    with connection.cursor() as cursor:
        cursor.execute(statement(sql, day))
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _seen(tier: str, day: date) -> set[str]:
    grant = Grant(frozenset({Permission.PEOPLE_READ}), frozenset({tier}), None, "public")
    return {one.code for one in scoping.people(Scope("an", "", (grant,)), Permission.PEOPLE_READ, day=day)}


@pytest.mark.parametrize("seed", range(200, 208))
def test_rules_periods_seats_and_changing_units_by_chance_give_one_tier_everywhere(db: None, seed: int) -> None:
    fill(seed, by_hand=True)
    by_seat = 0
    for day in DAYS:
        rules = tiers.rules_on(day)
        serving = {one.code: one for one in holdings.holders(day)}
        expected = tiers.tiers_on(day)
        found = {str(row["person_id"]): row["managed_by"] for row in _rows(PEOPLE, day)}
        assert {code: found[code] for code in serving if found[code]} == expected, day
        for tier in code_list("managed_by").keys:
            reached = {
                code for code, one in serving.items() if tier in [tiers.tier_of(held, rules) for held in one.holdings]
            }
            assert _seen(tier, day) & serving.keys() == reached, (day, tier)
        posts = _tiers_of_rows(POSTS_HELD, day, serving.keys())
        seats = _tiers_of_rows(MEMBERSHIPS, day, serving.keys())
        for code, one in serving.items():
            of_posts = [tiers.tier_of(held, rules) for held in one.holdings if held.post_kind]
            assert posts.get(code) == tiers.highest(tier for tier in of_posts if tier), (day, code)
            of_rows = tiers.highest(tier for tier in (posts.get(code), seats.get(code)) if tier)
            assert of_rows == expected.get(code), (day, code)
            by_seat += of_rows != posts.get(code)
    assert by_seat > 0


def _tiers_of_rows(sql: str, day: date, codes: Collection[str]) -> dict[str, str | None]:
    """The highest tier of the rows that hold on a day, by person code."""
    found: dict[str, list[str]] = {}
    for row in _rows(sql, day):
        if row["person_id"] in codes and row["managed_by"] and _holds(row, day):
            found.setdefault(str(row["person_id"]), []).append(str(row["managed_by"]))
    return {code: tiers.highest(those) for code, those in found.items()}


def _holds(row: dict[str, object], day: date) -> bool:
    start, end = row["start_date"], row["end_date"]
    assert isinstance(start, date)
    return start <= day and (end is None or (isinstance(end, date) and day <= end))


def test_posts_and_seats_have_their_own_tiers_and_the_person_the_highest(province: dict[str, Unit]) -> None:
    person = _holder("A", province["SO"], "division_deputy", post="Phó trưởng phòng")
    post(person, province["PH"], post_kind="division_head", post="Trưởng phòng", is_main=False)
    BodySeat.objects.create(
        person=person, unit=province["T"], body="executive_committee", role="member",
        valid_from=date(2021, 1, 1), valid_to=date(2023, 1, 1),
    )  # fmt: skip
    for day in (date(2020, 12, 31), date(2023, 1, 1)):
        assert _rows(PEOPLE, day)[0]["managed_by"] == BTVHU
        assert (_seen(BTVTU, day), _seen(BTVHU, day)) == (set(), {"A"})
    for day in (date(2021, 1, 1), date(2022, 12, 31)):
        assert _rows(PEOPLE, day)[0]["managed_by"] == BTVTU
        assert (_seen(BTVTU, day), _seen(BTVHU, day), _seen("central", day)) == ({"A"}, {"A"}, set())
    of_posts = {one["post"]: one["managed_by"] for one in _rows(POSTS_HELD, date(2022, 1, 1))}
    assert of_posts == {"Phó trưởng phòng": "unit_head", "Trưởng phòng": BTVHU}
    assert [one["managed_by"] for one in _rows(MEMBERSHIPS, date(2022, 1, 1))] == [BTVTU]


def test_only_a_rule_that_asks_nothing_of_the_unit_fits_while_the_unit_is_not_in_being(
    province: dict[str, Unit],
) -> None:
    _holder("A", province["SO"], "agency_deputy")
    UnitVersion.objects.filter(unit=province["SO"]).update(valid_to=DAY)
    assert (tiers.tiers_on(DAY), _rows(PEOPLE, DAY)[0]["managed_by"], _seen(BTVTU, DAY)) == ({}, None, set())
    DelegationRule.objects.create(post_kind="agency_deputy", tier=BTVHU, valid_from=date(2020, 1, 1))
    assert (tiers.tiers_on(DAY), _rows(PEOPLE, DAY)[0]["managed_by"], _seen(BTVHU, DAY)) == ({"A": BTVHU}, BTVHU, {"A"})
