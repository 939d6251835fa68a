"""Reading a folder of DATASET.csv or DATASET.parquet files into raw sheets. Judges no values."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from canbo.common.findings import Finding, Refused
from canbo.common.language import pick
from canbo.datasets.csv_files import read_csv
from canbo.datasets.matching import Matches
from canbo.datasets.raw import RawSheet

MAX_BYTES = 6 << 30
"""Unpacked bytes of one Parquet dataset; a country's people are some 2 GB."""

_EXACT = 1 << 53


def read_folder(folder: Path, matches: Matches) -> tuple[list[RawSheet], list[str], list[Finding]]:
    """The sheets that are ours, the names of the others, and findings about whole files and columns.

    :raises Refused: a file of a known name cannot be read.
    """
    sheets: list[RawSheet] = []
    others: list[str] = []
    findings: list[Finding] = []
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith((".", "_")) or entry.name.lower() in ("info.yaml", "readme.md", "readme.txt"):
            continue
        form = _form(entry)
        name = entry.name.removesuffix(entry.suffix) if entry.suffix.lower() in (".csv", ".parquet") else entry.name
        if form is None or matches.dataset_of(name) is None:
            others.append(entry.name)
            continue
        read = read_csv if form == "csv" else read_parquet
        sheet, found = read(entry, name)
        sheets.append(sheet)
        findings += found
    return sheets, others, findings


def _form(entry: Path) -> str | None:
    if entry.is_dir():
        return "parquet" if any(entry.glob("*.parquet")) else None
    if not entry.is_file():  # a device or a pipe would never end
        return None
    return {".csv": "csv", ".parquet": "parquet"}.get(entry.suffix.lower())


def read_parquet(path: Path, name: str) -> tuple[RawSheet, list[Finding]]:
    """A Parquet file, or all the parts of a folder by name.

    :raises Refused: it is damaged or too large.
    """
    parts = sorted(path.glob("*.parquet")) if path.is_dir() else [path]
    try:
        size = sum(_unpacked(part) for part in parts)
        if size > MAX_BYTES:
            raise Refused(
                pick(
                    f"“{path.name}” quá lớn để đọc an toàn (bung ra {size >> 20} MB). Hãy chia dữ liệu theo tỉnh.",
                    f"“{path.name}” is too large to be read safely ({size >> 20} MB unpacked). Split it by province.",
                )
            )
        tables = [pq.ParquetFile(part).read() for part in parts]
        table = tables[0] if len(tables) == 1 else pa.concat_tables(tables, promote_options="permissive")
    except (pa.ArrowException, OSError, ValueError) as error:
        raise Refused(
            pick(
                f"Tệp Parquet “{path.name}” đã hỏng hoặc các phần không khớp nhau. Hãy xuất lại.",
                f"The Parquet file “{path.name}” is damaged, or its parts do not fit together. Export it again.",
            )
        ) from error
    heads: list[str] = []
    columns: list[pa.Array] = []
    findings: list[Finding] = []
    for head, values in zip(table.column_names, table.columns, strict=True):
        plain = _plain(values)
        if plain is None:
            findings.append(_odd_type(name, head, str(values.type)))
            continue
        heads.append(head)
        columns.append(plain)
    top = tuple(pa.array([head], pa.string()) for head in heads)
    return RawSheet(name, top, tuple(columns), np.arange(table.num_rows + 1)), findings


def _unpacked(part: Path) -> int:
    metadata = pq.ParquetFile(part).metadata
    return sum(int(metadata.row_group(group).total_byte_size) for group in range(metadata.num_row_groups))


def _plain(values: pa.ChunkedArray) -> pa.Array | None:
    """The column as text, codes over text, float64, date32 or bool; None where it is of no such kind."""
    kind = values.type
    if pa.types.is_dictionary(kind):
        if not (pa.types.is_string(kind.value_type) or pa.types.is_large_string(kind.value_type)):
            return _plain(values.cast(kind.value_type))
        whole = values.unify_dictionaries().combine_chunks()
        whole = _single(whole, kind)
        return pa.DictionaryArray.from_arrays(whole.indices, whole.dictionary.cast(pa.string()))
    target = _target(values)
    return None if target is None else _single(values.cast(target, safe=False).combine_chunks(), target)


def _target(values: pa.ChunkedArray) -> pa.DataType | None:
    kind = values.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return pa.string()
    if pa.types.is_null(kind):
        return pa.string()
    if pa.types.is_integer(kind):
        long = kind.bit_width == 64 and any(abs(end or 0) > _EXACT for end in _ends(values))
        return pa.string() if long else pa.float64()
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return pa.float64()
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        return pa.date32()
    return pa.bool_() if pa.types.is_boolean(kind) else None


def _ends(values: pa.ChunkedArray) -> tuple[int | None, int | None]:
    ends = pc.min_max(values).as_py()
    return ends["min"], ends["max"]


def _single(array: pa.Array | pa.ChunkedArray, kind: pa.DataType) -> pa.Array:
    if not isinstance(array, pa.ChunkedArray):
        return array
    return pa.concat_arrays(array.chunks) if array.num_chunks else pa.array([], kind)


def _odd_type(sheet: str, head: str, kind: str) -> Finding:
    return Finding(
        "error",
        "bad_type",
        pick(f"Cột “{head}” có kiểu {kind}, không đọc được; cột này không được dùng.", f"Column “{head}” is a {kind}."),
        pick("Ghi cột thành chữ, số, ngày hoặc đúng/sai.", "Write it as text, numbers, days or booleans."),
        sheet=sheet,
        column=head,
        value=kind,
    )
