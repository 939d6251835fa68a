"""The leading posts of agencies and services, and the list of all leading posts. Ordinary staff are in filling."""

from collections.abc import Iterator, Mapping
from typing import Any

from canbo.sample.draws import Array, spread
from canbo.sample.posts import MEMBER, Post, committee_posts, commune_posts, district_posts, province_posts
from canbo.sample.units import Role, Unit, Units


def list_posts(units: Units, figures: Mapping[str, Any] | None) -> list[Post]:
    """The leading posts of all units; with ``figures`` the deputies are as many as make the exact figures."""
    fixed = [post for place, unit in enumerate(units.rows) for post in _posts_of(place, unit, units)]
    agencies, offices, divisions = (units.of_role(role) for role in (Role.AGENCY, Role.DISTRICT_AGENCY, Role.DIVISION))
    if figures is None:
        counts = 3 * len(agencies), 2 * len(offices), 2 * len(divisions)
    else:
        counts = (
            figures["provincial"]["people"] - _count(fixed, units, "provincial_committee"),
            figures["district"]["people"] - _count(fixed, units, "district_committee"),
            figures["divisions"]["people"] - len(divisions),
        )
    fixed += _deputies(units, agencies, counts[0], "agency_deputy", "provincial_committee", "agency_deputy")
    fixed += _deputies(units, offices, counts[1], "division_deputy", "district_committee", "district_agency_deputy")
    fixed += _deputies(units, divisions, counts[2], "division_deputy", "unit_head", "division_deputy")
    return sorted(fixed, key=lambda post: post.unit)


def _count(posts: list[Post], units: Units, tier: str) -> int:
    """Posts of a management tier outside communes and base-level party organisations."""
    rows = units.rows
    return sum(
        post.tier == tier and rows[post.unit].level != "commune" and not rows[post.unit].is_base_party for post in posts
    )


def _deputies(units: Units, places: Array, total: int, kind: str, tier: str, profile: str) -> Iterator[Post]:
    for place, count in zip(places.tolist(), spread(total, len(places)).tolist(), strict=True):
        unit = units.rows[place]
        title = f"Phó {_division_title(unit)}" if unit.role == Role.DIVISION else str(unit.entry["deputy"])
        staff = "official" if unit.kind == "front" and unit.role == Role.AGENCY else "civil_servant"
        women, young = (
            bool(unit.entry.get("women")),
            bool(unit.entry.get("young")) and unit.role != Role.DIVISION,
        )
        for _ in range(count):
            yield Post(
                place,
                title,
                kind,
                tier,
                staff,
                profile,
                women=women and unit.role != Role.DIVISION,
                young=young,
            )


def _division_title(unit: Unit) -> str:
    words = {
        "Văn phòng": "Chánh Văn phòng",
        "Thanh tra": "Chánh Thanh tra",
        "Ban": "Trưởng ban",
        "Chi cục": "Chi cục trưởng",
    }
    return next((title for start, title in words.items() if unit.name.startswith(start)), "Trưởng phòng")


def _posts_of(place: int, unit: Unit, units: Units) -> Iterator[Post]:
    """The posts of a unit other than the deputies whose number is shared out."""
    match unit.role:
        case Role.PROVINCE:
            yield from province_posts(place)
        case Role.DISTRICT:
            yield from district_posts(place, unit)
        case Role.COMMITTEE:
            yield from committee_posts(place, unit)
        case Role.COMMUNE:
            yield from commune_posts(place, unit)
        case Role.AGENCY:
            yield _agency_head(place, unit)
        case Role.DISTRICT_AGENCY:
            yield _office_head(place, unit, units)
        case Role.DIVISION:
            yield Post(
                place,
                _division_title(unit),
                "division_head",
                "unit_head",
                "civil_servant",
                "division_head",
                head=True,
            )
        case Role.BASE_PARTY:
            yield Post(
                place,
                "Bí thư Đảng ủy cơ sở",
                "party_secretary",
                "district_committee",
                "official",
                "district_agency_deputy",
                head=True,
            )
        case _:
            yield from _service_posts(place, unit)


def _agency_head(place: int, unit: Unit) -> Post:
    entry = unit.entry
    central = bool(entry.get("seat"))
    return Post(
        place,
        str(entry["head"]),
        "agency_head",
        "central" if central else "provincial_committee",
        "official" if unit.kind in ("front", "party") else "civil_servant",
        "agency_head",
        head=True,
        seat=MEMBER if central else 0,
        seat_unit=unit.parent if central else -1,
        women=bool(entry.get("women")),
        young=bool(entry.get("young")),
    )


def _office_head(place: int, unit: Unit, units: Units) -> Post:
    entry, above = unit.entry, units.rows[unit.parent]
    seats = above.plan.seats if above.plan else 0
    seated = bool(entry.get("seat")) or (bool(entry.get("city_seat")) and seats > 11)
    return Post(
        place,
        str(entry["head"]),
        "division_head",
        "provincial_committee" if seated else "district_committee",
        "official" if unit.kind in ("front", "party") else "civil_servant",
        "district_member" if seated else "district_agency_head",
        head=True,
        seat=MEMBER if seated else 0,
        seat_unit=unit.parent if seated else -1,
        women=bool(entry.get("women")),
        young=bool(entry.get("young")),
    )


def _service_posts(place: int, unit: Unit) -> Iterator[Post]:
    """A head and deputies: one for a small unit, two for the large ones."""
    named = unit.role == Role.PROVINCIAL_SERVICE
    tier = "provincial_committee" if named else "unit_head"
    school = unit.role == Role.SCHOOL
    head = str(unit.entry.get("head", "Hiệu trưởng" if school else "Giám đốc"))
    deputy = str(unit.entry.get("deputy", "Phó Hiệu trưởng" if school else "Phó Giám đốc"))
    lead, second = ("agency_head", "agency_deputy") if named else ("service_head", "service_deputy")
    yield Post(place, head, "service_head", tier, "public_employee", lead, head=True)
    for _ in range(2 if named or unit.role == Role.HEALTH else 1):
        yield Post(place, deputy, "service_deputy", tier, "public_employee", second)
