"""The table of the cache, which counts attempts to sign in and requests of programs."""

from typing import Any

from django.core.management import call_command
from django.db import migrations


def make(_: object, editor: Any) -> None:
    call_command("createcachetable", database=editor.connection.alias, verbosity=0)


def remove(_: object, editor: Any) -> None:
    editor.execute("DROP TABLE IF EXISTS canbo_cache")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunPython(make, remove)]
