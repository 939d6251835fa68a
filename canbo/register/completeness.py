"""What records lack before a reporting day, what that can change, and the unit's confirmation (REG-17)."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from importlib.resources import files

import yaml

from canbo.audit.changes import change
from canbo.common.findings import Finding, Refused
from canbo.common.language import pick
from canbo.common.text import nfc
from canbo.register import structure, tiers
from canbo.register.holdings import Holder, holders
from canbo.register.inspections import Inspected, inspect
from canbo.register.models import Unit, UnitConfirmation
from canbo.register.refusals import explained


@dataclass(frozen=True)
class Item:
    """What a record must say, and the columns of people that are unknown without it."""

    key: str
    vi: str
    en: str
    columns: frozenset[str]
    blocking: bool

    @property
    def label(self) -> str:
        """In the language in force."""
        return pick(self.vi, self.en)


@dataclass(frozen=True)
class Missing:
    """A person whose record lacks an item; ``unit`` is None where no post names one. ``units``: of all posts held."""

    item: str
    unit: str | None
    person_code: str
    full_name: str
    units: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Effect:
    """How many persons could change an indicator if what is missing were known."""

    indicator: str
    items: tuple[str, ...]
    persons: tuple[str, ...]

    @property
    def could_flip(self) -> int:
        """Their number, each once."""
        return len(self.persons)


def missing_on(day: date, *, unit_codes: Collection[str] | None = None) -> list[Missing]:
    """What the records of people in service lack on a day, by item and in the order of lists."""
    rules = tiers.rules_on(day)
    by = structure.dimensions(day)
    lacks: dict[str, Callable[[Holder], bool]] = {
        "birth_date": lambda one: one.birth_precision != "day",
        "ethnicity": lambda one: one.ethnicity is None,
        "staff_kind": lambda one: one.staff_kind is None,
        "main_post": lambda one: not any(held.post_kind and held.is_main for held in one.holdings),
        "tier": lambda one: tiers.tier_of_person(one, rules) is None,
        **{key: _unplaced(by[key]) for key in ("education", "political_theory", "state_management", "rank")},
    }
    people = [one for one in holders(day) if unit_codes is None or _units(one) & set(unit_codes)]
    return [
        Missing(item, one.main_unit, one.code, one.full_name, frozenset(_units(one)))
        for item in items()
        for one in people
        if lacks[item](one)
    ]


def effects(missing: Iterable[Missing], needs: Mapping[str, Collection[str]]) -> list[Effect]:
    """The effect on each indicator, given the columns of people that it asks for; those with most persons first."""
    rows = list(missing)
    found = []
    for indicator, columns in needs.items():
        asked = [key for key, item in items().items() if item.columns & set(columns)]
        persons = sorted({row.person_code for row in rows if row.item in asked})
        if persons:
            lacking = tuple(key for key in asked if any(row.item == key for row in rows))
            found.append(Effect(indicator, lacking, tuple(persons)))
    return sorted(found, key=lambda one: (-one.could_flip, one.indicator))


def blocking(unit: Unit, day: date) -> list[Finding]:
    """What stops the confirmation of a unit: errors in its records, and blocking items that are missing."""
    return blocking_of(inspect(day, unit_codes=[unit.code]), missing_on(day, unit_codes=[unit.code]))


def blocking_of(inspected: Iterable[Inspected], missing: Iterable[Missing]) -> list[Finding]:
    """Of what looks wrong and what is missing, that which stops a confirmation."""
    errors = [one.finding for one in inspected if one.finding.severity == "error"]
    return [*errors, *(_lacks(one) for one in missing if items()[one.item].blocking)]


def confirm(unit: Unit, *, day: date, by: str, at: datetime, note: str = "") -> UnitConfirmation:
    """The unit confirms that its records are complete for a reporting day.

    What is missing without blocking is counted and kept with the confirmation.

    :raises Refused: blocking errors are open; they are its findings.
    """
    errors = blocking(unit, day)
    if errors:
        told = " ".join(error.message for error in errors[:3])
        raise Refused(
            pick(
                f"Đơn vị {unit.code} chưa xác nhận được dữ liệu đến ngày {day:%d/%m/%Y}: còn {len(errors)} lỗi phải "
                f"sửa. {told}",
                f"The unit {unit.code} cannot confirm its records for {day:%d/%m/%Y}: {len(errors)} errors are open. "
                f"{told}",
            ),
            errors,
        )
    row = UnitConfirmation(
        unit=unit, as_of=day, confirmed_at=at, by=by, note=note,
        open_errors=len(missing_on(day, unit_codes=[unit.code])),
    )  # fmt: skip
    with explained(who=unit.code, row=row), change(by=by, at=at, action="unit.confirm", subject=f"unit:{unit.code}"):
        row.save(force_insert=True)
    return row


def confirmation(unit: Unit, day: date) -> UnitConfirmation | None:
    """The last confirmation of a unit for a reporting day."""
    return UnitConfirmation.objects.filter(unit=unit, as_of=day).order_by("-confirmed_at", "-id").first()


@lru_cache(maxsize=1)
def items() -> Mapping[str, Item]:
    """The items by key, in order."""
    source = files("canbo") / "definitions" / "register" / "completeness.yaml"
    loaded = yaml.safe_load(source.read_text("utf-8"))["items"]
    return {
        key: Item(key, nfc(one["vi"]), one["en"], frozenset(one["columns"]), bool(one.get("blocking", False)))
        for key, one in loaded.items()
    }


def _units(person: Holder) -> set[str]:
    return {held.unit for held in person.holdings if held.post_kind}


def _unplaced(dimension: structure.Dimension) -> Callable[[Holder], bool]:
    return lambda one: dimension.place(one) is None


def _lacks(one: Missing) -> Finding:
    label = items()[one.item].label
    return Finding(
        "error",
        f"missing_{one.item}",
        pick(
            f"{one.full_name} ({one.person_code}): thiếu {label}.", f"{one.full_name} ({one.person_code}): no {label}."
        ),
        suggestion=pick(f"Hãy bổ sung {label}.", f"Enter the {label}."),
        column=one.item,
    )
