"""The SQL of a spec's columns: where a value comes from, what an empty one means, what a table demands besides."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import models

from canbo.datasets.dictionary import dictionary
from canbo.register.importing.specs import Spec

_REFERENCE = re.compile(r"([@?])(unit|person|class|list):(\w+)")


@dataclass(frozen=True)
class Reference:
    """A column that names a row of another table by its code; ``needed``: without that row, this one is not used."""

    column: str
    entity: str
    source: str
    needed: bool

    @property
    def alias(self) -> str:
        """The name under which the other table is joined."""
        return f"r_{self.column}"

    @property
    def join(self) -> str:
        """The join that finds it."""
        return f"LEFT JOIN i_{self.entity} {self.alias} ON {self.alias}.code = f.{self.source}"

    @property
    def unknown(self) -> str:
        """True where the code is given and nobody knows it."""
        return f"(f.{self.source} IS NOT NULL AND {self.alias}.id IS NULL)"


def references(spec: Spec) -> list[Reference]:
    """The references among a spec's columns."""
    found = []
    for column, source in spec.columns.items():
        match = _REFERENCE.fullmatch(source)
        if match:
            found.append(Reference(column, match[2], match[3], match[1] == "@"))
    return found


def expression(column: str, source: str) -> str:
    """The SQL of one column over the row ``f`` of the file."""
    match = _REFERENCE.fullmatch(source)
    if match:
        return f"r_{column}.id"
    if source.startswith("+"):
        return f"f.{source[1:]} + 1"
    if source.startswith("="):
        return source[1:]
    return f"f.{source}"


def defaults(model: type[models.Model]) -> dict[str, str]:
    """The SQL that stands for nothing in the columns of a table that may not be empty."""
    found: dict[str, str] = {}
    for field in model._meta.concrete_fields:
        column = str(field.column)
        if field.primary_key or field.null:
            continue
        if field.has_default():
            found[column] = literal(field.get_default())
        elif isinstance(field, models.TextField):
            found[column] = "''"
    return found


def literal(value: object) -> str:
    """A default of a model as SQL."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return "'" + str(value).replace("'", "''") + "'"


def meanings(dataset: str, sources: Mapping[str, str]) -> dict[str, str]:
    """The SQL of what an empty cell means, by the columns of a table that are read from such columns of a dataset.

    Reading has filled the empty cells of a file: what is still empty here is a column that the file does not have. It
    says nothing of what the register has, and means the same as an empty cell in a row that is new.
    """
    columns = dictionary()[dataset].columns
    found = {}
    for name, source in sources.items():
        column = columns.get(source)
        if column is not None and column.empty is not None:
            found[name] = literal(column.empty)
    return found


def insertion(
    model: type[models.Model], taken: Mapping[str, str], source: str, meant: Mapping[str, str] | None = None
) -> str:
    """``INSERT`` of the given columns (column: expression), the import's number and the table's own defaults.

    ``meant`` goes before those defaults where a column is empty.
    """
    needed = {**defaults(model), **(meant or {})}
    columns = {name: f"coalesce({sql}, {needed[name]})" if name in needed else sql for name, sql in taken.items()}
    columns = {**{name: sql for name, sql in defaults(model).items() if name not in taken}, **columns}
    if any(field.column == "origin_id" for field in model._meta.concrete_fields):
        columns["origin_id"] = "%(batch)s"
    names = ", ".join(f'"{name}"' for name in columns)
    return f'INSERT INTO "{model._meta.db_table}" ({names}) SELECT {", ".join(columns.values())} {source}'
