"""The cells of a draft's workbook, read once and kept beside it: to show single rows and to write corrections."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa

from canbo.common.findings import Finding
from canbo.datasets.encode import sheet_key
from canbo.datasets.info import is_info_sheet, is_passed_over
from canbo.datasets.raw import Cell, RawSheet, cells, shown
from canbo.datasets.workbook import read_workbook
from canbo.web.imports.drafts import Draft, read_json, write_json

_FOLDER = "sheets"


@dataclass(frozen=True)
class HeldSheet:
    """A sheet as it was sent, with the corrections made since ("row,place", both from 0, to text)."""

    number: int
    raw: RawSheet
    corrections: Mapping[str, str]

    @property
    def name(self) -> str:
        """As in the file."""
        return self.raw.name

    @property
    def rows(self) -> int:
        """How many rows, heads included."""
        return len(self.raw.lines)

    @property
    def is_info(self) -> bool:
        """Whether it says of which day the data are."""
        return is_info_sheet(self.name)

    @property
    def holds_data(self) -> bool:
        """Whether it may hold a dataset."""
        return not self.is_info and not is_passed_over(self.name)

    @cached_property
    def top(self) -> int:
        """How many rows lie in the first part."""
        return len(self.raw.top[0]) if self.raw.top else 0

    def cell(self, row: int, place: int) -> Cell | None:
        """What stands in a cell now, corrections included."""
        corrected = self.corrections.get(f"{row},{place}")
        return self.sent(row, place) if corrected is None else corrected or None

    def sent(self, row: int, place: int) -> Cell | None:
        """What stood in a cell when the file was sent."""
        if not (0 <= row < self.rows and 0 <= place < self.raw.width):
            return None
        part, at = (self.raw.top, row) if row < self.top else (self.raw.rest, row - self.top)
        return cells(part[place].slice(at, 1))[0]

    def text(self, row: int, place: int) -> str:
        """A cell as a person sees it."""
        return shown(self.cell(row, place))

    def is_formula(self, row: int, place: int) -> bool:
        """Whether a formula stands there that was not corrected."""
        return f"{row},{place}" not in self.corrections and row in self.formula_rows(place)

    def formula_rows(self, place: int) -> Sequence[int]:
        """The rows of a column that hold formulas as sent."""
        return self.raw.formulas.get(place, ())


def read_sheets(draft: Draft) -> None:
    """Read the workbook that was sent and keep its cells.

    :raises Refused: it is no workbook, or cannot be read safely.
    """
    sheets, others, findings = read_workbook(draft.source)
    more = [sheet_key(name) for name in others if not is_passed_over(name)]
    if more:
        sheets, _, findings = read_workbook(draft.source, also=more)
    folder = draft.folder / _FOLDER
    folder.mkdir(mode=0o700)
    for number, sheet in enumerate(sheets):
        _write_part(folder / f"{number}-top.arrow", sheet.top)
        _write_part(folder / f"{number}-rest.arrow", sheet.rest)
    write_json(
        folder / "sheets.json",
        {
            "sheets": [
                {"name": one.name, "formulas": _plain(one.formulas), "errors": _plain(one.errors)} for one in sheets
            ],
            "findings": [one.as_json() for one in findings],
        },
    )


def sheets_of(draft: Draft) -> list[HeldSheet]:
    """The sheets, in the order of the file."""
    folder = draft.folder / _FOLDER
    held = []
    for number, one in enumerate(read_json(folder / "sheets.json")["sheets"]):
        top, rest = (_read_part(folder / f"{number}-{part}.arrow") for part in ("top", "rest"))
        rows = (len(top[0]) + len(rest[0])) if top else 0
        odd = ({int(place): rows for place, rows in one[kind].items()} for kind in ("formulas", "errors"))
        raw = RawSheet(one["name"], top, rest, np.arange(1, rows + 1), *odd)
        held.append(HeldSheet(number, raw, draft.cells.get(raw.name, {})))
    return held


def file_findings(draft: Draft) -> list[Finding]:
    """What is unsafe in the file itself: macros, links, embedded files."""
    return [Finding(**one) for one in read_json(draft.folder / _FOLDER / "sheets.json")["findings"]]


def _plain(places: Mapping[int, Sequence[int]]) -> dict[str, list[int]]:
    return {str(place): list(rows) for place, rows in places.items()}


def _write_part(path: Path, columns: Sequence[pa.Array]) -> None:
    batch = pa.record_batch(list(columns), names=[str(place) for place in range(len(columns))])
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, batch.schema) as writer:
        writer.write_batch(batch)


def _read_part(path: Path) -> tuple[pa.Array, ...]:
    with pa.memory_map(str(path)) as source, pa.ipc.open_file(source) as reader:
        return tuple(reader.get_batch(0).columns)
