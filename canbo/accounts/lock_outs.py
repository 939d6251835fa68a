"""The one lock-out, that of the sign-in library: its keys, so that it can be ended without a request."""

import hashlib
from typing import Any

from allauth.core.internal import ratelimit
from django.core.cache import cache

from canbo.accounts.models import User

APP, ACTION = "allauth.account", "login_failed"


def key_of(username: str) -> str:
    """What attempts are counted under: the name alone, so that another host name gives no further attempts."""
    return f"sign-in:{username.lower()}"


def end(user: User) -> None:
    """Forget the failed attempts on an account, with password and with second factor."""
    cache.delete_many([*_cache_keys(key_of(user.username)), *_cache_keys(f"mfa-auth-user-{user.pk}")])
    cache.delete(_noted_key(user.username))


def is_newly_locked(username: str, seconds: int = 900) -> bool:
    """Whether a refused attempt is the first of a lock-out: one is logged, not each of a flood."""
    return bool(cache.add(_noted_key(username), True, seconds))


def _noted_key(username: str) -> str:
    return f"lock-out-noted:{hashlib.sha256(username.lower().encode()).hexdigest()}"


def _cache_keys(key: str) -> list[str]:
    rates: list[Any] = ratelimit.get_rates(app=APP, action=ACTION)
    return [
        ratelimit.get_cache_key(None, app=APP, action=ACTION, rate=rate, key=key) for rate in rates if rate.per == "key"
    ]
