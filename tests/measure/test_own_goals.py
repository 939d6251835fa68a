"""Targets of single units put into a scheme: they go before those of the file."""

from pathlib import Path

import pytest

from canbo.measure.own_goals import with_own_goals
from tests.measure.test_each_plan_ratio import ROTATED
from tests.support import scheme


def test_the_units_own_goes_before_the_files_and_the_rest_stays(tmp_path: Path) -> None:
    read = scheme(tmp_path, ROTATED)
    placed = with_own_goals(read, {"a": {"TP": "> 50%", "X": ">= 2%"}, "ELSEWHERE": {"X": "> 1%"}})
    each = placed.scheme.indicators[0].each
    assert each is not None
    assert {unit: text for unit, (text, _) in each.exceptions.items()} == {"TP": "> 50%", "X": ">= 2%"}
    assert placed.unplaced == ()
    only_x = with_own_goals(read, {"A": {"X": ">= 2%"}}).scheme
    assert only_x.indicators[0].each is not None
    assert {unit: text for unit, (text, _) in only_x.indicators[0].each.exceptions.items()} == {
        "TP": "> 40%", "X": ">= 2%",
    }  # fmt: skip


def test_the_version_tells_the_targets_apart(tmp_path: Path) -> None:
    read = scheme(tmp_path, ROTATED)
    versions = [
        with_own_goals(read, goals).scheme.version
        for goals in ({}, {"A": {}}, {"A": {"X": "> 2%"}}, {"A": {"X": "> 3%"}}, {"A": {"X": "> 2%"}})
    ]
    assert versions[0] == versions[1] == read.version
    assert versions[2] == versions[4]
    assert len(set(versions)) == 3
    assert all(version.startswith(read.version) for version in versions)


def test_what_is_no_comparison_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="trên 40%"):
        with_own_goals(scheme(tmp_path, ROTATED), {"A": {"X": "trên 40%"}})
