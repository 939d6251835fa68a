"""What people studied and when they entered the service: degrees with their days, recruitment. No posts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from canbo.sample.definitions import code, profiles
from canbo.sample.draws import Array, Mask, between, choose, pick, stream, years_later
from canbo.sample.filling import Slots
from canbo.sample.lives import Groups, Lives

NONE, ELEMENTARY, INTERMEDIATE, COLLEGE, BACHELOR, MASTER, DOCTOR = range(7)
"""Places in the code list of education."""
ENTRY_AGES = {ELEMENTARY: (18.2, 20), INTERMEDIATE: (20, 22), COLLEGE: (21, 23), BACHELOR: (22, 25)}


@dataclass(frozen=True)
class Schooling:
    """One element a person; -1 = no such degree. Days are those of the award.

    ``entry`` = what the person had first, ``entry_day`` its day; ``bachelor``, ``master``, ``doctor`` the degrees
    (a bachelor's in service comes after an entry below it).
    """

    education: Array
    entry: Array
    entry_day: Array
    bachelor: Array
    master: Array
    doctor: Array
    field: Array
    specialist: Array
    specialist_day: Array
    recruited: Array


def draw_schooling(
    units_sector: Array,
    slots: Slots,
    lives: Lives,
    groups: Groups,
    figures: Mapping[str, Any] | None,
    seed: int,
) -> Schooling:
    """Degrees that fit age and post; with ``figures`` the numbers of masters in the three groups are exact."""
    education = _levels(slots, lives, groups, figures, seed)
    rng = stream(seed, "recruitment")
    profile = slots.profile[lives.slot]
    age = lives.until - lives.birth
    late = (education == BACHELOR) & (age > years_later(0, 33)) & (rng.random(len(age)) < 0.24)
    late &= ~profiles().among(profile, "province_top", "agency_head", "teacher")
    entry = np.where(late, INTERMEDIATE, np.minimum(education, BACHELOR)).astype(np.int8)
    service = profiles().service[profile]
    latest = np.minimum(years_later(lives.birth, 33), lives.until - np.ceil(service * 365.25).astype(np.int32))
    latest = np.where(late, np.minimum(latest, lives.until - 1_500), latest)
    entry_day = np.full(len(age), -1, np.int32)
    for level, (low, high) in ENTRY_AGES.items():
        mine = np.flatnonzero(entry == level)
        low_day = years_later(lives.birth[mine], low)
        entry_day[mine] = between(rng, low_day, np.minimum(years_later(lives.birth[mine], high), latest[mine] - 20))
    earliest = np.maximum(entry_day + 1, years_later(lives.birth, 18.3))
    recruited = between(rng, earliest, latest, 1.2, 2.2)
    bachelor = np.where(entry == BACHELOR, entry_day, -1)
    low = np.maximum(recruited + 500, years_later(entry_day, 2.5))
    bachelor = np.where(late, between(rng, low, np.minimum(lives.until, years_later(recruited, 14))), bachelor)
    return _higher_degrees(units_sector, slots, lives, education, entry, entry_day, bachelor, recruited, seed)


def _levels(slots: Slots, lives: Lives, groups: Groups, figures: Mapping[str, Any] | None, seed: int) -> Array:
    rng = stream(seed, "schooling")
    profile = slots.profile[lives.slot]
    education = choose(rng, profile, profiles().education)
    age = lives.until - lives.birth
    education = np.where((education == DOCTOR) & (age < 35 * 366), MASTER, education)
    education = np.where((education == MASTER) & (age < 27.5 * 366), BACHELOR, education)
    least = ((BACHELOR, 23.1), (COLLEGE, 22.1), (INTERMEDIATE, 21.1))
    for level, years in least:
        education = np.where((education == level) & (age < years * 366), level - 1, education)
    serving = education[: len(slots)]
    if figures:
        for name, group in (
            ("provincial", groups.provincial),
            ("district", groups.district),
            ("divisions", groups.divisions),
        ):
            chosen = pick(rng, group, figures[name]["masters"])
            serving[chosen & (serving < MASTER)] = MASTER
            serving[group & ~chosen] = BACHELOR
    return education.astype(np.int8)


def _higher_degrees(
    units_sector: Array,
    slots: Slots,
    lives: Lives,
    education: Array,
    entry: Array,
    entry_day: Array,
    bachelor: Array,
    recruited: Array,
    seed: int,
) -> Schooling:
    rng = stream(seed, "studies")
    low = np.maximum(years_later(lives.birth, 25), bachelor + 550)
    high = np.minimum(np.where(education == DOCTOR, lives.until - 1_500, lives.until), years_later(lives.birth, 48))
    master = np.where(education >= MASTER, between(rng, low, high, 1.3, 1.6), -1)
    low = np.maximum(years_later(lives.birth, 29), master + 1_200)
    doctor = np.where(education == DOCTOR, between(rng, low, np.minimum(lives.until, years_later(lives.birth, 55))), -1)
    sector = units_sector[slots.unit[lives.slot]]
    field = _fields(sector, seed)
    specialist, specialist_day = _specialists(slots, lives, education, bachelor, recruited, sector, seed)
    return Schooling(
        education,
        entry,
        entry_day,
        bachelor,
        master.astype(np.int32),
        doctor.astype(np.int32),
        field,
        specialist,
        specialist_day,
        recruited,
    )


_FIELDS = (
    "education",
    "health",
    "culture",
    "agriculture",
    "law",
    "economics",
    "public_management",
    "engineering",
    "technology",
    "politics",
    "other",
)
_FIELD_SHARES = {
    "administration": (3, 1, 2, 6, 27, 24, 20, 7, 3, 4, 3),
    "party_mass": (9, 1, 4, 5, 20, 14, 18, 3, 2, 21, 3),
    "education": (88, 0, 2, 0, 1, 3, 2, 1, 1, 1, 1),
    "health": (0, 88, 0, 0, 1, 5, 2, 1, 1, 1, 1),
    "culture_tourism": (8, 0, 48, 0, 8, 14, 8, 4, 4, 3, 3),
    "agriculture": (1, 1, 0, 60, 8, 16, 5, 6, 2, 0, 1),
    "justice": (1, 0, 0, 0, 88, 4, 4, 0, 0, 2, 1),
    "economy": (1, 0, 1, 3, 11, 46, 8, 23, 4, 1, 2),
    "other": (5, 5, 5, 10, 20, 25, 15, 5, 5, 2, 3),
}


def _fields(sector: Array, seed: int) -> Array:
    """The field of study, by the sector in which one works. Nobody studies tourism, as the plan table says."""
    shares = np.zeros((max(code("sector", name) for name in _FIELD_SHARES) + 1, len(_FIELDS)))
    for name, row in _FIELD_SHARES.items():
        shares[code("sector", name)] = row
    drawn = choose(stream(seed, "studies"), sector, shares)
    return np.array([code("field", name) for name in _FIELDS], np.int8)[drawn]


def _specialists(
    slots: Slots, lives: Lives, education: Array, bachelor: Array, recruited: Array, sector: Array, seed: int
) -> tuple[Array, Array]:
    """Medical specialists of level I and II among the doctors of the health sector.

    In the groups whose masters are exact only masters are specialists, so that either way of counting gives the same.
    """
    rng = stream(seed, "medical")
    profile = slots.profile[lives.slot]
    medical = profiles().among(
        profile, "health_staff", "service_head", "service_deputy", "agency_head", "agency_deputy"
    )
    medical &= (sector == code("sector", "health")) & (education >= BACHELOR) & (lives.until - bachelor > 2_600)
    medical &= (education >= MASTER) | profiles().among(profile, "health_staff", "service_head", "service_deputy")
    provincial = slots.tier[lives.slot] == code("managed_by", "provincial_committee")
    medical &= (education >= MASTER) | ~provincial
    draw = rng.random(len(profile))
    chance = np.where(profile == profiles().index("health_staff"), 0.2, 0.55)
    first: Mask = medical & (draw < chance)
    second = first & (draw < chance * 0.12) & (lives.until - bachelor > 4_400)
    level = np.where(second, 2, np.where(first, 1, 0)).astype(np.int8)
    low = np.maximum(recruited + 400, bachelor + 1_100)
    known = first & (low <= lives.until)
    day = np.where(known, between(rng, low, lives.until), -1).astype(np.int32)
    return np.where(known, level, 0).astype(np.int8), day
