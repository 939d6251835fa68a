"""Reports, lists, bridges and findings in the terminal: every width, no colour needed, nothing cut."""

import io
from datetime import date

import html_dossiers as made
import pytest
from rich.cells import cell_len
from rich.console import Console

from canbo.measure.results import Bridge, BridgeEnd, CauseResult, Change
from canbo.output.terminal import print_bridge, print_findings, print_listing, print_report


def console(width: int = 100) -> Console:
    return Console(width=width, file=io.StringIO(), no_color=True)


def printed(to: Console) -> str:
    assert isinstance(to.file, io.StringIO)
    return to.file.getvalue()


def report(width: int) -> str:
    to = console(width)
    print_report(made.report(), to)
    return printed(to)


@pytest.mark.parametrize("width", [80, 100, 140])
def test_no_line_is_wider_than_the_console(width: int) -> None:
    lines = report(width).splitlines()
    assert max(cell_len(line) for line in lines) <= width
    assert all(line == line.rstrip() for line in lines)


@pytest.mark.parametrize("width", [80, 100, 140])
def test_one_line_holds_counts_percent_target_and_shortfall(width: int) -> None:
    (line,) = [line for line in report(width).splitlines() if "160/306" in line]
    for told in ("52,28%", "┃", "> 60%", "▲ thiếu 24 người"):
        assert told in line


def test_the_answer_comes_first_then_groups_with_their_size() -> None:
    text = report(140)
    assert text.index("1/4 chỉ tiêu đạt") < text.index("Cán bộ diện Ban Thường vụ Tỉnh ủy quản lý (306 người)")


def test_what_is_unknown_or_unmeasured_is_explained_beneath() -> None:
    text = report(100)
    assert "↳ 6 người chưa rõ, không làm đổi kết luận" in text
    assert "↳ Cấp huyện kết thúc hoạt động ngày 30/06/2025." in text
    assert "↳ Lần đo cuối 30/06/2025: 6/145 (4,13%)" in text
    assert "Xa nhất: Xã Phúc Trìu 1/20" in text


def test_units_that_need_help_come_first() -> None:
    text = report(100)
    ranking = text[text.index("Đơn vị cần giúp trước") :]
    assert ranking.index("4  Sở Nội vụ") < ranking.index("1  Sở Y tế")
    assert "thiếu 3 người" in ranking


def test_the_report_ends_with_findings_and_the_next_command() -> None:
    text = report(140)
    assert text.index("Dữ liệu có 1 lỗi, 2 cảnh báo.") < text.index("canbo who thai-nguyen-2021-2030 TN-2025-1-01")


def test_a_list_gives_each_person_with_the_reason() -> None:
    to = console(100)
    lacking = made.dossier().lists["TN-2025-1-01"][1]
    print_listing(lacking, made.indicator(), date(2025, 12, 31), to)
    text = printed(to)
    assert "Còn thiếu: 3 người, 31/12/2025" in text
    assert "Nguyễn Thị An" in text and "Phó Giám đốc, Sở Y tế" in text
    assert "đại học" in text
    assert "<script>" in text  # a name is text, never markup


def test_an_empty_list_says_so() -> None:
    to = console()
    lacking = made.Listing("TN-2025-1-01", "people", "lacking", ())
    print_listing(lacking, made.indicator(), date(2025, 12, 31), to)
    assert "Không có ai trong danh sách này." in printed(to)


def test_a_bridge_adds_up_in_print() -> None:
    bridge = Bridge(
        "thai-nguyen-2021-2030",
        "TN-2025-1-01",
        "Có trình độ chuyên môn thạc sĩ trở lên",
        BridgeEnd(date(2021, 12, 31), 160, 306, "52,28%"),
        BridgeEnd(date(2025, 12, 31), 161, 305, "52,78%"),
        (
            CauseResult("left", -1, -2, (Change({"person_id": "1"}, "Lê Văn Đức", None, "Nghỉ hưu 01/06/2024"),)),
            CauseResult("entered", 0, 1, (Change({"person_id": "2"}, "Ma Thị Hà", None, "Tuyển dụng"),)),
            CauseResult("gained", 2, 0, (Change({"person_id": "3"}, "Nông Văn Sơn", None, "Thạc sĩ 2023"),)),
            CauseResult("aged", 0, 0, ()),
        ),
    )
    to = console()
    print_bridge(bridge, to)
    lines = printed(to).splitlines()
    assert "31/12/2021: 160/306 (52,28%) → 31/12/2025: 161/305 (52,78%)" in lines
    (total,) = [line.split() for line in lines if line.strip().startswith("Cộng")]
    assert total == ["Cộng", "+1", "−1"]
    assert any("Lê Văn Đức" in line and "Nghỉ hưu" in line for line in lines)
    assert not any("Đổi do tuổi" in line for line in lines)


def test_findings_say_where_what_and_can_be_limited() -> None:
    to = console()
    print_findings(made.report().findings, to, limit=1)
    text = printed(to)
    assert "✕ Lỗi: Ngày không có thật (1)" in text
    assert "Sheet Cán bộ, dòng 128, cột Ngày sinh: “31/02/1979” không phải là ngày." in text
    assert "… và 1 phát hiện nữa" in text
