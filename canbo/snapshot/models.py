"""Sealed snapshots: what was sealed, of which day, as known when, and the hashes that prove it. Rows are only added."""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from canbo.audit.history import kept


@kept
class Seal(models.Model):
    """A snapshot whose files are kept. A correction is a new seal that names the old one (``replaces``).

    ``content`` is the content version of the tables, ``files`` the SHA-256 of each file, ``rows`` the rows of each
    dataset, ``writer`` what wrote the files: another version may pack the same content into other bytes.
    """

    classes = {"internal": "id title day known folder content files rows writer sealed_at by replaces"}
    title = models.TextField()
    day = models.DateField()
    known = models.DateTimeField()
    folder = models.TextField()
    content = models.TextField()
    files = models.JSONField()
    rows = models.JSONField()
    writer = models.TextField()
    sealed_at = models.DateTimeField()
    by = models.TextField()
    replaces = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(known__lt=F("sealed_at")), name="seal_known_before_sealed")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
