"""A sheet as it was read, before anything is known of its columns. Knows no dataset and no file form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from canbo.common.numbers import print_day
from canbo.datasets.encode import ARROW, BOOLEAN, DAY, MIXED, NUMBER, TEXT

Cell = str | float | date | bool


@dataclass(frozen=True)
class RawSheet:
    """The cells of a sheet by column: ``top`` the first rows, mixed, and ``rest`` the others, of one type where pure.

    ``lines``: the number that a person sees beside each row, of top and rest together.
    ``formulas``, ``errors``: rows by column, both from 0, of cells that hold a formula or an error value.
    """

    name: str
    top: tuple[pa.Array, ...]
    rest: tuple[pa.Array, ...]
    lines: npt.NDArray[np.int64]
    formulas: Mapping[int, Sequence[int]] = field(default_factory=dict)
    errors: Mapping[int, Sequence[int]] = field(default_factory=dict)

    @property
    def width(self) -> int:
        """How many columns."""
        return len(self.top)

    @cached_property
    def _top_cells(self) -> list[list[Cell | None]]:
        return [cells(column) for column in self.top]

    def top_row(self, row: int) -> list[Cell | None]:
        """The cells of one of the first rows."""
        return [column[row] for column in self._top_cells]

    def below(self, column: int, head_row: int) -> list[pa.Array]:
        """The column below the heads, in one or two arrays."""
        return [self.top[column].slice(head_row + 1), self.rest[column]]


def cells(array: pa.Array) -> list[Cell | None]:
    """The cells of an array of any of the forms above, as Python values."""
    if array.type != MIXED:
        found: list[Cell | None] = array.to_pylist()
        return found
    return [None if item is None else _cell(item["kind"], item["text"]) for item in array.to_pylist()]


def split(array: pa.Array) -> list[tuple[npt.NDArray[np.int64] | None, pa.Array]]:
    """A column as pure arrays with the places of their cells; None stands for all places."""
    if array.type != MIXED:
        return [(None, array)]
    kinds, texts = pc.struct_field(array, "kind"), pc.struct_field(array, "text")
    parts: list[tuple[npt.NDArray[np.int64] | None, pa.Array]] = []
    for kind, arrow in ARROW.items():
        places = np.flatnonzero(pc.equal(kinds, kind).fill_null(False).to_numpy(zero_copy_only=False))
        if len(places):
            taken = texts.take(pa.array(places))
            parts.append((places, taken if kind == TEXT else taken.cast(arrow)))
    return parts


def shown(cell: Cell | None) -> str:
    """A cell as a person sees it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, date):
        return print_day(cell)
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    return str(cell)


def _cell(kind: int, text: str) -> Cell:
    if kind == NUMBER:
        return float(text)
    if kind == DAY:
        return date.fromisoformat(text)
    return text == "true" if kind == BOOLEAN else text
