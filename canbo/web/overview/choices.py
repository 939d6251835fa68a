"""What the address of a page chooses: scheme, day, and by which units. Measures nothing."""

from dataclasses import dataclass
from datetime import date
from typing import Any, cast, get_args

from django.http import HttpRequest
from django.utils.timezone import localdate

from canbo.accounts.permissions import Permission
from canbo.common.language import pick
from canbo.common.numbers import parse_day
from canbo.measure.grouping import By
from canbo.measure.scheme import Scheme
from canbo.register import schemes as kept_schemes
from canbo.register.models import UnitVersion
from canbo.register.reading import NotFound
from canbo.web.engine import address
from canbo.web.visitors import visitor

CHOSEN = "scheme"
"""The place in the session of the scheme last chosen."""
_EDITING = (Permission.ORGANISATIONS_WRITE, Permission.INDICATORS_READ)


@dataclass(frozen=True)
class Chosen:
    """A scheme, a day and a split; ``fault`` says what the address got wrong, with what stands in its place."""

    scheme: Scheme
    day: date
    by: By | None
    fault: str
    told_day: date | None

    def address(self, path: str, **more: Any) -> str:
        """A page of the same choice: the day and the split stand in it only where the address named them."""
        return address(path, **{"day": self.told_day, "by": self.by, **more})


def schemes(day: date | None = None) -> dict[str, Scheme]:
    """The schemes in use on a day (None: today) by name: those edited here first, then the library."""
    return {one.name: one.scheme for one in kept_schemes.active_schemes(day or localdate())}


def chosen_of(request: HttpRequest, today: date, scheme: str = "") -> Chosen:
    """What a request chooses; ``scheme``: named by the path. The scheme named is remembered for the next visit.

    :raises NotFound: it names a scheme that there is not.
    """
    day, fault = _day(request.GET.get("day", "").strip())
    name = scheme or request.GET.get("scheme", "")
    loaded = _named(request, name, day or today, today) if name else _default(request, day or today)
    if name and request.session.get(CHOSEN) != name:
        request.session[CHOSEN] = name
    by = request.GET.get("by", "")
    split = cast(By, by) if by in get_args(By) else None
    return Chosen(loaded, day or today, split, fault, day)


def _named(request: HttpRequest, name: str, day: date, today: date) -> Scheme:
    """A scheme by its name, also for a day before it was in use; one in use on neither day is for those who edit."""
    kept = kept_schemes.find_kept(name, day)
    if kept.edited and kept.active_from is None and kept_schemes.find_kept(name, today).active_from is None:
        may_edit = all(visitor(request).is_unlimited(one) for one in _EDITING)
        if not may_edit:
            raise NotFound(pick(f"Không tìm thấy đề án “{name[:80]}”.", f"No scheme “{name[:80]}” was found."))
    return kept.scheme


def _default(request: HttpRequest, day: date) -> Scheme:
    """The scheme last chosen, else the first of the register's own province, else the first of all."""
    known = schemes(day)
    last = known.get(str(request.session.get(CHOSEN, "")))
    if last is not None:
        return last
    names = UnitVersion.objects.filter(parent=None, level="province").order_by("pk").values_list("name", flat=True)
    tops = [name.casefold() for name in names[:8]]
    own = (one for one in known.values() if any(one.province.casefold() in top for top in tops))
    return next(own, next(iter(known.values())))


def day_of(text: str) -> date | None:
    """The day that a field names: 31/12/2025 or 2025-12-31; None where it names none."""
    read = parse_day(text)
    return read.first if read is not None and read.precision == "day" else None


def _day(text: str) -> tuple[date | None, str]:
    if not text:
        return None, ""
    day = day_of(text)
    if day is not None:
        return day, ""
    return None, pick(
        f"“{text[:40]}” không phải là ngày; đang xem hôm nay. Viết như 31/12/2025.",
        f"“{text[:40]}” is no day; today is shown. Write it as 31/12/2025.",
    )


def scheme_choices(chosen: Chosen) -> list[tuple[str, str]]:
    """The schemes in use on the day, for a field; the one chosen among them, in use or not."""
    found = [(name, one.title) for name, one in schemes(chosen.day).items()]
    own = (chosen.scheme.id, chosen.scheme.title)
    return found if own in found else [own, *found]


def split_choices() -> list[tuple[By, str]]:
    """By what results can be split, for a field."""
    return [
        ("district", pick("Cấp huyện", "Districts")),
        ("commune", pick("Cấp xã", "Communes")),
        ("locality", pick("Địa phương", "Localities")),
        ("unit", pick("Từng đơn vị", "Each unit")),
        ("province", pick("Cấp tỉnh", "Province")),
    ]


def default_split(levels: tuple[str | None, ...]) -> By:
    """By district as long as there are any."""
    return "district" if "district" in levels else "commune"
