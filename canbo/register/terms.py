"""Terms of the Party and of the state bodies, side by side and offset (ORG-03): 2020-2025 beside 2021-2026."""

from datetime import date, datetime
from typing import Literal

from django.db.models import Q, QuerySet

from canbo.audit.changes import change
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.register.models import Document, Term, Unit
from canbo.register.refusals import explained

Family = Literal["party", "state"]


def enter(
    *,
    family: Family,
    level: str,
    number: str,
    valid_from: date,
    valid_to: date | None = None,
    unit: Unit | None = None,
    congress_month: date | None = None,
    document: Document | None = None,
    by: str,
    at: datetime,
) -> Term:
    """Enter a term (khóa, nhiệm kỳ) of a level, or of one unit where its term differs from its level's.

    :raises Refused: a term of the same family, level and unit holds on one of its days, or the days are out of order.
    """
    row = Term(
        family=family,
        level=level,
        number=number,
        valid_from=valid_from,
        valid_to=valid_to,
        unit=unit,
        congress_month=congress_month,
        document=document,
    )
    with explained(row=row), change(by=by, at=at, action="term.enter", subject=f"term:{family} {level} {number}"):
        _require_alone(row)
        row.save()
    return row


def close(term: Term, *, on: date, by: str, at: datetime) -> None:
    """End a term: ``on`` is the first day that no longer belongs to it.

    :raises Refused: that is not after its first day.
    """
    term.valid_to = on
    subject = f"term:{term.family} {term.level} {term.number}"
    with explained(row=term), change(by=by, at=at, action="term.close", subject=subject):
        term.save(update_fields=["valid_to"])


def term_on(day: date, *, family: Family, level: str, unit: Unit | None = None) -> Term | None:
    """The term on a day: the unit's own, else its level's."""
    found = _holding(day).filter(family=family, level=level)
    own = found.filter(unit=unit).first() if unit is not None else None
    return own or found.filter(unit=None).first()


def side_by_side(day: date, *, level: str, unit: Unit | None = None) -> dict[Family, Term | None]:
    """The terms of both families on a day."""
    families: tuple[Family, ...] = ("party", "state")
    return {family: term_on(day, family=family, level=level, unit=unit) for family in families}


def offset_months(first: Term, second: Term) -> int:
    """By how many months the second begins after the first."""
    years = second.valid_from.year - first.valid_from.year
    return years * 12 + second.valid_from.month - first.valid_from.month


def covers(term: Term, start: date, end: date | None) -> bool:
    """Whether the half-open period lies within the term; an open period does as long as it begins in it."""
    if start < term.valid_from or (term.valid_to is not None and start >= term.valid_to):
        return False
    return end is None or term.valid_to is None or end <= term.valid_to


def _holding(day: date) -> QuerySet[Term]:
    return Term.objects.filter(valid_from__lte=day).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day))


def _require_alone(row: Term) -> None:
    others = Term.objects.filter(family=row.family, level=row.level, unit=row.unit)
    others = others.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=row.valid_from))
    if row.valid_to is not None:
        others = others.filter(valid_from__lt=row.valid_to)
    if (other := others.first()) is not None:
        raise Refused(
            pick(
                f"Nhiệm kỳ “{row.number}” trùng thời gian với nhiệm kỳ “{other.number}” (từ "
                f"{other.valid_from:%d/%m/%Y}) cùng cấp. Hãy kết thúc nhiệm kỳ trước rồi mới mở nhiệm kỳ sau.",
                f"Term “{row.number}” overlaps term “{other.number}” (from {other.valid_from:%d/%m/%Y}) of the same "
                "level. Close the earlier one first.",
            )
        )
