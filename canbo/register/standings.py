"""What a source states of a person from a day on without the event behind it."""

from datetime import date, datetime

from canbo.audit.changes import change
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.register import fact_entry
from canbo.register.models import STATED, Document, Person, Standing
from canbo.register.revisions import named


def state(
    *,
    person: Person,
    day: date,
    document: Document | None = None,
    by: str,
    at: datetime,
    seen: int | None = None,
    **stated: object,
) -> Standing:
    """State levels from a day on; what was stated before and is not stated now goes on. Before the day: unknown.

    :raises Refused: a field is none of ``STATED``, an unknown code, or something is stated from that day or later.
    """
    if unknown := sorted(set(stated) - set(STATED)):
        raise Refused(
            pick(
                f"{named(person)}: không có mục {', '.join(unknown)} trong phần trình độ.",
                f"{named(person)}: no such levels: {', '.join(unknown)}.",
            )
        )
    before = Standing.objects.filter(person=person, valid_from__lt=day, valid_to__isnull=True).first()
    kept = {name: getattr(before, name) for name in STATED} if before else {}
    row = Standing(person=person, valid_from=day, since_known=False, document=document, **(kept | stated))
    with change(by=by, at=at, action="standing.state", subject=f"person:{person.code}"):
        if before is not None:
            fact_entry.correct(before, person=person, by=by, at=at, action="standing.state", seen=seen, valid_to=day)
            seen = None
        return fact_entry.enter(row, person=person, by=by, at=at, action="standing.state", seen=seen)
