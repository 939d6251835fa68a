"""The small drawings by template: the target bar and the sparkline. Big charts live in ``charts``."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape

from canbo.common.shares import Goal
from canbo.output.bars import Bar

COLOURS = {
    "ink": "#1d2726",
    "paper": "#ffffff",
    "track": "#d3dad8",
    "met": "#0b6e69",
    "short": "#c27803",
    "late": "#a63a22",
    "none": "#74807e",
    "band": "#cfe3e1",
}
"""The light tokens, for paper; a page replaces them through the classes of the marks."""


def target_bar(
    *,
    value: Fraction | None,
    goal: Goal | None,
    baseline: Fraction | None,
    unknown: Fraction,
    width: int = 160,
    height: int = 14,
    late: bool = False,
    title: str = "",
) -> str:
    """The target bar as an SVG that stands alone. Sizes are in CSS pixels.

    A thin track from 0 to 100 % (or to a round number beyond every mark), the value as a solid bar, the
    target as a tick with its comparator, a range as a band, the baseline as a hollow dot, the unknown as a
    hatched part after the value. ``title`` names it for a screen reader; without one it is hidden from it.
    """
    return draw(Bar(value, goal, baseline, unknown, late), width=width, height=height, title=title)


def draw(bar: Bar, *, width: int = 160, height: int = 14, title: str = "") -> str:
    """The SVG of a bar; see ``target_bar``."""
    room = _Room(bar, width, height)
    marks = [room.track(), room.band(), room.value(), room.hatching(), room.baseline(), room.tick()]
    name = f'role="img" aria-label="{escape(title)}"' if title else 'aria-hidden="true"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="tb" {name} width="{width}" height="{height}"'
        f' viewBox="0 0 {width} {height}">{"".join(marks)}</svg>'
    )


@dataclass(frozen=True)
class _Room:
    """The marks of a bar inside a width and height, with a margin for the dot and the tick at both ends."""

    bar: Bar
    width: int
    height: int

    @property
    def _unit(self) -> float:
        return self.height / 14

    def _x(self, mark: Fraction) -> float:
        margin = 4 * self._unit
        return margin + self.bar.place(mark) * (self.width - 2 * margin)

    @property
    def _thick(self) -> float:
        return 6 * self._unit

    def track(self) -> str:
        left, right, middle = self._x(Fraction(0)), self._x(self.bar.end), self.height / 2
        dash = "" if self.bar.value is not None else f' stroke-dasharray="{_n(2 * self._unit)} {_n(3 * self._unit)}"'
        line = (
            f'<path class="tb-track" d="M{_n(left)} {_n(middle)}H{_n(right)}" stroke="{COLOURS["track"]}"'
            f' stroke-width="{_n(2 * self._unit)}" fill="none"{dash}/>'
        )
        whole = Fraction(1)
        if self.bar.end <= whole or not (self.bar.goal and self.bar.goal.percent):
            return line
        return line + self._stroke(self._x(whole), 0.28, "track", 1.5)  # where 100 % stands on a longer track

    def band(self) -> str:
        goal = self.bar.goal
        if goal is None or goal.comparator != "range":
            return ""
        left, right = self._x(goal.low), self._x(goal.high)
        return (
            f'<rect class="tb-band" x="{_n(left)}" y="{_n(self._unit)}" width="{_n(right - left)}"'
            f' height="{_n(self.height - 2 * self._unit)}" fill="{COLOURS["band"]}"/>'
        )

    def value(self) -> str:
        if not self.bar.value:
            return ""  # a measured zero shows by its unbroken track
        left, right, tone = self._x(Fraction(0)), self._x(self.bar.value), self.bar.tone
        return (
            f'<rect class="tb-{tone}" x="{_n(left)}" y="{_n((self.height - self._thick) / 2)}"'
            f' width="{_n(max(right - left, self._unit))}" height="{_n(self._thick)}"'
            f' fill="{COLOURS[tone]}"/>'
        )

    def hatching(self) -> str:
        if self.bar.value is None or self.bar.unknown <= 0:
            return ""
        left = self._x(self.bar.value)
        right = max(self._x(self.bar.value + self.bar.unknown), left + 2 * self._unit)
        top, step = (self.height - self._thick) / 2, 3 * self._unit
        strokes, x = [], left
        while x < right:
            run = min(self._thick, right - x)
            strokes.append(f"M{_n(x)} {_n(top + self._thick)}l{_n(run)} {_n(-run)}")
            x += step
        box = f"M{_n(left)} {_n(top)}H{_n(right)}V{_n(top + self._thick)}H{_n(left)}"
        return (
            f'<path class="tb-unknown" d="{box}{"".join(strokes)}" stroke="{COLOURS["none"]}"'
            f' stroke-width="{_n(0.9 * self._unit)}" fill="none"/>'
        )

    def baseline(self) -> str:
        if self.bar.baseline is None:
            return ""
        return (
            f'<circle class="tb-base" cx="{_n(self._x(self.bar.baseline))}" cy="{_n(self.height / 2)}"'
            f' r="{_n(2.8 * self._unit)}" fill="{COLOURS["paper"]}" stroke="{COLOURS["ink"]}"'
            f' stroke-width="{_n(1.4 * self._unit)}"/>'
        )

    def tick(self) -> str:
        goal = self.bar.goal
        if goal is None:
            return ""
        if goal.comparator == "range":
            return self._stroke(self._x(goal.low), 1, "ink", 1.5) + self._stroke(self._x(goal.high), 1, "ink", 1.5)
        x = self._x(goal.low)
        return self._stroke(x, 1, "ink", 2) + self._flag(x, goal.comparator)

    def _stroke(self, x: float, share: float, token: str, thick: float) -> str:
        """An upright line over a share of the height; a tick has a rim of paper, to show on a dark bar."""
        rest = self.height * (1 - share) / 2
        upright = f'd="M{_n(x)} {_n(rest)}V{_n(self.height - rest)}"'
        wide, thin = _n((thick + 2) * self._unit), _n(thick * self._unit)
        if token != "ink":
            return f'<path class="tb-{token}" {upright} stroke="{COLOURS[token]}" stroke-width="{thin}"/>'
        return (
            f'<path class="tb-rim" {upright} stroke="{COLOURS["paper"]}" stroke-width="{wide}"/>'
            f'<path class="tb-tick" {upright} stroke="{COLOURS[token]}" stroke-width="{thin}"/>'
        )

    def _flag(self, x: float, comparator: str) -> str:
        """The side that counts as met: a flag to the right or left; filled where the target itself counts."""
        if comparator == "=":
            return ""
        side = 1 if comparator.startswith(">") else -1
        side = -side if not 5 * self._unit < x < self.width - 5 * self._unit else side
        fill = COLOURS["ink"] if comparator.endswith("=") else COLOURS["paper"]
        kind = "flag" if comparator.endswith("=") else "flag-open"
        size = 4 * self._unit
        return (
            f'<path class="tb-{kind}" d="M{_n(x)} {_n(0.5 * self._unit)}l{_n(side * size)} {_n(size / 2)}'
            f'L{_n(x)} {_n(0.5 * self._unit + size)}z" fill="{fill}" stroke="{COLOURS["ink"]}"'
            f' stroke-width="{_n(0.8 * self._unit)}"/>'
        )


def _n(number: float) -> str:
    """A coordinate with two places at most."""
    return f"{number:.2f}".rstrip("0").rstrip(".")


def target_bar_png(
    *,
    value: Fraction | None,
    goal: Goal | None,
    baseline: Fraction | None,
    unknown: Fraction,
    width: int = 160,
    height: int = 14,
    late: bool = False,
    dots_per_inch: int = 300,
) -> bytes:
    """The target bar as a PNG for paper, ``width`` × ``height`` points, clear behind."""
    import vl_convert  # 30 MB; only who prints pays for it

    picture = draw(Bar(value, goal, baseline, unknown, late), width=width, height=height)
    return bytes(vl_convert.svg_to_png(picture, ppi=dots_per_inch))


def sparkline(
    values: Sequence[Fraction | None],
    *,
    goal: Goal | None = None,
    width: int = 96,
    height: int = 22,
    title: str = "",
) -> str:
    """A stepped line of values at even steps, the target as a fine line; gaps where none was measured."""
    known = [value for value in values if value is not None]
    marks = known + ([goal.low, goal.high] if goal else [])
    low, high = min(marks, default=Fraction(0)), max(marks, default=Fraction(1))
    reach = float(high - low) or 1.0
    step = (width - 6) / max(len(values), 1)

    def level(value: Fraction) -> float:
        return 3 + (height - 6) * (1 - float(value - low) / reach)

    pieces, open_ = [], False
    for index, value in enumerate(values):
        if value is None:
            open_ = False
            continue
        pieces.append(f"{'V' if open_ else f'M{_n(3 + index * step)} '}{_n(level(value))}h{_n(step)}")
        open_ = True
    name = f'role="img" aria-label="{escape(title)}"' if title else 'aria-hidden="true"'
    target = (
        ""
        if goal is None
        else (
            f'<path class="tb-tick" d="M3 {_n(level(goal.low))}H{width - 3}" stroke="{COLOURS["ink"]}"'
            ' stroke-width="1" stroke-dasharray="2 2" fill="none"/>'
        )
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="tb" {name} width="{width}" height="{height}"'
        f' viewBox="0 0 {width} {height}">{target}<path class="tb-line" d="{"".join(pieces)}"'
        f' stroke="{COLOURS["met"]}" stroke-width="1.6" fill="none"/></svg>'
    )
