"""What rests on what: relations between documents, the way up and down, and who has not issued theirs (DOC-04…07).

All relations point from the later document to the earlier one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from canbo.audit.changes import change
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.register import document_states
from canbo.register.documents import cited
from canbo.register.models import (
    DelegationRule,
    Document,
    DocumentRelation,
    DocumentTask,
    JobPosition,
    RankEquivalence,
    TitleStandard,
    Unit,
)
from canbo.register.refusals import explained

KINDS = ("basis", "carries_out", "details", "amends", "replaces", "concludes")
RESTING = ("basis", "carries_out", "details", "concludes")
_LOCK = 5_201_128  # one at a time adds a relation, so that two cannot close a circle together
_RULES = (DelegationRule, TitleStandard, RankEquivalence, JobPosition)


@dataclass(frozen=True)
class Step:
    """A document reached from another: over which relation, how many steps away, from which one."""

    document: Document
    kind: str
    depth: int
    via: int


@dataclass(frozen=True)
class Branch:
    """A document with those that carry it out or detail it."""

    document: Document
    kind: str | None
    children: tuple["Branch", ...]


@dataclass(frozen=True)
class Outdated:
    """A document in force that rests on one no longer in force; ``instead`` replaces that one, where one does."""

    document: Document
    kind: str
    rests_on: Document
    state: str
    instead: Document | None


def relate(
    source: Document,
    target: Document,
    kind: str,
    *,
    holds_from: date | None = None,
    affects: str = "",
    by: str,
    at: datetime,
) -> DocumentRelation:
    """Say that ``source`` rests on, carries out, details, amends, replaces or concludes on ``target``.

    ``affects`` names what an amendment touches (articles, rules). ``holds_from`` is when it takes effect, where that
    is not the day ``source`` comes into force.

    :raises Refused: an unknown kind, a document with itself, a circle, the earlier resting on the later, said before.
    """
    if kind not in KINDS:
        raise Refused(pick(f"Không có quan hệ văn bản “{kind}”.", f"There is no relation “{kind}”."))
    subject = f"document:{source.number or source.title}"
    with explained(), change(by=by, at=at, action=f"document.{kind}", subject=subject):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        _require_possible(source, target, kind, holds_from)
        return DocumentRelation.objects.create(
            source=source, target=target, kind=kind, holds_from=holds_from, affects=affects
        )


def above(document: Document, kinds: Sequence[str] = KINDS) -> list[Step]:
    """All that a document rests on, nearest first."""
    return _walk(document, kinds, "source_id", "target_id")


def below(document: Document, kinds: Sequence[str] = KINDS) -> list[Step]:
    """All that rests on a document, nearest first."""
    return _walk(document, kinds, "target_id", "source_id")


def concretising(document: Document) -> Branch:
    """The tree of documents that carry out or detail one: programme, schemes, plans (DOC-07)."""
    return _branch(document, None, below(document, ("carries_out", "details")))


def not_issued(document: Document, day: date, units: Iterable[Unit] | None = None) -> list[Unit]:
    """The units that have issued no document in force on ``day`` below this one, by code.

    ``units``: those expected to; by default those that the document gives a task.
    """
    expected = {unit.id: unit for unit in (units if units is not None else (t.lead for t in _tasks(document)))}
    made = [step.document for step in below(document, ("carries_out", "details"))]
    states = document_states.states_on(made, day)
    done = {one.issuer_unit_id for one in made if states[one.id] in document_states.IN_FORCE}
    return sorted((unit for key, unit in expected.items() if key not in done), key=lambda unit: unit.code)


def outdated(day: date) -> list[Outdated]:
    """The documents in force on a day that rest on one replaced, expired or withdrawn by then (DOC-04)."""
    relations = list(
        DocumentRelation.objects.filter(kind__in=RESTING)
        .select_related("source", "target")
        .order_by("source__issued_on", "source_id", "target_id", "id")
    )
    touched = [document for relation in relations for document in (relation.source, relation.target)]
    standings = document_states.standings_on(touched, day)
    found = []
    for relation in relations:
        base, resting = standings[relation.target_id], standings[relation.source_id]
        if base is None or base.state not in ("replaced", "expired", "withdrawn") or resting is None:
            continue
        if resting.state in document_states.IN_FORCE:
            found.append(Outdated(relation.source, relation.kind, relation.target, base.state, base.by))
    return found


def rule_versions(document: Document) -> list[DelegationRule | TitleStandard | RankEquivalence | JobPosition]:
    """The versions of rules that a document made: delegation, standards of titles, equal ranks, positions (DOC-05)."""
    return [row for model in _RULES for row in model.objects.filter(document=document).order_by("valid_from", "id")]


def rules_without_document() -> list[DelegationRule | TitleStandard | RankEquivalence | JobPosition]:
    """The versions of rules behind which no document stands."""
    return [row for model in _RULES for row in model.objects.filter(document=None).order_by("valid_from", "id")]


def amendments_without_rules() -> list[DocumentRelation]:
    """Amendments said to touch rules (``affects``) of which the amending document has made no version yet."""
    found = DocumentRelation.objects.filter(kind="amends").exclude(affects="").select_related("source", "target")
    return [relation for relation in found.order_by("id") if not rule_versions(relation.source)]


def _tasks(document: Document) -> Iterable[DocumentTask]:
    return document.tasks.select_related("lead").order_by("id")


def _walk(document: Document, kinds: Sequence[str], here: str, there: str) -> list[Step]:
    """Every document once, by its shortest way."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH RECURSIVE walk(id, kind, depth, via) AS (
                  SELECT {there}, kind, 1, {here} FROM register_documentrelation WHERE {here} = %s AND kind = ANY(%s)
                  UNION
                  SELECT r.{there}, r.kind, walk.depth + 1, r.{here} FROM walk
                  JOIN register_documentrelation AS r ON r.{here} = walk.id AND r.kind = ANY(%s) AND walk.depth < 64)
                SELECT DISTINCT ON (id) id, kind, depth, via FROM walk ORDER BY id, depth, via, kind""",
            [document.id, list(kinds), list(kinds)],
        )
        found = cursor.fetchall()
    documents = Document.objects.in_bulk([row[0] for row in found])
    steps = [Step(documents[key], kind, depth, via) for key, kind, depth, via in found]
    return sorted(steps, key=lambda s: (s.depth, s.document.issued_on or date.max, s.document.id))


def _branch(document: Document, kind: str | None, steps: Sequence[Step]) -> Branch:
    children = tuple(_branch(step.document, step.kind, steps) for step in steps if step.via == document.id)
    return Branch(document, kind, children)


def _require_possible(source: Document, target: Document, kind: str, holds_from: date | None) -> None:
    if source.id == target.id:
        raise Refused(
            pick(
                f"Văn bản “{cited(source)}” không thể căn cứ, sửa đổi hay thay thế chính nó.",
                f"“{cited(source)}” cannot rest on, amend or replace itself.",
            )
        )
    if source.issued_on and target.issued_on and source.issued_on < target.issued_on:
        raise Refused(
            pick(
                f"“{cited(source)}” ban hành trước “{cited(target)}” nên không thể căn cứ, sửa đổi hay thay thế nó. "
                "Hãy xem lại chiều của quan hệ.",
                f"“{cited(source)}” is earlier than “{cited(target)}”: it cannot rest on, amend or replace it. "
                "Check which way round the relation goes.",
            )
        )
    if holds_from and source.issued_on and holds_from < source.issued_on:
        raise Refused(
            pick(
                f"Quan hệ không thể có hiệu lực từ {holds_from:%d/%m/%Y}, trước ngày ban hành "
                f"{source.issued_on:%d/%m/%Y}.",
                f"The relation cannot hold ({holds_from:%d/%m/%Y}) before the issue on {source.issued_on:%d/%m/%Y}.",
            )
        )
    if any(step.document.id == source.id for step in above(target)):
        raise Refused(
            pick(
                f"Tạo thành vòng: “{cited(target)}” đã dựa trên “{cited(source)}”, trực tiếp hoặc qua văn bản khác.",
                f"A circle: “{cited(target)}” already rests on “{cited(source)}”, directly or through others.",
            )
        )
    if DocumentRelation.objects.filter(source=source, target=target, kind=kind).exists():
        raise Refused(pick("Quan hệ này đã được ghi.", "This relation is recorded already."))
