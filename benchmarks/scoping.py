"""Lists through a mandate beside the same lists without one: first after a change, and asked again.

The mandates: one over the whole province's subtree with all tiers, one over a district and one tier. The second has
beside it what one would write by hand for its people: the posts of the day in units already known, of a stated tier.
"""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from benchmarks.timing import Run, interleave

TIER = "unit_head"


def compare_scoping(day: date, repeats: int) -> dict[str, Any]:
    """Seconds and ratios of the whole list by name, its first page of 50, and its count, for both mandates."""
    from canbo.register.models import Person

    whole, part = _units()
    runs: dict[str, Run] = {}
    for what, work in (("list", _listed), ("page", _page), ("count", _counted)):
        bare = {
            "whole": partial(Person.objects.filter, merged_into__isnull=True),
            "part": partial(_by_hand, _below(part, day), day),
        }
        for name, unit, tiers in (("whole", whole, None), ("part", part, frozenset({TIER}))):
            scoped = partial(people_of, unit, tiers, day)
            runs[f"{what}_{name}_bare"] = Run(_asking(work, bare[name]))
            runs[f"{what}_{name}_first"] = Run(_asking(work, scoped), before=_forget)
            runs[f"{what}_{name}_again"] = Run(_asking(work, scoped))
    series, last = interleave(runs, repeats)
    assert last["list_part_bare"] == last["count_part_first"] == last["count_part_again"]
    ratios = {}
    for name, one in series.items():
        if not name.endswith("_bare"):
            under = series[f"{name.rpartition('_')[0]}_bare"]
            ratios[f"scoped_{name}"] = {"medians": one.median / under.median, "shortest": one.least / under.least}
    return {"series": {name: one.as_json() for name, one in series.items()}, "ratios": ratios}


def people_of(unit: str, tiers: frozenset[str] | None, day: date) -> Any:
    """The people of a mandate."""
    from canbo.accounts.permissions import Permission
    from canbo.accounts.scopes import Grant, Scope
    from canbo.register import scoping

    grant = Grant(frozenset({Permission.PEOPLE_READ}), tiers, unit, "internal")
    return scoping.people(Scope("benchmark", "", (grant,)), Permission.PEOPLE_READ, day=day)


def _asking(work: Callable[[Any], int], found: Callable[[], Any]) -> Callable[[], int]:
    return lambda: work(found())


def _listed(found: Any) -> int:
    return len(found.order_by("name_order", "id").values_list("code", "full_name", "birth_date", "sex"))


def _page(found: Any) -> int:
    return len(found.order_by("name_order", "id")[:51])


def _counted(found: Any) -> int:
    return int(found.count())


def _forget() -> None:
    """As after a change: whom the mandates reach is not known."""
    from canbo.register.reach import ANSWERS

    ANSWERS.clear()


def _by_hand(units: set[int], day: date) -> Any:
    from canbo.register.models import Person, PostHeld

    posts = PostHeld.objects.as_of(day).filter(unit__in=units, stated_tier=TIER)
    return Person.objects.filter(merged_into__isnull=True, pk__in=posts.values("person"))


def _below(unit: str, day: date) -> set[int]:
    """The numbers of a unit and of all below it."""
    from canbo.register.models import UnitVersion

    inside = set(UnitVersion.objects.filter(unit__code=unit).values_list("unit_id", flat=True))
    last = inside
    while last:
        last = set(UnitVersion.objects.as_of(day).filter(parent__in=last).values_list("unit_id", flat=True)) - inside
        inside = inside | last
    return inside


def _units() -> tuple[str, str]:
    """The province, and the district with the most units."""
    from django.db.models import Count

    from canbo.register.models import UnitVersion

    versions = UnitVersion.objects.order_by("unit__code")
    top = versions.filter(parent__isnull=True).values_list("unit__code", flat=True)[0]
    largest = versions.filter(parent__isnull=False, level="district").values_list("parent__code", flat=True)
    (district, _), *_ = (
        largest.annotate(below=Count("id")).order_by("-below", "parent__code").values_list("parent__code", "below")
    )
    return str(top), str(district)
