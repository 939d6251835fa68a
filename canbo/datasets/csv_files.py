"""Reading one CSV file: encoding, separator, rows of unequal length. Judges no values."""

import csv
import io
import re
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from canbo.common.findings import Finding, Refused
from canbo.common.language import pick
from canbo.common.text import nfc
from canbo.datasets.encode import TOP
from canbo.datasets.raw import RawSheet

MAX_BYTES = 4 << 30
MAX_COLUMNS = 1000
MAX_FIELD = 1 << 20
SEPARATORS = ",;\t|"

_BLANK_LINE = re.compile(rb"\A\r?\n|\n\r?\n")


def read_csv(path: Path, name: str) -> tuple[RawSheet, list[Finding]]:
    """A CSV file in UTF-8 (with or without a mark), UTF-16 with a mark or, told of, Windows-1258.

    :raises Refused: it is too large or no text.
    """
    if path.stat().st_size > MAX_BYTES:
        raise Refused(
            pick(
                f"Tệp “{path.name}” quá lớn. Hãy dùng Parquet, hoặc chia thành nhiều phần.",
                f"“{path.name}” is too large. Use Parquet, or split it.",
            )
        )
    data, findings = _utf8(path, name)
    separator = _separator(data)
    if data[: data.find(b"\n") if b"\n" in data else None].count(separator.encode()) >= MAX_COLUMNS:
        raise Refused(
            pick(
                f"Dòng đầu của tệp “{path.name}” có hơn {MAX_COLUMNS} cột. Hãy xóa các cột thừa.",
                f"The first line of “{path.name}” has more than {MAX_COLUMNS} columns. Remove the surplus ones.",
            )
        )
    sheet = _read_quickly(data, separator, name)
    if sheet is None:
        sheet = _read_slowly(path, data, separator, name)
    return sheet, findings


def _utf8(path: Path, name: str) -> tuple[bytes, list[Finding]]:
    data = path.read_bytes()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        data = data.decode("utf-16", "replace").encode()
    data = data.removeprefix(b"\xef\xbb\xbf")
    if b"\x00" in data[:4096]:
        raise _no_text(path)
    try:
        pa.array([data], pa.binary()).cast(pa.string())
        return data, []
    except pa.ArrowInvalid:
        pass
    try:
        text = nfc(data.decode("cp1258"))
    except UnicodeDecodeError as error:
        raise _no_text(path) from error
    message = pick(
        "Tệp không phải UTF-8; được đọc theo bảng mã Windows-1258, dấu tiếng Việt có thể sai.",
        "The file is not UTF-8; it is read as Windows-1258, and marks may be wrong.",
    )
    advice = pick("Lưu lại dạng “CSV UTF-8”.", "Save it as “CSV UTF-8”.")
    return text.encode(), [Finding("warning", "bad_type", message, advice, sheet=name)]


def _no_text(path: Path) -> Refused:
    return Refused(
        pick(
            f"Tệp “{path.name}” không phải là CSV dạng UTF-8. Trong Excel, hãy lưu lại dạng “CSV UTF-8”.",
            f"“{path.name}” is no CSV in UTF-8. In Excel, save it as “CSV UTF-8”.",
        )
    )


def _separator(data: bytes) -> str:
    """The separator that stands most often in one of the first lines."""
    lines = data[:65536].decode("utf-8", "replace").splitlines()[:TOP]
    return max(SEPARATORS, key=lambda mark: max((line.count(mark) for line in lines), default=0))


def _read_quickly(data: bytes, separator: str, name: str) -> RawSheet | None:
    """By Arrow, where every line is one row of equal length; else None."""
    if not data.strip() or _BLANK_LINE.search(data):
        return None
    try:
        first = next(csv.reader(io.StringIO(data[: 1 << 16].decode("utf-8", "replace")), delimiter=separator))
        names = [str(place) for place in range(len(first))]
        table = pacsv.read_csv(
            pa.py_buffer(data),
            read_options=pacsv.ReadOptions(column_names=names, block_size=16 << 20),
            parse_options=pacsv.ParseOptions(delimiter=separator),
            convert_options=pacsv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), null_values=[""]),
        )
    except (pa.ArrowInvalid, csv.Error, StopIteration):
        return None
    lines = data.count(b"\n") + (not data.endswith(b"\n"))
    if table.num_rows != lines:  # lines broken within quotes: rows would not stand at the numbers a person sees
        return None
    return _sheet(name, [_whole(column) for column in table.columns], np.arange(1, table.num_rows + 1))


def _whole(column: pa.ChunkedArray) -> pa.Array:
    array = column.combine_chunks()
    return pa.concat_arrays(array.chunks) if isinstance(array, pa.ChunkedArray) else array


def _read_slowly(path: Path, data: bytes, separator: str, name: str) -> RawSheet:
    """Row by row: short rows are filled up with empty cells, lines broken within quotes are counted as lines."""
    csv.field_size_limit(MAX_FIELD)
    reader = csv.reader(io.StringIO(data.decode("utf-8"), newline=""), delimiter=separator)
    rows: list[list[str]] = []
    lines: list[int] = []
    line = 1
    try:
        for row in reader:
            rows.append(row[:MAX_COLUMNS])
            lines.append(line)
            line = reader.line_num + 1
    except csv.Error as error:
        raise Refused(
            pick(
                f"Tệp “{path.name}” hỏng ở dòng {reader.line_num}: có lẽ thiếu dấu ngoặc kép đóng. Hãy sửa dòng đó.",
                f"“{path.name}” is damaged at line {reader.line_num}: perhaps a quote is not closed. Mend that line.",
            )
        ) from error
    width = max(map(len, rows), default=0)
    columns = [[row[place] if place < len(row) else "" for row in rows] for place in range(width)]
    return _sheet(name, [pa.array(column, pa.string()) for column in columns], np.array(lines, dtype=np.int64))


def _sheet(name: str, columns: list[pa.Array], lines: np.ndarray[tuple[int], np.dtype[np.int64]]) -> RawSheet:
    top, rest = (column.slice(0, TOP) for column in columns), (column.slice(TOP) for column in columns)
    return RawSheet(name, tuple(top), tuple(rest), lines)
