"""A file imported into an empty register comes back from it the same: every table, every indicator, every unit."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db import connection

from canbo.datasets.bundle import Datasets
from canbo.datasets.reading import read
from canbo.datasets.store import Store
from canbo.measure.checking import measurable_scheme
from canbo.measure.evaluation import measure_all
from canbo.measure.library import find_scheme
from canbo.measure.results import Report
from canbo.measure.sets import Measurer
from canbo.register.importing.run import apply, prepare
from canbo.sample import make_province, write_parquet
from canbo.snapshot.export import write_datasets
from canbo.snapshot.take import take

pytestmark = pytest.mark.django_db

DAY = date(2021, 12, 31)
AT = datetime(2022, 1, 5, tzinfo=UTC)


def by_unit(datasets: Datasets) -> Report:
    scheme = measurable_scheme(find_scheme("thai-nguyen-2021-2030"))
    return measure_all(Measurer(scheme, Store(datasets)), as_of=DAY, by="unit")


def test_a_province_imported_and_taken_again_is_the_same(tmp_path: Path) -> None:
    write_parquet(make_province(people=6000, seed=1, scenario="thai-nguyen-2021"), tmp_path / "file")
    file = read(tmp_path / "file")
    apply(prepare(tmp_path / "file"), by="an", at=AT)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")

    taken = take(DAY)
    assert {name: table.num_rows for name, table in taken.tables.items()} == {
        name: table.num_rows for name, table in file.tables.items()
    }
    assert taken.version == file.version
    assert taken.findings == ()
    expected, found = by_unit(file).as_json(), by_unit(taken).as_json()
    assert found["indicators"] == expected["indicators"]
    assert sum(len(one["units"] or ()) for one in found["indicators"]) > 5000

    assert take(DAY, known=AT).version == file.version
    assert dict(take(DAY, known=AT.replace(day=4)).tables) == {}

    write_datasets(taken, tmp_path / "out", made_for="an")
    assert read(tmp_path / "out").version == file.version

    earlier = take(date(2021, 12, 30))
    assert [finding.code for finding in earlier.findings] == ["snapshot_other_day"]
    people = earlier.tables["people"]
    serving = people.filter(people["left_on"].is_null())
    assert serving.num_rows > 5000
    assert serving["it_standard"].null_count == serving.num_rows
    assert "posts_held" in earlier.tables
