"""The compiled conditions of an indicator for a day over a store, or why it cannot be measured. Evaluates nothing."""

from dataclasses import dataclass
from datetime import date

from canbo.common.language import pick
from canbo.common.numbers import print_day
from canbo.datasets.dictionary import dictionary
from canbo.datasets.store import Store
from canbo.measure.columns import columns_of
from canbo.measure.compiler import Compiled, compile_condition
from canbo.measure.scheme import Expression, Indicator, Scheme
from canbo.measure.values import Setting


@dataclass(frozen=True)
class Conditions:
    """An indicator's conditions; ``reason`` says why it cannot be measured (then the rest may be empty)."""

    where: tuple[Compiled, ...] = ()
    satisfies: Compiled | None = None
    parts: tuple[Compiled, ...] = ()
    each_where: Compiled | None = None
    numerator: Compiled | None = None
    denominator: Compiled | None = None
    reason: str | None = None

    def by_dataset(self) -> list[Compiled]:
        """All conditions, each over its own dataset."""
        single = (self.satisfies, self.each_where, self.numerator, self.denominator)
        return [*self.where, *self.parts, *(one for one in single if one is not None)]


def setting_for(scheme: Scheme, indicator: Indicator | None, day: date, store: Store | None) -> Setting:
    """What the conditions of an indicator are compiled for."""
    window = (indicator.window if indicator else None) or scheme.period
    days = {
        "as_of": day,
        "period_start": scheme.period[0],
        "period_end": scheme.period[1],
        "window_start": window[0],
        "window_end": window[1],
    }
    if store is None:
        return Setting(days)
    return Setting(days, lambda dataset: store.table(dataset, day), store.has_imprecise_births)


Known = dict[tuple[str, str, date, tuple[date, date] | None], Compiled]
"""Conditions compiled before, by text, dataset, day and window: indicators share most of them."""


def conditions_of(scheme: Scheme, indicator: Indicator, day: date, store: Store, known: Known) -> Conditions:
    """Compile the conditions of an indicator, or say why it cannot be measured on the day with these data.

    :raises BadExpression: when a condition is faulty; ``checking`` lists all such faults beforehand.
    """
    reason = _not_on(indicator, day) or _missing_datasets(indicator, store)
    if reason is not None:
        return Conditions(reason=reason)
    setting = setting_for(scheme, indicator, day, store)

    def compiled(expression: Expression | None, dataset: str | None) -> Compiled | None:
        if expression is None or dataset is None:
            return None
        key = (expression.text, dataset, day, indicator.window)
        if key not in known:
            known[key] = compile_condition(expression.text, dataset, setting)
        return known[key]

    of = indicator.of
    found = Conditions(
        where=tuple(one for text in indicator.where if (one := compiled(text, of)) is not None),
        satisfies=compiled(indicator.satisfies, of) or (_always(of) if of and indicator.measure == "count" else None),
        parts=tuple(one for part in indicator.parts if (one := compiled(part.satisfies, of)) is not None),
        each_where=compiled(indicator.each.where, indicator.each.of) if indicator.each else None,
        numerator=compiled(indicator.numerator.where, indicator.numerator.of) if indicator.numerator else None,
        denominator=compiled(indicator.denominator.where, indicator.denominator.of) if indicator.denominator else None,
    )
    reason = _missing_columns(found, store)
    return Conditions(reason=reason) if reason else found


def _always(dataset: str) -> Compiled:
    return Compiled("true", dataset, frozenset(), looks_elsewhere=False)


def _not_on(indicator: Indicator, day: date) -> str | None:
    if indicator.undefined is not None:
        return indicator.undefined
    valid = indicator.valid
    if valid is None:
        return None
    if valid.last is not None and day > valid.last:
        ended = print_day(valid.last)
        return pick(
            f"Nhóm này chỉ có đến {ended}. {valid.why}", f"This group existed up to {ended}. {valid.why}"
        ).strip()
    if valid.first is not None and day < valid.first:
        begun = print_day(valid.first)
        return pick(f"Nhóm này chỉ có từ {begun}. {valid.why}", f"This group exists from {begun}. {valid.why}").strip()
    return None


def _missing_datasets(indicator: Indicator, store: Store) -> str | None:
    needed = [
        *indicator.datasets,
        *(["plans"] if indicator.plan else []),
        *([indicator.each.of] if indicator.each else []),
    ]
    return _missing_reason([name for name in needed if name not in store.present])


def _missing_reason(names: list[str]) -> str | None:
    if not names:
        return None
    listed = ", ".join(f"“{dictionary()[name].title}”" for name in dict.fromkeys(names))
    return pick(f"Dữ liệu không có bảng {listed}.", f"The data has no dataset {listed}.")


def _missing_columns(conditions: Conditions, store: Store) -> str | None:
    """A dataset or column that a condition reads and that the data does not have at all."""
    uses = sorted({use for one in conditions.by_dataset() for use in one.uses})
    absent = [dataset for dataset, _ in uses if dataset not in store.present]
    if absent:
        return _missing_reason(absent)
    columns = [(dataset, column) for dataset, column in uses if column and not store.has_column(dataset, column)]
    if not columns:
        return None
    listed = ", ".join(
        f"“{columns_of(dataset)[column].head}” ({dictionary()[dataset].title})" for dataset, column in columns
    )
    return pick(f"Dữ liệu không có cột {listed}.", f"The data has no column {listed}.")
