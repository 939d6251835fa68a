"""Datasets as a folder of Parquet files: the same tables give the same bytes. Readable by the owner only."""

import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import yaml

from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.datasets.bundle import BIRTH_LATEST

WRITER = f"pyarrow {pa.__version__}"
_ROWS_TOGETHER = 500_000


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """Give a temporary sibling (0700) to fill; on success it takes the name, on failure nothing is left behind.

    :raises Refused: the folder exists and is not empty, or cannot be made.
    """
    temporary = folder.with_name(f".{folder.name}-{secrets.token_hex(4)}")
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise Refused(
                pick(
                    f"“{folder}” đang có dữ liệu. Hãy chọn thư mục mới hoặc thư mục trống.",
                    f"“{folder}” holds something. Choose a new or an empty folder.",
                )
            )
        temporary.mkdir(mode=0o700)
        yield temporary
        temporary.replace(folder)
    except OSError as error:
        why = error.strerror or str(error)
        raise Refused(
            pick(
                f"Không ghi được thư mục “{folder}” ({why}). Hãy chọn nơi khác hoặc xin quyền ghi.",
                f"Cannot write the folder “{folder}” ({why}). Choose another place or ask for the right to write.",
            )
        ) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def write_files(tables: Mapping[str, pa.Table], info: Mapping[str, Any], folder: Path) -> dict[str, str]:
    """DATASET.parquet for each table and info.yaml into a folder; gives the SHA-256 of each file by its name.

    Rows are sorted by all their columns, so that equal content gives equal bytes from one version of the writer.
    """
    hashes = {}
    for name, table in tables.items():
        buffer = pa.BufferOutputStream()
        pq.write_table(
            sorted_rows(table), buffer, compression="zstd", row_group_size=_ROWS_TOGETHER, write_page_index=False
        )
        hashes[f"{name}.parquet"] = _write(folder / f"{name}.parquet", memoryview(buffer.getvalue()))
    text = yaml.safe_dump(dict(info), allow_unicode=True, sort_keys=False, width=200)
    hashes["info.yaml"] = _write(folder / "info.yaml", memoryview(text.encode()))
    return hashes


def sorted_rows(table: pa.Table) -> pa.Table:
    """The rows in the order of their values; births known by month or year only as the text that reads back as such."""
    if BIRTH_LATEST in table.column_names:
        table = _births_as_text(table)
    plain = pa.table(
        {
            name: table[name].cast(pa.string()) if pa.types.is_dictionary(table[name].type) else table[name]
            for name in table.column_names
        }
    )
    order = pc.sort_indices(plain, sort_keys=[(name, "ascending") for name in plain.column_names])
    return table.take(order).combine_chunks()


def hash_of_file(path: Path) -> str:
    """The SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _births_as_text(table: pa.Table) -> pa.Table:
    pairs = zip(table["birth_date"].to_pylist(), table[BIRTH_LATEST].to_pylist(), strict=True)
    shown = pa.array([_birth(first, last) for first, last in pairs], pa.string())
    place = table.column_names.index("birth_date")
    return table.set_column(place, "birth_date", shown).drop_columns([BIRTH_LATEST])


def _birth(first: date, last: date) -> str:
    if first == last:
        return first.isoformat()
    return f"{first.year}" if (last - first).days > 31 else f"{first:%m/%Y}"


def _write(path: Path, content: memoryview) -> str:
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return hashlib.sha256(content).hexdigest()
