"""Interleaved repeats of several competitors, and what is kept of them. Measures nothing itself."""

import gc
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Series:
    """The seconds of one competitor, run by run: by the clock, and of processors used (of this process, all threads).

    ``factor``: by how much one run is extrapolated, 1 where not at all.
    """

    seconds: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    factor: float = 1.0

    @property
    def median(self) -> float:
        """Median seconds by the clock, extrapolated where only a part was run."""
        return statistics.median(self.seconds) * self.factor

    @property
    def least(self) -> float:
        """The shortest run, which a busy machine disturbs least."""
        return min(self.seconds) * self.factor

    def as_json(self) -> dict[str, Any]:
        """For the results file; seconds."""
        return {
            "median": self.median,
            "min": self.least,
            "max": max(self.seconds) * self.factor,
            "cpu_median": statistics.median(self.cpu) * self.factor,
            "repeats": len(self.seconds),
            "extrapolated_by": self.factor,
        }


@dataclass(frozen=True)
class Run:
    """One competitor: what is done untimed before each run, what is timed, and in how many rounds it takes part."""

    timed: Callable[[], Any]
    before: Callable[[], Any] | None = None
    rounds: int | None = None
    factor: float = 1.0


def interleave(runs: Mapping[str, Run], repeats: int) -> tuple[dict[str, Series], dict[str, Any]]:
    """Run A B C A B C …; give the times, and what each returned in its last run.

    A first round that is not counted warms up whoever takes part in all rounds.
    """
    series = {name: Series(factor=run.factor) for name, run in runs.items()}
    last: dict[str, Any] = {}
    for turn in range(-1, repeats):
        for name, run in runs.items():
            if run.rounds is not None and not 0 <= turn < run.rounds:
                continue
            last[name] = None
            if run.before is not None:
                run.before()
            gc.collect()
            cpu, clock = time.process_time(), time.perf_counter()
            last[name] = run.timed()
            taken, used = time.perf_counter() - clock, time.process_time() - cpu
            if turn >= 0:
                series[name].seconds.append(taken)
                series[name].cpu.append(used)
    return series, last
