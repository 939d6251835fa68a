"""The management tier (diện quản lý) of posts, seats and persons on a day, by the rules of that day (REG-12).

Nothing is stored: the tier belongs to the title in a kind of unit and reaches the person through what he or she holds.
A tier stated on a post goes before the rules, as a documented exception.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from canbo.codes import code_list
from canbo.register.holdings import Holder, Holding, holders, on_day
from canbo.register.people import rows_known


@dataclass(frozen=True)
class Rule:
    """A delegation rule in force; None means any. A rule with a body is about seats, one without about posts."""

    tier: str
    post_kind: str | None = None
    body: str | None = None
    role: str | None = None
    unit_kind: str | None = None
    level: str | None = None

    @property
    def specific(self) -> int:
        """How many conditions it states."""
        stated = (self.post_kind, self.body, self.role, self.unit_kind, self.level)
        return sum(value is not None for value in stated)


@dataclass(frozen=True)
class Uncovered:
    """A post that no rule covers and for which none is stated."""

    person_code: str
    full_name: str
    unit: str
    post_kind: str
    post: str


def tier_of(holding: Holding, rules: Iterable[Rule]) -> str | None:
    """The stated tier, else that of the most specific rule; of equally specific ones the highest. None: no rule."""
    if holding.stated_tier is not None:
        return holding.stated_tier
    fitting = [rule for rule in rules if _fits(rule, holding)]
    most = max((rule.specific for rule in fitting), default=0)
    return highest(rule.tier for rule in fitting if rule.specific == most)


def tier_of_person(person: Holder, rules: Iterable[Rule]) -> str | None:
    """The highest tier over all posts and seats of the day."""
    stated = list(rules)
    return highest(tier for one in person.holdings if (tier := tier_of(one, stated)) is not None)


def highest(tiers: Iterable[str]) -> str | None:
    """The highest of some tiers; the code list has the highest first."""
    order = code_list("managed_by")
    return min(tiers, key=lambda tier: order[tier].position, default=None)


def rules_on(day: date, *, known: datetime | None = None) -> list[Rule]:
    """The delegation rules in force on a day."""
    return [
        Rule(row["tier"], row["post_kind"], row["body"], row["body_role"], row["unit_kind"], row["level"])
        for row in on_day(rows_known("DelegationRule", known), day)
    ]


def tiers_on(day: date, *, known: datetime | None = None, persons: Collection[int] | None = None) -> dict[str, str]:
    """Tier by person code on a day, of all or of some persons (by their ids); who has none is not in it."""
    rules = rules_on(day, known=known)
    found = ((one.code, tier_of_person(one, rules)) for one in holders(day, known=known, persons=persons))
    return {code: tier for code, tier in found if tier is not None}


def uncovered(day: date) -> list[Uncovered]:
    """The exceptions to look at: posts on a day that no rule covers."""
    rules = rules_on(day)
    return [
        Uncovered(person.code, person.full_name, one.unit, one.post_kind, one.name)
        for person in holders(day)
        for one in person.holdings
        if one.post_kind is not None and tier_of(one, rules) is None
    ]


def stated(day: date) -> list[tuple[Holder, Holding]]:
    """The posts whose tier is stated against the rules of the day, with or without its document."""
    rules = [*rules_on(day)]
    return [
        (person, one)
        for person in holders(day)
        for one in person.holdings
        if one.stated_tier is not None and one.stated_tier != tier_of(_by_rule(one), rules)
    ]


def _fits(rule: Rule, holding: Holding) -> bool:
    if (rule.body is None) != (holding.body is None):
        return False
    pairs = (
        (rule.post_kind, holding.post_kind),
        (rule.body, holding.body),
        (rule.role, holding.role),
        (rule.unit_kind, holding.unit_kind),
        (rule.level, holding.level),
    )
    return all(asked is None or asked == had for asked, had in pairs)


def _by_rule(holding: Holding) -> Holding:
    return Holding(holding.unit, holding.unit_kind, holding.level, post_kind=holding.post_kind)
