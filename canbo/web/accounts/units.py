"""The field in which somebody names a unit: by code, by name, with or without marks."""

from datetime import date

from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.common.text import search_key
from canbo.register.models import UnitVersion


def unit_asked(text: str, day: date) -> tuple[str, str]:
    """Code and name of the unit that somebody typed: by code, “name (code)”, the name, or a part that fits one only.

    :raises Refused: there is none, or several.
    """
    typed = text.removesuffix(")").rpartition("(")[2].strip() if text.endswith(")") else text
    versions = UnitVersion.objects.as_of(day)
    exact = versions.filter(unit__code__in=[typed, typed.upper()]).values_list("unit__code", "name").first()
    if exact is not None:
        return str(exact[0]), str(exact[1])
    found = units_like(text, day)
    same = [one for one in found if search_key(one[1]) == search_key(text)]
    if len(same or found) == 1:
        return (same or found)[0]
    some = "; ".join(name for _, name in found[:3])
    raise Refused(
        pick(
            f"Không rõ đơn vị “{text[:60]}” tại ngày đã chọn. " + (f"Có thể là: {some}." if some else "Hãy ghi mã."),
            f"Unit “{text[:60]}” is not clear on the day chosen. " + (f"Perhaps: {some}." if some else "Use the code."),
        )
    )


def units_like(text: str, day: date, most: int = 20) -> list[tuple[str, str]]:
    """Code and name of the units of a day whose name has the text, marks or none; the shortest names first."""
    key = search_key(text)
    versions = UnitVersion.objects.as_of(day).values_list("unit__code", "name")
    found = [(code, name) for code, name in versions if key in search_key(name) or text.upper() == code]
    return sorted(found, key=lambda one: (len(one[1]), one[1]))[:most]
