"""Changing what is said of one person: one at a time, seen by the next, in words where it is refused.

The revision of a person counts all changes of the person and of the facts about the person. Who changes something says
which revision he or she looked at; where others changed the person since, the change is refused and told what and by
whom.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.apps import apps
from django.db import models

from canbo.audit.changes import change
from canbo.audit.models import Entry
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.register.models import Person
from canbo.register.refusals import days_of, explained, what_is


@dataclass(frozen=True)
class Revision:
    """One change of a person since a revision: when, by whom, the action, and the rows touched, in words."""

    moment: datetime
    by: str
    action: str
    rows: tuple[str, ...]


@contextmanager
def about(
    person: Person, *, by: str, at: datetime, action: str, seen: int | None = None, row: models.Model | None = None
) -> Iterator[Person]:
    """Run what is inside as one change about the person, whose row is locked and whose revision goes up by one.

    ``seen`` is the revision that the author looked at (None: not asked, as for imports); ``row`` the fact being
    written. Yields the person as the database has it now.

    :raises Refused: the person was changed since, or merged into another record, or the database refuses the fact.
    """
    with explained(who=named(person), row=row), change(by=by, at=at, action=action, subject=f"person:{person.code}"):
        now = Person.objects.select_for_update().get(id=person.id)
        _require_seen(now, seen)
        now.revision += 1
        yield now
        now.save(update_fields=["revision"])
    person.revision = now.revision


def named(person: Person) -> str:
    """A person in a sentence: “Nguyễn Văn An (P1)”."""
    return f"{person.full_name} ({person.code})"


def since(person: Person, revision: int) -> list[Revision]:
    """The changes of a person after a revision, from the history, in the order made."""
    events = apps.get_model("register", "PersonEvent").objects
    found = events.filter(pgh_obj_id=person.id, revision__gt=revision).order_by("pgh_id")
    changes: list[UUID] = list(dict.fromkeys(found.values_list("pgh_context_id", flat=True)))
    touched = _touched(person, changes)
    entries = {entry.change: entry for entry in Entry.objects.filter(change__in=changes)}
    return [
        Revision(entries[one].moment, entries[one].actor, entries[one].action, tuple(touched.get(one, ())))
        for one in changes
        if one in entries
    ]


def fact_models() -> list[type[models.Model]]:
    """All models with a person they are about."""
    return [
        model
        for model in apps.get_app_config("register").get_models()
        if not hasattr(model, "pgh_id")
        and any(field.name == "person" and field.related_model is Person for field in model._meta.fields)
    ]


def _touched(person: Person, changes: list[UUID]) -> dict[UUID, list[str]]:
    labels = {
        "insert": pick("thêm", "added"),
        "update": pick("sửa", "changed"),
        "delete": pick("xóa", "removed"),
    }
    touched: dict[UUID, list[str]] = {}
    for model in fact_models():
        events = apps.get_model("register", f"{model.__name__}Event").objects
        for event in events.filter(pgh_context_id__in=changes, person_id=person.id).order_by("pgh_id"):
            text = f"{labels[event.pgh_label]} {what_is(model)} {days_of(event)}".strip()
            touched.setdefault(event.pgh_context_id, []).append(text)
    return touched


def _require_seen(now: Person, seen: int | None) -> None:
    kept = now.merged_into
    if kept is not None:
        raise Refused(
            pick(
                f"Hồ sơ {named(now)} đã được gộp vào hồ sơ {kept.code}. Hãy ghi vào hồ sơ {kept.code}.",
                f"The record {named(now)} was merged into {kept.code}. Enter the fact there.",
            )
        )
    if seen is None or seen == now.revision:
        return
    told = "; ".join(
        f"{one.moment.astimezone():%d/%m/%Y %H:%M} {one.by}: {', '.join(one.rows) or one.action}"
        for one in since(now, seen)
    )
    raise Refused(
        pick(
            f"Hồ sơ {named(now)} đã thay đổi sau khi bạn mở: {told}. Chưa ghi gì. Hãy tải lại, xem thay đổi rồi làm "
            "lại.",
            f"The record {named(now)} was changed after you opened it: {told}. Nothing was written. Reload, look at "
            "the change, and try again.",
        )
    )
