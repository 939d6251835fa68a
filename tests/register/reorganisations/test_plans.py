"""What a plan may say, and how it is told what is wrong in it."""

from datetime import date

import pytest

from canbo.common.findings import Refused
from canbo.register.reorganisations.plans import NewUnit, Operation, read_plan
from tests.register.reorganisations.plans_of import HEAD, plan


def test_a_plan_is_read_with_its_days_and_its_decision() -> None:
    read = plan(
        "merge: [A, B], into: {code: C, name: Xã C}", "rename: D, name: Xã D, on_day: 2025-08-01", "move: E, parent: T"
    )
    assert read.operations[0] == Operation(
        "merge", date(2025, 7, 1), ("A", "B"), ("C",), (NewUnit("C", {"name": "Xã C"}),)
    )
    assert read.days == (date(2025, 7, 1), date(2025, 8, 1))
    assert read.document["number"] == "15/NQ-HĐND"
    assert read.as_json()["operations"][1]["day"] == "2025-08-01"


@pytest.mark.parametrize(
    ("operation", "message"),
    [
        ("merge: [A, B]", r"operations\[1\].into"),
        ("merge: [A, B], into: [C, D]", "đúng một đơn vị"),
        ("split: A, into: [B]", "ít nhất hai"),
        ("rename: A", r"operations\[1\].name"),
        ("move: A, name: Xã", "parent hoặc party_parent"),
        ("abolish: [A, A], rest: T", "ghi hai lần"),
        ("abolish: A, remainder: T", "remainder"),
        ("close: A", "đúng một trong"),
        ("rename: A, name: Xã, on_day: mai", "không phải là một ngày"),
        ("merge: [A, B], into: {name: Xã}", "phải có code"),
    ],
)
def test_what_is_wrong_in_a_plan_is_told(operation: str, message: str) -> None:
    with pytest.raises(Refused, match=message):
        plan(operation)


def test_a_plan_needs_its_decision() -> None:
    with pytest.raises(Refused, match="văn bản quyết định"):
        read_plan(HEAD.replace("number: 15/NQ-HĐND, ", "") + "  - {rename: A, name: B}")


def test_a_text_that_is_no_plan_is_refused() -> None:
    for text in ("a: [", "[]", "title: x"):
        with pytest.raises(Refused, match="hương án"):
            read_plan(text)
