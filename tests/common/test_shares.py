"""Targets held against exact counts."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canbo.common.shares import parse_goal, shortfall


@pytest.mark.parametrize(
    ("goal", "numerator", "denominator", "missing"),
    [
        ("> 60%", 160, 306, 24),  # 184/306 passes, 183/306 does not
        ("> 35%", 213, 663, 20),
        ("> 55%", 278, 521, 9),
        ("> 50%", 25, 50, 1),  # exactly half fails
        (">= 50%", 25, 50, 0),
        (">= 5%", 6, 145, 2),
        ("= 100%", 9, 10, 1),
        ("= 100%", 10, 10, 0),
        ("15%..25%", 40, 306, 6),
        ("15%..25%", 46, 306, 0),
        ("15%..25%", 80, 306, 4),  # four too many: 76/306 is the last within 25%
        ("< 10%", 1, 10, 1),
        ("<= 10%", 3, 10, 2),
        (">= 2", 1, 1, 1),
        ("> 99%", 10, 10, 0),
        ("> 100%", 10, 10, None),
        ("= 33%", 1, 10, None),
    ],
)
def test_shortfall_by_hand(goal: str, numerator: int, denominator: int, missing: int | None) -> None:
    parsed = parse_goal(goal)
    assert parsed is not None
    assert shortfall(parsed, numerator, denominator, capped=parsed.percent) == missing


@given(
    st.sampled_from(["> 60%", ">= 7%", "> 12,5%", "= 100%", "15%..25%", "<= 30%", "< 3%"]),
    st.integers(1, 400),
    st.data(),
)
def test_the_shortfall_is_the_least_number_that_makes_the_goal_hold(goal: str, whole: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(0, whole))
    parsed = parse_goal(goal)
    assert parsed is not None
    steps = [k for k in range(whole + 1) if parsed.holds(Fraction(k, whole))]
    expected = min((abs(k - part) for k in steps), default=None)
    assert shortfall(parsed, part, whole, capped=True) == expected


@pytest.mark.parametrize("written", ["60", "about 60%", "> 60 %%", "25%..15%", "5%..10", ">", "", "> -5%"])
def test_what_is_no_goal(written: str) -> None:
    assert parse_goal(written) is None


def test_a_goal_with_a_decimal_comma() -> None:
    parsed = parse_goal(">= 2,5%")
    assert parsed is not None
    assert parsed.low == Fraction(25, 1000)
