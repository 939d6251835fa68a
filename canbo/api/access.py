"""Who asks: a token or a session, what it may do today, and how often it asks. Each operation names what it needs."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.timezone import localdate
from ninja.security import APIKeyCookie, HttpBearer
from ninja.utils import check_csrf

from canbo.accounts import tokens
from canbo.accounts.callers import Caller
from canbo.accounts.mandates import scope_of
from canbo.accounts.models import User
from canbo.accounts.permissions import Permission
from canbo.accounts.sessions import moment_of
from canbo.api import rates
from canbo.api.faults import Denied, forbidden
from canbo.common.language import pick


def caller(request: HttpRequest) -> Caller:
    """Who asks; set by the check before the operation."""
    found: Caller = vars(request)["auth"]
    return found


def needs(*permissions: Permission, whole: bool = False) -> list[Any]:
    """What an operation needs: all of the permissions; ``whole``: over the whole province and every tier."""
    return [Bearer(permissions, whole), Session(permissions, whole)]


class Bearer(HttpBearer):
    """``Authorization: Bearer canbo_…``: no more than the token's scopes and the account's rights."""

    def __init__(self, permissions: Iterable[Permission], whole: bool) -> None:
        super().__init__()
        self.permissions, self.whole = tuple(permissions), whole

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        """The caller; None where the token may not be used."""
        address = _address(request)
        _limit(rates.ADDRESSES, address)
        at = moment_of(request)
        found = tokens.find(token, at)
        if found is None:
            _limit(rates.STRANGERS, address)
            return None
        _limit(rates.CALLERS, f"token:{found.pk}")
        scope = scope_of(found.user, localdate(at)).narrowed(Permission(one) for one in found.scopes)
        return _checked(Caller(scope, at), self.permissions, self.whole)


class Session(APIKeyCookie):
    """The session of the pages; what changes something needs their token against forged requests."""

    param_name = settings.SESSION_COOKIE_NAME

    def __init__(self, permissions: Iterable[Permission], whole: bool) -> None:
        super().__init__(csrf=True)
        self.permissions, self.whole = tuple(permissions), whole

    def __call__(self, request: HttpRequest) -> Caller | None:
        """The caller; None where nobody is signed in."""
        if not request.user.is_authenticated or request.headers.get("Authorization"):
            return None
        return self.authenticate(request, None)

    def authenticate(self, request: HttpRequest, key: str | None) -> Caller | None:
        """The caller of the session."""
        _limit(rates.ADDRESSES, _address(request))
        if check_csrf(request) is not None:
            raise forbidden(
                pick(
                    "Thiếu mã chống giả mạo (CSRF). Hãy tải lại trang rồi làm lại.",
                    "The token against forged requests (CSRF) is missing. Reload the page and try again.",
                )
            )
        at = moment_of(request)
        _limit(rates.CALLERS, f"account:{request.user.pk}")
        assert isinstance(request.user, User)  # ``__call__`` lets nobody else come here
        return _checked(Caller(scope_of(request.user, localdate(at)), at), self.permissions, self.whole)


def _checked(found: Caller, permissions: tuple[Permission, ...], whole: bool) -> Caller:
    if not all(found.scope.allows(permission) for permission in permissions):
        raise forbidden()
    if whole and not all(found.is_unlimited(permission) for permission in permissions):
        raise forbidden(
            pick(
                "Việc này chạm đến toàn tỉnh; nhiệm vụ của tài khoản chỉ ở một phần. Nhờ tài khoản có nhiệm vụ toàn "
                "tỉnh, mọi diện quản lý, thực hiện.",
                "This reaches the whole province; the account's mandate covers a part. Ask an account with a mandate "
                "over the whole province and every tier.",
            )
        )
    return found


def _limit(buckets: rates.Buckets, key: str) -> None:
    wait = buckets.take(key)
    if wait is not None:
        raise Denied(
            429,
            pick(f"Quá nhiều yêu cầu. Thử lại sau {wait} giây.", f"Too many requests. Try again in {wait} s."),
            wait=wait,
        )


def _address(request: HttpRequest) -> str:
    """The address of who asks, behind as many proxies as the installation names."""
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    proxies: int = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    if proxies and len(forwarded) >= proxies and forwarded[-proxies]:
        return forwarded[-proxies][:64]
    return str(request.META.get("REMOTE_ADDR", ""))
