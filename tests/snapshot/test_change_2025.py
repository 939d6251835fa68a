"""The change of 2025-07-01 on a whole province: figures of the day before stay, nobody is without a unit on any day."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from canbo.datasets.bundle import Datasets
from canbo.datasets.store import Store
from canbo.measure.checking import measurable_scheme
from canbo.measure.evaluation import measure_all
from canbo.measure.library import find_scheme
from canbo.measure.results import Report
from canbo.measure.sets import Measurer
from canbo.register.importing.run import apply as apply_import
from canbo.register.importing.run import prepare
from canbo.register.models import PostHeld, UnitVersion
from canbo.register.reorganisations.applying import apply
from canbo.register.reorganisations.change_2025 import plan_for_2025
from canbo.sample import make_province, write_parquet
from canbo.snapshot.restating import restate
from canbo.snapshot.take import take

EVE, DAY = date(2025, 6, 30), date(2025, 7, 1)
AT = datetime(2025, 6, 20, tzinfo=UTC)


@pytest.fixture
def new_session(django_db_setup: None, django_db_blocker: Any) -> None:
    """A session of its own: an import sets the memory of temporary tables, which is fixed once one was used."""
    with django_db_blocker.unblock():
        connection.close()


def _people_by_unit(data: Datasets) -> dict[str, int]:
    counts: dict[str, int] = {}
    for unit in data.tables["people"]["unit_id"].to_pylist():
        counts[unit] = counts.get(unit, 0) + 1
    return counts


def _report(data: Datasets) -> Report:
    return measure_all(Measurer(measurable_scheme(find_scheme("thai-nguyen-2021-2030")), Store(data)), as_of=EVE)


def test_the_change_of_2025_leaves_the_figures_of_the_day_before_and_nobody_without_a_unit(
    new_session: None, db: None, tmp_path: Path
) -> None:
    write_parquet(make_province(people=6000, seed=1, scenario="thai-nguyen-2021"), tmp_path / "file")
    apply_import(prepare(tmp_path / "file"), by="an", at=AT)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    before = _report(take(EVE)).as_json()["indicators"]
    apply(plan_for_2025(province="TN"), by="an", at=AT)

    own = take(EVE)
    assert _report(own).as_json()["indicators"] == before
    for day in (EVE, DAY, date(2025, 7, 2)):
        alive = set(UnitVersion.objects.as_of(day).values_list("unit_id", flat=True))
        assert set(PostHeld.objects.as_of(day).values_list("unit_id", flat=True)) <= alive
        people = take(day).tables["people"]
        assert people["unit_id"].null_count == 0

    found = restate(own, DAY)
    alive_then = set(UnitVersion.objects.as_of(DAY).values_list("unit__code", flat=True))
    assert set(_people_by_unit(found.data)) <= alive_then
    assert sum(_people_by_unit(found.data).values()) == sum(_people_by_unit(own).values())
