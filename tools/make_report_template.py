"""Makes the Word templates of the progress report in canbo/output/templates, which offices then edit.

State layout: Annex I of Nghị định 30/2020/NĐ-CP. Party layouts: Hướng dẫn 36-HD/VPTW (2018) and
05-HD/VPTW (from 27/05/2026). Run: python tools/make_report_template.py
"""

from collections.abc import Sequence
from pathlib import Path

from docx import Document
from docx.document import Document as Word
from docx.shared import Pt
from report_template_parts import (
    Layout,
    add_blank,
    add_text,
    appendix_head,
    bordered_table,
    heads,
    jinja_row,
    landscape,
    line_below,
    plain_table,
    prepare,
    row_of,
    tag,
)

TEMPLATES = Path(__file__).resolve().parent.parent / "canbo" / "output" / "templates"

LAYOUTS = (
    Layout("report_state", party=False, end="./.", on_behalf="TM.", body=14, exact_line=None, indent=12.7),
    Layout("report_party_36", party=True, end=".", on_behalf="T/M", body=14, exact_line=None, indent=10),
    Layout("report_party_05", party=True, end=".", on_behalf="T/M", body=14, exact_line=19, indent=10),
)


def make(layout: Layout) -> Word:
    """The template of a layout."""
    document = Document()
    prepare(document, layout)
    write_head(document, layout)
    write_body(document, layout)
    write_signature(document, layout)
    write_appendices(document, layout)
    return document


def write_head(document: Word, layout: Layout) -> None:
    """Who issues it, its number, the national name and motto (or the Party's), place, date, type, subject."""
    sides = (75, 90) if layout.party else (65, 100)
    table = plain_table(document, sides)
    left, right = table.rows[0].cells
    size = 14 if layout.party else 13
    paragraph = add_text(left.paragraphs[0], "", style="Khối đầu")
    add_blank(paragraph, "[TÊN CƠ QUAN CHỦ QUẢN]", size=size)
    paragraph = add_text(left.add_paragraph(), "", style="Khối đầu")
    add_blank(paragraph, "[TÊN CƠ QUAN BÁO CÁO]", size=size, bold=True)
    if layout.party:
        add_text(left.add_paragraph(), "*", style="Khối đầu", size=14)
        add_text(left.add_paragraph(), "Số …-BC/…", style="Khối đầu", size=14)
        add_text(right.paragraphs[0], "ĐẢNG CỘNG SẢN VIỆT NAM", style="Khối đầu", size=15, bold=True)
        line_below(right.add_paragraph(), width=sides[1], length=76)
    else:
        line_below(left.add_paragraph(), width=sides[0], length=24)
        add_text(left.add_paragraph(), "Số: …/BC-…", style="Khối đầu", size=13)
        nation = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
        add_text(right.paragraphs[0], nation, style="Khối đầu", size=13, bold=True)
        add_text(right.add_paragraph(), "Độc lập - Tự do - Hạnh phúc", style="Khối đầu", size=14, bold=True)
        line_below(right.add_paragraph(), width=sides[1], length=64)
    date_line = "{{ place }}, ngày … tháng … năm …"
    add_text(right.add_paragraph(), date_line, style="Khối đầu", size=14, italic=True)
    add_text(document.add_paragraph(), "BÁO CÁO", style="Title", size=16 if layout.party else 14)
    add_text(document.add_paragraph(), "{{ subject }}", style="Subtitle")
    if not layout.party:
        line_below(document.add_paragraph(), width=165, length=45)


def write_body(document: Word, layout: Layout) -> None:
    """The numbered parts; what the data cannot say stands as a blank to fill."""
    paragraph = add_text(document.add_paragraph(), "{{ lead_in }} ", style="Body Text")
    add_blank(paragraph, "[tên cơ quan báo cáo]")
    add_text(paragraph, " báo cáo kết quả {{ lead_out }} như sau:")
    write_general(document)
    write_groups(document)
    write_short(document)
    write_unmeasured(document)
    heading(document, "V. DỮ LIỆU VÀ CÁCH TÍNH")
    each_paragraph(document, "data")
    write_findings(document)
    paragraph = add_text(document.add_paragraph(), "Trên đây là báo cáo kết quả {{ lead_out }}, ", style="Body Text")
    add_blank(paragraph, "[tên cơ quan báo cáo]")
    add_text(paragraph, " kính trình ")
    add_blank(paragraph, "[cơ quan nhận báo cáo]")
    add_text(paragraph, f" xem xét, cho ý kiến chỉ đạo{layout.end}")
    paragraph.paragraph_format.keep_with_next = True  # the signature never stands alone on a page


def heading(document: Word, text: str) -> None:
    """A part with its Roman number."""
    add_text(document.add_paragraph(), text, style="Heading 1")


def each_paragraph(document: Word, name: str) -> None:
    """One paragraph of the body for each text of a list."""
    tag(document, f"{{%p for text in {name} %}}")
    add_text(document.add_paragraph(), "{{ text }}", style="Body Text")
    tag(document, "{%p endfor %}")


def write_general(document: Word) -> None:
    """Part I: the answer, and a small table by group."""
    heading(document, "I. KẾT QUẢ CHUNG")
    each_paragraph(document, "general")
    add_text(document.add_paragraph(), "Bảng 1. Kết quả theo nhóm chỉ tiêu", style="Caption")
    table = bordered_table(document, (11, 64, 18, 18, 18, 18, 18))
    heads(table, ("TT", "Nhóm", "Số chỉ tiêu", "Đạt", "Chưa đạt", "Chưa đo được", "Chỉ báo cáo"))
    jinja_row(table, "{%tr for row in group_rows %}")
    names = ("number", "name", "total", "met", "short", "not_measurable", "report")
    row_of(table, [f"{{{{ row.{name} }}}}" for name in names], left={1})
    jinja_row(table, "{%tr endfor %}")
    row_of(table, ["", "Cộng", *(f"{{{{ group_total.{name} }}}}" for name in names[2:])], left={1}, bold=True)


def write_groups(document: Word) -> None:
    """Part II: every indicator of each group in a sentence with its figures."""
    heading(document, "II. KẾT QUẢ THEO NHÓM")
    tag(document, "{%p for group in groups %}")
    add_text(document.add_paragraph(), "{{ group.number }}. {{ group.name }}", style="Heading 2")
    tag(document, "{%p for item in group.entries %}")
    paragraph = add_text(document.add_paragraph(), "- {{ item.label }}: ", style="Body Text", italic=True)
    add_text(paragraph, "{{ item.text }}", italic=False)
    tag(document, "{%p endfor %}")
    tag(document, "{%p endfor %}")


def write_short(document: Word) -> None:
    """Part III: what is short, with room for causes and remedies, which no data knows."""
    heading(document, "III. CHỈ TIÊU CHƯA ĐẠT, NGUYÊN NHÂN VÀ GIẢI PHÁP")
    tag(document, "{%p if not short_items %}")
    add_text(document.add_paragraph(), "Không có chỉ tiêu nào đo được mà chưa đạt.", style="Body Text")
    tag(document, "{%p endif %}")
    tag(document, "{%p for item in short_items %}")
    lead = "{{ item.number }}. {{ item.label }}: "
    paragraph = add_text(document.add_paragraph(), lead, style="Body Text", bold=True)
    add_text(paragraph, "{{ item.text }}", bold=False)
    paragraph = add_text(document.add_paragraph(), "", style="Body Text")
    add_blank(paragraph, "[nguyên nhân, giải pháp: cơ quan báo cáo bổ sung]")
    tag(document, "{%p endfor %}")


def write_unmeasured(document: Word) -> None:
    """Part IV: what could not be measured and why."""
    heading(document, "IV. CHỈ TIÊU CHƯA ĐO ĐƯỢC VÀ LÝ DO")
    tag(document, "{%p if not unmeasured %}")
    add_text(document.add_paragraph(), "Tất cả chỉ tiêu có mục tiêu đều đo được.", style="Body Text")
    tag(document, "{%p endif %}")
    tag(document, "{%p for item in unmeasured %}")
    lead = "{{ item.number }}. {{ item.label }}: "
    paragraph = add_text(document.add_paragraph(), lead, style="Body Text", bold=True)
    add_text(paragraph, "{{ item.text }}", bold=False)
    tag(document, "{%p endfor %}")


def write_findings(document: Word) -> None:
    """The faults of the data by sheet."""
    tag(document, "{%p if finding_rows %}")
    add_text(document.add_paragraph(), "Bảng 2. Phát hiện khi kiểm tra dữ liệu", style="Caption")
    table = bordered_table(document, (75, 45, 45))
    heads(table, ("Bảng dữ liệu", "Lỗi", "Cảnh báo"))
    jinja_row(table, "{%tr for row in finding_rows %}")
    row_of(table, ["{{ row.sheet }}", "{{ row.errors }}", "{{ row.warnings }}"], left={0})
    jinja_row(table, "{%tr endfor %}")
    add_text(document.add_paragraph(), "", style="Dòng ngắt").paragraph_format.space_after = Pt(8)
    tag(document, "{%p endif %}")


def write_signature(document: Word, layout: Layout) -> None:
    """Recipients on the left, who signs on the right; one row that never breaks."""
    table = plain_table(document, (75, 90))
    left, right = table.rows[0].cells
    size, style = (14, {}) if layout.party else (12, {"bold": True, "italic": True})
    add_text(left.paragraphs[0], "Nơi nhận:", style="Khối trái", size=size, **style)
    for text in ("- […];", "- […];", "- Lưu: VT, […]."):
        add_text(left.add_paragraph(), text, style="Khối trái", size=12 if layout.party else 11)
    paragraph = add_text(right.paragraphs[0], f"{layout.on_behalf} ", style="Khối đầu", size=14, bold=True)
    add_blank(paragraph, "[TÊN CƠ QUAN BÁO CÁO]", bold=True)
    add_blank(add_text(right.add_paragraph(), "", style="Khối đầu"), "[CHỨC VỤ NGƯỜI KÝ]", bold=True)
    for _ in range(4):
        add_text(right.add_paragraph(), "", style="Khối đầu", size=14)
    add_blank(add_text(right.add_paragraph(), "", style="Khối đầu"), "[Họ và tên]", bold=True)


def write_appendices(document: Word, layout: Layout) -> None:
    """Each appendix is a section of its own, across the page, with page numbers of its own."""
    landscape(document)
    appendix_head(document, layout, "{{ appendices.summary }}", "TỔNG HỢP KẾT QUẢ CÁC CHỈ TIÊU")
    add_text(document.add_paragraph(), "{{ legend }}", style="Ghi chú bảng")
    write_summary_table(document)
    tag(document, "{%p if unit_tables %}")
    landscape(document)
    appendix_head(document, layout, "{{ appendices.units }}", "KẾT QUẢ THEO ĐƠN VỊ")
    write_unit_tables(document)
    tag(document, "{%p endif %}")
    tag(document, "{%p if name_tables %}")
    landscape(document)
    appendix_head(document, layout, "{{ appendices.names }}", "DANH SÁCH CÒN THIẾU SO VỚI CHỈ TIÊU")
    add_text(document.add_paragraph(), "{{ names_notice }}", style="Ghi chú bảng")
    write_name_tables(document)
    tag(document, "{%p endif %}")


def write_summary_table(document: Word) -> None:
    """All indicators with the target bar."""
    table = bordered_table(document, (10, 62, 26, 27, 52, 47, 28))
    heads(table, ("TT", "Chỉ tiêu", "Mục tiêu", "Kết quả", "Thanh mục tiêu", "Đánh giá", "Mức ban đầu"))
    jinja_row(table, "{%tr for row in summary_rows %}")
    jinja_row(table, "{%tr if row.group %}")
    cells = table.add_row().cells
    merged = cells[0].merge(cells[-1])
    add_text(merged.paragraphs[0], "{{ row.group }}", style="Chữ bảng", bold=True)
    merged.paragraphs[0].paragraph_format.keep_with_next = True
    jinja_row(table, "{%tr else %}")
    row_of(
        table,
        [
            "{{ row.number }}",
            "{{ row.label }}",
            "{{ row.target }}",
            "{{ row.figure }}",
            "{{ row.bar }}",
            "{{ row.verdict }}",
            "{{ row.baseline }}",
        ],
        left={1, 5},
    )
    jinja_row(table, "{%tr endif %}")
    jinja_row(table, "{%tr endfor %}")


def write_unit_tables(document: Word) -> None:
    """One table an indicator, units down."""
    tag(document, "{%p for table in unit_tables %}")
    add_text(document.add_paragraph(), "{{ table.title }}", style="Caption")
    table = bordered_table(document, (12, 100, 40, 35, 30, 35))
    heads(table, ("TT", "Đơn vị", "Kết quả", "Tỷ lệ", "Chưa rõ", "Còn thiếu"))
    jinja_row(table, "{%tr for row in table.rows %}")
    names = ("number", "name", "figure", "printed", "unknown", "short")
    row_of(table, [f"{{{{ row.{name} }}}}" for name in names], left={1})
    jinja_row(table, "{%tr endfor %}")
    add_text(document.add_paragraph(), "{{ table.note }}", style="Ghi chú bảng")
    tag(document, "{%p endfor %}")


def write_name_tables(document: Word) -> None:
    """Who is lacking, for lists short enough to print."""
    tag(document, "{%p for table in name_tables %}")
    add_text(document.add_paragraph(), "{{ table.title }}", style="Caption")
    tag(document, "{%p if table.rows and table.people %}")
    people = ("number", "key", "name", "birth", "unit", "post", "why")
    texts = ("TT", "Mã", "Họ và tên", "Ngày sinh", "Đơn vị", "Chức vụ", "Lý do")
    write_rows(document, (12, 24, 44, 22, 46, 38, 66), texts, people)
    tag(document, "{%p elif table.rows %}")
    texts = ("TT", "Mã", "Tên", "Đơn vị", "Lý do")
    write_rows(document, (12, 34, 56, 56, 94), texts, ("number", "key", "name", "unit", "why"))
    tag(document, "{%p else %}")
    add_text(document.add_paragraph(), "{{ table.note }}", style="Ghi chú bảng")
    tag(document, "{%p endif %}")
    tag(document, "{%p endfor %}")


def write_rows(document: Word, widths: Sequence[float], texts: Sequence[str], names: Sequence[str]) -> None:
    """A table of the rows of a list."""
    table = bordered_table(document, widths)
    heads(table, texts)
    jinja_row(table, "{%tr for row in table.rows %}")
    centred = {"number", "birth"}
    left = {at for at, name in enumerate(names) if name not in centred}
    row_of(table, [f"{{{{ row.{name} }}}}" for name in names], left=left)
    jinja_row(table, "{%tr endfor %}")


if __name__ == "__main__":
    for each in LAYOUTS:
        make(each).save(str(TEMPLATES / f"{each.name}.docx"))
