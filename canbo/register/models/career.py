"""The career: posts held, seats in bodies by term, ranks, rotations, decisions on appointment, recruitment, exit."""

from django.db import models
from django.db.models import F, Q

from canbo.audit.history import kept
from canbo.codes import code_list
from canbo.register.certificate_kinds import kinds as certificate_kinds
from canbo.register.models.base import Held, Row, coded, codes_known, no_overlap, ordered
from canbo.register.models.organisations import Title, Unit
from canbo.register.models.people import Person, PersonFact


@kept
class PostHeld(PersonFact):
    """A post that a person holds in a unit, several at once, one of them main (REG-11).

    ``stated_tier`` is the management tier as a document or a source states it, an exception to the delegation rules;
    otherwise the tier is derived. ``term_ends_on`` is the last day of the term of appointment.
    """

    classes = {
        "public": "id unit title post post_kind is_head is_key_leader",
        "internal": "person valid_from valid_to since_known is_main is_acting foreign_element appointed_on "
        "term_ends_on stated_tier end_reason document origin position",
    }
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts")
    title = models.ForeignKey(Title, models.PROTECT, null=True, blank=True, related_name="+")
    position = models.ForeignKey("register.JobPosition", models.PROTECT, null=True, blank=True, related_name="holders")
    post = models.TextField(null=True, blank=True)
    post_kind = coded()
    is_main = models.BooleanField(default=False)
    is_acting = models.BooleanField(default=False)
    is_head = models.BooleanField(default=False)
    is_key_leader = models.BooleanField(default=False)
    foreign_element = models.BooleanField(default=False)
    appointed_on = models.DateField(null=True, blank=True)
    term_ends_on = models.DateField(null=True, blank=True)
    stated_tier = coded(optional=True)
    end_reason = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            ordered("post_held"),
            no_overlap("post_held_main", "person_id", condition=Q(is_main=True)),
            *codes_known("post_held", post_kind="post_kind", stated_tier="managed_by"),
        ]


@kept
class Term(Row):
    """A term of the Party or of the state bodies of a level; they run side by side and are offset."""

    classes = {
        "public": "id family level unit number valid_from valid_to congress_month",
        "internal": "document origin",
    }
    family = models.TextField()
    level = coded()
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="terms")
    number = models.TextField(blank=True, default="")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    congress_month = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            ordered("term"),
            models.UniqueConstraint(
                fields=["family", "level", "unit", "number", "valid_from"],
                name="term_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=Q(family__in=["party", "state"]), name="term_family_known"),
            *codes_known("term", level="level"),
        ]


@kept
class Body(Held):
    """That a unit has a collective body, and how many places it has: an empty body is known to be empty (ORG-03)."""

    classes = {"public": "id unit body term places valid_from valid_to", "internal": "since_known document origin"}
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="bodies")
    term = models.ForeignKey(Term, models.PROTECT, null=True, blank=True, related_name="bodies")
    body = coded()
    places = models.IntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            ordered("body"),
            *(no_overlap(f"body_{key}", "unit_id", condition=Q(body=key)) for key in code_list("body").keys),
            models.CheckConstraint(condition=Q(places__isnull=True) | Q(places__gt=0), name="body_has_places"),
            *codes_known("body", body="body"),
        ]


@kept
class BodySeat(PersonFact):
    """A seat in a collective body of a unit (ORG-03)."""

    classes = {
        "public": "id unit body role term",
        "internal": "person valid_from valid_to since_known mode end_reason document origin",
    }
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="seats")
    term = models.ForeignKey(Term, models.PROTECT, null=True, blank=True, related_name="seats")
    body = coded()
    role = coded()
    mode = models.TextField(blank=True, default="")
    end_reason = models.TextField(blank=True, default="")

    class Meta:
        constraints = [ordered("body_seat"), *codes_known("body_seat", body="body", role="body_role")]


@kept
class RankHeld(PersonFact):
    """A rank held from a day on, until the next."""

    classes = {"internal": "id person rank rank_code by_equivalence valid_from valid_to since_known document origin"}
    rank = coded()
    rank_code = models.TextField(blank=True, default="")
    by_equivalence = models.BooleanField(default=False)

    class Meta:
        constraints = [
            ordered("rank_held"),
            no_overlap("rank_held", "person_id"),
            *codes_known("rank_held", rank="rank"),
        ]


@kept
class Rotation(PersonFact):
    """A rotation, transfer or secondment from unit to unit."""

    classes = {
        "internal": "id person from_unit to_unit kind movement from_level to_level from_post_kind to_post_kind tier "
        "valid_from valid_to since_known expected_to document origin"
    }
    from_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    to_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    kind = coded()
    movement = coded()
    from_level = coded()
    to_level = coded()
    from_post_kind = coded(optional=True)
    to_post_kind = coded(optional=True)
    tier = coded(optional=True)
    expected_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            ordered("rotation"),
            *codes_known(
                "rotation",
                kind="rotation_kind",
                movement="movement",
                from_level="level",
                to_level="level",
                from_post_kind="post_kind",
                to_post_kind="post_kind",
                tier="managed_by",
            ),
        ]


@kept
class AppointmentDecision(Row):
    """A decision to appoint, reappoint, extend, nominate, assign, place in a rank, dismiss, or accept a resignation."""

    classes = {
        "internal": "id person unit post_kind kind rank decided_on met_standards trained_before was_planned document "
        "origin"
    }
    person = models.ForeignKey(Person, models.PROTECT, related_name="appointments")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    post_kind = coded(optional=True)
    kind = coded()
    rank = coded(optional=True)
    decided_on = models.DateField()
    met_standards = models.BooleanField(null=True, blank=True)
    trained_before = models.BooleanField(null=True, blank=True)
    was_planned = models.BooleanField(null=True, blank=True)

    class Meta:
        constraints = codes_known("appointment", post_kind="post_kind", kind="appointment_kind", rank="rank")


@kept
class Recruitment(Row):
    """An entry into service."""

    classes = {"internal": "id person unit recruited_on kind high_quality staff_kind document origin"}
    person = models.ForeignKey(Person, models.PROTECT, related_name="recruitments")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    recruited_on = models.DateField()
    kind = coded()
    high_quality = models.BooleanField(null=True, blank=True)
    staff_kind = coded()

    class Meta:
        constraints = codes_known("recruitment", kind="recruit_kind", staff_kind="staff_kind")


@kept
class Exit(Row):
    """A leaving of the service; ``person_code`` names the person also where the source does not list him or her."""

    classes = {"internal": "id person person_code unit left_on kind document origin"}
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="exits")
    person_code = models.TextField()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    left_on = models.DateField()
    kind = coded()

    class Meta:
        constraints = codes_known("exit", kind="exit_kind")


@kept
class PoolList(Row):
    """A list of a succession pool for a post or body of a unit and term."""

    classes = {"internal": "id code term unit body post_kind level approved_on document origin"}
    code = models.TextField(unique=True)
    term = models.TextField()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    body = coded(optional=True)
    post_kind = coded(optional=True)
    level = coded()
    approved_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = codes_known("pool_list", body="body", post_kind="post_kind", level="level")


@kept
class PoolEntry(PersonFact):
    """A person in a succession pool; closed entries stay readable with their reason."""

    classes = {
        "internal": "id person pool_list term unit body post_kind level tier met_standards valid_from valid_to "
        "since_known removed_why document origin"
    }
    pool_list = models.ForeignKey(PoolList, models.PROTECT, null=True, blank=True, related_name="entries")
    term = models.TextField()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    body = coded(optional=True)
    post_kind = coded(optional=True)
    level = coded()
    tier = coded(optional=True)
    met_standards = models.BooleanField(null=True, blank=True)
    removed_why = models.TextField(null=True, blank=True)

    class Meta:
        constraints = [
            ordered("pool_entry"),
            *codes_known("pool_entry", body="body", post_kind="post_kind", level="level", tier="managed_by"),
        ]


@kept
class Evaluation(Row):
    """A yearly or other evaluation of a person or a unit, with its grade and what was suggested."""

    classes = {
        "internal": "id subject_kind unit period evaluated_on published document origin",
        "sensitive": "person grade review_suggested suggested_by products",
    }
    subject_kind = coded()
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="evaluations")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="evaluations")
    period = models.TextField()
    grade = coded(optional=True)
    review_suggested = models.BooleanField(null=True, blank=True)
    published = models.BooleanField(null=True, blank=True)
    evaluated_on = models.DateField(null=True, blank=True)
    suggested_by = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    products = models.TextField(blank=True, default="")

    class Meta:
        constraints = codes_known("evaluation", subject_kind="subject_kind", grade="grade")


@kept
class Reward(Row):
    """A reward with its decision."""

    classes = {"internal": "id person form authority decided_on reason document origin"}
    person = models.ForeignKey(Person, models.PROTECT, related_name="rewards")
    form = models.TextField()
    authority = models.TextField(blank=True, default="")
    decided_on = models.DateField()
    reason = models.TextField(blank=True, default="")


@kept
class Discipline(PersonFact):
    """A disciplinary measure, by the Party or the State, in effect for a period; never without a decision (REG-18)."""

    classes = {
        "internal": "id person valid_from valid_to since_known document origin",
        "sensitive": "family form authority reason",
    }
    family = models.TextField()
    form = models.TextField()
    authority = models.TextField(blank=True, default="")
    reason = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            ordered("discipline"),
            models.CheckConstraint(
                condition=Q(family__in=["party", "state", "criminal"]), name="discipline_family_known"
            ),
            models.CheckConstraint(condition=Q(document__isnull=False), name="discipline_documented"),
        ]


@kept
class Qualification(Row):
    """A qualification awarded on a day (REG-02, REG-07); a revoked one counts until ``revoked_on``.

    ``by_then`` is true where a source only tells that it was held on ``awarded_on``.
    """

    classes = {
        "internal": "id person kind level field awarded_on by_then institution country mode number revoked_on document "
        "origin verified_by"
    }
    person = models.ForeignKey(Person, models.PROTECT, related_name="qualifications")
    kind = coded()
    level = models.TextField()
    field = coded(optional=True)
    awarded_on = models.DateField()
    by_then = models.BooleanField(default=False)
    institution = models.TextField(blank=True, default="")
    country = models.TextField(blank=True, default="")
    mode = models.TextField(blank=True, default="")
    number = models.TextField(blank=True, default="")
    revoked_on = models.DateField(null=True, blank=True)
    verified_by = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_on__isnull=True) | Q(revoked_on__gt=F("awarded_on")),
                name="qualification_revoked_after_award",
            ),
            *codes_known("qualification", kind="qualification_kind", field="field"),
        ]


@kept
class Certificate(PersonFact):
    """A certificate by kind and level; ``valid_from`` its day of issue, ``valid_to`` the first day it has expired."""

    classes = {
        "internal": "id person kind level language number issuer valid_from valid_to since_known document origin"
    }
    kind = models.TextField()
    level = models.TextField(blank=True, default="")
    language = models.TextField(blank=True, default="")
    number = models.TextField(blank=True, default="")
    issuer = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            ordered("certificate"),
            models.CheckConstraint(condition=Q(kind__in=list(certificate_kinds())), name="certificate_kind_known"),
        ]


@kept
class TrainingClass(Row):
    """A class or course."""

    classes = {"public": "id code program school unit valid_from valid_to places", "internal": "document origin"}
    code = models.TextField(unique=True)
    program = coded()
    school = models.TextField(null=True, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    places = models.IntegerField(null=True, blank=True)

    class Meta:
        constraints = [ordered("training_class"), *codes_known("training_class", program="program")]


@kept
class Training(PersonFact):
    """A person sent to a course, with its result."""

    classes = {
        "internal": "id person unit program field training_class mode result valid_from valid_to since_known document "
        "origin"
    }
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    program = coded()
    field = coded(optional=True)
    training_class = models.ForeignKey(TrainingClass, models.PROTECT, null=True, blank=True, related_name="students")
    mode = coded(optional=True)
    result = coded()

    class Meta:
        constraints = [
            ordered("training"),
            *codes_known("training", program="program", field="field", mode="study_mode", result="training_result"),
        ]
