"""The own account: what it may do, how it signs in, where it is signed in, and its language."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localtime
from django.views.decorators.http import require_POST

from canbo.accounts import second_factors, sign_ins
from canbo.accounts.models import Mandate, User
from canbo.accounts.roles import ROLES
from canbo.accounts.sessions import LONGEST
from canbo.audit.changes import change
from canbo.codes import code_list
from canbo.common.language import pick
from canbo.register.models import UnitVersion
from canbo.web.accounts.role_words import may
from canbo.web.frame import show
from canbo.web.visitors import page, visitor

_IDLE = timedelta(seconds=settings.SESSION_COOKIE_AGE)


@dataclass(frozen=True)
class Held:
    """A mandate in words; ``until``: the last day on which it holds; ``state``: now, later or over."""

    role: str
    may: str
    tiers: str
    unit: str
    since: date
    until: date | None
    state: str


@dataclass(frozen=True)
class SignedIn:
    """A session of the account that may still be used."""

    key: str
    began: datetime
    used: datetime
    ends: datetime
    is_this: bool


@dataclass(frozen=True)
class Factor:
    """The second factor; ``codes``: how many recovery codes are left."""

    is_on: bool
    is_needed: bool
    codes: int


@page()
def own_account(request: HttpRequest) -> HttpResponse:
    """All of it on one page."""
    visiting = visitor(request)
    user = User.objects.get(username=visiting.by)
    held = _mandates(user, visiting.day)
    return show(
        request,
        "own/account.html",
        here="own_account",
        account=user,
        full_name=user.get_full_name(),
        now=[one for one in held if one.state == "now"],
        later=[one for one in held if one.state == "later"],
        over=[one for one in held if one.state == "over"],
        factor=_factor(user, visiting.day),
        sessions=_sessions(user, visiting.at, request.session.session_key),
        idle=int(_IDLE.total_seconds() // 60),
        longest=int(LONGEST.total_seconds() // 3600),
    )


@require_POST
@page()
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """Sign the account out everywhere but here."""
    visiting = visitor(request)
    user = User.objects.get(username=visiting.by)
    others = [one.key for one in _sessions(user, visiting.at, request.session.session_key) if not one.is_this]
    with change(
        by=visiting.by,
        at=visiting.at,
        action="sessions-end",
        subject=f"account:{visiting.by}",
        detail={"ended": len(others)},
    ):
        Session.objects.filter(session_key__in=others).delete()
    messages.success(
        request,
        pick(f"Đã kết thúc {len(others)} phiên khác.", f"Ended {len(others)} other session{'s'[: len(others) != 1]}."),
        extra_tags="met",
    )
    return redirect("own_account", permanent=False)


def _mandates(user: User, day: date) -> list[Held]:
    rows = list(Mandate.objects.filter(user=user).order_by("valid_from", "id"))
    names = _unit_names({row.unit_code for row in rows if row.unit_code}, day)
    return [
        Held(
            ROLES[row.role].label,
            may(ROLES[row.role]),
            _tiers(row.tiers),
            names.get(row.unit_code, row.unit_code) or pick("Toàn tỉnh", "The whole province"),
            row.valid_from,
            row.valid_to and row.valid_to - timedelta(days=1),
            _state(row, day),
        )
        for row in rows
    ]


def _state(mandate: Mandate, day: date) -> str:
    if mandate.valid_from > day:
        return "later"
    return "over" if mandate.valid_to is not None and mandate.valid_to <= day else "now"


def _unit_names(codes: Collection[str], day: date) -> dict[str, str]:
    """The name of each unit on the day, or its last one before where it is gone."""
    found = UnitVersion.objects.filter(unit__code__in=codes, valid_from__lte=day).order_by("valid_from")
    return dict(found.values_list("unit__code", "name"))


def _tiers(tiers: Collection[str] | None) -> str:
    if tiers is None:
        return pick("Mọi diện quản lý", "Every management tier")
    return "; ".join(code_list("managed_by").codes[tier].label for tier in tiers)


def _factor(user: User, day: date) -> Factor:
    held = {one.type: one for one in Authenticator.objects.filter(user=user)}
    codes = held.get(Authenticator.Type.RECOVERY_CODES)
    left = len(codes.wrap().get_unused_codes()) if codes else 0
    return Factor(Authenticator.Type.TOTP in held, second_factors.is_needed(user, day), left)


def _sessions(user: User, at: datetime, this: str | None) -> list[SignedIn]:
    """The account's sessions, the latest used first. Whose a session is stands only inside it."""
    found = []
    for session in Session.objects.filter(expire_date__gt=at).iterator():
        held = session.get_decoded()
        began = held.get(sign_ins.BEGAN)
        if held.get("_auth_user_id") != str(user.pk) or began is None:
            continue
        start = localtime(datetime.fromtimestamp(began, tz=at.tzinfo))
        if start + LONGEST <= at:
            continue
        ends = min(start + LONGEST, session.expire_date)
        used = max(start, session.expire_date - _IDLE)
        found.append(SignedIn(session.session_key, start, used, ends, session.session_key == this))
    return sorted(found, key=lambda one: (one.is_this, one.used), reverse=True)
