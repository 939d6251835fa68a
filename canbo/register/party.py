"""Party membership: admitted, made official, moved to another cell, ended (REG-19)."""

from datetime import date, datetime

from canbo.audit.changes import change
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.register import fact_entry
from canbo.register.fact_entry import require_in_being
from canbo.register.models import Document, PartyMembership, Person, Unit
from canbo.register.revisions import named


def admit(
    *,
    person: Person,
    admitted_on: date,
    official_on: date | None = None,
    unit: Unit | None = None,
    card_number: str = "",
    document: Document | None = None,
    by: str,
    at: datetime,
    seen: int | None = None,
) -> PartyMembership:
    """Enter a member from the day of admission; ``official_on`` is NULL while on probation. ``unit`` is the cell.

    :raises Refused: official before admission, in another cell on one day, or the cell is not in being.
    """
    _require_order(person, admitted_on, official_on)
    if unit is not None:
        require_in_being(unit, admitted_on, None, person)
    row = PartyMembership(
        person=person, unit=unit, admitted_on=admitted_on, official_on=official_on, card_number=card_number,
        valid_from=admitted_on, document=document,
    )  # fmt: skip
    return fact_entry.enter(row, person=person, by=by, at=at, action="party.admit", seen=seen)


def make_official(membership: PartyMembership, *, on: date, by: str, at: datetime, seen: int | None = None) -> None:
    """A member on probation becomes official on a day.

    :raises Refused: before admission.
    """
    _require_order(membership.person, membership.admitted_on, on)
    fact_entry.correct(
        membership, person=membership.person, by=by, at=at, action="party.official", seen=seen, official_on=on
    )


def move(
    membership: PartyMembership, *, unit: Unit, on: date, by: str, at: datetime, seen: int | None = None
) -> PartyMembership:
    """Move to another cell: the old one ends on the day before, so that nobody is in two on one day.

    :raises Refused: the cell is not in being, or the membership ended before.
    """
    person = membership.person
    require_in_being(unit, on, membership.valid_to, person)
    row = PartyMembership(
        person=person, unit=unit, admitted_on=membership.admitted_on, official_on=membership.official_on,
        card_number=membership.card_number, valid_from=on, valid_to=membership.valid_to,
    )  # fmt: skip
    with change(by=by, at=at, action="party.move", subject=f"person:{person.code}"):
        fact_entry.correct(membership, person=person, by=by, at=at, action="party.move", seen=seen, valid_to=on)
        return fact_entry.enter(row, person=person, by=by, at=at, action="party.move")


def leave(
    membership: PartyMembership,
    *,
    last_day: date,
    document: Document | None = None,
    by: str,
    at: datetime,
    seen: int | None = None,
) -> None:
    """End a membership; ``last_day`` is the last in the Party.

    :raises Refused: it ended before.
    """
    fact_entry.end(membership, last_day=last_day, by=by, at=at, action="party.leave", seen=seen, document=document)


def _require_order(person: Person, admitted_on: date | None, official_on: date | None) -> None:
    if admitted_on is None or official_on is None or official_on >= admitted_on:
        return
    raise Refused(
        pick(
            f"{named(person)}: ngày chính thức {official_on:%d/%m/%Y} trước ngày kết nạp {admitted_on:%d/%m/%Y}. Hãy "
            "xem lại hai ngày.",
            f"{named(person)}: official on {official_on:%d/%m/%Y}, before admission on {admitted_on:%d/%m/%Y}. Check "
            "both days.",
        )
    )
