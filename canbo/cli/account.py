"""``canbo account``: accounts, mandates and tokens from the machine's command line, also when nobody can sign in."""

import sys
from datetime import datetime, time, timedelta
from typing import Annotated, Any

import typer

from canbo.cli.house import author, now, open_house
from canbo.cli.printing import day_option, today
from canbo.common.findings import Refused
from canbo.common.language import pick

app = typer.Typer(no_args_is_help=True, help="Tài khoản, nhiệm vụ và mã truy cập của hệ thống.")

Name = Annotated[str, typer.Argument(help="Tên tài khoản.")]
FromStdin = Annotated[bool, typer.Option("--password-stdin", help="Đọc mật khẩu từ dòng đầu của đầu vào chuẩn.")]


@app.command("create-administrator")
def create_administrator(name: Name, password_stdin: FromStdin = False) -> None:
    """Tạo quản trị viên: người đầu tiên, hoặc khi không còn ai quản trị được."""
    open_house()
    from canbo.accounts import administrators

    password = _password(password_stdin)
    administrators.create_administrator(username=name, password=password, on=today(), by=author(), at=now())
    print(
        pick(
            f"Đã tạo quản trị viên “{name}”. Lần đăng nhập đầu tiên sẽ yêu cầu thiết lập yếu tố xác thực thứ hai.",
            f"Administrator “{name}” was created. The first sign-in asks to set up a second factor.",
        )
    )


@app.command("create")
def create(
    name: Name,
    full_name: Annotated[str, typer.Option("--full-name", help="Họ và tên người dùng.")] = "",
    person: Annotated[str, typer.Option("--person", help="Mã của người có hồ sơ mà tài khoản được xem.")] = "",
    password_stdin: FromStdin = False,
) -> None:
    """Tạo một tài khoản chưa có nhiệm vụ."""
    open_house()
    from canbo.accounts import administrators

    administrators.create_account(
        username=name,
        password=_password(password_stdin),
        last_name=full_name,
        person_code=person,
        by=author(),
        at=now(),
    )
    print(pick(f"Đã tạo tài khoản “{name}”.", f"Account “{name}” was created."))


@app.command("close")
def close(name: Name) -> None:
    """Đóng một tài khoản: không đăng nhập được nữa, mọi phiên và mã truy cập chấm dứt."""
    open_house()
    from canbo.accounts import administrators

    administrators.close_account(user=administrators.find_account(name), on=today(), by=author(), at=now())
    print(pick(f"Đã đóng tài khoản “{name}”.", f"Account “{name}” was closed."))


@app.command("reset-password")
def reset_password(name: Name, password_stdin: FromStdin = False) -> None:
    """Đặt lại mật khẩu; mọi phiên đang mở của tài khoản chấm dứt."""
    open_house()
    from canbo.accounts import administrators

    user = administrators.find_account(name)
    administrators.reset_password(user=user, password=_password(password_stdin), by=author(), at=now())
    print(pick(f"Đã đặt lại mật khẩu của “{name}”.", f"The password of “{name}” was reset."))


@app.command("reset-second-factor")
def reset_second_factor(name: Name) -> None:
    """Bỏ yếu tố xác thực thứ hai đã mất; lần đăng nhập sau phải thiết lập lại."""
    open_house()
    from canbo.accounts import administrators, second_factors

    second_factors.reset(user=administrators.find_account(name), by=author(), at=now())
    print(
        pick(
            f"Đã bỏ yếu tố xác thực thứ hai của “{name}”. Nếu thiết bị bị lấy mất, hãy đặt lại cả mật khẩu.",
            f"The second factor of “{name}” was removed. If the device was stolen, reset the password too.",
        )
    )


@app.command("unlock")
def unlock(name: Name) -> None:
    """Mở tài khoản đã đóng hoặc đang bị khóa tạm vì nhập sai nhiều lần."""
    open_house()
    from canbo.accounts import administrators

    administrators.unlock(user=administrators.find_account(name), by=author(), at=now())
    print(pick(f"Đã mở tài khoản “{name}”.", f"Account “{name}” was unlocked."))


@app.command("grant")
def grant(
    name: Name,
    role: Annotated[str, typer.Argument(help="Vai trò, ví dụ specialist, unit_officer, leader, inspector.")],
    unit: Annotated[str, typer.Option("--unit", help="Mã đơn vị; bỏ trống là toàn tỉnh.")] = "",
    tier: Annotated[list[str] | None, typer.Option("--tier", help="Diện quản lý; bỏ trống là mọi diện.")] = None,
    start: Annotated[str | None, typer.Option("--from", help="Ngày đầu; bỏ trống là hôm nay.")] = None,
    last: Annotated[str | None, typer.Option("--to", help="Ngày cuối; bỏ trống là không thời hạn.")] = None,
) -> None:
    """Giao một vai trò trên một diện quản lý và một đơn vị cùng cấp dưới, trong một thời gian."""
    open_house()
    from canbo.accounts import administrators, mandates
    from canbo.register.models import Unit

    if unit and not Unit.objects.filter(code=unit).exists():
        raise Refused(pick(f"Không có đơn vị mã “{unit}”.", f"There is no unit with the code “{unit}”."))
    last_day = day_option(last)
    mandate = mandates.grant(
        user=administrators.find_account(name),
        role=role,
        tiers=tier or None,
        unit_code=unit,
        valid_from=day_option(start) or today(),
        valid_to=last_day + timedelta(days=1) if last_day else None,
        by=author(),
        at=now(),
    )
    print(pick(f"Đã giao nhiệm vụ số {mandate.pk}.", f"Mandate {mandate.pk} was given."))


@app.command("revoke")
def revoke(
    number: Annotated[int, typer.Argument(help="Số của nhiệm vụ hoặc mã truy cập, xem “canbo account list”.")],
    on: Annotated[str | None, typer.Option("--on", help="Ngày đầu tiên thôi nhiệm vụ; bỏ trống là hôm nay.")] = None,
    token: Annotated[bool, typer.Option("--token", help="Số đó là của một mã truy cập.")] = False,
) -> None:
    """Thu hồi một nhiệm vụ hoặc một mã truy cập."""
    open_house()
    from canbo.accounts import mandates, tokens
    from canbo.accounts.models import ApiToken, Mandate

    model: type[ApiToken] | type[Mandate] = ApiToken if token else Mandate
    found = model.objects.filter(pk=number).first()
    if isinstance(found, ApiToken):
        tokens.revoke(token=found, by=author(), at=now())
    elif isinstance(found, Mandate):
        mandates.revoke(mandate=found, on=day_option(on) or today(), by=author(), at=now())
    else:
        raise Refused(
            pick(
                f"Không có số {number}. Xem “canbo account list”.",
                f"There is no number {number}: “canbo account list”.",
            )
        )
    print(pick(f"Đã thu hồi số {number}.", f"Number {number} was revoked."))


@app.command("token")
def token(
    name: Name,
    label: Annotated[str, typer.Argument(help="Tên của mã truy cập, để nhận ra nó.")],
    scope: Annotated[list[str], typer.Option("--scope", help="Quyền, ví dụ people_read; có thể lặp lại.")],
    last: Annotated[str, typer.Option("--to", help="Ngày cuối dùng được, trong vòng một năm.")],
) -> None:
    """Cấp một mã truy cập cho chương trình; mã chỉ hiện một lần."""
    open_house()
    from canbo.accounts import administrators, tokens
    from canbo.accounts.permissions import Permission

    unknown = sorted(set(scope) - set(Permission))
    if unknown:
        raise Refused(
            pick(
                f"Không có quyền {', '.join(unknown)}. Các quyền: {', '.join(Permission)}.",
                f"There is no right {', '.join(unknown)}. The rights: {', '.join(Permission)}.",
            )
        )
    last_day = day_option(last) or today()
    print(
        tokens.issue(
            user=administrators.find_account(name),
            name=label,
            scopes=[Permission(one) for one in scope],
            expires_at=datetime.combine(last_day + timedelta(days=1), time(), tzinfo=now().tzinfo),
            by=author(),
            at=now(),
        )
    )


@app.command("list")
def list_accounts() -> None:
    """Liệt kê tài khoản, nhiệm vụ và mã truy cập còn hiệu lực."""
    open_house()
    from django.db.models import Q
    from rich.console import Console
    from rich.table import Table

    from canbo.accounts.models import ApiToken, Mandate, User

    table = Table(*pick("Tài khoản|Số|Vai trò, mã|Phạm vi|Từ|Đến", "Account|No.|Role, token|Over|From|To").split("|"))
    for user in User.objects.order_by("username"):
        held = Mandate.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=today()), user=user).order_by("pk")
        issued = ApiToken.objects.filter(user=user, revoked_at__isnull=True, expires_at__gt=now()).order_by("pk")
        rows = [_mandate_row(one) for one in held] + [_token_row(one) for one in issued]
        name = user.username if user.is_active else f"{user.username} ({pick('đã đóng', 'closed')})"
        for row in rows or [("", "", "", "", "")]:
            table.add_row(name, *row)
            name = ""
    Console().print(table)


def _mandate_row(mandate: Any) -> tuple[str, ...]:
    from canbo.accounts.roles import ROLES
    from canbo.codes import code_list

    labels = code_list("managed_by")
    over = [mandate.unit_code or pick("toàn tỉnh", "the province"), *(labels[one].label for one in mandate.tiers or ())]
    last = f"{mandate.valid_to - timedelta(days=1):%d/%m/%Y}" if mandate.valid_to else ""
    return (
        str(mandate.pk),
        f"{ROLES[mandate.role].label} ({mandate.role})",
        "; ".join(over),
        f"{mandate.valid_from:%d/%m/%Y}",
        last,
    )


def _token_row(token: Any) -> tuple[str, ...]:
    ends = token.expires_at.astimezone(now().tzinfo)
    return f"--token {token.pk}", token.name, ", ".join(token.scopes), "", f"{ends:%d/%m/%Y %H:%M}"


def _password(from_stdin: bool) -> str:
    """Asked for twice without echo, or the first line of standard input: never an argument, which others can see."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(typer.prompt(pick("Mật khẩu", "Password"), hide_input=True, confirmation_prompt=True))
