"""What the tests of the import's pages share: drafts in a folder of the test, and work that is done at once."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def drafts_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Drafts lie in the test's own folder."""
    from canbo.web.imports import applying, drafts

    for module in (drafts, applying):
        monkeypatch.setattr(module, "home", lambda: tmp_path / "home")
    (tmp_path / "home" / "files").mkdir(parents=True)
    return tmp_path / "home" / "files" / "imports-under-way"


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Work on drafts runs in the thread of the test, which alone sees what the test wrote."""
    from django.db import connection

    from canbo.web.imports import jobs

    class Now:
        def submit(self, work: Any, *given: Any) -> Any:
            from concurrent.futures import Future

            work(*given)
            done: Future[None] = Future()
            done.set_result(None)
            return done

    monkeypatch.setattr(jobs, "_CHECKS", Now())
    monkeypatch.setattr(jobs, "_IMPORTS", Now())
    monkeypatch.setattr(connection, "close", lambda: None)
    yield
