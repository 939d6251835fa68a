"""The library of schemes, and one scheme with all that it says. Editing lives beside."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from canbo.accounts.permissions import Permission
from canbo.common.language import pick
from canbo.register import schemes as kept_schemes
from canbo.register.reading import NotFound
from canbo.web.engine import address
from canbo.web.frame import show
from canbo.web.schemes import shown
from canbo.web.schemes.days import asked_day
from canbo.web.schemes.figures import Shown
from canbo.web.schemes.figures import shown as figures_of
from canbo.web.visitors import page, visitor

READ = Permission.INDICATORS_READ
WRITE = (Permission.ORGANISATIONS_WRITE, READ)
"""Schemes are the whole province's: who edits one needs both over all of it."""
TABS = ("targets", "groups", "source")


def may_edit(request: HttpRequest) -> bool:
    """Whether the visitor may change schemes."""
    return all(visitor(request).is_unlimited(one) for one in WRITE)


@page(READ)
def schemes(request: HttpRequest) -> HttpResponse:
    """The library: what is in use, what is being drafted, what comes with the program."""
    day = visitor(request).day
    rows = [shown.scheme_row(one, day) for one in kept_schemes.active_schemes(day)]
    editing = may_edit(request)
    return show(
        request,
        "schemes/library.html",
        here="schemes",
        used=[one for one in rows if one.edited],
        drafts=[shown.scheme_row(one, day) for one in kept_schemes.drafts(day)] if editing else [],
        library=[one for one in rows if not one.edited],
        may_edit=editing,
    )


@page(READ)
def scheme(request: HttpRequest, scheme: str) -> HttpResponse:
    """One scheme on a day: where it stands, all its objectives, its groups, its documents and contradictions."""
    asked = asked_day(request)
    kept = kept_schemes.find_kept(scheme, asked.day)
    require_visible(request, kept)
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS else TABS[0]
    figures = figures_of(visitor(request), kept.scheme, asked.day) if tab == "targets" else Shown(None)
    findings = shown.findings_of(kept.name, asked.day)
    return show(
        request,
        "schemes/scheme.html",
        here="schemes",
        kept=kept,
        scheme=kept.scheme,
        row=shown.scheme_row(kept, asked.day),
        asked=asked,
        tab=tab,
        tabs=_tabs(kept.name, asked.written, tab, len(kept.scheme.populations), len(findings)),
        figures=figures,
        objectives=shown.objectives_of(kept.scheme, figures) if tab == "targets" else [],
        populations=shown.populations_of(kept.scheme) if tab == "groups" else [],
        documents=shown.documents_of(kept.scheme),
        findings=findings,
        may_edit=may_edit(request),
    )


@page(READ)
def download(request: HttpRequest, scheme: str) -> HttpResponse:
    """The scheme's file, as it is measured on the day."""
    day = asked_day(request).day
    kept = kept_schemes.find_kept(scheme, day)
    require_visible(request, kept)
    return yaml_file(kept_schemes.text_of(scheme, day), kept.name)


def require_visible(request: HttpRequest, kept: kept_schemes.Kept) -> None:
    """A scheme in use neither on the day nor today is seen by those who edit.

    :raises NotFound: the visitor does not.
    """
    if not kept.edited or kept.active_from is not None or may_edit(request):
        return
    if kept_schemes.find_kept(kept.name, visitor(request).day).active_from is None:
        raise NotFound(pick("Không có đề án này.", "There is no such scheme."))


def yaml_file(text: str, name: str) -> HttpResponse:
    """A text as a file to keep."""
    response = HttpResponse(text, content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.yaml"'
    return response


def _tabs(name: str, day: str, tab: str, groups: int, findings: int) -> list[tuple[str, str, bool, int | None]]:
    path = reverse("scheme", args=[name])
    words = {
        "targets": (pick("Mục tiêu và chỉ tiêu", "Objectives and targets"), None),
        "groups": (pick("Nhóm đối tượng", "Populations"), groups),
        "source": (pick("Nguồn và kiểm tra", "Source and checks"), findings),
    }
    return [
        (label, address(path, day=day, tab="" if key == TABS[0] else key), key == tab, number)
        for key, (label, number) in words.items()
    ]
