"""The tables people and units. The facts behind the columns are drawn elsewhere; names, numbers and standards here."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from canbo.codes import code_list
from canbo.sample.definitions import load, profiles
from canbo.sample.draws import Array, choose_one, rank_within, stream, year_of
from canbo.sample.history import appointed_on
from canbo.sample.sketch import Sketch
from canbo.sample.standing import Standing, leaders
from canbo.sample.tables import make_table, numbered, take_text
from canbo.sample.units import FOUNDED, Units

PROVINCE_NUMBER = "019"
"""Thái Nguyên in citizens' numbers. The last six digits all begin with 9: numbers that read as made up."""
SERIALS = 100_000
STANDARDS = (
    "it_standard",
    "language_standard",
    "operations_standard",
    "skills_standard",
    "state_management_standard",
    "major_fits_post",
    "meets_post_standard",
)


def units_table(units: Units) -> pa.Table:
    """The table units."""
    ids = pa.array([row.id for row in units.rows], pa.string())
    flags = {
        "is_city": [row.is_city for row in units.rows],
        "is_base_party": [row.is_base_party for row in units.rows],
    }
    return make_table(
        "units",
        {
            "unit_id": ids,
            "name": pa.array([row.name for row in units.rows], pa.string()),
            "parent_id": take_text(ids, units.parent),
            "level": units.level,
            "kind": units.kind,
            "valid_from": np.full(len(units), FOUNDED, np.int32),
            "minority_share": np.array([row.minority_share for row in units.rows], float),
            "sector": units.sector,
            "party_parent_id": take_text(ids, np.array([row.party_parent for row in units.rows], np.int32)),
        }
        | {name: np.array(values, bool) for name, values in flags.items()},
    )


def people_table(sketch: Sketch, standing: Standing, titles: list[str], title: Array) -> pa.Table:
    """The table people, in agreement with the dated tables on the data day."""
    slot, lives, school = sketch.lives.slot, sketch.lives, sketch.schooling
    appointed, term_ends = appointed_on(sketch)
    columns: dict[str, Array | pa.Array] = {
        "person_id": sketch.person_ids,
        "full_name": _full_names(sketch),
        "birth_date": lives.birth,
        "sex": lives.sex,
        "ethnicity": lives.ethnicity,
        "party_official_date": standing.party_day,
        "unit_id": sketch.units_at(sketch.unit),
        "post": take_text(titles, title),
        "post_kind": sketch.kind,
        "is_key_leader": sketch.slots.key[slot],
        "is_head": sketch.slots.head[slot],
        "managed_by": sketch.tier,
        "staff_kind": sketch.staff,
        "rank": standing.rank,
        "rank_by_equivalence": standing.by_equivalence,
        "education": school.education,
        "medical_specialist": school.specialist,
        "political_theory": standing.theory,
        "state_management": standing.state,
        "appointed_on": appointed,
        "term_ends_on": term_ends,
        "recruited_on": school.recruited,
        "high_quality_recruit": high_quality(sketch),
        "left_on": lives.left,
        "national_id": national_ids(sketch),
    }
    columns |= _standards(sketch)
    _forget(sketch, columns)
    return make_table("people", columns)


def _standards(sketch: Sketch) -> dict[str, Array]:
    """Whether the standards of the post are met, by profile; international ability is known of few."""
    rng = stream(sketch.seed, "standards")
    shares = profiles().standards[sketch.profile]
    columns: dict[str, Array] = {
        name: (rng.random(len(shares)) < shares[:, place]).astype(np.int8) for place, name in enumerate(STANDARDS)
    }
    assessed = rng.random(len(shares)) < np.where(leaders(sketch), 0.25, 0.04)
    ready = rng.random(len(shares)) < np.where(sketch.schooling.education >= 5, 0.4, 0.15)
    columns["international_ready"] = np.where(assessed, ready, -1).astype(np.int8)
    return columns


def _forget(sketch: Sketch, columns: dict[str, Array | pa.Array]) -> None:
    """A few cells of ordinary staff are unknown, as in every real file; none of those that the baselines rest on."""
    rng = stream(sketch.seed, "unknown")
    ordinary = ~leaders(sketch)
    shares = {
        "ethnicity": 0.004,
        "it_standard": 0.02,
        "language_standard": 0.03,
        "operations_standard": 0.015,
        "skills_standard": 0.02,
        "state_management_standard": 0.02,
        "major_fits_post": 0.012,
        "meets_post_standard": 0.01,
    }
    for name, share in shares.items():
        column = np.array(columns[name], np.int8)
        column[ordinary & (rng.random(len(column)) < share)] = -1
        columns[name] = column
    for name, empty in (("political_theory", 0), ("state_management", 0)):
        column = np.array(columns[name], np.int8)
        column[ordinary & (column == empty) & (rng.random(len(column)) < 0.03)] = -1
        columns[name] = column


def _full_names(sketch: Sketch) -> pa.Array:
    """Family, middle and given names by ethnic group and sex."""
    rng = stream(sketch.seed, "names")
    names = load("names")
    ethnicity, sex = sketch.lives.ethnicity, sketch.lives.sex
    keys = code_list("ethnicity").keys
    words: list[str] = []
    place = np.zeros(len(sex), np.int32)
    for group, family in names["family"].items():
        mine = np.flatnonzero(ethnicity == keys.index(group))
        place[mine] = len(words) + choose_one(rng, len(mine), list(family.values()))
        words.extend(family)
    parts = [take_text(words, place)]
    for part in ("middle", "given"):
        words, place = [], np.zeros(len(sex), np.int32)
        for number, key in enumerate(("male", "female")):
            mine = np.flatnonzero(sex == number)
            place[mine] = len(words) + choose_one(rng, len(mine), list(names[part][key].values()))
            words.extend(names[part][key])
        parts.append(take_text(words, place))
    return pc.binary_join_element_wise(*parts, " ")


def national_ids(sketch: Sketch) -> pa.Array:
    """Twelve digits: province, sex with century, year of birth, six of a serial; all different."""
    rng = stream(sketch.seed, "identity")
    sex, year = sketch.lives.sex, year_of(sketch.lives.birth)
    century = sex + 2 * (year >= 2000)
    group = century.astype(np.int32) * 100 + year % 100
    place = rank_within(group, rng.random(len(group))).astype(np.int64)
    serial = 900_000 + (place * 39_983 + int(rng.integers(SERIALS))) % SERIALS
    digits = group.astype(np.int64) * 1_000_000 + serial
    return numbered(PROVINCE_NUMBER, digits, 9)


def high_quality(sketch: Sketch) -> Array:
    """Recruits of high quality: master's or excellent graduates of the last six years, a few of a hundred."""
    rng = stream(sketch.seed, "entries")
    recent = sketch.schooling.recruited > sketch.data_day - 6 * 365
    graduate = sketch.schooling.entry >= 4
    chance = np.where(sketch.schooling.education >= 5, 0.25, 0.03)
    return np.asarray(recent & graduate & (rng.random(len(recent)) < chance))
