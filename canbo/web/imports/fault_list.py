"""The list of a draft's faults as a workbook, to be mended in the office's own file."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from canbo.common.findings import Finding
from canbo.common.language import pick
from canbo.common.numbers import print_count, print_day
from canbo.output.workbook_cells import Book, Column
from canbo.output.workbook_details import severity_text
from canbo.web.imports.grid import title_of


def write_fault_list(path: Path, findings: Sequence[Finding], *, file_name: str, day: date) -> None:
    """Write one row a fault: where, what, what to do."""
    book = Book(str(path), places=2)
    sheet = book.add(pick("Lỗi", "Faults"))
    sheet.title(pick(f"Lỗi của tệp {file_name}", f"Faults of the file {file_name}"))
    number = print_count(len(findings))
    sheet.line(pick(f"{number} lỗi và cảnh báo, ngày {print_day(day)}", f"{number} faults, {print_day(day)}"))
    columns = (
        Column(pick("Mức", "Severity"), "text", 11),
        Column(pick("Sheet", "Sheet"), "text", 20),
        Column(pick("Dòng", "Row"), "count", 8),
        Column(pick("Cột", "Column"), "text", 24),
        Column(pick("Loại lỗi", "Kind"), "wrap", 26),
        Column(pick("Giá trị", "Value"), "wrap", 22),
        Column(pick("Nội dung", "What is wrong"), "wrap", 54),
        Column(pick("Cách sửa", "What to do"), "wrap", 40),
    )
    rows = [
        (severity_text(one), one.sheet, one.row, one.column, title_of(one.code), one.value, one.message, one.suggestion)
        for one in findings
    ]
    sheet.table(columns, rows, fixed=1)
    book.file.close()
