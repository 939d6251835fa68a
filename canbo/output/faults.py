"""Findings gathered by kind for reading: titles, counts, places. Making findings is for those who check."""

from collections.abc import Iterable
from dataclasses import dataclass

from canbo.common.findings import Finding, Severity
from canbo.common.language import pick

_TITLES = {
    "missing_column": ("Thiếu cột", "Missing column"),
    "unknown_column": ("Cột không có trong từ điển dữ liệu", "Unknown column"),
    "duplicate_column": ("Cột lặp lại", "Column given twice"),
    "unknown_sheet": ("Sheet không có trong từ điển dữ liệu", "Unknown sheet"),
    "missing_value": ("Thiếu giá trị", "Missing value"),
    "bad_type": ("Sai kiểu dữ liệu", "Wrong type"),
    "bad_date": ("Ngày không có thật", "No such day"),
    "imprecise_date": ("Ngày chỉ ghi năm hoặc tháng", "Day known by its year or month only"),
    "unknown_code": ("Giá trị ngoài danh mục", "Value not in the code list"),
    "duplicate_key": ("Trùng mã", "Key given twice"),
    "possible_duplicate": ("Có thể trùng người", "Possibly the same person"),
    "unknown_reference": ("Mã dẫn đến nơi không có", "Reference to nothing"),
    "date_order": ("Ngày ngược thứ tự", "Days in the wrong order"),
    "out_of_range": ("Ngoài khoảng cho phép", "Out of range"),
    "cycle": ("Quan hệ cấp trên khép vòng", "Cycle of superiors"),
    "inconsistent": ("Các số liệu không khớp nhau", "Figures disagree"),
    "unsafe_content": ("Nội dung không an toàn", "Unsafe content"),
    "too_large": ("Vượt giới hạn kích thước", "Too large"),
    "seal_missing": ("Bản niêm phong thiếu tệp", "File of a seal missing"),
    "seal_altered": ("Tệp của bản niêm phong đã bị sửa", "File of a seal altered"),
    "seal_differs": ("Tính lại không ra bản niêm phong", "Seal not recomputed"),
    "seal_away": ("Không thấy thư mục của bản niêm phong", "Folder of a seal not here"),
    "snapshot_other_day": ("Đo vào ngày khác ngày số liệu", "Measured on another day than the data's"),
}


@dataclass(frozen=True)
class FaultGroup:
    """Findings of one kind in one place."""

    severity: Severity
    code: str
    sheet: str | None
    column: str | None
    findings: tuple[Finding, ...]

    @property
    def title(self) -> str:
        """What is wrong, as a noun."""
        vi, en = _TITLES.get(self.code, (self.code, self.code))
        return pick(vi, en)

    @property
    def severity_word(self) -> str:
        """Lỗi (the row or cell is not used) or Cảnh báo (it is used)."""
        return pick("Lỗi", "Error") if self.severity == "error" else pick("Cảnh báo", "Warning")

    @property
    def sign(self) -> str:
        """The sign beside the word, so that colour is never alone."""
        return "✕" if self.severity == "error" else "!"

    @property
    def place(self) -> str:
        """“Cán bộ, cột Ngày sinh”."""
        column = pick(f"cột {self.column}", f"column {self.column}") if self.column else ""
        return ", ".join(part for part in (self.sheet, column) if part)

    @property
    def suggestion(self) -> str:
        """What to do, where all of the group have the same answer."""
        answers = {finding.suggestion for finding in self.findings}
        return (answers.pop() or "") if len(answers) == 1 else ""


def gather(findings: Iterable[Finding]) -> list[FaultGroup]:
    """By severity, kind, sheet and column; errors first, the most frequent first."""
    groups: dict[tuple[str, str, str | None, str | None], list[Finding]] = {}
    for finding in findings:
        key = (finding.severity, finding.code, finding.sheet, finding.column)
        groups.setdefault(key, []).append(finding)
    made = [
        FaultGroup(found[0].severity, code, sheet, column, tuple(found))
        for (_, code, sheet, column), found in groups.items()
    ]
    return sorted(made, key=lambda one: (one.severity != "error", -len(one.findings)))
