"""The tables posts_held, rotations and appointments, all from the same careers, so that they never contradict."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from canbo.sample.definitions import code, codes
from canbo.sample.draws import Array, Rng, day_of, stream
from canbo.sample.ladders import STAGES, Move
from canbo.sample.posts import SECOND_TITLES
from canbo.sample.sketch import Sketch
from canbo.sample.tables import keep, make_table, sort_rows, stack, take_text
from canbo.sample.titles import stage_titles
from canbo.sample.units import Role

ELECTED = (
    "party_secretary",
    "party_deputy_secretary",
    "council_chair",
    "council_vice_chair",
    "committee_chair",
    "committee_vice_chair",
)
TERM = 1826
"""Days of an appointment's five years."""


@dataclass(frozen=True)
class History:
    """Main and second posts, one element a row; ``titles`` are the texts that ``title`` points to."""

    rows: dict[str, Array]
    titles: list[str]


def draw_history(sketch: Sketch, titles: list[str], title: Array) -> History:
    """All rows of posts held; ``title`` = place of the present title of each person in ``titles``."""
    careers, lives = sketch.careers, sketch.lives
    people = np.arange(len(lives), dtype=np.int32)
    present = {
        "person": people,
        "unit": sketch.unit,
        "kind": sketch.kind,
        "tier": sketch.tier,
        "title": title,
        "main": np.ones(len(people), bool),
        "start": careers.since,
        "end": lives.left,
    }
    parts = [present]
    end = careers.since - 1
    for stage in range(STAGES):
        mine = np.flatnonzero(careers.count > stage)
        unit, kind = careers.unit[mine, stage], careers.kind[mine, stage]
        start = careers.starts[mine, stage]
        earlier = {
            "person": people[mine],
            "unit": unit,
            "kind": kind,
            "tier": _tier(sketch, unit, kind),
            "title": stage_titles(sketch, titles, mine, unit, kind),
            "main": np.ones(len(mine), bool),
            "start": start,
            "end": end[mine],
        }
        parts.append(earlier)
        end = np.where(careers.count > stage, careers.starts[:, stage] - 1, end)
    parts.append(_second_posts(sketch, titles))
    rows = sort_rows(stack(*parts), "start", "person")
    rows = keep(rows, np.argsort(rows["person"], kind="stable"))
    rows["foreign"] = _foreign(sketch, rows)
    return History(rows, titles)


def _second_posts(sketch: Sketch, titles: list[str]) -> dict[str, Array]:
    """Posts held beside the main one: secretaries who chair the council, chairs who are deputy secretaries."""
    second = sketch.slots.second[sketch.lives.slot]
    mine = np.flatnonzero(second >= 0)
    place = {code("post_kind", kind): len(titles) + number for number, kind in enumerate(SECOND_TITLES)}
    titles.extend(SECOND_TITLES.values())
    kinds = second[mine]
    return {
        "person": mine.astype(np.int32),
        "unit": sketch.unit[mine],
        "kind": kinds,
        "tier": sketch.tier[mine],
        "title": np.array([place[kind] for kind in kinds.tolist()], np.int32),
        "main": np.zeros(len(mine), bool),
        "start": sketch.careers.since[mine],
        "end": sketch.lives.left[mine],
    }


def _tier(sketch: Sketch, unit: Array, kind: Array) -> Array:
    """The management tier of an earlier post, by its group and the level of its unit."""
    tier = np.full(len(unit), code("managed_by", "unit_head"), np.int8)
    level, role = sketch.units.level[unit], sketch.units.role[unit]
    district, commune = code("level", "district"), code("level", "commune")
    elected = np.isin(kind, codes("post_kind", *ELECTED))
    division = np.isin(kind, codes("post_kind", "division_head", "division_deputy"))
    tier[(level == commune) & elected] = code("managed_by", "district_committee")
    tier[(level == district) & division & (role != Role.COMMUNE)] = code("managed_by", "district_committee")
    upper = np.isin(kind, codes("post_kind", "agency_head", "agency_deputy"))
    upper |= np.isin(kind, codes("post_kind", "service_head", "service_deputy")) & (role == Role.PROVINCIAL_SERVICE)
    tier[upper | ((level == district) & elected)] = code("managed_by", "provincial_committee")
    return tier


def _foreign(sketch: Sketch, rows: dict[str, Array]) -> Array:
    """Posts with a foreign element: leaders where the work is with foreign partners, few elsewhere."""
    working = np.array([bool(row.entry.get("foreign")) for row in sketch.units.rows])[rows["unit"]]
    leader = ~np.isin(rows["kind"], codes("post_kind", "professional", "support"))
    draw = stream(sketch.seed, "titles").random(len(working))
    return np.asarray((working & (draw < 0.7)) | (leader & (draw < 0.02)))


def posts_held_table(sketch: Sketch, history: History) -> pa.Table:
    """The table posts_held."""
    rows = history.rows
    return make_table(
        "posts_held",
        {
            "person_id": sketch.persons(rows["person"]),
            "unit_id": sketch.units_at(rows["unit"]),
            "post": take_text(history.titles, rows["title"]),
            "post_kind": rows["kind"],
            "managed_by": rows["tier"],
            "is_main": rows["main"],
            "foreign_element": rows["foreign"],
            "start_date": rows["start"],
            "end_date": rows["end"],
        },
    )


def rotations_table(sketch: Sketch) -> pa.Table:
    """The table rotations: the moves of the careers, with the days on which the posts changed."""
    level = sketch.units.level
    rows = sort_rows(stack(*_moves(sketch)), "person", "start")
    step = level[rows["to"]].astype(int) - level[rows["from"]]
    down, up, lateral = codes("rotation_kind", "down", "up", "lateral")
    return make_table(
        "rotations",
        {
            "person_id": sketch.persons(rows["person"]),
            "from_unit_id": sketch.units_at(rows["from"]),
            "to_unit_id": sketch.units_at(rows["to"]),
            "kind": np.where(step > 0, down, np.where(step < 0, up, lateral)),
            "to_post_kind": rows["to_kind"],
            "from_level": level[rows["from"]],
            "to_level": level[rows["to"]],
            "start_date": rows["start"],
            "end_date": rows["end"],
            "movement": rows["movement"],
            "from_post_kind": rows["from_kind"],
            "managed_by": _tier(sketch, rows["from"], rows["from_kind"]),
        },
    )


def _moves(sketch: Sketch) -> tuple[dict[str, Array], dict[str, Array]]:
    """Moves into the present post and, of those who came back from one, the move that sent them there."""
    careers = sketch.careers
    movements = np.array([0, *codes("movement", "rotation", "transfer", "secondment")], np.int8)
    mine = np.flatnonzero((careers.move != Move.NONE) & (careers.count >= 1))
    came = {
        "person": mine,
        "from": careers.unit[mine, 0],
        "to": sketch.unit[mine],
        "to_kind": sketch.kind[mine],
        "from_kind": careers.kind[mine, 0],
        "start": careers.since[mine],
        "end": sketch.lives.left[mine],
        "movement": movements[careers.move[mine]],
    }
    back = np.flatnonzero(careers.returned & (careers.count >= 2))
    sent = {
        "person": back,
        "from": careers.unit[back, 1],
        "to": careers.unit[back, 0],
        "to_kind": careers.kind[back, 0],
        "from_kind": careers.kind[back, 1],
        "start": careers.starts[back, 0],
        "end": careers.since[back] - 1,
        "movement": np.full(len(back), code("movement", "rotation"), np.int8),
    }
    return came, sent


def appointments_table(sketch: Sketch, history: History, ranks: dict[str, Array]) -> pa.Table:
    """The table appointments since 2008: to leading posts, again after five years, and to ranks."""
    rng = stream(sketch.seed, "appointments")
    rows = history.rows
    plain = np.isin(rows["kind"], codes("post_kind", "professional", "support"))
    led = keep(rows, np.flatnonzero(~plain & rows["main"] & (rows["start"] >= day_of(2008, 1, 1))))
    first = _leading(sketch, led, rng)
    again = _reappointed(sketch, led, rng)
    ranked = np.flatnonzero(
        ranks["start"] > np.maximum(sketch.schooling.recruited[ranks["person"]] + 30, day_of(2008, 1, 1))
    )
    promoted = keep(ranks, ranked)
    rank = {
        "person": promoted["person"],
        "unit": sketch.unit_on(promoted["person"], promoted["start"]),
        "kind": np.full(len(ranked), -1, np.int8),
        "how": np.full(len(ranked), code("appointment_kind", "rank"), np.int8),
        "rank": promoted["rank"],
        "day": promoted["start"],
        "met": _often(rng, len(ranked), 0.985),
        "trained": _often(rng, len(ranked), 0.94),
        "planned": np.full(len(ranked), -1, np.int8),
    }
    every = sort_rows(stack(first, *again, rank), "person", "day")
    return make_table(
        "appointments",
        {
            "person_id": sketch.persons(every["person"]),
            "unit_id": sketch.units_at(every["unit"]),
            "post_kind": every["kind"],
            "kind": every["how"],
            "rank": every["rank"],
            "decided_on": every["day"],
            "met_standards": every["met"],
            "trained_before": every["trained"],
            "was_planned": every["planned"],
        },
    )


def _often(rng: Rng, size: int, share: float) -> Array:
    return (rng.random(size) < share).astype(np.int8)


def _leading(sketch: Sketch, led: dict[str, Array], rng: Rng) -> dict[str, Array]:
    size = len(led["person"])
    elected = np.isin(led["kind"], codes("post_kind", *ELECTED))
    party = np.isin(led["kind"], codes("post_kind", "party_secretary", "party_deputy_secretary"))
    how = np.where(elected, code("appointment_kind", "nomination"), code("appointment_kind", "first"))
    how = np.where(party & (rng.random(size) < 0.35), code("appointment_kind", "assignment"), how)
    service = np.isin(led["kind"], codes("post_kind", "service_head", "service_deputy"))
    trained = rng.random(size) < np.where(service, 0.75, 0.88)
    return {
        "person": led["person"],
        "unit": led["unit"],
        "kind": led["kind"],
        "how": how.astype(np.int8),
        "rank": np.full(size, -1, np.int8),
        "day": led["start"],
        "met": _often(rng, size, 0.985),
        "trained": trained.astype(np.int8),
        "planned": _often(rng, size, 0.955),
    }


def _reappointed(sketch: Sketch, led: dict[str, Array], rng: Rng) -> list[dict[str, Array]]:
    """Again to the same post while it is held: the elected at each congress or election, others after five years."""
    elected = np.isin(led["kind"], codes("post_kind", *ELECTED))
    last = np.where(led["end"] >= 0, led["end"], sketch.data_day)
    parts = []
    for turn in (1, 2):
        mine = keep(led, np.flatnonzero(~elected & (led["start"] + turn * TERM <= last)))
        row = _leading(sketch, mine, rng)
        row["day"] = mine["start"] + turn * TERM
        old = sketch.lives.birth[mine["person"]] + 57 * 365 < row["day"]
        how = np.where(old, code("appointment_kind", "extension"), code("appointment_kind", "reappointment"))
        parts.append(row | {"how": how.astype(np.int8)})
    for terms_ago in (0, 1):
        opened = _opening(sketch, led["unit"], led["kind"], terms_ago)
        held = np.flatnonzero(elected & (led["start"] < opened) & (last >= opened))
        row = _leading(sketch, keep(led, held), rng)
        parts.append(
            row | {"day": opened[held], "how": np.full(len(held), code("appointment_kind", "nomination"), np.int8)}
        )
    return parts


def _opening(sketch: Sketch, unit: Array, kind: Array, terms_ago: int = 0) -> Array:
    """The day on which the term of an elected post began: the congress for Party posts, the election for the others."""
    party = np.isin(kind, codes("post_kind", "party_secretary", "party_deputy_secretary"))
    congress = sketch.terms.congress(sketch.units.level[unit], terms_ago)
    return np.where(party, congress, sketch.terms.election(terms_ago)).astype(np.int32)


def appointed_on(sketch: Sketch) -> tuple[Array, Array]:
    """Day of the last appointment or election to the present leading post and last day of its term; -1 = no leader."""
    since, until = sketch.careers.since, sketch.lives.until
    plain = np.isin(sketch.kind, codes("post_kind", "professional", "support"))
    elected = np.isin(sketch.kind, codes("post_kind", *ELECTED))
    opened = _opening(sketch, sketch.unit, sketch.kind)
    now = elected & (until >= opened)
    turns = np.where(elected, 0, np.minimum((until - since) // TERM, 2))
    day = np.where(now, np.maximum(since, opened), since + turns * TERM)
    # Congresses of communes meet again by June of the fifth year.
    latest = np.maximum(opened + TERM - 1, day_of(sketch.terms.first_year + 5, 6, 30))
    ends = np.where(now, latest, day + TERM - 1)
    return np.where(plain, -1, day).astype(np.int32), np.where(plain, -1, ends).astype(np.int32)
