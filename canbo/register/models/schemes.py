"""Schemes kept in the register beside the files of the library, and what is said of targets that are not met."""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from canbo.audit.history import kept
from canbo.register.models.base import Held, Row, no_overlap, ordered


@kept
class EditedScheme(models.Model):
    """A scheme that is edited here. Its code is its id, and no id of the library's."""

    classes = {"public": "id code copied_from"}
    code = models.TextField(unique=True)
    copied_from = models.TextField(blank=True, default="")


@kept
class SchemeVersion(models.Model):
    """The whole text of a scheme, as somebody saved it; it stays as it is. ``digest`` is that of its content."""

    classes = {"public": "id scheme number text digest why", "internal": "saved_by saved_at"}
    scheme = models.ForeignKey(EditedScheme, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    digest = models.TextField()
    why = models.TextField()
    saved_by = models.TextField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scheme", "number"], name="scheme_version_once")]
        triggers = [pgtrigger.Protect(name="stays", operation=pgtrigger.Update | pgtrigger.Delete)]


@kept
class SchemeActivation(Held):
    """The version of a scheme that is measured for a period, by its document."""

    classes = {"public": "id scheme version valid_from valid_to", "internal": "since_known document origin"}
    scheme = models.ForeignKey(EditedScheme, models.PROTECT, related_name="activations")
    version = models.ForeignKey(SchemeVersion, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            ordered("scheme_activation"),
            no_overlap("scheme_activation", "scheme_id"),
            models.CheckConstraint(condition=Q(document__isnull=False), name="scheme_activation_documented"),
        ]


@kept
class UnmetTarget(Row):
    """Why a target is not met in a period, who answers for it, what is done and by when (SCH-14).

    ``scheme`` and ``indicator`` are ids: a scheme may be a file of the library. ``period_to`` is the last day.
    """

    classes = {
        "public": "id scheme indicator period_from period_to cause accountable remedy due done_on",
        "internal": "document origin revision",
    }
    scheme = models.TextField()
    indicator = models.TextField()
    period_from = models.DateField()
    period_to = models.DateField()
    cause = models.TextField()
    accountable = models.ForeignKey("register.Unit", models.PROTECT, related_name="+")
    remedy = models.TextField()
    due = models.DateField()
    done_on = models.DateField(null=True, blank=True)
    revision = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scheme", "indicator", "period_to"], name="unmet_target_once"),
            models.CheckConstraint(condition=Q(period_to__gte=F("period_from")), name="unmet_target_period_ordered"),
            models.CheckConstraint(condition=~Q(cause="") & ~Q(remedy=""), name="unmet_target_said"),
        ]
