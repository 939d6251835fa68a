"""Reading a workbook safely: inspected, then read by a child process while its XML is scanned. Judges no values."""

import contextlib
import json
import lzma
import os
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pyarrow as pa

from canbo.common.findings import Finding, Refused
from canbo.common.language import pick
from canbo.common.text import search_key
from canbo.datasets.dictionary import dictionary
from canbo.datasets.info import SHEET
from canbo.datasets.inspect import inspect, link_finding
from canbo.datasets.raw import RawSheet
from canbo.datasets.reader_child import LOCKED, UNREADABLE
from canbo.datasets.scan import Scan, SheetScan, scan_package

BROKEN_PACKAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    OSError,
    EOFError,
    ValueError,
    RuntimeError,
    LookupError,  # XML in an encoding that nobody knows
)
"""What the standard library raises over packages that are damaged or packed in a way it does not know."""

STUMBLED = 1
"""The child's exit status when the reader panics: over content that it did not expect, or for want of memory."""

MEGABYTES = 3072
SECONDS = 60.0
SECONDS_PER_MEGABYTE = 0.5


def read_workbook(path: Path, *, also: Collection[str] = ()) -> tuple[list[RawSheet], list[str], list[Finding]]:
    """The sheets that are ours, the names of the others, and what is unsafe in the file.

    ``also``: further sheets that are wanted, as ``sheet_key`` writes their names.

    :raises Refused: the file cannot be read, or not safely.
    """
    package = inspect(path)
    findings = list(package.findings)
    seconds = SECONDS + SECONDS_PER_MEGABYTE * (package.unpacked >> 20)
    with ThreadPoolExecutor(1) as pool:
        scanning = pool.submit(scan_package, path, package.form)
        try:
            status, output = _run(path, [], seconds, also)
            scan = scanning.result()
        except BROKEN_PACKAGE as error:
            raise _refusal(path, UNREADABLE) from error
    scan.sheets.update(package.sheets)
    if scan.has_dtd:
        raise _dtd(path)
    if scan.has_links:
        findings.append(link_finding())
    too_wide = [name for name, sheet in scan.sheets.items() if sheet.too_wide]
    if status != 0 and too_wide:
        findings += [_too_wide(name, scan.sheets[name]) for name in too_wide]
        status, output = _run(path, too_wide, seconds, also)
    if status != 0 and too_wide:
        far = _too_wide(too_wide[0], scan.sheets[too_wide[0]])
        raise Refused(f"{far.message} {far.suggestion}", [far])
    if status != 0:
        raise _refusal(path, status)
    sheets, others = _receive(output, scan)
    return sheets, others, findings


def _run(path: Path, skipped: list[str], seconds: float, also: Collection[str]) -> tuple[int, bytes]:
    """Exit status and output of the child; -9 where it took too long."""
    root = str(Path(__file__).parents[2])
    environment = {key: value for key, value in os.environ.items() if key not in ("PYTHONSTARTUP", "RUST_BACKTRACE")}
    environment["PYTHONPATH"] = root
    environment["ARROW_DEFAULT_MEMORY_POOL"] = "system"  # the others reserve address space that the limit counts
    known = [search_key(name) for name in (*SHEET, *(n for d in dictionary().values() for n in (d.vi, d.name)))]
    wanted = json.dumps([*known, *also])
    child = [
        sys.executable,
        "-P",
        "-m",
        "canbo.datasets.reader_child",
        str(path.absolute()),
        str(MEGABYTES),
        wanted,
        *skipped,
    ]
    with subprocess.Popen(
        child, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
    ) as process:
        try:
            output, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            with contextlib.suppress(OSError, ValueError):
                process.communicate()
            return -9, b""
    return process.returncode, output


def _receive(output: bytes, scan: Scan) -> tuple[list[RawSheet], list[str]]:
    sheets, others = [], []
    buffer, place = pa.py_buffer(output), 0
    while place < len(output):
        end = output.index(b"\n", place)
        head = json.loads(output[place:end])
        place = end + 1
        if "top" not in head:
            others.append(head["name"])
            continue
        parts = []
        for size in (head["top"], head["rest"]):
            with pa.ipc.open_stream(buffer.slice(place, size)) as stream:
                parts.append(stream.read_next_batch())
            place += size
        top, rest = parts
        odd = scan.sheets.get(head["name"], SheetScan())
        lines = np.arange(1, top.num_rows + rest.num_rows + 1)
        sheets.append(RawSheet(head["name"], tuple(top), tuple(rest), lines, odd.formulas, odd.errors))
    return sheets, others


def _too_wide(name: str, sheet: SheetScan) -> Finding:
    return Finding(
        "error",
        "too_large",
        pick(
            f"Trang “{name}” trải tới dòng {sheet.rows}, cột thứ {sheet.columns} nên không được đọc: "
            "thường do một ô lạc ở rất xa vùng dữ liệu.",
            f"Sheet “{name}” reaches to row {sheet.rows} and column {sheet.columns} and is not read: "
            "mostly because of a stray cell far away from the data.",
        ),
        pick(
            "Nhấn Ctrl+End để tới ô xa nhất, xóa các dòng và cột thừa, lưu lại.",
            "Press Ctrl+End to reach the furthest cell, delete the surplus rows and columns, and save.",
        ),
        sheet=name,
    )


def _dtd(path: Path) -> Refused:
    vi = (
        f"Không đọc tệp “{path.name}”: bên trong có khai báo DTD hoặc thực thể XML, thứ mà Excel không bao giờ ghi và "
        "thường dùng để gây hại. Hãy chép dữ liệu sang sổ tính mới."
    )
    en = (
        f"“{path.name}” is not read: it declares a DTD or XML entities, which Excel never writes and which are "
        "used to do harm. Copy the data into a new workbook."
    )
    return Refused(pick(vi, en), [Finding("error", "unsafe_content", pick(vi, en))])


def _refusal(path: Path, status: int) -> Refused:
    if status == LOCKED:
        return Refused(
            pick(
                f"Tệp “{path.name}” được đặt mật khẩu nên không đọc được. Hãy bỏ mật khẩu rồi lưu lại.",
                f"“{path.name}” is protected by a password. Remove the password and save it again.",
            )
        )
    if status == STUMBLED:
        return Refused(
            pick(
                f"Tệp “{path.name}” đã hỏng hoặc cần quá nhiều bộ nhớ nên không đọc được. "
                "Hãy mở bằng Excel, xóa các dòng, cột thừa, lưu lại thành .xlsx.",
                f"“{path.name}” is damaged or takes too much memory and is not read. "
                "Open it in Excel, delete surplus rows and columns, and save it as .xlsx.",
            )
        )
    if status == UNREADABLE:
        return Refused(
            pick(
                f"Tệp “{path.name}” đã hỏng hoặc không phải là sổ tính đọc được. "
                "Hãy mở bằng Excel, lưu lại thành .xlsx.",
                f"“{path.name}” is damaged or no readable workbook. Open it in Excel and save it as .xlsx.",
            )
        )
    vi = (
        f"Dừng đọc tệp “{path.name}” vì tốn quá nhiều bộ nhớ hoặc thời gian. Hãy xóa các dòng, cột thừa ngoài vùng "
        "dữ liệu (Ctrl+End), hoặc dùng thư mục CSV hay Parquet."
    )
    en = (
        f"Reading “{path.name}” was stopped: it takes too much memory or time. Delete surplus rows and columns "
        "outside the data (Ctrl+End), or use a folder of CSV or Parquet files."
    )
    return Refused(pick(vi, en), [Finding("error", "too_large", pick(vi, en))])
