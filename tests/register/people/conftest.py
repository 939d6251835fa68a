"""A unit, a decision and a person who serves. Models are imported in the fixtures: Django is set up after this file."""

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from canbo.register.models import Document, Person, Unit


@pytest.fixture
def agency(db: Any) -> "Unit":
    from tests.register.makers import make_unit

    return make_unit("SO", kind="state")


@pytest.fixture
def decision(db: Any) -> "Document":
    from canbo.register.models import Document

    return Document.objects.create(number="12-QĐ/TU", kind="decision", issuer="Tỉnh ủy", issued_on=date(2024, 1, 10))


@pytest.fixture
def an(db: Any) -> "Person":
    from tests.register.makers import employ, make_person

    person = make_person("P1", full_name="Nguyễn Văn An")
    employ(person)
    return person
