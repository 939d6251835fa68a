"""The old binary workbook (.xls) read as records: passwords, links, which cells are formulas or errors. No values.

Only what safety needs of [MS-CFB] and [MS-XLS]; a file that does not follow them gives nothing here, and the reader
refuses it.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from canbo.datasets.scan import SheetScan

_FREE = 0xFFFFFFFA
"""From here on, sector numbers are marks: end of chain, free, part of the table."""

_BOF, _FORMULA, _BOOLERR, _BOUNDSHEET, _FILEPASS, _SUPBOOK = 0x0809, 0x0006, 0x0205, 0x0085, 0x002F, 0x01AE
_OWN_BOOK, _ADD_IN = 0x0401, 0x3A01


@dataclass
class OldBook:
    """What is odd in an old workbook."""

    locked: bool = False
    linked: bool = False
    sheets: dict[str, SheetScan] = field(default_factory=dict)


def scan_old(content: bytes) -> OldBook:
    """Scan the workbook stream of the file's content; an empty result where there is none."""
    book = OldBook()
    try:
        stream = _workbook_stream(content)
        _scan_records(stream, book)
    except (struct.error, IndexError):
        pass  # damaged: the reader says so
    return book


def _workbook_stream(content: bytes) -> bytes:
    size = 1 << struct.unpack_from("<H", content, 30)[0]
    mini_size = 1 << struct.unpack_from("<H", content, 32)[0]
    directory_start, cutoff, mini_start = (struct.unpack_from("<I", content, place)[0] for place in (48, 56, 60))
    if size not in (512, 4096) or mini_size != 64:
        return b""
    table = _table(content, size)
    entries = b"".join(_chain(content, table, directory_start, size, size))
    root_start = struct.unpack_from("<I", entries, 116)[0]
    for place in range(0, len(entries) - 127, 128):
        length = struct.unpack_from("<H", entries, place + 64)[0]
        name = entries[place : place + max(length - 2, 0)].decode("utf-16-le", "replace")
        if name not in ("Workbook", "Book"):
            continue
        start, extent = struct.unpack_from("<II", entries, place + 116)
        if extent >= cutoff:
            return b"".join(_chain(content, table, start, size, size))[:extent]
        small = b"".join(_chain(content, table, root_start, size, size))
        mini = b"".join(_chain(content, table, mini_start, size, size))
        mini_table = struct.unpack(f"<{len(mini) // 4}I", mini[: len(mini) // 4 * 4])
        return b"".join(_chain(small, mini_table, start, mini_size, 0))[:extent]
    return b""


def _table(content: bytes, size: int) -> tuple[int, ...]:
    """The next sector of each sector; the table's own sectors are listed in the head, and on in a chain."""
    sectors = [number for number in struct.unpack_from("<109I", content, 76) if number < _FREE]
    following = struct.unpack_from("<I", content, 68)[0]
    most = len(content) // size
    while following < _FREE and len(sectors) < most:
        numbers = struct.unpack_from(f"<{size // 4}I", content, (following + 1) * size)
        sectors += [number for number in numbers[:-1] if number < _FREE]
        following = numbers[-1]
    table: list[int] = []
    for sector in sectors[:most]:
        table += struct.unpack_from(f"<{size // 4}I", content, (sector + 1) * size)
    return tuple(table)


def _chain(content: bytes, table: tuple[int, ...], start: int, size: int, offset: int) -> Iterator[bytes]:
    """The sectors of a stream; no more than the table has, so that a ring ends."""
    sector = start
    for _ in range(len(table)):
        if sector >= len(table):
            return
        place = sector * size + offset
        yield content[place : place + size]
        sector = table[sector]


def _scan_records(stream: bytes, book: OldBook) -> None:
    starts: dict[int, str] = {}
    sheet: SheetScan | None = None
    place = 0
    while place + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, place)
        data = place + 4
        if kind == _BOF:
            sheet = book.sheets.setdefault(starts[place], SheetScan()) if place in starts else None
        elif kind == _BOUNDSHEET:
            starts[struct.unpack_from("<I", stream, data)[0]] = _sheet_name(stream[data : data + length])
        elif kind == _FILEPASS:
            book.locked = True
        elif kind == _SUPBOOK and length >= 4:
            book.linked |= struct.unpack_from("<H", stream, data + 2)[0] not in (_OWN_BOOK, _ADD_IN)
        elif sheet is not None and kind in (_FORMULA, _BOOLERR):
            _note_cell(stream, kind, data, sheet)
        place = data + length


def _note_cell(stream: bytes, kind: int, data: int, sheet: SheetScan) -> None:
    row, column = struct.unpack_from("<HH", stream, data)
    if kind == _FORMULA:
        sheet.formulas[column].append(row)
    elif stream[data + 7]:
        sheet.errors[column].append(row)


def _sheet_name(record: bytes) -> str:
    """The name in a BOUNDSHEET record: its length, whether two bytes a letter, the letters."""
    length, wide = record[6], record[7] & 1
    return record[8 : 8 + length * (1 + wide)].decode("utf-16-le" if wide else "latin-1", "replace")
