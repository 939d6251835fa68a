"""The sign-in library's pages in our frame and words: each state that somebody at the door meets."""

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.test import Client

from tests.accounts.makers import PASSWORD, give, make_user

pytestmark = pytest.mark.django_db

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
LOGIN = "/account/login/"


@pytest.fixture(autouse=True)
def nobody_is_locked_out() -> Any:
    cache.clear()
    yield
    cache.clear()


def text_of(answer: Any) -> str:
    """What is read of a page."""
    text: str = answer.content.decode()
    assert text.count("<h1") == 1
    assert "noi-dung" in text, "not in our frame"
    return text


def code(step: int = 1) -> str:
    return f"{hotp_value(SECRET, list(yield_hotp_counters_from_time())[step]):06d}"


def enter(browser: Client, password: str = PASSWORD, **more: str) -> Any:
    return browser.post(LOGIN, {"login": "an", "password": password} | more)


def test_whoever_wanted_a_page_gets_it_after_signing_in() -> None:
    make_user()
    browser = Client()
    asked = browser.get("/my-account")
    door = browser.get(asked.headers["location"])
    assert '<input type="hidden" name="next" value="/my-account">' in text_of(door)
    assert enter(browser, next="/my-account").headers["location"] == "/my-account"
    assert "Tên đăng nhập: an" in text_of(browser.get("/my-account"))


def test_an_ended_session_is_said() -> None:
    assert "Phiên làm việc đã hết hạn" in text_of(Client().get(LOGIN + "?next=/people&ended=1"))
    assert "hết hạn" not in text_of(Client().get(LOGIN))


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("vi", "Tên tài khoản hoặc mật khẩu không đúng"), ("en", "the password is wrong")],
)
def test_a_wrong_password_is_said_in_the_language_and_the_name_stays(language: str, sentence: str) -> None:
    browser = Client()
    browser.cookies["canbo_language"] = language
    text = text_of(enter(browser, "mat-khau-go-nham"))
    assert sentence in text
    assert 'value="an"' in text
    assert "mat-khau-go-nham" not in text


def test_a_lock_out_says_how_long_and_who_helps() -> None:
    make_user()
    browser = Client()
    for _ in range(5):
        enter(browser, "sai")
    text = text_of(enter(browser))
    assert "Đợi 15 phút rồi thử lại, hoặc nhờ quản trị viên mở khóa." in text


def test_a_second_factor_is_set_up_by_scanning_and_its_codes_are_shown_once(monkeypatch: pytest.MonkeyPatch) -> None:
    make_user()
    browser = Client()
    enter(browser)
    asked = browser.get("/account/2fa/totp/activate/")
    assert "Xác nhận lại" in text_of(browser.get(asked.headers["location"]))
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.generate_totp_secret", lambda: SECRET)
    browser.post("/account/reauthenticate/", {"password": PASSWORD})
    page = text_of(browser.get("/account/2fa/totp/activate/"))
    assert "JBSW Y3DP EHPK 3PXP" in page
    assert re.search(r'<svg [^>]*viewBox="0 0 [^>]*><path ', page), "drawn by the server"
    assert "style=" not in page
    wrong = text_of(browser.post("/account/2fa/totp/activate/", {"code": "000000"}))
    assert "Mã không đúng hoặc đã hết hạn" in wrong
    done = browser.post("/account/2fa/totp/activate/", {"code": code()}, follow=True)
    assert "Các mã chỉ hiện một lần này" in text_of(done)
    shown = re.findall(r"<li><code>(\d{8})</code></li>", done.content.decode())
    assert len(shown) == 10
    again = text_of(browser.get("/account/2fa/recovery-codes/"))
    assert "10/10" in again
    assert shown[0] not in again


def test_a_code_or_a_recovery_code_is_asked_for() -> None:
    TOTP.activate(make_user(), SECRET)
    browser = Client()
    asked = enter(browser)
    assert asked.headers["location"] == "/account/2fa/authenticate/"
    assert "hoặc một mã dự phòng" in text_of(browser.get(asked.headers["location"]))
    assert "Mã không đúng hoặc đã hết hạn" in text_of(browser.post("/account/2fa/authenticate/", {"code": "000000"}))
    assert browser.post("/account/2fa/authenticate/", {"code": code()}).status_code == 302
    assert browser.get("/my-account").status_code == 200


def test_who_needs_the_second_factor_is_told_who_removes_it() -> None:
    user = make_user()
    give(user, "specialist")
    TOTP.activate(user, SECRET)
    browser = Client()
    enter(browser)
    browser.post("/account/2fa/authenticate/", {"code": code()})
    browser.post("/account/reauthenticate/", {"password": PASSWORD})
    text = text_of(browser.get("/account/2fa/totp/deactivate/"))
    assert "nhờ quản trị viên bỏ giúp" in text
    assert "Bỏ yếu tố thứ hai</button>" not in text


def test_a_second_factor_that_is_not_needed_is_removed_and_new_codes_are_made() -> None:
    TOTP.activate(make_user(), SECRET)
    browser = Client()
    enter(browser)
    browser.post("/account/2fa/authenticate/", {"code": code()})
    browser.post("/account/reauthenticate/", {"password": PASSWORD})
    assert "Mỗi mã dùng một lần" in text_of(browser.get("/account/2fa/recovery-codes/generate/"))
    made = browser.post("/account/2fa/recovery-codes/generate/", follow=True)
    assert made.content.decode().count("<li><code>") == 10
    assert "Bỏ yếu tố thứ hai</button>" in text_of(browser.get("/account/2fa/totp/deactivate/"))
    left = browser.post("/account/2fa/totp/deactivate/", follow=True)
    assert "Chưa bật" in text_of(left)
    assert not Authenticator.objects.exists()


def test_faults_of_a_new_password_stand_at_their_field() -> None:
    make_user()
    browser = Client()
    enter(browser)
    assert "Ít nhất 12 ký tự" in text_of(browser.get("/account/password/change/"))
    sent = {"oldpassword": "sai", "password1": "ngắn", "password2": "ngắm"}
    text = text_of(browser.post("/account/password/change/", sent))
    assert "Mật khẩu hiện tại không đúng." in text
    assert '<p class="fault" id="f-password1-fault">Mật khẩu cần ít nhất 12 ký tự.</p>' in text
    new = "bảy nổi ba chìm với nước non"
    sent = {"oldpassword": PASSWORD, "password1": new, "password2": new + "!"}
    assert "Hai lần nhập mật khẩu mới không giống nhau." in text_of(browser.post("/account/password/change/", sent))
    browser.post("/account/password/change/", sent | {"password2": new})
    assert "location" in browser.get("/my-account").headers, "signed out"
    assert enter(browser, new).status_code == 302


def test_what_is_not_done_here_says_who_does_it() -> None:
    assert "do quản trị viên của cơ quan cấp" in text_of(Client().get("/account/signup/"))
    assert "không gửi thư đặt lại mật khẩu" in text_of(Client().get("/account/password/reset/"))
    assert "không còn dùng để đăng nhập" in text_of(Client().get("/account/inactive/"))


def test_too_many_tries_are_answered_in_the_frame() -> None:
    make_user()
    browser = Client()
    enter(browser)
    answers = [browser.post("/account/password/change/", {}) for _ in range(6)]
    assert answers[-1].status_code == 429
    assert "Quá nhiều lần thử" in text_of(answers[-1])


def test_signing_out_is_asked_once_and_done_by_a_button() -> None:
    make_user()
    browser = Client()
    enter(browser)
    assert "Kết thúc phiên làm việc trên trình duyệt này." in text_of(browser.get("/account/logout/"))
    browser.post("/account/logout/")
    assert "location" in browser.get("/my-account").headers
