"""The log as sentences: who did what to whom, when. Filtered, paged by its numbers; each page's hashes are checked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Substr
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import NoReverseMatch, reverse
from django.utils.timezone import localtime, make_aware

from canbo.accounts.callers import Caller
from canbo.accounts.permissions import Permission
from canbo.accounts.roles import ROLES
from canbo.audit.changes import hash_of
from canbo.audit.models import Entry
from canbo.audit.verifying import head
from canbo.codes import code_list
from canbo.common.language import pick
from canbo.common.numbers import parse_day, print_count, print_day
from canbo.common.text import tidy
from canbo.register import scoping
from canbo.web.accounts.action_words import WORDS, action_words, subject_words
from canbo.web.engine import address
from canbo.web.frame import show
from canbo.web.visitors import page, visitor

READ = Permission.LOG_READ
PAGE = 50
_MANY = ("read-list", "people.export")  # whose detail names the people on a list
_MOST_TOLD = 6
_PAGES = {  # of a kind of subject, by the permission that opens it
    "person": Permission.PEOPLE_READ,
    "unit": Permission.ORGANISATIONS_READ,
    "account": Permission.ACCOUNTS_MANAGE,
    "scheme": Permission.INDICATORS_READ,
}


@dataclass(frozen=True)
class Asked:
    """What of the log is asked for; empty: not narrowed by it."""

    actor: str = ""
    action: str = ""
    subject: str = ""
    first: date | None = None
    last: date | None = None
    faults: tuple[str, ...] = ()

    @property
    def parameters(self) -> dict[str, object]:
        """For an address."""
        days = {"from": self.first and print_day(self.first), "to": self.last and print_day(self.last)}
        return {"account": self.actor, "action": self.action, "subject": self.subject, **days}


@dataclass(frozen=True)
class Sentence:
    """An entry as it is read. ``href`` leads to what it was done to, where there is such a page."""

    number: int
    moment: datetime
    actor: str
    action: str
    what: str
    subject: str
    href: str
    more: tuple[str, ...]
    fits: bool


@page(READ)
def log(request: HttpRequest) -> HttpResponse:
    """The log, newest first; of a mandate over a part, only what was done about people whom it reaches."""
    visiting = visitor(request)
    asked = read(request.GET)
    before = request.GET.get("before", "")
    entries = narrowed(visiting, asked)
    if before.isdigit() and len(before) < 19:
        entries = entries.filter(id__lt=int(before))
    found = list(entries.order_by("-id")[: PAGE + 1])
    shown = found[:PAGE]
    following = address(reverse("log"), **asked.parameters, before=shown[-1].id) if len(found) > PAGE else ""
    context: dict[str, Any] = {
        "asked": asked,
        "sentences": sentences(visiting, shown),
        "following": following,
        "newest": address(reverse("log"), **asked.parameters) if before else "",
        "actions": sorted(((key, action_words(key)) for key in WORDS), key=lambda one: one[1]),
        "title": _title(asked),
        "head": head() if visiting.is_unlimited(READ) else None,
    }
    return show(request, "log/log.html", here="log", **context)


def read(given: QueryDict) -> Asked:
    """What an address asks for; a day that cannot be read is said and left out."""
    faults: list[str] = []
    days: list[date | None] = []
    for name in ("from", "to"):
        text = given.get(name, "").strip()
        found = parse_day(text) if text else None
        days.append(found.first if found is not None and found.precision == "day" else None)
        if text and days[-1] is None:
            faults.append(
                pick(
                    f"“{text[:40]}” không phải là ngày. Ghi ngày/tháng/năm, ví dụ 31/12/2025.",
                    f"“{text[:40]}” is no day. Write day/month/year, as 31/12/2025.",
                )
            )
    names = {name: tidy(given.get(name, ""))[:200] for name in ("account", "action", "subject")}
    return Asked(names["account"], names["action"], names["subject"], days[0], days[1], tuple(faults))


def narrowed(visiting: Caller, asked: Asked) -> QuerySet[Entry]:
    """The entries asked for, as far as the account may see them."""
    entries = Entry.objects.all()
    if asked.actor:
        entries = entries.filter(actor=asked.actor.lower() if ":" not in asked.actor else asked.actor)
    if asked.action:
        entries = entries.filter(action=asked.action)
    if asked.subject:
        entries = entries.filter(_about(asked.subject))
    if asked.first is not None:
        entries = entries.filter(moment__gte=make_aware(datetime.combine(asked.first, time.min)))
    if asked.last is not None:
        entries = entries.filter(moment__lt=make_aware(datetime.combine(asked.last + timedelta(days=1), time.min)))
    if not visiting.is_unlimited(READ):
        inside = scoping.people(visiting.scope, READ, day=visiting.day)
        entries = entries.filter(
            Exists(inside.filter(code=Substr(OuterRef("subject"), len("person:") + 1))), subject__startswith="person:"
        )
    return entries


def sentences(visiting: Caller, entries: Sequence[Entry]) -> list[Sentence]:
    """The entries in words; persons by name where the account may read it."""
    codes = [one.subject.removeprefix("person:") for one in entries if one.subject.startswith("person:")]
    names: dict[str, str] = {}
    if codes and visiting.reads(Permission.PEOPLE_READ, "internal"):
        inside = scoping.people(visiting.scope, Permission.PEOPLE_READ, day=visiting.day)
        names = dict(inside.filter(code__in=codes).values_list("code", "full_name"))
    pages = {kind for kind, needed in _PAGES.items() if visiting.scope.allows(needed)}
    return [_sentence(one, names, pages) for one in entries]


def detail_words(detail: dict[str, Any]) -> tuple[str, ...]:
    """What an entry tells beside, short: lists by their number, the rest as it stands."""
    told = []
    for key, value in detail.items():
        if value in (None, "", [], {}) or key in _UNTOLD:
            continue
        words, values = pick(*_DETAILS.get(key, (key, key))), value if isinstance(value, list) else [value]
        few = ", ".join(_value_words(key, one) for one in values[:_MOST_TOLD])
        more = f" … ({print_count(len(values))})" if len(values) > _MOST_TOLD else ""
        told.append(f"{words}: {few}{more}")
    return tuple(told)


def _value_words(key: str, value: object) -> str:
    """A value of a detail as it is read: days and roles as everywhere else."""
    text = str(value)[:200]
    if isinstance(value, bool):
        return pick("có", "yes") if value else pick("không", "no")
    if isinstance(value, int):
        return print_count(value)
    if key == "role" and text in ROLES:
        return ROLES[text].label
    if key == "tiers" and text in code_list("managed_by"):
        return code_list("managed_by")[text].label
    if _DAY.fullmatch(text):
        return print_day(date.fromisoformat(text))
    return pick(*_VALUES[text]) if text in _VALUES else text


_UNTOLD = frozenset({"content"})  # a hash, for programs
_DAY = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9])")
_VALUES = {
    "sensitive": ("cả thông tin nhạy cảm", "with sensitive fields"),
    "internal": ("thông tin nội bộ", "internal fields"),
    "public": ("thông tin công khai", "public fields"),
    "counted": ("được tính", "counted"),
    "lacking": ("còn thiếu", "lacking"),
    "unknown": ("chưa rõ", "unknown"),
    "compare": ("so sánh", "comparison"),
    "what-if": ("nếu…", "what-if"),
    "ethnicity": ("dân tộc", "ethnicity"),
    "national_id": ("số định danh", "national id"),
    "religion": ("tôn giáo", "religion"),
    "birth_place": ("nơi sinh", "place of birth"),
    "home_place": ("quê quán", "home place"),
    "residence": ("nơi ở", "residence"),
    "phone": ("điện thoại", "telephone"),
    "email": ("thư điện tử", "e-mail"),
}
_DETAILS = {
    "applied": ("đã áp dụng", "applied"),
    "batch": ("lần nhập số", "batch"),
    "changed": ("sửa", "changed"),
    "created": ("thêm", "created"),
    "ended": ("kết thúc", "ended"),
    "left": ("nghỉ", "left"),
    "mandate": ("nhiệm vụ số", "mandate"),
    "scopes": ("quyền", "rights"),
    "shared": ("dùng chung", "shared"),
    "token": ("mã số", "token"),
    "as_of": ("tại ngày", "as of"),
    "class": ("mức", "depth"),
    "columns": ("cột", "columns"),
    "expires": ("hết hạn", "expires"),
    "fields": ("mục nhạy cảm", "sensitive fields"),
    "from": ("từ", "from"),
    "known": ("như đã biết lúc", "as known at"),
    "list_name": ("danh sách", "list"),
    "name": ("tên", "name"),
    "on": ("từ ngày", "on"),
    "people": ("người", "people"),
    "person": ("hồ sơ", "file"),
    "purpose": ("mục đích", "purpose"),
    "reason": ("lý do", "reason"),
    "role": ("vai trò", "role"),
    "tiers": ("diện", "tiers"),
    "to": ("đến", "to"),
    "unit": ("đơn vị", "unit"),
}


def _about(subject: str) -> Q:
    """Entries about a subject; of a person also the lists and exports that name the person."""
    if not subject.startswith("person:"):
        return Q(subject=subject)
    code = subject.removeprefix("person:")
    return Q(subject=subject) | Q(action__in=_MANY, detail__people__contains=[code])


def _sentence(entry: Entry, names: dict[str, str], pages: set[str]) -> Sentence:
    kind, _, key = entry.subject.partition(":")
    name = f"{names[key]} ({key})" if kind == "person" and key in names else key or entry.subject
    if entry.subject == "people":
        name = pick("cán bộ", "of people")
    return Sentence(
        number=entry.id,
        moment=localtime(entry.moment),
        actor=entry.actor,
        action=action_words(entry.action),
        what=subject_words(entry.subject),
        subject=name,
        href=_page_of(kind, key) if kind in pages and (kind != "person" or key in names) else "",
        more=detail_words(entry.detail),
        fits=hash_of(entry) == entry.hash,
    )


def _page_of(kind: str, key: str) -> str:
    try:
        return reverse(kind, args=[key])
    except NoReverseMatch:  # a key that no address can hold
        return ""


def _title(asked: Asked) -> str:
    if asked.subject.startswith("person:"):
        code = asked.subject.removeprefix("person:")
        return pick(f"Ai đã xem và sửa hồ sơ {code}", f"Who read and changed the file {code}")
    return pick("Nhật ký", "Log")
