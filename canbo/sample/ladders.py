"""The usual way up to each post, as a draft that the moves then change. Days and rows are not here."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from canbo.sample.definitions import code, codes, profiles
from canbo.sample.draws import Array, Mask, Members, Rng
from canbo.sample.filling import Slots
from canbo.sample.lives import Lives
from canbo.sample.units import Role, Units

STAGES = 3
"""Earlier main posts kept of a person, at most."""
SHORTEST = 550
"""Days: an earlier post shorter than this is left out."""


class Move(IntEnum):
    """How a person came to the present post from another unit."""

    NONE = 0
    ROTATION = 1
    TRANSFER = 2
    SECONDMENT = 3


@dataclass
class Draft:
    """A career being put together: rows of earlier posts, to be changed by the moves."""

    unit: Array
    kind: Array
    depth: Array
    since: Array
    move: Array
    returned: Mask


def draft_careers(units: Units, slots: Slots, lives: Lives, rng: Rng) -> Draft:
    """The usual earlier posts: unit and group of posts by stage, the lowest last."""
    size = len(lives)
    own, profile = slots.unit[lives.slot], slots.profile[lives.slot]
    table = profiles()
    professional = code("post_kind", "professional")
    unit = np.repeat(own[:, None], STAGES, axis=1)
    kind = np.full((size, STAGES), professional, np.int8)
    depth = np.ones(size, np.int8)
    below = divisions_of(units).draw(rng, units.host[own], own)
    offices = offices_of(units).draw(rng, units.district[own], below)
    district = units.district[own]
    anywhere = agencies_of(units).draw(rng, units.province[own], own)
    inside = divisions_of(units).draw(rng, anywhere, anywhere)
    steps = {
        "province_top": ((anywhere, "agency_head"), (anywhere, "agency_deputy"), (inside, "professional")),
        "agency_head": ((own, "agency_deputy"), (below, "division_head"), (below, "professional")),
        "agency_deputy": ((below, "division_head"), (below, "division_deputy"), (below, "professional")),
        "district_key": (
            (np.where(district >= 0, district, own), "committee_vice_chair"),
            (offices, "division_head"),
            (offices, "professional"),
        ),
        "district_member": (
            (offices, "division_head"),
            (offices, "division_deputy"),
            (offices, "professional"),
        ),
        "district_agency_head": ((own, "division_deputy"), (own, "professional")),
        "district_agency_deputy": ((own, "professional"),),
        "division_head": ((own, "division_deputy"), (own, "professional")),
        "commune_key": ((own, "committee_vice_chair"), (own, "professional")),
        "service_head": ((own, "service_deputy"), (own, "professional")),
    }
    for name, ladder in steps.items():
        mine = profile == table.index(name)
        depth[mine] = len(ladder)
        for stage, (where, what) in enumerate(ladder):
            unit[mine, stage] = where[mine]
            kind[mine, stage] = code("post_kind", what)
    _fit_services(units, own, unit, kind)
    _move_staff(units, own, profile, unit, kind, rng)
    return Draft(unit, kind, depth, np.zeros(size, np.int32), np.zeros(size, np.int8), np.zeros(size, bool))


def _fit_services(units: Units, own: Array, unit: Array, kind: Array) -> None:
    """Public service units and committees have other posts than agencies: name the earlier posts accordingly."""
    service = units.role[own] == Role.PROVINCIAL_SERVICE
    head, deputy = codes("post_kind", "division_head", "division_deputy")
    for stage in range(STAGES):
        column = kind[:, stage]
        column[service & ((column == head) | (column == deputy))] = code("post_kind", "professional")
        column[service & (column == code("post_kind", "agency_deputy"))] = code("post_kind", "service_deputy")
    committee = units.role[own] == Role.COMMITTEE
    for stage in range(STAGES):
        column = kind[:, stage]
        column[committee & (column == code("post_kind", "committee_vice_chair"))] = head


def _move_staff(units: Units, own: Array, profile: Array, unit: Array, kind: Array, rng: Rng) -> None:
    """Some ordinary staff began in another unit of the same sort nearby; supporters were always that."""
    table = profiles()
    simple = table.among(profile, "civil_servant", "commune_servant", "teacher", "health_staff", "service_staff")
    area = np.where(units.district >= 0, units.district, units.province)
    key = area * 16 + units.role
    near = Members(np.arange(len(units)), key, int(key.max()) + 1)
    moved = np.flatnonzero(simple & (rng.random(len(own)) < 0.35))
    unit[moved, 0] = near.draw(rng, key[own[moved]], own[moved])
    kind[np.flatnonzero(table.among(profile, "support", "part_time")), :] = code("post_kind", "support")


def divisions_of(units: Units) -> Members:
    """The divisions of each agency."""
    places = units.of_role(Role.DIVISION)
    return Members(places, units.host[places], len(units))


def offices_of(units: Units) -> Members:
    """The agencies of each district."""
    places = units.of_role(Role.DISTRICT_AGENCY)
    return Members(places, units.district[places], len(units))


def agencies_of(units: Units) -> Members:
    """The agencies of each province that have divisions."""
    places = units.of_role(Role.AGENCY)
    places = places[np.isin(places, units.host[units.of_role(Role.DIVISION)])]
    return Members(places, units.province[places], len(units))
