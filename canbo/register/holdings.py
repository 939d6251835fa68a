"""Who holds what on a day: persons with their posts and seats, as the rules of tiers and populations need them.

Loaded for all persons at once, as of a day and as known at a moment. Judges nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from canbo.register.people import rows_known


@dataclass(frozen=True)
class Holding:
    """A post (``post_kind``) or a seat (``body`` and ``role``) in a unit as it is on the day."""

    unit: str
    unit_kind: str | None
    level: str | None
    post_kind: str | None = None
    body: str | None = None
    role: str | None = None
    name: str = ""
    is_head: bool = False
    is_key_leader: bool = False
    is_main: bool = False
    is_acting: bool = False
    is_base_party: bool = False
    stated_tier: str | None = None
    documented: bool = True


@dataclass(frozen=True)
class Holder:
    """A person on a day. ``staff_kind`` is None where no employment holds; ``served_since`` where it is not known."""

    id: int
    code: str
    full_name: str
    name_order: str
    birth_date: date
    birth_precision: str
    sex: str
    ethnicity: str | None
    staff_kind: str | None = None
    served_since: date | None = None
    in_party: bool | None = None
    holdings: tuple[Holding, ...] = ()

    @property
    def main_unit(self) -> str | None:
        """The unit of the main post, else of the only unit in which the person holds a post."""
        posts = [one for one in self.holdings if one.post_kind]
        main = [one.unit for one in posts if one.is_main] or sorted({one.unit for one in posts})
        return main[0] if len(main) == 1 else None


Rows = Iterable[Mapping[str, Any]]


def holders(day: date, *, known: datetime | None = None) -> list[Holder]:
    """All persons in service on a day with what they hold, in the order of Vietnamese lists.

    In service is who has an employment on the day, or, where none was ever entered, a post or seat.
    """
    units = _units(day, known)
    held: dict[int, list[Holding]] = defaultdict(list)
    for row in on_day(rows_known("PostHeld", known), day):
        held[row["person_id"]].append(_post(row, units))
    for row in on_day(rows_known("BodySeat", known), day):
        held[row["person_id"]].append(_seat(row, units))
    every = list(rows_known("Employment", known))
    ever_employed = {row["person_id"] for row in every}
    employed = {row["person_id"]: row for row in on_day(every, day)}
    members = {row["person_id"] for row in on_day(rows_known("PartyMembership", known), day)}
    serving = employed.keys() | (held.keys() - ever_employed)
    people = (row for row in rows_known("Person", known) if row["id"] in serving and row["merged_into_id"] is None)
    found = [
        _holder(row, employed.get(row["id"]), row["id"] in members, tuple(held.get(row["id"], ()))) for row in people
    ]
    return sorted(found, key=lambda one: (one.name_order, one.birth_date, one.code))


def on_day(rows: Rows, day: date) -> list[Mapping[str, Any]]:
    """The rows that hold on a day."""
    return [row for row in rows if row["valid_from"] <= day and (row["valid_to"] is None or row["valid_to"] > day)]


def _units(day: date, known: datetime | None) -> dict[int, Mapping[str, Any]]:
    codes = {row["id"]: row["code"] for row in rows_known("Unit", known)}
    versions = {row["unit_id"]: row for row in on_day(rows_known("UnitVersion", known), day)}
    return {id: {"code": code, **versions.get(id, {})} for id, code in codes.items()}


def _place(row: Mapping[str, Any], units: Mapping[int, Mapping[str, Any]]) -> dict[str, Any]:
    unit = units[row["unit_id"]]
    return {
        "unit": unit["code"],
        "unit_kind": unit.get("kind"),
        "level": unit.get("level"),
        "is_base_party": bool(unit.get("is_base_party")),
        "documented": row["document_id"] is not None,
    }


def _post(row: Mapping[str, Any], units: Mapping[int, Mapping[str, Any]]) -> Holding:
    flags = ("post_kind", "is_head", "is_key_leader", "is_main", "is_acting", "stated_tier")
    return Holding(**_place(row, units), **{name: row[name] for name in flags}, name=row["post"] or "")


def _seat(row: Mapping[str, Any], units: Mapping[int, Mapping[str, Any]]) -> Holding:
    return Holding(**_place(row, units), body=row["body"], role=row["role"])


def _holder(
    row: Mapping[str, Any], employment: Mapping[str, Any] | None, in_party: bool, holdings: tuple[Holding, ...]
) -> Holder:
    identity = ("id", "code", "full_name", "name_order", "birth_date", "birth_precision", "sex", "ethnicity")
    since = row["recruited_first_on"] or (employment["recruited_on"] if employment else None)
    return Holder(
        **{name: row[name] for name in identity},
        staff_kind=employment["staff_kind"] if employment else None,
        served_since=since,
        in_party=in_party,
        holdings=holdings,
    )
