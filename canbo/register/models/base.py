"""What all models of the register share: half-open periods, no overlaps, code lists, field classes."""

from datetime import date
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Func, Q, Value

from canbo.codes import code_list


class HeldQuerySet(models.QuerySet[Any]):
    """Rows with a half-open period ``[valid_from, valid_to)``; an open end is NULL."""

    def as_of(self, day: date) -> "HeldQuerySet":
        """The rows that hold on a day."""
        return self.filter(Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gt=day)))


class Row(models.Model):
    """A row with where it comes from: the document behind it, and the import that wrote it (NULL: entered by hand)."""

    document = models.ForeignKey("register.Document", models.PROTECT, null=True, blank=True, related_name="+")
    origin = models.ForeignKey("register.ImportBatch", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        abstract = True


class Held(Row):
    """A fact that holds for a period.

    ``since_known`` is false where a source only says that the fact held on ``valid_from``: before that day it is
    unknown, not absent.
    """

    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    since_known = models.BooleanField(default=True)

    objects = HeldQuerySet.as_manager()

    class Meta:
        abstract = True


def ordered(name: str) -> models.CheckConstraint:
    """The period ends after it begins."""
    return models.CheckConstraint(
        condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name=f"{name}_ordered"
    )


def no_overlap(name: str, *columns: str, condition: Q | None = None) -> ExclusionConstraint:
    """No two rows with the same numbers in ``columns`` hold on one day. Written so that it needs no extension."""
    same = [(Func(F(c), F(c), Value("[]"), function="int8range"), "&&") for c in columns]
    period = (Func(F("valid_from"), F("valid_to"), function="daterange"), "&&")
    return ExclusionConstraint(
        name=f"{name}_no_overlap", index_type="gist", expressions=[*same, period], condition=condition
    )


def coded(*, optional: bool = False, **more: Any) -> "models.TextField[Any, Any]":
    """A field with a key of a code list; NULL where it may be unknown."""
    return models.TextField(null=optional, blank=optional, **more)


def codes_known(name: str, **fields: str) -> list[models.BaseConstraint]:
    """The database refuses keys that are not in the code lists: ``field=code_list``."""
    return [
        models.CheckConstraint(
            condition=Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__in": list(code_list(codes).keys)}),
            name=f"{name}_{field}_known",
        )
        for field, codes in fields.items()
    ]
