"""Accounts made by hand for tests."""

from datetime import UTC, date, datetime
from typing import Any

from canbo.accounts import administrators, mandates
from canbo.accounts.models import User

DAY = date(2025, 3, 1)
AT = datetime(2025, 3, 1, 5, tzinfo=UTC)
PASSWORD = "mười hai con giáp"


def make_user(name: str = "an", **more: Any) -> User:
    """An account without a mandate."""
    return administrators.create_account(username=name, password=PASSWORD, by="cli:root", at=AT, **more)


def make_admin(name: str) -> User:
    """An administrator without end."""
    return administrators.create_administrator(username=name, password=PASSWORD, on=DAY, by="cli:root", at=AT)


def give(user: User, role: str, **more: Any) -> Any:
    """A mandate from ``DAY``."""
    return mandates.grant(**({"user": user, "role": role, "valid_from": DAY, "by": "cli:root", "at": AT} | more))
