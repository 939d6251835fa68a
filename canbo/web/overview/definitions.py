"""An indicator's definition: its conditions in words and as the scheme's file writes them."""

from dataclasses import dataclass

from canbo.common.language import pick
from canbo.measure.scheme import Expression, Indicator, Side
from canbo.measure.words import condition_words, label_of, says_of


@dataclass(frozen=True)
class Term:
    """One condition: what it is for, in words, and its SQL."""

    head: str
    words: str
    sql: str


def definition_of(one: Indicator) -> list[Term]:
    """The conditions of an indicator, the group first."""
    dataset = one.of or "people"
    found = [_term(pick("Nhóm", "Group"), where, dataset) for where in one.where]
    if one.satisfies is not None:
        head = pick("Được tính khi", "Counted if")
        found.append(Term(head, says_of(one) or condition_words(one.satisfies.text, dataset), one.satisfies.text))
    found += [_term(label_of(part), part.satisfies, dataset) for part in one.parts]
    if one.each is not None and one.each.where is not None:
        found.append(_term(pick("Tính riêng từng", "For each"), one.each.where, one.each.of))
    heads = (pick("Tử số", "Numerator"), pick("Mẫu số", "Denominator"))
    for head, side in zip(heads, (one.numerator, one.denominator), strict=True):
        if side is not None:
            found.append(_side(head, side))
    return found


def _term(head: str, expression: Expression, dataset: str) -> Term:
    return Term(head, condition_words(expression.text, dataset), expression.text)


def _side(head: str, side: Side) -> Term:
    told = condition_words(side.where.text, side.of) if side.where else ""
    sql = side.where.text if side.where else ""
    if side.sum:
        sql = f"sum({side.sum})" + (f" WHERE {sql}" if sql else "")
    return Term(head, side.label or told or side.of, sql)
