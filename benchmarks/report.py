"""The goals, and the results beside them as a table to read. Measures nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

_COMPETITORS = {
    "canbo_first": "CanBo, first answer: compile, evaluate, count, roll up",
    "canbo_again": "CanBo, asked again: all indicators, predicates known",
    "canbo_names": "CanBo, names of one commune with reasons",
    "canbo_another": "CanBo, a target not in the scheme",
    "canbo_difference": "CanBo, who is in one set and not in the other",
    "canbo_report": "CanBo, measure_all by unit: result objects, data version",
    "duckdb_once": "DuckDB, predicates once, count_if, sorted, narrow",
    "duckdb_filter": "DuckDB, usual FILTER form",
    "duckdb_each": "DuckDB, a query per indicator and level",
    "postgresql_each": "PostgreSQL, a query per indicator and level",
    "postgresql_each_units_only": "PostgreSQL, a query per indicator, units only",
    "numpy": "NumPy by hand: bitmaps, counts, roll-up",
    "numpy_counts": "NumPy by hand, bitmaps ready: counts, roll-up",
    "canbo": "CanBo: read, checked, loaded, derived",
    "calamine": "calamine bare: cells as Python values",
    "by_hand": "PostgreSQL: people of a day, one statement by hand",
    "roster": "CanBo: people of a day, from the register",
    "mirror": "CanBo: people of a day, from memory",
    "mirror_refresh": "CanBo: memory brought up to date, nothing new",
    "unscoped": "a list of everybody, no mandate asked",
    "scoped": "the same list through a mandate's scope",
    "openpyxl_pandas": "openpyxl + pandas: days and codes parsed",
}


@dataclass(frozen=True)
class Goal:
    """A ratio and what it should be: at most or at least ``limit``."""

    ratio: str
    words: str
    limit: float
    at_least: bool = False

    def is_met(self, value: float) -> bool:
        """Whether the goal holds."""
        return value >= self.limit if self.at_least else value <= self.limit


_AGAIN = (
    Goal("again_to_numpy", "again, all indicators / NumPy pass", 2),
    Goal("names_to_numpy", "again, a list of names / NumPy pass", 2),
    Goal("another_to_numpy", "again, another target / NumPy pass", 2),
    Goal("difference_to_numpy", "again, a difference of sets / NumPy pass", 2),
)
_LARGE = (
    Goal("first_to_duckdb_once", "first / DuckDB's best by hand", 1.2),
    Goal("duckdb_filter_to_first", "DuckDB FILTER / first", 7, at_least=True),
    Goal("postgresql_each_to_first", "PostgreSQL per indicator / first", 300, at_least=True),
    *_AGAIN,
)
_SMALL = (Goal("first_to_duckdb_once", "first / DuckDB's best by hand", 1.0),)
WORKBOOK = (
    Goal("canbo_to_calamine", "CanBo / bare calamine", 3),
    Goal("openpyxl_pandas_to_canbo", "openpyxl + pandas / CanBo", 3, at_least=True),
)
REGISTER = (
    Goal("roster_to_by_hand", "roster / one statement by hand", 1.5),
    Goal("by_hand_to_mirror", "one statement by hand / memory", 3, at_least=True),
    Goal("bulk_to_copy", "bulk load with history / COPY, same constraints", 1.5),
    Goal("scoped_to_unscoped", "list through a mandate, asked again / list of all", 1.2),
    Goal("followed_p95_milliseconds", "all indicators current after one change, p95 in milliseconds", 50),
    Goal("workbook_seconds", "a workbook of 60,000 people previewed and imported, seconds", 60),
)
MEMORY_GOAL = 2000.0
"""Peak memory of CanBo in MB at 2,500,000 people, the roster's loading included."""


def goals_for(people: int) -> tuple[Goal, ...]:
    """The goals are set for 60,000 and 2,500,000 people; other sizes have none."""
    return {60_000: _SMALL, 2_500_000: _LARGE}.get(people, ())


def judged(result: Mapping[str, Any], goals: tuple[Goal, ...]) -> list[dict[str, Any]]:
    """Each goal with the ratio of medians and whether it is met, for the results file."""
    found = []
    for goal in goals:
        value = result["ratios"][goal.ratio]["medians"]
        sign = ">=" if goal.at_least else "<="
        found.append({"goal": goal.words, "is": f"{sign} {goal.limit:g}", "value": value, "met": goal.is_met(value)})
    if "memory" in result and result["people"] == 2_500_000:
        for name, words in (("canbo", "first answer"), ("canbo_measure", "measure_all")):
            peak, limit = result["memory"][name]["peak"], f"<= {MEMORY_GOAL:g}"
            found.append({"goal": f"peak MB, {words}", "is": limit, "value": peak, "met": peak <= MEMORY_GOAL})
    return found


def show(console: Console, title: str, result: Mapping[str, Any]) -> None:
    """Times of every competitor, other ratios, memory, and the goals."""
    times = Table(title=title, title_justify="left")
    for head in ("ms, by the clock", "median", "min", "max", "runs"):
        times.add_column(head, justify="left" if head.startswith("ms") else "right")
    for name, one in result["series"].items():
        cells = (f"{one[key] * 1000:,.1f}" for key in ("median", "min", "max"))
        more = " *" if one["extrapolated_by"] != 1 else ""
        times.add_row(_COMPETITORS[name] + more, *cells, str(one["repeats"]))
    console.print(times)
    if any(one["extrapolated_by"] != 1 for one in result["series"].values()):
        console.print("* extrapolated from a part of the indicators, spread evenly over the groups")
    ratios = Table(title="Ratios", title_justify="left")
    for head in ("ratio", "of medians", "of shortest runs"):
        ratios.add_column(head, justify="left" if head == "ratio" else "right")
    for name, one in result["ratios"].items():
        ratios.add_row(name.replace("_", " "), f"{one['medians']:,.2f}", f"{one['shortest']:,.2f}")
    console.print(ratios)
    for name, peak in result.get("memory", {}).items():
        console.print(f"memory of {name}, in a process of its own: peak {peak['peak']:,.0f} MB")
    for goal in result["goals"]:
        console.print(
            f"{'met   ' if goal['met'] else 'MISSED'} {goal['goal']}: {goal['value']:,.2f} (goal {goal['is']})"
        )
