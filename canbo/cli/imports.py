"""``canbo imports``: what was imported, when and by whom; ``canbo imports undo``: one of them taken back."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from canbo.cli.printing import print_json
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.common.numbers import print_count, print_day

if TYPE_CHECKING:
    from canbo.register.importing.undo import Undoing
    from canbo.register.models import ImportBatch

app = typer.Typer(help="Các lần nhập dữ liệu, và hoàn tác một lần nhập.")
_JSON = typer.Option("--json", help="In JSON.")
_SHOWN = 20


@app.callback(invoke_without_command=True)
def list_imports(context: typer.Context, as_json: Annotated[bool, _JSON] = False) -> None:
    """Các lần nhập dữ liệu: tệp, ngày của dữ liệu, ai nhập lúc nào, bao nhiêu dòng, đã hoàn tác chưa."""
    if context.invoked_subcommand is not None:
        return
    from canbo.cli.house import open_house

    open_house()
    from canbo.register.models import ImportBatch

    found = list(ImportBatch.objects.order_by("pk"))
    if as_json:
        print_json({"imports": [_as_json(one) for one in found]})
    elif found:
        _print(found)
    else:
        typer.echo(
            pick("Chưa nhập gì. Nhập bằng “canbo import TỆP”.", "Nothing was imported yet. “canbo import FILE”.")
        )


@app.command("undo")
def undo_import(
    number: Annotated[int, typer.Argument(help="Số của lần nhập, như “canbo imports” in ra.")],
    yes: Annotated[bool, typer.Option("--yes", help="Hoàn tác ngay, không hỏi lại.")] = False,
    keep_changed: Annotated[
        bool,
        typer.Option("--keep-changed", help="Giữ nguyên hồ sơ đã được sửa sau lần nhập, hoàn tác phần còn lại."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="In JSON; không có --yes thì chỉ xem trước.")] = False,
) -> None:
    """Hoàn tác một lần nhập: xem trước những gì sẽ bỏ đi và khôi phục, rồi làm toàn bộ hoặc không gì cả."""
    from canbo.cli.house import author, now, open_house

    open_house()
    from canbo.register.importing import undo

    batch = _found(number)
    shown = undo.preview(batch, keep=keep_changed)
    is_blocked = shown.later_count > 0 and not keep_changed
    if not as_json:
        _print_undoing(batch, shown)
    if is_blocked and (yes or not as_json):
        raise undo.blocked(shown)
    wanted = yes or (not as_json and typer.confirm(pick("Hoàn tác?", "Undo it?"), default=False))
    if wanted:
        shown = undo.undo(batch, by=author(), at=now(), keep=keep_changed)
    if as_json:
        print_json({"import": _as_json(batch), "undone": wanted, "blocked": is_blocked, **shown.as_json()})
    elif wanted:
        typer.echo(pick(f"Đã hoàn tác lần nhập số {number}.", f"Import {number} was undone."))
    else:
        typer.echo(pick("Chưa thay đổi gì.", "Nothing was changed."))


def _found(number: int) -> "ImportBatch":
    """:raises Refused: there is no import of this number."""
    from canbo.register.models import ImportBatch

    found = ImportBatch.objects.filter(pk=number).first()
    if found is None:
        raise Refused(
            pick(
                f"Không có lần nhập số {number}. Xem danh sách bằng “canbo imports”. Chưa thay đổi gì.",
                f"There is no import {number}. “canbo imports” lists them. Nothing was changed.",
            )
        )
    return found


def _print(found: "list[ImportBatch]") -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    shown = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    shown.add_column(pick("Số", "No"), justify="right")
    for title in (
        pick("Tệp", "File"),
        pick("Dữ liệu ngày", "Data of"),
        pick("Nhập lúc", "Imported"),
        pick("Bởi", "By"),
    ):
        shown.add_column(title)
    for title in (pick("Tạo mới", "Created"), pick("Thay đổi", "Changed"), pick("Kết thúc", "Ended")):
        shown.add_column(title, justify="right")
    shown.add_column("")
    for one in found:
        shown.add_row(
            str(one.pk),
            escape(one.file_name),
            print_day(one.as_of),
            f"{one.applied_at.astimezone():%H:%M %d/%m/%Y}",
            escape(one.by),
            *(print_count(count) for count in (one.created, one.changed, one.ended)),
            pick("đã hoàn tác", "undone") if one.undone else "",
        )
    Console().print(shown)


def _print_undoing(batch: "ImportBatch", shown: "Undoing") -> None:
    day = print_day(batch.as_of)
    typer.echo(
        pick(
            f"Hoàn tác lần nhập số {batch.pk}: tệp {batch.file_name}, dữ liệu ngày {day}, do {batch.by} nhập.",
            f"Undo import {batch.pk}: file {batch.file_name}, data of {day}, imported by {batch.by}.",
        )
    )
    for one in shown.tables:
        removed, put_back, left = (print_count(count) for count in (one.removed, one.put_back, one.left))
        line = pick(
            f"  {one.kind}: bỏ {removed}, khôi phục {put_back}", f"  {one.kind}: {removed} removed, {put_back} put back"
        )
        typer.echo(line + (pick(f", giữ nguyên {left}", f", {left} left") if one.left else ""))
    if not shown.later_count:
        return
    count = print_count(shown.later_count)
    typer.echo(pick(f"Đã sửa hoặc nhập thêm sau đó ({count} dòng):", f"Changed or entered since ({count} rows):"))
    for later in shown.later[:_SHOWN]:
        at = f"{later.at.astimezone():%H:%M %d/%m/%Y}"
        typer.echo(f"  {later.kind}: {later.key} ({later.action}, {later.by}, {at})")
    if shown.later_count > _SHOWN:
        typer.echo("  …")
    if shown.left:
        left = print_count(shown.left)
        typer.echo(
            pick(
                f"Giữ nguyên toàn bộ hồ sơ của {left} người, đơn vị hoặc mục khác.",
                f"Everything of {left} persons, units or other things is left as it is.",
            )
        )


def _as_json(one: "ImportBatch") -> dict[str, Any]:
    return {
        "id": one.pk,
        "file_name": one.file_name,
        "content": one.content,
        "as_of": one.as_of.isoformat(),
        "applied_at": one.applied_at.astimezone().isoformat(),
        "by": one.by,
        "created": one.created,
        "changed": one.changed,
        "ended": one.ended,
        "left": one.left,
        "undone": one.undone,
    }
