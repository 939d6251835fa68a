"""Documents behind facts: found and registered.

A mandate over the whole province and every tier sees all; one over a part sees those issued by its units, for the title
of a decision often names somebody. Other than normal secrecy is shown only to who reads sensitive fields.
"""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Query, Router, Schema, Status

from canbo.accounts.callers import Caller
from canbo.accounts.permissions import Permission
from canbo.api.access import caller, needs
from canbo.api.faults import answers, not_found
from canbo.api.fields import Code, Cursor, Day, Given, Limit, Text, open_cursor, seal_cursor
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.common.text import tidy
from canbo.register import documents, scoping
from canbo.register.models import Document

router = Router(tags=["documents"])
READ, WRITE = Permission.ORGANISATIONS_READ, Permission.PEOPLE_WRITE


class Filters(Given):
    """What a list is narrowed to."""

    q: Text | None = None
    kind: Code | None = None
    issued_from: Day | None = None
    issued_to: Day | None = None
    limit: Limit = 50
    cursor: Cursor | None = None


class DocumentShown(Schema):
    """A document."""

    id: int
    number: str
    kind: str
    issuer: str
    title: str
    issued_on: date | None
    effective_from: date | None
    effective_to: date | None


class DocumentsPage(Schema):
    """A page of documents, the last registered first."""

    items: list[DocumentShown]
    next: str | None


class DocumentGiven(Given):
    """A document to register; a mandate over a part of the province names the unit that issued it."""

    number: Text = ""
    kind: Code
    issuer: Text
    title: Text = ""
    issued_on: Day | None = None
    effective_from: Day | None = None
    issuer_unit: Code | None = None
    signer: Text = ""


@router.get("/documents", auth=needs(READ), response=answers(DocumentsPage))
def list_documents(request: HttpRequest, filters: Query[Filters]) -> dict[str, Any]:
    """Documents that the account may see."""
    found = visible(caller(request), READ)
    if filters.q:
        found = found.filter(title__icontains=tidy(filters.q)) | found.filter(number__icontains=tidy(filters.q))
    if filters.kind:
        found = found.filter(kind=filters.kind)
    if filters.issued_from:
        found = found.filter(issued_on__gte=filters.issued_from)
    if filters.issued_to:
        found = found.filter(issued_on__lte=filters.issued_to)
    if filters.cursor:
        found = found.filter(pk__lt=open_cursor("documents", filters.cursor)[0])
    page = list(found.order_by("-pk")[: filters.limit + 1])
    more, page = len(page) > filters.limit, page[: filters.limit]
    return {
        "items": [_shown(document) for document in page],
        "next": seal_cursor("documents", [page[-1].pk]) if more else None,
    }


@router.post("/documents", auth=needs(WRITE), response=answers(DocumentShown, 201))
def register_document(request: HttpRequest, given: DocumentGiven) -> Status[dict[str, Any]]:
    """Register a decision, before the facts that it makes."""
    asked = caller(request)
    unit = None
    if given.issuer_unit:
        unit = scoping.units(asked.scope, WRITE, day=asked.day).filter(code=given.issuer_unit).first()
        if unit is None:
            raise not_found(pick("đơn vị có mã", "unit"), given.issuer_unit)
    elif not asked.is_unlimited(WRITE):
        raise Refused(
            pick(
                "Hãy ghi đơn vị ban hành (“issuer_unit”): nhiệm vụ của tài khoản chỉ ở một phần của tỉnh.",
                "Name the issuing unit (“issuer_unit”): the account's mandate covers a part of the province.",
            )
        )
    fields = given.model_dump(exclude={"issuer_unit"})
    return Status(201, _shown(documents.register(**fields, issuer_unit=unit, by=asked.by, at=asked.at)))


def visible(asked: Caller, permission: Permission) -> QuerySet[Document]:
    """The documents that the account may see or use."""
    found = Document.objects.all()
    if not asked.is_unlimited(permission):
        found = found.filter(issuer_unit__in=scoping.units(asked.scope, permission, day=asked.day))
    return found if asked.reads(permission, "sensitive") else found.filter(secrecy="normal")


def _shown(document: Document) -> dict[str, Any]:
    return {name: getattr(document, name) for name in DocumentShown.model_fields}
