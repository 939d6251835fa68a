"""What is due of people: appointment terms that end, retirements. Read from the people of the day in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from canbo.common.language import pick
from canbo.common.text import name_order
from canbo.measure.bitmaps import bits_at
from canbo.web.overview.figures import Figures

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Kind:
    """Something that falls due: the column with its day, and how many days before or after the day asked."""

    key: str
    column: str
    first: int
    last: int
    vi: str
    en: str
    grave: bool = False

    @property
    def words(self) -> str:
        """In the language in force, to follow a number of people."""
        return pick(self.vi, self.en)


KINDS: Mapping[str, Kind] = {
    one.key: one
    for one in (
        Kind("terms-past", "term_ends_on", -100_000, -1, "đã hết thời hạn bổ nhiệm, chưa ghi quyết định mới",
             "past the end of the appointment term, no new decision entered", grave=True),
        Kind("terms-30", "term_ends_on", 0, 30, "hết thời hạn bổ nhiệm trong 30 ngày",
             "at the end of the appointment term within 30 days"),
        Kind("terms-90", "term_ends_on", 0, 90, "hết thời hạn bổ nhiệm trong 90 ngày",
             "at the end of the appointment term within 90 days"),
        Kind("retirements", "retires_on", 0, 365, "đến tuổi nghỉ hưu trong 12 tháng",
             "at retirement age within 12 months"),
    )
}  # fmt: skip


@dataclass(frozen=True)
class DuePerson:
    """A person with the day that comes."""

    code: str
    name: str
    post: str
    unit_id: str | None
    unit: str
    on: date


def numbers(figures: Figures) -> list[tuple[Kind, int]]:
    """How many people whom the visitor may read fall due, by kind; kinds with nobody left out."""
    found = [(kind, len(_codes(figures, kind))) for kind in KINDS.values()]
    return [(kind, number) for kind, number in found if number]


def people(figures: Figures, kind: Kind) -> list[DuePerson]:
    """Those whom the visitor may read, the nearest day first."""
    members = figures.whole.members.get("people", figures.day)
    columns = ["person_id", "full_name", "post", "unit_id", kind.column]
    table = members.values(columns, _rows(figures, kind)).to_pylist()
    tree = figures.whole.store.tree
    found = []
    for row in table:
        if figures.sight.reads(row["person_id"]):
            place = tree.position.get(row["unit_id"] or "", -1)
            unit = tree.names[place] if place >= 0 else ""
            found.append(
                DuePerson(row["person_id"], row["full_name"], row["post"] or "", row["unit_id"], unit, row[kind.column])
            )
    return sorted(found, key=lambda one: (one.on, name_order(one.name)))


def _codes(figures: Figures, kind: Kind) -> Sequence[str]:
    def read() -> list[str]:
        members = figures.whole.members.get("people", figures.day)
        codes: list[str] = members.values(["person_id"], _rows(figures, kind))["person_id"].to_pylist()
        return codes

    codes = figures.keep(("due codes", kind.key), read)
    return [code for code in codes if figures.sight.reads(code)]


def _rows(figures: Figures, kind: Kind) -> Rows:
    """The rows of those in service for whom the day comes."""

    def find() -> Rows:
        members = figures.whole.members.get("people", figures.day)
        days = members.column(kind.column).to_numpy().astype("datetime64[D]")
        first, last = (np.datetime64(_moved(figures.day, by)) for by in (kind.first, kind.last))
        with_day = np.flatnonzero((days >= first) & (days <= last))
        rows: Rows = with_day[bits_at(members.base, with_day)]
        return rows

    return figures.keep(("due", kind.key), find)


def _moved(day: date, by: int) -> date:
    """Some days later, as far as days go."""
    number = min(max(day.toordinal() + by, date.min.toordinal()), date.max.toordinal())
    return date.min + timedelta(days=number - 1)
