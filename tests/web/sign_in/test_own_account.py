"""The own account: its mandates in words, where it is signed in, ending the other sessions."""

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.test import Client

from canbo.accounts.models import User
from canbo.accounts.sign_ins import BEGAN
from canbo.audit.models import Entry
from tests.accounts.makers import give, make_user
from tests.register.makers import make_unit
from tests.web.clients import signed_in

pytestmark = pytest.mark.django_db


def read(browser: Client) -> str:
    """The words of the page."""
    page = browser.get("/my-account")
    assert page.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


def another_session(user: User, hours: float = 1) -> str:
    """The key of a session of the account on another machine, signed in some hours ago."""
    made = SessionStore()
    made["_auth_user_id"] = str(user.pk)
    made[BEGAN] = (datetime.now().astimezone() - timedelta(hours=hours)).timestamp()
    made.save()
    return str(made.session_key)


def test_mandates_are_told_by_role_tier_unit_and_period() -> None:
    make_unit("DV-N")
    user = make_user(last_name="Nông Thị Hoa")
    give(user, "leader", tiers=["unit_head"], unit_code="DV-N", valid_to=date(2099, 7, 1))
    give(user, "analyst", valid_from=date(2090, 1, 1))
    give(user, "inspector", valid_from=date(2020, 1, 1), valid_to=date(2021, 1, 1))
    text = read(signed_in(user))
    assert "Nông Thị Hoa Tên đăng nhập: an" in text
    assert "Lãnh đạo" in text
    assert "Đơn vị Đơn vị DV-N" in text
    assert "Thời hạn từ 01/03/2025 đến hết 30/06/2099" in text
    assert text.index("Sắp có hiệu lực") < text.index("Người phân tích số liệu")
    assert text.index("Đã kết thúc (1)") < text.index("Kiểm tra, thanh tra")
    assert "Toàn tỉnh" in text


def test_without_a_mandate_the_page_says_whom_to_ask() -> None:
    assert "Nhờ quản trị viên giao nhiệm vụ." in read(signed_in(make_user()))


def test_sessions_are_the_own_ones_that_still_hold_and_the_others_end() -> None:
    user, other = make_user(), make_user("binh")
    own, foreign = another_session(user), another_session(other)
    another_session(user, hours=11)  # over by its length
    browser = signed_in(user)
    text = read(browser)
    assert "Phiên đang mở (2)" in text
    assert text.count("Phiên này") == 1
    answer = browser.post("/my-account/end-other-sessions", follow=True)
    assert "Đã kết thúc 1 phiên khác." in answer.content.decode()
    assert set(Session.objects.values_list("session_key", flat=True)) & {own, foreign} == {foreign}
    assert "Không có phiên nào khác" in read(browser)
    entry = Entry.objects.get(action="sessions-end")
    assert (entry.actor, entry.subject) == ("an", "account:an")


def test_sessions_end_by_a_button_only() -> None:
    assert signed_in(make_user()).get("/my-account/end-other-sessions").status_code == 405


def test_who_needs_a_second_factor_sees_it_demanded_and_is_led_to_it() -> None:
    user = make_user()
    text = read(signed_in(user))
    assert "Chưa bật" in text
    assert "bắt buộc" not in text
    give(user, "specialist")
    assert signed_in(user).get("/my-account").headers["location"] == "/account/2fa/totp/activate/"


def test_the_language_is_chosen_here() -> None:
    browser = signed_in(make_user())
    answer = browser.post("/language", {"language": "en", "next": "/my-account"}, follow=True)
    assert "Open sessions" in answer.content.decode()


def test_the_page_asks_the_database_a_fixed_number_of_times(django_assert_num_queries: Any) -> None:
    user = make_user()
    for code in ("DV-A", "DV-B", "DV-C"):
        make_unit(code)
        give(user, "leader", unit_code=code)
    browser = signed_in(user)
    browser.get("/my-account")
    with django_assert_num_queries(11):
        browser.get("/my-account")
