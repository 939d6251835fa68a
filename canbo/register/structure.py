"""The structure of a population on a day, crossed by two dimensions (REG-16). Every cell names its people.

Who is unknown in a dimension has a column of his or her own, so that all totals agree.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from canbo.codes import code_list
from canbo.common.language import pick
from canbo.register import qualifications, ranks
from canbo.register.holdings import Holder, on_day, rows_on
from canbo.register.people import age_on, rows_known
from canbo.register.qualifications import LEVELS, Awarded

Place = Callable[[Holder], str | None]
"""The key of a person in a dimension; None: unknown."""

AGE_LIMITS = (30, 40, 50)
SERVICE_LIMITS = (5, 10, 20, 30)


@dataclass(frozen=True)
class Dimension:
    """How people are divided: the keys in order, their labels, and the key of each person."""

    key: str
    keys: tuple[str, ...]
    labels: Mapping[str, str]
    place: Place


@dataclass(frozen=True)
class CrossTab:
    """People by row and column; the key None, the unknown, comes last where anybody is in it."""

    rows: tuple[str | None, ...]
    columns: tuple[str | None, ...]
    cells: Mapping[tuple[str | None, str | None], tuple[Holder, ...]]

    def count(self, row: str | None, column: str | None) -> int:
        """How many people are in a cell."""
        return len(self.cells.get((row, column), ()))

    def of_row(self, row: str | None) -> int:
        """The total of a row, the unknown included."""
        return sum(self.count(row, column) for column in self.columns)

    def of_column(self, column: str | None) -> int:
        """The total of a column, the unknown included."""
        return sum(self.count(row, column) for row in self.rows)

    @property
    def total(self) -> int:
        """Everybody, each once."""
        return sum(len(people) for people in self.cells.values())


def cross(people: Iterable[Holder], rows: Dimension, columns: Dimension) -> CrossTab:
    """Divide people by two dimensions."""
    cells: dict[tuple[str | None, str | None], list[Holder]] = defaultdict(list)
    for one in people:
        cells[rows.place(one), columns.place(one)].append(one)
    seen_rows, seen_columns = {row for row, _ in cells}, {column for _, column in cells}
    return CrossTab(
        (*rows.keys, *([None] if None in seen_rows else [])),
        (*columns.keys, *([None] if None in seen_columns else [])),
        {place: tuple(found) for place, found in cells.items()},
    )


def dimensions(
    day: date, *, known: datetime | None = None, persons: Collection[int] | None = None
) -> dict[str, Dimension]:
    """The dimensions of the report on a day: age, sex, ethnicity, levels, rank, unit, length of service, party.

    ``persons``: they are only asked about these persons (by their ids), and know no others.
    """
    found = [
        _banded("age", AGE_LIMITS, lambda one: age_on(one.birth_date, one.birth_precision, day)),
        _banded("service", SERVICE_LIMITS, lambda one: _served(one, day)),
        _coded("sex", "sex", lambda one: one.sex),
        _minority(),
        _party(),
        _units(day, known),
        _ranks(day, known, persons),
        *_levels(day, known, persons),
    ]
    return {one.key: one for one in found}


def band(least: int, greatest: int, limits: Sequence[int]) -> str | None:
    """The band of an age that lies between two: “<30”, “30-39”, “50+”; None where both are not in one band."""
    bands = {_band(age, limits) for age in (least, greatest)}
    return bands.pop() if len(bands) == 1 else None


def _band(age: int, limits: Sequence[int]) -> str:
    if age < limits[0]:
        return f"<{limits[0]}"
    for low, high in zip(limits, limits[1:], strict=False):
        if age < high:
            return f"{low}-{high - 1}"
    return f"{limits[-1]}+"


def _banded(key: str, limits: Sequence[int], ages: Callable[[Holder], tuple[int, int] | None]) -> Dimension:
    keys = tuple(_band(age, limits) for age in (0, *limits))

    def place(person: Holder) -> str | None:
        years = ages(person)
        return band(*years, limits) if years else None

    return Dimension(key, keys, {one: one for one in keys}, place)


def _coded(key: str, codes: str, place: Place) -> Dimension:
    entries = code_list(codes)
    return Dimension(key, entries.keys, {one: entries[one].label for one in entries.keys}, place)


def _minority() -> Dimension:
    labels = {"kinh": "Kinh", "minority": pick("Dân tộc thiểu số", "Ethnic minority")}
    return Dimension(
        "ethnicity",
        tuple(labels),
        labels,
        lambda one: None if one.ethnicity is None else "kinh" if one.ethnicity == "Kinh" else "minority",
    )


def _party() -> Dimension:
    labels = {"member": pick("Đảng viên", "Party member"), "other": pick("Chưa là đảng viên", "Not a member")}
    return Dimension("party", tuple(labels), labels, lambda one: "member" if one.in_party else "other")


def _units(day: date, known: datetime | None) -> Dimension:
    names = {row["unit_id"]: row["name"] for row in on_day(rows_known("UnitVersion", known), day)}
    labels = {row["code"]: names.get(row["id"], row["code"]) for row in rows_known("Unit", known)}
    return Dimension("unit", tuple(sorted(labels)), labels, lambda one: one.main_unit)


def _ranks(day: date, known: datetime | None, persons: Collection[int] | None) -> Dimension:
    table = {row["rank_code"]: row["rank"] for row in on_day(rows_known("RankEquivalence", known), day)}
    standings = rows_on("Standing", day, ("person_id", "rank"), known=known, persons=persons)
    stated = {row["person_id"]: row["rank"] for row in standings}
    rows = rows_on("RankHeld", day, ("person_id", "rank", "rank_code"), known=known, persons=persons)
    held = {row["person_id"]: ranks.read(row["rank"], row["rank_code"], table) for row in rows}

    def place(person: Holder) -> str | None:
        row = held.get(person.id)
        if row is None:
            return stated.get(person.id)
        return row.rank if row.in_table else None  # a code that the table does not know is unknown, not low

    return _coded("rank", "rank", place)


def _levels(day: date, known: datetime | None, persons: Collection[int] | None) -> list[Dimension]:
    awarded: dict[int, list[Awarded]] = defaultdict(list)
    columns = ("person_id", "kind", "level", "awarded_on", "revoked_on")
    for row in rows_on("Qualification", None, columns, known=known, persons=persons):
        awarded[row["person_id"]].append(Awarded(row["kind"], row["level"], row["awarded_on"], row["revoked_on"]))
    stated = ("person_id", "valid_from", *LEVELS.values())
    for row in rows_on("Standing", day, stated, known=known, persons=persons):
        for kind, column in LEVELS.items():
            if row[column] is not None:
                awarded[row["person_id"]].append(Awarded(kind, row[column], row["valid_from"]))

    def placing(kind: str) -> Place:
        return lambda one: qualifications.highest(awarded.get(one.id, ()), kind, day)

    return [_coded(column, column, placing(kind)) for kind, column in LEVELS.items()]


def _served(person: Holder, day: date) -> tuple[int, int] | None:
    return age_on(person.served_since, "day", day) if person.served_since and person.served_since <= day else None
