"""``canbo measure``, ``who`` and ``bridge`` on the synthetic province with the printed baselines."""

import stat
from pathlib import Path

import pyarrow.csv as csv
import pyarrow.parquet as parquet
import pytest

from tests.cli.conftest import Call

SCHEME = "thai-nguyen-2021-2030"
DAY = "2021-12-31"


def test_the_printed_baselines_are_measured_exactly(canbo: Call, province: Path) -> None:
    answer = canbo("measure", SCHEME, str(province), "--as-of", DAY, "--json")
    found = {one["id"]: one for one in answer.json["indicators"]}

    def shown(name: str) -> tuple[object, ...]:
        return tuple(found[name][key] for key in ("numerator", "denominator", "printed", "status", "shortfall"))

    assert answer.status == 0
    assert shown("TN-2025-1-01") == (160, 306, "52,28%", "short", 24)
    assert shown("TN-2025-2-01") == (213, 663, "32,12%", "short", 20)
    assert shown("TN-2025-2-02") == (278, 521, "53,35%", "short", 9)
    assert shown("TN-2021-B-05")[:3] == (6, 145, "4,13%")
    assert shown("TN-2025-1-07") == (6, 145, "4,13%", "short", 2)


def test_the_document_has_the_published_form(canbo: Call, province: Path) -> None:
    document = canbo("measure", SCHEME, str(province), "--as-of", "31/12/2021", "--by", "district", "--json").json
    assert list(document) == [
        "scheme", "as_of", "data_date", "engine", "data_version", "scheme_version", "indicators", "findings",
    ]  # fmt: skip
    assert (document["scheme"], document["as_of"], document["data_date"]) == (SCHEME, DAY, DAY)
    assert document["engine"] == "duckdb"
    assert document["data_version"].startswith("sha256:")
    first = document["indicators"][0]
    assert list(first) == [
        "id", "label", "measure", "numerator", "denominator", "unknown", "population_unknown", "value", "printed",
        "target", "status", "shortfall", "reason", "last", "parts", "units",
    ]  # fmt: skip
    assert first["target"] == {"by": "2025-12-31", "is": "> 60%", "orientation": False}
    assert first["value"] == 160 / 306
    assert sum(unit["denominator"] for unit in first["units"]) == 306
    assert sum(unit["numerator"] for unit in first["units"]) == 160
    assert set(first["units"][0]) == {"unit_id", "numerator", "denominator", "unknown", "value"}
    each = next(one for one in document["indicators"] if one["id"] == "TN-2025-3-06")
    assert {"printed", "target", "status", "shortfall", "reason"} < set(each["units"][0])


def test_district_targets_end_with_the_districts(canbo: Call, province: Path) -> None:
    found = canbo("measure", SCHEME, str(province), "--as-of", "2025-07-01", "--json").json
    district = next(one for one in found["indicators"] if one["id"] == "TN-2025-2-01")
    assert (district["status"], district["numerator"]) == ("not_measurable", None)
    assert district["last"]["as_of"] == "2025-06-30"
    assert "30/06/2025" in district["reason"]
    assert any(one["code"] == "snapshot_other_day" for one in found["findings"])


def test_the_same_data_has_the_same_version_whatever_its_form(canbo: Call, province: Path, tmp_path: Path) -> None:
    for path in province.glob("*.parquet"):
        table = parquet.read_table(path)
        csv.write_csv(table.take(list(reversed(range(table.num_rows)))), tmp_path / f"{path.stem}.csv")
    (tmp_path / "info.yaml").write_text((province / "info.yaml").read_text("utf-8"), "utf-8")
    versions = [
        canbo("measure", SCHEME, str(folder), "--as-of", DAY, "--json").json["data_version"]
        for folder in (province, tmp_path)
    ]
    assert versions[0] == versions[1]


def test_who_is_lacking_and_why(canbo: Call, province: Path) -> None:
    document = canbo("who", SCHEME, "TN-2025-1-01", str(province), "--as-of", DAY, "--json").json
    assert list(document) == ["scheme", "indicator", "as_of", "list", "people"]
    assert document["list"] == "lacking"
    assert len(document["people"]) == 306 - 160
    first = document["people"][0]
    assert list(first) == ["person_id", "full_name", "unit_id", "why"]
    assert set(first["why"]) == {"column", "value", "needs", "text"}
    assert all(one["why"]["column"] == "education" for one in document["people"])
    assert all(one["why"]["needs"] == ">= master" for one in document["people"])


def test_lists_over_other_datasets_are_rows(canbo: Call, province: Path) -> None:
    document = canbo("who", SCHEME, "TN-2025-2-08", str(province), "--as-of", DAY, "--list", "counted", "--json").json
    assert document["dataset"] == "units"
    assert set(document["rows"][0]) == {"unit_id", "full_name", "why"}


def test_a_bridge_adds_up(canbo: Call, province: Path) -> None:
    made = canbo("bridge", SCHEME, "TN-2025-1-01", str(province), "--from", "2020-12-31", "--to", DAY, "--json").json
    assert (made["to"]["numerator"], made["to"]["denominator"]) == (160, 306)
    for count in ("numerator", "denominator"):
        assert sum(one[count] for one in made["causes"]) == made["to"][count] - made["from"][count]
    everyone = [who["person_id"] for one in made["causes"] for who in one["people"]]
    assert len(everyone) == len(set(everyone))


@pytest.mark.parametrize("kind", ["xlsx", "html", "docx"])
def test_reports_are_for_their_owner_only(canbo: Call, province: Path, tmp_path: Path, kind: str) -> None:
    target = tmp_path / f"báo cáo.{kind}"
    answer = canbo(
        "measure", SCHEME, str(province), "--as-of", DAY, "--out", str(target), "--purpose", "Họp ngày 05/01"
    )
    assert (answer.status, answer.out) == (0, "")
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert target.stat().st_size > 20_000


def test_without_names_no_name_leaves(canbo: Call, province: Path, tmp_path: Path) -> None:
    target = tmp_path / "r.html"
    canbo("measure", SCHEME, str(province), "--as-of", DAY, "--out", str(target), "--without-names")
    names = [one["full_name"] for one in canbo("who", SCHEME, "TN-2025-1-01", str(province), "--as-of", DAY,
                                               "--list", "counted", "--json").json["people"]]  # fmt: skip
    page = target.read_text("utf-8")
    assert [name for name in names if name in page] == []
    document = canbo("measure", SCHEME, str(province), "--as-of", DAY, "--by", "unit", "--without-names", "--json").json
    people = [one for one in document["indicators"] if one["id"].startswith("TN-2025-1-0") and one.get("units")]
    assert people
    assert all(unit["denominator"] >= 5 for one in people for unit in one["units"])


def test_the_table_says_counts_target_and_people_short(canbo: Call, province: Path) -> None:
    printed = canbo("measure", SCHEME, str(province), "--as-of", DAY).out
    line = next(line for line in printed.splitlines() if "160/306" in line)
    assert "52,28%" in line
    assert "> 60%" in line
    assert "thiếu 24 người" in line


def test_english_by_switch(canbo: Call, province: Path) -> None:
    for arguments in (("--lang", "en", "measure"), ("measure", "--lang", "en")):
        printed = canbo(*arguments, SCHEME, str(province), "--as-of", DAY).out
        assert "24 people short" in printed
        assert "thiếu" not in printed.split("Next")[0].replace("“", "")[:400]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("measure", "thai-nguyen", "x.xlsx"), "Có phải “thai-nguyen-2021-2030” không?"),
        (("measure", SCHEME, "không có.xlsx"), "không có.xlsx"),
        (("measure", SCHEME, "{data}", "--as-of", "31/02/2021"), "“31/02/2021” không phải là một ngày"),
        (("measure", SCHEME, "{data}", "--out", "x.pdf"), ".xlsx, .html hoặc .docx"),
        (("measure", SCHEME, "{data}", "--engine", "spark"), "Spark"),
        (("who", SCHEME, "TN-2025-1-1", "{data}"), "Có phải “TN-2025-1-01” không?"),
        (("who", SCHEME, "TN-2025-1-02", "{data}"), "chưa đo được"),
        (("who", SCHEME, "TN-2025-1-01", "{data}", "--as-of", DAY, "--unit", "TN-XXX"), "không có đơn vị “TN-XXX”"),
        (("bridge", SCHEME, "TN-2025-1-01", "{data}", "--from", DAY), "--from"),
        (("figure", "52,28", "--of", "306"), "không phải là một tỷ lệ"),
        (("scheme", "check", "không-có.yaml"), "Không có đề án hay tệp"),
    ],
)
def test_a_call_that_cannot_be_used_is_one_sentence(
    canbo: Call, province: Path, arguments: tuple[str, ...], says: str
) -> None:
    answer = canbo(*(one.format(data=province) for one in arguments))
    assert answer.status == 2
    assert answer.out == ""
    assert says in answer.err
    assert len(answer.err.strip().splitlines()) == 1
    assert "Traceback" not in answer.err


def test_figures(canbo: Call) -> None:
    impossible = canbo("figure", "6,25%", "--of", "306")
    assert impossible.status == 1
    assert impossible.out.startswith("Không thể")
    only = canbo("figure", "32,12%", "--count", "213", "--of", "600..700", "--json")
    assert only.status == 0
    assert only.json["fits"] == [{"count": 213, "of": 663, "by": ["truncate"]}]
