"""Pieces of the Word templates: page, styles, tables, appendix heads. The report's text stands beside."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from docx.document import Document as Word
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.enum.text import WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

FONT = "Times New Roman"
BLANK = "Chỗ bổ sung"


@dataclass(frozen=True)
class Layout:
    """What differs between the rules of layout; sizes in points, the indent in millimetres."""

    name: str
    party: bool
    end: str
    on_behalf: str
    body: int
    exact_line: int | None
    indent: float


def prepare(document: Word, layout: Layout) -> None:
    """Page, styles and the page number of the first section."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.header_distance = section.footer_distance = Mm(10)
    section.different_first_page_header_footer = True
    number = section.header.paragraphs[0]
    number.alignment = ALIGN.CENTER
    add_field(number, "PAGE", size=14)
    _set_styles(document, layout)


def _set_styles(document: Word, layout: Layout) -> None:
    _style(document, "Normal", size=layout.body)
    body = _style(document, "Body Text", size=layout.body, align=ALIGN.JUSTIFY, after=6, indent=layout.indent)
    if layout.exact_line:
        body.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
        body.paragraph_format.line_spacing = Pt(layout.exact_line)
    else:
        body.paragraph_format.line_spacing = 1.15
    body.paragraph_format.widow_control = True
    _style(document, "Title", size=14, bold=True, align=ALIGN.CENTER, before=18, after=4)
    _style(document, "Subtitle", size=14, bold=True, align=ALIGN.CENTER, after=12 if layout.party else 2)
    _style(document, "Heading 1", size=14, bold=True, before=12, after=6, keep=True, indent=layout.indent)
    _style(document, "Heading 2", size=14, bold=True, before=6, after=6, keep=True, indent=layout.indent)
    _style(document, "Caption", size=13, bold=True, align=ALIGN.CENTER, before=10, after=4, keep=True)
    _style(document, "Khối đầu", size=13, align=ALIGN.CENTER)
    _style(document, "Khối trái", size=11)
    _style(document, "Chữ bảng", size=12, before=2, after=2)
    _style(document, "Ghi chú bảng", size=12, italic=True, after=6, before=2)
    _style(document, "Tên phụ lục", size=14, bold=True, align=ALIGN.CENTER, keep=True)
    _style(document, "Dòng ngắt", size=1)
    blank = document.styles.add_style(BLANK, WD_STYLE_TYPE.CHARACTER)
    blank.element.set(qn("w:styleId"), _ascii(BLANK))
    shade = _element("w:shd", val="clear", color="auto", fill="FFF2B3")
    blank.element.get_or_add_rPr().append(shade)


def _style(
    document: Word,
    name: str,
    *,
    size: float,
    bold: bool = False,
    italic: bool = False,
    align: Any = None,
    before: float = 0,
    after: float = 0,
    indent: float = 0,
    keep: bool = False,
) -> Any:
    known = {style.name for style in document.styles}
    style = document.styles[name] if name in known else document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    if name not in known:
        style.element.set(qn("w:styleId"), _ascii(name))
        style.base_style = document.styles["Normal"]
    font, shape = style.font, style.paragraph_format
    font.name, font.size, font.bold, font.italic = FONT, Pt(size), bold, italic
    font.color.rgb = RGBColor(0, 0, 0)
    properties = style.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for kind in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{kind}"), None)
    for kind in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{kind}"), FONT)
    for gone in properties.findall(qn("w:spacing")) + properties.findall(qn("w:lang")):
        properties.remove(gone)
    properties.append(_element("w:lang", val="vi-VN", eastAsia="vi-VN"))
    shape.space_before, shape.space_after = Pt(before), Pt(after)
    shape.first_line_indent = Mm(indent) if indent else Mm(0)
    shape.keep_with_next = keep
    if align is not None:
        shape.alignment = align
    for border in style.element.findall(f"{qn('w:pPr')}/{qn('w:pBdr')}"):
        border.getparent().remove(border)
    return style


def _ascii(name: str) -> str:
    """The identifier of a style: old programs do not read marks there."""
    plain = unicodedata.normalize("NFD", name.replace("đ", "d").replace("Đ", "D")).encode("ascii", "ignore")
    return plain.decode().title().replace(" ", "")


def _element(name: str, **attributes: str) -> Any:
    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    return element


def add_text(
    paragraph: Any,
    text: str,
    *,
    style: str | None = None,
    size: float | None = None,
    bold: bool | None = None,
    italic: bool | None = None,
) -> Any:
    """Text at the end of a paragraph; returns the paragraph."""
    if style:
        paragraph.style = style
    if text or size:
        run = paragraph.add_run(text)
        run.font.size = Pt(size) if size else None
        run.bold, run.italic = bold, italic
    return paragraph


def add_blank(paragraph: Any, text: str, *, size: float | None = None, bold: bool | None = None) -> None:
    """A place that the office fills in, shaded so that none is overlooked."""
    run = paragraph.add_run(text, style=BLANK)
    run.font.size = Pt(size) if size else None
    run.bold = bold


def add_field(paragraph: Any, code: str, *, size: float) -> None:
    """A field such as the page number."""
    for kind, text in (("begin", ""), ("", code), ("end", "")):
        run = paragraph.add_run()
        run.font.size, run.font.name = Pt(size), FONT
        if kind:
            run._r.append(_element("w:fldChar", fldCharType=kind))
        else:
            instruction = OxmlElement("w:instrText")
            instruction.text = text
            run._r.append(instruction)


def tag(document: Word, text: str) -> None:
    """A paragraph that only steers the template and vanishes when it is filled."""
    document.add_paragraph(text, style="Dòng ngắt")


def line_below(paragraph: Any, *, width: float, length: float) -> None:
    """A rule of ``length`` mm in the middle of ``width`` mm."""
    paragraph.style = "Dòng ngắt"
    side = (width - length) / 2
    shape = paragraph.paragraph_format
    shape.left_indent = shape.right_indent = Mm(side)
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(3)
    shape.space_before, shape.space_after = Pt(2), Pt(6)
    border = OxmlElement("w:pBdr")
    border.append(_element("w:top", val="single", sz="6", space="1", color="000000"))
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(border, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")


def plain_table(document: Word, widths: Sequence[float]) -> Any:
    """A table of one row without borders; the row never breaks and its paragraphs stay together."""
    table = document.add_table(rows=1, cols=len(widths))
    _set_widths(table, widths)
    _never_break(table.rows[0])
    return table


def bordered_table(document: Word, widths: Sequence[float]) -> Any:
    """A table with borders, no rows yet but the head, in columns of the widths (mm)."""
    table = document.add_table(rows=1, cols=len(widths))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    _set_widths(table, widths)
    return table


def _set_widths(table: Any, widths: Sequence[float]) -> None:
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for cell, width in zip(table.rows[0].cells, widths, strict=True):
        cell.width = Mm(width)
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margins.append(_element(f"w:{side}", w="57", type="dxa"))
    table._tbl.tblPr.insert_element_before(margins, "w:tblLook")


def _never_break(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def heads(table: Any, texts: Sequence[str]) -> None:
    """The head row, repeated on every page."""
    row = table.rows[0]
    _never_break(row)
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for cell, text in zip(row.cells, texts, strict=True):
        add_text(cell.paragraphs[0], text, style="Chữ bảng", bold=True)
        cell.paragraphs[0].alignment = ALIGN.CENTER
        cell.paragraphs[0].paragraph_format.keep_with_next = True
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER


def row_of(table: Any, texts: Sequence[str], *, left: set[int], bold: bool | None = None) -> None:
    """A row that does not break; columns in ``left`` to the left, the others centred."""
    row = table.add_row()
    _never_break(row)
    for at, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
        add_text(cell.paragraphs[0], text, style="Chữ bảng", bold=bold)
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        if at not in left:
            cell.paragraphs[0].alignment = ALIGN.CENTER


def jinja_row(table: Any, text: str) -> None:
    """A row that only steers the template and vanishes when it is filled."""
    table.add_row().cells[0].paragraphs[0].add_run(text)


def landscape(document: Word) -> None:
    """A new section across the page, its page numbers from 1, none printed on its first page."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    document.paragraphs[-1].style = "Dòng ngắt"
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.different_first_page_header_footer = True
    for old in section._sectPr.findall(qn("w:pgNumType")):
        section._sectPr.remove(old)
    numbering = _element("w:pgNumType", start="1")
    section._sectPr.insert_element_before(numbering, "w:cols", "w:titlePg", "w:docGrid")


def appendix_head(document: Word, layout: Layout, name: str, title: str) -> None:
    """“Phụ lục I”, its title, and the report that it comes with."""
    number = "…-BC/…" if layout.party else "…/BC-…"
    attached = f"(Kèm theo Báo cáo số {number} ngày … tháng … năm … của "
    add_text(document.add_paragraph(), name, style="Tên phụ lục")
    add_text(document.add_paragraph(), title, style="Tên phụ lục")
    paragraph = add_text(document.add_paragraph(), attached, style="Khối đầu", italic=True, size=14)
    add_blank(paragraph, "[tên cơ quan báo cáo]", size=14)
    add_text(paragraph, ")", italic=True, size=14)
    paragraph.paragraph_format.space_after = Pt(6)
