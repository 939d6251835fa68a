"""The tree of units on a day, and the search in it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from canbo.codes import code_list
from canbo.common.language import pick
from canbo.common.numbers import print_count
from canbo.register.models import Unit
from canbo.web.engine import address
from canbo.web.frame import show
from canbo.web.organisations import levels
from canbo.web.organisations.asked import READ, WRITE, Asked, read, readable, unit_of
from canbo.web.visitors import page


@page(READ)
def organisations(request: HttpRequest) -> HttpResponse:
    """The tree with the levels open that the address asks for; a part of it alone for a level that is loaded."""
    asked = read(request)
    code, text = request.GET.get("open", ""), request.GET.get("q", "").strip()
    unit = unit_of(readable(asked.who), code) if code else None
    around: dict[str, Any] = {
        "asked": asked,
        "tabs": _tabs(asked),
        "q": text,
        "can_write": asked.who.scope.allows(WRITE),
        "groups_of": levels.grouped,
    }
    if unit is not None and request.headers.get("HX-Request") == "true":
        rows = levels.under(asked, unit.pk)
        return show(request, "organisations/level.html", groups=levels.grouped(rows), **around)
    if text:
        rows, number = levels.find(asked, text)
        return show(
            request, "organisations/tree.html", here="organisations", answer="", groups=[], found=rows, number=number,
            **around,
        )  # fmt: skip
    rows = levels.opened(asked, unit)
    return show(
        request, "organisations/tree.html", here="organisations", answer=_answer(asked, rows, unit),
        groups=levels.grouped(rows), found=(), number=0, **around,
    )  # fmt: skip


def _tabs(asked: Asked) -> list[tuple[str, str, bool, None]]:
    here, day = reverse("organisations"), asked.kept["day"]
    return [
        (pick("Cây hành chính", "Administrative tree"), address(here, day=day), asked.tree == "parent", None),
        (pick("Cây tổ chức Đảng", "Party tree"), address(here, day=day, tree="party"), asked.tree != "parent", None),
    ]


def _answer(asked: Asked, rows: tuple[levels.Row, ...], unit: Unit | None) -> str:
    """How many units there are, of which localities, and who works in them."""
    totals = levels.totals(asked)
    places = {level: number for level, kind, number in totals if kind == "locality"}
    parts = [
        pick(
            f"{print_count(places[level])} địa phương {label.label.lower()}",
            f"{print_count(places[level])} {label.label.lower()} localities",
        )
        for level, label in code_list("level").codes.items()
        if places.get(level, 0) > 1
    ]
    every = print_count(sum(number for _, _, number in totals))
    of = pick(", trong đó ", ", of which ") + ", ".join(parts) if parts else ""
    words = pick(f"{every} đơn vị{of}", f"{every} units{of}")
    if rows and asked.tree == "parent" and rows[0].people is not None:
        people = print_count(sum(row.people or 0 for row in rows))
        words += pick(f"; {people} người đang công tác", f"; {people} people in service")
    return f"{words}."
