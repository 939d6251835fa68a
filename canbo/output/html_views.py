"""What the page's templates lay out: a report as groups, rows and lists. The markup is theirs."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from markupsafe import Markup

from canbo.common.language import pick
from canbo.common.numbers import Rounding, print_count, print_day, print_decimal, print_percent
from canbo.common.shares import Goal, parse_goal
from canbo.common.text import text_order
from canbo.measure.results import Dossier, IndicatorResult, ListedRow, Listing, UnitResult
from canbo.output import charts, words
from canbo.output.bars import bar_of
from canbo.output.heat import unit_shortfall
from canbo.output.svg import COLOURS, draw

SMALL_GROUP = 30
"""Below so many members the counts say more than the percentage and are printed larger."""

_THEMED = {COLOURS[token]: f"var(--{token})" for token in COLOURS} | {charts.QUIET: "var(--quiet)"}


@dataclass(frozen=True)
class UnitView:
    """A row of the table by unit; ``width`` and ``goal`` are percentages of the bar."""

    name: str
    counts: str
    printed: str
    unknown: int
    short: int | None
    target: str
    status: words.StatusWords | None
    width: str
    goal: str


@dataclass(frozen=True)
class ListView:
    """A list of people or rows; ``reasons`` are the commonest reasons with their numbers."""

    listing: Listing
    title: str
    size: str
    reasons: tuple[tuple[str, int], ...]

    @property
    def is_plain(self) -> bool:
        """Those counted are named without a reason: it is the same for all."""
        return self.listing.list_name == "counted"

    @property
    def rows(self) -> Sequence[ListedRow]:
        """In the order of given names."""
        return self.listing.rows


@dataclass(frozen=True)
class IndicatorView:
    """An indicator with all that stands in its row and its section."""

    result: IndicatorResult
    dossier: Dossier
    anchor: str

    @property
    def status(self) -> words.StatusWords:
        """Sign, word, detail and tone."""
        return words.status_words(self.result, self.dossier.report.as_of)

    @property
    def counts(self) -> str:
        """160/306."""
        return words.counts_text(self.result)

    @property
    def goal(self) -> str:
        """> 60%."""
        return words.goal_text(self.result.target.is_) if self.result.target else ""

    @property
    def is_small(self) -> bool:
        """Whether the counts are to be printed larger than the percentage."""
        return "/" in self.counts and (self.result.denominator or 0) < SMALL_GROUP

    @property
    def unknown(self) -> str:
        """The remark on what is unknown."""
        return words.unknown_text(self.result)

    @property
    def moved(self) -> str:
        """“+11 người” since the baseline; empty where no counts are printed."""
        base = self.result.baseline
        if base is None or base.numerator is None or self.result.numerator is None:
            return ""
        step = self.result.numerator - base.numerator
        if step == 0:
            return pick("không đổi", "unchanged")
        return f"{'+' if step > 0 else '−'}{words.counted(abs(step), self.result.counted_in)}"

    def bar(self, width: int = 168, height: int = 14) -> Markup:
        """The target bar; empty for a count without a target. The figures stand beside it in words."""
        bar = bar_of(self.result, late=self.status.tone == "late")
        return Markup(draw(bar, width=width, height=height) if bar else "")

    @cached_property
    def chart(self) -> Markup:
        """The line over time; empty without two measured days."""
        report = self.dossier.report
        points = self.dossier.trends.get(self.result.id, ())
        picture = charts.line_over_time(
            self.result, points, width=300, height=170, places=report.places, rounding=report.rounding
        )
        for colour, token in _THEMED.items():
            picture = picture.replace(f'"{colour}"', f'"{token}"')
        return Markup(picture)

    @cached_property
    def chart_title(self) -> str:
        """What the line says, for those who do not see it."""
        points = [one for one in self.dossier.trends.get(self.result.id, ()) if one.value is not None]
        told = "; ".join(
            f"{print_day(one.as_of)}: {words.fraction_text(one.numerator, one.denominator)}" for one in points
        )
        return pick(f"Diễn biến qua thời gian. {told}", f"Over time. {told}")

    @cached_property
    def units(self) -> list[UnitView]:
        """The units, those that need help first."""
        goal = words.goal_of(self.result.target)
        order = sorted(self.result.units, key=lambda unit: _need(self.result, unit, goal))
        return [self._unit(unit, goal) for unit in order]

    def _unit(self, unit: UnitResult, goal: Goal | None) -> UnitView:
        report, percent = self.dossier.report, is_percent(self.result, goal)
        own = parse_goal(unit.target) if unit.target else goal
        status = None
        if self.result.is_each and unit.status:
            excess = words.is_excess(own, unit.value)
            status = words.status_of(unit.status, unit.shortfall, "people", reason=unit.reason, excess=excess)
        value, mark = unit.value, own.low if own else None
        return UnitView(
            name=words.unit_title(unit.unit_id, unit.name),
            counts=words.unit_counts(self.result, unit),
            printed=unit.printed or print_value(value, percent, report.places, report.rounding),
            unknown=unit.unknown,
            short=unit_shortfall(self.result, unit, goal),
            target=words.goal_text(unit.target) if unit.target else "",
            status=status,
            width=f"{min(float(value), 1):.1%}" if value is not None and percent else "",
            goal=f"{min(float(mark), 1):.1%}" if mark is not None and percent else "",
        )

    @cached_property
    def lists(self) -> list[ListView]:
        """The lists behind the counts, empty ones left out; none in a report without names."""
        if not self.dossier.with_names:
            return []
        found = (one for one in self.dossier.lists.get(self.result.id, ()) if one.rows)
        return [_list(one, self.result) for one in found]


@dataclass(frozen=True)
class GroupView:
    """The indicators of one population, with its size where all of them agree on it."""

    label: str
    size: str
    rows: tuple[IndicatorView, ...]


def is_percent(result: IndicatorResult, goal: Goal | None) -> bool:
    """Whether values are shares to be printed as percentages."""
    return goal.percent if goal else result.measure == "share"


def print_value(value: Fraction | None, percent: bool, places: int, rounding: Rounding) -> str:
    """A unit's value as the source prints percentages; empty where there is none."""
    if value is None:
        return ""
    if percent:
        return print_percent(value, places=places, rounding=rounding)
    return print_decimal(value, places=0 if value.denominator == 1 else places, rounding=rounding)


def views(dossier: Dossier) -> list[IndicatorView]:
    """All indicators in the order of the scheme, each with an anchor of its own."""
    taken: Counter[str] = Counter()
    made = []
    for result in dossier.report.indicators:
        anchor = re.sub(r"[^\w.-]", "-", result.id)
        taken[anchor] += 1
        made.append(IndicatorView(result, dossier, anchor if taken[anchor] == 1 else f"{anchor}~{taken[anchor]}"))
    return made


def groups(rows: Sequence[IndicatorView]) -> list[GroupView]:
    """By population, in the order in which the scheme first names them."""
    labels = dict.fromkeys(view.result.population for view in rows)
    return [_group(label, [view for view in rows if view.result.population == label]) for label in labels]


def _group(label: str, rows: list[IndicatorView]) -> GroupView:
    sizes = {
        (view.result.denominator, view.result.counted_in)
        for view in rows
        if view.result.measure == "share" and not view.result.is_each and view.result.denominator
    }
    size = ""
    if len(sizes) == 1:
        number, counted_in = sizes.pop()
        size = words.counted(number or 0, counted_in)
    return GroupView(label, size, tuple(rows))


def reasons_unmeasured(rows: Sequence[IndicatorView]) -> list[tuple[str, list[IndicatorView]]]:
    """Why indicators could not be measured, the commonest reason first."""
    found: dict[str, list[IndicatorView]] = {}
    for view in rows:
        if view.result.status == "not_measurable":
            found.setdefault(view.result.reason or "", []).append(view)
    return sorted(found.items(), key=lambda item: -len(item[1]))


def _need(result: IndicatorResult, unit: UnitResult, goal: Goal | None) -> tuple[bool, int, int, str]:
    short = unit_shortfall(result, unit, goal)
    lacking = (unit.denominator or 0) - (unit.numerator or 0)
    name = words.unit_title(unit.unit_id, unit.name)
    return (unit.unit_id is None, -(short or 0), -lacking, text_order(name))


def _list(listing: Listing, result: IndicatorResult) -> ListView:
    reasons = Counter(row.why.text for row in listing.rows if row.why.text)
    common = tuple(reasons.most_common(4)) if 1 < len(reasons) < len(listing.rows) else ()
    size = f"{print_count(len(listing.rows))} {words.noun(listing.dataset, len(listing.rows))}"
    return ListView(listing, words.list_title(listing.list_name), size, common)
