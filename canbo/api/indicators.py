"""Indicators of the schemes in the library, and the people behind a figure.

Figures are held against the province's targets, so they need a mandate over the whole province: a part of it would be
told a verdict that is not its own. A list of names holds only people and units in the account's own mandates.
"""

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from canbo.accounts.permissions import Permission
from canbo.api.access import caller, needs
from canbo.api.faults import answers, not_found
from canbo.api.fields import Code, Day
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
from canbo.register import scoping
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


@router.get("/schemes/{scheme}/measure", auth=needs(READ, whole=True), response=answers(ReportShown))
def measure(request: HttpRequest, scheme: Code, as_of: Day | None = None, by: By | None = None) -> dict[str, Any]:
    """Where every target of a scheme stands on a day. Needs a mandate over the whole province."""
    asked = caller(request)
    day = as_of or asked.day
    with DAYS.measurer(_scheme(scheme), day) as measurer:
        report = measure_all(measurer, as_of=day, by=by)
    # Who may not read people's fields gets the form that may travel: no cells of fewer than five people.
    named = asked.reads(Permission.PEOPLE_READ, "internal") and asked.is_unlimited(Permission.PEOPLE_READ)
    return (report if named else without_names(report)).as_json()


@router.get(
    "/schemes/{scheme}/who/{indicator}", auth=needs(READ, Permission.PEOPLE_READ), response=answers(ListShown)
)  # fmt: skip
def who(
    request: HttpRequest, scheme: Code, indicator: Code, as_of: Day | None = None, list_name: ListName = "lacking"
) -> dict[str, Any]:
    """Who is counted, lacking or unknown, each with the reason: only people in the account's mandates."""
    asked = caller(request)
    day = as_of or asked.day
    loaded = _scheme(scheme)
    wanted = loaded.indicator(indicator)
    if wanted is None:
        raise not_found(pick("chỉ tiêu", "indicator"), indicator)
    with DAYS.measurer(loaded, day) as measurer:
        found = listing(measurer, wanted, as_of=day, list_name=list_name)
    people = set(
        scoping.people(asked.scope, Permission.PEOPLE_READ, day=asked.day).values_list("code", flat=True)
        if asked.reads(Permission.PEOPLE_READ, "internal")
        else ()
    )
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


def _is_inside(row: ListedRow, people: set[str], units: set[str]) -> bool:
    if "person_id" in row.key:
        return row.key["person_id"] in people
    return row.unit_id in units and row.name is None


def _row(row: ListedRow) -> dict[str, Any]:
    return {**row.key, "full_name": row.name, "unit_id": row.unit_id, "why": row.why.as_json()}
