"""No indicator of the library goes without a count of its own, and none is counted that the library does not have."""

from .comparing import QUERIES
from .library import computed


def test_every_computed_indicator_and_part_is_counted_by_hand() -> None:
    assert computed() - set(QUERIES) == set()


def test_nothing_is_counted_that_the_library_no_longer_has() -> None:
    assert set(QUERIES) - computed() == set()
