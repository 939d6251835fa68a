"""Figures on the structure of their own day, and restated on another day's."""

from datetime import date

import pytest

from canbo.datasets.bundle import Datasets
from canbo.snapshot.restating import restate
from canbo.snapshot.take import take
from tests.register.makers import employ, make_person, make_unit, post
from tests.register.reorganisations.plans_of import carry_out

pytestmark = pytest.mark.django_db
EVE, DAY = date(2025, 6, 30), date(2025, 7, 1)


def _people_by_unit(data: Datasets) -> dict[str, int]:
    counts: dict[str, int] = {}
    for unit in data.tables["people"]["unit_id"].to_pylist():
        counts[unit] = counts.get(unit, 0) + 1
    return counts


def _fill() -> None:
    top = make_unit("T")
    for code, people in (("A", 2), ("B", 3), ("C", 1)):
        unit = make_unit(code, top, level="commune")
        for number in range(people):
            person = make_person(f"{code}{number}")
            employ(person, unit=unit)
            post(person, unit)


def test_a_merged_unit_is_found_again_under_its_successor() -> None:
    _fill()
    carry_out("merge: [A, B], into: {code: AB, name: Xã Mới}")
    own = take(EVE)
    found = restate(own, DAY)
    assert _people_by_unit(own) == {"A": 2, "B": 3, "C": 1}
    assert _people_by_unit(found.data) == {"AB": 5, "C": 1}
    assert (dict(found.placed), dict(found.apart), found.people_apart) == ({"A": "AB", "B": "AB"}, {}, 0)
    assert found.data.data_date == EVE
    assert set(found.data.tables["units"]["unit_id"].to_pylist()) == {"T", "AB", "C"}
    assert found.data.findings == own.findings


def test_back_on_the_older_structure_a_merger_cannot_be_told_apart() -> None:
    _fill()
    carry_out("merge: [A, B], into: {code: AB, name: Xã Mới}")
    found = restate(take(DAY), EVE)
    assert _people_by_unit(found.data) == {"T": 5, "C": 1}
    assert (dict(found.apart), found.people_apart) == ({"AB": "T"}, 5)
    assert [finding.code for finding in found.data.findings] == ["restated_apart"]


def test_a_split_is_counted_apart_and_said() -> None:
    _fill()
    new = "{code: B1, name: Xã Một}, {code: B2, name: Xã Hai}"
    carry_out(f"split: B, into: [{new}], people: {{B0: B1}}, rest: B2")
    found = restate(take(EVE), DAY)
    assert _people_by_unit(found.data) == {"A": 2, "C": 1, "T": 3}
    assert found.people_apart == 3
    assert "1 đơn vị" in found.data.findings[-1].message
    assert "3 người" in found.data.findings[-1].message
