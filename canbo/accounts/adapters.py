"""How the sign-in library is bound to the house: nobody signs up, lock-outs are logged, secrets are kept encrypted."""

import base64
import hashlib
from functools import lru_cache
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount
from cryptography.fernet import Fernet
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate

from canbo.accounts import demo, lock_outs, second_factors, sign_ins
from canbo.accounts.models import User
from canbo.installation.home import secret


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in with name and password."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are given out, never taken."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt; log the first one that the lock-out refuses."""
        username = str(credentials.get("username") or "")
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            if lock_outs.is_newly_locked(username):
                sign_ins.log(request, "lock-out", username)
            raise

    def pre_login(self, request: HttpRequest, user: User, **more: Any) -> HttpResponse | None:
        """Also where another service vouches for the account, it must be open and allowed here."""
        if not demo.may_be_used(user):
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **more)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        return lock_outs.key_of(str(credentials.get("username") or ""))


class SocialAdapter(DefaultSocialAccountAdapter):
    """Sign-in through the province's own identity service (OpenID Connect), for accounts that exist."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """A stranger whom the service knows stays a stranger."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Tie an identity to the account of the same name, once; from then on its number at the service decides.

        Who configures the service trusts it to give each name to one person.
        """
        if sociallogin.is_existing:
            return
        account = sociallogin.account
        extra = account.extra_data
        claims = extra.get("userinfo") or extra.get("id_token") or extra
        name = str(claims.get("preferred_username") or "").lower()
        user = User.objects.filter(username=name, is_active=True).first() if name else None
        taken = user is not None and SocialAccount.objects.filter(user=user, provider=account.provider).exists()
        if user is None or taken:
            sign_ins.log(request, "sign-in-failed", name, service=account.provider)
            return
        sociallogin.connect(request, user)
        sign_ins.log(request, "account-tied", name, service=account.provider)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second factors: their secrets are encrypted with one of the installation, which no dump of the database has."""

    def encrypt(self, text: str) -> str:
        """What the database keeps."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """What the database kept."""
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        """Not while a mandate asks for a second factor."""
        at = sign_ins.moment_of(context.request)
        return at is not None and not second_factors.is_needed(authenticator.user, localdate(at))


@lru_cache(maxsize=1)
def _cipher() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(secret("second-factor").encode()).digest()))
