"""``canbo export``: the register of a day as a workbook, a folder of Parquet files, or by the national field list."""

import getpass
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from canbo.cli.printing import KNOWN_HELP, day_option, moment_option, today
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.common.numbers import print_count, print_day

Form = Literal["workbook", "parquet", "national"]


def export(
    out: Annotated[Path, typer.Argument(help="Tệp .xlsx, hoặc thư mục mới cho Parquet.")],
    as_of: Annotated[str | None, typer.Option("--as-of", help="Ngày của dữ liệu; bỏ trống là hôm nay.")] = None,
    known: Annotated[str | None, typer.Option("--known", help=KNOWN_HELP)] = None,
    form: Annotated[
        Form | None,
        typer.Option("--format", help="Sổ Excel, Parquet, hoặc danh mục trường thông tin quốc gia."),
    ] = None,
    without_names: Annotated[
        bool, typer.Option("--without-names", help="Không có tên, số định danh; sinh theo tháng; mã thay bằng số.")
    ] = False,
    purpose: Annotated[str | None, typer.Option("--purpose", help="Mục đích xuất, ghi trong tệp và nhật ký.")] = None,
    made_by: Annotated[str | None, typer.Option("--made-by", help="Người xuất; bỏ trống là tên đăng nhập.")] = None,
) -> None:
    """Xuất cơ sở dữ liệu của một ngày: những gì lệnh nhập đọc lại được, hoặc theo danh mục quốc gia."""
    chosen: Form = form or ("workbook" if out.suffix.lower() == ".xlsx" else "parquet")
    _check_call(out, chosen, without_names)
    from canbo.cli.house import author, now, open_house

    day = day_option(as_of) or today()
    open_house()
    moment = moment_option(known)
    made_for = _made_for(made_by, purpose, day, now())
    from canbo.audit.changes import note

    detail = {
        "as_of": day.isoformat(),
        "known": moment.isoformat() if moment else None,
        "format": chosen,
        "names": not without_names,
        "purpose": purpose or "",
    }
    note(by=author(), at=now(), action="register.export", subject=out.name, detail=detail)
    people = (
        _export_national(day, moment, out, made_for)
        if chosen == "national"
        else _export_datasets(day, moment, out, made_for, with_names=not without_names)
    )
    count = print_count(people)
    sys.stderr.write(pick(f"Đã ghi {out}: {count} người.", f"Wrote {out}: {count} people.") + "\n")


def _export_datasets(day: date, known: datetime | None, out: Path, made_for: str, *, with_names: bool) -> int:
    from canbo.snapshot.export import without_names, write_datasets
    from canbo.snapshot.take import take

    taken = take(day, known=known)
    if "people" not in taken.tables:
        raise _nobody(day)
    write_datasets(taken if with_names else without_names(taken), out, made_for=made_for)
    return int(taken.tables["people"].num_rows)


def _export_national(day: date, known: datetime | None, out: Path, made_for: str) -> int:
    from rich.console import Console

    from canbo.output.terminal import print_findings
    from canbo.snapshot.national import take_records, write_records

    records = take_records(day, known=known)
    if not records.people:
        raise _nobody(day)
    write_records(records, out, made_for=made_for)
    print_findings(records.findings, Console())
    return records.people


def _check_call(out: Path, form: Form, without_names: bool) -> None:
    """Refuse what cannot be done before anything is read."""
    is_workbook = out.suffix.lower() == ".xlsx"
    if form != "parquet" and not is_workbook:
        raise Refused(
            pick(
                f"Dạng này được ghi thành sổ Excel: hãy đặt tên tệp .xlsx thay cho “{out.name}”.",
                f"This form is written as a workbook: name a .xlsx file instead of “{out.name}”.",
            )
        )
    if form == "parquet" and is_workbook:
        raise Refused(
            pick(
                f"Parquet được ghi thành thư mục: hãy bỏ đuôi .xlsx của “{out.name}”.",
                f"Parquet is written as a folder: leave out the .xlsx of “{out.name}”.",
            )
        )
    if form == "national" and without_names:
        raise Refused(
            pick(
                "Hồ sơ theo danh mục quốc gia luôn có tên. Bỏ --without-names, hoặc xuất sổ Excel không tên.",
                "Records by the national list always have names. Leave out --without-names, or export a workbook.",
            )
        )


def _made_for(made_by: str | None, purpose: str | None, day: date, moment: datetime) -> str:
    who, what = made_by or getpass.getuser(), purpose or pick("sao dữ liệu", "copy of the data")
    return pick(
        f"{who} xuất lúc {moment:%H:%M} ngày {print_day(moment.date())}, dữ liệu ngày {print_day(day)}; "
        f"mục đích: {what}",
        f"{who}, {moment:%Y-%m-%d %H:%M}, data of {print_day(day)}; purpose: {what}",
    )


def _nobody(day: date) -> Refused:
    return Refused(
        pick(
            f"Cơ sở dữ liệu không có người nào tại ngày {print_day(day)}. Chưa ghi gì.",
            f"The register has nobody on {print_day(day)}. Nothing was written.",
        )
    )
