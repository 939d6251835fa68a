"""The catalogue of titles (chức danh). What each asks is in ``standards``. ORG-08."""

from datetime import datetime

from canbo.audit.changes import change
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.common.text import tidy
from canbo.register.models import Title
from canbo.register.refusals import explained


def enter(
    *,
    code: str,
    name: str,
    post_kind: str,
    level: str | None = None,
    is_head: bool = False,
    is_key: bool = False,
    weight: int = 0,
    by: str,
    at: datetime,
) -> Title:
    """Enter a title of a group of posts; ``level`` None: at every level. ``weight`` sorts titles, the highest first.

    :raises Refused: the code is taken, no name, or a value outside the code lists.
    """
    if not tidy(code) or not tidy(name):
        raise Refused(pick("Chức danh phải có mã và tên.", "A title needs a code and a name."))
    row = Title(
        code=tidy(code),
        name=tidy(name),
        post_kind=post_kind,
        level=level,
        is_head=is_head,
        is_key=is_key,
        weight=weight,
    )
    with explained(who=row.code, row=row), change(by=by, at=at, action="title.enter", subject=f"title:{row.code}"):
        row.save()
    return row
