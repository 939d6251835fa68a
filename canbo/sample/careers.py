"""The main posts of each person from recruitment on, one after the other without a gap, and the moves between units."""

from dataclasses import dataclass

import numpy as np

from canbo.sample.definitions import profiles
from canbo.sample.draws import Array, Mask, Rng, between, stream
from canbo.sample.filling import Slots
from canbo.sample.ladders import SHORTEST, STAGES, draft_careers
from canbo.sample.lives import Lives
from canbo.sample.moves import add_moves
from canbo.sample.terms import Terms
from canbo.sample.units import Units


@dataclass(frozen=True)
class Careers:
    """One row a person; earlier posts by stage, 0 = just before the present one. -1 = none.

    ``since`` = first day in the present post; ``starts`` = first days of the earlier ones.
    """

    since: Array
    count: Array
    unit: Array
    kind: Array
    starts: Array
    move: Array
    returned: Mask
    """The post before was itself a rotation down, from which the person came back up."""


def draw_careers(
    units: Units, slots: Slots, lives: Lives, recruited: Array, terms: Terms, rotated: int | None, seed: int
) -> Careers:
    """Careers that begin with recruitment and end in the present post; ``rotated`` = exact number in the term."""
    rng = stream(seed, "careers")
    draft = draft_careers(units, slots, lives, rng)
    draft.since = _present_since(slots, lives, recruited, terms, units, rng)
    _succeed(slots, lives, recruited, draft.since, rng)
    add_moves(units, slots, lives, recruited, terms, draft, rotated, stream(seed, "moves"))
    fits = (draft.since - recruited) // SHORTEST
    count = np.minimum(draft.depth, fits)
    count = np.where((draft.since > recruited) & (count < 1), 1, count).astype(np.int8)
    bottom = np.maximum(count - 1, 0)
    rows = np.arange(len(lives))
    last = np.maximum(draft.depth - 1, 0)
    draft.unit[rows, bottom] = draft.unit[rows, last]
    draft.kind[rows, bottom] = draft.kind[rows, last]
    starts = _starts(recruited, draft.since, count, rng)
    return Careers(draft.since, count, draft.unit, draft.kind, starts, draft.move, draft.returned)


def _succeed(slots: Slots, lives: Lives, recruited: Array, since: Array, rng: Rng) -> None:
    """Whoever leads where someone has left began some weeks later, if long enough in service by then."""
    former = np.flatnonzero(~lives.in_service)
    holder = lives.slot[former]
    leading = profiles().service[slots.profile[holder]] > 0
    former, holder = former[leading], holder[leading]
    least = recruited[holder] + np.ceil(profiles().service[slots.profile[holder]] * 365.25).astype(np.int32)
    began = np.minimum(between(rng, lives.left[former] + 1, lives.left[former] + 45), lives.until[holder])
    since[holder] = np.maximum(began, least)


def _starts(recruited: Array, since: Array, count: Array, rng: Rng) -> Array:
    """First days of the earlier posts: the service before the present post cut into nearly equal parts."""
    starts = np.full((len(since), STAGES), -1, np.int32)
    span = since - recruited
    for stage in range(STAGES):
        mine = count > stage
        part = np.maximum(count - 1 - stage, 0)
        jitter = np.where(part > 0, rng.uniform(-0.25, 0.25, len(since)), 0.0)
        share = (part + jitter) / np.maximum(count, 1)
        starts[mine, stage] = (recruited + np.floor(span * share).astype(np.int32))[mine]
    return starts


def _present_since(slots: Slots, lives: Lives, recruited: Array, terms: Terms, units: Units, rng: Rng) -> Array:
    """First day in the present post: the congress for those it elected, else some years ago; never too early."""
    table = profiles()
    own, profile = slots.unit[lives.slot], slots.profile[lives.slot]
    least = recruited + np.ceil(table.service[profile] * 365.25).astype(np.int32)
    years = rng.gamma(2.0, table.held[profile] / 2.0)
    since = (
        lives.until
        - np.floor(np.minimum(years, np.where(table.elected[profile] > 0, 9, 14)) * 365.25).astype(np.int32)
        - 5
    )
    elected = rng.random(len(own)) < table.elected[profile]
    congress = terms.congress(units.level[own])
    since = np.where(elected & (congress < lives.until), congress + rng.integers(0, 20, len(own)), since)
    ordinary = table.service[profile] == 0
    stayed = ordinary & (rng.random(len(own)) < 0.62)
    since = np.where(stayed, recruited, np.maximum(since, least))
    return np.asarray(np.clip(since, recruited, lives.until).astype(np.int32))


def unit_on(careers: Careers, own: Array, person: Array, day: Array) -> Array:
    """The unit of the main post that each person held on a day (before recruitment: the first one)."""
    unit = own[person].copy()
    later = day < careers.since[person]
    for stage in range(STAGES):
        earlier = later & (careers.count[person] > stage)
        unit[earlier] = careers.unit[person[earlier], stage]
        later = earlier & (day < careers.starts[person, stage])
    return np.asarray(unit)
