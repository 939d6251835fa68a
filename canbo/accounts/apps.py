"""The application ``accounts``."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Users, mandates and tokens."""

    name = "canbo.accounts"
    label = "accounts"
