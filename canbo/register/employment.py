"""Service begun and ended (REG-10), and what ends with it.

Who leaves the service leaves posts, seats and rotations on that day, and the succession pools, which prepare for posts
(PLN-16: closed with the reason, never deleted). Membership of the Party goes on: who retires or moves away stays a
member and belongs to another cell, which ``party.move`` enters. It ends with a death, and with an expulsion on record.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.apps import apps
from django.db.models import Q

from canbo.audit.changes import change
from canbo.codes import code_list
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.common.text import search_key
from canbo.register import fact_entry
from canbo.register.fact_entry import after, require_document, require_in_being
from canbo.register.models import (
    BodySeat,
    Discipline,
    Document,
    Employment,
    Exit,
    PartyMembership,
    Person,
    PoolEntry,
    PostHeld,
    Rotation,
    Unit,
)
from canbo.register.models.people import PersonFact
from canbo.register.refusals import between, days_of, what_is
from canbo.register.revisions import named

ENDED_WITH_SERVICE: dict[type[PersonFact], str | None] = {
    PostHeld: "end_reason",
    BodySeat: "end_reason",
    Rotation: None,
    PoolEntry: "removed_why",
}
"""What ends on the last day in service, with the field that tells why."""
_EXPULSION = search_key("Khai trừ")


@dataclass(frozen=True)
class Closed:
    """A fact that an exit ended: its table and id, the first day without it, and the one that stood before, if any."""

    kind: str
    id: int
    valid_from: date
    valid_to: date
    was_to: date | None

    @property
    def label(self) -> str:
        """In words, with the days that stood before: “quy hoạch từ 01/01/2021 đến nay”."""
        return f"{what_is('register_' + self.kind)} {between(self.valid_from, self.was_to)}"

    def as_json(self) -> dict[str, object]:
        """As the log keeps it."""
        return {"kind": self.kind, "id": self.id, "was_to": self.was_to and self.was_to.isoformat()}


@dataclass(frozen=True)
class Departure:
    """An exit with all that it ended beside the employment."""

    exit: Exit
    closed: tuple[Closed, ...]


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
) -> Departure:
    """Leave the service; ``last_day`` is the last in it. What goes on and belongs to it is ended with it.

    ``unit`` is the one left where the employment names none. The decision is asked for, save for a death. What was
    closed is returned and stands in the log.

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
    ending = _ending(person, last_day, exit_kind)
    _require_begun(person, ending, last_day)
    closed = tuple(_closed(row, day) for row, day in ending)
    with change(by=by, at=at, action="employment.end", subject=f"person:{person.code}") as running:
        fact_entry.end(
            employment, last_day=last_day, by=by, at=at, action="employment.end", seen=seen, document=document,
            exit_kind=exit_kind,
        )  # fmt: skip
        for row, day in ending:
            fact_entry.end(
                row, last_day=day, by=by, at=at, action="employment.end", document=document,
                **_why(row, exit_kind),
            )  # fmt: skip
        running.detail["closed"] = [one.as_json() for one in closed]
        gone = Exit(
            person=person, person_code=person.code, unit=left, left_on=last_day, kind=exit_kind, document=document
        )
        fact_entry.enter(gone, person=person, by=by, at=at, action="employment.end")
    return Departure(gone, closed)


def withdraw_exit(gone: Exit, *, by: str, at: datetime, seen: int | None = None) -> tuple[Closed, ...]:
    """Take back an exit that was never so: the service goes on as before. Nothing else is reopened.

    Returns what the exit had closed and is still closed so, for the officer to reopen one by one with its decision; the
    log has it too.

    :raises Refused: the source does not name the person, or the person has served anew since.
    """
    person = gone.person
    if person is None:
        raise Refused(
            pick(
                f"Lần ra khỏi ngành của “{gone.person_code}” không gắn với hồ sơ nào.",
                f"The exit of “{gone.person_code}” belongs to no record.",
            )
        )
    ended = _closed_with(gone, Employment)
    kinds: list[type[PersonFact]] = [*ENDED_WITH_SERVICE, PartyMembership]
    closed = tuple(one for kind in kinds for one in _closed_with(gone, kind))
    with change(by=by, at=at, action="exit.withdraw", subject=f"person:{person.code}") as running:
        fact_entry.withdraw(
            Exit.objects.get(pk=gone.pk), person=person, by=by, at=at, action="exit.withdraw", seen=seen
        )
        for one in ended:
            fact_entry.correct(
                Employment.objects.get(id=one.id), person=person, by=by, at=at, action="exit.withdraw",
                valid_to=one.was_to, exit_kind=None,
            )  # fmt: skip
        running.detail["still_closed"] = [one.as_json() for one in closed]
    return closed


def staff_kind_on(person: Person, day: date) -> str | None:
    """In which capacity a person serves on a day; None: none is known."""
    row = Employment.objects.as_of(day).filter(person=person).first()
    return str(row.staff_kind) if row else None


def _ending(person: Person, last_day: date, exit_kind: str) -> list[tuple[PersonFact, date]]:
    """The facts that the exit ends, each with its last day."""
    going_on = Q(valid_to__isnull=True) | Q(valid_to__gt=last_day + timedelta(days=1))
    found = [
        (row, last_day)
        for kind in ENDED_WITH_SERVICE
        for row in kind._default_manager.filter(going_on, person=person).order_by("id")
    ]
    for row in PartyMembership.objects.filter(going_on, person=person):
        expelled = _expelled_on(person, row.valid_from, last_day)
        if expelled is not None:
            found.append((row, expelled - timedelta(days=1)))
        elif exit_kind == "death":
            found.append((row, last_day))
    return found


def _expelled_on(person: Person, since: date, last_day: date) -> date | None:
    """The day of an expulsion from the Party on record, after a membership began."""
    measures = Discipline.objects.filter(person=person, family="party", valid_from__gt=since)
    found = measures.filter(valid_from__lte=last_day + timedelta(days=1)).order_by("valid_from")
    return next((one.valid_from for one in found if _EXPULSION in search_key(one.form)), None)


def _why(row: PersonFact, exit_kind: str) -> dict[str, Any]:
    field = ENDED_WITH_SERVICE.get(type(row))
    return {field: code_list("exit_kind")[exit_kind].label} if field else {}


def _closed(row: PersonFact, last_day: date) -> Closed:
    return Closed(str(row._meta.model_name), row.pk, row.valid_from, last_day + timedelta(days=1), row.valid_to)


def _closed_with(gone: Exit, kind: type[PersonFact]) -> list[Closed]:
    """The rows of a kind that were ended by the change that entered the exit, and have stayed so since."""
    entered = apps.get_model("register", "ExitEvent")._default_manager.filter(pgh_obj_id=gone.pk, pgh_label="insert")
    events = apps.get_model("register", f"{kind.__name__}Event")._default_manager
    of_change = entered.order_by("-pgh_id").values("pgh_context_id")[:1]
    found = []
    for event in events.filter(pgh_context_id__in=of_change, person_id=gone.person_id, pgh_label="update"):
        before = events.filter(pgh_obj_id=event.pgh_obj_id, pgh_id__lt=event.pgh_id).order_by("-pgh_id").first()
        was_to = before.valid_to if before else None
        now = kind._default_manager.filter(pk=event.pgh_obj_id).first()
        if now is not None and now.valid_to == event.valid_to != was_to:
            found.append(Closed(str(kind._meta.model_name), now.pk, now.valid_from, now.valid_to, was_to))
    return found


def _main_unit(person: Person, day: date) -> Unit | None:
    post = PostHeld.objects.as_of(day).filter(person=person).order_by("-is_main", "-valid_from", "id").first()
    return post.unit if post else None


def _require_begun(person: Person, rows: list[tuple[PersonFact, date]], last_day: date) -> None:
    late = [row for row, day in rows if row.valid_from > day]
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
