"""``canbo figure``: which whole numbers print as a percentage."""

from fractions import Fraction
from typing import Annotated

import typer

from canbo.cli.printing import print_json
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.common.numbers import print_percent
from canbo.measure.figure import Fit, fits, neighbours, parse_base, parse_printed

MOST_SHOWN = 200


def figure(
    printed: Annotated[str, typer.Argument(help="Tỷ lệ in trong văn bản, ví dụ “52,28%”.")],
    of: Annotated[str, typer.Option("--of", help="Mẫu số, hoặc khoảng 100..400.")],
    count: Annotated[int | None, typer.Option("--count", help="Tử số, nếu biết.", min=0)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="In JSON.")] = False,
) -> None:
    """Tìm mọi cặp số nguyên in ra đúng tỷ lệ đã cho, do làm tròn hoặc do cắt bớt; mã thoát 1 nếu không có."""
    wanted, base = parse_printed(printed), parse_base(of)
    if count is not None and len(base) == 1 and count > base[0]:
        raise Refused(
            pick(
                f"Tử số {count} lớn hơn mẫu số {base[0]}.",
                f"The count {count} is above the denominator {base[0]}.",
            )
        )
    found = fits(wanted, base, count=count)
    if as_json:
        pairs = [{"count": fit.count, "of": fit.of, "by": list(fit.modes)} for fit in found]
        print_json({"printed": printed, "of": of, "count": count, "possible": bool(found), "fits": pairs})
    elif found:
        _print_fits(printed, found)
    else:
        _print_impossible(printed, of, base, wanted.places)
    if not found:
        raise typer.Exit(1)


def _print_fits(printed: str, found: list[Fit]) -> None:
    words = {"half_up": pick("làm tròn", "rounding"), "truncate": pick("cắt bớt", "cutting")}
    for fit in found[:MOST_SHOWN]:
        how = pick(" và ", " and ").join(words[mode] for mode in fit.modes)
        exact = print_percent(Fraction(fit.count, fit.of), places=6, rounding="truncate")
        typer.echo(f"{fit.count}/{fit.of} = {exact[:-1]}…%  ({pick('do', 'by')} {how})")
    more = len(found) - MOST_SHOWN
    if more > 0:
        typer.echo(pick(f"… và {more} cặp nữa; --json in đủ.", f"… and {more} more pairs; --json prints all."))
    shown = len(found)
    typer.echo(pick(f"{shown} cặp in ra “{printed}”.", f"{shown} pairs print “{printed}”."))


def _print_impossible(printed: str, of: str, base: range, places: int) -> None:
    typer.echo(
        pick(
            f"Không thể: không có số nguyên nào trên {of} in ra “{printed}”.",
            f"Impossible: no whole number of {of} prints “{printed}”.",
        )
    )
    if len(base) == 1:
        around = neighbours(parse_printed(printed), base[0])
        near = [f"{k}/{base[0]} = {print_percent(Fraction(k, base[0]), places=max(places, 2))}" for k in around]
        typer.echo(pick("Gần nhất: ", "Nearest: ") + "; ".join(near) + ".")
