"""Written files: whole or not at all, for their owner only."""

import stat
from pathlib import Path

import pytest

from canbo.common.files import replacing
from canbo.common.findings import Refused
from canbo.common.language import pick, speaking


def test_a_written_file_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    target = tmp_path / "báo cáo.html"
    with replacing(target) as temporary:
        temporary.write_text("x", "utf-8")
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["báo cáo.html"]


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "a.xlsx"
    target.write_text("old", "utf-8")
    with pytest.raises(RuntimeError), replacing(target) as temporary:
        temporary.write_text("half", "utf-8")
        raise RuntimeError
    assert target.read_text("utf-8") == "old"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_missing_folder_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="Không ghi được"), replacing(tmp_path / "none" / "a.html"):
        pass


def test_sentences_follow_the_language() -> None:
    assert pick("một", "one") == "một"
    with speaking("en"):
        assert pick("một", "one") == "one"
    assert pick("một", "one") == "một"
