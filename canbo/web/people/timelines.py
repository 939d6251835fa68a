"""The time line of a career: lanes with bars and points, laid out here and drawn by the page as one SVG."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from canbo.common.language import pick
from canbo.web.people.facts import Fact, Subject

WIDTH, LEFT, RIGHT = 560, 8, 8
_BAR, _GAP, _HEAD, _AXIS = 20, 4, 24, 24
_LETTER = 7
"""Width of a letter, for how much of a title fits into its bar."""
_POINT = 12
_LEAST_YEARS = 5

_LANES: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("post", "Chức vụ", "Posts", ("post_held",)),
    ("seat", "Tập thể lãnh đạo", "Seats", ("body_seat",)),
    ("party", "Đảng", "Party", ("party_membership",)),
    ("study", "Học tập", "Study", ("qualification", "certificate", "training")),
    ("rotation", "Luân chuyển, điều động", "Rotation", ("rotation",)),
    ("rank", "Ngạch", "Ranks", ("rank_held",)),
    ("grade", "Xếp loại", "Evaluation", ("evaluation",)),
    ("pool", "Quy hoạch", "Succession pool", ("pool_entry",)),
)


@dataclass(frozen=True)
class Mark:
    """A bar (with a width) or a point of a lane; ``label`` is what fits into the bar."""

    fact: Fact
    x: float
    y: float
    width: float
    label: str
    is_open: bool

    @property
    def is_point(self) -> bool:
        """Whether it happened on one day."""
        return self.width == 0

    @property
    def words(self) -> str:
        """What it says to who does not see it, and on the pointer."""
        return f"{self.fact.title} ({self.fact.days})"


@dataclass(frozen=True)
class Lane:
    """A kind of facts over time."""

    key: str
    title: str
    y: float
    height: float
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Timeline:
    """All lanes, the years along the axis (place, year), and the day's line."""

    width: int
    height: float
    lanes: tuple[Lane, ...]
    years: tuple[tuple[float, int], ...]
    day_x: float
    day: date

    @property
    def day_right(self) -> bool:
        """Whether the day's words stand left of its line, for want of room on the right."""
        return self.day_x > self.width - 110

    @property
    def rows(self) -> tuple[tuple[str, Fact], ...]:
        """The same as a table: lane and fact, by the first day."""
        found = [(lane.title, mark.fact) for lane in self.lanes for mark in lane.marks]
        return tuple(sorted(found, key=lambda row: (row[1].start or date.min, row[0])))


def timeline(subjects: Iterable[Subject], day: date) -> Timeline | None:
    """Lay out the dated facts of a file; None where there are none."""
    facts = [one for s in subjects for one in (*s.coming, *s.now, *s.before) if one.start is not None]
    facts = [one for one in facts if any(one.kind in kinds for _, _, _, kinds in _LANES)]
    if not facts:
        return None
    scale = _Scale.over(facts, day)
    lanes, y = [], float(_AXIS)
    for key, vi, en, kinds in _LANES:
        own = [one for one in facts if one.kind in kinds]
        if own:
            lane = _lane(key, pick(vi, en), own, y, scale)
            lanes.append(lane)
            y += lane.height
    return Timeline(WIDTH, y + 4, tuple(lanes), scale.years(), scale.x(day), day)


@dataclass(frozen=True)
class _Scale:
    first: date
    last: date

    @classmethod
    def over(cls, facts: Sequence[Fact], day: date) -> "_Scale":
        """From the year of the first fact to the end of the year of the last, or of the day."""
        starts = [one.start for one in facts if one.start is not None]
        ends = [one.end for one in facts if one.end is not None]
        last = max([day, *starts, *ends]).year
        first = min(min(starts).year, last - _LEAST_YEARS)
        return cls(date(first, 1, 1), date(min(last, 9998) + 1, 1, 1))

    def x(self, day: date) -> float:
        """The place of a day, from left to right."""
        inside = min(max(day, self.first), self.last)
        share = (inside - self.first).days / (self.last - self.first).days
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    def years(self) -> tuple[tuple[float, int], ...]:
        """Years along the axis, not closer than they can be read."""
        span = self.last.year - self.first.year
        step = next((one for one in (1, 2, 5, 10, 20) if span / one <= 9), 50)
        first = -(-self.first.year // step) * step
        return tuple((self.x(date(year, 1, 1)), year) for year in range(first, self.last.year, step))


def _lane(key: str, title: str, facts: Sequence[Fact], y: float, scale: _Scale) -> Lane:
    """Facts that share days stand below each other; the lane is as high as it must be."""
    free: list[float] = []
    marks = []
    for one in sorted(facts, key=lambda fact: (fact.start or date.min, fact.end or date.max)):
        is_point = one.kind in ("qualification", "evaluation")
        x = scale.x(one.start or scale.first)
        end = x if is_point else scale.x(one.end) if one.end else scale.x(scale.last)
        width = 0.0 if is_point else max(end - x, 3.0)
        row = next((number for number, until in enumerate(free) if until <= x), len(free))
        free[row : row + 1] = [x + _POINT + 1 if is_point else x + width + 1]
        place = y + _HEAD + row * (_BAR + _GAP)
        marks.append(Mark(one, x, place, round(width, 1), _fitting(one.title, width), one.end is None))
    return Lane(key, title, y, _HEAD + len(free) * (_BAR + _GAP) + _GAP, tuple(marks))


def _fitting(title: str, width: float) -> str:
    """As much of a title as a bar holds; nothing where that would say nothing."""
    letters = int((width - 10) // _LETTER)
    if len(title) <= letters:
        return title
    return f"{title[: letters - 1].rstrip(' ,–')}…" if letters >= 6 else ""
