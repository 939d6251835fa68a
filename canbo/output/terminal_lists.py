"""Lists of people, bridges and findings in the terminal. The report is in ``terminal``."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from rich.console import Console
from rich.text import Text

from canbo.common.findings import Finding
from canbo.common.language import pick
from canbo.common.numbers import print_count, print_day
from canbo.measure.results import Bridge, BridgeEnd, CauseResult, IndicatorResult, ListedRow, Listing
from canbo.measure.scorecards import HeadCard
from canbo.output import faults, words
from canbo.output.terminal_lines import QUIET, TONES, Column, print_row, print_text, widest

ROWS_SHOWN = 20
GROUPS_SHOWN = 12
"""So many kinds of findings are summed up under a report."""
_SEVERITY = {"error": "bold red", "warning": "yellow"}


def print_listing(listing: Listing, result: IndicatorResult, as_of: date, console: Console) -> None:
    """Print the people (or rows) of a list, each with the reason, under the figures of its indicator."""
    print_text(console, f"{result.label} · {result.population}", style=QUIET)
    number = words.counted(len(listing.rows), listing.dataset)
    print_text(console, f"{words.list_title(listing.list_name)}: {number}, {print_day(as_of)}", style="bold")
    status = words.status_words(result, as_of)
    figures = [words.counts_text(result), result.printed or "", words.aim_text(result), status.text]
    print_text(console, " · ".join(part for part in figures if part not in ("", "–")), style=TONES[status.tone])
    if not listing.rows:
        print_text(console, pick("Không có ai trong danh sách này.", "Nobody is in this list."))
        return
    console.print()
    columns = _listing_columns(listing, console)
    for position, row in enumerate(listing.rows, start=1):
        cells = [Text(f"{position}.", style=QUIET), Text(_name(row), style="bold"), _place(row)]
        print_row(console, [*cells, Text(row.why.text)], columns)


def _listing_columns(listing: Listing, console: Console) -> list[Column]:
    number = len(str(len(listing.rows))) + 1
    name = min(widest([_name(row) for row in listing.rows], least=12), 28)
    left = max(console.width - number - name - 6, 30)
    place = min(left // 2, 48)
    return [Column(number, "right"), Column(name), Column(place), Column(min(left - place, 64))]


def _name(row: ListedRow) -> str:
    return row.name or " · ".join(value for value in row.key.values() if value)


def _place(row: ListedRow) -> Text:
    """Post, unit and birth date in one cell."""
    text = Text(", ".join(part for part in (row.post, row.unit_name) if part))
    if row.birth:
        text.append(f" ({print_day(row.birth)})", style=QUIET)
    return text


def cause_title(cause: str) -> str:
    """What a cause of a bridge means in words."""
    vi, en = {
        "entered": ("Mới vào công tác", "Entered service"),
        "left": ("Thôi công tác", "Left service"),
        "moved_in": ("Chuyển vào nhóm", "Moved into the group"),
        "moved_out": ("Chuyển ra khỏi nhóm", "Moved out of the group"),
        "corrected": ("Số liệu được sửa", "Data corrected"),
        "aged": ("Đổi do tuổi", "Changed by age"),
        "gained": ("Đạt thêm điều kiện", "Came to satisfy"),
        "lost": ("Không còn đạt điều kiện", "No longer satisfies"),
    }.get(cause, (cause, cause))
    return pick(vi, en)


def print_bridge(bridge: Bridge, console: Console) -> None:
    """Print why a figure differs between two days: causes with their counts, the sum, the people of each."""
    print_text(console, bridge.label, style="bold")
    print_text(console, f"{_end(bridge.start)} → {_end(bridge.end)}")
    console.print()
    columns = [Column(30), Column(8, "right"), Column(10, "right")]
    heads = (pick("Nguyên nhân", "Cause"), pick("Đạt", "Counted"), pick("Tổng số", "Of"))
    print_row(console, [Text(head, style=QUIET) for head in heads], columns, indent=2)
    causes = [one for one in bridge.causes if one.numerator or one.denominator or one.people]
    for cause in causes:
        moved = (_signed(cause.numerator), _signed(cause.denominator))
        print_row(console, (cause_title(cause.cause), *moved), columns, indent=2)
    total = (sum(one.numerator for one in causes), sum(one.denominator for one in causes))
    both = [pick("Cộng", "Sum"), *(_signed(number) for number in total)]
    print_row(console, [Text(cell, style="bold") for cell in both], columns, indent=2)
    for cause in causes:
        _print_people(cause, console)


def _end(end: BridgeEnd) -> str:
    counts = words.fraction_text(end.numerator, end.denominator)
    printed = f" ({end.printed})" if end.printed else ""
    return f"{print_day(end.as_of)}: {counts}{printed}"


def _signed(number: int) -> str:
    sign = "+" if number > 0 else "−" if number < 0 else ""
    return f"{sign}{print_count(abs(number))}"


def _print_people(cause: CauseResult, console: Console) -> None:
    if not cause.people:
        return
    console.print()
    print_text(console, f"{cause_title(cause.cause)} ({print_count(len(cause.people))})", style="bold")
    names = [change.name or " · ".join(value for value in change.key.values() if value) for change in cause.people]
    width = min(widest(names, least=12), 30)
    columns = [Column(width), Column(max(console.width - width - 6, 30))]
    for name, change in zip(names, cause.people, strict=True):
        print_row(console, (name, change.text), columns, indent=2)


def summarize_findings(findings: Sequence[Finding], console: Console) -> None:
    """Print how many findings there are, and the commonest kinds with their places."""
    print_text(console, words.findings_text(findings), style="bold" if findings else "")
    groups = faults.gather(findings)
    size = widest([print_count(len(group.findings)) for group in groups[:GROUPS_SHOWN]], least=2)
    for group in groups[:GROUPS_SHOWN]:
        count = Text(f"{print_count(len(group.findings)):>{size}}", style=_SEVERITY[group.severity])
        told = group.title + (f": {group.place}" if group.place else "")
        if len(group.findings) == 1 and not group.place:
            told = group.findings[0].message
        columns = (Column(1), Column(size, "right"), Column(max(console.width - size - 7, 20)))
        print_row(console, (Text(group.sign, style=_SEVERITY[group.severity]), count, told), columns, indent=2)
    if len(groups) > GROUPS_SHOWN:
        more = len(groups) - GROUPS_SHOWN
        told = pick(f"… và {more} loại khác: canbo check-data", f"… and {more} more kinds: canbo check-data")
        print_text(console, told, indent=2, style=QUIET)


def print_findings(findings: Sequence[Finding], console: Console, *, limit: int | None = None) -> None:
    """Print every finding under its kind: where, what, what to do; with ``limit`` so many of a kind."""
    print_text(console, words.findings_text(findings), style="bold")
    for group in faults.gather(findings):
        console.print()
        heading = Text(f"{group.sign} {group.severity_word}: {group.title}", style=_SEVERITY[group.severity])
        heading.append(f" ({print_count(len(group.findings))})", style="not bold default")
        print_text(console, heading)
        for alike in _alike(group.findings[:limit]):
            _print_finding(alike, console)
        if limit is not None and len(group.findings) > limit:
            more = print_count(len(group.findings) - limit)
            print_text(console, pick(f"… và {more} phát hiện nữa", f"… and {more} more"), indent=2, style=QUIET)


def _alike(findings: Sequence[Finding]) -> list[list[Finding]]:
    """Findings that say the same of several rows, together: the sentence is read once, the rows stand in a list."""
    together: dict[tuple[str, str | None], list[Finding]] = {}
    for finding in findings:
        together.setdefault((finding.message, finding.suggestion), []).append(finding)
    return list(together.values())


def _print_finding(alike: list[Finding], console: Console) -> None:
    finding = alike[0]
    place = words.place_text(finding)
    if len(alike) > 1:
        rows = [str(one.row) for one in alike if one.row is not None]
        listed = ", ".join(rows[:ROWS_SHOWN]) + (" …" if len(rows) > ROWS_SHOWN else "")
        place = words.place_text(replace(finding, row=None))
        place += pick(f", {len(alike)} dòng ({listed})", f", {len(alike)} rows ({listed})")
    line = Text(f"{place}: " if place else "", style=QUIET)
    line.append(finding.message, style="default")
    print_text(console, line, indent=2, hang=2)
    if finding.suggestion:
        print_text(console, f"→ {finding.suggestion}", indent=4, hang=2)


def print_scorecard(unit: str, cards: Sequence[HeadCard], console: Console) -> None:
    """Print who headed a unit from when to when, each with the indicators on the last day of the time."""
    print_text(console, unit, style="bold")
    columns = [Column(max(console.width - 52, 30)), Column(11, "right"), Column(8, "right"), Column(26)]
    for card in cards:
        console.print()
        span = f"{print_day(card.first)}–{print_day(card.last)}"
        print_text(console, f"{card.name}, {card.post}, {span}", style="bold", hang=2)
        for one in card.standings:
            status = words.status_of(one.status, one.shortfall, "people")
            unknown = pick(f"; {one.unknown} chưa rõ", f"; {one.unknown} unknown") if one.unknown else ""
            counts = words.fraction_text(one.numerator, one.denominator)
            told = Text(status.text + unknown, style=TONES[status.tone])
            print_row(console, (one.label, counts, one.printed or "", told), columns, indent=2)
