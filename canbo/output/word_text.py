"""The sentences of the Word report, in official Vietnamese. They say only what the figures say; no layout."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from canbo.common.numbers import print_count, print_day
from canbo.common.text import nfc
from canbo.measure.results import Dossier, IndicatorResult, Report, TargetShown, UnitResult
from canbo.output import words
from canbo.output.heat import unit_shortfall

_KINDS = ("đề án", "chương trình", "nghị quyết", "kế hoạch", "kết luận", "chỉ thị", "quy định")
_NOT_TEXT = re.compile(r"[\ud800-\udfff\ufffe\uffff]")

_POINT = re.compile(r"(\d)\.(\d+%)")
"""A decimal point in a percentage, as one source prints it; official texts write a comma."""

MOST_UNITS_NAMED = 8


def clean(text: str) -> str:
    """One line that XML can hold: composed, control characters gone, blanks folded."""
    kept = "".join(" " if unicodedata.category(char) == "Cc" else char for char in nfc(_NOT_TEXT.sub("\ufffd", text)))
    return " ".join(kept.split())


def scheme_name(title: str) -> str:
    """“Đề án “Nâng cao …””; a title that names its kind stays; what is no scheme is a set of figures."""
    title = clean(title)
    if title.casefold().startswith(_KINDS):
        return title
    kind = "các chỉ tiêu" if title.casefold().startswith("kết quả") else "Đề án"
    return f"{kind} “{title}”"


def goal_words(target: TargetShown) -> str:
    """The comparison as officials write it: “trên 60%”, “từ 7% trở lên”, “trong khoảng 15–25%”."""
    goal = words.goal_of(target)
    if goal is None:
        return words.goal_text(target.is_)
    number = goal.text.lstrip("<>= ").replace(".", ",")
    return {
        ">": f"trên {number}",
        ">=": f"từ {number} trở lên",
        "=": number,
        "<": f"dưới {number}",
        "<=": f"không quá {number}",
        "range": f"trong khoảng {words.goal_text(target.is_)}",
    }[goal.comparator]


def is_late(one: IndicatorResult, report: Report) -> bool:
    """Whether the day of the target has passed; a direction has no day to miss."""
    return bool(one.target and one.target.by < report.as_of and not one.target.orientation)


def figure_words(one: IndicatorResult) -> str:
    """“160/306 người, tỷ lệ 52,28%”; a count “3 người, trong tổng số 15”, against a plan “bằng 62% kế hoạch”."""
    if one.numerator is None:
        return "chưa đo được"
    noun, counts = words.noun(one.counted_in), words.fraction_text(one.numerator, one.denominator)
    if one.denominator is None:
        return f"{counts} {noun}"
    if one.measure == "ratio":
        return f"tỷ lệ {one.printed} ({counts})"
    if one.is_each:
        return f"{counts} {noun} đạt mục tiêu riêng{_each_goal(one)}"
    if not is_percent(one):
        return f"{print_count(one.numerator)} {noun}, trong tổng số {print_count(one.denominator)}"
    return f"{counts} {noun}, {f'bằng {one.printed} kế hoạch' if one.measure == 'count' else f'tỷ lệ {one.printed}'}"


def is_percent(one: IndicatorResult) -> bool:
    """Whether the figure is printed as a percentage; a count beside its population is not."""
    return bool(one.printed and one.printed.endswith("%"))


def _each_goal(one: IndicatorResult) -> str:
    goal = words.goal_of(one.target)
    return f" ({goal_words(one.target)})" if one.target and goal else ""


def figure_short(one: IndicatorResult) -> str:
    """“160/306 (52,28%)”, for tables and short sentences."""
    counts = words.fraction_text(one.numerator, one.denominator)
    return f"{counts} ({one.printed})" if one.denominator is not None and is_percent(one) else counts


def verdict_words(one: IndicatorResult, report: Report) -> str:
    """“chưa đạt mục tiêu trên 60% (thời hạn 31/12/2025), còn thiếu 24 người”."""
    target = one.target
    if target is None or one.status not in ("met", "short"):
        return "số liệu để báo cáo, không đặt mục tiêu" if one.status == "report" else ""
    kind = "mục tiêu định hướng" if target.orientation else "mục tiêu"
    passed = "đã quá " if one.status == "short" and is_late(one, report) else ""
    day = f"({passed}thời hạn {print_day(target.by)})"
    if one.is_each:
        noun = words.noun(one.counted_in)
        whole = f"{kind} với mọi {noun} {day}"
        missing = words.counted(one.shortfall or 0, one.counted_in)
        return f"đạt {whole}" if one.status == "met" else f"chưa đạt {whole}, còn {missing} chưa đạt"
    goal = f"{kind} {goal_words(target)} {day}"
    return f"đạt {goal}" if one.status == "met" else f"chưa đạt {goal}, {short_words(one)}"


def short_words(one: IndicatorResult) -> str:
    """“còn thiếu 24 người”, or that there are too many."""
    excess = words.is_excess(words.goal_of(one.target), one.value)
    text = words.shortfall_text(one.shortfall, one.counted_in, excess=excess)
    return f"còn {text}" if text.startswith("thiếu") else text


def indicator_text(one: IndicatorResult, report: Report) -> str:
    """Everything about one indicator: figure, verdict, the unknown, parts, failing units, baseline."""
    if one.status == "not_measurable":
        return f"chưa đo được. {unmeasured_text(one)}"
    head = "; ".join(part for part in (figure_words(one), verdict_words(one, report)) if part)
    more = [words.unknown_text(one), _parts_words(one), _failing_words(one), _baseline_words(one, report.as_of)]
    more += [
        f"số liệu đã được báo cáo ({print_day(said.as_of)}): {said.text}"
        for said in one.reported
        if said.unit_id is None
    ]
    first, *others = (sentence(part) for part in (head, *more) if part)
    return " ".join([first[:1].lower() + first[1:], *others])


def sentence(text: str) -> str:
    """With a capital first and a full stop."""
    text = clean(text)
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?", "…")) else ".")


def _parts_words(one: IndicatorResult) -> str:
    parts = (
        f"{part.label}: {words.fraction_text(part.numerator, part.denominator)}"
        + (f" ({part.printed})" if part.printed else "")
        + (f", {print_count(part.unknown)} chưa rõ" if part.unknown else "")
        for part in one.parts
    )
    text = "; ".join(parts)
    return f"trong đó {text}" if text else ""


def _failing_words(one: IndicatorResult) -> str:
    """The units below their own target, by name where they are few."""
    failing = [unit for unit in one.units if one.is_each and unit.status == "short"]
    if not failing:
        return ""
    named = [f"{unit.name} ({words.fraction_text(unit.numerator, unit.denominator)})" for unit in failing]
    rest = len(named) - MOST_UNITS_NAMED
    tail = f" và {print_count(rest)} đơn vị khác" if rest > 0 else ""
    return f"chưa đạt mức riêng: {'; '.join(named[:MOST_UNITS_NAMED])}{tail}"


def _baseline_words(one: IndicatorResult, as_of: date) -> str:
    base = one.baseline
    if base is None:
        return ""
    text = f"mức ban đầu ({print_day(base.on)}): {baseline_figure(one)}"
    if base.numerator is not None and one.numerator is not None and base.on < as_of:
        moved = one.numerator - base.numerator
        more = "tăng" if moved > 0 else "giảm"
        step = f"{more} {words.counted(abs(moved), one.counted_in)}" if moved else "không đổi"
        text += f", đến nay {step}"
    return f"{sentence(text)} {base.note}" if base.note and base.numerator is None else text


def baseline_figure(one: IndicatorResult) -> str:
    """“160/306 (52,28%)”, or the printed percentage where no counts are known; empty without a baseline."""
    base = one.baseline
    if base is None:
        return ""
    printed = _POINT.sub(r"\1,\2", base.printed or "")
    if base.numerator is None:
        return printed
    counts = words.fraction_text(base.numerator, base.denominator)
    return f"{counts} ({printed})" if printed else counts


def unmeasured_text(one: IndicatorResult) -> str:
    """Why nothing could be measured, with the last value where there is one."""
    parts = [sentence(one.reason or "Không có dữ liệu để đo")]
    if one.target:
        parts.append(sentence(f"mục tiêu: {goal_words(one.target)} đến {print_day(one.target.by)}"))
    if one.last:
        counts = words.fraction_text(one.last.numerator, one.last.denominator)
        printed = f" ({one.last.printed})" if one.last.printed else ""
        parts.append(sentence(f"số liệu lần cuối, ngày {print_day(one.last.as_of)}: {counts}{printed}"))
    return " ".join(parts)


def general_texts(report: Report, appendix: str) -> list[str]:
    """Part I: how many targets stand where, what is missing, what could still change."""
    number = Counter(one.status for one in report.indicators)
    targets = number["met"] + number["short"] + number["not_measurable"]
    texts = [
        f"Đến ngày {print_day(report.as_of)}, trong {print_count(targets)} chỉ tiêu có mục tiêu: "
        f"{number['met']} chỉ tiêu đạt, {number['short']} chỉ tiêu chưa đạt, "
        f"{number['not_measurable']} chỉ tiêu chưa đo được."
        + (f" Có {number['report']} số liệu để báo cáo, không đặt mục tiêu." if number["report"] else "")
    ]
    short = [one for one in report.indicators if one.status == "short"]
    if short:
        texts.append(_short_overview(short, report))
    turning = sum(one.could_change for one in report.indicators if one.status in ("met", "short"))
    if turning:
        texts.append(f"Kết luận của {turning} chỉ tiêu có thể thay đổi khi làm rõ dữ liệu còn thiếu.")
    texts.append(f"Kết quả từng chỉ tiêu được tổng hợp tại {appendix}.")
    return texts


def _short_overview(short: Sequence[IndicatorResult], report: Report) -> str:
    directions = sum(bool(one.target and one.target.orientation) for one in short)
    late = sum(is_late(one, report) for one in short)
    open_ = len(short) - late - directions
    pieces = [
        f"{late} chỉ tiêu đã quá thời hạn" if late else "",
        f"{open_} chỉ tiêu còn trong thời hạn" if open_ else "",
        f"{directions} mục tiêu định hướng" if directions else "",
    ]
    text = f"Trong số chưa đạt có {', '.join(piece for piece in pieces if piece)}."
    missing = missing_words(short)
    return f"{text} {missing}" if missing else text


def missing_words(short: Iterable[IndicatorResult]) -> str:
    """How many more are needed in all; one person may stand under several targets, and this is said."""
    needed = Counter[str]()
    for one in short:
        if one.shortfall and not words.is_excess(words.goal_of(one.target), one.value):
            needed[one.counted_in] += one.shortfall
    parts = [
        f"{print_count(number)} lượt người (một người có thể được tính ở nhiều chỉ tiêu)"
        if kind == "people"
        else words.counted(number, kind)
        for kind, number in needed.most_common()
    ]
    return f"Cộng theo từng chỉ tiêu, còn thiếu {', '.join(parts)}." if parts else ""


def unit_short_text(one: IndicatorResult, unit: UnitResult) -> str:
    """What a unit lacks, in a number; empty where it cannot be said."""
    short = unit_shortfall(one, unit, words.goal_of(one.target))
    return "" if short is None else print_count(short)


def data_texts(dossier: Dossier, made: str) -> list[str]:
    """Part V: from which data and rules, how percentages are printed, what the check of the data found."""
    report = dossier.report
    texts = [
        f"Số liệu tính từ dữ liệu “{dossier.data_name}”, hiện trạng ngày {print_day(report.data_date)} "
        f"(phiên bản {short_version(report.data_version)}), theo bộ chỉ tiêu {report.scheme_id} "
        f"(phiên bản {short_version(report.scheme_version)}). {made}"
    ]
    if report.data_date != report.as_of:
        texts.append(
            f"Dữ liệu là hiện trạng ngày {print_day(report.data_date)}, số liệu tính tại ngày "
            f"{print_day(report.as_of)}: giữa hai ngày chỉ tuổi, việc nghỉ hưu và các bảng ghi ngày thay đổi."
        )
    way = "cắt bỏ phần lẻ sau" if report.rounding == "truncate" else "làm tròn đến"
    texts.append(
        f"Tỷ lệ phần trăm được in theo cách của nguồn: {way} {report.places} chữ số thập phân; "
        "việc đạt hay chưa đạt xét trên số người, số đơn vị cụ thể, không xét trên tỷ lệ đã làm tròn."
    )
    texts.append(f"{words.findings_text(report.findings)}{_findings_tail(report)}")
    return [clean(text) for text in texts]


def _findings_tail(report: Report) -> str:
    if not report.findings:
        return ""
    return " Dòng hoặc ô có lỗi không được dùng để tính; chi tiết ở tệp Excel kèm theo."


def short_version(version: str) -> str:
    """The first characters of a hash, enough to compare by eye."""
    return version[:19]
