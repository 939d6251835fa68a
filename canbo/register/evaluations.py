"""Gradings of persons entered: the yearly evaluation, or that of another period."""

from datetime import date, datetime

from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.register import fact_entry
from canbo.register.fact_entry import day_of, require_coded
from canbo.register.models import Document, Evaluation, Person, Unit
from canbo.register.revisions import named


def record(
    *,
    person: Person,
    unit: Unit,
    period: str,
    grade: str,
    on: date,
    document: Document | None = None,
    by: str,
    at: datetime,
    seen: int | None = None,
) -> Evaluation:
    """Enter the grade of a person for a period (“2025”, “2025-H1”), given by or in a unit on a day.

    :raises Refused: no period, an unknown grade, graded after the day of entry, or the period has a grade already.
    """
    if not period.strip():
        raise Refused(
            pick(
                f"{named(person)}: chưa ghi kỳ đánh giá. Hãy ghi năm, như 2025.",
                f"{named(person)}: the period is missing. Enter the year, as 2025.",
            )
        )
    if on > day_of(at):
        raise Refused(
            pick(
                f"{named(person)}: ngày xếp loại {on:%d/%m/%Y} sau ngày nhập. Hãy xem lại ngày.",
                f"{named(person)}: graded on {on:%d/%m/%Y}, after the day of entry. Check the day.",
            )
        )
    if Evaluation.objects.filter(person=person, period=period.strip(), unit=unit).exists():
        raise Refused(
            pick(
                f"{named(person)}: kỳ {period} đã có kết quả xếp loại ở đơn vị này. Nếu kết quả đó sai, hãy rút rồi "
                "ghi lại.",
                f"{named(person)}: the period {period} has a grade in this unit already. If it is wrong, withdraw it "
                "and enter it anew.",
            )
        )
    row = Evaluation(
        subject_kind="person",
        person=person,
        unit=unit,
        period=period,
        grade=require_coded("grade", grade, person, pick("mức xếp loại", "grade")),
        published=True,
        evaluated_on=on,
        document=document,
    )
    return fact_entry.enter(row, person=person, by=by, at=at, action="evaluation.record", seen=seen)
