"""What a measurement answers: plain values, shared by the commands and every form of output. Computes nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, Literal

from canbo.common.findings import Finding
from canbo.common.numbers import Rounding

Status = Literal["met", "short", "report", "not_measurable"]
Measure = Literal["share", "count", "ratio"]
ListName = Literal["counted", "lacking", "unknown", "outside_unknown"]
LIST_NAMES: tuple[ListName, ...] = ("counted", "lacking", "unknown", "outside_unknown")


@dataclass(frozen=True)
class TargetShown:
    """The target an indicator is held against; ``by`` is its day, ``is_`` its comparison as the scheme writes it."""

    by: date
    is_: str
    orientation: bool = False
    bare: bool = False

    def as_json(self) -> dict[str, Any]:
        """With the keys of the published format."""
        return {"by": self.by.isoformat(), "is": self.is_, "orientation": self.orientation}


@dataclass(frozen=True)
class BaselineShown:
    """The starting value that the source prints; the counts only where they are printed or forced."""

    on: date
    numerator: int | None
    denominator: int | None
    printed: str | None
    status: str | None
    note: str | None


@dataclass(frozen=True)
class Reported:
    """A figure that somebody reported as words or a bound (“gần 70%”), kept apart from what is computed."""

    as_of: date
    text: str
    low: float | None
    high: float | None
    unit_id: str | None = None


@dataclass(frozen=True)
class UnitResult:
    """An indicator in one unit; ``unit_id`` None gathers the members that have no such unit."""

    unit_id: str | None
    name: str
    numerator: int | None
    denominator: int | None
    unknown: int
    value: Fraction | None
    printed: str | None = None
    target: str | None = None
    status: Status | None = None
    shortfall: int | None = None
    reason: str | None = None

    def as_json(self, *, each: bool) -> dict[str, Any]:
        """With the keys of the published format; the verdict only where each unit has a target of its own."""
        counts = {
            "unit_id": self.unit_id,
            "numerator": self.numerator,
            "denominator": self.denominator,
            "unknown": self.unknown,
            "value": None if self.value is None else float(self.value),
        }
        verdict = {
            "printed": self.printed,
            "target": self.target,
            "status": self.status,
            "shortfall": self.shortfall,
            "reason": self.reason,
        }
        return counts | verdict if each else counts


@dataclass(frozen=True)
class Last:
    """The last value of an indicator whose population has ended."""

    as_of: date
    numerator: int | None
    denominator: int | None
    printed: str | None
    status: Status

    def as_json(self) -> dict[str, Any]:
        """With the day in ISO form."""
        return {
            "as_of": self.as_of.isoformat(),
            "numerator": self.numerator,
            "denominator": self.denominator,
            "printed": self.printed,
            "status": self.status,
        }


@dataclass(frozen=True)
class PartResult:
    """One component of a composite target, with its own counts."""

    id: str
    label: str
    numerator: int | None
    denominator: int | None
    unknown: int
    value: Fraction | None
    printed: str | None

    def as_json(self) -> dict[str, Any]:
        """With the keys of an indicator's counts."""
        return {
            "id": self.id,
            "label": self.label,
            "numerator": self.numerator,
            "denominator": self.denominator,
            "unknown": self.unknown,
            "value": None if self.value is None else float(self.value),
            "printed": self.printed,
        }


@dataclass(frozen=True)
class IndicatorResult:
    """One indicator on one day.

    ``could_change``: the unknown could turn the verdict. ``population`` is the label of the group,
    ``sentence`` the definition in words. ``counted_in`` names what the counts
    count (people, units, lists, or rows of another dataset), ``members_in`` the dataset behind them.
    """

    id: str
    label: str
    measure: Measure
    population: str
    counted_in: str
    sentence: str
    quote: str
    numerator: int | None
    denominator: int | None
    unknown: int
    population_unknown: int
    value: Fraction | None
    printed: str | None
    target: TargetShown | None
    status: Status
    shortfall: int | None
    reason: str | None = None
    last: Last | None = None
    could_change: bool = False
    is_each: bool = False
    members_in: str = "people"
    parts: tuple[PartResult, ...] = ()
    units: tuple[UnitResult, ...] = ()
    baseline: BaselineShown | None = None
    reported: tuple[Reported, ...] = ()
    note: str | None = None
    objective: str | None = None

    def as_json(self, *, with_units: bool) -> dict[str, Any]:
        """With the keys of the published format, in its order."""
        shown = {
            "id": self.id,
            "label": self.label,
            "measure": self.measure,
            "numerator": self.numerator,
            "denominator": self.denominator,
            "unknown": self.unknown,
            "population_unknown": self.population_unknown,
            "value": None if self.value is None else float(self.value),
            "printed": self.printed,
            "target": self.target.as_json() if self.target else None,
            "status": self.status,
            "shortfall": self.shortfall,
            "reason": self.reason,
            "last": self.last.as_json() if self.last else None,
            "parts": [part.as_json() for part in self.parts],
        }
        if with_units or self.is_each:
            shown["units"] = [unit.as_json(each=self.is_each) for unit in self.units]
        return shown


@dataclass(frozen=True)
class Report:
    """All indicators of a scheme on a day, over one set of data.

    ``version_of_data`` gives ``data_version`` when it is wanted: to hash a province takes longer than to measure it.
    """

    scheme_id: str
    scheme_title: str
    province: str
    as_of: date
    data_date: date
    engine: str
    version_of_data: Callable[[], str]
    scheme_version: str
    rounding: Rounding
    places: int
    by: str | None
    indicators: tuple[IndicatorResult, ...]
    findings: tuple[Finding, ...]
    objectives: tuple["ObjectiveShown", ...] = ()

    @property
    def data_version(self) -> str:
        """``sha256:…`` of the data's content."""
        return self.version_of_data()

    def as_json(self) -> dict[str, Any]:
        """The document that ``canbo measure --json`` prints."""
        return {
            "scheme": self.scheme_id,
            "as_of": self.as_of.isoformat(),
            "data_date": self.data_date.isoformat(),
            "engine": self.engine,
            "data_version": self.data_version,
            "scheme_version": self.scheme_version,
            "indicators": [one.as_json(with_units=self.by is not None) for one in self.indicators],
            "findings": [finding.as_json() for finding in self.findings],
        }


@dataclass(frozen=True)
class ObjectiveShown:
    """A numbered objective of the scheme with the indicators that measure it, or why none does."""

    id: str
    text: str
    indicators: tuple[str, ...]
    no_indicator: str | None


@dataclass(frozen=True)
class Why:
    """The part of the condition that decided about one person or row."""

    column: str | None
    value: str | None
    needs: str | None
    text: str

    def as_json(self) -> dict[str, Any]:
        """With the keys of the published format."""
        return {"column": self.column, "value": self.value, "needs": self.needs, "text": self.text}


@dataclass(frozen=True)
class ListedRow:
    """A person (or a row of another dataset) in a list, with the reason.

    ``key``: person_id for people, else the dataset's key or first columns. ``post`` is filled for people only.
    """

    key: Mapping[str, str | None]
    name: str | None
    unit_id: str | None
    unit_name: str | None
    why: Why
    birth: date | None = None
    post: str | None = None


@dataclass(frozen=True)
class Listing:
    """The people or rows behind one count of an indicator, sorted by given name."""

    indicator_id: str
    dataset: str
    list_name: ListName
    rows: tuple[ListedRow, ...]


@dataclass(frozen=True)
class TrendPoint:
    """The counts of an indicator on another day of the same data."""

    as_of: date
    numerator: int | None
    denominator: int | None
    value: Fraction | None


@dataclass(frozen=True)
class Dossier:
    """Everything a written report shows: the report, the lists behind it, and how it came to be.

    ``lists``: by indicator id, the lists that its measure has (empty when written without names). ``trends``: by
    indicator id. ``made_by``, ``made_at`` and ``made_for`` say who made it, when (ISO text) and for what.
    """

    report: Report
    lists: Mapping[str, tuple[Listing, ...]]
    trends: Mapping[str, tuple[TrendPoint, ...]]
    made_by: str
    made_at: str
    made_for: str
    with_names: bool
    data_name: str
    explanations: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """One person (or row) who moved the figure between two days."""

    key: Mapping[str, str | None]
    name: str | None
    unit_id: str | None
    text: str


@dataclass(frozen=True)
class CauseResult:
    """All who moved the figure for one cause; the counts add to the difference of the two figures."""

    cause: str
    numerator: int
    denominator: int
    people: tuple[Change, ...]


@dataclass(frozen=True)
class BridgeEnd:
    """The figure at one end of a bridge."""

    as_of: date
    numerator: int
    denominator: int
    printed: str | None


@dataclass(frozen=True)
class Bridge:
    """Person by person, why a figure differs between two days or two files."""

    scheme_id: str
    indicator_id: str
    label: str
    start: BridgeEnd
    end: BridgeEnd
    causes: tuple[CauseResult, ...]

    def as_json(self) -> dict[str, Any]:
        """The document that ``canbo bridge --json`` prints."""

        def end(one: BridgeEnd) -> dict[str, Any]:
            return {
                "as_of": one.as_of.isoformat(),
                "numerator": one.numerator,
                "denominator": one.denominator,
            }

        return {
            "scheme": self.scheme_id,
            "indicator": self.indicator_id,
            "from": end(self.start),
            "to": end(self.end),
            "causes": [
                {
                    "cause": cause.cause,
                    "numerator": cause.numerator,
                    "denominator": cause.denominator,
                    "people": [
                        {
                            **change.key,
                            "full_name": change.name,
                            "unit_id": change.unit_id,
                            "text": change.text,
                        }
                        for change in cause.people
                    ],
                }
                for cause in self.causes
            ],
        }
