"""Which rows a condition looks into: only those of the row's own person, or anybody's, and by which comparisons.

Works on the parsed tree; compiles and evaluates nothing.
"""

from collections.abc import Iterator

from sqlglot import exp

from canbo.common.text import nfc
from canbo.datasets.dictionary import dictionary
from canbo.measure.syntax import conjuncts

_PERSON = "person_id"


def stays_with_person(tree: exp.Expression, dataset: str) -> bool:
    """Whether a change of one person's rows leaves the condition as it was for the rows of all others.

    So it is where every dataset with people that the condition looks into is tied to the row by ``person_id``, directly
    or through another one. Where that cannot be seen, the answer is no.
    """
    return _tied(tree, frozenset({dataset}) if _PERSON in dictionary()[dataset].columns else frozenset())


def looks_of(tree: exp.Expression) -> Iterator[tuple[str, list[exp.Expression]]]:
    """Each dataset that a condition looks into, with what every row found there must satisfy by its own columns.

    The comparisons come without the alias, as conditions over that dataset.
    """
    for select in tree.find_all(exp.Select):
        conditions = [part for condition in _conditions(select) for part in conjuncts(condition)]
        for alias, dataset in _names(select).items():
            yield dataset, [_without_alias(part) for part in conditions if _is_about(part, alias)]


def _is_about(part: exp.Expression, alias: str) -> bool:
    columns = list(part.find_all(exp.Column))
    plain = part.find(exp.Select) is None and bool(columns)
    return plain and all(nfc(column.table).lower() == alias for column in columns)


def _without_alias(part: exp.Expression) -> exp.Expression:
    bare = part.copy()
    for column in bare.find_all(exp.Column):
        column.set("table", None)
    return bare


def _tied(node: exp.Expression, known: frozenset[str]) -> bool:
    for select in _outermost_selects(node):
        names = _names(select)
        own = _own(select, known - names.keys(), names)
        if any(_PERSON in dictionary()[name].columns for alias, name in names.items() if alias not in own):
            return False
        inner = known - names.keys() | own
        if not all(_tied(part, inner) for part in select.iter_expressions()):
            return False
    return True


def _outermost_selects(node: exp.Expression) -> Iterator[exp.Select]:
    if isinstance(node, exp.Select):
        yield node
        return
    for part in node.iter_expressions():
        yield from _outermost_selects(part)


def _names(select: exp.Select) -> dict[str, str]:
    """The datasets of a select by alias."""
    sources = [select.args["from_"].this, *(join.this for join in select.args.get("joins") or [])]
    return {nfc(one.alias or one.name).lower(): nfc(one.name).lower() for one in sources}


def _conditions(select: exp.Select) -> list[exp.Expression]:
    where = select.args.get("where")
    joined = [join.args["on"] for join in select.args.get("joins") or [] if join.args.get("on") is not None]
    return [*([where.this] if where is not None else []), *joined]


def _own(select: exp.Select, known: frozenset[str], names: dict[str, str]) -> frozenset[str]:
    """The aliases of a select that are tied to a known one by equal ``person_id``."""
    pairs = [pair for condition in _conditions(select) for pair in _equal_persons(condition)]
    own: set[str] = set()
    for _ in pairs:  # each round may tie one more
        for one, other in (*pairs, *((b, a) for a, b in pairs)):
            if one in known | own and other in names:
                own.add(other)
    return frozenset(own)


def _equal_persons(condition: exp.Expression) -> Iterator[tuple[str, str]]:
    """The pairs of aliases that a condition, or a side of its ``and``, sets equal by ``person_id``."""
    for part in conjuncts(condition):
        if isinstance(part, exp.EQ) and _is_person(part.left) and _is_person(part.right):
            yield nfc(part.left.text("table")).lower(), nfc(part.right.text("table")).lower()


def _is_person(side: object) -> bool:
    return isinstance(side, exp.Column) and bool(side.table) and nfc(side.name).lower() == _PERSON
