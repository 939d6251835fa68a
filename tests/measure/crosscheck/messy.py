"""Small messy provinces drawn from a fixed seed: many empty cells, odd dates, wrong references. Counts nothing."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np

from canbo.codes import code_list
from canbo.datasets.bundle import BIRTH_LATEST, Datasets
from canbo.datasets.dictionary import dictionary

from .provinces import table

# Days on which something begins or ends for some scheme, and leap days; each is also hit a day early and a day late.
EDGES = (date(2015, 1, 1), date(2016, 5, 9), date(2019, 5, 20), date(2020, 1, 1), date(2020, 2, 29), date(2020, 12, 31),
         date(2021, 1, 1), date(2021, 12, 31), date(2022, 6, 1), date(2023, 2, 28), date(2023, 7, 1), date(2024, 2, 29),
         date(2024, 6, 30), date(2025, 6, 30), date(2025, 12, 31))  # fmt: skip
LEADING = ("party_secretary", "party_deputy_secretary", "council_chair", "council_vice_chair", "committee_chair",
           "committee_vice_chair", "agency_head", "agency_deputy", "division_head", "division_deputy")  # fmt: skip
PLANS = ("master_young", "master_education", "health_postgraduate", "culture_tourism", "state_management",
         "department_leaders", "political_advanced", "rotation_young", "doctor_young", "tourism")  # fmt: skip
PERIODS = ("2019-05-20", "2021-H1", "2022-H1", "2023-H1", "2024-H1", "2025-H1")
OPTIONAL = ("posts_held", "qualifications", "ranks")
Row = dict[str, Any]


class Draw:
    """What is drawn for one province."""

    def __init__(self, seed: int, day: date) -> None:
        self.rng = np.random.default_rng([20_251_125, seed])
        self.day = day
        self.edges = (*EDGES, day, day, day)

    def chance(self, share: float) -> bool:
        return bool(self.rng.random() < share)

    def one(self, values: Sequence[Any], empty: float = 0.0) -> Any:
        """One of the values, or nothing."""
        return None if self.chance(empty) else values[int(self.rng.integers(len(values)))]

    def code(self, codes: str, empty: float = 0.0, few: Sequence[str] = ()) -> str | None:
        """A code; mostly one of a few where they are named."""
        keys = few if few and self.chance(0.8) else code_list(codes).keys
        return self.one(list(keys), empty)

    def when(self, empty: float = 0.0) -> date | None:
        """A day at an edge or beside it, or any day from 2014 to 2026."""
        if self.chance(0.6):
            return None if self.chance(empty) else self.one(self.edges) + timedelta(int(self.rng.integers(-1, 2)))
        return None if self.chance(empty) else date(2014, 1, 1) + timedelta(int(self.rng.integers(4600)))

    def span(self, open_: float) -> tuple[date | None, date | None]:
        """Two days in order, the second perhaps open."""
        first, last = self.when(), self.when(open_)
        assert first is not None
        return (first, last) if last is None or first <= last else (last, first)

    def yes(self, empty: float = 0.25) -> bool | None:
        return self.one((True, True, False), empty)


def draw_province(seed: int, day: date) -> Datasets:
    """A province of 20 to 60 people; some datasets are missing, every code and empty cell that may stand can occur."""
    draw = Draw(seed, day)
    units = list(_units(draw))
    ids = [unit["unit_id"] for unit in units]
    people = [_person(draw, number, ids) for number in range(int(draw.rng.integers(20, 61)))]
    lists = [_list(draw, number, ids) for number in range(int(draw.rng.integers(1, 9)))]
    drawn: dict[str, list[Row]] = {"units": units, "people": people, "succession_lists": lists}
    persons = [person["person_id"] for person in people]
    for name, (make, share) in _DRAWN.items():
        if name not in OPTIONAL or draw.chance(0.6):
            many = int(draw.rng.integers(0, max(2, round(share * len(people)))))
            drawn[name] = [make(draw, ids, persons) for _ in range(many)]
    for entry in drawn["succession"]:
        entry["list_id"] = draw.one([one["list_id"] for one in lists], 0.2)
    for missing in ("plans", "evaluations", "succession", "rotations"):
        if draw.chance(0.05):
            del drawn[missing]
    return Datasets({name: table(name, rows) for name, rows in drawn.items()}, None)


def _units(draw: Draw) -> Iterator[Row]:
    def unit(unit_id: str, level: str, kind: str, parent: str | None) -> Row:
        first, last = (None, None) if draw.chance(0.75) else draw.span(0.4)
        return {"unit_id": unit_id, "name": unit_id, "level": level, "kind": kind, "parent_id": parent,
                "sector": draw.code("sector", 0.3, ("health", "culture_tourism")), "valid_from": first,
                "valid_to": last, "is_base_party": draw.chance(0.2)}  # fmt: skip

    yield unit("P", "province", "locality", None)
    agencies = ("party", "state", "front", "justice", "public_service")
    for number in range(int(draw.rng.integers(1, 5))):
        agency = unit(f"P-A{number}", "province", draw.one(agencies), draw.one(["P"], 0.1))
        yield agency | {"party_parent_id": draw.one(["P", "P-A0"], 0.6) if number else None}
        if draw.chance(0.5):
            yield unit(f"P-A{number}-D", "province", "division", f"P-A{number}")
    for name in ["TN-TPTN", "D1", "D2"][: int(draw.rng.integers(1, 4))]:
        yield unit(name, "district", "locality", draw.one(["P"], 0.1))
        for number in range(int(draw.rng.integers(0, 4))):
            yield unit(f"{name}-X{number}", "commune", "locality", draw.one([name], 0.1))
            if draw.chance(0.4):
                yield unit(f"{name}-X{number}-O", "commune", draw.one(agencies), f"{name}-X{number}")
        for number in range(int(draw.rng.integers(0, 3))):
            yield unit(f"{name}-A{number}", "district", draw.one(agencies), name)


def _place(draw: Draw, ids: Sequence[str], empty: float = 0.04) -> str | None:
    """A unit; now and then one that does not exist, or none."""
    return draw.one(["NOWHERE", None]) if draw.chance(empty) else draw.one(ids)


def _birth(draw: Draw) -> date:
    """Around an age limit on the day, on a leap day, or any."""
    if draw.chance(0.15):
        return date(draw.one((1972, 1976, 1980, 1984, 1988, 1992)), 2, 29)
    years = draw.one((34, 35, 36, 39, 40, 41, 44, 45, 46, 50, 51))
    if draw.chance(0.5):
        day = min(draw.day.day, 28) if draw.day.month == 2 else draw.day.day
        return date(draw.day.year - years, draw.day.month, day) + timedelta(int(draw.rng.integers(-1, 2)))
    return draw.day - timedelta(int(draw.rng.integers(20 * 365, 65 * 365)))


def _person(draw: Draw, number: int, ids: Sequence[str]) -> Row:
    row: Row = {"person_id": f"C{number:03}", "full_name": f"Người {number}", "birth_date": _birth(draw)}
    if draw.chance(0.1):
        row["birth_date"] = row["birth_date"].replace(month=1, day=1)
        row[BIRTH_LATEST] = row["birth_date"].replace(month=12, day=31)
    row |= {
        "sex": draw.code("sex"),
        "ethnicity": draw.code("ethnicity", 0.2, ("Kinh", "Tày")),
        "unit_id": _place(draw, ids),
        "post_kind": draw.code("post_kind", 0.03, LEADING),
        "is_key_leader": draw.chance(0.3),
        "managed_by": draw.code("managed_by", 0.2, ("provincial_committee", "district_committee")),
        "staff_kind": draw.code("staff_kind", 0.0, ("official", "civil_servant", "public_employee")),
        "rank": draw.code("rank", 0.2),
        "rank_by_equivalence": draw.chance(0.2),
        "appointed_on": draw.when(0.3),
        "left_on": draw.when(0.75),
    }
    for ladder in ("education", "political_theory", "state_management"):
        row[ladder] = draw.code(ladder, 0.2)
    row["medical_specialist"] = draw.code("medical_specialist", 0.5)
    flags = [name for name in dictionary()["people"].columns if name.endswith("_standard") or name == "major_fits_post"]
    return row | {flag: draw.yes() for flag in flags}


def _post(draw: Draw, ids: Sequence[str], persons: Sequence[str]) -> Row:
    first, last = draw.span(0.6)
    return {"person_id": draw.one(persons), "unit_id": _place(draw, ids), "start_date": first, "end_date": last,
            "post_kind": draw.code("post_kind", 0.0, LEADING), "is_main": draw.chance(0.5),
            "managed_by": draw.code("managed_by", 0.25, ("provincial_committee", "district_committee")),
            "foreign_element": draw.chance(0.2)}  # fmt: skip


def _qualification(draw: Draw, ids: Sequence[str], persons: Sequence[str]) -> Row:
    lists = {"professional": "education", "political": "political_theory", "state": "state_management",
             "medical": "medical_specialist"}  # fmt: skip
    kind = draw.one(list(lists))
    return {"person_id": draw.one(persons), "kind": kind, "level": draw.code(lists[kind]), "awarded_on": draw.when()}


def _rank(draw: Draw, ids: Sequence[str], persons: Sequence[str]) -> Row:
    return {"person_id": draw.one(persons), "rank": draw.code("rank"), "start_date": draw.when(),
            "by_equivalence": draw.chance(0.3)}  # fmt: skip


def _seat(draw: Draw, ids: Sequence[str], persons: Sequence[str]) -> Row:
    first, last = draw.span(0.5)
    return {"person_id": draw.one(persons), "unit_id": draw.one(["P", *ids]), "role": draw.code("body_role"),
            "body": draw.code("body", 0.0, ("executive_committee", "standing_committee", "standing_committee")),
            "start_date": first, "end_date": last}  # fmt: skip


PROGRAMS = ("master", "specialist_1", "doctor", "state_senior", "state_principal", "leadership_skills", "law",
            "department_leaders", "public_ethics", "duty_skills", "professional_title", "professional_ethics",
            "professional_skills", "defence", "it", "political_intermediate", "political_advanced")  # fmt: skip


def _training(draw: Draw, ids: Sequence[str], persons: Sequence[str]) -> Row:
    first, last = draw.span(0.3)
    return {"person_id": draw.one(persons), "unit_id": _place(draw, ids, 0.1), "start_date": first, "end_date": last,
            "program": draw.code("program", 0.0, PROGRAMS),
            "field": draw.code("field", 0.25, ("education", "tourism")),
            "result": draw.code("training_result", 0.0, ("completed", "completed", "planned"))}  # fmt: skip


def _class(draw: Draw, ids: Sequence[str], persons: Sequence[str]) -> Row:
    first, last = draw.span(0.3)
    return {"class_id": f"L{draw.rng.integers(10**9)}", "unit_id": _place(draw, ids), "start_date": first,
            "program": draw.code("program", 0.0, ("political_intermediate", "planned_cadres")),
            "end_date": last}  # fmt: skip


def _rotation(draw: Draw, ids: Sequence[str], persons: Sequence[str]) -> Row:
    first, last = draw.span(0.6)
    return {"person_id": draw.one(persons), "from_unit_id": _place(draw, ids), "to_unit_id": _place(draw, ids),
            "kind": draw.code("rotation_kind"), "to_post_kind": draw.code("post_kind", 0.2, LEADING),
            "from_post_kind": draw.code("post_kind", 0.4, LEADING),
            "from_level": draw.code("level", 0.0, ("district", "commune")),
            "to_level": draw.code("level", 0.0, ("commune",)), "start_date": first, "end_date": last,
            "movement": draw.code("movement", 0.2, ("rotation",)),
            "managed_by": draw.code("managed_by", 0.2, ("provincial_committee",))}  # fmt: skip


def _appointment(draw: Draw, ids: Sequence[str], persons: Sequence[str]) -> Row:
    return {"person_id": draw.one(persons), "unit_id": _place(draw, ids, 0.1), "post_kind": draw.code("post_kind", 0.2),
            "kind": draw.code("appointment_kind", 0.0, ("first", "assignment", "rank")), "decided_on": draw.when(),
            "met_standards": draw.yes()}  # fmt: skip


TERMS = ("2025-2030", "2025-2030", "2026-2031", "2020-2025")
LEVELS = ("province", "district", "commune")
COMMITTEES = ("executive_committee", "standing_committee")


def _list(draw: Draw, number: int, ids: Sequence[str]) -> Row:
    return {"list_id": f"Q{number}", "term": draw.one(TERMS), "unit_id": _place(draw, ids),
            "body": draw.code("body", 0.2, COMMITTEES), "level": draw.code("level", 0.0, LEVELS),
            "approved_on": draw.when(0.2)}  # fmt: skip


def _entry(draw: Draw, ids: Sequence[str], persons: Sequence[str]) -> Row:
    first, last = draw.span(0.7)
    body = draw.chance(0.5)
    return {"person_id": draw.one(persons), "term": draw.one(TERMS), "unit_id": _place(draw, ids),
            "body": draw.code("body", 0.0, COMMITTEES) if body else None, "level": draw.code("level", 0.0, LEVELS),
            "post_kind": None if body else draw.code("post_kind", 0.0, LEADING), "added_on": first,
            "removed_on": last, "met_standards": draw.yes()}  # fmt: skip


def _evaluation(draw: Draw, ids: Sequence[str], persons: Sequence[str]) -> Row:
    subject = draw.code("subject_kind")
    return {"subject_kind": subject, "person_id": draw.one(persons, 0.05) if subject == "person" else None,
            "unit_id": draw.one(ids), "period": draw.one(PERIODS), "grade": draw.code("grade", 0.3),
            "review_suggested": draw.yes(), "evaluated_on": draw.when(0.2)}  # fmt: skip


def _plan(draw: Draw, ids: Sequence[str], persons: Sequence[str]) -> Row:
    first, last = draw.span(0.0)
    return {"plan_id": f"K{draw.rng.integers(10**9)}", "unit_id": _place(draw, ids, 0.1), "category": draw.one(PLANS),
            "period_start": draw.one((first, date(2016, 5, 9), date(2016, 1, 1))), "period_end": last,
            "quantity": draw.one((0, 1, 2, 5), 0.15)}  # fmt: skip


Maker = Callable[[Draw, Sequence[str], Sequence[str]], Row]
_DRAWN: dict[str, tuple[Maker, float]] = {  # how each dataset is drawn, and at most how many rows a person
    "posts_held": (_post, 2.0),
    "qualifications": (_qualification, 2.0),
    "ranks": (_rank, 1.5),
    "memberships": (_seat, 1.5),
    "classes": (_class, 0.5),
    "trainings": (_training, 4.0),
    "rotations": (_rotation, 1.0),
    "appointments": (_appointment, 1.0),
    "succession": (_entry, 2.0),
    "evaluations": (_evaluation, 2.0),
    "plans": (_plan, 0.8),
}
