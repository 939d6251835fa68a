"""The short texts that every form of output shares: status, counts, targets, the opening sentence."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from canbo.common.findings import Finding
from canbo.common.language import current, pick
from canbo.common.numbers import print_count, print_day, print_decimal
from canbo.common.shares import Goal, parse_goal
from canbo.measure.results import IndicatorResult, ListName, Report, Status, TargetShown, UnitResult

Tone = Literal["met", "short", "late", "unknown", "report"]
"""The colour of a status; a shortfall is ``short`` (amber) until its day has passed, then ``late``."""

_NOUNS = {
    "people": ("người", "person", "people"),
    "units": ("đơn vị", "unit", "units"),
    "posts_held": ("lượt giữ chức vụ", "post held", "posts held"),
    "qualifications": ("văn bằng, chứng chỉ", "qualification", "qualifications"),
    "ranks": ("lượt xếp ngạch", "rank held", "ranks held"),
    "memberships": ("lượt tham gia", "seat", "seats"),
    "quotas": ("biên chế", "staff post", "staff posts"),
    "classes": ("lớp", "class", "classes"),
    "trainings": ("lượt đào tạo, bồi dưỡng", "training", "trainings"),
    "rotations": ("lượt luân chuyển", "rotation", "rotations"),
    "appointments": ("lượt bổ nhiệm", "appointment", "appointments"),
    "succession_lists": ("danh sách quy hoạch", "succession list", "succession lists"),
    "succession": ("lượt quy hoạch", "pool entry", "pool entries"),
    "evaluations": ("lượt đánh giá", "evaluation", "evaluations"),
    "recruitments": ("lượt tuyển dụng", "recruitment", "recruitments"),
    "exits": ("lượt nghỉ, tinh giản", "exit", "exits"),
    "plans": ("kế hoạch", "plan", "plans"),
}

COMPARATORS = {">": ">", ">=": "≥", "=": "=", "<": "<", "<=": "≤"}
SIGNS: dict[Status, str] = {"met": "✓", "short": "▲", "not_measurable": "◌", "report": "•"}


@dataclass(frozen=True)
class StatusWords:
    """A status for the eye: sign, word, and what follows (“thiếu 24 người”, or why nothing is measured)."""

    sign: str
    word: str
    detail: str
    tone: Tone

    @property
    def text(self) -> str:
        """Everything in one line: “▲ Chưa đạt: thiếu 24 người”."""
        return f"{self.sign} {self.word}: {self.detail}" if self.detail else f"{self.sign} {self.word}"


def noun(counted_in: str, number: int = 2) -> str:
    """What is counted, as a noun that follows a number: người, đơn vị, or the noun of the dataset's rows."""
    vi, one, many = _NOUNS.get(counted_in, ("dòng", "row", "rows"))
    return pick(vi, one if number == 1 else many)


def counted(number: int, counted_in: str) -> str:
    """“1.240 người”."""
    return f"{print_count(number)} {noun(counted_in, number)}"


def fraction_text(numerator: int | None, denominator: int | None) -> str:
    """“160/306”; the numerator alone where nothing stands under it; a dash where nothing was counted."""
    if numerator is None:
        return "–"
    top = print_count(numerator)
    return top if denominator is None else f"{top}/{print_count(denominator)}"


def goal_of(target: TargetShown | None) -> Goal | None:
    """The comparison of a target, None for a figure that is only reported."""
    return parse_goal(target.is_) if target else None


def held_goal(result: IndicatorResult) -> Goal | None:
    """What the value itself is held against: of an ``each`` indicator all units that were measured."""
    return parse_goal("= 100%") if result.is_each and result.target else goal_of(result.target)


def counts_text(result: IndicatorResult) -> str:
    """“160/306”, or the number alone where the indicator counts and is not held against a whole."""
    is_number = result.measure == "count" and result.value == result.numerator
    return fraction_text(result.numerator, None if is_number else result.denominator)


def unit_counts(result: IndicatorResult, unit: UnitResult) -> str:
    """The same for one unit of the indicator."""
    is_number = result.measure == "count" and unit.value is not None and unit.value == unit.numerator
    is_number = is_number and result.value == result.numerator
    return fraction_text(unit.numerator, None if is_number else unit.denominator)


def baseline_value(result: IndicatorResult) -> Fraction | None:
    """The baseline in the terms of the value; None where the source prints no counts."""
    base = result.baseline
    if base is None or base.numerator is None:
        return None
    is_number = result.measure == "count" and result.value == result.numerator
    return Fraction(base.numerator, 1 if is_number else base.denominator or 1)


def goal_text(is_: str) -> str:
    """The comparison as it is printed: “> 60%”, “≥ 7,5%”, “15–25%”, “để báo cáo”."""
    goal = parse_goal(is_)
    if goal is None:
        return pick("để báo cáo", "to be reported") if is_.strip() == "report" else is_
    low, high = (_plain(value * 100 if goal.percent else value) for value in (goal.low, goal.high))
    sign = "%" if goal.percent else ""
    if goal.comparator == "range":
        return f"{low}–{high}{sign}"
    return f"{COMPARATORS[goal.comparator]} {low}{sign}"


def _plain(value: Fraction) -> str:
    """With no more places than it has."""
    places = next((places for places in range(4) if (value * 10**places).denominator == 1), 4)
    return print_decimal(value, places=places)


def target_text(target: TargetShown | None) -> str:
    """“> 60% đến 31/12/2025”, with a remark on what is only a direction."""
    if target is None:
        return "–"
    day = print_day(target.by)
    text = pick(f"{goal_text(target.is_)} đến {day}", f"{goal_text(target.is_)} by {day}")
    return f"{text} ({pick('định hướng', 'orientation')})" if target.orientation else text


def aim_text(result: IndicatorResult) -> str:
    """The target of an indicator; where every unit is held to it, that is said."""
    text = target_text(result.target)
    return f"{text}, {pick('ở từng nơi', 'in each')}" if result.is_each and result.target else text


def is_excess(goal: Goal | None, value: Fraction | None) -> bool:
    """Whether missing the goal means too many, not too few."""
    if goal is None or value is None or goal.holds(value):
        return False
    return goal.comparator in ("<", "<=") or value > goal.high


def shortfall_text(shortfall: int | None, counted_in: str, *, excess: bool = False) -> str:
    """“thiếu 24 người”, “thừa 3 người”; a sentence where no whole number of them would do."""
    if shortfall is None:
        return pick(
            f"không số {noun(counted_in)} nào khớp đúng mục tiêu",
            f"no number of {noun(counted_in)} meets the target",
        )
    if excess:
        return pick(f"thừa {counted(shortfall, counted_in)}", f"{counted(shortfall, counted_in)} too many")
    return pick(f"thiếu {counted(shortfall, counted_in)}", f"{counted(shortfall, counted_in)} short")


def status_words(result: IndicatorResult, as_of: date | None = None) -> StatusWords:
    """The status of an indicator; with ``as_of`` a shortfall whose day has passed takes the grave tone."""
    excess = is_excess(held_goal(result), result.value)
    late = bool(as_of and result.target and result.target.by < as_of and not result.target.orientation)
    return status_of(result.status, result.shortfall, result.counted_in, reason=result.reason, excess=excess, late=late)


def status_of(
    status: Status,
    shortfall: int | None,
    counted_in: str,
    *,
    reason: str | None = None,
    excess: bool = False,
    late: bool = False,
) -> StatusWords:
    """The same from its pieces, for a unit of an ``each`` indicator."""
    if status == "met":
        return StatusWords(SIGNS[status], pick("Đạt", "Met"), "", "met")
    if status == "short":
        detail = shortfall_text(shortfall, counted_in, excess=excess)
        return StatusWords(SIGNS[status], pick("Chưa đạt", "Short"), detail, "late" if late else "short")
    if status == "report":
        return StatusWords(SIGNS[status], pick("Báo cáo", "Reported"), reason or "", "report")
    return StatusWords(SIGNS[status], pick("Chưa đo được", "Not measurable"), reason or "", "unknown")


def unknown_text(result: IndicatorResult) -> str:
    """“6 người chưa rõ, có thể làm đổi kết luận”; empty where everything is known."""
    remarks = []
    if result.unknown:
        remarks.append(
            pick(
                f"{counted(result.unknown, result.counted_in)} chưa rõ",
                f"{counted(result.unknown, result.counted_in)} unknown",
            )
        )
    if result.population_unknown:
        number = counted(result.population_unknown, result.counted_in)
        remarks.append(pick(f"{number} ở ngoài nhóm vì thiếu dữ liệu", f"{number} left outside for want of data"))
    if not remarks:
        return ""
    turn = pick("có thể làm đổi kết luận", "could change the verdict")
    stay = pick("không làm đổi kết luận", "cannot change the verdict")
    verdict = result.status in ("met", "short")
    return ", ".join([*remarks, turn if result.could_change else stay] if verdict else remarks)


def list_title(name: ListName) -> str:
    """The title of a list of people."""
    return {
        "counted": pick("Được tính", "Counted"),
        "lacking": pick("Còn thiếu", "Lacking"),
        "unknown": pick("Chưa rõ", "Unknown"),
        "outside_unknown": pick("Ngoài nhóm vì thiếu dữ liệu", "Outside for want of data"),
    }[name]


def unit_title(unit_id: str | None, name: str) -> str:
    """A unit's name; those of no such unit are gathered under a name of their own."""
    return name if name or unit_id else pick("Không thuộc đơn vị nào ở cấp này", "In no unit of this kind")


def by_title(by: str) -> str:
    """What the figures are split by, as ``--by`` names it."""
    return {
        "province": pick("Theo tỉnh", "By province"),
        "district": pick("Theo cấp huyện", "By district"),
        "commune": pick("Theo cấp xã", "By commune"),
        "locality": pick("Theo địa phương", "By locality"),
        "unit": pick("Theo đơn vị", "By unit"),
    }.get(by, pick("Theo đơn vị", "By unit"))


def change_since(result: IndicatorResult) -> str:
    """“từ 160/306 (52,28%, 31/12/2021): thêm 11”; empty without a baseline."""
    base = result.baseline
    if base is None:
        return ""
    counts = fraction_text(base.numerator, base.denominator) if base.numerator is not None else ""
    inside = ", ".join(part for part in (base.printed if counts else "", print_day(base.on)) if part)
    start = f"{counts or base.printed or '–'} ({inside})"
    if base.numerator is None or result.numerator is None:
        return pick(f"từ {start}", f"from {start}")
    moved = result.numerator - base.numerator
    if moved == 0:
        step = pick("số đạt không đổi", "the count has not moved")
    else:
        more = pick("thêm", "up") if moved > 0 else pick("bớt", "down")
        step = f"{more} {counted(abs(moved), result.counted_in)}"
    return pick(f"từ {start}: {step}", f"from {start}: {step}")


def opening(report: Report) -> str:
    """The sentence a leader can repeat.

    “Đến 31/12/2025: 21/37 chỉ tiêu đạt, 9 chưa đạt (thiếu 214 lượt người), 7 chưa đo được.”
    Figures that are only reported are no targets and stand apart; so do orientations for a later phase, which nobody
    has missed yet.
    """
    later = [one for one in report.indicators if is_orientation(one)]
    committed = [one for one in report.indicators if not is_orientation(one)]
    number = Counter(one.status for one in committed)
    targets = number["met"] + number["short"] + number["not_measurable"]
    missing = _missing(committed)
    short = f" ({missing})" if missing else ""
    day = print_day(report.as_of)
    pieces = []
    if targets:
        pieces.append(pick(f"{number['met']}/{targets} chỉ tiêu đạt", f"{number['met']} of {targets} targets met"))
    if number["short"]:
        pieces.append(pick(f"{number['short']} chưa đạt{short}", f"{number['short']} short{short}"))
    if number["not_measurable"]:
        unmeasured = number["not_measurable"]
        pieces.append(pick(f"{unmeasured} chưa đo được", f"{unmeasured} not measurable"))
    if number["report"]:
        only = number["report"]
        pieces.append(pick(f"{only} số liệu để báo cáo", f"{only} figures only reported"))
    if not targets:
        pieces.append(pick("không có mục tiêu để so", "no target to compare with"))
    return pick(f"Đến {day}: ", f"On {day}: ") + ", ".join(pieces) + "." + _orientations(later)


def is_orientation(result: IndicatorResult) -> bool:
    """Whether a target is only a direction for a later phase."""
    return result.target is not None and result.target.orientation and result.status != "report"


def _orientations(later: list[IndicatorResult]) -> str:
    """How many orientations already stand where they are to be."""
    if not later:
        return ""
    met, unmeasured = (sum(one.status == status for one in later) for status in ("met", "not_measurable"))
    year = max(one.target.by.year for one in later if one.target)
    rest_vi = f", {unmeasured} chưa đo được" if unmeasured else ""
    rest_en = f", {unmeasured} not measurable" if unmeasured else ""
    return pick(
        f" Định hướng {year}: {met}/{len(later)} đã ở mức{rest_vi}.",
        f" Orientations for {year}: {met} of {len(later)} already reached{rest_en}.",
    )


def _missing(indicators: Iterable[IndicatorResult]) -> str:
    """The sum of shortfalls by what they count; one person may lack several targets, hence “lượt”."""
    too_few, too_many = Counter[str](), Counter[str]()
    for one in indicators:
        if one.status == "short" and one.shortfall:
            excess = is_excess(held_goal(one), one.value)
            (too_many if excess else too_few)[one.counted_in] += one.shortfall
    few = [_times(number, kind) for kind, number in too_few.most_common()]
    many = [_times(number, kind) for kind, number in too_many.most_common()]
    texts = []
    if few:
        texts.append(pick(f"thiếu {', '.join(few)}", f"{', '.join(few)} short"))
    if many:
        texts.append(pick(f"thừa {', '.join(many)}", f"{', '.join(many)} too many"))
    return "; ".join(texts)


def _times(number: int, kind: str) -> str:
    if kind not in ("people", "units"):
        return counted(number, kind)
    if current() == "en":
        return f"{print_count(number)} × {noun(kind, 1)}"
    return f"{print_count(number)} lượt {noun(kind)}"


def decisions_first(report: Report) -> list[IndicatorResult]:
    """Short commitments as they ask for a decision: nearest day, then most people; orientations bind nobody yet."""
    short = [one for one in report.indicators if one.status == "short" and one.target and not is_orientation(one)]
    return sorted(short, key=_urgency)


def _urgency(result: IndicatorResult) -> tuple[date, int]:
    assert result.target is not None  # only short targets are ordered
    return (result.target.by, -(result.shortfall or 0))


def findings_text(findings: Iterable[Finding]) -> str:
    """“12 lỗi, 30 cảnh báo trong dữ liệu”, or that there is none."""
    number = Counter(finding.severity for finding in findings)
    if not number:
        return pick("Không có phát hiện nào về dữ liệu.", "Nothing was found wrong in the data.")
    return pick(
        f"Dữ liệu có {print_count(number['error'])} lỗi, {print_count(number['warning'])} cảnh báo.",
        f"The data has {print_count(number['error'])} errors, {print_count(number['warning'])} warnings.",
    )


def place_text(finding: Finding) -> str:
    """“Sheet Cán bộ, dòng 128, cột Ngày sinh”."""
    parts = []
    if finding.sheet:
        parts.append(pick(f"Sheet {finding.sheet}", f"Sheet {finding.sheet}"))
    if finding.row is not None:
        parts.append(pick(f"dòng {finding.row}", f"row {finding.row}"))
    if finding.column:
        parts.append(pick(f"cột {finding.column}", f"column {finding.column}"))
    return ", ".join(parts)
