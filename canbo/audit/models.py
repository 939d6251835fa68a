"""The log. Rows are only ever added (a trigger refuses the rest); each carries the hash of the one before."""

import pgtrigger
from django.db import models

from canbo.audit.history import never_emptied


class Entry(models.Model):
    """One thing that somebody did: a change with its history rows, a read of sensitive fields, a sign-in.

    ``id`` counts from 1 without gaps. ``digest`` is over the history rows that the change wrote (empty: none; its form
    is in ``canbo.audit.digests``), ``hash`` over all other fields, ``previous`` included.
    """

    id = models.BigIntegerField(primary_key=True)
    moment = models.DateTimeField()
    change = models.UUIDField(unique=True)
    actor = models.TextField()
    action = models.TextField()
    subject = models.TextField(blank=True, default="")
    detail = models.JSONField(default=dict)
    rows = models.BigIntegerField(default=0)
    digest = models.TextField(blank=True, default="")
    previous = models.TextField(blank=True, default="")
    hash = models.TextField()

    class Meta:
        indexes = [
            models.Index(fields=["subject", "id"], name="entry_subject"),
            models.Index(fields=["actor", "id"], name="entry_actor"),
            # The last change is looked up at every question; reads, which are logged too, may be many since.
            models.Index(fields=["id"], condition=models.Q(rows__gt=0), name="entry_writing"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            never_emptied(),
        ]
