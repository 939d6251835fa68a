"""What the tabs of a unit's page show: posts, bodies, inhabitants, documents. Each is read only when it is opened."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from django.db.models import Q, QuerySet

from canbo.accounts.permissions import Permission
from canbo.codes import code_list
from canbo.common.language import pick
from canbo.register import demography, documents, positions, quotas, scoping, trees
from canbo.register.models import (
    Body,
    BodySeat,
    Demography,
    Person,
    PostHeld,
    Quota,
    Reorganisation,
    Term,
    Unit,
    UnitParameter,
    UnitSuccession,
)
from canbo.register.quotas import Balance
from canbo.web.organisations.asked import Asked, reads_names, whole_units
from canbo.web.organisations.levels import Named
from canbo.web.organisations.lives import named, readable_documents

SOON = timedelta(days=365)


@dataclass(frozen=True)
class Who:
    """Somebody whom the visitor may see."""

    code: str
    name: str


@dataclass(frozen=True)
class Position:
    """A job position: how many are planned, held and lacking, and who holds it as far as may be seen."""

    unit: Named
    name: str
    planned: int
    held: int
    lacking: int
    over: int
    holders: tuple[Who, ...]


@dataclass(frozen=True)
class Ending:
    """A post that ends within a year, by its own last day or the end of its term."""

    who: Who
    post: str
    last_day: date
    why: str


@dataclass(frozen=True)
class Posts:
    """Posts of a unit with all below it. ``balances`` None where the visitor does not see everybody there."""

    positions: tuple[Position, ...]
    endings: tuple[Ending, ...]
    balances: tuple[tuple[str, Balance], ...] | None


@dataclass(frozen=True)
class Seat:
    """A seat in a body; ``last_day`` None: still held."""

    who: Who
    role: str
    start: date
    last_day: date | None
    since_known: bool


@dataclass(frozen=True)
class BodyShown:
    """A body: how many places it has, who sits in it as far as may be seen, and how many seats are held."""

    name: str
    places: int | None
    seats: tuple[Seat, ...]
    held: int

    @property
    def empty(self) -> int | None:
        """How many places are empty; None where their number is not recorded."""
        return None if self.places is None else max(0, self.places - self.held)


@dataclass(frozen=True)
class TermShown:
    """A term that may be chosen."""

    id: int
    words: str
    start: date
    last_day: date | None


@dataclass(frozen=True)
class Inhabitants:
    """Inhabitants by ethnic group: the years as columns; ``compared`` None where the visitor may not read it."""

    years: tuple[int, ...]
    rows: tuple[tuple[str, tuple[int | None, ...]], ...]
    totals: tuple[int, ...]
    share: Fraction | None
    share_year: int | None
    compared: demography.Comparison | None


@dataclass(frozen=True)
class DocumentShown:
    """A document that concerns a unit, and how."""

    cited: str
    title: str
    issued_on: date | None
    how: str


def posts(asked: Asked, unit: Unit) -> Posts:
    """Job positions with who holds them, posts that end soon, quota against staff."""
    units = trees.subtree(unit, asked.day)
    staffing = positions.staffing_on(asked.day, units)
    seen = _seen(asked)
    holders: dict[tuple[int, str], list[Who]] = defaultdict(list)
    rows = PostHeld.objects.as_of(asked.day).filter(position__unit__in=units, person__in=seen)
    rows = rows.order_by("person__name_order", "pk") if staffing else rows.none()
    for unit_id, name, code, full in rows.values_list(
        "position__unit", "position__name", "person__code", "person__full_name"
    ):
        holders[unit_id, name].append(Who(code, full))
    names = named(asked.who, {one.position.unit_id for one in staffing}, asked.day)
    shown = tuple(
        Position(
            names[one.position.unit_id], one.position.name, one.position.planned, one.held, one.lacking, one.over,
            tuple(dict.fromkeys(holders[one.position.unit_id, one.position.name])),
        )
        for one in staffing
        if one.position.unit_id in names
    )  # fmt: skip
    whole = whole_units(asked.who, Permission.PEOPLE_READ).filter(pk=unit.pk).exists()
    labels = code_list("staff_kind")
    kept = tuple((labels[one.staff_kind].label, one) for one in quotas.balance_on(unit, asked.day)) if whole else None
    return Posts(shown, _endings(asked, units), kept)


def bodies(
    asked: Asked, unit: Unit, term: int | None
) -> tuple[tuple[BodyShown, ...], tuple[TermShown, ...], TermShown | None]:
    """The bodies with their seats on the day or in a term; the terms to choose from, and the one chosen."""
    level = unit.versions.order_by("-valid_from").values_list("level", flat=True).first()
    rows = Term.objects.filter(Q(unit=unit) | Q(unit=None, level=level or "")).order_by("-valid_from", "family")
    choices = tuple(_term(one) for one in rows)
    chosen = next((one for one in choices if one.id == term), None)
    seats = BodySeat.objects.filter(unit=unit, person__in=_seen(asked)).select_related("person")
    kept, every = Body.objects.filter(unit=unit), BodySeat.objects.filter(unit=unit)
    if chosen is None:
        seats, kept, every = (found.as_of(asked.day) for found in (seats, kept, every))
    else:
        within = Q(valid_from__lte=chosen.last_day or date.max) & (Q(valid_to=None) | Q(valid_to__gt=chosen.start))
        seats, kept, every = (found.filter(within) for found in (seats, kept, every))
    held: dict[str, int] = defaultdict(int)
    for body in every.values_list("body", flat=True):
        held[body] += 1
    places = dict(kept.order_by("valid_from").values_list("body", "places"))
    order = {role: place for place, role in enumerate(code_list("body_role").keys)}
    sitting: dict[str, list[BodySeat]] = defaultdict(list)
    for one in sorted(seats, key=lambda one: (order[one.role], one.person.name_order, one.pk)):
        sitting[one.body].append(one)
    labels = code_list("body")
    shown = tuple(
        BodyShown(labels[body].label, places.get(body), tuple(_seat(one) for one in sitting[body]), held[body])
        for body in labels.keys
        if body in places or held[body]
    )
    return shown, choices, chosen


def inhabitants(asked: Asked, unit: Unit) -> Inhabitants:
    """Inhabitants of a locality year by year, and its leaders beside them."""
    figures: dict[str, dict[int, int]] = defaultdict(dict)
    for year, group, number in Demography.objects.filter(unit=unit).values_list("year", "ethnicity", "inhabitants"):
        figures[group][year] = number
    years = sorted({year for some in figures.values() for year in some}, reverse=True)[:6]
    totals = tuple(sum(some.get(year, 0) for some in figures.values()) for year in years)
    order = sorted(figures, key=lambda group: (-figures[group].get(years[0], 0), group))
    labels = code_list("ethnicity")
    rows = tuple((labels[group].label, tuple(figures[group].get(year) for year in years)) for group in order)
    have = demography.population(unit, asked.day.year)
    may = asked.who.reads(Permission.PEOPLE_READ, "sensitive")
    whole = may and whole_units(asked.who, Permission.PEOPLE_READ).filter(pk=unit.pk).exists()
    compared = demography.leaders_compared(unit, asked.day) if whole else None
    return Inhabitants(
        tuple(years), rows, totals, have.minority_share if have else None, have.year if have else None, compared
    )


def documents_of(asked: Asked, unit: Unit) -> tuple[DocumentShown, ...]:
    """The documents behind what is recorded of a unit, and those it issued; only those that may be read."""
    succession = UnitSuccession.objects.filter(Q(predecessor=unit) | Q(successor=unit))
    sources = (
        (pick("tên, cấp, vị trí của đơn vị", "name, level, place of the unit"), unit.versions.all()),
        (pick("sắp xếp đơn vị", "reorganisation"), succession),
        (
            pick("sắp xếp đơn vị", "reorganisation"),
            Reorganisation.objects.filter(pk__in=succession.values("reorganisation")),
        ),
        (pick("biên chế", "quota"), Quota.objects.filter(unit=unit)),
        (pick("mục tiêu riêng", "own target"), UnitParameter.objects.filter(unit=unit)),
        (pick("tập thể lãnh đạo", "collective body"), Body.objects.filter(unit=unit)),
        (pick("số dân", "inhabitants"), Demography.objects.filter(unit=unit)),
    )
    how: dict[int, list[str]] = defaultdict(list)
    for words, rows in sources:
        for number in rows.filter(document__isnull=False).values_list("document", flat=True).distinct():
            how[number] += [] if words in how[number] else [words]
    found = readable_documents(asked.who).filter(Q(pk__in=how) | Q(issuer_unit=unit)).order_by("-issued_on", "-pk")
    issued = pick("do đơn vị ban hành", "issued by the unit")
    return tuple(
        DocumentShown(documents.cited(one), one.title, one.issued_on, ", ".join(how.get(one.pk, [issued])))
        for one in found[:200]
    )


def _seen(asked: Asked) -> QuerySet[Person]:
    if not reads_names(asked.who):
        return Person.objects.none()
    return scoping.people(asked.who.scope, Permission.PEOPLE_READ, day=asked.who.day)


def _endings(asked: Asked, units: Collection[int]) -> tuple[Ending, ...]:
    until = asked.day + SOON
    rows = PostHeld.objects.as_of(asked.day).filter(unit__in=units, person__in=_seen(asked))
    rows = rows.filter(Q(valid_to__lte=until) | Q(term_ends_on__range=(asked.day, until))).select_related("person")
    labels = code_list("post_kind")
    found = []
    for one in rows.order_by("person__name_order", "pk"):
        ends = [(one.valid_to - timedelta(days=1), pick("thôi giữ chức vụ", "post ends"))] if one.valid_to else []
        if one.term_ends_on:
            ends.append((one.term_ends_on, pick("hết thời hạn bổ nhiệm", "term of appointment ends")))
        last, why = min(ends)
        found.append(
            Ending(Who(one.person.code, one.person.full_name), one.post or labels[one.post_kind].label, last, why)
        )
    return tuple(sorted(found, key=lambda one: one.last_day))


def _term(one: Term) -> TermShown:
    family = pick("Đảng", "Party") if one.family == "party" else pick("Nhà nước", "State")
    last = one.valid_to - timedelta(days=1) if one.valid_to else None
    return TermShown(one.pk, f"{family}: {one.number}", one.valid_from, last)


def _seat(one: BodySeat) -> Seat:
    last = one.valid_to - timedelta(days=1) if one.valid_to else None
    who = Who(one.person.code, one.person.full_name)
    return Seat(who, code_list("body_role")[one.role].label, one.valid_from, last, one.since_known)
