"""Standing rules on collective bodies: an alert from the day a rule is broken to the day it is repaired (ORG-10).

Alerts follow from the seats and are never stored, so that none can be silenced, and a correction corrects them too.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

import yaml

from canbo.common.findings import Finding
from canbo.common.language import current, pick
from canbo.register.models import Body, BodySeat, Unit, UnitVersion

Kind = Literal["broken", "empty"]


@dataclass(frozen=True)
class Rule:
    """A standing rule: bodies of ``levels`` have at least ``least_women`` women."""

    key: str
    label: str
    body: str
    levels: tuple[str, ...]
    least_women: int


@dataclass(frozen=True)
class Alert:
    """A rule broken in the body of a unit from ``start``; ``end`` is the day it was repaired, None while it is not.

    ``empty``: nobody sits in the body. ``left`` names who left on the day, with the reason; nobody where the body
    began like that.
    """

    rule: str
    unit_id: int
    kind: Kind
    start: date
    end: date | None
    members: int
    women: int
    left: tuple[tuple[str, str, str], ...]

    def holds_on(self, day: date) -> bool:
        """Whether the alert is open on a day."""
        return self.start <= day and (self.end is None or day < self.end)

    def as_finding(self, unit: Unit, name: str) -> Finding:
        """The alert in words: body, day, cause."""
        causes = ", ".join(f"{who} ({why or pick('không ghi lý do', 'no reason given')})" for _, who, why in self.left)
        cause = pick(f"do thôi tham gia: {causes}", f"because these left: {causes}") if causes else pick(
            "ngay từ khi lập", "from the beginning"
        )  # fmt: skip
        what = {
            "broken": pick(
                f"chỉ có {self.women} nữ trong {self.members} người", f"{self.women} of {self.members} women"
            ),
            "empty": pick("không còn ai", "nobody sits in it"),
        }[self.kind]
        closed = pick(f"; khắc phục ngày {self.end:%d/%m/%Y}", f"; repaired on {self.end:%d/%m/%Y}") if self.end else ""
        return Finding(
            "error",
            f"monitor_{self.rule}",
            f"{name} ({unit.code}), {rules()[self.rule].label}: "
            f"{pick('từ', 'from')} {self.start:%d/%m/%Y} {what}, {cause}{closed}.",
            suggestion=pick("Hãy kiện toàn tập thể theo quy định.", "Fill the body as the rule asks."),
            value=unit.code,
        )  # fmt: skip


@lru_cache(maxsize=2)
def _read(language: str) -> Mapping[str, Rule]:
    source = files("canbo") / "definitions" / "register" / "monitors.yaml"
    loaded: dict[str, dict[str, Any]] = yaml.safe_load(source.read_text("utf-8"))
    return {
        key: Rule(key, raw[language], raw["body"], tuple(raw["levels"]), int(raw["least_women"]))
        for key, raw in loaded.items()
    }


def rules() -> Mapping[str, Rule]:
    """The standing rules by key, worded in the language in force."""
    return _read(current())


def alerts(rule: str, *, units: Collection[int] | None = None) -> list[Alert]:
    """All alerts of a rule, open and closed, by unit and day. Seats that end in the future give alerts ahead."""
    asked = rules()[rule]
    levels = _levels(asked, units)
    seats: dict[int, list[BodySeat]] = defaultdict(list)
    for seat in BodySeat.objects.filter(body=asked.body, unit_id__in=levels).select_related("person").order_by("id"):
        seats[seat.unit_id].append(seat)
    recorded: dict[int, list[Body]] = defaultdict(list)
    for body in Body.objects.filter(body=asked.body, unit_id__in=levels).order_by("valid_from"):
        recorded[body.unit_id].append(body)
    found: list[Alert] = []
    for unit_id in sorted({*seats, *recorded}):
        found += _of_unit(asked, unit_id, seats[unit_id], recorded[unit_id], levels[unit_id])
    return found


def open_on(day: date, rule: str, *, units: Collection[int] | None = None) -> list[Alert]:
    """The alerts open on a day."""
    return [alert for alert in alerts(rule, units=units) if alert.holds_on(day)]


def findings_on(day: date, *, unit_ids: Collection[int] | None = None) -> list[Finding]:
    """The open alerts of all standing rules in words, by unit."""
    opened = [alert for key in rules() for alert in open_on(day, key, units=unit_ids)]
    known = Unit.objects.in_bulk({alert.unit_id for alert in opened})
    names = {v.unit_id: v.name for v in UnitVersion.objects.as_of(day).filter(unit_id__in=known)}
    return [alert.as_finding(known[alert.unit_id], names.get(alert.unit_id, "")) for alert in opened]


def _levels(rule: Rule, units: Collection[int] | None) -> dict[int, list[tuple[date, date | None]]]:
    """The units and the periods in which the rule is asked of them."""
    versions = UnitVersion.objects.filter(level__in=rule.levels).order_by("unit_id", "valid_from")
    if units is not None:
        versions = versions.filter(unit_id__in=units)
    found: dict[int, list[tuple[date, date | None]]] = defaultdict(list)
    for version in versions:
        found[version.unit_id].append((version.valid_from if version.since_known else date.min, version.valid_to))
    return found


def _of_unit(
    rule: Rule,
    unit_id: int,
    seats: Sequence[BodySeat],
    recorded: Sequence[Body],
    asked: Sequence[tuple[date, date | None]],
) -> list[Alert]:
    """Walk over the days on which something changes. A body not recorded exists from its first seat on."""
    exists = [(body.valid_from, body.valid_to) for body in recorded]
    if seats and not recorded:
        exists = [(min(seat.valid_from for seat in seats), None)]
    periods = [*exists, *asked, *((seat.valid_from, seat.valid_to) for seat in seats)]
    days = sorted({day for period in periods for day in period if day is not None and day != date.min})
    found: list[Alert] = []
    state: Kind | None = None
    for day in days:
        holding = [seat for seat in seats if _in(day, seat.valid_from, seat.valid_to)]
        now = _state(rule, holding, any(_in(day, *p) for p in exists) and any(_in(day, *p) for p in asked))
        if now == state:
            continue
        if state is not None:
            found[-1] = _closed(found[-1], day)
        if now is not None:
            found.append(_opened(rule, unit_id, now, day, holding, seats))
        state = now
    return found


def _state(rule: Rule, holding: Sequence[BodySeat], exists: bool) -> Kind | None:
    if not exists:
        return None
    if not holding:
        return "empty"
    women = len({seat.person_id for seat in holding if seat.person.sex == "female"})
    return None if women >= rule.least_women else "broken"


def _opened(
    rule: Rule, unit_id: int, kind: Kind, day: date, holding: Sequence[BodySeat], seats: Sequence[BodySeat]
) -> Alert:
    left = [seat for seat in seats if seat.valid_to == day]
    return Alert(
        rule.key,
        unit_id,
        kind,
        day,
        None,
        len({seat.person_id for seat in holding}),
        len({seat.person_id for seat in holding if seat.person.sex == "female"}),
        tuple((seat.person.code, seat.person.full_name, seat.end_reason) for seat in left),
    )


def _closed(alert: Alert, day: date) -> Alert:
    return replace(alert, end=day)


def _in(day: date, start: date, end: date | None) -> bool:
    return start <= day and (end is None or day < end)
