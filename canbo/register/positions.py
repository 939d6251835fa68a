"""Job positions (vị trí việc làm) of units: how many are needed, filled, and where there are too many (ORG-13).

A changed position is a new version under the same name; holders go over to it and are counted by unit and name.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F

from canbo.audit.changes import change as changing
from canbo.common.findings import Finding, Refused
from canbo.common.language import pick
from canbo.common.text import tidy
from canbo.register.models import Document, JobPosition, Person, PostHeld, Title, Unit
from canbo.register.refusals import explained

FIELDS = ("name", "title", "planned", "fields", "least_education", "has_foreign_element")


@dataclass(frozen=True)
class Staffing:
    """A position on a day: planned and held; one of ``lacking`` and ``over`` is 0."""

    position: JobPosition
    held: int

    @property
    def lacking(self) -> int:
        """How many more are needed."""
        return max(0, self.position.planned - self.held)

    @property
    def over(self) -> int:
        """How many more hold it than planned."""
        return max(0, self.held - self.position.planned)


def set_up(
    *,
    unit: Unit,
    name: str,
    planned: int,
    valid_from: date,
    title: Title | None = None,
    fields: Collection[str] = (),
    least_education: str | None = None,
    has_foreign_element: bool = False,
    valid_to: date | None = None,
    document: Document | None = None,
    by: str,
    at: datetime,
) -> JobPosition:
    """Set up a position of a unit from a day on.

    :raises Refused: the unit has one of the name on one of these days, a number below 0, an unknown code.
    """
    row = JobPosition(
        unit=unit,
        name=tidy(name),
        planned=planned,
        valid_from=valid_from,
        valid_to=valid_to,
        title=title,
        fields=list(fields),
        least_education=least_education,
        has_foreign_element=has_foreign_element,
        document=document,
    )
    _require_possible(row)
    with explained(who=unit.code, row=row), changing(by=by, at=at, action="position.set_up", subject=_subject(unit)):
        row.save()
    return row


def change(
    position: JobPosition, *, on: date, document: Document | None = None, by: str, at: datetime, **fields: Any
) -> JobPosition:
    """Change a position from a day on: a new version, to which the posts held on that day or later go over.

    :raises Refused: the position does not hold on that day or begins on it, or as in ``set_up``.
    """
    if position.valid_from >= on or (position.valid_to is not None and position.valid_to <= on):
        raise Refused(
            pick(
                f"Vị trí “{position.name}” không thể thay đổi từ {on:%d/%m/%Y}: hãy chọn ngày trong thời gian vị trí "
                "có hiệu lực, sau ngày đầu tiên.",
                f"Position “{position.name}” cannot change on {on:%d/%m/%Y}: choose a day while it holds, after "
                "its first.",
            )
        )
    values = {name: getattr(position, name) for name in FIELDS} | fields
    new = JobPosition(
        unit=position.unit, valid_from=on, valid_to=position.valid_to, document=document or position.document, **values
    )
    unit = position.unit
    with explained(who=unit.code, row=new), changing(by=by, at=at, action="position.change", subject=_subject(unit)):
        position.valid_to = on
        position.save(update_fields=["valid_to"])
        _require_possible(new)
        new.save()
        held = PostHeld.objects.filter(position=position)
        held = held.filter(valid_to__isnull=True) | held.filter(valid_to__gt=on)
        Person.objects.filter(id__in=list(held.values_list("person_id", flat=True))).update(revision=F("revision") + 1)
        held.update(position=new)
    return new


def close(position: JobPosition, *, on: date, by: str, at: datetime) -> None:
    """End a position: ``on`` is the first day without it.

    :raises Refused: posts are still held in it on that day, or not after its first day.
    """
    held = PostHeld.objects.as_of(on).filter(position=position).count()
    if held:
        raise Refused(
            pick(
                f"Vị trí “{position.name}” còn {held} người giữ vào ngày {on:%d/%m/%Y}. Hãy kết thúc chức vụ trước.",
                f"Position “{position.name}” has {held} holders on {on:%d/%m/%Y}. End their posts first.",
            )
        )
    position.valid_to = on
    unit = position.unit
    with (
        explained(who=unit.code, row=position),
        changing(by=by, at=at, action="position.close", subject=_subject(unit)),
    ):
        position.save(update_fields=["valid_to"])


def staffing_on(day: date, units: Collection[int]) -> list[Staffing]:
    """The positions of units (their ids) on a day with how many persons hold each, by unit and name."""
    positions = JobPosition.objects.as_of(day).filter(unit_id__in=units).select_related("unit", "title")
    holders = (
        PostHeld.objects.as_of(day)
        .filter(position__unit_id__in=units)
        .values_list("position__unit_id", "position__name", "person_id")
        .distinct()
    )
    held = Counter((unit_id, name) for unit_id, name, _ in holders)
    return [
        Staffing(position, held[position.unit_id, position.name])
        for position in positions.order_by("unit__code", "name", "id")
    ]


def faults(day: date, units: Collection[int]) -> list[Finding]:
    """The positions with more holders than planned, and posts in a position that does not hold on the day."""
    staffing = staffing_on(day, units)
    found = [_over(one, day) for one in staffing if one.over]
    known = {(one.position.unit_id, one.position.name) for one in staffing}
    for post in (
        PostHeld.objects.as_of(day)
        .filter(position__unit_id__in=units)
        .select_related("person", "position__unit")
        .order_by("id")
    ):
        position = post.position
        if position is not None and (position.unit_id, position.name) not in known:
            message = pick(
                f"{post.person.full_name} giữ vị trí “{position.name}” không còn hiệu lực ngày {day:%d/%m/%Y}.",
                f"{post.person.full_name} holds position “{position.name}”, which does not exist on {day:%d/%m/%Y}.",
            )
            found.append(Finding("error", "position_gone", message, value=post.person.code))
    return found


def _over(one: Staffing, day: date) -> Finding:
    position = one.position
    return Finding(
        "warning",
        "position_over_staffed",
        pick(
            f"Ngày {day:%d/%m/%Y}, vị trí “{position.name}” của “{position.unit.code}” có {one.held} người, nhiều hơn "
            f"{position.planned} người theo đề án vị trí việc làm.",
            f"On {day:%d/%m/%Y}, position “{position.name}” of “{position.unit.code}” has {one.held} holders, more "
            f"than the {position.planned} planned.",
        ),
        suggestion=pick("Hãy sắp xếp lại hoặc điều chỉnh số lượng.", "Reassign, or change the number."),
        value=position.unit.code,
    )


def _require_possible(row: JobPosition) -> None:
    if row.planned < 0:
        raise Refused(pick("Số lượng cần của vị trí không được âm.", "The planned number cannot be below 0."))
    others = JobPosition.objects.filter(unit=row.unit, name=row.name)
    others = others.filter(valid_to__isnull=True) | others.filter(valid_to__gt=row.valid_from)
    if row.valid_to is not None:
        others = others.filter(valid_from__lt=row.valid_to)
    if others.exists():
        raise Refused(
            pick(
                f"Đơn vị “{row.unit.code}” đã có vị trí “{row.name}” trong thời gian này. Hãy đặt tên khác hoặc thay "
                "đổi vị trí đã có.",
                f"Unit “{row.unit.code}” has a position “{row.name}” in this time. Use another name or change it.",
            )
        )


def _subject(unit: Unit) -> str:
    return f"unit:{unit.code}"
