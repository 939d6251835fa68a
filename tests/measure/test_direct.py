"""Plain comparisons by NumPy say what DuckDB says of the same condition, unknown included."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from canbo.datasets.store import Store
from canbo.measure.bitmaps import rows_of, words_of
from canbo.measure.compiler import compile_condition
from canbo.measure.conditions import setting_for
from canbo.measure.members import Members
from canbo.measure.sets import Measurer
from tests.support import DAY, data, measurer, person

ANY = """
- id: A
  label: Bất kỳ
  quote: q
  of: people
  satisfies: sex = 'female'
"""

_BIRTHS = [date(1980, 2, 29), date(1981, 12, 31), date(1982, 1, 1), date(1961, 3, 1), date(1999, 12, 31)]
_GRADES = ["bachelor", "master", "doctor", None]
PEOPLE = [
    person(
        f"p{n}",
        ("S", "X1", "H2")[n % 3],
        sex="female" if n % 2 else "male",
        birth_date=_BIRTHS[n % 5],
        education=_GRADES[n % 4],
        ethnicity=("Kinh", "Tày", None)[n % 3],
        recruited_on=(None, date(2010, 2, 28), date(2011, 3, 1), date(2020, 2, 29))[n % 4],
        is_head=(True, False)[n // 3 % 2],
        it_standard=(True, False, None)[n % 3],
    )
    for n in range(131)
]


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Measurer:
    folder: Path = tmp_path_factory.mktemp("direct")
    return measurer(folder, ANY, data(people=PEOPLE))


_ATOMS = st.sampled_from(
    [
        "education >= 'master'", "education = 'doctor'", "education <> 'bachelor'", "'master' <= education",
        "education in ('bachelor', 'doctor')", "education between 'master' and 'doctor'", "education is null",
        "sex = 'female'", "age < 40", "age >= 39", "age between 21 and 40", "age in (21, 39, 40)", "age > 100000",
        "age <> 70000", "birth_date < date '1982-01-01'", "recruited_on >= :period_start", "recruited_on is null",
        "years(birth_date, :as_of) >= 41", "years(birth_date, :as_of) < 40", "years(recruited_on, :as_of) > 10",
        "years(recruited_on, :as_of) <= 1", "years(recruited_on, date '2024-02-29') >= 4", "40 > age",
        "is_head", "not is_head", "it_standard", "it_standard is null", "is_minority", "level = 'district'",
        "level in ('commune')", "is_leader",
    ]
)  # fmt: skip
_CONDITIONS = st.recursive(
    _ATOMS,
    lambda inner: st.one_of(
        inner.map(lambda one: f"not ({one})"),
        st.lists(inner, min_size=2, max_size=4).map(lambda many: "(" + ") and (".join(many) + ")"),
        st.lists(inner, min_size=2, max_size=4).map(lambda many: "(" + ") or (".join(many) + ")"),
    ),
    max_leaves=8,
)


def _by_query(members: Members, store: Store, sql: str) -> tuple[list[int], list[int]]:
    table = store.connection.sql(f'SELECT {sql} AS c FROM "{members.table}" AS people').to_arrow_table()
    true, unknown = words_of(table["c"], members.rows)
    return rows_of(true).tolist(), [] if unknown is None else rows_of(unknown).tolist()


@given(_CONDITIONS)
@settings(max_examples=300)
def test_both_ways_agree(asked: Measurer, text: str) -> None:
    setting = setting_for(asked.scheme, None, DAY, asked.store)
    condition = compile_condition(text, "people", setting)
    assert condition.direct is not None
    members = asked.members.get("people", DAY)
    true, unknown = members.bitmap(condition)
    direct = rows_of(true).tolist(), [] if unknown is None else rows_of(unknown).tolist()
    assert direct == _by_query(members, asked.store, condition.sql)


def test_what_looks_further_is_left_to_the_query(asked: Measurer) -> None:
    setting = setting_for(asked.scheme, None, DAY, asked.store)
    for text in (
        "exists (select 1 from people as p where p.unit_id = people.unit_id)",
        "age + 1 > 40",
        "coalesce(education, 'none') = 'none'",
        "full_name = 'A'",
        "months(recruited_on, :as_of) > 3",
        "birth_date < recruited_on",
        "age < 40 and lower(full_name) = 'a'",
    ):
        assert compile_condition(text, "people", setting).direct is None


def test_a_condition_is_evaluated_once(asked: Measurer) -> None:
    setting = setting_for(asked.scheme, None, DAY, asked.store)
    condition = compile_condition("age < 37 and education >= 'master'", "people", setting)
    members = asked.members.get("people", DAY)
    first, again = members.bitmap(condition), members.bitmap(condition)
    assert first[0] is again[0]
    ages = [DAY.year - one["birth_date"].year for one in PEOPLE]
    expected = sum(
        age < 37 and one.get("education") in ("master", "doctor") for age, one in zip(ages, PEOPLE, strict=True)
    )
    assert int(np.bitwise_count(first[0]).sum()) == expected
