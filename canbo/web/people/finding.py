"""Who is on a list: the filters over the people of the day, within what the account may see. Logs what must be."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from canbo.accounts.callers import Caller
from canbo.accounts.permissions import FIELD_CLASSES, Permission, depth
from canbo.accounts.scopes import Scope
from canbo.audit.changes import note
from canbo.codes import code_list
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.measure.checking import measurable_scheme
from canbo.measure.library import library_paths
from canbo.measure.lists import listing
from canbo.measure.results import ListName
from canbo.measure.scheme import Indicator, Scheme
from canbo.register import knowing, reach, reading, scoping
from canbo.register.models import Person, Unit, UnitVersion
from canbo.snapshot.measuring import DAYS
from canbo.web.accounts.units import unit_asked
from canbo.web.people.columns import COLUMNS, Column, Value, person_fields, text_of, value_of
from canbo.web.people.filters import Filters
from canbo.web.people.rosters import ROLLS, Flags, Roll

READ = Permission.PEOPLE_READ
PAGE = 50


@dataclass(frozen=True)
class Row:
    """A person of a list; ``values`` in the order of the columns, None also where the account may not read it."""

    code: str
    name: str
    order: str
    values: tuple[Value, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """The values as they are read."""
        return tuple(text_of(one) for one in self.values)


@dataclass(frozen=True)
class Found:
    """The people of a list by their places in the roll."""

    roll: Roll
    places: Any

    def __len__(self) -> int:
        return len(self.places)

    @property
    def codes(self) -> list[str]:
        """The codes, in order."""
        codes: list[str] = self.roll.people["code"].take(self.places).to_pylist()
        return codes

    def number_up_to(self, order: str, code: str) -> int:
        """How many of the list stand up to a person."""
        return int(np.searchsorted(self.places, self.roll.place_after(order, code)))

    def after(self, order: str, code: str, number: int) -> tuple[list[str], bool]:
        """The codes of a page that begins after a person, and whether more follow."""
        start = self.number_up_to(order, code) if code else 0
        page = self.places[start : start + number + 1]
        codes: list[str] = self.roll.people["code"].take(page[:number]).to_pylist()
        return codes, len(page) > number

    def first_of_page_before(self, order: str, code: str, number: int) -> tuple[str, str] | None:
        """After whom the page begins that stands before one that begins after this person; None: at the top."""
        start = self.number_up_to(order, code)
        if start <= number:
            return None
        row = self.roll.people.slice(int(self.places[start - number - 1]), 1).to_pylist()[0]
        return row["name_order"], row["code"]


def find(asked: Caller, filters: Filters, *, permission: Permission = READ) -> Found:
    """The people of a list, as far as the account may see them today.

    :raises Refused: an indicator that is not there or cannot be measured, a moment still to come.
    """
    known = asked.require_past(filters.known)
    roll = ROLLS.roll(filters.day, known)
    keep = _within(asked, roll, filters, permission)
    if filters.q:
        keep &= roll.says(filters.q)
    if filters.service != "all":
        serving = roll.flags("in_service")
        keep &= serving if filters.service == "in" else ~serving
    if filters.party:
        member = roll.flags("party")
        keep &= member if filters.party == "yes" else ~member
    if filters.minority:
        kinh = roll.is_any_of("ethnicity", {"Kinh"})
        told = roll.is_any_of("ethnicity", code_list("ethnicity").keys)
        keep &= kinh if filters.minority == "no" else told & ~kinh
    for name, column in (("tier", "managed_by"), ("post_kind", "post_kind"), ("sex", "sex")):
        if value := getattr(filters, name):
            keep &= roll.is_any_of(column, {value})
    keep &= _educated(roll, filters) & _aged(roll, filters) & _placed(roll, filters) & _counted(asked, roll, filters)
    return Found(roll, np.flatnonzero(keep))


def rows_of(asked: Caller, filters: Filters, codes: list[str], columns: tuple[Column, ...]) -> list[Row]:
    """The people of these codes with their columns, in the order of the codes; sensitive ones shown are logged."""
    known = asked.require_past(filters.known)
    persons = {one.code: one for one in knowing.rows(Person.objects.filter(code__in=codes), known)}
    facts = ROLLS.roll(filters.day, known).of(codes)
    units = unit_names([one["unit_id"] for one in facts.values()], filters.day)
    classes = _classes(asked, list(persons.values()))
    rows = [
        _row(person, classes.get(code, "internal" if known else "public"), facts[code], columns, units, filters.day)
        for code in codes
        if (person := persons.get(code)) is not None and code in facts
    ]
    fields = {*person_fields(columns), *filters.sensitive}
    reading.note_list(
        scope=asked.scope, model=Person, fields=fields, codes=[row.code for row in rows], what="people", at=asked.at
    )
    return rows


def readable_columns(asked: Caller) -> dict[str, Column]:
    """The columns that the account reads of somebody."""
    own = asked.scope.allows(Permission.OWN_FILE)
    return {key: one for key, one in COLUMNS.items() if own or asked.reads(READ, one.field_class)}


def unit_names(codes: list[str | None], day: date) -> dict[str, str]:
    """The names of units on a day by code."""
    wanted = {code for code in codes if code}
    found = UnitVersion.objects.as_of(day).filter(unit__code__in=wanted)
    return dict(found.values_list("unit__code", "name"))


def indicator_asked(name: str) -> tuple[Scheme, Indicator]:
    """The indicator of “scheme/indicator”.

    :raises Refused: there is none.
    """
    scheme, _, wanted = name.partition("/")
    path = library_paths().get(scheme)
    loaded = _scheme(path) if path is not None else None
    indicator = loaded.indicator(wanted) if loaded is not None else None
    if loaded is None or indicator is None:
        raise Refused(
            pick(
                f"Không có chỉ tiêu “{name[:60]}”. Hãy mở danh sách từ trang của chỉ tiêu.",
                f"There is no indicator “{name[:60]}”. Open the list from the indicator's page.",
            )
        )
    return loaded, indicator


@lru_cache(maxsize=32)
def _scheme(path: Path) -> Scheme:
    """The library comes with the program and stays as it is while that runs."""
    return measurable_scheme(path)


def _within(asked: Caller, roll: Roll, filters: Filters, permission: Permission) -> Flags:
    """Whom the account may see, and deep enough for what is asked: a filter tells what it filters by."""
    needed = "sensitive" if filters.sensitive else "internal"
    grants = tuple(one for one in asked.scope.granting(permission) if depth(one.field_class) >= depth(needed))
    if permission == READ:
        grants += asked.scope.granting(Permission.OWN_FILE)
    scope = Scope(asked.by, asked.scope.person_code, grants)
    if filters.known is None and any(one.is_unlimited for one in scope.granting(permission)):
        return np.ones(len(roll), bool)
    inside = scoping.people(scope, permission, day=asked.day)
    if filters.known is not None:
        return roll.is_any_of("code", knowing.standing_for(inside).values())
    return roll.is_any_of("code", inside.values_list("code", flat=True))


def _educated(roll: Roll, filters: Filters) -> Flags:
    if not (filters.education_from or filters.education_to):
        return np.ones(len(roll), bool)
    levels = code_list("education")
    first = levels[filters.education_from].position if filters.education_from else 0
    last = levels[filters.education_to].position if filters.education_to else len(levels.keys)
    return roll.is_any_of("education", levels.keys[first : last + 1])


def _aged(roll: Roll, filters: Filters) -> Flags:
    """By the first possible day of birth."""
    if filters.age_from is None and filters.age_to is None:
        return np.ones(len(roll), bool)
    last = None if filters.age_from is None else years_before(filters.day, filters.age_from)
    first = None if filters.age_to is None else years_before(filters.day, filters.age_to + 1) + timedelta(days=1)
    return roll.between("birth_date", first, last)


def years_before(day: date, years: int) -> date:
    """The latest day of birth of who is so many years old; born 29/02, a year is full on 01/03."""
    year = max(day.year - years, 1)
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return date(year, 2, 28) if (day.month, day.day) == (2, 29) and not leap else day.replace(year=year)


def _placed(roll: Roll, filters: Filters) -> Flags:
    if not filters.unit:
        return np.ones(len(roll), bool)
    code, _ = unit_asked(filters.unit, filters.day)
    below = Unit.objects.filter(pk__in=reach.subtree(code, filters.day)).values_list("code", flat=True)
    return roll.is_any_of("unit_id", below)


def _counted(asked: Caller, roll: Roll, filters: Filters) -> Flags:
    """Those on a list of an indicator; that it was looked at is logged."""
    if not filters.indicator:
        return np.ones(len(roll), bool)
    if not asked.scope.allows(Permission.INDICATORS_READ):
        raise Refused(pick("Tài khoản không được xem chỉ tiêu.", "The account may not see indicators."))
    scheme, indicator = indicator_asked(filters.indicator)
    name: ListName = filters.list  # type: ignore[assignment]
    with DAYS.measurer(scheme, filters.day, known=filters.known) as measurer:
        found = listing(measurer, indicator, as_of=filters.day, list_name=name)
    codes = {str(row.key["person_id"]) for row in found.rows if row.key.get("person_id")}
    note(
        by=asked.by, at=asked.at, action="read-list", subject=f"indicator:{indicator.id}",
        detail={"list_name": name, "as_of": filters.day.isoformat()},
    )  # fmt: skip
    return roll.is_any_of("code", codes)


def _classes(asked: Caller, persons: list[Person]) -> dict[str, str]:
    """How deep each person is read; no statement where all grants read everything or nothing sensitive."""
    depths = {one.field_class for one in asked.scope.granting(READ)}
    own = asked.scope.person_code if asked.scope.allows(Permission.OWN_FILE) else ""
    if len(depths) == 1 and own not in {one.code for one in persons}:
        return dict.fromkeys((one.code for one in persons), depths.pop())
    return scoping.readable_classes(asked.scope, persons, day=asked.day)


def _row(
    person: Person,
    field_class: str,
    facts: Mapping[str, Any],
    columns: tuple[Column, ...],
    units: Mapping[str, str],
    day: date,
) -> Row:
    deep = FIELD_CLASSES.index(field_class)
    values = tuple(
        value_of(one, person, facts, units, day) if depth(one.field_class) <= deep else None for one in columns
    )
    return Row(person.code, person.full_name, facts["name_order"], values)
