"""A small province with its two trees, entered in 2020."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, TypeAlias

import pytest

if TYPE_CHECKING:
    from canbo.register.models import BodySeat, Document, Person, Unit

AT = datetime(2024, 5, 6, 2, tzinfo=UTC)
START = date(2020, 1, 1)
MakeUnit: TypeAlias = "Callable[..., Unit]"
MakePerson: TypeAlias = "Callable[..., Person]"
Sit: TypeAlias = "Callable[..., BodySeat]"


@pytest.fixture
def unit() -> MakeUnit:
    """Enter a unit; a district unless said otherwise."""
    from canbo.register import units

    def entered(code: str, **more: object) -> "Unit":
        fields = {"name": f"Đơn vị {code}", "level": "district", "kind": "locality", "valid_from": START} | more
        return units.enter(code=code, by="lan", at=AT, **fields)  # type: ignore[arg-type]

    return entered


@pytest.fixture
def person() -> MakePerson:
    """Make a person; a Kinh man born in 1980 unless said otherwise."""
    from canbo.common.text import name_order, search_key
    from canbo.register.models import Person

    def made(code: str, name: str = "", **more: object) -> "Person":
        full = name or f"Nguyễn Văn {code}"
        fields = {"birth_date": date(1980, 1, 1), "sex": "male", "ethnicity": "Kinh"} | more
        return Person.objects.create(
            code=code, full_name=full, name_key=search_key(full), name_order=name_order(full), **fields
        )

    return made


@pytest.fixture
def decision() -> "Document":
    """A decision that stands behind rules."""
    from canbo.register import documents

    return documents.register(
        number="09-QĐ/TU",
        kind="regulation",
        issuer="Ban Thường vụ Tỉnh ủy",
        issued_on=date(2020, 3, 1),
        by="lan",
        at=AT,
    )


@pytest.fixture
def sit(person: MakePerson) -> Sit:
    """Give a person, named by code or made before, a seat as a source has it."""
    from canbo.register.models import BodySeat

    def seated(
        who: "str | Person", unit: "Unit", body: str, start: date, end: date | None = None, **more: object
    ) -> "BodySeat":
        sex = str(more.pop("sex", "male"))
        holder = person(who, sex=sex) if isinstance(who, str) else who
        fields = {"role": "member"} | more
        return BodySeat.objects.create(person=holder, unit=unit, body=body, valid_from=start, valid_to=end, **fields)

    return seated
