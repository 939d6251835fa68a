"""Who may sign in, and what of signing in is logged. Receives the events of the sign-in libraries.

The moment of a request is set by the middleware that opens it (``request.moment``). What happens without a request is a
command, which logs itself.
"""

from datetime import datetime
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.signals import password_changed
from allauth.mfa import signals as second_factor
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.template.loader import render_to_string

from canbo.accounts import demo
from canbo.accounts.models import User
from canbo.audit.changes import note

BEGAN = "canbo_began"
"""Key of a session: when it was signed in, in seconds since 1970."""


class Backend(AuthenticationBackend):
    """Password sign-in; also asked at each request whether the account may still be used."""

    def user_can_authenticate(self, user: Any) -> bool:
        """Open, and no demonstration account in a real installation."""
        return bool(user.is_active) and demo.may_be_used(user)


def connect() -> None:
    """Receive the events."""
    user_logged_in.connect(_signed_in, dispatch_uid="canbo-signed-in")
    user_logged_out.connect(_signed_out, dispatch_uid="canbo-signed-out")
    user_login_failed.connect(_failed, dispatch_uid="canbo-sign-in-failed")
    password_changed.connect(_password_changed, dispatch_uid="canbo-password-changed")
    second_factor.authenticator_added.connect(_factor_added, dispatch_uid="canbo-factor-added")
    second_factor.authenticator_removed.connect(_factor_removed, dispatch_uid="canbo-factor-removed")
    second_factor.authenticator_reset.connect(_factor_renewed, dispatch_uid="canbo-factor-renewed")
    second_factor.authentication_failed.connect(_factor_failed, dispatch_uid="canbo-factor-failed")


def moment_of(request: HttpRequest | None) -> datetime | None:
    """When the request came in; None for what is no request."""
    return getattr(request, "moment", None)


def log(request: HttpRequest | None, action: str, username: str, **detail: str) -> None:
    """Log an event of signing in.

    What was typed as a name is logged only where there is such an account: it may be a password in the wrong field.
    """
    at = moment_of(request)
    if at is None:
        return
    known = User.objects.filter(username=username.lower()).exists()
    name = username.lower() if known else ""
    note(by=name or "anonymous", at=at, action=action, subject=f"account:{name or '?'}", detail=detail)


def refusal(request: HttpRequest, sentence: str) -> HttpResponse:
    """A page that says why somebody is not let in, and leads back to the beginning."""
    return HttpResponseForbidden(render_to_string("account/refused.html", {"sentence": sentence}, request))


def _signed_in(request: HttpRequest, user: User, **_: Any) -> None:
    at = moment_of(request)
    if at is not None:
        request.session[BEGAN] = at.timestamp()
    log(request, "sign-in", user.username)


def _signed_out(request: HttpRequest, user: User | None, **_: Any) -> None:
    if user is not None:
        log(request, "sign-out", user.username)


def _failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    log(request, "sign-in-failed", str(credentials.get("username") or ""))


def _password_changed(request: HttpRequest, user: User, **_: Any) -> None:
    log(request, "password-change", user.username)


def _factor_added(request: HttpRequest, user: User, authenticator: Any, **_: Any) -> None:
    log(request, "second-factor-added", user.username, kind=authenticator.type)


def _factor_removed(request: HttpRequest, user: User, authenticator: Any, **_: Any) -> None:
    log(request, "second-factor-removed", user.username, kind=authenticator.type)


def _factor_renewed(request: HttpRequest, user: User, authenticator: Any, **_: Any) -> None:
    log(request, "second-factor-renewed", user.username, kind=authenticator.type)


def _factor_failed(request: HttpRequest, user: User, authenticator: Any, **_: Any) -> None:
    log(request, "second-factor-failed", user.username, kind=authenticator.type)
