"""The colours of the stylesheet, read from it as the one source, and how far two of them stand apart."""

import re
from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders

_SHEET = "canbo/site.css"
_TOKEN = re.compile(r"--([a-z0-9-]+):\s*(#[0-9a-f]{3,6})\b")
_BLOCK = re.compile(r":root\s*\{([^}]*)\}")

SMALL, MARK = 4.5, 3.0
"""The least contrast of text, and of marks that are no text."""

READ_ON = {
    "ink": ("ground", "paper", "raised", "hover", "none-soft", "accent-soft"),
    "quiet": ("ground", "paper", "raised", "hover", "none-soft"),
    "accent": ("ground", "paper", "raised", "hover", "accent-soft"),
    "accent-ink": ("accent",),
    "grave-ink": ("grave",),
    "met-text": ("paper", "met-soft", "ground", "hover"),
    "short-text": ("paper", "short-soft", "ground", "hover"),
    "late-text": ("paper", "late-soft", "ground", "hover"),
    "heat-ink": ("h1", "h2", "h3", "h4", "h5"),
}
"""Which colours of text stand on which grounds."""

SEEN_ON = {
    "edge": ("paper", "ground", "raised"),
    "met": ("paper", "ground"),
    "short": ("paper", "ground"),
    "late": ("paper", "ground"),
    "none": ("paper", "ground"),
    "accent": ("paper", "ground"),
}
"""Which marks stand on which grounds."""


@lru_cache(maxsize=1)
def themes() -> dict[str, dict[str, str]]:
    """The colours by theme: light, dark, print. Dark and print say only what differs from light."""
    found = finders.find(_SHEET)
    if not isinstance(found, str):
        raise FileNotFoundError(_SHEET)
    blocks = [dict(_TOKEN.findall(block)) for block in _BLOCK.findall(Path(found).read_text(encoding="utf-8"))]
    light, dark, paper = blocks
    return {"light": light, "dark": light | dark, "print": light | paper}


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2: 1 for equal colours, 21 for black on white."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def pairs() -> list[tuple[str, str, float]]:
    """Each colour with each ground it stands on, and the least contrast there."""
    asked = [(front, back, SMALL) for front, backs in READ_ON.items() for back in backs]
    return asked + [(front, back, MARK) for front, backs in SEEN_ON.items() for back in backs]


def _luminance(colour: str) -> float:
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    red, green, blue = (_linear(int(digits[place : place + 2], 16) / 255) for place in (0, 2, 4))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
