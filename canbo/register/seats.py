"""Seats in collective bodies taken and left (ORG-03)."""

from datetime import date, datetime

from canbo.codes import code_list
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.register import fact_entry
from canbo.register.fact_entry import after, overlapping, require_document, require_in_being, require_in_service
from canbo.register.models import BodySeat, Document, Person, Term, Unit
from canbo.register.refusals import between, days_of
from canbo.register.revisions import named


def take(
    *,
    person: Person,
    unit: Unit,
    body: str,
    start: date,
    document: Document | None,
    role: str = "member",
    last_day: date | None = None,
    term: Term | None = None,
    mode: str = "",
    by: str,
    at: datetime,
    seen: int | None = None,
) -> BodySeat:
    """Take a seat from a day on; ``mode`` is how (elected, appointed in addition …).

    :raises Refused: no decision, outside the term, a second seat in the body on a day, the unit is not in being, the
        person has left.
    """
    end, what = after(last_day), pick("ghế trong tập thể", "seat in a body")
    require_document(document, person, what)
    require_in_being(unit, start, end, person)
    require_in_service(person, end, what)
    _require_in_term(person, term, start, end)
    _require_single(person, unit, body, start, end)
    row = BodySeat(
        person=person, unit=unit, body=body, role=role, term=term, mode=mode, valid_from=start, valid_to=end,
        document=document,
    )  # fmt: skip
    return fact_entry.enter(row, person=person, by=by, at=at, action="seat.take", seen=seen)


def leave(
    seat: BodySeat,
    *,
    last_day: date,
    reason: str = "",
    document: Document | None = None,
    by: str,
    at: datetime,
    seen: int | None = None,
) -> None:
    """Leave a seat; ``last_day`` is the last in it.

    :raises Refused: it was left before, or would end before it begins.
    """
    fact_entry.end(
        seat, last_day=last_day, by=by, at=at, action="seat.leave", seen=seen, document=document, end_reason=reason
    )


def _require_in_term(person: Person, term: Term | None, start: date, end: date | None) -> None:
    if term is None:
        return
    late = term.valid_to is not None and (start >= term.valid_to or (end is not None and end > term.valid_to))
    if start >= term.valid_from and not late:
        return
    raise Refused(
        pick(
            f"{named(person)}: thời gian {between(start, end)} nằm ngoài nhiệm kỳ "
            f"{between(term.valid_from, term.valid_to)}. Hãy sửa ngày hoặc chọn nhiệm kỳ khác.",
            f"{named(person)}: the seat {between(start, end)} lies outside the term "
            f"{between(term.valid_from, term.valid_to)}. Correct the days or choose another term.",
        )
    )


def _require_single(person: Person, unit: Unit, body: str, start: date, end: date | None) -> None:
    same = BodySeat.objects.filter(person=person, unit=unit, body=body)
    other = overlapping(same, start, end).first()
    if other is None:
        return
    label = code_list("body")[body].label
    raise Refused(
        pick(
            f"{named(person)} đã ở trong {label} {days_of(other)}. Hãy kết thúc mục đã ghi trước khi ghi vai trò mới.",
            f"{named(person)} is in the {label} {days_of(other)} already. End that seat before the new role.",
        )
    )
