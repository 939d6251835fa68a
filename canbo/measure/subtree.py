"""The figures of some units only: the same indicators over the rows in these units, without the whole's verdicts.

A row belongs to the unit that the results by unit count it in, so the figures of units that do not overlap add up to
those of all of them; only where different values of a column are counted may one be counted in each.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from canbo.common.findings import Finding, Refused
from canbo.common.language import pick
from canbo.common.numbers import print_count, print_day
from canbo.datasets.units import UnitTree
from canbo.measure.bitmaps import Truth, Words, from_rows
from canbo.measure.compiler import Compiled
from canbo.measure.evaluation import measure_all
from canbo.measure.grouping import SMALL, By, without_names
from canbo.measure.results import IndicatorResult, Report, Status, UnitResult
from canbo.measure.scheme import Indicator
from canbo.measure.sets import Measurer

_MOST_NAMED = 3


class Inside(Measurer):
    """Asks about the rows in some units only; what the whole has evaluated already is used again.

    ``whole`` and this measurer serve one thread between them. Units that the data does not have are passed over.
    """

    def __init__(self, whole: Measurer, units: Collection[str]) -> None:
        super().__init__(whole.scheme, whole.store)
        self.members, self._conditions = whole.members, whole._conditions
        self._known, self._groups = whole._known, whole._groups
        self.units = frozenset(units) & whole.store.tree.position.keys()
        self._rows: dict[tuple[str, date], Words] = {}

    def group(self, conditions: Iterable[Compiled], day: date, dataset: str) -> Truth:
        """The rows of the dataset in these units that all conditions hold for."""
        found, rows = super().group(conditions, day, dataset), self._rows_of(dataset, day)
        return Truth(found.true & rows, found.unknown & rows)

    def whole_subtrees(self, tree: UnitTree, places: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """The places whose subtree lies in these units: a part of another is not that unit's figure."""
        outside = np.array([unit not in self.units for unit in tree.ids], dtype=np.int64)
        before = np.concatenate([[0], np.cumsum(outside)])
        whole: npt.NDArray[np.int64] = places[before[tree.ends[places]] == before[places]]
        return whole

    def _rows_of(self, dataset: str, day: date) -> Words:
        key = (dataset, day)
        if key not in self._rows:
            members = self.members.get(dataset, day)
            position = self.store.tree.position
            own = np.array(sorted(position[unit] for unit in self.units), dtype=np.int64)
            self._rows[key] = from_rows(np.flatnonzero(np.isin(members.places, own)), members.rows)
        return self._rows[key]


def measure_inside(
    whole: Measurer, units: Collection[str], *, as_of: date, by: By | None = None, show_small: bool
) -> Report:
    """Measure every indicator on a day over the rows in some units; results by unit list none but these.

    The targets are those of the whole, so none is held against them: statuses are ``report``, but for what the scheme
    measures in every single unit. A finding ``part_only`` names the units. ``show_small`` false: the form that may
    travel, also without totals of fewer than five people.

    :raises Refused: the data of the day has none of the units.
    """
    part = Inside(whole, units)
    if not part.units:
        raise Refused(
            pick(
                f"Dữ liệu ngày {print_day(as_of)} không có đơn vị nào trong phạm vi nhiệm vụ. Hãy chọn ngày khác.",
                f"The data of {print_day(as_of)} has none of the units in the mandate. Choose another day.",
            )
        )
    report = measure_all(part, as_of=as_of, by=by)
    pairs = zip(report.indicators, whole.scheme.indicators, strict=True)
    results = tuple(_of_part(one, indicator, part.units) for one, indicator in pairs)
    whose, findings = _whose(part), _findings(part, report)
    if show_small:
        return replace(report, indicators=results, findings=(whose, *findings))
    told = tuple(one for one in findings if one.code != "inconsistent")  # its words hold counts
    joined = without_names(replace(report, indicators=results, findings=told))
    hidden = tuple(_without_small(one) for one in joined.indicators)
    return replace(joined, indicators=hidden, findings=(whose, *joined.findings))


def _of_part(one: IndicatorResult, indicator: Indicator, units: frozenset[str]) -> IndicatorResult:
    reported = tuple(figure for figure in one.reported if figure.unit_id in units)
    if indicator.each is not None and indicator.each.of == "succession_lists":
        reason = pick(
            "Danh sách quy hoạch có người ở nhiều đơn vị, nên chỉ đo trên toàn tỉnh.",
            "Succession lists hold people of many units, so they are measured over the whole province only.",
        )
        return _emptied(replace(one, reported=reported, last=None), reason)
    return replace(
        one,
        target=None,
        status=_told(one.status),
        shortfall=None,
        could_change=False,
        last=replace(one.last, status=_told(one.last.status)) if one.last else None,
        units=one.units if one.is_each else _listed(one, units),
        reported=reported,
    )


def _told(status: Status) -> Status:
    return "report" if status in ("met", "short") else status


def _listed(one: IndicatorResult, units: frozenset[str]) -> tuple[UnitResult, ...]:
    """Only these units; what a unit above them would show stands with what no unit shows."""
    kept = tuple(unit for unit in one.units if unit.unit_id in units)
    others = [unit for unit in one.units if unit.unit_id not in units]
    if not others:
        return kept
    numerator, denominator = (sum(getattr(unit, name) or 0 for unit in others) for name in ("numerator", "denominator"))
    is_open = any(unit.denominator is None for unit in others)
    value = Fraction(numerator, denominator) if denominator else None
    if one.measure == "count" and not is_open:
        value = Fraction(numerator)
    name = pick("Không thuộc đơn vị nào trong phạm vi", "In no such unit of the mandate")
    rest = UnitResult(
        None, name, numerator, None if is_open else denominator, sum(unit.unknown for unit in others),
        None if is_open else value,
    )  # fmt: skip
    return (*kept, rest)


def _without_small(one: IndicatorResult) -> IndicatorResult:
    reason = pick("Dưới 5 người, không ghi số.", "Under 5 people: no counts shown.")
    if one.members_in != "people" or one.is_each:
        return one
    if one.last is not None and 0 < (one.last.denominator or 0) < SMALL:
        one = replace(one, last=None)
    return _emptied(one, reason) if 0 < (one.denominator or 0) < SMALL else one


def _emptied(one: IndicatorResult, reason: str) -> IndicatorResult:
    return replace(
        one, numerator=None, denominator=None, unknown=0, population_unknown=0, value=None, printed=None, target=None,
        status="not_measurable", shortfall=None, reason=reason, could_change=False, parts=(), units=(),
    )  # fmt: skip


def _findings(part: Inside, report: Report) -> tuple[Finding, ...]:
    """What was found that counts nobody outside."""
    own = part.store.data.findings
    kept = [one for one in report.findings if one not in own]
    if any(one.code == "snapshot_other_day" for one in own):
        kept.append(_unknown_before(report.as_of))
    return tuple(kept)


def _whose(part: Inside) -> Finding:
    tree = part.store.tree
    places = sorted(tree.position[unit] for unit in part.units)
    tops = [place for place in places if tree.parents[place] < 0 or tree.ids[tree.parents[place]] not in part.units]
    named = "; ".join(f"{tree.names[place]} ({tree.ids[place]})" for place in tops[:_MOST_NAMED])
    more = "; …" if len(tops) > _MOST_NAMED else ""
    number = print_count(len(places))
    message = pick(
        f"Số liệu chỉ của {number} đơn vị trong phạm vi nhiệm vụ: {named}{more}. Chỉ tiêu đặt cho toàn tỉnh nên không "
        "đối chiếu.",
        f"The figures are of the {number} units in the mandate only: {named}{more}. Targets are set for the whole "
        "province, so none is held against them.",
    )
    return Finding("warning", "part_only", message, value=", ".join(tree.ids[place] for place in tops))


def _unknown_before(day: date) -> Finding:
    shown = print_day(day)
    return Finding(
        "warning",
        "snapshot_other_day",
        pick(
            f"Tại ngày {shown}, một phần thông tin trong cơ sở dữ liệu là chưa biết: nguồn chỉ ghi từ một ngày sau đó.",
            f"As of {shown}, part of what the register keeps is unknown: the source states it only later.",
        ),
    )
