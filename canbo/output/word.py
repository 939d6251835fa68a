"""The Word report: fills an office's template. Sentences live in ``word_text``, tables in ``word_tables``."""

from collections.abc import Mapping
from datetime import date, datetime
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, Literal

from docxtpl import DocxTemplate
from jinja2 import Environment, StrictUndefined

from canbo.common.files import replacing
from canbo.common.language import speaking
from canbo.common.numbers import print_day
from canbo.measure.results import Dossier
from canbo.output import words
from canbo.output.word_tables import (
    finding_rows,
    group_rows,
    groups,
    name_tables,
    numbered,
    summary_rows,
    unit_tables,
)
from canbo.output.word_text import clean, data_texts, general_texts, scheme_name
from canbo.output.workbook_summary import made_text

PARTY_GUIDE_05 = date(2026, 5, 27)
"""The day from which Hướng dẫn 05-HD/VPTW holds in place of 36-HD/VPTW."""

LONGEST_PROPERTY = 255


def write_word_report(
    dossier: Dossier, path: Path, *, layout: Literal["state", "party"] = "state", template: Path | None = None
) -> None:
    """Write the progress report that an official completes and signs; always in Vietnamese.

    ``state``: Annex I of Nghị định 30/2020/NĐ-CP. ``party``: Hướng dẫn 36-HD/VPTW, and 05-HD/VPTW where the
    report is made from 27/05/2026 on. ``template`` is an office's own copy of a template, in place of both.
    The file takes its place whole or not at all, readable by its owner only.

    :raises Refused: when the folder does not exist or cannot be written.
    """
    with speaking("vi"), replacing(path) as temporary:
        with as_file(files("canbo") / "output" / "templates" / template_name(dossier, layout)) as own:
            document = DocxTemplate(str(template or own))
            jinja = Environment(autoescape=True, undefined=StrictUndefined)
            document.render(_context(dossier, document), jinja, autoescape=True)
        _set_properties(document, dossier)
        document.save(str(temporary))


def template_name(dossier: Dossier, layout: Literal["state", "party"]) -> str:
    """The file of the layout in force on the day on which the report is made."""
    if layout == "state":
        return "report_state.docx"
    return "report_party_05.docx" if _made_on(dossier) >= PARTY_GUIDE_05 else "report_party_36.docx"


def _made_on(dossier: Dossier) -> date:
    try:
        return datetime.fromisoformat(dossier.made_at).date()
    except ValueError:
        return dossier.report.as_of


def _context(dossier: Dossier, document: DocxTemplate) -> Mapping[str, Any]:
    report = dossier.report
    units, names = unit_tables(dossier), name_tables(dossier)
    name, day = scheme_name(report.scheme_title), print_day(report.as_of)
    short = words.decisions_first(report)
    total, rows = group_rows(report)
    return {
        "place": clean(report.province),
        "subject": f"Kết quả thực hiện {name} đến ngày {day}",
        "lead_in": f"Thực hiện {name},",
        "lead_out": f"thực hiện các chỉ tiêu đến ngày {day}",
        "general": general_texts(report, "Phụ lục I"),
        "group_rows": rows,
        "group_total": total,
        "groups": groups(report),
        "short_items": numbered(short, report),
        "unmeasured": numbered([one for one in report.indicators if one.status == "not_measurable"], report),
        "data": data_texts(dossier, made_text(dossier)),
        "finding_rows": finding_rows(report),
        "appendices": _appendix_names(has_units=bool(units)),
        "legend": LEGEND,
        "summary_rows": summary_rows(report, document),
        "unit_tables": units,
        "name_tables": names,
        "names_notice": clean(f"{NAMES_NOTICE} {made_text(dossier)}"),
    }


LEGEND = (
    "Thanh mục tiêu: phần đặc là kết quả, phần gạch chéo là chưa rõ, vạch đứng là mục tiêu, dải nhạt là "
    "khoảng mục tiêu, vòng tròn là mức ban đầu. Cờ rỗng: phải vượt mức; cờ đặc: đúng mức cũng đạt."
)


NAMES_NOTICE = (
    "Phụ lục có dữ liệu cá nhân: cơ quan báo cáo xác định độ mật trước khi ban hành, chỉ dùng đúng mục đích, "
    "không gửi ra ngoài phạm vi nơi nhận."
)


def _appendix_names(*, has_units: bool) -> Mapping[str, str]:
    return {
        "summary": "Phụ lục I",
        "units": "Phụ lục II",
        "names": "Phụ lục III" if has_units else "Phụ lục II",
    }


def _set_properties(document: DocxTemplate, dossier: Dossier) -> None:
    report, properties = dossier.report, document.docx.core_properties
    name, made = scheme_name(report.scheme_title), _made_moment(dossier)
    secrecy = "Có dữ liệu cá nhân." if dossier.with_names else "Không có họ tên."
    texts = {
        "title": f"Báo cáo kết quả thực hiện {name} đến ngày {print_day(report.as_of)}",
        "subject": name,
        "author": dossier.made_by,
        "last_modified_by": dossier.made_by,
        "comments": f"{made_text(dossier)} {secrecy} {words.opening(report)}",
        "keywords": f"{report.scheme_id}; {report.data_version}; {report.scheme_version}",
        "language": "vi-VN",
    }
    for key, text in texts.items():
        setattr(properties, key, clean(text)[:LONGEST_PROPERTY])
    properties.created = properties.modified = made
    properties.revision = 1


def _made_moment(dossier: Dossier) -> datetime:
    """The moment of making without its zone, as the file's properties keep it."""
    try:
        return datetime.fromisoformat(dossier.made_at).replace(tzinfo=None)
    except ValueError:
        return datetime.combine(dossier.report.as_of, datetime.min.time())
