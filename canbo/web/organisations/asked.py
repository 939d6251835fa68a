"""What an address of this area asks for: day, tree; and which units the visitor reads and changes."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from canbo.accounts.callers import Caller
from canbo.accounts.permissions import Permission
from canbo.accounts.scopes import Scope
from canbo.common.language import pick
from canbo.common.numbers import parse_day
from canbo.common.text import tidy
from canbo.register import scoping
from canbo.register.models import Unit, UnitVersion
from canbo.register.reading import NotFound
from canbo.register.trees import Tree
from canbo.web.visitors import visitor

READ = Permission.ORGANISATIONS_READ
WRITE = Permission.ORGANISATIONS_WRITE


@dataclass(frozen=True)
class Asked:
    """Who asks, for which day and tree. ``fault``: why the day that was written is not the one shown."""

    who: Caller
    day: date
    tree: Tree
    fault: str

    @property
    def kept(self) -> dict[str, str]:
        """What the addresses on the page carry on."""
        day = "" if self.day == self.who.day else self.day.isoformat()
        return {"day": day, "tree": "" if self.tree == "parent" else "party"}


def read(request: HttpRequest) -> Asked:
    """Day and tree of an address; today and the administrative tree where they are left out."""
    who = visitor(request)
    day, fault = who.day, ""
    if text := request.GET.get("day", "").strip():
        found = day_in(text)
        if found is None:
            fault = pick(
                f"“{text[:20]}” không phải là ngày; đang xem hôm nay. Ghi như 31/12/2025.",
                f"“{text[:20]}” is no day; today is shown. Write it as 31/12/2025.",
            )
        day = found or day
    return Asked(who, day, "party_parent" if request.GET.get("tree") == "party" else "parent", fault)


def day_in(text: str) -> date | None:
    """The day that a text writes, whole; None where it writes none."""
    found = parse_day(text.strip())
    return found.first if found is not None and found.precision == "day" else None


def readable(who: Caller) -> QuerySet[Unit]:
    """The units that the visitor may read."""
    return scoping.units(who.scope, READ, day=who.day)


def writable(who: Caller) -> QuerySet[Unit]:
    """The units that the visitor may change."""
    return scoping.units(who.scope, WRITE, day=who.day)


def unit_of(units: QuerySet[Unit], code: str) -> Unit:
    """One of some units by its code.

    :raises NotFound: there is none, or it is not among them; nobody learns which.
    """
    found = units.filter(code=code).first()
    if found is None:
        raise NotFound(pick(f"Không tìm thấy đơn vị “{code}”.", f"No unit “{code}” was found."))
    return found


def reads_names(who: Caller) -> bool:
    """Whether the visitor may read names of anybody at all."""
    return who.reads(Permission.PEOPLE_READ, "internal")


def whole_units(who: Caller, permission: Permission) -> QuerySet[Unit]:
    """The units in which the visitor has the permission over every management tier: figures there hide nobody."""
    scope = Scope(who.by, "", tuple(one for one in who.scope.granting(permission) if one.tiers is None))
    return scoping.units(scope, permission, day=who.day)


def unit_written(units: QuerySet[Unit], text: str, day: date) -> Unit | None:
    """The unit that somebody wrote: “Sở Nội vụ (TN-SNV)”, its code, or its name where only one bears it on the day."""
    wanted = tidy(text)
    code = wanted.rpartition("(")[2].removesuffix(")") if wanted.endswith(")") else wanted
    found = units.filter(code=code).first()
    if found is not None or not wanted:
        return found
    held = UnitVersion.objects.as_of(day).filter(Q(name__iexact=wanted), unit__in=units)[:2]
    same = [one.unit for one in held.select_related("unit")]
    return same[0] if len(same) == 1 else None


def as_written(unit: Unit | None, day: date) -> str:
    """A unit as a field writes it: name and code."""
    if unit is None:
        return ""
    held = UnitVersion.objects.as_of(day).filter(unit=unit).first()
    return f"{held.name} ({unit.code})" if held else unit.code
