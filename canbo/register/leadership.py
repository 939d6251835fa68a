"""Who leads a unit on a day: head, deputies, acting or not; units without a head or with two (ORG-04, ORG-12)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from canbo.codes import code_list
from canbo.common.findings import Finding
from canbo.common.language import pick
from canbo.register.models import PostHeld, Unit, UnitVersion

DEPUTY_OF: Mapping[str, str] = {
    "party_secretary": "party_deputy_secretary",
    "council_chair": "council_vice_chair",
    "committee_chair": "committee_vice_chair",
    "agency_head": "agency_deputy",
    "division_head": "division_deputy",
    "service_head": "service_deputy",
}
"""Group of posts of a head: that of the deputies."""
_OF_UNIT: Mapping[str, tuple[str, ...]] = {
    "locality": ("party_secretary", "council_chair", "committee_chair"),
    "division": ("division_head",),
    "public_service": ("service_head",),
}


@dataclass(frozen=True)
class Leader:
    """One person in one leading post."""

    person_id: int
    code: str
    name: str
    sex: str
    ethnicity: str | None
    post_kind: str
    post: str | None
    is_head: bool
    is_acting: bool
    since: date
    since_known: bool


@dataclass(frozen=True)
class Team:
    """The leadership team (ban lãnh đạo) of a unit: heads first, then deputies, by group of posts and name."""

    unit_id: int
    leaders: tuple[Leader, ...]

    @property
    def heads(self) -> tuple[Leader, ...]:
        """The heads: one for each group of posts; a locality has a secretary and chairs."""
        return tuple(one for one in self.leaders if one.is_head)

    @property
    def people(self) -> int:
        """Persons, each once."""
        return len({one.person_id for one in self.leaders})

    @property
    def women(self) -> int:
        """Women, each once."""
        return len({one.person_id for one in self.leaders if one.sex == "female"})


def team_on(unit: Unit, day: date) -> Team:
    """The team of a unit on a day; empty where nobody leads it."""
    return teams_on(day, [unit.id]).get(unit.id, Team(unit.id, ()))


def teams_on(day: date, unit_ids: Iterable[int] | None = None) -> dict[int, Team]:
    """The teams of units on a day, by unit; all units that exist on the day where none are given.

    A team is who is marked as head, and the deputies of such a head: where the unit never had a head, those that units
    of its kind have. Heads of divisions entered in the agency itself are not of the agency's team.
    """
    kinds = {v.unit_id: v.kind for v in _versions(day, unit_ids)}
    posts = _leading_posts(day, kinds)
    groups = _head_groups(kinds)
    found: dict[int, list[Leader]] = defaultdict(list)
    for post in posts:
        deputies = {DEPUTY_OF[kind] for kind in groups[post.unit_id] if kind in DEPUTY_OF}
        if post.is_head or post.post_kind in deputies:
            found[post.unit_id].append(_leader(post))
    return {unit_id: Team(unit_id, tuple(found[unit_id])) for unit_id in kinds}


def heads_on(unit: Unit, day: date) -> tuple[Leader, ...]:
    """The head of a unit on a day: none, one, or one for each group of posts."""
    return team_on(unit, day).heads


def faults(day: date, unit_ids: Iterable[int] | None = None) -> list[Finding]:
    """Units on a day without head, with two heads in one group of posts, or with an acting head only."""
    names = {v.unit_id: v for v in _versions(day, unit_ids)}
    teams = teams_on(day, list(names))
    result = []
    for unit_id, version in sorted(names.items(), key=lambda item: item[1].unit.code):
        result += _of_team(version, teams[unit_id], day)
    return result


def _versions(day: date, unit_ids: Iterable[int] | None) -> Sequence[UnitVersion]:
    versions = UnitVersion.objects.as_of(day).select_related("unit")
    return list(versions if unit_ids is None else versions.filter(unit_id__in=list(unit_ids)))


def _leading_posts(day: date, kinds: Mapping[int, str]) -> Sequence[PostHeld]:
    order = {kind: position for position, kind in enumerate(code_list("post_kind").keys)}
    posts = (
        PostHeld.objects.as_of(day).filter(unit_id__in=list(kinds)).exclude(post_kind__in=["professional", "support"])
    )
    found = posts.filter(person__merged_into=None).select_related("person")
    return sorted(found, key=lambda p: (not p.is_head, order[p.post_kind], p.is_acting, p.person.name_order, p.id))


def _head_groups(kinds: Mapping[int, str]) -> Mapping[int, Sequence[str]]:
    """The groups of posts that heads of each unit hold or held; where there was none, by the kind of the unit."""
    seen: dict[int, set[str]] = defaultdict(set)
    for unit_id, kind in (
        PostHeld.objects.filter(unit_id__in=list(kinds), is_head=True).values_list("unit_id", "post_kind").distinct()
    ):
        seen[unit_id].add(kind)
    return {unit_id: sorted(seen[unit_id]) or _OF_UNIT.get(kind, ("agency_head",)) for unit_id, kind in kinds.items()}


def _leader(post: PostHeld) -> Leader:
    person = post.person
    return Leader(
        person.id,
        person.code,
        person.full_name,
        person.sex,
        person.ethnicity,
        post.post_kind,
        post.post,
        post.is_head,
        post.is_acting,
        post.valid_from,
        post.since_known,
    )


def _of_team(version: UnitVersion, team: Team, day: date) -> list[Finding]:
    if not team.heads:
        return [_finding("warning", "head_none", version, day, pick("không có người đứng đầu", "has no head"))]
    result = []
    for kind in dict.fromkeys(one.post_kind for one in team.heads):
        heads = [one for one in team.heads if one.post_kind == kind]
        label, names = code_list("post_kind")[kind].label, ", ".join(f"{one.name} ({one.code})" for one in heads)
        if len({one.person_id for one in heads if not one.is_acting}) > 1:
            what = pick(f"có hai người đứng đầu ({label}): {names}", f"has two heads ({label}): {names}")
            result.append(_finding("error", "head_two", version, day, what))
        elif all(one.is_acting for one in heads):
            what = pick(
                f"chỉ có người phụ trách, giao quyền ({label}): {names}", f"has only an acting head ({label}): {names}"
            )
            result.append(_finding("warning", "head_acting", version, day, what))
    return result


def _finding(severity: str, code: str, version: UnitVersion, day: date, what: str) -> Finding:
    return Finding(
        "error" if severity == "error" else "warning",
        code,
        pick(
            f"Ngày {day:%d/%m/%Y}, “{version.name}” ({version.unit.code}) {what}.",
            f"On {day:%d/%m/%Y}, “{version.name}” ({version.unit.code}) {what}.",
        ),
        suggestion=pick("Hãy kiểm tra các chức vụ của đơn vị.", "Check the posts of the unit."),
        value=version.unit.code,
    )
