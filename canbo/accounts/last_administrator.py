"""The rule that somebody can always give out accounts: one administrator without end stays, whatever is changed."""

from datetime import date

from django.db import connection
from django.db.models import QuerySet

from canbo.accounts import demo
from canbo.accounts.models import Mandate
from canbo.common.findings import Refused
from canbo.common.language import pick

ADMINISTRATOR = "it_admin"
_LOCK = 5_201_127  # two administrators who remove each other must see each other


def administrators(day: date) -> QuerySet[Mandate]:
    """The mandates of administrators who can act on a day."""
    found = Mandate.objects.as_of(day).filter(role=ADMINISTRATOR, user__is_active=True)
    return found if demo.is_demonstration() else found.filter(user__is_demo=False)


def keep_one(*, on: date) -> None:
    """Called inside a change after it wrote: undoes it where nobody would be left.

    :raises Refused: from ``on`` no open account holds an administrator's mandate without end.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    if not administrators(on).filter(valid_to__isnull=True).exists():
        raise Refused(
            pick(
                "Đây là quản trị viên cuối cùng có nhiệm vụ không thời hạn. "
                "Trước hết hãy giao nhiệm vụ quản trị cho người khác.",
                "This is the last administrator with a mandate without end. Make somebody else an administrator first.",
            )
        )
