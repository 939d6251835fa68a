"""The application ``accounts``."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Users, mandates and tokens."""

    name = "canbo.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Receive the events of signing in."""
        from canbo.accounts import sign_ins

        sign_ins.connect()
