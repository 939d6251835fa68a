"""The people of one day, computed from the tables in memory: what they hold, have reached and are stated to be.

Gives what ``take`` and the instrument's own deriving give together, in arrays of one value a person.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from canbo.codes import code_list
from canbo.datasets.dictionary import dictionary
from canbo.register.models import ASSESSED
from canbo.snapshot.columns import FOREVER, NO_CODE, NO_DAY, NO_FLAG, Array, Columns
from canbo.snapshot.tier_arrays import tiers_of_posts, tiers_of_seats

LEVELS: Mapping[str, str] = {
    "education": "professional",
    "political_theory": "political",
    "state_management": "state",
    "medical_specialist": "medical",
}
"""Column of people: the kind of qualification that decides it."""
Places = npt.NDArray[np.int64]


class Roster:
    """One computation of the people on a day. Arrays of one value a person; places in tables, -1 for none."""

    def __init__(self, tables: Mapping[str, Columns], day: int) -> None:
        self.tables = tables
        self.day = np.int32(day)
        person = tables["person"]
        self.count = len(person)
        self.employment = self._latest_employment()
        self.service_end = _taken(_service_ends(tables["employment"]), self.employment, FOREVER)
        last_day = self.service_end - 1
        self.day_of = np.minimum(self.day, last_day).astype(np.int32)
        begins = _taken(tables["employment"]["valid_from"], self.employment, NO_DAY)
        dated = _taken(tables["employment"]["since_known"], self.employment, np.int8(0)) != 0
        self.later = (begins > self.day) & dated  # not yet in service
        self.known = person["merged_into_id"] == 0
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
        alive = self.known
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
        """The employment begun last by the day, else the first of those that begin later."""
        table = self.tables["employment"]
        begun = table["valid_from"] <= self.day
        rank = np.where(begun, table["valid_from"].astype(np.int64), -table["valid_from"].astype(np.int64) - 2**40)
        order = np.argsort(rank, kind="stable")
        found = np.full(self.count, -1, np.int64)
        found[self.place(table)[order]] = order
        return found

    def _party(self) -> None:
        table = self.tables["membership"]
        person = self.place(table)
        order = np.argsort(table["valid_from"], kind="stable")
        found = np.full(self.count, -1, np.int64)
        found[person[order]] = order
        official = _taken(table["official_on"], found, NO_DAY)
        member = _taken(table["valid_to"], found, FOREVER) > self.day_of
        self.values["party_official_date"] = np.where(member, official, NO_DAY)

    def _employed(self) -> None:
        table, at = self.tables["employment"], self.employment
        known = (at >= 0) & (_taken(table["valid_from"], at, FOREVER) <= self.day)
        self.values["staff_kind"] = np.where(known, _taken(table["staff_kind"], at, NO_CODE), NO_CODE)
        self.values["recruited_on"] = _taken(table["recruited_on"], at, NO_DAY)
        self.values["high_quality_recruit"] = _taken(table["high_quality_recruit"], at, NO_FLAG)
        until = self.service_end
        self.values["left_on"] = np.where(until == FOREVER, NO_DAY, until - 1).astype(np.int32)
        self.in_service = until > self.day

    def _posts(self) -> None:
        table = self.tables["post"]
        person = self.place(table)
        told = self._told(table, person)
        ever = np.zeros(self.count, bool)
        ever[person[told]] = True
        first = np.full(self.count, FOREVER, np.int32)
        np.minimum.at(first, person[told], table["valid_from"][told])
        self.in_service &= ~ever | (first <= self.day)
        holds = told & (table["valid_from"] <= self.day) & (table["valid_to"] > self.day)
        on_own_day = self._on_own_day(table, person) & (table["valid_from"] <= self.day)
        now, own = self._main(person, holds), self._main(person, on_own_day)
        codes_of_units = np.append(self.tables["unit"]["code"], [None])
        place = np.where(now >= 0, now, own)
        last = self._last_post(table, person)
        using = _taken(self.tables["employment"]["unit_id"], self.employment, np.int64(0))
        unit = np.where(place >= 0, _taken(table["unit_id"], place, np.int64(0)), using)
        unit = np.where(unit == 0, _taken(table["unit_id"], last, np.int64(0)), unit)
        at = np.searchsorted(self.tables["unit"]["id"], unit)
        self.values["unit_id"] = codes_of_units[np.where(unit != 0, at, -1)]
        self.known &= ~self.later | (last >= 0)
        seen = np.where(ever, now, own)
        self.values["post"] = np.append(table["post"], [None])[seen]
        self.values["post_kind"] = _taken(table["post_kind"], seen, NO_CODE)
        counts = np.where(ever[person], holds, on_own_day)
        self.values["managed_by"] = self._tier(person, ever, counts)
        any_post = np.zeros(self.count, bool)
        any_post[person[table["valid_from"] <= self.day]] = True
        for name in ("is_key_leader", "is_head"):
            value = _taken(table[name], own, NO_FLAG)
            self.values[name] = np.where((own < 0) & any_post, np.int8(0), value)
        for name in ("appointed_on", "term_ends_on"):
            self.values[name] = _taken(table[name], own, NO_DAY)

    def _last_post(self, table: Columns, person: Places) -> Places:
        """The post begun last of all, main ones first: it tells the unit of who holds none on the day."""
        rows = np.flatnonzero(table["valid_from"] <= self.day)
        order = rows[np.lexsort((-rows, table["valid_from"][rows], table["is_main"][rows]))]
        found = np.full(self.count, -1, np.int64)
        found[person[order]] = order
        return found

    def _told(self, table: Columns, person: Places) -> Array:
        """The posts that stand among the dated ones.

        Those with their own dates, and a stated one from which a post of another source goes on.
        """
        known = table["since_known"] != 0
        latest = np.full(self.count, NO_DAY, np.int32)
        another = latest.copy()
        origin = np.full(self.count, -1, np.int64)
        rows = np.flatnonzero(known)
        rows = rows[np.argsort(table["valid_from"][rows], kind="stable")]
        np.maximum.at(latest, person[rows], table["valid_from"][rows])
        origin[person[rows]] = table["origin_id"][rows]
        differs = rows[table["origin_id"][rows] != origin[person[rows]]]
        np.maximum.at(another, person[differs], table["valid_from"][differs])
        by_hand = table["origin_id"] == 0
        goes_on = ((origin[person] != table["origin_id"]) | by_hand) & (latest[person] >= table["valid_from"])
        goes_on |= another[person] >= table["valid_from"]
        return np.asarray(known | ((table["valid_from"] <= self.day) & goes_on & (latest[person] != NO_DAY)))

    def _tier(self, person: Places, ever: Array, holds: Array) -> Array:
        """The highest tier of what a person holds, posts and seats alike."""
        posts, seats = self.tables["post"], self.tables["seat"]
        day = np.where(ever, self.day, self.day_of).astype(np.int32)
        own = np.maximum(posts["valid_from"], np.minimum(day[person], posts["valid_to"] - 1))
        found = np.full(self.count, NO_CODE, np.uint8)
        np.minimum.at(found, person[holds], tiers_of_posts(self.tables, own)[holds])
        seated = self.place(seats)
        np.minimum.at(found, seated, tiers_of_seats(self.tables, day[seated]))
        return found

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
        for name in (*LEVELS, "rank"):
            self.values[name] = _taken(table[name], at, NO_CODE)
        for name in ASSESSED:
            self.values[name] = _taken(table[name], at, NO_FLAG)
        # an empty cell of these two means no, where the source has a row at all
        by = _taken(table["rank_by_equivalence"], at, NO_FLAG)
        self.values["rank_by_equivalence"] = np.where((at >= 0) & (by == NO_FLAG), np.int8(0), by)
        medical = self.values["medical_specialist"]
        self.values["medical_specialist"] = np.where((at >= 0) & (medical == NO_CODE), np.uint8(0), medical)
        self._assessed()

    def _assessed(self) -> None:
        """Judgements valid on the day go before what a source states."""
        table = self.tables["assessment"]
        person = self.place(table)
        for number, name in enumerate(ASSESSED):
            chosen = (table["subject"] == number) & (table["valid_from"] <= self.day) & (table["valid_to"] > self.day)
            rows = np.flatnonzero(chosen)
            rows = rows[np.argsort(table["valid_from"][rows], kind="stable")]
            self.values[name][person[rows]] = table["met"][rows]

    def _ranked(self) -> None:
        """The rank begun last: held with its own dates, or stated by another source when none was held."""
        table, standing = self.tables["rank"], self.tables["standing"]
        person = self.place(table)
        ever = np.zeros(self.count, bool)
        ever[person] = True
        begun = np.flatnonzero(table["valid_from"] <= self.day)
        begun = begun[np.argsort(table["valid_from"][begun], kind="stable")]
        at = np.full(self.count, -1, np.int64)
        at[person[begun]] = begun
        stated = self._holding(standing)
        stated_from = _taken(standing["valid_from"], stated, NO_DAY)
        held_then = self._holding(table, stated_from[person])
        goes_on = (stated >= 0) & ~self._same_source(table, np.ones(len(table), bool), stated) & (held_then < 0)
        goes_on &= (self.values["rank"] != NO_CODE) & (stated_from > _taken(table["valid_from"], at, NO_DAY))
        dated = ever & ~goes_on
        self.values["rank"] = np.where(dated, _taken(table["rank"], at, NO_CODE), self.values["rank"])
        by = _taken(table["by_equivalence"], at, np.int8(0))
        self.values["rank_by_equivalence"] = np.where(dated, by, self.values["rank_by_equivalence"])

    def _qualified(self) -> None:
        """The highest level awarded and not revoked; a level stated by another source counts beside.

        A level that is only stated does not count where the degree behind it was revoked.
        """
        table = self.tables["qualification"]
        person = self.place(table)
        kinds = code_list("qualification_kind")
        revoked = table["revoked_on"] <= self.day
        stated = self._holding(self.tables["standing"])
        stated_from = _taken(self.tables["standing"]["valid_from"], stated, NO_DAY)
        for column, kind in LEVELS.items():
            level = self.values[column]
            of_kind = table["kind"] == kinds[kind].position
            behind = of_kind & (table["level"] == level[person]) & (table["awarded_on"] <= stated_from[person])
            same = self._same_source(table, of_kind, stated) | self._any(person[behind])
            rows = np.flatnonzero(of_kind & ~revoked & (table["awarded_on"] <= self.day))
            highest = np.full(self.count, -1, np.int16)
            np.maximum.at(highest, person[rows], table["level"][rows].astype(np.int16))
            counts = self._any(person[of_kind]) & (level != NO_CODE) & (level > 0) & (stated >= 0) & ~same
            highest = np.where(counts, np.maximum(highest, level.astype(np.int16)), highest)
            empty = NO_CODE if dictionary()["people"].columns[column].empty is None else np.uint8(0)
            reached = np.where(highest >= 0, highest, empty).astype(np.uint8)
            ever = self._any(person[of_kind & ~revoked]) | counts
            lost = self._same_source(table, of_kind & revoked, stated) | self._any(person[behind & revoked])
            unproved = np.where(lost, np.where(stated >= 0, empty, NO_CODE), level)
            self.values[column] = np.where(ever, reached, unproved)

    def _any(self, persons: Places) -> Array:
        """For each person, whether among these."""
        found = np.zeros(self.count, bool)
        found[persons] = True
        return found

    def _same_source(self, table: Columns, chosen: Array, stated: Places) -> Array:
        """For each person, whether a chosen row of the table comes from the source of what is stated."""
        origin = _taken(self.tables["standing"]["origin_id"], stated, np.int64(0))
        person = self.place(table)
        return self._any(person[chosen & (table["origin_id"] != 0) & (table["origin_id"] == origin[person])])


def _text_rank(posts: Columns, units: Columns) -> Array:
    """For each post, where the code of its unit stands among all codes."""
    order = np.empty(len(units), np.int32)
    order[np.argsort(units["code"].astype(str), kind="stable")] = np.arange(len(units), dtype=np.int32)
    return np.asarray(order[np.searchsorted(units["id"], posts["unit_id"])])


def _service_ends(table: Columns) -> Array:
    """For each employment, the end of the unbroken row of employments that it belongs to.

    Who was moved on the same day, as when a unit is merged, has not left.
    """
    ends = table["valid_to"].copy()
    if not len(ends):
        return ends
    order = np.lexsort((table["valid_from"], table["person_id"]))
    person, begins, until = table["person_id"][order], table["valid_from"][order], ends[order]
    goes_on = (person[1:] == person[:-1]) & (begins[1:] == until[:-1])
    last = np.append(np.flatnonzero(~goes_on), len(order) - 1)
    run = np.searchsorted(last, np.arange(len(order)))
    ends[order] = until[last[run]]
    return ends


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
