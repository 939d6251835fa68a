"""Measuring: one indicator, or all of a scheme, on a day, as results with verdicts. Lists and bridges live beside."""

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from canbo.common.findings import Finding
from canbo.common.language import current, pick
from canbo.common.numbers import print_count, print_day
from canbo.datasets.bundle import Datasets
from canbo.datasets.store import Store
from canbo.measure.amounts import Counts, counts_of_plan, counts_of_ratio, counts_of_sets
from canbo.measure.bitmaps import count
from canbo.measure.each import measure_each
from canbo.measure.grouping import By, split
from canbo.measure.results import (
    BaselineShown,
    IndicatorResult,
    Last,
    ObjectiveShown,
    PartResult,
    Report,
    Reported,
    TargetShown,
)
from canbo.measure.scheme import Indicator, Scheme, Target
from canbo.measure.sets import IndicatorSets, Measurer
from canbo.measure.verdicts import Style, could_change, judge
from canbo.measure.words import label_of, population_words, sentence

_EVENTS = ("classes", "trainings", "rotations", "appointments", "evaluations", "recruitments", "exits", "succession")
"""Datasets whose rows are what happened: a count over none of them is 0, not unknown."""


@dataclass(frozen=True)
class _Asked:
    """What one evaluation is about."""

    measurer: Measurer
    day: date
    by: By | None

    @property
    def style(self) -> Style:
        return Style(self.measurer.scheme.rounding, self.measurer.scheme.places)


def measure_scheme(scheme: Scheme, data: Datasets, *, as_of: date, by: By | None = None) -> Report:
    """Measure every indicator of a scheme on a day."""
    return measure_all(Measurer(scheme, Store(data)), as_of=as_of, by=by)


def measure_all(measurer: Measurer, *, as_of: date, by: By | None = None) -> Report:
    """Measure every indicator on a day over a store that stays; asked again, only what is new is evaluated."""
    scheme, data = measurer.scheme, measurer.store.data
    measurer.prepare(scheme.indicators, as_of)
    results = tuple(_measured(measurer, one, as_of, by) for one in scheme.indicators)
    return Report(
        scheme_id=scheme.id,
        scheme_title=scheme.title,
        province=scheme.province,
        as_of=as_of,
        data_date=data.data_date or as_of,
        engine="duckdb",
        version_of_data=lambda: data.version,
        scheme_version=scheme.version,
        rounding=scheme.rounding,
        places=scheme.places,
        by=by,
        indicators=results,
        findings=(
            *data.findings,
            *other_day_findings(measurer.store, as_of),
            *_early_findings(scheme, as_of),
            *_composite_findings(results),
        ),
        objectives=_objectives(scheme),
    )


def _measured(measurer: Measurer, indicator: Indicator, as_of: date, by: By | None) -> IndicatorResult:
    """The result of an indicator, kept as long as the data that it follows from."""
    key = (indicator.id, as_of, by, current())
    if key not in measurer.results:
        measurer.results[key] = measure_indicator(measurer, indicator, as_of=as_of, by=by)
    result: IndicatorResult = measurer.results[key]
    return result


def other_day_findings(store: Store, day: date) -> tuple[Finding, ...]:
    """The remark that a snapshot is measured on another day than its own."""
    data, is_dated = store.data, store.is_dated
    if data.data_date is None or data.data_date == day:
        return ()
    own, asked = print_day(data.data_date), print_day(day)
    moved_vi = "tuổi, nghỉ hưu và các bảng có ngày" if is_dated else "tuổi và nghỉ hưu"
    moved_en = "ages, retirements and dated tables" if is_dated else "ages and retirements"
    message = pick(
        f"Dữ liệu là của ngày {own} nhưng đo tại ngày {asked}: chỉ {moved_vi} tính theo ngày đo, "
        "các cột khác giữ như trong dữ liệu.",
        f"The data is of {own} but measured on {asked}: only {moved_en} follow the day asked for; "
        "the other columns stand as in the data.",
    )
    if store.retires_after is not None and day > data.data_date:
        message += pick(
            " Ai đến tháng nghỉ hưu trong thời gian đó coi như đã nghỉ; không ai được bổ nhiệm thêm.",
            " Who reaches the retirement month in between is taken to have left; nobody is appointed.",
        )
    return (Finding("warning", "snapshot_other_day", message, value=data.data_date.isoformat()),)


def _early_findings(scheme: Scheme, day: date) -> tuple[Finding, ...]:
    """The remark that the scheme was not yet in force: what is measured is where it started from."""
    starts = [document["effective_on"] for document in scheme.documents if document.get("effective_on")]
    starts = [start for start in starts if isinstance(start, date)]
    if not starts or day >= min(starts):
        return ()
    start = print_day(min(starts))
    message = pick(
        f"Đề án có hiệu lực từ {start}, ngày đo {print_day(day)} ở trước: đây là hiện trạng, chưa phải kết quả.",
        f"The scheme is in force from {start}, after the day measured ({print_day(day)}): its start, no result.",
    )
    return (Finding("warning", "scheme_not_in_force", message, value=min(starts).isoformat()),)


def _composite_findings(results: tuple[IndicatorResult, ...]) -> tuple[Finding, ...]:
    """A composite that more people meet than one of its parts: the scheme's conditions disagree."""
    return tuple(
        Finding(
            "warning",
            "inconsistent",
            pick(
                f"{one.id}: số đạt ({one.numerator}) lớn hơn thành phần {part.id} ({part.numerator}); "
                "điều kiện tổng hợp và thành phần không khớp.",
                f"{one.id}: more meet it ({one.numerator}) than its part {part.id} ({part.numerator}); "
                "the composite and the part disagree.",
            ),
            column=one.id,
        )
        for one in results
        for part in one.parts
        if one.numerator is not None
        and part.numerator is not None
        and one.measure == "share"
        and one.numerator > part.numerator
    )


def measure_indicator(
    measurer: Measurer, indicator: Indicator, *, as_of: date, by: By | None = None
) -> IndicatorResult:
    """Measure one indicator on a day."""
    asked = _Asked(measurer, as_of, by)
    target = indicator.target_on(as_of)
    conditions = measurer.conditions(indicator, as_of)
    if conditions.reason is not None:
        result = _empty(asked, indicator, target, conditions.reason)
        return replace(result, last=_last(measurer, indicator, as_of))
    if indicator.measure == "ratio":
        return _from_counts(asked, indicator, target, counts_of_ratio(measurer, indicator, as_of))
    sets = measurer.sets(indicator, as_of)
    assert sets is not None  # no reason was given, so it can be measured
    if indicator.each is not None:
        return _from_each(asked, indicator, target, sets)
    counts = counts_of_sets(sets)
    if indicator.plan is not None:
        planned = counts_of_plan(measurer, indicator, sets, as_of)
        if planned is None:
            return _empty(asked, indicator, target, _no_plan(indicator.plan.category, as_of))
        return _from_plan(asked, indicator, target, planned)
    result = _from_counts(asked, indicator, target, counts)
    return result if result.status == "not_measurable" else replace(result, parts=_parts(asked, indicator, sets))


def _no_plan(category: str, day: date) -> str:
    shown = print_day(day)
    return pick(
        f"Bảng “Kế hoạch” không có dòng “{category}” cho ngày {shown}.",
        f"The plans have no line “{category}” for {shown}.",
    )


def _empty(asked: _Asked, indicator: Indicator, target: Target | None, reason: str) -> IndicatorResult:
    """An indicator that cannot be measured, with everything that is known of it besides."""
    return IndicatorResult(
        id=indicator.id,
        label=label_of(indicator),
        measure=indicator.measure,
        population=population_words(indicator),
        counted_in=indicator.each.of if indicator.each else (indicator.of or "people"),
        members_in=indicator.of or "people",
        sentence=sentence(indicator),
        quote=indicator.quote,
        numerator=None,
        denominator=None,
        unknown=0,
        population_unknown=0,
        value=None,
        printed=None,
        target=TargetShown(target.by, target.is_, target.orientation, target.bare) if target else None,
        status="not_measurable",
        shortfall=None,
        reason=reason,
        is_each=indicator.each is not None,
        baseline=_baseline(indicator),
        reported=_reported(asked, indicator),
        note=indicator.note,
        objective=indicator.objective,
    )


def _baseline(indicator: Indicator) -> BaselineShown | None:
    base = indicator.baseline
    if base is None:
        return None
    return BaselineShown(base.on, base.numerator, base.denominator, base.printed, base.status, base.note)


def _reported(asked: _Asked, indicator: Indicator) -> tuple[Reported, ...]:
    """Figures reported in words, from the scheme and from the data, up to the day."""
    found = []
    own = indicator.reported
    if own is not None:
        on = indicator.baseline.on if indicator.baseline else asked.measurer.scheme.period[1]
        found.append(Reported(on, own.text, own.low, own.high))
    table = asked.measurer.store.data.tables.get("reported")
    if table is not None:
        for row in table.to_pylist():
            if row["indicator"] == indicator.id and row["as_of"] <= asked.day:
                found.append(Reported(row["as_of"], row["text"], row.get("low"), row.get("high"), row.get("unit_id")))
    return tuple(found)


def _from_counts(asked: _Asked, indicator: Indicator, target: Target | None, counts: Counts) -> IndicatorResult:
    base = _empty(asked, indicator, target, "")
    goal = target.goal if target else None
    n, d, u = counts.numerator.total, counts.denominator.total, counts.unknown.total
    verdict = judge(n, d, measure=indicator.measure, goal=goal, style=asked.style)
    if verdict.status == "not_measurable" and indicator.measure == "count" and indicator.of in _EVENTS:
        # Nobody sent is a result: what did not happen has no row, and must not vanish from a report.
        verdict = judge(0, 1, measure="count", goal=goal, style=asked.style)
    if verdict.status == "not_measurable":
        reason = pick("Không có ai (đơn vị nào) trong nhóm này.", "There is nobody (nothing) in this group.")
        return replace(base, population_unknown=counts.population_unknown, reason=reason)
    values = _number_of if indicator.measure == "count" else _share
    return replace(
        base,
        numerator=n,
        denominator=d,
        unknown=u,
        population_unknown=counts.population_unknown,
        value=verdict.value,
        printed=verdict.printed,
        status=verdict.status,
        shortfall=verdict.shortfall,
        reason=None,
        could_change=could_change(n, d, u, counts.population_unknown, measure=indicator.measure, goal=goal),
        units=split(counts, asked.measurer.store.tree, asked.by, values) if asked.by else (),
    )


def _parts(asked: _Asked, indicator: Indicator, sets: IndicatorSets) -> tuple[PartResult, ...]:
    whole = count(sets.population)
    found = []
    for part, (true, unknown) in zip(indicator.parts, sets.parts, strict=True):
        n = count(true)
        value = Fraction(n, whole) if whole else None
        printed = asked.style.percent(value) if value is not None else None
        found.append(PartResult(part.id, label_of(part), n, whole, count(unknown), value, printed))
    return tuple(found)


def _from_plan(asked: _Asked, indicator: Indicator, target: Target | None, counts: Counts) -> IndicatorResult:
    base = _empty(asked, indicator, target, "")
    goal = target.goal if target else None
    n, d, u = counts.numerator.total, counts.denominator.total, counts.unknown.total
    common = replace(
        base,
        numerator=n,
        denominator=None if counts.is_open else d,
        unknown=u,
        population_unknown=counts.population_unknown,
        reason=None,
        units=split(counts, asked.measurer.store.tree, asked.by, _share) if asked.by else (),
    )
    if counts.is_open:
        # A sum over the lines that happen to be printed is no plan, neither of the whole nor of a unit.
        common = replace(common, units=tuple(replace(u, denominator=None, value=None) for u in common.units))
    if counts.is_open or d == 0:
        open_reason = pick("Kế hoạch không in số.", "plan not printed")
        reason = open_reason if counts.is_open else pick("Kế hoạch bằng 0.", "The plan is 0.")
        return replace(common, value=Fraction(n), printed=print_count(n), status="report", reason=reason)
    verdict = judge(n, d, measure="count", goal=goal, style=asked.style, planned=True)
    return replace(
        common,
        value=verdict.value,
        printed=verdict.printed,
        status=verdict.status,
        shortfall=verdict.shortfall,
        could_change=could_change(n, d, u, counts.population_unknown, measure="count", goal=goal, planned=True),
    )


def _number_of(numerator: int, denominator: int) -> Fraction | None:
    return Fraction(numerator)


def _share(numerator: int, denominator: int) -> Fraction | None:
    return Fraction(numerator, denominator) if denominator else None


def _from_each(asked: _Asked, indicator: Indicator, target: Target | None, sets: IndicatorSets) -> IndicatorResult:
    assert indicator.each is not None  # the caller asked
    found = measure_each(asked.measurer, indicator, indicator.each, sets, target, asked.day)
    base = replace(_empty(asked, indicator, target, ""), units=found.units, population_unknown=count(sets.outside))
    if found.measured == 0:
        reason = pick("Không đơn vị nào đo được.", "No unit can be measured.")
        return replace(base, reason=reason)
    value = Fraction(found.met, found.measured)
    missing = found.measured - found.met
    has_goal = any(unit.status in ("met", "short") for unit in found.units)
    return replace(
        base,
        numerator=found.met,
        denominator=found.measured,
        unknown=found.could_turn,
        value=value,
        printed=asked.style.percent(value),
        status=("short" if missing else "met") if has_goal else "report",
        shortfall=missing if has_goal else None,
        reason=None,
        could_change=has_goal and 0 < missing <= found.could_turn,
    )


def _last(measurer: Measurer, indicator: Indicator, as_of: date) -> Last | None:
    """The last value of a population that has ended by the day."""
    valid = indicator.valid
    if indicator.undefined is not None or valid is None or valid.last is None or as_of <= valid.last:
        return None
    result = measure_indicator(measurer, indicator, as_of=valid.last)
    if result.status == "not_measurable":
        return None
    return Last(valid.last, result.numerator, result.denominator, result.printed, result.status)


def _objectives(scheme: Scheme) -> tuple[ObjectiveShown, ...]:
    return tuple(
        ObjectiveShown(
            one.id,
            one.text,
            tuple(i.id for i in scheme.indicators if i.objective == one.id),
            one.no_indicator,
        )
        for one in scheme.objectives
    )
