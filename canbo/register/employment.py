"""Service begun and ended (REG-10). Who leaves the service leaves his or her posts and seats on that day."""

from datetime import date, datetime

from django.db.models import Q, QuerySet

from canbo.audit.changes import change
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.register import fact_entry
from canbo.register.fact_entry import after, require_document, require_in_being
from canbo.register.models import BodySeat, Document, Employment, Exit, Person, PostHeld, Rotation, Unit
from canbo.register.models.people import PersonFact
from canbo.register.refusals import days_of, what_is
from canbo.register.revisions import named


def begin(
    *,
    person: Person,
    unit: Unit | None,
    staff_kind: str,
    start: date,
    last_day: date | None = None,
    document: Document | None = None,
    by: str,
    at: datetime,
    seen: int | None = None,
    **more: object,
) -> Employment:
    """Begin a service in a capacity; an open one in another capacity ends on the day before.

    :raises Refused: two capacities on a day, or the unit is not in being.
    """
    end_day = after(last_day)
    if unit is not None:
        require_in_being(unit, start, end_day, person)
    row = Employment(
        person=person, unit=unit, staff_kind=staff_kind, valid_from=start, valid_to=end_day, document=document, **more
    )
    with change(by=by, at=at, action="employment.begin", subject=f"person:{person.code}"):
        before = Employment.objects.filter(person=person, valid_from__lt=start, valid_to__isnull=True).first()
        if before is not None:
            fact_entry.correct(before, person=person, by=by, at=at, action="employment.end", seen=seen, valid_to=start)
            seen = None
        return fact_entry.enter(row, person=person, by=by, at=at, action="employment.begin", seen=seen)


def end(
    employment: Employment,
    *,
    last_day: date,
    exit_kind: str,
    unit: Unit | None = None,
    document: Document | None = None,
    by: str,
    at: datetime,
    seen: int | None = None,
) -> Exit:
    """Leave the service; ``last_day`` is the last in it. Posts, seats and rotations that go on are ended with it.

    ``unit`` is the one left where the employment names none. The decision is asked for, save for a death.

    :raises Refused: no decision, no unit, something begins after the last day (it must be withdrawn first).
    """
    person = employment.person
    if exit_kind != "death":
        require_document(document, person, pick("việc ra khỏi ngành", "leaving of the service"))
    left = unit or employment.unit or _main_unit(person, last_day)
    if left is None:
        raise Refused(
            pick(
                f"{named(person)}: chưa rõ ra khỏi đơn vị nào. Hãy chọn đơn vị.",
                f"{named(person)}: it is not known which unit is left. Choose the unit.",
            )
        )
    first = after(last_day)
    open_rows = [
        row for rows in _closing(person) for row in rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=first))
    ]
    _require_begun(person, open_rows, last_day)
    with change(by=by, at=at, action="employment.end", subject=f"person:{person.code}"):
        fact_entry.end(
            employment, last_day=last_day, by=by, at=at, action="employment.end", seen=seen, document=document,
            exit_kind=exit_kind,
        )  # fmt: skip
        for row in open_rows:
            fact_entry.end(row, last_day=last_day, by=by, at=at, action="employment.end", document=document)
        gone = Exit(
            person=person, person_code=person.code, unit=left, left_on=last_day, kind=exit_kind, document=document
        )
        return fact_entry.enter(gone, person=person, by=by, at=at, action="employment.end")


def staff_kind_on(person: Person, day: date) -> str | None:
    """In which capacity a person serves on a day; None: none is known."""
    row = Employment.objects.as_of(day).filter(person=person).first()
    return str(row.staff_kind) if row else None


def _closing(person: Person) -> "list[QuerySet[PersonFact]]":
    return [kind.objects.filter(person=person) for kind in (PostHeld, BodySeat, Rotation)]


def _main_unit(person: Person, day: date) -> Unit | None:
    post = PostHeld.objects.as_of(day).filter(person=person).order_by("-is_main", "-valid_from", "id").first()
    return post.unit if post else None


def _require_begun(person: Person, rows: list[PersonFact], last_day: date) -> None:
    late = [row for row in rows if row.valid_from > last_day]
    if not late:
        return
    told = "; ".join(f"{what_is(type(row))} {days_of(row)}" for row in late)
    raise Refused(
        pick(
            f"{named(person)}: có mục bắt đầu sau ngày cuối công tác {last_day:%d/%m/%Y}: {told}. Hãy rút các mục đó "
            "trước.",
            f"{named(person)}: something begins after the last day in service {last_day:%d/%m/%Y}: {told}. Withdraw "
            "it first.",
        )
    )
