"""A report in the terminal, made for 80 columns and more. Lists and bridges: ``terminal_lists``."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from rich.console import Console
from rich.text import Text

from canbo.common.language import pick
from canbo.common.numbers import print_count, print_day, print_percent
from canbo.common.text import text_order
from canbo.measure.results import IndicatorResult, Report, UnitResult
from canbo.output import words
from canbo.output.bars import Bar, bar_cells, bar_of
from canbo.output.heat import heat_tables, unit_shortfall
from canbo.output.terminal_lines import QUIET, TONES, Column, print_row, print_text, widest
from canbo.output.terminal_lists import print_bridge as print_bridge
from canbo.output.terminal_lists import print_findings as print_findings
from canbo.output.terminal_lists import print_listing as print_listing
from canbo.output.terminal_lists import summarize_findings

UNITS_SHOWN = 20
"""So many units of one indicator are printed; the rest is in the files and in --json."""
_MARKS = {"track": QUIET, "unknown": QUIET, "tick": "bold", "baseline": "bold"}


@dataclass(frozen=True)
class _Table:
    """The columns of the report's rows on a console."""

    label: int
    counts: int
    printed: int
    bar: int
    goal: int
    status: int

    @property
    def columns(self) -> tuple[Column, ...]:
        return (
            Column(self.label),
            Column(self.counts, "right"),
            Column(self.printed, "right"),
            Column(self.bar),
            Column(self.goal),
            Column(self.status),
        )


def print_report(report: Report, console: Console, *, data_name: str = "DATA") -> None:
    """Print the opening sentence, indicators by population, units where asked for, findings, next steps.

    ``data_name``: the data as the user named it, for the commands to try next.
    Colour only repeats what words and signs say, so nothing is lost with ``NO_COLOR`` or in a file.
    """
    print_text(console, f"{report.scheme_title} · {report.province}", style=QUIET)
    print_text(console, words.opening(report), style="bold")
    if report.data_date != report.as_of:
        day = print_day(report.data_date)
        print_text(console, pick(f"Số liệu của ngày {day}.", f"The data is of {day}."), style=QUIET)
    legend = pick(
        "━ kết quả  ┃ mục tiêu  ┣━┫ khoảng mục tiêu  ○ ban đầu  ┅ chưa rõ",
        "━ value  ┃ target  ┣━┫ target range  ○ baseline  ┅ unknown",
    )
    print_text(console, legend, style=QUIET)
    if usual := _usual_day(report):
        told = pick("Mục tiêu đến", "Targets are for")
        print_text(console, f"{told} {print_day(usual)}.", style=QUIET)
    table = _measure(report, console)
    for population in dict.fromkeys(one.population for one in report.indicators):
        rows = [one for one in report.indicators if one.population == population]
        console.print()
        print_text(console, _heading(population, rows))
        for result in rows:
            _print_indicator(report, result, table, console)
    if report.by:
        _print_units(report, table, console)
    console.print()
    summarize_findings(report.findings, console)
    _print_next(report, data_name, console)


def _heading(population: str, rows: Sequence[IndicatorResult]) -> Text:
    sizes = {
        (one.denominator, one.counted_in)
        for one in rows
        if one.measure == "share" and not one.is_each and one.denominator
    }
    heading = Text(population, style="bold")
    if len(sizes) == 1:
        number, counted_in = sizes.pop()
        heading.append(f" ({words.counted(number or 0, counted_in)})", style="not bold")
    return heading


def _measure(report: Report, console: Console) -> _Table:
    """Columns as wide as their contents; the bar grows with the console, the label takes what is left."""
    counts = widest([words.counts_text(one) for one in report.indicators], least=7)
    printed = widest([_printed(one) for one in report.indicators], least=7)
    goal = widest([_goal(one) for one in report.indicators], least=5)
    status = widest([_status(report, one).plain for one in report.indicators], least=14)
    width = console.width
    bar = 10 if width < 96 else 16 if width < 124 else 24
    status = min(status, 17 if width < 96 else 30)
    label = max(width - 2 - counts - printed - bar - goal - status - 10, 16)
    return _Table(min(label, 64), counts, printed, bar, goal, status)


def _printed(result: IndicatorResult) -> str:
    printed = result.printed or ""
    return "" if printed == words.counts_text(result) else printed


def _goal(result: IndicatorResult) -> str:
    return words.goal_text(result.target.is_) if result.target and words.goal_of(result.target) else ""


def _status(report: Report, result: IndicatorResult) -> Text:
    """“▲ thiếu 24 người”: where people are short the detail says more than the word."""
    status = words.status_words(result, report.as_of)
    text = status.detail if status.tone in ("short", "late") else status.word
    return Text(f"{status.sign} {text}", style=TONES[status.tone])


def _print_indicator(report: Report, result: IndicatorResult, table: _Table, console: Console) -> None:
    status = words.status_words(result, report.as_of)
    bar = bar_of(result, late=status.tone == "late")
    cells = (
        Text(result.label),
        words.counts_text(result),
        _printed(result),
        _bar(bar, table.bar, TONES[status.tone]) if bar else Text(),
        _goal(result),
        _status(report, result),
    )
    print_row(console, cells, table.columns, indent=2)
    for remark in _remarks(report, result):
        print_text(console, f"↳ {remark}", indent=4, hang=2, style=QUIET)


def _bar(bar: Bar, width: int, style: str) -> Text:
    text = Text()
    for sign, role in bar_cells(bar, width=width):
        text.append(sign, style=style if role == "value" else _MARKS[role])
    return text


def _remarks(report: Report, result: IndicatorResult) -> list[str]:
    """What must be read beside the figures: why not measured, what is unknown, other days."""
    remarks = []
    if result.status in ("not_measurable", "report") and result.reason:
        remarks.append(result.reason)
    if result.last:
        counts = words.fraction_text(result.last.numerator, result.last.denominator)
        told = f"{counts} ({result.last.printed})" if result.last.printed else counts
        day = print_day(result.last.as_of)
        remarks.append(pick(f"Lần đo cuối {day}: {told}", f"Last measured {day}: {told}"))
    if unknown := words.unknown_text(result):
        remarks.append(unknown)
    if result.is_each and result.status == "short":
        remarks.append(_worst(result))
    for part in result.parts:
        counts = words.fraction_text(part.numerator, part.denominator)
        remarks.append(f"{part.label}: {counts}" + (f" ({part.printed})" if part.printed else ""))
    if result.target and (result.target.orientation or result.target.by != _usual_day(report)):
        day = print_day(result.target.by)
        kind = pick("Định hướng", "A direction") if result.target.orientation else pick("Mục tiêu", "The target")
        remarks.append(pick(f"{kind} đến {day}", f"{kind} for {day}"))
    return remarks


def _usual_day(report: Report) -> date | None:
    """The day of most targets, which the rows need not repeat."""
    days = Counter(one.target.by for one in report.indicators if one.target)
    return days.most_common(1)[0][0] if days else None


def _worst(result: IndicatorResult) -> str:
    """The units furthest from their own target, at most three."""
    short = [unit for unit in result.units if unit.status == "short"]
    short.sort(key=lambda unit: (-(unit.shortfall or 0), text_order(unit.name)))
    told = "; ".join(f"{unit.name} {words.fraction_text(unit.numerator, unit.denominator)}" for unit in short[:3])
    more = len(short) - 3
    rest = pick(f" và {print_count(more)} nơi khác", f" and {print_count(more)} more") if more > 0 else ""
    return pick("Xa nhất: ", "Furthest: ") + told + rest


def _print_units(report: Report, table: _Table, console: Console) -> None:
    """First the units that lack most over all targets, then each indicator unit by unit."""
    split = [one for one in report.indicators if one.units and not one.is_each]
    _print_ranking(split, report.by or "unit", console)
    for result in split:
        console.print()
        heading = Text(result.label, style="bold")
        about = " · ".join(part for part in (result.population, _goal(result)) if part)
        heading.append(f"  {about}", style=f"not bold {QUIET}")
        print_text(console, heading)
        goal = words.goal_of(result.target)
        order = sorted(result.units, key=lambda unit: _need(result, unit))
        for unit in order[:UNITS_SHOWN]:
            _print_unit(report, result, unit, table, console)
        if len(order) > UNITS_SHOWN:
            _print_rest(len(order) - UNITS_SHOWN, is_short=goal is not None, console=console)


def _print_rest(more: int, *, is_short: bool, console: Console) -> None:
    less_vi, less_en = (" thiếu ít hơn", " that lack less") if is_short else ("", "")
    text = pick(
        f"… và {print_count(more)} đơn vị khác{less_vi} (đủ trong tệp --out và trong --json)",
        f"… and {print_count(more)} more units{less_en} (all of them with --out and --json)",
    )
    print_text(console, text, indent=2, style=QUIET)


def _print_ranking(split: Sequence[IndicatorResult], by: str, console: Console) -> None:
    tables = heat_tables(split)
    rows = [row for row in tables[0].rows if row.total and row.unit_id] if tables else []
    if not rows:
        return
    console.print()
    heading = Text(pick("Đơn vị cần giúp trước", "Units that need help first"), style="bold")
    heading.append(f" ({words.by_title(by).lower()})", style="not bold")
    print_text(console, heading)
    told = pick(
        "Số còn thiếu nếu riêng đơn vị phải giữ mục tiêu chung, cộng qua các chỉ tiêu (không kể định hướng).",
        "How many would be missing if the unit alone had to hold the common targets, without directions.",
    )
    print_text(console, told, indent=2, style=QUIET)
    shown = rows[:10]
    size = widest([print_count(row.total) for row in shown])
    for row in shown:
        columns = (Column(size, "right"), Column(max(console.width - size - 6, 20)))
        print_row(console, (Text(print_count(row.total), style="yellow"), row.name), columns, indent=2)


def _need(result: IndicatorResult, unit: UnitResult) -> tuple[bool, int, int, str]:
    short = unit_shortfall(result, unit, words.goal_of(result.target))
    return (
        unit.unit_id is None,
        -(short or 0),
        (unit.numerator or 0) - (unit.denominator or 0),
        text_order(words.unit_title(unit.unit_id, unit.name)),
    )


def _print_unit(report: Report, result: IndicatorResult, unit: UnitResult, table: _Table, console: Console) -> None:
    goal = words.goal_of(result.target)
    short = unit_shortfall(result, unit, goal)
    is_percent = goal.percent if goal else result.measure == "share"
    printed = ""
    if unit.value is not None and is_percent:
        printed = print_percent(unit.value, places=report.places, rounding=report.rounding)
    excess = words.is_excess(goal, unit.value)
    status = words.shortfall_text(short, result.counted_in, excess=excess) if short else ""
    tone = "yellow" if short else "green" if short == 0 else "default"
    bar = Bar(unit.value, goal, None, Fraction(unit.unknown, unit.denominator or 1))
    unknown = pick(f"{unit.unknown} chưa rõ", f"{unit.unknown} unknown") if unit.unknown else ""
    cells = (
        words.unit_title(unit.unit_id, unit.name),
        words.unit_counts(result, unit),
        printed,
        _bar(bar, table.bar, tone) if is_percent else Text(),
        "",
        Text(", ".join(part for part in ("✓" if short == 0 else status, unknown) if part), style=tone),
    )
    print_row(console, cells, table.columns, indent=2)


def _print_next(report: Report, data_name: str, console: Console) -> None:
    """Commands to try next, with what this report holds."""
    wanting = [one for one in words.decisions_first(report) if not one.is_each]
    first = next(iter(wanting or report.indicators), None)
    if first is None:
        return
    day = report.as_of.isoformat()
    told = [
        (
            pick("Tên những người còn thiếu:", "Who is lacking:"),
            f"canbo who {report.scheme_id} {first.id} {data_name}",
        ),
        (
            pick("Báo cáo có biểu đồ:", "A report with charts:"),
            f"canbo measure {report.scheme_id} {data_name} --out x.html",
        ),
    ]
    if not report.by:
        split = f"canbo measure {report.scheme_id} {data_name} --by district"
        told.append((pick("Theo đơn vị:", "By unit:"), split))
    console.print()
    print_text(console, pick("Xem tiếp", "Next"), style="bold")
    for what, command in told:
        line = Text(f"{what} ", style=QUIET)
        line.append(f"{command} --as-of {day}", style="default")
        print_text(console, line, indent=2, hang=2)
