"""Named, versioned populations: who belongs to one on a day (REG-13, REG-20). Definitions in definitions/register."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from canbo.common.findings import Finding, Refused
from canbo.common.language import pick
from canbo.common.text import nfc
from canbo.register import tiers
from canbo.register.holdings import Holder, Holding, holders

_OF_PERSON = frozenset({"tier", "staff_kind"})
_OF_HOLDING = frozenset(
    {"post_kind", "body", "role", "level", "unit_kind", "unit", "is_head", "is_key_leader", "is_base_party"}
)
Criterion = Mapping[str, Any]


@dataclass(frozen=True)
class Population:
    """One version of a definition, in force from a day until the next."""

    key: str
    vi: str
    en: str
    version: int
    valid_from: date
    any_of: tuple[Criterion, ...]
    except_for: tuple[Criterion, ...] = ()

    @property
    def label(self) -> str:
        """The name in the language in force."""
        return pick(self.vi, self.en)


@dataclass(frozen=True)
class Members:
    """The people of a population on a day, each once, with the version that decided; their number is the count."""

    population: Population
    day: date
    people: tuple[Holder, ...]
    findings: tuple[Finding, ...] = ()


def members(key: str, day: date, *, known: datetime | None = None, level: str | None = None) -> Members:
    """Who belongs to a population on a day, in the order of lists; ``level`` keeps those who hold it at that level.

    :raises Refused: there is no such population, or none in force on the day.
    """
    population = on(key, day)
    rules = tiers.rules_on(day, known=known)
    everybody = [(one, tiers.tier_of_person(one, rules)) for one in holders(day, known=known)]
    criteria = [{**one, "level": [level]} if level else one for one in population.any_of]
    found = [one for one, tier in everybody if any(holds(c, one, tier) for c in criteria)]
    tier_by = {one.id: tier for one, tier in everybody}
    kept = [one for one in found if not any(holds(c, one, tier_by[one.id]) for c in population.except_for)]
    noted = [_emptied(population, len(found))] if found and not kept else []
    return Members(population, day, tuple(kept), tuple(noted))


def holds(criterion: Criterion, person: Holder, tier: str | None) -> bool:
    """Whether a criterion holds of a person with the tier of the day.

    :raises KeyError: the criterion says something of no field.
    """
    if unknown := set(criterion) - _OF_PERSON - _OF_HOLDING:
        raise KeyError(sorted(unknown))
    of_person = {"tier": tier, "staff_kind": person.staff_kind}
    if not all(_agrees(of_person[name], criterion[name]) for name in criterion.keys() & _OF_PERSON):
        return False
    asked = criterion.keys() & _OF_HOLDING
    return not asked or any(_holding(one, criterion, asked) for one in person.holdings)


def in_both(first: Members, second: Members) -> list[Holder]:
    """Who is in both of two populations that are meant to exclude each other."""
    codes = {one.code for one in second.people}
    return [one for one in first.people if one.code in codes]


def in_neither(everybody: Members, groups: Sequence[Members]) -> list[Holder]:
    """Who of a population is in none of the groups that it is meant to be divided into."""
    codes = {one.code for group in groups for one in group.people}
    return [one for one in everybody.people if one.code not in codes]


def on(key: str, day: date) -> Population:
    """The version of a population in force on a day.

    :raises Refused: there is no such population, or none in force on the day.
    """
    versions = [one for one in definitions().get(key, ()) if one.valid_from <= day]
    if versions:
        return max(versions, key=lambda one: one.valid_from)
    listed = ", ".join(definitions())
    raise Refused(
        pick(
            f"Không có nhóm đối tượng “{key}” có hiệu lực ngày {day:%d/%m/%Y}. Các nhóm: {listed}.",
            f"There is no population “{key}” in force on {day:%d/%m/%Y}. Populations: {listed}.",
        )
    )


@lru_cache(maxsize=1)
def definitions() -> Mapping[str, tuple[Population, ...]]:
    """All versions of all populations by key."""
    source = files("canbo") / "definitions" / "register" / "populations.yaml"
    return {key: _read(key, raw) for key, raw in yaml.safe_load(source.read_text("utf-8")).items()}


def _read(key: str, raw: Mapping[str, Any]) -> tuple[Population, ...]:
    return tuple(
        Population(
            key, nfc(raw["vi"]), raw["en"], one["version"], one["valid_from"], tuple(one["any"]),
            tuple(one.get("except", ())),
        )
        for one in raw["versions"]
    )  # fmt: skip


def _holding(holding: Holding, criterion: Criterion, asked: "set[str]") -> bool:
    return all(_agrees(getattr(holding, name), criterion[name]) for name in asked)


def _agrees(value: object, asked: object) -> bool:
    return value in asked if isinstance(asked, list) else value == asked


def _emptied(population: Population, before: int) -> Finding:
    return Finding(
        "warning",
        "population_emptied",
        pick(
            f"Phần loại trừ của nhóm “{population.label}” loại hết cả {before} người.",
            f"The exclusions of “{population.label}” remove all {before} persons.",
        ),
        suggestion=pick("Hãy xem lại cấp và loại của các đơn vị.", "Check levels and kinds of the units."),
    )
