"""The one place that scopes queries: which people, units and fields an account may see on a day.

A mandate reaches a person through a post held on the day, main or not, or a seat in a body that a delegation rule is
about, whose unit lies in the mandate's subtree (the administrative tree of that day) and whose management tier is one
of the mandate's (``reach``). A mandate over all tiers and the whole province reaches everybody, also those without a
post. Nothing else reaches anybody, except the own file.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet

from canbo.accounts.permissions import Permission, depth
from canbo.accounts.scopes import Scope
from canbo.register import reach
from canbo.register.models import Person, Unit


def people(scope: Scope, permission: Permission, *, day: date) -> QuerySet[Person]:
    """The persons over whom the scope gives the permission on a day, as one statement; records merged away left out.

    Reading includes the own file, where the account has one; only reading does. Ask it at once: outside a transaction,
    whom the scope reaches is that of the call.
    """
    everybody = Person.objects.filter(merged_into__isnull=True)
    grants = () if permission == Permission.OWN_FILE else scope.granting(permission)
    if any(grant.is_unlimited for grant in grants):
        return everybody
    own = permission in (Permission.PEOPLE_READ, Permission.OWN_FILE) and scope.allows(Permission.OWN_FILE)
    return everybody.filter(reach.reached(grants, day, own=scope.person_code if own else ""))


def units(scope: Scope, permission: Permission, *, day: date) -> QuerySet[Unit]:
    """The units in which the scope gives the permission on a day: the subtrees of its mandates, whatever the tiers."""
    codes = {grant.unit_code for grant in scope.granting(permission) if permission != Permission.OWN_FILE}
    if None in codes:
        return Unit.objects.all()
    inside = Q(pk__in=[])
    for code in sorted(code for code in codes if code):
        inside |= Q(pk__in=reach.subtree(code, day))
    return Unit.objects.filter(inside)


def readable_class(scope: Scope, person: Person, *, day: date) -> str | None:
    """The deepest class of the person's fields that the scope may read on a day; None: for it there is no such person.

    The own file is read whole.
    """
    return readable_classes(scope, [person], day=day).get(person.code)


def readable_classes(scope: Scope, persons: Iterable[Person], *, day: date) -> dict[str, str]:
    """``readable_class`` of each person of a list, by code; those who do not exist for the scope are left out.

    One statement a field class.
    """
    codes = {person.pk: person.code for person in persons if person.merged_into_id is None}
    grants = scope.granting(Permission.PEOPLE_READ)
    found: dict[str, str] = {}
    for field_class in sorted({grant.field_class for grant in grants}, key=depth):
        same = Scope(scope.account, "", tuple(grant for grant in grants if grant.field_class == field_class))
        reached = people(same, Permission.PEOPLE_READ, day=day).filter(pk__in=list(codes))
        found |= dict.fromkeys(reached.values_list("code", flat=True), field_class)
    if scope.allows(Permission.OWN_FILE) and scope.person_code in codes.values():
        found[scope.person_code] = "sensitive"
    return found


def readable_fields(model: type[models.Model], field_class: str) -> list[str]:
    """The fields of a model (as attributes: ``unit``, not ``unit_id``) readable with a field class, in its order.

    :raises LookupError: the model has a field without a class.
    """
    known = classes_of(model)
    deepest = depth(field_class)
    return [field.name for field in model._meta.concrete_fields if depth(known[field.name]) <= deepest]


def classes_of(model: type[models.Model]) -> dict[str, str]:
    """Each field's class, from the model's ``classes``."""
    declared: dict[str, str] = getattr(model, "classes", {})
    return {name: field_class for field_class, names in declared.items() for name in names.split()}


def facts(scope: Scope, model: type[models.Model], person: Person, *, day: date) -> QuerySet[Any, dict[str, Any]]:
    """All rows of a model about a person, only with the fields that the scope may read on a day; none where none.

    ``model`` has a foreign key ``person``. A read of sensitive fields is logged by ``canbo.register.reading``.
    """
    field_class = readable_class(scope, person, day=day)
    rows = model._default_manager.filter(person=person) if field_class else model._default_manager.none()
    return rows.order_by("pk").values(*readable_fields(model, field_class or "public"))
