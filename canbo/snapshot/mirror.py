"""The register's people in memory, kept current by committed changes: the roster of any day without the database.

Holds the present state of knowledge only; what was known earlier is read by ``take``. One thread at a time.
"""

import threading
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from canbo.audit.models import Entry
from canbo.codes import code_list
from canbo.datasets.dictionary import dictionary
from canbo.snapshot.columns import (
    FOREVER,
    NO_CODE,
    NO_DAY,
    NO_FLAG,
    Array,
    Columns,
    Spec,
    codes,
    days,
    flags,
    ids,
    one_view,
    texts,
)

_EPOCH = date(1970, 1, 1)
_PERIOD = days("valid_from", "valid_to")
_STATED_FLAGS = (
    "major_fits_post",
    "it_standard",
    "language_standard",
    "international_ready",
    "operations_standard",
    "skills_standard",
    "state_management_standard",
    "meets_post_standard",
)
_LEVELS = {
    "education": "professional",
    "political_theory": "political",
    "state_management": "state",
    "medical_specialist": "medical",
}
Places = npt.NDArray[np.int64]


class Mirror:
    """All tables that say who somebody is on a day.

    ``entry``: the last entry of the log that was taken in. Call ``refresh`` to take in what was committed since.
    """

    def __init__(self) -> None:
        self.lock = threading.RLock()
        with one_view():
            self.entry = self._last_entry()
            self.tables = {
                "person": _people(),
                "unit": Columns("register_unit", texts("code")),
                "membership": Columns("register_partymembership", [*ids("person_id"), *_PERIOD, *days("official_on")]),
                "employment": _employments(),
                "standing": _standings(),
                "post": _posts(),
                "rank": Columns(
                    "register_rankheld",
                    [*ids("person_id"), *_PERIOD, *codes(rank="rank"), *flags("by_equivalence")],
                ),
                "qualification": _qualifications(),
            }

    def refresh(self) -> int:
        """Take in the changes committed since; gives their number.

        Changes enter the log one after the other and only as they commit, so none is passed over.
        """
        with self.lock:
            new = list(Entry.objects.filter(id__gt=self.entry).order_by("id").values_list("id", "change", "rows"))
            changes = [change for _, change, rows in new if rows]
            if changes:
                for table in self.tables.values():
                    table.take_in(changes)
            if new:
                self.entry = new[-1][0]
            return len(changes)

    @staticmethod
    def _last_entry() -> int:
        last = Entry.objects.order_by("-id").values_list("id", flat=True).first()
        return last or 0

    def roster(self, day: date) -> pa.Table:
        """The people on a day, one row each by id, with what follows from posts, degrees and ranks then held.

        The columns of ``people`` (codes as dictionaries), and ``_in_service``. What is only known since a later day is
        NULL. Assessments and synthetic earlier levels are not in the mirror: they are rare and read by ``take``.
        """
        with self.lock:
            return _Roster(self.tables, (day - _EPOCH).days).table()


class _Roster:
    """One computation of the people on a day. Arrays of one value a person; places in tables, -1 for none."""

    def __init__(self, tables: dict[str, Columns], day: int) -> None:
        self.tables = tables
        self.day = np.int32(day)
        person = tables["person"]
        self.count = len(person)
        self.employment = self._latest_employment()
        last_day = _taken(tables["employment"]["valid_to"], self.employment, FOREVER) - 1
        self.day_of = np.minimum(self.day, last_day).astype(np.int32)
        self.values: dict[str, Array] = {}

    def table(self) -> pa.Table:
        person = self.tables["person"]
        self.values |= {name: person[name] for name in ("full_name", "birth_date", "sex", "ethnicity", "national_id")}
        self.values["person_id"] = person["code"]
        self._party()
        self._employed()
        self._posts()
        self._stated()
        self._ranked()
        self._qualified()
        alive = person["merged_into_id"] == 0
        arrays, names = [], []
        for column in dictionary()["people"].columns.values():
            if column.name in self.values:
                arrays.append(_arrow(self.values[column.name][alive], column.kind, column.codes))
                names.append(column.name)
        arrays.append(pa.array(self.in_service[alive]))
        return pa.table(arrays, [*names, "_in_service"])

    def place(self, table: Columns) -> Places:
        """For each row of a table, the place of its person."""
        return np.searchsorted(self.tables["person"]["id"], table["person_id"])

    def _holding(self, table: Columns, when: Array | None = None, chosen: Array | None = None) -> Places:
        """For each person, the place of the one row that holds on the person's day, or -1."""
        person = self.place(table)
        day = self.day_of[person] if when is None else when
        holds = (table["valid_from"] <= day) & (table["valid_to"] > day)
        if chosen is not None:
            holds &= chosen
        rows = np.flatnonzero(holds)
        found = np.full(self.count, -1, np.int64)
        found[person[rows]] = rows
        return found

    def _latest_employment(self) -> Places:
        """The employment that holds on the day, else the last one before it, else the first that is only stated."""
        table = self.tables["employment"]
        person = self.place(table)
        begun = np.flatnonzero((table["valid_from"] <= self.day) | (table["since_known"] == 0))
        rank = np.where(table["valid_from"][begun] <= self.day, table["valid_from"][begun], NO_DAY)
        order = np.lexsort((rank, person[begun]))
        found = np.full(self.count, -1, np.int64)
        found[person[begun][order]] = begun[order]
        return found

    def _party(self) -> None:
        table = self.tables["membership"]
        person = self.place(table)
        order = np.argsort(table["valid_from"], kind="stable")
        found = np.full(self.count, -1, np.int64)
        found[person[order]] = order
        self.values["party_official_date"] = _taken(table["official_on"], found, NO_DAY)

    def _employed(self) -> None:
        table, at = self.tables["employment"], self.employment
        known = (at >= 0) & (_taken(table["valid_from"], at, FOREVER) <= self.day)
        self.values["staff_kind"] = np.where(known, _taken(table["staff_kind"], at, NO_CODE), NO_CODE)
        self.values["recruited_on"] = _taken(table["recruited_on"], at, NO_DAY)
        self.values["high_quality_recruit"] = _taken(table["high_quality_recruit"], at, np.int8(0))
        until = _taken(table["valid_to"], at, FOREVER)
        self.values["left_on"] = np.where(until == FOREVER, NO_DAY, until - 1).astype(np.int32)
        self.in_service = until > self.day

    def _posts(self) -> None:
        table = self.tables["post"]
        person = self.place(table)
        told = (table["since_known"] != 0) | (table["valid_from"] <= self.day)
        any_post = np.zeros(self.count, bool)
        any_post[person[told]] = True
        first = np.full(self.count, FOREVER, np.int32)
        np.minimum.at(first, person[told], table["valid_from"][told])
        self.in_service &= ~any_post | (first <= self.day)
        now = self._main(person, told & (table["valid_from"] <= self.day) & (table["valid_to"] > self.day))
        own = self._main(person, told & self._on_own_day(table, person))
        tier = np.full(self.count, NO_CODE, np.uint8)
        holds = np.flatnonzero(told & (table["valid_from"] <= self.day) & (table["valid_to"] > self.day))
        np.minimum.at(tier, person[holds], table["stated_tier"][holds])
        codes_of_units = np.append(self.tables["unit"]["code"], [None])
        place = np.where(now >= 0, now, own)
        unit = np.searchsorted(self.tables["unit"]["id"], _taken(table["unit_id"], place, np.int64(0)))
        self.values["unit_id"] = codes_of_units[np.where(place >= 0, unit, -1)]
        self.values["post"] = np.append(table["post"], [None])[now]
        self.values["post_kind"] = _taken(table["post_kind"], now, NO_CODE)
        self.values["managed_by"] = tier
        for name in ("is_key_leader", "is_head"):
            self.values[name] = _taken(table[name], own, np.int8(0))
        for name in ("appointed_on", "term_ends_on"):
            self.values[name] = _taken(table[name], own, NO_DAY)

    def _on_own_day(self, table: Columns, person: Places) -> Array:
        own = self.day_of[person]
        return np.asarray((table["valid_from"] <= own) & (table["valid_to"] > own))

    def _main(self, person: Places, chosen: Array) -> Places:
        """The main one of several posts: the main, the later begun, the higher group, the unit's code."""
        table = self.tables["post"]
        rows = np.flatnonzero(chosen)
        keys = (
            _text_rank(table, self.tables["unit"])[rows],
            255 - table["post_kind"][rows].astype(np.int16),
            table["valid_from"][rows],
            table["is_main"][rows],
        )
        order = rows[np.lexsort(keys)]
        found = np.full(self.count, -1, np.int64)
        found[person[order]] = order
        return found

    def _stated(self) -> None:
        table = self.tables["standing"]
        at = self._holding(table)
        for name in (*_LEVELS, "rank"):
            self.values[name] = _taken(table[name], at, NO_CODE)
        for name in ("rank_by_equivalence", *_STATED_FLAGS):
            self.values[name] = _taken(table[name], at, NO_FLAG)

    def _ranked(self) -> None:
        table = self.tables["rank"]
        person = self.place(table)
        ever = np.zeros(self.count, bool)
        ever[person] = True
        at = self._holding(table, np.full(len(table), self.day))
        self.values["rank"] = np.where(ever, _taken(table["rank"], at, NO_CODE), self.values["rank"])
        by = _taken(table["by_equivalence"], at, np.int8(0))
        self.values["rank_by_equivalence"] = np.where(ever, by, self.values["rank_by_equivalence"])

    def _qualified(self) -> None:
        table = self.tables["qualification"]
        person = self.place(table)
        kinds = code_list("qualification_kind")
        valid = (table["awarded_on"] <= self.day) & (table["revoked_on"] > self.day)
        for column, kind in _LEVELS.items():
            of_kind = table["kind"] == kinds[kind].position
            ever = np.zeros(self.count, bool)
            ever[person[of_kind]] = True
            rows = np.flatnonzero(of_kind & valid)
            highest = np.full(self.count, -1, np.int16)
            np.maximum.at(highest, person[rows], table["level"][rows].astype(np.int16))
            empty = NO_CODE if dictionary()["people"].columns[column].empty is None else np.uint8(0)
            reached = np.where(highest >= 0, highest, empty).astype(np.uint8)
            self.values[column] = np.where(ever, reached, self.values[column])


def _text_rank(posts: Columns, units: Columns) -> Array:
    """For each post, where the code of its unit stands among all codes."""
    order = np.empty(len(units), np.int32)
    order[np.argsort(units["code"].astype(str), kind="stable")] = np.arange(len(units), dtype=np.int32)
    return np.asarray(order[np.searchsorted(units["id"], posts["unit_id"])])


def _taken(column: Array, places: Places, missing: Any) -> Array:
    """The values at the places, ``missing`` where there is none (-1)."""
    return np.asarray(np.append(column, np.asarray([missing], column.dtype))[places])


def _arrow(values: Array, kind: str, list_name: str | None) -> pa.Array:
    if kind == "codes":
        keys = pa.array(code_list(list_name or "").keys, pa.string())
        empty = values == NO_CODE
        return pa.DictionaryArray.from_arrays(pa.array(np.where(empty, 0, values).astype(np.int8), mask=empty), keys)
    if kind == "date":
        return pa.array(values, pa.int32(), mask=values == NO_DAY).cast(pa.date32())
    if kind == "boolean":
        return pa.array(values > 0, mask=values == NO_FLAG)
    return pa.array(values, pa.string(), from_pandas=True)


def _people() -> Columns:
    return Columns(
        "register_person",
        [
            *texts("code", "full_name", "national_id"),
            *days("birth_date"),
            *codes(sex="sex", ethnicity="ethnicity"),
            *ids("merged_into_id"),
        ],
    )


def _employments() -> Columns:
    return Columns(
        "register_employment",
        [
            *ids("person_id"),
            *_PERIOD,
            *flags("since_known", "high_quality_recruit"),
            *codes(staff_kind="staff_kind"),
            *days("recruited_on"),
        ],
    )


def _standings() -> Columns:
    levels = {column: column for column in _LEVELS}
    return Columns(
        "register_standing",
        [
            *ids("person_id"),
            *_PERIOD,
            *codes(**levels, rank="rank"),
            *flags("rank_by_equivalence", *_STATED_FLAGS),
        ],
    )


def _posts() -> Columns:
    return Columns(
        "register_postheld",
        [
            *ids("person_id", "unit_id"),
            *_PERIOD,
            *texts("post"),
            *codes(post_kind="post_kind", stated_tier="managed_by"),
            *flags("since_known", "is_main", "is_key_leader", "is_head"),
            *days("appointed_on", "term_ends_on"),
        ],
    )


def _qualifications() -> Columns:
    """Levels of four kinds, each in its own list, are kept as positions in the list of their kind."""
    level = " ".join(
        f"WHEN '{kind}' THEN array_position(ARRAY[{', '.join(repr(k) for k in code_list(column).keys)}], level)"
        for column, kind in _LEVELS.items()
    )
    return Columns(
        "register_qualification",
        [
            *ids("person_id"),
            *codes(kind="qualification_kind"),
            Spec("level", "code", expression=f"coalesce(CASE kind {level} END - 1, {NO_CODE})"),
            *days("awarded_on"),
            Spec("revoked_on", "day", open=True),
        ],
    )
