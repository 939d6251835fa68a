"""The auditor of printed percentages: which whole-number pairs print so, rounded or cut. Knows no schemes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import get_args

from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.common.numbers import Rounding, parse_count

MOST_PAIRS = 100_000
_PRINTED = re.compile(r"^\s*(\d{1,4})(?:[.,](\d{1,6}))?\s*%\s*$")
_RANGE = re.compile(r"^\s*([\d.]+)\s*(?:\.\.|-|–)\s*([\d.]+)\s*$")


@dataclass(frozen=True)
class Fit:
    """A pair of whole numbers that prints as the figure, and by which roundings."""

    count: int
    of: int
    modes: tuple[Rounding, ...]


@dataclass(frozen=True)
class Printed:
    """A printed percentage: its digits as a whole number, and how many stand behind the mark."""

    digits: int
    places: int


def parse_printed(text: str) -> Printed:
    """Read “52,28%” or “53.35%”: comma or point as the decimal mark.

    :raises Refused: when the text is no percentage.
    """
    match = _PRINTED.match(text)
    if match is None:
        raise Refused(
            pick(
                f"“{text}” không phải là một tỷ lệ in sẵn. Viết như “52,28%” (trong dấu nháy).",
                f"“{text}” is no printed percentage. Write it as “52,28%” (in quotes).",
            )
        )
    whole, rest = match.group(1), match.group(2) or ""
    return Printed(int(whole + rest), len(rest))


def parse_base(text: str) -> range:
    """Read the denominator “306” or the range “600..700”, both its ends in it.

    :raises Refused: when it is neither, is not positive, or is too wide to search.
    """
    match = _RANGE.match(text) if parse_count(text) is None else None
    ends = (parse_count(match.group(1)), parse_count(match.group(2))) if match else (parse_count(text),) * 2
    low, high = ends
    if low is None or high is None or low < 1 or high < low:
        raise Refused(
            pick(
                f"“{text}” không phải là mẫu số. Viết một số như 306 hoặc một khoảng như 600..700.",
                f"“{text}” is no denominator. Write a number such as 306 or a range such as 600..700.",
            )
        )
    if high - low > MOST_PAIRS or high > 10**9:
        raise Refused(
            pick(
                f"Khoảng “{text}” quá rộng. Hãy thu hẹp còn dưới {MOST_PAIRS} mẫu số.",
                f"The range “{text}” is too wide. Narrow it to fewer than {MOST_PAIRS} denominators.",
            )
        )
    return range(low, high + 1)


def fits(printed: Printed, base: range, *, count: int | None = None, mode: Rounding | None = None) -> list[Fit]:
    """Every pair k/N with N in the base whose percentage prints so; only ``count`` and ``mode`` where given.

    213/663 = 32,1267…% prints 32,12% by cutting and 32,13% by rounding half up.
    """
    modes = (mode,) if mode else get_args(Rounding)
    found = []
    for whole in base:
        for part in [count] if count is not None else _candidates(printed, whole):
            hit = tuple(one for one in modes if prints_as(part, whole, printed, one))
            if hit:
                found.append(Fit(part, whole, hit))
    return found


def _candidates(printed: Printed, whole: int) -> Iterator[int]:
    """The few numerators whose percentage lies within one last place of the figure.

    A figure up to 100 % is taken for a share, whose numerator is never above the denominator.
    """
    scale = 100 * 10**printed.places
    low = (printed.digits - 1) * whole // scale
    high = (printed.digits + 1) * whole // scale + 1
    if printed.digits <= scale:
        high = min(high, whole)
    yield from range(max(low, 0), high + 1)


def prints_as(count: int, of: int, printed: Printed, mode: Rounding) -> bool:
    """Whether count/of, in percent at the figure's places, prints the figure's digits."""
    scaled = Fraction(count, of) * 100 * 10**printed.places
    digits = scaled.numerator // scaled.denominator if mode == "truncate" else int(scaled + Fraction(1, 2))
    return digits == printed.digits


def neighbours(printed: Printed, of: int) -> tuple[int, int]:
    """The two numerators on ``of`` whose percentages lie around the figure."""
    below = printed.digits * of // (100 * 10**printed.places)
    return below, below + 1
