"""``canbo import``: a file's datasets into the register; what it would change is shown before anything is written."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from canbo.cli.house import author, now, open_house
from canbo.cli.printing import day_option, print_json
from canbo.common.language import pick
from canbo.common.numbers import print_count, print_day

if TYPE_CHECKING:
    from rich.console import Console

    from canbo.register.importing.preview import Preview


def import_data(
    data: Annotated[Path, typer.Argument(help="Sổ tính (.xlsx, .xls, .ods), hoặc thư mục CSV hay Parquet.")],
    as_of: Annotated[str | None, typer.Option("--as-of", help="Ngày của dữ liệu, nếu khác ngày tệp ghi.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Nhập luôn, không hỏi.")] = False,
    sheet: Annotated[list[str] | None, typer.Option("--sheet", help="TÊN TRANG=BỘ DỮ LIỆU.")] = None,
    match: Annotated[list[str] | None, typer.Option("--match", help="TIÊU ĐỀ=CỘT.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="In JSON.")] = False,
) -> None:
    """Nhập dữ liệu vào cơ sở dữ liệu: xem trước những gì sẽ tạo, đổi, kết thúc hay để nguyên, rồi nhập tất cả."""
    from canbo.datasets.matching import read_matches

    day, matches = day_option(as_of), read_matches(sheet or [], match or [])
    open_house()
    from canbo.register.importing import run

    with _shown_progress() as progress:
        preview = run.prepare(data, as_of=day, matches=matches, progress=progress)
    if not as_json:
        _print(preview)
    batch = None
    if preview.totals.writes and (yes or (not as_json and _agreed())):
        with _shown_progress() as progress:
            batch = run.apply(preview, by=author(), at=now(), progress=progress)
    if as_json:
        print_json({**preview.as_json(), "applied": batch is not None, "batch": batch.pk if batch else None})
        return
    typer.echo(_outcome(preview, batch is not None))


def _agreed() -> bool:
    """Whether the user at the terminal says so; without a terminal nobody does."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    return typer.confirm(pick("Nhập vào cơ sở dữ liệu?", "Import?"), default=False)


def _outcome(preview: "Preview", applied: bool) -> str:
    if applied:
        return pick("Đã nhập toàn bộ.", "Imported, all of it.")
    if not preview.totals.writes:
        return pick("Không có gì phải thay đổi.", "Nothing to change.")
    return pick("Chưa nhập gì. Thêm --yes để nhập.", "Nothing was imported. Add --yes to import.")


@contextmanager
def _shown_progress() -> Iterator[Callable[[str, int, int], None]]:
    from rich.console import Console
    from rich.progress import Progress, TaskID

    with Progress(console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def show(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bar.add_task(step, total=total)
            bar.update(tasks[step], completed=done, total=total)

        yield show


def _print(preview: "Preview") -> None:
    from rich.console import Console

    from canbo.output.terminal import print_findings

    console = Console()
    day = print_day(preview.as_of)
    console.print(
        pick(f"Dữ liệu {preview.path}, ngày {day}", f"Data {preview.path}, of {day}"), markup=False, highlight=False
    )
    _print_counts(preview, console)
    for row in [row for row in preview.rows() if row.effect != "created"][:20]:
        differs = "; ".join(f"{name}: {was} → {becomes}" for name, (was, becomes) in row.differs.items())
        console.print(f"{_effects()[row.effect]}: {row.key} {differs}".rstrip(), markup=False, highlight=False)
    console.print()
    print_findings(preview.findings, console)


def _print_counts(preview: "Preview", console: "Console") -> None:
    from rich.table import Table

    from canbo.datasets.dictionary import dictionary

    shown = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    shown.add_column(pick("Trang", "Sheet"))
    effects = _effects()
    for title in effects.values():
        shown.add_column(title, justify="right")
    for name, counts in preview.by_dataset.items():
        shown.add_row(dictionary()[name].title, *(print_count(vars(counts)[effect]) for effect in effects))
    console.print(shown)


def _effects() -> dict[str, str]:
    return {
        "created": pick("Tạo mới", "Created"),
        "changed": pick("Thay đổi", "Changed"),
        "ended": pick("Kết thúc", "Ended"),
        "left": pick("Để nguyên", "Left"),
        "conflict": pick("Mâu thuẫn", "Conflict"),
        "waiting": pick("Chờ xử lý", "Waiting"),
    }
