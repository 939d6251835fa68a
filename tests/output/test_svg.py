"""The target bar and the line over time: where the marks stand, what they are, that they need no colour."""

import re
from fractions import Fraction
from xml.etree import ElementTree

import html_dossiers as made
import pytest

from canbo.common.shares import Goal, parse_goal
from canbo.output.bars import Bar, bar_cells, bar_of
from canbo.output.charts import line_over_time
from canbo.output.svg import sparkline, target_bar, target_bar_png

NONE = Fraction(0)


def goal(text: str) -> Goal:
    parsed = parse_goal(text)
    assert parsed is not None
    return parsed


def bar(**changes: object) -> str:
    figures: dict[str, object] = {
        "value": Fraction(160, 306),
        "goal": goal("> 60%"),
        "baseline": None,
        "unknown": NONE,
    }
    return target_bar(**(figures | changes))  # type: ignore[arg-type]  # the names are those of the bar


def classes(svg: str) -> list[str]:
    return re.findall(r'class="(tb-[a-z-]+)"', svg)


def test_the_value_is_as_long_as_its_share_of_the_track() -> None:
    svg = bar(value=Fraction(1, 2), width=108)  # 4 px stay free at both ends, so 100 px are 100 %
    assert 'x="4"' in svg and 'width="50"' in svg


def test_the_tick_stands_at_the_target() -> None:
    assert re.search(r'class="tb-tick" d="M64 ', bar(width=108))


def test_short_and_met_and_late_differ_in_their_mark() -> None:
    assert "tb-short" in classes(bar())
    assert "tb-met" in classes(bar(goal=goal("> 50%")))
    assert "tb-late" in classes(bar(late=True))
    assert "tb-none" in classes(bar(goal=None))


def test_a_strict_target_has_an_open_flag_and_an_equal_one_none() -> None:
    assert "tb-flag-open" in classes(bar())
    assert "tb-flag" in classes(bar(goal=goal(">= 60%")))
    assert not {"tb-flag", "tb-flag-open"} & set(classes(bar(goal=goal("= 60%"))))


def test_a_range_is_a_band_between_two_ticks() -> None:
    found = classes(bar(goal=goal("15%..25%")))
    assert found.count("tb-tick") == 2 and "tb-band" in found


def test_unknown_is_hatched_and_the_baseline_a_hollow_dot() -> None:
    found = classes(bar(unknown=Fraction(6, 306), baseline=Fraction(149, 306)))
    assert "tb-unknown" in found and "tb-base" in found


def test_nothing_measured_leaves_the_track_broken() -> None:
    assert "stroke-dasharray" in bar(value=None)
    assert "stroke-dasharray" not in bar(value=NONE)


@pytest.mark.parametrize(("value", "end"), [("3", "10"), ("12/10", "3/2"), ("1/2", "1")])
def test_the_track_grows_beyond_every_mark(value: str, end: str) -> None:
    # a count of 3 against 5: 5 × 1,1 = 5,5 and the next round number is 10; 120 % × 1,1 = 132 % and next is 150 %
    held = goal(">= 5") if value == "3" else goal(">= 100%")
    assert Bar(Fraction(value), held).end == Fraction(end)


def test_a_title_names_the_bar_and_is_escaped() -> None:
    svg = bar(title='52,28% <&"')
    assert ElementTree.fromstring(svg).get("aria-label") == '52,28% <&"'
    assert ElementTree.fromstring(bar()).get("aria-hidden") == "true"


def test_the_png_has_the_resolution_of_print() -> None:
    png = target_bar_png(value=Fraction(1, 2), goal=goal("> 60%"), baseline=None, unknown=NONE)
    assert png.startswith(b"\x89PNG")
    width = int.from_bytes(png[16:20], "big")
    assert 660 <= width <= 670  # 160 points at 300 dots an inch: 160 / 72 × 300 = 666


def _signs(bar: Bar, width: int) -> str:
    """The bar in the terminal, without its colours."""
    return "".join(sign for sign, _ in bar_cells(bar, width=width))


def test_the_bar_of_a_terminal() -> None:
    text = _signs(Bar(Fraction(1, 2), goal("> 75%"), None, Fraction(0)), 16)
    assert text == "━━━━━━━━────┃───"
    assert _signs(Bar(None, None, None, Fraction(0)), 4) == "┄┄┄┄"
    assert _signs(Bar(Fraction(1, 10), goal("50%..75%"), None, Fraction(0)), 8) == "━───┣─┫─"


def test_units_measured_one_by_one_are_held_against_all_of_them() -> None:
    shown = bar_of(made.each_unit())
    assert shown is not None and shown.goal is not None
    assert shown.goal.low == 1 and shown.tone == "short"


def test_a_bare_count_has_no_bar() -> None:
    assert bar_of(made.reported()) is None


def test_a_sparkline_breaks_where_nothing_was_measured() -> None:
    svg = sparkline([Fraction(1, 2), None, Fraction(3, 4)])
    line = re.search(r'class="tb-line" d="([^"]+)"', svg)
    assert line is not None and line.group(1).count("M") == 2


def test_the_line_over_time_is_stepped_and_labelled_in_place() -> None:
    points = made.dossier().trends["TN-2025-1-01"]
    svg = line_over_time(made.indicator(), points, places=2, rounding="truncate")
    assert "52,28%" in svg and "Mục tiêu &gt; 60%, 31/12/2025" in svg and "ban đầu" in svg
    assert "http://" not in svg.replace("http://www.w3.org/", "")


def test_one_day_makes_no_line() -> None:
    points = made.dossier().trends["TN-2025-1-01"][:1]
    assert line_over_time(made.indicator(), points) == ""
