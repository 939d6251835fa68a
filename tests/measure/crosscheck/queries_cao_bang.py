"""Cao Bằng, counted by hand: each query is written from the quote, the label and the note, in words of its own.

The source counts people (“cán bộ”), so whoever was sent twice is one: within a plan's time the earliest record stands
for the person, else the first in the file. “Cử đi” is any record but one merely planned. Who has left since counts.
"""

from .asking import EachQuery, Query

PROGRAMME = "2016-05-09"
WINDOW = "start_date between date '2016-05-09' and date '2020-12-31' and start_date <= asked_day()"
# A leader by a post held on the day of being sent, whatever the person was before or has become; staff by its kind.
LEADERS = """t.person_id in (select h.person_id from posts_held as h
  where h.post_kind not in ('professional', 'support')
    and t.start_date between h.start_date and ifnull(h.end_date, t.start_date))"""
STAFF = "t.person_id in (select person_id from people where staff_kind in ('civil_servant', 'public_employee'))"


def since(day: str, records: str) -> str:
    """The records of each person since a day; which of them stands for the person the plan's time decides."""
    return f"""select person_id as key, unit, start_date as on_day, row from ({records})
      where start_date >= date '{day}'"""


def sent(where: str, plan: str, open_: str = "false", maybe: str = "true") -> Query:
    """People sent, against the plan of a category. `open_`: a cell that would decide is empty."""
    records = """select t.person_id, t.unit_id as unit, t.start_date, t.row from trainings as t
      left join units as u on u.unit_id = t.unit_id where t.result <> 'planned'"""
    mine = f"{records} and {where} and {maybe}"
    return Query(
        population=f"select row as key, unit from ({mine})",
        counted=since(PROGRAMME, mine),
        outside=since(PROGRAMME, f"{records} and {where} and {open_}"),
        goal=">= 100%",
        measure="count",
        plan=plan,
    )


def attended(where: str) -> tuple[Query, Query]:
    """People who attended from the programme's beginning to the day (or its end); and attendances."""
    mine = f"""select t.person_id, t.unit_id as unit, t.row from trainings as t
      where t.result <> 'planned' and {where} and {WINDOW}"""
    rows = f"select row as key, unit from ({mine})"
    once = f"""select person_id as key, unit from ({mine})
      qualify row_number() over (partition by person_id order by row) = 1"""
    return (
        Query(population=rows, counted=once, measure="count", events=True),
        Query(population=rows, counted=rows, measure="count", events=True),
    )


def classes(program: str) -> Query:
    """Classes that have begun."""
    rows = f"select class_id as key, unit_id as unit from classes where program = '{program}' and {WINDOW}"
    return Query(population=rows, counted=rows, measure="count", events=True)


def rotated_leaders() -> Query:
    """People rotated (not transferred) while managed by the provincial committee, since the term began in 2015."""
    records = "select person_id, to_unit_id as unit, start_date, row from rotations where movement = 'rotation'"
    mine = f"{records} and managed_by = 'provincial_committee'"
    return Query(
        population=f"select row as key, unit from ({mine})",
        counted=since("2015-01-01", mine),
        outside=since("2015-01-01", f"{records} and managed_by is null"),
        goal=">= 100%",
        measure="count",
        plan="rotation_young",
    )


SKILLS, SKILLS_TIMES = attended("program = 'leadership_skills'")
GENERAL, GENERAL_TIMES = attended("program in ('defence', 'it', 'language')")
LEARNERS, LEARNERS_TIMES = attended(f"program = 'political_intermediate' and {LEADERS}")
RESERVE, RESERVE_TIMES = attended("program = 'planned_cadres'")

QUERIES: dict[str, Query | EachQuery] = {
    "CB-2019-R-01": sent(f"t.program = 'master' and {LEADERS}", "master_young"),
    # The field of study, at master's level; an empty field leaves it open.
    "CB-2019-R-02": sent(
        f"t.program = 'master' and {STAFF}", "master_education", "t.field is null", "t.field = 'education'"
    ),
    # The sector of the unit that sends, not the field of study.
    "CB-2019-R-03": sent(
        f"t.program in ('specialist_1', 'master') and {STAFF}",
        "health_postgraduate",
        "u.sector is null",
        "u.sector = 'health'",
    ),
    "CB-2019-R-04": sent(
        f"t.program = 'master' and {STAFF}", "culture_tourism", "u.sector is null", "u.sector = 'culture_tourism'"
    ),
    "CB-2019-R-05": sent("t.program in ('state_senior', 'state_principal')", "state_management"),
    "CB-2019-R-06": SKILLS,
    "CB-2019-R-06-luot": SKILLS_TIMES,
    "CB-2019-R-07": sent("t.program = 'department_leaders'", "department_leaders"),
    "CB-2019-R-08": GENERAL,
    "CB-2019-R-08-luot": GENERAL_TIMES,
    "CB-2019-R-09": classes("political_intermediate"),
    "CB-2019-R-10": LEARNERS,
    "CB-2019-R-10-luot": LEARNERS_TIMES,
    "CB-2019-R-11": sent("t.program = 'political_advanced'", "political_advanced"),
    "CB-2019-R-12": RESERVE,
    "CB-2019-R-12-luot": RESERVE_TIMES,
    "CB-2019-R-13": classes("planned_cadres"),
    "CB-2019-R-14": rotated_leaders(),
    "CB-2019-R-15": sent(f"t.program = 'doctor' and {LEADERS}", "doctor_young"),
    "CB-2019-R-16": sent(
        "t.program in ('bachelor', 'master', 'doctor')", "tourism", "t.field is null", "t.field = 'tourism'"
    ),
}
