"""The sentences of the Word report, by tables of cases."""

from datetime import date
from fractions import Fraction

import pytest
from office_dossiers import MASTERS, dossier, report, share

from canbo.measure.results import BaselineShown, TargetShown
from canbo.output.word_text import clean, data_texts, figure_short, goal_words, indicator_text, scheme_name, short_words


@pytest.mark.parametrize(
    ("is_", "words"),
    [
        ("> 60%", "trên 60%"),
        (">= 7.5%", "từ 7,5% trở lên"),
        ("= 100%", "100%"),
        ("< 5%", "dưới 5%"),
        ("<= 3", "không quá 3"),
        ("15%..25%", "trong khoảng 15–25%"),
        ("report", "để báo cáo"),
    ],
)
def test_goals_are_said_as_officials_write_them(is_: str, words: str) -> None:
    assert goal_words(TargetShown(date(2025, 12, 31), is_)) == words


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Nâng cao chất lượng", "Đề án “Nâng cao chất lượng”"),
        ("Chương trình 12-CTr/TU", "Chương trình 12-CTr/TU"),
        ("Kết quả công tác cán bộ năm 2022", "các chỉ tiêu “Kết quả công tác cán bộ năm 2022”"),
    ],
)
def test_what_is_no_scheme_is_not_called_one(title: str, name: str) -> None:
    assert scheme_name(title) == name


def test_too_many_are_not_said_to_be_missing() -> None:
    one = share(
        "X",
        "Viên chức thôi việc",
        "Viên chức",
        numerator=9,
        denominator=100,
        target=TargetShown(date(2025, 12, 31), "<= 5%"),
        status="short",
        shortfall=4,
    )
    assert short_words(one) == "thừa 4 người"


@pytest.mark.parametrize(("then", "moved"), [(150, "tăng 10 người"), (163, "giảm 3 người"), (160, "không đổi")])
def test_movement_since_the_baseline_is_in_people(then: int, moved: str) -> None:
    base = BaselineShown(date(2020, 12, 31), then, 300, "50,00%", None, None)
    one = share("X", "Thạc sĩ", "Cán bộ", numerator=160, denominator=306, baseline=base)
    text = indicator_text(one, report())
    assert f"Mức ban đầu (31/12/2020): {then}/300 (50,00%), đến nay {moved}." in text


def test_ratio_and_plain_count() -> None:
    ratio = share("X", "Tỷ lệ", "Biên chế", measure="ratio", numerator=12, denominator=240, printed="5,00%")
    assert indicator_text(ratio, report()).startswith("tỷ lệ 5,00% (12/240)")
    count = share("X", "Số lớp", "Lớp", measure="count", numerator=1240, counted_in="classes", value=Fraction(1240))
    assert indicator_text(count, report()).startswith("1.240 lớp;")


def test_data_of_another_day_is_said() -> None:
    texts = data_texts(dossier(report=report(indicators=(MASTERS,), data_date=date(2021, 6, 30))), "")
    assert any("hiện trạng ngày 30/06/2021, số liệu tính tại ngày 31/12/2021" in text for text in texts)
    assert "cắt bỏ phần lẻ sau 2 chữ số thập phân" in " ".join(texts)


def test_clean_text_is_one_composed_line() -> None:
    assert clean("Le\u0302\tVăn\r\nAn\x00") == "Lê Văn An"


def test_a_count_beside_its_population_is_no_percentage() -> None:
    two = TargetShown(date(2030, 12, 31), ">= 2")
    one = share("X", "Trẻ", "Ủy viên", measure="count", numerator=1, denominator=15, printed="1", target=two)
    assert indicator_text(one, report()).startswith("1 người, trong tổng số 15;")
    assert figure_short(one) == "1/15"
    plan = share("X", "Thạc sĩ", "Cán bộ", measure="count", numerator=31, denominator=50, printed="62,00%", target=two)
    assert indicator_text(plan, report()).startswith("31/50 người, bằng 62,00% kế hoạch;")


def test_a_baseline_printed_with_a_point_is_written_with_a_comma() -> None:
    base = BaselineShown(date(2021, 12, 31), 278, 521, "53.35%", None, "Nguồn in dấu chấm.")
    text = indicator_text(share("X", "Thạc sĩ", "Cán bộ", numerator=278, denominator=521, baseline=base), report())
    assert "278/521 (53,35%)." in text and "Nguồn in" not in text
