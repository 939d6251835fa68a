"""What all commands print alike: JSON, refusals, and the data as a command names it."""

import json
import sys
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.common.numbers import parse_day, print_day
from canbo.datasets.bundle import Datasets
from canbo.measure.scheme import Scheme

REGISTER = "register"
"""What a user writes in the place of a file to mean the database."""

KNOWN_HELP = "Theo những gì đã biết đến thời điểm này (chỉ với register)."


def print_json(document: Any) -> None:
    """One JSON document on stdout and nothing else there."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=1) + "\n")


def print_refusal(refusal: Refused) -> None:
    """The sentence on stderr: what, where, what to do."""
    sys.stderr.write(refusal.message + "\n")


def day_option(text: str | None) -> date | None:
    """A day as the user writes it: 2021-12-31 or 31/12/2021.

    :raises Refused: when it is no full day.
    """
    if text is None:
        return None
    day = parse_day(text)
    if day is None or day.precision != "day":
        raise Refused(
            pick(
                f"“{text}” không phải là một ngày. Viết như 2021-12-31 hoặc 31/12/2021.",
                f"“{text}” is not a day. Write 2021-12-31 or 31/12/2021.",
            )
        )
    return day.first


def today() -> date:
    """Today, where a command leaves the day out. The only place that reads the clock for a day."""
    return datetime.now().astimezone().date()


def moment_option(text: str | None) -> datetime | None:
    """A moment as the user writes it: a day (its end), or 2024-04-15T10:30 (of this machine, where no zone is named).

    :raises Refused: when it is neither.
    """
    if text is None:
        return None
    day = parse_day(text)
    if day is not None and day.precision == "day":
        return datetime.combine(day.first, time.max).astimezone()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Refused(
            pick(
                f"“{text}” không phải là một thời điểm. Viết như 15/04/2024 (hết ngày) hoặc 2024-04-15T10:30.",
                f"“{text}” is not a moment. Write 2024-04-15 (the end of the day) or 2024-04-15T10:30.",
            )
        ) from None
    return moment if moment.tzinfo else moment.astimezone()


def read_data(
    name: str, data_date: str | None, *, as_of: date | None = None, known: str | None = None, purpose: str = "read"
) -> Datasets:
    """Read the data that a command names: a file, a folder, or ``register``, the database.

    Of the register, the state of the day ``as_of`` (left out: today) is taken as it was known at ``known`` (left out:
    now); ``data_date`` goes before ``as_of``. That is logged, for it holds sensitive fields; ``purpose`` says for what.

    :raises Refused: when it cannot be read.
    """
    from canbo.datasets.reading import read

    if name != REGISTER:
        if known is not None:
            raise Refused(
                pick(
                    "--known chỉ dùng với cơ sở dữ liệu “register”: một tệp chỉ có một trạng thái hiểu biết.",
                    "--known goes with “register” only: a file holds one state of knowledge.",
                )
            )
        return read(Path(name), data_date=day_option(data_date))
    return _take(day_option(data_date) or as_of or today(), known, purpose)


def with_unit_targets(scheme: Scheme, name: str, day: date, known: str | None) -> Scheme:
    """The scheme with the targets that the register's units have of their own on a day; as it is for a file."""
    if name != REGISTER:
        return scheme
    from canbo.cli.house import open_house

    open_house()
    from canbo.register.parameters import placed

    return placed(scheme, day, known=moment_option(known)).scheme


def restated_data(name: str, data: Datasets, onto: date, known: str | None) -> Datasets:
    """The register's data with its people and facts placed in the units of another day, by the successor links.

    :raises Refused: for a file, which knows no structure but its own.
    """
    if name != REGISTER:
        raise Refused(
            pick(
                "--structure chỉ dùng với cơ sở dữ liệu “register”: một tệp chỉ có cơ cấu tổ chức của nó.",
                "--structure goes with “register” only: a file has no structure but its own.",
            )
        )
    from canbo.snapshot.restating import restate

    return restate(data, onto, known=moment_option(known)).data


def _take(day: date, known: str | None, purpose: str) -> Datasets:
    from canbo.cli.house import author, now, open_house

    open_house()
    from canbo.audit.changes import note
    from canbo.snapshot.take import take

    moment = moment_option(known)
    detail = {"as_of": day.isoformat(), "known": moment.isoformat() if moment else None, "purpose": purpose}
    note(by=author(), at=now(), action="register.read", detail=detail)
    taken = take(day, known=moment)
    if "people" not in taken.tables:
        raise Refused(
            pick(
                f"Cơ sở dữ liệu không có người nào tại ngày {print_day(day)}"
                + (", theo những gì đã biết lúc đó." if known else ". Hãy nhập dữ liệu bằng lệnh canbo import."),
                f"The register has nobody on {print_day(day)}"
                + (" as known at that moment." if known else ". Enter data with canbo import."),
            )
        )
    return taken
