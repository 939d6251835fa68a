"""Quảng Ninh, counted by hand: each query is written from the quote, the label and the note, in words of its own."""

from .asking import DISTRICTS_END, EachQuery, Query, share

# The source prints no target: every row is a figure to report.
UPPER = "level in ('province', 'district')"
CADRES = "staff_kind in ('official', 'civil_servant')"
UPPER_CADRES = {"where": f"{CADRES} and {UPPER}", "outside": f"{CADRES} and level is null", "until": DISTRICTS_END}
COMMUNE_CADRES = {"where": f"{CADRES} and level = 'commune'", "outside": f"{CADRES} and level is null"}
COMMUNE_SERVANTS = {
    "where": "staff_kind = 'civil_servant' and level = 'commune'",
    "outside": "staff_kind = 'civil_servant' and level is null",
}
EMPLOYEES = "staff_kind = 'public_employee'"


def completed(program: str) -> str:
    """Has completed a course of the programme by the day, at any time; without a last day, its first."""
    return f"""person_id in (select person_id from trainings where program = '{program}' and result = 'completed'
      and (end_date <= asked_day() or end_date is null and start_date <= asked_day()))"""


def appointed(kinds: str, post: str, unsure: str) -> Query:
    """Appointments decided by the day of officials and civil servants in units of province and district."""
    every = f"""select a.row as key, a.unit_id as unit from appointments as a
      join (select distinct person_id from people where {CADRES}) using (person_id)
      left join units as u on u.unit_id = a.unit_id
      where a.kind in {kinds} and a.decided_on <= asked_day()"""
    inside = f"{every} and {post} and u.{UPPER}"
    return Query(
        population=inside,
        counted=f"{inside} and a.met_standards",
        unknown=f"{inside} and a.met_standards is null",
        outside=f"{every} and {unsure}",
        until=DISTRICTS_END,
    )


LEADING_POST = "a.post_kind not in ('professional', 'support')"
POST_UNSURE = """(a.post_kind is null or a.post_kind not in ('professional', 'support'))
  and (u.level is null or u.level in ('province', 'district')) and (a.post_kind is null or u.level is null)"""

# Everyone in force in a pool; the verdict of every entry counts, and one that is not recorded leaves the person open.
PLANNED = "person_id in (select person_id from pool)"
FAILED = "person_id in (select person_id from pool where not met_standards)"
OPEN = "person_id in (select person_id from pool where met_standards is null)"

# Trained in management before the day of appointment; no day, or one still to come, leaves it open.
MANAGED = """appointed_on <= asked_day() and exists (from trainings as t where t.person_id = person.person_id
  and t.program in ('leadership_skills', 'department_leaders', 'division_leaders') and t.result = 'completed'
  and ifnull(t.end_date, t.start_date) < person.appointed_on)"""

# The three cohorts of a list, by full years on its own day of approval: under 40, 40 to 50, over 50. A birth known
# only by its year counts where both its ends give the same cohort.
COHORTS = """
  with members as (
    select l.row, l.approved_on, p.birth_date as early, coalesce(p._birth_latest, p.birth_date) as late
    from succession_lists as l join pool as s on s.list_id = l.list_id join people as p on p.person_id = s.person_id),
  cohorts as (
    select row,
      case when approved_on < birthday(early, 40) then 'young' when approved_on < birthday(early, 51) then 'middle'
        else 'old' end as by_early,
      case when approved_on < birthday(late, 40) then 'young' when approved_on < birthday(late, 51) then 'middle'
        else 'old' end as by_late
    from members)
  select row from cohorts where by_early = by_late group by row having count(distinct by_early) = 3"""
LISTS = "select l.row as key, l.unit_id as unit from succession_lists as l where l.approved_on <= asked_day()"
THREE_COHORTS = Query(
    population=LISTS,
    counted=f"{LISTS} and l.row in ({COHORTS})",
    outside="select l.row as key, l.unit_id as unit from succession_lists as l where l.approved_on is null",
)

# Lists of Party committees only. Below a province stand the districts, below a district the communes of its own
# locality; all that have a list of the term must have approved it by the day of the upper list.
COMMITTEE = "body in ('executive_committee', 'standing_committee')"
UPPER_LISTS = f"""select l.row as key, l.unit_id as unit from succession_lists as l
  where l.{UPPER} and l.{COMMITTEE}"""
BELOW_FIRST = f"""
  select upper.row
  from succession_lists as upper left join place as over on over.unit_id = upper.unit_id
    join succession_lists as lower on lower.term = upper.term and lower.{COMMITTEE}
    join place on place.unit_id = lower.unit_id join units as locality on locality.unit_id = place.locality
  where upper.level = 'province' and lower.level = 'district'
    or upper.level = 'district' and lower.level = 'commune' and locality.parent_id = over.locality
  group by upper.row
  having bool_and(lower.approved_on is not null and lower.approved_on <= upper.approved_on)"""

QUERIES: dict[str, Query | EachQuery] = {
    "QN-2022-R-01": share(PLANNED, ok=f"not {FAILED} and not {OPEN}", unsure=f"not {FAILED} and {OPEN}"),
    "QN-2022-R-02": appointed("('rank')", "true", "u.level is null"),
    "QN-2022-R-03": appointed("('first', 'assignment')", LEADING_POST, POST_UNSURE),
    "QN-2022-R-04": share(**UPPER_CADRES, ok=f"{completed('law')} and {completed('public_ethics')}"),
    "QN-2022-R-04-a": share(**UPPER_CADRES, ok=completed("law")),
    "QN-2022-R-04-b": share(**UPPER_CADRES, ok=completed("public_ethics")),
    "QN-2022-R-05": share(**UPPER_CADRES, ok=completed("duty_skills")),
    "QN-2022-R-06": share(
        **COMMUNE_CADRES,
        ok="education in ('intermediate', 'college', 'bachelor', 'master', 'doctor')",
        unsure="education is null",
    ),
    "QN-2022-R-07": share(**COMMUNE_SERVANTS, ok="major_fits_post", unsure="major_fits_post is null"),
    "QN-2022-R-08": share(EMPLOYEES, completed("professional_title")),
    "QN-2022-R-09": share(
        f"{EMPLOYEES} and is_leader",
        MANAGED,
        unsure="appointed_on is null or appointed_on > asked_day()",
        outside=f"{EMPLOYEES} and is_leader is null",
    ),
    "QN-2022-R-10": share(EMPLOYEES, f"{completed('professional_ethics')} and {completed('professional_skills')}"),
    "QN-2022-R-10-a": share(EMPLOYEES, completed("professional_ethics")),
    "QN-2022-R-10-b": share(EMPLOYEES, completed("professional_skills")),
    "QN-2022-S-01": THREE_COHORTS,
    "QN-2022-S-02": Query(
        population=f"{UPPER_LISTS} and l.approved_on <= asked_day()",
        counted=f"{UPPER_LISTS} and l.approved_on <= asked_day() and l.row in ({BELOW_FIRST})",
        outside=f"{UPPER_LISTS} and l.approved_on is null",
        until=DISTRICTS_END,
    ),
}
