"""Names and words as Vietnamese write them."""

import unicodedata

import pytest

from canbo.common import text


def test_names_sort_by_given_name_in_the_vietnamese_alphabet() -> None:
    names = ["Phạm Dũng", "Đỗ Đạt", "Lê Ánh", "Nguyễn Văn Ân", "Trần Thị An", "Bùi Ăn", "Hoàng Ý"]
    assert sorted(names, key=text.name_order) == [
        "Trần Thị An",
        "Lê Ánh",
        "Bùi Ăn",
        "Nguyễn Văn Ân",
        "Phạm Dũng",
        "Đỗ Đạt",
        "Hoàng Ý",
    ]


def test_equal_given_names_sort_by_family_name() -> None:
    names = ["Vũ Thị Hoa", "Đào Thị Hoa", "Lê Thị Hoa"]
    assert sorted(names, key=text.name_order) == ["Đào Thị Hoa", "Lê Thị Hoa", "Vũ Thị Hoa"]


def test_tones_follow_the_order_of_dictionaries() -> None:
    assert sorted(["Mạ", "Mã", "Má", "Mả", "Mà", "Ma"], key=text.name_order) == ["Ma", "Mà", "Mả", "Mã", "Má", "Mạ"]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_search_ignores_marks_case_and_form(form: str) -> None:
    assert text.search_key(unicodedata.normalize(form, "  ĐẶNG  Thị Hường ")) == "dang thi huong"


def test_decomposed_text_is_composed() -> None:
    decomposed = unicodedata.normalize("NFD", "Nguyễn Văn Ân")
    assert decomposed != "Nguyễn Văn Ân"
    assert text.tidy(f" {decomposed}\t") == "Nguyễn Văn Ân"


@pytest.mark.parametrize(("one", "other"), [("uỷ viên", "ủy viên"), ("chuẩn hoá", "chuẩn hóa"), ("Thuý", "thúy")])
def test_matching_is_blind_to_where_the_tone_is_written(one: str, other: str) -> None:
    assert text.match_key(one) == text.match_key(other)


def test_matching_keeps_names_apart_that_differ_in_tone() -> None:
    assert text.match_key("Hòa") != text.match_key("Hoa")


def test_the_nearest_name_is_found_without_marks() -> None:
    assert text.nearest("Ngay sinhh", ["Ngày sinh", "Giới tính"]) == "Ngày sinh"
    assert text.nearest("xyz", ["Ngày sinh", "Giới tính"]) is None
