"""Cycles in the unit trees: named, and cut at one link, so that nothing that climbs the tree hangs."""

from collections.abc import Sequence

import numpy as np

from canbo.common.language import pick
from canbo.datasets.collect import Collector
from canbo.datasets.frames import Frame

SHOWN = 6
"""Units of a cycle that its finding names."""


def check_trees(units: Frame, found: Collector) -> None:
    """Cut every cycle of ``parent_id``, then of the party tree (where no party parent is given, the parent stands)."""
    if "unit_id" not in units.columns:
        return
    rows = np.flatnonzero(units.keep & units.valid("unit_id")).tolist()
    ids = units.columns["unit_id"].to_pylist()
    row_of = {ids[row]: row for row in rows}

    def links(column: str) -> dict[int, int]:
        if column not in units.columns:
            return {}
        values = units.columns[column].to_pylist()
        return {row: row_of[values[row]] for row in rows if values[row] in row_of}

    plain = links("parent_id")
    for cycle in _cycles(plain, rows):
        del plain[cycle[0]]
        _cut(units, "parent_id", cycle, ids, found)
    party = links("party_parent_id")
    while cycles := _cycles(plain | party, rows):
        for cycle in cycles:
            at = next(place for place, row in enumerate(cycle) if row in party)
            cycle = [*cycle[at:], *cycle[:at]]
            del party[cycle[0]]
            _cut(units, "party_parent_id", cycle, ids, found)


def _cycles(parent: dict[int, int], rows: Sequence[int]) -> list[list[int]]:
    """Each cycle once, from its first row in the file upwards."""
    seen: dict[int, int] = {}
    cycles = []
    for start in rows:
        path: list[int] = []
        row: int | None = start
        while row is not None and row not in seen:
            seen[row] = start
            path.append(row)
            row = parent.get(row)
        if row is not None and seen[row] == start and row in path:
            cycle = path[path.index(row) :]
            first = cycle.index(min(cycle))
            cycles.append([*cycle[first:], *cycle[:first]])
    return cycles


def _cut(units: Frame, column: str, cycle: Sequence[int], ids: Sequence[str], found: Collector) -> None:
    names = [ids[row] for row in cycle]
    ring = " → ".join([*names[:SHOWN], *(["…"] if len(names) > SHOWN else []), names[0]])
    where = ", ".join(str(units.lines[row]) for row in cycle[:SHOWN])
    message = pick(
        f"Các đơn vị làm cấp trên của nhau thành vòng: {ring} (dòng {where}). "
        f"Liên kết của “{names[0]}” không được dùng.",
        f"Units stand above one another in a circle: {ring} (rows {where}). The link of “{names[0]}” is not used.",
    )
    advice = pick("Sửa mã cấp trên của một đơn vị trong vòng.", "Correct the parent of one unit of the circle.")
    row = np.array([cycle[0]])
    units.report(found, row, column, "error", "cycle", message, advice, lambda place: units.text(column, place))
    units.cut(column, row)
