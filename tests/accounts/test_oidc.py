"""Signing in through the province's own service, against a provider that speaks the protocol, well-behaved and not."""

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.test import Client

from canbo.accounts import administrators
from canbo.accounts.models import User
from canbo.audit.models import Entry
from canbo.common.findings import Refused
from canbo.config import moments
from canbo.installation.identity_service import identity_services
from tests.accounts.makers import DAY, PASSWORD, give, make_user
from tests.accounts.provider import CLIENT, SECRET, Provider, make_key
from tests.accounts.test_sign_in import SECRET as TOTP_SECRET
from tests.accounts.test_sign_in import START, Clock, _code

pytestmark = pytest.mark.django_db

BEGIN = "/accounts/oidc/province/login/"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(moments, "datetime", clock)
    return clock


@pytest.fixture
def provider() -> Iterator[Provider]:
    with Provider() as provider:
        yield provider


@pytest.fixture
def browser(settings: Any, clock: Clock, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> Client:
    settings.ROOT_URLCONF = "tests.accounts.urls"
    configure(settings, monkeypatch, CANBO_OIDC_URL=provider.url)
    return Client()


def configure(settings: Any, monkeypatch: pytest.MonkeyPatch, **more: str) -> None:
    """The settings as they would be with these variables."""
    for name, value in {"CANBO_OIDC_CLIENT": CLIENT, "CANBO_OIDC_SECRET": SECRET, **more}.items():
        monkeypatch.setenv(name, value)
    own = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {**own, "APPS": identity_services()}}


def sign_in(browser: Client, query: str = "") -> Any:
    """To the service and back; what the product then says."""
    return browser.get(back_from_service(browser, query), follow=True)


def back_from_service(browser: Client, query: str = "") -> str:
    """Where the service sends the browser after the person has signed in there."""
    sent = browser.post(BEGIN + query)
    assert sent.status_code == 302, sent.content.decode()
    answer = requests.get(sent.headers["location"], allow_redirects=False, timeout=5)
    back = urlsplit(answer.headers["location"])
    assert (back.scheme, back.netloc) == ("http", "testserver")
    return f"{back.path}?{back.query}"


def who(browser: Client) -> str:
    return browser.get("/who/").content.decode()


def log() -> list[tuple[str, str, str]]:
    made = ("account-create", "administrator-create", "mandate-grant", "account-close")
    entries = Entry.objects.exclude(action__in=made).order_by("id")
    return [(one.actor, one.action, one.subject) for one in entries]


def detail() -> dict[str, Any]:
    last = Entry.objects.order_by("id").last()
    assert last is not None
    return dict(last.detail)


def refused(answer: HttpResponse, sentence: str) -> bool:
    return answer.status_code == 403 and sentence in answer.content.decode()


def test_a_known_account_signs_in_is_tied_once_and_both_are_logged(browser: Client, provider: Provider) -> None:
    make_user()
    sign_in(browser)
    assert who(browser) == "an"
    assert log() == [("an", "account-tied", "account:an"), ("an", "sign-in", "account:an")]
    browser.post("/accounts/logout/")
    assert who(browser) == ""
    sign_in(browser)
    assert who(browser) == "an"
    assert [action for _, action, _ in log()] == ["account-tied", "sign-in", "sign-out", "sign-in"]


def test_the_service_is_asked_with_state_nonce_and_proof_key_new_each_time(browser: Client, provider: Provider) -> None:
    make_user()
    sign_in(browser)
    sign_in(browser)
    first, second = provider.asked
    assert (first["response_type"], first["client_id"]) == ("code", CLIENT)
    assert "openid" in first["scope"].split()
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name]) >= 16 and first[name] != second[name]


def test_a_link_adds_nothing_to_what_is_asked_for(browser: Client, provider: Provider) -> None:
    make_user()
    sign_in(browser, "?auth_params=nonce%3Dfixed%26prompt%3Dnone&scope=everything&process=connect")
    (asked,) = provider.asked
    assert asked["nonce"] != "fixed" and "prompt" not in asked and "everything" not in asked["scope"]
    assert who(browser) == "an"


def test_no_more_is_kept_of_the_identity_than_which_it_is(browser: Client, provider: Provider) -> None:
    provider.claims |= {"email": "an@tinh.example", "birthdate": "1980-01-01", "name": "Trần Văn An"}
    make_user()
    sign_in(browser)
    kept = SocialAccount.objects.get()
    assert kept.extra_data == {"iss": provider.url, "sub": "1001", "name": "an"}
    user = User.objects.get()
    assert (user.email, user.first_name, user.last_name, user.check_password(PASSWORD)) == ("", "", "", True)


def test_a_name_that_only_userinfo_tells_is_taken_from_there(browser: Client, provider: Provider) -> None:
    del provider.claims["preferred_username"]
    provider.told = {"sub": "1001", "preferred_username": "AN"}
    make_user()
    sign_in(browser)
    assert who(browser) == "an"


def test_userinfo_of_another_identity_is_refused(browser: Client, provider: Provider) -> None:
    del provider.claims["preferred_username"]
    provider.told = {"sub": "1002", "preferred_username": "an"}
    make_user()
    assert refused(sign_in(browser), "không hợp lệ")
    assert who(browser) == ""


def test_a_stranger_gets_a_sentence_and_no_account(browser: Client, provider: Provider) -> None:
    provider.claims["preferred_username"] = "binh"
    make_user()
    assert refused(sign_in(browser), "không có tài khoản đang mở")
    assert who(browser) == ""
    assert log() == [("anonymous", "sign-in-failed", "account:?")]
    assert detail() == {"service": "province", "reason": "no-account", "claimed": "binh"}
    assert [user.username for user in User.objects.all()] == ["an"]
    assert not SocialAccount.objects.exists()


def test_the_number_decides_and_not_a_name_that_was_given_to_another(browser: Client, provider: Provider) -> None:
    make_user("an")
    make_user("binh")
    sign_in(browser)
    browser.post("/accounts/logout/")
    provider.claims = {"sub": "1002", "preferred_username": "an"}
    assert refused(sign_in(browser), "gắn với một danh tính khác")
    provider.claims = {"sub": "1001", "preferred_username": "binh"}
    sign_in(browser)
    assert who(browser) == "an"


def test_the_same_number_at_another_service_is_another_identity(
    browser: Client, provider: Provider, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_user("an")
    make_user("binh")
    sign_in(browser)
    browser.post("/accounts/logout/")
    with Provider() as other:
        configure(settings, monkeypatch, CANBO_OIDC_URL=other.url)
        other.claims = {"sub": "1001", "preferred_username": "binh"}
        sign_in(browser)
        assert who(browser) == "binh"
        browser.post("/accounts/logout/")
        other.claims = {"sub": "2001", "preferred_username": "an"}
        sign_in(browser)
        assert who(browser) == "an"


def test_an_address_counts_only_where_the_service_has_proved_it(
    browser: Client, provider: Provider, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(settings, monkeypatch, CANBO_OIDC_URL=provider.url, CANBO_OIDC_CLAIM="email")
    User.objects.create_user("an@tinh.example", password=PASSWORD)
    for verified, expected in ((None, ""), (False, ""), ("true", ""), (True, "an@tinh.example")):
        provider.claims = {"sub": "1001", "email": "an@tinh.example"}
        if verified is not None:
            provider.claims["email_verified"] = verified
        sign_in(browser)
        assert who(browser) == expected


NOW = time.time()


@pytest.mark.parametrize(
    "wrong",
    [
        {"nonce": "của lần khác"},
        {"aud": "another-program"},
        {"aud": [CLIENT, "another-program"]},
        {"aud": [CLIENT, "another-program"], "azp": "another-program"},
        {"azp": "another-program"},
        {"iss": "https://other.example"},
        {"exp": NOW - 3600},
        {"exp": NOW - 61},
        {"iat": NOW + 3600},
    ],
    ids=lambda wrong: "-".join(wrong),
)
def test_an_id_token_with_a_wrong_claim_is_refused_and_logged(
    browser: Client, provider: Provider, wrong: dict[str, Any]
) -> None:
    make_user()
    provider.claims |= wrong
    assert refused(sign_in(browser), "không hợp lệ")
    assert who(browser) == ""
    assert log() == [("anonymous", "sign-in-failed", "account:?")]
    assert detail() == {"service": "province", "reason": "unproved"}


def test_clocks_may_be_apart_by_some_seconds(browser: Client, provider: Provider) -> None:
    make_user()
    provider.claims |= {"exp": time.time() - 30, "iat": time.time() + 30}
    sign_in(browser)
    assert who(browser) == "an"


@pytest.mark.parametrize("missing", ["id_token", "nonce", "exp", "iat", "aud", "iss", "sub"])
def test_an_answer_that_lacks_a_part_is_refused(browser: Client, provider: Provider, missing: str) -> None:
    make_user()
    provider.drop = {missing}
    provider.told["preferred_username"] = "an"
    assert refused(sign_in(browser), "không hợp lệ")
    assert who(browser) == ""


@pytest.mark.parametrize("fault", ["other key", "no signature", "shared secret", "unknown number"])
def test_an_id_token_that_the_service_did_not_sign_is_refused(browser: Client, provider: Provider, fault: str) -> None:
    make_user()
    provider.signer, provider.algorithm, provider.key_id = {
        "other key": (make_key(), "RS256", "k1"),
        "no signature": (None, "none", "k1"),
        "shared secret": ("mot bi mat ma ca hai ben deu biet, du dai", "HS256", "k1"),
        "unknown number": (provider.key, "RS256", "k2"),
    }[fault]
    assert refused(sign_in(browser), "không hợp lệ")
    assert who(browser) == ""


def test_a_state_of_another_browser_or_used_before_is_refused(browser: Client, provider: Provider) -> None:
    """Otherwise a link could sign somebody in as the one who made it."""
    make_user()
    back = back_from_service(Client())
    assert refused(browser.get(back), "không bắt đầu từ trình duyệt này")
    assert detail() == {"service": "province", "reason": "foreign"}
    own = back_from_service(browser)
    assert refused(browser.get(own.replace("state=", "state=x")), "không bắt đầu từ trình duyệt này")
    browser.get(own)
    assert who(browser) == "an"
    browser.post("/accounts/logout/")
    assert refused(browser.get(own), "không bắt đầu từ trình duyệt này")
    assert who(browser) == ""


def test_a_code_of_another_attempt_is_refused(browser: Client, provider: Provider) -> None:
    """A stolen code does not fit the proof key of the thief's own attempt."""
    make_user()
    stolen = back_from_service(Client()).partition("code=")[2].partition("&")[0]
    own = back_from_service(browser)
    code = own.partition("code=")[2].partition("&")[0]
    assert refused(browser.get(own.replace(code, stolen)), "không hợp lệ")
    assert who(browser) == ""


def test_answers_that_nobody_asked_for_do_not_flood_the_log(browser: Client) -> None:
    for _ in range(25):
        assert browser.get(f"{BEGIN}callback/?code=x&state=y").status_code == 403
    assert len(log()) == 20


def test_a_closed_account_is_refused_tied_or_not(browser: Client, provider: Provider) -> None:
    user = make_user()
    administrators.close_account(user=user, on=DAY, by="cli:root", at=START)
    assert refused(sign_in(browser), "không có tài khoản đang mở")
    administrators.unlock(user=user, by="cli:root", at=START)
    sign_in(browser)
    assert who(browser) == "an"
    administrators.close_account(user=user, on=DAY, by="cli:root", at=START)
    assert who(browser) == ""
    assert refused(sign_in(browser), "đã đóng")
    assert who(browser) == ""
    assert (log()[-1], detail()) == (("an", "sign-in-failed", "account:an"), {"reason": "closed"})


def test_a_demonstration_account_does_not_come_in_this_way_either(browser: Client) -> None:
    make_user()
    User.objects.update(is_demo=True)
    sign_in(browser)
    assert who(browser) == ""


def test_the_second_factor_is_asked_for_whatever_the_service_asked_for(browser: Client, provider: Provider) -> None:
    provider.claims |= {"amr": ["pwd", "otp", "mfa"], "acr": "urn:high"}
    user = make_user()
    give(user, "specialist")
    TOTP.activate(user, TOTP_SECRET)
    answer = sign_in(browser)
    assert answer.redirect_chain[-1][0].startswith("/accounts/2fa/authenticate/")
    assert who(browser) == ""
    browser.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert who(browser) == ""
    browser.post("/accounts/2fa/authenticate/", {"code": _code()})
    assert who(browser) == "an"


def test_a_role_that_needs_a_second_factor_goes_no_further_without(browser: Client) -> None:
    give(make_user(), "specialist")
    sign_in(browser)
    assert browser.get("/who/").headers["location"] == "/accounts/2fa/totp/activate/"
    assert browser.get("/api/who").status_code == 403


@pytest.mark.parametrize(("minutes", "still_in"), [(29, True), (31, False)])
def test_an_idle_session_ends(browser: Client, minutes: int, still_in: bool) -> None:
    make_user()
    sign_in(browser)
    session = Session.objects.get()
    session.expire_date -= timedelta(minutes=minutes)
    session.save()
    assert (who(browser) == "an") is still_in


def test_a_session_ends_after_a_working_day_however_busy(browser: Client, clock: Clock) -> None:
    make_user()
    sign_in(browser)
    for hours, expected in ((5, "an"), (4.99, "an"), (0.02, "")):
        clock.pass_by(hours=hours)
        assert who(browser) == expected


def test_another_session_follows_the_sign_in(browser: Client) -> None:
    """One that somebody planted before is worth nothing."""
    make_user()
    back = back_from_service(browser)
    before = browser.cookies["canbo_session"].value
    browser.get(back)
    assert who(browser) == "an"
    assert browser.cookies["canbo_session"].value != before
    assert not Session.objects.filter(session_key=before).exists()


def test_who_turns_back_at_the_service_is_told_so(browser: Client, provider: Provider) -> None:
    provider.denies = True
    assert refused(sign_in(browser), "thôi đăng nhập")
    assert detail() == {"service": "province", "reason": "cancelled"}


def test_a_silent_service_is_one_sentence(
    browser: Client, provider: Provider, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    back = back_from_service(browser)
    configure(settings, monkeypatch, CANBO_OIDC_URL="http://127.0.0.1:1")
    assert refused(browser.get(back), "không trả lời")
    assert refused(browser.post(BEGIN), "không trả lời")


@pytest.mark.parametrize(
    "wrong",
    [
        {"issuer": "https://other.example"},
        {"token_endpoint": "http://other.example/token"},
        {"jwks_uri": "http://other.example/keys"},
        {"userinfo_endpoint": "ftp://other.example/u"},
    ],
    ids=json.dumps,
)
def test_a_service_that_names_another_issuer_or_an_unsafe_address_is_refused(
    browser: Client, provider: Provider, wrong: dict[str, str]
) -> None:
    provider.config = wrong
    assert refused(browser.post(BEGIN), "không hợp lệ")


def test_without_a_service_there_is_no_such_page(settings: Any, clock: Clock) -> None:
    settings.ROOT_URLCONF = "tests.accounts.urls"
    assert Client().post(BEGIN).status_code == 404
    assert Client().get(f"{BEGIN}callback/?code=x&state=y").status_code == 404


def test_another_name_of_a_service_is_no_page(browser: Client) -> None:
    assert browser.post("/accounts/oidc/other/login/").status_code == 404


@pytest.mark.parametrize(
    ("url", "client", "said"),
    [
        ("http://dang-nhap.tinh.vn", "canbo", "https://"),
        ("ldap://dang-nhap.tinh.vn", "canbo", "https://"),
        ("https://dang-nhap.tinh.vn", "", "CANBO_OIDC_CLIENT"),
    ],
)
def test_a_service_that_cannot_be_trusted_is_refused_at_the_start(
    monkeypatch: pytest.MonkeyPatch, url: str, client: str, said: str
) -> None:
    monkeypatch.setenv("CANBO_OIDC_URL", url)
    monkeypatch.setenv("CANBO_OIDC_CLIENT", client)
    with pytest.raises(Refused, match=said):
        identity_services()


def test_the_variables_reach_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("URL", "https://dang-nhap.tinh.vn/realms/tinh/"), ("CLIENT", "canbo"), ("SECRET", "s")):
        monkeypatch.setenv(f"CANBO_OIDC_{name}", value)
    (service,) = identity_services()
    assert (service["client_id"], service["secret"]) == ("canbo", "s")
    assert service["settings"] == {
        "server_url": "https://dang-nhap.tinh.vn/realms/tinh",
        "claim": "preferred_username",
    }
