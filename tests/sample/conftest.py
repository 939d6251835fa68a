"""Provinces shared by the tests of the sample, and a connection in which their tables can be asked by SQL."""

from collections.abc import Iterator
from datetime import date

import duckdb
import pytest

from canbo.sample import Province, make_province

PLACES = {
    "scenario": {"people": 8_000, "seed": 1, "scenario": "thai-nguyen-2021"},
    "other_seed": {"people": 7_000, "seed": 20, "scenario": "thai-nguyen-2021"},
    "invented": {"people": 8_000, "seed": 3, "scenario": None, "data_date": date(2023, 6, 30)},
}


def open_tables(province: Province) -> duckdb.DuckDBPyConnection:
    """The tables of a province as views, with codes as text, and `day` as its data date."""
    connection = duckdb.connect()
    for name, table in province.tables.items():
        connection.register(f"arrow_{name}", table)
        connection.execute(f"create table {name} as select * from arrow_{name}")
    connection.execute(f"create macro day() as date '{province.data_date.isoformat()}'")
    return connection


@pytest.fixture(scope="session")
def scenario() -> Province:
    return make_province(**PLACES["scenario"])


@pytest.fixture(scope="session", params=PLACES)
def tables(request: pytest.FixtureRequest) -> Iterator[duckdb.DuckDBPyConnection]:
    """Each of three provinces in turn: the scenario, the scenario with another seed and size, an invented one."""
    connection = open_tables(make_province(**PLACES[request.param]))
    yield connection
    connection.close()


@pytest.fixture(scope="session", params=["scenario", "other_seed"])
def thai_nguyen(request: pytest.FixtureRequest) -> Iterator[duckdb.DuckDBPyConnection]:
    """The scenario under two seeds."""
    connection = open_tables(make_province(**PLACES[request.param]))
    yield connection
    connection.close()
