"""The table evaluations: people and collectives by year, and half-year reviews. Grades only, no steps of a review."""

import numpy as np
import pyarrow as pa

from canbo.sample.definitions import code, codes
from canbo.sample.draws import Array, Rng, day_of, rank_within, stream, year_of
from canbo.sample.sketch import Sketch
from canbo.sample.standing import leaders
from canbo.sample.tables import make_table, stack, take_text
from canbo.sample.units import Role

YEARS = 4
EXCELLENT = 0.15
"""Share of a unit's people graded excellent, so that they stay under a fifth of those graded good."""
FAILED, COMPLETED, GOOD, BEST = range(4)
"""Places in the code list of grades."""


def evaluations_table(sketch: Sketch) -> pa.Table:
    """The table evaluations: the last four years for all, the first half of the last year for the managed."""
    rng, collective = stream(sketch.seed, "evaluation"), stream(sketch.seed, "collectives")
    last = int(year_of(np.array([sketch.data_day]))[0])
    if day_of(last, 12, 28) > sketch.data_day:
        last -= 1
    years = list(range(last - YEARS + 1, last + 1))
    names = [str(year) for year in years] + [f"{last}-H1"]
    parts = []
    for place, year in enumerate(years):
        day = day_of(year, 12, 10)
        parts.append(_people(sketch, place, day, np.ones(len(sketch.lives), bool), rng))
        parts.append(_collectives(sketch, place, day, collective))
    managed = np.isin(sketch.tier, codes("managed_by", "provincial_committee", "district_committee"))
    parts.append(_people(sketch, len(names) - 1, day_of(last, 7, 5), managed, rng))
    rows = stack(*parts)
    return make_table(
        "evaluations",
        {
            "subject_kind": rows["subject"],
            "person_id": sketch.persons(rows["person"]),
            "unit_id": sketch.units_at(rows["unit"]),
            "period": take_text(names, rows["period"]),
            "grade": rows["grade"],
            "review_suggested": rows["review"],
            "published": rows["published"],
            "evaluated_on": rows["day"],
            "suggested_by": sketch.units_at(rows["suggested_by"]),
        },
    )


def _grade(sketch: Sketch, group: Array, favoured: Array, rng: Rng) -> Array:
    """Grades such that in each group at most 15 in a hundred are excellent; leaders somewhat oftener."""
    sizes = np.bincount(group, minlength=len(sketch.units))
    place = rank_within(group, rng.random(len(group)) * np.where(favoured, 0.5, 1.0))
    draw = rng.random(len(group))
    grade = np.full(len(group), GOOD, np.int8)
    grade[draw < 0.075] = COMPLETED
    grade[draw < 0.005] = FAILED
    grade[place < np.floor(sizes[group] * EXCELLENT)] = BEST
    return grade


def _people(sketch: Sketch, period: int, day: int, among: Array, rng: Rng) -> dict[str, Array]:
    there = among & (sketch.schooling.recruited < day - 180) & (sketch.lives.until >= day + 20)
    mine = np.flatnonzero(there).astype(np.int32)
    unit = sketch.unit_on(mine, np.full(len(mine), day))
    leading = leaders(sketch)[mine]
    whole = bool(among.all())
    # Whole years are graded within each agency, commune or school; half-years by the committee that manages.
    grade = _grade(sketch, sketch.units.host[unit] if whole else _committee(sketch, unit), leading, rng)
    doubtful = np.where(leading, 0.012, 0.001) + np.where(grade <= COMPLETED, 0.06, 0.0) * leading
    review = rng.random(len(mine)) < doubtful
    return {
        "subject": np.full(len(mine), code("subject_kind", "person"), np.int8),
        "person": mine,
        "unit": unit,
        "period": np.full(len(mine), period, np.int32),
        "grade": grade,
        "review": review,
        "published": rng.random(len(mine)) < 0.93,
        "day": (day + rng.integers(0, 18, len(mine))).astype(np.int32),
        "suggested_by": np.where(review, _committee(sketch, unit), -1).astype(np.int32),
    }


def _committee(sketch: Sketch, unit: Array) -> Array:
    """The locality whose committee suggests a review: the district's for communes and offices, else the province's."""
    units = sketch.units
    below = np.isin(units.role[unit], [Role.COMMUNE, Role.DISTRICT_AGENCY, Role.SCHOOL, Role.CENTRE, Role.HEALTH])
    return np.where(below & (units.district[unit] >= 0), units.district[unit], units.province[unit])


def _collectives(sketch: Sketch, period: int, day: int, rng: Rng) -> dict[str, Array]:
    units = sketch.units
    mine = np.flatnonzero(units.role != Role.DIVISION).astype(np.int32)
    draw = rng.random(len(mine))
    grade = np.where(draw < 0.004, FAILED, np.where(draw < 0.09, COMPLETED, np.where(draw < 0.84, GOOD, BEST))).astype(
        np.int8
    )
    review = rng.random(len(mine)) < np.where(grade <= COMPLETED, 0.2, 0.03)
    return {
        "subject": np.full(len(mine), code("subject_kind", "collective"), np.int8),
        "person": np.full(len(mine), -1, np.int32),
        "unit": mine,
        "period": np.full(len(mine), period, np.int32),
        "grade": grade,
        "review": review,
        "published": rng.random(len(mine)) < 0.95,
        "day": (day + rng.integers(0, 18, len(mine))).astype(np.int32),
        "suggested_by": np.where(review, _committee(sketch, mine), -1).astype(np.int32),
    }
