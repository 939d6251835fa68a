"""The command called as a user calls it, over one synthetic province shared by all tests of a worker."""

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from canbo.cli import main
from canbo.sample import make_province, write_parquet


@dataclass(frozen=True)
class Answer:
    """What a command printed, and its exit status."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one document on stdout."""
        return json.loads(self.out)


Call = Callable[..., Answer]


@pytest.fixture
def canbo(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Run a command in this process."""

    def call(*arguments: str) -> Answer:
        monkeypatch.setattr(sys, "argv", ["canbo", *arguments])
        monkeypatch.setenv("COLUMNS", "120")
        status = 0
        try:
            main()
        except SystemExit as left:
            status = left.code if isinstance(left.code, int) else 1
        printed = capsys.readouterr()
        return Answer(status, printed.out, printed.err)

    return call


@pytest.fixture(scope="session")
def province(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The Thái Nguyên scenario as a Parquet folder."""
    folder = tmp_path_factory.mktemp("sample") / "tn"
    write_parquet(make_province(people=8000, seed=1, scenario="thai-nguyen-2021"), folder)
    yield folder
