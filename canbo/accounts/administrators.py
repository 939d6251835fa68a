"""Accounts as administrators keep them: the first administrator, new accounts, closing, new passwords, locks."""

import re
from datetime import date, datetime

from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError

from canbo.accounts import demo, lock_outs, mandates, tokens
from canbo.accounts.last_administrator import ADMINISTRATOR, administrators, keep_one
from canbo.accounts.models import User
from canbo.audit.changes import change
from canbo.common.findings import Refused
from canbo.common.language import pick

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}", re.ASCII)


def find_account(username: str) -> User:
    """The account of a name.

    :raises Refused: there is none.
    """
    user = User.objects.filter(username=username.lower()).first()
    if user is None:
        raise Refused(pick(f"Không có tài khoản “{username}”.", f"There is no account “{username}”."))
    return user


def create_account(
    *,
    username: str,
    password: str,
    by: str,
    at: datetime,
    last_name: str = "",
    person_code: str = "",
    is_demo: bool = False,
) -> User:
    """A new account; it may do nothing until it is given a mandate.

    :raises Refused: a name that is taken or not allowed, a weak password, a demonstration account in a real house.
    """
    if is_demo:
        demo.refuse_in_real_installation()
    _check_name(username)
    user = User(username=username, last_name=last_name, person_code=person_code, is_demo=is_demo)
    _check_password(password, user)
    user.set_password(password)
    what = {"person": person_code, "demo": is_demo}
    with change(by=by, at=at, action="account-create", subject=f"account:{username}", detail=what):
        user.save()
    return user


def create_administrator(*, username: str, password: str, on: date, by: str, at: datetime) -> User:
    """The first administrator; a further one only from the machine's command line (``by`` begins with ``cli:``).

    :raises Refused: there is one already and ``by`` is not the command line; or as ``create_account``.
    """
    if administrators(on).exists() and not by.startswith("cli:"):
        raise Refused(
            pick(
                "Hệ thống đã có quản trị viên. Nhờ người đó tạo tài khoản, hoặc dùng lệnh “canbo account "
                "create-administrator” tại máy chủ.",
                "There is an administrator already. Ask for an account, or use “canbo account create-administrator” "
                "on the server.",
            )
        )
    with change(by=by, at=at, action="administrator-create", subject=f"account:{username}"):
        user = create_account(username=username, password=password, by=by, at=at)
        mandates.grant(user=user, role=ADMINISTRATOR, valid_from=on, by=by, at=at)
    return user


def close_account(*, user: User, on: date, by: str, at: datetime) -> None:
    """Close an account: it signs in no more, its tokens and sessions end. Nothing of it is removed.

    :raises Refused: it is the last administrator.
    """
    with change(by=by, at=at, action="account-close", subject=f"account:{user.username}"):
        was_administrator = administrators(on).filter(user=user).exists()
        _set_active(user, False)
        tokens.revoke_all(user=user, by=by, at=at)
        end_sessions(user)
        if was_administrator:
            keep_one(on=on)


def unlock(*, user: User, by: str, at: datetime) -> None:
    """Open a closed account, and end a lock-out after wrong passwords or codes."""
    with change(by=by, at=at, action="account-unlock", subject=f"account:{user.username}"):
        _set_active(user, True)
        lock_outs.end(user)


def reset_password(*, user: User, password: str, by: str, at: datetime) -> None:
    """Set another password: all sessions end, a lock-out too.

    :raises Refused: a weak password.
    """
    _check_password(password, user)
    with change(by=by, at=at, action="password-reset", subject=f"account:{user.username}"):
        user.set_password(password)
        user.save(update_fields=["password"])
        end_sessions(user)
        lock_outs.end(user)


def end_sessions(user: User) -> None:
    """Sign an account out everywhere, also where it has given its password and not yet its second factor."""
    pending = user_pk_to_url_str(user)
    for session in Session.objects.all().iterator():
        held = session.get_decoded()
        if held.get("_auth_user_id") == str(user.pk) or held.get("account_login", {}).get("user_pk") == pending:
            session.delete()


def _set_active(user: User, active: bool) -> None:
    user.is_active = active
    user.save(update_fields=["is_active"])


def _check_name(username: str) -> None:
    if not _NAME.fullmatch(username):
        raise Refused(
            pick(
                f"Tên tài khoản “{username}” không dùng được. Dùng từ 2 đến 64 chữ thường không dấu, chữ số, dấu chấm, "
                "gạch dưới hoặc gạch ngang.",
                f"The name “{username}” cannot be used. Use 2 to 64 small letters without marks, digits, dots, "
                "underscores or hyphens.",
            )
        )
    if User.objects.filter(username=username).exists():
        raise Refused(pick(f"Đã có tài khoản “{username}”.", f"There is an account “{username}” already."))


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refused(
            pick("Mật khẩu chưa đủ mạnh: ", "The password is too weak: ") + " ".join(error.messages)
        ) from error
