"""Values in a condition: names resolved, literals typed, comparisons and calculations checked and written anew.

The allow-list of node kinds starts here; looking into other rows is added in ``compiler``. Runs nothing.
"""

from calendar import isleap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlglot import exp

from canbo.codes import CodeList
from canbo.common.language import pick
from canbo.common.text import nearest, nfc
from canbo.datasets.bundle import BIRTH_LATEST
from canbo.datasets.dictionary import Column
from canbo.measure.columns import columns_of
from canbo.measure.direct import Both, Direct, Test
from canbo.measure.pieces import (
    UNKNOWN,
    Typed,
    day_literal,
    day_number,
    did_you_mean,
    months_sql,
    quote,
    unlike,
    unlike_hint,
    years_sql,
)
from canbo.measure.syntax import ExpressionFault, sides_of, unwrap

PARAMETERS = ("as_of", "period_start", "period_end", "window_start", "window_end")


@dataclass(frozen=True)
class Setting:
    """What a condition is compiled for: the days of the parameters and the names of the tables.

    ``imprecise``: some birth dates are known by month or year only, so that a comparison of ages is unknown where the
    earliest and the latest possible birth disagree. ``birthdays``: the day on which ``years(birth_date, :as_of)`` is
    counted where it differs from the day measured, to ask who has merely grown older.
    """

    days: Mapping[str, date]
    table: Callable[[str], str] = field(default=lambda dataset: dataset)
    imprecise: bool = False
    birthdays: date | None = None


@dataclass
class Frame:
    """The datasets whose columns may be named at one depth, by alias."""

    names: dict[str, str]


_COMPARISONS: Mapping[type[exp.Expression], str] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}
_FULL_YEARS = {">=": (0, "<="), "<": (0, ">"), ">": (1, "<="), "<=": (1, ">")}
"""How a comparison of full years turns into one of days, and how many more years it asks for."""
_EPOCH = date(1970, 1, 1).toordinal()
_TURNED = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_ARITHMETIC: Mapping[type[exp.Expression], str] = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/"}


class ValueCompiler:
    """Compiles the values and comparisons of one condition; gathers every fault in ``faults``."""

    def __init__(self, dataset: str, setting: Setting) -> None:
        self.dataset = dataset
        self.setting = setting
        self.frames = [Frame({dataset: dataset})]
        self.faults: list[ExpressionFault] = []
        self.warnings: list[ExpressionFault] = []
        self.uses: set[tuple[str, str]] = set()
        self.looks_elsewhere = False
        self.births = 0
        self.latest = False
        self.handlers: dict[type[exp.Expression], Callable[[exp.Expression], Typed]] = {
            exp.Column: self._column,
            exp.Literal: self._literal,
            exp.Boolean: lambda node: Typed("true" if node.this else "false", "boolean"),
            exp.Null: lambda node: Typed("NULL", "null"),
            exp.Placeholder: self._parameter,
            exp.Cast: self._date_literal,
            exp.And: lambda node: self._logic(node, "AND"),
            exp.Or: lambda node: self._logic(node, "OR"),
            exp.Not: self._not,
            exp.Paren: lambda node: self.typed(node.this),
            exp.Is: self._is,
            exp.In: self._in,
            exp.Between: self._between,
            exp.Case: self._case,
            exp.Coalesce: self._coalesce,
            exp.Lower: self._lower,
            exp.Neg: self._negative,
            exp.Anonymous: self._function,
        }
        self.handlers |= dict.fromkeys(_COMPARISONS, self._comparison)
        self.handlers |= dict.fromkeys(_ARITHMETIC, self._calculation)

    def fault(self, code: str, message: str, node: exp.Expression | str, suggestion: str | None = None) -> Typed:
        words = node if isinstance(node, str) else node.sql(dialect="duckdb")
        self.faults.append(ExpressionFault(code, message, words[:200], suggestion))
        return UNKNOWN

    def typed(self, node: exp.Expression) -> Typed:
        handler = self.handlers.get(type(node))
        if handler is None:
            return self.fault(
                "not_allowed",
                pick("phép này không được dùng trong điều kiện.", "this may not stand in a condition."),
                node,
                pick(
                    "Dùng so sánh, and/or/not, in, between, is null, case, coalesce, lower, years(), months(), exists.",
                    "Use = < >, and/or/not, in, between, is null, case, coalesce, lower, years(), months(), exists.",
                ),
            )
        return handler(node)

    def condition(self, node: exp.Expression) -> str:
        """A piece that must be true or false, as SQL."""
        return self.judged(node).sql

    def judged(self, node: exp.Expression) -> Typed:
        """A piece that must be true or false."""
        typed = self._atom(node) if self.setting.imprecise else self.typed(node)
        if typed.kind not in ("boolean", "null", "unknown"):
            self.fault(
                "bad_type",
                pick("chỗ này phải là một điều kiện đúng hoặc sai.", "this must be a condition, true or false."),
                node,
            )
        return typed

    def _atom(self, node: exp.Expression) -> Typed:
        """Where births are imprecise, a comparison holds only if it holds for the first and the last possible birth."""
        if isinstance(unwrap(node), (exp.And, exp.Or, exp.Not, exp.Exists)) or self.latest:
            return self.typed(node)
        before, self.births = self.births, 0
        early = self.typed(node)
        touched, self.births = self.births, before
        if not touched:
            return early
        self.latest = True
        late = self.typed(node)
        self.latest = False
        sql = f"(CASE WHEN {early.sql} IS NOT DISTINCT FROM {late.sql} THEN {early.sql} END)"
        return Typed(sql, early.kind, early.codes, early.literal, early.words)

    # Names and values

    def _column(self, node: exp.Expression) -> Typed:
        name, qualifier = nfc(node.name).lower(), nfc(node.text("table")).lower()
        if node.text("db") or isinstance(node.this, exp.Star):
            return self.fault("not_allowed", pick("chỉ được tên cột.", "only a column may stand here."), node)
        found = self._resolve(name, qualifier, node)
        if found is None:
            return UNKNOWN
        alias, dataset, column = found
        self.uses.add((dataset, column.name))
        self._warn_nullable(node, dataset, column)
        sql = f'"{alias}".{column.name}'
        if dataset == "people" and self.setting.imprecise and column.name in ("age", "birth_date"):
            self.births += 1
            if self.latest:
                late = "_age_earliest" if column.name == "age" else BIRTH_LATEST
                sql = f'"{alias}".{late}'
        kind = "number" if column.kind in ("integer", "decimal") else column.kind
        own = len(self.frames) == 1 and not self.births and column.kind in ("codes", "date", "integer", "boolean")
        name_of = column.name if own else None
        direct = Test(column.name, "flag") if own and kind == "boolean" else None
        return Typed(sql, kind, column.code_list, column=name_of, direct=direct)

    def _resolve(self, name: str, qualifier: str, node: exp.Expression) -> tuple[str, str, Column] | None:
        if qualifier:
            for frame in reversed(self.frames):
                if qualifier in frame.names:
                    dataset = frame.names[qualifier]
                    columns = columns_of(dataset)
                    if name in columns:
                        return qualifier, dataset, columns[name]
                    self._unknown_column(name, dataset, node)
                    return None
            known = [alias for frame in self.frames for alias in frame.names]
            message = pick(f"không có bảng “{qualifier}” ở đây.", f"there is no “{qualifier}” here.")
            self.fault("unknown_dataset", message, node, did_you_mean(nearest(qualifier, known)))
            return None
        frame = self.frames[-1]
        found = [(alias, dataset) for alias, dataset in frame.names.items() if name in columns_of(dataset)]
        if len(found) > 1:
            message = pick(f"cột “{name}” có ở nhiều bảng.", f"“{name}” is in several datasets.")
            self.fault("ambiguous_column", message, node, " / ".join(f"{alias}.{name}" for alias, _ in found))
            return None
        if not found:
            self._unknown_column(name, next(iter(frame.names.values())), node)
            return None
        alias, dataset = found[0]
        return alias, dataset, columns_of(dataset)[name]

    def _unknown_column(self, name: str, dataset: str, node: exp.Expression) -> None:
        near = nearest(name, columns_of(dataset))
        message = pick(f"bảng “{dataset}” không có cột “{name}”.", f"“{dataset}” has no column “{name}”.")
        self.fault("unknown_column", message, node, did_you_mean(near))

    def _warn_nullable(self, node: exp.Expression, dataset: str, column: Column) -> None:
        inside = len(self.frames) > 1 and column.nullable and column.kind != "date" and not column.references
        if not inside or dataset not in self.frames[-1].names.values() or _is_null_tested(node):
            return
        message = pick(
            f"“exists” không bao giờ là chưa rõ: ô trống ở “{dataset}.{column.name}” sẽ bị coi là không thỏa.",
            f"“exists” is never unknown: an empty “{dataset}.{column.name}” counts as not satisfying.",
        )
        hint = pick("Đo thuộc tính của người trên bảng people.", "Test a person's attribute over people.")
        self.warnings.append(ExpressionFault("nullable_in_exists", message, node.sql(), hint, warning=True))

    def _literal(self, node: exp.Expression) -> Typed:
        text = nfc(str(node.this))
        if node.args.get("is_string"):
            return Typed(quote(text), "string", literal=text)
        try:
            float(text)
        except ValueError:
            return self.fault("bad_type", pick("số viết không đúng.", "this is no number."), node)
        return Typed(text, "number", words=text, value=int(text) if text.isdigit() and len(text) < 10 else None)

    def _parameter(self, node: exp.Expression) -> Typed:
        name = str(node.this or "").lower()
        if name not in PARAMETERS:
            near = nearest(name, PARAMETERS)
            message = pick(f"không có tham số “:{name}”.", f"there is no parameter “:{name}”.")
            return self.fault("unknown_parameter", message, f":{name}", did_you_mean(f":{near}" if near else None))
        if name not in self.setting.days:
            message = pick(f"“:{name}” cần “window” ở chỉ tiêu.", f"“:{name}” needs a “window” in the indicator.")
            return self.fault("unknown_parameter", message, f":{name}")
        day = self.setting.days[name]
        return Typed(day_literal(day), "date", words=f":{name}", value=day_number(day))

    def _date_literal(self, node: exp.Expression) -> Typed:
        value = node.this
        is_date = isinstance(node.args.get("to"), exp.DataType) and node.args["to"].this == exp.DataType.Type.DATE
        if not (is_date and isinstance(value, exp.Literal) and value.args.get("is_string")):
            message = pick("chỉ được viết ngày như date '2022-06-01'.", "only date '2022-06-01' may be written so.")
            return self.fault("not_allowed", message, node)
        try:
            day = date.fromisoformat(str(value.this))
            return Typed(day_literal(day), "date", value=day_number(day))
        except ValueError:
            message = pick(f"“{value.this}” không phải là một ngày.", f"“{value.this}” is not a day.")
            return self.fault("bad_date", message, node, "date '2025-12-31'")

    # Comparisons

    def _comparison(self, node: exp.Expression) -> Typed:
        left, right = self.typed(node.this), self.typed(node.expression)
        sign = _COMPARISONS[type(node)]
        matched = self._alike(left, right, node)
        if matched is None:
            return Typed("NULL", "boolean")
        left, right = matched
        if sign not in ("=", "<>") and not self._ordered(left, right, node):
            return Typed("NULL", "boolean")
        if left.kind == "null" or right.kind == "null":
            message = pick("so với null luôn chưa rõ.", "a comparison with null is never known.")
            self.fault("bad_type", message, node, pick("Dùng “is null”.", "Use “is null”."))
        direct = None
        if left.years_to is not None or right.years_to is not None:
            direct = _years_test(left, sign, right)
        elif left.column and right.value is not None:
            direct = Test(left.column, sign, (right.value,))
        elif right.column and left.value is not None:
            direct = Test(right.column, _TURNED[sign], (left.value,))
        return Typed(f"({left.sql} {sign} {right.sql})", "boolean", direct=direct)

    def _alike(self, left: Typed, right: Typed, node: exp.Expression) -> tuple[Typed, Typed] | None:
        """Both sides as values of one kind; a string beside a column of codes becomes the code's position."""
        if "unknown" in (left.kind, right.kind):
            return None
        if left.codes and right.kind == "string":
            coded = self._code(left.codes, right, node)
            return (left, coded) if coded else None
        if right.codes and left.kind == "string":
            coded = self._code(right.codes, left, node)
            return (coded, right) if coded else None
        kinds = {"text" if side.kind == "string" else side.kind for side in (left, right)} - {"null"}
        same_list = left.codes is None or right.codes is None or left.codes.id == right.codes.id
        if len(kinds) > 1 or not same_list:
            self.fault("unlike_types", unlike(left, right), node, unlike_hint(left, right))
            return None
        return left, right

    def _code(self, codes: CodeList, side: Typed, node: exp.Expression) -> Typed | None:
        text = side.literal or ""
        if text not in codes:
            near = codes.match(text) or nearest(text, codes.keys)
            message = pick(
                f"danh mục “{codes.id}” không có mã “{text}”.", f"the list “{codes.id}” has no code “{text}”."
            )
            self.fault("unknown_code", message, node, did_you_mean(f"'{near}'" if near else None))
            return None
        place = codes[text].position
        return Typed(str(place), "codes", codes, text, value=place)

    def _ordered(self, left: Typed, right: Typed, node: exp.Expression) -> bool:
        codes = left.codes or right.codes
        if codes is not None and not codes.ordered:
            message = pick(f"danh mục “{codes.id}” không có thứ tự.", f"the list “{codes.id}” has no order.")
            self.fault("unordered_codes", message, node, pick("Dùng = hoặc in.", "Use = or in."))
            return False
        if "boolean" in (left.kind, right.kind) or left.sql.endswith(".level") and left.kind == "text":
            message = pick("giá trị này không có thứ tự.", "this value has no order.")
            self.fault("unordered_codes", message, node, pick("Dùng = hoặc in.", "Use = or in."))
            return False
        return True

    def _is(self, node: exp.Expression) -> Typed:
        side = self.typed(node.this)
        if isinstance(node.expression, exp.Null):
            direct = Test(side.column, "null") if side.column and side.years_to is None else None
            return Typed(f"({side.sql} IS NULL)", "boolean", direct=direct)
        if isinstance(node.expression, exp.Boolean) and side.kind in ("boolean", "unknown"):
            return Typed(f"({side.sql} IS {'true' if node.expression.this else 'false'})", "boolean")
        return self.fault("not_allowed", pick("chỉ được “is null”.", "only “is null” may be asked."), node)

    def _in(self, node: exp.Expression) -> Typed:
        options = node.args.get("expressions") or []
        if node.args.get("query") or node.args.get("field") or not options:
            message = pick("“in” cần danh sách giá trị trong ngoặc.", "“in” needs a list of values in brackets.")
            return self.fault("not_allowed", message, node)
        side = self.typed(node.this)
        values = []
        for option in options:
            matched = self._alike(side, self.typed(option), node)
            if matched is not None:
                values.append(matched[1])
        listed = ", ".join(one.sql for one in values) or "NULL"
        return Typed(f"({side.sql} IN ({listed}))", "boolean", direct=_direct(side, "in", values))

    def _between(self, node: exp.Expression) -> Typed:
        side = self.typed(node.this)
        ends = []
        for end in (node.args["low"], node.args["high"]):
            matched = self._alike(side, self.typed(end), node)
            if matched is None or not self._ordered(*matched, node):
                return Typed("NULL", "boolean")
            ends.append(matched[1])
        sql = f"({side.sql} BETWEEN {ends[0].sql} AND {ends[1].sql})"
        return Typed(sql, "boolean", direct=_direct(side, "between", ends))

    def _not(self, node: exp.Expression) -> Typed:
        side = self.judged(node.this)
        return Typed(f"(NOT {side.sql})", "boolean", direct=_joined("NOT", [side]))

    def _logic(self, node: exp.Expression, word: str) -> Typed:
        sides = [self.judged(side) for side in sides_of(node)]
        return Typed(f"({f' {word} '.join(side.sql for side in sides)})", "boolean", direct=_joined(word, sides))

    # Calculations

    def _numbers(self, nodes: list[exp.Expression], node: exp.Expression) -> list[Typed]:
        sides = [self.typed(one) for one in nodes]
        for side in sides:
            if side.kind not in ("number", "unknown", "null"):
                self.fault("unlike_types", pick("phép tính chỉ dùng với số.", "only numbers are calculated."), node)
                break
        return sides

    def _calculation(self, node: exp.Expression) -> Typed:
        left, right = self._numbers([node.this, node.expression], node)
        sign = _ARITHMETIC[type(node)]
        sql = f"({left.sql} / nullif({right.sql}, 0))" if sign == "/" else f"({left.sql} {sign} {right.sql})"
        return Typed(sql, "number")

    def _negative(self, node: exp.Expression) -> Typed:
        (side,) = self._numbers([node.this], node)
        return Typed(f"(-{side.sql})", "number")

    def _lower(self, node: exp.Expression) -> Typed:
        side = self.typed(node.this)
        if side.kind not in ("text", "string", "unknown"):
            return self.fault("unlike_types", pick("“lower” chỉ dùng với chữ.", "“lower” takes a text."), node)
        return Typed(f"lower({side.sql})", "text")

    def _function(self, node: exp.Expression) -> Typed:
        name = str(node.this).lower()
        if name not in ("years", "months"):
            near = nearest(name, ("years", "months", "coalesce", "lower"), cutoff=0.5)
            message = pick(f"hàm “{name}” không được dùng.", f"the function “{name}” may not be used.")
            return self.fault("not_allowed", message, node, did_you_mean(near))
        sides = [self.typed(one) for one in node.expressions]
        if len(sides) != 2 or any(side.kind not in ("date", "unknown", "null") for side in sides):
            message = pick(f"“{name}” cần hai ngày.", f"“{name}” takes two days.")
            return self.fault("unlike_types", message, node, f"{name}(birth_date, :as_of)")
        start, end = (side.sql for side in sides)
        if self.setting.birthdays and "birth_date" in node.expressions[0].sql() and sides[1].words == ":as_of":
            end = day_literal(self.setting.birthdays)
        if name == "months":
            return Typed(months_sql(start, end), "number")
        plain = sides[0].column and sides[1].value is not None and end == sides[1].sql
        number = sides[1].value
        years_to = date.fromordinal(number + _EPOCH) if plain and number is not None else None
        return Typed(years_sql(start, end), "number", column=sides[0].column if plain else None, years_to=years_to)

    def _coalesce(self, node: exp.Expression) -> Typed:
        first = self.typed(node.this)
        sides = [first]
        for other in node.expressions:
            matched = self._alike(first, self.typed(other), node)
            if matched is None:
                return Typed("NULL", first.kind, first.codes)
            sides.append(matched[1])
        return Typed(f"coalesce({', '.join(side.sql for side in sides)})", first.kind, first.codes)

    def _case(self, node: exp.Expression) -> Typed:
        if node.this is not None:
            message = pick("viết “case when điều kiện then …”.", "write “case when condition then …”.")
            return self.fault("not_allowed", message, node)
        branches = [(self.condition(branch.this), self.typed(branch.args["true"])) for branch in node.args["ifs"]]
        default = self.typed(node.args["default"]) if node.args.get("default") is not None else Typed("NULL", "null")
        kinds = {typed.kind for _, typed in branches} | {default.kind}
        kinds = {"text" if kind == "string" else kind for kind in kinds} - {"null", "unknown"}
        if len(kinds) > 1:
            message = pick("các nhánh của “case” phải cùng loại.", "the branches of “case” must be alike.")
            return self.fault("unlike_types", message, node)
        whens = " ".join(f"WHEN {test} THEN {typed.sql}" for test, typed in branches)
        codes = next((typed.codes for _, typed in branches if typed.codes), default.codes)
        return Typed(f"(CASE {whens} ELSE {default.sql} END)", next(iter(kinds), "null"), codes)


def _years_test(years: Typed, sign: str, number: Typed) -> Direct | None:
    """A comparison of full years with a number from 1 up, as one with the last day on which so many are full."""
    if years.years_to is None or years.column is None or number.value is None or sign not in _FULL_YEARS:
        return None
    more, turned = _FULL_YEARS[sign]
    full_years = number.value + more
    if not 1 <= full_years <= 200:
        return None
    day = years.years_to
    leap_day = (day.month, day.day) == (2, 29) and not isleap(day.year - full_years)
    last = day.replace(year=day.year - full_years, day=28 if leap_day else day.day)
    return Test(years.column, turned, (day_number(last),))


def _direct(side: Typed, sign: str, values: list[Typed]) -> Direct | None:
    constants = tuple(one.value for one in values if one.value is not None)
    is_plain = side.column and side.years_to is None and values and len(constants) == len(values)
    return Test(side.column, sign, constants) if side.column and is_plain else None


def _joined(word: str, sides: list[Typed]) -> Direct | None:
    directs = tuple(side.direct for side in sides if side.direct is not None)
    return Both(word, directs) if len(directs) == len(sides) else None


def _is_null_tested(node: exp.Expression) -> bool:
    """Whether the condition around asks itself what an empty cell means."""
    around = node.find_ancestor(exp.Select)
    tested = around is not None and any(one.this == node for one in around.find_all(exp.Is))
    return tested or isinstance(node.parent, exp.Coalesce)
