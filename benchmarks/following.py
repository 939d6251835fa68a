"""Figures after one committed change: followed by what it touched, beside reading the register of the day anew.

The changes are of the kinds that an office enters most: a degree, a finished course, a grade, a new post in another
unit, a new head of a division. One scheme of 54 indicators.
"""

import statistics
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

SCHEME = "thai-nguyen-2021-2030"
CHANGES = 100
_STEP = 37


def compare_following(day: date) -> dict[str, Any]:
    """Seconds from the commit until every indicator is current: for each of ``CHANGES`` changes, and read anew."""
    from canbo.measure.checking import measurable_scheme
    from canbo.measure.evaluation import measure_all
    from canbo.measure.library import find_scheme
    from canbo.snapshot.measuring import Days

    scheme = measurable_scheme(find_scheme(SCHEME))

    def measured(days: Days) -> tuple[float, Any]:
        started = time.perf_counter()
        with days.measurer(scheme, day) as measurer:
            report = measure_all(measurer, as_of=day)
        return time.perf_counter() - started, report

    days = Days()
    measured(days)
    seconds: dict[str, list[float]] = {}
    for number in range(CHANGES + len(_KINDS)):
        name, enter = list(_KINDS.items())[number % len(_KINDS)]
        _entered(enter, number)
        took, report = measured(days)
        if number >= len(_KINDS):  # the first of each kind warms up
            seconds.setdefault(name, []).append(took)
    anew, fresh = measured(Days())
    assert report.indicators == fresh.indicators
    every = [one for kind in seconds.values() for one in kind]
    p95 = statistics.quantiles(every, n=20)[-1]
    return {
        "median": statistics.median(every),
        "p95": p95,
        "anew": anew,
        "medians_by_kind": {name: statistics.median(kind) for name, kind in seconds.items()},
        "changes": len(every),
    }


def _entered(enter: Callable[[int], None], number: int) -> None:
    from canbo.audit.changes import change

    with change(by="benchmark", at=datetime.now(UTC), action="enter"):
        enter(number)


def _person(number: int) -> Any:
    from canbo.register.models import Person

    return Person.objects.order_by("id")[1000 + _STEP * number]


def _degree(number: int) -> None:
    from canbo.register.models import Qualification

    Qualification.objects.create(
        person=_person(number), kind="professional", level="master", awarded_on=date(2021, 5, 1)
    )


def _course(number: int) -> None:
    from canbo.register.models import Training

    Training.objects.create(person=_person(number), program="law", result="completed", valid_from=date(2021, 3, 1))


def _grade(number: int) -> None:
    from canbo.register.models import Evaluation, PostHeld

    person = _person(number)
    unit = PostHeld.objects.filter(person=person).order_by("-id")[:1].get().unit
    Evaluation.objects.create(subject_kind="person", person=person, unit=unit, period=f"X{number}", grade="good")


def _move(number: int, post: str = "Chuyên viên", kind: str = "professional") -> None:
    from canbo.register.models import PostHeld

    open_posts = PostHeld.objects.filter(valid_to=None, valid_from__lt=date(2021, 6, 1), is_main=True).order_by("id")
    left, other = open_posts[2000 + _STEP * number], open_posts[9000 + _STEP * number]
    left.valid_to = date(2021, 7, 1)
    left.save()
    PostHeld.objects.create(
        person=left.person, unit=other.unit, post=post, post_kind=kind, is_main=True, valid_from=date(2021, 7, 1)
    )


def _head(number: int) -> None:
    _move(number, "Trưởng phòng", "division_head")


_KINDS: dict[str, Callable[[int], None]] = {
    "degree": _degree,
    "course": _course,
    "grade": _grade,
    "move": _move,
    "head": _head,
}
