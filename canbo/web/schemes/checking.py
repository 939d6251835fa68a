"""What the indicator in a form would be: its faults at their fields, its sentence in words, its count on a day."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from canbo.common.findings import Finding, Refused
from canbo.common.language import pick
from canbo.measure.compiler import compile_condition
from canbo.measure.conditions import setting_for
from canbo.measure.results import IndicatorResult
from canbo.measure.scheme import Scheme
from canbo.measure.syntax import BadExpression, ExpressionFault
from canbo.measure.words import condition_words, sentence
from canbo.register import schemes
from canbo.web.schemes.conditions import BadTerm
from canbo.web.schemes.figures import Standing, measured
from canbo.web.schemes.forms import Condition, Form, values_of
from canbo.web.schemes.texts import with_indicator

_PLACE = re.compile(r"^indicators\.(\d+)(?:\.(.+))?$")


@dataclass(frozen=True)
class Fault:
    """What is wrong at a field of the form; no field: elsewhere in the text, on the line given."""

    field: str
    message: str
    line: int | None = None


@dataclass(frozen=True)
class Checked:
    """The text with the indicator in it, or what is wrong; ``words`` and ``sql`` are there as far as they can be."""

    text: str | None
    faults: tuple[Fault, ...]
    sentence: str = ""
    sql: Mapping[str, str] | None = None
    words: Mapping[str, str] | None = None
    warnings: tuple[str, ...] = ()
    standing: Standing | None = None
    unmeasured: str = ""


def check(form: Form, before: Mapping[str, Any], text: str, scheme: Scheme, day: date, *, base: Scheme) -> Checked:
    """Check the form against the text it is to change, and measure it where nothing is wrong."""
    conditions = dict(_conditions(form, scheme))
    faults = [*_missing(form), *(fault for found in conditions.values() for fault in found.faults)]
    sql = {name: one.sql for name, one in conditions.items()}
    words = {name: one.words for name, one in conditions.items()}
    try:
        new = with_indicator(text, str(before.get("id", "")), values_of(form, before, scheme))
    except BadTerm:
        return Checked(None, tuple(faults), sql=sql, words=words)
    except Refused as refused:
        return Checked(None, (*faults, Fault("", refused.message)), sql=sql, words=words)
    read, findings = schemes.check(new, scheme.id)
    faults += _placed(form, findings, known={one.field for one in faults})
    one = read.indicator(form.id) if read else None
    warnings = tuple(found.message for found in findings if found.severity == "warning" and found.column == form.id)
    said = sentence(one) if one else ""
    if faults or read is None:
        return Checked(None, tuple(faults), said, sql, words, warnings)
    result, why = _measured(read, form.id, day, base)
    return Checked(new, (), said, sql, words, warnings, Standing(result, day) if result else None, why)


@dataclass(frozen=True)
class _Condition:
    sql: str
    words: str
    faults: tuple[Fault, ...]


def _conditions(form: Form, scheme: Scheme) -> Iterator[tuple[str, _Condition]]:
    if form.measure == "ratio":
        return
    dataset = form.dataset(scheme)
    setting = setting_for(scheme, None, scheme.period[1], None)
    for prefix, condition in (("s", form.satisfies), ("w", form.where)):
        try:
            sql = condition.sql(dataset)
        except BadTerm as bad:
            yield prefix, _Condition("", "", (Fault(f"{prefix}-{bad.number}", bad.message),))
            continue
        faults: tuple[Fault, ...] = ()
        if sql:
            try:
                compile_condition(sql, dataset, setting)
            except BadExpression as error:
                faults = tuple(Fault(_field(prefix, condition), _said(one, sql)) for one in error.faults)
        words = condition_words(sql, dataset) if sql and not faults else ""
        yield prefix, _Condition(sql, words, faults)


def _field(prefix: str, condition: Condition) -> str:
    return f"{prefix}-sql" if condition.mode == "sql" else f"{prefix}-0"


def _said(fault: ExpressionFault, sql: str) -> str:
    """The fault with its words and, in a condition of several lines, the line."""
    first = fault.words.split("\n", maxsplit=1)[0]
    line = sql[: sql.index(first)].count("\n") + 1 if first and first in sql and "\n" in sql else None
    where = pick(f" Dòng {line}.", f" Line {line}.") if line else ""
    at = pick(f" Chỗ sai: “{fault.words}”.", f" At: “{fault.words}”.") if fault.words else ""
    hint = f" {fault.suggestion}" if fault.suggestion else ""
    message = fault.message[:1].upper() + fault.message[1:]
    return f"{message}{where}{at}{hint}"


def _missing(form: Form) -> Iterator[Fault]:
    if not form.id:
        yield Fault("id", pick("Ghi mã chỉ tiêu, như “TN-2026-1”.", "Give the id, as “TN-2026-1”."))
    if not form.label:
        yield Fault("label", pick("Ghi tên chỉ tiêu.", "Give the label."))
    if not form.quote:
        yield Fault("quote", pick("Chép nguyên văn câu của đề án.", "Copy the exact words of the scheme."))


def _placed(form: Form, findings: list[Finding], known: set[str]) -> list[Fault]:
    """The errors of the text, each at its field; conditions were told at theirs before."""
    kept = [number for number, one in enumerate(form.aims) if one.by or one.is_]
    found = []
    for one in findings:
        if one.severity != "error" or (one.column == form.id and any(name[:2] in ("s-", "w-") for name in known)):
            continue
        place = _PLACE.match(one.column or "")
        key = (place.group(2) or "") if place else ""
        field = _name(key, kept)
        if field in known or (one.code == "missing_key" and known & {"id", "label", "quote"}):
            continue
        hint = f" {one.suggestion}" if one.suggestion else ""
        found.append(Fault(field, f"{one.message}{hint}", None if field else one.row))
    return found


def _name(key: str, kept: list[int]) -> str:
    pieces = key.split(".")
    if pieces[0] == "targets" and len(pieces) == 3 and int(pieces[1]) < len(kept):
        return f"aim-{kept[int(pieces[1])]}-{pieces[2]}"
    names = {"population": "group", "of": "group", "satisfies": "s-sql", "where": "w-sql"}
    key = names.get(pieces[0], pieces[0])
    return key if key in ("id", "label", "label_en", "quote", "objective", "group", "measure", "s-sql", "w-sql") else ""


def _measured(scheme: Scheme, indicator: str, day: date, base: Scheme) -> tuple[IndicatorResult | None, str]:
    try:
        result = measured(scheme, indicator, day, base=base)
    except Refused as refused:
        return None, refused.message
    if result is not None and result.status == "not_measurable":
        return None, result.reason or ""
    return result, ""
