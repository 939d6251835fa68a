"""The bridge of an indicator between two days, as far as a visitor may see it."""

from dataclasses import dataclass
from datetime import date

from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.measure.bridge import make_bridge
from canbo.measure.results import Bridge, BridgeEnd, Change, IndicatorResult, UnitResult
from canbo.output.terminal_lists import cause_title
from canbo.register.reading import NotFound
from canbo.web.overview.asked import Asked
from canbo.web.overview.choices import day_of
from canbo.web.overview.figures import measuring

MOST_NAMED = 200
"""So many people of one cause stand on the page."""


@dataclass(frozen=True)
class Cause:
    """One cause with what it adds, the people whom the visitor may see, and how many others."""

    title: str
    numerator: int
    denominator: int
    people: tuple[Change, ...]
    others: int


@dataclass(frozen=True)
class Comparison:
    """Two days and why the figure differs; no causes where a unit has yet to be chosen."""

    first: date
    last: date
    first_text: str
    fault: str
    unit: str
    units: tuple[UnitResult, ...]
    start: BridgeEnd | None = None
    end: BridgeEnd | None = None
    causes: tuple[Cause, ...] = ()

    @property
    def codes(self) -> list[str]:
        """The people named, for the log."""
        people = (one for cause in self.causes for one in cause.people)
        return sorted({str(one.key["person_id"]) for one in people if one.key.get("person_id")})

    @property
    def moved(self) -> tuple[int, int]:
        """What all causes add together."""
        return sum(one.numerator for one in self.causes), sum(one.denominator for one in self.causes)


def comparison(asked: Asked, result: IndicatorResult | None) -> Comparison:
    """The bridge from the day the address names (else the end of the year before) to the day of the page.

    :raises Refused: the indicator cannot be measured on one of the days.
    """
    last, text, unit = asked.chosen.day, asked.given("from"), asked.given("unit")
    first = day_of(text) if text else date(last.year - 1, 12, 31)
    fault = "" if first else pick("Viết ngày như 31/12/2024.", "Write the day as 31/12/2024.")
    first = first or date(last.year - 1, 12, 31)
    units = result.units if result is not None and result.is_each else ()
    if asked.sight.units_named is not None and unit and unit not in asked.sight.units_named:
        raise NotFound(pick(f"Không tìm thấy đơn vị “{unit}”.", f"No unit “{unit}” was found."))
    if units and not unit:
        return Comparison(first, last, text, fault, unit, units)
    made = _bridge(asked, first, last, unit)
    return Comparison(first, last, text, fault, unit, units, made.start, made.end, _causes(asked, made))


def _bridge(asked: Asked, first: date, last: date, unit: str) -> Bridge:
    """Both days are held at once: always the earlier one first, or two visitors could wait for each other."""
    if first >= last:
        raise Refused(
            pick(
                "Ngày đầu phải trước ngày đang xem. Chọn một ngày sớm hơn.",
                "The first day must lie before the day shown. Choose an earlier one.",
            )
        )
    scheme = asked.chosen.scheme
    with measuring(asked.sight, scheme, first) as start, measuring(asked.sight, scheme, last) as end:
        return make_bridge(asked.indicator, start.own, end.own, first=first, last=last, unit=unit or None)


def _causes(asked: Asked, made: Bridge) -> tuple[Cause, ...]:
    found = []
    for one in made.causes:
        seen = tuple(change for change in one.people if _may_see(asked, change))[:MOST_NAMED]
        others = len(one.people) - len(seen)
        found.append(Cause(cause_title(one.cause), one.numerator, one.denominator, seen, others))
    return tuple(found)


def _may_see(asked: Asked, change: Change) -> bool:
    if "person_id" in change.key:
        return asked.sight.reads(change.key["person_id"] or "")
    return asked.sight.is_whole or change.unit_id in asked.sight.units
