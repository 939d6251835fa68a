"""Organisations: the list and the tree on a day, and one with its versions and successors."""

from datetime import date, datetime
from typing import Any, Literal

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from ninja import Query, Router, Schema

from canbo.accounts.callers import Caller
from canbo.accounts.permissions import Permission
from canbo.api.access import caller, needs
from canbo.api.faults import answers, not_found
from canbo.api.fields import Code, Cursor, Day, Given, Known, Limit, Text, open_cursor, seal_cursor
from canbo.common.language import pick
from canbo.common.text import tidy
from canbo.register import knowing, scoping, trees
from canbo.register.models import Unit, UnitSuccession, UnitVersion

router = Router(tags=["organisations"])
READ = Permission.ORGANISATIONS_READ


class Filters(Given):
    """What a list is narrowed to; of the units that exist on ``as_of`` (today)."""

    q: Text | None = None
    level: Code | None = None
    kind: Code | None = None
    as_of: Day | None = None
    known: Known | None = None
    limit: Limit = 50
    cursor: Cursor | None = None


class UnitShown(Schema):
    """A unit on a day."""

    code: str
    name: str
    level: str
    kind: str
    sector: str | None
    parent: str | None
    valid_from: date
    valid_to: date | None


class UnitsPage(Schema):
    """A page of units, by code."""

    items: list[UnitShown]
    next: str | None


class NodeShown(Schema):
    """A unit in the tree; ``depth`` counts from the top of what is shown."""

    code: str
    name: str
    parent: str | None
    depth: int
    level: str
    kind: str


class TreeShown(Schema):
    """A tree on a day, each unit before those below it."""

    as_of: date
    tree: str
    units: list[NodeShown]


class UnitFile(Schema):
    """A unit through its life. ``parent`` and successors outside the mandate are null or left out."""

    code: str
    versions: list[UnitShown]
    predecessors: list[str]
    successors: list[str]


@router.get("/organisations", auth=needs(READ), response=answers(UnitsPage))
def list_units(request: HttpRequest, filters: Query[Filters]) -> dict[str, Any]:
    """Units in the account's mandates that exist on the day; ``known``: as known at that moment."""
    asked = caller(request)
    known = asked.require_past(filters.known)
    found = _versions(asked, known, UnitVersion.objects.as_of(filters.as_of or asked.day))
    if filters.q:
        found = found.filter(Q(unit__code=tidy(filters.q)) | Q(name__icontains=tidy(filters.q)))
    if filters.level:
        found = found.filter(level=filters.level)
    if filters.kind:
        found = found.filter(kind=filters.kind)
    if filters.cursor:
        found = found.filter(unit__code__gt=open_cursor("units", filters.cursor)[0])
    page = knowing.rows(found.order_by("unit__code")[: filters.limit + 1], known)
    more, page = len(page) > filters.limit, page[: filters.limit]
    items = _shown(asked, page, known)
    return {"items": items, "next": seal_cursor("units", [items[-1]["code"]]) if more else None}


@router.get("/organisations/tree", auth=needs(READ), response=answers(TreeShown))
def read_tree(
    request: HttpRequest, as_of: Day | None = None, tree: Literal["parent", "party_parent"] = "parent"
) -> dict[str, Any]:
    """The administrative tree, or the Party's, of the units in the account's mandates."""
    asked = caller(request)
    day = as_of or asked.day
    inside = set(scoping.units(asked.scope, READ, day=asked.day).values_list("pk", flat=True))
    nodes = [node for node in trees.nodes(day, tree) if node.unit_id in inside]
    codes = {node.unit_id: node.code for node in nodes}
    top = min((node.depth for node in nodes), default=0)
    units = [
        {
            "code": node.code,
            "name": node.name,
            "parent": codes.get(node.parent_id) if node.parent_id else None,
            "depth": node.depth - top,
            "level": node.level,
            "kind": node.kind,
        }
        for node in nodes
    ]
    return {"as_of": day, "tree": tree, "units": units}


@router.get("/organisations/{code}", auth=needs(READ), response=answers(UnitFile))
def read_unit(request: HttpRequest, code: Code, known: Known | None = None) -> dict[str, Any]:
    """A unit: all its versions, what it came from and what follows it. Its people: ``/people?unit=``.

    ``known``: as it was known at that moment.
    """
    asked = caller(request)
    moment = asked.require_past(known)
    found = _versions(asked, moment, UnitVersion.objects.filter(unit__code=code))
    versions = knowing.rows(found.order_by("valid_from"), moment)
    if not versions:
        raise not_found(pick("đơn vị có mã", "unit"), code)
    unit = versions[0].unit_id
    links = UnitSuccession.objects.filter(Q(predecessor_id=unit) | Q(successor_id=unit)).order_by("pk")
    pairs = [(one.predecessor_id, one.successor_id) for one in knowing.rows(links, moment)]
    codes = _codes(asked, {one for pair in pairs for one in pair}, moment)
    return {
        "code": code,
        "versions": _shown(asked, versions, moment),
        "predecessors": [codes[first] for first, second in pairs if second == unit and first in codes],
        "successors": [codes[second] for first, second in pairs if first == unit and second in codes],
    }


def _versions(asked: Caller, known: datetime | None, found: QuerySet[UnitVersion]) -> QuerySet[UnitVersion]:
    """Those of the units that the account may see now."""
    if asked.is_unlimited(READ):
        return found
    inside = scoping.units(asked.scope, READ, day=asked.day)
    return found.filter(unit__in=inside if known is None else list(inside.values_list("pk", flat=True)))


def _codes(asked: Caller, ids: set[int], known: datetime | None) -> dict[int, str]:
    """Codes of the units among these that the account may see."""
    if not asked.is_unlimited(READ):
        inside = scoping.units(asked.scope, READ, day=asked.day)
        ids = set(inside.filter(pk__in=ids).values_list("pk", flat=True))
    return knowing.codes_of(Unit, ids, known)


def _shown(asked: Caller, versions: list[UnitVersion], known: datetime | None) -> list[dict[str, Any]]:
    own = knowing.codes_of(Unit, {one.unit_id for one in versions}, known)
    parents = _codes(asked, {one.parent_id for one in versions if one.parent_id}, known)
    names = ("name", "level", "kind", "sector", "valid_from", "valid_to")
    return [
        {
            "code": own[one.unit_id],
            "parent": parents.get(one.parent_id) if one.parent_id else None,
            **{name: getattr(one, name) for name in names},
        }
        for one in versions
    ]
