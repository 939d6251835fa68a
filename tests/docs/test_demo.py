"""The demonstration: a fresh folder, the printed baselines, three reports, and nothing of the user's removed."""

import io
import stat
import zipfile
from pathlib import Path

import pytest
from rich.console import Console

from canbo.common.findings import Refused
from tools import demo
from tools.telling import Teller

FILES = {"thai-nguyen-2021.xlsx", "bao-cao.html", "bao-cao.docx", "bao-cao.xlsx"}


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_demonstration_from_end_to_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "PEOPLE", 6_000)  # the least that the scenario takes, for speed
    folder = tmp_path / "demo"
    printed = io.StringIO()
    demo.run(folder, Teller(Console(file=printed, width=120), steps=demo.STEPS))
    text = printed.getvalue()
    assert "6.000 người" in text
    assert "0 lỗi (errors)" in text
    assert {path.name for path in folder.iterdir()} == FILES
    assert mode_of(folder) == 0o711  # the database's own user passes through it, and lists nothing
    assert {mode_of(path) for path in folder.iterdir()} == {0o600}
    for counts in ("160/306", "213/663", "278/521", "6/145"):
        assert counts in text
    assert "160/306" in (folder / "bao-cao.html").read_text("utf-8")
    assert zipfile.is_zipfile(folder / "bao-cao.docx")
    assert zipfile.is_zipfile(folder / "bao-cao.xlsx")
    for step in demo.next_commands(folder, demo._command()):
        assert step.command in text


def test_an_earlier_demonstration_is_removed_but_for_its_installation(tmp_path: Path) -> None:
    (tmp_path / "bao-cao.html").write_text("old", "utf-8")
    (tmp_path / demo.HOME).mkdir()
    demo.make_fresh(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [demo.HOME]


def test_what_is_not_of_the_demonstration_is_kept(tmp_path: Path) -> None:
    (tmp_path / "bao-cao.html").write_text("old", "utf-8")
    (tmp_path / "luận văn.docx").write_text("mine", "utf-8")
    with pytest.raises(Refused, match="luận văn.docx"):
        demo.make_fresh(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"bao-cao.html", "luận văn.docx"}


def test_a_place_that_is_a_file_is_refused_in_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = tmp_path / "demo"
    place.write_text("", "utf-8")
    assert demo.main([str(place)]) == 2
    assert "Không ghi được thư mục" in capsys.readouterr().err


def test_without_a_folder_the_usage_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert demo.main([]) == 2
    assert "python -m tools.demo" in capsys.readouterr().err


def test_a_folder_with_a_blank_is_quoted_in_the_commands() -> None:
    commands = [step.command for step in demo.next_commands(Path("bản trình diễn"), "canbo")]
    assert len(commands) == 5
    assert "canbo who thai-nguyen-2021-2030 TN-2025-1-01 'bản trình diễn/thai-nguyen-2021.xlsx'" in commands[1]
