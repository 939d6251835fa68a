"""Users of the house, their mandates and tokens. What a role may do is in ``roles``."""

from datetime import date

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from canbo.accounts.permissions import Permission
from canbo.accounts.roles import ROLES
from canbo.audit.history import kept
from canbo.codes import code_list


class MandateQuerySet(models.QuerySet["Mandate"]):
    """Mandates with their half-open period."""

    def as_of(self, day: date) -> "MandateQuerySet":
        """Those that hold on a day."""
        return self.filter(Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gt=day)))


class User(AbstractUser):
    """One account. ``person_code`` names the person of the register whose own file this account may see.

    Signing in rewrites the row, so its changes are told in the log and not kept as versions, the password's hash least
    of all.
    """

    classes = {
        "internal": "id username first_name last_name email is_active is_staff is_superuser date_joined last_login "
        "person_code is_demo groups user_permissions",
        "sensitive": "password",
    }
    person_code = models.TextField(blank=True, default="")
    is_demo = models.BooleanField(default=False)


@kept
class Mandate(models.Model):
    """A role of an account over management tiers and a unit's subtree, for a half-open period; several may overlap.

    ``tiers`` NULL: every tier; ``unit_code`` empty: the whole province.
    """

    classes = {"internal": "id user role tiers unit_code valid_from valid_to"}
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="mandates")
    role = models.TextField()
    tiers = ArrayField(models.TextField(), null=True, blank=True)
    unit_code = models.TextField(blank=True, default="")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    objects = MandateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="mandate_ordered"
            ),
            models.CheckConstraint(condition=Q(role__in=list(ROLES)), name="mandate_role_known"),
            models.CheckConstraint(
                condition=Q(tiers__isnull=True)
                | (Q(tiers__contained_by=list(code_list("managed_by").keys)) & ~Q(tiers=[])),
                name="mandate_tiers_known",
            ),
        ]


class ApiToken(models.Model):
    """A token of an account for programs. Only its hash is kept; each use rewrites ``last_used_at``."""

    classes = {"internal": "id user name scopes expires_at revoked_at last_used_at", "sensitive": "hash"}
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="tokens")
    name = models.TextField()
    hash = models.TextField(unique=True)
    scopes = ArrayField(models.TextField())
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(scopes__contained_by=[str(one) for one in Permission]) & ~Q(scopes=[]),
                name="token_scopes_known",
            ),
            models.UniqueConstraint(
                fields=["user", "name"], name="token_name_once", condition=Q(revoked_at__isnull=True)
            ),
        ]
