"""Rewards and discipline (REG-18). Discipline never stands without its decision and never blocks beyond its period."""

from datetime import date, datetime

from canbo.common.language import pick
from canbo.register import fact_entry
from canbo.register.fact_entry import after, require_document
from canbo.register.models import Discipline, Document, Person, Reward


def reward(
    *,
    person: Person,
    form: str,
    decided_on: date,
    document: Document | None,
    authority: str = "",
    reason: str = "",
    by: str,
    at: datetime,
    seen: int | None = None,
) -> Reward:
    """Enter a reward with its decision.

    :raises Refused: no decision.
    """
    decision = require_document(document, person, pick("khen thưởng", "reward"))
    row = Reward(person=person, form=form, authority=authority, decided_on=decided_on, reason=reason, document=decision)
    return fact_entry.enter(row, person=person, by=by, at=at, action="reward.enter", seen=seen)


def discipline(
    *,
    person: Person,
    family: str,
    form: str,
    start: date,
    document: Document | None,
    last_day: date | None = None,
    authority: str = "",
    reason: str = "",
    by: str,
    at: datetime,
    seen: int | None = None,
) -> Discipline:
    """Enter a measure of the Party, the State or a court, in effect from ``start`` to ``last_day``.

    :raises Refused: no decision.
    """
    decision = require_document(document, person, pick("kỷ luật", "disciplinary measure"))
    row = Discipline(
        person=person, family=family, form=form, authority=authority, reason=reason, valid_from=start,
        valid_to=after(last_day), document=decision,
    )  # fmt: skip
    return fact_entry.enter(row, person=person, by=by, at=at, action="discipline.enter", seen=seen)


def lift(
    measure: Discipline,
    *,
    last_day: date,
    document: Document | None,
    by: str,
    at: datetime,
    seen: int | None = None,
) -> None:
    """End a measure; ``last_day`` is the last on which it is in effect.

    :raises Refused: no decision, or it ended before.
    """
    require_document(document, measure.person, pick("chấm dứt kỷ luật", "end of a disciplinary measure"))
    fact_entry.end(measure, last_day=last_day, by=by, at=at, action="discipline.end", seen=seen)


def in_effect(person: Person, day: date) -> list[Discipline]:
    """The measures in effect on a day: what gates of planning and appointment ask for. An expired one is not."""
    return list(Discipline.objects.as_of(day).filter(person=person).order_by("valid_from", "id"))
