"""Seeded random streams and the small vectorised tools of the sample. Knows nothing of provinces or people."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Mask = npt.NDArray[np.bool_]
Rng = np.random.Generator

YEAR = 365.25
SUBJECTS = (
    "units",
    "posts",
    "leavers",
    "sex",
    "age",
    "ethnicity",
    "names",
    "schooling",
    "recruitment",
    "careers",
    "moves",
    "ranks",
    "theory",
    "state",
    "party",
    "standards",
    "medical",
    "seats",
    "appointments",
    "courses",
    "studies",
    "succession",
    "evaluation",
    "collectives",
    "quotas",
    "exits",
    "unknown",
    "identity",
    "entries",
    "titles",
)
"""One stream of random numbers for each subject; new ones go to the end, so that no other shifts."""


def stream(seed: int, subject: str) -> Rng:
    """The generator of one subject: the same for the same seed, whatever the other subjects draw."""
    child = np.random.SeedSequence(seed, spawn_key=(SUBJECTS.index(subject),))
    return np.random.Generator(np.random.PCG64(child))


def day_number(day: date) -> int:
    """Days since 1 January 1970, as Arrow counts them."""
    return (day - date(1970, 1, 1)).days


def day_of(year: int, month: int, day: int) -> int:
    """The day number of a calendar day."""
    return day_number(date(year, month, day))


def years_later(days: Array | int, years: Array | float) -> Array:
    """A day by which the years have certainly passed (never a day early)."""
    return np.asarray(days + np.ceil(np.asarray(years) * YEAR) + 1).astype(np.int32)


def year_of(days: Array) -> Array:
    """The calendar year of each day."""
    return np.asarray(days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int32) + 1970)


def first_day(years: Array) -> Array:
    """1 January of each year."""
    return np.asarray((years - 1970).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int32))


def between(rng: Rng, low: Array | int, high: Array | int, a: float = 1.0, b: float = 1.0) -> Array:
    """A whole number from ``low`` to ``high``, both included, for each element; Beta(a, b) shapes where it falls.

    Where ``high`` is below ``low``, ``low`` is given.
    """
    low, high = np.broadcast_arrays(np.asarray(low, np.int64), np.asarray(high, np.int64))
    share = rng.random(low.shape) if a == b == 1.0 else rng.beta(a, b, low.shape)
    width = np.maximum(high - low + 1, 1)
    return np.asarray(low + np.minimum((share * width).astype(np.int64), width - 1)).astype(np.int32)


def pick(rng: Rng, among: Mask, count: int) -> Mask:
    """Exactly ``count`` of the elements marked (all of them where there are fewer)."""
    places = np.flatnonzero(among)
    chosen = np.zeros(len(among), bool)
    chosen[rng.permutation(places)[: max(count, 0)]] = True
    return chosen


def choose(rng: Rng, group: Array, shares: Sequence[Sequence[float]] | Array) -> Array:
    """For each element one of K codes, by the row of ``shares`` (groups × K) of its group."""
    cumulative = np.cumsum(np.asarray(shares, float), axis=1)
    cumulative /= cumulative[:, -1:]
    draw = rng.random(len(group))
    code = np.zeros(len(group), np.int8)
    for step in range(cumulative.shape[1] - 1):
        code += draw >= cumulative[group, step]
    return code


def choose_one(rng: Rng, size: int, weights: Sequence[float]) -> Array:
    """``size`` codes drawn by the same weights."""
    cumulative = np.cumsum(np.asarray(weights, float))
    found = np.searchsorted(cumulative / cumulative[-1], rng.random(size), side="right")
    return np.minimum(found, len(cumulative) - 1).astype(np.int32)


def rank_within(group: Array, order: Array) -> Array:
    """The place of each element within its group, from 0, by ``order``."""
    sorting = np.lexsort((order, group))
    ordered = group[sorting]
    new = np.ones(len(group), bool)
    new[1:] = ordered[1:] != ordered[:-1]
    starts = np.flatnonzero(new)
    lengths = np.diff(np.append(starts, len(group)))
    rank = np.empty(len(group), np.int32)
    rank[sorting] = np.arange(len(group)) - np.repeat(starts, lengths)
    return rank


def spread(total: int, places: int) -> Array:
    """``total`` shared out over ``places`` as evenly as whole numbers allow, the first ones getting one more."""
    counts = np.full(places, total // max(places, 1), np.int32)
    counts[: total - int(counts.sum())] += 1
    return counts


def apportion(total: int, weights: Array) -> Array:
    """``total`` shared out in proportion to the weights, to the whole number, largest remainders first."""
    exact = total * weights / max(float(weights.sum()), 1e-9)
    counts = np.floor(exact).astype(np.int64)
    order = np.argsort(-(exact - counts), kind="stable")
    counts[order[: total - int(counts.sum())]] += 1
    return counts


class Members:
    """The members of each group, to draw one from a group at random."""

    def __init__(self, member: Array, group: Array, groups: int) -> None:
        order = np.argsort(group, kind="stable")
        self._members = member[order]
        self._count = np.bincount(group, minlength=groups)
        self._start = np.cumsum(self._count) - self._count

    def draw(self, rng: Rng, group: Array, instead: Array) -> Array:
        """A random member of each group asked for; ``instead`` where the group is below 0 or empty."""
        known = np.maximum(group, 0)
        count = np.where(group >= 0, self._count[known], 0)
        place = self._start[known] + (rng.random(len(group)) * count).astype(np.int64)
        found = count > 0
        drawn = np.array(instead, np.int32)
        drawn[found] = self._members[place[found]]
        return drawn
