"""Who headed a unit when, and where the scheme's targets stood in it at the end of each time. Grades nobody."""

from dataclasses import dataclass
from datetime import date

from canbo.codes import code_list
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.datasets.dictionary import dictionary
from canbo.measure.bitmaps import count
from canbo.measure.lists import subtree_rows
from canbo.measure.results import Status
from canbo.measure.scheme import Indicator
from canbo.measure.sets import Measurer
from canbo.measure.verdicts import Style, judge
from canbo.measure.words import label_of

HEADING = ("party_secretary", "agency_head", "service_head", "division_head", "committee_chair")
"""Posts that head a unit; a unit is headed by the first of these that anybody holds in it."""


@dataclass(frozen=True)
class Standing:
    """An indicator in the unit on a day."""

    indicator_id: str
    label: str
    numerator: int
    denominator: int
    unknown: int
    printed: str | None
    status: Status
    shortfall: int | None


@dataclass(frozen=True)
class HeadCard:
    """One head of the unit: from when to when within the period asked for, and the standings on the last day."""

    person_id: str
    name: str
    post: str
    first: date
    last: date
    standings: tuple[Standing, ...]


def scorecard(measurer: Measurer, *, unit: str, first: date, last: date) -> tuple[HeadCard, ...]:
    """A card for each head of a unit in a period, both days in it, in the order of time.

    :raises Refused: when the data has no posts with dates, or nobody headed the unit.
    """
    heads = _heads(measurer, unit, first, last)
    cards = []
    for person_id, post, start, end in heads:
        day = min(end or last, last)
        standings = [found for one in measurer.scheme.indicators if (found := _standing(measurer, one, unit, day))]
        name = measurer.store.names.get(person_id, person_id)
        cards.append(HeadCard(person_id, name, post, max(start, first), day, tuple(standings)))
    return tuple(cards)


def _heads(measurer: Measurer, unit: str, first: date, last: date) -> list[tuple[str, str, date, date | None]]:
    if "posts_held" not in measurer.store.present:
        title = dictionary()["posts_held"].title
        raise Refused(
            pick(
                f"Cần bảng “{title}” (chức vụ kèm ngày) để biết ai đứng đầu đơn vị lúc nào.",
                f"The dataset “{title}” (posts with their days) is needed to know who headed the unit when.",
            )
        )
    kinds = code_list("post_kind")
    posts = measurer.members.get("posts_held", last)
    subtree_rows(measurer, posts, unit)  # refuses an unknown unit
    names = ("person_id", "unit_id", "post", "post_kind", "start_date", "end_date")
    columns = [posts.column(name).to_pylist() for name in names]
    held = [
        (kinds.keys[kind], who, post or kinds[kinds.keys[kind]].label, start, end)
        for who, where, post, kind, start, end in zip(*columns, strict=True)
        if where == unit and kind is not None and start <= last and (end is None or end >= first)
    ]
    heading = next((kind for kind in HEADING if any(row[0] == kind for row in held)), None)
    if heading is None:
        raise Refused(
            pick(
                f"Không ai giữ chức danh đứng đầu đơn vị “{unit}” trong thời gian này.",
                f"Nobody held a heading post of “{unit}” in this period.",
            )
        )
    found = [(who, post, start, end) for kind, who, post, start, end in held if kind == heading]
    return sorted(found, key=lambda row: (row[2], row[0]))


def _standing(measurer: Measurer, indicator: Indicator, unit: str, day: date) -> Standing | None:
    """A commitment over the members in the unit and below; None for what binds nobody yet, and without members."""
    target = indicator.target_on(day)
    if target is None or target.goal is None or target.orientation:
        return None
    if indicator.measure == "ratio" or indicator.plan is not None or indicator.each is not None:
        return None
    sets = measurer.sets(indicator, day)
    if sets is None:
        return None
    within = subtree_rows(measurer, sets.members, unit)
    n, d, u = (count(words & within) for words in (sets.satisfying, sets.population, sets.unknown))
    if d == 0:
        return None
    style = Style(measurer.scheme.rounding, measurer.scheme.places)
    verdict = judge(n, d, measure=indicator.measure, goal=target.goal, style=style)
    return Standing(indicator.id, label_of(indicator), n, d, u, verdict.printed, verdict.status, verdict.shortfall)
