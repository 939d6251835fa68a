"""People: the list that an account may see, a file, and how a fact came to be as it is.

``known`` asks for what was known at an earlier moment; whom the account may see is decided by the present register.
"""

import re
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from ninja import Query, Router, Schema

from canbo.accounts.callers import Caller
from canbo.accounts.permissions import Permission, depth
from canbo.accounts.scopes import Grant, Scope
from canbo.api.access import caller, needs
from canbo.api.faults import answers, not_found
from canbo.api.fields import Age, Code, Cursor, Day, Given, Known, Limit, Moment, Number, Text, open_cursor, seal_cursor
from canbo.audit.changes import note
from canbo.audit.models import Entry
from canbo.common.language import pick
from canbo.common.text import search_key, tidy
from canbo.register import knowing, reading, scoping
from canbo.register.models import Employment, Person, PostHeld, Unit
from canbo.register.revisions import fact_models

router = Router(tags=["people"])
READ = Permission.PEOPLE_READ
_HIDDEN = frozenset({"person", "other"})  # the person of the file; another person's number


class Filters(Given):
    """What a list is narrowed to; ``unit``, ``tier``, ``post_kind`` and the ages are those of ``as_of`` (today)."""

    q: Text | None = None
    unit: Code | None = None
    tier: Code | None = None
    post_kind: Code | None = None
    sex: Code | None = None
    age_from: Age | None = None
    age_to: Age | None = None
    as_of: Day | None = None
    known: Known | None = None
    limit: Limit = 50
    cursor: Cursor | None = None
    total: bool = False


class PostShown(Schema):
    """The main post on the day, else the latest begun."""

    unit: str
    post: str | None
    post_kind: str
    is_main: bool


class PersonListed(Schema):
    """One person of a list; what the account may not read is null."""

    code: str
    full_name: str | None
    birth_date: date | None
    birth_precision: str | None
    sex: str | None
    revision: int | None
    post: PostShown | None


class PeoplePage(Schema):
    """A page; ``next`` is the cursor of the one after it."""

    items: list[PersonListed]
    next: str | None
    total: int | None


class FileShown(Schema):
    """A person's file: fields of the person and facts by subject, no deeper than ``field_class``."""

    code: str
    field_class: str
    revision: int | None
    fields: dict[str, Any]
    facts: dict[str, list[dict[str, Any]]]


class VersionShown(Schema):
    """A fact as it was from a moment on."""

    moment: Moment
    label: str
    by: str | None
    action: str | None
    fields: dict[str, Any]


class HistoryShown(Schema):
    """All versions of a fact, in the order written."""

    kind: str
    id: int
    versions: list[VersionShown]


@router.get("/people", auth=needs(READ), response=answers(PeoplePage))
def list_people(request: HttpRequest, filters: Query[Filters]) -> dict[str, Any]:
    """People whom the account may see today, in the order of Vietnamese lists; ``known``: as known at that moment."""
    asked = caller(request)
    day, known = filters.as_of or asked.day, asked.require_past(filters.known)
    found = _narrowed(_visible(asked, known), filters, day)
    total = knowing.number(found, known) if filters.total else None
    if filters.cursor:
        name, number = open_cursor("people", filters.cursor)
        found = found.filter(name_order__gte=name).filter(Q(name_order__gt=name) | Q(id__gt=number))
    page = knowing.rows(found.order_by("name_order", "id")[: filters.limit + 1], known)
    more = len(page) > filters.limit
    page = page[: filters.limit]
    following = seal_cursor("people", [page[-1].name_order, page[-1].pk]) if more else None
    return {"items": _listed(asked, page, day, known), "next": following, "total": total}


@router.get("/people/{code}", auth=needs(READ), response=answers(FileShown))
def read_person(
    request: HttpRequest, code: Code, as_of: Day | None = None, known: Known | None = None
) -> dict[str, Any]:
    """A person's file, with the facts that hold on ``as_of`` (left out: all). The read is logged.

    ``known``: the file as it was known at that moment.
    """
    asked = caller(request)
    earlier = asked.require_past(known)
    return show_file(asked, find_person(asked, code, READ, known=earlier), as_of, earlier)


@router.get("/people/{code}/facts/{kind}/{number}/history", auth=needs(READ), response=answers(HistoryShown))
def read_history(request: HttpRequest, code: Code, kind: Code, number: Number) -> dict[str, Any]:
    """How a fact came to be as it is: each version, when it was written and by whom."""
    asked = caller(request)
    opened = reading.open_file(scope=asked.scope, code=find_person(asked, code, READ).code, at=asked.at)
    model = _kinds().get(kind)
    if model is None:
        raise not_found(pick("loại thông tin", "kind of fact"), kind)
    columns = _columns(model, opened.field_class)
    events = apps.get_model("register", f"{model.__name__}Event")._default_manager
    rows = list(
        events.filter(pgh_obj_id=number, person_id=opened.person.pk)
        .order_by("pgh_id")
        .values("pgh_created_at", "pgh_label", "pgh_context_id", *columns)
    )
    if not rows:
        raise not_found(pick("thông tin số", "fact"), number)
    entries = Entry.objects.filter(change__in=[row["pgh_context_id"] for row in rows]).in_bulk(field_name="change")
    shown = _with_codes(model, [{name: row[name] for name in columns} for row in rows])
    return {
        "kind": kind,
        "id": number,
        "versions": [
            {
                "moment": row["pgh_created_at"],
                "label": row["pgh_label"],
                "by": getattr(entries.get(row["pgh_context_id"]), "actor", None),
                "action": getattr(entries.get(row["pgh_context_id"]), "action", None),
                "fields": fields,
            }
            for row, fields in zip(rows, shown, strict=True)
        ],
    }


def find_person(asked: Caller, code: str, permission: Permission, *, known: datetime | None = None) -> Person:
    """The person, if the account has the permission over him or her: one statement, whether missing or outside.

    With ``known``, also a record that was merged into another since, by the right over that one.

    :raises NotFound: there is none for this account; that is logged.
    """
    inside = scoping.people(asked.scope, permission, day=asked.day)
    found = inside.filter(code=code).first()
    if found is None and known is not None:
        merged = Person.objects.filter(code=code, merged_into__isnull=False).first()
        if merged is not None and inside.filter(pk=knowing.last_record(merged)).exists():
            found = merged
    if found is None:
        note(by=asked.by, at=asked.at, action="read-refused", subject=f"person:{code[:60]}")
        raise not_found(pick("người có mã", "person"), code)
    return found


def show_file(asked: Caller, person: Person, as_of: date | None, known: datetime | None = None) -> dict[str, Any]:
    """The file as the account may read it, as known at a moment; the read is logged.

    :raises NotFound: the person was not known then.
    """
    now = person if person.merged_into_id is None else Person.objects.get(pk=knowing.last_record(person))
    opened = reading.open_file(scope=asked.scope, code=now.code, at=asked.at)
    fields = opened.fields
    if known is not None:
        version = knowing.identity(person, known)
        if version is None:
            raise not_found(pick("người có mã", "person"), person.code)
        columns = {field.name: field.attname for field in version._meta.concrete_fields}
        fields = {name: getattr(version, columns[name]) for name in fields}
    return {
        "code": person.code,
        "field_class": opened.field_class,
        "revision": fields.get("revision"),
        "fields": {name: value for name, value in fields.items() if name not in ("id", "merged_into")},
        "facts": {kind: _facts(model, person, opened.field_class, as_of, known) for kind, model in _kinds().items()},
    }


def _facts(
    model: type[models.Model], person: Person, field_class: str, as_of: date | None, known: datetime | None
) -> list[dict[str, Any]]:
    rows = model._default_manager.filter(person=person) if known is None else knowing.facts(model, person, known)
    if as_of is not None and any(field.name == "valid_to" for field in model._meta.fields):
        rows = rows.filter(Q(valid_from__lte=as_of) & (Q(valid_to__isnull=True) | Q(valid_to__gt=as_of)))
    return _with_codes(model, list(rows.order_by("id").values(*_columns(model, field_class))), known)


def _columns(model: type[models.Model], field_class: str) -> list[str]:
    return [name for name in scoping.readable_fields(model, field_class) if name not in _HIDDEN]


def _with_codes(
    model: type[models.Model], rows: list[dict[str, Any]], known: datetime | None = None
) -> list[dict[str, Any]]:
    """Units by code, as everywhere else."""
    names = [field.name for field in model._meta.fields if field.related_model is Unit]
    ids = {row[name] for row in rows for name in names if row.get(name) is not None}
    if not ids:
        return rows
    codes = knowing.codes_of(Unit, ids, known)
    return [{key: codes.get(value) if key in names else value for key, value in row.items()} for row in rows]


def _kinds() -> dict[str, type[models.Model]]:
    """The models of facts by their name in addresses: ``post_held``."""
    return {re.sub(r"(?<!^)(?=[A-Z])", "_", model.__name__).lower(): model for model in fact_models()}


def _narrowed(people: QuerySet[Person], filters: Filters, day: date) -> QuerySet[Person]:
    if filters.q:
        people = people.filter(Q(code=tidy(filters.q)) | Q(name_key__contains=search_key(filters.q)))
    if filters.unit or filters.tier:
        tiers = frozenset({filters.tier}) if filters.tier else None
        grant = Grant(frozenset({READ}), tiers, filters.unit, "public")
        people = people.filter(pk__in=scoping.people(Scope("", "", (grant,)), READ, day=day).values("pk"))
    if filters.sex:
        people = people.filter(sex=filters.sex)
    posts = PostHeld.objects.as_of(day).filter(person=OuterRef("pk"))
    if filters.post_kind:
        people = people.filter(Exists(posts.filter(post_kind=filters.post_kind)))
    if filters.as_of:
        people = people.filter(Exists(posts) | Exists(Employment.objects.as_of(day).filter(person=OuterRef("pk"))))
    if filters.age_from is not None:
        people = people.filter(birth_date__lte=_years_before(day, filters.age_from))
    if filters.age_to is not None:
        people = people.filter(birth_date__gt=_years_before(day, filters.age_to + 1))
    return people


def _years_before(day: date, years: int) -> date:
    """The latest day of birth of who is so many years old; born 29/02, a year is full on 01/03."""
    year = max(day.year - years, 1)
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return date(year, 2, 28) if (day.month, day.day) == (2, 29) and not leap else day.replace(year=year)


def _visible(asked: Caller, known: datetime | None) -> QuerySet[Person]:
    """Whom the account may see now; for an earlier moment also the records merged into theirs since."""
    inside = scoping.people(asked.scope, READ, day=asked.day)
    if known is None or asked.is_unlimited(READ):
        return inside
    return Person.objects.filter(merged_into__isnull=True, pk__in=list(knowing.standing_for(inside)))


def _listed(asked: Caller, page: list[Person], day: date, known: datetime | None) -> list[dict[str, Any]]:
    classes = _classes(asked, page)
    held = PostHeld.objects.as_of(day).filter(person__in=[one.pk for one in page])
    held = held.order_by("is_main", "valid_from", "pk")
    found = knowing.rows(held if known else held.select_related("unit"), known)
    posts: dict[int, PostHeld] = {row.person_id: row for row in found}
    codes = knowing.codes_of(Unit, {row.unit_id for row in found}, known) if known else None
    units = {row.unit_id: row.unit.code for row in found} if codes is None else codes
    return [_one(person, posts.get(person.pk), units, classes.get(person.code, "public")) for person in page]


def _classes(asked: Caller, page: list[Person]) -> dict[str, str]:
    """Each person's readable class; no statement where all grants read the internal fields, all that lists show."""
    shallow = [one for one in asked.scope.granting(READ) if depth(one.field_class) < depth("internal")]
    if not shallow:
        return {person.code: "internal" for person in page}
    return scoping.readable_classes(asked.scope, page, day=asked.day)


def _one(person: Person, post: PostHeld | None, units: dict[int, str], field_class: str) -> dict[str, Any]:
    open_ = depth(field_class) >= depth("internal")
    names = ("full_name", "birth_date", "birth_precision", "sex", "revision")
    shown = None
    if post is not None and open_:
        shown = {name: getattr(post, name) for name in ("post", "post_kind", "is_main")}
        shown["unit"] = units.get(post.unit_id)
    return {"code": person.code, **{name: getattr(person, name) if open_ else None for name in names}, "post": shown}
