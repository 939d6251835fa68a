"""``canbo check-data`` and ``canbo template`` as a user runs them."""

import json
from pathlib import Path

import pytest

from canbo.cli import main
from tests.datasets.books import book, people


def _run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr("sys.argv", ["canbo", *arguments])
    monkeypatch.setenv("COLUMNS", "200")
    with pytest.raises(SystemExit) as left:
        main()
    return int(left.value.code or 0)


def test_clean_data_exits_0(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = book(tmp_path / "a.xlsx", people=people({}))
    assert _run(monkeypatch, "check-data", str(path), "--data-date", "31/12/2021") == 0
    assert "ngày 31/12/2021" in capsys.readouterr().out


def test_errors_exit_1_and_are_all_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = book(
        tmp_path / "a.xlsx",
        people=people({"Trình độ chuyên môn": "Đại hoc"}, {"Mã cán bộ": "P2", "Ngày sinh": "31/02/1979"}),
    )
    assert _run(monkeypatch, "check-data", str(path)) == 1
    shown = capsys.readouterr().out
    assert "“Đại hoc”" in shown and "Có phải “Đại học”?" in shown and "“31/02/1979” không phải là ngày" in shown


def test_json_has_the_published_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = book(tmp_path / "a.xlsx", people=people({"Trình độ chuyên môn": "Đại hoc"}))
    assert _run(monkeypatch, "check-data", str(path), "--json") == 1
    document = json.loads(capsys.readouterr().out)
    assert list(document) == ["data", "data_date", "data_version", "rows", "findings"]
    assert document["rows"] == {"units": 3, "people": 1}
    assert document["findings"] == [
        {
            "severity": "error",
            "sheet": "Cán bộ",
            "row": 2,
            "column": "Trình độ chuyên môn",
            "code": "unknown_code",
            "value": "Đại hoc",
            "message": "“Đại hoc” không có trong danh mục của cột “Trình độ chuyên môn”. Ô này không được dùng.",
            "suggestion": "Có phải “Đại học”?",
        }
    ]


def test_unusable_data_exits_2_with_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(monkeypatch, "check-data", str(tmp_path / "none.xlsx")) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("Không tìm thấy") and shown.err.count("\n") == 1


def test_in_english(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    path = book(tmp_path / "a.xlsx", people=people({"Giới tính": "?"}))
    assert _run(monkeypatch, "check-data", str(path), "--lang", "en") == 1
    assert "The whole row is not used." in capsys.readouterr().out


def test_the_template_is_written_and_checks_clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "mau.xlsx"
    assert _run(monkeypatch, "template", str(path)) == 0
    assert _run(monkeypatch, "check-data", str(path)) == 0
    assert _run(monkeypatch, "template", str(tmp_path / "mau.pdf")) == 2
