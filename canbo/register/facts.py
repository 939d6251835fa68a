"""The register as flat tables: one SQL statement a dataset, for a day. Reads nothing itself; ``canbo.snapshot`` does.

The statements name the tables of the register. For an earlier state of knowledge, ``statement`` puts before them, under
the same names, the rows as they were then: the last version of each that was written by the moment, unless deleted.
"""

import re
from collections.abc import Collection, Mapping
from datetime import date, datetime
from functools import cache

from django.apps import apps

from canbo.register.models import Person
from canbo.register.people_facts import MEMBERSHIPS, PEOPLE, POSTS_HELD, QUALIFICATIONS, RANKS

_TABLE = re.compile(r"\bregister_[a-z]+\b")

UNITS = """
WITH chosen AS (
  SELECT DISTINCT ON (unit_id) * FROM register_unitversion
  ORDER BY unit_id, valid_from <= {day} DESC, CASE WHEN valid_from <= {day} THEN valid_from END DESC, valid_from
), life AS (
  SELECT unit_id,
    (array_agg(CASE WHEN since_known THEN valid_from END ORDER BY valid_from))[1] AS first,
    (array_agg(valid_to ORDER BY valid_from DESC))[1] AS last
  FROM register_unitversion GROUP BY unit_id
), followed AS (
  SELECT DISTINCT ON (s.predecessor_id) s.predecessor_id, n.code
  FROM register_unitsuccession s JOIN register_unit n ON n.id = s.successor_id ORDER BY s.predecessor_id, s.id
)
SELECT u.code AS unit_id, v.name, up.code AS parent_id, v.level, v.kind, life.first AS valid_from,
  life.last - 1 AS valid_to, v.minority_share::float8 AS minority_share, v.is_city, v.sector,
  party.code AS party_parent_id, v.is_base_party, followed.code AS successor_id
FROM register_unit u
JOIN chosen v ON v.unit_id = u.id
JOIN life ON life.unit_id = u.id
LEFT JOIN register_unit up ON up.id = v.parent_id
LEFT JOIN register_unit party ON party.id = v.party_parent_id
LEFT JOIN followed ON followed.predecessor_id = u.id
ORDER BY u.id"""

_OF_PERSON = "JOIN register_person p ON p.id = f.person_id AND p.merged_into_id IS NULL"
_UNIT = "JOIN register_unit u ON u.id = f.unit_id"

STATEMENTS: Mapping[str, str] = {
    "units": UNITS,
    "people": PEOPLE,
    "posts_held": POSTS_HELD,
    "qualifications": QUALIFICATIONS,
    "ranks": RANKS,
    "memberships": MEMBERSHIPS,
    "quotas": f"SELECT u.code AS unit_id, f.year, f.staff_kind, f.posts FROM register_quota f {_UNIT} ORDER BY f.id",
    "classes": """
SELECT f.code AS class_id, f.program, f.school, u.code AS unit_id, f.valid_from AS start_date,
  f.valid_to - 1 AS end_date, f.places
FROM register_trainingclass f LEFT JOIN register_unit u ON u.id = f.unit_id ORDER BY f.id""",
    "trainings": f"""
SELECT p.code AS person_id, u.code AS unit_id, f.program, f.field, f.valid_from AS start_date,
  f.valid_to - 1 AS end_date, f.result, c.code AS class_id, f.mode
FROM register_training f {_OF_PERSON} LEFT {_UNIT} LEFT JOIN register_trainingclass c ON c.id = f.training_class_id
ORDER BY f.id""",
    "rotations": f"""
SELECT p.code AS person_id, a.code AS from_unit_id, b.code AS to_unit_id, f.kind, f.to_post_kind, f.from_level,
  f.to_level, f.valid_from AS start_date, f.valid_to - 1 AS end_date, f.movement, f.from_post_kind,
  f.tier AS managed_by
FROM register_rotation f {_OF_PERSON} JOIN register_unit a ON a.id = f.from_unit_id
JOIN register_unit b ON b.id = f.to_unit_id ORDER BY f.id""",
    "appointments": f"""
SELECT p.code AS person_id, u.code AS unit_id, f.post_kind, f.kind, f.rank, f.decided_on, f.met_standards,
  f.trained_before, f.was_planned
FROM register_appointmentdecision f {_OF_PERSON} {_UNIT} ORDER BY f.id""",
    "succession_lists": f"""
SELECT f.code AS list_id, f.term, u.code AS unit_id, f.body, f.post_kind, f.level, f.approved_on
FROM register_poollist f {_UNIT} ORDER BY f.id""",
    "succession": f"""
SELECT p.code AS person_id, f.term, u.code AS unit_id, f.body, f.post_kind, f.level, f.valid_from AS added_on,
  f.valid_to AS removed_on, f.removed_why, l.code AS list_id, f.met_standards, f.tier AS managed_by
FROM register_poolentry f {_OF_PERSON} {_UNIT} LEFT JOIN register_poollist l ON l.id = f.pool_list_id ORDER BY f.id""",
    "evaluations": f"""
SELECT f.subject_kind, p.code AS person_id, u.code AS unit_id, f.period, f.grade, f.review_suggested, f.published,
  f.evaluated_on, s.code AS suggested_by
FROM register_evaluation f {_UNIT} LEFT JOIN register_person p ON p.id = f.person_id
LEFT JOIN register_unit s ON s.id = f.suggested_by_id
WHERE p.merged_into_id IS NULL ORDER BY f.id""",
    "recruitments": f"""
SELECT p.code AS person_id, u.code AS unit_id, f.recruited_on, f.kind, f.high_quality, f.staff_kind
FROM register_recruitment f {_OF_PERSON} {_UNIT} ORDER BY f.id""",
    "exits": f"""
SELECT coalesce(p.code, f.person_code) AS person_id, u.code AS unit_id, f.left_on, f.kind
FROM register_exit f {_UNIT} LEFT JOIN register_person p ON p.id = f.person_id
WHERE p.merged_into_id IS NULL ORDER BY f.id""",
    "plans": """
SELECT f.code AS plan_id, u.code AS unit_id, f.category, f.valid_from AS period_start, f.valid_to - 1 AS period_end,
  f.quantity
FROM register_plan f LEFT JOIN register_unit u ON u.id = f.unit_id ORDER BY f.id""",
    "reported": """
SELECT f.indicator, u.code AS unit_id, f.as_of, f.text, f.low, f.high
FROM register_reportedfigure f LEFT JOIN register_unit u ON u.id = f.unit_id ORDER BY f.id""",
}
"""For each dataset, its statement. ``{day}`` stands for the day; columns are named as in the dictionary."""

NOT_YET_KNOWN = """
SELECT DISTINCT f.person_id FROM (
  SELECT person_id FROM register_standing WHERE NOT since_known AND valid_from > {day}
  UNION ALL SELECT person_id FROM register_employment WHERE NOT since_known AND valid_from > {day}
  UNION ALL SELECT person_id FROM register_postheld WHERE NOT since_known AND valid_from > {day}
) AS f JOIN register_person p ON p.id = f.person_id AND p.merged_into_id IS NULL"""
"""The people (by key) of whom a source states something only since a later day."""


def statement(body: str, day: date, known: datetime | None = None) -> str:
    """A statement of this module for a day, in the state of knowledge of a moment (None: the present one).

    ``known`` is aware. The text holds no other values, so it can go into a COPY, which takes no parameters.
    """
    sql = body.replace("{day}", f"DATE '{day.isoformat()}'")
    return sql if known is None else as_known(sql, known)


def as_known(sql: str, known: datetime) -> str:
    """Any statement over tables of the register, with each table as it was known at a moment (aware)."""
    return _over(sql, {name: _as_known(name, known) for name in tables_in(sql)})


def of_people(sql: str, ids: Collection[int]) -> str:
    """Any statement over tables of the register, with only the rows of some people (by their keys) in each table."""
    listed = f"ANY(ARRAY[{', '.join(str(int(one)) for one in sorted(ids))}]::bigint[])"
    columns = {
        name: "id" if name == "register_person" else "person_id" for name in tables_in(sql) if is_of_people(name)
    }
    return _over(sql, {name: f"SELECT * FROM {name} WHERE {column} = {listed}" for name, column in columns.items()})


def tables_in(sql: str) -> list[str]:
    """The register's tables that a statement reads."""
    return sorted(set(_TABLE.findall(sql)))


@cache
def is_of_people(table: str) -> bool:
    """Whether each row of a table is about a person, or is one."""
    model = next(one for one in apps.get_app_config("register").get_models() if one._meta.db_table == table)
    return model is Person or any(field.name == "person" for field in model._meta.fields)


def _over(sql: str, selects: Mapping[str, str]) -> str:
    """The statement with some tables replaced by what is selected of them."""
    before = ",\n".join(f"{name} AS ({select})" for name, select in selects.items())
    own = sql.lstrip().removeprefix("WITH ")
    if own == sql.lstrip():
        return f"WITH {before}\n{sql}"
    recursive = "RECURSIVE " if own.startswith("RECURSIVE ") else ""
    return f"WITH {recursive}{before},\n{own.removeprefix('RECURSIVE ')}"


def _as_known(table: str, known: datetime) -> str:
    moment = f"TIMESTAMPTZ '{known.isoformat()}'"
    return (
        f"SELECT * FROM (SELECT DISTINCT ON (pgh_obj_id) * FROM {table}event WHERE pgh_created_at <= {moment} "
        "ORDER BY pgh_obj_id, pgh_id DESC) AS last WHERE pgh_label <> 'delete'"
    )
