"""Organisations with their history: units in two trees, their parameters, titles, standards, delegation, quotas."""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from canbo.audit.history import kept
from canbo.codes import code_list
from canbo.register.models.base import Held, Row, coded, codes_known, no_overlap, ordered


@kept
class Unit(models.Model):
    """An organisation or locality through all its versions; its code is never used again (ORG-11)."""

    classes = {"public": "id code"}
    code = models.TextField(unique=True)


@kept
class UnitVersion(Held):
    """What a unit is called, what it is and where it stands, for a period; the two trees side by side."""

    classes = {
        "public": "id unit valid_from valid_to name parent party_parent level kind sector is_city is_base_party "
        "locality_code minority_share",
        "internal": "since_known document origin",
    }
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="versions")
    name = models.TextField()
    parent = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    party_parent = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    level = coded()
    kind = coded()
    sector = coded(optional=True)
    is_city = models.BooleanField(default=False)
    is_base_party = models.BooleanField(default=False)
    locality_code = models.TextField(blank=True, default="")
    minority_share = models.DecimalField(max_digits=20, decimal_places=17, null=True, blank=True)

    class Meta:
        constraints = [
            ordered("unit_version"),
            no_overlap("unit_version", "unit_id"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("unit")), name="unit_version_not_own_parent"
            ),
            *codes_known("unit_version", level="level", kind="unit_kind", sector="sector"),
        ]


@kept
class Reorganisation(Row):
    """A merger, split, renaming, move, abolition or change of level, as one dated operation with its decision.

    ``plan`` is what was asked, ``undone_by`` the operation that corrected it.
    """

    classes = {"internal": "id kind on_day title plan document origin undone_by"}
    kind = models.TextField()
    on_day = models.DateField()
    title = models.TextField()
    plan = models.JSONField(default=dict)
    undone_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="undoes")


@kept
class UnitSuccession(Row):
    """Which unit follows which, from which day."""

    classes = {"public": "id predecessor successor on_day", "internal": "reorganisation document origin"}
    predecessor = models.ForeignKey(Unit, models.PROTECT, related_name="successors")
    successor = models.ForeignKey(Unit, models.PROTECT, related_name="predecessors")
    on_day = models.DateField(null=True, blank=True)
    reorganisation = models.ForeignKey(Reorganisation, models.PROTECT, null=True, blank=True, related_name="links")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="succession_once"),
            models.CheckConstraint(condition=~Q(predecessor=F("successor")), name="succession_not_itself"),
        ]


@kept
class Demography(Row):
    """Inhabitants of a locality by ethnicity and year (ORG-06)."""

    classes = {"public": "id unit year ethnicity inhabitants", "internal": "document origin"}
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="demography")
    year = models.IntegerField()
    ethnicity = coded()
    inhabitants = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "year", "ethnicity"], name="demography_once"),
            models.CheckConstraint(condition=Q(inhabitants__gte=0), name="demography_not_negative"),
            *codes_known("demography", ethnicity="ethnicity"),
        ]


@kept
class Title(models.Model):
    """A title (chức danh) of the catalogue."""

    classes = {"public": "id code name post_kind level is_head is_key weight"}
    code = models.TextField(unique=True)
    name = models.TextField()
    post_kind = coded()
    level = coded(optional=True)
    is_head = models.BooleanField(default=False)
    is_key = models.BooleanField(default=False)
    weight = models.IntegerField(default=0)

    class Meta:
        constraints = codes_known("title", post_kind="post_kind", level="level")


@kept
class TitleStandard(Held):
    """One version of the standard of a title: requirements as ``{column of people: least level or true}`` (ORG-08)."""

    classes = {"public": "id title valid_from valid_to requirements", "internal": "since_known document origin"}
    title = models.ForeignKey(Title, models.PROTECT, related_name="standards")
    requirements = models.JSONField()

    class Meta:
        constraints = [
            ordered("title_standard"),
            no_overlap("title_standard", "title_id"),
            models.CheckConstraint(condition=Q(document__isnull=False), name="title_standard_documented"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="never_edited",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("title", "requirements", "valid_from"),
            )
        ]


@kept
class RankStandard(Held):
    """One version of the standard of a rank (ngạch) and its equivalents: requirements as for a title (REG-04)."""

    classes = {"public": "id rank valid_from valid_to requirements", "internal": "since_known document origin"}
    rank = coded()
    requirements = models.JSONField()

    class Meta:
        constraints = [
            ordered("rank_standard"),
            *(no_overlap(f"rank_standard_{key}", condition=Q(rank=key)) for key in code_list("rank").keys),
            *codes_known("rank_standard", rank="rank"),
            models.CheckConstraint(condition=Q(document__isnull=False), name="rank_standard_documented"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="never_edited",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("rank", "requirements", "valid_from"),
            )
        ]


@kept
class JobPosition(Held):
    """A job position (vị trí việc làm) of a unit with how many it needs and what it asks (ORG-13, REG-15)."""

    classes = {
        "public": "id unit title name valid_from valid_to planned fields least_education has_foreign_element",
        "internal": "since_known document origin",
    }
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="positions")
    title = models.ForeignKey(Title, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.TextField()
    planned = models.IntegerField(default=1)
    fields = models.JSONField(default=list)
    least_education = coded(optional=True)
    has_foreign_element = models.BooleanField(default=False)

    class Meta:
        constraints = [ordered("job_position"), *codes_known("job_position", least_education="education")]


@kept
class DelegationRule(Held):
    """Who manages which posts in which kind of unit (phân cấp quản lý), for a period, by a document (ORG-07).

    NULL in ``post_kind``, ``body``, ``body_role``, ``unit_kind`` or ``level`` means any.
    """

    classes = {
        "public": "id post_kind body body_role unit_kind level tier valid_from valid_to",
        "internal": "since_known document origin",
    }
    post_kind = coded(optional=True)
    body = coded(optional=True)
    body_role = coded(optional=True)
    unit_kind = coded(optional=True)
    level = coded(optional=True)
    tier = coded()

    class Meta:
        constraints = [
            ordered("delegation"),
            *codes_known(
                "delegation",
                post_kind="post_kind",
                body="body",
                body_role="body_role",
                unit_kind="unit_kind",
                level="level",
                tier="managed_by",
            ),
        ]


@kept
class RankEquivalence(Held):
    """Which level a rank code of any scale stands for, for a period (REG-03)."""

    classes = {"public": "id rank_code name rank valid_from valid_to", "internal": "since_known document origin"}
    rank_code = models.TextField()
    name = models.TextField()
    rank = coded()

    class Meta:
        constraints = [ordered("equivalence"), *codes_known("equivalence", rank="rank")]


@kept
class Quota(Row):
    """Staff quota (biên chế) of a unit for a year."""

    classes = {"internal": "id unit year staff_kind posts document origin"}
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="quotas")
    year = models.IntegerField()
    staff_kind = coded()
    posts = models.IntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(posts__gte=0), name="quota_not_negative"),
            *codes_known("quota", staff_kind="staff_kind"),
        ]
        indexes = [models.Index(fields=["unit", "year"], name="quota_unit_year")]


@kept
class Parameter(models.Model):
    """What units may have a value of their own for: the target of an indicator (by its id), or another figure (ORG-05).

    ``form`` is what a value must be: ``goal`` (“> 40%”), ``number`` or ``text``.
    """

    classes = {"public": "id code label form"}
    code = models.TextField(unique=True)
    label = models.TextField(blank=True, default="")
    form = models.TextField(default="goal")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(form__in=["goal", "number", "text"]), name="parameter_form_known")
        ]


@kept
class UnitParameter(Held):
    """The value that a unit has of its own for a period, by a document (ORG-05)."""

    classes = {
        "public": "id unit parameter value valid_from valid_to",
        "internal": "since_known document origin",
    }
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="parameters")
    parameter = models.ForeignKey(Parameter, models.PROTECT, related_name="values")
    value = models.TextField()

    class Meta:
        constraints = [
            ordered("unit_parameter"),
            no_overlap("unit_parameter", "unit_id", "parameter_id"),
            models.CheckConstraint(condition=Q(document__isnull=False), name="unit_parameter_documented"),
        ]


@kept
class Plan(Row):
    """A planned quantity of a category over a period."""

    classes = {"internal": "id code unit category valid_from valid_to quantity document origin"}
    code = models.TextField()
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    category = models.TextField()
    valid_from = models.DateField()
    valid_to = models.DateField()
    quantity = models.IntegerField(null=True, blank=True)

    class Meta:
        constraints = [ordered("plan")]


@kept
class ReportedFigure(Row):
    """A figure as some report printed it."""

    classes = {"internal": "id indicator unit as_of text low high document origin"}
    indicator = models.TextField()
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    as_of = models.DateField()
    text = models.TextField()
    low = models.FloatField(null=True, blank=True)
    high = models.FloatField(null=True, blank=True)


@kept
class UnitConfirmation(models.Model):
    """A unit confirms that its records are complete for a reporting day (REG-17)."""

    classes = {"internal": "id unit as_of confirmed_at by open_errors note"}
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="confirmations")
    as_of = models.DateField()
    confirmed_at = models.DateTimeField()
    by = models.TextField()
    open_errors = models.IntegerField(default=0)
    note = models.TextField(blank=True, default="")
