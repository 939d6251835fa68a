"""Lists under a name: kept for the account that made them, seen by others where it shares them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from canbo.accounts.models import User
from canbo.audit.changes import change
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.common.text import text_order, tidy
from canbo.web.models import NamedFilter

LONGEST = 80
MOST = 100


@dataclass(frozen=True)
class Named:
    """A named list as it is offered."""

    id: int
    name: str
    query: str
    shared: bool
    owner: str
    is_own: bool


def offered(username: str) -> list[Named]:
    """The account's own named lists and those that others share, its own first, each sorted by name."""
    rows = NamedFilter.objects.filter(Q(user__username=username) | Q(shared=True, user__is_active=True))
    found = [
        Named(row.pk, row.name, row.query, row.shared, row.user.username, row.user.username == username)
        for row in rows.select_related("user")
    ]
    return sorted(found, key=lambda one: (not one.is_own, text_order(one.name)))


def keep(*, user: User, name: str, query: str, shared: bool, by: str, at: datetime) -> None:
    """Keep a list under a name; one of the account's own with that name is replaced.

    :raises Refused: no name, too long a name, or too many lists.
    """
    name = tidy(name)
    if not name or len(name) > LONGEST:
        raise Refused(
            pick(
                f"Đặt tên cho danh sách, không quá {LONGEST} ký tự.",
                f"Give the list a name of no more than {LONGEST} characters.",
            )
        )
    others = NamedFilter.objects.filter(user=user).exclude(name=name)
    if others.count() >= MOST:
        raise Refused(
            pick(
                f"Đã có {MOST} danh sách có tên. Hãy xóa bớt rồi lưu lại.",
                f"There are {MOST} named lists. Remove some, then save again.",
            )
        )
    with change(by=by, at=at, action="list.name", subject=f"list:{name}", detail={"shared": shared}):
        NamedFilter.objects.update_or_create(user=user, name=name, defaults={"query": query, "shared": shared})


def forget(*, user: User, number: int, by: str, at: datetime) -> str:
    """Remove a named list of the account; gives its name.

    :raises Refused: it has none of that number.
    """
    row = NamedFilter.objects.filter(user=user, pk=number).first()
    if row is None:
        raise Refused(pick("Không có danh sách này trong số của bạn.", "You have no such list."))
    with change(by=by, at=at, action="list.forget", subject=f"list:{row.name}"):
        row.delete()
    return row.name
