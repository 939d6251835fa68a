"""``canbo sample``: a synthetic province as a workbook or a folder of Parquet files."""

from pathlib import Path
from typing import Annotated

import typer

from canbo.common.language import pick
from canbo.common.numbers import print_count


def sample(
    out: Annotated[Path, typer.Argument(help="Tệp .xlsx, hoặc thư mục cho Parquet.")],
    people: Annotated[int, typer.Option("--people", help="Số người.", min=1)] = 8000,
    seed: Annotated[int, typer.Option("--seed", help="Hạt giống: cùng hạt giống thì cùng dữ liệu.")] = 1,
    scenario: Annotated[str | None, typer.Option("--scenario", help="Kịch bản, ví dụ thai-nguyen-2021.")] = None,
) -> None:
    """Tạo một tỉnh giả định, tin được ở mọi phân bố; không có người thật nào."""
    from canbo.sample import make_province, write_parquet

    province = make_province(people=people, seed=seed, scenario=scenario)
    if out.suffix.lower() == ".xlsx":
        from canbo.datasets.writing import write_workbook

        write_workbook(province.tables, out, data_date=province.data_date, title=province.title)
    else:
        write_parquet(province, out)
    rows = print_count(sum(table.num_rows for table in province.tables.values()))
    written = print_count(province.tables["people"].num_rows)
    typer.echo(
        pick(
            f"Đã ghi {out}: {written} người, {rows} dòng, dữ liệu giả định.",
            f"Wrote {out}: {written} people, {rows} rows, synthetic.",
        )
    )
