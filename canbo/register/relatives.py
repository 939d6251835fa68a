"""Relatives, in the register or outside; they feed the control of power."""

from datetime import date, datetime

from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.register import fact_entry
from canbo.register.models import Person, Relative
from canbo.register.revisions import named


def add(
    *,
    person: Person,
    relation: str,
    start: date,
    other: Person | None = None,
    name: str = "",
    side: str = "own",
    by: str,
    at: datetime,
    seen: int | None = None,
    **more: object,
) -> Relative:
    """Enter a relative: a record (``other``) or a name. ``more``: birth_year, home, job, address.

    :raises Refused: neither record nor name, or the person himself or herself.
    """
    if other is not None and other.id == person.id:
        raise Refused(
            pick(
                f"{named(person)} không thể là người thân của chính mình. Hãy chọn người khác.",
                f"{named(person)} is not a relative of himself or herself. Choose another person.",
            )
        )
    row = Relative(person=person, relation=relation, side=side, other=other, name=name, valid_from=start, **more)
    return fact_entry.enter(row, person=person, by=by, at=at, action="relative.add", seen=seen)


def end(relative: Relative, *, last_day: date, by: str, at: datetime, seen: int | None = None) -> None:
    """A relation ends (a divorce); ``last_day`` is the last on which it holds.

    :raises Refused: it ended before.
    """
    fact_entry.end(relative, last_day=last_day, by=by, at=at, action="relative.end", seen=seen)


def in_register(person: Person, day: date) -> list[Relative]:
    """The relatives on a day who have a record themselves, stated from either side."""
    rows = Relative.objects.as_of(day).filter(other__isnull=False).select_related("person", "other")
    return list(rows.filter(person=person) | rows.filter(other=person))
