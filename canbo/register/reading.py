"""Reading persons' files: each is logged, and so is each attempt on a file that the account may not see.

The day of a scope is the present one: whom an account may see is decided by where people stand now, not on the day that
is asked about.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.timezone import localdate

from canbo.accounts.scopes import Scope
from canbo.audit.changes import note
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.register import scoping
from canbo.register.models import Person

_LONGEST_CODE = 60  # of a code that somebody made up, in the log


class NotFound(Refused):
    """There is no such thing, or none that the account may see: nobody learns which."""


@dataclass(frozen=True)
class File:
    """A person's file as an account may read it. ``fields`` are those of the person that it may read."""

    person: Person
    field_class: str
    fields: dict[str, Any]

    def rows(self, model: type[models.Model]) -> list[dict[str, Any]]:
        """The facts of one kind about the person, in the order entered, with the readable fields."""
        names = scoping.readable_fields(model, self.field_class)
        return list(model._default_manager.filter(person=self.person).order_by("pk").values(*names))


def open_file(*, scope: Scope, code: str, at: datetime) -> File:
    """Open a person's file; the log tells who read it and how deep.

    :raises NotFound: there is no such person, or the account has no mandate over the person. The attempt is logged.
    """
    day = localdate(at)
    person = Person.objects.filter(code=code, merged_into__isnull=True).first()
    field_class = scoping.readable_class(scope, person, day=day) if person else None
    if person is None or field_class is None:
        note(by=scope.account, at=at, action="read-refused", subject=f"person:{code[:_LONGEST_CODE]}")
        raise NotFound(pick(f"Không tìm thấy người có mã “{code}”.", f"No person with the code “{code}” was found."))
    note(by=scope.account, at=at, action="read-file", subject=f"person:{code}", detail={"class": field_class})
    names = scoping.readable_fields(Person, field_class)
    return File(person, field_class, {name: _value(person, name) for name in names})


def note_list(
    *, scope: Scope, model: type[models.Model], fields: Collection[str], codes: Collection[str], what: str, at: datetime
) -> None:
    """Log a list of people with sensitive fields, with the codes of those on it; one without any is not logged."""
    classes = scoping.classes_of(model)
    sensitive = sorted(name for name in fields if classes[name] == "sensitive")
    if sensitive and codes:
        detail = {"fields": sensitive, "people": sorted(codes)}
        note(by=scope.account, at=at, action="read-list", subject=what, detail=detail)


def _value(person: Person, name: str) -> Any:
    """As ``values()`` gives it: the number of what a foreign key points to."""
    field: Any = person._meta.get_field(name)
    return getattr(person, field.attname)
