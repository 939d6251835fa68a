"""The tables succession_lists and succession, for the terms in force and the next. No voting, no steps."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from canbo.sample.definitions import code, load, profiles
from canbo.sample.draws import YEAR, Array, Mask, Rng, day_of, rank_within, stream
from canbo.sample.lives import earliest_birth
from canbo.sample.sketch import Sketch
from canbo.sample.tables import keep, make_table, numbered, sort_rows, stack, take_text
from canbo.sample.units import Role


@dataclass(frozen=True)
class Wanted:
    """One sort of list: for each unit of the roles, so many people from ``pool``, a slice of one random order of it.

    ``order`` names the slice's random order: posts that share one never plan the same person twice.
    """

    roles: tuple[Role, ...]
    body: str | None
    post: str | None
    pool: str
    order: int
    skip: int
    size: int
    tier: str
    state: bool = False


LISTS = (
    Wanted((Role.COMMUNE,), "executive_committee", None, "commune", 0, 0, 13, "district_committee"),
    Wanted((Role.COMMUNE,), None, "party_secretary", "commune", 1, 0, 3, "district_committee"),
    Wanted((Role.COMMUNE,), None, "committee_chair", "commune", 1, 3, 3, "district_committee", True),
    Wanted((Role.DISTRICT,), "executive_committee", None, "district", 2, 0, 44, "district_committee"),
    Wanted((Role.DISTRICT,), "standing_committee", None, "district", 3, 0, 14, "provincial_committee"),
    Wanted((Role.DISTRICT,), None, "party_secretary", "district", 4, 0, 3, "provincial_committee"),
    Wanted((Role.DISTRICT,), None, "party_deputy_secretary", "district", 4, 3, 5, "provincial_committee"),
    Wanted((Role.DISTRICT,), None, "committee_chair", "district", 4, 8, 3, "provincial_committee", True),
    Wanted((Role.DISTRICT,), None, "committee_vice_chair", "district", 4, 11, 5, "provincial_committee", True),
    Wanted((Role.DISTRICT_AGENCY,), None, "division_head", "office", 5, 0, 3, "district_committee"),
    Wanted((Role.AGENCY,), None, "agency_head", "agency", 6, 0, 3, "provincial_committee"),
    Wanted((Role.AGENCY,), None, "agency_deputy", "agency", 6, 3, 6, "provincial_committee"),
    Wanted((Role.PROVINCE,), "executive_committee", None, "province", 7, 0, 67, "provincial_committee"),
    Wanted((Role.PROVINCE,), "standing_committee", None, "province", 8, 0, 20, "central"),
    Wanted((Role.PROVINCE,), None, "party_deputy_secretary", "province", 8, 20, 4, "central"),
    Wanted((Role.PROVINCE,), None, "committee_vice_chair", "province", 8, 24, 6, "central", True),
)
LEVEL_MONTHS = {"commune": (9, 10), "district": (10, 15), "province": (12, 10)}
"""Lists are approved from below upwards within the year."""
FULL_TERM = 1826
"""Days: whoever is planned can serve one full term of five years before retirement."""
MOST_LISTS = 3
"""Lists of one term on which a person may stand."""


def succession_tables(sketch: Sketch) -> tuple[pa.Table, pa.Table]:
    """The tables succession_lists and succession."""
    rng = stream(sketch.seed, "succession")
    lists: list[dict[str, Array]] = []
    entries: list[dict[str, Array]] = []
    count = 0
    for turn, year in ((turn, _year(sketch, turn)) for turn in (0, 1)):
        pools = {name: _pool(sketch, name, turn) for name in ("commune", "district", "office", "agency", "province")}
        for number, wanted in enumerate(LISTS):
            made = _make_list(sketch, wanted, number, turn, year, pools[wanted.pool], count, rng)
            if made is not None:
                lists.append(made[0])
                entries.append(made[1])
                count += len(made[0]["unit"])
    return _write(sketch, stack(*lists), stack(*entries))


def _year(sketch: Sketch, turn: int) -> int:
    """The year in which the lists for the term in force (turn 0) and the next one (turn 1) are approved."""
    return sketch.terms.first_year + (1 if turn else -2)


POOLS = {
    "commune": ("commune_key", "commune_vice", "commune_front", "commune_servant", "part_time"),
    "district": ("district_key", "district_member", "district_agency_head", "district_agency_deputy", "commune_key"),
    "office": ("district_agency_deputy", "civil_servant"),
    "agency": ("agency_deputy", "division_head", "division_deputy"),
    "province": ("agency_head", "agency_deputy", "district_key", "district_member", "province_top", "division_head"),
}
"""The profiles from which each sort of list is filled."""


def _pool(sketch: Sketch, name: str, turn: int) -> tuple[Array, Array]:
    """The people who may be planned and the unit whose lists they may stand on."""
    units, unit, lives = sketch.units, sketch.unit, sketch.lives
    last = np.full(len(lives), day_of(sketch.terms.first_year + 5 * turn, 9, 1) + FULL_TERM)
    who = lives.in_service & (lives.birth >= earliest_birth(lives.sex, last))
    who &= sketch.schooling.recruited < day_of(_year(sketch, turn), 1, 1) - 365
    who &= np.asarray(profiles().among(sketch.profile, *POOLS[name]))
    where = {
        "commune": unit,
        "district": units.district[unit],
        "office": np.where(units.role[unit] == Role.DISTRICT_AGENCY, unit, -1),
        "agency": np.where(units.role[units.host[unit]] == Role.AGENCY, units.host[unit], -1),
        "province": np.where(_upper(sketch), units.province[unit], -1),
    }[name]
    who &= where >= 0
    return np.flatnonzero(who), where[who]


def _upper(sketch: Sketch) -> Mask:
    """Those near enough to the province's committee; division heads only where they are young."""
    division = profiles().among(sketch.profile, "division_head")
    return np.asarray(~division | (sketch.data_day - sketch.lives.birth < 39 * 365))


def _make_list(
    sketch: Sketch,
    wanted: Wanted,
    number: int,
    turn: int,
    year: int,
    pool: tuple[Array, Array],
    count: int,
    rng: Rng,
) -> tuple[dict[str, Array], dict[str, Array]] | None:
    """One sort of list of one term: the lists of its units, and their entries in turn from the three age groups."""
    person, group = pool
    units = sketch.units
    places = units.of_role(*wanted.roles)
    level = code_of_level(units.level[places])
    approved = np.array([day_of(year, *LEVEL_MONTHS[name]) for name in level], np.int32)
    if not len(person) or not len(places) or int(approved.min()) > sketch.data_day:
        return None
    place = _in_turn(sketch, person, group, wanted.order + 100 * turn, int(approved.max()))
    rows = np.flatnonzero((place >= wanted.skip) & (place < wanted.skip + wanted.size) & np.isin(group, places))
    listed = np.unique(group[rows])
    if not len(listed):
        return None
    index = np.full(len(units), -1, np.int32)
    index[listed] = count + np.arange(len(listed))
    day = np.zeros(len(units), np.int32)
    day[places] = approved
    heads = {
        "number": index[listed],
        "unit": listed.astype(np.int32),
        "sort": np.full(len(listed), number),
        "turn": np.full(len(listed), turn),
        "day": day[listed],
    }
    mine, where = person[rows], group[rows]
    entries = {
        "person": mine.astype(np.int32),
        "list": index[where],
        "unit": where.astype(np.int32),
        "sort": np.full(len(rows), number),
        "turn": np.full(len(rows), turn),
        "added": day[where],
    }
    return heads, entries | _removals(sketch, entries, rng)


def code_of_level(level: Array) -> list[str]:
    """The names of levels."""
    names = {code("level", name): name for name in LEVEL_MONTHS}
    return [names[value] for value in level.tolist()]


def _in_turn(sketch: Sketch, person: Array, group: Array, order: int, day: int) -> Array:
    """The place of each person within the group: one from each of three age groups in turn, at random in each."""
    draw = np.random.default_rng(np.random.SeedSequence(sketch.seed, spawn_key=(1_000 + order,))).random(len(person))
    age = (day - sketch.lives.birth[person]) / YEAR
    cohort = np.digitize(age, [40, 51])
    within = rank_within(group.astype(np.int64) * 4 + cohort, draw)
    return rank_within(group, within * 4.0 + cohort + draw * 0.5)


def _removals(sketch: Sketch, entries: dict[str, Array], rng: Rng) -> dict[str, Array]:
    """Few are added at a yearly review, and some taken out with a reason; who left the service is out."""
    size = len(entries["person"])
    added = entries["added"].copy()
    later = rng.random(size) < 0.06
    review = added + 365 * rng.integers(1, 3, size)
    added = np.where(later & (review <= sketch.data_day), review, added)
    room = sketch.data_day - added
    out = (rng.random(size) < 0.05) & (room > 200)
    removed = np.where(out, added + 120 + (rng.random(size) * np.maximum(room - 130, 1)).astype(int), -1)
    why = np.where(out, rng.integers(0, len(load("profiles")["removal_reasons"]), size), -1)
    met = np.where(rng.random(size) < 0.985, 1, 0)
    return {
        "added": added.astype(np.int32),
        "removed": removed.astype(np.int32),
        "why": why.astype(np.int32),
        "met": met,
    }


def _write(sketch: Sketch, lists: dict[str, Array], rows: dict[str, Array]) -> tuple[pa.Table, pa.Table]:
    bodies = np.array([code("body", wanted.body) if wanted.body else -1 for wanted in LISTS], np.int8)
    posts = np.array([code("post_kind", wanted.post) if wanted.post else -1 for wanted in LISTS], np.int8)
    tiers = np.array([code("managed_by", wanted.tier) for wanted in LISTS], np.int8)
    state = np.array([wanted.state for wanted in LISTS], np.int32)
    terms = sketch.terms
    names = [terms.now, terms.next, terms.council_now, terms.council_next]
    ids = numbered("QH", lists["number"] + 1, 6)
    level = sketch.units.level
    table = make_table(
        "succession_lists",
        {
            "list_id": ids,
            "term": take_text(names, lists["turn"] + 2 * state[lists["sort"]]),
            "unit_id": sketch.units_at(lists["unit"]),
            "body": bodies[lists["sort"]],
            "post_kind": posts[lists["sort"]],
            "level": level[lists["unit"]],
            "approved_on": lists["day"],
        },
    )
    few = rank_within(rows["person"].astype(np.int64) * 2 + rows["turn"], rows["list"]) < MOST_LISTS
    rows = sort_rows(keep(rows, np.flatnonzero(few)), "person", "list")
    reasons = load("profiles")["removal_reasons"]
    entries = make_table(
        "succession",
        {
            "person_id": sketch.persons(rows["person"]),
            "term": take_text(names, rows["turn"] + 2 * state[rows["sort"]]),
            "unit_id": sketch.units_at(rows["unit"]),
            "body": bodies[rows["sort"]],
            "post_kind": posts[rows["sort"]],
            "level": level[rows["unit"]],
            "added_on": rows["added"],
            "removed_on": rows["removed"],
            "removed_why": take_text(reasons, rows["why"]),
            "list_id": take_text(ids, rows["list"]),
            "met_standards": rows["met"].astype(np.int8),
            "managed_by": tiers[rows["sort"]],
        },
    )
    return table, entries
