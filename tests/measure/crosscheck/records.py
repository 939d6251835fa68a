"""A province of four units and six leaders, and rows for it: courses, plans, posts. Asserts nothing."""

from datetime import date

from .library import Province
from .provinces import data_of, person, unit

DAY = date(2019, 5, 20)
SIGNED, ENDS = date(2016, 5, 9), date(2020, 12, 31)
UNITS = [
    unit("P", "province", "locality"),
    unit("H", "province", "public_service", "P", sector="health"),
    unit("C", "province", "public_service", "P", sector="culture_tourism"),
    unit("N", "province", "public_service", "P"),  # sector unknown
]
PEOPLE = [person(name, "P", post_kind="agency_head") for name in "abcdef"]


def course(who: str, program: str, start: date, **more: object) -> dict:
    """Somebody sent to a course."""
    return {"person_id": who, "unit_id": "P", "program": program, "start_date": start, "result": "studying"} | more


def plan(category: str, quantity: int | None, first: date = SIGNED, last: date = ENDS) -> dict:
    """A line of the plan."""
    row = {"plan_id": f"{category}{first}", "category": category, "unit_id": "P"}
    return row | {"period_start": first, "period_end": last, "quantity": quantity}


def held(who: str, first: date, last: date | None = None, kind: str = "agency_head") -> dict:
    """A post held from a day to a day."""
    return {"person_id": who, "unit_id": "P", "post_kind": kind, "start_date": first, "end_date": last}


def province(**rows: list) -> Province:
    """The province with the rows given."""
    return Province(data_of(**{"units": UNITS, "people": PEOPLE, "trainings": [], "plans": []} | rows))
