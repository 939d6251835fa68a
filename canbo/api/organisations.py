"""Organisations: the list and the tree on a day, and one with its versions and successors."""

from datetime import date
from typing import Any, Literal

from django.db.models import Q
from django.http import HttpRequest
from ninja import Query, Router, Schema

from canbo.accounts.permissions import Permission
from canbo.api.access import Caller, caller, needs
from canbo.api.faults import answers, not_found
from canbo.api.fields import Code, Cursor, Day, Given, Limit, Text, open_cursor, seal_cursor
from canbo.common.language import pick
from canbo.common.text import tidy
from canbo.register import scoping, trees
from canbo.register.models import Unit, UnitSuccession, UnitVersion

router = Router(tags=["organisations"])
READ = Permission.ORGANISATIONS_READ


class Filters(Given):
    """What a list is narrowed to; of the units that exist on ``as_of`` (today)."""

    q: Text | None = None
    level: Code | None = None
    kind: Code | None = None
    as_of: Day | None = None
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
    """Units in the account's mandates that exist on the day."""
    asked = caller(request)
    inside = scoping.units(asked.scope, READ, day=asked.day)
    found = UnitVersion.objects.as_of(filters.as_of or asked.day).filter(unit__in=inside)
    if filters.q:
        found = found.filter(Q(unit__code=tidy(filters.q)) | Q(name__icontains=tidy(filters.q)))
    if filters.level:
        found = found.filter(level=filters.level)
    if filters.kind:
        found = found.filter(kind=filters.kind)
    if filters.cursor:
        found = found.filter(unit__code__gt=open_cursor("units", filters.cursor)[0])
    page = list(found.select_related("unit", "parent").order_by("unit__code")[: filters.limit + 1])
    more, page = len(page) > filters.limit, page[: filters.limit]
    return {
        "items": _shown(asked, page),
        "next": seal_cursor("units", [page[-1].unit.code]) if more else None,
    }


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
def read_unit(request: HttpRequest, code: Code) -> dict[str, Any]:
    """A unit: all its versions, what it came from and what follows it. Its people: ``/people?unit=``."""
    asked = caller(request)
    inside = scoping.units(asked.scope, READ, day=asked.day)
    unit = inside.filter(code=code).first()
    if unit is None:
        raise not_found(pick("đơn vị có mã", "unit"), code)
    versions = list(unit.versions.select_related("unit", "parent").order_by("valid_from"))
    links = UnitSuccession.objects.select_related("predecessor", "successor")
    return {
        "code": unit.code,
        "versions": _shown(asked, versions),
        "predecessors": [one.predecessor.code for one in links.filter(successor=unit, predecessor__in=inside)],
        "successors": [one.successor.code for one in links.filter(predecessor=unit, successor__in=inside)],
    }


def _shown(asked: Caller, versions: list[UnitVersion]) -> list[dict[str, Any]]:
    parents = {one.parent_id for one in versions if one.parent_id}
    seen = scoping.units(asked.scope, READ, day=asked.day).filter(pk__in=parents).values_list("pk", flat=True)
    known = parents if asked.is_unlimited(READ) else set(seen)
    names = ("name", "level", "kind", "sector", "valid_from", "valid_to")
    return [
        {
            "code": _code(one.unit),
            "parent": _code(one.parent) if one.parent and one.parent_id in known else None,
            **{name: getattr(one, name) for name in names},
        }
        for one in versions
    ]


def _code(unit: Unit) -> str:
    return unit.code
