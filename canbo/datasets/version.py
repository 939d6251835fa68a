"""The version of the data: a hash of its facts, blind to file form and to the order of rows and columns."""

import hashlib
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Words = npt.NDArray[np.uint64]

_SLICE = 65536
_BASE = np.uint64(0x9E3779B97F4A7C15)
_INVERSE = np.uint64(pow(0x9E3779B97F4A7C15, -1, 1 << 64))


def content_version(tables: Mapping[str, pa.Table]) -> str:
    """``sha256:…`` of the canonical content of the tables.

    Rows are put into an order that depends on their values alone (by a quick hash of each), columns and datasets by
    name; then every value is hashed by SHA-256. A column without any value counts as absent; an empty dataset does not.
    """
    digest = hashlib.sha256()
    for name in sorted(tables):
        table = tables[name]
        columns = {
            column: _plain(table[column])
            for column in sorted(table.column_names)
            if table[column].null_count < table.num_rows
        }
        digest.update(f"{name}\n{table.num_rows}\n".encode())
        order = pa.array(np.argsort(_row_hashes(columns, table.num_rows), kind="stable"))
        for column, values in columns.items():
            digest.update(f"{column}\n".encode())
            _update(digest, values.take(order))
    return f"sha256:{digest.hexdigest()}"


def _plain(values: pa.ChunkedArray) -> pa.Array:
    """One array of text, of codes over their sorted keys, of whole numbers or of decimals."""
    array = values.combine_chunks()
    if isinstance(array, pa.ChunkedArray):
        array = pa.concat_arrays(array.chunks) if array.num_chunks else pa.array([], array.type)
    kind = array.type
    if pa.types.is_dictionary(kind):
        return _sorted_codes(array)
    if pa.types.is_date32(kind):
        return array.cast(pa.int32()).cast(pa.int64())
    if pa.types.is_boolean(kind) or pa.types.is_integer(kind):
        return array.cast(pa.int64())
    if pa.types.is_floating(kind):
        numbers = pc.add(array.cast(pa.float64()), 0.0)  # turns -0.0 into 0.0
        return pc.if_else(pc.is_nan(numbers), pa.scalar(None, pa.float64()), numbers)
    return array.cast(pa.large_string())


def _sorted_codes(array: pa.DictionaryArray) -> pa.DictionaryArray:
    keys = array.dictionary.to_pylist()
    used = sorted({keys[place] for place in pc.unique(array.indices).to_pylist() if place is not None})
    place_of = {key: place for place, key in enumerate(used)}
    places = np.array([place_of.get(key, 0) for key in keys] or [0], dtype=np.int16)
    empty = array.indices.is_null().to_numpy(zero_copy_only=False)
    indices = places[array.indices.fill_null(0).to_numpy(zero_copy_only=False)]
    return pa.DictionaryArray.from_arrays(pa.array(indices, mask=empty), pa.array(used, pa.string()))


def _update(digest: "hashlib._Hash", values: pa.Array) -> None:
    """Feed validity, then the values; of text the lengths, then the bytes."""
    digest.update(values.is_valid().cast(pa.uint8()).to_numpy(zero_copy_only=False).tobytes())
    if pa.types.is_dictionary(values.type):
        digest.update("\n".join(values.dictionary.to_pylist()).encode())
        values = values.indices
    if pa.types.is_large_string(values.type):
        values = values.fill_null("")
        _, offsets, data = _text_buffers(values)
        digest.update(np.diff(offsets).astype("<i8").tobytes())
        digest.update(data[offsets[0] : offsets[-1]].tobytes())
        return
    numbers = values.fill_null(0).to_numpy(zero_copy_only=False)
    digest.update(np.ascontiguousarray(numbers, dtype=numbers.dtype.newbyteorder("<")).tobytes())


def row_hashes(columns: Mapping[str, pa.Array], rows: int) -> Words:
    """A quick hash of each row's values in the columns: equal rows have equal ones, others nearly never."""
    return _row_hashes({name: _plain(pa.chunked_array([columns[name]])) for name in sorted(columns)}, rows)


def _row_hashes(columns: Mapping[str, pa.Array], rows: int) -> Words:
    hashes = np.zeros(rows, dtype=np.uint64)
    for name, values in columns.items():
        seed = np.uint64(int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "little"))
        column = _mix(_value_hashes(values) ^ seed)
        column[values.is_null().to_numpy(zero_copy_only=False)] = seed
        hashes = _mix(hashes * _BASE + column)
    return hashes


def _value_hashes(values: pa.Array) -> Words:
    if pa.types.is_large_string(values.type):
        return _text_hashes(values.fill_null(""))
    if pa.types.is_dictionary(values.type):
        table = _text_hashes(values.dictionary.cast(pa.large_string()))
        indices = values.indices.fill_null(0).to_numpy(zero_copy_only=False)
        return table[indices] if len(table) else np.zeros(len(values), dtype=np.uint64)
    numbers = values.fill_null(0).to_numpy(zero_copy_only=False)
    return np.ascontiguousarray(numbers).view(np.uint64).copy()


def _text_hashes(values: pa.Array) -> Words:
    """A polynomial in the bytes of each text modulo 2^64, by differences of running sums; for order only."""
    size, offsets, data = _text_buffers(values)
    hashes = np.empty(size, dtype=np.uint64)
    for first in range(0, size, _SLICE):
        bounds = offsets[first : first + _SLICE + 1]
        part = data[bounds[0] : bounds[-1]].astype(np.uint64) + np.uint64(1)
        powers = np.full(len(part) + 1, _BASE)
        powers[0] = 1
        np.cumprod(powers, out=powers)
        sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(part * powers[:-1])])
        inverses = np.full(len(part) + 1, _INVERSE)
        inverses[0] = 1
        np.cumprod(inverses, out=inverses)
        bounds = bounds - bounds[0]
        hashes[first : first + _SLICE] = (sums[bounds[1:]] - sums[bounds[:-1]]) * inverses[bounds[:-1]]
    return hashes


def _text_buffers(values: pa.Array) -> tuple[int, npt.NDArray[np.int64], npt.NDArray[np.uint8]]:
    """Number of texts, their offsets, and the bytes that the offsets point into."""
    size = len(values)
    if size == 0:
        return 0, np.zeros(1, dtype=np.int64), np.empty(0, dtype=np.uint8)
    _, offsets, data = values.buffers()
    bounds = np.frombuffer(offsets, dtype=np.int64)[values.offset : values.offset + size + 1]
    return size, bounds, np.frombuffer(data, dtype=np.uint8) if data else np.empty(0, dtype=np.uint8)


def _mix(words: Words) -> Words:
    """The finalizer of MurmurHash3: every bit of the word moves every bit of the result."""
    words = (words ^ (words >> np.uint64(33))) * np.uint64(0xFF51AFD7ED558CCD)
    words = (words ^ (words >> np.uint64(33))) * np.uint64(0xC4CEB9FE1A85EC53)
    return words ^ (words >> np.uint64(33))
