"""The indicators by every competitor in one process, interleaved, and the proof that all count the same."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq

from benchmarks.bitlimit import Limit
from benchmarks.data import RESULTS, cached, load
from benchmarks.duck import Duck, Rows
from benchmarks.engine import Engine
from benchmarks.indicators import CRITERIA, pairs, write_scheme
from benchmarks.postgres import Postgres
from benchmarks.roster import LEVELS, Roster, roster_of
from benchmarks.timing import Run, Series, interleave
from canbo.datasets.store import Store
from canbo.measure.reading import usable_scheme

Table = npt.NDArray[np.int64]
Chosen = Sequence[tuple[int, int]]


@dataclass(frozen=True)
class Size:
    """How much is run: rounds for all, rounds for the slow ones, and how many indicators PostgreSQL is asked for."""

    repeats: int
    slow: int
    asked: int


def size_for(people: int, repeats: int) -> Size:
    """Fewer rounds of the slow competitors where the data is large."""
    large = people > 500_000
    return Size(repeats, 1 if large else min(repeats, 3), 10 if large else 100)


def compare(people: int, size: Size) -> dict[str, Any]:
    """Times in seconds by competitor, counts checked equal; the narrow roster is left in the cache for ``memory``."""
    chosen = pairs()
    folder = cached(people)
    store = Store(load(folder))
    scheme, _ = usable_scheme(write_scheme(RESULTS / "cache" / "scheme.yaml", chosen))
    engine, roster = Engine(scheme, store), roster_of(store)
    pq.write_table(roster.table, folder / "narrow.parquet")
    duck, limit = Duck(roster, chosen), Limit(roster, chosen)
    ready = limit.bitmaps()
    asked = spread(chosen, size.asked)
    with contextlib.ExitStack() as stack:
        postgres = stack.enter_context(Postgres(roster))
        runs = _runs(engine, duck, limit, postgres, ready, asked, size)
        series, last = interleave(runs, size.repeats)
    check(last, chosen, asked, roster)
    check_again(last, engine, limit, ready)
    return {
        "people": people,
        "in_service": roster.table.num_rows,
        "units": roster.units,
        "indicators": len(chosen),
        "series": {name: one.as_json() for name, one in series.items()},
        "ratios": ratios(series),
    }


def spread(chosen: Chosen, number: int) -> Chosen:
    """So many of the indicators, spread evenly over all groups."""
    return [chosen[at * len(chosen) // number] for at in range(number)]


def _runs(
    engine: Engine, duck: Duck, limit: Limit, postgres: Postgres, ready: Any, asked: Chosen, size: Size
) -> dict[str, Run]:
    unit = _some_commune(engine)
    factor = len(limit.chosen) / len(asked)
    another = next((0, c) for c in range(len(CRITERIA)) if (0, c) not in limit.chosen and _is_known(c, limit))

    def by_levels(one: Duck | Postgres) -> dict[str, list[Rows]]:
        return {level: one.one_by_one(level, asked) for level in LEVELS}

    return {
        "canbo_first": Run(engine.first, engine.renew),
        "duckdb_once": Run(duck.predicates_once),
        "numpy": Run(limit.whole),
        "canbo_again": Run(engine.again),
        "numpy_counts": Run(lambda: limit.count(*ready)),
        "canbo_names": Run(lambda: engine.names(unit)),
        "canbo_another": Run(lambda: engine.another(*another)),
        "canbo_difference": Run(engine.difference),
        "duckdb_filter": Run(duck.filters),
        "canbo_report": Run(engine.report, engine.renew, rounds=size.slow),
        "duckdb_each": Run(lambda: by_levels(duck), rounds=size.slow, factor=factor),
        "postgresql_each": Run(lambda: by_levels(postgres), rounds=size.slow, factor=factor),
        "postgresql_each_units_only": Run(
            lambda: {"unit": postgres.one_by_one("unit", asked)}, rounds=size.slow, factor=factor
        ),
    }


def _is_known(criterion: int, limit: Limit) -> bool:
    return any(c == criterion for _, c in limit.chosen)


def _some_commune(engine: Engine) -> str:
    tree = engine.store.tree
    communes = [unit for unit, level, kind in zip(tree.ids, tree.levels, tree.kinds, strict=True) if level == "commune"]
    return communes[len(communes) // 2]


def check(last: dict[str, Any], chosen: Chosen, asked: Chosen, roster: Roster) -> None:
    """Every competitor's counts equal those of the hand-written pass, in every unit.

    :raises AssertionError: naming the competitor that differs.
    """
    numerators, denominators = last["numpy"]
    for name in ("canbo_first", "canbo_again", "duckdb_once", "duckdb_filter", "numpy_counts"):
        same = np.array_equal(last[name][0], numerators) and np.array_equal(last[name][1], denominators)
        assert same, f"{name} counts otherwise than numpy"
    groups = sorted({p for p, _ in chosen})
    at = {pair: number for number, pair in enumerate(chosen)}
    for name in ("duckdb_each", "postgresql_each", "postgresql_each_units_only"):
        for level, answers in last[name].items():
            for (p, c), rows in zip(asked, answers, strict=True):
                expected = _at_level(roster, level, numerators[at[p, c]], denominators[groups.index(p)])
                assert sorted(rows) == expected, f"{name} counts indicator {(p, c)} otherwise by {level}"


def _at_level(roster: Roster, level: str, numerator: Table, denominator: Table) -> Rows:
    """The rows that a query at one level gives: units of the level with anybody in the group."""
    tree = roster.tree
    places = np.unique(roster.level_places(level))
    if level == "unit":
        numerator, denominator = own_counts(numerator, tree.parents), own_counts(denominator, tree.parents)
    return [
        (int(place), int(numerator[place]), int(denominator[place]))
        for place in places
        if place >= 0 and denominator[place]
    ]


def own_counts(subtrees: Table, parents: npt.NDArray[np.int32]) -> Table:
    """Counts of units themselves from those of whole subtrees: each less its children's."""
    own = subtrees.copy()
    below = parents >= 0
    np.subtract.at(own, parents[below], subtrees[below])
    return own


def check_again(last: dict[str, Any], engine: Engine, limit: Limit, ready: Any) -> None:
    """What is asked again is right as well, by the hand-written bitmaps.

    :raises AssertionError: when it is not.
    """
    groups, criteria = ready
    (p, c), (_, d) = limit.chosen[:2]
    one, two = groups[p] & criteria[c], groups[p] & criteria[d]
    sizes = [len(rows) for rows in last["canbo_difference"]]
    assert sizes == [int(np.bitwise_count(words).sum()) for words in (one & ~two, two & ~one)]
    new = next(c for c in range(len(CRITERIA)) if (0, c) not in limit.chosen and c in criteria)
    result = last["canbo_another"]
    assert result.numerator == int(np.bitwise_count(groups[0] & criteria[new]).sum())
    place = engine.store.tree.position[_some_commune(engine)]
    (numerators, denominators), kept = last["numpy"], last["canbo_names"]
    assert len(kept.rows) + int(numerators[0][place]) <= int(denominators[0][place])
    assert all(row.name for row in kept.rows)


def ratios(series: dict[str, Series]) -> dict[str, dict[str, float]]:
    """What the goals speak of: each as a ratio of medians and as a ratio of shortest runs."""

    def ratio(over: str, under: str) -> dict[str, float]:
        return {
            "medians": series[over].median / series[under].median,
            "shortest": series[over].least / series[under].least,
        }

    return {
        "first_to_duckdb_once": ratio("canbo_first", "duckdb_once"),
        "duckdb_filter_to_first": ratio("duckdb_filter", "canbo_first"),
        "duckdb_each_to_first": ratio("duckdb_each", "canbo_first"),
        "postgresql_each_to_first": ratio("postgresql_each", "canbo_first"),
        "postgresql_units_only_to_first": ratio("postgresql_each_units_only", "canbo_first"),
        "first_to_numpy": ratio("canbo_first", "numpy"),
        "again_to_numpy": ratio("canbo_again", "numpy"),
        "again_to_numpy_counts": ratio("canbo_again", "numpy_counts"),
        "names_to_numpy": ratio("canbo_names", "numpy"),
        "another_to_numpy": ratio("canbo_another", "numpy"),
        "difference_to_numpy": ratio("canbo_difference", "numpy"),
    }
