"""What the pages keep of their own: lists that somebody gave a name."""

from django.conf import settings
from django.db import models


class NamedFilter(models.Model):
    """Filters of a list of people under a name, as the part of an address after “?”; ``shared``: others see it too.

    It holds what is asked, never who was found: whoever opens it sees whom the own mandates reach.
    """

    classes = {"internal": "id user name query shared"}
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="named_filters")
    name = models.TextField()
    query = models.TextField(blank=True, default="")
    shared = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="named_filter_once")]
