"""Who could fill a position, against its title's standard on the day of the decision; never a score, never a choice.

For each person: what is not met and since when it will be, whether planned and since when, the last grade, discipline
in effect, relatives among those who handle the case, and the age on the days that matter.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from canbo.register import merit, relatives, requirements, standards
from canbo.register.models import Evaluation, Person, PoolEntry, Qualification, Relative, Title
from canbo.register.pools import age_on

_RECENT = timedelta(days=90)
"""A planning entry younger than this on the day of decision is pointed out."""


@dataclass(frozen=True)
class Candidate:
    """One person against the standard of a title.

    ``not_met`` and ``unknown``: names of requirements. ``met_from``: for a requirement not met, the day from which what
    the register already holds meets it. ``planned_on``: since when the person is in the pool for this title; None: is
    not. ``just_planned``: for less than 90 days. ``kin``: codes of those handling the case who are relatives.
    """

    code: str
    full_name: str
    age: int
    not_met: tuple[str, ...]
    unknown: tuple[str, ...]
    met_from: Mapping[str, date]
    planned_on: date | None
    just_planned: bool
    last_grade: tuple[str, str] | None
    in_discipline: bool
    kin: tuple[str, ...]

    @property
    def meets_standard(self) -> bool:
        """Every requirement is known to be met on the day."""
        return not self.not_met and not self.unknown


def against_standard(
    title: Title, people: Collection[Person], *, day: date, handled_by: Collection[str] = ()
) -> list[Candidate]:
    """The people, by name, against the standard of ``title`` in force on ``day`` (of the decision).

    ``handled_by``: codes of those who handle the case. A title without a standard asks nothing that could be met: all
    its candidates have it as unknown.
    """
    standard = standards.standard_on(title, day)
    asked: Mapping[str, Any] = standard.requirements if standard else {}
    values = requirements.values_on([person.pk for person in people], day)
    return [
        _candidate(person, title, asked, values[person.pk], day, handled_by, has_standard=standard is not None)
        for person in sorted(people, key=lambda one: (one.name_order, one.code))
    ]


def _candidate(
    person: Person,
    title: Title,
    asked: Mapping[str, Any],
    had: Mapping[str, Any],
    day: date,
    handled_by: Collection[str],
    *,
    has_standard: bool,
) -> Candidate:
    not_met, unknown = requirements.unmet(asked, had)
    planned = _planned(person, title, day)
    return Candidate(
        person.code,
        person.full_name,
        age_on(person.birth_date, day),
        not_met,
        unknown if has_standard else ("standard",),
        _met_from(person, asked, not_met, day),
        planned,
        planned is not None and day - planned < _RECENT,
        _last_grade(person, day),
        bool(merit.in_effect(person, day)),
        _kin(person, day, handled_by),
    )


def _met_from(person: Person, asked: Mapping[str, Any], names: Collection[str], day: date) -> dict[str, date]:
    """The day of the later award that meets each requirement, where the register holds one."""
    later = Qualification.objects.filter(person=person, awarded_on__gt=day).order_by("awarded_on", "id")
    found: dict[str, date] = {}
    for row in later:
        met = requirements.values_on([person.pk], row.awarded_on)[person.pk]
        still, _ = requirements.unmet({name: asked[name] for name in names}, met)
        for name in names:
            if name not in still and name in requirements.ORDERED:
                found.setdefault(name, row.awarded_on)
    return found


def _planned(person: Person, title: Title, day: date) -> date | None:
    entry = PoolEntry.objects.as_of(day).filter(person=person, post_kind=title.post_kind).order_by("valid_from").first()
    return entry.valid_from if entry else None


def _last_grade(person: Person, day: date) -> tuple[str, str] | None:
    """Period and grade of the last evaluation decided by the day."""
    row = (
        Evaluation.objects.filter(person=person, grade__isnull=False, evaluated_on__lte=day)
        .order_by("-evaluated_on", "-id")
        .first()
    )
    return (row.period, row.grade) if row and row.grade else None


def _kin(person: Person, day: date, handled_by: Collection[str]) -> tuple[str, ...]:
    codes = {code for row in relatives.in_register(person, day) for code in _both_ends(row)}
    return tuple(sorted(codes & set(handled_by) - {person.code}))


def _both_ends(row: Relative) -> tuple[str, ...]:
    return (row.person.code, row.other.code) if row.other else (row.person.code,)
