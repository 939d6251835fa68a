"""Ranks (ngạch) and the table of equivalents (REG-03): placed, and read as of a day by the table of that day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from importlib.resources import files
from typing import Literal

import yaml

from canbo.audit.changes import change
from canbo.codes import code_list
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.common.text import tidy
from canbo.register import fact_entry
from canbo.register.fact_entry import require_document
from canbo.register.models import Document, Person, RankEquivalence, RankHeld
from canbo.register.refusals import explained
from canbo.register.revisions import named

Answer = Literal["reaches", "below", "unknown"]


@dataclass(frozen=True)
class RankOn:
    """The rank of a person on a day: the level, the code if any, and whether the table of the day knows the code."""

    rank: str
    code: str
    in_table: bool


def place(
    *,
    person: Person,
    start: date,
    document: Document | None,
    rank: str | None = None,
    rank_code: str = "",
    by: str,
    at: datetime,
    seen: int | None = None,
) -> RankHeld:
    """Place a person in a rank from a day on; the one before ends on the day before.

    The level is that of the code by the table of that day; it is stated only where the table does not know the code.

    :raises Refused: no decision, neither level nor a known code, a level other than the table's, or a later rank.
    """
    require_document(document, person, pick("xếp ngạch", "placement in a rank"))
    code = tidy(rank_code)
    known = table_on(start).get(code)
    if rank is None and known is None:
        raise Refused(
            pick(
                f"{named(person)}: mã ngạch “{code}” chưa có trong bảng ngạch tương đương ngày {start:%d/%m/%Y}. Hãy "
                "bổ sung bảng, hoặc chọn mức ngạch.",
                f"{named(person)}: the rank code “{code}” is not in the table of equivalents on {start:%d/%m/%Y}. Add "
                "it to the table, or choose the level.",
            )
        )
    if rank is not None and known is not None and rank != known:
        label = code_list("rank")[known].label
        raise Refused(
            pick(
                f"{named(person)}: mã ngạch “{code}” tương đương {label} theo bảng ngày {start:%d/%m/%Y}. Hãy xem lại "
                "mã ngạch hoặc mức ngạch.",
                f"{named(person)}: the rank code “{code}” stands for {label} on {start:%d/%m/%Y}. Check the code or "
                "the level.",
            )
        )
    row = RankHeld(
        person=person, rank=known or rank, rank_code=code, by_equivalence=_is_equivalent(code), valid_from=start,
        document=document,
    )  # fmt: skip
    with change(by=by, at=at, action="rank.place", subject=f"person:{person.code}"):
        before = RankHeld.objects.filter(person=person, valid_from__lt=start, valid_to__isnull=True).first()
        if before is not None:
            fact_entry.correct(before, person=person, by=by, at=at, action="rank.end", seen=seen, valid_to=start)
            seen = None
        return fact_entry.enter(row, person=person, by=by, at=at, action="rank.place", seen=seen)


def rank_on(person: Person, day: date) -> RankOn | None:
    """The rank or its equivalent on a day, by the table of that day; None: none is entered for the day."""
    row = RankHeld.objects.as_of(day).filter(person=person).first()
    return read(row.rank, row.rank_code, table_on(day)) if row else None


def read(rank: str, code: str, table: Mapping[str, str]) -> RankOn:
    """A row of rank by a table of equivalents: the code goes first where the table knows it."""
    return RankOn(table.get(code, rank), code, not code or code in table)


def reaches(held: RankOn | None, least: str) -> Answer:
    """“… hoặc tương đương trở lên”. A code that the table does not know is unknown, not below."""
    if held is None or not held.in_table:
        return "unknown"
    order = code_list("rank")
    return "reaches" if order[held.rank].position >= order[least].position else "below"


def table_on(day: date) -> Mapping[str, str]:
    """The table of equivalents in force on a day: level by rank code; of two rows the later begun."""
    rows = RankEquivalence.objects.as_of(day).order_by("valid_from", "id")
    return {row.rank_code: row.rank for row in rows}


def unknown_codes(day: date) -> list[tuple[str, str]]:
    """Person code and rank code, where the table of the day does not know the code."""
    known = table_on(day)
    rows = RankHeld.objects.as_of(day).exclude(rank_code="").order_by("person__code")
    pairs = rows.values_list("person__code", "rank_code")
    return [(person, code) for person, code in pairs if code not in known]


def adopt_equivalences(
    *,
    start: date,
    document: Document | None,
    by: str,
    at: datetime,
    table: Iterable[tuple[str, str, str]] | None = None,
) -> list[RankEquivalence]:
    """Enter a table (code, name, level), the shipped one unless another is given; what it changes ends the day before.

    :raises Refused: an unknown level.
    """
    rows = list(table) if table is not None else [(code, *entry) for code, entry in shipped().items()]
    written = []
    with explained(), change(by=by, at=at, action="rank.equivalences", subject="rank_equivalences"):
        for code, name, rank in rows:
            RankEquivalence.objects.filter(rank_code=code, valid_from__lt=start, valid_to__isnull=True).update(
                valid_to=start
            )
            written.append(
                RankEquivalence.objects.create(
                    rank_code=code, name=name, rank=rank, valid_from=start, document=document
                )
            )
    return written


@lru_cache(maxsize=1)
def shipped() -> Mapping[str, tuple[str, str]]:
    """Name and level by code, as shipped in definitions."""
    source = files("canbo") / "definitions" / "register" / "rank_equivalences.yaml"
    loaded = yaml.safe_load(source.read_text("utf-8"))["codes"]
    return {tidy(code): (tidy(entry["name"]), entry["rank"]) for code, entry in loaded.items()}


def _is_equivalent(code: str) -> bool:
    """Codes of the administrative scale, 01.…, are ranks themselves; all others are equivalents."""
    return bool(code) and not code.startswith("01.")
