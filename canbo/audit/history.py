"""Keeping the history of a table: a table of all versions of its rows, written by triggers, a statement at a time."""

from typing import Any, TypeVar

import pghistory
import pgtrigger
from django.db import models
from pghistory import config

Model = TypeVar("Model", bound=type[models.Model])

# Settings of the transaction, given by the change: read once a statement, not once a row, hence the sub-selects.
_FROM_CHANGE = {
    "pgh_context": "(SELECT NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb)",
    "pgh_context_id": "(SELECT NULLIF(current_setting('pghistory.context_id', true), '')::uuid)",
}


def kept(model: Model) -> Model:
    """Keep every version of the model's rows in ``MODELEvent``, append-only, with moment and change.

    Columns beside the model's own: ``pgh_id`` (order written), ``pgh_label`` (insert, update, delete),
    ``pgh_created_at`` (the moment of the change), ``pgh_obj_id``, ``pgh_context_id`` (the change's id in the log).
    Indexed are ``pgh_id``, ``pgh_obj_id``, ``pgh_context_id`` and ``person_id``, by which history is read.
    """
    track = pghistory.track(
        _Versions("insert", operation=pgtrigger.Insert, row="NEW"),
        # Without a condition: comparing old rows with new ones has the trigger join two tables without indexes, which
        # made an update of 4,500 rows take 16 seconds. A row written as it was leaves a version too, and that is true.
        _Versions("update", operation=pgtrigger.Update, row="NEW", condition=None),
        _Versions("delete", operation=pgtrigger.Delete, row="OLD"),
        obj_field=pghistory.ObjForeignKey(related_name="history", db_index=True),
        context_field=pghistory.ContextJSONField(),
        context_id_field=pghistory.ContextUUIDField(db_index=True),
        attrs=_unindexed(model),
        meta={"triggers": [never_emptied()]},
    )
    tracked: Model = pgtrigger.register(never_emptied())(track(model))
    return tracked


def never_emptied() -> pgtrigger.Trigger:
    """Refuses ``TRUNCATE``, which the triggers on rows do not see."""
    return pgtrigger.Trigger(
        name="never_emptied",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
    )


class _Versions(pghistory.RowEvent):
    """Has each statement of a kind write the versions of its rows."""

    def add_event_trigger(self, event_model: Any) -> None:
        rows = "old" if self.row == "OLD" else "new"
        referencing: Any = pgtrigger.Referencing
        trigger = _Writing(
            name=str(self.trigger_name).lower(),
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=self.operation,
            referencing=referencing(**{rows: "written"}),
        )
        trigger.history, trigger.label = event_model, str(self.label)
        pgtrigger.register(trigger)(event_model.pgh_tracked_model)


class _Writing(pgtrigger.Trigger):
    """The trigger. pghistory's own reads the settings anew for each row, and keeps a table of contexts beside."""

    history: type[models.Model]
    label: str

    def get_func(self, model: Any) -> str:
        """The body: one ``INSERT`` of all rows that the statement wrote."""
        fields = self.history._meta.concrete_fields
        values = {str(field.column): f'w."{field.column}"' for field in fields if not field.name.startswith("pgh_")}
        values |= _FROM_CHANGE
        values["pgh_created_at"] = f"(SELECT {config.created_at_function()})"
        values["pgh_label"] = f"'{self.label}'"
        values["pgh_obj_id"] = f'w."{model._meta.pk.column}"'
        columns = ", ".join(f'"{column}"' for column in values)
        return (
            f'INSERT INTO "{self.history._meta.db_table}" ({columns}) SELECT {", ".join(values.values())} '
            "FROM written AS w; RETURN NULL;"
        )


def _unindexed(model: type[models.Model]) -> dict[str, Any]:
    """The foreign keys of the history table that nobody looks by, without an index."""
    found: dict[str, Any] = {}
    for field in model._meta.local_fields:
        if isinstance(field, models.ForeignKey) and field.name != "person":
            to: Any = field.remote_field.model
            found[field.name] = models.ForeignKey(
                model._meta.label if to == "self" else to,
                models.DO_NOTHING,
                null=field.null,
                blank=field.blank,
                db_constraint=False,
                db_index=False,
                related_name="+",
                related_query_name="+",
            )
    return found
