"""Search is blind to where tones stand, to i or y, and to abbreviations; names that differ in marks stay apart."""

import unicodedata

import pytest

from canbo.common.spelling import loose_key
from canbo.common.text import match_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("uỷ viên BTV cấp uỷ cấp huyện", "Ủy viên Ban Thường vụ cấp ủy cấp huyện"),
        ("thạc sỹ", "Thạc sĩ"),
        ("kĩ năng", "kỹ năng"),
        ("hoá học", "hóa học"),
        ("Lí luận chính trị", "LLCT"),
        ("đ/c Nguyễn Quí", "đồng chí Nguyễn Quý"),
        ("CBCC", "cán bộ công chức"),
        ("tỉ lệ", "tỷ lệ"),
    ],
)
def test_spellings_of_one_thing_meet(one: str, other: str) -> None:
    assert loose_key(one) == loose_key(other)
    assert loose_key(unicodedata.normalize("NFD", one)) == loose_key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("y tế", "i-ta-li-a"), ("khuya", "khuia"), ("tay", "tai"), ("thuy", "thui")]
)
def test_other_words_with_y_stay_as_they_are(one: str, other: str) -> None:
    assert loose_key(one) != loose_key(other)


def test_names_that_differ_only_in_marks_are_two_names() -> None:
    assert loose_key("Nguyễn Thị Hòa") == loose_key("Nguyễn Thị Hoa")
    assert match_key("Nguyễn Thị Hòa") != match_key("Nguyễn Thị Hoa")
    assert match_key("Nguyễn Thị Hoà") == match_key("Nguyễn Thị Hòa")
