"""The standing rule on standing committees: opened with day and cause, closed when repaired, an empty body no pass."""

from datetime import date
from typing import Any

import pytest

from canbo.register import bodies, monitors, units
from canbo.register.models import Unit
from tests.register.organisations.conftest import AT, MakeUnit, Sit

pytestmark = pytest.mark.django_db
D = date
LAN: dict[str, Any] = {"by": "lan", "at": AT}
BTV, RULE = "standing_committee", "standing_committee_woman"


@pytest.fixture
def committee(unit: MakeUnit) -> Unit:
    return unit("HU", name="Huyện ủy Phú Bình", kind="party")


def told() -> list[tuple[str, date, date | None, int, int, list[str]]]:
    return [
        (a.kind, a.start, a.end, a.members, a.women, [code for code, _, _ in a.left]) for a in monitors.alerts(RULE)
    ]


def test_the_last_woman_leaving_raises_an_alert_and_the_next_one_closes_it(committee: Unit, sit: Sit) -> None:
    sit("A", committee, BTV, D(2020, 8, 1), role="head")
    seat = sit("B", committee, BTV, D(2020, 8, 1), sex="female")
    assert told() == []
    seat.valid_to, seat.end_reason = D(2023, 5, 1), "nghỉ hưu"
    seat.save()
    assert told() == [("broken", D(2023, 5, 1), None, 1, 0, ["B"])]
    (finding,) = monitors.findings_on(D(2023, 5, 1))
    assert finding.message == (
        "Huyện ủy Phú Bình (HU), Ban Thường vụ phải có ít nhất một cán bộ nữ: từ 01/05/2023 chỉ có 0 nữ trong 1 người, "
        "do thôi tham gia: Nguyễn Văn B (nghỉ hưu)."
    )
    assert monitors.findings_on(D(2023, 4, 30)) == []
    sit("C", committee, BTV, D(2023, 9, 1), sex="female")
    assert told() == [("broken", D(2023, 5, 1), D(2023, 9, 1), 1, 0, ["B"])]
    assert monitors.open_on(D(2023, 8, 31), RULE) == monitors.alerts(RULE)
    assert monitors.open_on(D(2023, 9, 1), RULE) == []


def test_a_body_wholly_vacant_is_no_pass(committee: Unit, sit: Sit) -> None:
    bodies.found(committee, BTV, valid_from=D(2020, 8, 1), **LAN)
    assert told() == [("empty", D(2020, 8, 1), None, 0, 0, [])]
    sit("B", committee, BTV, D(2020, 9, 1), D(2021, 1, 1), sex="female")
    assert told() == [
        ("empty", D(2020, 8, 1), D(2020, 9, 1), 0, 0, []),
        ("empty", D(2021, 1, 1), None, 0, 0, ["B"]),
    ]
    (finding,) = monitors.findings_on(D(2020, 8, 15))
    assert "không còn ai, ngay từ khi lập" in finding.message


def test_who_leaves_last_after_the_women_turns_a_broken_body_into_an_empty_one(committee: Unit, sit: Sit) -> None:
    sit("B", committee, BTV, D(2020, 9, 1), D(2025, 8, 1), sex="female")
    sit("A", committee, BTV, D(2020, 9, 1), D(2025, 9, 1))
    assert told() == [
        ("broken", D(2025, 8, 1), D(2025, 9, 1), 1, 0, ["B"]),
        ("empty", D(2025, 9, 1), None, 0, 0, ["A"]),
    ]


def test_a_woman_leaving_and_another_coming_on_one_day_raises_none(committee: Unit, sit: Sit) -> None:
    sit("A", committee, BTV, D(2020, 8, 1), D(2023, 1, 1), sex="female")
    sit("B", committee, BTV, D(2023, 1, 1), sex="female")
    assert told() == []


def test_the_rule_ends_with_the_unit_and_is_not_asked_of_communes_or_other_bodies(
    committee: Unit, unit: MakeUnit, sit: Sit
) -> None:
    sit("A", unit("X", level="commune"), BTV, D(2020, 8, 1))
    sit("B", committee, "executive_committee", D(2020, 8, 1))
    assert told() == []
    sit("C", committee, BTV, D(2020, 8, 1))
    units.end(committee, on=D(2025, 7, 1), **LAN)
    assert told() == [("broken", D(2020, 8, 1), D(2025, 7, 1), 1, 0, [])]
    assert monitors.alerts(RULE, units=[]) == []
