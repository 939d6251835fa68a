"""All that is drawn before tables are written: units, posts, lives, studies, careers. Only holds it together."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from canbo.sample.careers import Careers, unit_on
from canbo.sample.draws import Array
from canbo.sample.filling import Slots
from canbo.sample.lives import Lives
from canbo.sample.schooling import Schooling
from canbo.sample.tables import numbered, take_text
from canbo.sample.terms import Terms
from canbo.sample.units import Units


@dataclass(frozen=True)
class Sketch:
    """The drawn province; arrays of people have one element a person, in the order of ``lives``."""

    seed: int
    data_day: int
    units: Units
    slots: Slots
    lives: Lives
    schooling: Schooling
    careers: Careers
    terms: Terms
    figures: Mapping[str, Any] | None

    @cached_property
    def unit(self) -> Array:
        """Place of the unit of the main post."""
        return np.asarray(self.slots.unit[self.lives.slot])

    @cached_property
    def kind(self) -> Array:
        """Group of the main post."""
        return np.asarray(self.slots.kind[self.lives.slot])

    @cached_property
    def tier(self) -> Array:
        """Management tier of the main post."""
        return np.asarray(self.slots.tier[self.lives.slot])

    @cached_property
    def staff(self) -> Array:
        """Kind of staff."""
        return np.asarray(self.slots.staff[self.lives.slot])

    @cached_property
    def profile(self) -> Array:
        """The profile the person was drawn by."""
        return np.asarray(self.slots.profile[self.lives.slot])

    @cached_property
    def level(self) -> Array:
        """Level of the unit of the main post."""
        return np.asarray(self.units.level[self.unit])

    @cached_property
    def person_ids(self) -> pa.Array:
        """CB0000001 and so on."""
        return numbered("CB", np.arange(1, len(self.lives) + 1), 7)

    @cached_property
    def unit_ids(self) -> pa.Array:
        """Ids of the units."""
        return pa.array([row.id for row in self.units.rows], pa.string())

    def persons(self, place: Array) -> pa.Array:
        """Person ids at the places."""
        return take_text(self.person_ids, place)

    def units_at(self, place: Array) -> pa.Array:
        """Unit ids at the places; null where below 0."""
        return take_text(self.unit_ids, place)

    def unit_on(self, person: Array, day: Array) -> Array:
        """The unit in which each person worked on a day."""
        return unit_on(self.careers, self.unit, person, day)
