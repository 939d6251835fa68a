"""A dataset while it is being checked: its columns, where each row stands, and which rows are used."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from canbo.common.findings import Finding, Severity
from canbo.common.language import pick
from canbo.datasets.collect import Collector
from canbo.datasets.dictionary import Dataset

Mask = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]
Said = str | Callable[[int], str | None] | None
"""A text for all rows, or what gives the text of a row."""


@dataclass
class Frame:
    """Columns of equal length with, for each row, its sheet and the number that a person sees beside it.

    ``unused``: cells that an error keeps from being used (null in the column). ``keep``: rows still used.
    ``identity``: columns that are not the dataset's own but name its person (full name, birth date, national id).
    """

    dataset: Dataset
    columns: dict[str, pa.Array]
    sheets: tuple[str, ...]
    sheet_of: npt.NDArray[np.int16]
    lines: Rows
    heads: dict[str, str]
    keep: Mask
    unused: dict[str, Mask] = field(default_factory=dict)
    identity: dict[str, pa.Array] = field(default_factory=dict)
    latest: pa.Array | None = None

    @property
    def rows(self) -> int:
        """How many rows were given."""
        return len(self.lines)

    def has(self, *columns: str) -> bool:
        """Whether all the columns are there."""
        return all(column in self.columns for column in columns)

    def head(self, column: str) -> str:
        """The head as it stands in the file; where the file has none, the dictionary's."""
        known = self.dataset.columns.get(column)
        return self.heads.get(column) or (known.head if known else column)

    def place(self, row: int) -> str:
        """Line of a row, and its sheet where the dataset has several, for use in a sentence."""
        line, sheet = int(self.lines[row]), self.sheets[self.sheet_of[row]]
        if len(self.sheets) == 1:
            return pick(f"dòng {line}", f"row {line}")
        return pick(f"trang {sheet}, dòng {line}", f"sheet {sheet}, row {line}")

    def valid(self, column: str) -> Mask:
        """Which rows have a value in the column."""
        found: Mask = self.columns[column].is_valid().to_numpy(zero_copy_only=False)
        return found

    def days(self, column: str) -> Rows:
        """A column of days as numbers of days since 1970, the least number where unknown."""
        numbers = self.columns[column].cast(pa.int32()).fill_null(-(2**31))
        days: Rows = numbers.to_numpy(zero_copy_only=False).astype(np.int64)
        return days

    def codes(self, column: str) -> npt.NDArray[np.int64]:
        """A column of codes as positions in its code list, -1 where unknown."""
        found: Rows = self.columns[column].indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
        return found

    def text(self, column: str, row: int) -> str | None:
        """The value of a cell as text."""
        value: Any = self.columns[column][row].as_py()
        return None if value is None else str(value)

    def drop(self, rows: Rows | Mask) -> None:
        """The rows are not used."""
        self.keep[rows] = False

    def cut(self, column: str, rows: Rows) -> None:
        """The cells are not used: unknown from here on."""
        if len(rows) == 0:
            return
        mask = np.zeros(self.rows, dtype=bool)
        mask[rows] = True
        self.unused[column] = self.unused.get(column, np.zeros(self.rows, dtype=bool)) | mask
        places = pa.array(np.arange(self.rows), mask=mask)
        self.columns[column] = self.columns[column].take(places)

    def report(
        self,
        found: Collector,
        rows: Rows,
        column: str | None,
        severity: Severity,
        code: str,
        message: Said,
        suggestion: Said = None,
        value: Said = None,
    ) -> None:
        """One finding for each row, in the order of the file, within the bounds of the collector."""
        head = self.head(column) if column else None
        for number, sheet in enumerate(self.sheets):
            here = rows[self.sheet_of[rows] == number] if len(self.sheets) > 1 else rows
            room = found.room(sheet, head, code, severity, len(here))
            for row in np.sort(here)[:room].tolist():
                found.add(
                    Finding(
                        severity,
                        code,
                        _say(message, row) or "",
                        _say(suggestion, row),
                        sheet=sheet,
                        row=int(self.lines[row]),
                        column=head,
                        value=_say(value, row),
                    )
                )


def _say(said: Said, row: int) -> str | None:
    return said(row) if callable(said) else said


def joined(parts: Sequence[pa.Array]) -> pa.Array:
    """Arrays of one type one after the other; of codes, over one dictionary."""
    arrays = [part for part in parts if len(part)] or list(parts[:1])
    return arrays[0] if len(arrays) == 1 else pa.concat_arrays(arrays)
