"""The table memberships: committees of the Party, councils, people's committees and leadership teams, term by term."""

import numpy as np
import pyarrow as pa

from canbo.sample.definitions import code, codes, profiles
from canbo.sample.draws import Array, Rng, pick, stream
from canbo.sample.posts import DEPUTY, HEAD
from canbo.sample.sketch import Sketch
from canbo.sample.tables import make_table, sort_rows, stack
from canbo.sample.units import Role

EXECUTIVE_SEATS = 50
"""Members of a province's executive committee, its standing committee among them."""


def memberships_table(sketch: Sketch) -> pa.Table:
    """The table memberships."""
    rng = stream(sketch.seed, "seats")
    parts = [*_standing(sketch), *_executive(sketch, rng), *_councils(sketch), _leadership(sketch)]
    rows = sort_rows(stack(*parts), "unit", "body", "person", "start")
    return make_table(
        "memberships",
        {
            "person_id": sketch.persons(rows["person"]),
            "unit_id": sketch.units_at(rows["unit"]),
            "body": rows["body"],
            "role": rows["role"],
            "start_date": rows["start"],
            "end_date": rows["end"],
        },
    )


def _rows(person: Array, unit: Array, body: str, role: Array, start: Array, end: Array) -> dict[str, Array]:
    return {
        "person": person.astype(np.int32),
        "unit": unit.astype(np.int32),
        "body": np.full(len(person), code("body", body), np.int8),
        "role": role.astype(np.int8),
        "start": start.astype(np.int32),
        "end": end.astype(np.int32),
    }


def _terms(
    sketch: Sketch, person: Array, unit: Array, body: str, role: Array, opened: Array, opened_before: Array
) -> list[dict[str, Array]]:
    """A seat in the term in force since the later of its opening and the present post, and one in the term before.

    Who left has no seat after the last day in service.
    """
    since, left = sketch.careers.since[person], sketch.lives.left[person]
    last = sketch.lives.until[person]
    now = np.flatnonzero(last >= np.maximum(since, opened))
    before = np.flatnonzero((since < opened) & (last >= opened_before))
    ended = np.minimum(opened - 1, np.where(left >= 0, left, opened - 1))
    before = before[ended[before] >= np.maximum(since, opened_before)[before]]
    return [
        _rows(person[now], unit[now], body, role[now], np.maximum(since, opened)[now], left[now]),
        _rows(
            person[before],
            unit[before],
            body,
            role[before],
            np.maximum(since, opened_before)[before],
            ended[before],
        ),
    ]


def _roles(seat: Array) -> Array:
    head, deputy, member = codes("body_role", "head", "deputy", "member")
    return np.where(seat == HEAD, head, np.where(seat == DEPUTY, deputy, member))


def _standing(sketch: Sketch) -> list[dict[str, Array]]:
    """Standing committees of the province, the committees under it, and communes."""
    slot = sketch.lives.slot
    mine = np.flatnonzero(sketch.slots.seat[slot] > 0)
    unit = sketch.slots.seat_unit[slot[mine]]
    level = sketch.units.level[unit]
    role = _roles(sketch.slots.seat[slot[mine]])
    terms = sketch.terms
    return _terms(sketch, mine, unit, "standing_committee", role, terms.congress(level), terms.congress(level, 1))


def _executive(sketch: Sketch, rng: Rng) -> list[dict[str, Array]]:
    """Executive committees: the standing one and, beside it, heads of agencies and of the level below."""
    slots, units, slot = sketch.slots, sketch.units, sketch.lives.slot
    seated = slots.seat[slot]
    parts: list[dict[str, Array]] = []
    committee = np.flatnonzero(seated > 0)
    people, where = [committee], [slots.seat_unit[slot[committee]]]
    roles = [_roles(seated[committee])]
    member = code("body_role", "member")
    serving = sketch.lives.in_service
    for extra, unit in (
        _district_members(sketch, serving),
        _commune_members(sketch, serving),
        _province_members(sketch, rng),
    ):
        people.append(extra)
        where.append(unit)
        roles.append(np.full(len(extra), member))
    person, unit, role = np.concatenate(people), np.concatenate(where), np.concatenate(roles)
    level, terms = units.level[unit], sketch.terms
    parts += _terms(sketch, person, unit, "executive_committee", role, terms.congress(level), terms.congress(level, 1))
    return parts


def _district_members(sketch: Sketch, serving: Array) -> tuple[Array, Array]:
    """Heads of the district's agencies outside its standing committee, and the secretaries of its communes."""
    office = profiles().among(sketch.profile, "district_agency_head")
    secretary = (sketch.units.role[sketch.unit] == Role.COMMUNE) & (sketch.kind == code("post_kind", "party_secretary"))
    mine = np.flatnonzero(serving & (office | secretary) & (sketch.units.district[sketch.unit] >= 0))
    return mine, sketch.units.district[sketch.unit[mine]]


def _commune_members(sketch: Sketch, serving: Array) -> tuple[Array, Array]:
    """The heads of the commune's mass organisations who are not on its standing committee."""
    front = profiles().among(sketch.profile, "commune_front") & (sketch.slots.seat[sketch.lives.slot] == 0)
    mine = np.flatnonzero(serving & front)
    return mine, sketch.unit[mine]


def _province_members(sketch: Sketch, rng: Rng) -> tuple[Array, Array]:
    """Beside the standing committee: district secretaries and heads of agencies, as many as make up fifty."""
    units, slots, slot = sketch.units, sketch.slots, sketch.lives.slot
    people, where = [], []
    secretary = (units.role[sketch.unit] == Role.DISTRICT) & (sketch.kind == code("post_kind", "party_secretary"))
    head = (units.role[sketch.unit] == Role.AGENCY) & sketch.slots.head[slot]
    for top in units.of_role(Role.PROVINCE).tolist():
        inside = sketch.lives.in_service & (units.province[sketch.unit] == top)
        standing = inside & (slots.seat_unit[slot] == top)
        sure = inside & secretary & ~standing
        wanted = EXECUTIVE_SEATS - int(standing.sum()) - int(sure.sum())
        others = pick(rng, inside & head & ~standing, wanted)
        more = pick(
            rng,
            inside & ~standing & profiles().among(sketch.profile, "province_top"),
            wanted - int(others.sum()),
        )
        mine = np.flatnonzero(sure | others | more)
        people.append(mine)
        where.append(np.full(len(mine), top))
    return np.concatenate(people), np.concatenate(where)


def _councils(sketch: Sketch) -> list[dict[str, Array]]:
    """Leaders of councils and people's committees of localities, in the terms of the councils."""
    local = np.isin(sketch.units.role[sketch.unit], [Role.PROVINCE, Role.DISTRICT, Role.COMMUNE])
    second = sketch.slots.second[sketch.lives.slot]
    parts: list[dict[str, Array]] = []
    now, before = sketch.terms.election(), sketch.terms.election(1)
    for body, head, deputy in (
        ("council", "council_chair", "council_vice_chair"),
        ("committee", "committee_chair", "committee_vice_chair"),
    ):
        leads = (sketch.kind == code("post_kind", head)) | (second == code("post_kind", head))
        follows = sketch.kind == code("post_kind", deputy)
        mine = np.flatnonzero(local & (leads | follows))
        role = np.where(leads[mine], code("body_role", "head"), code("body_role", "deputy"))
        opened = np.full(len(mine), now)
        parts += _terms(sketch, mine, sketch.unit[mine], body, role, opened, np.full(len(mine), before))
    return parts


def _leadership(sketch: Sketch) -> dict[str, Array]:
    """Leadership teams of agencies, offices and public service units: their heads and deputies."""
    roles = [
        Role.AGENCY,
        Role.DISTRICT_AGENCY,
        Role.PROVINCIAL_SERVICE,
        Role.SCHOOL,
        Role.HEALTH,
        Role.CENTRE,
    ]
    leading = ~np.isin(sketch.kind, codes("post_kind", "professional", "support"))
    mine = np.flatnonzero(np.isin(sketch.units.role[sketch.unit], roles) & leading)
    head = sketch.slots.head[sketch.lives.slot[mine]]
    role = np.where(head, code("body_role", "head"), code("body_role", "deputy"))
    return _rows(mine, sketch.unit[mine], "leadership", role, sketch.careers.since[mine], sketch.lives.left[mine])
