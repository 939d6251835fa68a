"""A unit on a day and through its life: names, parents, what it came from and what follows it. Writes nothing."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from canbo.accounts.callers import Caller
from canbo.accounts.permissions import Permission
from canbo.codes import code_list
from canbo.register import documents, leadership, scoping, trees
from canbo.register.models import Document, Person, Unit, UnitSuccession, UnitVersion
from canbo.web.organisations.asked import READ, Asked, readable
from canbo.web.organisations.levels import Named, heirs_of


@dataclass(frozen=True)
class Period:
    """What a unit was for a period. ``last_day`` None: until now or a day not known; ``decision`` as it is cited."""

    name: str
    level: str
    kind: str
    sector: str
    start: date
    since_known: bool
    last_day: date | None
    parent: Named | None
    party_parent: Named | None
    decision: str
    holds: bool


@dataclass(frozen=True)
class Link:
    """Another unit that this one came from, or that follows it, and by which decision."""

    unit: Named
    on: date | None
    decision: str
    reorganisation: int | None


@dataclass(frozen=True)
class Face:
    """What stands at the head of a unit's page."""

    unit: Unit
    code: str
    name: str
    kind: str
    kind_key: str
    level: str
    level_key: str
    sector: str
    is_there: bool
    ended: date | None
    begins: date | None
    above: tuple[Named, ...]
    heirs: tuple[Named, ...]

    @property
    def last_day(self) -> date | None:
        """Its last day, where it has ended."""
        return self.ended - timedelta(days=1) if self.ended else None

    @property
    def is_locality(self) -> bool:
        """Whether it has inhabitants."""
        return self.kind_key == "locality"


@dataclass(frozen=True)
class LeaderShown:
    """A leader whom the visitor may see."""

    code: str
    name: str
    post: str
    is_head: bool
    is_acting: bool
    since: date
    since_known: bool


@dataclass(frozen=True)
class Leadership:
    """The leaders who may be seen; ``hidden``: whether there are others; ``faults`` where all may be seen."""

    leaders: tuple[LeaderShown, ...]
    hidden: bool
    faults: tuple[str, ...]


def face(asked: Asked, unit: Unit) -> Face:
    """The unit as it stood on the day, or as last known where it did not exist then."""
    versions = list(unit.versions.order_by("valid_from"))
    held = next((one for one in versions if one.valid_from <= asked.day and _outlasts(one, asked.day)), None)
    shown = held or next((one for one in reversed(versions) if one.valid_from <= asked.day), versions[0])
    last = versions[-1]
    ended = last.valid_to if last.valid_to is not None and last.valid_to <= asked.day else None
    ids = trees.ancestors(unit, shown.valid_from if held is None else asked.day)[::-1]
    names = named(asked.who, ids, asked.day)
    return Face(
        unit, unit.code, shown.name, code_list("unit_kind")[shown.kind].label, shown.kind,
        code_list("level")[shown.level].label, shown.level,
        code_list("sector")[shown.sector].label if shown.sector else "", held is not None, ended,
        versions[0].valid_from if asked.day < versions[0].valid_from else None,
        tuple(names[one] for one in ids if one in names),
        heirs_of([unit.pk], asked.who.day).get(unit.pk, ()) if ended else (),
    )  # fmt: skip


def periods(asked: Asked, unit: Unit) -> tuple[Period, ...]:
    """All that a unit was, the latest first."""
    versions = list(unit.versions.order_by("-valid_from"))
    above = {one for version in versions for one in (version.parent_id, version.party_parent_id) if one}
    names = named(asked.who, above, asked.day)
    cited = decisions(asked.who, {one.document_id for one in versions})
    return tuple(_period(one, asked.day, names, cited) for one in versions)


def links(asked: Asked, unit: Unit) -> tuple[tuple[Link, ...], tuple[Link, ...]]:
    """What a unit came from, and what follows it."""
    rows = list(UnitSuccession.objects.filter(Q(predecessor=unit) | Q(successor=unit)).order_by("on_day", "pk"))
    others = {one.predecessor_id if one.successor_id == unit.pk else one.successor_id for one in rows}
    names = named(asked.who, others, asked.who.day)
    cited = decisions(asked.who, {one.document_id for one in rows})

    def shown(other: int, one: UnitSuccession) -> list[Link]:
        made = (
            Link(names[other], one.on_day, cited.get(one.document_id or 0, ""), one.reorganisation_id)
            if other in names
            else None
        )
        return [made] if made else []

    before = [link for one in rows if one.successor_id == unit.pk for link in shown(one.predecessor_id, one)]
    after = [link for one in rows if one.predecessor_id == unit.pk for link in shown(one.successor_id, one)]
    return tuple(before), tuple(after)


def leaders(asked: Asked, unit: Unit) -> Leadership:
    """Who leads a unit on the day, as far as the visitor may read their names."""
    team = leadership.team_on(unit, asked.day).leaders
    seen = visible_people(asked.who, {one.person_id for one in team})
    labels = code_list("post_kind")
    shown = tuple(
        LeaderShown(
            one.code, one.name, one.post or labels[one.post_kind].label, one.is_head, one.is_acting, one.since,
            one.since_known,
        )
        for one in team
        if one.person_id in seen
    )  # fmt: skip
    hidden = len(shown) < len(team)
    faults = () if hidden else tuple(one.message for one in leadership.faults(asked.day, [unit.pk]))
    return Leadership(shown, hidden, faults)


def visible_people(who: Caller, ids: Collection[int]) -> dict[int, str]:
    """Of some persons, by their ids, the codes of those whose names the visitor may read."""
    if not ids:
        return {}
    persons = list(Person.objects.filter(pk__in=ids))
    classes = scoping.readable_classes(who.scope, persons, day=who.day)
    return {one.pk: one.code for one in persons if classes.get(one.code, "public") != "public"}


def named(who: Caller, ids: Iterable[int], day: date) -> dict[int, Named]:
    """Code and name of those of some units that the visitor may read: the name of the day, or the nearest earlier."""
    wanted = set(ids)
    if not wanted:
        return {}
    found: dict[int, Named] = {}
    versions = UnitVersion.objects.filter(unit__in=readable(who).filter(pk__in=wanted)).order_by("valid_from")
    for unit_id, code, name, start in versions.values_list("unit_id", "unit__code", "name", "valid_from"):
        if start <= day or unit_id not in found:
            found[unit_id] = Named(code, name)
    return found


def readable_documents(who: Caller) -> QuerySet[Document]:
    """All documents for who sees the whole province, else those issued by the visitor's units; secret ones by depth."""
    found = Document.objects.all()
    if not who.is_unlimited(READ):
        found = found.filter(issuer_unit__in=readable(who))
    reads_secret = who.reads(Permission.ORGANISATIONS_READ, "sensitive")
    return found if reads_secret else documents.readable_among(found, "normal")


def decisions(who: Caller, ids: Iterable[int | None]) -> dict[int, str]:
    """How documents are cited, by id, of those that the visitor may read."""
    wanted = {one for one in ids if one is not None}
    if not wanted:
        return {}
    return {one.pk: documents.cited(one) for one in readable_documents(who).filter(pk__in=wanted)}


def _period(one: UnitVersion, day: date, names: dict[int, Named], cited: dict[int, str]) -> Period:
    return Period(
        one.name, code_list("level")[one.level].label, code_list("unit_kind")[one.kind].label,
        code_list("sector")[one.sector].label if one.sector else "", one.valid_from, one.since_known,
        one.valid_to - timedelta(days=1) if one.valid_to else None, names.get(one.parent_id or 0),
        names.get(one.party_parent_id or 0), cited.get(one.document_id or 0, ""),
        one.valid_from <= day and _outlasts(one, day),
    )  # fmt: skip


def _outlasts(version: UnitVersion, day: date) -> bool:
    return version.valid_to is None or version.valid_to > day
