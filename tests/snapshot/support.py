"""A small register filled through the models."""

from datetime import UTC, date, datetime
from typing import Any

from canbo.audit.changes import change
from canbo.common.text import search_key
from canbo.register.models import Employment, Person, PostHeld, Standing, Unit, UnitVersion

ENTERED = datetime(2024, 1, 10, tzinfo=UTC)
SINCE = date(2020, 1, 1)


def entering(at: datetime = ENTERED) -> Any:
    return change(by="an", at=at, action="enter")


def make_unit(code: str = "T", parent: Unit | None = None, **more: Any) -> Unit:
    unit = Unit.objects.create(code=code)
    given = {"name": f"Đơn vị {code}", "level": "province", "kind": "state", "valid_from": SINCE} | more
    UnitVersion.objects.create(unit=unit, parent=parent, **given)
    return unit


def make_person(code: str, unit: Unit, *, since: date = SINCE, **more: Any) -> Person:
    """A person in service since a day, with one post since that day."""
    name = f"Nguyễn Văn {code}"
    given = {"birth_date": date(1980, 1, 1), "sex": "male", "ethnicity": "Kinh"} | more
    person = Person.objects.create(
        code=code, full_name=name, name_key=search_key(name), name_order=search_key(name), **given
    )
    Employment.objects.create(person=person, staff_kind="civil_servant", unit=unit, valid_from=since)
    PostHeld.objects.create(
        person=person, unit=unit, post="Chuyên viên", post_kind="professional", is_main=True, valid_from=since
    )
    return person


def state(person: Person, *, since: date = SINCE, known: bool = True, **levels: Any) -> Standing:
    return Standing.objects.create(person=person, valid_from=since, since_known=known, **levels)
