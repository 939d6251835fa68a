"""People, units and posts made by hand for tests, in one line each."""

from datetime import UTC, date, datetime
from typing import Any

from canbo.common.text import name_order, search_key
from canbo.register.models import Employment, Person, PostHeld, Unit, UnitVersion

START = date(2020, 1, 1)
AT = datetime(2024, 5, 1, 8, tzinfo=UTC)


def make_unit(code: str, parent: Unit | None = None, *, level: str = "province", kind: str = "locality") -> Unit:
    """A unit that exists since 2000."""
    unit = Unit.objects.create(code=code)
    UnitVersion.objects.create(
        unit=unit, name=f"Đơn vị {code}", parent=parent, level=level, kind=kind, valid_from=date(2000, 1, 1)
    )
    return unit


def make_person(code: str, *, born: date = date(1980, 6, 15), sex: str = "male", **more: Any) -> Person:
    """A person named by the code."""
    name = more.pop("full_name", f"Nguyễn Văn {code}")
    return Person.objects.create(
        code=code,
        full_name=name,
        name_key=search_key(name),
        name_order=name_order(name),
        birth_date=born,
        sex=sex,
        **more,
    )


def employ(person: Person, **more: Any) -> Employment:
    """A civil servant since 2020."""
    filled = {"staff_kind": "civil_servant", "valid_from": START} | more
    return Employment.objects.create(person=person, **filled)


def post(person: Person, unit: Unit, **more: Any) -> PostHeld:
    """The main post since 2020."""
    filled = {"post_kind": "professional", "is_main": True, "valid_from": START} | more
    return PostHeld.objects.create(person=person, unit=unit, **filled)
