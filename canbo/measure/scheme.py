"""A scheme (Đề án) as values: its documents, populations, indicators and targets. Reading and checking live beside."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from canbo.common.numbers import Rounding
from canbo.common.shares import Goal
from canbo.common.text import nfc
from canbo.measure.results import Measure


@dataclass(frozen=True)
class Expression:
    """The words of a condition and where they stand in the file."""

    text: str
    line: int
    owner: str


@dataclass(frozen=True)
class Population:
    """A named group: rows of a dataset that satisfy a condition."""

    id: str
    label: str
    of: str
    where: Expression | None = None
    label_en: str | None = None


@dataclass(frozen=True)
class Target:
    """What is to hold by a day; goal None = a figure to report."""

    by: date
    is_: str
    goal: Goal | None
    orientation: bool = False
    bare: bool = False


@dataclass(frozen=True)
class Baseline:
    """The starting value that the source prints."""

    on: date
    numerator: int | None = None
    denominator: int | None = None
    printed: str | None = None
    status: str | None = None
    stated_denominator: int | None = None
    note: str | None = None


@dataclass(frozen=True)
class ReportedWords:
    """A result that the source prints as words or a bound (“gần 70%”, “hơn 3.000”), never as an exact value."""

    text: str
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Each:
    """Measure once for every unit (or list): ``of`` is ``units`` or ``succession_lists``."""

    of: str
    where: Expression | None = None
    tree: str = "administrative"
    exceptions: Mapping[str, tuple[str, Goal | None]] = field(default_factory=dict)
    target_column: str | None = None
    tolerance: str | None = None
    label: str | None = None
    label_en: str | None = None


@dataclass(frozen=True)
class Plan:
    """Results counted against ``plans`` of a category, by a date column of the indicator's dataset."""

    category: str
    date: str


@dataclass(frozen=True)
class Side:
    """Numerator or denominator of a ratio: rows of a dataset, counted or summed over a column."""

    of: str
    where: Expression | None
    sum: str | None
    label: str | None = None


@dataclass(frozen=True)
class Validity:
    """The days on which a population exists, both ends in it, and why."""

    first: date | None
    last: date | None
    why: str


@dataclass(frozen=True)
class Part:
    """One component of a composite target."""

    id: str
    label: str
    satisfies: Expression
    label_en: str | None = None


@dataclass(frozen=True)
class Indicator:
    """One target or figure of a scheme.

    ``says`` words a condition that the general rules word badly. ``distinct``: the column whose different values a
    count counts, where one person (or unit) may have several rows.
    """

    id: str
    label: str
    quote: str
    line: int
    measure: Measure
    of: str | None
    where: tuple[Expression, ...]
    satisfies: Expression | None
    targets: tuple[Target, ...]
    population: Population | None = None
    label_en: str | None = None
    says: str | None = None
    says_en: str | None = None
    baseline: Baseline | None = None
    reported: ReportedWords | None = None
    note: str | None = None
    objective: str | None = None
    parts: tuple[Part, ...] = ()
    each: Each | None = None
    plan: Plan | None = None
    window: tuple[date, date] | None = None
    valid: Validity | None = None
    undefined: str | None = None
    numerator: Side | None = None
    denominator: Side | None = None
    distinct: str | None = None

    def target_on(self, day: date) -> Target | None:
        """The first target whose day is not before ``day``, else the last one."""
        later = [target for target in self.targets if target.by >= day]
        return later[0] if later else (self.targets[-1] if self.targets else None)

    @property
    def datasets(self) -> tuple[str, ...]:
        """The datasets whose rows are counted."""
        sides = [side.of for side in (self.numerator, self.denominator) if side]
        return tuple(dict.fromkeys([self.of, *sides] if self.of else sides))


@dataclass(frozen=True)
class Objective:
    """A numbered objective as the scheme prints it."""

    id: str
    text: str
    no_indicator: str | None = None


@dataclass(frozen=True)
class Figure:
    """A printed percentage to audit, and the whole-number pairs expected to print so."""

    printed: str
    of: str
    count: int | None
    mode: Rounding | None
    fits: tuple[str, ...] | None
    line: int


@dataclass(frozen=True)
class Consistency:
    """A contradiction in the source, said in words, with the figures that prove it."""

    id: str
    text: str
    indicators: tuple[str, ...]
    figures: tuple[Figure, ...]
    line: int


@dataclass(frozen=True)
class Scheme:
    """A scheme file, read."""

    id: str
    title: str
    province: str
    path: Path
    version: str
    period: tuple[date, date]
    rounding: Rounding
    places: int
    populations: Mapping[str, Population]
    indicators: tuple[Indicator, ...]
    documents: tuple[Mapping[str, Any], ...] = ()
    source: Mapping[str, Any] = field(default_factory=dict)
    objectives: tuple[Objective, ...] = ()
    consistency: tuple[Consistency, ...] = ()

    def indicator(self, indicator_id: str) -> Indicator | None:
        """The indicator of the id, in composed form and any case; parts are found by their composite."""
        wanted = nfc(indicator_id).casefold()
        for one in self.indicators:
            if one.id.casefold() == wanted:
                return one
        return None

    @property
    def ids(self) -> tuple[str, ...]:
        """All ids, those of parts included."""
        return tuple(i for one in self.indicators for i in (one.id, *(part.id for part in one.parts)))
