"""The national field list of a personnel record, and its SQL over the register. Writes no files.

The list is data: ``definitions/national_fields.yaml``.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from canbo.codes import code_list
from canbo.register.facts import statement
from canbo.register.people_facts import PEOPLE

_MACRO = re.compile(r"\{(label|order):(\w+):([\w.]+)\}")


@dataclass(frozen=True)
class Field:
    """One field; ``sql`` is empty where the register has no place for it."""

    code: str
    vi: str
    type: str
    item: int | None = None
    codes: str | None = None
    required: bool = False
    sensitive: bool = False
    sql: str = ""


@dataclass(frozen=True)
class Rows:
    """A table of a record with several rows a person, on a sheet of its own."""

    code: str
    vi: str
    source: str
    where: str
    order: str
    fields: tuple[Field, ...]
    item: int | None = None


@dataclass(frozen=True)
class FieldList:
    """The list: the fields of the one row a person has, and the tables."""

    person: tuple[Field, ...]
    sheets: tuple[Rows, ...]

    @property
    def not_kept(self) -> tuple[Field, ...]:
        """The fields that the register has no place for."""
        return tuple(one for one in self.person if not one.sql)


@lru_cache(maxsize=1)
def national_fields() -> FieldList:
    """The national field list, in print order."""
    raw = yaml.safe_load((files("canbo") / "definitions" / "national_fields.yaml").read_text("utf-8"))
    sheets = tuple(
        Rows(
            sheet["code"],
            sheet["vi"],
            sheet["from"],
            sheet["where"],
            sheet["order"],
            tuple(Field(**field) for field in sheet["columns"]),
            sheet.get("item"),
        )
        for sheet in raw["sheets"]
    )
    return FieldList(tuple(Field(**field) for field in raw["person"]), sheets)


def person_sql(day: date, known: datetime | None = None) -> str:
    """One row a person in service on the day: ``person_id``, then the fields of the list by their codes."""
    selected = ", ".join(f"{_value(field)} AS {field.code}" for field in national_fields().person)
    return _sql(
        f"""WITH roster AS ({PEOPLE})
SELECT r.person_id, {selected}
FROM roster r JOIN register_person p ON p.code = r.person_id
LEFT JOIN LATERAL (
  SELECT * FROM register_employment x WHERE x.person_id = p.id AND x.valid_from <= {{day}}
  ORDER BY x.valid_from DESC LIMIT 1) AS e ON true
LEFT JOIN LATERAL (
  SELECT x.* FROM register_postheld x JOIN register_unit n ON n.id = x.unit_id
  WHERE x.person_id = p.id AND n.code = r.unit_id AND x.valid_from <= {{day}}
    AND (x.valid_to IS NULL OR x.valid_to > {{day}})
  ORDER BY x.is_main DESC, x.valid_from DESC, x.id LIMIT 1) AS m ON true
LEFT JOIN LATERAL (
  SELECT * FROM register_partymembership x WHERE x.person_id = p.id AND x.valid_from <= {{day}}
    AND (x.valid_to IS NULL OR x.valid_to > {{day}}) ORDER BY x.valid_from DESC LIMIT 1) AS w ON true
LEFT JOIN register_unit ru ON ru.code = r.unit_id
LEFT JOIN LATERAL ({_version("ru.id")}) AS u ON true
LEFT JOIN LATERAL ({_version("u.parent_id")}) AS up ON true
WHERE {_IN_SERVICE} ORDER BY r.person_id COLLATE "C" """,
        day,
        known,
    )


def rows_sql(rows: Rows, day: date, known: datetime | None = None) -> str:
    """The rows of a table for those in service on the day: ``person_id``, then its fields by their codes."""
    selected = ", ".join(f"{_value(field)} AS {field.code}" for field in rows.fields)
    return _sql(
        f"""WITH roster AS ({PEOPLE})
SELECT p.code AS person_id, {selected}
FROM {rows.source} JOIN register_person p ON p.id = f.person_id JOIN roster r ON r.person_id = p.code
WHERE {_IN_SERVICE} AND {rows.where} ORDER BY p.code COLLATE "C", {rows.order}""",
        day,
        known,
    )


_IN_SERVICE = "(r.left_on IS NULL OR r.left_on >= {day})"


def _version(unit: str) -> str:
    return (
        f"SELECT * FROM register_unitversion v WHERE v.unit_id = {unit} "
        "ORDER BY v.valid_from <= {day} DESC, abs(v.valid_from - {day}) LIMIT 1"
    )


def _value(field: Field) -> str:
    return f"({field.sql})" if field.sql else "NULL"


def _sql(text: str, day: date, known: datetime | None) -> str:
    return statement(_MACRO.sub(lambda found: _MACROS[found[1]](found[2], found[3]), text), day, known)


def _label(codes: str, value: str) -> str:
    labels: Mapping[str, Any] = code_list(codes).codes
    cases = " ".join(f"WHEN '{key}' THEN '{_quoted(code.vi)}'" for key, code in labels.items())
    return f"CASE {value} {cases} END"


def _order(codes: str, value: str) -> str:
    keys = ", ".join(f"'{key}'" for key in code_list(codes).keys)
    return f"array_position(ARRAY[{keys}], {value})"


def _quoted(text: str) -> str:
    return text.replace("'", "''")


_MACROS = {"label": _label, "order": _order}
