"""The application ``audit``."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """See the package's first line."""

    name = "canbo.audit"
    label = "audit"
