"""The day in an address: as the date field writes it (31/12/2025) or in ISO form."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest

from canbo.common.language import pick
from canbo.common.numbers import parse_day
from canbo.web.visitors import visitor


@dataclass(frozen=True)
class Asked:
    """The day that is shown, what was written, and what is wrong with it."""

    day: date
    written: str
    fault: str = ""

    @property
    def shown(self) -> str | date:
        """What stands in the field: the day, or what was written there that is none."""
        return self.written if self.fault else self.day


def asked_day(request: HttpRequest, name: str = "day") -> Asked:
    """The day of the address; today where there is none, or none that can be read."""
    today, written = visitor(request).day, request.GET.get(name, "").strip()
    if not written:
        return Asked(today, "")
    day = full_day(written)
    if day is None or not 1990 <= day.year <= 2100:
        fault = pick(
            f"“{written[:20]}” không phải là một ngày đủ ngày, tháng, năm. Viết như 31/12/2025; đang xem hôm nay.",
            f"“{written[:20]}” is not a full day. Write it as 31/12/2025; today is shown.",
        )
        return Asked(today, written[:20], fault)
    return Asked(day, written)


def full_day(text: str) -> date | None:
    """A day known to the day; None for anything else."""
    read = parse_day(text.strip()) if text.strip() else None
    return read.first if read is not None and read.precision == "day" else None
