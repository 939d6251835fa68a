"""The first two sheets of an Excel report: what it is, and all indicators in one table."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from canbo.common.language import pick
from canbo.common.numbers import print_day
from canbo.common.shares import parse_goal
from canbo.measure.results import BaselineShown, Dossier, IndicatorResult, Report
from canbo.output import words
from canbo.output.bars import Bar, bar_cells, bar_of
from canbo.output.workbook_cells import Cell, Column, Link, Sheet, Toned

_GLYPHS = {"╸": "▌", "┣": "├", "┫": "┤"}
_ROLES = {"value": "█", "unknown": "▒", "track": "·", "tick": "│", "baseline": "○"}
"""Signs that the fonts of every office PC carry at one width (those of the old WGL4 set)."""

BAR_WIDTH = 20


def write_about(sheet: Sheet, dossier: Dossier, others: Iterable[Sheet]) -> None:
    """What this file is, of which day, from which data and rules, and what stands in the other sheets."""
    report = dossier.report
    sheet.title(
        pick(
            f"Kết quả thực hiện chỉ tiêu đến ngày {print_day(report.as_of)}",
            f"Where each target stands on {print_day(report.as_of)}",
        )
    )
    sheet.line(report.scheme_title, strong=True)
    sheet.line(words.opening(report))
    sheet.row += 1
    columns = (Column(pick("Mục", "Item"), "text", 26), Column(pick("Nội dung", "Content"), "wrap", 96))
    rows = [*_about(dossier), *((Link(one.name, one.name), one.heading) for one in others)]
    sheet.table(columns, rows, filtered=False)


def _about(dossier: Dossier) -> Iterator[tuple[Cell, Cell]]:
    report = dossier.report
    yield pick("Đề án, chương trình", "Scheme"), report.scheme_title
    yield pick("Địa phương", "Province"), report.province
    yield pick("Số liệu tính đến ngày", "Measured on"), report.as_of
    yield pick("Ngày của dữ liệu", "Day of the data"), report.data_date
    yield pick("Tệp dữ liệu", "Data"), dossier.data_name
    yield pick("Phiên bản dữ liệu", "Version of the data"), report.data_version
    yield pick("Tệp chỉ tiêu", "Scheme file"), report.scheme_id
    yield pick("Phiên bản chỉ tiêu", "Version of the scheme file"), report.scheme_version
    yield pick("Cách in tỷ lệ", "How percentages are printed"), _rounding_text(report)
    yield pick("Dữ liệu", "Quality of the data"), words.findings_text(report.findings)
    yield pick("Người lập", "Made by"), dossier.made_by
    yield pick("Lập lúc", "Made at"), moment_text(dossier.made_at)
    yield pick("Mục đích", "Made for"), dossier.made_for
    yield pick("Lưu ý bảo mật", "Classification"), classification_text(with_names=dossier.with_names)


def _rounding_text(report: Report) -> str:
    if report.rounding == "truncate":
        return pick(
            f"Cắt ở {report.places} chữ số thập phân, như nguồn của Đề án; "
            "đạt hay chưa đạt xét trên phân số chính xác.",
            f"Cut at {report.places} decimals, as the source prints; verdicts compare exact fractions.",
        )
    return pick(
        f"Làm tròn đến {report.places} chữ số thập phân; đạt hay chưa đạt xét trên phân số chính xác.",
        f"Rounded to {report.places} decimals; verdicts compare exact fractions.",
    )


def classification_text(*, with_names: bool) -> str:
    """What who holds the file has to mind."""
    if with_names:
        return pick(
            "Có dữ liệu cá nhân. Người lập xác định độ mật trước khi gửi; chỉ dùng đúng mục đích ghi trên; "
            "không gửi ra ngoài cơ quan. Bản gửi đi: lập lại với --without-names.",
            "Holds personal data. Who made it sets its classification before it is sent; use it only for the "
            "purpose above; keep it in the office. To send figures on, make it again with --without-names.",
        )
    return pick(
        "Không có họ tên; đơn vị dưới 5 người được gộp. Người lập vẫn phải xác định độ mật trước khi gửi.",
        "No names; units under 5 people are joined. Its maker still sets its classification before sending.",
    )


def moment_text(made_at: str) -> str:
    """“08:30 ngày 05/01/2026” of an ISO moment; any other text as it is."""
    try:
        moment = datetime.fromisoformat(made_at)
    except ValueError:
        return made_at
    return pick(f"{moment:%H:%M} ngày {moment:%d/%m/%Y}", f"{moment:%H:%M} on {moment:%d/%m/%Y}")


def made_text(dossier: Dossier) -> str:
    """Who made it, when and for what, in a sentence."""
    moment = moment_text(dossier.made_at)
    return pick(
        f"Người lập: {dossier.made_by}, lúc {moment}; mục đích: {dossier.made_for}.",
        f"Made by {dossier.made_by} at {moment} for: {dossier.made_for}.",
    )


def write_summary(sheet: Sheet, report: Report, name_sheets: Mapping[str, str]) -> None:
    """All indicators in one table that filters; the columns up to the remark are those that print."""
    sheet.title(words.opening(report))
    sheet.heading = pick("Mọi chỉ tiêu trong một bảng", "All indicators in one table")
    sheet.line(f"{report.scheme_title} – {report.province}")
    sheet.line(
        pick(
            "Thanh mục tiêu: █ đã đạt · ▒ chưa rõ · │ mục tiêu · ○ mức ban đầu · ├ ┤ khoảng mục tiêu. "
            "Tỷ lệ in theo cách của Đề án; cột “Tỷ lệ chính xác” để tính toán.",
            "Target bar: █ value · ▒ unknown · │ target · ○ baseline · ├ ┤ target range. "
            "Percentages are printed as the scheme does; use the exact share to calculate.",
        )
    )
    sheet.table(_summary_columns(), [_summary_row(one, report, name_sheets) for one in report.indicators], fixed=2)


def _summary_columns() -> tuple[Column, ...]:
    return (
        Column(pick("Mã", "Id"), "text", 13),
        Column(pick("Chỉ tiêu", "Indicator"), "wrap", 34),
        Column(pick("Nhóm", "Population"), "wrap", 22),
        Column(pick("Mục tiêu", "Target"), "wrap", 10),
        Column(pick("Thời hạn", "Due"), "date", 10.5),
        Column(pick("Số đạt", "Numerator"), "count", 7),
        Column(pick("Tổng số", "Denominator"), "count", 7),
        Column(pick("Kết quả", "Result"), "right", 9),
        Column(pick("Thanh mục tiêu", "Target bar"), "bar", BAR_WIDTH + 2),
        Column(pick("Kết luận", "Verdict"), "text", 14),
        Column(pick("Thiếu (+) thừa (−)", "Short (+) over (−)"), "count", 8),
        Column(pick("Chưa rõ", "Unknown"), "count", 6.5),
        Column(pick("Ngoài nhóm vì thiếu dữ liệu", "Outside for want of data"), "count", 9),
        Column(pick("Ghi chú", "Remark"), "wrap", 32),
        Column(pick("Tính bằng", "Counted in"), "wrap", 12),
        Column(pick("Mức ban đầu", "Baseline"), "wrap", 16),
        Column(pick("Tỷ lệ chính xác", "Exact share"), "percent", 11),
        Column(pick("Định hướng", "Orientation"), "text", 10),
        Column(pick("Ngày mức ban đầu", "Day of the baseline"), "date", 12),
        Column(pick("Số đạt ban đầu", "Baseline numerator"), "count", 9),
        Column(pick("Tổng số ban đầu", "Baseline denominator"), "count", 9),
    )


PRINTED_COLUMNS = 14


def _summary_row(one: IndicatorResult, report: Report, name_sheets: Mapping[str, str]) -> tuple[Cell, ...]:
    status, base, target = words.status_words(one, report.as_of), one.baseline, one.target
    where = name_sheets.get(one.id)
    return (
        Link(one.id, where) if where else one.id,
        one.label,
        one.population,
        _goal_cell(one),
        target.by if target else None,
        one.numerator,
        one.denominator,
        result_text(one),
        _bar_text(one),
        Toned(f"{status.sign} {status.word}", status.tone),
        signed_shortfall(one),
        one.unknown if one.numerator is not None else None,
        one.population_unknown if one.numerator is not None else None,
        remark_text(one),
        words.noun(one.counted_in),
        _baseline_text(base),
        one.value if _is_share(one) else None,
        yes_no(target.orientation) if target else None,
        base.on if base else None,
        base.numerator if base else None,
        base.denominator if base else None,
    )


def _goal_cell(one: IndicatorResult) -> str | None:
    if one.target is None:
        return None
    goal = words.goal_text(one.target.is_)
    return pick(f"từng đơn vị {goal}", f"each unit {goal}") if one.is_each else goal


def result_text(one: IndicatorResult) -> str:
    """The figure as the scheme prints it; a bare count as itself; a dash where nothing was measured."""
    return one.printed or words.fraction_text(one.numerator, None)


def _is_share(one: IndicatorResult) -> bool:
    return one.value is not None and one.denominator is not None and (one.printed or "").endswith("%")


def bar_shown(one: IndicatorResult, *, late: bool = False) -> Bar | None:
    """The bar of an indicator; where each unit has a target of its own, the target of the whole is all of them."""
    bar = bar_of(one, late=late)
    return replace(bar, goal=parse_goal("= 100%")) if bar and one.is_each else bar


def target_shown(one: IndicatorResult) -> str:
    """“> 60% đến 31/12/2025”; with a remark where it is the target of each unit."""
    text = words.target_text(one.target)
    return pick(f"từng đơn vị {text}", f"each unit {text}") if one.is_each and one.target else text


def _bar_text(one: IndicatorResult) -> str:
    bar = bar_shown(one)
    if bar is None:
        return ""
    return "".join(_GLYPHS.get(sign, _ROLES[role]) for sign, role in bar_cells(bar, width=BAR_WIDTH))


def signed_shortfall(one: IndicatorResult) -> int | None:
    """People (or what is counted) short; negative where there are too many."""
    excess = words.is_excess(words.goal_of(one.target), one.value)
    return -one.shortfall if one.shortfall and excess else one.shortfall


def yes_no(value: bool) -> str:
    """“Có” or “Không”."""
    return pick("Có", "Yes") if value else pick("Không", "No")


def _baseline_text(base: BaselineShown | None) -> str | None:
    if base is None:
        return None
    counts = words.fraction_text(base.numerator, base.denominator) if base.numerator is not None else None
    return "; ".join(part for part in (counts, base.printed) if part) or None


def remark_text(one: IndicatorResult) -> str:
    """Why nothing could be measured, the last value, what is unknown, what others reported: in one cell."""
    parts = [one.reason or "", words.unknown_text(one)]
    if one.last:
        figure = words.fraction_text(one.last.numerator, one.last.denominator)
        day, printed = print_day(one.last.as_of), f" ({one.last.printed})" if one.last.printed else ""
        parts.append(pick(f"Lần cuối, {day}: {figure}{printed}", f"Last, {day}: {figure}{printed}"))
    if one.baseline and one.baseline.note:
        parts.append(one.baseline.note)
    parts += [pick(f"Đã báo cáo: {each.text}", f"Reported: {each.text}") for each in one.reported if not each.unit_id]
    return " ".join(sentence(part) for part in parts if part)


def sentence(text: str) -> str:
    """With a capital first and a full stop, so that remarks can follow one another."""
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?", "…")) else ".")
