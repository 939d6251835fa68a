"""The tables trainings and classes: studies behind degrees, certificates, short courses. Draws no awards."""

import numpy as np
import pyarrow as pa

from canbo.codes import code_list
from canbo.sample.classes import Register
from canbo.sample.definitions import code, codes, load, profiles
from canbo.sample.draws import Array, Mask, Rng, between, day_of, first_day, stream
from canbo.sample.sketch import Sketch
from canbo.sample.standing import Standing, leaders
from canbo.sample.tables import make_table, numbered, sort_rows, stack, take_text

YEARS_BACK = 5
THEORY = {2: ("political_intermediate", 240), 3: ("political_advanced", 500), 4: ("political_advanced", 500)}
FREQUENT = ("political_intermediate", "state_specialist")
"""Courses held so often that every quarter sees some end."""
STATE = {2: ("state_specialist", 50), 3: ("state_principal", 45), 4: ("state_senior", 55)}
"""Level of the certificate: its course and how many days it lasts."""


def learning_tables(sketch: Sketch, standing: Standing) -> tuple[pa.Table, pa.Table]:
    """The tables trainings and classes."""
    register = Register(sketch)
    _degrees(sketch, register, stream(sketch.seed, "studies"))
    rng = stream(sketch.seed, "courses")
    for level, day, courses in (
        (np.full(len(sketch.lives), 2), standing.theory_before, THEORY),
        (standing.theory, standing.theory_day, THEORY),
        (np.full(len(sketch.lives), 2), standing.state_before, STATE),
        (standing.state, standing.state_day, STATE),
    ):
        for step, (program, days) in courses.items():
            _certificates(sketch, register, (level == step) & (day >= 0), day, program, days, rng)
    _preparation(sketch, register, rng)
    _short_courses(sketch, register, rng)
    _under_way(sketch, register, rng)
    return _write(sketch, register)


def _write(sketch: Sketch, register: Register) -> tuple[pa.Table, pa.Table]:
    rows = sort_rows(stack(*register.parts), "person", "start")
    ids = numbered("L", np.arange(1, register.count + 1), 6)
    trainings = make_table(
        "trainings",
        {
            "person_id": sketch.persons(rows["person"]),
            "unit_id": sketch.units_at(sketch.unit_on(rows["person"], rows["start"])),
            "program": rows["program"],
            "field": rows["field"],
            "start_date": rows["start"],
            "end_date": rows["end"],
            "result": rows["result"],
            "class_id": take_text(ids, rows["class"]),
            "mode": rows["mode"],
        },
    )
    held = stack(*register.classes)
    schools = load("profiles")["schools"]
    names = [schools.get(program, schools["default"]) for program in code_list("program").keys]
    classes = make_table(
        "classes",
        {
            "class_id": ids,
            "program": held["program"],
            "school": take_text(names, held["program"]),
            "unit_id": sketch.units_at(held["unit"]),
            "start_date": held["start"],
            "end_date": held["end"],
            "places": held["places"],
        },
    )
    return trainings, classes


def _degrees(sketch: Sketch, register: Register, rng: Rng) -> None:
    """Studies that ended with a degree after recruitment: people sent by their unit."""
    school = sketch.schooling
    completed, part = code("training_result", "completed"), code("study_mode", "part_time")
    late = np.where(school.entry < 4, school.bachelor, -1)
    special = code_list("medical_specialist").keys
    for program, day, days, who in (
        ("bachelor", late, 900, late >= 0),
        ("master", school.master, 700, school.master >= 0),
        ("doctor", school.doctor, 1_150, school.doctor >= 0),
        ("specialist_1", school.specialist_day, 700, school.specialist == special.index("level_1")),
        ("specialist_2", school.specialist_day, 700, school.specialist == special.index("level_2")),
    ):
        mine = np.flatnonzero(who & (day - days - 30 > school.recruited) & (day >= day_of(2008, 1, 1)))
        end = day[mine] - rng.integers(0, 30, len(mine))
        mode = np.where(rng.random(len(mine)) < 0.8, part, code("study_mode", "full_time"))
        register.add(mine, code("program", program), school.field[mine], end - days, end, completed, mode)


def _certificates(
    sketch: Sketch, register: Register, who: Mask, day: Array, program: str, days: int, rng: Rng, back: int = YEARS_BACK
) -> None:
    """Certificates since ``back`` years ago came from classes ended in the quarter or, if rare, the year before."""
    gap = 91 if program in FREQUENT else 364
    start = int(first_day(np.array([_year(sketch) - back]))[0]) + 120
    mine = np.flatnonzero(who & (day >= start) & (day - days - gap - 30 > sketch.schooling.recruited))
    group, buckets = register.form(mine, code("program", program), (day[mine] - start) // gap, rng)
    if not len(mine):
        return
    number = register.count - len(buckets)
    ends = start + buckets * gap - 1 - rng.integers(0, 20, len(buckets))
    register.date(ends - days, ends)
    end = ends[group - number]
    field = code("field", "politics" if program.startswith("political") else "public_management")
    modes = np.where(rng.random(len(buckets)) < 0.35, code("study_mode", "full_time"), code("study_mode", "part_time"))
    register.add(
        mine,
        code("program", program),
        field,
        end - days,
        end,
        code("training_result", "completed"),
        modes[group - number],
        group,
    )


def _preparation(sketch: Sketch, register: Register, rng: Rng) -> None:
    """Three of four leaders took the course for leaders of their sort in the year before they took up the post."""
    since = sketch.careers.since
    prepared = leaders(sketch) & (sketch.careers.count > 0) & (rng.random(len(since)) < 0.75)
    upper = sketch.tier == code("managed_by", "provincial_committee")
    division = np.isin(sketch.kind, codes("post_kind", "division_head", "division_deputy"))
    division &= (sketch.level != code("level", "commune")) & ~upper
    service = np.isin(sketch.kind, codes("post_kind", "service_head", "service_deputy")) & ~upper
    for who, program, days in (
        (upper, "department_leaders", 20),
        (division, "division_leaders", 15),
        (service, "leadership_skills", 10),
    ):
        _certificates(sketch, register, prepared & who, since, program, days, rng, back=15)


def _year(sketch: Sketch) -> int:
    """The calendar year of the data day."""
    return int(np.datetime64(sketch.data_day, "D").astype("datetime64[Y]").astype(int)) + 1970


def _audience(sketch: Sketch) -> Array:
    """0 leaders of the province and districts, 1 of communes, 2 civil servants, 3 public employees, 4 others."""
    leading = leaders(sketch)
    commune = sketch.level == code("level", "commune")
    group = np.full(len(leading), 4, np.int8)
    group[sketch.staff == code("staff_kind", "public_employee")] = 3
    group[sketch.staff == code("staff_kind", "civil_servant")] = 2
    group[leading & (group != 3)] = 0
    group[leading & commune] = 1
    return group


def _short_courses(sketch: Sketch, register: Register, rng: Rng) -> None:
    audience = _audience(sketch)
    year = _year(sketch)
    courses = load("profiles")["courses"]
    special = _leading_courses(sketch)
    for past in range(YEARS_BACK, -1, -1):
        opening = day_of(year - past, 1, 1)
        closing = min(day_of(year - past, 12, 31), sketch.data_day)
        there = (sketch.schooling.recruited < opening) & (sketch.lives.until >= closing)
        for name, course in courses.items():
            chance = np.asarray(course["shares"], float)[audience]
            _hold(sketch, register, name, course["days"], course["field"], there, chance, opening, closing, rng)
        for name, (who, share, days) in special.items():
            _hold(sketch, register, name, days, "public_management", there, who * share, opening, closing, rng)


def _leading_courses(sketch: Sketch) -> dict[str, tuple[Mask, float, int]]:
    """Courses for leaders of departments and divisions and for the young among them: who, share, days."""
    upper = sketch.tier == code("managed_by", "provincial_committee")
    division = np.isin(sketch.kind, codes("post_kind", "division_head", "division_deputy"))
    division &= sketch.level != code("level", "commune")
    young = (
        leaders(sketch) & (sketch.data_day - sketch.lives.birth < 42 * 365) & (sketch.level != code("level", "commune"))
    )
    service = profiles().among(sketch.profile, "service_head", "service_deputy")
    return {
        "department_leaders": (upper, 0.11, 20),
        "division_leaders": (division, 0.1, 15),
        "planned_cadres": (young & ~service, 0.04, 60),
    }


def _hold(
    sketch: Sketch,
    register: Register,
    name: str,
    days: int,
    field: str,
    there: Mask,
    chance: Array,
    opening: int,
    closing: int,
    rng: Rng,
) -> None:
    """One course in one year: who took it, in classes of at most 60, each with its own days."""
    mine = np.flatnonzero(there & (rng.random(len(there)) < chance))
    if not len(mine) or closing - opening < days + 20:
        return
    group, buckets = register.form(mine, code("program", name), np.zeros(len(mine), np.int64), rng)
    number = register.count - len(buckets)
    starts = rng.integers(opening + 10, closing - days - 5, len(buckets))
    register.date(starts, starts + days - 1)
    start = starts[group - number]
    draw = rng.random(len(mine))
    result = np.where(
        draw < 0.004,
        code("training_result", "failed"),
        np.where(draw < 0.007, code("training_result", "withdrawn"), code("training_result", "completed")),
    )
    online = name in ("knowledge_update", "law", "it") and closing >= day_of(2020, 4, 1)
    mode = code("study_mode", "online") if online else code("study_mode", "full_time")
    register.add(mine, code("program", name), code("field", field), start, start + days - 1, result, mode, group)


def _under_way(sketch: Sketch, register: Register, rng: Rng) -> None:
    """People studying for a degree on the data day, some who gave up, some about to begin."""
    school, day = sketch.schooling, sketch.data_day
    serving = sketch.lives.in_service & (school.education == 4) & (day - sketch.lives.birth < 45 * 365)
    serving &= (school.recruited < day - 3 * 365) & (school.bachelor < day - 3 * 365)
    doctor = (
        profiles().among(sketch.profile, "health_staff")
        & (school.field == code("field", "health"))
        & (school.specialist == 0)
    )
    draw = rng.random(len(serving))
    for low, high, result in (
        (0.0, 0.035, "studying"),
        (0.035, 0.039, "withdrawn"),
        (0.039, 0.041, "failed"),
        (0.041, 0.047, "planned"),
    ):
        mine = np.flatnonzero(serving & (draw >= low) & (draw < high))
        program = np.where(doctor[mine], code("program", "specialist_1"), code("program", "master"))
        start = between(rng, np.full(len(mine), day - 600), np.full(len(mine), day - 60))
        end = np.full(len(mine), -1)
        if result in ("withdrawn", "failed"):
            start, end = start - 400, np.minimum(start + 100, day - 5)
        if result == "planned":
            start = between(rng, np.full(len(mine), day + 40), np.full(len(mine), day + 300))
        register.add(
            mine,
            program,
            school.field[mine],
            start,
            end,
            code("training_result", result),
            code("study_mode", "part_time"),
        )
