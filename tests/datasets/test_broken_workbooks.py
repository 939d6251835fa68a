"""Workbooks broken in every way: never an exception but a refusal, never a row lost without a word."""

from pathlib import Path

import pytest

from canbo.common.findings import Refused
from canbo.datasets.reading import read_counted
from tests.datasets.broken import make_broken

SAMPLE, ALL, BATCH = 60, 5000, 50


def _check(folder: Path, seed: int) -> str:
    """Read the workbook of the seed; what came of it."""
    made = make_broken(folder / f"{seed}.xlsx", seed)
    try:
        reading = read_counted(made.path)
    except Refused as refusal:
        assert refusal.message.strip().endswith((".", "?")), (seed, refusal.message)
        assert "\n" not in refusal.message, seed
        return "refused"
    finally:
        made.path.unlink()
    findings = reading.datasets.findings
    assert all(finding.message for finding in findings), seed
    assert reading.datasets.version.startswith("sha256:")
    if made.damaged:
        return "damaged and read"
    faulty = {(finding.sheet, finding.row) for finding in findings if finding.severity == "error"}
    refused = 0
    for name, count in reading.rows.items():
        assert count.given == made.given.get(name, 0), (seed, name)
        assert reading.datasets.tables[name].num_rows == count.used, (seed, name)
        refused += count.given - count.used
    assert refused <= len(faulty | made.formula_rows), seed
    return "read"


@pytest.mark.parametrize("first", range(0, SAMPLE, 10))
def test_a_sample_of_broken_workbooks(tmp_path: Path, first: int) -> None:
    came = [_check(tmp_path, seed) for seed in range(first, first + 10)]
    assert came.count("read") >= 5


@pytest.mark.deep
@pytest.mark.parametrize("first", range(0, ALL, BATCH))
def test_all_broken_workbooks(tmp_path: Path, first: int) -> None:
    came = [_check(tmp_path, seed) for seed in range(first, first + BATCH)]
    assert len(came) == BATCH
