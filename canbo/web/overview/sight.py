"""What a visitor may see of the figures: of the whole province, of some units, or none; and whom by name.

As in the API: figures count nobody whom the account may not see, and names are only those of its own mandates.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from canbo.accounts.callers import Caller
from canbo.accounts.permissions import Permission, depth
from canbo.accounts.scopes import Grant, Scope
from canbo.register import scoping

READ = Permission.INDICATORS_READ
PEOPLE = Permission.PEOPLE_READ


@dataclass(frozen=True)
class Sight:
    """What one visitor may see; each question to the register is asked once."""

    caller: Caller

    @cached_property
    def is_whole(self) -> bool:
        """Whether the figures are those of the whole province, held against the targets."""
        return self.caller.is_unlimited(READ)

    @cached_property
    def units(self) -> frozenset[str]:
        """The units whose figures count nobody outside the mandates; empty where only some tiers may be seen."""
        return self._units(_over_all_tiers(self.caller.scope, READ), READ)

    @property
    def has_figures(self) -> bool:
        """Whether any figure may be shown."""
        return self.is_whole or bool(self.units)

    @cached_property
    def shows_small(self) -> bool:
        """Whether cells of fewer than five people may be shown: only to those who may read these people."""
        readers = [one for one in _over_all_tiers(self.caller.scope, PEOPLE) if _is_internal(one)]
        if any(one.is_unlimited for one in readers):
            return True
        return not self.is_whole and self.units <= self._units(readers, PEOPLE)

    @property
    def reads_names(self) -> bool:
        """Whether there is anybody whom the account may read by name."""
        return self.caller.reads(PEOPLE, "internal")

    @cached_property
    def people(self) -> frozenset[str] | None:
        """The codes of those who may be shown by name; None: everybody."""
        grants = tuple(one for one in self.caller.scope.granting(PEOPLE) if _is_internal(one))
        if any(one.is_unlimited for one in grants):
            return None
        if not grants:
            return frozenset()
        scope = Scope(self.caller.by, self.caller.scope.person_code, grants)
        return frozenset(scoping.people(scope, PEOPLE, day=self.caller.day).values_list("code", flat=True))

    @cached_property
    def units_named(self) -> frozenset[str] | None:
        """The units whose rows without a person may be listed; None: all."""
        if self.is_whole:
            return None
        return self._units(self.caller.scope.granting(READ), READ)

    def reads(self, code: str) -> bool:
        """Whether a person may be shown by name."""
        return self.people is None or code in self.people

    def _units(self, grants: Iterable[Grant], permission: Permission) -> frozenset[str]:
        scope = Scope(self.caller.by, "", tuple(grants))
        return frozenset(scoping.units(scope, permission, day=self.caller.day).values_list("code", flat=True))


def _over_all_tiers(scope: Scope, permission: Permission) -> list[Grant]:
    return [one for one in scope.granting(permission) if one.tiers is None]


def _is_internal(grant: Grant) -> bool:
    return depth(grant.field_class) >= depth("internal")
