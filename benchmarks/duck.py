"""DuckDB by hand, in the shapes that people write: predicates once, `FILTER`, one query for each indicator."""

from collections.abc import Sequence

import duckdb
import numpy as np
import numpy.typing as npt

from benchmarks.indicators import CRITERIA, POPULATIONS
from benchmarks.roster import LEVELS, Roster, rolled_up

Table = npt.NDArray[np.int64]
Rows = list[tuple[int, int, int]]


class Duck:
    """A narrow roster table sorted by unit, in memory."""

    def __init__(self, roster: Roster, chosen: Sequence[tuple[int, int]]) -> None:
        self.tree = roster.tree
        self.chosen = chosen
        self.groups = sorted({p for p, _ in chosen})
        self.connection = duckdb.connect(":memory:")
        table = roster.table
        for level in LEVELS:
            table = table.append_column(f"at_{level}", [roster.level_places(level)[table["leaf"].to_numpy()]])
        self.connection.register("incoming", table)
        self.connection.execute("CREATE TABLE roster AS SELECT * FROM incoming ORDER BY leaf")
        self.connection.unregister("incoming")

    def predicates_once(self) -> tuple[Table, Table]:
        """The best shape known: predicates in a subquery, `count_if`; the roll-up in NumPy."""
        criteria = sorted({c for _, c in self.chosen})
        inner = [f"{POPULATIONS[p].sql} p{p}" for p in self.groups] + [f"{CRITERIA[c].sql} c{c}" for c in criteria]
        outer = [f"count_if(p{p} and c{c})" for p, c in self.chosen] + [f"count_if(p{p})" for p in self.groups]
        return self._one_query(outer, f"(SELECT leaf, {', '.join(inner)} FROM roster)")

    def filters(self) -> tuple[Table, Table]:
        """The usual form: `count(*) FILTER (WHERE …)`, every condition written out; denominators shared."""
        outer = [f"count(*) FILTER (WHERE {POPULATIONS[p].sql} AND {CRITERIA[c].sql})" for p, c in self.chosen] + [
            f"count(*) FILTER (WHERE {POPULATIONS[p].sql})" for p in self.groups
        ]
        return self._one_query(outer, "roster")

    def _one_query(self, aggregates: Sequence[str], source: str) -> tuple[Table, Table]:
        named = ", ".join(f"{one} AS a{number}" for number, one in enumerate(aggregates))
        found = self.connection.sql(f"SELECT leaf, {named} FROM {source} GROUP BY leaf").fetchnumpy()
        counts = np.zeros((len(aggregates), len(self.tree.ids)), np.int64)
        leaves = found["leaf"]
        for number in range(len(aggregates)):
            counts[number, leaves] = found[f"a{number}"]
        whole = rolled_up(counts, self.tree)
        return whole[: len(self.chosen)], whole[len(self.chosen) :]

    def one_by_one(self, level: str, chosen: Sequence[tuple[int, int]]) -> list[Rows]:
        """A query for each indicator, at one level: (place of the unit, numerator, denominator)."""
        return [self.connection.execute(per_indicator(p, c, level)).fetchall() for p, c in chosen]


def per_indicator(group: int, criterion: int, level: str) -> str:
    """What an officer's SQL for one indicator at one level looks like; DuckDB and PostgreSQL take the same."""
    return (
        f"SELECT at_{level}, count(*) FILTER (WHERE {CRITERIA[criterion].sql}), count(*) FROM roster "
        f"WHERE {POPULATIONS[group].sql} AND at_{level} >= 0 GROUP BY at_{level}"
    )
