"""What the tests of the API share."""

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture
def world(db: None) -> Any:
    """The small province with its accounts."""
    from tests.api.world import build

    return build()


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No limit of requests, unless a test sets one."""
    from canbo.api import rates

    for buckets in (rates.CALLERS, rates.ADDRESSES, rates.STRANGERS):
        buckets.clear()
        monkeypatch.setattr(buckets, "rate", 10**9)
    yield
    for buckets in (rates.CALLERS, rates.ADDRESSES, rates.STRANGERS):
        buckets.clear()
