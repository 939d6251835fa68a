"""Why a row counts or not: the part of the condition that decided, looked up in bitmaps and said in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlglot import exp

from canbo.common.language import pick
from canbo.common.numbers import print_day
from canbo.measure.bitmaps import bits_at
from canbo.measure.columns import columns_of
from canbo.measure.compiler import compile_tree
from canbo.measure.members import Members, value_of
from canbo.measure.results import Why
from canbo.measure.syntax import conjuncts, disjuncts, parse, unwrap
from canbo.measure.values import Setting
from canbo.measure.words import goal_words, head_of, tree_words

_SIGNS: Mapping[type[exp.Expression], str] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}
_OPPOSITE = {"=": "<>", "<>": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_MOST_TEXTS = 3


@dataclass(frozen=True)
class Node:
    """A node of the condition: ``and``, ``or``, ``not`` over children, or an ``atom`` with its truth by row."""

    kind: str
    tree: exp.Expression
    children: tuple["Node", ...] = ()
    true: npt.NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, bool))
    unknown: npt.NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, bool))

    def value(self, at: int) -> bool | None:
        """Three-valued truth of the node for the row at a place of the list."""
        if self.kind == "atom":
            return None if self.unknown[at] else bool(self.true[at])
        values = [child.value(at) for child in self.children]
        if self.kind == "not":
            return None if values[0] is None else not values[0]
        decisive = self.kind == "or"
        if decisive in values:
            return decisive
        return None if None in values else not decisive

    def deciding(self, at: int, *, negated: bool = False) -> list[tuple["Node", bool]]:
        """The atoms that made the node what it is, each with whether it stands under a “not”."""
        if self.kind == "atom":
            return [(self, negated)]
        if self.kind == "not":
            return self.children[0].deciding(at, negated=not negated)
        value = self.value(at)
        same = [child for child in self.children if child.value(at) is value]
        needs_all = value is (self.kind == "and")
        chosen = same if needs_all else same[:1]
        return [atom for child in chosen for atom in child.deciding(at, negated=negated)]


class Reasons:
    """The reasons for some rows of one dataset under one condition; ``says`` words what other rows decide."""

    def __init__(
        self, members: Members, text: str, setting: Setting, rows: npt.NDArray[np.int64], says: str | None = None
    ) -> None:
        self.members = members
        self.setting = setting
        self.rows = rows
        self.says = says
        self.root = self._build(parse(text))
        self.columns = sorted({column for node in _atoms(self.root) if (column := self._column(node.tree))})
        table = members.values(self.columns, rows) if self.columns and len(rows) else None
        self.stored: dict[str, list[Any]] = {
            column: table[column].to_pylist() if table is not None else [] for column in self.columns
        }

    def _build(self, tree: exp.Expression) -> Node:
        tree = unwrap(tree)
        if isinstance(tree, exp.And):
            return Node("and", tree, tuple(self._build(part) for part in conjuncts(tree)))
        if isinstance(tree, exp.Or):
            return Node("or", tree, tuple(self._build(part) for part in disjuncts(tree)))
        if isinstance(tree, exp.Not) and not isinstance(unwrap(tree.this), (exp.Is, exp.In, exp.Exists)):
            return Node("not", tree, (self._build(tree.this),))
        condition = compile_tree(tree.copy(), self.members.dataset, self.setting)
        true, unknown = self.members.bitmap(condition)
        none = np.zeros(len(self.rows), bool)
        return Node(
            "atom", tree, (), bits_at(true, self.rows), none if unknown is None else bits_at(unknown, self.rows)
        )

    def _column(self, tree: exp.Expression) -> str | None:
        """The column of the row itself that an atom compares, if it compares one."""
        side = unwrap(tree)
        if isinstance(side, exp.Not):
            side = unwrap(side.this)
        inner = side.args.get("this")
        if not isinstance(side, exp.Column) and isinstance(inner, exp.Expression):
            side = unwrap(inner)
        if isinstance(side, exp.Column) and side.name.lower() in columns_of(self.members.dataset):
            return side.name.lower()
        return None

    def why(self, at: int) -> Why:
        """The reason for the row at a place of the list."""
        deciding = self.root.deciding(at)
        if self.says and all(self._column(node.tree) is None for node, _ in deciding):
            return self._say_as_scheme(at)
        said = [self._say(node, at, negated) for node, negated in deciding[:_MOST_TEXTS]]
        first = said[0]
        text = "; ".join(dict.fromkeys(one.text for one in said))
        more = len(deciding) - len(said)
        if more > 0:
            text += pick(f"; và {more} điều nữa", f"; and {more} more")
        return Why(first.column, first.value, first.needs, text)

    def _say_as_scheme(self, at: int) -> Why:
        """What only other rows decide, in the words of the scheme."""
        value = self.root.value(at)
        says = self.says or ""
        text = says
        if value is None:
            text = pick(f"chưa rõ: {says}", f"not known: {says}")
        elif not value:
            text = pick(f"chưa thỏa: {says}", f"not: {says}")
        return Why(None, None, says, text)

    def _say(self, node: Node, at: int, negated: bool) -> Why:
        column = self._column(node.tree)
        if column is None:
            return self._say_other(node, at, negated)
        dataset = self.members.dataset
        value = value_of(self.stored[column][at], dataset, column)
        head = head_of(dataset, column)
        needs, needs_words = _needs(node.tree, dataset, column, negated)
        if value is None:
            text = pick(f"{head}: chưa có dữ liệu", f"{head}: not known")
            return Why(column, None, needs, text)
        shown = shown_value(value, dataset, column)
        if node.unknown[at]:
            text = pick(f"{head}: {shown}, chưa đủ rõ để kết luận", f"{head}: {shown}, not exact enough to tell")
            return Why(column, _plain(value), needs, text)
        satisfied = bool(node.true[at]) is not negated
        if satisfied:
            text = pick(f"{head}: {shown}", f"{head}: {shown}")
        else:
            text = pick(f"{head}: {shown}; cần {needs_words}", f"{head}: {shown}; needs {needs_words}")
        return Why(column, _plain(value), needs, text)

    def _say_other(self, node: Node, at: int, negated: bool) -> Why:
        """An atom that looks into other rows, or compares what is calculated."""
        words = tree_words(node.tree, self.members.dataset)
        if node.unknown[at]:
            return Why(None, None, words, pick(f"chưa rõ: {words}", f"not known: {words}"))
        holds = bool(node.true[at])
        text = words if holds else pick(f"không đúng: {words}", f"not so: {words}")
        if isinstance(unwrap(node.tree), exp.Exists) and not holds:
            text = tree_words(exp.Not(this=node.tree.copy()), self.members.dataset)
        return Why(None, None, f"not ({words})" if negated else words, text)


def _atoms(node: Node) -> list[Node]:
    return [node] if node.kind == "atom" else [atom for child in node.children for atom in _atoms(child)]


def _plain(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return str(value).lower() if isinstance(value, bool) else str(value)


def shown_value(value: Any, dataset: str, column: str) -> str:
    """A value as a person reads it: a code's label, 31/12/1985, có or không."""
    spec = columns_of(dataset)[column]
    if spec.code_list is not None and value in spec.code_list:
        return spec.code_list[value].label
    if isinstance(value, date):
        return print_day(value)
    if isinstance(value, bool):
        return pick("có", "yes") if value else pick("không", "no")
    return str(value)


def _needs(tree: exp.Expression, dataset: str, column: str, negated: bool) -> tuple[str, str]:
    """What an atom asks of its column: as code (``>= master``) and in words."""
    tree = unwrap(tree)
    sign = _SIGNS.get(type(tree))
    if sign is not None and isinstance(unwrap(tree.expression), exp.Literal):
        literal = str(unwrap(tree.expression).this)
        sign = _OPPOSITE[sign] if negated else sign
        spec = columns_of(dataset)[column]
        label = spec.code_list[literal].label if spec.code_list and literal in spec.code_list else literal
        words = {"=": label, "<>": pick(f"khác {label}", f"other than {label}")}.get(sign)
        return f"{sign} {literal}", words or goal_words(f"{sign} {label}")
    if isinstance(tree, exp.Column):
        wanted = "false" if negated else "true"
        return f"= {wanted}", pick("không", "no") if negated else pick("có", "yes")
    if isinstance(tree, exp.In):
        options = _options(tree, dataset, column)
        return tree.sql(), pick(f"một trong {options}", f"one of {options}")
    return tree.sql(), tree_words(tree, dataset)


def _options(tree: exp.In, dataset: str, column: str) -> str:
    spec = columns_of(dataset)[column]
    labels: Sequence[str] = [str(unwrap(option).this) for option in tree.args.get("expressions") or []]
    if spec.code_list is not None:
        labels = [spec.code_list[key].label if key in spec.code_list else key for key in labels]
    return ", ".join(labels)
