"""A unit's page: each tab with its own address and its own queries."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from canbo.accounts.permissions import Permission
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.register.models import Unit
from canbo.web.engine import address
from canbo.web.frame import show
from canbo.web.organisations import levels, lives, sections, standing
from canbo.web.organisations.asked import READ, Asked, read, readable, reads_names, unit_of, whole_units, writable
from canbo.web.overview.choices import chosen_of, schemes
from canbo.web.visitors import page


@page(READ)
def unit(request: HttpRequest, code: str) -> HttpResponse:
    """A unit on a day."""
    asked = read(request)
    found = unit_of(readable(asked.who), code)
    face = lives.face(asked, found)
    tabs = _tabs(asked, face)
    wanted = request.GET.get("tab", "")
    tab = wanted if any(wanted == key for key, _ in tabs) else ""
    here = reverse("unit", args=[code])
    entries = [(words, address(here, tab=key, day=asked.kept["day"]), key == tab, None) for key, words in tabs]
    return show(
        request, f"organisations/unit_{tab or 'overview'}.html", here="organisations", asked=asked, face=face, tab=tab,
        tabs=entries, crumbs=_crumbs(asked, face), reads_names=reads_names(asked.who),
        can_write=writable(asked.who).filter(pk=found.pk).exists(), **_content(request, asked, found, tab),
    )  # fmt: skip


def _tabs(asked: Asked, face: lives.Face) -> list[tuple[str, str]]:
    """The tabs that the visitor may open."""
    scope = asked.who.scope
    tabs = [("", pick("Tổng quan", "Overview"))]
    if reads_names(asked.who):
        tabs += [
            ("posts", pick("Chức vụ và biên chế", "Posts and quota")),
            ("bodies", pick("Tập thể lãnh đạo", "Bodies")),
        ]
    if scope.allows(Permission.INDICATORS_READ):
        tabs.append(("targets", pick("Chỉ tiêu", "Targets")))
    if reads_names(asked.who):
        tabs.append(("records", pick("Dữ liệu", "Records")))
    if face.is_locality:
        tabs.append(("inhabitants", pick("Dân cư", "Inhabitants")))
    return [*tabs, ("documents", pick("Văn bản", "Documents"))]


def _crumbs(asked: Asked, face: lives.Face) -> list[tuple[str, str]]:
    here = reverse("organisations")
    above = [(one.name, address(reverse("unit", args=[one.code]), day=asked.kept["day"])) for one in face.above]
    return [
        (pick("Tổ chức", "Organisations"), address(here, open=face.code, day=asked.kept["day"])),
        *above,
        (face.name, ""),
    ]


def _content(request: HttpRequest, asked: Asked, found: Unit, tab: str) -> dict[str, Any]:
    match tab:
        case "posts":
            return {"posts": sections.posts(asked, found)}
        case "bodies":
            number = request.GET.get("term", "")
            bodies, terms, term = sections.bodies(asked, found, int(number) if number.isdecimal() else None)
            return {"bodies": bodies, "terms": terms, "term": term}
        case "targets":
            return _targets(request, asked, found)
        case "records":
            whole = whole_units(asked.who, Permission.PEOPLE_WRITE).filter(pk=found.pk).exists()
            return {"records": standing.records(asked, found), "can_confirm": whole}
        case "inhabitants":
            return {"inhabitants": sections.inhabitants(asked, found)}
        case "documents":
            return {"documents": sections.documents_of(asked, found)}
    rows = levels.under(asked, found.pk)
    before, after = lives.links(asked, found)
    return {
        "numbers": levels.numbers(asked, [found.pk])[found.pk],
        "leadership": lives.leaders(asked, found) if reads_names(asked.who) else None,
        "groups": levels.grouped(rows),
        "groups_of": levels.grouped,
        "periods": lives.periods(asked, found),
        "before": before,
        "after": after,
    }


def _targets(request: HttpRequest, asked: Asked, found: Unit) -> dict[str, Any]:
    chosen = chosen_of(request, asked.day)
    why = ""
    figures: tuple[standing.Figure, ...] = ()
    if not standing.measured_here(asked.who, found):
        why = pick(
            "Nhiệm vụ của tài khoản chỉ ở một số diện quản lý hoặc không gồm cả đơn vị này, nên không có số liệu.",
            "The account's mandate covers some management tiers only, or not all of this unit: no figures.",
        )
    else:
        try:
            figures = standing.figures(asked, found, chosen.scheme)
        except Refused as refused:
            why = refused.message
    return {
        "figures": figures,
        "why": why,
        "scheme": chosen.scheme.id,
        "schemes": [(name, one.title) for name, one in schemes(chosen.day).items()],
        "own": standing.own_targets(asked, found),
    }
