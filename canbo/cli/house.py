"""Opening the house for a command: its database is started, Django is set up. Commands on files never come here."""

import getpass
import os
from datetime import datetime


def open_house() -> None:
    """Start the database where it is the embedded one, and set Django up.

    :raises Refused: the database does not answer.
    """
    from canbo.installation.server import database_url

    os.environ["DATABASE_URL"] = database_url()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "canbo.config.settings")
    import django

    django.setup()


def author() -> str:
    """Who runs the command, for the log: the name of the machine's account."""
    return f"cli:{getpass.getuser()}"


def now() -> datetime:
    """The present moment, for the log."""
    return datetime.now().astimezone()
