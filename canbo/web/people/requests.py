"""Requests of persons to correct their files: shown to the officers who may write them, and answered."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from canbo.accounts.callers import Caller
from canbo.accounts.permissions import Permission
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.register import corrections, scoping
from canbo.register.models import CorrectionRequest, Person
from canbo.register.reading import NotFound
from canbo.register.refusals import what_is
from canbo.web.frame import refuse, show
from canbo.web.people.fact_kinds import kind_of
from canbo.web.people.facts import Fact, Subject
from canbo.web.visitors import page, visitor

WRITE = Permission.PEOPLE_WRITE
_MOST_LISTED = 200


@dataclass(frozen=True)
class Asked:
    """A request as it is shown; ``about`` is the fact in words, empty where it is about the identity."""

    number: int
    code: str
    name: str
    about: str
    text: str
    asked_at: datetime
    state: str
    answer: str
    answered_by: str
    answered_at: datetime | None

    @property
    def state_words(self) -> str:
        """In the language in force."""
        return {
            "open": pick("chờ trả lời", "open"),
            "accepted": pick("đã chấp nhận", "accepted"),
            "declined": pick("không chấp nhận", "declined"),
        }[self.state]


@page(Permission.PEOPLE_READ, WRITE)
def listed(request: HttpRequest) -> HttpResponse:
    """The open requests of the people whom the visitor may write about, the oldest first."""
    seen = visitor(request)
    rows = list(_answerable(seen).filter(state="open").order_by("asked_at", "pk")[: _MOST_LISTED + 1])
    return show(
        request, "people/file_requests.html", here="people", requests=as_shown(rows[:_MOST_LISTED]),
        more=len(rows) > _MOST_LISTED,
    )  # fmt: skip


@require_POST
@page(Permission.PEOPLE_READ, WRITE)
def answered(request: HttpRequest, number: int) -> HttpResponse:
    """The officer's answer to one request."""
    seen = visitor(request)
    found = _answerable(seen).filter(pk=number).first()
    if found is None:
        raise NotFound(pick("Không tìm thấy đề nghị này.", "There is no such request."))
    accepted = request.POST.get("accepted") == "1"
    try:
        corrections.answer(found, accepted=accepted, text=request.POST.get("text", ""), by=seen.by, at=seen.at)
    except Refused as error:
        return refuse(request, error.message)
    messages.success(request, pick("Đã trả lời đề nghị.", "The request was answered."))
    return HttpResponseRedirect(reverse("person", args=[found.person.code]), status=303)


def open_about(seen: Caller, person: Person, subjects: Iterable[Subject]) -> list[Asked]:
    """The open requests of a person, for who may write the file."""
    rows = _answerable(seen).filter(person=person, state="open").order_by("asked_at", "pk")
    return as_shown(rows, facts_by_place(subjects))


def facts_by_place(subjects: Iterable[Subject]) -> dict[tuple[str, int], Fact]:
    """The facts of a file by kind and number."""
    return {(one.kind, one.number): one for s in subjects for one in (*s.coming, *s.now, *s.before)}


def as_shown(rows: Iterable[CorrectionRequest], facts: Mapping[tuple[str, int], Fact] | None = None) -> list[Asked]:
    """Requests with the fact in words: its title where it is at hand, else what it is."""
    return [
        Asked(
            row.pk, row.person.code, row.person.full_name, _about(row, facts or {}), row.text, row.asked_at, row.state,
            row.answer, row.answered_by, row.answered_at,
        )
        for row in rows
    ]  # fmt: skip


def _answerable(seen: Caller) -> QuerySet[CorrectionRequest]:
    """The requests that the visitor may read and answer: of people whom it may write about, sensitive fields read."""
    if not seen.reads(WRITE, "sensitive"):
        return CorrectionRequest.objects.none()
    people = scoping.people(seen.scope, WRITE, day=seen.day)
    return CorrectionRequest.objects.filter(person__in=people).select_related("person")


def _about(row: CorrectionRequest, facts: Mapping[tuple[str, int], Fact]) -> str:
    fact = facts.get((row.kind, row.fact or 0))
    if fact is not None:
        return f"{fact.title} ({fact.days})"
    kind = kind_of(row.kind)
    return what_is(kind.model) if kind else pick("nhân thân hoặc thông tin còn thiếu", "identity, or what is missing")
