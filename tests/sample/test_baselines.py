"""The scenario gives exactly the figures that Thái Nguyên printed, counted by SQL written apart from the program."""

import duckdb

IN_SERVICE = "(left_on is null or left_on >= day())"
SEATED = """select distinct p.person_id, p.birth_date, p.sex, p.is_key_leader, p.managed_by, m.unit_id
    from memberships m join units u on u.unit_id = m.unit_id join units up on up.unit_id = u.parent_id
    join people p on p.person_id = m.person_id
    where m.body = 'standing_committee' and u.level = 'district' and up.level = 'province' and up.kind = 'locality'
      and m.start_date <= day() and (m.end_date is null or m.end_date >= day())"""


def one(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[int, ...]:
    row = connection.execute(query).fetchone()
    assert row is not None
    return tuple(row)


def test_provincial_managed(thai_nguyen: duckdb.DuckDBPyConnection) -> None:
    query = f"""select count(*), count_if(education in ('master', 'doctor')),
        count_if(birth_date > day() - interval 40 year), count_if(sex = 'female')
        from people where managed_by = 'provincial_committee' and {IN_SERVICE}"""
    assert one(thai_nguyen, query) == (306, 160, 19, 47)


def test_masters_are_the_same_with_medical_specialists(thai_nguyen: duckdb.DuckDBPyConnection) -> None:
    query = f"""select count(*) from people where managed_by = 'provincial_committee' and {IN_SERVICE}
        and (education in ('master', 'doctor') or medical_specialist in ('level_1', 'level_2'))"""
    assert one(thai_nguyen, query) == (160,)


def test_district_managed(thai_nguyen: duckdb.DuckDBPyConnection) -> None:
    query = f"""select count(*), count_if(education in ('master', 'doctor')) from people join units using (unit_id)
        where managed_by = 'district_committee' and level <> 'commune' and not is_base_party and {IN_SERVICE}"""
    assert one(thai_nguyen, query) == (663, 213)


def test_division_leaders(thai_nguyen: duckdb.DuckDBPyConnection) -> None:
    query = f"""select count(*), count_if(education in ('master', 'doctor')), count_if(managed_by = 'unit_head')
        from people join units using (unit_id)
        where post_kind in ('division_head', 'division_deputy') and level = 'province' and {IN_SERVICE}"""
    assert one(thai_nguyen, query) == (521, 278, 521)


def test_seats(thai_nguyen: duckdb.DuckDBPyConnection) -> None:
    young = "birth_date > day() - interval 40 year"
    query = f"""select count(distinct person_id), count(*), count(distinct person_id) filter ({young}),
        count(distinct person_id) filter ({young} and is_key_leader),
        count_if(managed_by not in ('provincial_committee', 'district_committee')) from ({SEATED})"""
    assert one(thai_nguyen, query) == (145, 145, 6, 1, 0)


def test_key_leaders_of_districts_sit_on_their_committees(thai_nguyen: duckdb.DuckDBPyConnection) -> None:
    query = f"""select count(*), count_if(person_id in (select person_id from ({SEATED})))
        from people join units using (unit_id) where is_key_leader and level = 'district' and {IN_SERVICE}"""
    keys, seated = one(thai_nguyen, query)
    assert keys == seated == 27  # secretary, deputy secretary and chair in each of nine districts


def test_one_committee_has_no_woman(thai_nguyen: duckdb.DuckDBPyConnection) -> None:
    query = f"""select s.unit_id from ({SEATED}) s join units using (unit_id) where kind = 'locality'
        group by 1 having count_if(sex = 'female') = 0"""
    assert thai_nguyen.execute(query).fetchall() == [("TN-DH",)]


def test_communes_with_an_official_from_the_district(thai_nguyen: duckdb.DuckDBPyConnection) -> None:
    """12 of 32 in the city (target over 40 %), exactly 30 % in Sông Công, and districts on either side of 30 %."""
    rows = thai_nguyen.execute("""
        select c.parent_id, count(*), count_if(exists (select 1 from rotations r join people p using (person_id)
            where r.to_unit_id = c.unit_id and r.kind = 'down' and r.movement = 'rotation' and r.from_level = 'district'
              and r.to_post_kind in ('party_secretary', 'party_deputy_secretary', 'council_chair', 'committee_chair')
              and r.start_date <= day() and (r.end_date is null or r.end_date >= day()) and p.unit_id = c.unit_id))
        from units c where level = 'commune' and kind = 'locality' group by 1""").fetchall()
    covered = {unit: (communes, count) for unit, communes, count in rows}
    assert covered == {
        "TN-TPTN": (32, 12), "TN-TPSC": (10, 3), "TN-TXPY": (18, 6), "TN-DT": (30, 10), "TN-DH": (23, 6),
        "TN-DHY": (15, 5), "TN-PB": (20, 7), "TN-PL": (15, 5), "TN-VN": (15, 4),
    }  # fmt: skip


def test_rotated_in_the_term(thai_nguyen: duckdb.DuckDBPyConnection) -> None:
    """24 of 306, short of the 31 that more than a tenth would take, however the term is dated."""
    for start in ("2020-01-01", "2020-10-14"):
        query = f"""select count(*) from people p where managed_by = 'provincial_committee' and {IN_SERVICE}
            and exists (select 1 from rotations r where r.person_id = p.person_id and movement = 'rotation'
              and r.start_date between date '{start}' and day())"""
        assert one(thai_nguyen, query) == (24,)


def test_committees_of_the_province(thai_nguyen: duckdb.DuckDBPyConnection) -> None:
    query = """select count_if(body = 'executive_committee'), count_if(body = 'standing_committee'),
        count_if(body = 'standing_committee' and sex = 'female'),
        count_if(body = 'standing_committee' and birth_date > day() - interval 45 year)
        from memberships m join people using (person_id) where m.unit_id = 'TN' and m.end_date is null"""
    executive, standing, women, young = one(thai_nguyen, query)
    assert (executive, standing) == (50, 15)
    assert women >= 1 and 0 <= young <= 2


def test_units_of_the_province(thai_nguyen: duckdb.DuckDBPyConnection) -> None:
    query = """select count_if(kind = 'locality' and level = 'district'),
        count_if(kind = 'locality' and level = 'commune'), count_if(parent_id is null),
        count_if(kind = 'party' and level = 'district' and parent_id = 'TN') from units"""
    assert one(thai_nguyen, query) == (9, 178, 1, 5)
    names = {row[0] for row in thai_nguyen.execute("select name from units where parent_id = 'TN-VN'").fetchall()}
    assert {"Thị trấn Đình Cả", "Xã Thần Sa", "Xã Tràng Xá"} <= names
