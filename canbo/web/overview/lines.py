"""Lines over time as SVG of attributes and classes alone, whose points are links. The page gives the colours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from markupsafe import Markup

WIDTH, HEIGHT = 360, 190
_LEFT, _RIGHT, _TOP, _BOTTOM = 14, 46, 26, 30


@dataclass(frozen=True)
class Point:
    """A value on a day: what is written at it, what it says in words, and where it leads."""

    day: date
    value: float
    label: str
    words: str
    href: str = ""


@dataclass(frozen=True)
class Line:
    """Points in the order of days, the target as a level with its words, the baseline as a dot."""

    points: tuple[Point, ...]
    tone: str
    goals: tuple[float, ...] = ()
    goal_label: str = ""
    baseline: Point | None = None


def draw(line: Line, *, title: str) -> Markup:
    """The picture: stepped value, stepped reference; first and last value written at their place. Empty: no points."""
    if not line.points:
        return Markup("")
    room = _Room.of(line)
    marks = [*room.levels(), room.years(), room.steps(), room.dots(), room.ends(), room.base()]
    return Markup(
        f'<svg xmlns="http://www.w3.org/2000/svg" class="line" role="group" aria-label="{escape(title)}"'
        f' viewBox="0 0 {WIDTH} {HEIGHT}">{"".join(marks)}</svg>'
    )


@dataclass(frozen=True)
class _Room:
    """The line inside the picture: where its days and values stand."""

    line: Line
    low: float
    high: float
    first: int
    last: int

    @classmethod
    def of(cls, line: Line) -> "_Room":
        base = [line.baseline] if line.baseline else []
        values = [*(one.value for one in (*line.points, *base)), *line.goals]
        days = [one.day.toordinal() for one in (*line.points, *base)]
        pad = (max(values) - min(values)) * 0.12 or max(abs(max(values)) * 0.2, 1.0)
        return cls(line, min(values) - pad, max(values) + pad, min(days), max(days))

    def x(self, day: date) -> float:
        whole = max(self.last - self.first, 1)
        return _LEFT + (WIDTH - _LEFT - _RIGHT) * (day.toordinal() - self.first) / whole

    def y(self, value: float) -> float:
        return _TOP + (HEIGHT - _TOP - _BOTTOM) * (1 - (value - self.low) / (self.high - self.low))

    def levels(self) -> list[str]:
        """The target, with its words over the upper one."""
        found = [
            f'<path class="line-goal" d="M{_LEFT} {_n(self.y(goal))}H{WIDTH - _RIGHT}"/>' for goal in self.line.goals
        ]
        if found:
            y = self.y(max(self.line.goals)) - 6
            found.append(f'<text class="line-said" x="{_LEFT}" y="{_n(y)}">{escape(self.line.goal_label)}</text>')
        return found

    def years(self) -> str:
        """The years of the points along the foot, as many as there is room for."""
        told, marks, free = set(), [], -1.0
        for point in self.line.points:
            x = self.x(point.day)
            if point.day.year not in told and x >= free:
                told.add(point.day.year)
                marks.append(f'<text class="line-foot" x="{_n(x)}" y="{HEIGHT - 8}">{point.day.year}</text>')
                free = x + 44
        foot = HEIGHT - _BOTTOM + 6
        return f'<path class="line-axis" d="M{_LEFT} {foot}H{WIDTH - _RIGHT}"/>' + "".join(marks)

    def steps(self) -> str:
        first, *others = self.line.points
        path = f"M{_n(self.x(first.day))} {_n(self.y(first.value))}"
        path += "".join(f"H{_n(self.x(one.day))}V{_n(self.y(one.value))}" for one in others)
        return f'<path class="line-value {self.line.tone}" d="{path}"/>'

    def dots(self) -> str:
        return "".join(self._dot(point) for point in self.line.points)

    def _dot(self, point: Point) -> str:
        x, y = _n(self.x(point.day)), _n(self.y(point.value))
        mark = f'<circle class="line-dot {self.line.tone}" cx="{x}" cy="{y}" r="4"/>'
        if not point.href:
            return f"<g><title>{escape(point.words)}</title>{mark}</g>"
        wide = f'<circle class="line-tap" cx="{x}" cy="{y}" r="12"/>'
        return f'<a href="{escape(point.href)}" aria-label="{escape(point.words)}"><title>{escape(point.words)}</title>{wide}{mark}</a>'  # noqa: E501

    def ends(self) -> str:
        """The last value beside its point, the first one over it."""
        last, first = self.line.points[-1], self.line.points[0]
        found = f'<text class="line-end" x="{_n(self.x(last.day) + 8)}" y="{_n(self.y(last.value) + 5)}">{escape(last.label)}</text>'  # noqa: E501
        if first is last or self.line.baseline is not None:
            return found
        return f'{found}<text class="line-said" x="{_n(self.x(first.day) - 4)}" y="{_n(self.y(first.value) + 20)}">{escape(first.label)}</text>'  # noqa: E501

    def base(self) -> str:
        point = self.line.baseline
        if point is None:
            return ""
        x, y = self.x(point.day), self.y(point.value)
        at = f'x="{_n(x + 4)}" text-anchor="end"' if x > WIDTH / 2 else f'x="{_n(x - 4)}"'
        return (
            f'<g><title>{escape(point.words)}</title><circle class="line-base" cx="{_n(x)}" cy="{_n(y)}" r="5"/>'
            f'<text class="line-said" {at} y="{_n(y + 20)}">{escape(point.label)}</text></g>'
        )


def _n(number: float) -> str:
    return f"{number:.1f}".rstrip("0").rstrip(".")


def described(points: Sequence[Point]) -> str:
    """What the points say, for those who do not see them."""
    return "; ".join(point.words for point in points)
