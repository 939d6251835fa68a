"""The accounts of a demonstration: one a role, with one password that everybody may know."""

from datetime import date, datetime

from django.db import transaction

from canbo.accounts import administrators, mandates
from canbo.accounts.models import User

PASSWORD = "trinh-dien-2026!"
USERNAMES = {
    "specialist": "chuyenvien",
    "unit_officer": "donvi",
    "leader": "lanhdao",
    "inspector": "kiemtra",
    "analyst": "phantich",
    "it_admin": "quantri",
    "person": "canbo",
}
_SINCE = date(2020, 1, 1)


def create_accounts(*, unit_code: str, person_code: str, by: str, at: datetime) -> list[User]:
    """Make those that are not there yet, each with the mandate of its role; gives the new ones.

    ``unit_code``: whose officer the unit's account is; ``person_code``: whose own file the last account opens.

    :raises Refused: this installation is not a demonstration.
    """
    known = set(User.objects.filter(username__in=USERNAMES.values()).values_list("username", flat=True))
    made = []
    with transaction.atomic():
        for role, username in USERNAMES.items():
            if username in known:
                continue
            user = administrators.create_account(
                username=username,
                password=PASSWORD,
                person_code=person_code if role == "person" else "",
                is_demo=True,
                by=by,
                at=at,
            )
            unit = unit_code if role == "unit_officer" else ""
            mandates.grant(user=user, role=role, unit_code=unit, valid_from=_SINCE, by=by, at=at)
            made.append(user)
    return made
