"""``canbo measure``: where every target of a scheme stands on a day."""

import getpass
import sys
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from canbo.cli.printing import KNOWN_HELP, day_option, print_json, read_data, restated_data, today, with_unit_targets
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.common.numbers import print_day
from canbo.datasets.store import Store
from canbo.measure.checking import measurable_scheme
from canbo.measure.evaluation import measure_all
from canbo.measure.grouping import By
from canbo.measure.grouping import without_names as strip_names
from canbo.measure.library import find_scheme
from canbo.measure.results import Dossier, Report
from canbo.measure.sets import Measurer

WRITERS = (".xlsx", ".html", ".docx")


def measure(
    scheme: Annotated[str, typer.Argument(help="Mã đề án trong thư viện, hoặc đường dẫn tệp .yaml.")],
    data: Annotated[str, typer.Argument(help="Sổ Excel, thư mục CSV/Parquet, hoặc register: cơ sở dữ liệu.")],
    as_of: Annotated[str | None, typer.Option("--as-of", help="Ngày đo; bỏ trống là hôm nay.")] = None,
    by: Annotated[By | None, typer.Option("--by", help="Chia theo đơn vị.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="In JSON.")] = False,
    out: Annotated[Path | None, typer.Option("--out", help="Ghi báo cáo .xlsx, .html hoặc .docx.")] = None,
    without_names: Annotated[
        bool, typer.Option("--without-names", help="Không có tên người; gộp đơn vị dưới 5 người.")
    ] = False,
    purpose: Annotated[str | None, typer.Option("--purpose", help="Mục đích lập báo cáo, ghi trong tệp.")] = None,
    made_by: Annotated[str | None, typer.Option("--made-by", help="Người lập; bỏ trống là tên đăng nhập.")] = None,
    engine: Annotated[Literal["duckdb", "spark"], typer.Option("--engine", help="Bộ máy tính toán.")] = "duckdb",
    retiring: Annotated[
        bool, typer.Option("--retiring", help="Sau ngày dữ liệu, ai đến tháng nghỉ hưu coi như đã nghỉ.")
    ] = False,
    data_date: Annotated[str | None, typer.Option("--data-date", help="Ngày của dữ liệu, nếu tệp không ghi.")] = None,
    known: Annotated[str | None, typer.Option("--known", help=KNOWN_HELP)] = None,
    structure: Annotated[
        str | None, typer.Option("--structure", help="Với register: đặt lại theo cơ cấu tổ chức của ngày này.")
    ] = None,
) -> None:
    """Đo mọi chỉ tiêu của đề án tại một ngày: đạt hay chưa, thiếu bao nhiêu người, vì sao chưa đo được."""
    _check_call(out, engine)
    day = day_option(as_of) or today()
    loaded = with_unit_targets(measurable_scheme(find_scheme(scheme)), data, day, known)
    onto = day_option(structure)
    datasets = read_data(data, data_date, as_of=day, known=known, purpose="measure")
    if onto is not None:
        datasets = restated_data(data, datasets, onto, known)
    measurer = Measurer(loaded, Store(datasets, retiring=retiring))
    wants_units = by or ("district" if out is not None else None)
    report = measure_all(measurer, as_of=day, by=wants_units)
    if out is not None:
        made = _Made(made_by or getpass.getuser(), purpose or _purpose(report), Path(data).name)
        _write(_dossier(measurer, report, made, with_names=not without_names), out)
    if as_json:
        print_json((strip_names(report) if without_names else report).as_json())
    elif out is None:
        from rich.console import Console

        from canbo.output.terminal import print_report

        print_report(strip_names(report) if without_names else report, Console(), data_name=data)
    if out is not None:
        sys.stderr.write(pick(f"Đã ghi {out}.", f"Wrote {out}.") + "\n")


def _check_call(out: Path | None, engine: str) -> None:
    """Refuse what cannot be done before anything is read."""
    if engine == "spark":
        raise Refused(
            pick(
                "Bản này chưa đo bằng Spark. Bỏ --engine để đo bằng DuckDB.",
                "This version does not measure with Spark. Leave out --engine to measure with DuckDB.",
            )
        )
    if out is not None and out.suffix.lower() not in WRITERS:
        raise Refused(
            pick(
                f"Không ghi được dạng “{out.suffix or out.name}”. Chọn tệp .xlsx, .html hoặc .docx.",
                f"“{out.suffix or out.name}” cannot be written. Choose .xlsx, .html or .docx.",
            )
        )


def _purpose(report: Report) -> str:
    day: date = report.as_of
    return pick(
        f"Theo dõi kết quả thực hiện đề án tại ngày {print_day(day)}",
        f"Following the scheme's results as of {print_day(day)}",
    )


@dataclass(frozen=True)
class _Made:
    """Who makes the file, for what, from which data."""

    by: str
    purpose: str
    data_name: str


def _dossier(measurer: Measurer, report: Report, made: _Made, *, with_names: bool) -> Dossier:
    from canbo.measure.dossiers import make_dossier

    return make_dossier(
        measurer,
        report,
        made_by=made.by,
        made_at=datetime.now().astimezone().isoformat(timespec="minutes"),
        made_for=made.purpose,
        data_name=made.data_name,
        with_names=with_names,
    )


def _write(dossier: Dossier, out: Path) -> None:
    """The writers are loaded only when asked for: each brings a library."""
    if out.suffix.lower() == ".xlsx":
        from canbo.output.workbook import write_workbook_report as write
    elif out.suffix.lower() == ".html":
        from canbo.output.html import write_html as write
    else:
        from canbo.output.word import write_word_report as write
    write(dossier, out)
