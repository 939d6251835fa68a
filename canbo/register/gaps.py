"""What people lack against the standard of their title on a day, each with its reason (REG-04, ORG-08).

Three answers: met (not listed), not met, unknown. A title without a standard is listed apart, never as met.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from canbo.codes import code_list
from canbo.common.language import pick
from canbo.register import requirements
from canbo.register.models import Certificate, PostHeld, TitleStandard, Unit

_NAMES = (*requirements.ORDERED, *requirements.JUDGED, *requirements.NUMBERS, "held_before")


@dataclass(frozen=True)
class Gap:
    """One requirement of a title that a holder does not meet, or of which it is unknown."""

    person_code: str
    full_name: str
    unit: str
    title: str
    requirement: str
    verdict: Literal["not_met", "unknown"]
    reason: str


@dataclass(frozen=True)
class Gaps:
    """The gaps on a day, and the posts (person code, post) for which there is no standard to ask."""

    day: date
    gaps: tuple[Gap, ...]
    without_standard: tuple[tuple[str, str], ...]


def gaps_on(day: date, *, units: Iterable[Unit] | None = None) -> Gaps:
    """Who holds a title on a day without meeting its standard in force on that day, in the order of lists."""
    posts = (
        PostHeld.objects.as_of(day).filter(person__merged_into__isnull=True).select_related("person", "unit", "title")
    )
    if units is not None:
        posts = posts.filter(unit__in=list(units))
    held = list(posts.order_by("person__name_order", "person__code", "id"))
    standards = {row.title_id: row.requirements for row in TitleStandard.objects.as_of(day)}
    values = requirements.values_on({post.person_id for post in held}, day)
    certified = _certified(values, day)
    found: list[Gap] = []
    for post in held:
        asked = standards.get(post.title_id, {})
        had = _with_certificates(values[post.person_id], certified.get(post.person_id, {}))
        title = post.title.name if post.title else post.post or post.post_kind
        found += [
            Gap(post.person.code, post.person.full_name, post.unit.code, title, *one)
            for one in compare(asked, had, _expired(post.person_id, asked, day))
        ]
    lacking = tuple(
        (post.person.code, post.post or (post.title.name if post.title else post.post_kind))
        for post in held
        if post.title_id not in standards
    )
    return Gaps(day, tuple(found), lacking)


def compare(
    asked: Mapping[str, Any], had: Mapping[str, Any], expired: Mapping[str, str] | None = None
) -> list[tuple[str, Literal["not_met", "unknown"], str]]:
    """The requirements that are not met or unknown, each with its reason; ``expired`` adds why one no longer counts."""
    failing, unknown = requirements.unmet(asked, had)
    told: list[tuple[str, Literal["not_met", "unknown"], str]] = []
    for name in sorted(asked, key=_NAMES.index):
        if name in failing:
            told.append((name, "not_met", _reason(name, asked[name], had.get(name)) + (expired or {}).get(name, "")))
        elif name in unknown:
            text = pick(
                f"cần {_level(name, asked[name])}, chưa có dữ liệu", f"asks {_level(name, asked[name])}, no data"
            )
            told.append((name, "unknown", text + (expired or {}).get(name, "")))
    return told


def _reason(name: str, wanted: Any, value: Any) -> str:
    if name in requirements.JUDGED:
        return pick("đã đánh giá: chưa đạt", "assessed: not met")
    return pick(
        f"cần {_level(name, wanted)}, có {_level(name, value)}",
        f"asks {_level(name, wanted)}, has {_level(name, value)}",
    )


def _level(name: str, value: Any) -> str:
    if name in requirements.ORDERED and value in code_list(name):
        return code_list(name)[value].label
    if isinstance(value, list):
        kinds = code_list("post_kind")
        return ", ".join(kinds[one].label for one in value if one in kinds)
    return pick("đạt", "met") if value is True else str(value)


def _certified(people: Iterable[int], day: date) -> dict[int, dict[str, str]]:
    """The highest state-management level by certificates valid on the day."""
    order = code_list("state_management")
    found: dict[int, dict[str, str]] = {}
    rows = Certificate.objects.as_of(day).filter(person_id__in=list(people), kind="state_management")
    for row in rows:
        levels = [row.level, *found.get(row.person_id, {}).values()]
        found[row.person_id] = {"state_management": max(levels, key=lambda level: order[level].position)}
    return found


def _with_certificates(values: Mapping[str, Any], certified: Mapping[str, str]) -> dict[str, Any]:
    had = dict(values)
    for name, level in certified.items():
        order, other = code_list(name), had.get(name)
        if other is None or order[other].position < order[level].position:
            had[name] = level
    return had


def _expired(person_id: int, asked: Mapping[str, Any], day: date) -> dict[str, str]:
    """Why a certificate does not help: it has expired."""
    if "state_management" not in asked:
        return {}
    rows = Certificate.objects.filter(person_id=person_id, kind="state_management", valid_to__lte=day)
    last = rows.order_by("-valid_to").first()
    if last is None:
        return {}
    text = pick(
        f"; chứng chỉ hết hạn từ {last.valid_to:%d/%m/%Y}", f"; certificate expired on {last.valid_to:%d/%m/%Y}"
    )
    return {"state_management": text}
