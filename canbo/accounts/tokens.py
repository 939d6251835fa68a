"""Tokens for programs: ``canbo_<number>_<secret>``. The secret is shown once; only its hash is kept."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Q

from canbo.accounts import demo
from canbo.accounts.models import ApiToken, User
from canbo.accounts.permissions import Permission
from canbo.audit.changes import change
from canbo.common.findings import Refused
from canbo.common.language import pick

LONGEST = timedelta(days=366)
_FORM = re.compile(r"canbo_([0-9]{1,18})_([A-Za-z0-9_-]{43})", re.ASCII)
_USE_NOTED_EVERY = timedelta(minutes=1)


def issue(*, user: User, name: str, scopes: Collection[Permission], expires_at: datetime, by: str, at: datetime) -> str:
    """Make a token with no more than ``scopes`` of the account's rights; gives its text, which is kept nowhere.

    :raises Refused: no name or a name in use, no scopes, or an end in the past or more than a year away.
    """
    _check(user, name, scopes, expires_at, at)
    what = {"name": name, "scopes": sorted(scopes), "expires": expires_at}
    secret = secrets.token_urlsafe(32)
    with change(by=by, at=at, action="token-issue", subject=f"account:{user.username}", detail=what):
        token = ApiToken.objects.create(
            user=user,
            name=name,
            hash=_hash(secret),
            scopes=sorted(str(Permission(scope)) for scope in set(scopes)),
            expires_at=expires_at,
        )
    return f"canbo_{token.pk}_{secret}"


def find(text: str, at: datetime) -> ApiToken | None:
    """The token of a text, if it may be used at the moment: known, not expired, not revoked, its account open.

    A random secret of 256 bits needs no slow hash. The comparison takes the same time wherever it fails.
    """
    form = _FORM.fullmatch(text)
    if form is None:
        return None
    token = ApiToken.objects.select_related("user").filter(pk=int(form[1])).first()
    kept = token.hash if token else ""
    matches = hmac.compare_digest(kept.encode(), _hash(form[2]).encode())
    if token is None or not matches or token.revoked_at is not None or at >= token.expires_at:
        return None
    if not token.user.is_active or not demo.may_be_used(token.user):
        return None
    _note_use(token, at)
    return token


def revoke(*, token: ApiToken, by: str, at: datetime) -> None:
    """End a token at once. One that was revoked before stays as it is."""
    if token.revoked_at is not None:
        return
    what = {"name": token.name, "token": token.pk}
    with change(by=by, at=at, action="token-revoke", subject=f"account:{token.user.username}", detail=what):
        token.revoked_at = at
        token.save(update_fields=["revoked_at"])


def revoke_all(*, user: User, by: str, at: datetime) -> int:
    """End all tokens of an account; gives how many."""
    open_tokens = list(ApiToken.objects.filter(user=user, revoked_at__isnull=True))
    for token in open_tokens:
        revoke(token=token, by=by, at=at)
    return len(open_tokens)


def _note_use(token: ApiToken, at: datetime) -> None:
    """Once a minute is enough: a program that asks often must not write as often."""
    ApiToken.objects.filter(
        Q(last_used_at__isnull=True) | Q(last_used_at__lte=at - _USE_NOTED_EVERY), pk=token.pk
    ).update(last_used_at=at)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _check(user: User, name: str, scopes: Collection[Permission], expires_at: datetime, at: datetime) -> None:
    if not name.strip():
        raise Refused(pick("Đặt tên cho mã truy cập.", "Give the token a name."))
    if not scopes:
        raise Refused(pick("Chọn ít nhất một quyền cho mã truy cập.", "Choose at least one right for the token."))
    if not at < expires_at <= at + LONGEST:
        raise Refused(
            pick(
                "Mã truy cập phải hết hạn sau lúc này và trong vòng một năm.",
                "A token must expire after now and within a year.",
            )
        )
    if ApiToken.objects.filter(user=user, name=name, revoked_at__isnull=True).exists():
        raise Refused(
            pick(
                f"Tài khoản đã có mã truy cập tên “{name}”. Thu hồi mã đó hoặc đặt tên khác.",
                f"The account has a token named “{name}”. Revoke it or choose another name.",
            )
        )
