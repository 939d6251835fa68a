"""What a cell says against the code lists."""

import pytest

from canbo.codes import code_list, code_lists


@pytest.mark.parametrize(
    ("listed", "written", "key"),
    [
        ("education", "Thạc sĩ", "master"),
        ("education", "Thạc sỹ", "master"),
        ("education", "Thac si", "master"),
        ("education", "THẠC SỸ", "master"),
        ("education", "master", "master"),
        ("education", " Đại  học ", "bachelor"),
        ("education", "Đại hoc", None),
        ("rank", "CVC", "principal"),
        ("political_theory", "Cao cấp LLCT", "advanced"),
        ("ethnicity", "H'Mông", "HMông"),
        ("ethnicity", "Tày", "Tày"),
        ("ethnicity", "Không rõ", None),
        ("managed_by", "Ban Thường vụ Tỉnh uỷ quản lý", "provincial_committee"),
        ("grade", "Hoàn thành nhiệm vụ", "completed"),
        ("grade", "Hoàn thành tốt nhiệm vụ", "good"),
    ],
)
def test_how_officials_write_codes(listed: str, written: str, key: str | None) -> None:
    assert code_list(listed).match(written) == key


def test_a_slip_gets_the_right_spelling_as_suggestion() -> None:
    assert code_list("education").suggest("Đại hoc") == "Đại học"
    assert code_list("education").suggest("qwerty") is None


def test_the_54_ethnic_groups_in_both_official_lists() -> None:
    groups = code_list("ethnicity")
    everyone = {f"{number:02d}" for number in range(1, 55)}
    assert len(groups.keys) == 54
    for official in ("code_1979", "code_2008"):
        assert {(code.official or {})[official] for code in groups.codes.values()} == everyone
    assert (groups["Hoa"].official or {}) == {"code_1979": "04", "code_2008": "06"}
    assert (groups["Mường"].official or {}) == {"code_1979": "06", "code_2008": "04"}


def test_ordered_lists_run_from_lowest_to_highest() -> None:
    education = code_list("education")
    assert education.ordered
    assert education["intermediate"].position < education["bachelor"].position < education["master"].position
    assert not code_list("ethnicity").ordered


def test_every_label_matches_its_own_key() -> None:
    for codes in code_lists().values():
        for code in codes.codes.values():
            assert codes.match(code.vi) == code.key
            assert codes.match(code.key) == code.key
