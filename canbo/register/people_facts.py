"""The SQL of ``people`` and of the dated datasets that people's columns follow from. See ``facts``.

A person's own day is the day asked for, or the last day in service where that is earlier. What a source states only
since a later day is NULL on earlier ones. Two posts on one day: the main one, the later begun, the higher group, as
``canbo.datasets.derive`` has it.
"""

from canbo.codes import code_list
from canbo.register.models.people import ASSESSED, STATED
from canbo.register.tier_sql import holds, managed_seats, tier_at, tier_of_post, tier_of_seat, tier_place


def _order(codes: str, value: str) -> str:
    keys = ", ".join(f"'{key}'" for key in code_list(codes).keys)
    return f"array_position(ARRAY[{keys}], {value})"


_LEVELS = {
    "education": "professional",
    "medical_specialist": "medical",
    "political_theory": "political",
    "state_management": "state",
}
"""Column of people: kind of the qualification that decides it."""

# The employment begun last by the day (else the first later one) and the person's own day. Who was moved on the same
# day, as when a unit is merged, has not left: the service ends with the unbroken row of employments.
_EMPLOYED = """
employed AS (
  SELECT DISTINCT ON (person_id) person_id, unit_id, recruited_on, high_quality_recruit, retires_on,
    service_end AS valid_to,
    CASE WHEN valid_from <= {day} THEN staff_kind END AS staff_kind,
    valid_from > {day} AND since_known AS is_later,
    least({day}, service_end - 1) AS own_day
  FROM (
    SELECT f.*, last_value(valid_to) OVER (
      PARTITION BY person_id, run ORDER BY valid_from ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS service_end
    FROM (
      SELECT f.*, count(*) FILTER (WHERE is_new) OVER (PARTITION BY person_id ORDER BY valid_from) AS run
      FROM (
        SELECT f.*, valid_from IS DISTINCT FROM lag(valid_to) OVER (
          PARTITION BY person_id ORDER BY valid_from) AS is_new
        FROM register_employment f
      ) AS f
    ) AS f
  ) AS f
  ORDER BY person_id, valid_from <= {day} DESC, CASE WHEN valid_from <= {day} THEN valid_from END DESC, valid_from
)"""

# What a source states that holds on the person's own day.
_STANDING = f"""{_EMPLOYED}, standing AS (
  SELECT s.* FROM register_standing s LEFT JOIN employed e ON e.person_id = s.person_id
  WHERE {holds("s", "coalesce(e.own_day, {day})")}
)"""

_MAIN_FIRST = f'f.is_main DESC, f.valid_from DESC, {_order("post_kind", "f.post_kind")}, u.code COLLATE "C" DESC'

# Stated posts stand in the people's row; among the dated ones they are needed only where a post entered since goes on
# from them, for a person with dated posts is in service from the first of them on.
POSTS_HELD = f"""
WITH dated AS (
  SELECT f.*, greatest(f.valid_from, least({{day}}, f.valid_to - 1)) AS day FROM register_postheld f
  WHERE f.since_known OR (f.valid_from <= {{day}} AND EXISTS (
    SELECT 1 FROM register_postheld o WHERE o.person_id = f.person_id AND o.since_known
      AND o.valid_from >= f.valid_from AND (o.origin_id = f.origin_id) IS NOT TRUE))
)
SELECT p.code AS person_id, u.code AS unit_id, f.post, f.post_kind, coalesce(f.stated_tier, rule.tier) AS managed_by,
  f.is_main, f.foreign_element, f.valid_from AS start_date, f.valid_to - 1 AS end_date
FROM dated f
JOIN register_person p ON p.id = f.person_id AND p.merged_into_id IS NULL
JOIN register_unit u ON u.id = f.unit_id
{tier_of_post("f", "f.day")}
ORDER BY f.id"""

# Each seat has the tier that a rule gives it, so that who holds seats and no post is managed too, as ``tiers`` has it.
MEMBERSHIPS = f"""
SELECT p.code AS person_id, u.code AS unit_id, f.body, f.role, f.valid_from AS start_date, f.valid_to - 1 AS end_date,
  rule.tier AS managed_by
FROM (
  SELECT f.*, greatest(f.valid_from, least({{day}}, f.valid_to - 1)) AS day FROM register_bodyseat f
  WHERE f.since_known OR f.valid_from <= {{day}}
) AS f
JOIN register_person p ON p.id = f.person_id AND p.merged_into_id IS NULL
JOIN register_unit u ON u.id = f.unit_id
{tier_of_seat("f", "f.day")}
ORDER BY f.id"""

_STATED_LEVELS = "\n  UNION ALL ".join(
    f"SELECT id, person_id, origin_id, valid_from, '{kind}' AS kind, {column} AS level "
    f"FROM standing WHERE {column} IS NOT NULL"
    for column, kind in _LEVELS.items()
)

# What a source states is kept beside degrees entered since, which else would be all that counts. Degrees of the same
# source are its events, and go before what it states.
QUALIFICATIONS = f"""
WITH {_STANDING}, rows AS (
  SELECT person_id, kind, level, field, awarded_on, origin_id, id FROM register_qualification
  WHERE revoked_on IS NULL OR revoked_on > {{day}}
), stated AS (
  {_STATED_LEVELS}
), kept AS (
  SELECT s.person_id, s.kind, s.level, NULL AS field, s.valid_from AS awarded_on, s.origin_id, s.id FROM stated s
  JOIN (SELECT person_id, kind, array_agg(DISTINCT origin_id) FILTER (WHERE origin_id IS NOT NULL) AS origins
    FROM register_qualification GROUP BY person_id, kind) AS o ON o.person_id = s.person_id AND o.kind = s.kind
  WHERE (s.origin_id = ANY(o.origins)) IS NOT TRUE AND s.level <> 'none' AND NOT EXISTS (
    SELECT 1 FROM register_qualification q WHERE q.person_id = s.person_id AND q.kind = s.kind
      AND q.level = s.level AND q.awarded_on <= s.valid_from)
)
SELECT p.code AS person_id, f.kind, f.level, f.field, f.awarded_on
FROM (SELECT * FROM rows UNION ALL SELECT * FROM kept) AS f
JOIN register_person p ON p.id = f.person_id AND p.merged_into_id IS NULL
ORDER BY f.id, f.kind"""

RANKS = f"""
WITH {_STANDING}, kept AS (
  SELECT s.person_id, s.rank, coalesce(s.rank_by_equivalence, false) AS by_equivalence, s.valid_from, s.id
  FROM standing s
  JOIN (SELECT person_id, array_agg(DISTINCT origin_id) FILTER (WHERE origin_id IS NOT NULL) AS origins
    FROM register_rankheld GROUP BY person_id) AS o ON o.person_id = s.person_id
  WHERE s.rank IS NOT NULL AND (s.origin_id = ANY(o.origins)) IS NOT TRUE AND NOT EXISTS (
    SELECT 1 FROM register_rankheld r WHERE r.person_id = s.person_id AND r.valid_from <= s.valid_from
      AND (r.valid_to IS NULL OR r.valid_to > s.valid_from))
)
SELECT p.code AS person_id, f.rank, f.by_equivalence, f.valid_from AS start_date
FROM (SELECT person_id, rank, by_equivalence, valid_from, id FROM register_rankheld UNION ALL SELECT * FROM kept) AS f
JOIN register_person p ON p.id = f.person_id AND p.merged_into_id IS NULL
ORDER BY f.id"""


def _stated(column: str) -> str:
    if column in ASSESSED:
        return f"coalesce(assessed.{column}, s.{column}) AS {column}"
    if column == "medical_specialist":
        level = _unless_revoked(column)
        return f"CASE WHEN s.id IS NOT NULL THEN coalesce({level}, 'none') END AS medical_specialist"
    if column == "rank_by_equivalence":
        return "CASE WHEN s.id IS NOT NULL THEN coalesce(s.rank_by_equivalence, false) END AS rank_by_equivalence"
    return f"{_unless_revoked(column) if column in _LEVELS else f's.{column}'} AS {column}"


def _unless_revoked(column: str) -> str:
    """The level stated, unless the degree behind it, as far as it can be told, was revoked."""
    return f"""CASE WHEN NOT EXISTS (
    SELECT 1 FROM revoked q WHERE q.person_id = p.id AND q.kind = '{_LEVELS[column]}'
      AND (q.origin_id = s.origin_id OR (q.level = s.{column} AND q.awarded_on <= s.valid_from))) THEN s.{column} END"""


def _flag(column: str) -> str:
    """False and not unknown for whom no post holds any more."""
    return f"CASE WHEN l.person_id IS NOT NULL THEN false ELSE m.{column} END AS {column}"


# Service goes on where one employment follows another on the same day, as when a unit is merged: who was moved has not
# left. So the end is that of the unbroken row of employments; NULL where it is open.
_SERVICE_END = """CASE WHEN valid_to IS NOT NULL THEN (
        SELECT min(a.valid_to) FROM register_employment a
        WHERE a.person_id = e.person_id AND a.valid_to >= e.valid_to AND NOT EXISTS (
          SELECT 1 FROM register_employment b WHERE b.person_id = a.person_id AND b.valid_from = a.valid_to)) END"""

_SEATS_ON_OWN_DAY = """(SELECT b.*, coalesce(e.own_day, {day}) AS day FROM register_bodyseat b
    LEFT JOIN employed e ON e.person_id = b.person_id)"""

PEOPLE = f"""
WITH {_STANDING}, main AS (
  SELECT DISTINCT ON (f.person_id) f.id, f.person_id, u.code AS unit_code, f.post, f.post_kind, f.is_key_leader,
    f.is_head, f.appointed_on, f.term_ends_on, min(f.tier) OVER (PARTITION BY f.person_id) AS tier
  FROM (
    SELECT f.*, {tier_place("coalesce(f.stated_tier, rule.tier)")} AS tier
    FROM (
      SELECT f.*, coalesce(e.own_day, {{day}}) AS day FROM register_postheld f
      LEFT JOIN employed e ON e.person_id = f.person_id
      WHERE f.valid_from <= {{day}} AND f.valid_from <= coalesce(e.own_day, {{day}})
        AND (f.valid_to IS NULL OR f.valid_to > coalesce(e.own_day, {{day}}))
    ) AS f
    {tier_of_post("f", "f.day")}
  ) AS f JOIN register_unit u ON u.id = f.unit_id
  ORDER BY f.person_id, {_MAIN_FIRST}
), seated AS (
  SELECT person_id, min({tier_place("tier")}) AS tier
  FROM ({managed_seats("s.day", _SEATS_ON_OWN_DAY)}) AS seats GROUP BY person_id
), last_post AS (
  SELECT DISTINCT ON (f.person_id) f.person_id, f.unit_id FROM register_postheld f
  WHERE f.valid_from <= {{day}} AND NOT EXISTS (SELECT 1 FROM main m WHERE m.person_id = f.person_id)
  ORDER BY f.person_id, f.is_main DESC, f.valid_from DESC, f.id
), revoked AS (
  SELECT person_id, kind, level, awarded_on, origin_id FROM register_qualification WHERE revoked_on <= {{day}}
), party AS (
  SELECT DISTINCT ON (m.person_id) m.person_id, m.official_on, m.valid_to FROM register_partymembership m
  ORDER BY m.person_id, m.valid_from DESC
), assessed AS (
  SELECT person_id, {", ".join(f"bool_and(met) FILTER (WHERE subject = '{one}') AS {one}" for one in ASSESSED)}
  FROM (
    SELECT DISTINCT ON (person_id, subject) person_id, subject, met FROM register_assessment
    WHERE valid_from <= {{day}} AND (valid_to IS NULL OR valid_to > {{day}})
    ORDER BY person_id, subject, valid_from DESC, id DESC
  ) AS latest GROUP BY person_id
)
SELECT p.code AS person_id, p.full_name, p.birth_date,
  (CASE p.birth_precision WHEN 'month' THEN p.birth_date + interval '1 month - 1 day'
    WHEN 'year' THEN p.birth_date + interval '1 year - 1 day' ELSE p.birth_date END)::date AS _birth_latest,
  p.sex, p.ethnicity,
  CASE WHEN party.valid_to IS NULL OR party.valid_to > coalesce(e.own_day, {{day}}) THEN party.official_on END
    AS party_official_date,
  coalesce(m.unit_code, lu.code) AS unit_id, m.post, m.post_kind, {_flag("is_key_leader")}, {_flag("is_head")},
  {tier_at("least(m.tier, seated.tier)")} AS managed_by,
  e.staff_kind, {", ".join(_stated(column) for column in STATED)},
  m.appointed_on, m.term_ends_on, e.recruited_on, e.high_quality_recruit, e.valid_to - 1 AS left_on, p.national_id,
  e.retires_on
FROM register_person p
LEFT JOIN employed e ON e.person_id = p.id
LEFT JOIN main m ON m.person_id = p.id
LEFT JOIN seated ON seated.person_id = p.id
LEFT JOIN last_post l ON l.person_id = p.id
LEFT JOIN register_unit lu ON lu.id = coalesce(e.unit_id, l.unit_id)
LEFT JOIN standing s ON s.person_id = p.id
LEFT JOIN assessed ON assessed.person_id = p.id
LEFT JOIN party ON party.person_id = p.id
WHERE p.merged_into_id IS NULL AND (e.is_later IS NOT TRUE OR m.id IS NOT NULL OR l.person_id IS NOT NULL)
ORDER BY p.id"""
