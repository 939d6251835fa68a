"""``canbo seal``, ``canbo seals``, and ``canbo verify`` over what was sealed."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from canbo.audit.models import Entry
from canbo.snapshot.models import Seal
from tests.cli.conftest import Call
from tests.cli.test_register import master_entered_late

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two people; a master's degree awarded on 2024-03-15, entered on 2024-05-01."""
    monkeypatch.setenv("CANBO_HOME", str(tmp_path))
    master_entered_late()


def test_a_seal_is_made_listed_and_whole(canbo: Call, tmp_path: Path) -> None:
    answer = canbo("seal", "31/03/2024", str(tmp_path / "quy-1"), "--title", "Quý I/2024")
    assert answer.status == 0, answer.err
    (made,) = Seal.objects.all()
    assert (made.title, made.day, made.by[:4]) == ("Quý I/2024", date(2024, 3, 31), "cli:")
    assert f"Đã niêm phong số {made.pk}, “Quý I/2024”: 2 người" in answer.out
    assert made.content in answer.out
    assert Entry.objects.latest("id").action == "snapshot.seal"
    listed = canbo("seals").out
    assert f"{made.pk}. Quý I/2024" in listed and "31/03/2024" in listed and str(tmp_path / "quy-1") in listed
    assert canbo("seals", "--json").json["seals"][0]["files"] == made.files
    assert canbo("check-data", str(tmp_path / "quy-1"), "--json").json["rows"]["people"] == 2
    assert canbo("verify").status == 0


def test_a_seal_as_known_before_and_its_correction(canbo: Call, tmp_path: Path) -> None:
    first = canbo("seal", "2024-03-31", str(tmp_path / "a"), "--known", "2024-04-15", "--json").json
    assert first["title"] == "Dữ liệu ngày 31/03/2024"
    assert first["rows"]["qualifications"] == 2
    second = canbo("seal", "2024-03-31", str(tmp_path / "b"), "--replaces", str(first["id"]), "--json").json
    assert (second["replaces"], second["rows"]["qualifications"]) == (first["id"], 3)
    assert f"thay bản số {first['id']}" in canbo("seals").out
    assert canbo("verify").status == 0


def test_verify_tells_what_is_wrong_with_the_files_of_a_seal(canbo: Call, tmp_path: Path) -> None:
    canbo("seal", "2024-03-31", str(tmp_path / "a"), "--title", "Quý I")
    people = tmp_path / "a" / "people.parquet"
    data = bytearray(people.read_bytes())
    data[len(data) // 2] ^= 1
    people.write_bytes(data)
    (tmp_path / "a" / "units.parquet").unlink()
    answer = canbo("verify", "--json")
    assert answer.status == 1
    found = [(one["severity"], one["code"]) for one in answer.json["findings"]]
    assert sorted(found) == [("error", "seal_altered"), ("error", "seal_missing")]
    assert "“Quý I”: tệp people.parquet đã bị sửa" in canbo("verify").out


def test_a_folder_that_is_not_here_is_a_warning(canbo: Call, tmp_path: Path) -> None:
    canbo("seal", "2024-03-31", str(tmp_path / "a"))
    shutil.move(tmp_path / "a", tmp_path / "elsewhere")
    answer = canbo("verify", "--json")
    assert answer.status == 0
    assert [(one["severity"], one["code"]) for one in answer.json["findings"]] == [("warning", "seal_away")]


def test_seals_in_the_installation_move_with_it(canbo: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    (old / "files" / "snapshots").mkdir(parents=True)
    monkeypatch.setenv("CANBO_HOME", str(old))
    canbo("seal", "2024-03-31", str(old / "files" / "snapshots" / "a"))
    shutil.move(old, new)
    monkeypatch.setenv("CANBO_HOME", str(new))
    assert canbo("verify", "--json").json["findings"] == []
    (new / "files" / "snapshots" / "a" / "people.parquet").unlink()
    assert [one["code"] for one in canbo("verify", "--json").json["findings"]] == ["seal_missing"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("hôm nay", "a"), "không phải là một ngày"),
        (("2024-03-31", "a", "--replaces", "7000"), "Không có bản niêm phong số 7000"),
        (("2024-03-31", "a", "--known", "2999-01-01"), "trước lúc niêm phong"),
        (("2019-01-01", "a"), "không có người nào tại ngày 01/01/2019"),
        (("2024-03-31", "no/where"), "Không ghi được"),
    ],
)
def test_what_cannot_be_sealed_is_one_sentence(canbo: Call, tmp_path: Path, words: tuple[str, ...], says: str) -> None:
    day, folder, *more = words
    answer = canbo("seal", day, str(tmp_path / folder), *more)
    assert (answer.status, answer.out, answer.err.count("\n")) == (2, "", 1)
    assert says in answer.err
    assert Seal.objects.count() == 0
    assert not (tmp_path / folder).exists()


def test_nothing_sealed_yet(canbo: Call) -> None:
    assert canbo("seals").out == "Chưa có bản niêm phong nào.\n"
