"""Reading one indicator of a scheme file, and the groups it names."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import cast, get_args

from canbo.common.language import pick
from canbo.common.shares import Goal, parse_goal
from canbo.common.text import nearest
from canbo.datasets.dictionary import dictionary
from canbo.measure.fields import Fields
from canbo.measure.results import Measure
from canbo.measure.scheme import (
    Baseline,
    Each,
    Expression,
    Indicator,
    Part,
    Plan,
    Population,
    ReportedWords,
    Side,
    Target,
    Validity,
)

INDICATOR_KEYS = [
    "id",
    "label",
    "label_en",
    "quote",
    "objective",
    "population",
    "of",
    "where",
    "satisfies",
    "says",
    "says_en",
    "measure",
    "distinct",
    "targets",
    "baseline",
    "reported",
    "note",
    "parts",
    "each",
    "plan",
    "window",
    "valid",
    "undefined",
    "numerator",
    "denominator",
]


def read_population(name: str, fields: Fields) -> Population | None:
    """A named group."""
    fields.only(("label", "label_en", "of", "where", "note"))
    label, of = fields.text("label", required=True), read_dataset(fields, "of", required=True)
    if of is None:
        return None
    return Population(name, label or name, of, read_expression(fields, "where", name), fields.text("label_en"))


def read_dataset(fields: Fields, key: str, *, required: bool = False) -> str | None:
    """The name of a published dataset."""
    name = fields.text(key, required=required)
    if name is not None and name not in dictionary():
        near = nearest(name, dictionary())
        fields.fault(
            "unknown_dataset",
            pick(f"không có bảng “{name}”.", f"there is no dataset “{name}”."),
            key=key,
            value=name,
            suggestion=pick(f"Có phải “{near}” không?", f"Do you mean “{near}”?") if near else None,
        )
        return None
    return name


def read_expression(fields: Fields, key: str, owner: str) -> Expression | None:
    """A condition; YAML's true and false are taken as SQL's."""
    value = fields.raw.get(key)
    if isinstance(value, bool):
        return Expression(str(value).lower(), fields.line(key), owner)
    text = fields.text(key)
    return None if text is None else Expression(text, fields.line(key), owner)


def read_indicator(
    fields: Fields, populations: Mapping[str, Population], period: tuple[date, date] | None
) -> Indicator | None:
    """One indicator; None when it has no id."""
    fields.only(INDICATOR_KEYS)
    name = fields.text("id", required=True)
    if name is None:
        return None
    measure = cast(Measure, fields.choice("measure", get_args(Measure), "share"))
    population = _read_group(fields, populations)
    of = population.of if population else read_dataset(fields, "of")
    own_where = read_expression(fields, "where", name)
    where = tuple(one for one in (population.where if population else None, own_where) if one)
    indicator = Indicator(
        id=name,
        label=fields.text("label", required=True) or name,
        label_en=fields.text("label_en"),
        quote=fields.text("quote", required=True) or "",
        line=fields.source.line(fields.place),
        measure=measure,
        of=of,
        where=where,
        satisfies=read_expression(fields, "satisfies", name),
        says=fields.text("says"),
        says_en=fields.text("says_en"),
        targets=_read_targets(fields, measure, period),
        population=population,
        baseline=_read_baseline(fields),
        reported=_read_reported(fields),
        note=fields.text("note"),
        objective=fields.text("objective"),
        distinct=fields.text("distinct"),
        parts=_read_parts(fields),
        each=_read_each(fields, name),
        plan=_read_plan(fields),
        window=_read_window(fields),
        valid=_read_validity(fields),
        undefined=fields.text("undefined"),
        numerator=_read_side(fields, "numerator", name),
        denominator=_read_side(fields, "denominator", name),
    )
    _check_shape(fields, indicator)
    return indicator


def _read_group(fields: Fields, populations: Mapping[str, Population]) -> Population | None:
    name = fields.text("population")
    if name is None:
        return None
    if name not in populations:
        near = nearest(name, populations)
        fields.fault(
            "unknown_population",
            pick(f"không có nhóm “{name}” trong “populations”.", f"“populations” has no “{name}”."),
            key="population",
            value=name,
            suggestion=pick(f"Có phải “{near}” không?", f"Do you mean “{near}”?") if near else None,
        )
        return None
    if "of" in fields.raw and fields.raw["of"] != populations[name].of:
        fields.fault(
            "bad_value",
            pick("“of” khác bảng của nhóm đã nêu.", "“of” differs from the dataset of the population."),
            key="of",
        )
    return populations[name]


def read_goal(fields: Fields, key: str, text: str) -> Goal | None:
    """A comparison, or None for ``report`` and for what is no comparison (with a finding)."""
    if text == "report":
        return None
    goal = parse_goal(text)
    if goal is None:
        fields.fault(
            "bad_target",
            pick(
                f"“{text}” không phải là một mức so sánh.",
                f"“{text}” is not a comparison.",
            ),
            key=key,
            value=text,
            suggestion=pick(
                "Viết như “> 60%”, “>= 2”, “15%..25%” hoặc “report”.",
                "Write “> 60%”, “>= 2”, “15%..25%” or “report”.",
            ),
        )
    return goal


def _read_targets(fields: Fields, measure: Measure, period: tuple[date, date] | None) -> tuple[Target, ...]:
    found = []
    for entry in fields.items("targets"):
        entry.only(("by", "is", "orientation", "bare", "note"))
        by = entry.day("by", required=period is None) or (period[1] if period else None)
        text = entry.text("is", required=True)
        if by is None or text is None:
            continue
        goal = read_goal(entry, "is", text)
        if goal is None and text != "report":
            continue
        if goal is not None:
            _check_goal(entry, goal, measure, planned="plan" in fields.raw or "each" in fields.raw)
        found.append(Target(by, text, goal, entry.flag("orientation"), entry.flag("bare")))
    return tuple(sorted(found, key=lambda target: target.by))


def _check_goal(fields: Fields, goal: Goal, measure: Measure, *, planned: bool) -> None:
    if measure == "share" and not planned and not goal.percent:
        message = pick("một tỷ lệ phải so với phần trăm.", "a share is compared with a percentage.")
        fields.fault("bad_target", message, key="is", value=goal.text)
    if measure == "count" and not planned and goal.percent:
        message = pick("một số đếm không so với phần trăm.", "a count is not compared with a percentage.")
        fields.fault("bad_target", message, key="is", value=goal.text)
    if measure == "share" and goal.percent and goal.high > 1:
        message = pick("một tỷ lệ không quá 100%.", "a share is never above 100%.")
        fields.fault("bad_target", message, key="is", value=goal.text)


def _read_baseline(fields: Fields) -> Baseline | None:
    entry = fields.child("baseline")
    if entry is None:
        return None
    entry.only(["on", "numerator", "denominator", "printed", "status", "stated_denominator", "population_note", "note"])
    on = entry.day("on", required=True)
    numerator, denominator = entry.whole("numerator"), entry.whole("denominator")
    if numerator is not None and denominator is not None and numerator > denominator and fields.raw.get("plan") is None:
        entry.fault("out_of_range", pick("tử số lớn hơn mẫu số.", "the numerator is above the denominator."))
    if on is None:
        return None
    notes = [text for text in (entry.text("population_note"), entry.text("note")) if text]
    status = entry.choice("status", ("verified", "derived", "inconsistent", "reported"), None)
    return Baseline(
        on,
        numerator,
        denominator,
        entry.text("printed"),
        status,
        entry.whole("stated_denominator"),
        " ".join(notes) or None,
    )


def _read_reported(fields: Fields) -> ReportedWords | None:
    entry = fields.child("reported")
    if entry is None:
        return None
    entry.only(("text", "low", "high"))
    text = entry.text("text", required=True)
    return ReportedWords(text, entry.number("low"), entry.number("high")) if text else None


def _read_parts(fields: Fields) -> tuple[Part, ...]:
    entry = fields.child("parts")
    if entry is None:
        return ()
    found = []
    for name in entry.raw:
        child = entry.child(name) if isinstance(entry.raw[name], dict) else None
        if child is not None:
            child.only(("label", "label_en", "quote", "satisfies", "note"))
        expression = read_expression(child, "satisfies", name) if child else read_expression(entry, name, name)
        if expression is None:
            entry.fault("missing_key", pick("thành phần thiếu điều kiện.", "the part has no condition."), key=name)
            continue
        label, label_en = (child.text("label"), child.text("label_en")) if child else (None, None)
        found.append(Part(name, label or name, expression, label_en))
    return tuple(found)


def _read_each(fields: Fields, owner: str) -> Each | None:
    entry = fields.child("each")
    if entry is None:
        return None
    entry.only(("of", "where", "tree", "except", "target_column", "tolerance", "label", "label_en"))
    of = entry.choice("of", ("units", "succession_lists"), "units") or "units"
    exceptions: dict[str, tuple[str, Goal | None]] = {}
    for exception in entry.items("except"):
        exception.only(("unit", "is"))
        unit, text = exception.text("unit", required=True), exception.text("is", required=True)
        if unit and text:
            exceptions[unit] = (text, read_goal(exception, "is", text))
    tree = entry.choice("tree", ("administrative", "party"), "administrative") or "administrative"
    column = entry.text("target_column")
    if column is not None and (column not in dictionary()[of].columns):
        near = nearest(column, dictionary()[of].columns)
        entry.fault(
            "unknown_column",
            pick(f"bảng “{of}” không có cột “{column}”.", f"“{of}” has no column “{column}”."),
            key="target_column",
            suggestion=near,
        )
        column = None
    where = read_expression(entry, "where", owner)
    return Each(
        of, where, tree, exceptions, column, entry.text("tolerance"), entry.text("label"), entry.text("label_en")
    )


def _read_plan(fields: Fields) -> Plan | None:
    entry = fields.child("plan")
    if entry is None:
        return None
    entry.only(("category", "date"))
    category, column = entry.text("category", required=True), entry.text("date", required=True)
    return Plan(category, column) if category and column else None


def _read_window(fields: Fields) -> tuple[date, date] | None:
    entry = fields.child("window")
    if entry is None:
        return None
    entry.only(("from", "to", "note"))
    first, last = entry.day("from", required=True), entry.day("to", required=True)
    if first and last and last < first:
        entry.fault("date_order", pick("cửa sổ kết thúc trước khi bắt đầu.", "the window ends before it starts."))
        return None
    return (first, last) if first and last else None


def _read_validity(fields: Fields) -> Validity | None:
    entry = fields.child("valid")
    if entry is None:
        return None
    entry.only(("from", "to", "why"))
    first, last = entry.day("from"), entry.day("to")
    if first and last and last + timedelta(days=1) <= first:
        entry.fault("date_order", pick("“to” đứng trước “from”.", "“to” is before “from”."), key="to")
    return Validity(first, last, entry.text("why", required=True) or "")


def _read_side(fields: Fields, key: str, owner: str) -> Side | None:
    entry = fields.child(key)
    if entry is None:
        return None
    entry.only(("of", "where", "sum", "label"))
    of = read_dataset(entry, "of", required=True)
    column = entry.text("sum")
    if of is None:
        return None
    if column is not None and (
        column not in dictionary()[of].columns or dictionary()[of].columns[column].kind not in ("integer", "decimal")
    ):
        near = nearest(column, [c.name for c in dictionary()[of].columns.values() if c.kind in ("integer", "decimal")])
        entry.fault(
            "unknown_column",
            pick(f"bảng “{of}” không có cột số “{column}”.", f"“{of}” has no column of numbers “{column}”."),
            key="sum",
            value=column,
            suggestion=near,
        )
        return None
    return Side(of, read_expression(entry, "where", owner), column, entry.text("label"))


def _check_shape(fields: Fields, indicator: Indicator) -> None:
    """What an indicator needs, by its measure."""
    if indicator.undefined is not None:
        return
    if indicator.measure == "ratio":
        if indicator.numerator is None or indicator.denominator is None:
            message = pick("“ratio” cần “numerator” và “denominator”.", "a ratio needs “numerator” and “denominator”.")
            fields.fault("missing_key", message)
        return
    if indicator.of is None and "population" not in fields.raw:
        message = pick(
            "chỉ tiêu cần “population”, hoặc “of” (bảng) và “where”.",
            "the indicator needs “population” or “of”.",
        )
        fields.fault("missing_key", message)
    if indicator.satisfies is None and indicator.measure != "count":
        message = pick(
            "chỉ tiêu cần “satisfies” (điều kiện được tính), hoặc “undefined” với lý do.",
            "the indicator needs “satisfies”, or “undefined” with the reason.",
        )
        fields.fault("missing_key", message)
    if indicator.plan is not None and indicator.measure != "count":
        fields.fault("bad_value", pick("“plan” đi với “measure: count”.", "“plan” goes with “measure: count”."))
    _check_plan_date(fields, indicator)
    _check_distinct(fields, indicator)


def _check_distinct(fields: Fields, indicator: Indicator) -> None:
    if indicator.distinct is None or indicator.of is None:
        return
    if indicator.measure != "count" or indicator.each is not None:
        message = pick("“distinct” đi với “measure: count”, không có “each”.", "“distinct” goes with a plain count.")
        fields.fault("bad_value", message, key="distinct", value=indicator.distinct)
    columns = dictionary()[indicator.of].columns
    if indicator.distinct not in columns:
        near = nearest(indicator.distinct, columns)
        fields.fault(
            "unknown_column",
            pick(
                f"bảng “{indicator.of}” không có cột “{indicator.distinct}”.",
                f"“{indicator.of}” has no column “{indicator.distinct}”.",
            ),
            key="distinct",
            value=indicator.distinct,
            suggestion=near,
        )


def _check_plan_date(fields: Fields, indicator: Indicator) -> None:
    if indicator.plan is None or indicator.of is None:
        return
    columns = {c.name: c for c in dictionary()[indicator.of].columns.values() if c.kind == "date"}
    if indicator.plan.date not in columns:
        near = nearest(indicator.plan.date, columns)
        fields.fault(
            "unknown_column",
            pick(
                f"bảng “{indicator.of}” không có cột ngày “{indicator.plan.date}”.",
                f"“{indicator.of}” has no date column “{indicator.plan.date}”.",
            ),
            key="plan",
            value=indicator.plan.date,
            suggestion=near,
        )
