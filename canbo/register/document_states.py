"""In which state a document is on a day, and what is in force on it (DOC-03, DOC-09). Writes nothing.

Draft and submitted are told by the history (the day of the change); all later states by the dates of the document and
of those that amend or replace it, so a later correction corrects the past too.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from django.apps import apps
from django.db.models import Q, QuerySet

from canbo.register.models import Document, DocumentRelation

State = Literal["draft", "submitted", "issued", "in_force", "amended", "replaced", "expired", "withdrawn"]
IN_FORCE: frozenset[State] = frozenset({"in_force", "amended"})
_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass(frozen=True)
class Standing:
    """A state, since when as far as known, and the document that brought it about (amended, replaced)."""

    state: State
    since: date | None
    by: Document | None = None


def state_on(document: Document, day: date) -> State | None:
    """The state on a day; None where the document did not exist yet as far as is known."""
    return states_on([document], day)[document.id]


def states_on(documents: Iterable[Document], day: date) -> dict[int, State | None]:
    """The states of documents on a day, by id, in at most two statements and one for each draft."""
    return {key: standing.state if standing else None for key, standing in standings_on(documents, day).items()}


def standing_on(document: Document, day: date) -> Standing | None:
    """The state on a day with its cause."""
    return standings_on([document], day)[document.id]


def standings_on(documents: Iterable[Document], day: date) -> dict[int, Standing | None]:
    """The states of documents on a day with their causes, by id."""
    asked = {document.id: document for document in documents}
    touching: dict[int, list[DocumentRelation]] = defaultdict(list)
    relations = DocumentRelation.objects.filter(target__in=asked, kind__in=("amends", "replaces"))
    for relation in relations.select_related("source").order_by("id"):
        touching[relation.target_id].append(relation)
    return {key: _standing(document, day, touching[key]) for key, document in asked.items()}


def _standing(document: Document, day: date, touching: Sequence[DocumentRelation]) -> Standing | None:
    if document.issued_on is None or day < document.issued_on:
        return _before_issue(document, day)
    replaced = _touched(touching, "replaces", day)
    if document.effective_to is not None and day >= document.effective_to:
        ended: State = "withdrawn" if document.state == "withdrawn" else "expired"
        return _earlier(Standing(ended, document.effective_to), replaced)
    if replaced:
        return replaced
    begins = document.effective_from or document.issued_on
    if day < begins:
        return Standing("issued", document.issued_on)
    return _touched(touching, "amends", day) or Standing("in_force", begins)


def begins_to_hold(relation: DocumentRelation) -> date | None:
    """From when a relation holds: as stated, else when its source comes into force; None while that is a draft."""
    source = relation.source
    return relation.holds_from or source.effective_from or source.issued_on


def in_force(day: date) -> list[Document]:
    """All documents in force on a day, amended ones included, by day of issue."""
    return _among(_running(day), day)


def covering(day: date, *, kind: str | None = "scheme") -> list[Document]:
    """The documents in force on a day whose subject period covers it; both its days are included (DOC-09)."""
    found = _running(day).filter(subject_from__lte=day).filter(Q(subject_to__isnull=True) | Q(subject_to__gte=day))
    if kind is not None:
        found = found.filter(kind=kind)
    return _among(found, day)


def _among(documents: QuerySet[Document], day: date) -> list[Document]:
    found = list(documents)
    states = states_on(found, day)
    return [document for document in found if states[document.id] in IN_FORCE]


def _running(day: date) -> QuerySet[Document]:
    return (
        Document.objects.filter(issued_on__lte=day)
        .filter(Q(effective_from__isnull=True) | Q(effective_from__lte=day))
        .filter(Q(effective_to__isnull=True) | Q(effective_to__gt=day))
        .order_by("issued_on", "id")
    )


def _before_issue(document: Document, day: date) -> Standing | None:
    end = datetime.combine(day + timedelta(days=1), time(), _ZONE)
    events = apps.get_model("register", "DocumentEvent")._default_manager
    last = events.filter(pgh_obj_id=document.id, pgh_created_at__lt=end).order_by("-pgh_id").first()
    if last is None or last.state == "issued":
        return None
    since = None
    for event in events.filter(pgh_obj_id=document.id, pgh_id__lte=last.pgh_id).order_by("-pgh_id"):
        if event.state != last.state:
            break
        since = event.pgh_created_at.astimezone(_ZONE).date()
    return Standing(last.state, since)


def _touched(touching: Iterable[DocumentRelation], kind: str, day: date) -> Standing | None:
    """The first document that replaces this one by the day, or the last that amends it, if any is issued by then."""
    found = []
    for relation in touching:
        if relation.kind != kind:
            continue
        source, since = relation.source, begins_to_hold(relation)
        if source.issued_on is None or source.issued_on > day or since is None or since > day:
            continue
        if source.state == "withdrawn" and source.effective_to is not None and source.effective_to <= since:
            continue  # taken back before it came into force
        found.append((since, source.id, source))
    if not found:
        return None
    since, _, source = min(found) if kind == "replaces" else max(found)
    return Standing("replaced" if kind == "replaces" else "amended", since, source)


def _earlier(one: Standing, other: Standing | None) -> Standing:
    if other is None or other.since is None or one.since is None or one.since < other.since:
        return one
    return other
