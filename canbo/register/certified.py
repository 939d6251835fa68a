"""What certificates say of people on a day: the level that is valid, what has expired, what came later (REG-04)."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from canbo.register.certificate_kinds import Kind, kinds
from canbo.register.models import Certificate


@dataclass(frozen=True)
class Certified:
    """One kind of certificate of one person on a day.

    ``value``: the highest valid level; True where the kind has no levels; a level outside the frame where no other is
    valid; False where the register knows only of such as are not valid on the day; None where that is unknown.
    ``expired``, ``later``: level and day of the highest that had expired (from that day), was issued after the day.
    """

    value: str | bool | None
    expired: tuple[str, date] | None = None
    later: tuple[str, date] | None = None


Certificates = Mapping[str, Certified]
"""By kind, those of one person."""


def certified_on(person_ids: Collection[int], day: date) -> Mapping[int, Certificates]:
    """The certificates of people on a day, by person and kind; who has none entered is not in it."""
    rows: dict[tuple[int, str], list[Certificate]] = defaultdict(list)
    for row in Certificate.objects.filter(person_id__in=person_ids).order_by("valid_from", "id"):
        rows[row.person_id, row.kind].append(row)
    found: dict[int, dict[str, Certified]] = defaultdict(dict)
    for (person, kind), held in rows.items():
        if kind in kinds():
            found[person][kind] = _judged(kinds()[kind], held, day)
    return found


def reaches(kind: Kind, value: str | bool, least: str | bool) -> bool:
    """Whether what is held is the level asked or a higher one; a level outside the frame is none of its levels."""
    if isinstance(value, bool) or isinstance(least, bool):
        return bool(value)
    return value in kind.levels and kind.levels.index(value) >= kind.levels.index(least)


def _judged(kind: Kind, rows: Sequence[Certificate], day: date) -> Certified:
    begun = [row for row in rows if row.valid_from <= day]
    valid = [row for row in begun if row.valid_to is None or row.valid_to > day]
    expired = _highest(kind, [row for row in begun if row not in valid])
    # Where a source only says that one was held by a later day, it may have been held on this day.
    later = [row for row in rows if row.valid_from > day]
    issued = _highest(kind, [row for row in later if row.since_known])
    best = _highest(kind, valid)
    value: str | bool | None = (best.level if kind.levels else True) if best else False
    if best is None and any(not row.since_known for row in later):
        value = None
    return Certified(
        value,
        (expired.level, expired.valid_to) if expired and expired.valid_to else None,
        (issued.level, issued.valid_from) if issued else None,
    )


def _highest(kind: Kind, rows: Sequence[Certificate]) -> Certificate | None:
    """Of the highest level, and of these the last; levels outside the frame come below it."""

    def place(at: int) -> tuple[int, int]:
        level = rows[at].level
        return (kind.levels.index(level) if level in kind.levels else -1, at)

    return rows[max(range(len(rows)), key=place)] if rows else None
