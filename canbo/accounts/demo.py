"""Demonstration accounts: they work only in an installation marked as a demonstration, a file in its folder."""

from canbo.accounts.models import User
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.installation.home import home, made_home

_MARK = "demonstration"


def mark_installation() -> None:
    """Mark this installation as a demonstration.

    :raises Refused: it has accounts already, so it is a real one.
    """
    if User.objects.filter(is_demo=False).exists():
        raise Refused(
            pick(
                "Hệ thống này đã có tài khoản thật nên không thể dùng làm bản trình diễn. Đặt CANBO_HOME sang thư mục "
                "khác rồi làm lại.",
                "This installation has real accounts and cannot become a demonstration. Set CANBO_HOME to another "
                "folder and try again.",
            )
        )
    made_home()
    (home() / _MARK).touch(mode=0o600)


def is_demonstration() -> bool:
    """Whether this installation is marked as a demonstration."""
    return (home() / _MARK).exists()


def may_be_used(user: User) -> bool:
    """Whether the account may be used in this installation: a restored or copied demonstration account may not."""
    return not user.is_demo or is_demonstration()


def refuse_in_real_installation() -> None:
    """:raises Refused: this installation is not a demonstration."""
    if not is_demonstration():
        raise Refused(
            pick(
                "Không tạo tài khoản trình diễn trong hệ thống thật. Dùng “canbo account create-administrator” để tạo "
                "tài khoản thật.",
                "No demonstration accounts in a real installation. Use “canbo account create-administrator” for a real "
                "one.",
            )
        )
