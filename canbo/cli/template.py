"""``canbo template``: a blank workbook to fill in."""

from pathlib import Path
from typing import Annotated

import typer

from canbo.common.findings import Refused
from canbo.common.language import pick


def template(
    file: Annotated[Path, typer.Argument(help="Tệp .xlsx sẽ được ghi.")],
) -> None:
    """Ghi sổ tính mẫu để trống: danh sách chọn, ghi chú từng cột và một dòng ví dụ mỗi trang."""
    from canbo.datasets.template import write_template

    if file.suffix.lower() != ".xlsx":
        raise Refused(
            pick(
                f"Mẫu là sổ tính Excel: hãy đặt tên tệp có đuôi .xlsx thay cho “{file.name}”.",
                f"The template is an Excel workbook: name it with .xlsx instead of “{file.name}”.",
            )
        )
    write_template(file)
    typer.echo(
        pick(
            f"Đã ghi {file}. Điền xong, kiểm tra bằng: canbo check-data {file}",
            f"Wrote {file}. When it is filled in, check it: canbo check-data {file}",
        )
    )
