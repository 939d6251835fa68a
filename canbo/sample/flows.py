"""The tables recruitments, exits, quotas, plans and reported: people coming and going, and the numbers set for them."""

import numpy as np
import pyarrow as pa

from canbo.codes import code_list
from canbo.sample.definitions import code, codes, load
from canbo.sample.draws import Array, choose, day_of, stream, year_of
from canbo.sample.people import high_quality
from canbo.sample.sketch import Sketch
from canbo.sample.tables import make_table, numbered, take_text
from canbo.sample.units import Role

RECRUIT_KINDS = ("exam", "selection", "acceptance", "attraction")
RECRUIT_SHARES = {
    "official": (0.35, 0.1, 0.55, 0.0),
    "civil_servant": (0.76, 0.0, 0.2, 0.04),
    "public_employee": (0.3, 0.58, 0.1, 0.02),
    "contract": (0.0, 1.0, 0.0, 0.0),
    "part_time": (0.0, 0.4, 0.6, 0.0),
}
YEARS = 5
STREAMLINING = 0.012
"""How much less each year's staff quota is than the year's before."""


def recruitments_table(sketch: Sketch) -> pa.Table:
    """The table recruitments of the last six years, each into the unit where the person began."""
    rng = stream(sketch.seed, "entries")
    day = sketch.schooling.recruited
    mine = np.flatnonzero(day > sketch.data_day - 6 * 365)
    good = high_quality(sketch)[mine]
    staff = _staff_at_entry(sketch)[mine]
    shares = np.array([RECRUIT_SHARES[key] for key in code_list("staff_kind").keys])
    kinds = np.array(codes("recruit_kind", *RECRUIT_KINDS), np.int8)[choose(rng, staff, shares)]
    kinds = np.where(good & (rng.random(len(mine)) < 0.5), code("recruit_kind", "attraction"), kinds)
    return make_table(
        "recruitments",
        {
            "person_id": sketch.persons(mine),
            "unit_id": sketch.units_at(sketch.unit_on(mine, day[mine])),
            "recruited_on": day[mine],
            "kind": kinds,
            "high_quality": good,
            "staff_kind": staff,
        },
    )


def _staff_at_entry(sketch: Sketch) -> Array:
    """Elected officials began as civil servants where they had a post before."""
    official = sketch.staff == code("staff_kind", "official")
    return np.where(official & (sketch.careers.count > 0), code("staff_kind", "civil_servant"), sketch.staff)


def exits_table(sketch: Sketch) -> pa.Table:
    """The table exits: all who have left and are still in the table of people."""
    mine = np.flatnonzero(~sketch.lives.in_service)
    return make_table(
        "exits",
        {
            "person_id": sketch.persons(mine),
            "unit_id": sketch.units_at(sketch.unit[mine]),
            "left_on": sketch.lives.left[mine],
            "kind": sketch.lives.exit_kind[mine],
        },
    )


def quotas_table(sketch: Sketch) -> pa.Table:
    """The table quotas: by agency, locality or service, year and kind of staff, a little above those in post."""
    rng = stream(sketch.seed, "quotas")
    serving = sketch.lives.in_service
    kinds = len(code_list("staff_kind").keys)
    host = sketch.units.host[sketch.unit[serving]].astype(np.int64)
    counts = np.bincount(host * kinds + sketch.staff[serving], minlength=len(sketch.units) * kinds)
    cells = np.flatnonzero(counts)
    draw = rng.random(len(cells))
    now = counts[cells] + np.floor(counts[cells] * 0.04 + draw * 0.6 + 0.15)
    last = int(year_of(np.array([sketch.data_day]))[0])
    years = np.arange(last - YEARS + 1, last + 1)
    factor = (1 + STREAMLINING) ** (last - years)
    posts = np.floor(now[:, None] * factor[None, :] + draw[:, None]).astype(np.int32)
    cell = np.repeat(cells, len(years))
    return make_table(
        "quotas",
        {
            "unit_id": sketch.units_at((cell // kinds).astype(np.int32)),
            "year": np.tile(years, len(cells)).astype(np.int32),
            "staff_kind": (cell % kinds).astype(np.int8),
            "posts": posts.ravel(),
        },
    )


def plans_table(sketch: Sketch) -> pa.Table:
    """The table plans: for each province the categories of a training and rotation programme, by period."""
    tops = sketch.units.of_role(Role.PROVINCE)
    size = np.bincount(sketch.units.province[sketch.unit], minlength=len(sketch.units))[tops]
    rows = load("plans")["plans"]
    unit = np.repeat(tops, len(rows))
    entry = np.tile(np.arange(len(rows)), len(tops))
    per_thousand = np.array([np.nan if row["per_1000"] is None else row["per_1000"] for row in rows])
    exact = np.round(per_thousand[entry] * np.repeat(size, len(rows)) / 1000)
    quantity = np.where(np.isnan(exact), -1, np.maximum(np.nan_to_num(exact), 1)).astype(np.int32)
    begins = np.array([day_of(*row["from"]) for row in rows], np.int32)
    ends = np.array([day_of(*row["to"]) for row in rows], np.int32)
    return make_table(
        "plans",
        {
            "plan_id": numbered("KH", np.arange(1, len(unit) + 1), 4),
            "unit_id": sketch.units_at(unit.astype(np.int32)),
            "category": take_text([row["category"] for row in rows], entry),
            "period_start": begins[entry],
            "period_end": ends[entry],
            "quantity": quantity,
        },
    )


def reported_table(sketch: Sketch) -> pa.Table:
    """The table reported: two figures in the words in which reports give them."""
    tops = sketch.units.of_role(Role.PROVINCE)[:1]
    rows = load("plans")["reported"]
    return make_table(
        "reported",
        {
            "indicator": pa.array([row["indicator"] for row in rows], pa.string()),
            "unit_id": sketch.units_at(np.repeat(tops, len(rows)).astype(np.int32)),
            "as_of": np.full(len(rows), sketch.data_day, np.int32),
            "text": pa.array([row["text"] for row in rows], pa.string()),
            "low": np.array([np.nan if row["low"] is None else row["low"] for row in rows], float),
            "high": np.array([np.nan if row["high"] is None else row["high"] for row in rows], float),
        },
    )
