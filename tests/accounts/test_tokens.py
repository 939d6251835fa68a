"""Tokens: usable until they expire, are revoked or their account is closed; only the hash is kept."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from canbo.accounts import administrators, tokens
from canbo.accounts.models import ApiToken, User
from canbo.accounts.permissions import Permission
from canbo.audit.models import Entry
from canbo.common.findings import Refused
from tests.accounts.makers import AT, DAY, make_user

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def _issue(user: User, **more: Any) -> str:
    filled = {"name": "report", "scopes": [Permission.PEOPLE_READ], "expires_at": AT + HOUR, "by": "an", "at": AT}
    return tokens.issue(user=user, **(filled | more))


@pytest.mark.parametrize(
    ("at", "usable"),
    [
        (AT, True),
        (AT + HOUR - timedelta(microseconds=1), True),
        (AT + HOUR, False),
        (AT + timedelta(days=400), False),
    ],
)
def test_a_token_is_usable_until_it_expires(at: datetime, usable: bool) -> None:
    text = _issue(make_user())
    assert (tokens.find(text, at) is not None) is usable


def test_only_the_hash_is_kept() -> None:
    text = _issue(make_user())
    token = ApiToken.objects.get()
    secret = text.split("_", 2)[2]
    assert len(token.hash) == 64
    kept = [*vars(token).values(), *(str(entry.detail) + entry.subject for entry in Entry.objects.all())]
    assert not [value for value in kept if secret in str(value)]


def _altered(text: str) -> str:
    return text[:-1] + ("a" if text[-1] != "a" else "b")


@pytest.mark.parametrize(
    "spoil",
    [
        _altered,
        lambda text: text[:-1],
        lambda text: text + "a",
        lambda text: text.upper(),
        lambda text: f"canbo_999999_{text.split('_', 2)[2]}",
        lambda text: f"canbo_{'9' * 18}_{text.split('_', 2)[2]}",
        lambda text: text + "\n",
        lambda text: text.replace("canbo_", "canbo_٣"),
        lambda text: "",
        lambda text: "canbo__",
        lambda text: "x" * 100_000,
    ],
)
def test_a_spoilt_token_is_none(spoil: Any) -> None:
    text = _issue(make_user())
    assert tokens.find(spoil(text), AT) is None
    assert tokens.find(text, AT) is not None


def test_a_secret_opens_only_its_own_token() -> None:
    user = make_user()
    first, second = _issue(user), _issue(user, name="other")
    mixed = "_".join([*first.split("_", 2)[:2], second.split("_", 2)[2]])
    assert tokens.find(mixed, AT) is None


def test_a_revoked_token_is_none_at_once_and_logged() -> None:
    text = _issue(make_user())
    token = ApiToken.objects.get()
    tokens.revoke(token=token, by="binh", at=AT)
    tokens.revoke(token=token, by="binh", at=AT)
    assert tokens.find(text, AT) is None
    actions = list(Entry.objects.order_by("id").values_list("actor", "action"))
    assert actions == [("cli:root", "account-create"), ("an", "token-issue"), ("binh", "token-revoke")]


def test_a_token_of_a_closed_account_is_none() -> None:
    user = make_user()
    text = _issue(user)
    administrators.close_account(user=user, on=DAY, by="binh", at=AT)
    assert tokens.find(text, AT) is None
    administrators.unlock(user=user, by="binh", at=AT)
    assert tokens.find(text, AT) is None


def test_a_locked_account_locks_its_tokens_until_it_is_open_again() -> None:
    user = make_user()
    text = _issue(user)
    User.objects.update(is_active=False)
    assert tokens.find(text, AT) is None
    User.objects.update(is_active=True)
    assert tokens.find(text, AT) is not None


@pytest.mark.parametrize(
    ("later", "noted"),
    [(timedelta(seconds=59), AT), (timedelta(seconds=60), AT + timedelta(seconds=60))],
)
def test_the_last_use_is_noted_once_a_minute(later: timedelta, noted: datetime) -> None:
    text = _issue(make_user())
    assert ApiToken.objects.get().last_used_at is None
    tokens.find(text, AT)
    tokens.find(text, AT + later)
    assert ApiToken.objects.get().last_used_at == noted


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": " "}, "Đặt tên"),
        ({"scopes": []}, "ít nhất một quyền"),
        ({"expires_at": AT}, "hết hạn sau lúc này"),
        ({"expires_at": AT + timedelta(days=367)}, "trong vòng một năm"),
        ({"name": "taken"}, "đã có mã truy cập tên “taken”"),
    ],
)
def test_what_is_refused_writes_nothing(wrong: dict[str, Any], said: str) -> None:
    user = make_user()
    _issue(user, name="taken")
    before = Entry.objects.count()
    with pytest.raises(Refused, match=said):
        _issue(user, **wrong)
    assert (ApiToken.objects.count(), Entry.objects.count()) == (1, before)


def test_a_scope_that_does_not_exist_is_a_fault() -> None:
    with pytest.raises(ValueError, match="everything"):
        _issue(make_user(), scopes=["everything"])
