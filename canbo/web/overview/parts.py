"""Pieces that several pages of the area show: the strip of results, a line, pages of a list."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import quote

from django.urls import reverse
from markupsafe import Markup

from canbo.common.language import pick
from canbo.common.numbers import print_day
from canbo.measure.results import Report, Status
from canbo.output import words
from canbo.output.html_views import IndicatorView
from canbo.web.overview import lines
from canbo.web.overview.lines import Line

T = TypeVar("T")

PER_PAGE = 100
"""So many rows of a list stand on one page."""
REMARKS = ("part_only", "snapshot_other_day", "scheme_not_in_force")
"""Findings that say whose figures these are, or how far they can be relied on."""


@dataclass(frozen=True)
class Part:
    """How many targets have a result: a piece of the strip."""

    tone: words.Tone
    sign: str
    number: int
    word: str


@dataclass(frozen=True)
class Trend:
    """A line over time, or where it is to be had: it is worked out after the page stands. Neither: there is none."""

    line: Line | None
    later: str
    title: str = ""

    @property
    def picture(self) -> Markup:
        """The line drawn, with what it says for those who do not see it."""
        return lines.draw(self.line, title=self.title) if self.line else Markup("")


@dataclass(frozen=True)
class Pages:
    """Where a page of a list stands: the numbers of its rows, and the keys that lead to the pages beside it."""

    first: int
    last: int
    of: int
    before: str | None
    after: str | None


def page_of(
    found: Sequence[T], after: str, *, key: Callable[[T], str], size: int = PER_PAGE
) -> tuple[Sequence[T], Pages]:
    """The rows after the one with a key, and the pages beside; a key that is gone starts anew."""
    keys = [key(one) for one in found]
    start = keys.index(after) + 1 if after in keys else 0
    rows = found[start : start + size]
    end = start + len(rows)
    before = None if start == 0 else keys[start - size - 1] if start > size else ""
    return rows, Pages(start + 1, end, len(found), before, keys[end - 1] if end < len(found) else None)


def opening_of_part(report: Report) -> str:
    """The sentence where figures are of some units only: nothing is held against the targets of the whole."""
    unmeasured = sum(one.status == "not_measurable" for one in report.indicators)
    told, day = len(report.indicators) - unmeasured, print_day(report.as_of)
    return pick(
        f"Đến {day}, trong phạm vi nhiệm vụ: {told} chỉ tiêu có số liệu, {unmeasured} chưa đo được.",
        f"On {day}, within the mandate: {told} indicators have figures, {unmeasured} are not measurable.",
    )


def strip(views: Sequence[IndicatorView]) -> list[Part]:
    """The results that occur, each with its number; orientations for a later phase stand apart."""
    number = Counter(view.status.tone for view in views if not words.is_orientation(view.result))
    later = sum(words.is_orientation(view.result) for view in views)
    told: tuple[tuple[words.Tone, Status, str], ...] = (
        ("met", "met", pick("đạt", "met")),
        ("short", "short", pick("chưa đạt", "short")),
        ("late", "short", pick("chưa đạt, đã quá hạn", "short, day passed")),
        ("unknown", "not_measurable", pick("chưa đo được", "not measurable")),
        ("report", "report", pick("để báo cáo", "reported")),
    )
    found = [Part(tone, words.SIGNS[status], number[tone], word) for tone, status, word in told if number[tone]]
    if later:
        found.append(Part("report", "→", later, pick("định hướng", "orientations")))
    return found


def person_address(code: str) -> str:
    """The page of a person."""
    return f"{reverse('people')}/{quote(code, safe='')}"


def unit_address(code: str) -> str:
    """The page of a unit."""
    return f"{reverse('organisations')}/{quote(code, safe='')}"
