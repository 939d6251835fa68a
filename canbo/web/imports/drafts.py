"""An upload on its way into the register: its folder, who made it, what its officer said about columns and cells.

A draft lies in ``files/imports-under-way`` of the installation, in a folder that only the program may enter. Only the
account that made it may open it. It goes away when it is imported, and after a week in any case.
"""

import json
import re
import secrets
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from canbo.common.files import replacing
from canbo.installation.home import home, made_home

KEPT = timedelta(days=7)
_NAME = re.compile(r"[0-9a-f]{32}")
_CONTENT, _SOURCE = "draft.json", "source"
_changing = threading.Lock()  # a draft is read, changed and written by one thread at a time


@dataclass
class Draft:
    """What is kept of an upload beside its cells.

    ``datasets``: by sheet, the dataset that the officer chose ("": not used). ``columns``: by sheet and place of a
    column, the column of the dataset chosen ("": not used). ``cells``: by sheet and "row,place" (both from 0), the
    corrected text. ``revision`` counts the changes, so that a check of an older state is known as such. ``first``: how
    many errors and warnings the first check found.
    """

    id: str
    account: str
    file_name: str
    made_at: str
    as_of: str | None = None
    is_matched: bool = False
    datasets: dict[str, str] = field(default_factory=dict)
    columns: dict[str, dict[str, str]] = field(default_factory=dict)
    cells: dict[str, dict[str, str]] = field(default_factory=dict)
    revision: int = 0
    first: tuple[int, int] | None = None

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return _root() / self.id

    @property
    def source(self) -> Path:
        """The file as it was sent."""
        return next((self.folder / _SOURCE).iterdir())

    @property
    def day(self) -> date | None:
        """The day that the officer gave for the data; None: the day that the file states."""
        return date.fromisoformat(self.as_of) if self.as_of else None

    @property
    def is_changed(self) -> bool:
        """Whether something other than the file as it was sent is imported."""
        return bool(self.datasets or self.columns or self.cells)

    @property
    def corrected(self) -> int:
        """How many cells were corrected."""
        return sum(map(len, self.cells.values()))


def create(*, account: str, name: str, blocks: Iterator[bytes], as_of: date | None, at: datetime) -> Draft:
    """Keep an upload. Of its name only letters, digits and the ending are used on the disk."""
    made_home()
    root = _root()
    root.parent.mkdir(mode=0o700, exist_ok=True)
    root.mkdir(mode=0o700, exist_ok=True)
    draft = Draft(secrets.token_hex(16), account, Path(name).name, at.isoformat(), as_of.isoformat() if as_of else None)
    draft.folder.mkdir(mode=0o700)
    try:
        (draft.folder / _SOURCE).mkdir(mode=0o700)
        with replacing(draft.folder / _SOURCE / _safe_name(name)) as target, target.open("wb") as file:
            for block in blocks:
                file.write(block)
        _write(draft)
    except BaseException:
        remove(draft)
        raise
    return draft


def find(name: str, *, account: str) -> Draft | None:
    """The draft, if the account made it."""
    if not _NAME.fullmatch(name):
        return None
    draft = _read(_root() / name)
    return draft if draft is not None and draft.account == account else None


def of_account(account: str) -> list[Draft]:
    """The drafts of an account, the newest first."""
    if not _root().is_dir():
        return []
    found = [draft for folder in _root().iterdir() if (draft := _read(folder)) and draft.account == account]
    return sorted(found, key=lambda draft: draft.made_at, reverse=True)


@contextmanager
def changing(draft: Draft) -> Iterator[Draft]:
    """Change a draft as it is now; what was changed is written and counted as a new revision."""
    with _changing:
        now = _read(draft.folder) or draft
        before = asdict(now)
        yield now
        if asdict(now) != before:
            now.revision += 1
            _write(now)
    vars(draft).update(vars(now))


def note_first(draft: Draft, errors: int, warnings: int) -> None:
    """Note what the first check found; no new revision."""
    with _changing:
        now = _read(draft.folder)
        if now is not None and now.first is None:
            now.first = (errors, warnings)
            _write(now)


def remove(draft: Draft) -> None:
    """Nothing is left of it."""
    shutil.rmtree(draft.folder, ignore_errors=True)


def remove_old(at: datetime) -> None:
    """Remove the drafts of more than a week ago."""
    if not _root().is_dir():
        return
    for folder in _root().iterdir():
        draft = _read(folder)
        if draft is not None and at - datetime.fromisoformat(draft.made_at) > KEPT:
            remove(draft)


def write_json(path: Path, content: Any) -> None:
    """Write a file of the draft, whole or not at all."""
    with replacing(path) as target:
        target.write_text(json.dumps(content, ensure_ascii=False), "utf-8")


def read_json(path: Path) -> Any:
    """What a file of the draft holds; None where it is not there (yet, or no longer)."""
    try:
        return json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return None


def _root() -> Path:
    return home() / "files" / "imports-under-way"


def _read(folder: Path) -> Draft | None:
    content = read_json(folder / _CONTENT)
    if content is None:
        return None
    content["first"] = tuple(content["first"]) if content["first"] else None
    return Draft(**content)


def _write(draft: Draft) -> None:
    write_json(draft.folder / _CONTENT, asdict(draft))


def _safe_name(name: str) -> str:
    given = Path(name).name
    suffix = Path(given).suffix.lower()
    stem = re.sub(r"[^\w -]", "_", Path(given).stem)[:60].encode("utf-8", "replace").decode().strip() or "workbook"
    return stem + (suffix if re.fullmatch(r"\.[a-z0-9]{1,5}", suffix) else "")
