"""Who fills each post: sex, age, ethnic group; who has left, when and how. No study, no career."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from canbo.norms.retirement import retirement_days
from canbo.sample.definitions import code, profiles
from canbo.sample.draws import YEAR, Array, Mask, Rng, choose_one, pick, rank_within, stream
from canbo.sample.filling import Slots
from canbo.sample.posts import HEAD
from canbo.sample.units import Units

LEFT_WITHIN = 3 * 365
"""Leavers of the last three years stay in the table."""
SPREAD = 2.6
"""How closely ages stand around their mean: higher is closer."""
EXITS = {
    "retirement": 0.6,
    "resignation": 0.14,
    "streamlining": 0.12,
    "transfer_out": 0.08,
    "death": 0.04,
    "dismissal": 0.02,
}


@dataclass(frozen=True)
class Lives:
    """One element a person: those in service first (one for each post, in its order), then those who have left."""

    slot: Array
    left: Array
    """The last day in service; -1 = still in service."""
    exit_kind: Array
    until: Array
    """The last day of what the sample knows of the person: the data day, or the last day in service."""
    sex: Array
    birth: Array
    ethnicity: Array
    in_service: Mask

    def __len__(self) -> int:
        return len(self.slot)


@dataclass(frozen=True)
class Groups:
    """The groups of a scenario, among those in service: one element a post."""

    provincial: Mask
    district: Mask
    divisions: Mask
    seats: Mask


def find_groups(units: Units, slots: Slots) -> Groups:
    """The printed populations of Thái Nguyên's scheme, among all posts."""
    level = units.level[slots.unit]
    base = np.array([row.is_base_party for row in units.rows])[slots.unit]
    district_seat = (slots.seat > 0) & (units.level[slots.seat_unit] == code("level", "district"))
    division = np.isin(slots.kind, [code("post_kind", "division_head"), code("post_kind", "division_deputy")])
    return Groups(
        slots.tier == code("managed_by", "provincial_committee"),
        (slots.tier == code("managed_by", "district_committee")) & (level != code("level", "commune")) & ~base,
        division & (level == code("level", "province")),
        district_seat,
    )


def draw_lives(
    units: Units, slots: Slots, leavers: int, data_day: int, figures: Mapping[str, Any] | None, seed: int
) -> Lives:
    """People for all posts and ``leavers`` former holders; with ``figures`` the women and the young are exact."""
    groups = find_groups(units, slots)
    former, left, exit_kind = _draw_leavers(slots, leavers, data_day, stream(seed, "leavers"))
    slot = np.concatenate([np.arange(len(slots), dtype=np.int32), former])
    in_service = np.arange(len(slot)) < len(slots)
    until = np.where(in_service, data_day, np.concatenate([np.zeros(len(slots), np.int32), left])).astype(np.int32)
    sex = _draw_sex(units, slots, slot, groups, figures, stream(seed, "sex"))
    young = _draw_young(units, slots, groups, figures, stream(seed, "sex"))
    birth, until = _draw_birth(slots, slot, sex, until, young, exit_kind, data_day, stream(seed, "age"))
    left_on = np.where(in_service, -1, until).astype(np.int32)
    ethnicity = _draw_ethnicity(units, slots.unit[slot], stream(seed, "ethnicity"))
    return Lives(slot, left_on, exit_kind, until, sex, birth, ethnicity, in_service)


def _draw_leavers(slots: Slots, count: int, data_day: int, rng: Rng) -> tuple[Array, Array, Array]:
    """Former holders of posts (each post has at most one), the day they left and how."""
    open_to = slots.tier != code("managed_by", "central")
    former = np.sort(rng.permutation(np.flatnonzero(open_to))[:count]).astype(np.int32)
    left = rng.integers(data_day - LEFT_WITHIN, data_day - 30, len(former)).astype(np.int32)
    keys = np.array([code("exit_kind", kind) for kind in EXITS], np.int8)
    kinds = keys[choose_one(rng, len(former), list(EXITS.values()))]
    return former, left, np.concatenate([np.full(len(slots), -1, np.int8), kinds])


def _draw_sex(
    units: Units, slots: Slots, slot: Array, groups: Groups, figures: Mapping[str, Any] | None, rng: Rng
) -> Array:
    """1 = female. The committees that are to have a woman get one; the one that is to have none gets none."""
    share = profiles().women[slots.profile].copy()
    caring = np.isin(units.sector[slots.unit], [code("sector", "education"), code("sector", "health")])
    share = np.where(caring & (share < 0.6), np.minimum(share + 0.15, 0.75), share)
    share = np.where(slots.armed, 0.01, np.where(slots.women, 1.0, share))
    female = rng.random(len(slot)) < share[slot]
    led = np.array([row.plan is None or row.plan.women for row in units.rows])
    seated = slots.seat_unit >= 0
    barred = slots.armed | (seated & ~led[slots.seat_unit])
    forced = slots.women | _one_of_each(slots, seated & ~slots.armed & (slots.seat != HEAD), led, units, rng)
    serving = female[: len(slots)]
    serving |= forced
    serving &= ~barred
    if figures:
        free = groups.provincial & ~forced & ~barred
        serving &= ~free
        wanted = figures["provincial"]["women"] - int((groups.provincial & serving).sum())
        serving |= pick(rng, free, wanted)
    return female.astype(np.int8)


def _one_of_each(slots: Slots, open_to: Mask, led: Array, units: Units, rng: Rng) -> Mask:
    """One seat, at random, in each province's and district's standing committee that is to have a woman."""
    level = units.level[slots.seat_unit]
    role_ok = (level != code("level", "commune")) & np.array([row.kind == "locality" for row in units.rows])[
        slots.seat_unit
    ]
    places = np.flatnonzero(open_to & role_ok & led[slots.seat_unit])
    first = rank_within(slots.seat_unit[places], rng.random(len(places))) < 1
    chosen = np.zeros(len(slots), bool)
    chosen[places[first]] = True
    return chosen


def _draw_young(units: Units, slots: Slots, groups: Groups, figures: Mapping[str, Any] | None, rng: Rng) -> Array:
    """For each post: 1 = under 40, -1 = 40 or over, 0 = as it falls. Only for the groups of the scheme."""
    watched = groups.provincial | groups.seats
    if figures is None:
        chosen = watched & (slots.young | (rng.random(len(slots)) < 0.06))
        return np.where(watched, np.where(chosen, 1, -1), np.where(slots.young, 1, 0)).astype(np.int8)
    seats, key = figures["seats"], slots.key
    outside = groups.seats & ~groups.provincial
    members = groups.seats & groups.provincial & ~key & ~slots.armed
    chosen = pick(rng, groups.seats & key & (slots.kind == code("post_kind", "committee_chair")), seats["key_under_40"])
    chosen |= pick(rng, outside & ~slots.armed, 1)
    chosen |= pick(rng, members, seats["under_40"] - seats["key_under_40"] - 1)
    chosen |= groups.provincial & slots.young & ~groups.seats
    wanted = figures["provincial"]["under_40"] - int((chosen & groups.provincial).sum())
    deputies = slots.profile == profiles().index("agency_deputy")
    chosen |= pick(rng, groups.provincial & deputies & ~groups.seats & ~chosen, wanted)
    return np.where(watched, np.where(chosen, 1, -1), np.where(slots.young, 1, 0)).astype(np.int8)


def earliest_birth(sex: Array, day: Array) -> Array:
    """The first birth day of those who are not yet past their retirement month on the day."""
    found = np.empty(len(sex), np.int32)
    for place, name in ((0, "male"), (1, "female")):
        mine = sex == place
        retires = retirement_days("male" if name == "male" else "female").astype(np.int32)
        months = np.searchsorted(retires, day[mine], side="left")
        found[mine] = (np.datetime64("1900-01", "M") + months).astype("datetime64[D]").astype(np.int32)
    return found


def _draw_birth(
    slots: Slots,
    slot: Array,
    sex: Array,
    until: Array,
    young: Array,
    exit_kind: Array,
    data_day: int,
    rng: Rng,
) -> tuple[Array, Array]:
    """Birth days such that nobody serves past the retirement month; for those who retired, also the day they left."""
    least, most, mean = profiles().age[slots.profile[slot]].T
    mark = np.where(np.arange(len(slot)) < len(slots), young[slot], 0)
    most = np.where(mark == 1, 39.9, most)
    least = np.where(mark == -1, np.maximum(least, 40.1), least)
    oldest = np.maximum(until - most * YEAR, earliest_birth(sex, until))
    youngest = until - least * YEAR
    centre = np.clip((youngest - (until - mean * YEAR)) / (youngest - oldest), 0.15, 0.82)
    age = rng.beta(SPREAD * centre, SPREAD * (1 - centre))
    birth = np.floor(youngest - age * (youngest - oldest)).astype(np.int32)
    birth = np.maximum(birth, np.ceil(oldest).astype(np.int32))
    retired = exit_kind == code("exit_kind", "retirement")
    until = until.copy()
    for place, name in ((0, "male"), (1, "female")):
        mine = np.flatnonzero(retired & (sex == place))
        retires = retirement_days("male" if name == "male" else "female").astype(np.int32)
        months = np.flatnonzero((retires >= data_day - LEFT_WITHIN) & (retires < data_day))
        month = rng.choice(months, len(mine))
        first = (np.datetime64("1900-01", "M") + month).astype("datetime64[D]").astype(np.int32)
        birth[mine] = first + rng.integers(0, 28, len(mine))
        until[mine] = retires[month]
    return birth, until


def _draw_ethnicity(units: Units, unit: Array, rng: Rng) -> Array:
    """Places in the list of ethnic groups: a minority as often as around the unit, a little less in offices."""
    minority = rng.random(len(unit)) < units.minority[unit] * 0.92
    ethnicity = np.full(len(unit), code("ethnicity", "Kinh"), np.int8)
    mix = units.plans[0].ethnic_mix
    groups = np.array([code("ethnicity", group) for group in mix], np.int8)
    drawn = groups[choose_one(rng, len(unit), list(mix.values()))]
    return np.where(minority, drawn, ethnicity).astype(np.int8)
