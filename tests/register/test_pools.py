"""The yearly review of a list: the worked case of 67 entries, at approval, a year later, and with the proposal."""

from datetime import date
from fractions import Fraction

import pytest

from canbo.common.text import name_order, search_key
from canbo.register import pools
from canbo.register.models import Person, PoolEntry, PoolList, Unit

pytestmark = pytest.mark.django_db

APPROVED, LATER = date(2024, 8, 15), date(2025, 8, 15)
RULE = pools.LeastShares("Cơ cấu danh sách Ban Chấp hành", young=Fraction(15, 100), women=Fraction(25, 100))


def _person(code: str, birth: date, *, woman: bool = False) -> Person:
    name = f"Nguyễn Văn {code}"
    return Person.objects.create(
        code=code,
        full_name=name,
        name_key=search_key(name),
        name_order=name_order(name),
        birth_date=birth,
        sex="female" if woman else "male",
    )


@pytest.fixture
def committee() -> PoolList:
    """12 under 40 (3 of whom turn 40 within the year), 33 from 40 to 50, 22 over 50; 17 women, one of them 52."""
    unit = Unit.objects.create(code="T")
    pool = PoolList.objects.create(
        code="BCH", term="2025-2030", unit=unit, body="executive_committee", level="province", approved_on=APPROVED
    )
    births = (
        [date(1985, 1, 10)] * 3  # 39 at approval, 40 a year later
        + [date(1990, 1, 10)] * 9
        + [date(1980, 1, 10)] * 33  # 44, 45
        + [date(1970, 1, 10)] * 20  # 54, 55
        + [date(1972, 6, 1)]  # 52: the woman who goes
        + [date(1973, 6, 1)]  # 51: over 50 too, stays
    )
    for number, birth in enumerate(births):
        woman = 20 <= number < 36 or number == 65
        person = _person(f"P{number:02d}", birth, woman=woman)
        PoolEntry.objects.create(
            person=person, pool_list=pool, term=pool.term, unit=unit, body=pool.body, level="province",
            valid_from=APPROVED,
        )  # fmt: skip
    return pool


def _remove(code: str, why: str) -> None:
    PoolEntry.objects.filter(person__code=code).update(valid_to=date(2025, 8, 1), removed_why=why)


def test_at_approval_both_shares_are_reached(committee: PoolList) -> None:
    list_ = pools.compose(pools.members_on(APPROVED, pool_list="BCH"), day=APPROVED)
    assert (list_.size, list_.cohorts, list_.women) == (67, (12, 33, 22), 17)
    young, women = list_.against(RULE)
    assert (young.holds, women.holds) == (True, True)  # 12/67 = 17,91 %; 17/67 = 25,37 %


def test_a_year_later_three_turned_forty_two_went_and_both_shares_fail(committee: PoolList) -> None:
    _remove("P65", "Không đủ tiêu chuẩn")
    _remove("P40", "Không đủ điều kiện")  # a man of 44
    change = pools.review("BCH", start=APPROVED, end=LATER)
    # 9 under 40; 33 - 1 + 3 between; 22 - 1 over 50: 65 in all
    assert (change.after.size, change.after.cohorts, change.after.women) == (65, (9, 35, 21), 16)
    young, women = change.after.against(RULE)
    assert (young.holds, young.lacking) == (False, 1)  # 9/65 = 13,85 %; 15 % of 65 is 9,75: 10 are needed
    assert (women.holds, women.lacking) == (False, 1)  # 16/65 = 24,62 %; 25 % of 65 is 16,25: 17 are needed
    assert [member.code for member in change.older] == ["P00", "P01", "P02"]
    assert [(member.code, why) for member, why in change.gone] == [
        ("P40", "Không đủ điều kiện"),
        ("P65", "Không đủ tiêu chuẩn"),
    ]


def test_two_women_under_forty_mend_it(committee: PoolList) -> None:
    _remove("P65", "Không đủ tiêu chuẩn")
    _remove("P40", "Không đủ điều kiện")
    proposed = tuple(
        pools.Member(f"N{n}", "Trần Thị Mới", date(1992, 3, 3), is_woman=True, minority=None) for n in (1, 2)
    )
    after = pools.compose((*pools.members_on(LATER, pool_list="BCH"), *proposed), day=LATER)
    assert (after.size, after.cohorts[0], after.women) == (67, 11, 18)
    assert all(verdict.holds for verdict in after.against(RULE))  # 11/67 = 16,42 %; 18/67 = 26,87 %


def test_entries_and_persons_are_counted_apart(committee: PoolList) -> None:
    second = PoolList.objects.create(code="BTV", term="2025-2030", unit=committee.unit, level="province")
    person = Person.objects.get(code="P05")
    PoolEntry.objects.create(
        person=person, pool_list=second, term="2025-2030", unit=committee.unit, level="province", valid_from=APPROVED
    )
    assert pools.census(APPROVED, term="2025-2030") == pools.Census(68, 67, {"P05": 2})


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        (date(1986, 1, 1), date(2025, 12, 31), 39),
        (date(1985, 12, 31), date(2025, 12, 31), 40),
        (date(2000, 2, 29), date(2025, 2, 28), 24),
        (date(2000, 2, 29), date(2025, 3, 1), 25),
    ],
)
def test_age_is_full_years(birth: date, day: date, age: int) -> None:
    assert pools.age_on(birth, day) == age


def test_an_empty_list_reaches_nothing(committee: PoolList) -> None:
    assert not any(verdict.holds for verdict in pools.compose((), day=LATER).against(RULE))
