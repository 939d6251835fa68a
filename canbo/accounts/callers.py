"""Who asks something of the house, by a page or by the API: what the account may do today, and the moment."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.timezone import localdate

from canbo.accounts.permissions import Permission, depth
from canbo.accounts.scopes import Scope
from canbo.common.findings import Refused
from canbo.common.language import pick


@dataclass(frozen=True)
class Caller:
    """An account that asks: what it may do today, and the moment of the request."""

    scope: Scope
    at: datetime

    @property
    def by(self) -> str:
        """Who, for the log."""
        return self.scope.account

    @property
    def day(self) -> date:
        """Today in Việt Nam: over whom a mandate reaches is decided today."""
        return localdate(self.at)

    def require_past(self, known: datetime | None) -> datetime | None:
        """The moment whose knowledge is asked for; None where it is the present.

        :raises Refused: it is still to come.
        """
        if known is not None and known > self.at:
            raise Refused(
                pick(
                    "Thời điểm “known” còn ở phía trước. Bỏ trống để xem như đang biết hiện nay.",
                    "The moment “known” is still to come. Leave it out to see what is known now.",
                )
            )
        return known

    def is_unlimited(self, permission: Permission) -> bool:
        """Whether it has the permission over the whole province and every tier."""
        return any(grant.is_unlimited for grant in self.scope.granting(permission))

    def reads(self, permission: Permission, field_class: str) -> bool:
        """Whether a grant of the permission reads this field class."""
        return any(depth(grant.field_class) >= depth(field_class) for grant in self.scope.granting(permission))
