"""Which row of one table is which row of another: the same person, unit or record on two days or in two files."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from canbo.measure.members import Members

Rows = npt.NDArray[np.int64]
_BETWEEN = "\x1f"


def matched(one: Members, two: Members) -> tuple[Rows, Rows]:
    """Pairs of rows, -1 where the row has no partner; every row of either stands in one pair.

    Rows of one file are told by their place in it; rows of two files by their key, and rows that share a key by their
    order. Shape of both: (pairs).
    """
    if one.store is two.store:
        first, second = (members.column("_row").to_numpy() for members in (one, two))
        places = np.full(int(max(first.max(initial=-1), second.max(initial=-1))) + 1, -1, np.int64)
        places[second] = np.arange(two.rows)
        return np.arange(one.rows, dtype=np.int64), places[first]
    found = pc.index_in(_keys(two), value_set=_keys(one)).fill_null(-1)
    before = found.to_numpy(zero_copy_only=False).astype(np.int64)
    alone = np.ones(one.rows, bool)
    alone[before[before >= 0]] = False
    gone = np.flatnonzero(alone)
    return np.concatenate([before, gone]), np.concatenate([np.arange(two.rows), np.full(len(gone), -1)])


def _keys(members: Members) -> pa.Array:
    columns = [members.column(name).combine_chunks().cast(pa.string()) for name in members.key_columns()]
    keys = pc.binary_join_element_wise(*columns, _BETWEEN, null_handling="replace", null_replacement="")
    again = _repetition(keys)
    if not again.any():
        return keys
    return pc.binary_join_element_wise(keys, pa.array(again).cast(pa.string()), _BETWEEN)


def _repetition(keys: pa.Array) -> Rows:
    """For each key how often it stood before, in the order of the rows."""
    codes = pc.dictionary_encode(keys).indices.to_numpy(zero_copy_only=False)
    order = np.argsort(codes, kind="stable")
    ordered = codes[order]
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]])) if len(codes) else np.empty(0, int)
    lengths = np.diff(np.append(starts, len(codes)))
    again = np.empty(len(codes), np.int64)
    again[order] = np.arange(len(codes)) - np.repeat(starts, lengths)
    return again
