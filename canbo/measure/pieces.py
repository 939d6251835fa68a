"""Pieces of compiled SQL with their kind, and the small forms they are written in. Walks no trees."""

from dataclasses import dataclass
from datetime import date

from canbo.codes import CodeList
from canbo.common.language import pick
from canbo.measure.direct import Direct


@dataclass(frozen=True)
class Typed:
    """A piece of SQL and what it is: text, date, boolean, number, codes, string (a literal), null, or unknown."""

    sql: str
    kind: str
    codes: CodeList | None = None
    literal: str | None = None
    words: str = ""
    column: str | None = None
    value: int | None = None
    years_to: date | None = None
    direct: Direct | None = None


UNKNOWN = Typed("NULL", "unknown")


def did_you_mean(near: str | None) -> str | None:
    """The hint that names what is nearest."""
    return pick(f"Có phải “{near}” không?", f"Do you mean “{near}”?") if near else None


def quote(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def day_literal(day: date) -> str:
    """A day as an SQL literal."""
    return f"DATE '{day.isoformat()}'"


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return day.toordinal() - date(1970, 1, 1).toordinal()


def years_sql(start: str, end: str) -> str:
    """Full years, in integers that every dialect counts alike."""
    return f"(({_number(end)} - ({_number(start)})) // 10000)"


def _number(day: str) -> str:
    return f"(year({day}) * 10000 + month({day}) * 100 + day({day}))"


def months_sql(start: str, end: str) -> str:
    """Full months, in integers."""
    return (
        f"((year({end}) - year({start})) * 12 + month({end}) - month({start})"
        f" - CASE WHEN day({end}) < day({start}) THEN 1 ELSE 0 END)"
    )


_KIND_WORDS = {
    "text": ("chữ", "a text"),
    "string": ("chữ", "a text"),
    "date": ("ngày", "a day"),
    "boolean": ("đúng/sai", "true or false"),
    "number": ("số", "a number"),
    "codes": ("mã", "a code"),
    "null": ("trống", "nothing"),
}


def unlike(left: Typed, right: Typed) -> str:
    """What is wrong in comparing the two."""
    (lvi, len_), (rvi, ren) = _KIND_WORDS[left.kind], _KIND_WORDS[right.kind]
    if left.codes and right.codes:
        return pick("hai mã thuộc hai danh mục khác nhau.", "the two codes are of different lists.")
    return pick(f"không so được {lvi} với {rvi}.", f"{len_} cannot be compared with {ren}.")


def unlike_hint(left: Typed, right: Typed) -> str | None:
    """How the comparison would be right."""
    if {left.kind, right.kind} == {"date", "string"}:
        return pick("Viết ngày như date '2022-06-01'.", "Write a day as date '2022-06-01'.")
    return None
