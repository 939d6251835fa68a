"""Making and writing a sample: determinism, refusals, files."""

import hashlib
import stat
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import yaml

from canbo.common.findings import Refused
from canbo.datasets.dictionary import dictionary
from canbo.sample import SCENARIOS, Province, make_province, write_parquet
from canbo.sample.draws import SUBJECTS, stream


def hashes(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def test_same_seed_same_bytes_other_seed_not(tmp_path: Path) -> None:
    for name, seed in (("one", 5), ("two", 5), ("three", 6)):
        write_parquet(make_province(people=1_500, seed=seed), tmp_path / name)
    first, second, third = (hashes(tmp_path / name) for name in ("one", "two", "three"))
    assert first == second
    assert first["people.parquet"] != third["people.parquet"]


def test_streams_of_subjects_differ_and_repeat() -> None:
    draws = {subject: stream(1, subject).integers(1 << 60) for subject in SUBJECTS}
    assert len(set(draws.values())) == len(SUBJECTS)
    assert stream(1, "names").integers(1 << 60) == draws["names"]
    assert stream(2, "names").integers(1 << 60) != draws["names"]


def test_all_datasets_with_canonical_columns(scenario: Province) -> None:
    assert set(scenario.tables) == set(dictionary())
    for name, table in scenario.tables.items():
        columns = [column for column in dictionary()[name].written if not column.derived]
        assert table.column_names == [column.name for column in columns]
        assert [field.type for field in table.schema] == [column.arrow_type for column in columns]
        assert table.num_rows > 0, name


def test_as_many_people_as_asked(scenario: Province) -> None:
    people = scenario.tables["people"]
    assert people.num_rows == 8_000
    assert people["left_on"].null_count == 7_760  # three in a hundred have left
    assert people["person_id"][0].as_py() == "CB0000001"


def test_large_samples_have_several_provinces() -> None:
    units = make_province(people=120_000, seed=1).tables["units"].to_pylist()
    tops = [row["unit_id"] for row in units if row["parent_id"] is None]
    assert tops == ["T01", "T02"]
    assert 120_000 / 80 < len(units) < 120_000 / 60
    assert {"T02-H01", "T02-H01-X01"} <= {row["unit_id"] for row in units}


def test_folder_of_parquet(scenario: Province, tmp_path: Path) -> None:
    folder = tmp_path / "mau"
    write_parquet(scenario, folder)
    assert {path.name for path in folder.iterdir()} == {f"{name}.parquet" for name in dictionary()} | {"info.yaml"}
    info = yaml.safe_load((folder / "info.yaml").read_text("utf-8"))
    assert info["data_date"] == date(2021, 12, 31)
    assert info["title"].startswith("Dữ liệu mẫu Tỉnh Thái Nguyên")
    assert pq.read_table(folder / "people.parquet").equals(scenario.tables["people"])
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert [path.name for path in tmp_path.iterdir()] == ["mau"]


def test_an_earlier_sample_is_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "mau"
    write_parquet(make_province(people=1_000, seed=1), folder)
    before = hashes(folder)
    write_parquet(make_province(people=1_000, seed=2), folder)
    assert hashes(folder)["people.parquet"] != before["people.parquet"]
    assert [path.name for path in tmp_path.iterdir()] == ["mau"]


def test_a_folder_with_other_files_is_left_alone(scenario: Province, tmp_path: Path) -> None:
    folder = tmp_path / "riêng"
    folder.mkdir()
    (folder / "ghi chú.txt").write_text("giữ lại", "utf-8")
    with pytest.raises(Refused, match="dữ liệu khác"):
        write_parquet(scenario, folder)
    assert [path.name for path in folder.iterdir()] == ["ghi chú.txt"]


def test_a_place_that_cannot_be_written(scenario: Province, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="Không ghi được"):
        write_parquet(scenario, tmp_path / "không có" / "mau")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"scenario": "cao-bang-2016"}, "Không có kịch bản “cao-bang-2016”.*thai-nguyen-2021"),
        ({"people": 999}, "999.*từ 1.000 đến"),
        ({"people": 5_999, "scenario": SCENARIOS[0]}, "5.999.*từ 6.000 đến 120.000"),
        ({"people": 120_001, "scenario": SCENARIOS[0]}, "120.001"),
        ({"data_date": date(2025, 7, 1)}, "01/07/2025.*từ 01/07/2021 đến 30/06/2025"),
        ({"data_date": date(2021, 12, 30), "scenario": SCENARIOS[0]}, "30/12/2021.*là 31/12/2021"),
        ({"seed": -1}, "Hạt giống -1"),
    ],
)
def test_refusals_say_what_to_do(arguments: Mapping[str, Any], message: str) -> None:
    with pytest.raises(Refused, match=message) as refused:
        make_province(**arguments)
    assert "Hãy" in refused.value.message


@pytest.mark.parametrize("people", [1_000, 6_000, 20_000])
def test_smallest_sizes_work(people: int) -> None:
    scenario = SCENARIOS[0] if people == 6_000 else None
    assert make_province(people=people, seed=9, scenario=scenario).tables["people"].num_rows == people
