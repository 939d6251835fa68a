"""Documents behind facts: their identity, life, relations, files, tasks and reviews."""

from django.db import models
from django.db.models import F, Q

from canbo.audit.history import kept


@kept
class Document(models.Model):
    """A document; its identity is number, kind, issuer and day of issue, for numbers restart each term (DOC-02)."""

    classes = {
        "public": "id number kind issuer issuer_level issuer_unit title issued_on effective_from effective_to",
        "internal": "subject_from subject_to secrecy state signer review_due",
    }
    number = models.TextField(blank=True, default="")
    kind = models.TextField()
    issuer = models.TextField()
    issuer_level = models.TextField(blank=True, default="")
    issuer_unit = models.ForeignKey("register.Unit", models.PROTECT, null=True, blank=True, related_name="+")
    title = models.TextField(blank=True, default="")
    issued_on = models.DateField(null=True, blank=True)
    effective_from = models.DateField(null=True, blank=True)
    effective_to = models.DateField(null=True, blank=True)
    subject_from = models.DateField(null=True, blank=True)
    subject_to = models.DateField(null=True, blank=True)
    secrecy = models.TextField(default="normal")
    state = models.TextField(default="issued")
    signer = models.TextField(blank=True, default="")
    review_due = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["number", "kind", "issuer", "issued_on"],
                name="document_identity",
                condition=~Q(number=""),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(number="") | Q(issued_on__isnull=False) | Q(state__in=["draft", "submitted"]),
                name="document_number_dated",
            ),
            models.CheckConstraint(
                condition=Q(effective_from__isnull=True)
                | Q(issued_on__isnull=True)
                | Q(effective_from__gte=F("issued_on")),
                name="document_in_force_after_issue",
            ),
            models.CheckConstraint(
                condition=Q(subject_to__isnull=True)
                | Q(subject_from__isnull=True)
                | Q(subject_to__gte=F("subject_from")),
                name="document_subject_ordered",
            ),
            models.CheckConstraint(
                condition=Q(secrecy__in=["normal", "confidential", "secret", "top_secret"]),
                name="document_secrecy_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "submitted", "issued", "withdrawn"]), name="document_state_known"
            ),
        ]


@kept
class DocumentRelation(models.Model):
    """One document rests on, carries out, details, amends, replaces or concludes on another."""

    classes = {"public": "id source target kind holds_from affects"}
    source = models.ForeignKey(Document, models.PROTECT, related_name="rests_on")
    target = models.ForeignKey(Document, models.PROTECT, related_name="carried_by")
    kind = models.TextField()
    holds_from = models.DateField(null=True, blank=True)
    affects = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "target", "kind"], name="relation_once"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="relation_not_itself"),
            models.CheckConstraint(
                condition=Q(kind__in=["basis", "carries_out", "details", "amends", "replaces", "concludes"]),
                name="relation_kind_known",
            ),
        ]


@kept
class Attachment(models.Model):
    """A file of a document, known by its checksum."""

    classes = {"internal": "id document name media_type size sha256 path"}
    document = models.ForeignKey(Document, models.PROTECT, related_name="attachments")
    name = models.TextField()
    media_type = models.TextField()
    size = models.BigIntegerField()
    sha256 = models.TextField()
    path = models.TextField()


@kept
class DocumentTask(models.Model):
    """A task that a document gives to a unit."""

    classes = {"internal": "id document text lead due done_on result"}
    document = models.ForeignKey(Document, models.PROTECT, related_name="tasks")
    text = models.TextField()
    lead = models.ForeignKey("register.Unit", models.PROTECT, related_name="+")
    due = models.DateField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)
    result = models.TextField(blank=True, default="")


@kept
class DocumentReview(models.Model):
    """A periodic review of a document: keep, adjust or replace."""

    classes = {"internal": "id document due owner reviewed_on result"}
    document = models.ForeignKey(Document, models.PROTECT, related_name="reviews")
    due = models.DateField()
    owner = models.TextField(blank=True, default="")
    reviewed_on = models.DateField(null=True, blank=True)
    result = models.TextField(blank=True, default="")
