"""People sent to courses (TRN), entered and finished. A finished course is no qualification: that has its own day."""

from datetime import date, datetime

from canbo.common.language import pick
from canbo.register import fact_entry
from canbo.register.fact_entry import after, require_coded
from canbo.register.models import Document, Person, Training, TrainingClass, Unit


def enrol(
    *,
    person: Person,
    program: str,
    start: date,
    last_day: date | None = None,
    unit: Unit | None = None,
    training_class: TrainingClass | None = None,
    field: str | None = None,
    mode: str | None = None,
    result: str = "studying",
    document: Document | None = None,
    by: str,
    at: datetime,
    seen: int | None = None,
) -> Training:
    """Send a person to a course from a day on; ``unit`` is the one that sends.

    :raises Refused: an unknown code, or it would end before it begins.
    """
    row = Training(
        person=person,
        program=program,
        unit=unit,
        training_class=training_class,
        field=require_coded("field", field, person, pick("ngành", "field")),
        mode=mode,
        result=result,
        valid_from=start,
        valid_to=after(last_day),
        document=document,
    )
    return fact_entry.enter(row, person=person, by=by, at=at, action="training.enrol", seen=seen)


def finish(training: Training, *, last_day: date, result: str, by: str, at: datetime, seen: int | None = None) -> None:
    """The course ends with a result; the planned last day gives way to the real one.

    :raises Refused: an unknown result, or before it began.
    """
    fact_entry.correct(
        training, person=training.person, by=by, at=at, action="training.finish", seen=seen,
        valid_to=after(last_day), result=result,
    )  # fmt: skip
