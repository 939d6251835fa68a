"""Whole columns: mixed kinds of cells, the places of faults, the canonical types."""

from datetime import date, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from canbo.common.findings import Finding
from canbo.datasets.cells import convert
from canbo.datasets.collect import CAP, Collector
from canbo.datasets.dictionary import dictionary
from canbo.datasets.encode import MIXED, encode
from canbo.datasets.raw import shown, split

PEOPLE = dictionary()["people"]


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["a", "", "b"], pa.string()),
        ([1.0, "", 2], pa.float64()),
        ([True, ""], pa.bool_()),
        ([date(2020, 1, 1), "", datetime(2020, 1, 2, 3)], pa.date32()),  # noqa: DTZ001
        ([1.0, "a"], MIXED),
        ([1.0, True], MIXED),
        ([], pa.string()),
    ],
)
def test_pure_columns_have_their_own_type(values: list[Any], kind: pa.DataType) -> None:
    assert encode(values).type == kind
    assert len(encode(values)) == len(values)


def test_a_mixed_column_comes_apart_and_together_in_its_places() -> None:
    array = encode(["31/12/1975", 27759.0, "", date(1975, 12, 31), "1975", True, "31/02/1975"])
    assert sorted(len(part) for _, part in split(array)) == [1, 1, 1, 3]
    found = convert(PEOPLE.columns["birth_date"], PEOPLE, array)
    day = date(1975, 12, 31)
    assert found.values.to_pylist() == [day, day, None, day, date(1975, 1, 1), None, None]
    assert {(fault.fault.code, *fault.places.tolist()) for fault in found.faults} == {
        ("imprecise_date", 4),
        ("bad_date", 5),
        ("bad_date", 6),
    }
    assert found.unused(7).tolist() == [False, False, False, False, False, True, True]
    assert found.latest is not None
    assert found.latest.to_pylist() == [day, day, None, day, day, None, None]


def test_the_same_fault_is_judged_once_and_found_everywhere() -> None:
    array = encode(["Nam", "?", "Nữ", "?", "?"])
    found = convert(PEOPLE.columns["sex"], PEOPLE, array)
    assert len(found.faults) == 1
    assert found.faults[0].places.tolist() == [1, 3, 4]
    assert found.values.to_pylist() == ["male", None, "female", None, None]


@pytest.mark.parametrize("column", PEOPLE.written, ids=lambda column: column.name)
def test_every_column_becomes_its_canonical_type_from_anything(column: Any) -> None:
    everything = ["x", "Có", "Nam", "31/12/1975", "", 5.0, 27759.0, True, date(2020, 1, 1)]
    for values in (everything, everything[:4], ["", ""], [5.0, ""], [True], [date(2020, 1, 1)], []):
        converted = convert(column, PEOPLE, encode(values)).values
        assert converted.type == column.arrow_type
        assert len(converted) == len(values)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  a   b ", "a b"),
        ("a\u00a0b\u200bc\ufeff", "a bc"),
        ("o\u0323\u0302", "ộ"),
        ("Nguye\u0302\u0303n", "Nguyễn"),
        ("a\nb\tc\x00", "a b c"),
        ("'=1", "=1"),
        ("'a", "'a"),
        (" \u200b ", None),
    ],
)
def test_texts_are_composed_and_tidied(text: str, kept: str | None) -> None:
    found = convert(PEOPLE.columns["full_name"], PEOPLE, encode([text, "Đỗ"]))
    assert found.values.to_pylist() == [kept, "Đỗ"]


@pytest.mark.parametrize(
    ("cell", "text"),
    [(None, ""), (True, "TRUE"), (date(2020, 2, 1), "01/02/2020"), (3.0, "3"), (3.25, "3.25"), ("a", "a")],
)
def test_cells_are_shown_as_a_person_sees_them(cell: Any, text: str) -> None:
    assert shown(cell) == text


def test_findings_are_bounded_and_the_rest_counted() -> None:
    found = Collector()
    for row in range(CAP + 5):
        found.add(Finding("error", "bad_date", "x", sheet="A", column="B", row=row))
    room = found.room("A", "B", "bad_date", "error", 10)
    found.add(Finding("warning", "bad_date", "y", sheet="A", column="B"))
    assert room == 0
    listed = found.all()
    assert len(listed) == CAP + 2
    assert listed[-1].message == "Còn 15 lỗi cùng loại trong cột này, không liệt kê."
    assert np.all([finding.message == "x" for finding in listed[:CAP]])
