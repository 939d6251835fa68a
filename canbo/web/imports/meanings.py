"""What the sheets and columns of a draft mean: as their names say, as the officer chose, as is probable."""

from collections.abc import Mapping
from dataclasses import dataclass

from canbo.common.text import tidy
from canbo.datasets.dictionary import Column, Dataset, dictionary, find_dataset
from canbo.datasets.heads import IDENTITY
from canbo.datasets.matching import suggest_column
from canbo.datasets.raw import Cell, shown
from canbo.web.imports.drafts import Draft
from canbo.web.imports.held_sheets import HeldSheet

_ENOUGH = 3  # known heads from which a sheet of another name is taken to be a dataset


@dataclass(frozen=True)
class ColumnMeaning:
    """A column of a sheet. ``said``: what its head says; ``used``: what it is read as; ``suggested``: where unknown.

    ``example``: the first cell below the head that holds something.
    """

    place: int
    head: str
    said: str | None
    used: str | None
    suggested: str | None
    example: str


@dataclass(frozen=True)
class SheetMeaning:
    """A sheet with its dataset (None: not used), the row of its heads (from 0), and its columns."""

    sheet: HeldSheet
    said: Dataset | None
    dataset: Dataset | None
    suggested: Dataset | None
    head_row: int
    columns: tuple[ColumnMeaning, ...]
    missing: tuple[Column, ...]

    @property
    def is_as_said(self) -> bool:
        """Whether it is read as its name and heads say."""
        return self.dataset is self.said and all(one.used == one.said for one in self.columns)

    @property
    def is_clear(self) -> bool:
        """Whether nothing has to be asked."""
        return self.dataset is not None and not self.missing and all(one.used or not one.head for one in self.columns)

    @property
    def options(self) -> list[tuple[str, str]]:
        """What a column of it can be: name and head."""
        return options_of(self.dataset) if self.dataset is not None else []

    def place_of(self, head: str) -> int | None:
        """The column that a finding names by a head of the file or of the dictionary."""
        column = meaning_of(self.dataset, head) if self.dataset is not None else None
        for one in self.columns:
            if (column is not None and one.used == column.name) or tidy(one.head)[:120] == head:
                return one.place
        return None

    def head_of(self, name: str) -> str:
        """The head of the dictionary for a column by name."""
        assert self.dataset is not None
        return column_named(self.dataset, name).head


def meanings(draft: Draft, sheets: list[HeldSheet]) -> list[SheetMeaning]:
    """What each sheet that may hold data means, in the order of the file."""
    return [_meaning(draft, sheet) for sheet in sheets if sheet.holds_data]


def options_of(dataset: Dataset) -> list[tuple[str, str]]:
    """The columns that a sheet of the dataset can have: its own, and those that name its person."""
    own = [(one.name, one.head + (" *" if one.required else "")) for one in dataset.written]
    if dataset.name != "people" and "person_id" in dataset.columns:
        people = dictionary()["people"].columns
        own += [(name, people[name].head) for name in IDENTITY if name not in dataset.columns]
    return own


def column_named(dataset: Dataset, name: str) -> Column:
    """A column of the dataset, or of people where it names the person."""
    return dataset.columns.get(name) or dictionary()["people"].columns[name]


def meaning_of(dataset: Dataset, head: str) -> Column | None:
    """The column that a head means in a sheet of the dataset."""
    clean = tidy(head).rstrip(" *:.")
    own = dataset.find(clean)
    if own is not None or dataset.name == "people" or "person_id" not in dataset.columns:
        return own
    person = dictionary()["people"].find(clean)
    return person if person is not None and person.name in IDENTITY else None


def _meaning(draft: Draft, sheet: HeldSheet) -> SheetMeaning:
    said = find_dataset(sheet.name)
    chosen = draft.datasets.get(sheet.name)
    dataset = said if chosen is None else dictionary().get(chosen)
    suggested = _guess(sheet) if dataset is None else None
    if dataset is None:
        return SheetMeaning(sheet, said, None, suggested, 0, (), ())
    head_row = _head_row(sheet, dataset)
    columns = _columns(sheet, dataset, head_row, draft.columns.get(sheet.name, {}))
    used = {one.used or one.suggested for one in columns}
    named = "full_name" in used and "birth_date" in used
    missing = tuple(
        one
        for one in dataset.written
        if one.required
        and one.name not in used
        and not (one.name == "person_id" and ("national_id" in used or named))
        and sheet.rows
    )
    return SheetMeaning(sheet, said, dataset, suggested, head_row, columns, missing)


def _columns(sheet: HeldSheet, dataset: Dataset, head_row: int, chosen: Mapping[str, str]) -> tuple[ColumnMeaning, ...]:
    found: list[ColumnMeaning] = []
    taken = {name for name in chosen.values() if name}
    heads = [shown(cell) for cell in _row(sheet, head_row)]
    for place, head in enumerate(heads):
        column = meaning_of(dataset, head) if tidy(head) else None
        said = column.name if column is not None else None
        used = chosen.get(str(place), said if said not in taken else None) or None
        if used is not None and str(place) not in chosen:
            taken.add(used)
        found.append(ColumnMeaning(place, head, said, used, None, _example(sheet, head_row, place)))
    free = [one for one in dataset.written if one.name not in taken]
    return tuple(_suggested(one, dataset, free, chosen) for one in found)


def _suggested(one: ColumnMeaning, dataset: Dataset, free: list[Column], chosen: Mapping[str, str]) -> ColumnMeaning:
    if one.used is not None or not tidy(one.head) or str(one.place) in chosen:
        return one
    head = suggest_column(one.head, free)
    column = dataset.find(head) if head else None
    if column is None:
        return one
    free[:] = [other for other in free if other.name != column.name]
    return ColumnMeaning(one.place, one.head, one.said, None, column.name, one.example)


def _example(sheet: HeldSheet, head_row: int, place: int) -> str:
    for row in range(head_row + 1, min(sheet.rows, head_row + 6)):
        text = sheet.text(row, place)
        if text.strip():
            return text[:60]
    return ""


def _head_row(sheet: HeldSheet, dataset: Dataset) -> int:
    """The row with most known heads; where no head is known, the one with most texts."""
    best, most = 0, (0, 0)
    for row in range(sheet.top):
        texts = [tidy(shown(cell)) for cell in _row(sheet, row)]
        known = {column.name for text in texts if (column := dataset.find(text.rstrip(" *:."))) is not None}
        count = (len(known), 0 if most[0] else sum(bool(text) and not text[0].isdigit() for text in texts))
        if count > most:
            best, most = row, count
    return best


def _guess(sheet: HeldSheet) -> Dataset | None:
    """The dataset most of whose heads stand in a sheet of another name."""
    best: tuple[int, Dataset | None] = (0, None)
    for dataset in dictionary().values():
        row = _row(sheet, _head_row(sheet, dataset))
        free = list(dataset.written)
        known = sum(
            dataset.find(tidy(shown(cell)).rstrip(" *:.")) is not None or bool(suggest_column(shown(cell), free))
            for cell in row
            if cell is not None
        )
        if known > best[0]:
            best = (known, dataset)
    return best[1] if best[0] >= _ENOUGH else None


def _row(sheet: HeldSheet, row: int) -> list[Cell | None]:
    return [sheet.cell(row, place) for place in range(sheet.raw.width)]
