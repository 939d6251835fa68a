"""The synthetic province: every indicator of the five schemes equals its count by hand, whole and by unit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pytest

from canbo.datasets.bundle import Datasets
from canbo.datasets.store import Store
from canbo.measure.evaluation import measure_all
from canbo.measure.grouping import By
from canbo.measure.sets import Measurer
from canbo.sample import make_province

from .asking import Asker
from .comparing import BY, differences, unit_differences
from .library import result_of, schemes

DAY = date(2021, 12, 31)  # the day of the sample
LATER = (date(2024, 6, 30), date(2025, 7, 31))  # inside most periods; after the districts have ended


@dataclass
class Sample:
    """The sample in plain tables, and one measurer a scheme over one store."""

    asker: Asker
    measurers: Mapping[str, Measurer]


@pytest.fixture(scope="module")
def sample() -> Sample:
    province = make_province(people=8_000, seed=1, scenario="thai-nguyen-2021")
    store = Store(Datasets(province.tables, province.data_date))
    return Sample(Asker(province.tables), {name: Measurer(scheme, store) for name, scheme in schemes().items()})


@pytest.mark.parametrize("scheme", sorted(schemes()))
def test_every_indicator_equals_its_count_by_hand(sample: Sample, scheme: str) -> None:
    wrong = differences(sample.asker, measure_all(sample.measurers[scheme], as_of=DAY), DAY)
    assert not wrong, "\n".join(wrong)


@pytest.mark.deep
@pytest.mark.parametrize("day", LATER, ids=str)
@pytest.mark.parametrize("scheme", sorted(schemes()))
def test_every_indicator_equals_its_count_by_hand_on_later_days(sample: Sample, scheme: str, day: date) -> None:
    wrong = differences(sample.asker, measure_all(sample.measurers[scheme], as_of=day), day)
    assert not wrong, "\n".join(wrong)


def wrong_by(sample: Sample, scheme: str, by: By) -> list[str]:
    """Where the counts divided one way differ from those by hand."""
    return unit_differences(sample.asker, measure_all(sample.measurers[scheme], as_of=DAY, by=by), DAY)


@pytest.mark.parametrize("scheme", sorted(schemes()))
def test_every_district_equals_its_count_by_hand(sample: Sample, scheme: str) -> None:
    wrong = wrong_by(sample, scheme, "district")
    assert not wrong, "\n".join(wrong)


@pytest.mark.deep
@pytest.mark.parametrize("by", [by for by in BY if by != "district"])
@pytest.mark.parametrize("scheme", sorted(schemes()))
def test_every_way_of_dividing_equals_its_count_by_hand(sample: Sample, scheme: str, by: By) -> None:
    wrong = wrong_by(sample, scheme, by)
    assert not wrong, "\n".join(wrong)


def test_the_printed_baselines_come_out(sample: Sample) -> None:
    report = measure_all(sample.measurers["thai-nguyen-2021-2030"], as_of=DAY)
    printed = {"TN-2025-1-01": (160, 306, 24), "TN-2025-2-01": (213, 663, 20), "TN-2025-2-02": (278, 521, 9)}
    printed |= {"TN-2021-B-05": (6, 145, None)}
    found = {name: result_of(report, name) for name in printed}
    assert {name: (one.numerator, one.denominator, one.shortfall) for name, one in found.items()} == printed
