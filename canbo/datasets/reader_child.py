"""The program that reads a workbook's cells, in a process of its own with bounded memory. Judges nothing.

Run as ``python -m canbo.datasets.reader_child PATH MEGABYTES WANTED SKIPPED…``; WANTED is a list of sheet keys in
JSON. On stdout, for each sheet: a line of JSON with
its name and the lengths of two Arrow streams (its first rows, the others; no lengths where the sheet is not ours), then
the streams. Exit status: 0; 3 not readable; 4 password; 5 out of memory.
"""

import gc
import json
import os
import sys
from typing import Any, BinaryIO

import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, WorksheetNotFound, XmlError, ZipError

from canbo.datasets.encode import TOP, encode, sheet_key


class _WithoutPandas:
    """Arrow loads pandas where it is installed, which costs this short process a third of a second for nothing."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if name == "pandas":
            raise ModuleNotFoundError(name=name)


UNREADABLE, LOCKED, NO_MEMORY = 3, 4, 5


def main(arguments: list[str]) -> int:
    """Read the sheets that are ours and hand them over."""
    path, megabytes, wanted, *skipped = arguments
    keys = frozenset(json.loads(wanted))
    _limit_memory(int(megabytes))
    sys.meta_path.insert(0, _WithoutPandas())
    gc.disable()  # millions of cells and no cycles: looking for some costs a tenth of the time
    held: list[object] = []
    try:
        with CalamineWorkbook.from_path(path) as workbook:
            for name in workbook.sheet_names:
                if name not in skipped:
                    held[:] = [_hand_over(workbook, name, keys, sys.stdout.buffer)]
        sys.stdout.buffer.flush()
        os._exit(0)  # while the last sheet is still held: freeing its cells one by one would cost another tenth
    except PasswordError:
        return LOCKED
    except (CalamineError, XmlError, ZipError, WorksheetNotFound, OSError, ValueError):
        return UNREADABLE
    except MemoryError:
        return NO_MEMORY
    return 0


def _limit_memory(megabytes: int) -> None:
    try:
        import resource
    except ImportError:  # not on Windows: only the limit of time holds there
        return
    limit = megabytes << 20
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _hand_over(workbook: CalamineWorkbook, name: str, wanted: frozenset[str], out: BinaryIO) -> object:
    """Write one sheet; gives back what it still holds."""
    if sheet_key(name) not in wanted:
        out.write(json.dumps({"name": name}).encode() + b"\n")
        return None
    rows: list[list[Any]] = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    columns = list(zip(*rows, strict=True))
    del rows
    top = _stream([encode(column[:TOP], mixed=True) for column in columns])
    rest = _stream([encode(column[TOP:]) for column in columns])
    out.write(json.dumps({"name": name, "top": top.size, "rest": rest.size}).encode() + b"\n")
    out.write(top)
    out.write(rest)
    return columns


def _stream(arrays: list[pa.Array]) -> pa.Buffer:
    batch = pa.record_batch(arrays, names=[str(place) for place in range(len(arrays))])
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    return sink.getvalue()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
