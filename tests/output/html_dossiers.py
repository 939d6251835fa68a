"""A small report made by hand, with every kind of result in it. Names are invented."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

from canbo.common.findings import Finding
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

DAY = date(2025, 12, 31)
MANAGED = "Cán bộ diện Ban Thường vụ Tỉnh ủy quản lý"
DISTRICT = "Cán bộ chủ chốt cấp huyện"
HOSTILE = 'Trần <script>alert("x")</script> & Minh'


def indicator(**changes: object) -> IndicatorResult:
    """160 of 306 against > 60%: 24 short."""
    base = IndicatorResult(
        id="TN-2025-1-01",
        label="Có trình độ chuyên môn thạc sĩ trở lên",
        measure="share",
        population=MANAGED,
        counted_in="people",
        sentence="Tỷ lệ cán bộ diện Ban Thường vụ Tỉnh ủy quản lý có trình độ từ thạc sĩ trở lên.",
        quote="Phấn đấu trên 60% có trình độ chuyên môn thạc sĩ (1)",
        numerator=160,
        denominator=306,
        unknown=6,
        population_unknown=0,
        value=Fraction(160, 306),
        printed="52,28%",
        target=TargetShown(DAY, "> 60%"),
        status="short",
        shortfall=24,
        baseline=BaselineShown(date(2021, 12, 31), 149, 306, "48,69%", None, None),
        note="“Thạc sĩ” được hiểu là thạc sĩ trở lên, gồm cả chuyên khoa I, II.",
        units=(
            UnitResult("so-y-te", "Sở Y tế", 3, 5, 0, Fraction(3, 5)),
            UnitResult("so-noi-vu", "Sở Nội vụ", 4, 10, 1, Fraction(4, 10)),
            UnitResult("tinh-doan", "Tỉnh đoàn", 2, 2, 0, Fraction(1)),
        ),
    )
    return replace(base, **changes)  # type: ignore[arg-type]  # the names are those of the fields


def met() -> IndicatorResult:
    """70 of 306 against ≥ 20%: 62 would do."""
    return indicator(
        id="TN-2025-1-06",
        label="Tỷ lệ cán bộ nữ",
        numerator=70,
        unknown=0,
        value=Fraction(70, 306),
        printed="22,87%",
        target=TargetShown(DAY, ">= 20%"),
        status="met",
        shortfall=0,
        baseline=BaselineShown(date(2021, 12, 31), None, None, "15,29%", "inconsistent", None),
        note=None,
        units=(
            UnitResult("so-y-te", "Sở Y tế", 2, 5, 0, Fraction(2, 5)),
            UnitResult("so-noi-vu", "Sở Nội vụ", 1, 10, 0, Fraction(1, 10)),
        ),
    )


def unmeasured() -> IndicatorResult:
    """A population that ended with the district level."""
    return indicator(
        id="TN-2025-1-07",
        label="Cán bộ chủ chốt cấp huyện dưới 40 tuổi",
        population=DISTRICT,
        numerator=None,
        denominator=None,
        unknown=0,
        value=None,
        printed=None,
        target=TargetShown(DAY, ">= 5%"),
        status="not_measurable",
        shortfall=None,
        reason="Cấp huyện kết thúc hoạt động ngày 30/06/2025.",
        last=Last(date(2025, 6, 30), 6, 145, "4,13%", "short"),
        baseline=None,
        note=None,
        units=(),
    )


def reported() -> IndicatorResult:
    """A count without a target, with a figure that somebody reported in words."""
    return indicator(
        id="TN-X-01",
        label="Số lượt đào tạo ở nước ngoài",
        measure="count",
        population="Lượt đào tạo, bồi dưỡng",
        counted_in="trainings",
        numerator=1240,
        denominator=None,
        unknown=0,
        value=Fraction(1240),
        printed="1.240",
        target=None,
        status="report",
        shortfall=None,
        reported=(Reported(date(2024, 12, 31), "gần 1.300 lượt", None, 1300.0),),
        baseline=None,
        note=None,
        parts=(PartResult("TN-X-01a", "Trên 3 tháng", 40, 1240, 0, Fraction(40, 1240), "3,22%"),),
        units=(),
    )


def each_unit() -> IndicatorResult:
    """Measured in each commune: one of two holds its own target, one has nobody to measure."""
    return indicator(
        id="TN-2025-3-02",
        label="Cấp ủy xã có nữ từ 15% trở lên",
        population="Ban Chấp hành Đảng bộ cấp xã",
        counted_in="units",
        numerator=1,
        denominator=2,
        unknown=0,
        value=Fraction(1, 2),
        printed="50,00%",
        target=TargetShown(date(2024, 12, 31), ">= 15%"),
        status="short",
        shortfall=1,
        is_each=True,
        baseline=None,
        note=None,
        units=(
            UnitResult("xa-a", "Xã Tân Cương", 4, 20, 0, Fraction(4, 20), "20,00%", ">= 15%", "met", 0),
            UnitResult("xa-b", "Xã Phúc Trìu", 1, 20, 1, Fraction(1, 20), "5,00%", ">= 15%", "short", 2),
            UnitResult(
                "xa-c", "Xã La Bằng", None, None, 0, None, None, ">= 15%", "not_measurable", None, "Không có ai."
            ),
        ),
    )


def report(**changes: object) -> Report:
    """Five indicators: one met, two short, one not measurable, one only reported."""
    base = Report(
        scheme_id="thai-nguyen-2021-2030",
        scheme_title="Nâng cao chất lượng đội ngũ cán bộ các cấp từ tỉnh đến cơ sở",
        province="Thái Nguyên",
        as_of=DAY,
        data_date=DAY,
        engine="duckdb",
        version_of_data=lambda: "sha256:" + "ab12" * 16,
        scheme_version="sha256:" + "cd34" * 16,
        rounding="truncate",
        places=2,
        by="unit",
        indicators=(indicator(), met(), unmeasured(), reported(), each_unit()),
        findings=(
            Finding("error", "bad_date", "“31/02/1979” không phải là ngày.", None, "Cán bộ", 128, "Ngày sinh"),
            Finding("warning", "imprecise_date", f"{HOSTILE} chỉ có năm sinh.", None, "Cán bộ", 4, "Ngày sinh"),
            Finding("warning", "imprecise_date", "Chỉ có năm sinh.", None, "Cán bộ", 9, "Ngày sinh"),
        ),
        objectives=(
            ObjectiveShown("1", "Nâng trình độ chuyên môn.", ("TN-2025-1-01",), None),
            ObjectiveShown("2", "Đổi mới công tác cán bộ.", (), "Không nêu con số để đo."),
        ),
    )
    return replace(base, **changes)  # type: ignore[arg-type]  # the names are those of the fields


def person(name: str, post: str, unit: str, value: str) -> ListedRow:
    """Someone who lacks a master's degree."""
    why = Why("education", value, ">= master", f"Trình độ chuyên môn: {value} (cần từ thạc sĩ)")
    return ListedRow({"person_id": name}, name, "so-y-te", unit, why, date(1979, 2, 1), post)


def dossier(**changes: object) -> Dossier:
    """The report with lists and a trend for its first indicator."""
    lacking = (
        person("Nguyễn Thị An", "Phó Giám đốc", "Sở Y tế", "đại học"),
        person(HOSTILE, "Chánh Thanh tra", "Sở Nội vụ", "đại học"),
        person("Lê Văn Đức", "Phó Bí thư", "Tỉnh đoàn", "cao đẳng"),
    )
    counted = (person("Phạm Quốc Bảo", "Giám đốc", "Sở Y tế", "thạc sĩ"),)
    points = [(date(2021, 12, 31), 149), (date(2023, 12, 31), 155), (DAY, 160)]
    base = Dossier(
        report=report(),
        lists={
            "TN-2025-1-01": (
                Listing("TN-2025-1-01", "people", "counted", counted),
                Listing("TN-2025-1-01", "people", "lacking", lacking),
            )
        },
        trends={"TN-2025-1-01": tuple(TrendPoint(day, n, 306, Fraction(n, 306)) for day, n in points)},
        made_by="Hoàng Thu Hà",
        made_at="2026-01-05T08:30:00",
        made_for="Báo cáo Ban Thường vụ Tỉnh ủy",
        with_names=True,
        data_name="can-bo-2025.xlsx",
    )
    return replace(base, **changes)  # type: ignore[arg-type]  # the names are those of the fields
