"""What a plan means on one day: which units end, who inherits, what changes. Reads units and people, writes nothing."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from canbo.codes import code_list
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.common.numbers import print_day
from canbo.register.models import Person, Unit, UnitVersion
from canbo.register.reorganisations.plans import NewUnit, Operation, Plan

_DISSOLVING = ("merge", "split", "abolish")


@dataclass
class Changes:
    """All that happens to units on one day, by unit code; operations of one day happen at once.

    ``heirs``: dissolved unit: the unit that what is left in it goes to (None: to none). ``above``: dissolved unit: the
    unit that the units below it come under. ``ended``: those abolished, whose bodies end with them. ``goes``: (unit,
    person): unit. ``links``: (predecessor, successor).
    """

    day: date
    founded: dict[str, tuple[NewUnit, str]] = field(default_factory=dict)
    heirs: dict[str, str | None] = field(default_factory=dict)
    above: dict[str, str | None] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)
    goes: dict[tuple[str, str], str] = field(default_factory=dict)
    altered: dict[str, dict[str, Any]] = field(default_factory=dict)
    links: list[tuple[str, str]] = field(default_factory=list)

    @property
    def codes(self) -> set[str]:
        """Every unit code that is named."""
        named = {code for values in self._valued() for key in ("parent", "party_parent") if (code := values.get(key))}
        heirs = {code for code in [*self.heirs.values(), *self.above.values()] if code}
        going = {unit for unit, _ in self.goes} | set(self.goes.values())
        return named | heirs | going | set(self.heirs) | set(self.altered) | {one for _, one in self.founded.values()}

    def _valued(self) -> Iterator[Mapping[str, Any]]:
        yield from self.altered.values()
        yield from (new.values for new, _ in self.founded.values())


def changes_of(plan: Plan, day: date) -> Changes:
    """What the plan changes on a day, checked against the units and people of the register.

    :raises Refused: a unit is unknown, does not exist on the day, is dissolved twice or founded though it was there.
    """
    changes = Changes(day)
    for operation in plan.operations:
        if operation.day == day:
            _take_in(changes, operation)
    _follow_chains(changes)
    _require_units(changes)
    _require_people(changes)
    return changes


def _take_in(changes: Changes, operation: Operation) -> None:
    for new in operation.new:
        if new.code in changes.founded:
            raise _refused(f"Đơn vị mới {new.code} được lập hai lần.", f"The new unit {new.code} is founded twice.")
        changes.founded[new.code] = (new, operation.units[0])
    if operation.kind in _DISSOLVING:
        for unit in operation.units:
            _dissolve(changes, operation, unit)
    going_on = operation.into[:1] if operation.kind == "merge" else operation.units
    if operation.values:
        for unit in going_on:
            changes.altered.setdefault(unit, {}).update(operation.values)


def _dissolve(changes: Changes, operation: Operation, unit: str) -> None:
    changes.goes |= {(unit, person): target for person, target in operation.people.items() if target != unit}
    rest = operation.into[0] if operation.kind == "merge" else operation.rest
    targets = [*operation.into, *([rest] if rest else []), *operation.people.values()]
    changes.links += [(unit, target) for target in dict.fromkeys(targets) if target != unit]
    if unit in operation.into:
        return
    if unit in changes.heirs:
        raise _refused(
            f"Đơn vị {unit} bị giải thể hai lần trong ngày {print_day(changes.day)}.",
            f"The unit {unit} is dissolved twice on {print_day(changes.day)}.",
        )
    if operation.kind == "abolish":
        changes.ended.add(unit)
    changes.heirs[unit] = rest
    changes.above[unit] = operation.children or rest


def _follow_chains(changes: Changes) -> None:
    """Who inherits from a unit whose heir ends the same day."""

    def last(code: str | None, following: Mapping[str, str | None]) -> str | None:
        seen: set[str] = set()
        while code is not None and code in following:
            if code in seen:
                raise _refused(
                    f"Các đơn vị {', '.join(sorted(seen))} nhập vòng tròn vào nhau.",
                    f"The units {', '.join(sorted(seen))} merge into each other in a circle.",
                )
            seen.add(code)
            code = following[code]
        return code

    heirs = dict(changes.heirs)
    changes.heirs = {unit: last(unit, heirs) for unit in heirs}
    above = dict(changes.above)
    changes.above = {unit: last(unit, above) for unit in above}
    changes.goes = {key: target for key, unit in changes.goes.items() if (target := last(unit, heirs))}
    links = ((before, last(after, heirs) or after) for before, after in changes.links)
    changes.links = [link for link in dict.fromkeys(links) if link[0] != link[1]]


def _require_units(changes: Changes) -> None:
    day = print_day(changes.day)
    known = set(Unit.objects.filter(code__in=[*changes.codes, *changes.founded]).values_list("code", flat=True))
    living = set(
        UnitVersion.objects.as_of(changes.day).filter(unit__code__in=known).values_list("unit__code", flat=True)
    )
    if used := sorted(known & set(changes.founded)):
        raise _refused(
            f"Mã đơn vị {', '.join(used)} đã được dùng; mã cũ không dùng lại. Hãy đặt mã khác.",
            f"The unit codes {', '.join(used)} were used before and are never used again. Choose others.",
        )
    if missing := sorted(changes.codes - known - set(changes.founded)):
        raise _refused(f"Không có đơn vị {', '.join(missing)}.", f"There is no unit {', '.join(missing)}.")
    if gone := sorted(changes.codes - living - set(changes.founded)):
        raise _refused(
            f"Tại ngày {day} đơn vị {', '.join(gone)} không còn hoặc chưa có.",
            f"On {day} the unit {', '.join(gone)} does not exist.",
        )
    if both := sorted(set(changes.altered) & set(changes.heirs)):
        raise _refused(
            f"Đơn vị {', '.join(both)} vừa giải thể vừa thay đổi trong ngày {day}.",
            f"The unit {', '.join(both)} is both dissolved and changed on {day}.",
        )
    _require_values(changes)


def _require_values(changes: Changes) -> None:
    for code, (new, _) in changes.founded.items():
        if not new.values.get("name"):
            raise _refused(f"Đơn vị mới {code} chưa có tên.", f"The new unit {code} has no name.")
    lists = {"level": "level", "kind": "unit_kind", "sector": "sector"}
    for unit, values in [*changes.altered.items(), *((code, new.values) for code, (new, _) in changes.founded.items())]:
        for column, codes in lists.items():
            if values.get(column) is not None and values[column] not in code_list(codes).keys:
                raise _refused(
                    f"Đơn vị {unit}: {column} “{values[column]}” không có trong danh mục.",
                    f"Unit {unit}: {column} “{values[column]}” is not in the code list.",
                )


def _require_people(changes: Changes) -> None:
    named = {person for _, person in changes.goes}
    known = set(Person.objects.filter(code__in=named).values_list("code", flat=True))
    if missing := sorted(named - known):
        raise _refused(f"Không có cán bộ mã {', '.join(missing)}.", f"There is no person {', '.join(missing)}.")


def ids_of(codes: Iterable[str]) -> Callable[[str | None], Any]:
    """Looks up units' ids by code, read at once: an id, None for None."""
    found = dict(Unit.objects.filter(code__in=list(codes)).values_list("code", "id"))
    return lambda code: None if code is None else found[code]


def _refused(vi: str, en: str) -> Refused:
    return Refused(pick(vi, en))
