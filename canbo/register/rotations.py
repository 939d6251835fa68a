"""Rotations, transfers and secondments begun and ended; levels are those of the two units on the day."""

from datetime import date, datetime

from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.register import fact_entry
from canbo.register.fact_entry import after, require_document, require_in_being, require_in_service
from canbo.register.models import Document, Person, Rotation, Unit, UnitVersion
from canbo.register.revisions import named


def begin(
    *,
    person: Person,
    from_unit: Unit,
    to_unit: Unit,
    kind: str,
    movement: str,
    start: date,
    document: Document | None,
    last_day: date | None = None,
    expected_to: date | None = None,
    by: str,
    at: datetime,
    seen: int | None = None,
    **more: object,
) -> Rotation:
    """Begin a rotation on a day. ``expected_to`` is the last day as planned; ``more``: the groups of posts, the tier.

    The posts themselves are ended and begun with ``posts``.

    :raises Refused: no decision, both units are one, a unit not in being, or the person has left.
    """
    what = pick("luân chuyển", "rotation")
    decision = require_document(document, person, what)
    if from_unit.id == to_unit.id:
        raise Refused(
            pick(
                f"{named(person)}: nơi đi và nơi đến là cùng một đơn vị. Hãy chọn lại nơi đến.",
                f"{named(person)}: both units are one. Choose where to.",
            )
        )
    end_day = after(last_day)
    require_in_being(to_unit, start, end_day, person)
    require_in_service(person, end_day, what)
    row = Rotation(
        person=person, from_unit=from_unit, to_unit=to_unit, kind=kind, movement=movement,
        from_level=_level(from_unit, start), to_level=_level(to_unit, start), expected_to=expected_to,
        valid_from=start, valid_to=end_day, document=decision, **more,
    )  # fmt: skip
    return fact_entry.enter(row, person=person, by=by, at=at, action="rotation.begin", seen=seen)


def end(
    rotation: Rotation,
    *,
    last_day: date,
    document: Document | None = None,
    by: str,
    at: datetime,
    seen: int | None = None,
) -> None:
    """End a rotation; ``last_day`` is the last of it.

    :raises Refused: it ended before.
    """
    fact_entry.end(rotation, last_day=last_day, by=by, at=at, action="rotation.end", seen=seen, document=document)


def _level(unit: Unit, day: date) -> str | None:
    """On the day, or the last before: a unit may be dissolved by what rotates its people."""
    version = UnitVersion.objects.filter(unit=unit, valid_from__lte=day).order_by("-valid_from").first()
    return version.level if version else None
