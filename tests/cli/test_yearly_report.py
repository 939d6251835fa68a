"""The yearly report of a specialist: each of its questions is answered by one command on the synthetic province."""

import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from tests.cli.conftest import Call

SCHEME = "thai-nguyen-2021-2030"
DAY = "2021-12-31"


def measured(canbo: Call, province: Path, *more: str) -> dict[str, dict[str, object]]:
    document = canbo("measure", SCHEME, str(province), "--as-of", DAY, *more, "--json").json
    return {one["id"]: one for one in document["indicators"]}


@pytest.mark.parametrize(
    ("name", "members", "satisfying", "needed", "missing"),
    [
        ("TN-2025-1-01", 306, 160, 184, 24),
        ("TN-2025-1-07", 145, 6, 8, 2),
        ("TN-2025-2-01", 663, 213, 233, 20),
        ("TN-2025-2-02", 521, 278, 287, 9),
    ],
)
def test_where_each_target_stands(
    canbo: Call, province: Path, name: str, members: int, satisfying: int, needed: int, missing: int
) -> None:
    one = measured(canbo, province)[name]
    assert (one["denominator"], one["numerator"], one["shortfall"]) == (members, satisfying, missing)
    assert satisfying + missing == needed


def test_a_target_without_a_test_has_no_value_and_says_why(canbo: Call, province: Path) -> None:
    one = measured(canbo, province)["TN-2025-1-02"]
    assert (one["value"], one["status"]) == (None, "not_measurable")
    assert "môi trường quốc tế" in str(one["reason"])


def test_who_counts_and_who_is_unknown(canbo: Call, province: Path) -> None:
    def listed(name: str) -> int:
        document = canbo("who", SCHEME, "TN-2025-1-01", str(province), "--as-of", DAY, "--list", name, "--json").json
        return len(document["people"])

    assert (listed("counted"), listed("lacking"), listed("unknown")) == (160, 146, 0)


def test_what_will_be_if_nobody_is_appointed(canbo: Call, province: Path) -> None:
    arguments = ("--from", DAY, "--to", "2025-12-31", "--retiring", "--json")
    made = canbo("bridge", SCHEME, "TN-2025-1-05", str(province), *arguments).json
    causes = {one["cause"]: one for one in made["causes"]}
    assert set(causes) == {"left", "aged"}  # only time passes: retirements and birthdays
    assert (made["from"]["numerator"], made["from"]["denominator"]) == (19, 306)
    assert made["to"]["numerator"] == 19 + causes["left"]["numerator"] + causes["aged"]["numerator"]
    later = canbo("measure", SCHEME, str(province), "--as-of", "2025-12-31", "--retiring", "--json").json
    found = next(one for one in later["indicators"] if one["id"] == "TN-2025-1-05")
    assert (found["numerator"], found["denominator"]) == (made["to"]["numerator"], made["to"]["denominator"])
    assert "coi như đã nghỉ" in later["findings"][-1]["message"]


def test_which_districts_fail_the_rule_on_rotation(canbo: Call, province: Path) -> None:
    one = measured(canbo, province)["TN-2025-3-06"]
    units = {unit["unit_id"]: unit for unit in one["units"]}  # type: ignore[attr-defined]
    assert len(units) == 9
    assert (units["TN-TPTN"]["target"], units["TN-TPTN"]["denominator"]) == ("> 40%", 32)
    failing = [unit for unit in units.values() if unit["status"] == "short"]
    assert one["shortfall"] == len(failing) == 9 - int(str(one["numerator"]))


def test_which_standing_committee_has_no_woman(canbo: Call, province: Path) -> None:
    document = canbo("who", SCHEME, "TN-2030-4-02", str(province), "--as-of", DAY, "--json").json
    assert [row["full_name"] for row in document["rows"]] == ["Huyện Định Hóa"]


def test_who_headed_the_unit_and_where_its_targets_stood(canbo: Call, province: Path) -> None:
    arguments = ("--unit", "TN-SNV", "--from", "2019-01-01", "--to", DAY)
    document = canbo("scorecard", SCHEME, str(province), *arguments, "--json").json
    heads = document["heads"]
    assert len({head["person_id"] for head in heads}) == len(heads) >= 1
    assert heads[-1]["last"] == DAY
    assert all(before["last"] < after["first"] for before, after in zip(heads, heads[1:], strict=False))
    standing = {one["indicator_id"]: one for one in heads[-1]["standings"]}
    units = measured(canbo, province, "--by", "unit")["TN-2025-1-01"]["units"]
    below = [unit for unit in units if str(unit["unit_id"]).startswith("TN-SNV")]  # type: ignore[attr-defined]
    assert standing["TN-2025-1-01"]["denominator"] == sum(unit["denominator"] for unit in below)
    assert standing["TN-2025-1-01"]["numerator"] == sum(unit["numerator"] for unit in below)
    printed = canbo("scorecard", SCHEME, str(province), *arguments).out
    assert "Sở Nội vụ" in printed
    nobody = canbo("scorecard", SCHEME, str(province), "--unit", "TN-XX", "--from", DAY, "--to", DAY)
    assert (nobody.status, nobody.out) == (2, "")


def test_which_figures_were_corrected(canbo: Call, province: Path, tmp_path: Path) -> None:
    later = tmp_path / "later"
    shutil.copytree(province, later)
    people = parquet.read_table(later / "people.parquet")
    counted = canbo("who", SCHEME, "TN-2025-1-05", str(province), "--as-of", DAY, "--list", "counted", "--json").json
    wrong = counted["people"][0]["person_id"]
    births = [
        birth.replace(year=birth.year - 10) if who == wrong else birth
        for who, birth in zip(people["person_id"].to_pylist(), people["birth_date"].to_pylist(), strict=True)
    ]
    place = people.column_names.index("birth_date")
    parquet.write_table(people.set_column(place, "birth_date", pa.array(births, pa.date32())), later / "people.parquet")
    made = canbo("bridge", SCHEME, "TN-2025-1-05", str(province), str(later), "--from", DAY, "--to", DAY, "--json").json
    assert [
        (one["cause"], one["numerator"], [who["person_id"] for who in one["people"]]) for one in made["causes"]
    ] == [("corrected", -1, [wrong])]
