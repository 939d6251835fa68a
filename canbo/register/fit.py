"""Whether field and level of study fit the job position held, with reason codes (REG-15)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.db.models import Q

from canbo.codes import code_list
from canbo.common.language import pick
from canbo.register.models import PostHeld, Qualification

State = Literal["fit", "not_fit", "unknown", "no_requirement"]
Reason = Literal["no_requirement", "no_qualification", "field_unknown", "field_differs", "level_below"]


@dataclass(frozen=True)
class Study:
    """A professional qualification awarded by the day: its level and field (None: not entered)."""

    level: str
    field: str | None


@dataclass(frozen=True)
class Asked:
    """What a position asks: fields (none: any) and the least level (None: any)."""

    fields: frozenset[str] = frozenset()
    least_education: str | None = None


@dataclass(frozen=True)
class Fit:
    """The answer with why. No requirement is no fit: it is counted apart."""

    state: State
    reason: Reason | None = None


@dataclass(frozen=True)
class Fitted:
    """A post on a day with its answer."""

    person_code: str
    full_name: str
    unit: str
    position: str
    fit: Fit


def fit_of(asked: Asked | None, studies: Sequence[Study]) -> Fit:
    """Whether one qualification has both a field and a level that the position asks."""
    if asked is None or not (asked.fields or asked.least_education):
        return Fit("no_requirement", "no_requirement")
    if not studies:
        return Fit("unknown", "no_qualification")
    enough = [one for one in studies if _reaches(one.level, asked.least_education)]
    if any(not asked.fields or one.field in asked.fields for one in enough):
        return Fit("fit")
    if any(one.field is None for one in enough):
        return Fit("unknown", "field_unknown")
    if any(one.field in asked.fields for one in studies) or not enough:
        return Fit("not_fit", "level_below")
    return Fit("not_fit", "field_differs")


def fits_on(day: date, *, unit_codes: Iterable[str] | None = None) -> list[Fitted]:
    """All posts on a day with their answer, in the order of lists. Fields stand as codes or as a position's words."""
    rows = (
        PostHeld.objects.as_of(day)
        .filter(person__merged_into__isnull=True)
        .select_related("person", "unit", "position")
    )
    if unit_codes is not None:
        rows = rows.filter(unit__code__in=list(unit_codes))
    posts = list(rows.order_by("person__name_order", "person__code", "id"))
    studies = _studies({post.person_id for post in posts}, day)
    found = []
    for post in posts:
        position = post.position
        asked = Asked(frozenset(map(_field, position.fields)), position.least_education) if position else None
        name = position.name if position else post.post or post.post_kind
        fit = fit_of(asked, studies.get(post.person_id, []))
        found.append(Fitted(post.person.code, post.person.full_name, post.unit.code, name, fit))
    return found


def reason_label(reason: Reason) -> str:
    """A reason in words."""
    return {
        "no_requirement": pick("vị trí chưa quy định yêu cầu", "the position asks nothing"),
        "no_qualification": pick("chưa có văn bằng chuyên môn", "no professional qualification is entered"),
        "field_unknown": pick("văn bằng chưa ghi ngành", "the field of study is not entered"),
        "field_differs": pick("ngành đào tạo khác yêu cầu", "another field than asked"),
        "level_below": pick("trình độ thấp hơn yêu cầu", "a lower level than asked"),
    }[reason]


def _studies(people: "set[int]", day: date) -> dict[int, list[Study]]:
    rows = Qualification.objects.filter(person_id__in=people, kind="professional", awarded_on__lte=day)
    found: dict[int, list[Study]] = {}
    for row in rows.filter(Q(revoked_on__isnull=True) | Q(revoked_on__gt=day)):
        found.setdefault(row.person_id, []).append(Study(row.level, row.field))
    return found


def _field(text: str) -> str:
    return code_list("field").match(text) or text


def _reaches(level: str, least: str | None) -> bool:
    order = code_list("education")
    return least is None or (level in order and order[level].position >= order[least].position)
