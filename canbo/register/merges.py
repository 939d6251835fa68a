"""The same person under two codes: found, merged with a trace, and parted again (REG-01).

What the kept record already says stays with the gone one, which stays readable and counts nowhere.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import Exists, F, OuterRef, Q

from canbo.audit.changes import change
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.common.text import search_key
from canbo.register.models import Document, Person, PersonMerge
from canbo.register.refusals import explained
from canbo.register.revisions import about, fact_models, named

_NOT_COMPARED = frozenset({"id", "person", "origin", "document"})
_FILLED = (
    "national_id", "national_id_issued_on", "ethnicity", "religion", "staff_number", "birth_place", "home_place",
    "residence", "address", "phone", "email", "social_insurance", "health_insurance", "recruited_first_on",
)  # fmt: skip
"""Fields of the kept record that are taken from the gone one where empty."""


@dataclass(frozen=True)
class Suspected:
    """Two records that may be one person, with the reasons; the older record first."""

    first: Person
    second: Person
    reasons: tuple[str, ...]


def suggest() -> list[Suspected]:
    """Pairs with one name and birth date whose home places do not differ, or with one insurance or staff number."""
    active = Person.objects.filter(merged_into__isnull=True)
    twin = active.filter(
        Q(name_key=OuterRef("name_key"), birth_date=OuterRef("birth_date"))
        | (~Q(social_insurance="") & Q(social_insurance=OuterRef("social_insurance")))
        | (~Q(staff_number="") & Q(staff_number=OuterRef("staff_number")))
    ).exclude(id=OuterRef("id"))
    rows = list(active.filter(Exists(twin)).order_by("id"))
    by_key: dict[tuple[str, object], list[Person]] = {}
    for row in rows:
        for key in _keys(row):
            by_key.setdefault(key, []).append(row)
    pairs = {
        (one.id, other.id): (one, other)
        for group in by_key.values()
        for index, one in enumerate(group)
        for other in group[index + 1 :]
    }
    found = [Suspected(one, other, reasons(one, other)) for one, other in pairs.values()]
    return [one for one in found if one.reasons]


def candidates(*, full_name: str, birth_date: date, national_id: str | None = None) -> list[Person]:
    """The records that a person about to be entered may be already."""
    asked = Q(name_key=search_key(full_name), birth_date=birth_date)
    if national_id:
        asked |= Q(national_id=national_id)
    return list(Person.objects.filter(asked, merged_into__isnull=True).order_by("id"))


def reasons(one: Person, other: Person) -> tuple[str, ...]:
    """Why two records may be one person; empty: two persons, for all that is known."""
    if one.national_id and other.national_id and one.national_id != other.national_id:
        return ()
    found = []
    homes = {search_key(place) for place in (one.home_place, other.home_place) if place}
    if (one.name_key, one.birth_date) == (other.name_key, other.birth_date) and len(homes) < 2:
        found.append(
            pick("cùng họ tên, ngày sinh, quê quán", "same name, birth date and home place")
            if one.home_place and other.home_place
            else pick("cùng họ tên, ngày sinh; chưa rõ quê quán", "same name and birth date; home place unknown")
        )
    if one.social_insurance and one.social_insurance == other.social_insurance:
        found.append(pick("cùng số bảo hiểm xã hội", "same social insurance number"))
    if one.staff_number and one.staff_number == other.staff_number:
        found.append(pick("cùng số hiệu cán bộ", "same staff number"))
    return tuple(found)


def merge(
    *, kept: Person, gone: Person, document: Document | None = None, by: str, at: datetime, seen: int | None = None
) -> PersonMerge:
    """Make two records one: the facts of ``gone`` go over to ``kept``, whose empty fields are filled from it.

    A fact that ``kept`` says already, or that cannot hold beside one of its facts (two employments on a day), stays
    with ``gone``; ``moved`` lists which went and which stayed.

    :raises Refused: one and the same record, one was merged before, or ``kept`` was changed since ``seen``.
    """
    if kept.id == gone.id:
        raise Refused(
            pick(
                f"Không thể gộp hồ sơ {named(kept)} vào chính nó. Hãy chọn hai hồ sơ.",
                f"The record {named(kept)} cannot be merged into itself. Choose two records.",
            )
        )
    log: dict[str, Any] = {"moved": {}, "stayed": {}, "filled": []}
    with (
        explained(who=named(kept)),
        change(by=by, at=at, action="person.merge", subject=f"person:{kept.code}"),
        _both_held(kept, gone),
        about(kept, by=by, at=at, action="person.merge", seen=seen) as target,
        about(gone, by=by, at=at, action="person.merge") as source,
    ):
        for model in fact_models():
            _move(model, source, target, log)
        source.merged_into = target
        source.save(update_fields=["merged_into"])
        log["filled"] = _fill(target, source)
        written = PersonMerge.objects.create(kept=kept, gone=gone, moved=log, document=document)
    kept.refresh_from_db()
    gone.refresh_from_db()
    return written


def undo(merge: PersonMerge, *, by: str, at: datetime, seen: int | None = None) -> None:
    """Part two records again: what went over and is still there goes back, and what was filled is emptied.

    :raises Refused: it was undone before, or the kept record was merged on or changed since ``seen``.
    """
    if merge.undone:
        raise Refused(
            pick(
                f"Lần gộp hồ sơ {named(merge.gone)} đã được tách lại trước đó. Không cần làm lại.",
                f"The merge of {named(merge.gone)} was undone already.",
            )
        )
    kept, gone = merge.kept, merge.gone
    with (
        explained(who=named(gone)),
        change(by=by, at=at, action="person.unmerge", subject=f"person:{kept.code}"),
        about(kept, by=by, at=at, action="person.unmerge", seen=seen) as target,
    ):
        _empty(target, gone, merge.moved["filled"])
        Person.objects.filter(id=gone.id).update(merged_into=None, revision=F("revision") + 1)
        by_name = {model.__name__: model for model in fact_models()}
        for name, ids in merge.moved["moved"].items():
            by_name[name]._default_manager.filter(id__in=ids, person=target).update(person=gone)
        merge.undone = True
        merge.save(update_fields=["undone"])
    kept.refresh_from_db()
    gone.refresh_from_db()


def current(person: Person) -> Person:
    """The record that stands for a person now: the one that it was merged into, and so on."""
    while person.merged_into is not None:
        person = person.merged_into
    return person


@contextmanager
def _both_held(one: Person, other: Person) -> Iterator[None]:
    """Hold both records, always the older first: of two who merge them in opposite directions, one waits."""
    list(Person.objects.select_for_update().filter(id__in=[one.id, other.id]).order_by("id").values_list("id"))
    yield


def _keys(person: Person) -> list[tuple[str, object]]:
    keys: list[tuple[str, object]] = [("name", (person.name_key, person.birth_date))]
    if person.social_insurance:
        keys.append(("insurance", person.social_insurance))
    if person.staff_number:
        keys.append(("staff", person.staff_number))
    return keys


def _move(model: type[models.Model], source: Person, target: Person, log: dict[str, Any]) -> None:
    there = [_content(row) for row in model._default_manager.filter(person=target)]
    own: Any = model._default_manager.filter(person=source).order_by("id")
    for row in own:
        stays = _content(row) in there
        if not stays:
            try:
                with transaction.atomic():
                    row.person = target
                    row.save(update_fields=["person"])
            except IntegrityError:
                stays = True
        log["stayed" if stays else "moved"].setdefault(model.__name__, []).append(row.pk)


def _content(row: models.Model) -> Mapping[str, Any]:
    return {
        field.name: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.name not in _NOT_COMPARED
    }


def _fill(target: Person, source: Person) -> list[str]:
    filled = [name for name in _FILLED if not getattr(target, name) and getattr(source, name)]
    for name in filled:
        setattr(target, name, getattr(source, name))
    if filled:
        target.save(update_fields=filled)
    return filled


def _empty(target: Person, gone: Person, filled: list[str]) -> None:
    """Only what still says what the gone record says: a later correction stays."""
    mine = [name for name in filled if getattr(target, name) == getattr(gone, name)]
    for name in mine:
        setattr(target, name, None if Person._meta.get_field(name).null else "")
    if mine:
        target.save(update_fields=mine)
