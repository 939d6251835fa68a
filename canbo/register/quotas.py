"""Staff quotas (biên chế) of units by year, and who is in post against them."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Sum

from canbo.audit.changes import change
from canbo.codes import code_list
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.register import trees
from canbo.register.models import Document, Employment, PostHeld, Quota, Unit
from canbo.register.refusals import explained


@dataclass(frozen=True)
class Balance:
    """Quota and staff in post of one kind; ``quota`` None: none recorded, which is not a quota of 0."""

    staff_kind: str
    quota: int | None
    in_post: int

    @property
    def over(self) -> int | None:
        """How many are in post beyond the quota; below 0: how many may still come. None where there is no quota."""
        return None if self.quota is None else self.in_post - self.quota


def assign(
    *,
    unit: Unit,
    year: int,
    staff_kind: str,
    posts: int,
    document: Document | None = None,
    by: str,
    at: datetime,
) -> Quota:
    """Set the quota of a unit for a year and kind of staff; an earlier figure is replaced and stays in the history.

    :raises Refused: below 0, an unknown kind.
    """
    if posts < 0:
        raise Refused(pick("Biên chế không được âm.", "A quota cannot be below 0."))
    rows = list(Quota.objects.filter(unit=unit, year=year, staff_kind=staff_kind).order_by("id"))
    row = rows[0] if rows else Quota(unit=unit, year=year, staff_kind=staff_kind)
    row.posts, row.document = posts, document
    subject = f"unit:{unit.code}"
    with explained(who=unit.code, row=row), change(by=by, at=at, action="quota.assign", subject=subject):
        row.save()
        for other in rows[1:]:
            other.delete()
    return row


def balance_on(unit: Unit, day: date) -> list[Balance]:
    """A unit with all below it on a day: quota of the year against persons in service, by kind of staff.

    A person counts where the main post on the day is, else in the unit of employment.
    """
    units = trees.subtree(unit, day)
    quotas = dict(
        Quota.objects.filter(unit_id__in=units, year=day.year)
        .values_list("staff_kind")
        .annotate(total=Sum("posts"))
        .order_by()
    )
    placed = dict(PostHeld.objects.as_of(day).filter(is_main=True).values_list("person_id", "unit_id"))
    staff = Employment.objects.as_of(day).values_list("person_id", "unit_id", "staff_kind")
    held = Counter(kind for person, own, kind in staff if placed.get(person, own) in units)
    kinds = [kind for kind in code_list("staff_kind").keys if kind in quotas or kind in held]
    return [Balance(kind, quotas.get(kind), held[kind]) for kind in kinds]
