"""Gathers rows of trainings and puts people into classes. Which courses people take is in learning."""

import numpy as np

from canbo.sample.draws import Array, Rng, rank_within
from canbo.sample.sketch import Sketch
from canbo.sample.units import Role

CLASS_SIZE = 60
"""People in a class, at most."""


class Register:
    """Gathers rows of trainings and gives each class a number."""

    def __init__(self, sketch: Sketch) -> None:
        self.sketch = sketch
        self.parts: list[dict[str, Array]] = []
        self.classes: list[dict[str, Array]] = []
        self.count = 0

    def add(
        self,
        person: Array,
        program: Array | int,
        field: Array | int,
        start: Array,
        end: Array,
        result: Array | int,
        mode: Array | int,
        group: Array | None = None,
    ) -> None:
        """Trainings of people; -1 in ``end`` or ``group`` = none."""
        size = len(person)

        def column(values: Array | int, kind: type) -> Array:
            return np.broadcast_to(values, size).astype(kind)

        self.parts.append(
            {
                "person": person.astype(np.int32),
                "program": column(program, np.int8),
                "field": column(field, np.int8),
                "start": column(start, np.int32),
                "end": column(end, np.int32),
                "result": column(result, np.int8),
                "class": column(-1 if group is None else group, np.int32),
                "mode": column(mode, np.int8),
            }
        )

    def form(self, person: Array, program: int, bucket: Array, rng: Rng) -> tuple[Array, Array]:
        """Classes of people of one province and bucket: the class of each person, and the bucket of each class."""
        if not len(person):
            return np.zeros(0, np.int32), np.zeros(0, np.int64)
        province = self.sketch.units.province[self.sketch.unit[person]].astype(np.int64)
        key = province * 100_000 + bucket
        place = rank_within(key, rng.random(len(key))) // CLASS_SIZE
        unique, first, group, sizes = np.unique(
            key * 10_000 + place, return_index=True, return_inverse=True, return_counts=True
        )
        self._formed: dict[str, Array] = {
            "number": self.count + np.arange(len(unique)),
            "program": np.full(len(unique), program, np.int8),
            "unit": self._school(province[first]),
            "places": (-(-sizes // 5) * 5).astype(np.int32),
        }
        self.count += len(unique)
        return (group + self.count - len(unique)).astype(np.int32), np.asarray(unique // 10_000 % 100_000)

    def date(self, start: Array, end: Array) -> None:
        """The days of the classes formed last."""
        self.classes.append(self._formed | {"start": start.astype(np.int32), "end": end.astype(np.int32)})

    def _school(self, province: Array) -> Array:
        """The political school of each province, else the province itself."""
        units = self.sketch.units
        school = np.arange(len(units))
        for place in units.of_role(Role.PROVINCIAL_SERVICE).tolist():
            if units.rows[place].entry.get("code") == "TCT":
                school[units.province[place]] = place
        return school[province]
