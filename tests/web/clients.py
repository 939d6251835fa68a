"""Accounts made for a test and signed in, without a browser."""

import time
from typing import Any

from allauth.mfa.models import Authenticator
from django.test import Client

from canbo.accounts import sign_ins
from canbo.accounts.models import Mandate, User
from tests.register.makers import START


def client_of(role: str, unit: str = "", tiers: list[str] | None = None) -> Client:
    """A client signed in as an account with one mandate, made where there is none yet: “leader.n”."""
    user, made = User.objects.get_or_create(username=f"{role}.{unit or 'all'}".lower())
    if made:
        Mandate.objects.create(user=user, role=role, unit_code=unit, tiers=tiers, valid_from=START)
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "-"})
    return signed_in(user)


def signed_in(user: Any) -> Client:
    """A client signed in as the account, as by the sign-in pages."""
    client = Client()
    client.force_login(user, backend="canbo.accounts.sign_ins.Backend")
    session = client.session
    session[sign_ins.BEGAN] = time.time()
    session.save()
    return client
