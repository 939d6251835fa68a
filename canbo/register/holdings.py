"""Who holds what on a day: persons with their posts and seats, as the rules of tiers and populations need them.

Loaded for all persons at once, or for those asked for, as of a day and as known at a moment. Judges nothing.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db import connection

from canbo.register.people import rows_known
from canbo.register.tier_sql import holds


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
_IDENTITY = ("id", "code", "full_name", "name_order", "birth_date", "birth_precision", "sex", "ethnicity")
_PLACED = ("person_id", "unit_id", "document_id")
_OF_POST = ("post_kind", "is_head", "is_key_leader", "is_main", "is_acting", "stated_tier")


def holders(day: date, *, known: datetime | None = None, persons: Collection[int] | None = None) -> list[Holder]:
    """All persons in service on a day with what they hold, in the order of Vietnamese lists; ``persons``: only these.

    In service is who has an employment on the day, or, where none was ever entered, a post or seat.
    """

    def rows(model: str, columns: Sequence[str], of_day: date | None = day) -> list[dict[str, Any]]:
        return rows_on(model, of_day, columns, known=known, persons=persons)

    units = _units(day, known)
    held: dict[int, list[Holding]] = defaultdict(list)
    for row in rows("PostHeld", (*_PLACED, *_OF_POST, "post")):
        held[row["person_id"]].append(_post(row, units))
    for row in rows("BodySeat", (*_PLACED, "body", "role")):
        held[row["person_id"]].append(_seat(row, units))
    ever_employed = {row["person_id"] for row in rows("Employment", ("person_id",), None)}
    employed = {row["person_id"]: row for row in rows("Employment", ("person_id", "staff_kind", "recruited_on"))}
    members = {row["person_id"] for row in rows("PartyMembership", ("person_id",))}
    serving = employed.keys() | (held.keys() - ever_employed)
    found = [
        _holder(row, employed.get(row["id"]), row["id"] in members, tuple(held.get(row["id"], ())))
        for row in rows("Person", (*_IDENTITY, "recruited_first_on", "merged_into_id"), None)
        if row["id"] in serving and row["merged_into_id"] is None
    ]
    return sorted(found, key=lambda one: (one.name_order, one.birth_date, one.code))


def persons_in(units: Collection[str], day: date, *, known: datetime | None = None) -> set[int]:
    """Who has an employment, a post or a seat in one of some units (by their codes) on a day."""
    codes = set(units)
    ids = [row["id"] for row in rows_known("Unit", known) if row["code"] in codes]
    found: set[int] = set()
    for model in ("Employment", "PostHeld", "BodySeat"):
        rows = rows_on(model, day, ("person_id",), known=known, within=ids)
        found |= {row["person_id"] for row in rows}
    return found


def rows_on(
    model: str,
    day: date | None,
    columns: Sequence[str],
    *,
    known: datetime | None = None,
    persons: Collection[int] | None = None,
    within: Collection[int] | None = None,
) -> list[dict[str, Any]]:
    """Columns of the rows of a model about persons that hold on a day (None: all), by id.

    ``known``: as known at a moment. ``persons``, ``within``: only of these persons, only in these units (by their ids).
    """
    table = apps.get_model("register", model)._meta.db_table
    owner = "id" if model == "Person" else "person_id"
    only = [(owner, persons), ("unit_id", within)]
    asked = [(column, list(ids)) for column, ids in only if ids is not None]
    values: list[Any] = []
    source = table
    conditions = [] if known is None else ["f.pgh_label <> 'delete'"]
    if known is not None:
        values.append(known)
        # Whose a row is may have changed since: all versions of what was ever theirs, and of these the last.
        theirs = "".join(
            f" AND pgh_obj_id IN (SELECT pgh_obj_id FROM {table}event WHERE {column} = ANY(%s))" for column, _ in asked
        )
        values += [ids for _, ids in asked]
        source = (
            f"(SELECT DISTINCT ON (pgh_obj_id) * FROM {table}event WHERE pgh_created_at <= %s{theirs} "
            "ORDER BY pgh_obj_id, pgh_id DESC)"
        )
    if day is not None:
        conditions.append(holds("f", "%s"))
        values += [day, day]
    for column, ids in asked:
        conditions.append(f"f.{column} = ANY(%s)")
        values.append(ids)
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    with connection.cursor() as cursor:
        listed = ", ".join(f"f.{column}" for column in columns)
        cursor.execute(f"SELECT {listed} FROM {source} AS f {where} ORDER BY f.id", values)
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


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
    return Holding(**_place(row, units), **{name: row[name] for name in _OF_POST}, name=row["post"] or "")


def _seat(row: Mapping[str, Any], units: Mapping[int, Mapping[str, Any]]) -> Holding:
    return Holding(**_place(row, units), body=row["body"], role=row["role"])


def _holder(
    row: Mapping[str, Any], employment: Mapping[str, Any] | None, in_party: bool, holdings: tuple[Holding, ...]
) -> Holder:
    since = row["recruited_first_on"] or (employment["recruited_on"] if employment else None)
    return Holder(
        **{name: row[name] for name in _IDENTITY},
        staff_kind=employment["staff_kind"] if employment else None,
        served_since=since,
        in_party=in_party,
        holdings=holdings,
    )
