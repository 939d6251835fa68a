"""Collective bodies of units and who sits in them on a day, by term; an empty place is a fact too (ORG-03).

Taking and leaving a seat is in ``seats``.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from canbo.audit.changes import change
from canbo.codes import code_list
from canbo.common.findings import Finding
from canbo.common.language import pick
from canbo.register import terms
from canbo.register.models import Body, BodySeat, Document, Term, Unit
from canbo.register.refusals import explained

_RANKS = {role: position for position, role in enumerate(code_list("body_role").keys)}


@dataclass(frozen=True)
class Occupancy:
    """A body on a day: who sits in it, and what is empty. ``places`` is None where the number is not recorded."""

    exists: bool
    places: int | None
    seats: tuple[BodySeat, ...]

    @property
    def is_empty(self) -> bool:
        """The body exists and nobody sits in it."""
        return self.exists and not self.seats

    @property
    def lacks_head(self) -> bool:
        """The body exists and has no head."""
        return self.exists and not any(seat.role == "head" for seat in self.seats)

    @property
    def empty_places(self) -> int | None:
        """How many places are empty; None where their number is not recorded."""
        return None if self.places is None else max(0, self.places - len(self.seats))


@dataclass(frozen=True)
class Vacancy:
    """From when to when (half-open; open where None) a body had nobody, or no head."""

    what: str
    start: date
    end: date | None


def found(
    unit: Unit,
    body: str,
    *,
    valid_from: date,
    valid_to: date | None = None,
    places: int | None = None,
    term: Term | None = None,
    document: Document | None = None,
    by: str,
    at: datetime,
) -> Body:
    """Record that a unit has a body for a period, with how many places.

    :raises Refused: it is recorded already for one of these days.
    """
    row = Body(
        unit=unit, body=body, valid_from=valid_from, valid_to=valid_to, places=places, term=term, document=document
    )
    with explained(who=unit.code, row=row), change(by=by, at=at, action="body.found", subject=f"unit:{unit.code}"):
        row.save()
    return row


def members_on(unit: Unit, body: str, day: date) -> list[BodySeat]:
    """The seats held in a body on a day: head, deputies, members, each by name."""
    seats = BodySeat.objects.as_of(day).filter(unit=unit, body=body).select_related("person", "term")
    return sorted(seats, key=lambda one: (_RANKS[one.role], one.person.name_order, one.id))


def occupancy_on(unit: Unit, body: str, day: date) -> Occupancy:
    """A body on a day. It exists where it is recorded, or where somebody sits in it."""
    recorded = Body.objects.as_of(day).filter(unit=unit, body=body).first()
    seats = tuple(members_on(unit, body, day))
    return Occupancy(recorded is not None or bool(seats), recorded.places if recorded else None, seats)


def vacancies(unit: Unit, body: str, start: date, end: date) -> list[Vacancy]:
    """The times between ``start`` and ``end`` (both included) in which the body was empty or had no head."""
    days = sorted({start} | {day for day in _turns(unit, body) if start < day <= end})
    result: list[Vacancy] = []
    for what in ("empty", "no_head"):
        since: date | None = None
        for day in days:
            occupancy = occupancy_on(unit, body, day)
            lacking = occupancy.is_empty if what == "empty" else occupancy.lacks_head
            if lacking and since is None:
                since = day
            elif not lacking and since is not None:
                result.append(Vacancy(what, since, day))
                since = None
        if since is not None:
            result.append(Vacancy(what, since, None))
    return result


def faults(day: date, units: Collection[Unit] | None = None) -> list[Finding]:
    """Members of a standing committee who are not in the executive one, seats outside their term, too many seats."""
    seats = BodySeat.objects.as_of(day).select_related("person", "unit", "term").order_by("unit__code", "id")
    if units is not None:
        seats = seats.filter(unit__in=list(units))
    held = list(seats)
    executive = {(one.unit_id, one.person_id) for one in held if one.body == "executive_committee"}
    result = []
    for one in held:
        if one.body == "standing_committee" and (one.unit_id, one.person_id) not in executive:
            result.append(_not_in_executive(one, day))
        if one.term is not None and not terms.covers(one.term, one.valid_from, one.valid_to):
            result.append(_outside_term(one, one.term))
    return result + _too_many(held, day)


def _turns(unit: Unit, body: str) -> set[date]:
    """The days on which somebody came or went, or the body began or ended."""
    rows = [
        *BodySeat.objects.filter(unit=unit, body=body).values_list("valid_from", "valid_to"),
        *Body.objects.filter(unit=unit, body=body).values_list("valid_from", "valid_to"),
    ]
    return {day for row in rows for day in row if day is not None}


def _not_in_executive(one: BodySeat, day: date) -> Finding:
    return Finding(
        "error",
        "seat_not_in_executive",
        pick(
            f"{one.person.full_name} là Ủy viên Ban Thường vụ của “{one.unit.code}” nhưng ngày {day:%d/%m/%Y} không "
            "thuộc Ban Chấp hành.",
            f"{one.person.full_name} sits in the standing committee of “{one.unit.code}” but on {day:%d/%m/%Y} not in "
            "the executive committee.",
        ),
        suggestion=pick("Hãy bổ sung tham gia Ban Chấp hành hoặc sửa Ban Thường vụ.", "Add or correct the seat."),
        value=one.person.code,
    )


def _outside_term(one: BodySeat, term: Term) -> Finding:
    last = f"{term.valid_to:%d/%m/%Y}" if term.valid_to else "…"
    return Finding(
        "error",
        "seat_outside_term",
        pick(
            f"{one.person.full_name}: thời gian tham gia từ {one.valid_from:%d/%m/%Y} không nằm trong nhiệm kỳ "
            f"“{term.number}” ({term.valid_from:%d/%m/%Y} đến trước {last}). Hãy sửa ngày hoặc chọn nhiệm kỳ khác.",
            f"{one.person.full_name}: the seat from {one.valid_from:%d/%m/%Y} is not within term “{term.number}” "
            f"({term.valid_from:%d/%m/%Y} to before {last}). Correct the days or choose another term.",
        ),
        value=one.person.code,
    )


def _too_many(held: list[BodySeat], day: date) -> list[Finding]:
    result = []
    for body in Body.objects.as_of(day).filter(places__isnull=False).select_related("unit").order_by("id"):
        count = sum(one.unit_id == body.unit_id and one.body == body.body for one in held)
        if body.places is not None and count > body.places:
            label = code_list("body")[body.body].label
            message = pick(
                f"{label} của “{body.unit.code}” có {count} người, nhiều hơn số lượng được duyệt {body.places}.",
                f"{label} of “{body.unit.code}” has {count} members, more than the {body.places} allowed.",
            )
            result.append(Finding("warning", "body_over_size", message, value=body.unit.code))
    return result
