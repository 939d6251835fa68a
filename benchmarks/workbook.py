"""Reading a workbook of people: CanBo (checked, derived) against bare calamine and against openpyxl + pandas."""

from collections.abc import Callable
from datetime import datetime, time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import xlsxwriter
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from benchmarks.data import DAY, FORM, RESULTS, SEED, cached, load
from benchmarks.timing import Run, Series, interleave
from canbo.codes import code_list
from canbo.datasets.dictionary import Column, dictionary
from canbo.datasets.reading import read
from canbo.datasets.store import Store
from canbo.norms.retirement import FIRST_MONTH, retirement_days

_YES, _NO = "Có", "Không"
_SAVED = datetime.combine(DAY, time())


def workbook_of(people: int) -> Path:
    """The workbook, made where it is not there yet, as Excel saves one: texts shared, days as numbers with a format."""
    path = RESULTS / "cache" / f"people-{people}-{SEED}-{FORM}.xlsx"
    if not path.exists():
        tables = dict(load(cached(people)).tables)
        tables["people"] = _with_retirement(tables["people"])
        path.parent.mkdir(parents=True, exist_ok=True)
        with xlsxwriter.Workbook(str(path), {"default_date_format": "dd/mm/yyyy"}) as workbook:
            workbook.set_properties({"created": _SAVED})
            for name, table in tables.items():
                _write(workbook.add_worksheet(dictionary()[name].vi), name, table)
    return path


def _with_retirement(people: pa.Table) -> pa.Table:
    """All 34 columns of the dataset: those of the file, and the retirement day that a file may carry."""
    born = people["birth_date"].to_numpy().astype("datetime64[M]").astype(int) + 12 * (1970 - FIRST_MONTH[0])
    days = np.where(people["sex"].to_pandas() == "male", retirement_days("male")[born], retirement_days("female")[born])
    return people.append_column("retires_on", pa.array(days, pa.date32()))


def _write(sheet: Any, name: str, table: pa.Table) -> None:
    spec = dictionary()[name].columns
    for place, column in enumerate(table.column_names):
        sheet.write_string(0, place, spec[column].vi)
        shown = _shown(spec[column])
        for row, value in enumerate(table[column].to_pylist(), start=1):
            if value is not None:
                sheet.write(row, place, shown(value))


def _shown(column: Column) -> Callable[[Any], Any]:
    if column.kind == "codes":
        labels = {code.key: code.vi for code in code_list(column.codes or "").codes.values()}
        return labels.__getitem__
    if column.kind == "boolean":
        return lambda value: _YES if value else _NO
    return lambda value: value


def by_canbo(path: Path) -> Any:
    """Inspected, read in a child process, every cell checked, loaded, and the people of the day derived."""
    store = Store(read(path))
    store.table("people", DAY)
    return store.data


def by_calamine(path: Path) -> dict[str, list[list[Any]]]:
    """Only the cells of all sheets, as Python values."""
    workbook = CalamineWorkbook.from_path(str(path))
    return {name: workbook.get_sheet_by_name(name).to_python() for name in workbook.sheet_names}


def by_pandas(path: Path) -> dict[str, pd.DataFrame]:
    """As a careful officer who programs would: openpyxl read-only, then frames with days, codes and flags parsed.

    No fault is looked for beyond what fails to parse; the age on the day is derived.
    """
    workbook = load_workbook(path, read_only=True, data_only=True)
    frames = {name: _frame(workbook[dictionary()[name].vi], name) for name in ("units", "people")}
    workbook.close()
    people = frames["people"]
    born = people["birth_date"].dt
    number = born.year * 10000 + born.month * 100 + born.day
    people["age"] = (DAY.year * 10000 + DAY.month * 100 + DAY.day - number) // 10000
    return frames


def _frame(sheet: Any, name: str) -> pd.DataFrame:
    rows = sheet.iter_rows(values_only=True)
    spec = dictionary()[name]
    heads = [column.name if (column := spec.find(head)) else head for head in next(rows)]
    frame = pd.DataFrame(rows, columns=heads)
    for head in heads:
        column = spec.columns[head]
        if column.kind == "date":
            frame[head] = pd.to_datetime(frame[head], format="%d/%m/%Y", errors="coerce")
        elif column.kind == "codes":
            keys = {code.vi: code.key for code in code_list(column.codes or "").codes.values()}
            frame[head] = frame[head].map(keys).astype("category")
        elif column.kind == "boolean":
            frame[head] = frame[head].map({_YES: True, _NO: False}).astype("boolean")
    return frame


def compare_workbook(people: int, repeats: int) -> dict[str, Any]:
    """Times in seconds by reader; what CanBo and pandas understood is checked equal, column by column."""
    path = workbook_of(people)
    runs = {
        "canbo": Run(lambda: by_canbo(path)),
        "calamine": Run(lambda: by_calamine(path)),
        "openpyxl_pandas": Run(lambda: by_pandas(path), rounds=min(repeats, 3)),
    }
    series, last = interleave(runs, repeats)
    _check(last, people)
    return {
        "people": people,
        "columns": last["canbo"].tables["people"].num_columns,
        "file_mb": path.stat().st_size / 1e6,
        "findings": len(last["canbo"].findings),
        "series": {name: one.as_json() for name, one in series.items()},
        "ratios": _ratios(series),
    }


def _check(last: dict[str, Any], people: int) -> None:
    """All readers saw all rows, and CanBo and pandas the same values.

    :raises AssertionError: naming the column that differs.
    """
    ours, theirs = last["canbo"].tables["people"], last["openpyxl_pandas"]["people"]
    assert ours.num_rows == len(theirs) == len(last["calamine"][dictionary()["people"].vi]) - 1 == people
    for name, column in dictionary()["people"].columns.items():
        if name in ours.column_names and name in theirs.columns:
            left = [_plain(value) for value in ours[name].to_pylist()]
            right = [_plain(value, column.empty) for value in theirs[name].astype(object).tolist()]
            assert left == right, f"{name} is read otherwise by pandas"


def _plain(value: Any, empty: Any = None) -> Any:
    """A cell of either as a plain value; ``empty`` is what the dictionary says of an empty cell, which pandas keeps."""
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return empty
    return value.date() if isinstance(value, datetime) else value


def _ratios(series: dict[str, Series]) -> dict[str, dict[str, float]]:
    def ratio(over: str, under: str) -> dict[str, float]:
        return {
            "medians": series[over].median / series[under].median,
            "shortest": series[over].least / series[under].least,
        }

    return {
        "canbo_to_calamine": ratio("canbo", "calamine"),
        "openpyxl_pandas_to_canbo": ratio("openpyxl_pandas", "canbo"),
    }
