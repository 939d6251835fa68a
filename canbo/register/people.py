"""People entered and put right, and lists of people as of a day and as known at a moment (REG-01, REG-08, REG-09)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber

from canbo.audit.changes import change
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.common.text import name_order, search_key, tidy
from canbo.register.fact_entry import correct as correct_row
from canbo.register.fact_entry import day_of, require_coded
from canbo.register.models import Person
from canbo.register.refusals import explained
from canbo.register.revisions import named

_KEPT = frozenset({"id", "code", "name_key", "name_order", "revision", "merged_into", "origin"})


@dataclass(frozen=True)
class Listed:
    """One person of a list, as known then."""

    id: int
    code: str
    full_name: str
    birth_date: date
    birth_precision: str
    sex: str
    ethnicity: str | None
    name_order: str


def enter(
    *,
    code: str,
    full_name: str,
    birth_date: date,
    sex: str,
    birth_precision: str = "day",
    ethnicity: str | None = None,
    by: str,
    at: datetime,
    **more: object,
) -> Person:
    """Enter a person; ``birth_precision`` is ``month`` or ``year`` where only that is known. No Kinh by default.

    ``more`` are further fields of ``Person``. Whether the person is there already is asked with ``merges.suggest``.

    :raises Refused: no name, born after the day of entry, an unknown code, or the code or national id is taken.
    """
    person = Person(code=tidy(code))
    fields = {
        "full_name": full_name,
        "birth_date": birth_date,
        "birth_precision": birth_precision,
        "sex": sex,
        "ethnicity": ethnicity,
        **more,
    }
    person.full_name = tidy(full_name)
    for name, value in _checked(person, fields, at).items():
        setattr(person, name, value)
    with (
        explained(who=named(person), row=person),
        change(by=by, at=at, action="person.enter", subject=f"person:{person.code}"),
    ):
        person.save(force_insert=True)
    return person


def correct(person: Person, *, by: str, at: datetime, seen: int | None = None, **fields: object) -> None:
    """Put right who a person is; what was believed before stays in the history.

    :raises Refused: as in ``enter``; the person was changed since ``seen``.
    """
    checked = _checked(person, fields, at)
    correct_row(person, person=person, by=by, at=at, action="person.correct", seen=seen, **checked)


def age_on(birth_date: date, precision: str, day: date) -> tuple[int, int]:
    """The least and the greatest age in full years on a day, which differ where the birth day is not known.

    Born 29/02, a year is full on 01/03 of a common year.
    """
    last = birth_date
    if precision == "year":
        last = date(birth_date.year, 12, 31)
    elif precision == "month":
        following = date(birth_date.year + birth_date.month // 12, birth_date.month % 12 + 1, 1)
        last = date.fromordinal(following.toordinal() - 1)
    return _years(last, day), _years(birth_date, day)


def list_as_of(day: date, *, known: datetime | None = None) -> list[Listed]:
    """Who serves on a day, in the order of Vietnamese lists, each person once; ``known``: as known at that moment.

    In service is who has an employment that holds on the day, or, where none is entered at all, a post or seat.
    """
    employed = _holders("Employment", day, known)
    with_employment = _holders("Employment", None, known)
    others = (_holders("PostHeld", day, known) | _holders("BodySeat", day, known)) - with_employment
    return sorted(
        (one for one in _identities(known).values() if one.id in employed | others),
        key=lambda one: (one.name_order, one.birth_date, one.code),
    )


def rows_known(model: str, known: datetime | None) -> list[Mapping[str, Any]]:
    """All rows of a model of the register as known at a moment (None: now), as mappings of its columns."""
    current = apps.get_model("register", model)
    columns = [field.attname for field in current._meta.concrete_fields]
    if known is None:
        return list(current._default_manager.values(*columns))
    latest = Window(RowNumber(), partition_by=F("pgh_obj_id"), order_by=F("pgh_id").desc())
    events = apps.get_model("register", f"{model}Event")._default_manager.filter(pgh_created_at__lte=known)
    found = events.annotate(nth=latest).filter(nth=1).values(*columns, "pgh_label")
    # Not in the query: there a condition goes before the window, and the version before a deletion would come back.
    return [row for row in found if row.pop("pgh_label") != "delete"]


def search(text: str, *, limit: int = 50) -> list[Person]:
    """People by code, or by any part of the name, with or without marks."""
    key = search_key(text)
    found = Person.objects.filter(merged_into__isnull=True).filter(Q(code=tidy(text)) | Q(name_key__contains=key))
    return list(found.order_by("name_order", "birth_date", "code")[:limit])


def _holders(model: str, day: date | None, known: datetime | None) -> set[object]:
    """The persons with a row of the model that holds on the day (None: any row)."""
    found = set()
    for row in rows_known(model, known):
        start, end = row["valid_from"], row["valid_to"]
        if day is None or (start <= day and (end is None or end > day)):
            found.add(row["person_id"])
    return found


def _identities(known: datetime | None) -> dict[object, Listed]:
    fields = list(Listed.__dataclass_fields__)
    return {
        row["id"]: Listed(**{name: row[name] for name in fields})
        for row in rows_known("Person", known)
        if row["merged_into_id"] is None
    }


def _checked(person: Person, fields: Mapping[str, object], at: datetime) -> dict[str, object]:
    """The fields as they are stored, keys of the name included.

    :raises Refused: a field cannot be what it is said to be.
    """
    names = {field.name for field in Person._meta.concrete_fields}
    if unknown := sorted(set(fields) & _KEPT | set(fields) - names):
        listed = ", ".join(unknown)
        raise Refused(
            pick(f"Không sửa được mục: {listed}.", f"Fields that cannot be set: {listed}."),
        )
    stored = dict(fields)
    if "full_name" in stored:
        name = tidy(str(stored["full_name"]))
        if not name:
            raise Refused(pick("Chưa ghi họ tên. Hãy ghi họ tên đầy đủ.", "The name is missing. Enter the full name."))
        stored |= {"full_name": name, "name_key": search_key(name), "name_order": name_order(name)}
    for field, label in (("sex", pick("giới tính", "sex")), ("ethnicity", pick("dân tộc", "ethnicity"))):
        value = stored.get(field)
        if value is not None:
            stored[field] = require_coded(field, str(value), person, label)
    if not stored.get("national_id", True):
        stored["national_id"] = None
    if "birth_date" in stored or "birth_precision" in stored:
        stored |= _birth(person, stored, at)
    return stored


def _birth(person: Person, stored: Mapping[str, object], at: datetime) -> dict[str, object]:
    born = stored.get("birth_date", person.birth_date)
    precision = stored.get("birth_precision", person.birth_precision)
    if not isinstance(born, date) or born > day_of(at):
        shown = f"{born:%d/%m/%Y}" if isinstance(born, date) else ""
        raise Refused(
            pick(
                f"{named(person)}: ngày sinh {shown} không hợp lý (sau ngày nhập). Hãy xem lại giấy tờ.",
                f"{named(person)}: the birth date {shown} is impossible (after the day of entry). Check the papers.",
            )
        )
    first = {"year": born.replace(month=1, day=1), "month": born.replace(day=1)}
    return {"birth_date": first.get(str(precision), born), "birth_precision": precision}


def _years(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
