"""The application ``snapshot``."""

from django.apps import AppConfig


class SnapshotConfig(AppConfig):
    """See the package's first line."""

    name = "canbo.snapshot"
    label = "snapshot"
