"""What all commands print alike: JSON, refusals, and the data as a command names it."""

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.common.numbers import parse_day
from canbo.datasets.bundle import Datasets


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
    from datetime import datetime

    return datetime.now().astimezone().date()


def read_data(name: str, data_date: str | None) -> Datasets:
    """Read the data that a command names.

    :raises Refused: when it cannot be read.
    """
    from canbo.datasets.reading import read

    if name == "register":
        raise Refused(
            pick(
                "Chưa có cơ sở dữ liệu “register” trong bản này. Hãy dùng sổ Excel hoặc một thư mục dữ liệu.",
                "This version has no “register” yet. Use a workbook or a folder of data.",
            )
        )
    return read(Path(name), data_date=day_option(data_date))
