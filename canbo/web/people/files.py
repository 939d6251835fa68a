"""A person's file: head, where the person counts, facts by subject, the time line of the career."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.dateparse import parse_datetime
from django.utils.timezone import get_current_timezone, is_aware, localtime

from canbo.accounts.callers import Caller
from canbo.accounts.permissions import Permission, depth
from canbo.codes import code_list
from canbo.common.language import pick
from canbo.common.numbers import parse_day, print_day
from canbo.register import knowing, reading, scoping, tiers
from canbo.register.models import Person, Unit
from canbo.web.frame import show
from canbo.web.people import file_counts
from canbo.web.people.facts import Fact, Subject, identity_changes, subjects_of
from canbo.web.people.forms import offers_on, offers_under
from canbo.web.people.identity import age_words, birth_words, groups_of
from canbo.web.people.requests import open_about
from canbo.web.people.timelines import timeline
from canbo.web.visitors import page, visitor

_FIRST, _LAST = date(1900, 1, 1), date(2200, 12, 31)
WRITE = Permission.PEOPLE_WRITE


@dataclass(frozen=True)
class Asked:
    """What a file is asked for: a day, and the moment whose knowledge counts (None: now). ``faults`` by parameter."""

    day: date
    known: datetime | None
    is_today: bool
    faults: Mapping[str, str]

    @property
    def day_words(self) -> str:
        """As it stands in the address."""
        return "" if self.is_today else self.day.isoformat()

    @property
    def known_words(self) -> str:
        """As it stands in the address and in the field."""
        return f"{localtime(self.known):%d/%m/%Y %H:%M}" if self.known else ""


@dataclass(frozen=True)
class OpenFile:
    """A file opened by the right of a visitor; the read is logged. ``fields`` are the person's own, as known then."""

    person: Person
    field_class: str
    fields: Mapping[str, Any]
    revision: int

    @property
    def is_internal(self) -> bool:
        """Whether more than the code may be read."""
        return depth(self.field_class) >= depth("internal")


@page(Permission.PEOPLE_READ)
def person(request: HttpRequest, code: str) -> HttpResponse:
    """The file of a person as of a day and as known at a moment."""
    seen = visitor(request)
    asked = asked_of(request, seen)
    opened = open_person(seen, code, asked.known)
    return show(request, "people/file.html", here="people", **file_context(request, seen, opened, asked))


def file_context(request: HttpRequest, seen: Caller, opened: OpenFile, asked: Asked) -> dict[str, Any]:
    """What the page of a file needs."""
    with_later = asked.day >= seen.day
    subjects = subjects_of(
        opened.person.pk, opened.field_class, day=asked.day, known=asked.known, with_later=with_later
    )
    scheme = file_counts.scheme_for(request.GET.get("scheme", ""), asked.day)
    counts = None
    if opened.is_internal and seen.scope.allows(Permission.INDICATORS_READ):
        counts = file_counts.standing_of(opened.person.code, scheme, asked.day, known=asked.known)
    writable = asked.known is None and may_write(seen, opened.person)
    return {
        "code": opened.person.code,
        "file": opened,
        "asked": asked,
        "heading": heading(opened, subjects, asked.day),
        "groups": groups_of(opened.fields),
        "identity_changes": identity_changes(opened.person.pk, opened.field_class, known=asked.known),
        "subjects": subjects,
        "line": timeline(subjects, asked.day),
        "counts": counts,
        "schemes": file_counts.schemes(),
        "scheme": scheme,
        "writable": writable,
        "offers_on": offers_on() if writable else {},
        "offers_under": offers_under() if writable and opened.field_class == "sensitive" else {},
        "reads_units": seen.scope.allows(Permission.ORGANISATIONS_READ),
        "exports": seen.scope.allows(Permission.EXPORT),
        "requests": open_about(seen, opened.person, subjects) if writable else [],
        "since": since_words(asked),
        "reads_log": seen.scope.allows(Permission.LOG_READ),
        "photo": bool(opened.fields.get("photo")),
    }


@dataclass(frozen=True)
class Heading:
    """Who it is in one line: name, post and unit, tier, age; ``unit`` is the code of the main post's unit."""

    name: str
    post: str
    rest: str
    unit: str = ""


def heading(opened: OpenFile, subjects: list[Subject], day: date) -> Heading:
    """The line above the file; the tier is that of the present rules for the day."""
    fields = opened.fields
    if not opened.is_internal:
        return Heading(opened.person.code, "", "")
    posts = [one for s in subjects if s.key == "posts" for one in s.now if one.kind == "post_held"]
    main: Fact | None = posts[0] if posts else None
    tier = tiers.tiers_on(day, persons=[opened.person.pk]).get(opened.person.code)
    born, precision = fields["birth_date"], fields["birth_precision"]
    parts = [
        code_list("managed_by")[tier].label if tier else "",
        code_list("sex")[fields["sex"]].label,
        pick(f"sinh {birth_words(born, precision)}", f"born {birth_words(born, precision)}"),
        age_words(born, precision, day),
    ]
    post = main.title if main else pick("Không giữ chức vụ vào ngày này", "Holds no post on this day")
    unit = Unit.objects.filter(pk=main.values["unit"]).values_list("code", flat=True).first() if main else None
    return Heading(fields["full_name"], post, " · ".join(part for part in parts if part), unit or "")


def asked_of(request: HttpRequest, seen: Caller) -> Asked:
    """Day and moment of the address; what cannot be read is told at its field, and the present is shown."""
    faults = {}
    text, known_text = request.GET.get("day", "").strip(), request.GET.get("known", "").strip()
    day = day_of(text)
    if text and day is None:
        faults["day"] = pick(
            f"“{text}” không phải là ngày. Ghi như 31/12/2025.", f"“{text}” is no day. Write 31/12/2025."
        )
    known = moment_of_words(known_text)
    if known_text and known is None:
        faults["known"] = pick(
            f"“{known_text}” không phải là thời điểm. Ghi như 31/12/2025 17:00.",
            f"“{known_text}” is no moment. Write 31/12/2025 17:00.",
        )
    if known is not None and known > seen.at:
        known = None
        faults["known"] = pick("Thời điểm này chưa đến.", "This moment is still to come.")
    return Asked(day or seen.day, known, day is None or day == seen.day, faults)


def day_of(text: str) -> date | None:
    """A whole day as officials write it, or as an address does; None where it is none."""
    found = parse_day(text) if text else None
    return found.first if found and found.precision == "day" and _FIRST <= found.first <= _LAST else None


def moment_of_words(text: str) -> datetime | None:
    """“31/12/2025 17:00”, a day alone (its end), or as an address of the API has it; None where it is none."""
    zone = get_current_timezone()
    head, _, clock = text.partition(" ")
    day = day_of(head)
    if day is not None and not clock:
        return datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(days=1) - timedelta(microseconds=1)
    try:
        found = parse_datetime(f"{day.isoformat()} {clock}" if day else text)
    except ValueError:
        return None
    if found is None or not _FIRST <= found.date() <= _LAST:
        return None
    return found if is_aware(found) else found.replace(tzinfo=zone)


def open_person(seen: Caller, code: str, known: datetime | None) -> OpenFile:
    """Open a file by the right that the visitor has today; with ``known`` also one that was merged into another since.

    :raises NotFound: there is none for this visitor, or it was not known then; the attempt is logged.
    """
    merged = Person.objects.filter(code=code, merged_into__isnull=False).first() if known is not None else None
    now_code = code
    if merged is not None:
        now_code = Person.objects.values_list("code", flat=True).get(pk=knowing.last_record(merged))
    opened = reading.open_file(scope=seen.scope, code=now_code, at=seen.at)
    person, fields = merged or opened.person, opened.fields
    if known is not None:
        version = knowing.identity(person, known)
        if version is None:
            raise reading.NotFound(
                pick(f"Khi đó chưa có hồ sơ “{code}”.", f"There was no file “{code}” at that moment.")
            )
        columns = {field.name: field.attname for field in version._meta.concrete_fields}
        fields = {name: getattr(version, columns[name]) for name in fields}
    return OpenFile(person, opened.field_class, fields, opened.person.revision)


def may_write(seen: Caller, person: Person) -> bool:
    """Whether the visitor may write facts of the person."""
    if not seen.scope.allows(WRITE):
        return False
    return scoping.people(seen.scope, WRITE, day=seen.day).filter(pk=person.pk).exists()


def since_words(asked: Asked) -> str:
    """“tại ngày 31/12/2025, theo dữ liệu có lúc …”, for what is printed."""
    day = pick(f"tại ngày {print_day(asked.day)}", f"as of {print_day(asked.day)}")
    if asked.known is None:
        return day
    return day + pick(f", theo dữ liệu có lúc {asked.known_words}", f", as known at {asked.known_words}")
