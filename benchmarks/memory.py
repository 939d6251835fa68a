"""Peak memory of one competitor in a process of its own: `python -m benchmarks.memory NAME FOLDER`. Linux only.

The peak includes loading the roster: Parquet, and what each builds of it before it can answer.
"""

import json
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq

from benchmarks.bitlimit import Limit
from benchmarks.data import RESULTS, load
from benchmarks.duck import Duck
from benchmarks.engine import Engine
from benchmarks.indicators import pairs
from benchmarks.roster import Roster
from canbo.datasets.store import Store
from canbo.datasets.units import build_tree
from canbo.measure.reading import usable_scheme

NAMES = ("canbo", "canbo_measure", "duckdb", "numpy")
"""``canbo`` gives the first answer; ``canbo_measure`` all of the command's, the version of the data included."""


def peaks(folder: Path) -> dict[str, dict[str, float]]:
    """Peak and final resident memory of each competitor, in MB, each from its own process."""
    found = {}
    for name in NAMES:
        child = [sys.executable, "-m", "benchmarks.memory", name, str(folder)]
        done = subprocess.run(child, check=True, capture_output=True, text=True, cwd=Path(__file__).parents[1])
        found[name] = json.loads(done.stdout)
    return found


def _run(name: str, folder: Path) -> None:
    chosen = pairs()
    if name.startswith("canbo"):
        scheme, _ = usable_scheme(RESULTS / "cache" / "scheme.yaml")
        engine = Engine(scheme, Store(load(folder)))
        engine.report(by=None) if name == "canbo_measure" else engine.first()
        return
    tree = build_tree(pq.read_table(folder / "units.parquet"))
    roster = Roster(pq.read_table(folder / "narrow.parquet"), tree)
    if name == "duckdb":
        Duck(roster, chosen).predicates_once()
    else:
        Limit(roster, chosen).whole()


def _status(key: str) -> float:
    """A line of this process's status, in MB (10⁶ bytes)."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(key + ":"):
            return int(line.split()[1]) * 1024 / 1e6
    return float("nan")


if __name__ == "__main__":
    _run(sys.argv[1], Path(sys.argv[2]))
    json.dump({"peak": _status("VmHWM"), "at_end": _status("VmRSS")}, sys.stdout)
