"""The tables of the Word report as rows of text, the target bar as a picture. Sentences: ``word_text``."""

import io
from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage

from canbo.common.numbers import print_count, print_day, print_percent
from canbo.measure.results import Dossier, IndicatorResult, ListedRow, Listing, Report, UnitResult
from canbo.output import words
from canbo.output.bars import Bar
from canbo.output.heat import unit_shortfall
from canbo.output.svg import target_bar_png
from canbo.output.word_text import (
    baseline_figure,
    clean,
    figure_short,
    indicator_text,
    is_late,
    sentence,
    unit_short_text,
    unmeasured_text,
    verdict_words,
)
from canbo.output.workbook_lists import name_lists
from canbo.output.workbook_summary import bar_shown, target_shown
from canbo.output.workbook_units import with_units

MOST_NAMES = 100
MOST_UNITS = 40
LONGEST_REASON = 240
BAR_WIDTH_MM = 49
BAR_POINTS = (150, 13)

Row = Mapping[str, Any]

_NO_MARGIN = 'distT="0" distB="0" distL="0" distR="0"'


class TargetBar(InlineImage):  # type: ignore[misc]  # docxtpl has no types
    """The target bar of an indicator as a picture that a screen reader can say."""

    def __init__(self, document: DocxTemplate, bar: Bar, text: str) -> None:
        width, height = BAR_POINTS
        picture = target_bar_png(
            value=bar.value,
            goal=bar.goal,
            baseline=bar.baseline,
            unknown=bar.unknown,
            late=bar.late,
            width=width,
            height=height,
        )
        super().__init__(document, io.BytesIO(picture), width=Mm(BAR_WIDTH_MM))
        self.text = text

    def _insert_image(self) -> str:
        picture = str(super()._insert_image())
        picture = picture.replace("<wp:docPr ", f'<wp:docPr descr="{escape(self.text)}" ', 1)
        return picture.replace("<wp:inline ", f"<wp:inline {_NO_MARGIN} ", 1)


def by_population(report: Report) -> dict[str, list[IndicatorResult]]:
    """The indicators by the group that they measure, in the order of the report."""
    found: dict[str, list[IndicatorResult]] = {}
    for one in report.indicators:
        found.setdefault(one.population, []).append(one)
    return found


def group_rows(report: Report) -> tuple[Row, list[Row]]:
    """Table 1: how many indicators of each group stand where; first the total."""

    def counts(indicators: Sequence[IndicatorResult]) -> dict[str, str]:
        number = Counter(one.status for one in indicators)
        return {"total": str(len(indicators))} | {kind: str(number[kind]) for kind in words.SIGNS}

    rows: list[Row] = [
        {"number": str(at), "name": clean(name)} | counts(indicators)
        for at, (name, indicators) in enumerate(by_population(report).items(), start=1)
    ]
    return counts(report.indicators), rows


def groups(report: Report) -> list[Row]:
    """Part II: each group with a text for each of its indicators."""
    return [
        {
            "number": str(at),
            "name": clean(name),
            "entries": [{"label": clean(one.label), "text": indicator_text(one, report)} for one in indicators],
        }
        for at, (name, indicators) in enumerate(by_population(report).items(), start=1)
    ]


def numbered(indicators: Sequence[IndicatorResult], report: Report) -> list[Row]:
    """Parts III and IV: the indicators with their group, numbered, and what is to be said of them there."""

    def text(one: IndicatorResult) -> str:
        if one.status == "not_measurable":
            return unmeasured_text(one)
        remark = words.unknown_text(one)
        short = f"{figure_short(one)}, {verdict_words(one, report)}."
        return f"{short} {sentence(remark)}" if remark else short

    return [
        {"number": str(at), "label": clean(with_group(one)), "text": clean(text(one))}
        for at, one in enumerate(indicators, start=1)
    ]


def with_group(one: IndicatorResult) -> str:
    """“Cán bộ nữ – ủy viên Ban Thường vụ Tỉnh ủy”."""
    return f"{one.label} – {one.population[:1].lower()}{one.population[1:]}"


def summary_rows(report: Report, document: DocxTemplate) -> list[Row]:
    """Appendix I: a row for each group, under it its indicators with the target bar."""
    rows: list[Row] = []
    number = 0
    for name, indicators in by_population(report).items():
        rows.append({"group": clean(name)})
        for one in indicators:
            number += 1
            rows.append(_summary_row(number, one, report, document))
    return rows


def _summary_row(number: int, one: IndicatorResult, report: Report, document: DocxTemplate) -> Row:
    status = words.status_words(one, report.as_of)
    figure = figure_short(one)
    verdict = [status.word if one.status == "not_measurable" else status.text, words.unknown_text(one)]
    bar = bar_shown(one, late=is_late(one, report))
    described = f"{one.label}: {figure}; mục tiêu {target_shown(one)}; {status.text}"
    return {
        "group": "",
        "number": str(number),
        "label": clean(one.label),
        "target": target_shown(one),
        "figure": figure,
        "bar": TargetBar(document, bar, clean(described)) if bar and one.value is not None else "–",
        "verdict": clean(". ".join(part[:1].upper() + part[1:] for part in verdict if part)),
        "baseline": baseline_figure(one) or "–",
    }


def finding_rows(report: Report) -> list[Row]:
    """Table 2: errors and warnings by sheet."""
    number = Counter((one.sheet or "Chung", one.severity) for one in report.findings)
    sheets = sorted({sheet for sheet, _ in number})
    return [
        {
            "sheet": clean(sheet),
            "errors": print_count(number[sheet, "error"]),
            "warnings": print_count(number[sheet, "warning"]),
        }
        for sheet in sheets
    ]


def unit_tables(dossier: Dossier) -> list[Row]:
    """Appendix II: a table for each indicator that was split by unit, the units that lack most first."""
    return [
        {
            "title": clean(f"{one.id}. {with_group(one)}"),
            "rows": _unit_rows(one, dossier.report),
            "note": _unit_note(one),
        }
        for one in with_units(dossier)
        if one.target
    ]


def _unit_rows(one: IndicatorResult, report: Report) -> list[Row]:
    goal = words.goal_of(one.target)
    ordered = sorted(one.units, key=lambda unit: -(unit_shortfall(one, unit, goal) or 0))
    return [
        {
            "number": str(at),
            "name": clean(words.unit_title(unit.unit_id, unit.name)),
            "figure": words.fraction_text(unit.numerator, unit.denominator),
            "printed": _unit_percent(unit, report),
            "unknown": print_count(unit.unknown) if unit.unknown else "",
            "short": clean(unit.reason or "") if unit.status == "not_measurable" else unit_short_text(one, unit),
        }
        for at, unit in enumerate(ordered[:MOST_UNITS], start=1)
    ]


def _unit_percent(unit: UnitResult, report: Report) -> str:
    if unit.printed or unit.value is None or unit.denominator is None:
        return unit.printed or ""
    return print_percent(unit.value, places=report.places, rounding=report.rounding)


def _unit_note(one: IndicatorResult) -> str:
    notes = []
    if not one.is_each and one.target:
        notes.append("Số còn thiếu của đơn vị so với mục tiêu chung, để tham khảo.")
    if len(one.units) > MOST_UNITS:
        rest = print_count(len(one.units) - MOST_UNITS)
        notes.append(f"Còn {rest} đơn vị khác: xem sheet “Theo đơn vị” của tệp Excel kèm theo.")
    return " ".join(notes)


def name_tables(dossier: Dossier) -> list[Row]:
    """The last appendix: who is lacking under each target that is short (no direction); none without names."""
    lists = name_lists(dossier)
    return [
        _name_table(one, listing)
        for one in dossier.report.indicators
        if one.status == "short" and one.target and not one.target.orientation
        for listing in lists.get(one.id, ())
        if listing.list_name == "lacking" and listing.rows
    ]


def _name_table(one: IndicatorResult, listing: Listing) -> Row:
    number = len(listing.rows)
    title = f"{one.id}. {one.label}: {words.counted(number, listing.dataset)}"
    if number > MOST_NAMES:
        note = f"Danh sách có trên {MOST_NAMES} dòng: xem sheet “{one.id}” của tệp Excel kèm theo."
        return {"title": clean(title), "people": False, "rows": [], "note": clean(note)}
    rows = [_name_row(at, row) for at, row in enumerate(listing.rows, start=1)]
    return {"title": clean(title), "people": listing.dataset == "people", "rows": rows, "note": ""}


def _name_row(at: int, row: ListedRow) -> Row:
    key = next((value for value in row.key.values() if value), "")
    return {
        "number": str(at),
        "key": clean(key),
        "name": clean(row.name or ""),
        "birth": print_day(row.birth) if row.birth else "",
        "unit": clean(row.unit_name or row.unit_id or ""),
        "post": clean(row.post or ""),
        "why": _short(clean(row.why.text)),
    }


def _short(reason: str) -> str:
    """A reason cut where it would fill a page; the workbook has the whole."""
    return reason if len(reason) <= LONGEST_REASON else reason[:LONGEST_REASON].rsplit(" ", 1)[0] + " …"
