"""Sets of rows and their counts per unit, held against counting one by one."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from canbo.datasets.units import build_tree
from canbo.measure.bitmaps import Ranges, Truth, count, from_rows, full, rows_of, words_of
from tests.support import table, unit

_TRUTH = st.lists(st.sampled_from([True, False, None]), max_size=300)


@given(_TRUTH)
def test_a_column_becomes_true_and_unknown(values: list[bool | None]) -> None:
    true, unknown = words_of(pa.chunked_array([pa.array(values, pa.bool_())]), len(values))
    assert rows_of(true).tolist() == [row for row, value in enumerate(values) if value]
    assert ([] if unknown is None else rows_of(unknown).tolist()) == [r for r, v in enumerate(values) if v is None]


@given(_TRUTH, st.integers(1, 7))
def test_chunks_and_offsets_make_no_difference(values: list[bool | None], size: int) -> None:
    whole = pa.array(values, pa.bool_())
    chunks = [whole.slice(at, size) for at in range(0, len(whole), size)] or [whole]
    true, unknown = words_of(pa.chunked_array(chunks), len(values))
    plain_true, plain_unknown = words_of(pa.chunked_array([whole]), len(values))
    assert true.tolist() == plain_true.tolist()
    assert (unknown is None) == (plain_unknown is None)
    assert unknown is None or plain_unknown is None or unknown.tolist() == plain_unknown.tolist()


@given(st.lists(st.integers(0, 90), max_size=12), st.data())
def test_counts_per_unit_are_those_of_counting(sizes: list[int], data: st.DataObject) -> None:
    rows = sum(sizes) + 5  # five rows without a unit
    chosen = sorted(data.draw(st.sets(st.integers(0, rows - 1))))
    ranges = Ranges(np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64))
    words = from_rows(np.array(chosen, dtype=np.int64), rows)
    places = np.repeat(np.arange(len(sizes)), sizes)
    expected = [sum(1 for row in chosen if row < len(places) and places[row] == unit) for unit in range(len(sizes))]
    assert ranges.by_unit(words).tolist() == expected
    assert count(words) == len(chosen)


@pytest.mark.parametrize("rows", [0, 1, 63, 64, 65, 128])
def test_full_sets_end_with_the_last_row(rows: int) -> None:
    assert rows_of(full(rows)).tolist() == list(range(rows))


@given(st.lists(st.tuples(st.sampled_from([True, False, None]), st.sampled_from([True, False, None])), max_size=80))
def test_and_is_three_valued(pairs: list[tuple[bool | None, bool | None]]) -> None:
    def truth(values: list[bool | None]) -> Truth:
        return Truth.of(*words_of(pa.chunked_array([pa.array(values, pa.bool_())]), len(values)))

    both = truth([one for one, _ in pairs]) & truth([other for _, other in pairs])
    true = [row for row, (one, other) in enumerate(pairs) if one and other]
    known_false = [row for row, (one, other) in enumerate(pairs) if one is False or other is False]
    assert rows_of(both.true).tolist() == true
    assert rows_of(both.unknown).tolist() == [r for r in range(len(pairs)) if r not in true and r not in known_false]


def test_a_subtree_is_one_range() -> None:
    rows = [
        unit("X1", "H1", "commune"),
        unit("T", None, "province"),
        unit("H2", "T", "district"),
        unit("H1", "T", "district"),
        unit("S", "T", "province", "state"),
        unit("S1", "S", "province", "division"),
    ]
    tree = build_tree(table("units", rows))
    assert tree.ids == ("T", "H2", "H1", "X1", "S", "S1")
    assert tree.ends.tolist() == [6, 2, 4, 4, 6, 6]
    assert tree.path("X1") == ("T", "H1", "X1")
    localities = [tree.ids[place] if place >= 0 else None for place in tree.localities]
    assert localities == ["T", "H2", "H1", "X1", "T", "T"]
    districts = [tree.ids[place] if place >= 0 else None for place in tree.localities_of("district")]
    assert districts == [None, "H2", "H1", "H1", None, None]


def test_a_cycle_or_a_missing_parent_loses_no_unit() -> None:
    rows = [
        unit("A", "B", "district"),
        unit("B", "A", "district"),
        unit("C", "gone", "commune"),
        unit("D", "D", "commune"),
    ]
    tree = build_tree(table("units", rows))
    assert sorted(tree.ids) == ["A", "B", "C", "D"]
    assert all(end > place for place, end in enumerate(tree.ends))


def test_the_party_tree_follows_its_own_parents() -> None:
    rows = [
        unit("T", None, "province"),
        unit("P", "T", "province", "party"),
        unit("S", "T", "province", "state", party_parent_id="P"),
    ]
    tree = build_tree(table("units", rows), parent_column="party_parent_id")
    assert tree.path("S") == ("T", "P", "S")
