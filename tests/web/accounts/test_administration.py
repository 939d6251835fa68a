"""Accounts in the browser: who may, what each act does, what is refused and where it is said."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import check_password
from django.http import HttpResponse
from django.test import Client
from django.utils.timezone import localtime

from canbo.accounts import tokens
from canbo.accounts.models import ApiToken, Mandate, User
from canbo.accounts.permissions import Permission
from canbo.accounts.roles import ROLES
from canbo.audit.changes import change
from canbo.audit.models import Entry
from canbo.web.accounts.role_words import may
from tests.register.makers import AT, START, make_unit
from tests.web.clients import client_of

pytestmark = pytest.mark.django_db
PASSWORD = "mưa-rào-tháng-sáu"


@pytest.fixture
def admin() -> Client:
    """An administrator at work."""
    return client_of("it_admin")


@pytest.fixture
def clerk() -> User:
    """Another account, open and with a leader's mandate since 2020."""
    user = User.objects.create_user("van.thu", PASSWORD)
    Mandate.objects.create(user=user, role="leader", valid_from=START)
    return user


def act(client: Client, deed: str, **given: Any) -> HttpResponse:
    """Do something to the other account."""
    answer: HttpResponse = client.post(f"/accounts/of/van.thu/{deed}", given)
    return answer


def _issue(user: User, at: datetime) -> None:
    scopes = [Permission.INDICATORS_READ]
    tokens.issue(user=user, name="báo cáo", scopes=scopes, expires_at=at + timedelta(days=9), by="test", at=at)


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"it_admin"}))
@pytest.mark.parametrize("address", ["/accounts", "/accounts/new", "/accounts/of/van.thu", "/accounts/units"])
def test_only_administrators_find_these_pages(role: str, address: str, clerk: User) -> None:
    assert client_of(role).get(address).status_code == 404
    assert client_of(role).post("/accounts/of/van.thu/close").status_code == 404
    clerk.refresh_from_db()
    assert clerk.is_active


def test_the_list_tells_roles_and_who_lacks_a_second_factor(admin: Client, clerk: User) -> None:
    Mandate.objects.create(user=clerk, role="inspector", valid_from=START)
    said = admin.get("/accounts").content.decode()
    assert "Lãnh đạo; Kiểm tra, thanh tra" in said
    assert "Chưa thiết lập" in said
    assert "van.thu" not in admin.get("/accounts?state=closed").content.decode()
    assert "it_admin.all" not in admin.get("/accounts?q=van").content.decode().partition("<table")[2]


def test_an_account_is_created_and_may_do_nothing_yet(admin: Client) -> None:
    given = {"username": "Moi.Den", "name": "Hà Mới", "password": PASSWORD, "again": PASSWORD}
    answer = admin.post("/accounts/new", given)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/accounts/of/moi.den")
    made = User.objects.get(username="moi.den")
    assert check_password(PASSWORD, made.password)
    assert not made.mandates.exists()
    entry = Entry.objects.get(action="account-create")
    assert (entry.actor, entry.subject) == ("it_admin.all", "account:moi.den")
    assert PASSWORD not in str(entry.detail)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"username": "van.thu"}, "Đã có tài khoản “van.thu”"),
        ({"username": "có dấu"}, "không dùng được"),
        ({"password": "ngan", "again": "ngan"}, "chưa đủ mạnh"),
        ({"again": "khác hẳn đi"}, "Hai lần ghi mật khẩu khác nhau"),
    ],
)
def test_a_form_that_is_refused_comes_back_with_what_was_typed(
    admin: Client, clerk: User, given: dict[str, str], said: str
) -> None:
    typed = {"username": "nguoi.moi", "name": "Hà Mới", "password": PASSWORD, "again": PASSWORD} | given
    answer = admin.post("/accounts/new", typed)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert 'value="Hà Mới"' in answer.content.decode()
    assert PASSWORD not in answer.content.decode()
    assert User.objects.filter(username="nguoi.moi").count() == 0


def test_a_mandate_is_given_over_tiers_unit_and_period(admin: Client, clerk: User) -> None:
    make_unit("DV-N")
    period = {"from": "01/03/2026", "to": "31/12/2026"}
    answer = act(admin, "grant", role="unit_officer", tier=["unit_head"], unit="don vi dv-n", **period)
    assert answer.status_code == 303
    made = clerk.mandates.get(role="unit_officer")
    assert (made.tiers, made.unit_code, made.valid_from, made.valid_to) == (
        ["unit_head"], "DV-N", date(2026, 3, 1), date(2027, 1, 1),
    )  # fmt: skip
    said = admin.get("/accounts/of/van.thu").content.decode()
    assert "diện Thủ trưởng đơn vị quản lý, tại Đơn vị DV-N (DV-N) và các đơn vị dưới" in said
    assert "từ 01/03/2026 đến hết 31/12/2026" in said


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"role": ""}, "Không có vai trò “”"),
        ({"unit": "không đâu"}, "Không rõ đơn vị “không đâu”"),
        ({"to": "31/02/2026"}, "“31/02/2026” không phải là ngày"),
        ({"from": "01/02/2026", "to": "01/01/2026"}, "phải kết thúc sau ngày đó"),
    ],
)
def test_a_mandate_that_cannot_be_given_is_refused_beside_the_form(
    admin: Client, clerk: User, given: dict[str, str], said: str
) -> None:
    answer = act(admin, "grant", **({"role": "leader"} | given))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert clerk.mandates.count() == 1


def test_nobody_gives_a_mandate_to_himself(admin: Client) -> None:
    answer = admin.post("/accounts/of/it_admin.all/grant", {"role": "specialist"})
    assert answer.status_code == 422
    assert not Mandate.objects.filter(role="specialist").exists()


def test_a_mandate_is_revoked_from_a_day(admin: Client, clerk: User) -> None:
    mandate = clerk.mandates.get()
    assert act(admin, "revoke", mandate=mandate.pk, on="01/09/2026").status_code == 303
    mandate.refresh_from_db()
    assert mandate.valid_to == date(2026, 9, 1)
    other = Mandate.objects.get(user__username="it_admin.all")
    assert act(admin, "revoke", mandate=other.pk).status_code == 422  # not one of this account


@pytest.mark.parametrize("deed", ["close", "revoke"])
def test_the_last_administrator_cannot_lock_himself_out(admin: Client, deed: str) -> None:
    mandate = Mandate.objects.get(user__username="it_admin.all")
    answer = admin.post(f"/accounts/of/it_admin.all/{deed}", {"mandate": mandate.pk})
    assert answer.status_code == 422
    assert "quản trị viên cuối cùng" in answer.content.decode()
    assert admin.get("/accounts").status_code == 200


def test_an_account_is_closed_with_its_tokens_and_opened_again(admin: Client, clerk: User) -> None:
    _issue(clerk, AT)
    assert act(admin, "close").status_code == 303
    clerk.refresh_from_db()
    assert not clerk.is_active
    assert ApiToken.objects.get().revoked_at is not None
    assert act(admin, "unlock").status_code == 303
    clerk.refresh_from_db()
    assert clerk.is_active


def test_password_second_factor_and_token_are_reset(admin: Client, clerk: User) -> None:
    Authenticator.objects.create(user=clerk, type=Authenticator.Type.TOTP, data={"secret": "-"})
    other = "nắng-gắt-tháng-bảy"
    assert act(admin, "password", password=other, again=other).status_code == 303
    assert act(admin, "second-factor").status_code == 303
    clerk.refresh_from_db()
    assert check_password(other, clerk.password)
    assert not Authenticator.objects.filter(user=clerk).exists()
    assert set(Entry.objects.values_list("action", flat=True)) >= {"password-reset", "second-factor-reset"}
    assert admin.post("/accounts/of/it_admin.all/second-factor").status_code == 422  # not one's own


def test_a_token_is_revoked(admin: Client, clerk: User) -> None:
    now = localtime()
    _issue(clerk, now)
    assert "báo cáo" in admin.get("/accounts/of/van.thu").content.decode()
    assert act(admin, "revoke-token", token=ApiToken.objects.get().pk).status_code == 303
    assert "Không có mã nào đang dùng được" in admin.get("/accounts/of/van.thu").content.decode()


def test_what_no_page_offers_is_not_there(admin: Client, clerk: User) -> None:
    assert act(admin, "destroy").status_code == 404
    assert admin.get("/accounts/of/van.thu/close").status_code == 405
    assert admin.get("/accounts/of/khong.co").status_code == 404


@pytest.mark.parametrize("role", ROLES)
def test_every_role_says_what_it_may_do(role: str) -> None:
    assert may(ROLES[role]).startswith("Được ")


@pytest.mark.parametrize(("address", "number"), [("/accounts", 7), ("/accounts/of/van.thu", 9)])
def test_a_page_asks_the_same_few_questions_however_many_accounts(
    admin: Client, clerk: User, address: str, number: int, django_assert_num_queries: Any
) -> None:
    with change(by="test", at=AT, action="test"):
        for place in range(5):
            user = User.objects.create(username=f"them.{place}")
            Mandate.objects.create(user=user, role="leader", valid_from=START)
    admin.get(address)
    with django_assert_num_queries(number):
        admin.get(address)
