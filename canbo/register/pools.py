"""Succession pools as they stand on a day: size, age cohorts, women, minorities, against a rule; who came and went.

Entries and persons are counted apart: one person may stand in several lists. Proposes nothing and decides nothing.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from canbo.register.models import PoolEntry


@dataclass(frozen=True)
class Cohorts:
    """The limits of the three age cohorts: under ``young``, from ``young`` to ``old``, over ``old`` (full years)."""

    young: int = 40
    old: int = 50

    def of(self, age: int) -> int:
        """0, 1 or 2: the cohort of an age."""
        return 0 if age < self.young else 1 if age <= self.old else 2


@dataclass(frozen=True)
class LeastShares:
    """The least shares that a list must reach, with the rule they come from (shown beside every verdict)."""

    rule: str
    young: Fraction | None = None
    women: Fraction | None = None
    minorities: Fraction | None = None


@dataclass(frozen=True)
class Member:
    """One person in a list on a day; ``minority`` is None where the ethnicity is unknown."""

    code: str
    name: str
    birth_date: date
    is_woman: bool
    minority: bool | None


@dataclass(frozen=True)
class Verdict:
    """Whether one least share is reached: exact counts, and how many are lacking at this size."""

    part: str
    count: int
    size: int
    least: Fraction
    lacking: int

    @property
    def holds(self) -> bool:
        """Whether it is reached, compared as exact fractions. An empty list reaches nothing."""
        return self.size > 0 and Fraction(self.count, self.size) >= self.least


@dataclass(frozen=True)
class Composition:
    """A list on a day."""

    day: date
    members: tuple[Member, ...]
    cohorts: tuple[int, int, int]
    women: int
    minorities: int
    minority_unknown: int

    @property
    def size(self) -> int:
        """Persons, each once."""
        return len(self.members)

    def against(self, rule: LeastShares) -> tuple[Verdict, ...]:
        """The verdicts for every share that the rule names."""
        parts = (
            ("young", self.cohorts[0], rule.young),
            ("women", self.women, rule.women),
            ("minorities", self.minorities, rule.minorities),
        )
        return tuple(
            Verdict(name, count, self.size, least, max(0, _ceiling(least * self.size) - count))
            for name, count, least in parts
            if least is not None
        )


@dataclass(frozen=True)
class Review:
    """A list between two days: who turned into an older cohort, who went out and why, who came in."""

    before: Composition
    after: Composition
    older: tuple[Member, ...]
    gone: tuple[tuple[Member, str], ...]
    new: tuple[Member, ...]


def members_on(day: date, *, pool_list: str, leaving_out: frozenset[str] = frozenset()) -> tuple[Member, ...]:
    """Who stands in a list on a day, by name; ``leaving_out`` (person codes) tries what would be without them."""
    found = {
        entry.person.code: _member(entry)
        for entry in PoolEntry.objects.as_of(day).filter(pool_list__code=pool_list).select_related("person")
        if entry.person.code not in leaving_out
    }
    return tuple(sorted(found.values(), key=lambda member: member.code))


def compose(members: Sequence[Member], *, day: date, cohorts: Cohorts | None = None) -> Composition:
    """The composition of members by their ages on a day. A later day shows what only time changes."""
    limits = cohorts or Cohorts()
    counts = Counter(limits.of(age_on(member.birth_date, day)) for member in members)
    return Composition(
        day,
        tuple(members),
        (counts[0], counts[1], counts[2]),
        sum(member.is_woman for member in members),
        sum(member.minority is True for member in members),
        sum(member.minority is None for member in members),
    )


def review(pool_list: str, *, start: date, end: date, cohorts: Cohorts | None = None) -> Review:
    """What a list was on ``start`` and is on ``end``; closed entries stay readable with their reasons."""
    limits = cohorts or Cohorts()
    was, now = members_on(start, pool_list=pool_list), members_on(end, pool_list=pool_list)
    codes_now, codes_was = {m.code for m in now}, {m.code for m in was}
    reasons = dict(
        PoolEntry.objects.filter(pool_list__code=pool_list, valid_to__gt=start, valid_to__lte=end).values_list(
            "person__code", "removed_why"
        )
    )
    return Review(
        compose(was, day=start, cohorts=limits),
        compose(now, day=end, cohorts=limits),
        tuple(
            m
            for m in now
            if m.code in codes_was and limits.of(age_on(m.birth_date, end)) > limits.of(age_on(m.birth_date, start))
        ),
        tuple((m, reasons.get(m.code) or "") for m in was if m.code not in codes_now),
        tuple(m for m in now if m.code not in codes_was),
    )


@dataclass(frozen=True)
class Census:
    """Entries and the distinct persons behind them; who stands in several lists, with how many."""

    entries: int
    persons: int
    several: dict[str, int]


def census(day: date, *, term: str) -> Census:
    """The open entries of a term on a day."""
    counts = Counter(PoolEntry.objects.as_of(day).filter(term=term).values_list("person__code", flat=True))
    return Census(sum(counts.values()), len(counts), {code: n for code, n in sorted(counts.items()) if n > 1})


def age_on(birth: date, day: date) -> int:
    """Full years on a day; who was born on 29/02 is a year older on 01/03 of a common year."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def _member(entry: PoolEntry) -> Member:
    person = entry.person
    minority = None if person.ethnicity is None else person.ethnicity != "Kinh"
    return Member(person.code, person.full_name, person.birth_date, person.sex == "female", minority)


def _ceiling(share: Fraction) -> int:
    return -(-share.numerator // share.denominator)
