"""Person by person, why a figure differs between two days or two files; the causes add up to the difference."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.common.text import name_order
from canbo.measure.bitmaps import Words, bits_at, count
from canbo.measure.compiler import compile_condition
from canbo.measure.conditions import setting_for
from canbo.measure.lists import subtree_rows
from canbo.measure.matching import Rows, matched
from canbo.measure.members import Members
from canbo.measure.reasons import Reasons
from canbo.measure.results import Bridge, BridgeEnd, CauseResult, Change
from canbo.measure.scheme import Indicator
from canbo.measure.sets import IndicatorSets, Measurer
from canbo.measure.values import Setting
from canbo.measure.verdicts import Style, judge
from canbo.measure.words import says_of

CAUSES = ("entered", "left", "moved_in", "moved_out", "corrected", "aged", "gained", "lost")
"""In this order the first that applies is a person's cause."""

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class _Side:
    """One end: the sets of its day over its data."""

    measurer: Measurer
    day: date
    sets: IndicatorSets
    population: Words

    @property
    def satisfying(self) -> Words:
        return self.population & self.sets.satisfying


@dataclass(frozen=True)
class _Moved:
    """The rows that change the figure: where on each side (-1: not there), what they add, and why. Shape: (moved)."""

    before: Rows
    after: Rows
    numerator: Rows
    denominator: Rows
    cause: npt.NDArray[np.int64]


def make_bridge(
    indicator: Indicator, start: Measurer, end: Measurer, *, first: date, last: date, unit: str | None = None
) -> Bridge:
    """The bridge of an indicator from one day (and data) to another; ``start`` and ``end`` may be the same.

    :raises Refused: when the indicator cannot be measured on either day, or is not counted in rows.
    """
    _refuse_uncounted(indicator, unit)
    one, two = _side(start, indicator, first, unit), _side(end, indicator, last, unit)
    moved = _moved(indicator, one, two)
    describe = _Describer(indicator, one, two, moved)
    grouped: dict[str, list[tuple[Change, int, int]]] = {cause: [] for cause in CAUSES}
    for place, cause in enumerate(CAUSES[number] for number in moved.cause):
        change = describe.change(place, cause)
        grouped[cause].append((change, int(moved.numerator[place]), int(moved.denominator[place])))
    return Bridge(
        scheme_id=start.scheme.id,
        indicator_id=indicator.id,
        label=indicator.label,
        start=_end(one, indicator),
        end=_end(two, indicator),
        causes=tuple(_gathered(cause, found) for cause, found in grouped.items() if found),
    )


def _refuse_uncounted(indicator: Indicator, unit: str | None) -> None:
    if indicator.measure == "ratio" or indicator.plan is not None:
        raise Refused(
            pick(
                f"{indicator.id} là tỷ số giữa hai nhóm hoặc so với kế hoạch nên không có cầu nối theo từng người. "
                "Dùng “canbo who” ở từng ngày.",
                f"{indicator.id} is a ratio of two groups or held against a plan, so no person-by-person bridge. "
                "Use “canbo who” on each day.",
            )
        )
    if indicator.each is not None and unit is None:
        raise Refused(
            pick(
                f"{indicator.id} tính riêng từng đơn vị. Thêm --unit MÃ để xem cầu nối của một đơn vị.",
                f"{indicator.id} is measured unit by unit. Add --unit ID for the bridge of one unit.",
            )
        )


def _side(measurer: Measurer, indicator: Indicator, day: date, unit: str | None) -> _Side:
    sets = measurer.sets(indicator, day)
    if sets is None:
        reason = measurer.conditions(indicator, day).reason
        raise Refused(
            pick(
                f"{indicator.id} không đo được tại {day:%d/%m/%Y}: {reason}",
                f"{indicator.id} on {day}: {reason}",
            )
        )
    population = sets.population
    if unit is not None:
        population = population & subtree_rows(measurer, sets.members, unit)
    return _Side(measurer, day, sets, population)


def _moved(indicator: Indicator, one: _Side, two: _Side) -> _Moved:
    """Compare both ends as bitmaps over matched rows; only the rows that differ are looked at further."""
    before, after = matched(one.sets.members, two.sets.members)
    was, is_ = bits_at(one.population, before), bits_at(two.population, after)
    counted_before, counted_after = bits_at(one.satisfying, before), bits_at(two.satisfying, after)
    differs = np.flatnonzero((was != is_) | (counted_before != counted_after))
    before, after, was, is_ = before[differs], after[differs], was[differs], is_[differs]
    satisfied = counted_after[differs]
    stays = was & is_
    told = _told(indicator, one, two, after, satisfied)
    aged = bits_at(_truth_if_aged(indicator, one, two), before) == satisfied
    in_service_before, in_service_after = bits_at(one.sets.members.base, before), bits_at(two.sets.members.base, after)
    tests = {
        "entered": is_ & ~was & ~in_service_before,
        "left": was & ~is_ & ~in_service_after,
        "moved_in": is_ & ~was & in_service_before,
        "moved_out": was & ~is_ & in_service_after,
        "corrected": stays & told,
        "aged": stays & aged,
        "gained": stays & satisfied,
        "lost": stays & ~satisfied,
    }
    cause = np.select([tests[name] for name in CAUSES], list(range(len(CAUSES))), default=0)
    numerator = satisfied.astype(np.int64) - counted_before[differs]
    return _Moved(before, after, numerator, is_.astype(np.int64) - was, cause.astype(np.int64))


def _told(indicator: Indicator, one: _Side, two: _Side, after: Rows, satisfied: Flags) -> Flags:
    """Whether the later data says of the first day already what it says of the last: a correction."""
    store = two.measurer.store
    if one.measurer.store is store or indicator.satisfies is None or indicator.of is None:
        return np.zeros(len(after), bool)
    setting = setting_for(two.measurer.scheme, indicator, one.day, store)
    members = Members(store, indicator.of, one.day)
    if "people" in store.present and "people" in one.measurer.store.present:
        table = store.told_table(one.measurer.store, one.day)
        setting = replace(setting, table=_instead(setting, table))
        members = Members(store, indicator.of, one.day, table if indicator.of == "people" else "")
    condition = compile_condition(indicator.satisfies.text, indicator.of, setting)
    then, now = matched(members, two.sets.members)
    row_then = np.full(two.sets.members.rows + 1, -1, np.int64)
    row_then[now[now >= 0]] = then[now >= 0]
    told: Flags = bits_at(members.bitmap(condition)[0], row_then[after]) == satisfied
    return told


def _truth_if_aged(indicator: Indicator, one: _Side, two: _Side) -> Words:
    """Who would satisfy had only ages moved from the first day to the last."""
    store = one.measurer.store
    if indicator.of != "people" or indicator.satisfies is None:
        return one.sets.satisfying
    table = store.aged_table(one.day, two.day)
    setting = setting_for(one.measurer.scheme, indicator, one.day, store)
    setting = replace(setting, table=_instead(setting, table), birthdays=two.day)
    members = Members(store, "people", one.day, table)
    condition = compile_condition(indicator.satisfies.text, "people", setting)
    return members.bitmap(condition)[0]


def _instead(setting: Setting, table: str) -> Any:
    return lambda dataset: table if dataset == "people" else setting.table(dataset)


def _end(side: _Side, indicator: Indicator) -> BridgeEnd:
    n, d = count(side.satisfying), count(side.population)
    scheme = side.measurer.scheme
    verdict = judge(n, d, measure=indicator.measure, goal=None, style=Style(scheme.rounding, scheme.places))
    return BridgeEnd(side.day, n, d, verdict.printed)


def _gathered(cause: str, found: list[tuple[Change, int, int]]) -> CauseResult:
    people = sorted((change for change, _, _ in found), key=lambda one: name_order(one.name or ""))
    return CauseResult(cause, sum(n for _, n, _ in found), sum(d for _, _, d in found), tuple(people))


class _Describer:
    """Names and reasons for the rows that moved, fetched together."""

    def __init__(self, indicator: Indicator, one: _Side, two: _Side, moved: _Moved) -> None:
        self.keys = two.sets.members.key_columns()
        self.before = _facts(one, indicator, moved.before)
        self.after = _facts(two, indicator, moved.after)

    def change(self, place: int, cause: str) -> Change:
        """The row as one line of the bridge."""
        old, new = self.before[place], self.after[place]
        shown = new or old or {}
        return Change(
            key={name: shown.get(name) for name in self.keys},
            name=shown.get("name"),
            unit_id=shown.get("unit_id"),
            text=_text(cause, old or {}, new or {}),
        )


def _facts(side: _Side, indicator: Indicator, rows: npt.NDArray[np.int64]) -> list[dict[str, str | None] | None]:
    """Key, name, unit and reason of some rows; None where a row is -1."""
    members = side.sets.members
    present = rows[rows >= 0]
    facts: list[dict[str, str | None] | None] = [None] * len(rows)
    if not len(present):
        return facts
    spec = set(members.column_names())
    extra = [name for name in ("full_name", "name", "unit_id", "person_id", "post") if name in spec]
    table = members.values(list(dict.fromkeys([*members.key_columns(), *extra])), present).to_pylist()
    reasons = None
    if indicator.satisfies is not None:
        setting = setting_for(side.measurer.scheme, indicator, side.day, side.measurer.store)
        reasons = Reasons(members, indicator.satisfies.text, setting, present, says_of(indicator))
    tree = side.measurer.store.tree
    for number, (place_in_list, row) in enumerate(zip(np.flatnonzero(rows >= 0), table, strict=True)):
        place = tree.position.get(row.get("unit_id") or "", -1)
        name = row.get("full_name") or row.get("name")
        if name is None and row.get("person_id") and "people" in side.measurer.store.present:
            name = side.measurer.store.names.get(row["person_id"])
        keys = {column: None if row[column] is None else str(row[column]) for column in members.key_columns()}
        facts[place_in_list] = keys | {
            "name": name,
            "unit_id": row.get("unit_id"),
            "unit_name": tree.names[place] if place >= 0 else None,
            "post": row.get("post"),
            "why": reasons.why(number).text if reasons is not None else "",
        }
    return facts


def _text(cause: str, old: Mapping[str, str | None], new: Mapping[str, str | None]) -> str:
    """What happened to the person, in one phrase."""
    unit_old, unit_new = old.get("unit_name") or "?", new.get("unit_name") or "?"
    if cause in ("moved_in", "moved_out") and unit_old != unit_new:
        moved = pick(f"từ {unit_old} sang {unit_new}", f"from {unit_old} to {unit_new}")
        return f"{moved}; {new.get('why') or ''}".rstrip("; ")
    if cause in ("entered", "moved_in"):
        return f"{unit_new}; {new.get('why') or ''}".rstrip("; ")
    if cause in ("left", "moved_out"):
        return f"{unit_old}; {old.get('why') or ''}".rstrip("; ")
    return f"{old.get('why') or ''} → {new.get('why') or ''}"
