"""Mandates: giving, ending, moving them with a reorganisation, and what they add up to on a day."""

from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.db.models import Q

from canbo.accounts import demo
from canbo.accounts.last_administrator import ADMINISTRATOR, keep_one
from canbo.accounts.models import Mandate, User
from canbo.accounts.permissions import Permission
from canbo.accounts.roles import ROLES
from canbo.accounts.scopes import Grant, Scope
from canbo.audit.changes import change
from canbo.codes import code_list
from canbo.common.findings import Refused
from canbo.common.language import pick

_OWN_FILE = Grant(frozenset({Permission.OWN_FILE}), None, None, "sensitive")


def scope_of(user: User, day: date) -> Scope:
    """What the account may do on a day, over whom; nothing where it is closed or may not be used here."""
    if not user.is_active or not demo.may_be_used(user):
        return Scope(user.username, "", ())
    grants = [
        Grant(
            ROLES[mandate.role].permissions,
            None if mandate.tiers is None else frozenset(mandate.tiers),
            mandate.unit_code or None,
            ROLES[mandate.role].field_class,
        )
        for mandate in Mandate.objects.as_of(day).filter(user=user).order_by("id")
    ]
    if user.person_code:
        grants.append(_OWN_FILE)
    return Scope(user.username, user.person_code, tuple(grants))


def grant(
    *,
    user: User,
    role: str,
    valid_from: date,
    by: str,
    at: datetime,
    tiers: Collection[str] | None = None,
    unit_code: str = "",
    valid_to: date | None = None,
) -> Mandate:
    """Give an account a role over tiers (None: all) and a unit's subtree (empty: the province) for a period.

    :raises Refused: unknown role or tier, an empty period, or an account that gives a mandate to itself.
    """
    _check(user, role, tiers, valid_from, valid_to, by)
    what = {"role": role, "tiers": tiers and sorted(tiers), "unit": unit_code, "from": valid_from, "to": valid_to}
    with change(by=by, at=at, action="mandate-grant", subject=f"account:{user.username}", detail=what):
        return Mandate.objects.create(
            user=user,
            role=role,
            tiers=None if tiers is None else sorted(set(tiers)),
            unit_code=unit_code,
            valid_from=valid_from,
            valid_to=valid_to,
        )


def revoke(*, mandate: Mandate, on: date, by: str, at: datetime) -> None:
    """End a mandate: ``on`` is the first day on which it no longer holds. One not yet begun is taken away.

    :raises Refused: it has ended already, or it is the last one that gives out accounts.
    """
    if mandate.valid_to is not None and mandate.valid_to <= on:
        raise Refused(
            pick(
                f"Nhiệm vụ số {mandate.pk} đã kết thúc từ {mandate.valid_to:%d/%m/%Y}.",
                f"Mandate {mandate.pk} has ended on {mandate.valid_to:%d/%m/%Y}.",
            )
        )
    what = {"mandate": mandate.pk, "role": mandate.role, "on": on}
    with change(by=by, at=at, action="mandate-revoke", subject=f"account:{mandate.user.username}", detail=what):
        if on <= mandate.valid_from:
            mandate.delete()
        else:
            mandate.valid_to = on
            mandate.save(update_fields=["valid_to"])
        if mandate.role == ADMINISTRATOR:
            keep_one(on=on)


def follow(*, unit_code: str, successors: Iterable[str], on: date, by: str, at: datetime) -> int:
    """A unit is gone from ``on``: its mandates go on over each of its successors. Gives how many were moved.

    A mandate that had not begun yet moves whole.
    """
    following = sorted(set(successors) - {unit_code})
    moved = list(Mandate.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on), unit_code=unit_code))
    what = {"unit": unit_code, "successors": following, "on": on}
    with change(by=by, at=at, action="mandate-follow", subject=f"unit:{unit_code}", detail=what):
        for mandate in moved:
            for code in following:
                Mandate.objects.create(
                    user_id=mandate.user_id,
                    role=mandate.role,
                    tiers=mandate.tiers,
                    unit_code=code,
                    valid_from=max(on, mandate.valid_from),
                    valid_to=mandate.valid_to,
                )
            if mandate.valid_from >= on:
                mandate.delete()
            else:
                mandate.valid_to = on
                mandate.save(update_fields=["valid_to"])
    return len(moved)


def _check(
    user: User, role: str, tiers: Collection[str] | None, valid_from: date, valid_to: date | None, by: str
) -> None:
    if role not in ROLES:
        raise Refused(
            pick(
                f"Không có vai trò “{role}”. Các vai trò: {', '.join(ROLES)}.",
                f"There is no role “{role}”. The roles: {', '.join(ROLES)}.",
            )
        )
    known = code_list("managed_by").keys
    unknown = sorted(set(tiers or ()) - set(known))
    if unknown or (tiers is not None and not tiers):
        raise Refused(
            pick(
                f"Diện quản lý không đúng: {', '.join(unknown) or 'để trống'}. Các diện: {', '.join(known)}.",
                f"Wrong management tiers: {', '.join(unknown) or 'empty'}. The tiers: {', '.join(known)}.",
            )
        )
    if valid_to is not None and valid_to <= valid_from:
        raise Refused(
            pick(
                f"Nhiệm vụ từ {valid_from:%d/%m/%Y} phải kết thúc sau ngày đó.",
                f"A mandate from {valid_from:%d/%m/%Y} must end after that day.",
            )
        )
    if by == user.username:
        raise Refused(
            pick(
                "Không ai được tự giao nhiệm vụ cho mình. Nhờ quản trị viên khác, hoặc dùng lệnh “canbo account grant” "
                "tại máy chủ.",
                "Nobody gives a mandate to himself. Ask another administrator, or use “canbo account grant” on the "
                "server.",
            )
        )
