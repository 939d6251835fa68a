"""`python -m benchmarks`: runs the comparisons, prints a table with the goals beside the ratios, writes JSON."""

import argparse
import json
import os
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks.comparing import compare, size_for
from benchmarks.data import RESULTS, cached
from benchmarks.memory import peaks
from benchmarks.register import compare_register
from benchmarks.report import REGISTER, WORKBOOK, goals_for, judged, show
from benchmarks.workbook import compare_workbook

_QUICK, _QUICK_BOOK = 20_000, 2_000
_BOOK = 60_000


def main(arguments: list[str] | None = None) -> None:
    """Run what is asked for."""
    asked = _parser().parse_args(arguments)
    console = Console(width=110)
    if asked.only in (None, "indicators"):
        results = {}
        for people in asked.people or ([_QUICK] if asked.quick else [60_000, 2_500_000]):
            repeats = asked.repeats or (2 if asked.quick else 15 if people <= 500_000 else 7)
            console.print(f"{people:,} people: data, stores and PostgreSQL are being prepared …")
            results[str(people)] = _indicators(people, repeats, console)
        _write(asked.out, "indicators", results, console)
    if asked.only in (None, "workbook"):
        people = _QUICK_BOOK if asked.quick else _BOOK
        console.print(f"A workbook of {people:,} people …")
        result = compare_workbook(people, asked.repeats or (2 if asked.quick else 5))
        result["goals"] = [] if asked.quick else judged(result, WORKBOOK)
        show(console, f"Reading a workbook of {people:,} people × {result['columns']} columns", result)
        _write(asked.out, "workbook", result, console)
    if asked.only in (None, "register"):
        people = _QUICK_BOOK if asked.quick else _BOOK
        console.print(f"A register of {people:,} people …")
        result = compare_register(people, asked.repeats or (2 if asked.quick else 7))
        result["goals"] = [] if asked.quick else judged(result, REGISTER)
        show(console, f"The register: {people:,} people, {result['rows']:,} rows of history", result)
        _write(asked.out, "register", result, console)


def _indicators(people: int, repeats: int, console: Console) -> dict[str, Any]:
    before = os.getloadavg()[0]
    result = compare(people, size_for(people, repeats))
    result["load_average"] = [before, os.getloadavg()[0]]
    result["memory"] = peaks(cached(people))
    result["goals"] = judged(result, goals_for(people))
    title = f"{result['indicators']} indicators, {people:,} people, {result['units']:,} units"
    show(console, f"{title}; all counts equal in every unit", result)
    return result


def _write(folder: Path, name: str, results: dict[str, Any], console: Console) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.json"
    versions = {one: version(one) for one in ("duckdb", "numpy", "pyarrow", "python-calamine", "pandas", "openpyxl")}
    machine = {"processors": os.cpu_count(), "kind": platform.machine(), "python": platform.python_version()}
    document = {"machine": machine, "versions": versions, "results": results}
    path.write_text(json.dumps(document, indent=1) + "\n", "utf-8")
    console.print(f"Written: {path}", soft_wrap=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", choices=("indicators", "workbook", "register"))
    parser.add_argument("--people", type=_numbers, help="sizes, such as 60000,2500000")
    parser.add_argument("--repeats", type=int, help="rounds of every competitor")
    parser.add_argument("--quick", action="store_true", help="small sizes, no goals: does it run?")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of the JSON files")
    return parser


def _numbers(text: str) -> list[int]:
    return [int(one) for one in text.split(",")]


if __name__ == "__main__":
    main()
