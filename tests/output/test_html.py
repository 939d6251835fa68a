"""The HTML report: the answer first, names safe and only where allowed, nothing fetched, readable without a script."""

import re
from dataclasses import replace
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path

import html_dossiers as made
import pytest

from canbo.common.findings import Finding, Refused
from canbo.common.language import speaking
from canbo.measure.results import TargetShown, UnitResult
from canbo.output.heat import heat_tables
from canbo.output.html import render, write_html


@pytest.fixture(scope="module")
def page() -> str:
    return render(made.dossier())


class _Reader(HTMLParser):
    """The text outside style and script, the ids and the links."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self._silent = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        found = dict(attrs)
        self.ids += [found["id"] or ""] if "id" in found else []
        self.links += [found["href"] or ""] if "href" in found else []
        self._silent = tag if tag in ("style", "script") else self._silent

    def handle_endtag(self, tag: str) -> None:
        self._silent = "" if tag == self._silent else self._silent

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


def read(page: str) -> _Reader:
    reader = _Reader()
    reader.feed(page)
    return reader


def test_the_answer_stands_before_the_evidence(page: str) -> None:
    text = read(page).text
    assert text.index("1/4 chỉ tiêu đạt, 2 chưa đạt") < text.index("Cần quyết định trước")
    assert text.index("Cần quyết định trước") < text.index("Bảng chỉ tiêu", text.index("Cần quyết định trước"))


def test_nothing_is_fetched(page: str) -> None:
    rest = page.replace("http://www.w3.org/", "")
    assert not re.search(r"https?://|//cdn|@import|url\(", rest)
    assert not {"link", "img", "iframe", "object"} & set(read(page).tags)


def test_a_hostile_name_stays_text(page: str) -> None:
    reader = read(page)
    assert made.HOSTILE in reader.text
    assert 'alert("x")' not in page
    assert reader.tags.count("script") == 1  # our own


def test_every_link_leads_to_a_place_on_the_page(page: str) -> None:
    reader = read(page)
    assert len(reader.ids) == len(set(reader.ids))
    assert {link.removeprefix("#") for link in reader.links} <= set(reader.ids)


def test_counts_shortfall_and_unknown_stand_together(page: str) -> None:
    text = read(page).text
    for told in ("160/306", "52,28%", "▲ Chưa đạt: thiếu 24 người", "6 người chưa rõ, không làm đổi kết luận"):
        assert told in text


def test_each_indicator_has_its_quote_reading_baseline_and_last_value(page: str) -> None:
    text = read(page).text
    assert "“Phấn đấu trên 60% có trình độ chuyên môn thạc sĩ (1)”" in text
    assert "gồm cả chuyên khoa I, II" in text
    assert "từ 149/306 (48,69%, 31/12/2021): thêm 11 người" in text
    assert "6/145 (4,13%), 30/06/2025: Chưa đạt" in text
    assert "“gần 1.300 lượt”, 31/12/2024" in text


def test_the_lists_name_people_with_their_reasons(page: str) -> None:
    text = read(page).text
    assert "Còn thiếu (3 người)" in text
    assert "2 × Trình độ chuyên môn: đại học (cần từ thạc sĩ)" in text
    assert "Nguyễn Thị An 01/02/1979 Phó Giám đốc Sở Y tế" in text


def test_without_names_nobody_is_named() -> None:
    page = render(made.dossier(with_names=False))
    for name in ("Nguyễn Thị An", "Trần", "Phạm Quốc Bảo", "Lê Văn Đức"):
        assert name not in page
    assert "160/306" in page and "Ngày chỉ ghi năm hoặc tháng" in page


def test_the_page_says_who_made_it_when_and_for_what(page: str) -> None:
    assert '<meta name="author" content="Hoàng Thu Hà">' in page
    text = read(page).text
    assert "Hoàng Thu Hà , 05/01/2026 08:30" in text
    assert "Báo cáo Ban Thường vụ Tỉnh ủy" in text
    assert "sha256:" + "ab12" * 16 in text and "sha256:" + "cd34" * 16 in text
    assert "ghi mức độ mật" in text


def test_the_file_is_the_owners_only(tmp_path: Path) -> None:
    path = tmp_path / "bao-cao.html"
    write_html(made.dossier(), path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text("utf-8").startswith("<!doctype html>")


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="Không ghi được tệp"):
        write_html(made.dossier(), tmp_path / "khong-co" / "bao-cao.html")


def test_the_language_is_declared_and_followed(page: str) -> None:
    assert '<html lang="vi">' in page
    with speaking("en"):
        english = render(made.dossier())
    assert '<html lang="en">' in english and "24 people short" in english


def test_no_text_is_smaller_than_13_pixels(page: str) -> None:
    style = page[page.index("<style>") : page.index("</style>")]
    sizes = [float(size) for size in re.findall(r"font-size: ([\d.]+)px", style)]
    assert min(sizes) >= 13


def test_all_met_is_said() -> None:
    text = read(render(made.dossier(report=made.report(indicators=(made.met(),), objectives=())))).text
    assert "Không có chỉ tiêu nào đo được mà chưa đạt." in text


def _luminance(colour: str) -> float:
    """Relative luminance by WCAG 2.1."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", [0, 1])
@pytest.mark.parametrize(
    ("front", "back", "least"),
    [
        ("quiet", "paper", 4.5),
        ("quiet", "ground", 4.5),
        ("accent", "ground", 4.5),
        ("met-text", "met-soft", 4.5),
        ("short-text", "short-soft", 4.5),
        ("late-text", "late-soft", 4.5),
        ("short-text", "paper", 4.5),
        ("heat-ink", "h5", 4.5),
        ("short", "paper", 3.0),
        ("none", "paper", 3.0),
    ],
)
def test_contrast_in_light_and_dark(page: str, theme: int, front: str, back: str, least: float) -> None:
    tokens = dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6})", re.findall(r":root \{(.*?)\}", page, re.S)[theme]))
    high, low = sorted((_luminance(tokens[front]), _luminance(tokens[back])), reverse=True)
    assert (high + 0.05) / (low + 0.05) >= least


def test_a_snapshot_of_another_day_is_said_at_the_top() -> None:
    finding = Finding("warning", "snapshot_other_day", "Dữ liệu là của ngày 31/12/2021.")
    text = read(render(made.dossier(report=made.report(findings=(finding,))))).text
    assert text.index("Dữ liệu là của ngày 31/12/2021.") < text.index("Cần quyết định trước")


def test_a_number_of_people_in_the_province_is_not_asked_of_each_unit() -> None:
    goal = TargetShown(made.DAY, ">= 2")
    few = made.indicator(measure="count", target=goal, numerator=1, value=Fraction(1), printed="1", shortfall=1)
    assert heat_tables([few]) == []


def test_findings_are_gathered_by_kind_errors_first(page: str) -> None:
    text = read(page).text
    assert "Dữ liệu có 1 lỗi, 2 cảnh báo." in text
    assert text.index("Ngày không có thật") < text.index("Ngày chỉ ghi năm hoặc tháng")
    assert "Sheet Cán bộ, dòng 128, cột Ngày sinh: “31/02/1979” không phải là ngày." in text


def test_heat_rows_need_help_first_and_cells_count_people() -> None:
    (table,) = heat_tables(made.report().indicators)
    # > 60 %: Nội vụ 4/10 needs 7, short 3; Y tế 3/5 needs 4, short 1; Tỉnh đoàn 2/2 holds.
    # ≥ 20 %: Nội vụ 1/10 needs 2, short 1; Y tế 2/5 holds.
    assert [(row.name, row.total) for row in table.rows] == [("Sở Nội vụ", 4), ("Sở Y tế", 1), ("Tỉnh đoàn", 0)]
    first = table.rows[0].cells
    assert [cell.text for cell in first if cell] == ["3", "1"]
    assert table.rows[2].cells[1] is None


def test_the_shade_follows_the_share_that_is_missing_but_stays_pale_for_few() -> None:
    (table,) = heat_tables(made.report().indicators)
    # Nội vụ lacks 3 of 10 (30 %, the fourth shade) and 1 of 10 (10 %, the second); Y tế 1 of 5 (20 %, the third)
    assert [cell.shade for cell in table.rows[0].cells if cell] == [4, 2]
    assert [cell.shade for cell in table.rows[1].cells if cell] == [3, 0]
    one = UnitResult("nho", "Ban nhỏ", 0, 1, 0, Fraction(0))
    (small,) = heat_tables([made.indicator(units=(one,))])
    assert [cell.shade for cell in small.rows[0].cells if cell] == [2]


def test_an_empty_report_still_reads() -> None:
    empty = replace(made.report(), indicators=(), findings=(), objectives=())
    text = read(render(made.dossier(report=empty, lists={}, trends={}))).text
    assert "Không có mục tiêu nào để so" in text
    assert "Không có phát hiện nào về dữ liệu." in text


def test_ids_that_are_no_anchors_still_lead_to_their_section() -> None:
    odd = (made.indicator(id="A b"), made.met(), made.indicator(id="A-b"))
    odd = (odd[0], replace(odd[1], id="C"), odd[2])
    reader = read(render(made.dossier(report=made.report(indicators=odd, objectives=()))))
    assert len(reader.ids) == len(set(reader.ids))
    assert {link.removeprefix("#") for link in reader.links} <= set(reader.ids)
