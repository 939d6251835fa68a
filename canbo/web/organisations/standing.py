"""Where a unit stands: the targets of a scheme in it, its own targets, and how complete its records are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from canbo.accounts.callers import Caller
from canbo.accounts.permissions import Permission
from canbo.common.findings import Finding
from canbo.common.shares import parse_goal
from canbo.measure.results import IndicatorResult
from canbo.measure.scheme import Scheme
from canbo.measure.subtree import measure_inside
from canbo.measure.verdicts import Style, judge
from canbo.output import words
from canbo.register import completeness, parameters, trees
from canbo.register.inspections import inspect
from canbo.register.models import Parameter, Person, Unit, UnitParameter
from canbo.register.reviews import changed_since
from canbo.snapshot.measuring import DAYS
from canbo.web.organisations.asked import Asked, whole_units
from canbo.web.organisations.lives import decisions, visible_people
from canbo.web.overview.choices import schemes


@dataclass(frozen=True)
class Figure:
    """An indicator in a unit. ``own``: the unit's own target, if any; ``goal``: the target for the whole."""

    id: str
    label: str
    population: str
    counts: str
    printed: str
    unknown: str
    goal: str
    own: str
    status: words.StatusWords | None
    reason: str


@dataclass(frozen=True)
class OwnTarget:
    """A value that a unit has of its own."""

    code: str
    label: str
    value: str
    start: date
    last_day: date | None
    holds: bool
    decision: str


@dataclass(frozen=True)
class Lacking:
    """What records lack: the item, how many persons, and those whom the visitor may see."""

    label: str
    blocking: bool
    number: int
    people: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Records:
    """The records of a unit before a day. ``confirmed`` and by whom; ``changed``: persons changed since."""

    lacking: tuple[Lacking, ...]
    errors: tuple[Finding, ...]
    blocking: int
    confirmed_at: datetime | None
    confirmed_by: str
    changed: int


def measured_here(who: Caller, unit: Unit) -> bool:
    """Whether figures of the unit count nobody whom the visitor may not see."""
    return whole_units(who, Permission.INDICATORS_READ).filter(pk=unit.pk).exists()


def figures(asked: Asked, unit: Unit, scheme: Scheme) -> tuple[Figure, ...]:
    """The indicators of a scheme over the rows in a unit and all below it.

    :raises Refused: nobody was in the register on the day.
    """
    inside = set(Unit.objects.filter(pk__in=trees.subtree(unit, asked.day)).values_list("code", flat=True))
    small = whole_units(asked.who, Permission.PEOPLE_READ).filter(pk=unit.pk).exists()
    own = parameters.own_goals(asked.day)
    with DAYS.measurer(scheme, asked.day) as measurer:
        report = measure_inside(measurer, inside, as_of=asked.day, show_small=small)
    found = []
    for one, indicator in zip(report.indicators, scheme.indicators, strict=True):
        target = indicator.target_on(asked.day)
        found.append(
            _figure(
                one,
                target.is_ if target else "",
                own.get(one.id, {}).get(unit.code, ""),
                Style(scheme.rounding, scheme.places),
            )
        )
    return tuple(found)


def own_targets(asked: Asked, unit: Unit) -> tuple[OwnTarget, ...]:
    """All values that a unit had, has and will have of its own, the latest first."""
    rows = list(UnitParameter.objects.filter(unit=unit).select_related("parameter").order_by("-valid_from", "pk"))
    cited = decisions(asked.who, {one.document_id for one in rows})
    return tuple(
        OwnTarget(
            one.parameter.code, one.parameter.label or _label(one.parameter), words.goal_text(one.value),
            one.valid_from,
            one.valid_to, one.valid_from <= asked.day and (one.valid_to is None or one.valid_to > asked.day),
            cited.get(one.document_id or 0, ""),
        )
        for one in rows
    )  # fmt: skip


def records(asked: Asked, unit: Unit) -> Records:
    """What the records of people in a unit lack on a day, what is wrong in them, and the unit's confirmation."""
    missing = completeness.missing_on(asked.day, unit_codes=[unit.code])
    wrong = inspect(asked.day, unit_codes=[unit.code])
    ids = dict(Person.objects.filter(code__in={one.person_code for one in missing}).values_list("code", "pk"))
    seen = set(visible_people(asked.who, ids.values()).values())
    lacking = tuple(
        Lacking(
            item.label,
            item.blocking,
            len(rows),
            tuple((one.person_code, one.full_name) for one in rows if one.person_code in seen),
        )
        for key, item in completeness.items().items()
        for rows in [[one for one in missing if one.item == key]]
        if rows
    )
    last = completeness.confirmation(unit, asked.day)
    return Records(
        lacking, tuple(one.finding for one in wrong), len(completeness.blocking_of(wrong, missing)),
        last.confirmed_at if last else None, last.by if last else "",
        changed_since(unit, asked.day, last.confirmed_at) if last else 0,
    )  # fmt: skip


def indicator_labels() -> Mapping[str, str]:
    """What the indicators of the library are called, by id."""
    return {one.id: one.label for scheme in schemes().values() for one in scheme.indicators}


def _figure(one: IndicatorResult, goal: str, own: str, style: Style) -> Figure:
    """A figure of a part: only a target of its own is held against it."""
    held, status = parse_goal(own) if own else None, None
    if held is not None and one.numerator is not None and one.denominator is not None:
        told = judge(one.numerator, one.denominator, measure=one.measure, goal=held, style=style)
        excess = words.is_excess(held, told.value)
        status = words.status_of(told.status, told.shortfall, one.counted_in, excess=excess)
    return Figure(
        one.id, one.label, one.population, words.counts_text(one) if one.numerator is not None else "",
        one.printed or "", words.unknown_text(one), words.goal_text(goal) if goal else "",
        words.goal_text(own) if own else "", status, one.reason or "",
    )  # fmt: skip


def _label(parameter: Parameter) -> str:
    return indicator_labels().get(parameter.code, parameter.code)
