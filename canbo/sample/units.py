"""Builds the units of a province from its plan: the tree, with ids, names, levels and kinds. Puts nobody into them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

import numpy as np

from canbo.sample.blueprint import CommunePlan, DistrictPlan, ProvincePlan
from canbo.sample.definitions import code
from canbo.sample.draws import Array, Rng, day_of, spread

FOUNDED = day_of(1997, 1, 1)


class Role(IntEnum):
    """What a unit is for in the sample; finer than its kind."""

    PROVINCE = 0
    COMMITTEE = 1
    DISTRICT = 2
    COMMUNE = 3
    AGENCY = 4
    DIVISION = 5
    PROVINCIAL_SERVICE = 6
    DISTRICT_AGENCY = 7
    BASE_PARTY = 8
    SCHOOL = 9
    HEALTH = 10
    CENTRE = 11


@dataclass(slots=True)
class Unit:
    """One unit; ``parent``, ``province``, ``district``, ``host``, ``party_parent`` are places in the list, -1 = none.

    ``host`` is the agency of a division and the unit itself otherwise.
    """

    id: str
    name: str
    role: Role
    parent: int
    level: str
    kind: str
    sector: str
    province: int
    district: int
    host: int
    minority_share: float = np.nan
    is_city: bool = False
    party_parent: int = -1
    is_base_party: bool = False
    entry: Mapping[str, Any] = field(default_factory=dict)
    plan: DistrictPlan | None = None


@dataclass(frozen=True)
class Units:
    """The units and the columns of them that people are drawn by (one element a unit)."""

    rows: tuple[Unit, ...]
    plans: tuple[ProvincePlan, ...]
    role: Array
    level: Array
    kind: Array
    sector: Array
    parent: Array
    province: Array
    district: Array
    host: Array
    minority: Array
    """The share of ethnic minorities in the population around the unit."""

    def __len__(self) -> int:
        return len(self.rows)

    def of_role(self, *roles: Role) -> Array:
        """The places of the units of these roles."""
        return np.flatnonzero(np.isin(self.role, roles))


def build_units(plans: list[ProvincePlan], services: list[int], rng: Rng) -> Units:
    """All units of the provinces; ``services`` = how many public service units each gets besides the named ones."""
    rows: list[Unit] = []
    for plan, count in zip(plans, services, strict=True):
        _build_province(rows, plan, count, rng)
    role = np.array([row.role for row in rows], np.int8)
    return Units(
        tuple(rows),
        tuple(plans),
        role,
        np.array([code("level", row.level) for row in rows], np.int8),
        np.array([code("unit_kind", row.kind) for row in rows], np.int8),
        np.array([code("sector", row.sector) for row in rows], np.int8),
        np.array([row.parent for row in rows], np.int32),
        np.array([row.province for row in rows], np.int32),
        np.array([row.district for row in rows], np.int32),
        np.array([row.host for row in rows], np.int32),
        np.array([_surroundings(rows, row) for row in rows]),
    )


def _surroundings(rows: list[Unit], unit: Unit) -> float:
    if not np.isnan(unit.minority_share):
        return unit.minority_share
    around = unit.district if unit.district >= 0 else unit.province
    return rows[around].minority_share


def _build_province(rows: list[Unit], plan: ProvincePlan, services: int, rng: Rng) -> None:
    top = len(rows)
    rows.append(
        Unit(
            plan.code,
            plan.name,
            Role.PROVINCE,
            -1,
            "province",
            "locality",
            "administration",
            top,
            -1,
            top,
            plan.minority_share,
        )
    )
    committees = [_build_committee(rows, top, entry) for entry in plan.committees]
    for entry in plan.agencies:
        _build_agency(rows, top, entry, committees[0])
    for entry in plan.services:
        unit = _child(rows, top, top, entry["code"], entry["name"], Role.PROVINCIAL_SERVICE, "province")
        unit.kind, unit.sector, unit.entry, unit.party_parent = (
            "public_service",
            entry["sector"],
            entry,
            committees[0],
        )
    _build_provincial_services(rows, top, plan)
    shares = spread(services, len(plan.districts))
    for district, count in zip(plan.districts, shares, strict=True):
        _build_district(rows, top, plan, district, int(count), rng)


def _child(rows: list[Unit], top: int, parent: int, suffix: str, name: str, role: Role, level: str) -> Unit:
    """A new unit under ``parent``, with the parent's id before its own suffix."""
    place, above = len(rows), rows[parent]
    unit = Unit(f"{above.id}-{suffix}", name, role, parent, level, "state", above.sector, top, above.district, place)
    rows.append(unit)
    return unit


def _build_committee(rows: list[Unit], top: int, entry: Mapping[str, Any]) -> int:
    unit = _child(rows, top, top, entry["code"], entry["name"], Role.COMMITTEE, "district")
    unit.kind, unit.sector, unit.entry = "party", "party_mass", entry
    return unit.host


def _build_agency(rows: list[Unit], top: int, entry: Mapping[str, Any], committee: int) -> None:
    unit = _child(rows, top, top, entry["code"], entry["name"], Role.AGENCY, "province")
    unit.kind, unit.sector, unit.entry, unit.party_parent = entry["kind"], entry["sector"], entry, committee
    host = unit.host
    for number, name in enumerate(entry["divisions"], 1):
        division = _child(rows, top, host, f"P{number}", f"{name} ({unit.name})", Role.DIVISION, "province")
        division.kind, division.sector, division.host, division.entry = "division", unit.sector, host, entry


def _build_provincial_services(rows: list[Unit], top: int, plan: ProvincePlan) -> None:
    """Hospitals under the health department and upper secondary schools under the education department."""
    found = {rows[place].entry.get("code"): place for place in range(top, len(rows)) if rows[place].role == Role.AGENCY}
    hospitals = (
        "Bệnh viện Đa khoa tỉnh",
        "Bệnh viện Y học cổ truyền",
        "Bệnh viện Sản Nhi",
        "Trung tâm Kiểm soát bệnh tật",
    )
    parents = ((found.get("SYT", top), "BV", hospitals, Role.HEALTH, "health"),)
    schools = tuple(f"Trường THPT {_short(district)}" for district in plan.districts)
    for parent, prefix, names, role, sector in (
        *parents,
        (found.get("SGD", top), "THPT", schools, Role.SCHOOL, "education"),
    ):
        for number, name in enumerate(names, 1):
            unit = _child(rows, top, parent, f"{prefix}{number}", name, role, "province")
            unit.kind, unit.sector = "public_service", sector


def _short(district: DistrictPlan) -> str:
    return district.name.removeprefix("Thành phố ").removeprefix("Thị xã ").removeprefix("Huyện ")


def _build_district(
    rows: list[Unit], top: int, plan: ProvincePlan, district: DistrictPlan, services: int, rng: Rng
) -> None:
    unit = _child(rows, top, top, district.code, district.name, Role.DISTRICT, "district")
    place = unit.host
    unit.kind, unit.sector, unit.district, unit.is_city = (
        "locality",
        "administration",
        place,
        district.is_city,
    )
    unit.minority_share, unit.plan = district.minority_share, district
    for entry in plan.district_agencies:
        if not entry.get("minority") or district.minority_share >= 0.25:
            agency = _child(
                rows,
                top,
                place,
                entry["code"],
                f"{entry['name']} {_of(district)}",
                Role.DISTRICT_AGENCY,
                "district",
            )
            agency.kind, agency.sector, agency.entry = entry["kind"], entry["sector"], entry
    for commune in district.communes:
        child = _child(rows, top, place, commune.code, commune.name, Role.COMMUNE, "commune")
        child.kind, child.sector = "locality", "administration"
        child.minority_share = float(
            np.clip(district.minority_share * rng.uniform(0.55, 1.4) + 0.01, 0.01, 0.97).round(3)
        )
    base = _child(
        rows,
        top,
        place,
        "CS1",
        f"Đảng bộ cơ sở cơ quan chính quyền {_of(district)}",
        Role.BASE_PARTY,
        "district",
    )
    base.kind, base.sector, base.is_base_party = "party", "party_mass", True
    _build_district_services(rows, top, place, district, services, base.host)


def _of(district: DistrictPlan) -> str:
    return district.name[0].lower() + district.name[1:]


_KINDS = (
    (Role.HEALTH, "health", "Trung tâm Y tế {district}", 1),
    (Role.CENTRE, "culture_tourism", "Trung tâm Văn hóa, Thể thao và Truyền thông {district}", 1),
    (Role.CENTRE, "agriculture", "Trung tâm Dịch vụ nông nghiệp {district}", 1),
    (Role.SCHOOL, "education", "Trường Mầm non {commune}", 0),
    (Role.SCHOOL, "education", "Trường Tiểu học {commune}", 0),
    (Role.SCHOOL, "education", "Trường THCS {commune}", 0),
)


def _build_district_services(
    rows: list[Unit], top: int, place: int, district: DistrictPlan, count: int, base: int
) -> None:
    """The district's health, culture and farming centres first, then schools commune by commune."""
    schools = [kind for kind in _KINDS if not kind[3]]
    for number in range(count):
        commune = district.communes[number // len(schools) % len(district.communes)]
        role, sector, pattern, _ = _KINDS[number] if number < 3 else schools[number % len(schools)]
        name = pattern.format(district=_of(district), commune=_school_name(commune, number, len(district.communes)))
        unit = _child(rows, top, place, f"S{number + 1:02}", name, role, "district")
        unit.kind, unit.sector = "public_service", sector
        unit.party_parent = base if number < 3 else -1


def _school_name(commune: CommunePlan, number: int, communes: int) -> str:
    name = commune.name.split(" ", 2 if commune.name.startswith("Thị trấn") else 1)[-1]
    turn = number // (3 * communes) + 1
    return name if turn == 1 else f"{name} {turn}"
