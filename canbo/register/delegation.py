"""Who manages which posts and seats (phân cấp quản lý): rules by document, days with two managers or none (ORG-07).

Which of the rules decides is in ``tiers``: the most specific one, of equal ones the highest tier. Such a tie is a fault
shown by ``overlaps``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import combinations

from django.db import connection
from django.db.models import Q

from canbo.audit.changes import change
from canbo.codes import code_list
from canbo.common.findings import Finding, Refused
from canbo.common.language import pick
from canbo.register.models import DelegationRule, Document
from canbo.register.refusals import explained

FIELDS = ("post_kind", "body", "body_role", "unit_kind", "level")


@dataclass(frozen=True)
class Overlap:
    """Two rules, neither more specific, that give one post two managers from ``start`` to before ``end``."""

    first: DelegationRule
    second: DelegationRule
    start: date
    end: date | None


@dataclass(frozen=True)
class Gap:
    """Posts of a group in a kind of unit at a level that nobody manages from ``start`` to before ``end``."""

    post_kind: str
    unit_kind: str
    level: str
    posts: int
    start: date
    end: date | None


def adopt(
    *,
    tier: str,
    valid_from: date,
    document: Document | None,
    post_kind: str | None = None,
    body: str | None = None,
    body_role: str | None = None,
    unit_kind: str | None = None,
    level: str | None = None,
    valid_to: date | None = None,
    by: str,
    at: datetime,
) -> DelegationRule:
    """Enter a rule: which tier manages posts (or, with ``body``, seats) of what kind of unit; None means any.

    :raises Refused: no document, or a value outside the code lists.
    """
    row = DelegationRule(
        tier=tier,
        valid_from=valid_from,
        valid_to=valid_to,
        document=_required(document),
        post_kind=post_kind,
        body=body,
        body_role=body_role,
        unit_kind=unit_kind,
        level=level,
    )
    with explained(row=row), change(by=by, at=at, action="delegation.adopt", subject=f"document:{row.document_id}"):
        row.save()
    return row


def end(rule: DelegationRule, *, on: date, document: Document | None, by: str, at: datetime) -> None:
    """End a rule by a document: ``on`` is the first day it no longer holds.

    :raises Refused: no document, or not after its first day.
    """
    _required(document)
    rule.valid_to = on
    subject = f"document:{document.id if document else ''}"
    with explained(row=rule), change(by=by, at=at, action="delegation.end", subject=subject, detail={"rule": rule.id}):
        rule.save(update_fields=["valid_to"])


def specificity(rule: DelegationRule) -> int:
    """How many of the fields a rule names."""
    return sum(getattr(rule, name) is not None for name in FIELDS)


def overlaps(start: date, end: date | None = None) -> list[Overlap]:
    """The rules that give one post two managers on a day from ``start`` to before ``end``."""
    rules = DelegationRule.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=start)).order_by("id")
    if end is not None:
        rules = rules.filter(valid_from__lt=end)
    found = []
    for one, other in combinations(rules, 2):
        if one.tier == other.tier or specificity(one) != specificity(other) or not _meet(one, other):
            continue
        first, last = max(one.valid_from, other.valid_from, start), _earliest(one.valid_to, other.valid_to, end)
        if last is None or first < last:
            found.append(Overlap(one, other, first, last))
    return found


def gaps(start: date, end: date | None = None) -> list[Gap]:
    """The posts in use from ``start`` to before ``end`` for which, on some days, no rule names a manager.

    Posts whose tier a document or source states are left out: they have a manager.
    """
    with connection.cursor() as cursor:
        cursor.execute(_GAPS, {"start": start, "end": end})
        return [Gap(*row) for row in cursor.fetchall()]


def faults(start: date, end: date | None = None) -> list[Finding]:
    """Overlaps, gaps and rules without document, as findings."""
    found = [_overlap(one) for one in overlaps(start, end)] + [_gap(one) for one in gaps(start, end)]
    for rule in DelegationRule.objects.filter(document=None).order_by("id"):
        message = pick(
            f"Quy tắc phân cấp ({described(rule)}) không có văn bản.", f"The rule ({described(rule)}) has no document."
        )
        found.append(Finding("error", "delegation_without_document", message, value=str(rule.id)))
    return found


def described(rule: DelegationRule) -> str:
    """A rule in words."""
    lists = {
        "post_kind": "post_kind",
        "body": "body",
        "body_role": "body_role",
        "unit_kind": "unit_kind",
        "level": "level",
    }
    parts = [
        code_list(codes)[getattr(rule, name)].label for name, codes in lists.items() if getattr(rule, name) is not None
    ]
    what = ", ".join(parts) or pick("mọi chức danh", "all posts")
    return f"{what}: {code_list('managed_by')[rule.tier].label}"


_GAPS = """
WITH used AS (
  SELECT p.post_kind, v.kind, v.level, count(DISTINCT p.id) AS posts, range_agg(
    daterange(p.valid_from, p.valid_to) * daterange(v.valid_from, v.valid_to) * daterange(%(start)s, %(end)s)) AS days
  FROM register_postheld AS p JOIN register_unitversion AS v ON v.unit_id = p.unit_id
    AND daterange(v.valid_from, v.valid_to) && daterange(p.valid_from, p.valid_to)
    AND daterange(v.valid_from, v.valid_to) * daterange(p.valid_from, p.valid_to) && daterange(%(start)s, %(end)s)
  WHERE p.stated_tier IS NULL GROUP BY p.post_kind, v.kind, v.level)
SELECT u.post_kind, u.kind, u.level, u.posts, lower(gap), upper(gap)
FROM used AS u, unnest(u.days - coalesce((
  SELECT range_agg(daterange(r.valid_from, r.valid_to)) FROM register_delegationrule AS r
  WHERE r.body IS NULL AND r.body_role IS NULL AND (r.post_kind IS NULL OR r.post_kind = u.post_kind)
    AND (r.unit_kind IS NULL OR r.unit_kind = u.kind) AND (r.level IS NULL OR r.level = u.level)
  ), '{}'::datemultirange)) AS gap
ORDER BY u.post_kind, u.kind, u.level, lower(gap)"""


def _required(document: Document | None) -> Document:
    if document is None:
        raise Refused(
            pick(
                "Quy tắc phân cấp phải có văn bản quy định. Hãy nhập văn bản trước.",
                "A delegation rule needs the document that sets it. Enter the document first.",
            )
        )
    return document


def _meet(one: DelegationRule, other: DelegationRule) -> bool:
    """Whether some post (or some seat) fits both; rules of seats and of posts never meet."""
    if (one.body is None) != (other.body is None):
        return False
    pairs: Sequence[tuple[str | None, str | None]] = [(getattr(one, name), getattr(other, name)) for name in FIELDS]
    return all(a is None or b is None or a == b for a, b in pairs)


def _earliest(*days: date | None) -> date | None:
    return min((day for day in days if day is not None), default=None)


def _until(end: date | None) -> str:
    return pick(f" đến trước {end:%d/%m/%Y}", f" to before {end:%d/%m/%Y}") if end else ""


def _overlap(one: Overlap) -> Finding:
    return Finding(
        "error",
        "delegation_overlap",
        pick(
            f"Từ {one.start:%d/%m/%Y}{_until(one.end)} hai quy tắc cho hai cấp quản lý khác nhau: "
            f"“{described(one.first)}” và “{described(one.second)}”.",
            f"From {one.start:%d/%m/%Y}{_until(one.end)} two rules name two managers: "
            f"“{described(one.first)}” and “{described(one.second)}”.",
        ),
        suggestion=pick(
            "Hãy kết thúc một quy tắc hoặc ghi cụ thể hơn.", "End one of them or make one of them more specific."
        ),
        value=f"{one.first.id}, {one.second.id}",
    )


def _gap(one: Gap) -> Finding:
    kind, unit, level = (
        code_list(codes)[key].label
        for codes, key in (("post_kind", one.post_kind), ("unit_kind", one.unit_kind), ("level", one.level))
    )
    return Finding(
        "error",
        "delegation_gap",
        pick(
            f"Từ {one.start:%d/%m/%Y}{_until(one.end)} không có quy tắc nào cho “{kind}” ở “{unit}”, {level} "
            f"({one.posts} chức vụ).",
            f"From {one.start:%d/%m/%Y}{_until(one.end)} no rule names who manages “{kind}” in “{unit}”, {level} "
            f"({one.posts} posts).",
        ),
        suggestion=pick("Hãy bổ sung quy tắc phân cấp.", "Add a rule."),
        value=one.post_kind,
    )
