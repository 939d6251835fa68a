"""Positions without a holder, and those that fall vacant within a period, with who is planned for each.

Knows what the register says; whether somebody meets a standard is asked elsewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from canbo.norms.retirement import retirement_day
from canbo.register.models import JobPosition, PoolEntry, PostHeld

Why = Literal["vacant", "retires", "term_ends", "post_ends"]


@dataclass(frozen=True)
class Planned:
    """Somebody in the pool for the post, since when."""

    person_code: str
    full_name: str
    since: date


@dataclass(frozen=True)
class Opening:
    """A position that is vacant or falls vacant.

    ``on``: the first day without a holder (None: there never was one in the register). ``places``: how many.
    """

    unit_code: str
    position: str
    post_kind: str | None
    why: Why
    on: date | None
    places: int
    holder: str | None
    planned: tuple[Planned, ...]


def openings(*, day: date, until: date) -> list[Opening]:
    """The positions vacant on ``day`` and those that lose their holder from then to ``until``, both included.

    A post ends with its own last day, the end of its term of appointment, or the retirement of its holder, whichever
    comes first.
    """
    positions = JobPosition.objects.as_of(day).select_related("unit", "title").order_by("unit__code", "name", "id")
    found: list[Opening] = []
    for position in positions:
        holders = _holders(position, day)
        found += _vacant(position, day, len(holders))
        found += _falling_vacant(position, holders, day, until)
    return found


def last_day_in(post: PostHeld) -> tuple[date | None, Why]:
    """The last day that a holder stays in a post as far as is known, and why it ends; None: no end is known."""
    person = post.person
    ends: list[tuple[date, Why]] = []
    if post.valid_to:
        ends.append((post.valid_to - timedelta(days=1), "post_ends"))
    if post.term_ends_on:
        ends.append((post.term_ends_on, "term_ends"))
    if person.sex in ("male", "female") and person.birth_precision != "year":
        decided = person.employments.filter(retires_on__isnull=False).order_by("-valid_from").first()
        retires = decided.retires_on if decided else retirement_day(person.sex, person.birth_date)
        ends.append((retires, "retires"))
    return min(ends) if ends else (None, "post_ends")


def _holders(position: JobPosition, day: date) -> Sequence[PostHeld]:
    return list(PostHeld.objects.as_of(day).filter(position=position).select_related("person").order_by("id"))


def _vacant(position: JobPosition, day: date, held: int) -> list[Opening]:
    lacking = position.planned - held
    if lacking <= 0:
        return []
    ended = PostHeld.objects.filter(position=position, valid_to__lte=day).order_by("-valid_to").first()
    return [_opening(position, "vacant", ended.valid_to if ended else None, lacking, None, day)]


def _falling_vacant(position: JobPosition, holders: Sequence[PostHeld], day: date, until: date) -> list[Opening]:
    found = []
    for post in holders:
        last, why = last_day_in(post)
        if last is not None and day <= last <= until:
            found.append(_opening(position, why, last + timedelta(days=1), 1, post.person.full_name, day))
    return found


def _opening(position: JobPosition, why: Why, on: date | None, places: int, holder: str | None, day: date) -> Opening:
    kind = position.title.post_kind if position.title else None
    return Opening(
        position.unit.code, position.name, kind, why, on, places, holder, _planned(position.unit_id, kind, day)
    )


def _planned(unit_id: int, post_kind: str | None, day: date) -> tuple[Planned, ...]:
    if post_kind is None:
        return ()
    entries = (
        PoolEntry.objects.as_of(day)
        .filter(unit_id=unit_id, post_kind=post_kind)
        .select_related("person")
        .order_by("valid_from", "person__code")
    )
    return tuple(Planned(one.person.code, one.person.full_name, one.valid_from) for one in entries)
