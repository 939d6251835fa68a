"""Signing in, in a real browser: with a second factor set up on the way, with a wrong password, and out again."""

import base64
import hmac
import re
import time
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from canbo.accounts.demo_accounts import PASSWORD, USERNAMES
from tests.web.support import OFFICER, WIDTHS, assert_accessible, sign_in


def code_of(secret: str, ahead: int = 0) -> str:
    """What an authenticator shows for the secret (RFC 6238), ``ahead`` half minutes from now."""
    counter = int(time.time() // 30) + ahead
    digest = hmac.digest(base64.b32decode(secret), counter.to_bytes(8, "big"), "sha1")
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 10**6:06d}"


def test_who_reads_sensitive_data_sets_up_a_second_factor_and_signs_in_with_it(visit: Any) -> None:
    page: Page = visit("", "/account/login/")
    sign_in(page, OFFICER)
    expect(page.get_by_role("heading", level=1)).to_have_text("Xác nhận lại")
    assert_accessible(page)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.locator("main .entrance").get_by_role("button").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thiết lập yếu tố xác thực thứ hai")
    assert_accessible(page)
    page.goto("/people")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thiết lập yếu tố xác thực thứ hai")  # nothing before it
    secret = page.locator("code.secret").inner_text().replace(" ", "")
    page.get_by_label("Mã 6 chữ số").fill(code_of(secret))
    page.get_by_role("button", name="Bật yếu tố thứ hai").click()
    page.wait_for_url(lambda url: "/totp/activate" not in url)
    page.goto("/people")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Cán bộ")

    page.locator("details.me summary").click()
    page.get_by_role("button", name="Đăng xuất").click()
    sign_in(page, OFFICER)
    expect(page.get_by_role("heading", level=1)).to_have_text("Nhập mã xác thực")
    assert_accessible(page)
    page.get_by_label("Mã 6 chữ số").fill(code_of(secret, 1))  # each code opens once
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url(lambda url: "/account/" not in url)
    expect(page.locator("details.me summary")).to_contain_text(OFFICER)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_wrong_password_is_told_in_a_sentence(visit: Any, width: int) -> None:
    page: Page = visit("", "/account/login/", width=width)
    assert_accessible(page)
    page.get_by_label("Tên tài khoản").fill(USERNAMES["analyst"])
    page.get_by_label("Mật khẩu").fill("mật khẩu sai")
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("alert")).to_contain_text("mật khẩu")
    expect(page.get_by_label("Mật khẩu")).to_have_value("")
    assert_accessible(page)


def test_a_page_asked_for_is_opened_after_signing_in(visit: Any) -> None:
    page: Page = visit("", "/organisations?day=31/12/2021")
    expect(page).to_have_url(re.compile("/account/login/"))
    page.get_by_label("Tên tài khoản").fill(USERNAMES["analyst"])
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page).to_have_url(re.compile("/organisations"))
