"""Writes a province as a folder of Parquet files, whole or not at all. Workbooks are written with the datasets."""

import os
import secrets
import shutil
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from canbo.common.findings import Refused
from canbo.common.language import pick as say
from canbo.datasets.dictionary import dictionary
from canbo.sample.province import Province

ROWS_TOGETHER = 500_000


def write_parquet(province: Province, folder: Path) -> None:
    """DATASET.parquet for each table and info.yaml, in a folder that only its owner can read (0700, files 0600).

    The same province gives the same bytes. A folder that holds an earlier sample, and nothing else, is replaced.

    :raises Refused: when the folder holds anything else or cannot be made.
    """
    if not _is_free(folder):
        raise Refused(
            say(
                f"“{folder}” đang có dữ liệu khác. Hãy chọn thư mục mới hoặc thư mục trống.",
                f"“{folder}” holds something else. Choose a new or an empty folder.",
            )
        )
    mark = secrets.token_hex(4)
    temporary, aside = (folder.with_name(f".{folder.name}-{mark}-{part}") for part in ("new", "old"))
    try:
        temporary.mkdir(mode=0o700)
        _write_files(province, temporary)
        if folder.exists():
            folder.replace(aside)
        temporary.replace(folder)
    except OSError as error:
        why = error.strerror or str(error)
        raise Refused(
            say(
                f"Không ghi được thư mục “{folder}” ({why}). Hãy chọn nơi khác hoặc xin quyền ghi.",
                f"Cannot write the folder “{folder}” ({why}). Choose another place or ask for the right to write.",
            )
        ) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
        if aside.exists() and not folder.exists():
            aside.replace(folder)
        shutil.rmtree(aside, ignore_errors=True)


def _is_free(folder: Path) -> bool:
    """Whether the folder is new, empty or an earlier sample."""
    if not folder.exists():
        return True
    ours = {f"{name}.parquet" for name in dictionary()} | {"info.yaml"}
    return folder.is_dir() and all(path.name in ours for path in folder.iterdir())


def _write_files(province: Province, folder: Path) -> None:
    for name, table in province.tables.items():
        _write_table(table, folder / f"{name}.parquet")
    info = {"data_date": province.data_date, "title": province.title}
    text = yaml.safe_dump(info, allow_unicode=True, sort_keys=False, width=200)
    with _open(folder / "info.yaml") as file:
        file.write(text.encode())


def _write_table(table: pa.Table, path: Path) -> None:
    with _open(path) as file:
        pq.write_table(table, file, compression="zstd", row_group_size=ROWS_TOGETHER, write_page_index=False)


def _open(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb")
