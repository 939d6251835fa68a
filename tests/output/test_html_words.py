"""The words of status, counts, targets and the opening sentence, by hand-worked cases."""

from datetime import date
from fractions import Fraction

import html_dossiers as made
import pytest

from canbo.common.language import speaking
from canbo.measure.results import TargetShown
from canbo.output import words


def test_the_opening_counts_targets_and_sums_shortfalls_by_what_they_count() -> None:
    # met: women; short: masters (24 people) and communes (1 unit); not measurable: district; reported: courses abroad
    assert words.opening(made.report()) == (
        "Đến 31/12/2025: 1/4 chỉ tiêu đạt, 2 chưa đạt (thiếu 24 lượt người, 1 lượt đơn vị), 1 chưa đo được,"
        " 1 số liệu để báo cáo."
    )


def test_the_opening_in_english() -> None:
    with speaking("en"):
        assert words.opening(made.report(indicators=(made.indicator(), made.met()))) == (
            "On 31/12/2025: 1 of 2 targets met, 1 short (24 × person short)."
        )


def test_the_opening_without_any_target() -> None:
    assert words.opening(made.report(indicators=(made.reported(),))) == (
        "Đến 31/12/2025: 1 số liệu để báo cáo, không có mục tiêu để so."
    )


def test_a_shortfall_turns_grave_only_after_its_day() -> None:
    result = made.indicator()
    assert words.status_words(result, date(2025, 12, 31)).tone == "short"
    assert words.status_words(result, date(2026, 1, 1)).tone == "late"


def test_a_direction_is_never_late() -> None:
    result = made.indicator(target=TargetShown(date(2025, 12, 31), "> 60%", orientation=True))
    assert words.status_words(result, date(2027, 1, 1)).tone == "short"


def test_status_says_people_and_reason() -> None:
    assert words.status_words(made.indicator()).text == "▲ Chưa đạt: thiếu 24 người"
    assert words.status_words(made.met()).text == "✓ Đạt"
    assert words.status_words(made.unmeasured()).text == (
        "◌ Chưa đo được: Cấp huyện kết thúc hoạt động ngày 30/06/2025."
    )
    assert words.status_words(made.reported()).text == "• Báo cáo"


def test_too_many_is_said_as_too_many() -> None:
    result = made.indicator(
        target=TargetShown(date(2025, 12, 31), "< 5%"), numerator=20, value=Fraction(20, 306), shortfall=5
    )
    assert words.status_words(result).detail == "thừa 5 người"


def test_for_each_units_are_short_never_too_many() -> None:
    # half of the units hold “≥ 15%”: the value 1/2 is over 15 % but is not held against it
    assert words.status_words(made.each_unit()).detail == "thiếu 1 đơn vị"
    assert words.aim_text(made.each_unit()) == "≥ 15% đến 31/12/2024, ở từng nơi"


def test_no_number_of_people_fits() -> None:
    result = made.indicator(target=TargetShown(date(2025, 12, 31), "= 33%"), shortfall=None)
    assert words.status_words(result).detail == "không số người nào khớp đúng mục tiêu"


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("> 60%", "> 60%"),
        (">= 7.5%", "≥ 7,5%"),
        ("<= 5%", "≤ 5%"),
        ("15%..25%", "15–25%"),
        (">= 3000", "≥ 3.000"),
        ("report", "để báo cáo"),
    ],
)
def test_goals_are_printed_as_vietnam_prints(written: str, printed: str) -> None:
    assert words.goal_text(written) == printed


def test_unknown_says_whether_the_verdict_could_change() -> None:
    assert words.unknown_text(made.indicator()) == "6 người chưa rõ, không làm đổi kết luận"
    assert words.unknown_text(made.indicator(could_change=True)) == "6 người chưa rõ, có thể làm đổi kết luận"
    assert words.unknown_text(made.met()) == ""
    both = made.indicator(unknown=0, population_unknown=2, could_change=True)
    assert words.unknown_text(both) == "2 người ở ngoài nhóm vì thiếu dữ liệu, có thể làm đổi kết luận"


def test_change_since_the_baseline_counts_people() -> None:
    assert words.change_since(made.indicator()) == "từ 149/306 (48,69%, 31/12/2021): thêm 11 người"
    assert words.change_since(made.met()) == "từ 15,29% (31/12/2021)"


def test_decisions_come_nearest_day_first_then_most_people() -> None:
    order = [one.id for one in words.decisions_first(made.report())]
    assert order == ["TN-2025-3-02", "TN-2025-1-01"]  # 31/12/2024 before 31/12/2025


def test_counts_stand_alone_where_nothing_is_under_them() -> None:
    assert words.counts_text(made.reported()) == "1.240"
    assert words.counts_text(made.indicator()) == "160/306"
    assert words.counts_text(made.unmeasured()) == "–"
