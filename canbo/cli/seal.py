"""``canbo seal`` and ``canbo seals``: a day's data sealed into a folder, and the list of what was sealed."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from canbo.cli.printing import day_option, moment_option, print_json
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.common.numbers import print_count, print_day

if TYPE_CHECKING:
    from canbo.snapshot.models import Seal

_KNOWN = "Theo những gì đã biết đến thời điểm này; bỏ trống là lúc niêm phong."


def seal(
    day: Annotated[str, typer.Argument(help="Ngày của dữ liệu.")],
    folder: Annotated[Path, typer.Argument(help="Thư mục mới sẽ chứa các tệp Parquet.")],
    known: Annotated[str | None, typer.Option("--known", help=_KNOWN)] = None,
    title: Annotated[str, typer.Option("--title", help="Tên gọi, ví dụ “Báo cáo năm 2025”.")] = "",
    replaces: Annotated[int | None, typer.Option("--replaces", help="Số của bản niêm phong được thay thế.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="In JSON.")] = False,
) -> None:
    """Niêm phong dữ liệu của một ngày: sau này tính lại vẫn đúng từng byte, dù dữ liệu đã thay đổi."""
    from canbo.cli.house import author, now, open_house

    on, moment = day_option(day), moment_option(known)
    assert on is not None  # the argument is required
    open_house()
    from canbo.snapshot import seals

    made = seals.seal(
        day=on,
        known=moment,
        title=title.strip() or pick(f"Dữ liệu ngày {print_day(on)}", f"Data of {print_day(on)}"),
        folder=folder,
        by=author(),
        at=now(),
        replaces=None if replaces is None else _found(replaces),
    )
    if as_json:
        print_json(_shown(made))
        return
    people = print_count(made.rows["people"])
    typer.echo(
        pick(
            f"Đã niêm phong số {made.pk}, “{made.title}”: {people} người, thư mục {made.folder}",
            f"Sealed as number {made.pk}, “{made.title}”: {people} people, folder {made.folder}",
        )
    )
    typer.echo(pick(f"Mã nội dung: {made.content}", f"Hash of the contents: {made.content}"))


def list_seals(as_json: Annotated[bool, typer.Option("--json", help="In JSON.")] = False) -> None:
    """Liệt kê các bản niêm phong; “canbo verify” kiểm tra chúng."""
    from canbo.cli.house import open_house

    open_house()
    from canbo.snapshot.models import Seal

    found = list(Seal.objects.order_by("pk"))
    if as_json:
        print_json({"seals": [_shown(one) for one in found]})
        return
    if not found:
        typer.echo(pick("Chưa có bản niêm phong nào.", "Nothing was sealed yet."))
    for one in found:
        for line in _lines(one):
            typer.echo(line)


def _found(number: int) -> "Seal":
    """:raises Refused: there is no seal of this number."""
    from canbo.snapshot.models import Seal

    found = Seal.objects.filter(pk=number).first()
    if found is None:
        raise Refused(
            pick(
                f"Không có bản niêm phong số {number}. Xem danh sách bằng “canbo seals”. Chưa ghi gì.",
                f"There is no seal number {number}. “canbo seals” lists them. Nothing was written.",
            )
        )
    return found


def _lines(one: "Seal") -> list[str]:
    day, known, at = print_day(one.day), _moment(one.known), _moment(one.sealed_at)
    instead = ""
    if one.replaces_id is not None:
        instead = pick(f", thay bản số {one.replaces_id}", f", replaces number {one.replaces_id}")
    return [
        f"{one.pk}. {one.title}{instead}",
        pick(
            f"   dữ liệu ngày {day} theo những gì đã biết đến {known}; {one.by} niêm phong lúc {at}",
            f"   data of {day} as known at {known}; sealed by {one.by} at {at}",
        ),
        f"   {one.folder}",
        f"   {one.content}",
    ]


def _moment(at: datetime) -> str:
    return f"{at.astimezone():%H:%M %d/%m/%Y}"


def _shown(one: "Seal") -> dict[str, Any]:
    return {
        "id": one.pk,
        "title": one.title,
        "day": one.day.isoformat(),
        "known": one.known.astimezone().isoformat(),
        "folder": one.folder,
        "content": one.content,
        "files": one.files,
        "rows": one.rows,
        "sealed_at": one.sealed_at.astimezone().isoformat(),
        "by": one.by,
        "replaces": one.replaces_id,
    }
