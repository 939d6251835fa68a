"""The raw tables in a plain DuckDB, codes as words, and the counts that hand-written queries give on a day.

``person`` is everybody as on the day, derived here anew from the contract's words ("Its day"), ``place`` the nearest
locality of each unit, ``above`` every unit over a unit, ``pool`` the succession entries in force. Uses no engine code.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

import duckdb
import pyarrow as pa

from canbo.datasets.dictionary import dictionary

SQL_TYPES = {"text": "varchar", "codes": "varchar", "date": "date", "boolean": "boolean"} | {
    "integer": "integer",
    "decimal": "double",
}
DISTRICTS_END = date(2025, 6, 30)
NOBODY = "select null::varchar as key, null::varchar as unit where 1 = 0"


@dataclass(frozen=True)
class Query:
    """Who is counted, as selects of ``key`` and ``unit``; ``goal`` is the target as the source words it.

    ``outside``: whose membership the data does not tell. ``plan``: the category of the plan that is the denominator;
    then ``counted`` and ``outside`` select records of a person (``key``) with their ``on_day`` and ``row``. ``until``:
    the last day on which the population exists. ``events``: what is counted are events, so that none at all is a
    result of 0 and not a group without members.
    """

    population: str
    counted: str
    unknown: str = NOBODY
    outside: str = NOBODY
    goal: str | None = None
    measure: str = "share"
    plan: str | None = None
    until: date | None = None
    events: bool = False

    @property
    def needs(self) -> frozenset[str]:
        """The datasets without which it cannot be counted."""
        named = datasets_in(f"{self.population} {self.counted} {self.unknown} {self.outside}")
        return named | {"plans"} if self.plan else named


@dataclass(frozen=True)
class EachQuery:
    """One select of ``unit, n, d`` a unit, and the goal that each unit is held against."""

    by_unit: str
    goal: str
    exceptions: Mapping[str, str]
    until: date | None = None

    @property
    def needs(self) -> frozenset[str]:
        """The datasets without which it cannot be counted."""
        return datasets_in(self.by_unit)


_DATASET = {"person": "people", "pool": "succession", "place": "units", "above": "units"}


@cache
def datasets_in(sql: str) -> frozenset[str]:
    """The datasets that a query reads."""
    words = {_DATASET.get(word, word) for word in re.findall(r"(?:from|join)\s+([a-z_]+)", sql)}
    return frozenset(words & set(dictionary()))


def share(where: str, ok: str, *, unsure: str = "false", outside: str = "false", goal: str | None = None,
          measure: str = "share", until: date | None = None) -> Query:  # fmt: skip
    """People in service for whom ``where`` holds; of them ``ok`` holds, or it is ``unsure`` whether it does."""
    return Query(
        population=people(where),
        counted=people(f"({where}) and ({ok})"),
        unknown=people(f"({where}) and ({unsure})"),
        outside=people(outside),
        goal=goal,
        measure=measure,
        until=until,
    )


def people(where: str) -> str:
    """People in service on the day."""
    return f"select person_id as key, unit_id as unit from person where in_service and ({where})"


def younger_than(years: int) -> tuple[str, str]:
    """Has not had the birthday; and: the birthday is not known well enough to tell."""
    first, last = f"birthday(birth_first, {years})", f"birthday(birth_last, {years})"
    return f"asked_day() < {first}", f"asked_day() >= {first} and asked_day() < {last}"


class Asker:
    """One province in a plain DuckDB, asked on one day at a time; ``quick``: small, so that plans are not optimised."""

    def __init__(self, tables: Mapping[str, pa.Table], *, quick: bool = False) -> None:
        self.tables = tables
        self.connection = duckdb.connect(":memory:", config={"threads": "1"})
        for name, spec in dictionary().items():
            self._load(name, [(column.name, SQL_TYPES[column.kind]) for column in spec.columns.values()])
        self.connection.execute(_STATIC)
        if quick:
            self.connection.execute("pragma disable_optimizer")
        self.day: date | None = None
        self._counts: dict[tuple[date | None, str], Counter[str | None]] = {}

    def _load(self, name: str, columns: list[tuple[str, str]]) -> None:
        source = self.tables.get(name)
        known = set() if source is None else set(source.column_names)
        if name == "people":
            columns = [*columns, ("_birth_latest", "date")]
        parts = [f"{column if column in known else 'null'}::{kind} as {column}" for column, kind in columns]
        if source is None:
            parts = [f"null::{kind} as {column}" for column, kind in columns]
        where = "from given" if source is not None else "where false"
        if source is not None:
            plain = [source[c].cast(pa.string()) if pa.types.is_dictionary(source[c].type) else source[c]
                     for c in source.column_names]  # fmt: skip
            self.connection.register("given", pa.table(plain, names=source.column_names))
        named = f"select {', '.join(parts)}, 0 as row {where}"
        self.connection.execute(f"create table {name} as select * replace (row_number() over () as row) from ({named})")

    def on(self, day: date) -> "Asker":
        """Look at the province on a day."""
        if day != self.day:
            self.day = day
            self.connection.execute(f"create or replace macro asked_day() as date '{day.isoformat()}'")
            self.connection.execute(_person(frozenset(self.tables)))
            self.connection.execute(_POOL)
        return self

    def select(self, sql: str) -> list[tuple]:
        """The rows of a select."""
        return self.connection.execute(sql).fetchall()

    def count(self, sql: str) -> Counter[str | None]:
        """How many each unit has; None are those without a unit."""
        asked = (self.day, sql)
        if asked not in self._counts:
            found = self.select(f"select unit, count(*) from ({sql}) group by unit")
            units = {row[0] for row in self.select("select unit_id from units")}
            counts: Counter[str | None] = Counter()
            for unit, number in found:
                counts[unit if unit in units else None] += number
            self._counts[asked] = counts
        return self._counts[asked]

    def planned(self, category: str) -> tuple[date, date, int | None] | None:
        """First and last day of the plan lines in force on the day, and their sum (None: a line prints no number)."""
        first, last, quantity, lines, printed = self.select(
            f"""select min(period_start), max(period_end), sum(quantity)::integer, count(*), count(quantity)
            from plans where category = '{category}' and asked_day() between period_start and period_end"""
        )[0]
        if lines == 0:
            return None
        return first, last, quantity if lines == printed else None

    def groups(self, by: str) -> dict[str, str | None]:
        """For each unit, the unit that shows it."""
        level = "" if by == "locality" else f"and top.level = '{by}'"
        if by == "unit":
            return {unit: unit for (unit,) in self.select("select unit_id from units")}
        return dict(
            self.select(
                f"""select units.unit_id, (select top.unit_id from above join units as top on top.unit_id = above.top
                where above.unit_id = units.unit_id and top.kind = 'locality' {level} order by steps limit 1)
                from units"""
            )
        )


_STATIC = """
create macro birthday(born, years) as
  make_date(year(born) + years, month(born), least(day(born), 28)) + (day(born) - least(day(born), 28))::integer;
create macro asked_day() as date '1900-01-01';
create macro held(first, last) as first <= asked_day() and (last is null or last >= asked_day());
create table above as
  with recursive up(unit_id, top, steps) as (
    select unit_id, unit_id, 0 from units
    union all
    select up.unit_id, upper.unit_id, steps + 1
    from up join units as here on here.unit_id = up.top join units as upper on upper.unit_id = here.parent_id
    where steps < 12 and upper.unit_id <> here.unit_id)
  select * from up;
create table place as
  select above.unit_id, arg_min(above.top, steps) as locality
  from above join units as top on top.unit_id = above.top where top.kind = 'locality' group by above.unit_id;
"""

_POOL = """
create or replace table pool as
  select * from succession where added_on <= asked_day() and (removed_on is null or removed_on > asked_day());
"""

_TIERS = "['central', 'provincial_committee', 'district_committee', 'unit_head']"
_POSTS = """['party_secretary', 'party_deputy_secretary', 'council_chair', 'council_vice_chair', 'committee_chair',
  'committee_vice_chair', 'agency_head', 'agency_deputy', 'division_head', 'division_deputy', 'service_head',
  'service_deputy', 'professional', 'support']"""
_LADDERS = {  # column of people: kind of qualification, its levels from the lowest, what is held before the first
    "education": ("professional", "none elementary intermediate college bachelor master doctor", "null"),
    "political_theory": ("political", "none elementary intermediate advanced bachelor", "null"),
    "state_management": ("state", "none officer specialist principal senior", "null"),
    "medical_specialist": ("medical", "none level_1 level_2", "'none'"),
}
_RANKS = "['attendant', 'officer', 'specialist', 'principal', 'senior', 'chief_expert']"


@cache
def _person(present: frozenset[str]) -> str:
    """Everybody on the day: posts held on it, degrees awarded by it, the rank last begun, the unit then."""
    dated = "posts_held" in present
    leads = "standing.kind not in ('professional', 'support')"
    is_leader = leads if dated else f"coalesce(stated_leader, {leads})"
    ladders = ",\n".join(f"{_held_level(column)} as {column}" for column in _LADDERS)
    return f"""
    create or replace table person as
    with now_held as (
      select *, row_number() over (partition by person_id
        order by is_main desc, start_date desc, list_position({_POSTS}, post_kind), unit_id desc) as place
      from posts_held where held(start_date, end_date)),
    last_rank as (
      select r.person_id, true as any_rank, b.rank, b.by_equivalence
      from (select distinct person_id from ranks) as r left join (
        select * from ranks where start_date <= asked_day() qualify row_number() over (partition by person_id
          order by start_date desc, list_position({_RANKS}, rank) desc, by_equivalence desc) = 1) as b
        using (person_id)),
    standing as (
      select p.person_id, p.birth_date as birth_first, coalesce(p._birth_latest, p.birth_date) as birth_last, p.sex,
        p.ethnicity, p.staff_kind, p.is_key_leader, p.is_leader as stated_leader, p.left_on, p.appointed_on,
        p.major_fits_post, p.it_standard, p.language_standard, p.state_management_standard, p.operations_standard,
        p.skills_standard,
        (p.left_on is null or p.left_on >= asked_day())
          and (h.first is null or h.first <= asked_day()) as in_service,
        coalesce(m.unit_id, p.unit_id) as unit_id,
        case when h.first is null then p.post_kind else m.post_kind end as kind,
        case when h.first is null then p.managed_by else
          {_TIERS}[(select min(list_position({_TIERS}, n.managed_by)) from now_held as n
                    where n.person_id = p.person_id)] end as managed_by,
        {ladders},
        case when l.any_rank is null then p.rank else l.rank end as rank,
        case when l.any_rank is null then p.rank_by_equivalence else coalesce(l.by_equivalence, false) end
          as by_equivalence
      from people as p
      left join (select person_id, min(start_date) as first from posts_held group by person_id) as h using (person_id)
      left join (from now_held where place = 1) as m using (person_id)
      left join last_rank as l using (person_id))
    select standing.* exclude (kind, stated_leader), standing.kind as post_kind, {is_leader} as is_leader,
      units.level, coalesce(units.is_base_party, false) as in_base_party
    from standing left join units on units.unit_id = standing.unit_id"""


def _held_level(column: str) -> str:
    kind, levels, before = _LADDERS[column]
    ladder = "[" + ", ".join(f"'{level}'" for level in levels.split()) + "]"
    mine = f"from qualifications as q where q.person_id = p.person_id and q.kind = '{kind}'"
    highest = f"(select max(list_position({ladder}, q.level)) {mine} and q.awarded_on <= asked_day())"
    return f"case when not exists ({mine}) then p.{column} else coalesce({ladder}[{highest}], {before}) end"
