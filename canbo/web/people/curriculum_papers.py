"""The curriculum on paper: Word by python-docx, PDF by typst. Texts go in as data, never as markup."""

import io
import json
from contextlib import suppress
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import docx
import typst
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.image.exceptions import InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import Table as WordTable

from canbo.output.word_text import clean

if TYPE_CHECKING:
    from canbo.web.people.curriculum_content import Curriculum, Table

FORM = "Mẫu 2C-BNV/2008"
TITLE = "SƠ YẾU LÝ LỊCH CÁN BỘ, CÔNG CHỨC"
DOTS = "……………………………………"
SALARY = "31) Diễn biến quá trình lương: (ghi theo hồ sơ lương của đơn vị)"
_WIDTHS = {5: (3.6, 4.4, 3.2, 2.6, 3.2), 2: (4.6, 12.4), 4: (2.6, 4.6, 2.0, 7.8)}
_FONTS = (
    "/usr/share/fonts/truetype/msttcorefonts",
    "/usr/share/fonts/truetype/liberation2",
    "/usr/share/fonts/liberation-serif-fonts",
)
"""Folders with a font of the metric of Times New Roman that has all Vietnamese letters, the best first.

No other of the machine's fonts is looked at: older ones bear the same name and lack letters, which would then come from
another font in the middle of a word. Where there is none, the wheel's own serif has them all.
"""
Portrait = tuple[str, bytes] | None


def as_docx(content: "Curriculum", portrait: Portrait) -> bytes:
    """As an officer completes and signs it: A4, Times New Roman 13, tables whose rows stay whole."""
    paper = docx.Document()
    _lay_out(paper)
    _line(paper, FORM, size=11, align=WD_ALIGN_PARAGRAPH.RIGHT)
    _line(paper, f"Cơ quan, đơn vị sử dụng: {_or_dots(content.office)}")
    _line(paper, f"Số hiệu cán bộ, công chức: {_or_dots(content.staff_number)}")
    _line(paper, TITLE, size=15, bold=True, align=WD_ALIGN_PARAGRAPH.CENTER)
    if portrait is not None:
        with suppress(UnrecognizedImageError, UnexpectedEndOfFileError, InvalidImageStreamError):
            paper.add_picture(io.BytesIO(portrait[1]), width=Cm(3), height=Cm(4))
    for number, label, value in content.items:
        paragraph = paper.add_paragraph()
        paragraph.add_run(f"{number}) {label}: ")
        paragraph.add_run(_or_dots(value)).bold = bool(value) and number == "1"
    for table in content.tables[:2]:
        _add_table(paper, table)
    _line(paper, f"29) Đặc điểm lịch sử bản thân: {_or_dots(content.history)}")
    for table in content.tables[2:]:
        _add_table(paper, table)
    _line(paper, SALARY)
    _signatures(paper)
    _set_footer(paper, f"{content.notice} {content.made}")
    paper.core_properties.title = TITLE.capitalize()
    paper.core_properties.author = "CanBo"
    paper.core_properties.comments = clean(content.made)[:255]
    kept = io.BytesIO()
    paper.save(kept)
    return kept.getvalue()


def as_pdf(content: "Curriculum", portrait: Portrait) -> bytes:
    """The same as PDF, by the layout beside this module."""
    data: dict[str, Any] = content.as_json()
    data |= {"form": FORM, "title": TITLE, "dots": DOTS, "salary": SALARY}
    data["portrait"] = list(portrait[1]) if portrait else None
    data["portrait_kind"] = ("png" if portrait[0] == "image/png" else "jpg") if portrait else ""
    source = (files("canbo.web") / "people" / "curriculum.typ").read_bytes()
    try:
        made = typst.compile(
            source,
            format="pdf",
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            font_paths=_fonts(),
        )
    except typst.TypstError:
        if portrait is None:
            raise
        return as_pdf(content, None)  # a picture whose head is sound and whose rest is not
    return made


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """The first of the folders that the machine has, and the wheel's own fonts."""
    folders = [folder for folder in _FONTS if Path(folder).is_dir()][:1]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=folders)


def _or_dots(text: str) -> str:
    return clean(text) or DOTS


def _lay_out(paper: Document) -> None:
    section = paper.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin = section.bottom_margin = Cm(2)
    section.left_margin, section.right_margin = Cm(2.5), Cm(1.5)
    style = paper.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(13)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "Times New Roman")
    style.paragraph_format.space_after = Pt(4)
    style.paragraph_format.line_spacing = 1.15


def _line(
    paper: Document,
    text: str,
    *,
    size: int = 13,
    bold: bool = False,
    italic: bool = False,
    align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.LEFT,
) -> None:
    paragraph = paper.add_paragraph()
    paragraph.alignment = align
    run = paragraph.add_run(clean(text))
    run.font.size, run.bold, run.italic = Pt(size), bold, italic


def _add_table(paper: Document, table: "Table") -> None:
    _line(paper, table.title, bold=True)
    rows = table.rows or (("",) * len(table.heads),)
    made = paper.add_table(rows=1 + len(rows), cols=len(table.heads))
    made.style = "Table Grid"
    made.autofit = False
    for place, head in enumerate(table.heads):
        made.columns[place].width = Cm(_WIDTHS[len(table.heads)][place])
        _fill(made, 0, place, head, bold=True)
    for number, row in enumerate(rows, start=1):
        for place, text in enumerate(row):
            _fill(made, number, place, text)
    for number, row_made in enumerate(made.rows):
        properties = row_made._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if number == 0:
            properties.append(OxmlElement("w:tblHeader"))
    paper.add_paragraph().paragraph_format.space_after = Pt(0)


def _fill(made: WordTable, row: int, place: int, text: str, *, bold: bool = False) -> None:
    cell = made.cell(row, place)
    cell.width = Cm(_WIDTHS[len(made.columns)][place])
    run = cell.paragraphs[0].add_run(clean(text))
    run.font.size, run.bold = Pt(12), bold


def _signatures(paper: Document) -> None:
    """The two who sign, on one page."""
    made = paper.add_table(rows=1, cols=2)
    texts = (
        ("Người khai", "Tôi xin cam đoan những lời khai trên đây là đúng sự thật", "(Ký tên, ghi rõ họ tên)"),
        ("……, ngày …… tháng …… năm ……", "Thủ trưởng cơ quan, đơn vị quản lý và sử dụng", "(Ký tên, đóng dấu)"),
    )
    for place, lines in enumerate(texts):
        cell = made.cell(0, place)
        for number, text in enumerate(lines):
            paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            paragraph.paragraph_format.keep_with_next = True
            paragraph.add_run(text).italic = number == 2
        cell.add_paragraph().paragraph_format.space_before = Pt(60)
    made.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _set_footer(paper: Document, text: str) -> None:
    paragraph = paper.sections[0].footer.paragraphs[0]
    run = paragraph.add_run(clean(text))
    run.font.size, run.italic = Pt(8), True
