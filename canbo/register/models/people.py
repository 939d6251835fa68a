"""A person and what is said of the person: identity, party, employment, what sources state, assessments, relatives."""

from django.db import models
from django.db.models import F, Q

from canbo.audit.history import kept
from canbo.register.models.base import Held, Row, coded, codes_known, no_overlap, ordered


@kept
class Person(models.Model):
    """One record a person. Identity is corrected, not dated: its history tells what was believed when.

    ``birth_date`` is the first possible day where ``birth_precision`` is ``month`` or ``year``. ``revision`` counts the
    changes of the person and of all facts about the person, so that two officers notice each other.
    ``name_key`` is the name without case and marks, ``name_order`` sorts as Vietnamese lists do.
    """

    classes = {
        "public": "id code",
        "internal": "full_name other_names name_key name_order birth_date birth_precision sex staff_number revision "
        "merged_into recruited_first_on recruited_first_by photo origin",
        "sensitive": "ethnicity religion national_id national_id_issued_on national_id_issued_by birth_place "
        "home_place residence address phone email social_insurance health_insurance class_origin job_before army "
        "policy_groups general_education health height weight blood_group strengths longest_work "
        "personal_history economy",
    }
    code = models.TextField(unique=True)
    full_name = models.TextField()
    name_key = models.TextField(db_index=True)
    name_order = models.TextField(db_index=True)
    other_names = models.TextField(blank=True, default="")
    birth_date = models.DateField()
    birth_precision = models.TextField(default="day")
    sex = coded()
    ethnicity = coded(optional=True)
    religion = models.TextField(blank=True, default="")
    national_id = models.TextField(null=True, blank=True)
    national_id_issued_on = models.DateField(null=True, blank=True)
    national_id_issued_by = models.TextField(blank=True, default="")
    staff_number = models.TextField(blank=True, default="")
    birth_place = models.TextField(blank=True, default="")
    home_place = models.TextField(blank=True, default="")
    residence = models.TextField(blank=True, default="")
    address = models.TextField(blank=True, default="")
    phone = models.TextField(blank=True, default="")
    email = models.TextField(blank=True, default="")
    social_insurance = models.TextField(blank=True, default="")
    health_insurance = models.TextField(blank=True, default="")
    class_origin = models.TextField(blank=True, default="")
    job_before = models.TextField(blank=True, default="")
    recruited_first_on = models.DateField(null=True, blank=True)
    recruited_first_by = models.TextField(blank=True, default="")
    army = models.TextField(blank=True, default="")
    policy_groups = models.TextField(blank=True, default="")
    general_education = models.TextField(blank=True, default="")
    health = models.TextField(blank=True, default="")
    height = models.IntegerField(null=True, blank=True)
    weight = models.IntegerField(null=True, blank=True)
    blood_group = models.TextField(blank=True, default="")
    strengths = models.TextField(blank=True, default="")
    longest_work = models.TextField(blank=True, default="")
    personal_history = models.TextField(blank=True, default="")
    economy = models.TextField(blank=True, default="")
    photo = models.TextField(blank=True, default="")
    revision = models.BigIntegerField(default=1)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")
    origin = models.ForeignKey("register.ImportBatch", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["national_id"], name="person_national_id_once", condition=Q(merged_into__isnull=True)
            ),
            models.CheckConstraint(
                condition=Q(birth_precision__in=["day", "month", "year"]), name="person_birth_precision_known"
            ),
            models.CheckConstraint(
                condition=Q(national_id__isnull=True) | Q(national_id__regex=r"^[0-9]{12}$"),
                name="person_national_id_form",
            ),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="person_not_merged_into_itself"),
            *codes_known("person", sex="sex", ethnicity="ethnicity"),
        ]


class PersonFact(Held):
    """A dated fact about a person."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="%(class)ss")

    class Meta:
        abstract = True


@kept
class PartyMembership(PersonFact):
    """Membership of the Party in one cell; ``official_on`` is NULL while on probation (REG-19)."""

    classes = {
        "internal": "id person unit valid_from valid_to since_known document origin",
        "sensitive": "admitted_on official_on card_number",
    }
    admitted_on = models.DateField(null=True, blank=True)
    official_on = models.DateField(null=True, blank=True)
    card_number = models.TextField(blank=True, default="")
    unit = models.ForeignKey("register.Unit", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            ordered("party_membership"),
            no_overlap("party_membership", "person_id"),
            models.CheckConstraint(
                condition=Q(admitted_on__isnull=True)
                | Q(official_on__isnull=True)
                | Q(official_on__gte=F("admitted_on")),
                name="party_membership_official_after_admission",
            ),
        ]


@kept
class Employment(PersonFact):
    """In which capacity a person serves, for a period; ``valid_to`` is the day after the last in service (REG-10).

    ``retires_on`` is the retirement day where a decision sets another than the table's.
    """

    classes = {
        "internal": "id person unit staff_kind contract_kind recruited_on high_quality_recruit retires_on valid_from "
        "valid_to since_known exit_kind document origin"
    }
    unit = models.ForeignKey("register.Unit", models.PROTECT, null=True, blank=True, related_name="+")
    staff_kind = coded()
    contract_kind = models.TextField(blank=True, default="")
    recruited_on = models.DateField(null=True, blank=True)
    high_quality_recruit = models.BooleanField(default=False)
    retires_on = models.DateField(null=True, blank=True)
    exit_kind = coded(optional=True)

    class Meta:
        constraints = [
            ordered("employment"),
            no_overlap("employment", "person_id"),
            *codes_known("employment", staff_kind="staff_kind", exit_kind="exit_kind"),
        ]


ASSESSED = (
    "major_fits_post",
    "it_standard",
    "language_standard",
    "international_ready",
    "operations_standard",
    "skills_standard",
    "state_management_standard",
    "meets_post_standard",
)
"""What is judged of a person: met, not met, or not assessed."""
STATED = (
    "education",
    "medical_specialist",
    "political_theory",
    "state_management",
    "rank",
    "rank_by_equivalence",
    *ASSESSED,
)
"""What a source may state of a person without the event behind it."""


@kept
class Standing(PersonFact):
    """What a source states of a person from a day on without the event behind it (levels reached, standards met).

    Where the events are known (qualifications, ranks, assessments) they go first. NULL means not stated.
    """

    classes = {"internal": "id person valid_from valid_to since_known document origin " + " ".join(STATED)}
    education = coded(optional=True)
    medical_specialist = coded(optional=True)
    political_theory = coded(optional=True)
    state_management = coded(optional=True)
    rank = coded(optional=True)
    rank_by_equivalence = models.BooleanField(null=True, blank=True)
    major_fits_post = models.BooleanField(null=True, blank=True)
    it_standard = models.BooleanField(null=True, blank=True)
    language_standard = models.BooleanField(null=True, blank=True)
    international_ready = models.BooleanField(null=True, blank=True)
    operations_standard = models.BooleanField(null=True, blank=True)
    skills_standard = models.BooleanField(null=True, blank=True)
    state_management_standard = models.BooleanField(null=True, blank=True)
    meets_post_standard = models.BooleanField(null=True, blank=True)

    class Meta:
        constraints = [
            ordered("standing"),
            no_overlap("standing", "person_id"),
            *codes_known(
                "standing",
                education="education",
                medical_specialist="medical_specialist",
                political_theory="political_theory",
                state_management="state_management",
                rank="rank",
            ),
        ]


@kept
class AssessmentRule(Held):
    """An approved rule by which assessments of a subject count; without one nobody is met or not met (C.6).

    ``bases`` are the bases that it accepts (empty: any), ``valid_months`` how long an assessment holds (NULL: always).
    """

    classes = {
        "public": "id subject version bases valid_months text valid_from valid_to",
        "internal": "since_known document origin",
    }
    subject = models.TextField()
    version = models.TextField()
    bases = models.JSONField(default=list)
    valid_months = models.IntegerField(null=True, blank=True)
    text = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            ordered("assessment_rule"),
            *(no_overlap(f"assessment_rule_{key}", condition=Q(subject=key)) for key in ASSESSED),
            models.CheckConstraint(condition=Q(subject__in=ASSESSED), name="assessment_rule_subject_known"),
            models.CheckConstraint(condition=Q(document__isnull=False), name="assessment_rule_documented"),
            models.CheckConstraint(
                condition=Q(valid_months__isnull=True) | Q(valid_months__gt=0), name="assessment_rule_months"
            ),
        ]


@kept
class Assessment(PersonFact):
    """A judgement with its basis: IT, languages, international work … met, not met (REG-05, REG-06, C.6).

    ``subject`` is the column of people that it decides; ``valid_from`` the day of the assessment.
    """

    classes = {
        "internal": "id person subject met level basis assessor rule_version valid_from valid_to since_known document "
        "origin"
    }
    subject = models.TextField()
    met = models.BooleanField()
    level = models.TextField(blank=True, default="")
    basis = models.TextField()
    assessor = models.TextField(blank=True, default="")
    rule_version = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            ordered("assessment"),
            models.CheckConstraint(condition=~Q(basis=""), name="assessment_has_basis"),
            models.CheckConstraint(condition=Q(subject__in=ASSESSED), name="assessment_subject_known"),
        ]


@kept
class Relative(PersonFact):
    """A relative, inside the register or outside; feeds the control of power."""

    classes = {
        "internal": "id person valid_from valid_to since_known document origin",
        "sensitive": "relation side other name birth_year home job address",
    }
    relation = models.TextField()
    side = models.TextField(default="own")
    other = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.TextField(blank=True, default="")
    birth_year = models.IntegerField(null=True, blank=True)
    home = models.TextField(blank=True, default="")
    job = models.TextField(blank=True, default="")
    address = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            ordered("relative"),
            models.CheckConstraint(condition=Q(side__in=["own", "spouse"]), name="relative_side_known"),
            models.CheckConstraint(condition=Q(other__isnull=False) | ~Q(name=""), name="relative_named"),
        ]


@kept
class PersonMerge(Row):
    """Two records found to be one person: what was moved, so that it can be undone."""

    classes = {"internal": "id kept gone moved undone document origin"}
    kept = models.ForeignKey(Person, models.PROTECT, related_name="+")
    gone = models.ForeignKey(Person, models.PROTECT, related_name="+")
    moved = models.JSONField(default=dict)
    undone = models.BooleanField(default=False)
