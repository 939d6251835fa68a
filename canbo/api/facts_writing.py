"""Facts of a person begun, ended, put right and taken back: posts with their decisions, qualifications."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from ninja import Status

from canbo.accounts.callers import Caller
from canbo.api.access import caller, needs
from canbo.api.faults import answers, not_found
from canbo.api.fields import Code, Day, Given, Number, Text
from canbo.api.people import find_person, router
from canbo.api.people_writing import (
    WRITE,
    IfMatch,
    PostGiven,
    Written,
    find_document,
    find_unit,
    noticing,
    post_fields,
    written,
)
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.register import posts, qualifications, scoping
from canbo.register.models import Person, PostHeld, Qualification

__all__ = ["router"]  # one router: an address has all its methods there


class PostCorrected(Given):
    """What to put right; what is left out stays, a null ``last_day`` means that it goes on."""

    unit: Code | None = None
    start: Day | None = None
    last_day: Day | None = None
    document: Number | None = None
    post: Text | None = None
    post_kind: Code | None = None
    appointed_on: Day | None = None
    term_ends_on: Day | None = None
    is_main: bool | None = None
    is_acting: bool | None = None
    is_head: bool | None = None
    is_key_leader: bool | None = None


class PostEnded(Given):
    """The last day in a post."""

    last_day: Day
    reason: Text = ""
    document: Number | None = None


class QualificationGiven(Given):
    """A qualification awarded."""

    kind: Code
    level: Code
    awarded_on: Day
    field: Code | None = None
    institution: Text = ""
    document: Number | None = None


class QualificationRevoked(Given):
    """A qualification taken back by a decision; it counts until the day before ``on``."""

    on: Day
    document: Number


@router.post("/people/{code}/posts", auth=needs(WRITE), response=answers(Written, 201))
def begin_post(request: HttpRequest, code: Code, given: PostGiven, seen: IfMatch) -> Status[dict[str, Any]]:
    """Begin a post, also on a day to come."""
    asked = caller(request)
    person = find_person(asked, code, WRITE)
    unit, document = find_unit(asked, given.unit), find_document(asked, given.document)
    with noticing(person, seen) as revision:
        row = posts.begin(
            person=person, unit=unit, document=document, by=asked.by, at=asked.at, seen=revision, **post_fields(given)
        )
    return Status(201, written(person, row.pk))


@router.post("/people/{code}/posts/{number}/end", auth=needs(WRITE), response=answers(Written))
def end_post(request: HttpRequest, code: Code, number: Number, given: PostEnded, seen: IfMatch) -> dict[str, Any]:
    """End a post; the last day is still in it."""
    asked = caller(request)
    person = find_person(asked, code, WRITE)
    row = _find_post(asked, person, number)
    document = find_document(asked, given.document) if given.document else None
    with noticing(person, seen) as revision:
        posts.end(
            row, last_day=given.last_day, reason=given.reason, document=document, by=asked.by, at=asked.at,
            seen=revision,
        )  # fmt: skip
    return _written_anew(person, row.pk)


@router.patch("/people/{code}/posts/{number}", auth=needs(WRITE), response=answers(Written))
def correct_post(
    request: HttpRequest, code: Code, number: Number, given: PostCorrected, seen: IfMatch
) -> dict[str, Any]:
    """Put right a post that was entered wrong; what was believed stays in the history."""
    asked = caller(request)
    person = find_person(asked, code, WRITE)
    row = _find_post(asked, person, number)
    fields = _corrected(asked, given)
    with noticing(person, seen) as revision:
        posts.correct(row, by=asked.by, at=asked.at, seen=revision, **fields)
    return _written_anew(person, row.pk)


@router.post("/people/{code}/posts/{number}/withdraw", auth=needs(WRITE), response=answers(Written))
def withdraw_post(request: HttpRequest, code: Code, number: Number, seen: IfMatch) -> dict[str, Any]:
    """Take back a post that was never held; it stays in the history."""
    asked = caller(request)
    person = find_person(asked, code, WRITE)
    row = _find_post(asked, person, number)
    with noticing(person, seen) as revision:
        posts.withdraw(row, by=asked.by, at=asked.at, seen=revision)
    return _written_anew(person, number)


@router.post("/people/{code}/qualifications", auth=needs(WRITE), response=answers(Written, 201))
def award_qualification(
    request: HttpRequest, code: Code, given: QualificationGiven, seen: IfMatch
) -> Status[dict[str, Any]]:
    """Enter a qualification awarded."""
    asked = caller(request)
    person = find_person(asked, code, WRITE)
    document = find_document(asked, given.document) if given.document else None
    fields = given.model_dump(exclude={"document"})
    with noticing(person, seen) as revision:
        row = qualifications.award(person=person, document=document, by=asked.by, at=asked.at, seen=revision, **fields)
    return Status(201, written(person, row.pk))


@router.post("/people/{code}/qualifications/{number}/revoke", auth=needs(WRITE), response=answers(Written))
def revoke_qualification(
    request: HttpRequest, code: Code, number: Number, given: QualificationRevoked, seen: IfMatch
) -> dict[str, Any]:
    """Take a qualification back by a decision."""
    asked = caller(request)
    person = find_person(asked, code, WRITE)
    row = Qualification.objects.filter(pk=number, person=person).select_related("person").first()
    if row is None:
        raise not_found(pick("văn bằng số", "qualification"), number)
    document = find_document(asked, given.document)
    with noticing(person, seen) as revision:
        qualifications.revoke(row, on=given.on, document=document, by=asked.by, at=asked.at, seen=revision)
    return _written_anew(person, row.pk)


def _find_post(asked: Caller, person: Person, number: int) -> PostHeld:
    """A post of the person in a unit that the account may write in."""
    row: PostHeld | None = PostHeld.objects.filter(pk=number, person=person).select_related("person", "unit").first()
    if row is None or not scoping.units(asked.scope, WRITE, day=asked.day).filter(pk=row.unit_id).exists():
        raise not_found(pick("chức vụ số", "post"), number)
    return row


def _corrected(asked: Caller, given: PostCorrected) -> dict[str, Any]:
    """The fields as ``posts.correct`` takes them."""
    fields = given.model_dump(exclude_unset=True)
    can_be_empty = {"last_day", "post", "appointed_on", "term_ends_on"}
    if not fields or any(value is None for name, value in fields.items() if name not in can_be_empty):
        raise Refused(pick("Không có gì để sửa, hoặc mục bắt buộc để trống.", "Nothing to correct, or left empty."))
    if "unit" in fields:
        fields["unit"] = find_unit(asked, fields["unit"])
    if "document" in fields:
        fields["document"] = find_document(asked, fields["document"])
    if "start" in fields:
        fields["valid_from"] = fields.pop("start")
    if "last_day" in fields:
        last = fields.pop("last_day")
        fields["valid_to"] = last and last + timedelta(days=1)
    return fields


def _written_anew(person: Person, number: int) -> dict[str, Any]:
    """The answer where the service worked on a person of its own."""
    person.refresh_from_db(fields=["revision"])
    return written(person, number)
