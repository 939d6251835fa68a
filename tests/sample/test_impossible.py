"""Nothing in a sample is impossible: each test lists the rows that would be, and there are none."""

from collections.abc import Mapping

import duckdb
import pytest

from canbo.datasets.dictionary import dictionary

IMPOSSIBLE: Mapping[str, str] = {
    "recruited before 18": """
        select person_id from people where recruited_on < birth_date + interval 18 year""",
    "a bachelor before 21 and a half": """
        select person_id from qualifications join people using (person_id)
        where kind = 'professional' and level = 'bachelor' and awarded_on < birth_date + interval 258 month""",
    "a master before 23": """
        select person_id from qualifications join people using (person_id)
        where kind = 'professional' and level = 'master' and awarded_on < birth_date + interval 23 year""",
    "a master within a year of the bachelor's degree, or without one": """
        select m.person_id from qualifications m left join qualifications b
          on b.person_id = m.person_id and b.kind = 'professional' and b.level = 'bachelor'
        where m.kind = 'professional' and m.level = 'master'
          and (b.awarded_on is null or m.awarded_on < b.awarded_on + interval 1 year)""",
    "a doctor before 28 or within two years of the master's degree": """
        select d.person_id from qualifications d join people using (person_id) left join qualifications m
          on m.person_id = d.person_id and m.kind = 'professional' and m.level = 'master'
        where d.kind = 'professional' and d.level = 'doctor'
          and (m.awarded_on is null or d.awarded_on < m.awarded_on + interval 2 year
               or d.awarded_on < birth_date + interval 28 year)""",
    "a qualification after the data day": "select person_id from qualifications where awarded_on > day()",
    "advanced political theory before six years of service or 30": """
        select person_id from qualifications join people using (person_id) where kind = 'political'
          and level in ('advanced', 'bachelor')
          and (awarded_on < recruited_on + interval 6 year or awarded_on < birth_date + interval 30 year)""",
    "a state management certificate before recruitment": """
        select person_id from qualifications join people using (person_id)
        where kind = 'state' and awarded_on < recruited_on""",
    "a first degree of bachelor after recruitment as one": """
        select person_id from people p where not exists (select 1 from qualifications q
          where q.person_id = p.person_id and q.kind = 'professional' and q.awarded_on <= p.recruited_on)
          and education <> 'none'""",
    "a post before recruitment": """
        select person_id from posts_held join people using (person_id) where start_date < recruited_on""",
    "a first post after recruitment": """
        select person_id from people join posts_held using (person_id)
        group by person_id, recruited_on having min(start_date) <> recruited_on""",
    "a post that ends before it starts": "select person_id from posts_held where end_date < start_date",
    "main posts that overlap or leave a gap": """
        select person_id from (select person_id, start_date, end_date,
          lead(start_date) over (partition by person_id order by start_date) as next_start
          from posts_held where is_main)
        where next_start is not null and (end_date is null or next_start <> end_date + interval 1 day)""",
    "no main post open on the data day": """
        select person_id from people p where left_on is null and (select count(*) from posts_held h
          where h.person_id = p.person_id and is_main and start_date <= day() and end_date is null) <> 1""",
    "a post held after leaving": """
        select person_id from posts_held join people using (person_id)
        where left_on is not null and (end_date is null or end_date > left_on)""",
    "a rank before recruitment or after the data day": """
        select person_id from ranks join people using (person_id)
        where start_date < recruited_on or start_date > day()""",
    "principal before nine years of service, senior before fifteen": """
        select person_id from ranks join people using (person_id)
        where (ranks.rank = 'principal' and start_date < recruited_on + interval 9 year)
           or (ranks.rank = 'senior' and start_date < recruited_on + interval 15 year)""",
    "a lower rank after a higher one": """
        select a.person_id from ranks a join ranks b using (person_id) where a.start_date < b.start_date
          and list_position(['attendant', 'officer', 'specialist', 'principal', 'senior'], a.rank::text)
           >= list_position(['attendant', 'officer', 'specialist', 'principal', 'senior'], b.rank::text)""",
    "a specialist or higher without a bachelor's degree": """
        select person_id from ranks r where rank in ('specialist', 'principal', 'senior') and not exists (
          select 1 from qualifications q where q.person_id = r.person_id and q.kind = 'professional'
            and q.level = 'bachelor' and q.awarded_on <= r.start_date)""",
    "an official Party member before 19": """
        select person_id from people where party_official_date < birth_date + interval 19 year""",
    "a Party member after the data day or after leaving": """
        select person_id from people where party_official_date > coalesce(left_on, day())""",
    "in service past the retirement month": """
        select person_id from people where left_on is null and date_trunc('month', birth_date) + to_months(
          case when year(day()) = 2021 then case sex when 'male' then 723 else 664 end
               when year(day()) = 2023 then case sex when 'male' then 729 else 672 end end + 1)
          <= date_trunc('month', day())""",
    "a rotation before recruitment": """
        select person_id from rotations join people using (person_id) where start_date <= recruited_on""",
    "a rotation that is no change of unit, or ends before it starts": """
        select person_id from rotations where from_unit_id = to_unit_id or end_date < start_date""",
    "a rotation without the post it led to": """
        select person_id from rotations r where not exists (select 1 from posts_held h where h.person_id = r.person_id
          and h.is_main and h.unit_id = r.to_unit_id and h.post_kind = r.to_post_kind
          and h.start_date = r.start_date)""",
    "a rotation without the post it left": """
        select person_id from rotations r where not exists (select 1 from posts_held h where h.person_id = r.person_id
          and h.is_main and h.unit_id = r.from_unit_id and h.post_kind = r.from_post_kind
          and h.end_date = r.start_date - interval 1 day)""",
    "a rotation whose direction is not that of its levels": """
        select person_id from rotations where kind <> case
          when list_position(['province', 'district', 'commune'], to_level::text)
             > list_position(['province', 'district', 'commune'], from_level::text) then 'down'
          when list_position(['province', 'district', 'commune'], to_level::text)
             < list_position(['province', 'district', 'commune'], from_level::text) then 'up' else 'lateral' end""",
    "levels of a rotation that are not its units'": """
        select person_id from rotations r
          join units f on f.unit_id = from_unit_id join units t on t.unit_id = to_unit_id
        where f.level::text <> from_level::text or t.level::text <> to_level::text""",
    "a training that ends before it starts": "select person_id from trainings where end_date < start_date",
    "a training before recruitment": """
        select person_id from trainings join people using (person_id) where start_date < recruited_on""",
    "a completed training without an end, or with one to come": """
        select person_id from trainings where result = 'completed' and (end_date is null or end_date > day())""",
    "a planned training that has begun, or another that has not": """
        select person_id from trainings where (result = 'planned') <> (start_date > day())""",
    "a training outside the days or the programme of its class": """
        select t.person_id from trainings t join classes c using (class_id)
        where t.start_date <> c.start_date or t.end_date <> c.end_date or t.program <> c.program""",
    "a class with more people than places": """
        select class_id from classes join (select class_id, count(*) n from trainings group by 1) using (class_id)
        where n > places or n > 60""",
    "a master's course finished after the degree was awarded": """
        select t.person_id from trainings t join qualifications q on q.person_id = t.person_id
          and q.kind = 'professional' and q.level = 'master' 
        where t.program = 'master' and t.result = 'completed' and t.end_date > q.awarded_on""",
    "a seat before recruitment, or after leaving": """
        select person_id from memberships join people using (person_id)
        where start_date < recruited_on or (left_on is not null and (end_date is null or end_date > left_on))""",
    "a seat that ends before it starts": "select person_id from memberships where end_date < start_date",
    "a Party seat across a congress": """
        select m.person_id from memberships m join units using (unit_id)
        where body in ('standing_committee', 'executive_committee') and start_date < case level
          when 'province' then date '2020-10-14' when 'district' then date '2020-08-05' else date '2020-06-05' end
          and (end_date is null or end_date >= case level
          when 'province' then date '2020-10-14' when 'district' then date '2020-08-05' else date '2020-06-05' end)""",
    "a council seat across an election": """
        select person_id from memberships where body in ('council', 'committee')
          and start_date < date '2021-06-01' and (end_date is null or end_date >= date '2021-06-01')""",
    "a member of the standing committee who is not on the executive committee": """
        select person_id from memberships s where body = 'standing_committee' and end_date is null and not exists (
          select 1 from memberships e where e.person_id = s.person_id and e.unit_id = s.unit_id
            and e.body = 'executive_committee' and e.end_date is null)""",
    "an appointment before recruitment or after the data day": """
        select person_id from appointments join people using (person_id)
        where decided_on < recruited_on or decided_on > day()""",
    "a leader without a day of appointment, or one past without a new one": """
        select person_id from people where left_on is null and (
          (post_kind not in ('professional', 'support')) <> (appointed_on is not null)
          or term_ends_on < day() or appointed_on > day())""",
    "planned before recruitment": """
        select person_id from succession join people using (person_id) where added_on < recruited_on""",
    "planned for the next term with less than five years to retirement": """
        select person_id from succession join people using (person_id) where term = '2025-2030'
          and birth_date < case sex when 'male' then date '1968-09-01' else date '1970-09-01' end""",
    "taken out of the pool before put in, or without a reason": """
        select person_id from succession where removed_on <= added_on or removed_on > day()
          or (removed_on is null) <> (removed_why is null)""",
    "an entry unlike its list": """
        select s.person_id from succession s join succession_lists l using (list_id)
        where s.term <> l.term or s.unit_id <> l.unit_id or s.level <> l.level or s.added_on < l.approved_on
          or s.body is distinct from l.body or s.post_kind is distinct from l.post_kind""",
    "planned for more than three lists of one term": """
        select person_id from succession group by person_id, term having count(*) > 3""",
    "evaluated before recruitment or after leaving": """
        select person_id from evaluations join people using (person_id)
        where evaluated_on < recruited_on or evaluated_on > coalesce(left_on, day())""",
    "a person evaluated twice in a period": """
        select person_id from evaluations where person_id is not null group by person_id, period having count(*) > 1""",
    "a collective with a person, or a person without": """
        select unit_id from evaluations where (subject_kind = 'person') <> (person_id is not null)""",
    "an exit unlike the person's": """
        select e.person_id from exits e join people p using (person_id)
        where e.left_on is distinct from p.left_on or e.unit_id <> p.unit_id""",
    "a leaver without an exit": """
        select person_id from people where left_on is not null and person_id not in (select person_id from exits)""",
    "retired by age while too young": """
        select person_id from exits join people using (person_id)
        where kind = 'retirement' and birth_date + interval 659 month > exits.left_on""",
    "a recruitment unlike the person's": """
        select r.person_id from recruitments r join people p using (person_id)
        where r.recruited_on <> p.recruited_on or r.high_quality <> p.high_quality_recruit""",
    "a national id that is not of the person": """
        select person_id from people where not regexp_full_match(national_id, '019[0-3][0-9]{8}')
          or substr(national_id, 5, 2) <> lpad((year(birth_date) % 100)::text, 2, '0')
          or substr(national_id, 4, 1)::int <> (sex = 'female')::int + 2 * (year(birth_date) >= 2000)::int""",
    "two people with one national id": "select national_id from people group by 1 having count(*) > 1",
    "two people with one name, birth date and unit": """
        select full_name from people group by full_name, birth_date, unit_id having count(*) > 1""",
    "a unit outside its parent's level": """
        select u.unit_id from units u left join units p on p.unit_id = u.parent_id
        where (u.parent_id is null) <> (u.level = 'province' and u.kind = 'locality')
          or list_position(['province', 'district', 'commune'], u.level::text)
           < list_position(['province', 'district', 'commune'], p.level::text)""",
    "two heads of one agency": """
        select unit_id from people join units using (unit_id) where is_head and left_on is null and kind <> 'locality'
        group by unit_id having count(*) > 1""",
    "an evaluation excellent for more than a fifth of a unit's good ones": """
        select unit_id from evaluations where subject_kind = 'person'
        group by unit_id, period having count(*) filter (grade = 'excellent') > 1
          and count(*) >= 20 and count(*) filter (grade = 'excellent') > 0.25 * count(*)""",
}


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_nothing_impossible(tables: duckdb.DuckDBPyConnection, name: str) -> None:
    found = tables.execute(IMPOSSIBLE[name]).fetchall()
    assert found == []


def test_references_exist(tables: duckdb.DuckDBPyConnection) -> None:
    checked = 0
    for dataset in dictionary().values():
        for column in dataset.written:
            if column.references and not column.derived:
                key = dictionary()[column.references].key or column.name
                lost = tables.execute(
                    f"select count(*) from {dataset.name} where {column.name} is not null "
                    f"and {column.name} not in (select {key} from {column.references})"
                ).fetchone()
                assert lost == (0,), f"{dataset.name}.{column.name}"
                checked += 1
    assert checked >= 30


def test_required_and_unique(tables: duckdb.DuckDBPyConnection) -> None:
    for dataset in dictionary().values():
        for column in dataset.written:
            if column.required:
                missing = tables.execute(f"select count(*) from {dataset.name} where {column.name} is null").fetchone()
                assert missing == (0,), f"{dataset.name}.{column.name}"
        if dataset.key:
            counts = tables.execute(f"select count(*), count(distinct {dataset.key}) from {dataset.name}").fetchone()
            assert counts is not None and counts[0] == counts[1] > 0


HELD = "start_date <= coalesce(left_on, day()) and coalesce(end_date, date '9999-01-01') >= coalesce(left_on, day())"
LADDERS = {
    "education": ("professional", ["none", "elementary", "intermediate", "college", "bachelor", "master", "doctor"]),
    "political_theory": ("political", ["none", "elementary", "intermediate", "advanced", "bachelor"]),
    "state_management": ("state", ["none", "officer", "specialist", "principal", "senior"]),
    "medical_specialist": ("medical", ["none", "level_1", "level_2"]),
}


@pytest.mark.parametrize("column", LADDERS)
def test_levels_are_the_highest_awarded(tables: duckdb.DuckDBPyConnection, column: str) -> None:
    kind, levels = LADDERS[column]
    query = f"""select p.person_id from people p left join (
          select person_id, max(list_position({levels}, level)) as highest from qualifications where kind = '{kind}'
          group by 1) q using (person_id)
        where coalesce(highest, 1) <> list_position({levels}, coalesce(p.{column}::text, 'none'))"""
    assert tables.execute(query).fetchall() == []


def test_main_post_is_the_one_held(tables: duckdb.DuckDBPyConnection) -> None:
    query = f"""select p.person_id from people p join posts_held h using (person_id) where h.is_main and {HELD}
        and (h.unit_id, h.post, h.post_kind, h.managed_by) <> (p.unit_id, p.post, p.post_kind, p.managed_by)"""
    assert tables.execute(query).fetchall() == []


def test_rank_is_the_last(tables: duckdb.DuckDBPyConnection) -> None:
    query = """select p.person_id from people p left join (select person_id, arg_max(rank, start_date) as held,
          arg_max(by_equivalence, start_date) as equal from ranks group by 1) r using (person_id)
        where held is distinct from p.rank or coalesce(equal, false) <> p.rank_by_equivalence"""
    assert tables.execute(query).fetchall() == []
