"""Sets of rows as bitmaps, and counting them per unit by rank. The speed of the instrument lives here; no SQL.

Rows stand in the order of the unit tree, so the rows of a unit, and of a whole subtree, are one range. The number of
set bits in a range is the difference of two ranks; the rank at every unit's boundary comes from one cumulative sum of
the words' popcounts. No padding per unit, no loop over units.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Words = npt.NDArray[np.uint64]
Counts = npt.NDArray[np.int64]


def words_of(column: pa.ChunkedArray, rows: int) -> tuple[Words, Words | None]:
    """A column of truth values as two bitmaps: where it is true, and where it is unknown (None: nowhere).

    Shapes: ``ceil(rows / 64)`` words of 64 bits, the first row in the lowest bit; bits past the last row are 0.
    """
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if isinstance(array, pa.ChunkedArray):
        array = array.chunk(0) if array.num_chunks else pa.nulls(0, pa.bool_())
    if array.offset:
        array = pa.concat_arrays([array, pa.nulls(0, array.type)])
    if pa.types.is_null(array.type):
        return np.zeros(_length(rows), np.uint64), full(rows)
    valid, values = array.buffers()
    true = _words(values, rows)
    if array.null_count == 0 or valid is None:
        return true, None
    known = _words(valid, rows)
    return true & known, full(rows) & ~known


def full(rows: int) -> Words:
    """All rows set."""
    words = np.full(_length(rows), np.uint64(0xFFFFFFFFFFFFFFFF))
    if rows % 64:
        words[-1] = np.uint64((1 << (rows % 64)) - 1)
    return words


def _length(rows: int) -> int:
    return (rows + 63) // 64


def _words(buffer: pa.Buffer | None, rows: int) -> Words:
    words = np.zeros(_length(rows), np.uint64)
    if buffer is not None and rows:
        whole = (rows + 7) // 8
        words.view(np.uint8)[:whole] = np.frombuffer(buffer, np.uint8, count=whole)
        if rows % 64:
            words[-1] &= np.uint64((1 << (rows % 64)) - 1)
    return words


def count(words: Words) -> int:
    """How many bits are set."""
    return int(np.bitwise_count(words).sum(dtype=np.int64))


def rows_of(words: Words) -> npt.NDArray[np.int64]:
    """The numbers of the rows whose bit is set, ascending."""
    return np.flatnonzero(np.unpackbits(words.view(np.uint8), bitorder="little"))


def from_rows(rows: npt.NDArray[np.integer], total: int) -> Words:
    """A bitmap over ``total`` rows with the given ones set."""
    flags = np.zeros(_length(total) * 64, np.uint8)
    flags[rows] = 1
    return np.packbits(flags, bitorder="little").view(np.uint64)


def bits_at(words: Words, rows: npt.NDArray[np.integer]) -> npt.NDArray[np.bool_]:
    """Whether each of some rows is set; a row of -1 is not."""
    if not len(words):
        return np.zeros(len(rows), bool)
    inside = np.maximum(rows, 0)
    bits: npt.NDArray[np.bool_] = ((words[inside >> 6] >> (inside & 63).astype(np.uint64)) & np.uint64(1)).astype(bool)
    return bits & (rows >= 0)


def spliced(
    words: Words, rows: int, removed: npt.NDArray[np.integer], at: npt.NDArray[np.integer], bits: npt.NDArray[np.bool_]
) -> Words:
    """The bitmap over ``rows`` rows with some removed and new ones put in, each before the ``at``-th of those kept."""
    flags = np.unpackbits(words.view(np.uint8), count=rows, bitorder="little")
    changed = np.insert(np.delete(flags, removed), at, bits)
    packed = np.packbits(changed, bitorder="little")
    result = np.zeros(_length(len(changed)), np.uint64)
    result.view(np.uint8)[: len(packed)] = packed
    return result


@dataclass(frozen=True)
class Ranges:
    """Boundaries between units in a sorted table.

    ``starts``: shape (units + 1), the first row of each unit and one past the last row that has a unit; rows after it
    have no unit.
    """

    starts: npt.NDArray[np.int64]

    @cached_property
    def _word(self) -> npt.NDArray[np.int64]:
        return self.starts >> 6

    @cached_property
    def _mask(self) -> Words:
        return (np.uint64(1) << (self.starts & 63).astype(np.uint64)) - np.uint64(1)

    def ranks(self, words: Words) -> Counts:
        """The number of set bits before each boundary. Shape: (units + 1)."""
        sums = np.empty(len(words) + 1, np.uint32)
        sums[0] = 0
        np.cumsum(np.bitwise_count(words), dtype=np.uint32, out=sums[1:])
        # A boundary at the very end has an empty mask, so the word that it is clipped to adds nothing.
        tail = words.take(self._word, mode="clip") & self._mask if len(words) else self._mask
        ranks: Counts = sums.take(self._word).astype(np.int64) + np.bitwise_count(tail)
        return ranks

    def by_unit(self, words: Words) -> Counts:
        """The number of set bits in each unit itself. Shape: (units)."""
        return np.diff(self.ranks(words))

    def by_subtree(self, words: Words, places: npt.NDArray[np.integer], ends: npt.NDArray[np.integer]) -> Counts:
        """The number of set bits in the subtrees of the units at ``places``, whose ranges end at ``ends[place]``."""
        ranks = self.ranks(words)
        counts: Counts = ranks[ends[places]] - ranks[places]
        return counts


@dataclass(frozen=True)
class Truth:
    """A condition over rows: where it is true and where it is unknown; elsewhere it is false."""

    true: Words
    unknown: Words

    def __and__(self, other: "Truth") -> "Truth":
        true = self.true & other.true
        possible = (self.true | self.unknown) & (other.true | other.unknown)
        return Truth(true, possible & ~true)

    @classmethod
    def of(cls, true: Words, unknown: Words | None) -> "Truth":
        """From a bitmap pair in which no unknown is written as None."""
        return cls(true, np.zeros_like(true) if unknown is None else unknown)
