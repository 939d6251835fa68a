"""The version of the data: the same for the same facts, another for any other."""

from datetime import date

import pyarrow as pa

from canbo.datasets.version import content_version

TABLE = pa.table(
    {
        "person_id": pa.array(["P1", "P2", "P3"]),
        "sex": pa.array(["male", "female", None]).dictionary_encode(),
        "birth_date": pa.array([date(1980, 1, 1), None, date(1981, 1, 1)]),
        "is_head": pa.array([True, False, None]),
        "share": pa.array([0.5, 0.0, None]),
        "posts": pa.array([1, 2, None], pa.int32()),
    }
)


def test_the_order_of_rows_and_columns_and_of_codes_does_not_matter() -> None:
    version = content_version({"people": TABLE})
    assert version.startswith("sha256:") and len(version) == 71
    assert content_version({"people": TABLE.take(pa.array([2, 0, 1]))}) == version
    assert content_version({"people": TABLE.select(sorted(TABLE.column_names, reverse=True))}) == version
    keys = pa.DictionaryArray.from_arrays(pa.array([2, 1, None], pa.int8()), ["x", "female", "male"])
    assert content_version({"people": TABLE.set_column(1, "sex", keys)}) == version
    chunked = pa.concat_tables([TABLE.slice(1), TABLE.slice(0, 1)])
    assert content_version({"people": chunked}) == version
    assert content_version({"people": TABLE.append_column("empty", pa.nulls(3, pa.string()))}) == version
    assert content_version({"people": TABLE.set_column(4, "share", pa.array([0.5, -0.0, None]))}) == version


def test_any_other_fact_is_another_version() -> None:
    versions = {content_version({"people": TABLE})}
    for column, values in {
        "person_id": pa.array(["P1", "P2", "P4"]),
        "sex": pa.array(["male", "male", None]),
        "birth_date": pa.array([date(1980, 1, 2), None, date(1981, 1, 1)]),
        "is_head": pa.array([True, None, None]),
        "share": pa.array([0.5, None, None]),
        "posts": pa.array([1, 2, 0], pa.int32()),
    }.items():
        place = TABLE.column_names.index(column)
        versions.add(content_version({"people": TABLE.set_column(place, column, values)}))
    swapped = pa.array(["P2", "P1", "P3"])
    versions.add(content_version({"people": TABLE.set_column(0, "person_id", swapped)}))
    versions.add(content_version({"people": TABLE.slice(0, 2)}))
    versions.add(content_version({"people": pa.concat_tables([TABLE, TABLE.slice(0, 1)])}))
    versions.add(content_version({"other": TABLE}))
    versions.add(content_version({"people": TABLE, "units": TABLE.slice(0, 0)}))
    versions.add(content_version({}))
    assert len(versions) == 13


def test_texts_are_not_run_together() -> None:
    one = pa.table({"a": ["ab", "c"], "b": ["", "x"]})
    other = pa.table({"a": ["a", "bc"], "b": ["", "x"]})
    assert content_version({"t": one}) != content_version({"t": other})
