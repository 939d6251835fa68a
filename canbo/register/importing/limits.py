"""Whose import it is. What the mandates do not reach is taken out by ``confinement``."""

from dataclasses import dataclass
from datetime import date

from canbo.accounts.permissions import Permission
from canbo.accounts.scopes import Scope


@dataclass(frozen=True)
class Within:
    """What the account may do, and the day (today) on which its mandates reach people."""

    scope: Scope
    day: date

    def confines(self, permission: Permission) -> bool:
        """Whether the import is confined: only who may write all people and all units imports all of a file."""
        needed = (permission, Permission.ORGANISATIONS_WRITE)
        return not all(any(grant.is_unlimited for grant in self.scope.granting(one)) for one in needed)
