"""The management tier of posts and seats by the delegation rules, in arrays. As ``canbo.register.tier_sql`` has it.

Arrays have one value a post or seat; days are days since 1970.
"""

from collections.abc import Mapping

import numpy as np

from canbo.snapshot.columns import NO_CODE, Array, Columns


def tiers_of_posts(tables: Mapping[str, Columns], day: Array) -> Array:
    """The tier of each post on its day: as stated, else by the rules; none where no rule fits."""
    posts = tables["post"]
    tiers = posts["stated_tier"].copy()
    rows = np.flatnonzero(tiers == NO_CODE)
    values = {"post_kind": posts["post_kind"][rows]}
    tiers[rows] = _by_rules(tables, posts["unit_id"][rows], day[rows], values)
    return tiers


def tiers_of_seats(tables: Mapping[str, Columns], day: Array) -> Array:
    """The tier of each seat on its day by the rules; none where no rule fits, or the seat does not hold."""
    seats = tables["seat"]
    tiers = np.full(len(seats), NO_CODE)
    rows = np.flatnonzero((seats["valid_from"] <= day) & (seats["valid_to"] > day))
    values = {"body": seats["body"][rows], "body_role": seats["role"][rows]}
    tiers[rows] = _by_rules(tables, seats["unit_id"][rows], day[rows], values)
    return tiers


def _by_rules(tables: Mapping[str, Columns], units: Array, day: Array, values: Mapping[str, Array]) -> Array:
    rules = tables["rule"]
    if not len(rules) or not len(units):
        return np.full(len(units), NO_CODE)
    kind, level = _units_on(tables["version"], units, day)
    values = {**values, "unit_kind": kind, "level": level}
    best = np.full(len(units), -1, np.int16)
    for rule in range(len(rules)):
        if (rules["body"][rule] != NO_CODE) != ("body" in values):
            continue
        fits = (rules["valid_from"][rule] <= day) & (rules["valid_to"][rule] > day)
        specific = 0
        for name in ("post_kind", "body", "body_role", "unit_kind", "level"):
            wanted = rules[name][rule]
            if wanted != NO_CODE:
                fits &= values[name] == wanted if name in values else False
                specific += 1
        # the most specific; of equal ones the highest tier, which stands first in its list
        score = np.int16(specific * 16 + 15 - int(rules["tier"][rule]))
        best = np.where(fits, np.maximum(best, score), best)
    return np.where(best >= 0, 15 - best % 16, NO_CODE).astype(np.uint8)


def _units_on(versions: Columns, units: Array, day: Array) -> tuple[Array, Array]:
    """Kind and level of units, each on its day; unknown where the unit is not in being."""
    if not len(versions):
        unknown = np.full(len(units), NO_CODE)
        return unknown, unknown
    order = np.lexsort((versions["valid_from"], versions["unit_id"]))
    keys = versions["unit_id"][order] * 2**32 + versions["valid_from"][order]
    at = np.searchsorted(keys, units * 2**32 + day, side="right") - 1
    row = order[np.maximum(at, 0)]
    valid = (at >= 0) & (versions["unit_id"][row] == units) & (versions["valid_to"][row] > day)
    return np.where(valid, versions["kind"][row], NO_CODE), np.where(valid, versions["level"][row], NO_CODE)
