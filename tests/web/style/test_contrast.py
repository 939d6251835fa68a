"""The colours of the stylesheet can be told apart by everybody who reads, in light, in dark and on paper."""

import pytest

from canbo.web.style import tokens


def test_the_measure_agrees_with_known_ratios() -> None:
    assert tokens.contrast("#000", "#ffffff") == pytest.approx(21)
    assert tokens.contrast("#777777", "#fff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_text_and_marks_stand_out_from_their_grounds(theme: str) -> None:
    colours = tokens.themes()[theme]
    weak = [
        f"{front} on {back}: {tokens.contrast(colours[front], colours[back]):.2f} < {least}"
        for front, back, least in tokens.pairs()
        if tokens.contrast(colours[front], colours[back]) < least
    ]
    assert not weak


def test_dark_is_a_theme_of_its_own() -> None:
    light, dark = tokens.themes()["light"], tokens.themes()["dark"]
    assert {name for name in light if light[name] == dark[name]} == set()
