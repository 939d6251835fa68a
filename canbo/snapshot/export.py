"""Giving the register out: what import reads again, as a workbook or a folder, with or without names."""

import secrets
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from canbo.datasets.bundle import BIRTH_LATEST, Datasets
from canbo.datasets.dictionary import Column, dictionary
from canbo.datasets.writing import write_workbook
from canbo.snapshot.files import new_folder, write_files

Days = npt.NDArray[np.datetime64]


def write_datasets(taken: Datasets, out: Path, *, made_for: str) -> None:
    """Write a snapshot as .xlsx or, for any other name, as a folder of Parquet files, which read back the same.

    ``made_for``: who made it, when and for what; it stands in the sheet Thông tin or in info.yaml. Only the owner can
    read the files.

    :raises Refused: it cannot be written.
    """
    assert taken.data_date is not None  # a snapshot has its day
    if out.suffix.lower() == ".xlsx":
        write_workbook(taken.tables, out, data_date=taken.data_date, title=taken.title, made_for=made_for)
        return
    info = {"data_date": taken.data_date, "title": taken.title, "content": taken.version, "made_for": made_for}
    with new_folder(out) as folder:
        write_files(taken.tables, info, folder)


def without_names(taken: Datasets) -> Datasets:
    """The kind that may travel: no names or national ids, births by month, people by random numbers.

    The numbers stand in place of codes and names in all tables alike and cannot be led back: nobody keeps the key.
    """
    numbers = _numbers(taken.tables)
    tables = {}
    for name, table in taken.tables.items():
        for column in dictionary()[name].columns.values():
            if column.name in table.column_names and _names_people(column):
                table = _replaced(table, column.name, _numbered(table[column.name], numbers))
        if name == "people":
            table = _without_identity(table)
        tables[name] = table
    return Datasets(tables, taken.data_date, taken.findings, taken.title)


def _names_people(column: Column) -> bool:
    return column.references == "people" or column.name == dictionary()["people"].key


def _numbers(tables: Mapping[str, pa.Table]) -> dict[str, str]:
    """A random number for every code of a person in any table."""
    codes = set()
    for name, table in tables.items():
        for column in dictionary()[name].columns.values():
            if column.name in table.column_names and _names_people(column):
                codes |= set(table[column.name].unique().to_pylist())
    codes.discard(None)
    ordered = sorted(codes)
    secrets.SystemRandom().shuffle(ordered)
    width = len(str(len(ordered)))
    return {code: f"N{number:0{width}d}" for number, code in enumerate(ordered, start=1)}


def _numbered(values: pa.ChunkedArray, numbers: Mapping[str, str]) -> pa.Array:
    return pa.array([None if code is None else numbers[code] for code in values.to_pylist()], pa.string())


def _replaced(table: pa.Table, column: str, values: pa.Array) -> pa.Table:
    return table.set_column(table.column_names.index(column), column, values)


def _without_identity(people: pa.Table) -> pa.Table:
    if "national_id" in people.column_names:
        people = people.drop_columns(["national_id"])
    people = _replaced(people, "full_name", people["person_id"].combine_chunks())
    born = people["birth_date"].to_numpy().astype("datetime64[D]")
    last = people[BIRTH_LATEST].to_numpy().astype("datetime64[D]") if BIRTH_LATEST in people.column_names else born
    first, ends = born.astype("datetime64[M]").astype("datetime64[D]"), _month_ends(last)
    people = _replaced(people, "birth_date", pa.array(first, pa.date32()))
    if BIRTH_LATEST in people.column_names:
        people = people.drop_columns([BIRTH_LATEST])
    people = people.append_column(BIRTH_LATEST, pa.array(ends, pa.date32()))
    # The order of the rows would else tell who is who.
    order = secrets.SystemRandom().sample(range(people.num_rows), people.num_rows)
    return people.take(pa.array(order))


def _month_ends(days: Days) -> Days:
    next_month: Days = (days.astype("datetime64[M]") + 1).astype("datetime64[D]")
    return next_month + np.timedelta64(-1, "D")
