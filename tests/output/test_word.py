"""The Word report as an official opens it: laid out by the rules, figures in place, blanks marked."""

import re
import stat
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml.ns import qn
from docx.shared import Pt
from office_dossiers import INDICATORS, LISTS, MASTERS, dossier, person, report, unit

from canbo.common.findings import Refused
from canbo.measure.results import Listing
from canbo.output.word import write_word_report

BLANK = "[nguyên nhân, giải pháp: cơ quan báo cáo bổ sung]"


def written(path: Path, **options: Any) -> Any:
    """The report over the hand-made dossier, opened again."""
    layout = {name: options.pop(name) for name in ("layout", "template") if name in options}
    write_word_report(dossier(**options), path, **layout)
    return docx.Document(str(path))


def text_of(document: Any) -> str:
    """All text of the body, tables included, a line a paragraph."""
    paragraphs = document.element.body.iter(qn("w:p"))
    return "\n".join("".join(node.text or "" for node in each.iter(qn("w:t"))) for each in paragraphs)


def table_with(document: Any, head: str) -> Any:
    """The first table with the head."""
    return next(table for table in document.tables if head in [cell.text for cell in table.rows[0].cells])


def test_page_is_that_of_decree_30(tmp_path: Path) -> None:
    section = written(tmp_path / "a.docx").sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    millimetres = [round(margin.mm) for margin in (section.top_margin, section.bottom_margin)]
    assert all(20 <= margin <= 25 for margin in millimetres)
    assert 30 <= round(section.left_margin.mm) <= 35
    assert 15 <= round(section.right_margin.mm) <= 20


def test_page_number_is_centred_in_the_top_margin_but_not_on_the_first_page(tmp_path: Path) -> None:
    section = written(tmp_path / "a.docx").sections[0]
    number = section.header.paragraphs[0]
    assert number.alignment == ALIGN.CENTER
    assert "PAGE" in number._p.xml
    assert 13 <= number.runs[0].font.size.pt <= 14
    assert section.different_first_page_header_footer
    assert "PAGE" not in section.first_page_header._element.xml


def test_body_is_justified_times_new_roman_with_the_gaps_of_the_decree(tmp_path: Path) -> None:
    document = written(tmp_path / "a.docx")
    body = document.styles["Body Text"]
    assert body.font.name == "Times New Roman"
    assert 13 <= body.font.size.pt <= 14
    assert body.paragraph_format.alignment == ALIGN.JUSTIFY
    assert body.paragraph_format.space_after >= Pt(6)
    assert 1 <= body.paragraph_format.line_spacing <= 1.5
    fonts = {style.font.name for style in document.styles if style.type == 1 and style.font.name}
    used = {paragraph.style.name for paragraph in document.paragraphs}
    assert used & {"Body Text", "Heading 1", "Heading 2", "Title", "Subtitle"} == {
        "Body Text",
        "Heading 1",
        "Heading 2",
        "Title",
        "Subtitle",
    }
    assert "Times New Roman" in fonts
    assert 'w:lang w:val="vi-VN"' in body.element.xml


def test_head_carries_nation_motto_body_number_place_and_subject(tmp_path: Path) -> None:
    document = written(tmp_path / "a.docx")
    left, right = (cell.text for cell in document.tables[0].rows[0].cells)
    assert "[TÊN CƠ QUAN BÁO CÁO]" in left and "Số: …/BC-…" in left
    assert right.split("\n")[:2] == ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]
    assert "Thái Nguyên, ngày … tháng … năm …" in right
    place = document.tables[0].rows[0].cells[1].paragraphs[-1]
    assert place.runs[0].italic
    kind = next(each for each in document.paragraphs if each.style.name == "Title")
    subject = next(each for each in document.paragraphs if each.style.name == "Subtitle")
    assert kind.text == "BÁO CÁO" and kind.style.font.bold
    assert subject.text == (
        "Kết quả thực hiện Đề án “Nâng cao chất lượng đội ngũ cán bộ các cấp từ tỉnh đến cơ sở, đáp ứng nhiệm vụ” "
        "đến ngày 31/12/2021"
    )


def test_parts_stand_in_order(tmp_path: Path) -> None:
    parts = [each.text for each in written(tmp_path / "a.docx").paragraphs if each.style.name == "Heading 1"]
    assert parts == [
        "I. KẾT QUẢ CHUNG",
        "II. KẾT QUẢ THEO NHÓM",
        "III. CHỈ TIÊU CHƯA ĐẠT, NGUYÊN NHÂN VÀ GIẢI PHÁP",
        "IV. CHỈ TIÊU CHƯA ĐO ĐƯỢC VÀ LÝ DO",
        "V. DỮ LIỆU VÀ CÁCH TÍNH",
    ]


def test_sentences_carry_the_figures(tmp_path: Path) -> None:
    text = text_of(written(tmp_path / "a.docx"))
    # 24 + 3 + 20 + 9 + 2 people; one district; nine of the ten figures have a target.
    assert (
        "Đến ngày 31/12/2021, trong 9 chỉ tiêu có mục tiêu: 1 chỉ tiêu đạt, 6 chỉ tiêu chưa đạt, "
        "2 chỉ tiêu chưa đo được. Có 1 số liệu để báo cáo, không đặt mục tiêu." in text
    )
    assert "còn thiếu 58 lượt người (một người có thể được tính ở nhiều chỉ tiêu), 1 đơn vị." in text
    assert "5 chỉ tiêu còn trong thời hạn, 1 mục tiêu định hướng" in text
    assert (
        "160/306 người, tỷ lệ 52,28%; chưa đạt mục tiêu trên 60% (thời hạn 31/12/2025), còn thiếu 24 người. "
        "26 người chưa rõ, có thể làm đổi kết luận. Mức ban đầu (31/12/2021): 160/306 (52,28%)." in text
    )
    assert "75/306 người, tỷ lệ 24,50%; đạt mục tiêu từ 20% trở lên (thời hạn 31/12/2025)." in text
    assert "4 người ở ngoài nhóm vì thiếu dữ liệu, không làm đổi kết luận" in text
    assert "Chưa đạt mức riêng: Huyện Võ Nhai (3/10)." in text
    assert (
        "1/2 đơn vị đạt mục tiêu riêng (trên 30%); chưa đạt mục tiêu với mọi đơn vị (thời hạn 31/12/2025), "
        "còn 1 đơn vị chưa đạt." in text
    )
    assert "1.240 lượt đào tạo, bồi dưỡng; số liệu để báo cáo, không đặt mục tiêu" in text


def test_a_passed_day_is_said(tmp_path: Path) -> None:
    late = report(indicators=(MASTERS,), as_of=date(2026, 1, 31))
    text = text_of(written(tmp_path / "a.docx", report=late))
    assert "chưa đạt mục tiêu trên 60% (đã quá thời hạn 31/12/2025), còn thiếu 24 người" in text
    assert "Trong số chưa đạt có 1 chỉ tiêu đã quá thời hạn." in text


def test_causes_and_remedies_are_marked_blanks_for_each_short_target(tmp_path: Path) -> None:
    document = written(tmp_path / "a.docx")
    blanks = [run for each in document.paragraphs for run in each.runs if run.text == BLANK]
    assert len(blanks) == 5  # the sixth short target is an orientation: nobody owes a cause for it yet
    assert {run.style.name for run in blanks} == {"Chỗ bổ sung"}


def test_unmeasured_targets_give_reason_and_last_value(tmp_path: Path) -> None:
    text = text_of(written(tmp_path / "a.docx"))
    part = text[text.index("IV. CHỈ TIÊU") : text.index("V. DỮ LIỆU")]
    assert "Đề án không nêu tiêu chí xác định" in part
    assert "Số liệu lần cuối, ngày 30/06/2025: 6/145 (4,13%)." in part


def test_rows_do_not_break_and_heads_repeat(tmp_path: Path) -> None:
    document = written(tmp_path / "a.docx")
    bordered = [table for table in document.tables if table.style.name == "Table Grid"]
    assert len(bordered) == 7  # two in the text, the summary, three by unit, one of names
    for table in bordered:
        first = table.rows[0]._tr.trPr
        assert first.find(qn("w:tblHeader")) is not None
        for row in table.rows:
            grouped = len({cell._tc for cell in row.cells}) == 1
            assert grouped or row._tr.trPr.find(qn("w:cantSplit")) is not None


def test_summary_has_a_described_bar_for_what_was_measured(tmp_path: Path) -> None:
    document = written(tmp_path / "a.docx")
    table = table_with(document, "Thanh mục tiêu")
    assert [cell.text for cell in table.rows[2].cells][:4] == [
        "1",
        "Có trình độ chuyên môn thạc sĩ trở lên",
        "> 60% đến 31/12/2025",
        "160/306 (52,28%)",
    ]
    pictures = list(table._tbl.iter(qn("wp:docPr")))
    assert len(pictures) == 7
    assert pictures[0].get("descr") == (
        "Có trình độ chuyên môn thạc sĩ trở lên: 160/306 (52,28%); mục tiêu > 60% đến 31/12/2025; "
        "▲ Chưa đạt: thiếu 24 người"
    )
    assert len({picture.get("id") for picture in document.element.body.iter(qn("wp:docPr"))}) == 7


def test_bars_have_print_resolution(tmp_path: Path) -> None:
    document = written(tmp_path / "a.docx")
    extent = next(document.element.body.iter(qn("wp:extent")))
    inches = int(extent.get("cx")) / 914_400
    with zipfile.ZipFile(tmp_path / "a.docx") as parts:
        name = next(name for name in parts.namelist() if name.endswith(".png"))
        width = int.from_bytes(parts.read(name)[16:20], "big")
    assert width / inches >= 300


def test_appendices_lie_across_with_page_numbers_of_their_own(tmp_path: Path) -> None:
    document = written(tmp_path / "a.docx")
    names = [each.text for each in document.paragraphs if each.style.name == "Tên phụ lục"]
    assert names[::2] == ["Phụ lục I", "Phụ lục II", "Phụ lục III"]
    for section in list(document.sections)[1:]:
        assert section.orientation == WD_ORIENT.LANDSCAPE
        assert section._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"
    assert len(document.sections) == 4


def test_units_stand_with_who_lacks_most_first(tmp_path: Path) -> None:
    table = table_with(written(tmp_path / "a.docx"), "Đơn vị")
    # 3/9 lacks 3; 0/2 lacks 2; 1/3 lacks 1; the others hold the target.
    rows = [[cell.text for cell in row.cells] for row in table.rows[1:4]]
    assert rows == [
        ["1", "Sở Tài chính", "3/9", "33,33%", "", "3"],
        ["2", "Không thuộc đơn vị nào ở cấp này", "0/2", "0,00%", "", "2"],
        ["3", "Đảng ủy Các cơ quan tỉnh", "1/3", "33,33%", "", "1"],
    ]


def test_many_units_refer_to_the_workbook(tmp_path: Path) -> None:
    units = tuple(unit(f"U{at}", f"Đơn vị {at}", 0, 5) for at in range(41))
    text = text_of(written(tmp_path / "a.docx", report=report(indicators=(replace(MASTERS, units=units),))))
    assert "Còn 1 đơn vị khác: xem sheet “Theo đơn vị” của tệp Excel kèm theo." in text


def test_hostile_texts_stand_as_they_are(tmp_path: Path) -> None:
    title = "Đề án <w:t>{{ 7*7 }}</w:t> & {% raw %}\x00\ud800"
    text = text_of(written(tmp_path / "a.docx", report=report(scheme_title=title)))
    assert "Trần <b>Bình</b> & “Cường”" in text
    assert "Sở lạ {{ 7*7 }}" in text
    assert "Đề án <w:t>{{ 7*7 }}</w:t> & {% raw %} \ufffd" in text


def test_names_stand_only_in_the_last_appendix_and_only_those_lacking(tmp_path: Path) -> None:
    text = text_of(written(tmp_path / "a.docx"))
    body, appendix = text.split("DANH SÁCH CÒN THIẾU SO VỚI CHỈ TIÊU")
    assert "Cường" in appendix and "Cường" not in body
    assert "Lê Văn An" not in text and "Phạm Thị Em" not in text
    assert "Người lập: Nguyễn Văn Lập, lúc 08:30 ngày 05/01/2026; mục đích: Báo cáo năm 2021." in appendix
    assert "Phụ lục có dữ liệu cá nhân" in appendix


@pytest.mark.parametrize(("people", "printed"), [(100, True), (101, False)])
def test_long_lists_refer_to_the_workbook(tmp_path: Path, people: int, printed: bool) -> None:
    rows = tuple(person(f"C{at:03}", f"Hoàng Văn {at}", "Đại học.") for at in range(people))
    lists = {"TN-2025-1-01": (Listing("TN-2025-1-01", "people", "lacking", rows),)}
    text = text_of(written(tmp_path / "a.docx", lists=lists))
    assert ("Hoàng Văn 7" in text) is printed
    assert ("xem sheet “TN-2025-1-01” của tệp Excel kèm theo" in text) is not printed


def test_without_names_no_name_is_anywhere_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    document = written(path, with_names=False, lists=LISTS)
    assert "DANH SÁCH CÒN THIẾU" not in text_of(document)
    assert len(document.sections) == 3
    with zipfile.ZipFile(path) as parts:
        everything = b"".join(parts.read(name) for name in parts.namelist()).decode("utf-8", "ignore")
    for name in ("Lê Văn An", "Phạm Thị Em", "Cường", "Nguyễn Thị Trùng Tên"):
        assert name not in everything


def test_nothing_of_the_template_is_left(tmp_path: Path) -> None:
    everything = dossier(report=report(indicators=INDICATORS[:2], findings=()), lists={}, trends={})
    write_word_report(everything, tmp_path / "a.docx")
    text = text_of(docx.Document(str(tmp_path / "a.docx")))
    assert not re.search(r"\{[{%]|[}%]\}", text)
    assert "Bảng 2" not in text


def test_signature_block_stays_together_and_recipients_stand_left(tmp_path: Path) -> None:
    table = next(table for table in written(tmp_path / "a.docx").tables if "Nơi nhận:" in table.rows[0].cells[0].text)
    assert table.rows[0]._tr.trPr.find(qn("w:cantSplit")) is not None
    label, first = table.rows[0].cells[0].paragraphs[:2]
    assert label.runs[0].bold and label.runs[0].italic and label.runs[0].font.size == Pt(12)
    assert first.runs[0].font.size == Pt(11)
    assert table.rows[0].cells[1].text.startswith("TM. [TÊN CƠ QUAN BÁO CÁO]")


def test_properties_say_who_when_and_for_what(tmp_path: Path) -> None:
    properties = written(tmp_path / "a.docx").core_properties
    assert properties.title.startswith("Báo cáo kết quả thực hiện Đề án")
    assert properties.author == "Nguyễn Văn Lập"
    assert "08:30 ngày 05/01/2026" in properties.comments and "Báo cáo năm 2021" in properties.comments
    assert properties.created.strftime("%d/%m/%Y %H:%M") == "05/01/2026 08:30"
    assert "sha256:0a1b" in properties.keywords


def test_only_the_owner_reads_it_and_a_missing_folder_is_said(tmp_path: Path) -> None:
    write_word_report(dossier(), tmp_path / "a.docx")
    assert stat.S_IMODE((tmp_path / "a.docx").stat().st_mode) == 0o600
    with pytest.raises(Refused, match="Không ghi được tệp"):
        write_word_report(dossier(), tmp_path / "không có" / "a.docx")


@pytest.mark.parametrize(("made_at", "exact"), [("2026-05-26T09:00", False), ("2026-05-27T09:00", True)])
def test_party_layout_follows_the_guide_in_force_on_the_day(tmp_path: Path, made_at: str, exact: bool) -> None:
    document = written(tmp_path / "a.docx", layout="party", made_at=made_at)
    left, right = (cell.text for cell in document.tables[0].rows[0].cells)
    assert right.startswith("ĐẢNG CỘNG SẢN VIỆT NAM") and "CỘNG HÒA" not in right
    assert left.endswith("*\nSố …-BC/…")
    text = text_of(document)
    assert "T/M [TÊN CƠ QUAN BÁO CÁO]" in text
    assert "xem xét, cho ý kiến chỉ đạo./." not in text
    spacing = document.styles["Body Text"].paragraph_format.line_spacing
    assert (spacing == Pt(19)) is exact


def test_an_office_may_bring_its_own_template(tmp_path: Path) -> None:
    own = docx.Document()
    own.add_paragraph("SỞ NỘI VỤ – {{ subject }}")
    own.save(str(tmp_path / "own.docx"))
    text = text_of(written(tmp_path / "a.docx", template=tmp_path / "own.docx"))
    assert text.startswith("SỞ NỘI VỤ – Kết quả thực hiện Đề án")
