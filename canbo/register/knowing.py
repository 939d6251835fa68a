"""Lists and files as they were known at an earlier moment. Writes nothing; whom an account may see is not decided here.

Where people stand for an account is told by ``scoping`` and is always that of the present register: what is asked here
about an earlier state of knowledge is narrowed to it by the caller.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar

from django.apps import apps
from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import Exists, OuterRef, QuerySet

from canbo.register.facts import as_known
from canbo.register.models import Person

Model = TypeVar("Model", bound=models.Model)


def rows(found: QuerySet[Model], known: datetime | None) -> list[Model]:
    """The rows of a query, all tables in it as known at a moment (aware; None: now).

    For whole lists: every version of its tables is looked at. The query must not follow ``select_related``.
    """
    if known is None:
        return list(found)
    try:
        sql, values = found.query.sql_with_params()
    except EmptyResultSet:  # a filter that nothing can pass
        return []
    return list(found.model._default_manager.raw(as_known(sql, known), values))


def number(found: QuerySet[Model], known: datetime | None) -> int:
    """How many rows a query has, as known at a moment."""
    if known is None:
        return found.count()
    try:
        sql, values = found.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(as_known(f"SELECT count(*) FROM ({sql}) AS found", known), values)
        counted: int = cursor.fetchone()[0]
    return counted


def facts(model: type[models.Model], person: Person, known: datetime) -> QuerySet[Any, Any]:
    """The rows about a person as known at a moment: versions, with the columns of the model and ``pgh_…``.

    A fact that went to another record when two were merged is told by whom it was about then.
    """
    return _last_versions(model, known).filter(person_id=person.pk)


def identity(person: Person, known: datetime) -> models.Model | None:
    """The version of a person's own row known at a moment; None: not known then, or merged into another by then."""
    found = _last_versions(Person, known).filter(pgh_obj_id=person.pk, merged_into_id__isnull=True)
    version: models.Model | None = found.first()
    return version


def standing_for(people: QuerySet[Person]) -> dict[int, str]:
    """Ids with codes of persons, and of all records that were merged into theirs: who may see one may see the others.

    For an earlier moment, when those records still stood by themselves.
    """
    gone = dict(Person.objects.filter(merged_into__isnull=False).values_list("pk", "merged_into_id"))
    seen = dict(people.values_list("pk", "code"))
    inside = [one for one in gone if _last(one, gone) in seen]
    return seen | dict(Person.objects.filter(pk__in=inside).values_list("pk", "code"))


def last_record(person: Person) -> int:
    """The id of the record that stands for a person now."""
    gone = dict(Person.objects.filter(merged_into__isnull=False).values_list("pk", "merged_into_id"))
    return _last(person.pk, gone)


def codes_of(model: type[models.Model], ids: Iterable[int | None], known: datetime | None) -> dict[int, str]:
    """Codes by id, of units or persons; codes never change, but what bears one may be gone now."""
    wanted = {one for one in ids if one is not None}
    if not wanted:
        return {}
    found: Any = rows(model._default_manager.filter(pk__in=wanted), known)
    return {one.pk: one.code for one in found}


def _last(person: int, gone: dict[int, Any]) -> int:
    while person in gone:
        person = gone[person]
    return person


def _last_versions(model: type[models.Model], known: datetime) -> QuerySet[Any, Any]:
    """Of every row the last version written by the moment, unless deleted. Quick where narrowed to few rows."""
    events = apps.get_model("register", f"{model.__name__}Event")._default_manager
    newer = events.filter(pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__gt=OuterRef("pgh_id"), pgh_created_at__lte=known)
    found: QuerySet[Any, Any] = events.filter(~Exists(newer), pgh_created_at__lte=known)
    return found.exclude(pgh_label="delete")
