"""Second factors: who needs one, who has one, and helping somebody who lost it."""

from datetime import date, datetime

from allauth.mfa.models import Authenticator

from canbo.accounts import demo, lock_outs
from canbo.accounts.administrators import end_sessions
from canbo.accounts.models import Mandate, User
from canbo.accounts.roles import ROLES
from canbo.audit.changes import change
from canbo.common.findings import Refused
from canbo.common.language import pick


def is_needed(user: User, day: date) -> bool:
    """Whether a mandate of the account on a day reads sensitive fields or gives out accounts.

    Not for a demonstration's own accounts, whose password everybody knows: they may set one up, to see how it goes.
    """
    if user.is_demo and demo.is_demonstration():
        return False
    roles = Mandate.objects.as_of(day).filter(user=user).values_list("role", flat=True)
    return any(ROLES[role].needs_second_factor for role in roles)


def has_one(user: User) -> bool:
    """Whether the account signs in with a second factor."""
    return bool(Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists())


def reset(*, user: User, by: str, at: datetime) -> None:
    """Remove a lost second factor with its recovery codes; the account sets up a new one when it next signs in.

    All its sessions end: whoever found the device is out too.

    :raises Refused: one's own; another administrator or the command line must help.
    """
    if by == user.username:
        raise Refused(
            pick(
                "Không thể tự bỏ yếu tố xác thực thứ hai của mình. Nhờ quản trị viên khác, hoặc dùng lệnh “canbo "
                "account reset-second-factor” tại máy chủ.",
                "You cannot reset your own second factor. Ask another administrator, or use “canbo account "
                "reset-second-factor” on the server.",
            )
        )
    with change(by=by, at=at, action="second-factor-reset", subject=f"account:{user.username}") as running:
        removed, _ = Authenticator.objects.filter(user=user).delete()
        running.detail["removed"] = removed
        end_sessions(user)
        lock_outs.end(user)
