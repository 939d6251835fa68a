"""Whether what the data does not tell could turn a verdict."""

import pytest

from canbo.common.shares import parse_goal
from canbo.measure.verdicts import could_change


@pytest.mark.parametrize(
    ("goal", "numerator", "denominator", "unknown", "outside", "turns"),
    [
        ("> 60%", 160, 306, 24, 0, True),
        ("> 60%", 160, 306, 23, 0, False),
        ("> 60%", 184, 306, 5, 0, False),
        ("> 60%", 184, 306, 0, 1, True),  # 184/307 = 59,93 %
        ("15%..25%", 1, 10, 2, 0, True),  # 2/10 is inside, 1/10 and 3/10 are not
        ("15%..25%", 2, 10, 1, 0, True),
        ("15%..25%", 1, 1000, 2, 0, False),
        ("= 50%", 4, 10, 2, 0, True),
        ("= 100%", 9, 10, 1, 0, True),
        ("<= 20%", 2, 10, 1, 0, True),
        ("<= 20%", 3, 10, 1, 0, False),
    ],
)
def test_by_hand(goal: str, numerator: int, denominator: int, unknown: int, outside: int, turns: bool) -> None:
    assert could_change(numerator, denominator, unknown, outside, measure="share", goal=parse_goal(goal)) is turns


def test_counts_and_plans() -> None:
    two = parse_goal(">= 2")
    assert could_change(1, 5, 1, 0, measure="count", goal=two)
    assert not could_change(0, 5, 1, 0, measure="count", goal=two)
    assert could_change(3, 4, 0, 1, measure="count", goal=parse_goal(">= 100%"), planned=True)
    assert not could_change(3, 5, 0, 1, measure="count", goal=parse_goal(">= 100%"), planned=True)
    assert not could_change(3, 5, 2, 2, measure="count", goal=None)
