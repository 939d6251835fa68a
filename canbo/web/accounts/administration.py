"""Accounts as an administrator keeps them: who there is, what each may do, and every act on one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.timezone import localtime
from django.views.decorators.http import require_POST

from canbo.accounts import administrators, second_factors
from canbo.accounts.models import ApiToken, Mandate, User
from canbo.accounts.permissions import Permission
from canbo.accounts.roles import ROLES
from canbo.codes import code_list
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.common.text import search_key, tidy
from canbo.register.models import UnitVersion
from canbo.web.accounts import role_words
from canbo.web.accounts.deeds import DEEDS, require_same
from canbo.web.accounts.units import units_like
from canbo.web.frame import show
from canbo.web.visitors import page, visitor

MANAGE = Permission.ACCOUNTS_MANAGE


@dataclass(frozen=True)
class Account:
    """An account in the list."""

    username: str
    name: str
    roles: tuple[str, ...]
    is_open: bool
    is_demo: bool
    has_second_factor: bool
    needs_second_factor: bool
    last_login: datetime | None


@dataclass(frozen=True)
class Given:
    """A mandate in words. ``state``: now, later or over."""

    id: int
    role: str
    may: str
    reach: str
    period: str
    state: str


@page(MANAGE)
def accounts(request: HttpRequest) -> HttpResponse:
    """All accounts by name, with their roles of today."""
    asked = visitor(request)
    text, state = tidy(request.GET.get("q", "")), request.GET.get("state", "")
    found = [one for one in _accounts(asked.day) if _fits(one, text, state)]
    return show(request, "accounts/accounts.html", here="accounts", accounts=found, q=text, state=state)


@page(MANAGE)
def account(request: HttpRequest, name: str) -> HttpResponse:
    """One account: who it is, its mandates, and what can be done."""
    return _shown(request, _account(name))


@page(MANAGE)
def new_account(request: HttpRequest) -> HttpResponse:
    """A new account; the form comes back with the fault where it is refused."""
    asked, given = visitor(request), request.POST
    fault = ""
    if request.method == "POST":
        try:
            require_same(given)
            made = administrators.create_account(
                username=tidy(given.get("username", "")).lower(), password=given.get("password", ""),
                last_name=tidy(given.get("name", "")), person_code=tidy(given.get("person", "")),
                by=asked.by, at=asked.at,
            )  # fmt: skip
        except Refused as refused:
            fault = refused.message
        else:
            told = pick(
                f"Đã tạo tài khoản “{made.username}”. Tài khoản chưa làm được gì cho đến khi được giao nhiệm vụ.",
                f"The account “{made.username}” is created. It may do nothing until it is given a mandate.",
            )
            return _done(request, made, told)
    status = 422 if fault else 200
    return show(request, "accounts/new.html", here="accounts", fault=fault, given=given, status=status)


@require_POST
@page(MANAGE)
def act(request: HttpRequest, name: str, deed: str) -> HttpResponse:
    """Do one thing to an account and say so; what is refused is said beside the form, which keeps what was typed."""
    user, asked = _account(name), visitor(request)
    if deed not in DEEDS:
        raise Http404
    try:
        told = DEEDS[deed](user, asked, request.POST)
    except Refused as refused:
        return _shown(request, user, deed=deed, fault=refused.message, given=request.POST, status=422)
    return _done(request, user, told)


@page(MANAGE)
def units(request: HttpRequest) -> HttpResponse:
    """Names of units that have what is being typed, for the field of the unit."""
    text = request.GET.get("unit", "")[:100]
    found = units_like(text, visitor(request).day) if len(text) > 1 else []
    return HttpResponse(
        format_html_join("", '<option value="{} ({})"></option>', ((name, code) for code, name in found))
    )


def _account(name: str) -> User:
    found = User.objects.filter(username=name).first()
    if found is None:
        raise Http404
    return found


def _done(request: HttpRequest, user: User, told: str) -> HttpResponse:
    messages.success(request, told, extra_tags="met")
    return HttpResponseRedirect(reverse("account", args=[user.username]), status=303)


def _shown(
    request: HttpRequest,
    user: User,
    *,
    deed: str = "",
    fault: str = "",
    given: QueryDict | None = None,
    status: int = 200,
) -> HttpResponse:
    asked = visitor(request)
    rows = list(Mandate.objects.filter(user=user).order_by("-valid_from", "-id"))
    found = UnitVersion.objects.as_of(asked.day).filter(unit__code__in={one.unit_code for one in rows})
    names = dict(found.values_list("unit__code", "name"))
    given_now = [_given(one, names, asked.day) for one in rows]
    roles = {
        one.role for one in rows if one.valid_from <= asked.day and not (one.valid_to and one.valid_to <= asked.day)
    }
    open_tokens = ApiToken.objects.filter(user=user, revoked_at__isnull=True, expires_at__gt=asked.at)
    context: dict[str, Any] = {
        "account": user,
        "mandates": sorted(given_now, key=lambda one: ("now", "later", "over").index(one.state)),
        "has_second_factor": second_factors.has_one(user),
        "needs_second_factor": any(ROLES[one].needs_second_factor for one in roles),
        "is_self": user.username == asked.by,
        "tokens": [(one.pk, one.name, ", ".join(one.scopes), localtime(one.expires_at)) for one in open_tokens],
        "roles": role_words.offered(),
        "tiers": [(one.key, one.label) for one in code_list("managed_by").codes.values()],
        "deed": deed,
        "fault": fault,
        "given": given if given is not None else {},
        "given_tiers": given.getlist("tier") if given is not None else [],
        "today": asked.day,
        "reads_log": asked.scope.allows(Permission.LOG_READ),
    }
    return show(request, "accounts/account.html", here="accounts", status=status, **context)


def _given(mandate: Mandate, names: Mapping[str, str], day: date) -> Given:
    state = "later" if mandate.valid_from > day else "now"
    if mandate.valid_to is not None and mandate.valid_to <= day:
        state = "over"
    role = ROLES[mandate.role]
    reach = role_words.reach_words(mandate, names)
    return Given(mandate.pk, role.label, role_words.may(role), reach, role_words.period_words(mandate), state)


def _accounts(day: date) -> list[Account]:
    roles: dict[int, list[str]] = {}
    for user_id, role in Mandate.objects.as_of(day).order_by("id").values_list("user_id", "role"):
        if role not in roles.setdefault(user_id, []):
            roles[user_id].append(role)
    secured = set(Authenticator.objects.filter(type=Authenticator.Type.TOTP).values_list("user_id", flat=True))
    return [
        Account(
            user.username,
            user.last_name,
            tuple(ROLES[one].label for one in roles.get(user.pk, ())),
            user.is_active,
            user.is_demo,
            user.pk in secured,
            any(ROLES[one].needs_second_factor for one in roles.get(user.pk, ())),
            user.last_login,
        )
        for user in User.objects.order_by("username")
    ]


def _fits(one: Account, text: str, state: str) -> bool:
    if state in ("open", "closed") and one.is_open != (state == "open"):
        return False
    key = search_key(text)
    return not key or key in search_key(f"{one.username} {one.name}")
