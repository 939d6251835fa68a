"""What the pages of a scheme lay out: its documents, populations, objectives and indicators as plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from canbo.common.findings import Finding
from canbo.common.language import Language, current, pick
from canbo.common.numbers import print_day
from canbo.datasets.dictionary import dictionary
from canbo.measure.scheme import Indicator, Scheme
from canbo.measure.words import condition_words, label_of, sentence, target_words
from canbo.register import schemes
from canbo.register.schemes import Kept
from canbo.web.schemes.figures import Shown, Standing


@dataclass(frozen=True)
class SchemeRow:
    """A scheme in the library's list."""

    name: str
    title: str
    province: str
    period: str
    document: str
    indicators: int
    objectives: int
    state: str
    tone: str
    edited: bool


@dataclass(frozen=True)
class DocumentShown:
    """A document that a scheme names."""

    kind: str
    number: str
    title: str
    issuer: str
    issued: str
    effective: str


@dataclass(frozen=True)
class PopulationShown:
    """A named group with its condition in words and in SQL."""

    id: str
    label: str
    dataset: str
    words: str
    sql: str
    indicators: int


@dataclass(frozen=True)
class IndicatorRow:
    """An indicator under its objective."""

    id: str
    label: str
    sentence: str
    quote: str
    target: str
    standing: Standing | None


@dataclass(frozen=True)
class ObjectiveGroup:
    """A numbered objective with what measures it, or why nothing does; no id: indicators of no objective."""

    id: str
    text: str
    reason: str
    rows: tuple[IndicatorRow, ...]

    @property
    def status(self) -> str:
        """In one word for the list of all objectives."""
        if not self.rows:
            return pick("Không đo", "Not measured")
        missed = sum(1 for row in self.rows if row.standing and row.standing.result.status == "short")
        return pick(f"{missed} chưa đạt", f"{missed} short") if missed else ""


def scheme_row(kept: Kept, day: date) -> SchemeRow:
    """A scheme as the library lists it."""
    scheme = kept.scheme
    first = next(iter(documents_of(scheme)), None)
    return SchemeRow(
        name=kept.name,
        title=scheme.title,
        province=scheme.province,
        period=period_words(scheme),
        document=" ".join(part for part in (first.kind, first.number) if part) if first else "",
        indicators=len(scheme.indicators),
        objectives=len(scheme.objectives),
        state=state_words(kept),
        tone="met" if kept.active_from else "none",
        edited=kept.edited,
    )


def state_words(kept: Kept) -> str:
    """Where a scheme comes from and whether it is in use."""
    if not kept.edited:
        return pick("Thư viện", "Library")
    if kept.active_from is None:
        return pick(f"Đang soạn, bản {kept.version}", f"Draft, version {kept.version}")
    since = print_day(kept.active_from)
    return pick(f"Áp dụng từ {since}, bản {kept.version}", f"In use since {since}, version {kept.version}")


def period_words(scheme: Scheme) -> str:
    """01/01/2021 – 31/12/2030."""
    return f"{print_day(scheme.period[0])} – {print_day(scheme.period[1])}"


def documents_of(scheme: Scheme) -> list[DocumentShown]:
    """The documents, with what is not known of them left empty."""
    return [
        DocumentShown(
            _text(one, "kind"), _text(one, "number"), _text(one, "title"), _text(one, "issued_by"),
            _day(one, "issued_on"), _day(one, "effective_on"),
        )
        for one in scheme.documents
    ]  # fmt: skip


def populations_of(scheme: Scheme) -> list[PopulationShown]:
    """The named groups."""
    return [
        PopulationShown(
            one.id,
            one.label_en if current() == "en" and one.label_en else one.label,
            dictionary()[one.of].title,
            condition_words(one.where.text, one.of) if one.where else pick("tất cả", "all"),
            one.where.text if one.where else "true",
            sum(1 for indicator in scheme.indicators if indicator.population == one),
        )
        for one in scheme.populations.values()
    ]


def objectives_of(scheme: Scheme, figures: Shown) -> list[ObjectiveGroup]:
    """All objectives, none left out, and last the indicators that belong to none."""
    groups = [
        ObjectiveGroup(
            one.id, one.text, one.no_indicator or _unsaid(),
            tuple(_row(i, figures) for i in scheme.indicators if i.objective == one.id),
        )
        for one in scheme.objectives
    ]  # fmt: skip
    rest = tuple(_row(one, figures) for one in scheme.indicators if one.objective is None)
    return [*groups, ObjectiveGroup("", "", "", rest)] if rest else groups


def targets_words(indicator: Indicator) -> str:
    """All targets of an indicator; what stands there where its number is not known yet (SCH-22)."""
    said = "; ".join(target_words(one) for one in indicator.targets)
    return said or pick("chưa ghi mức", "no target entered")


@lru_cache(maxsize=32)
def _findings(text: str, name: str, language: Language) -> tuple[Finding, ...]:
    return tuple(schemes.check(text, name)[1])


def findings_of(name: str, day: date) -> Sequence[Finding]:
    """What ``check_scheme`` says of a scheme's text."""
    return _findings(schemes.text_of(name, day), name, current())


def _unsaid() -> str:
    return pick("Chưa có chỉ tiêu đo và chưa ghi lý do.", "No indicator measures it, and no reason is given.")


def _row(one: Indicator, figures: Shown) -> IndicatorRow:
    return IndicatorRow(one.id, label_of(one), sentence(one), one.quote, targets_words(one), figures.of(one.id))


def _text(document: Mapping[str, Any], key: str) -> str:
    value = document.get(key)
    return "" if value is None else str(value)


def _day(document: Mapping[str, Any], key: str) -> str:
    value = document.get(key)
    return print_day(value) if isinstance(value, date) else _text(document, key)
