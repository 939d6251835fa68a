"""What an account may do on a day and over whom, worked out: plain values, no database."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from canbo.accounts.permissions import Permission


@dataclass(frozen=True)
class Grant:
    """What one mandate gives. ``tiers`` None: every management tier; ``unit_code`` None: the whole province."""

    permissions: frozenset[Permission]
    tiers: frozenset[str] | None
    unit_code: str | None
    field_class: str

    @property
    def is_unlimited(self) -> bool:
        """Whether it reaches everybody."""
        return self.tiers is None and self.unit_code is None


@dataclass(frozen=True)
class Scope:
    """All grants of an account on a day. ``person_code`` names the person whose own file it may see, if any."""

    account: str
    person_code: str
    grants: tuple[Grant, ...]

    def allows(self, permission: Permission) -> bool:
        """Whether any grant gives the permission, over whomever."""
        return any(permission in grant.permissions for grant in self.grants)

    def granting(self, permission: Permission) -> tuple[Grant, ...]:
        """The grants that give the permission."""
        return tuple(grant for grant in self.grants if permission in grant.permissions)

    def narrowed(self, permissions: Iterable[Permission]) -> "Scope":
        """The same with no more than these permissions: what a token of the account may do."""
        kept = frozenset(permissions)
        grants = (replace(grant, permissions=grant.permissions & kept) for grant in self.grants)
        return replace(self, grants=tuple(grant for grant in grants if grant.permissions))
