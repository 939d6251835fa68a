"""How the sign-in library is bound to the house: nobody signs up, lock-outs are logged, secrets are kept encrypted."""

import base64
import hashlib
from functools import lru_cache
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.base.constants import AuthError
from cryptography.fernet import Fernet
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate
from requests import RequestException

from canbo.accounts import demo, lock_outs, second_factors, sign_ins
from canbo.accounts.models import User
from canbo.common.language import pick
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

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """For whom the service vouches and whose account is closed; a password alone does not come this far."""
        sign_ins.log(request, "sign-in-failed", user.username, reason="closed")
        return sign_ins.refusal(
            request,
            pick(
                f"Tài khoản “{user.username}” đã đóng. Nhờ quản trị viên mở lại.",
                f"The account “{user.username}” is closed. Ask an administrator to open it.",
            ),
        )

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        return lock_outs.key_of(str(credentials.get("username") or ""))


class SocialAdapter(DefaultSocialAccountAdapter):
    """Sign-in through the province's own identity service (OpenID Connect), for accounts that exist."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """A stranger whom the service knows stays a stranger."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Tie an identity to the account of the same name, once; from then on its number at the service decides.

        By the name that the service claims for it, and not by an e-mail address: accounts have a name, given out by an
        administrator, and no address that anybody proved. Who configures the service trusts it to give each name to one
        person. A second factor is asked for as with a password, whatever the service says that it asked for.
        """
        if sociallogin.is_existing:
            return
        account = sociallogin.account
        name = account.extra_data["name"]
        with transaction.atomic():
            user = User.objects.select_for_update().filter(username=name, is_active=True).first() if name else None
            if user is not None and not _is_tied(user, account):
                sociallogin.connect(request, user)
                sign_ins.log(request, "account-tied", name, service=account.provider, identity=account.uid)
                return
        sign_ins.log(request, "sign-in-failed", name, service=account.provider, reason="no-account", claimed=name)
        raise ImmediateHttpResponse(sign_ins.refusal(request, _no_account(name)))

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> None:
        """Log the attempt and say in one sentence what to do; what exactly was wrong is told to nobody outside."""
        reason = _reason(error, exception, extra_context or {})
        if ratelimit.consume(request, app=lock_outs.APP, action="identity_failed", limit_get=True):
            sign_ins.log(request, "sign-in-failed", "", service=provider.sub_id, reason=reason)
        raise ImmediateHttpResponse(sign_ins.refusal(request, _sentence(reason)))


def _is_tied(user: User, account: SocialAccount) -> bool:
    """Whether the account belongs to another identity of the same service already."""
    tied = SocialAccount.objects.filter(user=user, provider=account.provider)
    return bool(tied.filter(extra_data__iss=account.extra_data["iss"]).exists())


def _no_account(name: str) -> str:
    return pick(
        f"Dịch vụ đăng nhập xác nhận bạn là “{name}”, nhưng CanBo không có tài khoản đang mở tên ấy, hoặc tài khoản ấy "
        "đã gắn với một danh tính khác. Nhờ quản trị viên.",
        f"The identity service vouches for you as “{name}”, but CanBo has no open account of that name, or it is tied "
        "to another identity. Ask an administrator.",
    )


def _reason(error: Any, exception: Any, context: dict[str, Any]) -> str:
    if error == AuthError.CANCELLED:
        return "cancelled"
    if isinstance(exception, RequestException):
        return "silent"
    return "foreign" if "state_id" in context else "unproved"


def _sentence(reason: str) -> str:
    return {
        "cancelled": pick(
            "Bạn đã thôi đăng nhập ở dịch vụ đăng nhập. Hãy đăng nhập lại.",
            "You cancelled at the identity service. Sign in again.",
        ),
        "silent": pick(
            "Dịch vụ đăng nhập không trả lời. Hãy đăng nhập bằng mật khẩu, hoặc báo quản trị viên.",
            "The identity service does not answer. Sign in with your password, or tell an administrator.",
        ),
        "foreign": pick(
            "Lần đăng nhập này không bắt đầu từ trình duyệt này, hoặc đã quá 10 phút. Hãy đăng nhập lại từ đầu.",
            "This sign-in did not begin in this browser, or more than 10 minutes ago. Begin again.",
        ),
        "unproved": pick(
            "Câu trả lời của dịch vụ đăng nhập không hợp lệ nên bị từ chối. Hãy thử lại; nếu vẫn vậy, báo quản trị "
            "viên.",
            "The answer of the identity service is not valid and was refused. Try again; if it stays so, tell an "
            "administrator.",
        ),
    }[reason]


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
