"""What is wrong in a scheme file is told with its line; what the five provinces' files hold."""

import re
from pathlib import Path

import pytest

from canbo.common.findings import Finding, Refused
from canbo.common.language import speaking
from canbo.measure.checking import check_scheme
from canbo.measure.library import library_paths
from canbo.measure.reading import read_scheme
from canbo.measure.words import explain_scheme
from tests.support import HEAD, write_scheme

PLAIN = """
- id: A
  label: Nữ
  quote: tỷ lệ nữ
  of: people
  satisfies: sex = 'female'
  targets: [{by: 2025-12-31, is: ">= 20%"}]
"""


def faults(path: Path) -> list[Finding]:
    return [one for one in check_scheme(path)[1] if one.severity == "error"]


def test_a_plain_scheme_has_no_faults(tmp_path: Path) -> None:
    assert check_scheme(write_scheme(tmp_path, PLAIN))[1] == []


@pytest.mark.parametrize(
    ("wrong", "right", "code", "suggestion"),
    [
        ("satisfy:", "satisfies:", "unknown_key", "Có phải “satisfies” không?"),
        ("of: peoples", "of: people", "unknown_dataset", "Có phải “people” không?"),
        ("population: nobody", "of: people", "unknown_population", None),
        ('is: "20%"', 'is: ">= 20%"', "bad_target", "Viết như “> 60%”, “>= 2”, “15%..25%” hoặc “report”."),
        ('is: ">= 120%"', 'is: ">= 20%"', "bad_target", None),
        ('is: ">= 20"', 'is: ">= 20%"', "bad_target", None),
        ("by: 2025-02-30", "by: 2025-12-31", "bad_date", "Viết như 2025-12-31."),
        ("measure: shares\n  satisfies", "satisfies", "bad_value", "share"),
        ("plan: {category: a, date: begin}\n  measure: count\n  satisfies", "satisfies", "unknown_column", None),
    ],
)
def test_slips_are_told_with_line_and_the_nearest(
    tmp_path: Path, wrong: str, right: str, code: str, suggestion: str | None
) -> None:
    path = write_scheme(tmp_path, PLAIN.replace(right, wrong))
    found = {one.code: one for one in faults(path)}
    assert code in found
    line = next(n for n, text in enumerate(path.read_text("utf-8").splitlines(), 1) if wrong.split("\n")[0] in text)
    assert found[code].row == line
    assert found[code].sheet == "scheme.yaml"
    if suggestion:
        assert found[code].suggestion == suggestion


def test_an_id_is_used_once(tmp_path: Path) -> None:
    assert [one.code for one in faults(write_scheme(tmp_path, PLAIN + PLAIN))] == ["duplicate_id"]


def test_a_percentage_for_a_count_is_refused(tmp_path: Path) -> None:
    path = write_scheme(tmp_path, PLAIN.replace("satisfies", "measure: count\n  satisfies"))
    assert [one.code for one in faults(path)] == ["bad_target"]


def test_an_objective_without_an_indicator_is_shown(tmp_path: Path) -> None:
    head = HEAD + 'objectives:\n  - {id: "1", text: Nữ}\n  - {id: "2", text: Trẻ}\n'
    path = write_scheme(tmp_path, PLAIN.replace("label: Nữ", 'label: Nữ\n  objective: "1"'), head=head)
    (finding,) = check_scheme(path)[1]
    assert (finding.code, finding.severity) == ("objective_without_indicator", "warning")
    assert finding.message == "mục tiêu 2 không có chỉ tiêu nào đo."


def test_a_scheme_in_force_before_it_was_issued(tmp_path: Path) -> None:
    head = HEAD.replace('number: "01-ĐA/TU"', "issued_on: 2022-06-01, effective_on: 2022-05-01")
    assert [one.code for one in check_scheme(write_scheme(tmp_path, PLAIN, head=head))[1]] == ["date_order"]
    bare = HEAD.replace('documents: [{kind: Đề án, number: "01-ĐA/TU"}]\n', "")
    assert [one.code for one in check_scheme(write_scheme(tmp_path, PLAIN, head=bare))[1]] == ["missing_document"]


@pytest.mark.parametrize(
    ("baseline", "code"),
    [
        ('{on: 2021-12-31, numerator: 160, denominator: 306, printed: "52,28%"}', None),
        ('{on: 2021-12-31, numerator: 160, denominator: 306, printed: "52,29%"}', "inconsistent"),
        ('{on: 2021-12-31, stated_denominator: 306, printed: "6,25%"}', "inconsistent"),
        ('{on: 2021-12-31, stated_denominator: 304, printed: "6,25%"}', None),
        ('{on: 2021-12-31, printed: "gần 70%"}', "bad_value"),
    ],
)
def test_printed_baselines_are_audited(tmp_path: Path, baseline: str, code: str | None) -> None:
    path = write_scheme(tmp_path, PLAIN.replace("targets", f"baseline: {baseline}\n  targets"))
    found = check_scheme(path)[1]
    assert [one.code for one in found] == ([code] if code else [])
    assert all(one.severity == "warning" for one in found)


def test_a_stated_fit_must_be_the_one_that_is_computed(tmp_path: Path) -> None:
    head = HEAD + (
        "consistency:\n"
        '  - {id: CF, indicators: [A], text: Không khớp., figures: [{printed: "4,13%", of: 145, fits: [7/145]}]}\n'
    )
    (finding,) = faults(write_scheme(tmp_path, PLAIN, head=head))
    assert finding.code == "figure_mismatch"
    assert "6/145" in finding.message


@pytest.mark.parametrize(
    "text",
    [
        "id: [a",
        "- just a list",
        "a: &x [*x]",
        "\x00",
        "id: a\n" + "  " * 300 + "x: {" * 300,
        "!!python/object:os.system {}",
    ],
)
def test_what_is_no_scheme_is_one_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(text, "utf-8")
    try:
        scheme, found = check_scheme(path)
    except Refused as refusal:
        assert refusal.message
    else:
        assert scheme is None
        assert any(one.severity == "error" for one in found)


def test_nested_aliases_do_not_explode(tmp_path: Path) -> None:
    levels = "\n".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" if n else "l0: &l0 [x]" for n in range(12))
    path = tmp_path / "bomb.yaml"
    path.write_text(levels, "utf-8")
    with pytest.raises(Refused, match="quá sâu hoặc quá lớn"):
        check_scheme(path)


# The library

_ROWS = {
    "hau-giang-2022-2025": "HG-2025-1-01 HG-2025-2-01 HG-2025-2-02 HG-2025-2-03 HG-2025-2-04 HG-2025-2-05 HG-2025-3-01 "
    "HG-2025-4-01 HG-2025-4-02 HG-2025-4-03 HG-2025-4-04 HG-2025-5-01",
    "thai-nguyen-2021-2030": " ".join(
        [f"TN-2025-{group}-{number:02d}" for group in (1, 2, 3) for number in range(1, 9)]
        + [f"TN-2030-{group}-{n:02d}" for group, last in ((1, 4), (2, 2), (3, 4), (4, 3)) for n in range(1, last + 1)]
        + [f"TN-2021-B-{n:02d}" for n in (1, 3, 4, 5, 6, 7, 9, 10)]
    ),
    "cao-bang-2016-2020": " ".join(f"CB-2019-R-{number:02d}" for number in range(1, 17)),
    "quang-ninh-2022": " ".join(f"QN-2022-R-{n:02d}" for n in range(1, 11)) + " QN-2022-S-01 QN-2022-S-02",
    "bac-giang-2021-2025": "BG-2023-P-01 BG-2023-P-02 BG-2023-P-03 BG-2023-P-04 BG-2023-P-05 BG-2023-E-01 BG-2023-E-02 "
    "BG-2023-S-01 BG-2023-S-02",
}


def test_all_94_rows_of_the_five_articles_are_there() -> None:
    found = {name: set((read_scheme(path)[0] or pytest.fail(name)).ids) for name, path in library_paths().items()}
    wanted = {name: set(rows.split()) for name, rows in _ROWS.items()}
    assert sum(len(rows) for rows in wanted.values()) == 94
    assert {name: wanted[name] - found[name] for name in wanted} == {name: set() for name in wanted}


@pytest.mark.parametrize("name", sorted(_ROWS))
def test_the_library_has_no_faults(name: str) -> None:
    assert faults(library_paths()[name]) == []


@pytest.mark.parametrize("name", sorted(_ROWS))
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_indicator_is_explained_in_plain_words(name: str, language: str) -> None:
    scheme = read_scheme(library_paths()[name])[0]
    assert scheme is not None
    with speaking(language):  # type: ignore[arg-type]  # one of the two
        sentences = explain_scheme(scheme)
    code = re.compile(r"\b(COALESCE|CASE WHEN|EXISTS|SELECT|CAST)\b|\w+_\w+|\$as_of|:as_of|'[a-z_]+'")
    assert [(one, text) for one, _, text in sentences if code.search(text.split("; mức")[0].split("; target")[0])] == []


def test_district_groups_end_with_the_districts() -> None:
    scheme = read_scheme(library_paths()["thai-nguyen-2021-2030"])[0]
    assert scheme is not None
    ends = {one.id: one.valid.last.isoformat() for one in scheme.indicators if one.valid and one.valid.last}
    assert {"TN-2025-1-07", "TN-2025-2-01", "TN-2025-2-04", "TN-2025-3-06", "TN-2030-4-02"} <= set(ends)
    assert set(ends.values()) == {"2025-06-30"}
    assert not {"TN-2025-1-01", "TN-2025-3-01"} & set(ends)


def test_all_28_contradictions_of_the_sources_are_shown() -> None:
    shown = [one.id for path in library_paths().values() for one in (read_scheme(path)[0] or pytest.fail()).consistency]
    assert sorted(shown) == [f"CF-{number:02d}" for number in range(1, 29)]
