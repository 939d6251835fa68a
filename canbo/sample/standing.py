"""Ranks, political theory, state-management training and Party membership. Degrees are in schooling."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from canbo.codes import code_list
from canbo.sample.definitions import code, codes, profiles
from canbo.sample.draws import Array, Rng, between, choose, stream, years_later
from canbo.sample.schooling import BACHELOR, COLLEGE
from canbo.sample.sketch import Sketch
from canbo.sample.tables import make_table, sort_rows, stack, take_text

THEORY_SINCE = {1: (0.5, 20), 2: (2, 24), 3: (6, 30), 4: (8, 32)}
"""Political theory: least years of service and least age at each level."""
STATE_SINCE = {1: 0.5, 2: 0.6, 3: 8, 4: 14}
"""State management: least years of service at each level."""
SPECIALIST, PRINCIPAL, SENIOR = 2, 3, 4
"""Places in the code list of ranks."""
RANK_SINCE = {PRINCIPAL: 9, SENIOR: 15}


@dataclass(frozen=True)
class Standing:
    """One element a person; levels are places in their lists, -1 = none. Days are those of the certificate."""

    theory: Array
    theory_day: Array
    theory_before: Array
    """Day of the intermediate certificate of those with a higher one; -1 = none."""
    state: Array
    state_day: Array
    state_before: Array
    rank: Array
    by_equivalence: Array
    party_day: Array


def draw_standing(sketch: Sketch) -> Standing:
    """Levels by profile, lowered where the person has not served or lived long enough for them."""
    theory, theory_day, theory_before = _theory(sketch, stream(sketch.seed, "theory"))
    state, state_day, state_before = _state(sketch, stream(sketch.seed, "state"))
    rank = _rank(sketch, stream(sketch.seed, "ranks"))
    employee = sketch.staff == code("staff_kind", "public_employee")
    party = _party(sketch, stream(sketch.seed, "party"))
    return Standing(
        theory, theory_day, theory_before, state, state_day, state_before, rank, employee & (rank >= 0), party
    )


def _served(sketch: Sketch, years: float) -> Array:
    """The day on which each person had served so many years."""
    return years_later(sketch.schooling.recruited, years)


def _theory(sketch: Sketch, rng: Rng) -> tuple[Array, Array, Array]:
    lives = sketch.lives
    level = choose(rng, sketch.profile, profiles().politics)
    first = {
        step: np.maximum(_served(sketch, service), years_later(lives.birth, age))
        for step, (service, age) in THEORY_SINCE.items()
    }
    for step, below in ((4, 3), (3, 2), (2, 1), (1, 0)):
        level = np.where((level == step) & (first[step] + 40 > lives.until), below, level)
    day = np.full(len(level), -1, np.int32)
    for step, earliest in first.items():
        mine = np.flatnonzero(level == step)
        latest = np.minimum(lives.until[mine] - 20, years_later(earliest[mine], 12))
        day[mine] = between(rng, earliest[mine], latest, 1.1, 1.6)
    both = (level >= 3) & (rng.random(len(level)) < 0.6) & (day - first[2] > 900)
    before = np.where(both, between(rng, first[2], day - 800), -1).astype(np.int32)
    return level.astype(np.int8), day, before


def _state(sketch: Sketch, rng: Rng) -> tuple[Array, Array, Array]:
    lives = sketch.lives
    level = choose(rng, sketch.profile, profiles().state)
    for step, below in ((4, 3), (3, 2), (2, 0), (1, 0)):
        level = np.where((level == step) & (_served(sketch, STATE_SINCE[step]) + 40 > lives.until), below, level)
    day = np.full(len(level), -1, np.int32)
    for step, years in STATE_SINCE.items():
        mine = np.flatnonzero(level == step)
        earliest = _served(sketch, years)[mine]
        latest = np.minimum(lives.until[mine] - 20, years_later(earliest, 9))
        day[mine] = between(rng, earliest, latest, 1.1, 1.8)
    earliest = _served(sketch, 0.6)
    both = (level >= 3) & (day - earliest > 700)
    before = np.where(both, between(rng, earliest, np.minimum(day - 600, earliest + 1_800)), -1).astype(np.int32)
    return level.astype(np.int8), day, before


def _rank(sketch: Sketch, rng: Rng) -> Array:
    """Place in the list of ranks; -1 = no rank, as some elected commune officials have none."""
    rank = choose(rng, sketch.profile, profiles().rank).astype(np.int8) - 1
    education = sketch.schooling.education
    rank = np.where((rank >= SPECIALIST) & (education < BACHELOR), 1, rank)
    for step in (SENIOR, PRINCIPAL):
        early = _served(sketch, RANK_SINCE[step]) + 40 > sketch.lives.until
        rank = np.where((rank == step) & early, step - 1, rank)
    # Each step takes time after a bachelor's degree won in service.
    since = np.where(sketch.schooling.entry < BACHELOR, sketch.lives.until - sketch.schooling.bachelor, 99_999)
    for step, days in ((SENIOR, 3_000), (PRINCIPAL, 1_000), (SPECIALIST, 450)):
        rank = np.where((rank == step) & (since < days), step - 1, rank)
    return np.asarray(rank.astype(np.int8))


def _party(sketch: Sketch, rng: Rng) -> Array:
    """Day of official membership: before the first leading post of the present career, at 19 or later."""
    lives, careers = sketch.lives, sketch.careers
    member = rng.random(len(lives)) < profiles().party[sketch.profile]
    earliest = years_later(lives.birth, 19.2)
    leading = profiles().service[sketch.profile] > 0
    first = np.where(
        careers.count >= 2,
        careers.starts[np.arange(len(lives)), np.maximum(careers.count - 2, 0)],
        careers.since,
    )
    latest = np.where(leading, np.minimum(first, careers.since), lives.until)
    latest = np.minimum(latest, years_later(lives.birth, 42))
    member &= (latest > earliest) | leading
    earliest = np.minimum(np.maximum(earliest, sketch.schooling.recruited - 700), np.maximum(latest - 30, earliest))
    return np.where(member, between(rng, earliest, latest, 1.5, 2.5), -1).astype(np.int32)


def draw_ranks(sketch: Sketch, standing: Standing) -> dict[str, Array]:
    """Rows of ranks: the first at recruitment, then each step, never before the years of service it takes."""
    rng = stream(sketch.seed, "ranks")
    lives, school, rank = sketch.lives, sketch.schooling, standing.rank
    people = np.arange(len(lives), dtype=np.int32)
    recruited = school.recruited
    entry = np.where(school.entry >= BACHELOR, SPECIALIST, 1)
    entry = np.where((rank == 0) | (school.entry < COLLEGE - 1), np.minimum(rank, 0), entry)
    entry = np.where(rank >= 0, np.minimum(np.maximum(entry, np.where(rank > 0, 1, 0)), rank), -1)
    parts = [_rank_rows(people, entry, recruited, rank >= 0)]
    rises = (rank >= SPECIALIST) & (entry < SPECIALIST)
    day = np.maximum(recruited, school.bachelor) + rng.integers(60, 400, len(people))
    specialist = np.where(rises, np.minimum(day, lives.until), recruited)
    parts.append(_rank_rows(people, np.full(len(people), SPECIALIST), specialist, rises))
    low = np.maximum(_served(sketch, RANK_SINCE[PRINCIPAL]), specialist + 10)
    high = np.where(rank == SENIOR, _served(sketch, 12), np.minimum(lives.until, years_later(low, 12)))
    principal = between(rng, low, np.minimum(high, lives.until))
    parts.append(_rank_rows(people, np.full(len(people), PRINCIPAL), principal, rank >= PRINCIPAL))
    low = np.maximum(_served(sketch, RANK_SINCE[SENIOR]), principal + 10)
    senior = between(rng, low, np.minimum(lives.until, years_later(low, 12)))
    parts.append(_rank_rows(people, np.full(len(people), SENIOR), senior, rank == SENIOR))
    return sort_rows(stack(*parts), "person", "start")


def _rank_rows(people: Array, rank: Array, start: Array, who: Array) -> dict[str, Array]:
    mine = np.flatnonzero(who)
    return {"person": people[mine], "rank": rank[mine].astype(np.int8), "start": start[mine].astype(np.int32)}


def ranks_table(sketch: Sketch, standing: Standing, rows: dict[str, Array]) -> pa.Table:
    """The table ranks."""
    return make_table(
        "ranks",
        {
            "person_id": sketch.persons(rows["person"]),
            "rank": rows["rank"],
            "by_equivalence": standing.by_equivalence[rows["person"]],
            "start_date": rows["start"],
        },
    )


def qualifications_table(sketch: Sketch, standing: Standing) -> pa.Table:
    """The table qualifications: every degree and certificate with its day."""
    school = sketch.schooling
    size = len(sketch.lives)
    politics, management = code("field", "politics"), code("field", "public_management")
    entry_field = np.where(school.entry > 0, school.field, -1)
    parts = [
        _awards(school.entry, school.entry_day, "professional", entry_field, school.entry > 0),
        _awards(
            np.full(size, BACHELOR),
            school.bachelor,
            "professional",
            school.field,
            (school.bachelor >= 0) & (school.entry < BACHELOR),
        ),
        _awards(np.full(size, 5), school.master, "professional", school.field, school.master >= 0),
        _awards(np.full(size, 6), school.doctor, "professional", school.field, school.doctor >= 0),
        _awards(school.specialist, school.specialist_day, "medical", school.field, school.specialist > 0),
        _awards(
            np.full(size, 2), standing.theory_before, "political", np.full(size, politics), standing.theory_before >= 0
        ),
        _awards(standing.theory, standing.theory_day, "political", np.full(size, politics), standing.theory > 0),
        _awards(
            np.full(size, 2), standing.state_before, "state", np.full(size, management), standing.state_before >= 0
        ),
        _awards(standing.state, standing.state_day, "state", np.full(size, management), standing.state > 0),
    ]
    rows = sort_rows(stack(*parts), "person", "day", "kind")
    names, place = _level_names(rows)
    return make_table(
        "qualifications",
        {
            "person_id": sketch.persons(rows["person"]),
            "kind": rows["kind"],
            "level": take_text(names, place),
            "field": rows["field"],
            "awarded_on": rows["day"],
        },
    )


def _awards(level: Array, day: Array, kind: str, field: Array, who: Array) -> dict[str, Array]:
    mine = np.flatnonzero(who)
    return {
        "person": mine.astype(np.int32),
        "kind": np.full(len(mine), code("qualification_kind", kind), np.int8),
        "level": level[mine].astype(np.int8),
        "field": field[mine].astype(np.int8),
        "day": day[mine].astype(np.int32),
    }


def _level_names(rows: dict[str, Array]) -> tuple[list[str], Array]:
    """The names of all levels one after the other, and the place of each row's level among them."""
    lists = {
        "professional": "education",
        "political": "political_theory",
        "state": "state_management",
        "medical": "medical_specialist",
    }
    names: list[str] = []
    offset = np.zeros(16, np.int32)
    for kind, list_id in lists.items():
        offset[code("qualification_kind", kind)] = len(names)
        names.extend(code_list(list_id).keys)
    return names, offset[rows["kind"]] + rows["level"]


def leaders(sketch: Sketch) -> Array:
    """Which people hold a leading post."""
    return ~np.isin(sketch.kind, codes("post_kind", "professional", "support"))
