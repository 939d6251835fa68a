"""Rotations and transfers as part of careers: who came to the present post from which unit. Writes no rows."""

import numpy as np

from canbo.sample.definitions import code, codes, profiles
from canbo.sample.draws import Array, Mask, Members, Rng, between, day_of, pick, rank_within
from canbo.sample.filling import Slots
from canbo.sample.ladders import SHORTEST, Draft, Move, agencies_of, divisions_of, offices_of
from canbo.sample.lives import Lives
from canbo.sample.terms import Terms
from canbo.sample.units import Role, Units

LATERAL_BEFORE = 0.0219
"""Share of key commune officials moved from commune to commune in the term before, as Thái Nguyên printed it."""


class _Mover:
    """Puts moves into a draft; each person moves at most once."""

    def __init__(self, units: Units, slots: Slots, lives: Lives, recruited: Array, draft: Draft, rng: Rng) -> None:
        self.units, self.slots, self.lives, self.draft, self.rng = units, slots, lives, draft, rng
        self.own = slots.unit[lives.slot]
        self.kind = slots.kind[lives.slot]
        self.profile = slots.profile[lives.slot]
        self.least = recruited + np.ceil(profiles().service[self.profile] * 365.25).astype(np.int32)
        self.free: Mask = lives.in_service.copy()

    def among(self, *names: str) -> Mask:
        """Those of the profiles who have not moved yet."""
        return np.logical_and(self.free, profiles().among(self.profile, *names))

    def put(self, who: Mask, unit: Array, kind: Array | int, start: tuple[int, int] | None, move: Array | int) -> None:
        """Let them come from a post of ``kind`` in ``unit``, within the days of ``start`` (None = as it is)."""
        places = np.flatnonzero(who & (unit >= 0) & (unit != self.own))
        draft = self.draft
        draft.unit[places, 0] = unit[places]
        draft.kind[places, 0] = np.broadcast_to(kind, len(self.own))[places]
        two = draft.depth[places] < 2
        draft.unit[places[two], 1] = unit[places[two]]
        draft.kind[places[two], 1] = code("post_kind", "professional")
        draft.depth[places] = np.maximum(draft.depth[places], 2)
        draft.move[places] = np.broadcast_to(move, len(self.own))[places]
        if start:
            drawn = between(self.rng, np.full(len(places), start[0]), np.full(len(places), start[1]))
            draft.since[places] = np.minimum(np.maximum(drawn, self.least[places]), self.lives.until[places])
        self.free[places] = False

    def either(self, rotation: float) -> Array:
        """Rotation for a share of the people, transfer for the others."""
        return np.where(self.rng.random(len(self.own)) < rotation, Move.ROTATION, Move.TRANSFER).astype(np.int8)

    def chance(self, who: Mask, share: float) -> Mask:
        """A share of those."""
        return who & (self.rng.random(len(who)) < share)


def add_moves(
    units: Units,
    slots: Slots,
    lives: Lives,
    recruited: Array,
    terms: Terms,
    draft: Draft,
    rotated: int | None,
    rng: Rng,
) -> None:
    """All moves: those of the term (exact where ``rotated`` is given), from districts to communes, and older ones."""
    mover = _Mover(units, slots, lives, recruited, draft, rng)
    _cover_communes(mover, terms)
    _rotate_managed(mover, terms, rotated)
    _move_communes(mover, terms)
    _move_officers(mover)


def _term(mover: _Mover, terms: Terms, level: str) -> tuple[int, int]:
    start = int(terms.congress(np.array([code("level", level)]))[0])
    return start + 25, max(terms.data_day - 12, start + 25)


def _term_before(mover: _Mover, terms: Terms, level: str) -> tuple[int, int]:
    """The term before, to the end of the year before the congress: clear of every dating of the term in force."""
    start = int(terms.congress(np.array([code("level", level)]), 1)[0])
    return start + 60, day_of(terms.first_year, 1, 1) - 12


def _districts(mover: _Mover) -> Array:
    """A random district of each person's province."""
    units = mover.units
    places = units.of_role(Role.DISTRICT)
    drawn = Members(places, units.province[places], len(units)).draw(
        mover.rng, units.province[mover.own], np.full(len(mover.own), -1)
    )
    return np.asarray(drawn)


def _cover_communes(mover: _Mover, terms: Terms) -> None:
    """In as many communes as each district's plan says, one key official comes from an agency of the district."""
    units, rng = mover.units, mover.rng
    communes = units.of_role(Role.COMMUNE)
    district = units.district[communes]
    rank = rank_within(district, rng.random(len(communes)))
    wanted = np.zeros(len(units), np.int32)
    for place in units.of_role(Role.DISTRICT).tolist():
        plan = units.rows[place].plan
        if plan is not None:
            random = round(len(plan.communes) * float(rng.uniform(0.18, 0.45)))
            wanted[place] = plan.covered if plan.covered is not None else random
    covered = np.zeros(len(units), bool)
    covered[communes[rank < wanted[district]]] = True
    able = mover.among("commune_key") & covered[mover.own]
    places = np.flatnonzero(able)
    # The youngest of a commune's key officials is the likeliest to be sent there, and can have served long enough.
    first = rank_within(mover.own[places], -mover.lives.birth[places]) == 0
    chosen = np.zeros(len(able), bool)
    chosen[places[first]] = True
    offices = offices_of(units).draw(rng, units.district[mover.own], np.full(len(able), -1))
    head, deputy = codes("post_kind", "division_head", "division_deputy")
    kind = np.where(rng.random(len(able)) < 0.3, head, deputy)
    mover.put(chosen, offices, kind, _term(mover, terms, "commune"), Move.ROTATION)


def _rotate_managed(mover: _Mover, terms: Terms, rotated: int | None) -> None:
    """People managed by the provincial committee rotated in the term, and some before it."""
    units, rng = mover.units, mover.rng
    managed = mover.slots.tier[mover.lives.slot] == code("managed_by", "provincial_committee")
    term = _term(mover, terms, "province")
    in_time = mover.least <= term[1]
    total = rotated if rotated is not None else round(0.08 * int((managed & mover.lives.in_service).sum()))
    agencies = agencies_of(units).draw(rng, units.province[mover.own], np.full(len(managed), -1))
    others = _districts(mover)
    at_agency, at_district = units.role[mover.own] == Role.AGENCY, units.role[mover.own] == Role.DISTRICT
    up = pick(rng, mover.among("agency_deputy") & managed & at_agency & in_time & (others >= 0), round(total * 0.42))
    mover.put(up, others, code("post_kind", "committee_vice_chair"), term, Move.ROTATION)
    _came_back(mover, up)
    wanted = total - int(up.sum())
    down = pick(
        rng,
        mover.among("district_key") & managed & at_district & in_time & (agencies >= 0),
        round(wanted * 0.6),
    )
    mover.put(down, agencies, code("post_kind", "agency_deputy"), term, Move.ROTATION)
    side = (
        mover.among("district_key", "district_member")
        & managed
        & at_district
        & in_time
        & (others >= 0)
        & (others != mover.own)
    )
    side = pick(rng, side & ~mover.slots.armed[mover.lives.slot], wanted - int(down.sum()))
    mover.put(side, others, code("post_kind", "committee_vice_chair"), term, Move.ROTATION)
    before, closed = _term_before(mover, terms, "province")
    older = mover.chance(mover.among("district_key", "agency_head") & managed & (mover.least < closed), 0.15)
    older &= mover.draft.since < term[0] - 90
    source = np.where(at_district, agencies, others)
    kind = np.where(at_district, code("post_kind", "agency_deputy"), code("post_kind", "party_secretary"))
    mover.put(older, source, kind, (before, closed), mover.either(0.7))


def _came_back(mover: _Mover, who: Mask) -> None:
    """Those back from a district had been sent there from a division of their agency."""
    places = np.flatnonzero(
        who & (mover.draft.move == Move.ROTATION) & (mover.draft.since - mover.least > -SHORTEST * 3)
    )
    divisions = divisions_of(mover.units).draw(mover.rng, mover.own[places], mover.own[places])
    mover.draft.unit[places, 1] = divisions
    mover.draft.kind[places, 1] = code("post_kind", "division_head")
    mover.draft.unit[places, 2] = divisions
    mover.draft.kind[places, 2] = code("post_kind", "professional")
    mover.draft.depth[places] = 3
    mover.draft.returned[places] = True


def _move_communes(mover: _Mover, terms: Terms) -> None:
    """From one commune to another of the district: some in this term, a few in the one before."""
    units, rng = mover.units, mover.rng
    communes = units.of_role(Role.COMMUNE)
    near = Members(communes, units.district[communes], len(units))
    own = mover.own
    is_commune = units.role[own] == Role.COMMUNE
    other = near.draw(rng, np.where(is_commune, units.district[own], -1), np.full(len(own), -1))
    term = _term(mover, terms, "commune")
    lateral = mover.chance(mover.among("commune_key", "commune_vice") & (mover.least <= term[1]), 0.055)
    mover.put(lateral, other, mover.kind, term, mover.either(0.55))
    before, closed = _term_before(mover, terms, "commune")
    older = mover.among("commune_key") & (mover.least < closed) & (mover.draft.since < term[0] - 60)
    keys = int((mover.lives.in_service & profiles().among(mover.profile, "commune_key")).sum())
    mover.put(pick(rng, older, round(keys * LATERAL_BEFORE)), other, mover.kind, (before, closed), Move.ROTATION)


def _move_officers(mover: _Mover) -> None:
    """Heads and deputies of offices and divisions who came from a commune, a district or another agency."""
    units, rng, own = mover.units, mover.rng, mover.own
    none = np.full(len(own), -1)
    communes = units.of_role(Role.COMMUNE)
    commune = Members(communes, units.district[communes], len(units)).draw(rng, units.district[own], none)
    up = mover.chance(mover.among("district_agency_head", "district_agency_deputy"), 0.04) & (units.district[own] >= 0)
    mover.put(up, commune, code("post_kind", "committee_vice_chair"), None, mover.either(0.6))
    office = offices_of(units).draw(rng, units.district[own], none)
    side = mover.chance(mover.among("district_agency_head"), 0.05) & (units.district[own] >= 0)
    mover.put(side, office, code("post_kind", "division_deputy"), None, mover.either(0.2))
    far = offices_of(units).draw(rng, _districts(mover), none)
    mover.put(
        mover.chance(mover.among("division_head"), 0.025),
        far,
        code("post_kind", "division_head"),
        None,
        mover.either(0.5),
    )
    agency = agencies_of(units).draw(rng, units.province[own], none)
    division = divisions_of(units).draw(rng, agency, none)
    side = mover.chance(mover.among("division_head", "division_deputy"), 0.03)
    mover.put(
        side,
        division,
        code("post_kind", "division_deputy"),
        None,
        np.where(rng.random(len(own)) < 0.1, Move.SECONDMENT, Move.TRANSFER),
    )
