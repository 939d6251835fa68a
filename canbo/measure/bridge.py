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
from canbo.datasets.store import Store
from canbo.measure.bitmaps import Words, count, rows_of
from canbo.measure.compiler import compile_condition
from canbo.measure.conditions import setting_for
from canbo.measure.lists import subtree_rows
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

Key = tuple[str, ...]


@dataclass(frozen=True)
class _Side:
    """One end: the sets of its day over its data, and the row of every key."""

    measurer: Measurer
    day: date
    sets: IndicatorSets
    population: Words
    rows: Mapping[Key, int]

    @property
    def satisfying(self) -> Words:
        return self.population & self.sets.satisfying

    def has(self, words: Words, row: int | None) -> bool:
        return row is not None and bool(words[row >> 6] >> np.uint64(row & 63) & np.uint64(1))


def make_bridge(
    indicator: Indicator, start: Measurer, end: Measurer, *, first: date, last: date, unit: str | None = None
) -> Bridge:
    """The bridge of an indicator from one day (and data) to another; ``start`` and ``end`` may be the same.

    :raises Refused: when the indicator cannot be measured on either day, or is not counted in rows.
    """
    _refuse_uncounted(indicator, unit)
    one, two = _side(start, indicator, first, unit), _side(end, indicator, last, unit)
    told = _truth_as_told(indicator, one, two) if start is not end else None
    aged = _truth_if_aged(indicator, one, two)
    grouped: dict[str, list[tuple[Change, int, int]]] = {cause: [] for cause in CAUSES}
    moved: list[tuple[str, int | None, int | None, int, int]] = []
    for key in {**one.rows, **two.rows}:
        before, after = one.rows.get(key), two.rows.get(key)
        change = _change(one, two, before, after)
        if change is not None:
            cause = _cause(one, two, before, after, told, aged)
            moved.append((cause, before, after, *change))
    describe = _Describer(indicator, one, two, moved)
    for at, (cause, before, after, numerator, denominator) in enumerate(moved):
        grouped[cause].append((describe.change(at, cause, before, after), numerator, denominator))
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
    return _Side(measurer, day, sets, population, _keys(sets.members))


def _keys(members: Members) -> dict[Key, int]:
    """The row of every key; rows that share a key are told apart by their order in the data."""
    columns = [members.column(name).to_pylist() for name in members.key_columns()]
    seen: dict[Key, int] = {}
    found: dict[Key, int] = {}
    for row, values in enumerate(zip(*columns, strict=True)):
        key = tuple(str(value) for value in values)
        again = seen.get(key, 0)
        seen[key] = again + 1
        found[(*key, str(again)) if again else key] = row
    return found


def _change(one: _Side, two: _Side, before: int | None, after: int | None) -> tuple[int, int] | None:
    """What the row adds to numerator and denominator; None where it adds nothing."""
    was, is_ = one.has(one.population, before), two.has(two.population, after)
    counted = two.has(two.satisfying, after) - one.has(one.satisfying, before)
    return (counted, is_ - was) if counted or is_ != was else None


def _cause(
    one: _Side,
    two: _Side,
    before: int | None,
    after: int | None,
    told: Mapping[int, bool] | None,
    aged: Words,
) -> str:
    was, is_ = one.has(one.population, before), two.has(two.population, after)
    if is_ and not was:
        return "moved_in" if one.has(one.sets.members.base, before) else "entered"
    if was and not is_:
        return "moved_out" if two.has(two.sets.members.base, after) else "left"
    satisfied = two.has(two.satisfying, after)
    if told is not None and after is not None and told.get(after, not satisfied) == satisfied:
        return "corrected"
    if one.has(aged, before) == satisfied:
        return "aged"
    return "gained" if satisfied else "lost"


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


def _truth_as_told(indicator: Indicator, one: _Side, two: _Side) -> dict[int, bool]:
    """By row of the later data: whether it satisfies on the first day as the later data tells that day."""
    store: Store = two.measurer.store
    if indicator.satisfies is None or indicator.of is None:
        return {}
    setting = setting_for(two.measurer.scheme, indicator, one.day, store)
    dataset = indicator.of
    if "people" in store.present and "people" in one.measurer.store.present:
        table = store.told_table(one.measurer.store, one.day)
        setting = replace(setting, table=_instead(setting, table))
        members = Members(store, dataset, one.day, table if dataset == "people" else "")
    else:
        members = Members(store, dataset, one.day)
    condition = compile_condition(indicator.satisfies.text, dataset, setting)
    true = set(rows_of(members.bitmap(condition)[0]).tolist())
    # The rows of both tables differ in order: match them through their keys.
    return {two.rows[key]: row in true for key, row in _keys(members).items() if key in two.rows and key in one.rows}


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

    def __init__(
        self,
        indicator: Indicator,
        one: _Side,
        two: _Side,
        moved: list[tuple[str, int | None, int | None, int, int]],
    ) -> None:
        self.one, self.two = one, two
        before = [row if row is not None else -1 for _, row, _, _, _ in moved]
        after = [row if row is not None else -1 for _, _, row, _, _ in moved]
        self.before = _facts(one, indicator, np.array(before, dtype=np.int64))
        self.after = _facts(two, indicator, np.array(after, dtype=np.int64))

    def change(self, at: int, cause: str, before: int | None, after: int | None) -> Change:
        """The row as one line of the bridge."""
        old, new = self.before[at], self.after[at]
        shown = new or old or {}
        return Change(
            key={name: shown.get(name) for name in self.two.sets.members.key_columns()},
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
    for number, (at, row) in enumerate(zip(np.flatnonzero(rows >= 0), table, strict=True)):
        place = tree.position.get(row.get("unit_id") or "", -1)
        name = row.get("full_name") or row.get("name")
        if name is None and row.get("person_id") and "people" in side.measurer.store.present:
            name = side.measurer.store.names.get(row["person_id"])
        keys = {column: None if row[column] is None else str(row[column]) for column in members.key_columns()}
        facts[at] = keys | {
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
