"""What people lack against the standards of their titles and of their rank on a day, each with its reason (REG-04).

Three answers: met (not listed), not met, unknown. Where there is no standard to ask it is listed apart, never as met.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from django.db.models import Q

from canbo.codes import code_list
from canbo.common.language import pick
from canbo.register import requirements
from canbo.register.certified import Certificates, certified_on
from canbo.register.gap_words import reason
from canbo.register.models import Employment, Person, PostHeld, RankStandard, Title, TitleStandard, Unit, UnitVersion

Of = Literal["title", "rank"]
Verdict = Literal["not_met", "unknown"]


@dataclass(frozen=True)
class Gap:
    """One requirement of a person's title or rank, called ``name``, that is not met or of which it is unknown."""

    person_code: str
    full_name: str
    unit: str | None
    of: Of
    name: str
    requirement: str
    verdict: Verdict
    reason: str


@dataclass(frozen=True)
class Unasked:
    """A post or rank for which there is no standard to ask; ``name`` is None where the rank itself is unknown."""

    person_code: str
    of: Of
    name: str | None


@dataclass(frozen=True)
class Gaps:
    """The gaps on a day, and where nothing could be asked."""

    day: date
    gaps: tuple[Gap, ...]
    without_standard: tuple[Unasked, ...]

    def of_person(self, code: str) -> tuple[Gap, ...]:
        """The gaps of one person."""
        return tuple(one for one in self.gaps if one.person_code == code)


@dataclass(frozen=True)
class _Standards:
    """The versions in force on the day, by title and by rank, and the titles that have one."""

    titles: Mapping[int, Mapping[str, Any]]
    ranks: Mapping[str, Mapping[str, Any]]
    known: tuple[Title, ...]
    levels: Mapping[int, str]

    def title_of(self, post: PostHeld) -> Title | None:
        """The title of a post: its own, that of its position, else the only one of its group and level."""
        own = post.title or (post.position.title if post.position else None)
        if own is not None:
            return own
        level = self.levels.get(post.unit_id)
        fitting = [one for one in self.known if one.post_kind == post.post_kind and one.level in (None, level)]
        return fitting[0] if len(fitting) == 1 else None


@dataclass(frozen=True)
class _Subject:
    """A person with what the register holds on the day."""

    person: Person
    unit: str | None
    values: Mapping[str, Any]
    certificates: Certificates


def gaps_on(day: date, *, units: Iterable[Unit] | None = None) -> Gaps:
    """What those in service on a day lack, in the order of lists: for each title held, then for the rank.

    ``units``: only people with a post in one of them, or employed there without a post.
    """
    posts = _posts(day, None if units is None else [unit.pk for unit in units])
    people = _people(posts, day, None if units is None else [unit.pk for unit in units])
    values = requirements.values_on(people, day)
    certificates = certified_on(people, day)
    standards = _standards(day)
    found: list[Gap] = []
    unasked: list[Unasked] = []
    for key, (person, unit) in people.items():
        subject = _Subject(person, unit, values[key], certificates.get(key, {}))
        for of, name, asked in _asked(posts.get(key, []), subject, standards):
            if asked is None:
                unasked.append(Unasked(person.code, of, name))
            else:
                found += _compared(subject, of, name or "", asked)
    return Gaps(day, tuple(found), tuple(unasked))


def _compared(subject: _Subject, of: Of, name: str, asked: Mapping[str, Any]) -> list[Gap]:
    failing, unknown = requirements.unmet(asked, subject.values)
    said = pick(f"ngạch {name}", f"the rank {name}") if of == "rank" else pick(f"chức danh {name}", f"the title {name}")
    found = []
    for requirement in sorted((*failing, *unknown), key=requirements.NAMES.index):
        verdict: Verdict = "not_met" if requirement in failing else "unknown"
        told = reason(said, requirement, asked[requirement], subject.values, subject.certificates, verdict)
        person = subject.person
        found.append(Gap(person.code, person.full_name, subject.unit, of, name, requirement, verdict, told))
    return found


def _asked(
    posts: Iterable[PostHeld], subject: _Subject, standards: _Standards
) -> list[tuple[Of, str | None, Mapping[str, Any] | None]]:
    """What each title and the rank of a person ask; None where no standard does."""
    found: list[tuple[Of, str | None, Mapping[str, Any] | None]] = []
    for post in posts:
        title = standards.title_of(post)
        name = title.name if title else post.post or code_list("post_kind")[post.post_kind].label
        asked = standards.titles.get(title.pk) if title else None
        if ("title", name, asked) not in found:
            found.append(("title", name, asked))
    rank = subject.values.get("rank")
    if rank is None:
        return [*found, ("rank", None, None)]
    return [*found, ("rank", code_list("rank")[rank].label, standards.ranks.get(rank))]


def _posts(day: date, units: list[int] | None) -> dict[int, list[PostHeld]]:
    rows = (
        PostHeld.objects.as_of(day)
        .filter(person__merged_into__isnull=True)
        .select_related("person", "unit", "title", "position__title")
    )
    if units is not None:
        rows = rows.filter(person__in=rows.filter(unit__in=units).values("person"))
    found: dict[int, list[PostHeld]] = {}
    for row in rows.order_by("-is_main", "id"):
        found.setdefault(row.person_id, []).append(row)
    return found


def _people(
    posts: Mapping[int, list[PostHeld]], day: date, units: list[int] | None
) -> dict[int, tuple[Person, str | None]]:
    """Person and unit (of the main post, else of the employment), in the order of lists."""
    people: dict[int, tuple[Person, str | None]] = {
        key: (rows[0].person, rows[0].unit.code) for key, rows in posts.items()
    }
    employed = Employment.objects.as_of(day).filter(person__merged_into__isnull=True)
    if units is not None:
        held = PostHeld.objects.as_of(day).values("person")
        employed = employed.filter(Q(unit__in=units) & ~Q(person__in=held))
    for row in employed.select_related("person", "unit"):
        people.setdefault(row.person_id, (row.person, row.unit.code if row.unit else None))
    ordered = sorted(people.values(), key=lambda one: (one[0].name_order, one[0].code))
    return {person.pk: (person, unit) for person, unit in ordered}


def _standards(day: date) -> _Standards:
    titles = list(TitleStandard.objects.as_of(day).select_related("title"))
    ranks = RankStandard.objects.as_of(day)
    return _Standards(
        {row.title_id: row.requirements for row in titles},
        {row.rank: row.requirements for row in ranks},
        tuple(row.title for row in titles),
        dict(UnitVersion.objects.as_of(day).values_list("unit_id", "level")),
    )
