"""``canbo verify``: whether anything was altered, added or removed past the program, sealed snapshots included."""

from typing import Annotated

import typer

from canbo.cli.printing import print_json
from canbo.common.findings import Finding, has_errors
from canbo.common.language import pick


def verify(
    known_head: Annotated[str, typer.Option("--head", help="Mã băm đã ghi trên giấy lần trước.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="In JSON.")] = False,
) -> None:
    """Kiểm tra nhật ký, lịch sử, dữ liệu hiện hành và bản niêm phong có bị sửa, thêm, xóa ngoài chương trình không."""
    from canbo.cli.house import now, open_house

    open_house()
    from canbo.audit.verifying import anchor_head, head
    from canbo.audit.verifying import verify as verify_all
    from canbo.snapshot.seals import verify_seals

    found = [*verify_all(at=now(), known_head=known_head), *verify_seals()]
    last = head() if has_errors(found) else anchor_head()
    if as_json:
        print_json(
            {
                "findings": [finding.as_json() for finding in found],
                "head": None if last is None else {"id": last.id, "hash": last.hash, "moment": last.moment.isoformat()},
            }
        )
    else:
        _print(found)
        if last is not None:
            typer.echo(
                pick(
                    f"Ghi lên giấy: mục nhật ký {last.id}, mã băm {last.hash}",
                    f"Note on paper: entry {last.id} of the log, hash {last.hash}",
                )
            )
    if has_errors(found):
        raise typer.Exit(1)


def _print(found: list[Finding]) -> None:
    for finding in found:
        typer.echo(f"- {finding.message}")
        if finding.suggestion:
            typer.echo(f"  {finding.suggestion}")
    if not has_errors(found):
        typer.echo(
            pick(
                "Không thấy dấu vết sửa, thêm hay xóa: nhật ký, lịch sử, dữ liệu hiện hành và các bản niêm phong khớp "
                "nhau.",
                "No trace of altering, adding or removing: log, history, present data and seals agree.",
            )
        )
