"""Datasets restated on the structure of another day: the same people and facts, placed in the units of that day.

Follows the successor links, forward or back. A unit whose people went to several cannot be placed in one of them: it is
placed in the nearest unit above all of them, counted apart and told. Decides nothing about the figures themselves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from canbo.common.findings import Finding
from canbo.common.language import pick
from canbo.common.numbers import print_count, print_day
from canbo.datasets.bundle import Datasets
from canbo.datasets.dictionary import dictionary
from canbo.register.facts import statement
from canbo.register.reorganisations.cutting import fetch
from canbo.snapshot.take import reading, take_dataset

LINKS = """
SELECT a.code, b.code, coalesce(f.on_day, (SELECT max(v.valid_to) FROM register_unitversion v
  WHERE v.unit_id = f.predecessor_id))
FROM register_unitsuccession f JOIN register_unit a ON a.id = f.predecessor_id
JOIN register_unit b ON b.id = f.successor_id
ORDER BY 1, 2"""

Links = Sequence[tuple[str, str, date | None]]
"""Predecessor, successor, the first day of the successor."""


@dataclass(frozen=True)
class Restated:
    """Datasets on the structure of ``onto``.

    ``placed``: unit of the data: the unit of the other day's structure, where they differ. ``apart``: units that went
    to several or came from several, with the unit that they are placed in instead. ``people_apart``: how many people of
    the data are placed there for that.
    """

    data: Datasets
    onto: date
    placed: Mapping[str, str]
    apart: Mapping[str, str]
    people_apart: int


def restate(data: Datasets, onto: date, *, known: datetime | None = None) -> Restated:
    """The datasets, which stay of their own day, with the units of another day, as the register has them.

    ``known`` (aware): links and units as known at that moment; None: as known now.
    """
    with reading():
        units = take_dataset("units", onto, known=known)
        links = [tuple(row) for row in fetch(statement(LINKS, onto, known))]
    return restated(data, onto, units=units, links=links)


def restated(data: Datasets, onto: date, *, units: pa.Table, links: Links) -> Restated:
    """``restate`` for given units (the whole table, as of ``onto``) and links."""
    own = data.data_date or onto
    structure = _Structure(units.to_pylist(), links, own, onto)
    used = _used(data)
    places = {code: structure.place(code) for code in used}
    placed = {code: place for code, (place, _) in places.items() if place != code}
    apart = {code: place for code, (place, is_apart) in places.items() if is_apart}
    tables = {name: _placed_table(name, table, placed) for name, table in data.tables.items()}
    kept = structure.living | set(placed.values()) | (used - set(placed))
    tables["units"] = _units_of(units, data.tables.get("units"), kept, own)
    people = _people_in(data, frozenset(apart))
    made = replace(
        data,
        tables=tables,
        findings=(*data.findings, *_findings(apart, people, onto)),
        title=f"{data.title or ''} {pick('theo cơ cấu tổ chức ngày', 'on the structure of')} {print_day(onto)}".strip(),
    )
    return Restated(made, onto, placed, apart, people)


class _Structure:
    """Where a unit of the data's day stands on the other day."""

    def __init__(self, units: Sequence[Mapping[str, Any]], links: Links, own: date, onto: date) -> None:
        self.rows = {row["unit_id"]: row for row in units}
        self.onto = onto
        self.living = {code for code, row in self.rows.items() if _lives(row, onto)}
        self.after: dict[str, list[str]] = {}
        self.before: dict[str, list[str]] = {}
        for old, new, on in links:
            if on is None or on <= onto:
                self.after.setdefault(old, []).append(new)
            if on is not None and on > onto:
                self.before.setdefault(new, []).append(old)
        first, last = sorted((own, onto))
        # a unit that lives on both days may have given people away or taken them in between
        self.between = {(old, new) for old, new, on in links if on is not None and first < on <= last}
        self.forward = onto >= own

    def place(self, code: str) -> tuple[str, bool]:
        """The unit of the other day, and whether it is only the one above several."""
        ends = self._ends(code, frozenset())
        if not ends or ends == {code}:
            return code, False
        if len(ends) == 1:
            return next(iter(ends)), False
        above = self._above_all(sorted(ends))
        return above or code, True

    def _ends(self, code: str, seen: frozenset[str]) -> set[str]:
        if code in seen:
            return set()
        seen |= {code}
        lives = code in self.living
        following = self._shared(code) if lives else self._following(code)
        ends = {code} if lives else set()
        for one in following:
            ends |= self._ends(one, seen)
        return ends

    def _following(self, code: str) -> list[str]:
        row = self.rows.get(code)
        founded_later = row is not None and row["valid_from"] is not None and row["valid_from"] > self.onto
        return (self.before if founded_later else self.after).get(code, [])

    def _shared(self, code: str) -> list[str]:
        if self.forward:
            return [new for old, new in sorted(self.between) if old == code]
        return [old for old, new in sorted(self.between) if new == code]

    def _above_all(self, codes: Sequence[str]) -> str | None:
        paths = [self._path(code) for code in codes]
        common = [code for code in paths[0] if all(code in path for path in paths[1:])]
        return common[0] if common else None

    def _path(self, code: str) -> list[str]:
        """The unit and those above it, upwards."""
        path: list[str] = []
        at: str | None = code
        while at is not None and at not in path:
            path.append(at)
            at = self.rows[at]["parent_id"] if at in self.rows else None
        return path


def _lives(row: Mapping[str, Any], day: date) -> bool:
    start, end = row["valid_from"], row.get("valid_to")
    return (start is None or start <= day) and (end is None or end >= day)


def _unit_columns(dataset: str) -> list[str]:
    return [column.name for column in dictionary()[dataset].columns.values() if column.references == "units"]


def _used(data: Datasets) -> set[str]:
    """All units that a row of the data names."""
    return {
        code
        for name, table in data.tables.items()
        if name != "units"
        for column in _unit_columns(name)
        if column in table.column_names
        for code in pc.unique(table[column]).to_pylist()
        if code is not None
    }


def _placed_table(name: str, table: pa.Table, placed: Mapping[str, str]) -> pa.Table:
    if name == "units" or not placed:
        return table
    before, after = pa.array(list(placed), pa.string()), pa.array(list(placed.values()), pa.string())
    for column in _unit_columns(name):
        if column in table.column_names:
            values = table[column].cast(pa.string())
            moved = pc.take(after, pc.index_in(values, before))
            table = table.set_column(table.column_names.index(column), column, pc.coalesce(moved, values))
    return table


def _units_of(units: pa.Table, own: pa.Table | None, kept: set[str], day: date) -> pa.Table:
    """The structure's units; founded after the data's day, they are taken to be there already."""
    if own is not None:  # what the register does not know as a unit of its own stays as the data has it
        missing = kept - set(units["unit_id"].to_pylist())
        rows = own.filter(pc.is_in(own["unit_id"], pa.array(sorted(missing), pa.string())))
        units = (
            pa.concat_tables(
                [units, rows.select([c for c in rows.column_names if c in units.column_names])],
                promote_options="default",
            )
            if rows.num_rows
            else units
        )
    found = units.filter(pc.is_in(units["unit_id"], pa.array(sorted(kept), pa.string())))
    starts, ends = found["valid_from"], pa.nulls(found.num_rows, pa.date32())
    early = pc.if_else(pc.greater(starts, pa.scalar(day, pa.date32())), pa.scalar(None, pa.date32()), starts)
    found = found.set_column(found.column_names.index("valid_from"), "valid_from", early)
    if "valid_to" in found.column_names:
        found = found.set_column(found.column_names.index("valid_to"), "valid_to", ends)
    return found


def _people_in(data: Datasets, units: frozenset[str]) -> int:
    people = data.tables.get("people")
    if people is None or not units:
        return 0
    inside = pc.is_in(people["unit_id"], pa.array(sorted(units), pa.string()))
    if "left_on" in people.column_names and data.data_date is not None:
        gone = pc.less(people["left_on"], pa.scalar(data.data_date, pa.date32()))
        inside = pc.and_not(inside, pc.fill_null(gone, False))
    return int(pc.sum(inside).as_py() or 0)


def _findings(apart: Mapping[str, str], people: int, onto: date) -> tuple[Finding, ...]:
    if not apart:
        return ()
    units, shown = print_count(len(apart)), print_day(onto)
    message = pick(
        f"{units} đơn vị không quy được về một đơn vị của cơ cấu ngày {shown} vì đã chia ra hoặc gộp từ nhiều đơn vị; "
        f"{print_count(people)} người của các đơn vị này chỉ tính vào đơn vị cấp trên chung.",
        f"{units} units have no single counterpart in the structure of {shown}: they were divided or put together; "
        f"their {print_count(people)} people count only in the unit above all of these.",
    )
    advice = pick(
        "Số liệu của toàn bộ và của cấp trên chung vẫn đủ; so sánh từng đơn vị thì trừ số này ra.",
        "Totals are whole; leave these people out when single units are compared.",
    )
    return (Finding("warning", "restated_apart", message, advice),)
