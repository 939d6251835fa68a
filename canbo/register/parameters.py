"""Values that single units have of their own, for a period and by a document: “riêng thành phố … có trên 40%” (ORG-05).

A parameter is defined once by its code: for a target, the id of the indicator. Targets are put into a scheme by
``measure.own_goals``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, get_args

from django.db.models import Q

from canbo.audit.changes import change
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.common.numbers import parse_number
from canbo.common.shares import parse_goal
from canbo.common.text import nearest, tidy
from canbo.measure.own_goals import OwnGoals, Placed, with_own_goals
from canbo.measure.scheme import Scheme
from canbo.register import units
from canbo.register.models import Document, Parameter, Unit, UnitParameter
from canbo.register.people import rows_known
from canbo.register.refusals import explained

Form = Literal["goal", "number", "text"]


@dataclass(frozen=True)
class Value:
    """A value that a unit has, or had, of its own; ``valid_to`` is the first day on which it no longer holds."""

    unit: str
    parameter: str
    value: str
    valid_from: date
    valid_to: date | None
    document_id: int | None

    def holds(self, day: date) -> bool:
        """Whether it holds on a day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


def define(*, code: str, label: str = "", form: Form = "goal", by: str, at: datetime) -> Parameter:
    """Define what units may have a value of their own for.

    :raises Refused: no code, a code that is taken, an unknown form.
    """
    code = tidy(code)
    if not code or form not in get_args(Form):
        raise Refused(
            pick(
                "Tham số phải có mã (chỉ tiêu: mã chỉ tiêu) và một trong các dạng goal, number, text.",
                "A parameter needs a code (a target: the id of its indicator) and one of the forms goal, number, text.",
            )
        )
    row = Parameter(code=code, label=tidy(label), form=form)
    with explained(who=code, row=row), change(by=by, at=at, action="parameter.define", subject=f"parameter:{code}"):
        row.save(force_insert=True)
    return row


def set_value(
    unit: Unit,
    code: str,
    value: str,
    *,
    valid_from: date,
    last_day: date | None = None,
    document: Document | None,
    by: str,
    at: datetime,
) -> UnitParameter:
    """Give a unit a value of its own from a day on; the one before ends then, one of the same day is replaced.

    Without ``last_day`` it holds until its next value begins, or from now on.

    :raises Refused: no document, an unknown parameter, a value that is none of its form, the unit does not exist on
        the day, or it would reach into a later value.
    """
    parameter, value = _parameter(code), tidy(value)
    if document is None:
        raise Refused(
            pick(
                f"Giá trị riêng của đơn vị “{unit.code}” phải có văn bản quy định. Hãy nhập văn bản trước.",
                f"A value that unit “{unit.code}” has of its own needs its document. Enter the document first.",
            )
        )
    _require_form(parameter, value)
    units.version(unit, valid_from)
    rows = UnitParameter.objects.filter(unit=unit, parameter=parameter)
    later = rows.filter(valid_from__gt=valid_from).order_by("valid_from").first()
    end = last_day + timedelta(days=1) if last_day else later.valid_from if later else None
    row = rows.filter(valid_from=valid_from).first() or UnitParameter(unit=unit, parameter=parameter)
    row.value, row.valid_from, row.valid_to, row.document = value, valid_from, end, document
    with (
        explained(who=_named(unit, parameter), row=row),
        change(by=by, at=at, action="parameter.set", subject=_of(unit)),
    ):
        before = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=valid_from), valid_from__lt=valid_from).first()
        if before is not None:
            before.valid_to = valid_from
            before.save(update_fields=["valid_to"])
        row.save()
    return row


def end(unit: Unit, code: str, *, last_day: date, document: Document | None = None, by: str, at: datetime) -> None:
    """End the value that a unit has on a day, which is its last; the ordinary one holds from the next day on.

    :raises Refused: an unknown parameter, or the unit has no value of its own on that day.
    """
    parameter = _parameter(code)
    row = UnitParameter.objects.as_of(last_day).filter(unit=unit, parameter=parameter).first()
    if row is None:
        raise Refused(
            pick(
                f"{_named(unit, parameter)}: không có giá trị riêng vào ngày {last_day:%d/%m/%Y}. Hãy chọn ngày khác.",
                f"{_named(unit, parameter)}: there is no own value on {last_day:%d/%m/%Y}. Choose another day.",
            )
        )
    row.valid_to = last_day + timedelta(days=1)
    row.document = document or row.document
    with (
        explained(who=_named(unit, parameter), row=row),
        change(by=by, at=at, action="parameter.end", subject=_of(unit)),
    ):
        row.save(update_fields=["valid_to", "document"])


def values_on(code: str, day: date, *, known: datetime | None = None) -> Mapping[str, str]:
    """The own values of a parameter on a day, by unit that exists then; ``known`` (aware): as known at that moment.

    :raises Refused: an unknown parameter.
    """
    parameter = _parameter(code)
    return {one.unit: one.value for one in _held(day, known) if one.parameter == parameter.code}


def history(unit: Unit, code: str, *, known: datetime | None = None) -> list[Value]:
    """All values that a unit had, has and will have of a parameter, earliest first.

    :raises Refused: an unknown parameter.
    """
    parameter = _parameter(code)
    found = [one for one in _values(known) if (one.unit, one.parameter) == (unit.code, parameter.code)]
    return sorted(found, key=lambda one: one.valid_from)


def own_goals(day: date, *, known: datetime | None = None) -> OwnGoals:
    """The targets that units have of their own on a day, by indicator id and unit."""
    goals = set(Parameter.objects.filter(form="goal").values_list("code", flat=True))
    found: dict[str, dict[str, str]] = {}
    for one in sorted(_held(day, known), key=lambda one: (one.parameter, one.unit)):
        if one.parameter in goals:
            found.setdefault(one.parameter, {})[one.unit] = one.value
    return found


def placed(scheme: Scheme, day: date, *, known: datetime | None = None) -> Placed:
    """A scheme with the targets that units have of their own on a day, and which indicators have no place for them."""
    return with_own_goals(scheme, own_goals(day, known=known))


def _held(day: date, known: datetime | None) -> list[Value]:
    """The values of a day. One of a dissolved unit says nothing any more; its successor has none unless one is set."""
    values = [one for one in _values(known) if one.holds(day)]
    if not values:
        return []
    there = {
        row["unit_id"]
        for row in rows_known("UnitVersion", known)
        if row["valid_from"] <= day and (row["valid_to"] is None or day < row["valid_to"])
    }
    codes = set(Unit.objects.filter(id__in=there).values_list("code", flat=True))
    return [one for one in values if one.unit in codes]


def _values(known: datetime | None) -> list[Value]:
    rows = rows_known("UnitParameter", known)
    codes = dict(Unit.objects.filter(id__in={row["unit_id"] for row in rows}).values_list("id", "code"))
    names = dict(Parameter.objects.values_list("id", "code"))
    return [
        Value(
            codes[row["unit_id"]], names[row["parameter_id"]], row["value"], row["valid_from"], row["valid_to"],
            row["document_id"],
        )
        for row in rows
    ]  # fmt: skip


def _parameter(code: str) -> Parameter:
    found = Parameter.objects.filter(code=tidy(code)).first()
    if found is not None:
        return found
    near = nearest(code, Parameter.objects.values_list("code", flat=True))
    hint = pick(f" Có phải “{near}” không?", f" Did you mean “{near}”?") if near else ""
    raise Refused(
        pick(
            f"Chưa có tham số “{code}”. Hãy khai báo tham số trước.{hint}",
            f"There is no parameter “{code}”. Define it first.{hint}",
        )
    )


def _require_form(parameter: Parameter, value: str) -> None:
    fits = {"goal": parse_goal(value) is not None, "number": parse_number(value) is not None, "text": bool(value)}
    if fits[parameter.form]:
        return
    asked = {
        "goal": pick("một mức so sánh, như “> 40%”, “>= 2”, “15%..25%”", "a comparison: “> 40%”, “>= 2”, “15%..25%”"),
        "number": pick("một con số", "a number"),
        "text": pick("nội dung", "some text"),
    }[parameter.form]
    raise Refused(
        pick(
            f"Tham số “{parameter.code}” cần {asked}; “{value}” không dùng được.",
            f"The parameter “{parameter.code}” asks {asked}; “{value}” cannot be used.",
        )
    )


def _named(unit: Unit, parameter: Parameter) -> str:
    return f"{unit.code} ({parameter.label or parameter.code})"


def _of(unit: Unit) -> str:
    return f"unit:{unit.code}"
