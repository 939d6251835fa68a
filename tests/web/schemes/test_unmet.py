"""Targets not met with cause, body, remedy and deadline; targets given to units with their sum checked by hand."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from canbo.common.shares import parse_goal
from canbo.register import parameters, schemes
from canbo.register.models import UnmetTarget
from canbo.web.schemes.shares import needed
from tests.web.schemes.conftest import BY, CODE, DAY

Account = Callable[..., Client]
ENTRY = f"/not-met/{CODE}/T-1"
SAID = {
    "period_from": "01/01/2025", "period_to": "31/12/2025", "cause": "Thiếu kinh phí", "accountable": "Sở Thử (S)",
    "remedy": "Mở lớp cao học", "due": "30/06/2025", "done_on": "", "seen": "0",
}  # fmt: skip


@pytest.fixture
def used(world: Any, draft: Any) -> Any:
    """The scheme in use, so that everybody sees it."""
    return schemes.activate(schemes.last_version(draft), valid_from=date(2025, 2, 1), document=world, **BY)


def test_what_is_not_met_is_listed_with_what_was_said_of_it(used: Any, account: Account) -> None:
    client, leader = account("specialist"), account("leader")
    before = leader.get(f"/not-met/{CODE}", {"day": DAY}).content.decode()
    assert "1 chỉ tiêu chưa đạt, 1 chưa ghi nguyên nhân." in before and "thiếu 2 người" in before
    assert "T-2" not in before  # 3/8 women are enough
    assert client.post(ENTRY, SAID).status_code == 303
    after = leader.get(f"/not-met/{CODE}", {"day": DAY}).content.decode()
    assert all(words in after for words in ("Thiếu kinh phí", "Sở Thử", "Mở lớp cao học", "30/06/2025", "Quá hạn"))
    assert "1 chỉ tiêu chưa đạt, 1 quá hạn khắc phục." in after
    next_year = leader.get(f"/not-met/{CODE}", {"day": "05/01/2026"}).content.decode()
    assert "Thiếu kinh phí" not in next_year


def test_what_was_said_before_stays_with_its_author(used: Any, account: Account) -> None:
    client = account("specialist")
    client.post(ENTRY, SAID)
    assert client.post(ENTRY, {**SAID, "cause": "Thiếu giảng viên", "seen": "1"}).status_code == 303
    seen = client.get(ENTRY, {"day": DAY}).content.decode()
    assert seen.index("Thiếu giảng viên</td>") < seen.index("Thiếu kinh phí</td>")
    late = client.post(ENTRY, {**SAID, "seen": "1"})
    assert late.status_code == 422 and "đã có người ghi sau khi bạn mở" in late.content.decode()


def test_each_field_that_is_missing_says_so_and_nothing_is_written(used: Any, account: Account) -> None:
    client = account("specialist")
    got = client.post(ENTRY, {**SAID, "cause": "", "accountable": "Không có", "remedy": " ", "due": "hôm nào"})
    seen = got.content.decode()
    assert got.status_code == 422
    assert all(f'id="f-{name}-fault"' in seen for name in ("cause", "accountable", "remedy", "due"))
    assert not UnmetTarget.objects.exists()


def test_a_target_given_to_units_is_summed_against_the_whole(world: Any, used: Any, account: Account) -> None:
    client, path = account("specialist"), f"/cascade/{CODE}/T-1"
    given = {"unit": "Sở Thử (S)", "goal": "> 40%", "valid_from": "01/03/2025", "document": str(world.pk)}
    assert client.post(f"{path}?day={DAY}", given).status_code == 303
    seen = client.get(path, {"day": DAY}).content.decode()
    assert "Cộng các đơn vị 3, cần 5: thiếu 2" in seen  # > 40% of 5 is 3; > 50% of 8 is 5
    assert client.post(f"{path}?day={DAY}", {**given, "unit": "H", "goal": ">= 60%"}).status_code == 303
    assert "Cộng các đơn vị 5, cần 5: đủ" in client.get(path, {"day": DAY}).content.decode()  # and 60% of 3 is 2
    assert client.post(f"{path}?day={DAY}", {**given, "unit": "T", "goal": "> 50%"}).status_code == 303
    inside = client.get(path, {"day": DAY}).content.decode()
    assert "Nằm trong Tỉnh Thử: không cộng thêm" in inside and "Cộng các đơn vị 5, cần 5: đủ" in inside
    assert "Cộng các đơn vị 5" in client.get(f"/cascade/{CODE}", {"day": DAY}).content.decode()


def test_who_may_not_write_gives_no_target(world: Any, used: Any, account: Account) -> None:
    leader = account("leader")
    given = {"unit": "S", "goal": "> 40%", "valid_from": "01/03/2025", "document": str(world.pk)}
    assert leader.post(f"/cascade/{CODE}/T-1?day={DAY}", given).status_code == 404
    assert leader.get(f"/cascade/{CODE}/T-1", {"day": DAY}).status_code == 200
    assert account("unit_officer", "S").get(f"/cascade/{CODE}").status_code == 404
    assert parameters.own_goals(date(2025, 12, 31)) == {}


@pytest.mark.parametrize(
    ("goal", "members", "is_count", "expected"),
    [
        ("> 60%", 306, False, 184),
        (">= 50%", 8, False, 4),
        ("> 50%", 8, False, 5),
        ("15%..25%", 8, False, 2),
        ("> 100%", 8, False, None),
        ("< 50%", 8, False, 3),
        ("<= 50%", 8, False, 4),
        (">= 2", 8, True, 2),
        ("> 2", 8, True, 3),
        ("> 50%", 0, False, 0),
    ],
)
def test_how_many_a_target_needs(goal: str, members: int, is_count: bool, expected: int | None) -> None:
    read = parse_goal(goal)
    assert read is not None
    assert needed(read, members, is_count=is_count) == expected
