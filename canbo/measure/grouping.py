"""Results unit by unit: each member's own unit, its locality, or the locality of a level. Totals are not made here."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Literal

import numpy as np
import numpy.typing as npt

from canbo.common.findings import Finding
from canbo.common.language import pick
from canbo.datasets.units import Positions, UnitTree
from canbo.measure.amounts import Amount, Counts
from canbo.measure.results import IndicatorResult, Report, UnitResult

By = Literal["province", "district", "commune", "locality", "unit"]
SMALL = 5
"""Units with fewer people are joined in what may travel (the dossier's own proposal: suppress cells under 5)."""


def groups_by(tree: UnitTree, by: By) -> Positions:
    """For each unit the position of the unit that shows it, -1 where there is none. Shape: (units)."""
    if by == "unit":
        return np.arange(len(tree.ids), dtype=np.int32)
    return tree.localities if by == "locality" else tree.localities_of(by)


def split(
    counts: Counts, tree: UnitTree, by: By, value: Callable[[int, int], Fraction | None]
) -> tuple[UnitResult, ...]:
    """The counts in every unit that has any, members without such a unit last; they add up to the whole."""
    groups = groups_by(tree, by)
    numerator, denominator, unknown = (
        _gather(amount, groups) for amount in (counts.numerator, counts.denominator, counts.unknown)
    )
    some = np.flatnonzero((numerator != 0) | (denominator != 0) | (unknown != 0))
    found = []
    for place in some:
        is_rest = place == len(tree.ids)
        n, d = int(numerator[place]), int(denominator[place])
        name = pick("Không thuộc đơn vị nào", "In no such unit") if is_rest else tree.names[place]
        unit = None if is_rest else tree.ids[place]
        found.append(UnitResult(unit, name, n, d, int(unknown[place]), value(n, d)))
    return tuple(found)


def _gather(amount: Amount, groups: Positions) -> npt.NDArray[np.int64]:
    """Sums per showing unit, the last for all that no unit shows. Shape: (units + 1)."""
    units = len(groups)
    places = np.where(groups >= 0, groups, units)
    sums = np.bincount(places, weights=amount.by_unit, minlength=units + 1)
    whole = np.rint(sums).astype(np.int64)
    whole[units] += amount.total - int(amount.by_unit.sum())
    return whole


def without_names(report: Report) -> Report:
    """The form that may travel: units under five people joined or hidden, no value of a cell in the findings."""
    findings = tuple(replace(one, value=None, suggestion=None, message=_hidden(one)) for one in report.findings)
    return replace(report, indicators=tuple(_join_small(one) for one in report.indicators), findings=findings)


def _hidden(finding: Finding) -> str:
    if finding.sheet is None:
        return finding.message
    return pick(
        "Nội dung ô không ghi trong bản không có họ tên; xem bằng “canbo check-data”.",
        "The cell is not shown in the form without names; see it with “canbo check-data”.",
    )


def _join_small(indicator: IndicatorResult) -> IndicatorResult:
    if indicator.members_in != "people":
        return indicator
    if indicator.is_each:
        return replace(indicator, units=tuple(_hide_small(unit) for unit in indicator.units))
    small = [unit for unit in indicator.units if unit.denominator is not None and unit.denominator < SMALL]
    if not small:
        return indicator
    kept = [unit for unit in indicator.units if unit not in small]
    if sum(unit.denominator or 0 for unit in small) < SMALL and kept:
        # One small rest beside the total would still tell who is in it: the smallest of the others joins it.
        smallest = min(kept, key=lambda unit: unit.denominator or 0)
        kept.remove(smallest)
        small.append(smallest)
    numerator, denominator = (sum(getattr(unit, name) or 0 for unit in small) for name in ("numerator", "denominator"))
    joined = UnitResult(
        unit_id=None,
        name=pick("Các đơn vị dưới 5 người", "Units under 5 people"),
        numerator=numerator,
        denominator=denominator,
        unknown=sum(unit.unknown for unit in small),
        value=Fraction(numerator, denominator) if denominator else None,
    )
    return replace(indicator, units=(*kept, joined))


def _hide_small(unit: UnitResult) -> UnitResult:
    """A unit with a verdict of its own keeps the verdict; its counts would tell who is in it."""
    if unit.denominator is None or not 0 < unit.denominator < SMALL:
        return unit
    reason = pick("Dưới 5 người, không ghi số.", "Under 5 people: no counts shown.")
    return replace(
        unit, numerator=None, denominator=None, unknown=0, value=None, printed=None, shortfall=None, reason=reason
    )
