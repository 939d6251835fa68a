"""The tree of units in depth-first order, so that every subtree is one range. Counts nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Positions = npt.NDArray[np.int32]


@dataclass(frozen=True)
class UnitTree:
    """Units by position in depth-first order.

    ``ends[p]``: one past the last position of the subtree of ``p``, so that the subtree is ``range(p, ends[p])``.
    ``parents[p]``: position of the unit above, -1 for a top unit.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    levels: tuple[str | None, ...]
    kinds: tuple[str | None, ...]
    parents: Positions
    ends: Positions

    @cached_property
    def position(self) -> Mapping[str, int]:
        """Position by unit id."""
        return {unit: place for place, unit in enumerate(self.ids)}

    @cached_property
    def localities(self) -> Positions:
        """For each unit, the position of the nearest unit of kind locality at or above it, -1 where there is none."""
        return self._nearest(lambda place: self.kinds[place] == "locality")

    def localities_of(self, level: str) -> Positions:
        """For each unit, the position of the nearest locality of the level at or above it, -1 where there is none."""
        return self._nearest(lambda place: self.kinds[place] == "locality" and self.levels[place] == level)

    def _nearest(self, wanted: Callable[[int], bool]) -> Positions:
        found = np.full(len(self.ids), -1, dtype=np.int32)
        for place in range(len(self.ids)):
            above = self.parents[place]
            found[place] = place if wanted(place) else (found[above] if above >= 0 else -1)
        return found

    def path(self, unit: str) -> tuple[str, ...]:
        """The ids from the top unit down to the unit; empty for an unknown one."""
        place = self.position.get(unit, -1)
        ids: list[str] = []
        while place >= 0:
            ids.append(self.ids[place])
            place = int(self.parents[place])
        return tuple(reversed(ids))


def build_tree(units: pa.Table | None, *, parent_column: str = "parent_id") -> UnitTree:
    """The tree by ``parent_id`` or ``party_parent_id``; a unit whose parent is missing, or in a cycle, stands on top.

    In the party tree a unit without a party parent keeps its administrative one.
    """
    if units is None or units.num_rows == 0:
        empty = np.empty(0, dtype=np.int32)
        return UnitTree((), (), (), (), empty, empty)
    ids = units["unit_id"].to_pylist()
    parents = _column(units, "parent_id")
    if parent_column != "parent_id":
        own = _column(units, parent_column)
        parents = [party or plain for party, plain in zip(own, parents, strict=True)]
    order, parent_rows, ends = _depth_first(ids, parents)
    columns = {name: _column(units, name) for name in ("name", "level", "kind")}
    return UnitTree(
        ids=tuple(ids[row] for row in order),
        names=tuple(columns["name"][row] or ids[row] for row in order),
        levels=tuple(columns["level"][row] for row in order),
        kinds=tuple(columns["kind"][row] for row in order),
        parents=np.array(parent_rows, dtype=np.int32),
        ends=np.array(ends, dtype=np.int32),
    )


def _column(units: pa.Table, name: str) -> list[str | None]:
    if name not in units.column_names:
        return [None] * units.num_rows
    values: list[str | None] = units[name].to_pylist()
    return values


def _depth_first(ids: Sequence[str], parents: Sequence[str | None]) -> tuple[list[int], list[int], list[int]]:
    """Rows in depth-first order, with the position of each one's parent and the end of its subtree."""
    row_of = {unit: row for row, unit in enumerate(ids)}
    children: list[list[int]] = [[] for _ in ids]
    tops = []
    for row, parent in enumerate(parents):
        above = row_of.get(parent) if parent is not None else None
        if above is None or above == row:
            tops.append(row)
        else:
            children[above].append(row)
    order: list[int] = []
    parent_places: list[int] = []
    ends: list[int] = []
    placed = [False] * len(ids)
    # Units that no top unit reaches hang in a cycle: each cycle is entered once, at its first unit.
    for top in [*tops, *range(len(ids))]:
        if placed[top]:
            continue
        stack: list[tuple[int, int]] = [(top, -1)]
        while stack:
            row, above = stack.pop()
            if row < 0:
                ends[above] = len(order)
                continue
            if placed[row]:
                continue
            placed[row] = True
            place = len(order)
            order.append(row)
            parent_places.append(above)
            ends.append(place + 1)
            stack.append((-1, place))
            stack.extend((child, place) for child in reversed(children[row]) if not placed[child])
    return order, parent_places, ends
