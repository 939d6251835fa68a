"""Distributions of the scenario lie within wide bounds of what a province of the northern midlands looks like.

The bounds come from outside the program: the census of 2019 (Kinh a little over 70 % in Thái Nguyên), women most of the
teachers, the cap of a fifth on excellent grades, the targets of the scheme that were not yet met.
"""

import duckdb
import pytest

BOUNDS: dict[str, tuple[float, str, float]] = {
    "Kinh": (0.66, "select avg((ethnicity = 'Kinh')::int) from people", 0.78),
    "Tày among minorities": (
        0.33,
        "select avg((ethnicity = 'Tày')::int) from people where ethnicity <> 'Kinh'",
        0.5,
    ),
    "minorities in communes of Võ Nhai": (
        0.5,
        """select avg((ethnicity <> 'Kinh')::int) from people join units using (unit_id)
           where parent_id = 'TN-VN' and level = 'commune'""",
        0.8,
    ),
    "minorities in communes of Sông Công": (
        0.0,
        """select avg((ethnicity <> 'Kinh')::int) from people join units using (unit_id)
           where parent_id = 'TN-TPSC' and level = 'commune'""",
        0.15,
    ),
    "women in schools": (
        0.65,
        """select avg((sex = 'female')::int) from people join units using (unit_id)
           where sector = 'education' and kind = 'public_service'""",
        0.85,
    ),
    "women in health services": (
        0.55,
        """select avg((sex = 'female')::int) from people join units using (unit_id)
           where sector = 'health' and kind = 'public_service'""",
        0.78,
    ),
    "women in commune key posts": (0.08, "select avg((sex = 'female')::int) from keys", 0.25),
    "Party members among leaders": (
        0.9,
        """select avg((party_official_date is not null)::int) from people
           where post_kind not in ('professional', 'support')""",
        1.0,
    ),
    "Party members among teachers": (
        0.4,
        "select avg((party_official_date is not null)::int) from people where post = 'Giáo viên'",
        0.65,
    ),
    "bachelors among commune key officials": (
        0.88,
        "select avg((education in ('bachelor', 'master', 'doctor'))::int) from keys",
        1.0,
    ),
    "mean age": (36, "select avg(date_diff('day', birth_date, day())) / 365.25 from people", 45),
    "mean age of provincial heads": (
        48,
        """select avg(date_diff('day', birth_date, day())) / 365.25 from people
           where post_kind = 'agency_head' and left_on is null""",
        57,
    ),
    "family name Nguyễn among Kinh": (
        0.3,
        "select avg((full_name like 'Nguyễn %')::int) from people where ethnicity = 'Kinh'",
        0.45,
    ),
    "Thị in the names of women": (
        0.55,
        "select avg((full_name like '% Thị %')::int) from people where sex = 'female'",
        0.92,
    ),
    "Thị in the names of men": (0.0, "select avg((full_name like '% Thị %')::int) from people where sex = 'male'", 0.0),
    "excellent grades of people in a year": (
        0.08,
        "select avg((grade = 'excellent')::int) from evaluations where subject_kind = 'person' and period = '2021'",
        0.2,
    ),
    "failed grades": (
        0.0005,
        "select avg((grade = 'failed')::int) from evaluations where subject_kind = 'person'",
        0.02,
    ),
    "senior rank in the executive committee": (
        0.25,
        """select avg((rank = 'senior')::int) from people where person_id in (select person_id from memberships
           where unit_id = 'TN' and body = 'executive_committee' and end_date is null)""",
        0.6,
    ),
    "under 35 in group 2": (
        0.06,
        """select avg((birth_date > day() - interval 35 year)::int) from people join units using (unit_id)
           where left_on is null and ((managed_by = 'district_committee' and level <> 'commune')
             or (post_kind in ('division_head', 'division_deputy') and level = 'province'))""",
        0.2,
    ),
    "communes with a lateral move in the term": (
        0.2,
        """select avg((unit_id in (select from_unit_id from rotations 
                 where kind = 'lateral' and start_date >= '2020-01-01'
               union select to_unit_id from rotations where kind = 'lateral' and start_date >= '2020-01-01'))::int)
           from units where level = 'commune'""",
        0.5,
    ),
    "commune leaders moved from commune to commune in the term before": (
        0.01,
        """select avg((person_id in (select person_id from rotations where kind = 'lateral' and from_level = 'commune'
               and start_date between '2015-01-01' and '2019-12-31'))::int) from keys""",
        0.045,
    ),
    "posts of the quota that are filled": (
        0.9,
        """select (select count(*) from people where left_on is null) / sum(posts) from quotas where year = 2021""",
        0.995,
    ),
    "trained in law and ethics among civil servants": (
        0.55,
        """select avg((person_id in (select person_id from trainings where program = 'law' and result = 'completed')
               and person_id in (select person_id from trainings where program = 'public_ethics'))::int)
           from people where staff_kind = 'civil_servant' and recruited_on < '2016-01-01' and left_on is null""",
        0.95,
    ),
    "planned people who met the standards": (0.95, "select avg(met_standards::int) from succession", 1.0),
    "committee lists with three age groups": (
        0.4,
        """select avg((n = 3)::int) from (select list_id, count(distinct case
                 when birth_date > approved_on - interval 40 year then 1
                 when birth_date > approved_on - interval 51 year then 2 else 3 end) as n
               from succession join succession_lists using (list_id) join people using (person_id)
               where succession_lists.body = 'executive_committee' and removed_on is null group by 1)""",
        1.0,
    ),
    "committee lists of the province and districts with three age groups": (
        0.7,
        """select avg((n = 3)::int) from (select list_id, count(distinct case
                 when birth_date > approved_on - interval 40 year then 1
                 when birth_date > approved_on - interval 51 year then 2 else 3 end) as n
               from succession join succession_lists using (list_id) join people using (person_id)
               where succession_lists.body is not null and succession_lists.level <> 'commune' and removed_on is null
               group by 1)""",
        1.0,
    ),
    "managers of public services trained before their appointment": (
        0.45,
        """select avg((exists (select 1 from trainings t where t.person_id = p.person_id and result = 'completed'
               and program = 'leadership_skills' and end_date < p.appointed_on))::int)
           from people p where post_kind in ('service_head', 'service_deputy') and left_on is null""",
        0.95,
    ),
    "appointments within the pool": (0.9, "select avg(was_planned::int) from appointments", 0.99),
    "unknown international ability": (0.75, "select avg((international_ready is null)::int) from people", 0.97),
    "unknown cells of ordinary staff": (
        0.005,
        "select avg((it_standard is null)::int) from people where post_kind = 'professional'",
        0.05,
    ),
    "province-managed people already managed so a year before": (
        0.85,
        """select count(distinct person_id) / 306 from posts_held where managed_by = 'provincial_committee'
             and start_date <= '2020-12-31' and (end_date is null or end_date >= '2020-12-31')""",
        1.1,
    ),
    "studying for a master's degree on the day": (
        0.005,
        "select (select count(*) from trainings where program = 'master' and result = 'studying') / 8000",
        0.05,
    ),
}
KEYS = """create or replace temp view keys as select * from people join units using (unit_id) where left_on is null
    and level = 'commune'
    and post_kind in ('party_secretary', 'party_deputy_secretary', 'council_chair', 'committee_chair')"""


@pytest.mark.parametrize("name", BOUNDS)
def test_share_is_believable(thai_nguyen: duckdb.DuckDBPyConnection, name: str) -> None:
    least, query, most = BOUNDS[name]
    thai_nguyen.execute(KEYS)
    row = thai_nguyen.execute(query).fetchone()
    assert row is not None and row[0] is not None
    assert least <= row[0] <= most


def test_baseline_cells_are_known(thai_nguyen: duckdb.DuckDBPyConnection) -> None:
    query = """select count(*) from people where post_kind not in ('professional', 'support')
        and (education is null or managed_by is null or ethnicity is null)"""
    assert thai_nguyen.execute(query).fetchone() == (0,)


def test_every_sort_of_row_is_there(thai_nguyen: duckdb.DuckDBPyConnection) -> None:
    """The kinds that schemes count are all present, so that no indicator of the sample is empty by chance."""
    expected = {
        "select distinct kind || '/' || movement from rotations": {
            "down/rotation", "up/rotation", "lateral/rotation", "lateral/transfer", "up/transfer",
        },
        "select distinct result from trainings": {"completed", "studying", "failed", "withdrawn", "planned"},
        "select distinct kind from appointments": {
            "first", "reappointment", "nomination", "assignment", "rank", "extension",
        },
        "select distinct body from memberships": {
            "executive_committee", "standing_committee", "council", "committee", "leadership",
        },
        "select distinct term from succession": {"2020-2025", "2025-2030", "2021-2026", "2026-2031"},
        "select distinct level from succession": {"province", "district", "commune"},
        "select distinct period from evaluations": {"2018", "2019", "2020", "2021", "2021-H1"},
        "select distinct kind from exits": {
            "retirement", "streamlining", "resignation", "transfer_out", "death", "dismissal",
        },
    }  # fmt: skip
    for query, kinds in expected.items():
        assert {row[0] for row in thai_nguyen.execute(query).fetchall()} >= kinds, query


def test_plans_without_a_printed_number(thai_nguyen: duckdb.DuckDBPyConnection) -> None:
    rows = thai_nguyen.execute("select distinct category from plans where quantity is null").fetchall()
    assert {row[0] for row in rows} == {"doctor_young", "tourism"}


def test_some_communes_join_secretary_and_chair(thai_nguyen: duckdb.DuckDBPyConnection) -> None:
    query = """select count(distinct a.unit_id) from posts_held a join posts_held b using (person_id, unit_id)
        join units using (unit_id) where level = 'commune' and a.post_kind = 'party_secretary'
          and b.post_kind = 'committee_chair' and a.end_date is null and b.end_date is null"""
    row = thai_nguyen.execute(query).fetchone()
    assert row is not None and 5 <= row[0] <= 20
