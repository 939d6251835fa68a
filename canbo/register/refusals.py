"""What the database refuses, told to the officer: what, whose, which days, what to do. Words in definitions/register.

No other value of the row is shown: the database's own text would print sensitive ones.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml
from django.db import IntegrityError, models
from django.db.models import ProtectedError

from canbo.common.findings import Finding, Refused
from canbo.common.language import pick

_RANGE = re.compile(r"[\[(](\d{4}-\d\d-\d\d)?,(\d{4}-\d\d-\d\d)?[)\]]\)?\.?$")
_CODE = re.compile(r"=\((.*)\) already exists")


@contextmanager
def explained(*, who: str = "", row: models.Model | None = None) -> Iterator[None]:
    """Turn what the database refuses inside into ``Refused``. Stands outside ``change``: some rules act at its end.

    ``who`` names the person or unit, ``row`` is the fact being written (for its days and its value).
    """
    try:
        yield
    except ProtectedError as error:
        kinds = sorted({what_is(type(one)) for one in error.protected_objects})
        raise Refused(_said(_words()["protected"], who=who, value=", ".join(kinds))) from error
    except IntegrityError as error:
        raise refusal(error, who=who, row=row) from error


def refusal(error: IntegrityError, *, who: str = "", row: models.Model | None = None) -> Refused:
    """The refusal for an error of the database.

    :raises IntegrityError: the error again, where it has no words: that is a fault of the program.
    """
    diag = getattr(error.__cause__, "diag", None)
    name, table, column = (getattr(diag, key, None) or "" for key in ("constraint_name", "table_name", "column_name"))
    words = words_of(name) if name else _words()["missing"] if column else None
    if words is None:
        raise error
    detail = getattr(diag, "message_detail", None) or ""
    field = _field(column or name, row)
    code = _CODE.search(detail)
    shown = code.group(1) if code and "code" in name else getattr(row, field, "") if name.endswith("_known") else ""
    message = _said(
        words,
        who=who,
        what=what_is(type(row) if row is not None and row._meta.db_table == table else table),
        days=days_of(row),
        other=_other_days(detail),
        field=field_label(field),
        value=str(shown),
    )
    return Refused(message, [Finding("error", name or "missing", message, column=field or None)])


def words_of(constraint: str) -> Mapping[str, str] | None:
    """The sentence for a constraint, in both languages; None where there is none."""
    words = _words()
    exact: Mapping[str, str] | None = words["exact"].get(constraint)
    if exact is not None:
        return exact
    return next((form for form in words["forms"] if re.search(form["match"], constraint)), None)


def what_is(table: "type[models.Model] | str") -> str:
    """What a row of the table is called."""
    key = table.removeprefix("register_") if isinstance(table, str) else str(table._meta.model_name)
    return _label("facts", key) or key


def field_label(name: str) -> str:
    """What a field is called; its own name where it has no label."""
    return _label("fields", name) or name


def days_of(row: models.Model | None) -> str:
    """The days of a fact: “từ 01/01/2024 đến 31/12/2024”, with inclusive end; empty where it has none."""
    start = getattr(row, "valid_from", None)
    return between(start, getattr(row, "valid_to", None)) if isinstance(start, date) else ""


def between(start: date | None, end: date | None) -> str:
    """A half-open period as officials write it, the last day included."""
    first = f"{start:%d/%m/%Y}" if start else pick("trước đến nay", "ever")
    if end is None:
        return pick(f"từ {first} đến nay", f"from {first} on")
    last = f"{end - timedelta(days=1):%d/%m/%Y}"
    return pick(f"từ {first} đến {last}", f"from {first} to {last}")


def _other_days(detail: str) -> str:
    """The days of the row that was there first, from the last range that the database prints."""
    found = _RANGE.search(detail)
    if found is None:
        return ""
    start, end = (date.fromisoformat(text) if text else None for text in found.groups())
    return between(start, end)


def _field(name: str, row: models.Model | None) -> str:
    """The field that a constraint or column is about: the longest field of the row in the name."""
    if row is None:
        return name.removesuffix("_id")
    names = [field.name for field in row._meta.get_fields() if re.search(rf"(^|_){field.name}(_|$)", name)]
    return max(names, key=len, default="")


def _said(words: Mapping[str, str], **values: str) -> str:
    text = pick(words["vi"], words["en"]).format_map({"who": "", "what": "", "days": "", "other": ""} | values)
    text = re.sub(r"\s+", " ", text).replace(" ,", ",").removeprefix(": ").strip()
    return text[:1].upper() + text[1:]


def _label(group: str, key: str) -> str | None:
    entry = _words()[group].get(key)
    return pick(entry["vi"], entry["en"]) if entry else None


@lru_cache(maxsize=1)
def _words() -> dict[str, Any]:
    source = files("canbo") / "definitions" / "register" / "refusals.yaml"
    loaded: dict[str, Any] = yaml.safe_load(source.read_text("utf-8"))
    return loaded
