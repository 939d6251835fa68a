"""Work on drafts that goes on when the page is closed: checks, and imports one at a time. Keeps how far each has come.

The state lies in the draft's folder. The house runs in one process: a state that says “under way” and names another
process is of one that was killed.
"""

import logging
import secrets
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from django.db import connection

from canbo.common.findings import Refused
from canbo.common.language import Language, current, pick, speaking
from canbo.register.importing.run import Progress
from canbo.web.imports.drafts import Draft, read_json, write_json

_STATE = "state.json"
_PROCESS = secrets.token_hex(8)
_CHECKS = ThreadPoolExecutor(2, thread_name_prefix="import-check")
_IMPORTS = ThreadPoolExecutor(1, thread_name_prefix="import")
_starting = threading.Lock()
_AT_ONCE = 1.5  # seconds that a request waits, so that small work needs no page of its own
Work = Callable[[Progress], int | None]


@dataclass(frozen=True)
class State:
    """How far work on a draft has come. ``kind``: check or import; ``phase``: waiting, running, done, refused, failed.

    ``result``: the number of the import, where one was written.
    """

    kind: str
    phase: str
    process: str
    step: str = ""
    done: int = 0
    total: int = 0
    message: str = ""
    result: int | None = None

    @property
    def is_going_on(self) -> bool:
        """Whether it waits or runs, in this process."""
        return self.phase in ("waiting", "running") and self.process == _PROCESS

    @property
    def is_broken_off(self) -> bool:
        """Whether it was under way when the server ended."""
        return self.phase in ("waiting", "running") and self.process != _PROCESS


def state_of(draft: Draft) -> State | None:
    """The last work on the draft; None: none yet."""
    content = read_json(draft.folder / _STATE)
    return State(**content) if content is not None else None


def start(draft: Draft, kind: str, work: Work) -> None:
    """Begin work on a draft; waits a moment, in case it is soon done."""
    state = State(kind, "waiting", _PROCESS, pick("Đang chờ đến lượt", "Waiting its turn"))
    with _starting:
        last = state_of(draft)
        if last is not None and last.kind == "import" and (last.is_going_on or last.phase == "done"):
            return  # asked for twice
        _keep(draft.folder, state)
    pool = _IMPORTS if kind == "import" else _CHECKS
    future: Future[None] = pool.submit(_run, draft.folder, state, current(), work)
    wait([future], timeout=_AT_ONCE)


def _run(folder: Path, state: State, language: Language, work: Work) -> None:
    state = replace(state, phase="running")

    def progress(step: str, done: int, total: int) -> None:
        _keep(folder, replace(state, step=step, done=done, total=total))

    with speaking(language):
        try:
            result = work(progress)
            _keep(folder, replace(state, phase="done", result=result))
        except Refused as refused:
            _keep(folder, replace(state, phase="refused", message=refused.message))
        except Exception:
            logging.getLogger("canbo.web").exception("work on an import failed")
            _keep(folder, replace(state, phase="failed"))
        finally:
            connection.close()


def _keep(folder: Path, state: State) -> None:
    with suppress(Refused, FileNotFoundError):  # the draft was thrown away meanwhile
        write_json(folder / _STATE, asdict(state))
