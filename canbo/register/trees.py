"""The two trees of units, administrative (``parent``) and of the Party (``party_parent``), on any day. Writes nothing.

One recursive statement each: subtree, way up, whole tree, and what is wrong with a tree on any day at all.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from django.db import connection

from canbo.common.findings import Finding, Refused
from canbo.common.language import pick
from canbo.register.models import Unit

Tree = Literal["parent", "party_parent"]
_HOLDS = "{0}.valid_from <= %(day)s AND ({0}.valid_to IS NULL OR {0}.valid_to > %(day)s)"
# Where a source only says that a version held since a day, what was before is unknown, not absent: it covers it.
_PERIOD = "daterange(CASE WHEN {0}.since_known THEN {0}.valid_from END, {0}.valid_to)"


@dataclass(frozen=True)
class Node:
    """A unit in a tree on a day; ``depth`` counts from 0 at the top asked for."""

    unit_id: int
    code: str
    name: str
    parent_id: int | None
    depth: int
    level: str
    kind: str


def subtree(unit: Unit, day: date, tree: Tree = "parent") -> set[int]:
    """The ids of a unit and all below it on a day; empty where the unit does not exist on that day."""
    return subtree_ids([unit.id], day, tree)


def subtree_ids(tops: Collection[int], day: date, tree: Tree = "parent") -> set[int]:
    """The ids of several units and all below them on a day."""
    rows = _fetch(
        f"""WITH RECURSIVE below(id) AS (
              SELECT v.unit_id FROM register_unitversion AS v WHERE v.unit_id = ANY(%(tops)s) AND {_HOLDS.format("v")}
              UNION
              SELECT v.unit_id FROM below JOIN register_unitversion AS v ON v.{_column(tree)} = below.id
              AND {_HOLDS.format("v")})
            SELECT id FROM below""",
        {"tops": list(tops), "day": day},
    )
    return {row[0] for row in rows}


def children(unit: Unit, day: date, tree: Tree = "parent") -> list[Node]:
    """The units directly below, by code: the Party committees directly under the province, for one."""
    return [node for node in nodes(day, tree, top=unit) if node.parent_id == unit.id and node.unit_id != unit.id]


def ancestors(unit: Unit, day: date, tree: Tree = "parent") -> list[int]:
    """The ids of the units above on a day, nearest first."""
    rows = _fetch(
        f"""WITH RECURSIVE up(id, depth) AS (
              SELECT v.{_column(tree)}, 1 FROM register_unitversion AS v WHERE v.unit_id = %(unit)s
              AND {_HOLDS.format("v")}
              UNION
              SELECT v.{_column(tree)}, up.depth + 1 FROM up JOIN register_unitversion AS v ON v.unit_id = up.id
              AND {_HOLDS.format("v")} AND up.depth < 100)
            SELECT id FROM up WHERE id IS NOT NULL ORDER BY depth""",
        {"unit": unit.id, "day": day},
    )
    return [row[0] for row in rows]


def nodes(day: date, tree: Tree = "parent", *, top: Unit | None = None) -> list[Node]:
    """The tree on a day, each unit before those below it, those of one parent by code; ``top``: only from there down.

    In the Party's tree only units with a place in it are listed: those with a parent there or with units below.
    """
    column = _column(tree)
    start = "v.unit_id = %(top)s" if top else f"v.{column} IS NULL"
    rows = _fetch(
        f"""WITH RECURSIVE held AS (SELECT v.*, u.code FROM register_unitversion AS v
              JOIN register_unit AS u ON u.id = v.unit_id WHERE {_HOLDS.format("v")}),
            walk AS (
              SELECT v.unit_id, v.code, v.name, v.{column} AS parent, 0 AS depth, v.level, v.kind, ARRAY[v.code] AS way
              FROM held AS v WHERE {start}
              UNION ALL
              SELECT v.unit_id, v.code, v.name, v.{column}, walk.depth + 1, v.level, v.kind, walk.way || v.code
              FROM walk JOIN held AS v ON v.{column} = walk.unit_id AND NOT v.code = ANY(walk.way))
            SELECT unit_id, code, name, parent, depth, level, kind FROM walk ORDER BY way""",
        {"day": day, "top": top.id if top else None},
    )
    found = [Node(*row) for row in rows]
    if tree == "parent" or top is not None:
        return found
    parents = {node.parent_id for node in found}
    return [node for node in found if node.parent_id is not None or node.unit_id in parents]


def faults(units: Collection[int] | None = None) -> list[Finding]:
    """What is wrong in either tree on any day: circles, and units that outlive the unit above them.

    ``units``: only what concerns these units or those directly below them; all where None.
    """
    only = {"units": None if units is None else list(units)}
    found = []
    trees: tuple[Tree, ...] = ("parent", "party_parent")
    for tree in trees:
        found += [_circle(tree, *row) for row in _fetch(_CIRCLES.format(column=_column(tree)), only)]
        found += [_orphan(tree, *row) for row in _fetch(_ORPHANS.format(column=_column(tree)), only)]
    return found


@contextmanager
def kept_sound(units: Collection[int] | None = None) -> Iterator[None]:
    """Refuse what is done inside where it leaves a tree with a fault that it did not have before.

    :raises Refused: with the first fault and all of them as findings.
    """
    before = {(one.code, one.column, one.value) for one in faults(units)}
    yield
    new = [one for one in faults(units) if (one.code, one.column, one.value) not in before]
    if new:
        raise Refused(f"{new[0].message} {new[0].suggestion or ''}".strip(), new)


_CIRCLES = f"""
WITH RECURSIVE up(start, unit, period, way) AS (
  SELECT v.unit_id, v.{{column}}, {_PERIOD.format("v")}, ARRAY[v.unit_id] FROM register_unitversion AS v
  WHERE v.{{column}} IS NOT NULL AND (%(units)s::bigint[] IS NULL OR v.unit_id = ANY(%(units)s))
  UNION ALL
  SELECT up.start, v.{{column}}, up.period * {_PERIOD.format("v")}, up.way || v.unit_id
  FROM up JOIN register_unitversion AS v ON v.unit_id = up.unit AND v.{{column}} IS NOT NULL
    AND NOT v.unit_id = ANY(up.way) AND {_PERIOD.format("v")} && up.period)
SELECT u.code, min(lower(up.period)) FROM up JOIN register_unit AS u ON u.id = up.start
WHERE up.unit = up.start GROUP BY u.code ORDER BY u.code"""
_ORPHANS = f"""
SELECT code, above, lower(missing) FROM (
  SELECT u.code, a.code AS above, v.id, datemultirange(daterange(v.valid_from, v.valid_to)) - coalesce(
    (SELECT range_agg({_PERIOD.format("p")}) FROM register_unitversion AS p WHERE p.unit_id = v.{{column}}),
    '{{{{}}}}'::datemultirange) AS missing
  FROM register_unitversion AS v JOIN register_unit AS u ON u.id = v.unit_id
  JOIN register_unit AS a ON a.id = v.{{column}}
  WHERE %(units)s::bigint[] IS NULL OR v.unit_id = ANY(%(units)s) OR v.{{column}} = ANY(%(units)s)) AS t
WHERE NOT isempty(missing) ORDER BY code, id"""


def _column(tree: Tree) -> str:
    return {"parent": "parent_id", "party_parent": "party_parent_id"}[tree]


def _fetch(sql: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def _named(tree: Tree) -> str:
    return pick("cây hành chính", "the administrative tree") if tree == "parent" else pick("cây Đảng", "the Party tree")


def _from(day: date | None) -> str:
    return pick(f"từ {day:%d/%m/%Y}", f"from {day:%d/%m/%Y}") if day else pick("từ đầu", "from the beginning")


def _circle(tree: Tree, code: str, day: date | None) -> Finding:
    return Finding(
        "error",
        "unit_circle",
        pick(
            f"Trong {_named(tree)}, {_from(day)} đơn vị “{code}” nằm dưới chính nó qua các đơn vị cấp trên.",
            f"In {_named(tree)}, {_from(day)} unit “{code}” stands below itself through the units above it.",
        ),
        suggestion=pick("Hãy sửa đơn vị cấp trên của một đơn vị trong vòng.", "Correct the unit above one of them."),
        column=tree,
        value=code,
    )


def _orphan(tree: Tree, code: str, above: str, day: date | None) -> Finding:
    return Finding(
        "error",
        "unit_under_dissolved",
        pick(
            f"Trong {_named(tree)}, {_from(day)} đơn vị “{code}” nằm dưới “{above}” là đơn vị không tồn tại lúc đó.",
            f"In {_named(tree)}, {_from(day)} unit “{code}” stands under “{above}”, which does not exist then.",
        ),
        suggestion=pick(
            "Hãy chuyển đơn vị sang cấp trên khác từ ngày đó, hoặc kết thúc đơn vị.",
            "Move the unit under another from that day, or end it.",
        ),
        column=tree,
        value=code,
    )
