"""One table of the register as arrays in memory: loaded whole, then kept current row by row. Knows no meaning."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from django.db import connection

from canbo.codes import code_list
from canbo.snapshot.copying import copied

Kind = Literal["id", "day", "flag", "text", "code"]
Array = npt.NDArray[Any]

NO_DAY, FOREVER = np.int32(-(2**31)), np.int32(2**31 - 1)
NO_CODE, NO_FLAG = np.uint8(255), np.int8(-1)
_ARROW: Mapping[Kind, pa.DataType] = {
    "id": pa.int64(),
    "day": pa.int32(),
    "flag": pa.int8(),
    "code": pa.uint8(),
    "text": pa.string(),
}


@dataclass(frozen=True)
class Spec:
    """A column: where it is read from, and how it is kept.

    ``id``: int64, 0 for NULL. ``day``: int32 days since 1970, ``open`` says what NULL means. ``flag``: 1, 0, -1 = NULL.
    ``code``: position in the code list, 255 for NULL. ``text``: objects. ``expression`` goes before the column's own.
    """

    name: str
    kind: Kind
    codes: str = ""
    open: bool = False
    expression: str = ""

    @property
    def sql(self) -> str:
        """The expression that gives the kept value."""
        if self.expression:
            return self.expression
        if self.kind == "id":
            return f"coalesce({self.name}, 0)"
        if self.kind == "day":
            return f"coalesce({self.name} - date '1970-01-01', {FOREVER if self.open else NO_DAY})"
        if self.kind == "flag":
            return f"coalesce({self.name}::int, {NO_FLAG})"
        if self.kind == "code":
            keys = ", ".join(f"'{key}'" for key in code_list(self.codes).keys)
            return f"coalesce(array_position(ARRAY[{keys}], {self.name}::text) - 1, {NO_CODE})"
        return self.name


def ids(*names: str) -> list[Spec]:
    """Columns with ids."""
    return [Spec(name, "id") for name in names]


def days(*names: str) -> list[Spec]:
    """Columns with days; ``valid_to`` is open where it is NULL."""
    return [Spec(name, "day", open=name == "valid_to") for name in names]


def flags(*names: str) -> list[Spec]:
    """Columns with yes, no or unknown."""
    return [Spec(name, "flag") for name in names]


def texts(*names: str) -> list[Spec]:
    """Columns with text."""
    return [Spec(name, "text") for name in names]


def codes(**lists: str) -> list[Spec]:
    """Columns with keys of code lists: ``column=list``."""
    return [Spec(name, "code", codes=codes) for name, codes in lists.items()]


class Columns:
    """The live rows of one table, in the order of their ids. ``version`` counts the changes taken in."""

    def __init__(self, table: str, specs: Sequence[Spec]) -> None:
        self.table = table
        self.specs = [Spec("id", "id"), *specs]
        self.version = 0
        self.columns: dict[str, Array] = {}
        self.load()

    def __getitem__(self, name: str) -> Array:
        return self.columns[name]

    def __len__(self) -> int:
        return len(self.columns["id"])

    @cached_property
    def _selected(self) -> str:
        return ", ".join(f"{spec.sql} AS {spec.name}" for spec in self.specs)

    def load(self) -> None:
        """Read the whole table."""
        types = {spec.name: _ARROW[spec.kind] for spec in self.specs}
        table = copied(f'SELECT {self._selected} FROM "{self.table}" ORDER BY id', types)
        # a copy: arrays over Arrow's memory cannot be written to
        self.columns = {name: np.array(table[name].to_numpy(zero_copy_only=False)) for name in types}
        self.version += 1

    def take_in(self, changes: Sequence[Any]) -> bool:
        """Take in what committed changes wrote, in their order; says whether anything did."""
        with connection.cursor() as cursor:
            cursor.execute(
                f'SELECT pgh_label, {self._selected} FROM "{self.table}event" '
                "WHERE pgh_context_id = ANY(%s) ORDER BY pgh_id",
                [list(changes)],
            )
            rows = cursor.fetchall()
        if not rows:
            return False
        last: dict[int, tuple[Any, ...] | None] = {}
        for label, *values in rows:
            last[values[0]] = None if label == "delete" else tuple(values)
        self._replace(last)
        self.version += 1
        return True

    def _replace(self, last: Mapping[int, tuple[Any, ...] | None]) -> None:
        touched = np.array(sorted(last), dtype=np.int64)
        present = touched[np.isin(touched, self["id"])]
        kept = ~np.isin(self["id"], [key for key in present.tolist() if last[key] is None])
        if not kept.all():
            self.columns = {name: column[kept] for name, column in self.columns.items()}
        at = {key: int(place) for key, place in zip(present, np.searchsorted(self["id"], present), strict=True)}
        new = [row for key in sorted(last) if (row := last[key]) is not None and key not in at]
        for number, spec in enumerate(self.specs):
            column = self.columns[spec.name]
            for key in present.tolist():
                row = last[key]
                if row is not None:
                    column[at[key]] = row[number]
            if new:
                values = np.array([row[number] for row in new], dtype=column.dtype)
                self.columns[spec.name] = np.concatenate([column, values])
        if new and not (np.diff(self["id"]) > 0).all():
            order = np.argsort(self["id"], kind="stable")
            self.columns = {name: column[order] for name, column in self.columns.items()}
