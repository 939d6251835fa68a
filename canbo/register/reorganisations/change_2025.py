"""The change of 2025-07-01 as an example: 63 -> 34 provinces, districts abolished, communes merged.

Lists in ``definitions/administrative``, with how well they are attested. A code of a locality is not a key there: seven
province codes changed owner on that day. CanBo's own unit codes are never used again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml
from django.db.models import Q

from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.common.text import search_key
from canbo.register.models import Employment, PostHeld, UnitVersion
from canbo.register.reorganisations.plans import NewUnit, Operation, Plan

DAY = date(2025, 7, 1)
DECISION: Mapping[str, Any] = {
    "number": "1683/NQ-UBTVQH15",
    "kind": "resolution",
    "issuer": "Ủy ban Thường vụ Quốc hội",
    "issued_on": date(2025, 6, 16),
    "title": "Sắp xếp các đơn vị hành chính cấp xã của tỉnh Thái Nguyên năm 2025",
}
"""Attested: recalled."""

_TYPES = ("thanh pho ", "thi xa ", "thi tran ", "huyen ", "quan ", "phuong ", "xa ")


@dataclass(frozen=True)
class Locality:
    """A province or commune from 2025-07-01: name, and the codes that those it was formed from had until then."""

    code: str
    name: str
    of: tuple[str, ...]


@dataclass(frozen=True)
class Communes:
    """The communes of one province from 2025-07-01.

    ``before``: old code: (district, name). ``divided``: old communes that went to several, its most part first.
    """

    new: tuple[Locality, ...]
    divided: Mapping[str, tuple[str, ...]]
    before: Mapping[str, tuple[str, str]]

    def follower(self, old: str) -> str | None:
        """The code of the new commune that an old one went to, or its most part."""
        return next((one.code for one in self.new if old in one.of), next(iter(self.divided.get(old, ())), None))


def old_provinces() -> Mapping[str, str]:
    """The 63 provinces until 2025-06-30: name by code."""
    names: dict[str, str] = _read("provinces-2025")["before"]
    return names


@lru_cache(maxsize=1)
def new_provinces() -> Mapping[str, Locality]:
    """The 34 provinces from 2025-07-01, by code."""
    entries = _read("provinces-2025")["provinces"].items()
    return {code: Locality(code, entry["name"], tuple(entry["of"])) for code, entry in entries}


def province_on(code: str, day: date) -> str | None:
    """The province that a code named on a day: the code alone does not tell."""
    if day < DAY:
        return old_provinces().get(code)
    found = new_provinces().get(code)
    return found.name if found else None


@lru_cache(maxsize=1)
def communes_of_thai_nguyen() -> Communes:
    """The communes of the new province of Thái Nguyên."""
    raw = _read("communes-2025-thai-nguyen")
    return Communes(
        tuple(Locality(entry["code"], entry["name"], tuple(entry["of"])) for entry in raw["communes"]),
        {old: tuple(new) for old, new in raw["divided"].items()},
        {code: (entry["district"], entry["name"]) for code, entry in raw["before"].items()},
    )


def plan_for_2025(*, province: str) -> Plan:
    """The plan of 2025-07-01 for a province of the register with the districts and communes of Thái Nguyên.

    Communes are merged as listed; one that the list does not name (its name is older) goes along with the commune
    before it in its district, or the next where it is the first: a rule of this example. Of a district's units, health
    services come under the province's health department, other services under the new communes in turn; inspectorates'
    people go to the province's inspectorate, all others to the new communes of the district in turn, by person code.

    :raises Refused: the register has no such province, or no districts in it on 2025-06-30.
    """
    tree = _Tree.of(province)
    groups = _groups(tree)
    operations = [_merger(tree, code, members) for code, members in groups.items()]
    homes = {member: (_new_code(tree, code) if len(ms) > 1 else ms[0]) for code, ms in groups.items() for member in ms}
    for district in tree.districts:
        operations += _end_district(tree, district, homes)
    operations += [
        Operation("change_level", DAY, (unit.unit.code,), values={"level": "province"})
        for unit in tree.below(province)
        if unit.level == "district" and unit.kind != "locality"
    ]
    title = pick("Sắp xếp đơn vị hành chính từ 01/07/2025", "Reorganisation of 2025-07-01")
    return Plan(title, DECISION, tuple(operations))


@dataclass(frozen=True)
class _Tree:
    """The units of a province on the eve, by code and by the unit above, in the order of their codes."""

    province: str
    units: Mapping[str, UnitVersion]
    children: Mapping[str, Sequence[UnitVersion]]

    @classmethod
    def of(cls, province: str) -> "_Tree":
        versions = UnitVersion.objects.as_of(date(2025, 6, 30)).select_related("unit", "parent").order_by("unit__code")
        units: dict[str, UnitVersion] = {version.unit.code: version for version in versions}
        children: dict[str, list[UnitVersion]] = {}
        for version in units.values():
            if version.parent is not None:
                children.setdefault(version.parent.code, []).append(version)
        tree = cls(province, units, children)
        if province not in units or not tree.districts:
            raise Refused(
                pick(
                    f"Tại ngày 30/06/2025 không có tỉnh {province} với các huyện trong cơ sở dữ liệu.",
                    f"On 30/06/2025 the register has no province {province} with districts.",
                )
            )
        return tree

    @property
    def districts(self) -> list[str]:
        return [v.unit.code for v in self.below(self.province) if v.level == "district" and v.kind == "locality"]

    def below(self, code: str) -> Sequence[UnitVersion]:
        return self.children.get(code, ())

    def communes(self, district: str) -> list[str]:
        return [v.unit.code for v in self.below(district) if v.level == "commune" and v.kind == "locality"]

    def agency(self, beginning: str) -> str | None:
        """The first unit right under the province whose name begins so."""
        return next((v.unit.code for v in self.below(self.province) if v.name.startswith(beginning)), None)


def _groups(tree: _Tree) -> dict[str, list[str]]:
    """The communes of the register by the new commune's locality code."""
    listed = communes_of_thai_nguyen()
    key = {(_short(district), _plain(name)): code for code, (district, name) in listed.before.items()}
    loose = {(_short(district), _short(name)): code for code, (district, name) in listed.before.items()}
    groups: dict[str, list[str]] = {}
    for district in tree.districts:
        name = _short(tree.units[district].name)
        codes = tree.communes(district)
        found = []
        for code in codes:
            own = tree.units[code].name
            old = key.get((name, _plain(own))) or loose.get((name, _short(own)))
            found.append(listed.follower(old) if old else None)
        for code, new in zip(codes, _filled(found), strict=True):
            if new is not None:
                groups.setdefault(new, []).append(code)
    return groups


def _filled(found: Sequence[str | None]) -> list[str | None]:
    """Each gap takes what is before it, gaps at the beginning what comes next."""
    filled: list[str | None] = []
    first = next((one for one in found if one), None)
    for one in found:
        filled.append(one or (filled[-1] if filled else first))
    return filled


def _merger(tree: _Tree, new: str, members: Sequence[str]) -> Operation:
    name = next(one.name for one in communes_of_thai_nguyen().new if one.code == new)
    values = {"name": name, "parent": tree.province, "locality_code": new}
    if len(members) == 1:
        return Operation("move", DAY, tuple(members), values=values)
    code = _new_code(tree, new)
    return Operation("merge", DAY, tuple(members), (code,), (NewUnit(code, values),))


def _new_code(tree: _Tree, locality: str) -> str:
    return f"{tree.province}-{locality}"


def _end_district(tree: _Tree, district: str, homes: Mapping[str, str]) -> Iterable[Operation]:
    targets = list(dict.fromkeys(homes[code] for code in tree.communes(district) if code in homes))
    communes = set(tree.communes(district))
    inside = [version for version in tree.below(district) if version.unit.code not in communes]
    health, inspectorate = tree.agency("Sở Y tế"), tree.agency("Thanh tra")
    abolished, number = [district], 0
    for version in inside:
        code = version.unit.code
        if version.kind != "public_service":
            abolished.append(code)
        elif version.sector == "health" and health:
            yield _moved(code, health, "province")
        else:
            yield _moved(code, targets[number % len(targets)], "commune")
            number += 1
    inspecting = {code for code in abolished if inspectorate and tree.units[code].name.startswith("Thanh tra")}
    turns = _in_turn([code for code in abolished if code not in inspecting], targets)
    for code in abolished:
        rest = inspectorate if code in inspecting else targets[0]
        yield Operation("abolish", DAY, (code,), people=turns.get(code, {}), rest=rest, children=tree.province)


def _moved(code: str, parent: str, level: str) -> Operation:
    return Operation("move", DAY, (code,), values={"parent": parent, "party_parent": None, "level": level})


def _in_turn(units: Sequence[str], targets: Sequence[str]) -> dict[str, dict[str, str]]:
    """Where everybody of these units goes: each person to one target, the targets in turn."""
    lasting = Q(valid_to__isnull=True) | Q(valid_to__gt=DAY)
    pairs: set[tuple[str, str]] = set()
    for model in (PostHeld, Employment):
        rows = model._default_manager.filter(lasting, unit__code__in=units)
        pairs |= set(rows.values_list("unit__code", "person__code"))
    place = {code: number for number, code in enumerate(sorted({person for _, person in pairs}))}
    turns: dict[str, dict[str, str]] = {unit: {} for unit in units}
    for unit, person in sorted(pairs):
        turns[unit][person] = targets[place[person] % len(targets)]
    return turns


def _plain(name: str) -> str:
    return search_key(name)


def _short(name: str) -> str:
    """A name without its kind: “Thị xã Phổ Yên” and “Thành phố Phổ Yên” are one."""
    plain = search_key(name)
    return next((plain.removeprefix(kind) for kind in _TYPES if plain.startswith(kind)), plain)


@lru_cache
def _read(name: str) -> dict[str, Any]:
    source = files("canbo") / "definitions" / "administrative" / f"{name}.yaml"
    loaded: dict[str, Any] = yaml.safe_load(source.read_text("utf-8"))
    return loaded
