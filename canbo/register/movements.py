"""What moved in a period: posts begun and ended, decisions, rotations, exits, and who came into or left a tier.

Asked once a month for the standing committee's dossier. Tells facts; judges nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef

from canbo.register.models import AppointmentDecision, Employment, PostHeld, Rotation

Tiers = Callable[[date], Mapping[str, str]]
"""Management tier by person code on a day."""


@dataclass(frozen=True)
class Movement:
    """One thing that happened to a person on a day."""

    day: date
    person_code: str
    full_name: str
    kind: str
    unit_code: str | None
    text: str


@dataclass(frozen=True)
class TierChange:
    """A person whose management tier differs between the day before the period and its last day."""

    person_code: str
    before: str | None
    after: str | None


def movements(*, start: date, end: date) -> list[Movement]:
    """Everything from ``start`` to ``end``, both included, by day, kind and person."""
    found = [*_posts(start, end), *_decisions(start, end), *_rotations(start, end), *_exits(start, end)]
    return sorted(found, key=lambda one: (one.day, one.kind, one.person_code, one.text))


def tier_changes(tiers_on: Tiers, *, start: date, end: date, tier: str) -> list[TierChange]:
    """Who came into a tier or left it during the period: between the day before it and its last day."""
    before, after = tiers_on(start - timedelta(days=1)), tiers_on(end)
    return [
        TierChange(code, before.get(code), after.get(code))
        for code in sorted(before.keys() | after.keys())
        if (before.get(code) == tier) != (after.get(code) == tier)
    ]


def _posts(start: date, end: date) -> list[Movement]:
    begun = PostHeld.objects.filter(since_known=True, valid_from__range=(start, end))
    # valid_to is the first day without the post: the last day in it is the day before
    ended = PostHeld.objects.filter(valid_to__range=(start + timedelta(days=1), end + timedelta(days=1)))
    return [
        *(
            _movement(post.valid_from, post, "post_begun", post.post or post.post_kind)
            for post in begun.select_related("person", "unit")
        ),
        *(
            _movement(post.valid_to - timedelta(days=1), post, "post_ended", post.post or post.post_kind)
            for post in ended.select_related("person", "unit")
        ),
    ]


def _decisions(start: date, end: date) -> list[Movement]:
    rows = AppointmentDecision.objects.filter(decided_on__range=(start, end)).select_related("person", "unit")
    return [_movement(row.decided_on, row, row.kind, row.post_kind or row.rank or "") for row in rows]


def _rotations(start: date, end: date) -> list[Movement]:
    rows = Rotation.objects.filter(valid_from__range=(start, end)).select_related("person", "to_unit")
    return [
        Movement(row.valid_from, row.person.code, row.person.full_name, row.movement, row.to_unit.code, row.kind)
        for row in rows
    ]


def _exits(start: date, end: date) -> list[Movement]:
    follows = Employment.objects.filter(person=OuterRef("person"), valid_from=OuterRef("valid_to"))
    rows = Employment.objects.filter(
        ~Exists(follows),  # who goes on in another employment on the same day has not left
        valid_to__range=(start + timedelta(days=1), end + timedelta(days=1)),
    )
    return [
        _movement(row.valid_to - timedelta(days=1), row, "left", row.exit_kind or "")
        for row in rows.select_related("person", "unit")
    ]


def _movement(day: date, row: PostHeld | AppointmentDecision | Employment, kind: str, text: str) -> Movement:
    return Movement(day, row.person.code, row.person.full_name, kind, row.unit.code if row.unit else None, text)
