"""The first administrator, the last one, lost second factors, demonstration accounts, and the commands for all that."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import identify_hasher
from typer.testing import CliRunner

from canbo.accounts import administrators, demo, mandates, second_factors, tokens
from canbo.accounts.models import ApiToken, Mandate, User
from canbo.accounts.permissions import Permission
from canbo.audit.models import Entry
from canbo.cli import account
from canbo.common.findings import Refused
from tests.accounts.makers import AT, DAY, PASSWORD, give, make_admin, make_user
from tests.register.makers import make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def own_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An installation's folder of this test's own, so that it can be marked."""
    monkeypatch.setenv("CANBO_HOME", str(tmp_path))
    return tmp_path


def test_anybody_may_make_the_first_administrator_and_only_the_machine_a_second() -> None:
    first = administrators.create_administrator(username="first", password=PASSWORD, on=DAY, by="web", at=AT)
    assert mandates.scope_of(first, DAY).allows(Permission.ACCOUNTS_MANAGE)
    with pytest.raises(Refused, match="đã có quản trị viên"):
        administrators.create_administrator(username="second", password=PASSWORD, on=DAY, by="web", at=AT)
    make_admin("third")
    assert set(User.objects.values_list("username", flat=True)) == {"first", "third"}


def test_a_closed_administrator_is_none() -> None:
    administrators.create_administrator(username="first", password=PASSWORD, on=DAY, by="web", at=AT)
    User.objects.update(is_active=False)
    administrators.create_administrator(username="second", password=PASSWORD, on=DAY, by="web", at=AT)
    assert Mandate.objects.count() == 2


def test_the_password_is_kept_as_argon2() -> None:
    assert identify_hasher(make_user().password).algorithm == "argon2"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"username": "Nguyễn"}, "không dùng được"),
        ({"username": "AN"}, "không dùng được"),
        ({"username": "a"}, "không dùng được"),
        ({"username": "an\n"}, "không dùng được"),
        ({"username": "x" * 65}, "không dùng được"),
        ({"username": "taken"}, "Đã có tài khoản"),
        ({"password": "ngắn quá"}, "Mật khẩu chưa đủ mạnh"),
        ({"password": "123456789012345"}, "Mật khẩu chưa đủ mạnh"),
        ({"username": "nguyen.van.an", "password": "nguyen.van.an"}, "Mật khẩu chưa đủ mạnh"),
    ],
)
def test_what_is_refused_makes_no_account(wrong: dict[str, str], said: str) -> None:
    make_user("taken")
    with pytest.raises(Refused, match=said):
        administrators.create_account(**({"username": "an", "password": PASSWORD} | wrong), by="cli:root", at=AT)
    assert (User.objects.count(), Entry.objects.count()) == (1, 1)


def test_the_last_administrator_cannot_be_closed() -> None:
    first, second = make_admin("first"), make_admin("second")
    administrators.close_account(user=first, on=DAY, by="second", at=AT)
    with pytest.raises(Refused, match="quản trị viên cuối cùng"):
        administrators.close_account(user=second, on=DAY, by="second", at=AT)
    second.refresh_from_db()
    assert second.is_active
    assert not Entry.objects.filter(action="account-close", subject="account:second").exists()


def test_closing_other_accounts_needs_no_administrator() -> None:
    user = make_user()
    give(user, "specialist")
    administrators.close_account(user=user, on=DAY, by="cli:root", at=AT)
    user.refresh_from_db()
    assert not user.is_active


def _with_second_factor(user: User) -> User:
    for kind in (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES):
        Authenticator.objects.create(user=user, type=kind, data={})
    return user


def test_a_lost_second_factor_is_reset_by_another_and_logged() -> None:
    user = _with_second_factor(make_admin("first"))
    with pytest.raises(Refused, match="tự bỏ yếu tố"):
        second_factors.reset(user=user, by="first", at=AT)
    assert second_factors.has_one(user)
    second_factors.reset(user=user, by="cli:root", at=AT)
    assert not Authenticator.objects.exists()
    entry = Entry.objects.get(action="second-factor-reset")
    assert (entry.actor, entry.subject, entry.detail) == ("cli:root", "account:first", {"removed": 2})


@pytest.mark.parametrize(
    ("role", "needed"), [("specialist", True), ("it_admin", True), ("leader", False), ("person", False)]
)
def test_a_second_factor_is_needed_while_the_mandate_holds(role: str, needed: bool) -> None:
    user = make_user()
    give(user, role, valid_to=DAY.replace(day=2))
    assert second_factors.is_needed(user, DAY) is needed
    assert not second_factors.is_needed(user, DAY.replace(day=2))


def test_demonstration_accounts_cannot_exist_in_a_real_installation(own_home: Path) -> None:
    with pytest.raises(Refused, match="hệ thống thật"):
        make_user("demo", is_demo=True)
    assert not User.objects.exists()


def test_a_demonstration_has_demonstration_accounts(own_home: Path) -> None:
    demo.mark_installation()
    user = make_user("demo", is_demo=True)
    give(user, "specialist")
    assert mandates.scope_of(user, DAY).allows(Permission.PEOPLE_READ)


def test_a_demonstration_account_that_was_copied_is_of_no_use(own_home: Path) -> None:
    demo.mark_installation()
    user = make_user("demo", is_demo=True)
    give(user, "specialist")
    text = tokens.issue(
        user=user, name="t", scopes=[Permission.PEOPLE_READ], expires_at=AT.replace(day=2), by="x", at=AT
    )
    (own_home / "demonstration").unlink()
    assert not mandates.scope_of(user, DAY).grants
    assert tokens.find(text, AT) is None


def test_an_installation_with_accounts_does_not_become_a_demonstration(own_home: Path) -> None:
    make_user()
    with pytest.raises(Refused, match="tài khoản thật"):
        demo.mark_installation()
    assert not demo.is_demonstration()


def test_a_demonstration_administrator_does_not_count_in_a_real_installation(own_home: Path) -> None:
    demo.mark_installation()
    give(make_user("demo", is_demo=True), "it_admin")
    (own_home / "demonstration").unlink()
    administrators.create_administrator(username="first", password=PASSWORD, on=DAY, by="web", at=AT)
    assert User.objects.filter(is_demo=False).count() == 1


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Runs ``canbo account …`` on the test's database."""
    monkeypatch.setattr(account, "open_house", lambda: None)
    monkeypatch.setattr(account, "author", lambda: "cli:root")

    def run(*arguments: str, given: str = f"{PASSWORD}\n") -> Any:
        return CliRunner().invoke(account.app, list(arguments), input=given, env={"COLUMNS": "200"})

    return run


def test_commands_make_help_and_close(run: Callable[..., Any]) -> None:
    assert run("create-administrator", "first", "--password-stdin").exit_code == 0
    assert run("create", "an", "--full-name", "Lê An", "--person", "P1", "--password-stdin").exit_code == 0
    user = User.objects.get(username="an")
    assert (user.last_name, user.person_code, user.check_password(PASSWORD)) == ("Lê An", "P1", True)
    _with_second_factor(user)
    assert run("reset-second-factor", "an").exit_code == 0
    assert not second_factors.has_one(user)
    assert run("reset-password", "an", "--password-stdin", given="con rồng cháu tiên\n").exit_code == 0
    assert run("close", "an").exit_code == 0
    assert isinstance(run("close", "first").exception, Refused)
    user.refresh_from_db()
    assert (user.is_active, user.check_password("con rồng cháu tiên")) == (False, True)
    assert run("unlock", "an").exit_code == 0
    user.refresh_from_db()
    assert user.is_active


def test_commands_give_and_take_mandates(run: Callable[..., Any]) -> None:
    make_user()
    make_unit("T1")
    made = run(
        "grant", "an", "leader", "--unit", "T1", "--tier", "unit_head", "--from", "2025-03-01", "--to", "2999-12-31"
    )
    mandate = Mandate.objects.get()
    assert made.stdout == f"Đã giao nhiệm vụ số {mandate.pk}.\n"
    assert (mandate.tiers, mandate.valid_from, mandate.valid_to.isoformat()) == (["unit_head"], DAY, "3000-01-01")
    assert isinstance(run("grant", "an", "leader", "--unit", "T9").exception, Refused)
    listed = run("list").stdout
    assert "Lãnh đạo (leader)" in listed and "T1; Thủ trưởng đơn vị quản lý" in listed and "31/12/2999" in listed
    assert run("revoke", str(mandate.pk), "--on", "2025-03-01").exit_code == 0
    assert not Mandate.objects.exists()
    assert isinstance(run("revoke", "12345").exception, Refused)


def test_commands_give_and_take_tokens(run: Callable[..., Any]) -> None:
    make_user()
    last = account.today().replace(month=12, day=31).isoformat()
    text = run("token", "an", "report", "--scope", "people_read", "--scope", "export", "--to", last).stdout.strip()
    assert isinstance(run("token", "an", "other", "--scope", "everything", "--to", last).exception, Refused)
    token = ApiToken.objects.get()
    assert token.scopes == ["export", "people_read"]
    assert tokens.find(text, account.now()) == token
    assert run("revoke", "--token", str(token.pk)).exit_code == 0
    assert tokens.find(text, account.now()) is None
