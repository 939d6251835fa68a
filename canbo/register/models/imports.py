"""Imports: which file wrote what, as of which day, and how far it came."""

from django.db import models

from canbo.audit.history import kept


@kept
class ImportBatch(models.Model):
    """One import that was applied, whole. ``content`` is the hash of the file's canonical content."""

    classes = {"internal": "id file_name content as_of applied_at by created changed ended left undone"}
    file_name = models.TextField()
    content = models.TextField()
    as_of = models.DateField()
    applied_at = models.DateTimeField()
    by = models.TextField()
    created = models.BigIntegerField(default=0)
    changed = models.BigIntegerField(default=0)
    ended = models.BigIntegerField(default=0)
    left = models.BigIntegerField(default=0)
    undone = models.BooleanField(default=False)
