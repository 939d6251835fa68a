"""The benchmarks run, all competitors count the same, and the files they write have their shape. Never times."""

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from benchmarks import data
from benchmarks.__main__ import main
from benchmarks.bitlimit import Limit
from benchmarks.comparing import own_counts, spread
from benchmarks.duck import Duck
from benchmarks.engine import Engine
from benchmarks.indicators import CRITERIA, NARROW, POPULATIONS, pairs, write_scheme
from benchmarks.report import WORKBOOK, goals_for, judged
from benchmarks.roster import Roster, rolled_up, roster_of
from benchmarks.timing import Run, interleave
from canbo.datasets.store import Store
from canbo.measure.checking import check_scheme

PEOPLE = 3_000


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    path = write_scheme(tmp_path_factory.mktemp("scheme") / "scheme.yaml", pairs())
    scheme, findings = check_scheme(path)
    assert scheme is not None and not [one for one in findings if one.severity == "error"]
    return Engine(scheme, Store(data.make_data(PEOPLE)))


@pytest.fixture(scope="module")
def roster(engine: Engine) -> Roster:
    return roster_of(engine.store)


def test_a_hundred_different_indicators_over_all_groups_and_the_same_in_every_run() -> None:
    chosen = pairs()
    assert len(set(chosen)) == 100 and chosen == pairs()
    assert {p for p, _ in chosen} == set(range(len(POPULATIONS)))
    assert (len(POPULATIONS), len(CRITERIA)) == (13, 35)


def test_the_data_has_the_size_and_the_tree_that_the_goals_speak_of() -> None:
    assert data.make_data(60_000).tables["units"].num_rows == 120
    people = data.make_data(PEOPLE).tables["people"]
    assert people.num_rows == PEOPLE and people == data.make_data(PEOPLE).tables["people"]
    assert len(set(people["national_id"].to_pylist())) == PEOPLE
    for born, recruited in zip(people["birth_date"].to_pylist(), people["recruited_on"].to_pylist(), strict=True):
        assert date(recruited.year - 18, 1, 1) > born


def test_every_competitor_counts_the_same_in_every_unit(engine: Engine, roster: Roster) -> None:
    chosen = pairs()
    numerators, denominators = Limit(roster, chosen).whole()
    assert denominators[0, 0] > denominators[4, 0] > 0  # the groups are of different sizes, and none is empty
    assert denominators[:, 0].min() > 0
    duck = Duck(roster, chosen)
    for answer in (engine.first(), engine.again(), duck.predicates_once(), duck.filters()):
        assert np.array_equal(answer[0], numerators)
        assert np.array_equal(answer[1], denominators)


def test_the_counts_are_those_of_a_plain_loop_over_the_people(engine: Engine) -> None:
    """Women under 40 with a master's degree among leaders of districts, counted from the tables in plain Python."""
    tables = engine.store.data.tables
    levels = dict(zip(tables["units"]["unit_id"].to_pylist(), tables["units"]["level"].to_pylist(), strict=True))
    group = [
        person
        for person in tables["people"].to_pylist()
        if (person["left_on"] is None or person["left_on"] >= data.DAY)
        and person["post_kind"] not in ("professional", "support")
        and levels[person["unit_id"]] == "district"
    ]
    known = engine.another(11, 21)  # leaders of districts; women under 40
    young = date(data.DAY.year - 40, data.DAY.month, data.DAY.day)
    women = [person for person in group if person["sex"] == "female" and person["birth_date"] > young]
    assert (known.numerator, known.denominator) == (len(women), len(group))


def test_unknown_cells_are_zero_in_the_narrow_roster_and_nothing_is_null(roster: Roster) -> None:
    assert all(roster.table[name].null_count == 0 for name in NARROW)
    assert 0 in roster.table["education"].to_pylist()
    assert (np.diff(roster.table["leaf"].to_numpy()) >= 0).all()


def test_roll_up_and_its_reverse(roster: Roster) -> None:
    own = np.arange(roster.units)
    subtrees = rolled_up(own[np.newaxis, :], roster.tree)[0]
    assert subtrees[0] == own.sum()
    assert np.array_equal(own_counts(subtrees, roster.tree.parents), own)


def test_a_part_of_the_indicators_is_spread_evenly() -> None:
    every = [(number, 0) for number in range(100)]
    assert spread(every, 10) == [(number, 0) for number in range(0, 100, 10)]
    assert spread(every, 100) == every


def test_repeats_are_interleaved_after_one_round_that_is_not_counted() -> None:
    called: list[str] = []
    runs = {
        "a": Run(lambda: called.append("a")),
        "b": Run(lambda: called.append("b"), before=lambda: called.append("-")),
        "slow": Run(lambda: called.append("slow"), rounds=1, factor=10),
    }
    series, _ = interleave(runs, 2)
    assert called == ["a", "-", "b", "a", "-", "b", "slow", "a", "-", "b"]
    assert [len(one.seconds) for one in series.values()] == [2, 2, 1]
    assert series["slow"].median == series["slow"].seconds[0] * 10


def test_a_goal_is_judged_by_the_ratio_of_medians() -> None:
    ratios = {"canbo_to_calamine": {"medians": 3.0}, "openpyxl_pandas_to_canbo": {"medians": 2.9}}
    found = judged({"people": 60_000, "ratios": ratios}, WORKBOOK)
    assert [(one["is"], one["met"]) for one in found] == [("<= 3", True), (">= 3", False)]
    assert goals_for(20_000) == ()
    assert len(goals_for(2_500_000)) == 7


@pytest.mark.deep  # starts a PostgreSQL server of its own, which the other tests do not need
def test_quick_run_writes_both_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["--quick", "--people", str(PEOPLE), "--repeats", "1", "--out", str(tmp_path)])
    indicators = json.loads((tmp_path / "indicators.json").read_text("utf-8"))["results"][str(PEOPLE)]
    assert set(indicators["memory"]) == {"canbo", "canbo_measure", "duckdb", "numpy"}
    assert indicators["indicators"] == 100 and indicators["goals"] == []
    assert all(one["min"] <= one["median"] <= one["max"] for one in indicators["series"].values())
    workbook = json.loads((tmp_path / "workbook.json").read_text("utf-8"))["results"]
    assert set(workbook["series"]) == {"canbo", "calamine", "openpyxl_pandas"}
    assert workbook["columns"] == 34
    shown = capsys.readouterr().out
    assert "all counts equal in every unit" in shown and "PostgreSQL" in shown
