"""Indicators of the schemes in the library, and the people behind a figure.

Over the whole province figures are held against the targets. A mandate over a unit's subtree, with all tiers, gets the
figures of the units in it, without verdicts that are not its own; one over some tiers gets none, for they would count
people whom it may not see. A list of names holds only people and units in the account's own mandates. ``known`` asks
for what was known at an earlier moment; who and which units the account may see is decided by the present register.
"""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from canbo.accounts.callers import Caller
from canbo.accounts.permissions import Permission, depth
from canbo.accounts.scopes import Grant, Scope
from canbo.api.access import caller, needs
from canbo.api.faults import answers, forbidden, not_found
from canbo.api.fields import Code, Day, Known
from canbo.audit.changes import note
from canbo.common.language import pick
from canbo.measure.checking import measurable_scheme
from canbo.measure.evaluation import measure_all
from canbo.measure.grouping import By, without_names
from canbo.measure.library import library_paths
from canbo.measure.lists import listing
from canbo.measure.reading import read_scheme
from canbo.measure.results import ListedRow, ListName
from canbo.measure.scheme import Scheme
from canbo.measure.subtree import measure_inside
from canbo.register import knowing, scoping
from canbo.snapshot.measuring import DAYS

router = Router(tags=["indicators"])
READ = Permission.INDICATORS_READ


class SchemeShown(Schema):
    """A scheme of the library."""

    id: str
    province: str
    title: str
    start: date
    end: date
    indicators: list[str]


class SchemesShown(Schema):
    """The library."""

    schemes: list[SchemeShown]


class ReportShown(Schema):
    """What ``canbo measure --json`` prints."""

    scheme: str
    as_of: date
    data_date: date
    engine: str
    data_version: str
    scheme_version: str
    indicators: list[dict[str, Any]]
    findings: list[dict[str, Any]]


class ListShown(Schema):
    """The people (or rows) behind a figure, as far as the account may see them."""

    scheme: str
    indicator: str
    as_of: date
    list_name: ListName
    rows: list[dict[str, Any]]


@router.get("/schemes", auth=needs(READ), response=answers(SchemesShown))
def list_schemes(request: HttpRequest) -> dict[str, Any]:
    """The schemes of the library."""
    found = []
    for name, path in library_paths().items():
        scheme, _ = read_scheme(path)
        if scheme is not None:
            start, end = scheme.period
            found.append(
                {
                    "id": name,
                    "province": scheme.province,
                    "title": scheme.title,
                    "start": start,
                    "end": end,
                    "indicators": [one.id for one in scheme.indicators],
                }
            )
    return {"schemes": found}


@router.get("/schemes/{scheme}/measure", auth=needs(READ), response=answers(ReportShown))
def measure(
    request: HttpRequest, scheme: Code, as_of: Day | None = None, by: By | None = None, known: Known | None = None
) -> dict[str, Any]:
    """Where every target of a scheme stands on a day; ``known``: by what was known at that moment.

    A mandate over a part of the province gets the figures of its units, and a finding ``part_only`` that names them.
    """
    asked = caller(request)
    day, moment = as_of or asked.day, asked.require_past(known)
    loaded = _scheme(scheme)
    # Who may not read people's fields gets the form that may travel: no cells of fewer than five people.
    readers = [one for one in _over_all_tiers(asked, Permission.PEOPLE_READ) if _is_internal(one)]
    if asked.is_unlimited(READ):
        with DAYS.measurer(loaded, day, known=moment) as measurer:
            report = measure_all(measurer, as_of=day, by=by)
        named = any(one.is_unlimited for one in readers)
        return (report if named else without_names(report)).as_json()
    units = _units_measured(asked)
    with DAYS.measurer(loaded, day, known=moment) as measurer:
        part = measure_inside(
            measurer, units, as_of=day, by=by, show_small=units <= _units(asked, readers, Permission.PEOPLE_READ)
        )
    return part.as_json()


@router.get(
    "/schemes/{scheme}/who/{indicator}", auth=needs(READ, Permission.PEOPLE_READ), response=answers(ListShown)
)  # fmt: skip
def who(
    request: HttpRequest,
    scheme: Code,
    indicator: Code,
    as_of: Day | None = None,
    list_name: ListName = "lacking",
    known: Known | None = None,
) -> dict[str, Any]:
    """Who is counted, lacking or unknown, each with the reason: only people in the account's mandates."""
    asked = caller(request)
    day, moment = as_of or asked.day, asked.require_past(known)
    loaded = _scheme(scheme)
    wanted = loaded.indicator(indicator)
    if wanted is None:
        raise not_found(pick("chỉ tiêu", "indicator"), indicator)
    with DAYS.measurer(loaded, day, known=moment) as measurer:
        found = listing(measurer, wanted, as_of=day, list_name=list_name)
    people = set()
    if asked.reads(Permission.PEOPLE_READ, "internal"):
        inside = scoping.people(asked.scope, Permission.PEOPLE_READ, day=asked.day)
        people = set(inside.values_list("code", flat=True) if moment is None else knowing.standing_for(inside).values())
    units = set(scoping.units(asked.scope, READ, day=asked.day).values_list("code", flat=True))
    rows = [_row(row) for row in found.rows if _is_inside(row, people, units)]
    codes = sorted({str(row["person_id"]) for row in rows if row.get("person_id")})
    note(
        by=asked.by, at=asked.at, action="read-list", subject=f"indicator:{wanted.id}",
        detail={"list_name": list_name, "as_of": day.isoformat(), "people": codes},
    )  # fmt: skip
    return {"scheme": loaded.id, "indicator": wanted.id, "as_of": day, "list_name": list_name, "rows": rows}


def _scheme(name: str) -> Scheme:
    """A scheme of the library; never a path of the server."""
    path = library_paths().get(name)
    if path is None:
        raise not_found(pick("đề án", "scheme"), name)
    return _read(path)


@lru_cache(maxsize=32)
def _read(path: Path) -> Scheme:
    """The library comes with the program and stays as it is while that runs."""
    return measurable_scheme(path)


def _over_all_tiers(asked: Caller, permission: Permission) -> list[Grant]:
    return [one for one in asked.scope.granting(permission) if one.tiers is None]


def _is_internal(grant: Grant) -> bool:
    return depth(grant.field_class) >= depth("internal")


def _units(asked: Caller, grants: Iterable[Grant], permission: Permission) -> set[str]:
    """The codes of the units that grants reach today."""
    scope = Scope(asked.by, "", tuple(grants))
    return set(scoping.units(scope, permission, day=asked.day).values_list("code", flat=True))


def _units_measured(asked: Caller) -> set[str]:
    """The units whose figures count nobody whom the account may not see.

    :raises Denied: it has only mandates over some tiers.
    """
    grants = _over_all_tiers(asked, READ)
    if not grants:
        raise forbidden(
            pick(
                "Nhiệm vụ của tài khoản chỉ ở một số diện quản lý; số liệu sẽ tính cả người mà tài khoản không được "
                "xem nên không cấp. Nhờ tài khoản có nhiệm vụ ở mọi diện quản lý của đơn vị hoặc của toàn tỉnh.",
                "The account's mandate covers some management tiers only; figures would count people whom it may not "
                "see, so none are given. Ask an account with a mandate over every tier of the unit or the province.",
            )
        )
    return _units(asked, grants, READ)


def _is_inside(row: ListedRow, people: set[str], units: set[str]) -> bool:
    if "person_id" in row.key:
        return row.key["person_id"] in people
    return row.unit_id in units and row.name is None


def _row(row: ListedRow) -> dict[str, Any]:
    return {**row.key, "full_name": row.name, "unit_id": row.unit_id, "why": row.why.as_json()}
