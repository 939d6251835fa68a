"""What a workbook file is before anything in it is read: its form, sizes, macros, links. Reads no cells."""

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from canbo.common.findings import Finding, Refused
from canbo.common.language import pick
from canbo.common.numbers import print_count
from canbo.datasets.ole import scan_old
from canbo.datasets.scan import SheetScan

Form = Literal["xlsx", "xls", "ods"]

MAX_FILE = 1 << 30
MAX_PART = 1 << 30
MAX_TOTAL = 2 << 30
MAX_PARTS = 10_000
MAX_RATIO = 250
"""A sheet of repeated values packs 100 to 1 at most; what unpacks beyond this, and is large, was made to harm."""
RATIO_FROM = 64 << 20

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_MACROS = ("vbaproject.bin", "macrosheets/", "activex/", "basic/", "scripts/")
_LINKS = ("externallinks/", "connections.xml", "querytables/", "xl/model/")
_NESTED = (".zip", ".xlsx", ".xlsm", ".xls", ".docx", ".docm", ".bin.zip", ".7z", ".rar", ".exe", ".jar")


@dataclass(frozen=True)
class Package:
    """A workbook file that may be read, and what is unsafe in it; of the old form also what is odd in its sheets."""

    form: Form
    unpacked: int
    findings: tuple[Finding, ...]
    sheets: Mapping[str, SheetScan] = field(default_factory=dict)


def inspect(path: Path) -> Package:
    """Look at the file's form and its table of parts.

    :raises Refused: it is no workbook, has a password, or unpacks to more than can be read safely.
    """
    size = path.stat().st_size
    if size > MAX_FILE:
        raise _too_large(path, size)
    with path.open("rb") as file:
        start = file.read(8)
    if start == _OLE:
        return _inspect_ole(path)
    if not start.startswith(b"PK"):
        raise _no_workbook(path)
    try:
        with zipfile.ZipFile(path) as package:
            return _inspect_parts(path, package.infolist())
    except (zipfile.BadZipFile, OSError, RuntimeError, ValueError, OverflowError) as error:
        raise _no_workbook(path) from error


def _inspect_parts(path: Path, parts: Sequence[zipfile.ZipInfo]) -> Package:
    names = [part.filename for part in parts]
    lower = [name.lower() for name in names]
    if any(part.flag_bits & 1 for part in parts):
        raise _locked(path)
    _refuse_tricks(path, names)
    total = sum(part.file_size for part in parts)
    if len(parts) > MAX_PARTS or total > MAX_TOTAL or any(part.file_size > MAX_PART for part in parts):
        raise _too_large(path, total)
    if any(part.file_size > RATIO_FROM and part.file_size > MAX_RATIO * part.compress_size for part in parts):
        raise _too_large(path, total)
    form: Form
    if "xl/workbook.xml" in lower:
        form = "xlsx"
    elif "content.xml" in lower:
        form = "ods"
    else:
        raise _no_workbook(path)
    return Package(form, total, tuple(_unsafe_parts(lower)))


def _refuse_tricks(path: Path, names: Sequence[str]) -> None:
    """Names that climb out of the package, or two parts of one name, of which readers see different ones."""
    climbing = [name for name in names if name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/")]
    if climbing or len({name.lower() for name in names}) < len(names):
        raise Refused(
            pick(
                f"Không đọc tệp “{path.name}”: gói tệp có tên phần trùng nhau hoặc chỉ ra ngoài gói, dấu hiệu "
                "tệp bị sửa để gây hại. Hãy mở bằng Excel, lưu thành tệp .xlsx mới rồi thử lại.",
                f"“{path.name}” is not read: parts of the package share a name or point outside it, a sign of "
                "tampering. Open it in Excel, save it as a new .xlsx file and try again.",
            ),
            [Finding("error", "unsafe_content", pick("Gói tệp bị sửa để gây hại.", "The package was tampered with."))],
        )


def _unsafe_parts(names: Sequence[str]) -> list[Finding]:
    found = []
    if any(mark in name for name in names for mark in _MACROS):
        found.append(macro_finding())
    if any(mark in name for name in names for mark in _LINKS):
        found.append(link_finding())
    if nested := [name for name in names if name.endswith(_NESTED)]:
        found.append(
            Finding(
                "warning",
                "unsafe_content",
                pick("Tệp chứa tệp khác nhúng bên trong; tệp nhúng không được đọc.", "Files are embedded; not read."),
                pick("Xóa tệp nhúng khỏi sổ tính.", "Remove the embedded files."),
                value=nested[0][:80],
            )
        )
    return found


def macro_finding() -> Finding:
    """A macro is in the file."""
    return Finding(
        "error",
        "unsafe_content",
        pick(
            "Tệp có macro. Macro không bao giờ được chạy; các ô dữ liệu vẫn được đọc.",
            "The file has macros. They are never run; the cells are read all the same.",
        ),
        pick("Lưu lại thành .xlsx không có macro.", "Save it as .xlsx without macros."),
    )


def link_finding() -> Finding:
    """The file links to others."""
    return Finding(
        "error",
        "unsafe_content",
        pick(
            "Tệp có liên kết tới tệp hoặc nguồn dữ liệu bên ngoài. Liên kết không được mở; các ô dữ liệu vẫn được đọc.",
            "The file links to other files or data sources. They are not opened; the cells are read all the same.",
        ),
        pick("Trong Excel: Data > Edit Links > Break Link, rồi lưu lại.", "In Excel: Data > Edit Links > Break Link."),
    )


def _inspect_ole(path: Path) -> Package:
    """The old binary form; an encrypted .xlsx has the same envelope."""
    content = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise _locked(path)
    if "Workbook".encode("utf-16-le") not in content and "Book".encode("utf-16-le") not in content:
        raise _no_workbook(path)
    book = scan_old(content)
    if book.locked:
        raise _locked(path)
    findings = []
    if "_VBA_PROJECT_CUR".encode("utf-16-le") in content:
        findings.append(macro_finding())
    if book.linked:
        findings.append(link_finding())
    return Package("xls", len(content), tuple(findings), book.sheets)


def _no_workbook(path: Path) -> Refused:
    return Refused(
        pick(
            f"Tệp “{path.name}” không phải là sổ tính đọc được (.xlsx, .xls, .ods) hoặc đã hỏng. "
            "Hãy mở bằng Excel, lưu lại thành .xlsx rồi thử lại.",
            f"“{path.name}” is no readable workbook (.xlsx, .xls, .ods), or is damaged. "
            "Open it in Excel, save it as .xlsx and try again.",
        )
    )


def _locked(path: Path) -> Refused:
    return Refused(
        pick(
            f"Tệp “{path.name}” được đặt mật khẩu nên không đọc được. Hãy bỏ mật khẩu rồi lưu lại.",
            f"“{path.name}” is protected by a password. Remove the password and save it again.",
        )
    )


def _too_large(path: Path, size: int) -> Refused:
    vi = (
        f"Tệp “{path.name}” quá lớn để đọc an toàn (bung ra {print_count(size >> 20)} MB hoặc nén bất thường). "
        "Hãy chép dữ liệu sang sổ tính mới, hoặc dùng thư mục CSV hay Parquet."
    )
    en = (
        f"“{path.name}” is too large to be read safely (it unpacks to {print_count(size >> 20)} MB, or is packed "
        "oddly). Copy the data into a new workbook, or use a folder of CSV or Parquet files."
    )
    return Refused(pick(vi, en), [Finding("error", "too_large", pick(vi, en))])
