"""What data lack, whom it leaves unknown, and how many of these turn a verdict: by hand."""

from datetime import date
from fractions import Fraction
from itertools import product
from pathlib import Path

import pyarrow as pa
import pytest

from canbo.common.shares import parse_goal
from canbo.datasets.bundle import BIRTH_LATEST, Datasets
from canbo.measure.missing import Missing, missing_of
from canbo.measure.results import Measure
from canbo.measure.turning import least_to_turn
from tests.support import DAY, data, measurer, person, unit

MANAGED = {"managed_by": "provincial_committee"}
MASTERS = """
- id: A
  label: Thạc sĩ
  quote: trên 60%
  of: people
  where: managed_by = 'provincial_committee'
  satisfies: education >= 'master' and rank >= 'principal'
  targets: [{by: 2025-12-31, is: "> 60%"}]
"""


def missing(folder: Path, text: str, day: date = DAY, **rows: object) -> Missing:
    asked = measurer(folder, text, data(**rows))  # type: ignore[arg-type]  # rows by dataset
    return missing_of(asked, asked.scheme.indicators[0], as_of=day)


def shown(found: Missing) -> list[tuple[str, int, int, int, int | None]]:
    return [(one.column, one.inside, one.outside, one.alone, one.turned_by) for one in found.columns]


def who(found: Missing, column: str) -> list[str | None]:
    return [row.key["person_id"] for row in found.of(column)]


def test_by_column_who_is_unknown_and_how_many_turn_the_verdict(tmp_path: Path) -> None:
    # 4/8 are known to meet it. 5/8 is above 60 %: one of those unknown is enough, if a single thing is missing.
    people = [person(f"m{n}", "S", **MANAGED, education="master", rank="principal") for n in range(4)] + [
        person("no-degree", "S", **MANAGED, rank="principal"),
        person("no-rank", "S", **MANAGED, education="doctor"),
        person("neither", "S", **MANAGED),
        person("bachelor", "S", **MANAGED, education="bachelor"),  # no rank, yet known: it would not help
        person("no-tier", "S", education="doctor", rank="senior"),
    ]
    found = missing(tmp_path, MASTERS, people=people)
    assert (found.status, found.turned_by, found.reason) == ("short", 1, None)
    assert shown(found) == [("education", 2, 0, 1, 1), ("rank", 2, 0, 1, 1), ("managed_by", 0, 1, 1, None)]
    assert who(found, "education") == ["neither", "no-degree"]
    assert who(found, "rank") == ["neither", "no-rank"]
    assert [(row.key["person_id"], row.unit_id, row.inside) for row in found.rows][-1] == ("no-tier", "S", False)
    # 5/9 = 55,56 %: who is outside alone cannot turn it.
    assert found.columns[2].head == "Diện quản lý"


def test_several_are_needed_and_all_may_not_be_enough(tmp_path: Path) -> None:
    def people(unknown: int, short: int) -> list[dict[str, object]]:
        rows = [person(f"u{n}", "S", **MANAGED, rank="principal") for n in range(unknown)]
        rows += [person(f"s{n}", "S", **MANAGED, education="none", rank="principal") for n in range(short)]
        return rows + [person("m", "S", **MANAGED, education="master", rank="principal")]

    # 1/10 known, 7/10 is above 60 % and 6/10 is not: 6 of the 6 unknown.
    enough = missing(tmp_path, MASTERS, people=people(6, 3))
    assert (enough.turned_by, shown(enough)) == (6, [("education", 6, 0, 6, 6)])
    # 1/10 known: 5 unknown make 6/10 at the most.
    few = missing(tmp_path, MASTERS, people=people(5, 4))
    assert (few.turned_by, shown(few)) == (None, [("education", 5, 0, 5, None)])


def test_what_follows_from_a_column_is_asked_for_by_that_column(tmp_path: Path) -> None:
    text = """
    - id: A
      label: Dân tộc thiểu số
      quote: trên 10%
      of: people
      where: post_kind = 'professional'
      satisfies: is_minority and level = 'province'
      targets: [{by: 2025-12-31, is: "> 10%"}]
    """
    people = [person("a", "S"), person("b", "S", ethnicity="Kinh"), person("c", "S", ethnicity="Tày")]
    found = missing(tmp_path, text, people=people)
    assert (found.status, found.turned_by) == ("met", None)
    assert shown(found) == [("ethnicity", 1, 0, 1, None)]
    assert who(found, "ethnicity") == ["a"]


def test_one_met_by_little_is_turned_by_who_may_belong(tmp_path: Path) -> None:
    # 2/3 is above 60 %, 2/4 is not: one more member who does not meet it.
    people = [person(f"m{n}", "S", **MANAGED, education="master", rank="principal") for n in range(2)] + [
        person("s", "S", **MANAGED, education="none", rank="principal"),
        person("x", "S", education="none", rank="principal"),
    ]
    found = missing(tmp_path, MASTERS, people=people)
    assert (found.status, found.turned_by, shown(found)) == ("met", 1, [("managed_by", 0, 1, 1, 1)])


def test_rows_of_other_datasets_name_their_person(tmp_path: Path) -> None:
    text = """
    - id: A
      label: Luân chuyển
      quote: ít nhất 2
      of: rotations
      measure: count
      where: from_level = 'district'
      satisfies: to_post_kind = 'party_secretary'
      targets: [{by: 2025-12-31, is: ">= 2"}]
    """
    row = {"person_id": "a", "from_unit_id": "H1", "to_unit_id": "X1", "kind": "down", "from_level": "district",
           "to_level": "commune", "start_date": date(2021, 5, 1)}  # fmt: skip
    rotations = [row, row | {"to_post_kind": "party_secretary"}, row | {"to_post_kind": "committee_chair"}]
    asked = measurer(tmp_path, text, data(rotations=rotations, people=[person("a", "X1")]))
    found = missing_of(asked, asked.scheme.indicators[0], as_of=DAY)
    assert (found.turned_by, shown(found)) == (1, [("to_post_kind", 1, 0, 1, 1)])
    (named,) = found.rows
    assert (named.name, named.dataset, named.key["person_id"]) == ("Nguyễn Văn a", "rotations", "a")


def test_unit_by_unit_the_short_ones_must_all_turn(tmp_path: Path) -> None:
    text = """
    - id: A
      label: Nữ
      quote: mỗi huyện trên 50%
      of: people
      where: post_kind = 'professional'
      satisfies: education >= 'master'
      each: {of: units, where: "level = 'district'", except: [{unit: H2, is: ">= 25%"}]}
      targets: [{by: 2025-12-31, is: "> 50%"}]
    """
    units = [unit("T", None, "province"), unit("H1", "T", "district"), unit("H2", "T", "district")]
    # H1: 0 of 3, needs 2 and has 2 unknown. H2: 0 of 4, needs 1 (a quarter is enough) and has 3 unknown.
    people = [person(f"a{n}", "H1") for n in range(2)] + [person("a9", "H1", education="none")]
    people += [person(f"b{n}", "H2") for n in range(3)] + [person("b9", "H2", education="none")]
    found = missing(tmp_path, text, units=units, people=people)
    assert (found.status, found.turned_by) == ("short", 3)
    assert shown(found) == [("education", 5, 0, 5, None)]
    # H1 with one unknown only cannot turn, so neither can the whole.
    people[0] = person("a0", "H1", education="none")
    assert missing(tmp_path, text, units=units, people=people).turned_by is None


def test_a_ratio_and_what_cannot_be_measured(tmp_path: Path) -> None:
    text = """
    - id: A
      label: Nữ trên nam
      quote: bằng nhau
      measure: ratio
      numerator: {of: people, where: "education >= 'master'"}
      denominator: {of: people, where: "education < 'master'"}
      targets: [{by: 2025-12-31, is: ">= 100%"}]
    """
    people = [person("a", "S", education="master"), person("b", "S", education="none"), person("c", "S")]
    found = missing(tmp_path, text, people=people)
    assert (found.turned_by, shown(found)) == (None, [("education", 0, 2, 2, None)])
    none = missing(tmp_path, MASTERS, people=[person("a", "S", education="master")])
    assert (none.status, none.columns, none.rows) == ("not_measurable", (), ())
    assert none.reason is not None
    assert "Diện quản lý" in none.reason


def _by_trying(n: int, d: int, unknown: int, outside: int, measure: Measure, goal_text: str) -> int | None:
    """The slow truth: any number of those unknown meets it, any of those outside joins, and of these any meets it."""
    goal = parse_goal(goal_text)
    assert goal is not None

    def holds(met: int, joined: int) -> bool:
        return goal.holds(Fraction(met, 1 if measure == "count" else d + joined))

    before = holds(n, 0)
    turning = [
        extra + joined
        for extra, joined in product(range(unknown + 1), range(outside + 1))
        for satisfied in range(joined + 1)
        if holds(n + extra + satisfied, joined) is not before
    ]
    return min(turning, default=None)


@pytest.mark.parametrize("goal", ["> 60%", ">= 50%", "< 30%", "<= 25%", "15%..25%", "= 100%", "= 50%"])
def test_the_least_number_is_that_found_by_trying_everything(goal: str) -> None:
    for n, d, unknown, outside in product(range(6), range(5, 7), range(4), range(4)):
        if n + unknown <= d:
            expected = _by_trying(n, d, unknown, outside, "share", goal)
            found = least_to_turn(n, d, unknown, outside, measure="share", goal=parse_goal(goal))
            assert found == expected, (n, d, unknown, outside)


def test_counts_and_no_goal() -> None:
    def least(n: int, unknown: int, outside: int, goal: str) -> int | None:
        return least_to_turn(n, 9, unknown, outside, measure="count", goal=parse_goal(goal))

    assert least(1, 1, 3, ">= 4") == 3
    assert least(1, 1, 1, ">= 4") is None
    assert least(4, 2, 0, "<= 5") == 2
    assert least_to_turn(1, 9, 3, 3, measure="share", goal=None) is None
    planned = {"measure": "count", "planned": True}
    assert least_to_turn(4, 10, 2, 2, goal=parse_goal(">= 70%"), **planned) == 3  # type: ignore[arg-type]


def test_a_birth_known_by_year_only_is_asked_for(tmp_path: Path) -> None:
    text = """
    - id: A
      label: Dưới 40 tuổi
      quote: trên 40%
      of: people
      where: post_kind = 'professional'
      satisfies: years(birth_date, :as_of) < 40
      targets: [{by: 2025-12-31, is: "> 40%"}]
    """
    born = [date(1960, 5, 1), date(1981, 1, 1)]  # on 30/06/2021 the second is 40, or 39 if born in December
    made = data(people=[person(f"p{n}", "S", birth_date=day) for n, day in enumerate(born)])
    latest = pa.array([date(1960, 5, 1), date(1981, 12, 31)], pa.date32())
    people = made.tables["people"].append_column(BIRTH_LATEST, latest)
    asked = measurer(tmp_path, text, Datasets(dict(made.tables) | {"people": people}, DAY))
    found = missing_of(asked, asked.scheme.indicators[0], as_of=date(2021, 6, 30))
    assert (found.status, found.turned_by, shown(found)) == ("short", 1, [("birth_date", 1, 0, 1, 1)])
