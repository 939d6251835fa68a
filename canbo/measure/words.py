"""A condition, a target and an indicator as plain Vietnamese or English sentences. Measures nothing."""

from collections.abc import Mapping

from sqlglot import exp

from canbo.common.language import current, pick
from canbo.common.numbers import parse_day, print_day
from canbo.datasets.dictionary import Column, dictionary
from canbo.measure.columns import columns_of
from canbo.measure.scheme import Indicator, Part, Scheme, Target
from canbo.measure.syntax import BadExpression, conjuncts, disjuncts, parse, unwrap

_PARAMETER_WORDS = {
    "as_of": ("ngày đo", "the day measured"),
    "period_start": ("ngày đầu của đề án", "the first day of the scheme"),
    "period_end": ("ngày cuối của đề án", "the last day of the scheme"),
    "window_start": ("ngày đầu của kỳ", "the first day of the window"),
    "window_end": ("ngày cuối của kỳ", "the last day of the window"),
}
_DERIVED_HEADS = {
    "age": ("Tuổi", "age"),
    "is_minority": ("Người dân tộc thiểu số", "ethnic minority"),
    "level": ("Cấp", "level"),
    "unit_kind": ("Loại đơn vị", "kind of unit"),
    "sector": ("Ngành", "sector"),
    "locality_id": ("Địa phương", "locality"),
}
_SIGNS: Mapping[type[exp.Expression], tuple[str, str]] = {
    exp.EQ: ("là", "is"),
    exp.NEQ: ("không phải là", "is not"),
    exp.LT: ("dưới", "below"),
    exp.LTE: ("không quá", "at most"),
    exp.GT: ("trên", "above"),
    exp.GTE: ("từ", "at least"),
}
_DATE_SIGNS: Mapping[type[exp.Expression], tuple[str, str]] = {
    exp.EQ: ("đúng", "on"),
    exp.NEQ: ("khác", "not on"),
    exp.LT: ("trước", "before"),
    exp.LTE: ("không sau", "not after"),
    exp.GT: ("sau", "after"),
    exp.GTE: ("không trước", "not before"),
}


def head_of(dataset: str, column: str) -> str:
    """The head of a column as a noun in a sentence."""
    if column in _DERIVED_HEADS:
        return pick(*_DERIVED_HEADS[column])
    spec = columns_of(dataset).get(column)
    if spec is None or current() == "en":
        return column.replace("_", " ")
    return spec.vi or column


def condition_words(text: str, dataset: str) -> str:
    """A condition as words; the text itself where it cannot be read."""
    try:
        return tree_words(parse(text), dataset)
    except (BadExpression, RecursionError):
        return text


def tree_words(tree: exp.Expression, dataset: str) -> str:
    """A parsed condition, or a part of one, as words."""
    return _Speaker([{dataset: dataset}]).say(tree)


class _Speaker:
    def __init__(self, frames: list[dict[str, str]]) -> None:
        self.frames = frames

    def say(self, node: exp.Expression) -> str:
        node = unwrap(node)
        if isinstance(node, exp.And):
            return pick(" và ", " and ").join(self._side(side, exp.Or) for side in conjuncts(node))
        if isinstance(node, exp.Or):
            return pick(" hoặc ", " or ").join(self._side(side, exp.And) for side in disjuncts(node))
        if isinstance(node, exp.Not):
            return self._negated(unwrap(node.this))
        if isinstance(node, exp.Exists):
            return pick("có ở ", "has in ") + self._rows(node.this)
        if isinstance(node, exp.Boolean):
            return pick("tất cả", "all") if node.this else pick("không ai", "nobody")
        if isinstance(node, exp.Coalesce):
            return self.say(node.this)
        return self._comparison(node)

    def _side(self, node: exp.Expression, bracketed: type[exp.Expression]) -> str:
        words = self.say(node)
        return f"({words})" if isinstance(unwrap(node), bracketed) else words

    def _negated(self, node: exp.Expression) -> str:
        if isinstance(node, exp.Exists):
            return pick("không có ở ", "has none in ") + self._rows(node.this)
        if isinstance(node, exp.Is):
            return f"{self._value(node.this)} {pick('đã có', 'is known')}"
        if isinstance(node, exp.In):
            return f"{self._value(node.this)} {pick('không thuộc', 'is none of')} {self._options(node)}"
        if isinstance(node, exp.Column):
            return f"{self._value(node)}: {pick('không', 'no')}"
        return f"{pick('không phải', 'not')} ({self.say(node)})"

    def _comparison(self, node: exp.Expression) -> str:
        if type(node) in _SIGNS:
            return self._compared(node)
        if isinstance(node, exp.Column):
            return f"{self._value(node)}: {pick('có', 'yes')}"
        if isinstance(node, exp.Is):
            return f"{self._value(node.this)} {pick('để trống', 'is empty')}"
        if isinstance(node, exp.In):
            return f"{self._value(node.this)} {pick('thuộc', 'is one of')} {self._options(node)}"
        if isinstance(node, exp.Between):
            spec = self._spec(node.this)
            low, high = (self._value(node.args[end], spec) for end in ("low", "high"))
            return f"{self._value(node.this)} {pick(f'từ {low} đến {high}', f'from {low} to {high}')}"
        return node.sql(dialect="duckdb")

    def _compared(self, node: exp.Expression) -> str:
        left, right = node.this, node.expression
        spec = self._spec(left) or self._spec(right)
        is_date = spec is not None and spec.kind == "date" and not isinstance(left, exp.Anonymous)
        sign = pick(*(_DATE_SIGNS if is_date else _SIGNS)[type(node)])
        # “trở lên” follows a grade or a rank; a plain number reads better without it.
        tail = pick(" trở lên", "") if isinstance(node, exp.GTE) and not is_date else ""
        return f"{self._value(left, spec)} {sign} {self._value(right, spec)}{tail}"

    def _options(self, node: exp.Expression) -> str:
        spec = self._spec(node.this)
        return "(" + "; ".join(self._value(option, spec) for option in node.args.get("expressions") or []) + ")"

    def _spec(self, node: exp.Expression) -> Column | None:
        node = unwrap(node)
        if isinstance(node, exp.Coalesce):
            return self._spec(node.this)
        if not isinstance(node, exp.Column):
            return None
        found = self._resolve(node)
        return found[1] if found else None

    def _resolve(self, node: exp.Column) -> tuple[str, Column] | None:
        name, qualifier = node.name.lower(), node.text("table").lower()
        for frame in reversed(self.frames):
            for alias, dataset in frame.items():
                if (not qualifier or alias == qualifier) and name in columns_of(dataset):
                    return dataset, columns_of(dataset)[name]
            if not qualifier:
                break
        return None

    def _value(self, node: exp.Expression, beside: Column | None = None) -> str:
        node = unwrap(node)
        if isinstance(node, exp.Column):
            found = self._resolve(node)
            return head_of(found[0], found[1].name) if found else node.name
        if isinstance(node, exp.Literal):
            text = str(node.this)
            if beside is not None and beside.code_list is not None and text in beside.code_list:
                return beside.code_list[text].label
            return f"“{text}”" if node.args.get("is_string") else text
        if isinstance(node, exp.Placeholder):
            return pick(*_PARAMETER_WORDS.get(str(node.this), (str(node.this), str(node.this))))
        if isinstance(node, exp.Cast):
            day = parse_day(str(node.this.this))
            return print_day(day.first) if day else str(node.this.this)
        if isinstance(node, exp.Boolean):
            return pick("có", "yes") if node.this else pick("không", "no")
        if isinstance(node, exp.Anonymous) and len(node.expressions) == 2:
            unit = pick("số năm tròn", "full years") if str(node.this).lower() == "years" else pick(
                "số tháng tròn", "full months"
            )  # fmt: skip
            start, end = (self._value(side) for side in node.expressions)
            return pick(f"{unit} từ {start} đến {end}", f"{unit} from {start} to {end}")
        if isinstance(node, exp.Subquery):
            return pick("số dòng ở ", "the number in ") + self._rows(node.this)
        if isinstance(node, exp.Coalesce):
            return self._value(node.this, beside)
        return node.sql(dialect="duckdb")

    def _rows(self, select: exp.Expression) -> str:
        """The rows of another dataset; what only ties them to the row outside is not said."""
        tables = [select.args["from_"].this, *(join.this for join in select.args.get("joins") or [])]
        frame = {(table.alias or table.name).lower(): table.name.lower() for table in tables}
        names = pick(" cùng ", " with ").join(f"“{_title(name)}”" for name in frame.values())
        inner = _Speaker([*self.frames, frame])
        where = select.args.get("where")
        said = [inner.say(part) for part in conjuncts(where.this) if not _ties(part)] if where is not None else []
        joined = pick(" và ", " and ").join(said)
        return f"{names} ({joined})" if joined else names


def _title(dataset: str) -> str:
    return dictionary()[dataset].title if dataset in dictionary() else dataset


def _ties(node: exp.Expression) -> bool:
    """Whether a part only ties rows together, column to column of ids."""
    node = unwrap(node)
    sides = (node.this, node.expression) if isinstance(node, exp.EQ) else ()
    return bool(sides) and all(isinstance(side, exp.Column) and side.name.endswith("_id") for side in sides)


def population_words(indicator: Indicator) -> str:
    """The group an indicator measures, by its label, else by its condition."""
    if indicator.population is not None:
        english = current() == "en" and indicator.population.label_en
        label = indicator.population.label_en if english else indicator.population.label
        own = [one for one in indicator.where if one is not indicator.population.where]
        extra = "; ".join(condition_words(one.text, indicator.of or "people") for one in own)
        return f"{label} ({extra})" if extra else str(label)
    if indicator.of is None:
        side = indicator.denominator
        if side is None:
            return ""
        return side.label or _title(side.of)
    said = "; ".join(condition_words(one.text, indicator.of) for one in indicator.where)
    return f"{_title(indicator.of)}: {said}" if said else _title(indicator.of)


def goal_words(text: str) -> str:
    """“> 60%” as “trên 60%”."""
    if text == "report":
        return pick("chỉ báo cáo, không có mức", "a figure to report")
    if ".." in text:
        low, high = text.split("..", 1)
        return pick(f"từ {low.strip()} đến {high.strip()}", f"from {low.strip()} to {high.strip()}")
    for sign, vi, en, tail in (
        (">=", "từ", "at least", pick(" trở lên", "")),
        ("<=", "không quá", "at most", ""),
        (">", "trên", "more than", ""),
        ("<", "dưới", "less than", ""),
        ("=", "đúng", "exactly", ""),
    ):
        if text.startswith(sign):
            return f"{pick(vi, en)} {text[len(sign) :].strip()}{tail}".replace(".", ",")
    return text


def target_words(target: Target) -> str:
    """A target with its day."""
    by = print_day(target.by)
    said = goal_words(target.is_)
    if target.orientation:
        return pick(f"định hướng {said} đến {by}", f"as an orientation, {said} by {by}")
    return pick(f"{said} đến {by}", f"{said} by {by}")


def sentence(indicator: Indicator) -> str:
    """An indicator in one plain sentence: of whom, what is counted, against what, by when."""
    group = population_words(indicator)
    goal = "; ".join(target_words(target) for target in indicator.targets)
    goal = goal or pick("chỉ báo cáo, không có mức", "a figure to report, without a target")
    if indicator.undefined is not None:
        return pick(
            f"{group}: chưa có tiêu chí để đo ({indicator.undefined}) Mức: {goal}.",
            f"{group}: no test is defined ({indicator.undefined}) Target: {goal}.",
        )
    if indicator.measure == "ratio":
        return _ratio_sentence(indicator, goal)
    test = _test_words(indicator)
    kind = pick("tỷ lệ", "the share") if indicator.measure == "share" else pick("số lượng", "the number")
    each = _each_words(indicator)
    plan = pick(", so với kế hoạch", ", against the plan") if indicator.plan is not None else ""
    return pick(
        f"{each}Trong nhóm “{group}”: {kind} {test}{plan}; mức: {goal}.",
        f"{each}Among “{group}”: {kind} {test}{plan}; target: {goal}.",
    )


def _test_words(indicator: Indicator) -> str:
    """What is counted, as the end of “the share …”: the scheme's own words, else the condition's."""
    own = says_of(indicator)
    if own:
        return own
    if indicator.satisfies is None:
        return ""
    words = condition_words(indicator.satisfies.text, indicator.of or "people")
    if current() == "en":
        return words if words.startswith("has ") else f"with {words}"
    words = words[:1].lower() + words[1:]
    return words if words.startswith(("có ", "không ")) else f"có {words}"


def _each_words(indicator: Indicator) -> str:
    if indicator.each is None:
        return ""
    own = indicator.each.label if current() == "vi" else indicator.each.label_en
    if own:
        return pick(f"Tính riêng từng {own}. ", f"For each {own}. ")
    where = indicator.each.where
    which = condition_words(where.text, indicator.each.of) if where else ""
    name = _title(indicator.each.of)
    of = f"{name}: {which}" if which else name
    return pick(f"Tính riêng từng ({of}). ", f"For each ({of}). ")


def _ratio_sentence(indicator: Indicator, goal: str) -> str:
    sides = []
    for side in (indicator.numerator, indicator.denominator):
        if side is None:
            return goal
        what = side.label or _title(side.of)
        if side.sum and not side.label:
            what = pick(f"tổng {head_of(side.of, side.sum)} ({what})", f"the sum of {side.sum} ({what})")
        where = condition_words(side.where.text, side.of) if side.where and not side.label else ""
        sides.append(f"“{what}{': ' + where if where else ''}”")
    return pick(f"{sides[0]} so với {sides[1]}; mức: {goal}.", f"{sides[0]} over {sides[1]}; target: {goal}.")


def explain_scheme(scheme: Scheme) -> list[tuple[str, str, str]]:
    """For each indicator: id, label, sentence."""
    return [(one.id, label_of(one), sentence(one)) for one in scheme.indicators]


def says_of(indicator: Indicator) -> str | None:
    """The scheme's own words for a condition, in the language in force."""
    return indicator.says if current() == "vi" else indicator.says_en


def label_of(indicator: Indicator | Part) -> str:
    """The label in the language in force."""
    return indicator.label if current() == "vi" or not indicator.label_en else indicator.label_en
