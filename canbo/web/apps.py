"""The pages as a Django application."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Holds templates and the stylesheet."""

    name = "canbo.web"
    label = "web"
