"""People entered and put right: each change with the revision that its author looked at. Facts are in facts_writing."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest
from ninja import Header, Schema, Status

from canbo.accounts.callers import Caller
from canbo.accounts.permissions import Permission
from canbo.api.access import caller, needs
from canbo.api.documents import visible
from canbo.api.faults import Denied, answers, forbidden, not_found
from canbo.api.fields import Code, Day, Given, Number, Revision, Text, revision_of
from canbo.api.people import find_person, router
from canbo.audit.changes import change, note
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.common.text import tidy
from canbo.register import people, posts, scoping
from canbo.register.models import Document, Person, Unit

WRITE = Permission.PEOPLE_WRITE
IfMatch = Annotated[Revision, Header(alias="If-Match")]
"""The revision that the author looked at: ``GET /people/{code}`` gives it."""
_TAKEN = frozenset({"register_person_code_key", "person_national_id_once"})


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
    unit, document = (find_unit(asked, first.unit), find_document(asked, first.document)) if first else (None, None)
    if first is None and not asked.is_unlimited(WRITE):
        raise _outside()  # before anything is looked up: nobody learns of others by trying codes
    fields = given.model_dump(exclude={"post"}, exclude_none=True)
    with (
        _discreet(asked, code=given.code, national_id=given.national_id),
        transaction.atomic(),
        change(by=asked.by, at=asked.at, action="person.enter", subject=f"person:{given.code}"),
    ):
        person = people.enter(**fields, by=asked.by, at=asked.at)
        if first and unit:
            posts.begin(person=person, unit=unit, document=document, by=asked.by, at=asked.at, **post_fields(first))
        if not scoping.people(asked.scope, WRITE, day=asked.day).filter(pk=person.pk).exists():
            raise _outside()
    return Status(201, written(person))


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
    with _discreet(asked, national_id=fields.get("national_id")), noticing(person, seen) as revision:
        people.correct(person, by=asked.by, at=asked.at, seen=revision, **checked)
    return written(person)


@contextmanager
def noticing(person: Person, seen: str) -> Iterator[int]:
    """The revision seen; a refusal because somebody else was first is told apart (409)."""
    revision = revision_of(seen)
    try:
        yield revision
    except Refused as error:
        now = Person.objects.filter(pk=person.pk).values_list("revision", flat=True).first()
        if now != revision:
            raise Denied(409, error.message) from error
        raise


@contextmanager
def _discreet(asked: Caller, *, code: str | None = None, national_id: str | None = None) -> Iterator[None]:
    """Where a code or national id is that of a file outside the mandates: one sentence, whatever the file; logged."""
    try:
        yield
    except Refused as error:
        if asked.is_unlimited(WRITE) or not any(one.code in _TAKEN for one in error.findings):
            raise
        found = Person.objects.filter(Q(code=tidy(code or "")) | Q(national_id=national_id or ""))
        seen = scoping.people(asked.scope, WRITE, day=asked.day)
        hidden = found.exclude(pk__in=seen.values("pk")).order_by("pk").first()
        if hidden is None:
            raise
        note(by=asked.by, at=asked.at, action="enter-refused", subject=f"person:{hidden.code}")
        raise Refused(
            pick(
                "Người này đã có hồ sơ, hãy liên hệ Ban Tổ chức. Chưa ghi gì.",
                "This person has a file already; ask the Organisation Commission. Nothing was written.",
            )
        ) from None


def _outside() -> Refused:
    return Refused(
        pick(
            "Nhiệm vụ của tài khoản chỉ ở một phần của tỉnh: hãy nhập kèm chức vụ đang giữ hôm nay ở đơn vị và diện "
            "quản lý của mình (mục “post”).",
            "The account's mandate covers a part of the province: enter the person with a post held today in it "
            "(“post”).",
        )
    )


def _require_identity(asked: Caller, *ids: str | None) -> None:
    """Sensitive fields are written by who may read them."""
    if any(ids) and not asked.reads(WRITE, "sensitive"):
        raise forbidden()


def find_unit(asked: Caller, code: str) -> Unit:
    """A unit that the account may write in.

    :raises NotFound: there is none for this account.
    """
    found = scoping.units(asked.scope, WRITE, day=asked.day).filter(code=code).first()
    if found is None:
        raise not_found(pick("đơn vị có mã", "unit"), code)
    return found


def find_document(asked: Caller, number: int) -> Document:
    """A decision that the account may use.

    :raises NotFound: there is none for this account.
    """
    found = visible(asked, WRITE).filter(pk=number).first()
    if found is None:
        raise not_found(pick("văn bản số", "document"), number)
    return found


def post_fields(given: PostGiven) -> dict[str, Any]:
    """What ``posts.begin`` takes besides the unit and the document."""
    return given.model_dump(exclude={"unit", "document"})


def written(person: Person, number: int | None = None) -> dict[str, Any]:
    """The answer to a change."""
    return {"person": person.code, "revision": person.revision, "id": number}
