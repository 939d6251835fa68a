"""The own file: read whole by the person, who may say what is wrong in it."""

from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from canbo.accounts.callers import Caller
from canbo.accounts.permissions import Permission
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.register import corrections, reading, scoping
from canbo.register.models import CorrectionRequest, Person
from canbo.web.frame import show
from canbo.web.people.fact_kinds import kind_of
from canbo.web.people.facts import Fact, Subject, identity_changes, subjects_of
from canbo.web.people.files import OpenFile, heading
from canbo.web.people.identity import groups_of
from canbo.web.people.requests import as_shown, facts_by_place
from canbo.web.people.timelines import timeline
from canbo.web.visitors import page, visitor


@page(Permission.OWN_FILE)
def own_file(request: HttpRequest) -> HttpResponse:
    """The file of the visitor's own person; POST: one request to correct it."""
    seen = visitor(request)
    person = scoping.people(seen.scope, Permission.OWN_FILE, day=seen.day).first()
    if person is None:
        return show(request, "people/own_missing.html", here="own_file", status=404)
    opened = reading.open_file(scope=seen.scope, code=person.code, at=seen.at)
    file = OpenFile(person, opened.field_class, opened.fields, person.revision)
    subjects = subjects_of(person.pk, opened.field_class, day=seen.day, known=None, with_later=True)
    fault, about, text = "", request.GET.get("about", ""), ""
    if request.method == "POST":
        about, text = request.POST.get("about", ""), request.POST.get("text", "")
        try:
            _ask(seen, person, about, text)
        except Refused as error:
            fault = error.message
        else:
            messages.success(request, pick("Đã gửi đề nghị sửa đến cán bộ tổ chức.", "Your request was sent."))
            return HttpResponseRedirect(reverse("own_file") + "#de-nghi", status=303)
    asked = CorrectionRequest.objects.filter(person=person).select_related("person").order_by("-asked_at", "-pk")
    return show(
        request, "people/own_file.html", here="own_file", status=422 if fault else 200, code=person.code, file=file,
        heading=heading(file, subjects, seen.day), groups=groups_of(file.fields), subjects=subjects,
        identity_changes=identity_changes(person.pk, opened.field_class, known=None),
        line=timeline(subjects, seen.day), requests=as_shown(asked[:50], facts_by_place(subjects)), about=about,
        choices=_choices(subjects), text=text, fault=fault, photo=bool(file.fields.get("photo")),
    )  # fmt: skip


def _ask(seen: Caller, person: Person, about: str, text: str) -> None:
    """Send a request about a fact of the own file, or about the identity.

    :raises Refused: it is about no fact of the own file, or cannot be kept.
    """
    name, _, number = about.rpartition("-")
    kind, row = kind_of(name), None
    if about:
        row = _own_row(person, kind.model, number) if kind else None
        if row is None:
            raise Refused(pick("Hãy chọn một thông tin trong hồ sơ.", "Choose a fact of the file."))
    corrections.ask(person=person, fact=row, kind=name if row else "", text=text, by=seen.by, at=seen.at)


def _own_row(person: Person, model: type[models.Model], number: str) -> models.Model | None:
    if not (number.isascii() and number.isdigit() and len(number) < 18):
        return None
    found: models.Model | None = model._default_manager.filter(person=person, pk=int(number)).first()
    return found


def _choices(subjects: list[Subject]) -> list[tuple[str, str]]:
    facts: list[Fact] = [one for s in subjects for one in (*s.coming, *s.now, *s.before)]
    return [(one.anchor, f"{one.title} ({one.days})"[:120]) for one in facts]
