"""Reorganisation by a guided path: what, which units, how, a preview, then all of it or nothing; and its undoing."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from canbo.accounts.callers import Caller
from canbo.accounts.permissions import Permission
from canbo.common.findings import Finding, Refused
from canbo.common.language import pick
from canbo.common.numbers import print_count
from canbo.register import leadership
from canbo.register.models import Reorganisation, Unit, UnitVersion
from canbo.register.reading import NotFound
from canbo.register.refusals import what_is
from canbo.register.reorganisations.applying import DayOutcome, Preview, apply, preview
from canbo.register.reorganisations.plans import Plan
from canbo.register.reorganisations.undoing import undo
from canbo.web.engine import address
from canbo.web.frame import show
from canbo.web.organisations import drafts, forms, levels
from canbo.web.organisations.asked import WRITE, read, unit_of
from canbo.web.organisations.forms import Given
from canbo.web.organisations.lives import decisions
from canbo.web.visitors import page, visitor

_PAGE = 30
_NEEDS = (WRITE, Permission.PEOPLE_READ)


@page(*_NEEDS, whole=True)
def reorganise(request: HttpRequest) -> HttpResponse:
    """The path. What was chosen stands in the address until the form; the form is carried on by what it posts."""
    who = visitor(request)
    chosen = request.POST if request.method == "POST" else request.GET
    kind = drafts.kind_named(chosen.get("kind", ""))
    units = [unit_of(Unit.objects.all(), code) for code in dict.fromkeys(chosen.getlist("unit"))]
    if kind is None:
        return _show(request, 1, None, units, who, kinds=drafts.kinds())
    enough = kind.least <= len(units) <= kind.most
    if request.method == "POST" and enough:
        return _posted(request, kind, units, who)
    if request.GET.get("step") == "details" and enough:
        return _details(
            request, kind, units, Given(who, drafts.suggested(kind, units, drafts.names_of(units, who.day)))
        )
    return _choose(request, kind, units, who, enough)


@page(*_NEEDS, whole=True)
def reorganisations(request: HttpRequest) -> HttpResponse:
    """Those carried out, the latest first."""
    before = request.GET.get("before", "")
    rows = Reorganisation.objects.order_by("-pk").exclude(kind="undo")
    found = list((rows.filter(pk__lt=int(before)) if before.isdecimal() else rows)[: _PAGE + 1])
    more = address(reverse("reorganisations"), before=found[_PAGE - 1].pk) if len(found) > _PAGE else ""
    shown = [
        (one.pk, one.title, _kind_words(one.kind), one.on_day, one.undone_by_id is not None) for one in found[:_PAGE]
    ]
    return show(request, "organisations/reorganisations.html", here="organisations", rows=shown, more=more)


@page(*_NEEDS, whole=True)
def reorganisation(request: HttpRequest, number: int) -> HttpResponse:
    """One that was carried out: what it did, and the button that undoes it."""
    who = visitor(request)
    row = _row(number)
    operations = [
        (
            _kind_words(one["kind"]),
            [_named(code, new=one["new"]) for code in one["units"]],
            [
                _named(code, new=one["new"])
                for code in dict.fromkeys([*one["into"], *([one["rest"]] if one["rest"] else [])])
            ],
        )
        for one in row.plan.get("operations", [])
    ]
    undone = row.undone_by_id is not None
    cited = decisions(who, [row.document_id]).get(row.document_id or 0, "")
    return show(
        request, "organisations/reorganisation.html", here="organisations", number=row.pk, title=row.title,
        on=row.on_day, kind=_kind_words(row.kind), cited=cited, operations=operations,
        faults=[] if undone else _two_heads(row),
        undone=undone, is_undo=row.kind == "undo",
    )  # fmt: skip


@require_POST
@page(*_NEEDS, whole=True)
def reorganisation_undo(request: HttpRequest, number: int) -> HttpResponse:
    """Put back what it changed, by a correcting operation."""
    who = visitor(request)
    row = _row(number)
    undo(row, by=who.by, at=who.at)
    messages.success(request, pick(f"Đã hoàn tác “{row.title}”.", f"“{row.title}” is undone."), extra_tags="met")
    return HttpResponseRedirect(reverse("reorganisation", args=[row.pk]), status=303)


def _posted(request: HttpRequest, kind: drafts.KindShown, units: list[Unit], who: Caller) -> HttpResponse:
    given = forms.given_in(request, who)
    if given.text("step") == "details":
        return _details(request, kind, units, given)
    plan = drafts.plan_in(given, kind.key, units)
    if plan is None:
        return _details(request, kind, units, given, status=422)
    try:
        shown = preview(plan, by=who.by, at=who.at)
        if given.text("step") == "apply" and given.text("digest") == drafts.digest(shown):
            return _applied(request, plan, who)
    except Refused as refused:
        given.fault("", refused.message)
        return _details(request, kind, units, given, status=422)
    return _preview(request, kind, units, given, shown)


def _applied(request: HttpRequest, plan: Plan, who: Caller) -> HttpResponse:
    row, done = apply(plan, by=who.by, at=who.at)
    people = sum(day.people for day in done.days)
    told = pick(
        f"Đã thực hiện “{row.title}”: {print_count(people)} người chuyển theo đơn vị.",
        f"“{row.title}” is carried out: {print_count(people)} people moved with their units.",
    )
    messages.success(request, told, extra_tags="met")
    if done.findings:
        number = print_count(len(done.findings))
        open_questions = pick(
            f"Còn {number} việc phải quyết định ở đơn vị mới.", f"{number} questions are open in the new unit."
        )
        messages.warning(request, open_questions, extra_tags="short")
    return HttpResponseRedirect(reverse("reorganisation", args=[row.pk]), status=303)


def _choose(request: HttpRequest, kind: drafts.KindShown, units: list[Unit], who: Caller, enough: bool) -> HttpResponse:
    """Units by search, and the neighbours of the first that was chosen."""
    asked, text = read(request), request.GET.get("q", "").strip()
    here, codes = reverse("reorganise"), [one.code for one in units]
    found = (
        [levels.Named(row.code, row.name) for row in levels.find(asked, text)[0] if row.ended is None] if text else []
    )
    near: list[levels.Named] = []
    if units and not text and len(units) < kind.most:
        own = UnitVersion.objects.as_of(who.day).filter(unit=units[0]).first()
        rows = (
            UnitVersion.objects.as_of(who.day).filter(parent=own.parent_id, level=own.level, kind=own.kind)
            if own
            else UnitVersion.objects.none()
        )
        near = [levels.Named(code, name) for code, name in rows.values_list("unit__code", "name")]
    offered = sorted(
        (one for one in found or near if one.code not in codes), key=lambda one: levels.order_of(one.name)
    )[:60]

    def link(*some: str, **more: Any) -> str:
        return address(here, kind=kind.key, unit=list(some), **more)

    kept = codes if kind.most > 1 else []
    return _show(
        request, 2, kind, units, who, q=text, searched=bool(text),
        add=[(one.name, link(*kept, one.code)) for one in offered],
        drop={code: link(*(one for one in codes if one != code)) for code in codes}, enough=enough,
        onward=link(*codes, step="details"),
    )  # fmt: skip


def _details(
    request: HttpRequest, kind: drafts.KindShown, units: list[Unit], given: Given, *, status: int = 200
) -> HttpResponse:
    names = drafts.names_of(units, given.who.day)
    going = drafts.people_of(given.who, units[0], given.who.day) if kind.key == "split" else ()
    return _show(
        request, 3, kind, units, given.who, given=given,
        groups=drafts.fields(kind.key, units, names, reverse("unit_names")),
        document=forms.document_fields(required=True), going=going, targets=drafts.targets(units, names), status=status,
    )  # fmt: skip


def _preview(
    request: HttpRequest, kind: drafts.KindShown, units: list[Unit], given: Given, shown: Preview
) -> HttpResponse:
    kept = [(name, value) for name, value in given.values.items() if name not in ("step", "unit", "kind", "digest")]
    return _show(
        request, 4, kind, units, given.who, shown=shown, days=[(one, _counts(one)) for one in shown.days], kept=kept,
        digest=drafts.digest(shown), changed=given.text("step") == "apply", button=_button(shown),
    )  # fmt: skip


def _counts(day: DayOutcome) -> list[tuple[str, int, int, int]]:
    """What goes along, in words: kind of fact, going on, moved whole, ended."""
    rows = [(what_is(f"register_{kind}"), one.cut, one.moved, one.ended) for kind, one in day.counts.items()]
    return [(words[:1].upper() + words[1:], *some) for words, *some in rows if any(some)]  # type: ignore[misc]


def _button(shown: Preview) -> str:
    founded, dissolved, altered = (
        sum(len(getattr(day, name)) for day in shown.days) for name in ("founded", "dissolved", "altered")
    )
    people = sum(day.people for day in shown.days)
    parts = [
        pick(f"lập {founded} đơn vị", f"found {founded}") if founded else "",
        pick(f"kết thúc {dissolved} đơn vị", f"end {dissolved}") if dissolved else "",
        pick(f"thay đổi {altered} đơn vị", f"change {altered}") if altered else "",
        pick(f"chuyển {print_count(people)} người", f"move {print_count(people)} people") if people else "",
    ]
    return pick("Thực hiện: ", "Carry out: ") + ", ".join(part for part in parts if part)


def _show(
    request: HttpRequest,
    at: int,
    kind: drafts.KindShown | None,
    units: list[Unit],
    who: Caller,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    here, codes = reverse("reorganise"), [one.code for one in units]
    names = drafts.names_of(units, who.day)
    steps = [
        (pick("Việc", "What"), address(here, unit=codes)),
        (pick("Đơn vị", "Units"), address(here, kind=kind.key, unit=codes) if kind else ""),
        (pick("Phương án", "Plan"), ""),
        (pick("Xem trước và thực hiện", "Preview and carry out"), ""),
    ]
    return show(
        request, f"organisations/reorganise_{at}.html", here="organisations", at=at, kind=kind, steps=steps,
        status=status,
        units=[levels.Named(one.code, names[one.code]) for one in units], **more,
    )  # fmt: skip


def _row(number: int) -> Reorganisation:
    found = Reorganisation.objects.filter(pk=number).first()
    if found is None:
        raise NotFound(pick("Không tìm thấy việc sắp xếp này.", "There is no such reorganisation."))
    return found


def _two_heads(row: Reorganisation) -> list[Finding]:
    """Where the successors have two heads from the day on."""
    units = row.links.values_list("successor", flat=True)
    return [one for one in leadership.faults(row.on_day, list(units)) if one.code == "head_two"]


def _named(code: str, *, new: list[dict[str, Any]]) -> tuple[str, str, bool]:
    """Code, the name it had or was given, and whether it is in the register."""
    last = UnitVersion.objects.filter(unit__code=code).order_by("-valid_from").first()
    given = next((one["values"].get("name", code) for one in new if one["code"] == code), code)
    return code, last.name if last else given, last is not None


def _kind_words(key: str) -> str:
    found = drafts.kind_named(key)
    return found.words if found else pick("Hoàn tác", "Undoing") if key == "undo" else pick("Nhiều việc", "Several")
