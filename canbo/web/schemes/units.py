"""Units by what somebody types: a code, a name, or both as the suggestions write them."""

from datetime import date

from canbo.common.text import search_key
from canbo.register.models import Unit, UnitVersion


def names(day: date) -> dict[str, str]:
    """The names of the units that exist on a day, by code."""
    rows = UnitVersion.objects.as_of(day).order_by("name").values_list("unit__code", "name")
    return dict(rows)


def suggestions(day: date) -> list[str]:
    """“Sở Nội vụ (SNV)” for each unit above the communes."""
    rows = UnitVersion.objects.as_of(day).exclude(level="commune").order_by("name").values_list("unit__code", "name")
    return [f"{name} ({code})" for code, name in rows]


def named(code: str, day: date) -> str:
    """As the suggestions write it; the code alone where the unit is no more."""
    found = UnitVersion.objects.as_of(day).filter(unit__code=code).first()
    return f"{found.name} ({code})" if found else code


def find(written: str, day: date) -> Unit | None:
    """The unit that is meant, if it exists on the day and is the only one."""
    text = written.strip()
    code = text.rpartition("(")[2].rstrip(")").strip() if text.endswith(")") else text
    unit = Unit.objects.filter(code=code).first()
    if unit is not None:
        return unit
    wanted = search_key(text)
    held = [row for row in UnitVersion.objects.as_of(day).select_related("unit") if search_key(row.name) == wanted]
    return held[0].unit if len(held) == 1 else None
