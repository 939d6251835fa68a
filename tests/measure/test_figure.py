"""Which whole numbers print as a percentage: the figures of the sources, worked out by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canbo.common.findings import Refused
from canbo.measure.figure import fits, neighbours, parse_base, parse_printed, prints_as


def pairs(printed: str, of: str, count: int | None = None) -> list[tuple[int, int, tuple[str, ...]]]:
    return [(one.count, one.of, one.modes) for one in fits(parse_printed(printed), parse_base(of), count=count)]


@pytest.mark.parametrize(
    ("printed", "of", "count", "found"),
    [
        ("52,28%", "306", None, [(160, 306, ("truncate",))]),
        ("6,25%", "306", None, []),
        ("15,29%", "306", None, []),
        ("32,12%", "600..700", 213, [(213, 663, ("truncate",))]),
        ("53.35%", "521", None, [(278, 521, ("truncate",))]),
        ("4,13%", "145", None, [(6, 145, ("truncate",))]),
        ("4,14%", "145", None, [(6, 145, ("half_up",))]),
        ("60%", "40", None, [(24, 40, ("half_up", "truncate"))]),
        ("6,25%", "304..320", None, [(19, 304, ("half_up", "truncate")), (20, 320, ("half_up", "truncate"))]),
        ("0%", "3", None, [(0, 3, ("half_up", "truncate"))]),
        ("100,00%", "7", None, [(7, 7, ("half_up", "truncate"))]),
        ("285%", "41", None, [(117, 41, ("half_up", "truncate"))]),
    ],
)
def test_figures_of_the_sources(
    printed: str, of: str, count: int | None, found: list[tuple[int, int, tuple[str, ...]]]
) -> None:
    assert pairs(printed, of, count) == found


def test_the_only_denominators_that_print_32_12_for_213_is_663() -> None:
    assert pairs("32,12%", "1..2000", 213) == [(213, 663, ("truncate",))]


@given(st.integers(1, 500), st.data(), st.integers(0, 3))
def test_every_pair_is_found_and_no_other(whole: int, data: st.DataObject, places: int) -> None:
    part = data.draw(st.integers(0, whole))
    scaled = 100 * 10**places * part // whole
    digits = f"{scaled:0{places + 1}d}"
    printed = (f"{digits[:-places]},{digits[-places:]}" if places else digits) + "%"
    wanted = parse_printed(printed)
    expected = [k for k in range(whole + 1) if prints_as(k, whole, wanted, "truncate")]
    assert [one.count for one in fits(wanted, range(whole, whole + 1), mode="truncate")] == expected
    assert part in expected


def test_the_nearest_shares_lie_around() -> None:
    assert neighbours(parse_printed("6,25%"), 306) == (19, 20)


@pytest.mark.parametrize("printed", ["52,28", "abc%", "%", "-5%", "1.234.567%"])
def test_what_is_no_percentage(printed: str) -> None:
    with pytest.raises(Refused, match="không phải là một tỷ lệ"):
        parse_printed(printed)


@pytest.mark.parametrize("of", ["0", "-3", "400..300", "abc", "1..99999999", ""])
def test_what_is_no_denominator(of: str) -> None:
    with pytest.raises(Refused):
        parse_base(of)
