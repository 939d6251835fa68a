"""What concerns the account itself: who it is, what it may do, the own file; and the log for who may read it."""

from datetime import date
from typing import Any

from django.db.models import TextField, Value
from django.db.models.functions import Concat
from django.http import HttpRequest
from ninja import Query, Router, Schema

from canbo.accounts.permissions import Permission
from canbo.api.access import caller, needs
from canbo.api.faults import answers, not_found
from canbo.api.fields import Code, Cursor, Day, Given, Known, Limit, Moment, open_cursor, seal_cursor
from canbo.api.people import FileShown, show_file
from canbo.audit.health import health
from canbo.audit.models import Entry
from canbo.common.language import pick
from canbo.register import scoping

router = Router()


class GrantShown(Schema):
    """What one mandate gives; null: every tier, the whole province."""

    permissions: list[str]
    tiers: list[str] | None
    unit: str | None
    field_class: str


class Me(Schema):
    """The account, or what the token may do of it."""

    account: str
    person: str | None
    today: date
    grants: list[GrantShown]


class EntryShown(Schema):
    """An entry of the log. ``detail`` is empty for a mandate over a part of the province."""

    id: int
    moment: Moment
    actor: str
    action: str
    subject: str
    detail: dict[str, Any]
    rows: int


class LogPage(Schema):
    """A page of the log, the last first."""

    items: list[EntryShown]
    next: str | None


class LogFilters(Given):
    """What the log is narrowed to."""

    subject: Code | None = None
    actor: Code | None = None
    action: Code | None = None
    limit: Limit = 50
    cursor: Cursor | None = None


class HealthShown(Schema):
    """The state of the installation."""

    well: bool
    database: bool
    pending_migrations: int
    last_entry_at: str | None
    clock_behind: bool
    last_backup_at: str | None
    backup_age_days: int | None
    warnings: list[str]


@router.get("/me", auth=needs(), response=answers(Me), tags=["account"])
def read_me(request: HttpRequest) -> dict[str, Any]:
    """Who asks, and what it may do today."""
    asked = caller(request)
    return {
        "account": asked.by,
        "person": asked.scope.person_code or None,
        "today": asked.day,
        "grants": [
            {
                "permissions": sorted(grant.permissions),
                "tiers": None if grant.tiers is None else sorted(grant.tiers),
                "unit": grant.unit_code,
                "field_class": grant.field_class,
            }
            for grant in asked.scope.grants
        ],
    }


@router.get("/own-file", auth=needs(Permission.OWN_FILE), response=answers(FileShown), tags=["account"])
def read_own_file(request: HttpRequest, as_of: Day | None = None, known: Known | None = None) -> dict[str, Any]:
    """The file of the account's own person, whole, also as known at a moment. The read is logged."""
    asked = caller(request)
    person = scoping.people(asked.scope, Permission.OWN_FILE, day=asked.day).first()
    if person is None:
        raise not_found(pick("hồ sơ của tài khoản", "file of the account"), asked.by)
    return show_file(asked, person, as_of, asked.require_past(known))


@router.get("/log", auth=needs(Permission.LOG_READ), response=answers(LogPage), tags=["log"])
def read_log(request: HttpRequest, filters: Query[LogFilters]) -> dict[str, Any]:
    """What was done and read. A mandate over a part of the province sees entries about its people only."""
    asked = caller(request)
    whole = asked.is_unlimited(Permission.LOG_READ)
    found = Entry.objects.all()
    if not whole:
        inside = scoping.people(asked.scope, Permission.LOG_READ, day=asked.day)
        found = found.filter(
            subject__in=inside.values(named=Concat(Value("person:"), "code", output_field=TextField()))
        )
    for name in ("subject", "actor", "action"):
        if value := getattr(filters, name):
            found = found.filter(**{name: value})
    if filters.cursor:
        found = found.filter(pk__lt=open_cursor("log", filters.cursor)[0])
    page = list(found.order_by("-pk")[: filters.limit + 1])
    more, page = len(page) > filters.limit, page[: filters.limit]
    names = ("id", "moment", "actor", "action", "subject", "rows")
    items = [{**{n: getattr(one, n) for n in names}, "detail": one.detail if whole else {}} for one in page]
    return {"items": items, "next": seal_cursor("log", [page[-1].pk]) if more else None}


@router.get("/health", auth=needs(Permission.ACCOUNTS_MANAGE), response=answers(HealthShown), tags=["operations"])
def read_health(request: HttpRequest) -> dict[str, Any]:
    """The state of the installation, for who keeps it."""
    return health(at=caller(request).at).as_json()
