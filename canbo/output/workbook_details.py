"""Sheets beside the summary: definitions, objectives, components, other days, findings about the data."""

from collections import Counter

from canbo.common.findings import Finding
from canbo.common.language import pick
from canbo.measure.results import Dossier, Report
from canbo.output import words
from canbo.output.workbook_cells import Book, Cell, Column, Sheet, Toned


def write_definitions(book: Book, dossier: Dossier) -> Sheet:
    """How each indicator is counted: in words, in the source's own words, and how its wording was read."""
    sheet = book.add(pick("Cách tính", "Definitions"))
    sheet.title(pick("Cách tính từng chỉ tiêu", "How each indicator is counted"))
    columns = (
        Column(pick("Mã", "Id"), "text", 14),
        Column(pick("Chỉ tiêu", "Indicator"), "wrap", 32),
        Column(pick("Cách tính", "Definition"), "wrap", 50),
        Column(pick("Nguyên văn", "Source"), "wrap", 36),
        Column(pick("Cách hiểu đã chọn", "The reading taken"), "wrap", 36),
        Column(pick("Mục tiêu của Đề án", "Objective"), "wrap", 24),
    )
    texts = {one.id: one.text for one in dossier.report.objectives}
    rows: list[tuple[Cell, ...]] = []
    for one in dossier.report.indicators:
        objective = texts.get(one.objective or "", one.objective)
        meaning = dossier.explanations.get(one.id) or one.sentence
        rows.append((one.id, one.label, meaning, one.quote, one.note, objective))
        rows += [(part.id, part.label, None, None, None, objective) for part in one.parts]
    sheet.table(columns, rows, fixed=1)
    return sheet


def write_objectives(book: Book, report: Report) -> Sheet:
    """The scheme's numbered objectives with the indicators that measure them, or why none does."""
    sheet = book.add(pick("Mục tiêu đề án", "Objectives"))
    sheet.title(pick("Mục tiêu của Đề án và chỉ tiêu đo", "Objectives and the indicators that measure them"))
    columns = (
        Column(pick("Số", "No."), "text", 10),
        Column(pick("Mục tiêu", "Objective"), "wrap", 80),
        Column(pick("Chỉ tiêu", "Indicators"), "wrap", 40),
        Column(pick("Vì sao không có chỉ tiêu", "Why none"), "wrap", 50),
    )
    sheet.table(
        columns,
        [(one.id, one.text, ", ".join(one.indicators), one.no_indicator) for one in report.objectives],
    )
    return sheet


def write_parts(book: Book, report: Report) -> Sheet:
    """The components of composite targets, each with its own counts."""
    sheet = book.add(pick("Thành phần", "Components"))
    sheet.title(pick("Thành phần của các chỉ tiêu gồm nhiều ý", "Components of composite targets"))
    columns = (
        Column(pick("Mã chỉ tiêu", "Indicator"), "text", 16),
        Column(pick("Mã thành phần", "Component"), "text", 18),
        Column(pick("Thành phần", "Label"), "wrap", 56),
        Column(pick("Số đạt", "Numerator"), "count", 10),
        Column(pick("Tổng số", "Denominator"), "count", 10),
        Column(pick("Kết quả", "Result"), "right", 10),
        Column(pick("Tỷ lệ chính xác", "Exact share"), "percent", 12),
        Column(pick("Chưa rõ", "Unknown"), "count", 9),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            one.id,
            part.id,
            part.label,
            part.numerator,
            part.denominator,
            part.printed,
            part.value,
            part.unknown,
        )
        for one in report.indicators
        for part in one.parts
    ]
    sheet.table(columns, rows)
    return sheet


def write_trends(book: Book, dossier: Dossier) -> Sheet:
    """The counts of each indicator on the other days that were measured."""
    sheet = book.add(pick("Diễn biến", "Over time"))
    sheet.title(pick("Diễn biến qua các ngày", "Each indicator over time"))
    columns = (
        Column(pick("Mã", "Id"), "text", 16),
        Column(pick("Chỉ tiêu", "Indicator"), "wrap", 60),
        Column(pick("Ngày", "Day"), "date", 12),
        Column(pick("Số đạt", "Numerator"), "count", 10),
        Column(pick("Tổng số", "Denominator"), "count", 10),
        Column(pick("Tỷ lệ chính xác", "Exact share"), "percent", 12),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            one.id,
            one.label,
            point.as_of,
            point.numerator,
            point.denominator,
            point.value if point.denominator else None,
        )
        for one in dossier.report.indicators
        for point in dossier.trends.get(one.id, ())
    ]
    sheet.table(columns, rows)
    return sheet


def write_findings(book: Book, dossier: Dossier) -> Sheet:
    """Every fault of the data with its place; without names how many of each kind: values can be names."""
    findings = dossier.report.findings
    sheet = book.add(pick("Phát hiện dữ liệu", "Data findings"))
    sheet.title(words.findings_text(findings))
    if dossier.with_names:
        sheet.table(_finding_columns(), [_finding_row(one) for one in findings])
        return sheet
    sheet.line(
        pick(
            "Bản không có họ tên chỉ ghi số lượng; từng dòng có trong kết quả của lệnh canbo check-data.",
            "The form without names gives numbers only; canbo check-data lists every finding.",
        )
    )
    sheet.table(_joined_columns(), _joined_rows(findings))
    return sheet


def _finding_columns() -> tuple[Column, ...]:
    return (
        Column(pick("Mức", "Severity"), "text", 11),
        Column(pick("Sheet", "Sheet"), "text", 18),
        Column(pick("Dòng", "Row"), "count", 8),
        Column(pick("Cột", "Column"), "text", 22),
        Column(pick("Giá trị", "Value"), "wrap", 20),
        Column(pick("Nội dung", "Message"), "wrap", 54),
        Column(pick("Cách sửa", "What to do"), "wrap", 36),
        Column(pick("Loại", "Code"), "text", 19),
    )


def _finding_row(one: Finding) -> tuple[Cell, ...]:
    tone = "late" if one.severity == "error" else "short"
    return (
        Toned(severity_text(one), tone),
        one.sheet,
        one.row,
        one.column,
        one.value,
        one.message,
        one.suggestion,
        one.code,
    )


def severity_text(one: Finding) -> str:
    """“Lỗi” where the row or cell is not used, “Cảnh báo” where it is."""
    return pick("Lỗi", "Error") if one.severity == "error" else pick("Cảnh báo", "Warning")


def _joined_columns() -> tuple[Column, ...]:
    return (
        Column(pick("Mức", "Severity"), "text", 12),
        Column(pick("Sheet", "Sheet"), "text", 24),
        Column(pick("Cột", "Column"), "text", 30),
        Column(pick("Loại", "Code"), "text", 24),
        Column(pick("Số lượng", "Number"), "count", 12),
    )


def _joined_rows(findings: tuple[Finding, ...]) -> list[tuple[Cell, ...]]:
    number = Counter((severity_text(one), one.sheet, one.column, one.code) for one in findings)
    return [(*key, many) for key, many in number.most_common()]
