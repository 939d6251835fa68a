"""Fields of the forms for facts: their words and choices, and what was written in them read into values."""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from canbo.accounts.callers import Caller
from canbo.accounts.permissions import Permission
from canbo.codes import code_list
from canbo.common.language import pick
from canbo.common.numbers import parse_day
from canbo.common.text import match_key, tidy
from canbo.register import scoping
from canbo.register.models import Unit, UnitVersion

Choices = tuple[tuple[str, str], ...]
FieldKind = Literal["text", "date", "select", "checkbox", "textarea", "unit"]
LONGEST = 2000
_FIRST, _LAST = date(1900, 1, 1), date(2200, 12, 31)


@dataclass(frozen=True)
class Field:
    """One field of a form. ``choices`` are made when asked, for they speak the language in force."""

    name: str
    vi: str
    en: str
    kind: FieldKind = "text"
    required: bool = False
    hint_vi: str = ""
    hint_en: str = ""
    choices: Callable[[], Choices] | None = None

    @property
    def label(self) -> str:
        """In the language in force."""
        return pick(self.vi, self.en)

    @property
    def hint(self) -> str:
        """In the language in force; empty where none is needed."""
        return pick(self.hint_vi, self.hint_en)

    @property
    def options(self) -> Choices:
        """The keys and words to choose from."""
        return self.choices() if self.choices else ()


@dataclass
class Written:
    """What was written in a form: values by field, what stands in each field, and the faults found."""

    values: dict[str, Any] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)


def codes(name: str) -> Callable[[], Choices]:
    """The choices of a code list."""
    return lambda: tuple((code.key, code.label) for code in code_list(name).codes.values())


@dataclass(frozen=True)
class Units:
    """The units that a visitor may write in, by name as of today."""

    by_code: Mapping[str, Unit]
    names: Mapping[str, str]

    @classmethod
    def of(cls, seen: Caller) -> "Units":
        """Two statements."""
        inside = scoping.units(seen.scope, Permission.PEOPLE_WRITE, day=seen.day)
        units = {one.pk: one for one in inside}
        versions = UnitVersion.objects.as_of(seen.day).filter(unit__in=inside).order_by("name")
        names = {units[one.unit_id].code: one.name for one in versions if one.unit_id in units}
        return cls({one.code: one for one in units.values()}, names)

    @property
    def listed(self) -> tuple[str, ...]:
        """“Sở Nội vụ (SNV)”, to choose from while writing."""
        return tuple(f"{name} ({code})" for code, name in self.names.items())

    def words(self, unit: Unit | None) -> str:
        """A unit as it stands in its field."""
        if unit is None:
            return ""
        return f"{self.names[unit.code]} ({unit.code})" if unit.code in self.names else unit.code

    def find(self, text: str) -> Unit | str:
        """The unit that a text names: by code, by name, or by both; else the fault in words."""
        text = tidy(text)
        code = text.rpartition("(")[2].rstrip(")") if text.endswith(")") else text
        if code in self.by_code:
            return self.by_code[code]
        same = [one for one, name in self.names.items() if match_key(name) == match_key(text)]
        if len(same) == 1:
            return self.by_code[same[0]]
        if same:
            listed = ", ".join(sorted(same))
            return pick(
                f"Có {len(same)} đơn vị tên “{text}”. Hãy ghi mã: {listed}.",
                f"{len(same)} units are called “{text}”. Write the code: {listed}.",
            )
        return pick(
            f"Không có đơn vị “{text}” trong phạm vi của bạn. Hãy chọn trong danh sách gợi ý hoặc ghi mã đơn vị.",
            f"There is no unit “{text}” within your reach. Choose one that is suggested, or write its code.",
        )


def read(fields: tuple[Field, ...], given: Mapping[str, str], units: Units) -> Written:
    """Read a form; each fault says what is wrong and what to write."""
    found = Written()
    for one in fields:
        text = given.get(one.name, "")[:LONGEST]
        found.texts[one.name] = text
        text = "".join(c for c in text if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs")).strip()
        fault = _missing(one) if one.required and not text else None
        value: Any = None
        if text and fault is None:
            value, fault = _value(one, text, units)
        if fault is not None:
            found.faults[one.name] = fault
        found.values[one.name] = bool(text) if one.kind == "checkbox" else value
    return found


def _missing(one: Field) -> str:
    return pick(f"Chưa ghi {one.vi.lower()}. Hãy ghi mục này.", f"{one.en} is missing. Fill it in.")


def _value(one: Field, text: str, units: Units) -> tuple[Any, str | None]:
    if one.kind == "date":
        day = parse_day(text)
        if day is None or day.precision != "day" or not _FIRST <= day.first <= _LAST:
            return None, pick(
                f"“{text}” không phải là ngày đầy đủ. Ghi như 31/12/2025.",
                f"“{text}” is no full day. Write 31/12/2025.",
            )
        return day.first, None
    if one.kind == "select":
        keys = {key for key, _ in one.options}
        return (text, None) if text in keys else (None, pick("Hãy chọn một mục trong danh sách.", "Choose one."))
    if one.kind == "unit":
        unit = units.find(text)
        return (None, unit) if isinstance(unit, str) else (unit, None)
    return text, None
