"""The operation of migrations that leaves history tables those indexes by which they are read."""

from typing import Any

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

# Indexes of one column of an app's history tables, but for their key and those by which history is read.
_SPARE = """
SELECT i.indexrelid::regclass::text FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
WHERE c.relnamespace = current_schema()::regnamespace AND c.relname ~ %s AND i.indnatts = 1 AND NOT i.indisunique
  AND a.attname <> ALL (ARRAY['pgh_obj_id', 'pgh_context_id', 'person_id'])
  AND EXISTS (SELECT FROM pg_attribute p WHERE p.attrelid = c.oid AND p.attname = 'pgh_obj_id')
"""


class UnindexHistory(Operation):
    """Drops the indexes of foreign keys of an app's history tables, and says so in the state of the models.

    As one operation: an ``AlterField`` for each would render all models anew a hundred times.
    """

    reversible = True

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Note in each history model what ``canbo.audit.history.kept`` declares now."""
        touched: set[tuple[str, str]] = set()
        for key, model in state.models.items():
            if key[0] != app_label or "pgh_obj" not in model.fields:
                continue
            for name, field in model.fields.items():
                if isinstance(field, models.ForeignKey) and name not in ("person", "pgh_obj"):
                    model.fields[name] = field.clone()
                    model.fields[name].db_index = False
                    touched.add(key)
        if touched and "apps" in vars(state):
            state.reload_models(list(touched))

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        """Drop the indexes."""
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(_SPARE, [f"^{app_label}_.*event$"])
            names = [name for (name,) in cursor.fetchall()]
        if names:
            schema_editor.execute(f"DROP INDEX {', '.join(names)}")

    def database_backwards(self, *args: Any) -> None:
        """Nothing: an earlier version reads history without them too."""

    def describe(self) -> str:
        """For the list of operations."""
        return "Drop the indexes of history tables that nobody reads by"
