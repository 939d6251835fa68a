"""The register on a day, as known then or now, as datasets for the instrument."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection, transaction

from canbo.codes import code_list
from canbo.common.findings import Finding
from canbo.common.language import pick
from canbo.common.numbers import print_count, print_day
from canbo.datasets.bundle import BIRTH_LATEST, Datasets
from canbo.datasets.dictionary import Column, dictionary
from canbo.register.facts import NOT_YET_KNOWN, STATEMENTS, of_people, statement
from canbo.snapshot.copying import copied, fetched

# Days as the reader expects them, and room to sort a province in memory.
_SETTINGS = "SET LOCAL DateStyle = 'ISO'; SET LOCAL work_mem = '128MB'"


def take(day: date, *, known: datetime | None = None) -> Datasets:
    """The register's datasets on a day. ``known`` (aware): as it was known at that moment; None: as known now.

    All tables are of one state of the database. A dataset without rows is left out, and so is a column that nothing is
    known of: absent, not zero. What a source states only since a later day is unknown on this one; a finding
    ``snapshot_other_day`` says how many people that touches.
    """
    with reading():
        tables = {}
        for name in STATEMENTS:
            table = take_dataset(name, day, known=known)
            if table.num_rows:
                tables[name] = table
        findings = later_findings(day, len(not_yet_known(day, known)))
    return Datasets(tables, day, findings, pick("Cơ sở dữ liệu cán bộ", "Personnel register"))


def take_dataset(
    name: str, day: date, *, known: datetime | None = None, people: Collection[int] | None = None
) -> pa.Table:
    """One dataset of the register on a day: canonical columns in the order of the dictionary.

    ``people``: only the rows of these, by their keys.
    """
    dataset = dictionary()[name]
    kinds: dict[str, Column | None] = {column.name: column for column in dataset.columns.values()}
    if name == "people":
        kinds[BIRTH_LATEST] = None
    types = {column: _copied_type(spec) for column, spec in kinds.items()}
    sql = statement(STATEMENTS[name], day, known)
    table = copied(sql, types) if people is None else fetched(of_people(sql, people), types)
    columns = {
        column: _canonical(table[column], kinds[column])
        for column in [*dataset.columns, BIRTH_LATEST]
        if column in table.column_names and (table[column].null_count < table.num_rows or _is_required(kinds[column]))
    }
    if BIRTH_LATEST in columns and columns[BIRTH_LATEST].equals(columns["birth_date"]):
        del columns[BIRTH_LATEST]
    return pa.table(columns)


@contextmanager
def reading() -> Iterator[None]:
    """Read only, all statements on one state of the database; inside a transaction, on what it sees."""
    if connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute(_SETTINGS)
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute(_SETTINGS)
        yield


def _copied_type(column: Column | None) -> pa.DataType:
    if column is None:
        return pa.date32()
    return pa.dictionary(pa.int32(), pa.string()) if column.kind == "codes" else column.arrow_type


def _canonical(values: pa.ChunkedArray, column: Column | None) -> pa.ChunkedArray | pa.Array:
    """Codes as positions in their code list."""
    if column is None or column.codes is None:
        return values.combine_chunks()
    keys = code_list(column.codes).keys
    whole = values.unify_dictionaries().combine_chunks()
    if isinstance(whole, pa.ChunkedArray):
        whole = whole.chunk(0) if whole.num_chunks else pa.array([], values.type)
    places = np.array([keys.index(key) for key in whole.dictionary.to_pylist()] or [0], np.int8)
    empty = whole.is_null().to_numpy(zero_copy_only=False)
    indices = places[pc.fill_null(whole.indices, 0).to_numpy(zero_copy_only=False)]
    return pa.DictionaryArray.from_arrays(pa.array(indices, mask=empty), pa.array(keys, pa.string()))


def _is_required(column: Column | None) -> bool:
    return column is not None and column.required


def not_yet_known(day: date, known: datetime | None = None, people: Collection[int] | None = None) -> set[int]:
    """The people, by key, of whom part is unknown on the day because the source states it only since a later one."""
    sql = statement(NOT_YET_KNOWN, day, known)
    with connection.cursor() as cursor:
        cursor.execute(sql if people is None else of_people(sql, people))
        return {row[0] for row in cursor.fetchall()}


def later_findings(day: date, count: int) -> tuple[Finding, ...]:
    """The remark that of so many people part is unknown on the day."""
    if not count:
        return ()
    number, shown = print_count(count), print_day(day)
    message = pick(
        f"Tại ngày {shown}, một phần thông tin của {number} người là chưa biết: nguồn chỉ ghi từ một ngày sau đó.",
        f"As of {shown}, part of what is kept of {number} people is unknown: the source states it only later.",
    )
    advice = pick(
        "Nhập quá trình có ngày tháng (chức vụ, trình độ, ngạch) để tính được ngày này.",
        "Enter the dated history (posts, qualifications, ranks) to tell this day.",
    )
    return (Finding("warning", "snapshot_other_day", message, advice),)
