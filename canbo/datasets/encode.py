"""Cells of a column as one Arrow array, pure where they are of one kind. Imports little: the reading child needs it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pyarrow as pa

from canbo.common.text import search_key

TOP = 20
"""Rows among which the heads are looked for; they travel apart so that the columns below keep one type each."""

MIXED = pa.struct([("kind", pa.int8()), ("text", pa.string())])
"""A column of cells of several kinds: the kind (below) and the cell as text; null where empty."""
TEXT, NUMBER, DAY, BOOLEAN = range(4)
ARROW = {NUMBER: pa.float64(), DAY: pa.date32(), BOOLEAN: pa.bool_(), TEXT: pa.string()}


def sheet_key(name: str) -> str:
    """The name of a sheet for comparing: case and marks folded, without a continuation number such as “(2)”."""
    key = search_key(name)
    head, _, tail = key.rpartition("(")
    return head.strip() if head.strip() and tail.rstrip(")").strip().isdigit() else key


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
        return pa.array([None if type(value) is str else value for value in values], ARROW[kind])
    return pa.array([_mixed_cell(value) for value in values], MIXED)


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
        return {"kind": kind, "text": f"{value.year:04d}-{value.month:02d}-{value.day:02d}"}
    if kind == NUMBER:
        return {"kind": kind, "text": repr(float(value))}
    return {"kind": kind, "text": str(value).lower() if kind == BOOLEAN else str(value)}
