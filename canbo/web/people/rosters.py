"""The people of a day as arrays in the order of Vietnamese lists: what lists are searched and narrowed in.

Kept for the days last asked about, and made anew after each committed change. Whom an account may see is not decided
here.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from canbo.audit.models import Entry
from canbo.common.text import name_order, search_key
from canbo.register import knowing
from canbo.register.models import PartyMembership, Person
from canbo.snapshot.mirror import Mirror
from canbo.snapshot.take import reading, take_dataset

MOST = 4
"""Days kept at once. One takes some ten megabytes for a province."""

Flags = npt.NDArray[np.bool_]
_EPOCH = date(1970, 1, 1)
_LAST = 2**31 - 1
_CODED = ("sex", "ethnicity", "post_kind", "managed_by", "education", "political_theory", "state_management", "rank")
_OTHER = ("birth_date", "unit_id", "post", "recruited_on", "left_on", "staff_kind", "term_ends_on")


@dataclass(frozen=True)
class Roll:
    """The people of a day, sorted by given name, then by code.

    ``people`` has the columns of the dataset of that name, and ``code``, ``name_key``, ``name_order``, ``in_service``
    and ``party``.
    """

    people: pa.Table

    def __len__(self) -> int:
        return int(self.people.num_rows)

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Where each person stands, by code."""
        return {code: place for place, code in enumerate(self.people["code"].to_pylist())}

    def of(self, codes: Iterable[str]) -> dict[str, dict[str, Any]]:
        """What is known of these people, by code; who is not in the roll is left out."""
        places = [self.places[code] for code in codes if code in self.places]
        return {row["code"]: row for row in self.people.take(pa.array(places, pa.int64())).to_pylist()}

    def is_any_of(self, column: str, values: Any) -> Flags:
        """For each person, whether the column has one of the values; unknown is none of them."""
        texts = self.people[column]
        texts = texts.cast(pa.string()) if pa.types.is_dictionary(texts.type) else texts
        return _flags(pc.is_in(texts, value_set=pa.array(sorted(values), pa.string())))

    def says(self, text: str) -> Flags:
        """For each person, whether the name has the text, marks or none, or the code is it."""
        found = _flags(pc.match_substring(self.people["name_key"], search_key(text)))
        return found | _flags(pc.equal(self.people["code"], text.upper())) | _flags(pc.equal(self.people["code"], text))

    def between(self, column: str, first: date | None, last: date | None) -> Flags:
        """For each person, whether the day of the column lies in the period, both ends included."""
        days = self.people[column].cast(pa.int32())
        found = _flags(pc.is_valid(days))
        if first is not None:
            found &= _flags(pc.greater_equal(days, (first - _EPOCH).days))
        if last is not None:
            found &= _flags(pc.less_equal(days, (last - _EPOCH).days))
        return found

    def flags(self, column: str) -> Flags:
        """A column of yes and no."""
        return _flags(self.people[column])

    def place_after(self, order: str, code: str) -> int:
        """The first place after a person who stands, or stood, at this name and code."""
        orders = self.people["name_order"]
        before = _flags(pc.less(orders, order))
        same = _flags(pc.equal(orders, order)) & _flags(pc.less_equal(self.people["code"], code))
        return int(np.count_nonzero(before | same))


class Rolls:
    """The rolls last asked for. For one process with threads."""

    def __init__(self, most: int = MOST) -> None:
        self.most = most
        self._lock = threading.RLock()
        self._mirror: Mirror | None = None
        self._mark: tuple[int, Any] | None = None
        self._kept: OrderedDict[tuple[date, datetime | None], Roll] = OrderedDict()

    def roll(self, day: date, known: datetime | None = None) -> Roll:
        """The people of a day; what was committed before the call is in it. ``known``: as known at that moment."""
        with self._lock:
            self._follow()
            key = (day, known)
            if key not in self._kept:
                self._kept[key] = self._present(day) if known is None else _as_known(day, known)
                while len(self._kept) > self.most:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
            return self._kept[key]

    def _follow(self) -> None:
        """Take in what was committed since; all anew where the log is another one than it was."""
        after = self._mark[0] if self._mark else 0
        changes = Entry.objects.filter(rows__gt=0, id__gte=after).order_by("id").values_list("id", "change")
        found = list(changes) if self._mark else list(changes.reverse()[:1])
        if self._mark and found and found[0] == self._mark:
            if len(found) == 1:
                return
            if self._mirror is not None:
                self._mirror.refresh()
        else:
            self._mirror = None
        self._kept.clear()
        self._mark = found[-1] if found else None

    def _present(self, day: date) -> Roll:
        if self._mirror is None:
            self._mirror = Mirror()
        tables = self._mirror.tables
        roster = self._mirror.roster(day)
        listed = set(roster["person_id"].to_pylist())
        standing = tables["person"]["merged_into_id"] == 0
        others = [
            {"person_id": code, "full_name": name, "_in_service": False}
            for code, name in zip(
                tables["person"]["code"][standing], tables["person"]["full_name"][standing], strict=True
            )
            if code not in listed
        ]
        roster = _joined(roster, others)
        return _roll(roster, roster["_in_service"], self._members(day))

    def _members(self, day: date) -> set[str]:
        assert self._mirror is not None  # made before
        member, person = self._mirror.tables["membership"], self._mirror.tables["person"]
        number = (day - _EPOCH).days
        holds = (member["valid_from"] <= number) & (member["valid_to"] > number)
        return set(person["code"][np.searchsorted(person["id"], member["person_id"][holds])].tolist())


ROLLS = Rolls()
"""Shared by all threads of the server."""


def _as_known(day: date, known: datetime) -> Roll:
    with reading():
        people = take_dataset("people", day, known=known)
        members = {row.person_id for row in knowing.rows(PartyMembership.objects.as_of(day), known)}
        codes = knowing.codes_of(Person, members, known)
    left = people["left_on"].cast(pa.int32()) if "left_on" in people.column_names else pa.nulls(len(people), pa.int32())
    serving = pc.greater_equal(pc.fill_null(left, _LAST), (day - _EPOCH).days)
    return _roll(people, serving, set(codes.values()))


def _joined(roster: pa.Table, others: list[dict[str, Any]]) -> pa.Table:
    """With those of whom nothing is known on the day but that there is a file."""
    if not others:
        return roster
    return pa.concat_tables([roster, pa.Table.from_pylist(others)], promote_options="default")


def _roll(people: pa.Table, in_service: pa.ChunkedArray, members: set[str]) -> Roll:
    names = people["full_name"].to_pylist()
    codes = people["person_id"]
    columns: dict[str, Any] = {
        "code": codes,
        "name_key": pa.array([search_key(name) for name in names], pa.string()),
        "name_order": pa.array([name_order(name) for name in names], pa.string()),
        "in_service": in_service,
        "party": pc.is_in(codes, value_set=pa.array(sorted(members), pa.string())),
    }
    for name in (*_CODED, *_OTHER):
        missing = pa.date32() if name.endswith(("_date", "_on")) else pa.string()
        columns[name] = people[name] if name in people.column_names else pa.nulls(len(people), missing)
    table = pa.table(columns)
    # In the order of bytes, as the database sorts text without a locale.
    return Roll(table.sort_by([("name_order", "ascending"), ("code", "ascending")]).combine_chunks())


def _flags(values: pa.ChunkedArray | pa.Array) -> Flags:
    whole = pc.fill_null(values, False)
    whole = whole.combine_chunks() if isinstance(whole, pa.ChunkedArray) else whole
    return np.array(whole.to_numpy(zero_copy_only=False), bool)
