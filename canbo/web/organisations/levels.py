"""The levels of a tree of units on a day, with the numbers of people and open posts below each. Writes nothing."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from canbo.accounts.permissions import Permission
from canbo.codes import code_list
from canbo.common.text import name_order, search_key
from canbo.register import scoping, trees
from canbo.register.models import Unit, UnitSuccession, UnitVersion
from canbo.web.organisations.asked import Asked, readable, reads_names, whole_units

MOST_FOUND = 50
_KINDS = ("locality", "party", "state", "front", "justice", "public_service", "division")


@dataclass(frozen=True)
class Named:
    """A unit by code and name."""

    code: str
    name: str


@dataclass(frozen=True)
class Row:
    """A unit on a day. ``people`` and ``open_posts`` of it and all below, None where the visitor may not read them.

    ``ended``: since when it is no more, seen from today, and ``heirs`` what followed; ``below``: the level under it
    where it stands open (None: closed); ``above``: the unit over it, where it is shown outside the tree.
    """

    unit_id: int
    code: str
    name: str
    level: str
    kind: str
    children: int
    parent_id: int | None
    valid_to: date | None
    people: int | None = None
    open_posts: int | None = None
    ended: date | None = None
    heirs: tuple[Named, ...] = ()
    below: "tuple[Row, ...] | None" = None
    above: str = ""


def top(asked: Asked) -> tuple[Row, ...]:
    """The units at the top of what the visitor sees."""
    column, seen = asked.tree, readable(asked.who)
    rows = _versions(asked)
    if asked.who.is_unlimited(Permission.ORGANISATIONS_READ):
        rows = rows.filter(**{f"{column}__isnull": True})
    else:
        rows = rows.filter(Q(**{f"{column}__isnull": True}) | ~Q(**{f"{column}__in": seen}))
    if column == "party_parent":
        rows = rows.filter(Q(children__gt=0) | Q(party_parent__isnull=False))
    return _told(asked, _rows(rows))


def under(asked: Asked, parent_id: int) -> tuple[Row, ...]:
    """The units directly below one."""
    return _told(asked, _rows(_versions(asked).filter(**{asked.tree: parent_id})))


def opened(asked: Asked, unit: Unit | None) -> tuple[Row, ...]:
    """The tree from the top, with the levels open that lead to a unit and the one below it.

    Where nothing is asked for and one unit stands above all, the level below it is open.
    """
    rows = top(asked)
    way = {unit.pk, *trees.ancestors(unit, asked.day, asked.tree)} if unit else {rows[0].unit_id} if rows else set()
    return rows if unit is None and len(rows) > 1 else _open(asked, rows, way)


def find(asked: Asked, text: str) -> tuple[tuple[Row, ...], int]:
    """Units whose name or code has all words of a text, marks or not: those of the day first, then those of other days.

    At most ``MOST_FOUND``, and how many there are.
    """
    words = search_key(text).split()
    matches: dict[int, tuple[bool, int, str]] = {}
    versions = UnitVersion.objects.filter(unit__in=readable(asked.who))
    for unit_id, code, name, start, end in versions.values_list("unit", "unit__code", "name", "valid_from", "valid_to"):
        key = search_key(f"{name} {code}")
        if not all(word in key for word in words):
            continue
        holds = start <= asked.day and (end is None or end > asked.day)
        rank = 0 if search_key(code) == " ".join(words) else 1 if f" {' '.join(words)} " in f" {key} " else 2
        matches[unit_id] = min(matches.get(unit_id, (True, 9, "")), (not holds, rank, order_of(name)))
    chosen = sorted(matches, key=lambda one: matches[one])[:MOST_FOUND]
    living = {row.unit_id: row for row in _told(asked, _rows(_versions(asked).filter(unit__in=chosen)))}
    gone = {row.unit_id: row for row in _gone([one for one in chosen if one not in living], asked)}
    names = _names({row.parent_id for row in living.values() if row.parent_id}, asked.day)
    found = (living.get(one) or gone[one] for one in chosen)
    return tuple(replace(row, above=names.get(row.parent_id or 0, "")) for row in found), len(matches)


def named_like(asked: Asked, text: str) -> list[Named]:
    """Some units of the day for what is being typed of a name or code."""
    words = search_key(text).split()
    rows = UnitVersion.objects.as_of(asked.day).filter(unit__in=readable(asked.who)).values_list("unit__code", "name")
    found = [
        (len(name), Named(code, name))
        for code, name in rows
        if all(word in search_key(f"{name} {code}") for word in words)
    ]
    return [one for _, one in sorted(found, key=lambda pair: (pair[0], pair[1].name))[:12]]


def totals(asked: Asked) -> list[tuple[str, str, int]]:
    """How many units the visitor sees on the day, by level and whether they are localities: (level, kind, number)."""
    rows = UnitVersion.objects.as_of(asked.day).filter(unit__in=readable(asked.who))
    return list(rows.values_list("level", "kind").annotate(number=Count("pk")).order_by("level", "kind"))


def grouped(rows: Iterable[Row]) -> list[tuple[str, list[Row]]]:
    """Rows by the kind of unit, localities first; the heading is in the language in force."""
    labels = code_list("unit_kind")
    found: dict[str, list[Row]] = {kind: [] for kind in _KINDS}
    for row in rows:
        found[row.kind].append(row)
    return [(labels[kind].label, some) for kind, some in found.items() if some]


def order_of(name: str) -> str:
    """The sort key of a unit's name in the Vietnamese alphabet, word by word from the first."""
    first, *rest = name.split() or [""]
    return name_order(" ".join([*rest, first]))


def heirs_of(units: Collection[int], day: date) -> dict[int, tuple[Named, ...]]:
    """What followed each of some units, by their names on a day or the last they had."""
    links = list(UnitSuccession.objects.filter(predecessor__in=units).order_by("pk").select_related("successor"))
    names = _names({one.successor_id for one in links}, day) if links else {}
    found: dict[int, tuple[Named, ...]] = {}
    for one in links:
        after = Named(one.successor.code, names.get(one.successor_id, one.successor.code))
        found[one.predecessor_id] = (*found.get(one.predecessor_id, ()), after)
    return found


def _versions(asked: Asked) -> QuerySet[UnitVersion]:
    column = f"{asked.tree}_id"
    below = UnitVersion.objects.as_of(asked.day).filter(**{column: OuterRef("unit_id")}).order_by().values(column)
    number = Subquery(below.annotate(number=Count("pk")).values("number"))
    seen = UnitVersion.objects.as_of(asked.day).filter(unit__in=readable(asked.who))
    return seen.annotate(children=number, code=F("unit__code"), parent_shown=F(column))  # type: ignore[no-any-return]


def _rows(versions: QuerySet[UnitVersion]) -> list[Row]:
    names = ("unit_id", "code", "name", "level", "kind", "children", "parent_shown", "valid_to")
    found = [
        Row(unit_id, code, name, level, kind, children or 0, parent, end)
        for unit_id, code, name, level, kind, children, parent, end in versions.values_list(*names)
    ]
    return sorted(found, key=lambda row: (_KINDS.index(row.kind), order_of(row.name), row.code))


def _open(asked: Asked, rows: tuple[Row, ...], way: set[int]) -> tuple[Row, ...]:
    return tuple(
        replace(row, below=_open(asked, under(asked, row.unit_id), way)) if row.unit_id in way and row.children else row
        for row in rows
    )


def _told(asked: Asked, rows: list[Row]) -> tuple[Row, ...]:
    counts = numbers(asked, [row.unit_id for row in rows])
    rows = [replace(row, people=pair[0], open_posts=pair[1]) for row in rows for pair in [counts[row.unit_id]]]
    today = asked.who.day
    past = [row.unit_id for row in rows if row.valid_to is not None and row.valid_to <= today]
    if not past:
        return tuple(rows)
    living = set(UnitVersion.objects.as_of(today).filter(unit__in=past).values_list("unit_id", flat=True))
    ended = {row.unit_id: row for row in _gone([one for one in past if one not in living], asked)}
    return tuple(
        replace(row, ended=ended[row.unit_id].ended, heirs=ended[row.unit_id].heirs) if row.unit_id in ended else row
        for row in rows
    )


def _gone(units: Collection[int], asked: Asked) -> list[Row]:
    """Units that do not exist on the day asked for, by their last version."""
    if not units:
        return []
    versions = UnitVersion.objects.filter(unit__in=units).order_by("unit_id", "-valid_from").distinct("unit_id")
    heirs = heirs_of(units, asked.who.day)
    return [
        Row(
            one.unit_id, one.unit.code, one.name, one.level, one.kind, 0, None, one.valid_to,
            ended=one.valid_to, heirs=heirs.get(one.unit_id, ()),
        )
        for one in versions.select_related("unit")
    ]  # fmt: skip


def _names(units: Collection[int], day: date) -> dict[int, str]:
    """Names on a day, or the last before or after it."""
    versions = (
        UnitVersion.objects.filter(unit__in=units).order_by("valid_from").values_list("unit_id", "name", "valid_from")
    )
    found: dict[int, str] = {}
    for unit_id, name, start in versions:
        if start <= day or unit_id not in found:
            found[unit_id] = name
    return found


_HOLDS = "{0}.valid_from <= %s AND ({0}.valid_to IS NULL OR {0}.valid_to > %s)"


def numbers(asked: Asked, units: Collection[int]) -> Mapping[int, tuple[int | None, int | None]]:
    """People in service and open posts in each unit with all below it, on the day, in one statement.

    A person counts where the main post is, else where employed; only those whom the visitor may see. Open posts are
    those of the job positions that nobody holds, where the visitor sees everybody.
    """
    if not units or not reads_names(asked.who):
        return dict.fromkeys(units, (None, None))
    seen, values = _statement(scoping.people(asked.who.scope, Permission.PEOPLE_READ, day=asked.who.day))
    whole, more = _statement(whole_units(asked.who, Permission.PEOPLE_READ))
    days: tuple[Any, ...] = (asked.day, asked.day)
    sql = (
        "WITH RECURSIVE below(top, id) AS (SELECT v.unit_id, v.unit_id FROM register_unitversion v "
        f"WHERE v.unit_id = ANY(%s) AND {_HOLDS.format('v')} UNION SELECT b.top, v.unit_id FROM below b "
        f"JOIN register_unitversion v ON v.{asked.tree}_id = b.id AND {_HOLDS.format('v')}), "
        "placed AS (SELECT DISTINCT ON (e.person_id) coalesce(h.unit_id, e.unit_id) AS id FROM register_employment e "
        f"LEFT JOIN register_postheld h ON h.person_id = e.person_id AND h.is_main AND {_HOLDS.format('h')} "
        f"WHERE {_HOLDS.format('e')} AND e.person_id IN ({seen}) ORDER BY e.person_id), "
        "counted AS (SELECT id, count(*) AS number FROM placed GROUP BY id), "
        "held AS (SELECT p.unit_id, p.name, count(DISTINCT h.person_id) AS number FROM register_postheld h "
        f"JOIN register_jobposition p ON p.id = h.position_id WHERE {_HOLDS.format('h')} GROUP BY p.unit_id, p.name), "
        "empty AS (SELECT p.unit_id AS id, sum(greatest(0, p.planned - coalesce(held.number, 0))) AS number "
        "FROM register_jobposition p LEFT JOIN held USING (unit_id, name) "
        f"WHERE {_HOLDS.format('p')} GROUP BY p.unit_id) "
        f"SELECT b.top, sum(c.number), sum(o.number), bool_and(b.id IN ({whole})), count(o.id) FROM below b "
        "LEFT JOIN counted c ON c.id = b.id LEFT JOIN empty o ON o.id = b.id GROUP BY b.top"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(units), *days, *days, *days, *days, *values, *days, *days, *more])
        rows = cursor.fetchall()
    found = {row[0]: (int(row[1] or 0), int(row[2]) if row[3] and row[4] else None) for row in rows}
    return {unit: found.get(unit, (0, None)) for unit in units}


def _statement(found: QuerySet[Any]) -> tuple[str, tuple[Any, ...]]:
    """The statement that gives the ids of a query, also of one that nothing can pass."""
    try:
        return found.values("pk").query.sql_with_params()
    except EmptyResultSet:
        return "SELECT NULL::bigint WHERE false", ()
