"""What persons say is wrong in their own files, and what the officer answered."""

from django.db import models
from django.db.models import Q

from canbo.audit.history import kept
from canbo.register.models.people import Person


@kept
class CorrectionRequest(models.Model):
    """A person's word that a fact of his or her file is wrong. It changes nothing; the officer answers it.

    ``kind`` and ``fact`` name the fact (``post_held``, its number); both are empty where it is about the identity or
    about what is missing.
    """

    classes = {
        "internal": "id person kind fact state asked_by asked_at answered_by answered_at",
        "sensitive": "text answer",
    }
    person = models.ForeignKey(Person, models.PROTECT, related_name="correction_requests")
    kind = models.TextField(blank=True, default="")
    fact = models.BigIntegerField(null=True, blank=True)
    text = models.TextField()
    asked_by = models.TextField()
    asked_at = models.DateTimeField()
    state = models.TextField(default="open")
    answer = models.TextField(blank=True, default="")
    answered_by = models.TextField(blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["open", "accepted", "declined"]), name="correction_request_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="open", answered_at__isnull=True) | (~Q(state="open") & Q(answered_at__isnull=False)),
                name="correction_request_answered",
            ),
        ]
