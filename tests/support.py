"""Small data made by hand, and schemes written in the test that uses them."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

import pyarrow as pa

from canbo.datasets.bundle import Datasets
from canbo.datasets.dictionary import dictionary
from canbo.datasets.store import Store
from canbo.measure.checking import measurable_scheme
from canbo.measure.scheme import Scheme
from canbo.measure.sets import Measurer

DAY = date(2021, 12, 31)

PERSON = {"sex": "male", "post_kind": "professional", "staff_kind": "civil_servant"}


def table(dataset: str, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Rows as a canonical table with the columns that any row has."""
    columns = [column for column in dictionary()[dataset].columns.values() if any(column.name in row for row in rows)]
    made = {}
    for column in columns:
        values = [row.get(column.name) for row in rows]
        if column.kind == "codes":
            made[column.name] = pa.array(values, pa.string()).dictionary_encode().cast(column.arrow_type)
        else:
            made[column.name] = pa.array(values, column.arrow_type)
    return pa.table(made)


def unit(unit_id: str, parent: str | None, level: str, kind: str = "locality", **more: Any) -> dict[str, Any]:
    """One unit, named by its id."""
    return {"unit_id": unit_id, "name": f"Đơn vị {unit_id}", "parent_id": parent, "level": level, "kind": kind, **more}


def person(person_id: str, unit_id: str, **more: Any) -> dict[str, Any]:
    """One person, named by the id."""
    filled = {"person_id": person_id, "full_name": f"Nguyễn Văn {person_id}", "birth_date": date(1980, 6, 15)}
    return {**filled, "unit_id": unit_id, **PERSON, **more}


PROVINCE = [
    unit("T", None, "province"),
    unit("S", "T", "province", "state"),
    unit("S1", "S", "province", "division"),
    unit("H1", "T", "district"),
    unit("X1", "H1", "commune"),
    unit("X2", "H1", "commune"),
    unit("H2", "T", "district"),
    unit("X3", "H2", "commune"),
]


def data(data_date: date | None = DAY, **rows: Sequence[Mapping[str, Any]]) -> Datasets:
    """Datasets from rows, with a small province where no units are given."""
    rows.setdefault("units", PROVINCE)
    return Datasets({name: table(name, given) for name, given in rows.items()}, data_date)


HEAD = """\
id: test
title: Đề án thử
province: Thái Nguyên
documents: [{kind: Đề án, number: "01-ĐA/TU"}]
period: {start: 2021-01-01, end: 2025-12-31}
rounding: {mode: truncate, places: 2}
"""


def write_scheme(folder: Path, indicators: str, *, head: str = HEAD, populations: str = "") -> Path:
    """A scheme file with the indicators given as YAML list items."""
    text = head
    if populations:
        text += "populations:\n" + indent(dedent(populations), "  ")
    text += "indicators:\n" + indent(dedent(indicators), "  ")
    path = folder / "scheme.yaml"
    path.write_text(text, "utf-8")
    return path


def scheme(folder: Path, indicators: str, **more: str) -> Scheme:
    """A scheme ready to measure."""
    return measurable_scheme(write_scheme(folder, indicators, **more))


def measurer(folder: Path, indicators: str, datasets: Datasets, **more: str) -> Measurer:
    """A scheme over data, ready to be asked."""
    return Measurer(scheme(folder, indicators, **more), Store(datasets))
