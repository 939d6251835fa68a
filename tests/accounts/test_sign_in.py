"""Signing in through the library's own pages: password, second factor, lock-out, sessions, and what the log keeps."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.test import Client

from canbo.accounts import administrators, second_factors
from canbo.accounts.models import User
from canbo.audit.models import Entry
from canbo.config import moments
from tests.accounts.makers import AT, DAY, PASSWORD, give, make_admin, make_user

pytestmark = pytest.mark.django_db

START = datetime(2025, 3, 3, 8, 0).astimezone()
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


class Clock:
    """The clock of the requests."""

    moment = START

    def pass_by(self, **span: float) -> None:
        self.moment += timedelta(**span)

    def now(self) -> datetime:
        return self.moment


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(moments, "datetime", clock)
    return clock


@pytest.fixture
def browser(settings: Any, clock: Clock) -> Client:
    settings.ROOT_URLCONF = "tests.accounts.urls"
    return Client()


@pytest.fixture
def enter(browser: Client) -> Callable[..., str]:
    """Signs in with a password; gives whom the next page takes the browser for."""

    def enter(name: str = "an", password: str = PASSWORD) -> str:
        browser.post("/accounts/login/", {"login": name, "password": password})
        return _who(browser)

    return enter


def _who(browser: Client) -> str:
    return browser.get("/who/").content.decode()


def _events() -> list[tuple[str, str, str]]:
    """The log but for the making of accounts and mandates."""
    made = ("account-create", "administrator-create", "mandate-grant")
    entries = Entry.objects.exclude(action__in=made).order_by("id")
    return [(one.actor, one.action, one.subject) for one in entries]


def _code() -> str:
    return f"{hotp_value(SECRET, list(yield_hotp_counters_from_time())[1]):06d}"


def test_signing_in_and_out_is_logged(browser: Client, enter: Callable[..., str]) -> None:
    make_user()
    assert enter() == "an"
    browser.post("/accounts/logout/")
    assert _who(browser) == ""
    assert _events() == [("an", "sign-in", "account:an"), ("an", "sign-out", "account:an")]


def test_the_name_is_taken_in_any_case(enter: Callable[..., str]) -> None:
    make_user()
    assert enter("AN") == "an"


def test_a_wrong_password_is_logged_and_never_what_was_typed(enter: Callable[..., str]) -> None:
    make_user()
    assert enter(password="mật khẩu sai") == ""
    assert enter(name="mật khẩu gõ nhầm ô") == ""
    assert _events() == [("an", "sign-in-failed", "account:an"), ("anonymous", "sign-in-failed", "account:?")]
    assert not [one for one in Entry.objects.all() if "mật khẩu" in json.dumps(one.detail) + one.subject + one.actor]


def test_five_wrong_passwords_lock_the_account_for_a_while_and_that_is_logged_once(enter: Callable[..., str]) -> None:
    user = make_user()
    for _ in range(5):
        enter(password="mật khẩu sai")
    for _ in range(3):
        assert enter() == ""
    assert [action for _, action, _ in _events()] == ["sign-in-failed"] * 5 + ["lock-out"]
    administrators.unlock(user=user, by="cli:root", at=START)
    assert enter() == "an"


def test_another_host_name_gives_no_further_attempts(browser: Client, enter: Callable[..., str]) -> None:
    make_user()
    for host in ("localhost", "127.0.0.1") * 3:
        browser.post("/accounts/login/", {"login": "an", "password": "mật khẩu sai"}, headers={"host": host})
    assert [action for _, action, _ in _events()] == ["sign-in-failed"] * 5 + ["lock-out"]


def test_a_new_password_ends_the_lock_out_and_the_sessions(browser: Client, enter: Callable[..., str]) -> None:
    user = make_user()
    assert enter() == "an"
    administrators.reset_password(user=user, password="con rồng cháu tiên", by="cli:root", at=START)
    assert _who(browser) == ""
    assert enter(password="con rồng cháu tiên") == "an"


def test_a_closed_account_is_out_at_once_and_does_not_come_back(browser: Client, enter: Callable[..., str]) -> None:
    user = make_user()
    enter()
    administrators.close_account(user=user, on=DAY, by="cli:root", at=START)
    assert (_who(browser), enter()) == ("", "")


def test_a_demonstration_account_does_not_sign_in_here(browser: Client, enter: Callable[..., str]) -> None:
    make_user()
    enter()
    User.objects.update(is_demo=True)
    assert (_who(browser), enter()) == ("", "")


def test_nobody_signs_up(browser: Client) -> None:
    browser.post("/accounts/signup/", {"username": "new", "password1": PASSWORD, "password2": PASSWORD})
    assert not User.objects.exists()


@pytest.mark.parametrize(("minutes", "still_in"), [(29, True), (31, False)])
def test_an_idle_session_ends(browser: Client, enter: Callable[..., str], minutes: int, still_in: bool) -> None:
    """The expiry of the row is what the library compares with the machine's clock: it is moved back instead."""
    from django.contrib.sessions.models import Session

    make_user()
    enter()
    session = Session.objects.get()
    session.expire_date -= timedelta(minutes=minutes)
    session.save()
    assert (_who(browser) == "an") is still_in


def test_work_puts_the_end_off_at_most_once_a_minute(browser: Client, enter: Callable[..., str], clock: Clock) -> None:
    from django.contrib.sessions.models import Session

    make_user()
    enter()
    first = Session.objects.get().expire_date
    clock.pass_by(seconds=59)
    _who(browser)
    assert Session.objects.get().expire_date == first
    clock.pass_by(seconds=1)
    _who(browser)
    assert Session.objects.get().expire_date > first


def test_a_session_ends_after_a_working_day_however_busy(
    browser: Client, enter: Callable[..., str], clock: Clock
) -> None:
    make_user()
    enter()
    for hours, who in ((5, "an"), (4.99, "an"), (0.02, "")):
        clock.pass_by(hours=hours)
        assert _who(browser) == who


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(browser: Client, enter: Callable[..., str]) -> None:
    make_user()
    enter()
    cookie = browser.cookies["canbo_session"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", "")


@pytest.mark.parametrize(("role", "free"), [("leader", True), ("specialist", False), ("it_admin", False)])
def test_a_role_that_needs_a_second_factor_goes_no_further_without(
    browser: Client, enter: Callable[..., str], role: str, free: bool
) -> None:
    give(make_user(), role)
    enter()
    page, asked = browser.get("/who/"), browser.get("/api/who")
    if free:
        assert (page.content, asked.content) == (b"an", b"an")
    else:
        assert (page.status_code, page.headers["location"]) == (302, "/accounts/2fa/totp/activate/")
        assert (asked.status_code, "yếu tố xác thực" in asked.json()["message"]) == (403, True)


def test_a_second_factor_is_set_up_kept_encrypted_and_then_asked_for(
    browser: Client,
    enter: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    give(make_user(), "specialist")
    enter()
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.generate_totp_secret", lambda: SECRET)
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    browser.get("/accounts/2fa/totp/activate/")
    with django_capture_on_commit_callbacks(execute=True):
        browser.post("/accounts/2fa/totp/activate/", {"code": _code()})
    assert _who(browser) == "an"
    kept = Authenticator.objects.get(type=Authenticator.Type.TOTP)
    assert SECRET not in json.dumps(kept.data)
    assert Authenticator.objects.filter(type=Authenticator.Type.RECOVERY_CODES).exists()
    browser.post("/accounts/logout/")
    cache.clear()  # a code is good once, also within its half minute
    assert enter() == ""
    browser.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert _who(browser) == ""
    browser.post("/accounts/2fa/authenticate/", {"code": _code()})
    assert _who(browser) == "an"
    actions = [action for _, action, _ in _events()]
    assert [actions.count(one) for one in ("second-factor-added", "second-factor-failed", "sign-in")] == [2, 1, 2]


def _activated(user: User) -> None:
    TOTP.activate(user, SECRET)


def test_the_second_factor_stays_while_the_role_needs_it(browser: Client, enter: Callable[..., str]) -> None:
    user = make_user()
    mandate = give(user, "specialist")
    _activated(user)
    enter()
    browser.post("/accounts/2fa/authenticate/", {"code": _code()})
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    browser.post("/accounts/2fa/totp/deactivate/")
    assert second_factors.has_one(user)
    mandate.delete()
    browser.post("/accounts/2fa/totp/deactivate/")
    assert not second_factors.has_one(user)


def test_wrong_codes_lock_out_and_the_command_line_helps_the_last_administrator(
    browser: Client, enter: Callable[..., str]
) -> None:
    admin = make_admin("first")
    _activated(admin)
    for _ in range(5):
        enter("first")
        browser.post("/accounts/2fa/authenticate/", {"code": "000000"})
    enter("first")
    browser.post("/accounts/2fa/authenticate/", {"code": _code()})
    assert _who(browser) == ""
    second_factors.reset(user=admin, by="cli:root", at=START)
    enter("first")
    assert browser.get("/who/").headers["location"] == "/accounts/2fa/totp/activate/"


def test_a_wrong_clock_lets_nobody_in_unlogged(browser: Client, enter: Callable[..., Any], clock: Clock) -> None:
    make_user()
    clock.moment = AT - timedelta(days=1)
    response = browser.post("/accounts/login/", {"login": "an", "password": PASSWORD})
    assert response.status_code == 422
    assert "Đồng hồ" in response.content.decode()
    clock.moment = START
    assert enter(password="mật khẩu sai") == ""
