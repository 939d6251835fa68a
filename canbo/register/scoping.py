"""The one place that scopes queries: which people, units and fields an account may see on a day.

A mandate reaches a person through a post held on the day, main or not, or a seat in a body that a delegation rule is
about, whose unit lies in the mandate's subtree (the administrative tree of that day) and whose management tier is one
of the mandate's. A mandate over all tiers and the
whole province reaches everybody, also those without a post. Nothing else reaches anybody, except the own file.
"""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from canbo.accounts.permissions import Permission, depth
from canbo.accounts.scopes import Grant, Scope
from canbo.register.models import Person, Unit
from canbo.register.tier_sql import deciding, holds, managed_seats, version_on

_DAY = "%(day)s"

# UNION, not UNION ALL: a circle in the tree would else never end.
_SUBTREE = f"""
WITH RECURSIVE subtree(id) AS (
  SELECT id FROM register_unit WHERE code = %(unit)s
  UNION
  SELECT v.unit_id FROM register_unitversion v JOIN subtree s ON v.parent_id = s.id WHERE {holds("v", _DAY)}
)"""

# The rule of a post is the same for all posts of a kind in units of a kind and level: worked out once for each.
_DERIVED = f"""
derived(post_kind, unit_kind, level, tier) AS (
  SELECT c.post_kind, c.unit_kind, c.level, rule.tier
  FROM (
    SELECT DISTINCT f.post_kind, coalesce(v.kind, '') AS unit_kind, coalesce(v.level, '') AS level
    FROM register_postheld f {version_on("f", _DAY)}
    WHERE f.stated_tier IS NULL AND {holds("f", _DAY)}
  ) AS c
  JOIN LATERAL ({deciding(_DAY, post_kind="c.post_kind", unit_kind="c.unit_kind", level="c.level")}) AS rule ON true
)"""

_POSTS = f"""
SELECT f.person_id, f.unit_id, coalesce(f.stated_tier, d.tier) AS tier FROM register_postheld f
LEFT JOIN register_unitversion v ON f.stated_tier IS NULL AND v.unit_id = f.unit_id AND {holds("v", _DAY)}
LEFT JOIN derived d ON d.post_kind = f.post_kind AND d.unit_kind = coalesce(v.kind, '')
  AND d.level = coalesce(v.level, '')
WHERE {holds("f", _DAY)}"""

# Of posts all count, of seats those that a rule names a manager for.
_HELD = f"held AS ({_POSTS} UNION ALL {managed_seats(_DAY)})"


def people(scope: Scope, permission: Permission, *, day: date) -> QuerySet[Person]:
    """The persons over whom the scope gives the permission on a day, as one statement; records merged away left out.

    Reading includes the own file, where the account has one; only reading does.
    """
    everybody = Person.objects.filter(merged_into__isnull=True)
    grants = () if permission == Permission.OWN_FILE else _widest(scope.granting(permission))
    if any(grant.is_unlimited for grant in grants):
        return everybody
    seen = Q(pk__in=[])
    for grant in grants:
        seen |= Q(pk__in=_holders(grant, day))
    own = permission in (Permission.PEOPLE_READ, Permission.OWN_FILE) and scope.allows(Permission.OWN_FILE)
    if own and scope.person_code:
        seen |= Q(code=scope.person_code)
    return everybody.filter(seen)


def units(scope: Scope, permission: Permission, *, day: date) -> QuerySet[Unit]:
    """The units in which the scope gives the permission on a day: the subtrees of its mandates, whatever the tiers."""
    codes = {grant.unit_code for grant in scope.granting(permission) if permission != Permission.OWN_FILE}
    if None in codes:
        return Unit.objects.all()
    inside = Q(pk__in=[])
    for code in sorted(code for code in codes if code):
        inside |= Q(pk__in=_raw(f"{_SUBTREE} SELECT id FROM subtree", {"unit": code, "day": day}))
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


def _widest(grants: Iterable[Grant]) -> tuple[Grant, ...]:
    """Grants over the same people once only."""
    return tuple({(grant.tiers, grant.unit_code): grant for grant in grants}.values())


def _holders(grant: Grant, day: date) -> RawSQL:
    """The ids of persons with a post or a managed seat on the day that a grant reaches."""
    values: dict[str, Any] = {"day": day, "unit": grant.unit_code, "tiers": sorted(grant.tiers or ())}
    joined = "JOIN subtree s ON s.id = h.unit_id" if grant.unit_code is not None else ""
    where = "WHERE h.tier = ANY(%(tiers)s)" if grant.tiers is not None else ""
    parts = [_SUBTREE, _DERIVED, _HELD] if grant.unit_code is not None else [f"WITH {_DERIVED}", _HELD]
    return _raw(f"{', '.join(parts)} SELECT h.person_id FROM held h {joined} {where}", values)


def _raw(sql: str, values: dict[str, Any]) -> RawSQL:
    """A statement with named values; Django's takes them by place."""
    named = re.compile(r"%\((\w+)\)s")
    return RawSQL(named.sub("%s", sql), [values[name] for name in named.findall(sql)])
