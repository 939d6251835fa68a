"""``canbo reorganise``: shows what a plan of reorganisation does to the register, then carries it out."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from canbo.cli.printing import print_json
from canbo.common.findings import Finding, Refused
from canbo.common.language import pick
from canbo.common.numbers import print_count, print_day

if TYPE_CHECKING:
    from canbo.register.reorganisations.applying import DayOutcome, Preview


def reorganise(
    plan: Annotated[Path, typer.Argument(help="Phương án sắp xếp (.yaml).")],
    yes: Annotated[bool, typer.Option("--yes", help="Thực hiện ngay, không hỏi lại.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="In JSON; không có --yes thì chỉ xem trước.")] = False,
) -> None:
    """Sắp xếp đơn vị theo phương án: xem trước, rồi thực hiện toàn bộ hoặc không gì cả."""
    from canbo.cli.house import author, now, open_house
    from canbo.register.reorganisations.plans import read_plan

    read = read_plan(_text(plan))
    open_house()
    from canbo.register.reorganisations.applying import apply, preview

    shown = preview(read, by=author(), at=now())
    if not as_json:
        _print(shown)
    wanted = yes or (not as_json and typer.confirm(pick("Thực hiện?", "Carry it out?"), default=False))
    number = None
    if wanted:
        number = apply(read, by=author(), at=now())[0].pk
    if as_json:
        print_json({"applied": number is not None, "reorganisation": number, **shown.as_json()})
    elif number is not None:
        typer.echo(pick(f"Đã thực hiện: sắp xếp số {number}.", f"Carried out: reorganisation {number}."))
    else:
        typer.echo(pick("Chưa ghi gì.", "Nothing was written."))


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(pick(f"Không đọc được phương án “{path}”.", f"The plan “{path}” cannot be read.")) from error


def _print(shown: "Preview") -> None:
    typer.echo(shown.title)
    for day in shown.days:
        for line in _lines(day):
            typer.echo(line)
    for finding in shown.findings:
        typer.echo(_told(finding))


def _lines(day: "DayOutcome") -> list[str]:
    from canbo.register.refusals import what_is

    named = (
        (pick("Lập mới", "Founded"), day.founded),
        (pick("Kết thúc", "Ended"), day.dissolved),
        (pick("Thay đổi", "Changed"), day.altered),
    )
    lines = [
        pick(
            f"Ngày {print_day(day.day)}: {print_count(day.people)} người, "
            f"{print_count(day.mandates)} nhiệm vụ tài khoản.",
            f"On {print_day(day.day)}: {print_count(day.people)} people, {print_count(day.mandates)} mandates.",
        )
    ]
    lines += [
        f"  {label} ({print_count(len(units))}): " + ", ".join(f"{name} ({code})" for code, name in units)
        for label, units in named
        if units
    ]
    return lines + [
        pick(
            f"  {what_is('register_' + kind)}: chuyển tiếp {print_count(count.cut)}, chuyển nguyên "
            f"{print_count(count.moved)}, kết thúc {print_count(count.ended)}",
            f"  {what_is('register_' + kind)}: {print_count(count.cut)} go on, {print_count(count.moved)} moved whole, "
            f"{print_count(count.ended)} end",
        )
        for kind, count in day.counts.items()
    ]


def _told(finding: Finding) -> str:
    return f"- {finding.message} {finding.suggestion or ''}".rstrip()
