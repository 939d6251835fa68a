"""Parsing a condition into a tree, bounded in size, and the faults a condition can have. Knows no columns."""

from dataclasses import dataclass
from functools import lru_cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError, TokenError

from canbo.common.language import pick
from canbo.common.text import nfc

MOST_CHARACTERS = 8_000
MOST_DEPTH = 40
MOST_NODES = 2_000


@dataclass(frozen=True)
class ExpressionFault:
    """What is wrong in a condition: the words at fault, and the nearest that would be right."""

    code: str
    message: str
    words: str
    suggestion: str | None = None
    warning: bool = False


class BadExpression(Exception):
    """A condition that cannot be measured, with all its faults."""

    def __init__(self, faults: list[ExpressionFault]) -> None:
        super().__init__(faults[0].message)
        self.faults = faults


def refuse(code: str, message: str, words: str, suggestion: str | None = None) -> BadExpression:
    """One fault as an error to raise."""
    return BadExpression([ExpressionFault(code, message, words, suggestion)])


@lru_cache(maxsize=4096)
def parse(text: str) -> exp.Expression:
    """The tree of one condition, parsed once: checking, compiling and wording share it, so nobody may change it.

    :raises BadExpression: when it is too long or deep, no SQL condition, or more than one statement.
    """
    text = nfc(text)
    _check_size(text)
    try:
        trees = sqlglot.parse(text, read="duckdb")
    except (ParseError, TokenError, RecursionError) as error:
        raise refuse("bad_expression", *_syntax_fault(text, error)) from error
    if len(trees) != 1 or trees[0] is None:
        message = pick("chỉ được một điều kiện, không phải câu lệnh.", "one condition only, no statements.")
        raise refuse("bad_expression", message, text[:80])
    tree = trees[0]
    assert isinstance(tree, exp.Expression)  # sqlglot's nodes all are; its stubs name a wider class
    if sum(1 for _ in tree.walk()) > MOST_NODES:
        message = pick(f"điều kiện có hơn {MOST_NODES} thành phần.", f"the condition has more than {MOST_NODES} parts.")
        raise refuse("bad_expression", message, text[:80])
    return tree


def _check_size(text: str) -> None:
    if len(text) > MOST_CHARACTERS:
        message = pick(
            f"điều kiện dài hơn {MOST_CHARACTERS} ký tự.",
            f"the condition is longer than {MOST_CHARACTERS} characters.",
        )
        raise refuse("bad_expression", message, text[:80])
    depth = deepest = 0
    for char in text:
        depth += (char in "([") - (char in ")]")
        deepest = max(deepest, depth)
    nested = max(deepest, text.casefold().count("case"), _longest_run(text, "not "), _longest_run(text, "-"))
    if nested > MOST_DEPTH:
        message = pick(
            f"điều kiện lồng sâu hơn {MOST_DEPTH} lớp.",
            f"the condition is nested deeper than {MOST_DEPTH} levels.",
        )
        raise refuse("bad_expression", message, text[:80])


def _longest_run(text: str, word: str) -> int:
    """How often a prefix word stands in a row, since each one nests the tree once more."""
    folded = " ".join(text.casefold().split()) if word.strip() != word else text.replace(" ", "")
    run = 0
    while word * (run + 1) in folded:
        run += 1
        if run > MOST_DEPTH:
            break
    return run


def _syntax_fault(text: str, error: Exception) -> tuple[str, str]:
    details = getattr(error, "errors", None)
    words = text[:80]
    if details:
        words = str(details[0].get("highlight") or words)
    return pick(
        "không đọc được điều kiện (thiếu dấu ngoặc, dấu nháy hoặc toán tử).",
        "this condition cannot be read (a bracket, quote or operator is missing).",
    ), words


def sides_of(tree: exp.Expression) -> list[exp.Expression]:
    """The sides of a chain of “and”, or of “or”, without recursion over its length."""
    kind, sides, waiting = type(tree), [], [tree]
    while waiting:
        node = waiting.pop()
        if type(node) is kind:
            waiting += [node.expression, node.this]
        else:
            sides.append(node)
    return sides


def conjuncts(tree: exp.Expression) -> list[exp.Expression]:
    """The parts joined by “and”, brackets opened."""
    tree = unwrap(tree)
    if isinstance(tree, exp.And):
        return [part for side in sides_of(tree) for part in conjuncts(side)]
    return [tree]


def disjuncts(tree: exp.Expression) -> list[exp.Expression]:
    """The parts joined by “or”, brackets opened."""
    tree = unwrap(tree)
    if isinstance(tree, exp.Or):
        return [part for side in sides_of(tree) for part in disjuncts(side)]
    return [tree]


def unwrap(tree: exp.Expression) -> exp.Expression:
    """Without the brackets around it."""
    while isinstance(tree, exp.Paren):
        tree = tree.this
    return tree
