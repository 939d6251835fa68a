"""The application ``register``."""

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    """See the package's first line."""

    name = "canbo.register"
    label = "register"
