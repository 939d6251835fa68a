"""What standards ask, and whether people meet it on a day: met, not met, or unknown. Writes nothing.

A requirement is ``{column of people: least level, or true}``, ``{kind of certificate: least level, or true}``,
``age_at_most`` (full years on the day), ``service_years`` (full years since recruitment), ``held_before`` (groups of
posts, one of which was held) and ``any_of`` (a list of such requirements, one of which is enough).
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Q

from canbo.codes import code_list
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.register import ranks
from canbo.register.certificate_kinds import kinds
from canbo.register.certified import Certificates, certified_on, reaches
from canbo.register.models import (
    STATED,
    Assessment,
    Employment,
    Person,
    PostHeld,
    Qualification,
    RankHeld,
    Standing,
)
from canbo.register.pools import age_on

ORDERED = ("education", "political_theory", "state_management", "rank")
JUDGED = tuple(
    name for name in STATED if name.endswith("_standard") or name in ("major_fits_post", "international_ready")
)
CERTIFIED = tuple(key for key in kinds() if key not in ("state_management", "other"))
"""Kinds of certificates; those of state management are compared as a level of people."""
NUMBERS = ("age_at_most", "service_years")
NAMES = (*ORDERED, *CERTIFIED, *JUDGED, *NUMBERS, "held_before", "any_of")
"""All requirements, in the order in which they are told."""
_QUALIFIED = {"professional": "education", "political": "political_theory", "state": "state_management"}

Values = Mapping[str, Any]


def require_known(requirements: Mapping[str, Any]) -> None:
    """Refuse what is no requirement.

    :raises Refused: an unknown name, a level outside its code list, a number that is none.
    """
    for name, wanted in requirements.items():
        if name == "any_of" and _is_choice(wanted):
            for one in wanted:
                require_known(one)
        elif name == "any_of" or not _is_known(name, wanted):
            raise Refused(
                pick(
                    f"Tiêu chuẩn “{name}: {wanted}” không dùng được. Gồm: bậc trình độ ({', '.join(ORDERED)}), "
                    f"chứng chỉ ({', '.join(CERTIFIED)}), điều kiện đạt ({', '.join(JUDGED)}), {', '.join(NUMBERS)}, "
                    "held_before, any_of.",
                    f"The requirement “{name}: {wanted}” cannot be used. There are: levels ({', '.join(ORDERED)}), "
                    f"certificates ({', '.join(CERTIFIED)}), conditions met ({', '.join(JUDGED)}), "
                    f"{', '.join(NUMBERS)}, held_before, any_of.",
                )
            )


def unmet(requirements: Mapping[str, Any], values: Values) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The requirements that are not met, and those of which it is unknown."""
    verdicts = {name: _meets(name, wanted, values) for name, wanted in requirements.items()}
    return (
        tuple(name for name, verdict in verdicts.items() if verdict is False),
        tuple(name for name, verdict in verdicts.items() if verdict is None),
    )


def values_on(person_ids: Collection[int], day: date) -> dict[int, dict[str, Any]]:
    """What requirements ask about, for people on a day; None where unknown, False where known to be held no longer.

    Qualifications, ranks and assessments known by the day go before what a source states; of a certificate and what is
    stated of state management the higher counts.
    """
    people = Person.objects.in_bulk(list(person_ids))
    values: dict[int, dict[str, Any]] = {key: _ages(person, day) for key, person in people.items()}
    for standing in Standing.objects.as_of(day).filter(person_id__in=people):
        values[standing.person_id] |= {name: getattr(standing, name) for name in STATED}
    table = ranks.table_on(day)
    for held in RankHeld.objects.as_of(day).filter(person_id__in=people):
        values[held.person_id]["rank"] = ranks.read(held.rank, held.rank_code, table).rank
    _add_qualifications(values, people, day)
    for assessment in Assessment.objects.as_of(day).filter(person_id__in=people).order_by("valid_from", "id"):
        values[assessment.person_id][assessment.subject] = assessment.met
    for person_id, certificates in certified_on(people, day).items():
        values[person_id] |= _by_certificates(values[person_id], certificates)
    _add_service(values, people, day)
    return values


def _is_known(name: str, wanted: Any) -> bool:
    if name in ORDERED:
        return wanted in code_list(name)
    if name in CERTIFIED and kinds()[name].levels:
        return wanted in kinds()[name].levels
    if name in JUDGED or name in CERTIFIED:
        return wanted is True
    if name in NUMBERS:
        return type(wanted) is int and wanted > 0
    return name == "held_before" and bool(wanted) and all(kind in code_list("post_kind") for kind in wanted)


def _is_choice(wanted: Any) -> bool:
    is_list = isinstance(wanted, list) and len(wanted) > 1
    return is_list and all(isinstance(one, dict) and one and "any_of" not in one for one in wanted)


def _meets(name: str, wanted: Any, values: Values) -> bool | None:
    if name == "any_of":
        return _any([_all(one, values) for one in wanted])
    value = values.get(name)
    if value is None:
        return None
    if name in ORDERED:
        codes = code_list(name)
        return value is not False and codes[value].position >= codes[wanted].position
    if name in CERTIFIED:
        return reaches(kinds()[name], value, wanted)
    if name == "age_at_most":
        return bool(value <= wanted)
    if name == "service_years":
        return bool(value >= wanted)
    if name == "held_before":
        return bool(set(value) & set(wanted)) or None  # earlier posts may not be in the register
    return bool(value)


def _all(requirements: Mapping[str, Any], values: Values) -> bool | None:
    failing, unknown = unmet(requirements, values)
    return False if failing else None if unknown else True


def _any(verdicts: Sequence[bool | None]) -> bool | None:
    return True if True in verdicts else None if None in verdicts else False


def _ages(person: Person, day: date) -> dict[str, Any]:
    exact = person.birth_precision == "day"
    return {"age_at_most": age_on(person.birth_date, day) if exact else None}


def _add_qualifications(values: dict[int, dict[str, Any]], people: Mapping[int, Person], day: date) -> None:
    rows = Qualification.objects.filter(person_id__in=people, kind__in=_QUALIFIED, awarded_on__lte=day)
    reached: dict[tuple[int, str], list[str]] = {}
    for row in rows.filter(Q(revoked_on__isnull=True) | Q(revoked_on__gt=day)):
        reached.setdefault((row.person_id, _QUALIFIED[row.kind]), []).append(row.level)
    for (person_id, column), levels in reached.items():
        values[person_id][column] = _highest(column, levels)


def _by_certificates(had: Values, certificates: Certificates) -> dict[str, Any]:
    found: dict[str, Any] = {kind: one.value for kind, one in certificates.items() if kind in CERTIFIED}
    managing = certificates.get("state_management")
    if managing is not None:
        levels = [one for one in (managing.value, had.get("state_management")) if isinstance(one, str)]
        found["state_management"] = _highest("state_management", levels) if levels else managing.value
    return found


def _highest(column: str, levels: Sequence[str]) -> str:
    codes = code_list(column)
    return max(levels, key=lambda level: codes[level].position)


def _add_service(values: dict[int, dict[str, Any]], people: Mapping[int, Person], day: date) -> None:
    for row in Employment.objects.filter(person_id__in=people, valid_from__lte=day).order_by("-valid_from", "id"):
        since = row.recruited_on or (row.valid_from if row.since_known else None)
        if since is not None and since <= day:  # the earliest comes last
            values[row.person_id]["service_years"] = age_on(since, day)
    for post in PostHeld.objects.filter(person_id__in=people, valid_from__lte=day):
        values[post.person_id].setdefault("held_before", []).append(post.post_kind)
