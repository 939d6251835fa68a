"""Opening the house for a command: its database is started, Django is set up. Commands on files never come here."""

import getpass
import os
import sys
from datetime import datetime

from canbo.common.findings import Refused
from canbo.common.language import pick


def open_house(*, any_version: bool = False) -> None:
    """Start the database where it is the embedded one, and set Django up.

    Who sits at the terminal is told what is not well with the installation: an old backup, a wrong clock.
    ``any_version`` is for the commands that make, save or replace the database.

    :raises Refused: the database does not answer, or is not of the program's version.
    """
    from canbo.installation.server import database_url

    os.environ["DATABASE_URL"] = database_url()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "canbo.config.settings")
    import django

    django.setup()
    if not any_version:
        _require_current()
        _warn()


def author() -> str:
    """Who runs the command, for the log: the name of the machine's account."""
    return f"cli:{getpass.getuser()}"


def now() -> datetime:
    """The present moment, for the log."""
    return datetime.now().astimezone()


def _require_current() -> None:
    """:raises Refused: the database was never made, or is of another version of the program."""
    from canbo.audit import upgrading

    if upgrading.is_new():
        raise Refused(
            pick(
                "Cơ sở dữ liệu chưa được tạo. Hãy chạy “canbo migrate” trước.",
                "The database is not made yet. Run “canbo migrate” first.",
            )
        )
    upgrading.refuse_newer()
    if upgrading.pending():
        raise Refused(
            pick(
                "Cơ sở dữ liệu cũ hơn chương trình. Chưa thay đổi gì. Hãy chạy “canbo migrate” trước.",
                "The database is older than the program. Nothing was changed. Run “canbo migrate” first.",
            )
        )


def _warn() -> None:
    """Print what is not well, for a person to read: not to a program, nor into a file."""
    if "--json" in sys.argv or not sys.stderr.isatty():
        return
    from canbo.audit.health import health

    for warning in health(at=now()).warnings:
        sys.stderr.write(pick(f"Lưu ý: {warning}\n", f"Note: {warning}\n"))
