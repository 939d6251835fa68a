"""What an administrator may do to an account, each by its name in an address; each says what was done."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from django.http import QueryDict

from canbo.accounts import administrators, mandates, second_factors, tokens
from canbo.accounts.callers import Caller
from canbo.accounts.models import ApiToken, Mandate, User
from canbo.accounts.roles import ROLES
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.common.numbers import parse_day, print_day
from canbo.common.text import tidy
from canbo.web.accounts.units import unit_asked


def _close(user: User, asked: Caller, given: QueryDict) -> str:
    administrators.close_account(user=user, on=asked.day, by=asked.by, at=asked.at)
    return pick(
        f"Đã đóng tài khoản “{user.username}”: không đăng nhập được nữa, mọi phiên và mã truy cập đã kết thúc.",
        f"“{user.username}” is closed: it signs in no more, its sessions and tokens have ended.",
    )


def _unlock(user: User, asked: Caller, given: QueryDict) -> str:
    administrators.unlock(user=user, by=asked.by, at=asked.at)
    return pick(f"Tài khoản “{user.username}” đã mở.", f"“{user.username}” is open.")


def _reset_password(user: User, asked: Caller, given: QueryDict) -> str:
    require_same(given)
    administrators.reset_password(user=user, password=given.get("password", ""), by=asked.by, at=asked.at)
    return pick(
        f"Đã đặt lại mật khẩu của “{user.username}”; mọi phiên đang mở đã kết thúc.",
        f"The password of “{user.username}” is reset; its sessions have ended.",
    )


def _reset_second_factor(user: User, asked: Caller, given: QueryDict) -> str:
    second_factors.reset(user=user, by=asked.by, at=asked.at)
    return pick(
        f"Đã đặt lại yếu tố xác thực thứ hai của “{user.username}”; người dùng thiết lập lại khi đăng nhập.",
        f"The second factor of “{user.username}” is reset; a new one is set up at the next sign-in.",
    )


def _grant(user: User, asked: Caller, given: QueryDict) -> str:
    chosen = given.getlist("tier")
    first = _day(given, "from") or asked.day
    last = _day(given, "to")
    typed = tidy(given.get("unit", ""))
    made = mandates.grant(
        user=user, role=given.get("role", ""), tiers=chosen or None,
        unit_code=unit_asked(typed, first)[0] if typed else "",
        valid_from=first, valid_to=last and last + timedelta(days=1), by=asked.by, at=asked.at,
    )  # fmt: skip
    label = ROLES[made.role].label
    return pick(
        f"Đã giao nhiệm vụ {label} cho “{user.username}”.", f"“{user.username}” has the mandate {label}."
    )  # fmt: skip


def _revoke(user: User, asked: Caller, given: QueryDict) -> str:
    number = given.get("mandate", "")
    mandate = Mandate.objects.filter(user=user, pk=int(number) if number.isdigit() else 0).first()
    if mandate is None:
        raise Refused(pick("Tài khoản không có nhiệm vụ này.", "The account has no such mandate."))
    on = _day(given, "on") or asked.day
    mandates.revoke(mandate=mandate, on=on, by=asked.by, at=asked.at)
    return pick(
        f"Nhiệm vụ {ROLES[mandate.role].label} không còn từ {print_day(on)}.",
        f"The mandate {ROLES[mandate.role].label} no longer holds from {print_day(on)}.",
    )


def _revoke_token(user: User, asked: Caller, given: QueryDict) -> str:
    number = given.get("token", "")
    token = ApiToken.objects.filter(user=user, pk=int(number) if number.isdigit() else 0).first()
    if token is None:
        raise Refused(pick("Tài khoản không có mã truy cập này.", "The account has no such token."))
    tokens.revoke(token=token, by=asked.by, at=asked.at)
    return pick(f"Đã thu hồi mã truy cập “{token.name}”.", f"The token “{token.name}” is revoked.")


DEEDS: Mapping[str, Callable[[User, Caller, QueryDict], str]] = {
    "close": _close,
    "unlock": _unlock,
    "password": _reset_password,
    "second-factor": _reset_second_factor,
    "grant": _grant,
    "revoke": _revoke,
    "revoke-token": _revoke_token,
}


def require_same(given: QueryDict) -> None:
    """:raises Refused: the password and its repetition differ."""
    if given.get("password", "") != given.get("again", ""):
        raise Refused(
            pick("Hai lần ghi mật khẩu khác nhau. Hãy ghi lại cả hai.", "The two passwords differ. Type both again.")
        )


def _day(given: QueryDict, name: str) -> date | None:
    text = given.get(name, "").strip()
    if not text:
        return None
    found = parse_day(text)
    if found is None or found.precision != "day":
        raise Refused(
            pick(
                f"“{text[:40]}” không phải là ngày. Ghi ngày/tháng/năm, ví dụ 31/12/2025.",
                f"“{text[:40]}” is no day. Write day/month/year, as 31/12/2025.",
            )
        )
    return found.first
