"""The database's version against the program's: what is pending, what is newer than the program, and the upgrade."""

from datetime import datetime

from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from canbo.audit.changes import note
from canbo.common.findings import Refused
from canbo.common.language import pick

_LOCK = 5_201_127  # one process at a time upgrades


def pending() -> list[str]:
    """The program's migrations that the database has not had, as ``app.name``."""
    loader = MigrationLoader(connection)
    return sorted(f"{app}.{name}" for app, name in set(loader.disk_migrations) - set(loader.applied_migrations))


def is_new() -> bool:
    """Whether no migration was ever applied: an empty database."""
    return not MigrationLoader(connection).applied_migrations


def refuse_newer() -> None:
    """:raises Refused: the database has had migrations that this program does not know."""
    loader = MigrationLoader(connection)
    apps = {app for app, _ in loader.disk_migrations}
    known = {*loader.disk_migrations, *(key for one in loader.disk_migrations.values() for key in one.replaces)}
    newer = sorted(f"{app}.{name}" for app, name in set(loader.applied_migrations) - known if app in apps)
    if newer:
        raise Refused(
            pick(
                f"Cơ sở dữ liệu thuộc một bản CanBo mới hơn (có thêm {', '.join(newer[:3])}). Chưa thay đổi gì. "
                "Hãy cài bản CanBo mới nhất rồi làm lại.",
                f"The database is of a newer CanBo (it has {', '.join(newer[:3])}). Nothing was changed. "
                "Install the newest CanBo and try again.",
            )
        )


def upgrade() -> list[str]:
    """Bring the database to the program's version and its triggers to the models'; what was applied.

    :raises Refused: the database is newer than the program.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        try:
            refuse_newer()
            applied = pending()
            call_command("migrate", verbosity=0, interactive=False)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
    return applied


def log_upgrade(applied: list[str], *, by: str, at: datetime) -> None:
    """Note an upgrade in the log; a new installation begins with an empty one."""
    note(by=by, at=at, action="migrate", detail={"applied": applied})
