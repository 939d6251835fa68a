"""The facts of a file by subject: each with its days, its decision, who entered it, and what it was before.

Whether the file may be opened and how deep is decided by ``canbo.register.reading``; only fields of that class are
read. All versions of a person's facts come from the history, so that the file can be shown as known at any moment.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.apps import apps

from canbo.audit.models import Entry
from canbo.common.language import pick
from canbo.common.numbers import print_day
from canbo.register import knowing, numbering, scoping
from canbo.register.models import Document, Person, Unit, UnitVersion
from canbo.web.people.fact_kinds import KINDS, Kind, Values, label_of, say, subjects
from canbo.web.people.identity import person_label, person_value

_SILENT = frozenset({"id", "person", "origin", "other", "position", "title", "term", "pool_list", "training_class"})

_ACTS = frozenset({"appointment_decision", "recruitment", "exit"})
"""What was done once: it stands with what is over, for what it led to stands by itself."""


@dataclass(frozen=True)
class Change:
    """One change of a fact: when, by whom, and each field with what stood before and after."""

    moment: datetime
    by: str
    fields: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Fact:
    """A fact as it is shown. ``end`` is its last day; ``withdrawn`` says who took it back, for one that was never so.

    ``values`` are its readable fields, for forms and drawings.
    """

    kind: str
    number: int
    title: str
    days: str
    start: date | None
    end: date | None
    holds: bool
    told: tuple[tuple[str, str], ...]
    decision: str
    entered_by: str
    entered_at: datetime | None
    batch: int | None
    changes: tuple[Change, ...]
    withdrawn: Change | None = None
    values: Values = field(default_factory=dict)

    @property
    def anchor(self) -> str:
        """Its place on the page."""
        return f"{self.kind}-{self.number}"


@dataclass(frozen=True)
class Subject:
    """The facts of one subject: those to come, that hold on the day, that no longer do, and those taken back."""

    key: str
    title: str
    coming: tuple[Fact, ...]
    now: tuple[Fact, ...]
    before: tuple[Fact, ...]
    withdrawn: tuple[Fact, ...]


@dataclass(frozen=True)
class _Version:
    """A row of a history table, with the fields that may be read."""

    moment: datetime
    label: str
    change: Any
    person: int
    values: Values


@dataclass(frozen=True)
class _Around:
    """What facts refer to: names of units by day, documents in words, entries of the log by change."""

    units: Mapping[int, Sequence[tuple[date, str]]]
    documents: Mapping[int, str]
    entries: Mapping[Any, Entry]

    def place(self, unit: Any, day: date | None) -> str:
        """The name of a unit on a day; before its first known one, that."""
        names = self.units.get(unit, ())
        begun = [name for first, name in names if day is None or first <= day]
        return begun[-1] if begun else names[0][1] if names else ""

    def author(self, version: _Version) -> str:
        """Who wrote a version."""
        entry = self.entries.get(version.change)
        return entry.actor if entry else ""


def subjects_of(
    person: int, field_class: str, *, day: date, known: datetime | None, with_later: bool = False
) -> list[Subject]:
    """All facts about a person that had begun by a day, by subject, as known at a moment (None: now).

    ``with_later``: also those that begin later, as is right for the present day.
    """
    found = {kind: _versions(kind, person, field_class, known) for kind in KINDS}
    around = _around([row for rows in found.values() for one in rows.values() for row in one], field_class, known)
    shown: dict[str, list[Fact]] = defaultdict(list)
    for kind, rows in found.items():
        for number, versions in rows.items():
            last = versions[-1]
            if last.person == person and (with_later or not _is_later(kind, last.values, day)):
                shown[kind.subject].append(_fact(kind, number, versions, day, around))
    return [_subject(key, title, shown[key], day) for key, title in subjects().items()]


def identity_changes(person: int, field_class: str, *, known: datetime | None) -> tuple[Change, ...]:
    """What was put right in the person's own fields, the last first."""
    names = [
        one
        for one in scoping.readable_fields(Person, field_class)
        if one not in ("id", "revision", "name_key", "name_order", "origin", "merged_into", "photo")
    ]
    rows = _events("Person").filter(pgh_obj_id=person)
    if known is not None:
        rows = rows.filter(pgh_created_at__lte=known)
    versions = list(rows.order_by("pgh_id").values("pgh_created_at", "pgh_context_id", *names))
    entries = _entries(row["pgh_context_id"] for row in versions)
    changes = []
    for before, after in zip(versions, versions[1:], strict=False):
        fields = tuple(
            (person_label(name), person_value(name, before[name]), person_value(name, after[name]))
            for name in names
            if before[name] != after[name]
        )
        if fields:
            entry = entries.get(after["pgh_context_id"])
            changes.append(Change(after["pgh_created_at"], entry.actor if entry else "", fields))
    return tuple(reversed(changes))


def _events(model: str) -> Any:
    return apps.get_model("register", f"{model}Event")._default_manager


def _versions(kind: Kind, person: int, field_class: str, known: datetime | None) -> dict[int, list[_Version]]:
    """The versions of each fact of a kind that ever was about the person, in the order written.

    None at all where the class does not even tell whose fact it is.
    """
    names = scoping.readable_fields(kind.model, field_class)
    if "person" not in names:
        return {}
    events = _events(kind.model.__name__)
    theirs = events.filter(person_id=person).values("pgh_obj_id")
    rows = events.filter(pgh_obj_id__in=theirs)
    if known is not None:
        rows = rows.filter(pgh_created_at__lte=known)
    found: dict[int, list[_Version]] = defaultdict(list)
    columns = ("pgh_obj_id", "pgh_created_at", "pgh_label", "pgh_context_id", *names)
    for row in rows.order_by("pgh_id").values(*columns):
        values = {name: row[name] for name in names}
        found[row["pgh_obj_id"]].append(
            _Version(row["pgh_created_at"], row["pgh_label"], row["pgh_context_id"], row["person"], values)
        )
    return found


def _around(versions: Sequence[_Version], field_class: str, known: datetime | None) -> _Around:
    unit_fields = {one.name for kind in KINDS for one in kind.model._meta.fields if one.related_model is Unit}
    units = {row.values[name] for row in versions for name in unit_fields if row.values.get(name) is not None}
    named: dict[int, list[tuple[date, str]]] = defaultdict(list)
    found = UnitVersion.objects.filter(unit__in=units).order_by("valid_from")
    for version in knowing.rows(found, known) if units else ():
        named[version.unit_id].append((version.valid_from, version.name))
    ids = {row.values["document"] for row in versions if row.values.get("document") is not None}
    documents = Document.objects.filter(pk__in=ids) if ids else ()
    return _Around(
        named, {one.pk: _cited(one, field_class) for one in documents}, _entries(row.change for row in versions)
    )


def _entries(changes: Iterable[Any]) -> Mapping[Any, Entry]:
    wanted = {one for one in changes if one is not None}
    return {one.change: one for one in Entry.objects.filter(change__in=wanted)} if wanted else {}


def _cited(document: Document, field_class: str) -> str:
    """A decision by number and day; its title, which may name others, is not told."""
    if document.secrecy != "normal" and field_class != "sensitive":
        return pick("văn bản có độ mật", "a classified document")
    kind = numbering.kinds()[document.kind].label if document.kind in numbering.kinds() else document.kind
    parts = [kind, document.number]
    if document.issued_on:
        parts.append(pick(f"ngày {print_day(document.issued_on)}", f"of {print_day(document.issued_on)}"))
    return " ".join(part for part in [*parts, pick(f"của {document.issuer}", f"by {document.issuer}")] if part)


def _fact(kind: Kind, number: int, versions: Sequence[_Version], day: date, around: _Around) -> Fact:
    first, last = versions[0], versions[-1]
    gone = last.label == "delete"
    values = last.values
    start, after = values.get(kind.start), values.get("valid_to") or values.get("revoked_on")
    told = [(label_of(kind, name), _told(kind, name, values, around)) for name in kind.told if name in values]
    written = versions[:-1] if gone else versions
    return Fact(
        kind=kind.key,
        number=number,
        title=kind.titled(values, around.place),
        days=_days(kind, values),
        start=start,
        end=after - timedelta(days=1) if after else None,
        holds=not gone and (after is None or after > day),
        told=tuple((label, text) for label, text in told if text),
        decision=around.documents.get(values.get("document") or 0, ""),
        entered_by=around.author(first),
        entered_at=first.moment,
        batch=values.get("origin"),
        changes=tuple(_changes(kind, written, around)),
        withdrawn=Change(last.moment, around.author(last), ()) if gone else None,
        values=values,
    )


def _told(kind: Kind, name: str, values: Values, around: _Around) -> str:
    """A field beside the title; of what is either so or not, only what says more than the usual."""
    value = values[name]
    if value is False and name in ("is_acting", "is_head", "is_key_leader", "high_quality_recruit", "review_suggested"):
        return ""
    return say(kind, name, value, around.place, day=values.get("valid_from"))


def _changes(kind: Kind, versions: Sequence[_Version], around: _Around) -> list[Change]:
    """What was changed from version to version, the last first."""
    found = []
    for before, after in zip(versions, versions[1:], strict=False):
        fields = []
        for name in after.values:
            if name in _SILENT or before.values[name] == after.values[name]:
                continue
            was, now = (_plain(kind, name, one.values[name], around) for one in (before, after))
            fields.append((_label(kind, name), was, now))
        if fields:
            found.append(Change(after.moment, around.author(after), tuple(fields)))
    return found[::-1]


def _label(kind: Kind, name: str) -> str:
    return pick("quyết định", "decision") if name == "document" else label_of(kind, name)


def _plain(kind: Kind, name: str, value: Any, around: _Around) -> str:
    if name == "document":
        return around.documents.get(value or 0, "")
    return say(kind, name, value, around.place)


def _is_later(kind: Kind, values: Values, day: date) -> bool:
    start = values.get(kind.start)
    return start is not None and start > day


def _days(kind: Kind, values: Values) -> str:
    """“01/03/2020 – nay”, “ngày 12/06/2019”."""
    start = values.get(kind.start)
    if start is None:
        return pick("chưa rõ ngày", "day not known")
    if not kind.is_period:
        text = print_day(start)
        return pick(f"có trước hoặc tại {text}", f"by {text}") if values.get("by_then") else text
    after = values.get("valid_to")
    last = print_day(after - timedelta(days=1)) if after else pick("nay", "now")
    if values.get("since_known"):
        return f"{print_day(start)} – {last}"
    return pick(f"trước hoặc tại {print_day(start)} – {last}", f"by {print_day(start)} – {last}")


def _subject(key: str, title: str, facts: Sequence[Fact], day: date) -> Subject:
    ordered = sorted(facts, key=lambda one: (one.start or date.min, one.number), reverse=True)
    ordered.sort(key=lambda one: not (one.holds and one.values.get("is_main", False)))
    standing = [one for one in ordered if one.withdrawn is None]
    begun = [one for one in standing if one.start is None or one.start <= day]
    return Subject(
        key,
        title,
        tuple(one for one in standing if one not in begun),
        tuple(one for one in begun if one.holds and one.kind not in _ACTS),
        tuple(one for one in begun if not one.holds or one.kind in _ACTS),
        tuple(one for one in ordered if one.withdrawn is not None),
    )
