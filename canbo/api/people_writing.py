"""People entered and put right, posts begun and ended, qualifications awarded: each with its decision and revision."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from django.db import transaction
from django.http import HttpRequest
from ninja import Header, Schema, Status

from canbo.accounts.permissions import Permission
from canbo.api.access import Caller, caller, needs
from canbo.api.documents import visible
from canbo.api.faults import Denied, answers, forbidden, not_found
from canbo.api.fields import Code, Day, Given, Number, Revision, Text, revision_of
from canbo.api.people import find_person, router
from canbo.audit.changes import change
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.register import people, posts, qualifications, scoping
from canbo.register.models import Document, Person, PostHeld, Unit

__all__ = ["router"]  # one router: an address has all its methods there
WRITE = Permission.PEOPLE_WRITE
IfMatch = Annotated[Revision, Header(alias="If-Match")]
"""The revision that the author looked at: ``GET /people/{code}`` gives it."""


class PostGiven(Given):
    """A post to begin; ``document`` is the number of its decision in ``/documents``."""

    unit: Code
    start: Day
    document: Number
    post_kind: Code
    post: Text | None = None
    last_day: Day | None = None
    term_ends_on: Day | None = None
    is_main: bool = True
    is_acting: bool = False
    is_head: bool = False
    is_key_leader: bool = False


class PersonGiven(Given):
    """A person to enter; a mandate over a part of the province enters a person with the first post in it."""

    code: Code
    full_name: Text
    birth_date: Day
    sex: Code
    birth_precision: Code = "day"
    ethnicity: Code | None = None
    national_id: Code | None = None
    post: PostGiven | None = None


class PersonCorrected(Given):
    """What to put right; what is left out stays."""

    full_name: Text | None = None
    birth_date: Day | None = None
    birth_precision: Code | None = None
    sex: Code | None = None
    ethnicity: Code | None = None
    national_id: Code | None = None
    birth_place: Text | None = None
    home_place: Text | None = None
    residence: Text | None = None
    address: Text | None = None
    phone: Text | None = None
    email: Text | None = None


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


class Written(Schema):
    """What was written: the number of the fact, where there is one, and the person's new revision."""

    person: str
    revision: int
    id: int | None = None


@router.post("/people", auth=needs(WRITE), response=answers(Written, 201))
def enter_person(request: HttpRequest, given: PersonGiven) -> Status[dict[str, Any]]:
    """Enter a person, with the first post where one is given."""
    asked = caller(request)
    first = given.post
    _require_identity(asked, given.national_id)
    unit, document = (_unit(asked, first.unit), _document(asked, first.document)) if first else (None, None)
    fields = given.model_dump(exclude={"post"}, exclude_none=True)
    with transaction.atomic(), change(
        by=asked.by, at=asked.at, action="person.enter", subject=f"person:{given.code}"
    ):  # fmt: skip
        person = people.enter(**fields, by=asked.by, at=asked.at)
        if first and unit:
            posts.begin(person=person, unit=unit, document=document, by=asked.by, at=asked.at, **_post(first))
        if not scoping.people(asked.scope, WRITE, day=asked.day).filter(pk=person.pk).exists():
            raise Refused(
                pick(
                    "Nhiệm vụ của tài khoản chỉ ở một phần của tỉnh: hãy nhập kèm chức vụ đang giữ hôm nay ở đơn vị và "
                    "diện quản lý của mình (mục “post”).",
                    "The account's mandate covers a part of the province: enter the person with a post held today in "
                    "it (“post”).",
                )
            )
    return Status(201, _written(person))


@router.patch("/people/{code}", auth=needs(WRITE), response=answers(Written))
def correct_person(request: HttpRequest, code: Code, given: PersonCorrected, seen: IfMatch) -> dict[str, Any]:
    """Put right who a person is; what was believed stays in the history."""
    asked = caller(request)
    person = find_person(asked, code, WRITE)
    fields = given.model_dump(exclude_unset=True)
    _require_identity(asked, *(value for name, value in fields.items() if name == "national_id"))
    required = {"full_name", "birth_date", "birth_precision", "sex"}
    kept_empty = {"ethnicity", "national_id"}
    checked = {
        name: "" if value is None and name not in required | kept_empty else value for name, value in fields.items()
    }
    if not checked or any(checked[name] is None for name in required & set(checked)):
        raise Refused(pick("Không có gì để sửa, hoặc mục bắt buộc để trống.", "Nothing to correct, or left empty."))
    with _noticing(person, seen) as revision:
        people.correct(person, by=asked.by, at=asked.at, seen=revision, **checked)
    return _written(person)


@router.post("/people/{code}/posts", auth=needs(WRITE), response=answers(Written, 201))
def begin_post(request: HttpRequest, code: Code, given: PostGiven, seen: IfMatch) -> Status[dict[str, Any]]:
    """Begin a post, also on a day to come."""
    asked = caller(request)
    person = find_person(asked, code, WRITE)
    unit, document = _unit(asked, given.unit), _document(asked, given.document)
    with _noticing(person, seen) as revision:
        row = posts.begin(
            person=person, unit=unit, document=document, by=asked.by, at=asked.at, seen=revision, **_post(given)
        )
    return Status(201, _written(person, row.pk))


@router.post("/people/{code}/posts/{number}/end", auth=needs(WRITE), response=answers(Written))
def end_post(request: HttpRequest, code: Code, number: Number, given: PostEnded, seen: IfMatch) -> dict[str, Any]:
    """End a post; the last day is still in it."""
    asked = caller(request)
    person = find_person(asked, code, WRITE)
    row = PostHeld.objects.filter(pk=number, person=person).select_related("person").first()
    inside = row and scoping.units(asked.scope, WRITE, day=asked.day).filter(pk=row.unit_id).exists()
    if row is None or not inside:
        raise not_found(pick("chức vụ số", "post"), number)
    document = _document(asked, given.document) if given.document else None
    with _noticing(person, seen) as revision:
        posts.end(
            row, last_day=given.last_day, reason=given.reason, document=document, by=asked.by, at=asked.at,
            seen=revision,
        )  # fmt: skip
    person.refresh_from_db(fields=["revision"])
    return _written(person, row.pk)


@router.post("/people/{code}/qualifications", auth=needs(WRITE), response=answers(Written, 201))
def award_qualification(
    request: HttpRequest, code: Code, given: QualificationGiven, seen: IfMatch
) -> Status[dict[str, Any]]:
    """Enter a qualification awarded."""
    asked = caller(request)
    person = find_person(asked, code, WRITE)
    document = _document(asked, given.document) if given.document else None
    fields = given.model_dump(exclude={"document"})
    with _noticing(person, seen) as revision:
        row = qualifications.award(person=person, document=document, by=asked.by, at=asked.at, seen=revision, **fields)
    return Status(201, _written(person, row.pk))


@contextmanager
def _noticing(person: Person, seen: str) -> Iterator[int]:
    """The revision seen; a refusal because somebody else was first is told apart (409)."""
    revision = revision_of(seen)
    try:
        yield revision
    except Refused as error:
        now = Person.objects.filter(pk=person.pk).values_list("revision", flat=True).first()
        if now != revision:
            raise Denied(409, error.message) from error
        raise


def _require_identity(asked: Caller, *ids: str | None) -> None:
    """Sensitive fields are written by who may read them."""
    if any(ids) and not asked.reads(WRITE, "sensitive"):
        raise forbidden()


def _unit(asked: Caller, code: str) -> Unit:
    found = scoping.units(asked.scope, WRITE, day=asked.day).filter(code=code).first()
    if found is None:
        raise not_found(pick("đơn vị có mã", "unit"), code)
    return found


def _document(asked: Caller, number: int) -> Document:
    found = visible(asked, WRITE).filter(pk=number).first()
    if found is None:
        raise not_found(pick("văn bản số", "document"), number)
    return found


def _post(given: PostGiven) -> dict[str, Any]:
    return given.model_dump(exclude={"unit", "document"})


def _written(person: Person, number: int | None = None) -> dict[str, Any]:
    return {"person": person.code, "revision": person.revision, "id": number}
