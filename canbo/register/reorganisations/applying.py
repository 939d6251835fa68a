"""Carrying out a plan of reorganisation, or showing what it would do: the same work, rolled back."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction

from canbo.accounts import mandates
from canbo.accounts.models import Mandate
from canbo.audit.changes import change
from canbo.common.findings import Finding
from canbo.register import documents, trees
from canbo.register.models import Document, Person, Reorganisation, UnitVersion
from canbo.register.refusals import explained
from canbo.register.reorganisations import facts, findings, units
from canbo.register.reorganisations.cutting import Count, fetch, prepare, run
from canbo.register.reorganisations.plans import Plan
from canbo.register.reorganisations.resolving import Changes, changes_of, ids_of


@dataclass(frozen=True)
class DayOutcome:
    """What one day of the plan does. Units as (code, name); ``counts`` by model name; ``people`` touched."""

    day: date
    founded: tuple[tuple[str, str], ...]
    dissolved: tuple[tuple[str, str], ...]
    altered: tuple[tuple[str, str], ...]
    links: tuple[tuple[str, str], ...]
    versions_begun: int
    counts: Mapping[str, Count]
    people: int
    mandates: int


@dataclass(frozen=True)
class Preview:
    """What a plan does, day by day, and what is to be decided."""

    title: str
    days: tuple[DayOutcome, ...]
    findings: tuple[Finding, ...] = field(default=())

    def as_json(self) -> dict[str, Any]:
        """Plain values; days as ISO text."""
        days = [asdict(day) | {"day": day.day.isoformat()} for day in self.days]
        return {"title": self.title, "days": days, "findings": [finding.as_json() for finding in self.findings]}


class _Shown(Exception):
    """Ends a preview: everything written is rolled back."""


def preview(plan: Plan, *, by: str, at: datetime) -> Preview:
    """What ``apply`` would do, with the same checks; nothing is kept.

    :raises Refused: the plan cannot be carried out.
    """
    shown = None
    try:
        with transaction.atomic(), explained(who=plan.title), change(by=by, at=at, action="reorganisation.preview"):
            shown = _carry_out(plan, by=by, at=at)[1]
            raise _Shown
    except _Shown:
        pass
    assert shown is not None
    return shown


def apply(plan: Plan, *, by: str, at: datetime) -> tuple[Reorganisation, Preview]:
    """Carry the plan out as one change, whole or not at all; what was done and what is to be decided.

    :raises Refused: the plan cannot be carried out; nothing was written.
    """
    with explained(who=plan.title), change(by=by, at=at, action="reorganisation.apply") as running:
        reorganisation, done = _carry_out(plan, by=by, at=at, change_id=str(running.id))
        running.subject = running.subject or f"reorganisation:{reorganisation.pk}"
        running.detail["reorganisation"] = reorganisation.pk
    return reorganisation, done


def _carry_out(plan: Plan, *, by: str, at: datetime, change_id: str = "") -> tuple[Reorganisation, Preview]:
    document = _document(plan, by=by, at=at)
    kinds = {operation.kind for operation in plan.operations}
    reorganisation = Reorganisation.objects.create(
        kind=kinds.pop() if len(kinds) == 1 else "several",
        on_day=plan.days[0],
        title=plan.title,
        plan=plan.as_json() | {"change": change_id},
        document=document,
    )
    days, open_questions = [], []
    for day in plan.days:
        days.append(_carry_out_day(plan, day, reorganisation, document, by=by, at=at))
        open_questions += findings.conflicts(day)
    return reorganisation, Preview(plan.title, tuple(days), tuple(open_questions))


def _carry_out_day(
    plan: Plan, day: date, reorganisation: Reorganisation, document: Document, *, by: str, at: datetime
) -> DayOutcome:
    changes = changes_of(plan, day)
    names = _names(changes, day)
    with trees.kept_sound():
        units.found(changes, document)
        _prepare(changes)
        units.close(changes)
        begun = units.alter(changes, document)
    counts = facts.move(day, document)
    units.link(changes, reorganisation, document)
    findings.require_nobody_left(day)
    moved = _follow_mandates(changes, by=by, at=at)
    run("UPDATE register_person SET revision = revision + 1 WHERE id IN (SELECT person_id FROM reorg_people)")
    return DayOutcome(
        day,
        tuple((code, str(new.values["name"])) for code, (new, _) in changes.founded.items()),
        tuple((code, names.get(code, code)) for code in changes.heirs),
        tuple((code, names.get(code, code)) for code in changes.altered),
        tuple(changes.links),
        begun + len(changes.founded),
        counts,
        int(fetch("SELECT count(DISTINCT person_id) FROM reorg_people")[0][0]),
        moved,
    )


def _prepare(changes: Changes) -> None:
    id_of = ids_of([*changes.codes, *changes.founded])
    people = dict(Person.objects.filter(code__in={who for _, who in changes.goes}).values_list("code", "id"))
    heirs = [
        (id_of(unit), id_of(heir), id_of(changes.above[unit]), unit in changes.ended)
        for unit, heir in changes.heirs.items()
    ]
    goes = [(id_of(unit), people[who], id_of(to)) for (unit, who), to in changes.goes.items()]
    prepare(heirs, goes)


def _names(changes: Changes, day: date) -> dict[str, str]:
    versions = UnitVersion.objects.as_of(day).filter(unit__code__in=changes.codes)
    return dict(versions.values_list("unit__code", "name"))


def _document(plan: Plan, *, by: str, at: datetime) -> Document:
    """The decision, entered where the register does not have it yet."""
    given = plan.document
    known = documents.find(given["number"], issued_on=given["issued_on"]).first()
    if known is not None:
        return known
    return documents.register(
        number=given["number"],
        kind=given["kind"],
        issuer=given["issuer"],
        issued_on=given["issued_on"],
        title=given.get("title", ""),
        by=by,
        at=at,
    )


def _follow_mandates(changes: Changes, *, by: str, at: datetime) -> int:
    """Mandates go on over the successors. Over an abolished unit they end: over where its people went they would reach
    others than before.
    """
    successors: dict[str, list[str]] = {unit: [] for unit in changes.heirs}
    for before, after in changes.links:
        if before in successors and before not in changes.ended:
            successors[before].append(after)
    return sum(
        mandates.follow(unit_code=unit, successors=after, on=changes.day, by=by, at=at)
        for unit, after in successors.items()
        if Mandate.objects.filter(unit_code=unit).exists()
    )
