"""The tabs of an indicator's page and what each shows. A tab is worked out only when it is open."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from canbo.audit.changes import note
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.common.numbers import print_count
from canbo.measure.missing import Lacking, missing_of
from canbo.measure.results import IndicatorResult
from canbo.output import words
from canbo.register.reading import NotFound
from canbo.web.overview import lists, parts
from canbo.web.overview.asked import Asked
from canbo.web.overview.comparing import comparison
from canbo.web.overview.figures import Figures, measuring
from canbo.web.overview.suppositions import Supposition, suppose_number, suppose_people

_WORDS = {
    "units": ("Theo đơn vị", "By unit"),
    "counted": ("Được tính", "Counted"),
    "lacking": ("Còn thiếu", "Lacking"),
    "unknown": ("Chưa rõ", "Unknown"),
    "outside": ("Ngoài nhóm vì thiếu dữ liệu", "Outside for want of data"),
    "compare": ("So sánh hai ngày", "Compare two days"),
    "what-if": ("Nếu…", "What if…"),
    "gaps": ("Thiếu dữ liệu", "Data gaps"),
}

_TO_CHOOSE = 40
"""So many people stand on one page to choose from."""


@dataclass(frozen=True)
class Tab:
    """A tab; ``number``: of the rows behind it, where it is one."""

    key: str
    number: int | None

    @property
    def words(self) -> str:
        """In the language in force."""
        return pick(*_WORDS[self.key])


def choose(wanted: str, there: Sequence[Tab]) -> str:
    """The tab asked for, else the first one; empty where there is none."""
    keys = [one.key for one in there]
    return wanted if wanted in keys else next(iter(keys), "")


def contents(tab: str, asked: Asked, result: IndicatorResult | None) -> dict[str, Any]:
    """What the template of a tab needs. A refusal is said in the place of the tab."""
    make = _CONTENTS.get(tab)
    if make is None:
        return {"refused": ""}
    try:
        return {"refused": ""} | make(tab, asked, result)
    except NotFound:
        raise
    except Refused as error:
        return {"refused": error.message}


def _list(tab: str, asked: Asked, result: IndicatorResult | None) -> dict[str, Any]:
    name, unit = lists.list_of_tab(tab), asked.given("unit")
    assert name is not None  # only such tabs come here
    with measuring(asked.sight, asked.chosen.scheme, asked.chosen.day) as figures:
        if unit and asked.sight.units_named is not None and unit not in asked.sight.units_named:
            raise NotFound(pick(f"Không tìm thấy đơn vị “{unit}”.", f"No unit “{unit}” was found."))
        found = lists.seen(figures, asked.indicator, name, unit)
        unit_name = _unit_name(figures, unit)
    shown, pages = parts.page_of(found.rows, asked.given("after"), key=lists.key_of)
    _note(asked, tab, lists.codes_of(shown))
    return {
        "seen": found, "shown": shown, "pages": pages, "unit": unit, "unit_name": unit_name,
        "here_path": asked.path, "keep": {"tab": tab, "unit": unit},
        "row_name": _row_name, "noun": words.noun(found.listing.dataset, found.others),
    }  # fmt: skip


def _row_name(row: Any) -> str:
    """A person's name; a row of another dataset by its key."""
    return row.name or " · ".join(value for value in row.key.values() if value)


def _unit_name(figures: Figures, unit: str) -> str:
    place = figures.whole.store.tree.position.get(unit, -1)
    return figures.whole.store.tree.names[place] if place >= 0 else unit


def _note(asked: Asked, what: str, codes: Sequence[str]) -> None:
    """Log who was shown by name."""
    if codes:
        caller = asked.sight.caller
        detail = {"list_name": what, "as_of": asked.chosen.day.isoformat(), "people": list(codes)}
        note(by=caller.by, at=caller.at, action="read-list", subject=f"indicator:{asked.indicator.id}", detail=detail)


def _compare(tab: str, asked: Asked, result: IndicatorResult | None) -> dict[str, Any]:
    found = comparison(asked, result)
    _note(asked, tab, found.codes)
    return {"compared": found, "person_of": _person_of, "signed": _signed}


def _signed(number: int) -> str:
    """“+5”, “−1”; nothing of what did not move."""
    return f"{'+' if number > 0 else '−'}{print_count(abs(number))}" if number else ""


def _person_of(key: Mapping[str, str | None]) -> str:
    return key.get("person_id") or ""


def _what_if(tab: str, asked: Asked, result: IndicatorResult | None) -> dict[str, Any]:
    number, chosen = asked.given("n"), asked.request.GET.getlist("person")[:2000]
    with measuring(asked.sight, asked.chosen.scheme, asked.chosen.day) as figures:
        found = lists.seen(figures, asked.indicator, "lacking", "")
        codes = {code for code in chosen if asked.sight.reads(code)}
        made = None
        if codes:
            made = suppose_people(figures.own, asked.indicator, asked.chosen.day, codes)
        elif number.isdigit():
            made = suppose_number(figures.own, asked.indicator, asked.chosen.day, int(number[:7]))
    rows, pages = parts.page_of(found.rows, asked.given("after"), key=lists.key_of, size=_TO_CHOOSE)
    _note(asked, tab, lists.codes_of(rows))
    return {
        "supposed": made, "supposed_words": _supposed_words(asked, made), "seen": found, "shown": rows, "pages": pages,
        "picked": codes, "number": number, "here_path": asked.path, "keep": {"tab": tab, "n": number},
        "fault": "" if number.isdigit() or not number else pick("Ghi một số nguyên.", "Write a whole number."),
    }  # fmt: skip


def _supposed_words(asked: Asked, made: Supposition | None) -> words.StatusWords | None:
    """The verdict then; a part of the province is held against nothing."""
    if made is None or not asked.sight.is_whole:
        return None
    return words.status_words(made.result, asked.chosen.day)


@dataclass(frozen=True)
class _Gap:
    """A column with the people for whom it is to be entered, as far as the visitor may see them."""

    head: str
    inside: int
    outside: int
    turned_by: int | None
    people: tuple[Lacking, ...]
    others: int


def _gaps(tab: str, asked: Asked, result: IndicatorResult | None) -> dict[str, Any]:
    with measuring(asked.sight, asked.chosen.scheme, asked.chosen.day) as figures:
        key = ("missing", None if asked.sight.is_whole else asked.sight.units, asked.indicator.id)
        found = figures.keep(key, lambda: missing_of(figures.own, asked.indicator, as_of=asked.chosen.day))
    told, codes = [], set[str]()
    for column in found.columns:
        rows = found.of(column.column, column.dataset)
        seen = tuple(row for row in rows if asked.sight.reads(row.key.get("person_id") or ""))
        shown = seen[: parts.PER_PAGE]
        codes |= {str(row.key["person_id"]) for row in shown if row.key.get("person_id")}
        turned = column.turned_by if asked.sight.is_whole else None
        told.append(_Gap(column.head, column.inside, column.outside, turned, shown, len(rows) - len(shown)))
    _note(asked, tab, sorted(codes))
    turned_by = found.turned_by if asked.sight.is_whole else None
    return {"gap_columns": told, "gap_rows": len(found.rows), "turned_by": turned_by}


_CONTENTS: Mapping[str, Callable[[str, Asked, IndicatorResult | None], dict[str, Any]]] = {
    "counted": _list,
    "lacking": _list,
    "unknown": _list,
    "outside": _list,
    "compare": _compare,
    "what-if": _what_if,
    "gaps": _gaps,
}
