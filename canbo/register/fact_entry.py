"""How a fact about a person is entered, ended, put right and withdrawn, and what any fact must respect.

The services of each kind of fact (posts, ranks …) know their own rules and call these.
"""

from datetime import date, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q

from canbo.codes import code_list
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.common.text import tidy
from canbo.register.models import Document, Employment, Person, Unit, UnitVersion
from canbo.register.models.people import PersonFact
from canbo.register.refusals import between, days_of, what_is
from canbo.register.revisions import about, named

Fact = TypeVar("Fact", bound=models.Model)
_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def enter(row: Fact, *, person: Person, by: str, at: datetime, action: str, seen: int | None = None) -> Fact:
    """Write a new fact. Days to come are accepted: it holds from its own day.

    :raises Refused: see ``revisions.about``.
    """
    _tidy(row)
    with about(person, by=by, at=at, action=action, seen=seen, row=row):
        row.save(force_insert=True)
    return row


def end(
    row: PersonFact,
    *,
    last_day: date,
    by: str,
    at: datetime,
    action: str,
    seen: int | None = None,
    document: Document | None = None,
    **fields: object,
) -> None:
    """End a fact; ``last_day`` is the last on which it holds. The document that ends it is kept where it had none.

    :raises Refused: it would end before it begins, or ended before.
    """
    if row.valid_to is not None and row.valid_to <= last_day:
        raise Refused(
            pick(
                f"{named(row.person)}: {what_is(type(row))} {days_of(row)} đã kết thúc trước ngày "
                f"{last_day:%d/%m/%Y}. Nếu ngày kết thúc ghi sai, hãy sửa ngày thay vì kết thúc lần nữa.",
                f"{named(row.person)}: the {what_is(type(row))} {days_of(row)} ended before {last_day:%d/%m/%Y}. "
                "If that day is wrong, correct it instead.",
            )
        )
    changed: dict[str, object] = {"valid_to": last_day + timedelta(days=1), **fields}
    if document is not None and row.document_id is None:
        changed["document"] = document
    correct(row, person=row.person, by=by, at=at, action=action, seen=seen, **changed)


def correct(
    row: models.Model,
    *,
    person: Person,
    by: str,
    at: datetime,
    action: str,
    seen: int | None = None,
    **fields: object,
) -> None:
    """Put right what was entered; what was believed before stays in the history. The row is as it was if refused.

    :raises Refused: see ``revisions.about``; a field is not one of the fact's own.
    """
    before = {name: getattr(row, name) for name in fields}
    try:
        for name, value in fields.items():
            setattr(row, name, value)
        _tidy(row)
        with about(person, by=by, at=at, action=action, seen=seen, row=row):
            row.save(update_fields=list(fields))
    except Exception:
        for name, value in before.items():
            setattr(row, name, value)
        raise


def withdraw(row: models.Model, *, person: Person, by: str, at: datetime, action: str, seen: int | None = None) -> None:
    """Take back a fact that was never so; it stays in the history."""
    with about(person, by=by, at=at, action=action, seen=seen, row=row):
        row.delete()


def day_of(at: datetime) -> date:
    """The day of a moment in Việt Nam."""
    return at.astimezone(_ZONE).date()


def after(last_day: date | None) -> date | None:
    """The first day after an inclusive last one, as the register keeps it."""
    return None if last_day is None else last_day + timedelta(days=1)


def require_coded(codes: str, value: str | None, person: Person, label: str) -> str | None:
    """The key that a value means in a code list; None stays None, which is unknown.

    :raises Refused: it means nothing there.
    """
    if value is None:
        return None
    key = code_list(codes).match(value)
    if key is not None:
        return key
    near = code_list(codes).suggest(value)
    hint = pick(f" Có phải “{near}” không?", f" Did you mean “{near}”?") if near else ""
    raise Refused(
        pick(
            f"{named(person)}: {label} “{value}” không có trong danh mục. Nếu chưa rõ, hãy để trống.",
            f"{named(person)}: {label} “{value}” is not in the code list. Leave it empty if unknown.",
        )
        + hint
    )


def require_document(document: Document | None, person: Person, what: str) -> Document:
    """The decision behind a fact.

    :raises Refused: there is none.
    """
    if document is not None:
        return document
    raise Refused(
        pick(
            f"{named(person)}: {what} phải có quyết định. Hãy vào sổ quyết định trước, rồi chọn quyết định đó.",
            f"{named(person)}: a {what} needs its decision. Register the decision, then choose it.",
        )
    )


def require_in_being(unit: Unit, start: date, end: date | None, person: Person) -> None:
    """The unit exists on every day of ``[start, end)``; before a version whose start is not known it may have.

    :raises Refused: it did not, with the days on which it does.
    """
    reached = start
    for version in UnitVersion.objects.filter(unit=unit).order_by("valid_from"):
        begins = version.valid_from if version.since_known else min(version.valid_from, reached)
        if begins > reached:
            break
        if version.valid_to is None:
            return
        reached = max(reached, version.valid_to)
    if end is not None and reached >= end and reached > start:
        return
    names = UnitVersion.objects.filter(unit=unit).order_by("-valid_from")
    name = next((one.name for one in names), unit.code)
    if reached > start:
        raise Refused(
            pick(
                f"{named(person)}: đơn vị {name} chỉ còn đến ngày {reached - timedelta(days=1):%d/%m/%Y}. Hãy ghi "
                "ngày cuối không muộn hơn, rồi ghi tiếp ở đơn vị kế thừa.",
                f"{named(person)}: the unit {name} exists until {reached - timedelta(days=1):%d/%m/%Y}. End the fact "
                "by then and go on in the successor.",
            )
        )
    raise Refused(
        pick(
            f"{named(person)}: đơn vị {name} không tồn tại ngày {start:%d/%m/%Y}. Hãy chọn đơn vị có ở ngày đó, "
            "hoặc xem lại ngày.",
            f"{named(person)}: the unit {name} does not exist on {start:%d/%m/%Y}. Choose one that does, or check "
            "the day.",
        )
    )


def require_in_service(person: Person, end: date | None, what: str) -> None:
    """Nothing outlasts the service: ``[…, end)`` ends by the last exit.

    :raises Refused: it goes on after it.
    """
    rows = Employment.objects.filter(person=person)
    last = rows.order_by("-valid_from").first()
    if last is None or last.valid_to is None or (end is not None and end <= last.valid_to):
        return
    raise Refused(
        pick(
            f"{named(person)} công tác {between(last.valid_from, last.valid_to)} rồi ra khỏi ngành; {what} không thể "
            "kéo dài sau ngày đó. Hãy ghi ngày cuối, hoặc ghi lần công tác mới trước.",
            f"{named(person)} served {between(last.valid_from, last.valid_to)}; a {what} cannot last longer. Enter "
            "its last day, or the new employment first.",
        )
    )


def overlapping(rows: "models.QuerySet[Fact]", start: date, end: date | None) -> "models.QuerySet[Fact]":
    """The rows that share a day with ``[start, end)``."""
    found = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=start))
    return found if end is None else found.filter(valid_from__lt=end)


def _tidy(row: models.Model) -> None:
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if isinstance(field, models.TextField) and isinstance(value, str):
            setattr(row, field.attname, tidy(value))
