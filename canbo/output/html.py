"""The report as one HTML file that needs no network and no script. Its parts: ``html_views``."""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from canbo.common.files import replacing
from canbo.common.language import current, pick
from canbo.common.numbers import parse_day, print_count, print_day
from canbo.common.shares import parse_goal
from canbo.measure.results import Dossier, ListedRow, Report, Status
from canbo.output import faults, html_views, words
from canbo.output.bars import Bar
from canbo.output.heat import heat_tables
from canbo.output.html_views import IndicatorView
from canbo.output.svg import draw

FIRST = 6
"""So many short targets stand in “Cần quyết định trước”."""
FAULTS_SHOWN = 200
"""So many findings of one kind are spelled out."""


def write_html(dossier: Dossier, path: Path) -> None:
    """Write the report as one self-contained file, readable by its owner only.

    :raises Refused: when the folder does not exist or cannot be written.
    """
    page = render(dossier)
    with replacing(path) as temporary:
        temporary.write_text(page, encoding="utf-8")


def render(dossier: Dossier) -> str:
    """The page in the language in force. Without names: no list, no person, no finding's own words."""
    report = dossier.report
    rows = html_views.views(dossier)
    by_id = {view.result.id: view for view in rows}
    short = [by_id[one.id] for one in words.decisions_first(report)]
    unmeasured = html_views.reasons_unmeasured(rows)
    heat = heat_tables(report.indicators)
    page = _environment().get_template("report.html.j2")
    return page.render(
        lang=current(),
        dossier=dossier,
        report=report,
        opening=words.opening(report),
        made_at=_moment(dossier.made_at),
        strip=_strip(rows),
        parts=_parts(report, has_heat=bool(heat)),
        first=short[:FIRST],
        first_left=max(len(short) - FIRST, 0),
        unmeasured=unmeasured,
        unmeasured_count=sum(len(found) for _, found in unmeasured),
        key_bars=_key_bars(),
        groups=html_views.groups(rows),
        heat=heat,
        by_id=by_id,
        anchors={view.result.id: view.anchor for view in rows},
        by_title=words.by_title(report.by or "unit"),
        faults=faults.gather(report.findings),
        faults_text=words.findings_text(report.findings),
        faults_shown=FAULTS_SHOWN,
        origin=_origin(dossier),
        reminder=_reminder(dossier),
    )


@lru_cache(maxsize=1)
def _environment() -> Environment:
    loaded = Environment(
        loader=PackageLoader("canbo.output"),
        autoescape=True,  # names and labels may hold < & "
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    loaded.globals.update(
        t=pick,
        day=print_day,
        count=print_count,
        frac=words.fraction_text,
        aim=words.aim_text,
        change=words.change_since,
        place=words.place_text,
        status_word=_status_word,
        row_name=_row_name,
    )
    return loaded


def _status_word(status: Status) -> str:
    return words.status_of(status, 0, "people").word


def _row_name(row: ListedRow) -> str:
    """A person's name; a row of another dataset by its key."""
    return row.name or " · ".join(value for value in row.key.values() if value)


def _moment(text: str) -> str:
    """“31/12/2025 08:30” of an ISO moment; other text stays as it is."""
    day = parse_day(text[:10])
    clock = text[11:16] if len(text) >= 16 else ""
    return " ".join(part for part in (print_day(day.first), clock) if part) if day else text


def _strip(rows: Sequence[IndicatorView]) -> list[tuple[str, str, int, str]]:
    """Tone, sign, number and word of each result that occurs."""
    number = Counter(view.status.tone for view in rows if not words.is_orientation(view.result))
    later = sum(words.is_orientation(view.result) for view in rows)
    told: tuple[tuple[words.Tone, Status, str], ...] = (
        ("met", "met", pick("đạt", "met")),
        ("short", "short", pick("chưa đạt", "short")),
        ("late", "short", pick("chưa đạt, đã quá hạn", "short, day passed")),
        ("unknown", "not_measurable", pick("chưa đo được", "not measurable")),
        ("report", "report", pick("để báo cáo", "reported")),
    )
    strip: list[tuple[str, str, int, str]] = [
        (tone, words.SIGNS[status], number[tone], word) for tone, status, word in told if number[tone]
    ]
    if later:
        strip.append(("report", "→", later, pick("định hướng", "orientations")))
    return strip


def _parts(report: Report, *, has_heat: bool) -> list[tuple[str, str]]:
    told = [
        ("can-quyet-dinh", pick("Cần quyết định", "Decide first"), True),
        ("chi-tieu", pick("Bảng chỉ tiêu", "Targets"), True),
        ("don-vi", pick("Theo đơn vị", "By unit"), has_heat),
        ("muc-tieu", pick("Mục tiêu", "Objectives"), bool(report.objectives)),
        ("tung-chi-tieu", pick("Từng chỉ tiêu", "Each target"), True),
        ("du-lieu", pick("Dữ liệu", "Data"), True),
        ("nguon-goc", pick("Nguồn gốc", "Origin"), True),
    ]
    return [(anchor, title) for anchor, title, is_there in told if is_there]


def _key_bars() -> dict[str, Markup]:
    """The marks of the target bar one by one, for the legend."""
    goal, band = parse_goal(">= 50%"), parse_goal("30%..70%")
    zero = Fraction(0)
    made = {
        "value": Bar(Fraction(3, 4), None),
        "goal": Bar(zero, goal),
        "range": Bar(zero, band),
        "baseline": Bar(zero, None, Fraction(1, 2)),
        "unknown": Bar(Fraction(1, 4), None, None, Fraction(1, 2)),
    }
    return {name: Markup(draw(bar, width=40)) for name, bar in made.items()}


def _origin(dossier: Dossier) -> list[tuple[str, str]]:
    report = dossier.report
    return [
        (pick("Đo tại ngày", "Measured on"), print_day(report.as_of)),
        (pick("Số liệu của ngày", "Data of the day"), print_day(report.data_date)),
        (pick("Tệp số liệu", "Data"), dossier.data_name),
        (pick("Phiên bản số liệu", "Version of the data"), report.data_version),
        (pick("Đề án", "Scheme"), f"{report.scheme_title} ({report.scheme_id})"),
        (pick("Phiên bản đề án", "Version of the scheme"), report.scheme_version),
        (pick("Bộ máy tính", "Engine"), report.engine),
        (pick("Người lập", "Made by"), dossier.made_by),
        (pick("Lúc", "At"), _moment(dossier.made_at)),
        (pick("Mục đích", "For"), dossier.made_for),
    ]


def _reminder(dossier: Dossier) -> str:
    if dossier.with_names:
        return pick(
            "Tệp này có họ tên và thông tin cá nhân của cán bộ. Chỉ gửi cho người có thẩm quyền xem, dùng"
            " đúng mục đích ghi trên, ghi mức độ mật theo quy định của cơ quan trước khi lưu hành."
            " Bản gửi rộng hơn: chạy lại lệnh với --without-names.",
            "This file holds names and personal data of officials. Send it only to those entitled to see it,"
            " use it for the purpose above, and mark its classification by your agency's rules before it"
            " circulates. For a wider circle run the command again with --without-names.",
        )
    return pick(
        "Bản này không có họ tên; các đơn vị dưới 5 người đã được gộp lại. Vẫn cần ghi mức độ mật theo quy"
        " định của cơ quan trước khi lưu hành.",
        "This form holds no names, and units under 5 people are joined. Mark its classification by your"
        " agency's rules before it circulates.",
    )
