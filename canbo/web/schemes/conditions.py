"""A condition built of fields, comparisons and values, as SQL and back. What it may name is the dictionary's."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from sqlglot import exp

from canbo.common.language import pick
from canbo.common.numbers import parse_day, parse_number, print_day
from canbo.common.text import text_order
from canbo.datasets.dictionary import Column
from canbo.measure.columns import columns_of
from canbo.measure.syntax import BadExpression, conjuncts, disjuncts, parse, unwrap
from canbo.measure.words import head_of

Joiner = Literal["and", "or"]

_COMPARED: dict[str, type[exp.Expression]] = {
    "=": exp.EQ, "!=": exp.NEQ, "<": exp.LT, "<=": exp.LTE, ">": exp.GT, ">=": exp.GTE,
}  # fmt: skip
_SIGNS = {kind: sign for sign, kind in _COMPARED.items()}


@dataclass(frozen=True)
class Term:
    """One comparison, as a form holds it: codes, numbers and days as somebody writes them."""

    column: str = ""
    sign: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Built:
    """Comparisons joined by one word."""

    joiner: Joiner
    terms: tuple[Term, ...]


class BadTerm(Exception):
    """A comparison that is not whole: its number, counted from 0, and what is wrong."""

    def __init__(self, number: int, message: str) -> None:
        super().__init__(message)
        self.number = number
        self.message = message


def fields_of(dataset: str) -> list[tuple[str, str]]:
    """The fields that a comparison may name, by label; ids of rows are no matter for people."""
    usable = [name for name, one in columns_of(dataset).items() if not name.endswith("_id") and not one.sensitive]
    labelled = [(name, _capital(head_of(dataset, name))) for name in usable]
    return sorted(labelled, key=lambda pair: text_order(pair[1]))


def signs_of(dataset: str, column: str) -> list[tuple[str, str]]:
    """The comparisons that a field has, with their words."""
    spec = columns_of(dataset).get(column)
    if spec is None:
        return []
    empty = [("empty", pick("để trống", "is empty")), ("filled", pick("đã có", "is known"))]
    if spec.kind == "boolean":
        return [("yes", pick("có", "yes")), ("no", pick("không", "no")), *empty]
    same = [("=", pick("là", "is")), ("!=", pick("không phải là", "is not"))]
    if spec.kind == "date":
        days = {
            "<": ("trước ngày", "before"), "<=": ("không sau ngày", "not after"), ">": ("sau ngày", "after"),
            ">=": ("không trước ngày", "not before"),
        }  # fmt: skip
        return [*((sign, pick(*words)) for sign, words in days.items()), *empty]
    ordered = [
        (">=", pick("từ … trở lên", "at least")), ("<=", pick("không quá", "at most")),
        (">", pick("trên", "above")), ("<", pick("dưới", "below")),
    ]  # fmt: skip
    if spec.kind in ("integer", "decimal"):
        return [*ordered, *same, *empty]
    within = [("in", pick("là một trong", "is one of")), ("not in", pick("không là cái nào trong", "is none of"))]
    if spec.code_list is not None and spec.code_list.ordered:
        return [*same, *ordered, *within, *empty]
    return [*same, *within, *empty]


def codes_of(dataset: str, column: str) -> list[tuple[str, str]]:
    """The values of a field with a code list, in its order."""
    spec = columns_of(dataset).get(column)
    codes = spec.code_list if spec else None
    return [(key, _capital(codes[key].label)) for key in codes.keys] if codes else []


def sql_of(built: Built, dataset: str) -> str:
    """The condition as SQL; empty where there is no comparison.

    :raises BadTerm: a comparison lacks its field, sign or value, or the value is none of its kind.
    """
    pieces = [_piece(number, one, dataset) for number, one in enumerate(built.terms)]
    return f" {built.joiner} ".join(pieces)


def built_of(text: str, dataset: str) -> Built | None:
    """SQL as comparisons; None where it says more than these can."""
    if not text.strip():
        return Built("and", ())
    try:
        tree = unwrap(parse(text))
    except (BadExpression, RecursionError):
        return None
    joiner: Joiner = "or" if isinstance(tree, exp.Or) else "and"
    sides = disjuncts(tree) if joiner == "or" else conjuncts(tree)
    terms = [_term(one, dataset) for one in sides]
    return None if any(one is None for one in terms) else Built(joiner, tuple(one for one in terms if one is not None))


def _piece(number: int, term: Term, dataset: str) -> str:
    spec = columns_of(dataset).get(term.column)
    if spec is None:
        raise BadTerm(number, pick("Chọn trường để so sánh.", "Choose the field to compare."))
    if term.sign not in dict(signs_of(dataset, term.column)):
        raise BadTerm(number, pick("Chọn cách so sánh.", "Choose how to compare."))
    fixed = {"yes": "{}", "no": "not {}", "empty": "{} is null", "filled": "{} is not null"}
    if term.sign in fixed:
        return fixed[term.sign].format(term.column)
    values = [_literal(number, value, spec) for value in term.values if value.strip()]
    if not values:
        raise BadTerm(number, pick("Nhập giá trị để so sánh.", "Give the value to compare with."))
    if term.sign in ("in", "not in"):
        return f"{term.column} {term.sign} ({', '.join(values)})"
    return f"{term.column} {term.sign} {values[0]}"


def _literal(number: int, value: str, spec: Column) -> str:
    value = value.strip()
    if spec.kind == "date":
        day = parse_day(value)
        if day is None or day.precision != "day":
            raise BadTerm(number, pick(f"“{value}” không phải là ngày. Viết như 31/12/2025.", f"“{value}” is no day."))
        return f"date '{day.first.isoformat()}'"
    if spec.kind in ("integer", "decimal"):
        read = parse_number(value)
        if read is None or (spec.kind == "integer" and read != read.to_integral_value()):
            raise BadTerm(number, pick(f"“{value}” không phải là số.", f"“{value}” is no number."))
        return str(int(read)) if read == read.to_integral_value() else str(Decimal(read).normalize())
    if spec.code_list is not None and value not in spec.code_list:
        raise BadTerm(number, pick("Chọn một giá trị của danh mục.", "Choose a value of the list."))
    return "'" + value.replace("'", "''") + "'"


def _term(node: exp.Expression, dataset: str) -> Term | None:
    node = unwrap(node)
    negated = isinstance(node, exp.Not)
    inner = unwrap(node.this) if negated else node
    if isinstance(inner, exp.Column):
        return _of(inner, "no" if negated else "yes", [], dataset)
    if isinstance(inner, exp.Is) and isinstance(inner.expression, exp.Null):
        return _of(inner.this, "filled" if negated else "empty", [], dataset)
    if isinstance(inner, exp.In) and not inner.args.get("query"):
        return _of(inner.this, "not in" if negated else "in", inner.expressions, dataset)
    if not negated and type(inner) in _SIGNS:
        return _of(inner.this, _SIGNS[type(inner)], [inner.expression], dataset)
    return None


def _of(column: exp.Expression, sign: str, values: Sequence[exp.Expression], dataset: str) -> Term | None:
    if not isinstance(column, exp.Column) or column.text("table") or sign not in dict(signs_of(dataset, column.name)):
        return None
    written = [_written(one) for one in values]
    return None if None in written else Term(column.name, sign, tuple(one for one in written if one is not None))


def _written(node: exp.Expression) -> str | None:
    node = unwrap(node)
    if isinstance(node, exp.Cast) and isinstance(node.this, exp.Literal):
        day = parse_day(str(node.this.this))
        return print_day(day.first) if day else None
    return str(node.this) if isinstance(node, exp.Literal) else None


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
