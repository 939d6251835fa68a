"""Plain comparisons of a column with constants, evaluated by NumPy over narrow columns. DuckDB does all the rest.

A condition made of such comparisons, ``and``, ``or`` and ``not`` needs no query: the columns of a day are fetched once
and kept, and each condition is then a pass over one or two of them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from canbo.datasets.patching import Splice
from canbo.measure.bitmaps import Words, bits_at, full, spliced, words_of

Values = npt.NDArray[np.integer[Any]]


@dataclass(frozen=True)
class Test:
    """One column against constants; ``sign``: = <> < <= > >= in between null flag. Days count from 1970-01-01."""

    column: str
    sign: str
    values: tuple[int, ...] = ()


@dataclass(frozen=True)
class Both:
    """``word`` AND or OR over sides, or NOT over one."""

    word: str
    sides: tuple["Direct", ...]


Direct = Test | Both
Pair = tuple[Words, Words | None]
"""Where true, and where unknown (None: nowhere)."""


def columns_in(direct: Direct) -> set[str]:
    """The columns that are read."""
    if isinstance(direct, Test):
        return {direct.column}
    return {column for side in direct.sides for column in columns_in(side)}


@dataclass(frozen=True)
class NarrowColumn:
    """A column in row order: its values, arbitrary where unknown, and where it is known (None: everywhere).

    A column of truth values has no ``values`` but the bitmap pair ``flags``.
    """

    rows: int
    values: Values | None
    known: Words | None
    flags: Pair | None = None

    @classmethod
    def of(cls, column: pa.ChunkedArray, rows: int) -> "NarrowColumn":
        """From DuckDB's answer: codes as bytes, days as days since 1970, truth values as bits."""
        if pa.types.is_boolean(column.type):
            return cls(rows, None, None, words_of(column, rows))
        if pa.types.is_date32(column.type):
            column = column.cast(pa.int32())
        known = None
        if column.null_count:
            unknown = words_of(column.is_null(), rows)[0]
            known = full(rows) & ~unknown
            column = column.fill_null(0)
        return cls(rows, column.to_numpy(), known)

    def spliced(self, new: "NarrowColumn", splice: Splice) -> "NarrowColumn":
        """The column with some rows removed and those of ``new`` put in."""
        rows = self.rows - len(splice.removed) + new.rows
        values = None
        if self.values is not None and new.values is not None:
            values = np.insert(np.delete(self.values, splice.removed), splice.at, new.values)
        known = None
        if self.known is not None or new.known is not None:
            known = self._spliced_bits(splice, self.known, new, new.known, missing=True)
        flags = None
        if self.flags is not None and new.flags is not None:
            true = self._spliced_bits(splice, self.flags[0], new, new.flags[0], missing=False)
            unknown = None
            if self.flags[1] is not None or new.flags[1] is not None:
                unknown = self._spliced_bits(splice, self.flags[1], new, new.flags[1], missing=False)
            flags = (true, unknown)
        return NarrowColumn(rows, values, known, flags)

    def _spliced_bits(
        self, splice: Splice, own: Words | None, new: "NarrowColumn", bits: Words | None, *, missing: bool
    ) -> Words:
        """Two bitmaps put together; one that is not there is ``missing`` throughout."""
        own = own if own is not None else (full(self.rows) if missing else np.zeros((self.rows + 63) // 64, np.uint64))
        places = np.arange(new.rows)
        flags = np.full(new.rows, missing) if bits is None else bits_at(bits, places)
        return spliced(own, self.rows, splice.removed, splice.at, flags)


def evaluate(direct: Direct, column: Callable[[str], NarrowColumn]) -> Pair:
    """Where the condition is true and where unknown, by the three-valued logic of SQL."""
    if isinstance(direct, Test):
        return _test(direct, column(direct.column))
    sides = [evaluate(side, column) for side in direct.sides]
    if direct.word == "NOT":
        ((true, unknown),) = sides
        everything = full(column(min(columns_in(direct))).rows)
        return everything & ~true & ~(unknown if unknown is not None else np.uint64(0)), unknown
    return _all(sides) if direct.word == "AND" else _any(sides)


def _all(sides: list[Pair]) -> Pair:
    true = np.bitwise_and.reduce([side for side, _ in sides])
    if all(unknown is None for _, unknown in sides):
        return true, None
    possible = np.bitwise_and.reduce([side if unknown is None else side | unknown for side, unknown in sides])
    return true, possible & ~true


def _any(sides: list[Pair]) -> Pair:
    true = np.bitwise_or.reduce([side for side, _ in sides])
    unknowns = [unknown for _, unknown in sides if unknown is not None]
    return true, np.bitwise_or.reduce(unknowns) & ~true if unknowns else None


def _test(test: Test, column: NarrowColumn) -> Pair:
    if column.flags is not None:
        return _flag(test, column.flags, column.rows)
    everything = full(column.rows)
    if test.sign == "null":
        return (np.zeros_like(everything) if column.known is None else everything & ~column.known), None
    assert column.values is not None  # a column has flags or values
    true = _packed(_compared(column.values, test.sign, test.values), column.rows)
    if column.known is None:
        return true, None
    return true & column.known, everything & ~column.known


def _flag(test: Test, flags: Pair, rows: int) -> Pair:
    true, unknown = flags
    if test.sign == "flag":
        return flags
    assert test.sign == "null"  # nothing else is compiled for a column of truth values
    return (np.zeros_like(true) if unknown is None else unknown), None


def _compared(values: Values, sign: str, constants: tuple[int, ...]) -> npt.NDArray[np.bool_]:
    info = np.iinfo(values.dtype)
    inside = [np.array(one, values.dtype) for one in constants if info.min <= one <= info.max]
    if sign == "in":
        found = np.zeros(len(values), bool)
        for one in inside:
            found |= values == one
        return found
    if len(inside) < len(constants):  # beyond the type: compare in a wider one
        return _compared(values.astype(np.int64), sign, constants)
    if sign == "between":
        between: npt.NDArray[np.bool_] = (values >= inside[0]) & (values <= inside[1])
        return between
    compared: npt.NDArray[np.bool_] = _SIGNS[sign](values, inside[0])
    return compared


_SIGNS = {
    "=": np.equal,
    "<>": np.not_equal,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}


def _packed(flags: npt.NDArray[np.bool_], rows: int) -> Words:
    words = np.zeros((rows + 63) // 64, np.uint64)
    packed = np.packbits(flags, bitorder="little")
    words.view(np.uint8)[: len(packed)] = packed
    return words
