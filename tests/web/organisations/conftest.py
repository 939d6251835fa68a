"""What the tests of units share."""

from typing import Any

import pytest


@pytest.fixture
def province(db: None) -> Any:
    """T over H1 (communes A and B) and H2 (commune C)."""
    from tests.web.organisations.world import build

    return build()


@pytest.fixture
def specialist(province: Any) -> Any:
    """A client signed in as the specialist of the whole province."""
    from tests.web.clients import client_of

    return client_of("specialist")


@pytest.fixture
def officer(province: Any) -> Any:
    """The officer of the district H1, who changes no units."""
    from tests.web.clients import client_of

    return client_of("unit_officer", "H1")
