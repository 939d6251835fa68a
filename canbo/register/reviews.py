"""The review of the data before a reporting day: unit by unit, and what is missing by indicator (REG-17).

What indicators lack is measured by ``measure.missing``; here it meets the records, their owners and confirmations.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from django.apps import apps
from django.db.models import Max

from canbo.common.findings import Finding
from canbo.measure.missing import Lacking, MissingColumn
from canbo.measure.missing import Missing as MissingOf
from canbo.register import completeness
from canbo.register.completeness import Missing, items
from canbo.register.inspections import inspect
from canbo.register.models import PostHeld, Unit, UnitConfirmation

Of = TypeVar("Of")


@dataclass(frozen=True)
class FieldEffect:
    """A field that an indicator lacks, and its effect on the result.

    ``item``: what an officer enters for it, None where the review of records asks for nothing of the kind. ``persons``:
    codes of those unknown because of it; ``turned_by``: how many of those who lack nothing else could turn the verdict.
    """

    indicator: str
    column: MissingColumn
    item: str | None
    persons: tuple[str, ...]

    @property
    def could_flip(self) -> int:
        """How many persons are unknown because of it."""
        return len(self.persons)

    @property
    def turned_by(self) -> int | None:
        """The least number of them that could turn the verdict."""
        return self.column.turned_by


@dataclass(frozen=True)
class UnitReview:
    """A unit before a reporting day.

    ``missing``: persons by item; ``blocking``: what stops its confirmation; ``confirmed``: the last one for the day;
    ``changed``: persons whose records were changed after it (0 where there is none); ``unknown``: persons of the unit
    whom each indicator does not tell.
    """

    unit: str
    missing: Mapping[str, int]
    blocking: tuple[Finding, ...]
    confirmed: UnitConfirmation | None
    changed: int
    unknown: Mapping[str, int]

    @property
    def is_settled(self) -> bool:
        """Confirmed, without errors open, and nothing changed since."""
        return self.confirmed is not None and not self.blocking and not self.changed


@dataclass(frozen=True)
class Review:
    """The units by code, and the fields that are missing: those that can turn a verdict first, by most persons."""

    day: date
    units: tuple[UnitReview, ...]
    effects: tuple[FieldEffect, ...]


def review(day: date, indicators: Iterable[MissingOf], *, unit_codes: Collection[str] | None = None) -> Review:
    """What is wrong, missing, confirmed and open before a reporting day, of some units or of all with somebody in post.

    ``indicators``: what each indicator lacks on the day.
    """
    measured = list(indicators)
    unknown = {one.indicator_id: {_person(row) for row in one.rows} for one in measured}
    wrong = _by_unit((unit, one) for one in inspect(day) for unit in one.units)
    missing = _by_unit((unit, one) for one in completeness.missing_on(day) for unit in one.units)
    held = PostHeld.objects.as_of(day).filter(person__merged_into__isnull=True)
    people = {unit: set(codes) for unit, codes in _by_unit(held.values_list("unit__code", "person__code")).items()}
    codes = set(people) if unit_codes is None else set(unit_codes)
    last = {row.unit_id: row for row in UnitConfirmation.objects.filter(as_of=day).order_by("confirmed_at", "id")}
    found = []
    for unit in Unit.objects.filter(code__in=codes).order_by("code"):
        confirmed = last.get(unit.pk)
        of_unit = missing.get(unit.code, [])
        persons = people.get(unit.code, set())
        found.append(
            UnitReview(
                unit.code,
                _by_item(of_unit),
                tuple(completeness.blocking_of(wrong.get(unit.code, []), of_unit)),
                confirmed,
                changed_since(unit, day, confirmed.confirmed_at) if confirmed else 0,
                {indicator: len(persons & whom) for indicator, whom in unknown.items() if persons & whom},
            )
        )
    asked = None if unit_codes is None else {person for code in codes for person in people.get(code, ())}
    return Review(day, tuple(found), tuple(effects_of(measured, asked)))


def effects_of(indicators: Iterable[MissingOf], persons: Collection[str] | None = None) -> list[FieldEffect]:
    """The missing fields of indicators; ``persons``: only fields that leave one of them unknown, and these named."""
    found = []
    for one in indicators:
        for column in one.columns:
            codes = {_person(row) for row in one.of(column.column, column.dataset)} - {None}
            named = sorted(code for code in codes if code is not None and (persons is None or code in persons))
            if named or persons is None:
                found.append(FieldEffect(one.indicator_id, column, _item(column), tuple(named)))
    return sorted(found, key=lambda one: (one.turned_by is None, -one.could_flip, one.indicator, one.column.column))


def changed_since(unit: Unit, day: date, moment: datetime) -> int:
    """How many persons' records were changed after a moment: of those in post in a unit on a day, or gone from it."""
    in_post = set(PostHeld.objects.as_of(day).filter(unit=unit).values_list("person_id", flat=True))
    posts = apps.get_model("register", "PostHeldEvent").objects.filter(unit=unit, pgh_created_at__gt=moment)
    people = apps.get_model("register", "PersonEvent").objects.filter(pgh_obj_id__in=in_post)
    last = people.values_list("pgh_obj_id").annotate(last=Max("pgh_created_at"))
    return len({person for person, at in last if at > moment} | set(posts.values_list("person_id", flat=True)))


def _by_unit(pairs: Iterable[tuple[str, Of]]) -> dict[str, list[Of]]:
    found: dict[str, list[Of]] = {}
    for unit, one in pairs:
        found.setdefault(unit, []).append(one)
    return found


def _by_item(missing: Iterable[Missing]) -> dict[str, int]:
    counts = Counter(one.item for one in missing)
    return {item: counts[item] for item in items() if counts[item]}


def _person(row: Lacking) -> str | None:
    return row.key.get("person_id")


def _item(column: MissingColumn) -> str | None:
    if column.dataset != "people":
        return None
    return next((key for key, item in items().items() if column.column in item.columns), None)
