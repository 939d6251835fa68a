"""From a checked condition to DuckDB SQL: an allow-list of what may stand in it; codes become positions, days literals.

SQL text of a scheme is never passed through: every piece is written anew from the tree. Runs nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlglot import exp

from canbo.common.language import pick
from canbo.common.text import nearest, nfc
from canbo.datasets.dictionary import dictionary
from canbo.measure.direct import Direct
from canbo.measure.locality import looks_of, stays_with_person
from canbo.measure.pieces import UNKNOWN, Typed, did_you_mean
from canbo.measure.syntax import BadExpression, ExpressionFault, conjuncts, parse
from canbo.measure.values import Frame, Setting, ValueCompiler


@dataclass(frozen=True)
class Look:
    """A look into a dataset: only rows that pass all the comparisons can matter."""

    dataset: str
    tests: tuple[Direct, ...]


@dataclass(frozen=True)
class Compiled:
    """A condition over one dataset as SQL, with the columns it reads and whether it looks into other rows.

    ``per_person``: of rows with people only into those of the row's own person. ``looks``: into which datasets, by
    what. ``needed``: plain comparisons that a row must pass for the condition to be true or unknown.
    """

    sql: str
    dataset: str
    uses: frozenset[tuple[str, str]]
    looks_elsewhere: bool
    warnings: tuple[ExpressionFault, ...] = ()
    direct: Direct | None = None
    per_person: bool = True
    looks: tuple[Look, ...] = ()
    needed: tuple[Direct, ...] = ()


def compile_condition(text: str, dataset: str, setting: Setting) -> Compiled:
    """Compile a condition over the rows of a dataset.

    :raises BadExpression: with every fault that can be told apart.
    """
    return compile_tree(parse(text), dataset, setting)


def compile_tree(tree: exp.Expression, dataset: str, setting: Setting) -> Compiled:
    """Compile a parsed condition, or a part of one, over the rows of a dataset.

    :raises BadExpression: with every fault that can be told apart.
    """
    compiler = _Compiler(dataset, setting)
    try:
        judged = compiler.judged(tree)
    except RecursionError as error:
        raise BadExpression([ExpressionFault("bad_expression", _too_deep(), "")]) from error
    if compiler.faults:
        raise BadExpression(compiler.faults)
    uses, warnings = frozenset(compiler.uses), tuple(compiler.warnings)
    if not compiler.looks_elsewhere:
        return Compiled(judged.sql, dataset, uses, False, warnings, judged.direct)
    return Compiled(
        judged.sql,
        dataset,
        uses,
        True,
        warnings,
        per_person=stays_with_person(tree, dataset),
        looks=tuple(Look(name, _plain(parts, name, setting)) for name, parts in looks_of(tree)),
        needed=_plain([part for part in conjuncts(tree) if part.find(exp.Select) is None], dataset, setting),
    )


def _plain(parts: Sequence[exp.Expression], dataset: str, setting: Setting) -> tuple[Direct, ...]:
    """Of some conditions over a dataset those that are plain comparisons."""
    compiled = [compile_tree(part, dataset, setting).direct for part in parts]
    return tuple(one for one in compiled if one is not None)


def _too_deep() -> str:
    return pick("điều kiện lồng quá sâu.", "the condition is nested too deep.")


class _Compiler(ValueCompiler):
    """Adds to values what looks into other rows: ``exists`` and counts over the datasets."""

    def __init__(self, dataset: str, setting: Setting) -> None:
        super().__init__(dataset, setting)
        self.handlers |= {exp.Exists: self._exists, exp.Subquery: self._scalar}

    def _exists(self, node: exp.Expression) -> Typed:
        select = node.this
        if not isinstance(select, exp.Select):
            return self._bad_select(node)
        body = self._select(select, node, lambda: "1")
        return Typed(f"(EXISTS ({body}))", "boolean") if body else Typed("NULL", "boolean")

    def _scalar(self, node: exp.Expression) -> Typed:
        select = node.this
        if not isinstance(select, exp.Select) or len(select.expressions) != 1:
            return self._bad_select(node)
        count = select.expressions[0]
        if not isinstance(count, exp.Count):
            return self._bad_select(node)
        body = self._select(select, node, lambda: self._counted(count))
        return Typed(f"({body})", "number") if body else UNKNOWN

    def _counted(self, count: exp.Expression) -> str:
        if isinstance(count.this, exp.Star):
            return "count(*)"
        if isinstance(count.this, exp.Distinct) and len(count.this.expressions) == 1:
            return f"count(DISTINCT {self.typed(count.this.expressions[0]).sql})"
        return f"count({self.typed(count.this).sql})"

    def _bad_select(self, node: exp.Expression) -> Typed:
        message = pick(
            "chỉ được “exists (select 1 from BẢNG where …)” hoặc “(select count(*) from BẢNG where …)”.",
            "only “exists (select 1 from DATASET where …)” or “(select count(*) from DATASET where …)” may stand here.",
        )
        return self.fault("not_allowed", message, node)

    def _select(self, select: exp.Select, node: exp.Expression, head: Callable[[], str]) -> str | None:
        used = {key for key, value in select.args.items() if value}
        if used - {"expressions", "from_", "joins", "where", "kind"} or "from_" not in used:
            self._bad_select(node)
            return None
        frame = Frame({})
        self.frames.append(frame)
        self.looks_elsewhere = True
        try:
            source = self._table(select.args["from_"].this, frame)
            joins = [self._join(join, frame) for join in select.args.get("joins") or []]
            where = select.args.get("where")
            condition = f" WHERE {self.condition(where.this)}" if where is not None else ""
            return f"SELECT {head()} FROM {source}{''.join(joins)}{condition}"
        finally:
            self.frames.pop()

    def _table(self, node: exp.Expression, frame: Frame) -> str:
        name = nfc(node.name).lower() if isinstance(node, exp.Table) else ""
        plain = isinstance(node, exp.Table) and isinstance(node.this, exp.Identifier) and not node.text("db")
        extra = {key for key, value in node.args.items() if value} - {"this", "alias"}
        if not plain or extra or name not in dictionary():
            near = nearest(name, dictionary())
            message = pick(f"không có bảng “{node.sql()[:60]}”.", f"there is no dataset “{node.sql()[:60]}”.")
            self.fault("unknown_dataset", message, node, did_you_mean(near))
            frame.names[name or "?"] = "people"
            return "people"
        alias = nfc(node.alias or name).lower()
        if alias in frame.names or not alias.replace("_", "a").isalnum() or not alias.isascii():
            message = pick(f"bí danh “{alias}” không dùng được.", f"the alias “{alias}” cannot be used.")
            self.fault("not_allowed", message, node)
            return name
        frame.names[alias] = name
        self.uses.add((name, ""))
        return f'"{self.setting.table(name)}" AS "{alias}"'

    def _join(self, node: exp.Expression, frame: Frame) -> str:
        extra = {key for key, value in node.args.items() if value} - {"this", "on", "kind"}
        if extra or node.args.get("on") is None or str(node.args.get("kind") or "").upper() not in ("", "INNER"):
            self.fault(
                "not_allowed",
                pick("chỉ được “join BẢNG on …”.", "only “join DATASET on …” may be used."),
                node,
            )
            return ""
        source = self._table(node.this, frame)
        return f" JOIN {source} ON {self.condition(node.args['on'])}"
