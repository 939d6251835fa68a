"""The near-physical limit: one hand-written NumPy pass over narrow arrays, bitmaps and ranks. No SQL, no schemes."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from benchmarks.indicators import CRITERIA, NARROW, POPULATIONS, Narrow
from benchmarks.roster import Roster

Words = npt.NDArray[np.uint64]
Table = npt.NDArray[np.int64]


class Limit:
    """Rows sorted by unit; ``starts`` are the first rows of the units and one past the last row."""

    def __init__(self, roster: Roster, chosen: Sequence[tuple[int, int]]) -> None:
        self.columns: Narrow = {name: roster.table[name].to_numpy() for name in NARROW}
        self.tree = roster.tree
        self.chosen = chosen
        self.rows = roster.table.num_rows
        leaf = roster.table["leaf"].to_numpy()
        self.starts = np.searchsorted(leaf, np.arange(roster.units + 1))
        self.word = self.starts >> 6
        self.mask = (np.uint64(1) << (self.starts & 63).astype(np.uint64)) - np.uint64(1)

    def bitmaps(self) -> tuple[dict[int, Words], dict[int, Words]]:
        """Every group and every criterion that is needed, evaluated once."""
        groups = {p: self._packed(POPULATIONS[p].flags(self.columns)) for p in sorted({p for p, _ in self.chosen})}
        criteria = {c: self._packed(CRITERIA[c].flags(self.columns)) for c in sorted({c for _, c in self.chosen})}
        return groups, criteria

    def _packed(self, flags: npt.NDArray[np.bool_]) -> Words:
        words = np.zeros(self.rows // 64 + 1, np.uint64)
        packed = np.packbits(flags, bitorder="little")
        words.view(np.uint8)[: len(packed)] = packed
        return words

    def count(self, groups: dict[int, Words], criteria: dict[int, Words]) -> tuple[Table, Table]:
        """Numerators and denominators of every subtree. Shapes: (indicators, units), (groups, units)."""
        length = self.rows // 64 + 1
        sums, both = np.zeros(length + 1, np.uint32), np.empty(length, np.uint64)
        bits = np.empty(length, np.uint8)

        def ranks(words: Words) -> Table:
            np.bitwise_count(words, out=bits)
            np.cumsum(bits, dtype=np.uint32, out=sums[1:])
            before: Table = sums[self.word].astype(np.int64) + np.bitwise_count(words[self.word] & self.mask)
            return before

        def subtrees(words: Words) -> Table:
            before = ranks(words)
            return before[self.tree.ends] - before[:-1]

        numerators = np.stack([subtrees(np.bitwise_and(groups[p], criteria[c], out=both)) for p, c in self.chosen])
        return numerators, np.stack([subtrees(words) for words in groups.values()])

    def whole(self) -> tuple[Table, Table]:
        """From the narrow arrays to every subtree's counts."""
        return self.count(*self.bitmaps())
