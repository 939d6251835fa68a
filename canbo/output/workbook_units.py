"""Indicators by unit in an Excel report: one long table, a map of how many are short."""

from collections.abc import Iterable, Sequence

from canbo.common.language import pick
from canbo.common.shares import parse_goal
from canbo.common.text import text_order
from canbo.measure.results import Dossier, IndicatorResult, UnitResult
from canbo.output import heat, words
from canbo.output.workbook_cells import Book, Cell, Column, Sheet, Toned


def unit_shortfall(one: IndicatorResult, unit: UnitResult) -> int | None:
    """How many the unit lacks (negative: has too many): against its own target, else the whole's.

    None where the target is no share of members, or nothing was measured.
    """
    if unit.numerator is None or unit.denominator is None or unit.value is None:
        return None
    goal = parse_goal(unit.target) if unit.target else words.goal_of(one.target)
    missing = heat.unit_shortfall(one, unit, goal)
    return -missing if missing and words.is_excess(goal, unit.value) else missing


def with_units(dossier: Dossier) -> list[IndicatorResult]:
    """The indicators that have figures by unit; without names the report already joins small units."""
    return [one for one in dossier.report.indicators if one.units]


def write_unit_table(book: Book, indicators: Iterable[IndicatorResult]) -> Sheet:
    """Units × indicators, one row each: for pivot tables and further work."""
    sheet = book.add(pick("Theo đơn vị", "By unit"))
    sheet.title(pick("Kết quả theo đơn vị", "Results by unit"))
    sheet.line(
        pick(
            "Cột “Thiếu” của chỉ tiêu không giao riêng cho đơn vị: so với mục tiêu chung, để tham khảo.",
            "Where a unit has no target of its own, “Short” holds it against the common one.",
        )
    )
    columns = (
        Column(pick("Mã đơn vị", "Unit id"), "text", 11),
        Column(pick("Đơn vị", "Unit"), "wrap", 32),
        Column(pick("Mã chỉ tiêu", "Indicator"), "text", 13),
        Column(pick("Chỉ tiêu", "Label"), "wrap", 38),
        Column(pick("Số đạt", "Numerator"), "count", 9),
        Column(pick("Tổng số", "Denominator"), "count", 9),
        Column(pick("Chưa rõ", "Unknown"), "count", 9),
        Column(pick("Tỷ lệ chính xác", "Exact share"), "percent", 11),
        Column(pick("Mục tiêu", "Target"), "text", 10),
        Column(pick("Thiếu (+) thừa (−)", "Short (+) over (−)"), "count", 10),
        Column(pick("Kết luận", "Verdict"), "text", 14),
        Column(pick("Lý do", "Why"), "wrap", 26),
    )
    sheet.table(columns, (_unit_row(one, unit) for one in indicators for unit in one.units), fixed=2)
    return sheet


def _unit_row(one: IndicatorResult, unit: UnitResult) -> tuple[Cell, ...]:
    target = unit.target or (one.target.is_ if one.target else None)
    verdict: Cell = None
    if unit.status:
        status = words.status_of(unit.status, unit.shortfall, "people")
        verdict = Toned(f"{status.sign} {status.word}", status.tone)
    return (
        unit.unit_id,
        words.unit_title(unit.unit_id, unit.name),
        one.id,
        one.label,
        unit.numerator,
        unit.denominator,
        unit.unknown,
        unit.value if unit.denominator is not None else None,
        words.goal_text(target) if target else None,
        unit_shortfall(one, unit),
        verdict,
        unit.reason,
    )


def write_heat_map(book: Book, indicators: Sequence[IndicatorResult]) -> Sheet:
    """Units down, indicators across, each cell the number short; who needs help first stands first."""
    indicators = [one for one in indicators if any(unit_shortfall(one, unit) is not None for unit in one.units)]
    sheet = book.add(pick("Đơn vị × chỉ tiêu", "Units × indicators"))
    sheet.title(pick("Số còn thiếu của từng đơn vị theo từng chỉ tiêu", "How many each unit lacks, by indicator"))
    sheet.line(
        pick(
            "Ô đậm: thiếu nhiều. 0: đạt. Số âm: thừa. Trống: không đo. "
            "Cột đầu cộng số thiếu (lượt người) của các chỉ tiêu tính bằng người.",
            "Darker: more short. 0: met. Negative: too many. Empty: not measured. "
            "The first column adds up indicators that count people.",
        )
    )
    columns = [
        Column(pick("Đơn vị", "Unit"), "wrap", 34),
        Column(pick("Tổng thiếu (lượt người)", "Short in all"), "count", 11),
        *(Column(f"{one.id}\n{one.label[:70]}", "count", 7, upright=True) for one in indicators),
    ]
    table = _heat_rows(indicators)
    first = sheet.row + 1
    number = sheet.table(columns, table, fixed=2)
    if number:
        scale = {
            "type": "2_color_scale",
            "min_color": "#FFFFFF",
            "max_color": "#E9A23B",
            "min_type": "num",
            "min_value": 0,
        }
        sheet.page.conditional_format(first, 2, first + number - 1, len(columns) - 1, scale)
    return sheet


def _heat_rows(indicators: Sequence[IndicatorResult]) -> list[tuple[Cell, ...]]:
    names: dict[tuple[str | None, str], dict[str, int | None]] = {}
    for one in indicators:
        for unit in one.units:
            title = words.unit_title(unit.unit_id, unit.name)
            names.setdefault((unit.unit_id, title), {})[one.id] = unit_shortfall(one, unit)
    people = {one.id for one in indicators if one.counted_in == "people"}

    def total(cells: dict[str, int | None]) -> int:
        return sum(max(short or 0, 0) for key, short in cells.items() if key in people)

    ordered = sorted(names.items(), key=lambda item: (-total(item[1]), text_order(item[0][1])))
    return [(title, total(cells), *(cells.get(one.id) for one in indicators)) for (_, title), cells in ordered]
