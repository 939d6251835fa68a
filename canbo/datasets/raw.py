"""A sheet as it was read, before anything is known of its columns. Knows no dataset and no file form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from canbo.common.numbers import print_day

TOP = 20
"""Rows among which the heads are looked for; they travel apart so that the columns below keep one type each."""

MIXED = pa.struct([("kind", pa.int8()), ("text", pa.string())])
"""A column of cells of several kinds: the kind (below) and the cell as text; null where empty."""
TEXT, NUMBER, DAY, BOOLEAN = range(4)
_ARROW = {NUMBER: pa.float64(), DAY: pa.date32(), BOOLEAN: pa.bool_(), TEXT: pa.string()}

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

    def top_row(self, row: int) -> list[Cell | None]:
        """The cells of one of the first rows."""
        return [cells(column.slice(row, 1))[0] for column in self.top]

    def below(self, column: int, head_row: int) -> list[pa.Array]:
        """The column below the heads, in one or two arrays."""
        return [self.top[column].slice(head_row + 1), self.rest[column]]


def encode(values: Sequence[Any], *, mixed: bool = False) -> pa.Array:
    """Cells of a column as one array: text, float64, date32 or bool where pure (empty = null), else mixed."""
    types = set(map(type, values))
    if types <= {str} and not mixed:
        return pa.array(values, pa.string())
    others = types - {str, type(None)}
    kinds = {_kind_of_type(kind) for kind in others}
    pure = len(kinds) == 1 and TEXT not in kinds and not any(type(value) is str and value for value in values)
    if pure and not mixed:
        kind = kinds.pop()
        if kind == DAY:
            values = [value.date() if type(value) is datetime else value for value in values]
        return pa.array([None if type(value) is str else value for value in values], _ARROW[kind])
    return pa.array([_mixed_cell(value) for value in values], MIXED)


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
    for kind, arrow in _ARROW.items():
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


def _kind_of_type(kind: type) -> int:
    if kind in (float, int):
        return NUMBER
    if kind is bool:
        return BOOLEAN
    return DAY if kind in (date, datetime) else TEXT


def _mixed_cell(value: Any) -> dict[str, Any] | None:
    if value is None or value == "":
        return None
    kind = _kind_of_type(type(value))
    if kind == DAY:
        return {"kind": kind, "text": f"{value:%Y-%m-%d}" if value.year >= 1000 else str(value)[:10]}
    if kind == NUMBER:
        return {"kind": kind, "text": repr(float(value))}
    return {"kind": kind, "text": str(value).lower() if kind == BOOLEAN else str(value)}


def _cell(kind: int, text: str) -> Cell:
    if kind == NUMBER:
        return float(text)
    if kind == DAY:
        return date.fromisoformat(text)
    return text == "true" if kind == BOOLEAN else text
