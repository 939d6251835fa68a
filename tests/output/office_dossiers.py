"""Hand-made dossiers for the tests of the Excel and Word reports: every kind of result, hostile texts."""

from datetime import date
from fractions import Fraction

from canbo.common.findings import Finding
from canbo.common.numbers import print_percent
from canbo.measure.results import (
    BaselineShown,
    Dossier,
    IndicatorResult,
    Last,
    ListedRow,
    Listing,
    ObjectiveShown,
    PartResult,
    Report,
    Reported,
    TargetShown,
    TrendPoint,
    UnitResult,
    Why,
)

PROVINCIAL = "Cán bộ diện Ban Thường vụ Tỉnh ủy quản lý"
DISTRICT = "Cán bộ diện ban thường vụ cấp huyện quản lý (trừ cán bộ cấp xã)"
DEPARTMENT = "Cán bộ lãnh đạo, quản lý cấp phòng của sở, ban, ngành"
AS_OF = date(2021, 12, 31)
BY_2025 = date(2025, 12, 31)


def share(indicator_id: str, label: str, population: str, **fields: object) -> IndicatorResult:
    """A share indicator with the defaults that most tests do not look at."""
    numerator, denominator = fields.get("numerator"), fields.get("denominator")
    value = Fraction(numerator, denominator) if denominator else None  # type: ignore[arg-type]  # whole numbers here
    defaults = {
        "measure": "share",
        "counted_in": "people",
        "sentence": f"Tỷ lệ {population} thỏa mãn điều kiện: {label}.",
        "quote": f"Phấn đấu {label}",
        "numerator": None,
        "denominator": None,
        "unknown": 0,
        "population_unknown": 0,
        "value": value,
        "printed": None if value is None else print_percent(value, rounding="truncate"),
        "target": None,
        "status": "report",
        "shortfall": None,
    }
    return IndicatorResult(
        id=indicator_id,
        label=label,
        population=population,
        **(defaults | fields),  # type: ignore[arg-type]  # as named
    )


def unit(unit_id: str | None, name: str, numerator: int, denominator: int, **fields: object) -> UnitResult:
    """A unit with its counts."""
    value = Fraction(numerator, denominator) if denominator else None
    given = {"unknown": 0} | fields
    return UnitResult(unit_id, name, numerator, denominator, value=value, **given)  # type: ignore[arg-type]  # as named


MASTERS = share(
    "TN-2025-1-01",
    "Có trình độ chuyên môn thạc sĩ trở lên",
    PROVINCIAL,
    numerator=160,
    denominator=306,
    unknown=26,
    could_change=True,
    target=TargetShown(BY_2025, "> 60%"),
    status="short",
    shortfall=24,
    baseline=BaselineShown(AS_OF, 160, 306, "52,28%", None, None),
    note="Thạc sĩ trở lên gồm cả tiến sĩ và chuyên khoa II.",
    objective="1",
    units=(
        unit("T1", "Sở Nội vụ", 4, 5),
        unit("T2", "Sở Tài chính", 3, 9),
        unit("T3", "Thành ủy Sông Công", 5, 8),
        unit("T4", "Đảng ủy Các cơ quan tỉnh", 1, 3),
        unit(None, "", 0, 2),
    ),
)

INDICATORS = (
    MASTERS,
    share(
        "TN-2025-1-02",
        "Đủ khả năng làm việc trong môi trường quốc tế",
        PROVINCIAL,
        target=TargetShown(BY_2025, "15%..25%"),
        status="not_measurable",
        reason="Đề án không nêu tiêu chí xác định “đủ khả năng làm việc trong môi trường quốc tế”.",
    ),
    share(
        "TN-2025-1-05",
        "Dưới 40 tuổi",
        PROVINCIAL,
        numerator=19,
        denominator=306,
        target=TargetShown(BY_2025, ">= 7%"),
        status="short",
        shortfall=3,
        baseline=BaselineShown(AS_OF, None, None, "6,25%", "inconsistent", "6,25% không thể có được từ 306 người."),
    ),
    share(
        "TN-2025-1-06",
        "Cán bộ nữ",
        PROVINCIAL,
        numerator=75,
        denominator=306,
        target=TargetShown(BY_2025, ">= 20%"),
        status="met",
        shortfall=0,
        parts=(
            PartResult("TN-2025-1-06a", "Nữ là cấp trưởng", 21, 306, 0, Fraction(21, 306), "6,86%"),
            PartResult("TN-2025-1-06b", "Nữ là cấp phó", 54, 306, 0, Fraction(54, 306), "17,64%"),
        ),
    ),
    share(
        "TN-2025-2-01",
        "Có trình độ chuyên môn thạc sĩ trở lên",
        DISTRICT,
        numerator=213,
        denominator=663,
        population_unknown=4,
        target=TargetShown(BY_2025, "> 35%"),
        status="short",
        shortfall=20,
        units=(unit("T2", "Sở Tài chính", 10, 20), unit("T3", "Thành ủy Sông Công", 6, 40)),
    ),
    share(
        "TN-2025-2-02",
        "Có trình độ chuyên môn thạc sĩ trở lên",
        DEPARTMENT,
        numerator=278,
        denominator=521,
        target=TargetShown(BY_2025, "> 55%"),
        status="short",
        shortfall=9,
    ),
    share(
        "TN-2025-3-01",
        "Huyện có từ 30% xã trở lên có bí thư không phải người địa phương",
        "Đơn vị hành chính cấp huyện",
        numerator=1,
        denominator=2,
        counted_in="units",
        target=TargetShown(BY_2025, "> 30%"),
        status="short",
        shortfall=1,
        is_each=True,
        units=(
            unit("H1", "Huyện Đồng Hỷ", 6, 15, printed="40%", target="> 30%", status="met", shortfall=0),
            unit("H2", "Huyện Võ Nhai", 3, 10, printed="30%", target="> 30%", status="short", shortfall=1),
            UnitResult(
                "H3",
                "Huyện mới lập",
                None,
                None,
                0,
                None,
                target="> 30%",
                status="not_measurable",
                reason="Không có xã nào.",
            ),
        ),
    ),
    share(
        "TN-2025-3-02",
        "Cán bộ lãnh đạo chủ chốt cấp huyện dưới 40 tuổi",
        "Cán bộ lãnh đạo chủ chốt cấp huyện",
        target=TargetShown(BY_2025, ">= 5%"),
        status="not_measurable",
        reason="Cấp huyện kết thúc hoạt động từ ngày 01/07/2025.",
        last=Last(date(2025, 6, 30), 6, 145, "4,13%", "short"),
    ),
    share(
        "TN-2030-1-01",
        "Cán bộ nữ (định hướng đến năm 2030)",
        PROVINCIAL,
        numerator=75,
        denominator=306,
        target=TargetShown(date(2030, 12, 31), ">= 25%", orientation=True),
        status="short",
        shortfall=2,
    ),
    share(
        "TN-2025-4-01",
        "Số lượt cán bộ được đào tạo, bồi dưỡng lý luận chính trị",
        "Cán bộ toàn tỉnh",
        measure="count",
        counted_in="trainings",
        numerator=1240,
        reported=(Reported(AS_OF, "hơn 1.200 lượt", 1200.0, None),),
    ),
)

FINDINGS = (
    Finding(
        "error",
        "bad_date",
        "Sheet Cán bộ, dòng 128, cột Ngày sinh: “31/02/1979” không phải là ngày.",
        "Sửa thành ngày đúng hoặc để trống.",
        "Cán bộ",
        128,
        "Ngày sinh",
        "31/02/1979",
    ),
    Finding(
        "warning",
        "possible_duplicate",
        "Nguyễn Thị Trùng Tên ở dòng 9 và dòng 15 có thể là một người.",
        None,
        "Cán bộ",
        15,
        "Họ và tên",
        "Nguyễn Thị Trùng Tên",
    ),
)


def person(key: str, name: str, text: str, **fields: object) -> ListedRow:
    """A person in a list with the reason in words."""
    given = {
        "birth": date(1975, 12, 31),
        "post": "Giám đốc",
        "unit_id": "T1",
        "unit_name": "Sở Nội vụ",
    } | fields
    why = Why("education", "bachelor", ">= master", text)
    return ListedRow({"person_id": key}, name, why=why, **given)  # type: ignore[arg-type]  # as named


LISTS = {
    "TN-2025-1-01": (
        Listing(
            "TN-2025-1-01",
            "people",
            "counted",
            (person("C001", "Lê Văn An", "Trình độ chuyên môn: Thạc sĩ."),),
        ),
        Listing(
            "TN-2025-1-01",
            "people",
            "lacking",
            (
                person("C002", "=1+1", "Trình độ chuyên môn: Đại học."),
                person("C003", "Trần <b>Bình</b> & “Cường”", "Trình độ chuyên môn: Đại học.", birth=None),
                person("=cmd|' /C calc'!A0", "@SUM(A1)", "+1", post="-2", unit_name="\tSở\rlạ {{ 7*7 }}"),
            ),
        ),
        Listing("TN-2025-1-01", "people", "unknown", (person("C005", "Phạm Thị Em", "Chưa có trình độ."),)),
    ),
    "TN-2025-4-01": (
        Listing(
            "TN-2025-4-01",
            "trainings",
            "counted",
            (
                ListedRow(
                    {"person_id": "C001", "class_id": "L9"},
                    "Lê Văn An",
                    "T1",
                    "Sở Nội vụ",
                    Why(None, None, None, "Đã học."),
                ),
            ),
        ),
    ),
}


def report(indicators: tuple[IndicatorResult, ...] = INDICATORS, **fields: object) -> Report:
    """The report over the indicators."""
    given = {
        "scheme_id": "thai-nguyen-2021-2030",
        "scheme_title": "Nâng cao chất lượng đội ngũ cán bộ các cấp từ tỉnh đến cơ sở, đáp ứng nhiệm vụ",
        "province": "Thái Nguyên",
        "as_of": AS_OF,
        "data_date": AS_OF,
        "engine": "duckdb",
        "version_of_data": lambda: "sha256:0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9",
        "scheme_version": "sha256:9f8e7d6c5b4a39281706f5e4d3c2b1a09f8e7d6c5b4a39281706f5e4d3c2b1a0",
        "rounding": "truncate",
        "places": 2,
        "by": "unit",
        "findings": FINDINGS,
        "objectives": (
            ObjectiveShown("1", "Nâng cao trình độ chuyên môn của cán bộ.", ("TN-2025-1-01",), None),
            ObjectiveShown("2", "Đổi mới công tác cán bộ.", (), "Mục tiêu định tính, không nêu con số."),
        ),
    } | fields
    return Report(indicators=indicators, **given)  # type: ignore[arg-type]  # as named


def dossier(*, with_names: bool = True, **fields: object) -> Dossier:
    """The dossier of the report above; without names it carries no lists, as the measuring side makes it."""
    given = {
        "report": report(),
        "lists": LISTS if with_names else {},
        "trends": {
            "TN-2025-1-01": (
                TrendPoint(date(2020, 12, 31), 150, 300, Fraction(1, 2)),
                TrendPoint(AS_OF, 160, 306, Fraction(160, 306)),
            )
        },
        "made_by": "Nguyễn Văn Lập",
        "made_at": "2026-01-05T08:30:00+07:00",
        "made_for": "Báo cáo năm 2021",
        "with_names": with_names,
        "data_name": "can_bo_2021.xlsx",
        "explanations": {},
    } | fields
    return Dossier(**given)  # type: ignore[arg-type]  # as named
