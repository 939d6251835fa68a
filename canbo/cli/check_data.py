"""``canbo check-data``: every finding in the data, what is wrong, where, and what to do."""

from pathlib import Path
from typing import Annotated

import typer

from canbo.cli.printing import KNOWN_HELP, print_json, read_data
from canbo.common.findings import has_errors
from canbo.common.language import pick
from canbo.common.numbers import print_count, print_day
from canbo.datasets.bundle import Datasets
from canbo.datasets.dictionary import dictionary


def check_data(
    data: Annotated[Path, typer.Argument(help="Sổ tính (.xlsx, .xls, .ods), thư mục CSV hay Parquet, hoặc register.")],
    as_json: Annotated[bool, typer.Option("--json", help="In JSON.")] = False,
    data_date: Annotated[str | None, typer.Option("--data-date", help="Ngày của dữ liệu, nếu tệp không ghi.")] = None,
    known: Annotated[str | None, typer.Option("--known", help=KNOWN_HELP)] = None,
) -> None:
    """Kiểm tra dữ liệu: mọi lỗi và cảnh báo, kèm trang, dòng, cột và cách sửa; mã thoát 1 nếu có lỗi."""
    datasets = read_data(str(data), data_date, known=known, purpose="check-data")
    if as_json:
        print_json(
            {
                "data": str(data),
                "data_date": datasets.data_date.isoformat() if datasets.data_date else None,
                "data_version": datasets.version,
                "rows": {name: table.num_rows for name, table in datasets.tables.items()},
                "findings": [finding.as_json() for finding in datasets.findings],
            }
        )
    else:
        _print(data, datasets)
    if has_errors(datasets.findings):
        raise typer.Exit(1)


def _print(data: Path, datasets: Datasets) -> None:
    from rich.console import Console
    from rich.table import Table

    from canbo.output.terminal import print_findings

    console = Console()
    day = print_day(datasets.data_date) if datasets.data_date else pick("không ghi", "not stated")
    console.print(pick(f"Dữ liệu {data}, ngày {day}", f"Data {data}, of {day}"), markup=False, highlight=False)
    shown = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    shown.add_column(pick("Trang", "Sheet"))
    shown.add_column(pick("Số dòng được dùng", "Rows used"), justify="right")
    for name, table in datasets.tables.items():
        shown.add_row(dictionary()[name].title, print_count(table.num_rows))
    console.print(shown)
    console.print()
    print_findings(datasets.findings, console)
