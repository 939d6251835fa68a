"""What a province is to consist of: districts, communes, agencies, sizes. Its units are built in units."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from canbo.sample.definitions import load
from canbo.sample.draws import Rng, spread

PROVINCE_LIMIT = 100_000
"""About as many people as one province has; a larger sample has several provinces."""


@dataclass(frozen=True)
class CommunePlan:
    """A commune, ward or townlet to be built."""

    code: str
    name: str
    urban: bool


@dataclass(frozen=True)
class DistrictPlan:
    """A district-level unit to be built; ``covered`` communes get an official rotated down (None = a random share)."""

    code: str
    name: str
    is_city: bool
    minority_share: float
    seats: int
    women: bool
    covered: int | None
    communes: tuple[CommunePlan, ...]


@dataclass(frozen=True)
class ProvincePlan:
    """A province to be built, with the number of people it is to have in service."""

    code: str
    name: str
    minority_share: float
    ethnic_mix: Mapping[str, float]
    districts: tuple[DistrictPlan, ...]
    agencies: Sequence[Mapping[str, Any]]
    services: Sequence[Mapping[str, Any]]
    committees: Sequence[Mapping[str, Any]]
    district_agencies: Sequence[Mapping[str, Any]]
    people: int
    unit_size: int
    administration: float


def plan_thai_nguyen(in_service: int) -> ProvincePlan:
    """Thái Nguyên with its nine district-level units and 178 communes of 2021."""
    raw, agencies = load("thai_nguyen"), load("agencies")
    districts = tuple(_read_district(entry) for entry in raw["districts"])
    return ProvincePlan(
        raw["code"],
        raw["name"],
        raw["minority_share"],
        raw["ethnic_mix"],
        districts,
        agencies["provincial"],
        agencies["services"],
        agencies["committees"],
        agencies["district"],
        in_service,
        unit_size=38 if in_service < 20_000 else 55,
        administration=min(max(in_service / 8_000, 0.7), 1.5),
    )


def _read_district(entry: Mapping[str, Any]) -> DistrictPlan:
    named = [("Phường", name) for name in entry["wards"]] + [("Thị trấn", name) for name in entry["towns"]]
    named += [("Xã", name) for name in entry["communes"]]
    communes = tuple(
        CommunePlan(f"{number:02}", f"{kind} {name}", kind != "Xã") for number, (kind, name) in enumerate(named, 1)
    )
    return DistrictPlan(
        entry["code"],
        entry["name"],
        bool(entry.get("is_city")),
        entry["minority_share"],
        entry["seats"],
        entry["women"],
        entry["covered"],
        communes,
    )


def plan_provinces(in_service: int, rng: Rng) -> list[ProvincePlan]:
    """Invented provinces of up to about 100,000 people each."""
    number = -(-in_service // PROVINCE_LIMIT)
    return [_invent(place, int(people), rng) for place, people in enumerate(spread(in_service, number), 1)]


def _invent(place: int, people: int, rng: Rng) -> ProvincePlan:
    parts, agencies = load("provinces"), load("agencies")
    communes = max(2, round(people / 520))
    counts = spread(communes, max(1, round(communes / 15)))
    shares = parts["minority_shares"]
    districts = tuple(
        _invent_district(number, int(count), float(shares[(number * 3 + place) % len(shares)]), rng)
        for number, count in enumerate(counts, 1)
    )
    mean = float(np.mean([district.minority_share for district in districts]))
    return ProvincePlan(
        f"T{place:02}",
        f"Tỉnh {_invent_name(rng)} (mẫu {place:02})",
        round(mean, 3),
        parts["ethnic_mix"],
        districts,
        agencies["provincial"][: min(max(7 + people // 2_500, 7), 35)],
        agencies["services"][: min(max(people // 8_000, 1), 8)],
        agencies["committees"][: min(max(people // 12_000, 1), 5)],
        agencies["district"][: min(max(6 + people // 10_000, 6), 13)],
        people,
        unit_size=120 if people > 20_000 else 90,
        administration=1.0,
    )


def _invent_district(number: int, communes: int, minority_share: float, rng: Rng) -> DistrictPlan:
    city = number == 1
    urban = communes // 2 if city else 1
    plans = tuple(
        CommunePlan(
            f"X{place:02}",
            f"{'Xã' if place > urban else 'Phường' if city else 'Thị trấn'} {_invent_name(rng)}",
            place <= urban,
        )
        for place in range(1, communes + 1)
    )
    name = f"{'Thành phố' if city else 'Huyện'} {_invent_name(rng)}"
    return DistrictPlan(f"H{number:02}", name, city, minority_share, 11, number % 7 != 4, None, plans)


def _invent_name(rng: Rng) -> str:
    parts = load("provinces")
    first, second = parts["first"], parts["second"]
    return f"{first[int(rng.integers(len(first)))]} {second[int(rng.integers(len(second)))]}"
