"""The roster as the competitors have it in memory: those in service, sorted by unit, in the narrowest types.

No column is ever NULL: codes are their position + 1, flags 1 or 2, days a number, and 0 is unknown. That is what makes
hand-written SQL fastest. It is taken from CanBo's own table of the day, so that all count the same people; making it
is not timed.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from benchmarks.data import DAY
from benchmarks.indicators import DATE_COLUMNS, NARROW
from canbo.datasets.store import Store
from canbo.datasets.units import UnitTree

LEVELS = ("province", "district", "commune", "unit")


@dataclass(frozen=True)
class Roster:
    """``table``: Arrow, one column of ``NARROW`` each and ``leaf``, the place of the unit in the tree."""

    table: pa.Table
    tree: UnitTree

    @property
    def units(self) -> int:
        """How many units there are."""
        return len(self.tree.ids)

    def level_places(self, level: str) -> npt.NDArray[np.int32]:
        """For each unit the place of the unit of the level at or above it, -1 where there is none."""
        if level == "unit":
            return np.arange(self.units, dtype=np.int32)
        return self.tree.localities_of(level)


def roster_of(store: Store) -> Roster:
    """The narrow roster of the day."""
    table = store.table("people", DAY)
    columns = ", ".join(f"coalesce({_narrowed(name)}, 0) AS {name}" for name in NARROW)
    with store.lock:
        narrow = store.connection.sql(
            f'SELECT _pos::INTEGER AS leaf, {columns} FROM "{table}" WHERE _in_service ORDER BY _n'
        ).to_arrow_table()
    return Roster(narrow, store.tree)


def _narrowed(name: str) -> str:
    if name in DATE_COLUMNS:
        return f"({name} - DATE '1970-01-01')::INTEGER"
    if name == "age":
        return "age::UTINYINT"
    return f"({name}::UTINYINT + 1)::UTINYINT"


def rolled_up(by_unit: npt.NDArray[np.int64], tree: UnitTree) -> npt.NDArray[np.int64]:
    """Counts of whole subtrees from counts of units themselves. Shape (groups, units), in the order of the tree."""
    sums = np.zeros((by_unit.shape[0], by_unit.shape[1] + 1), np.int64)
    np.cumsum(by_unit, axis=1, out=sums[:, 1:])
    return sums[:, tree.ends] - sums[:, :-1]
