"""Turning a raw column into its canonical Arrow type: vectorised, each distinct cell judged once. Knows no sheets."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from canbo.datasets import raw
from canbo.datasets.dictionary import Column, Dataset
from canbo.datasets.parse import FIRST_YEAR, LAST_YEAR, PARSERS, Fault, Parsed

Places = npt.NDArray[np.int64]

_INVISIBLE = "[\u200b-\u200f\u2060\ufeff\u00ad]"
_BLANKS = "[\\x00-\\x20\u00a0\u2000-\u200a\u2028\u2029\u202f\u3000]+"
_UNTIDY = "^ | $|  |[\\x00-\\x1f\u00a0\u00ad\u2000-\u200f\u2028\u2029\u202f\u2060\u3000\ufeff]"


ESCAPED = "^'('*[=+@-])"
"""The apostrophe that ``writing`` puts before a text that a spreadsheet could run; it is taken away again."""


@dataclass(frozen=True)
class CellFault:
    """A fault that cells at some places share, and what stands in them."""

    fault: Fault
    shown: str
    places: Places


@dataclass
class Converted:
    """A canonical column with its faults; ``latest`` holds the last days where a day is known by month or year only."""

    values: pa.Array
    faults: list[CellFault] = field(default_factory=list)
    latest: pa.Array | None = None

    def unused(self, rows: int) -> npt.NDArray[np.bool_]:
        """Which cells are not used because of an error."""
        mask = np.zeros(rows, dtype=bool)
        for found in self.faults:
            if found.fault.severity == "error":
                mask[found.places] = True
        return mask


def convert(column: Column, dataset: Dataset, array: pa.Array) -> Converted:
    """The column's values; cells that cannot be used are null, and why is in the faults."""
    rows = len(array)
    parts = [(places, _convert_pure(column, dataset, part)) for places, part in raw.split(array)]
    if len(parts) == 1 and parts[0][0] is None:
        return parts[0][1]
    faults = []
    spots = [np.arange(len(part.values)) if places is None else places for places, part in parts]
    for spot, (_, part) in zip(spots, parts, strict=True):
        faults += [CellFault(found.fault, found.shown, spot[found.places]) for found in part.faults]
    values = _scatter(column.arrow_type, rows, spots, [part.values for _, part in parts])
    latest = None
    if any(part.latest is not None for _, part in parts):
        ends = [part.values if part.latest is None else part.latest for _, part in parts]
        latest = _scatter(pa.date32(), rows, spots, ends)
    return Converted(values, faults, latest)


def _scatter(kind: pa.DataType, rows: int, spots: Sequence[Places], parts: Sequence[pa.Array]) -> pa.Array:
    """Parts put at their places, null elsewhere."""
    source: Places = np.full(rows, -1, dtype=np.int64)
    first = 0
    for spot in spots:
        source[spot] = np.arange(first, first + len(spot))
        first += len(spot)
    if first == 0:
        return nulls(rows, kind)
    together = pa.concat_arrays(list(parts))
    return together.take(pa.array(source, mask=source < 0))


def nulls(rows: int, kind: pa.DataType) -> pa.Array:
    """A column without any value."""
    return pa.array([None] * rows, kind) if pa.types.is_dictionary(kind) else pa.nulls(rows, kind)


def _convert_pure(column: Column, dataset: Dataset, array: pa.Array) -> Converted:
    kind = array.type
    if pa.types.is_dictionary(kind) and column.kind == "text":
        array, kind = array.cast(pa.string()), pa.string()
    if pa.types.is_string(kind):
        array = _tidy(array)
        if column.kind == "text" and column.name != "national_id":
            return Converted(array)
        if column.name == "national_id" and _all(pc.match_substring_regex(array, "^[0-9]{12}$")):
            return Converted(array)
    elif column.kind == "date" and pa.types.is_date32(kind):
        years = pc.year(array)
        if _all(pc.and_(pc.greater_equal(years, FIRST_YEAR), pc.less_equal(years, LAST_YEAR))):
            return Converted(array)
    elif column.kind == "boolean" and pa.types.is_boolean(kind):
        return Converted(array)
    return _convert_distinct(column, dataset, array)


def _all(checks: pa.Array) -> bool:
    return bool(pc.all(checks, min_count=0).as_py())


def _tidy(array: pa.Array) -> pa.Array:
    """Composed text without invisible characters, leading, trailing and repeated blanks; null where nothing is left."""
    if array.null_count == len(array):
        return array
    coded = array.dictionary_encode()
    texts = coded.dictionary
    if not _all(pc.string_is_ascii(texts)):
        texts = pc.utf8_normalize(texts, form="NFC")
    if pc.any(pc.match_substring_regex(texts, _UNTIDY)).as_py():
        texts = pc.replace_substring_regex(texts, _INVISIBLE, "")
        texts = pc.utf8_trim(pc.replace_substring_regex(texts, _BLANKS, " "), " ")
    if pc.any(pc.starts_with(texts, "'")).as_py():
        texts = pc.replace_substring_regex(texts, ESCAPED, "\\1")
    texts = pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts)
    return texts.take(coded.indices)


def _convert_distinct(column: Column, dataset: Dataset, array: pa.Array) -> Converted:
    coded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
    distinct = raw.cells(_tidy(coded.dictionary) if pa.types.is_string(coded.dictionary.type) else coded.dictionary)
    parser = PARSERS[column.kind]
    parsed = [Parsed() if cell is None else parser(cell, column, dataset) for cell in distinct]
    values = build(column, [found.value for found in parsed]).take(coded.indices)
    latest = None
    if any(found.latest is not None and found.latest != found.value for found in parsed):
        ends: list[date | None] = [found.latest or found.value for found in parsed]
        latest = pa.array(ends, pa.date32()).take(coded.indices)
    faulty = [(place, found.fault) for place, found in enumerate(parsed) if found.fault]
    if not faulty:
        return Converted(values, [], latest)
    places = _places_of(coded.indices, len(distinct))
    faults = [CellFault(fault, raw.shown(distinct[place])[:200], places[place]) for place, fault in faulty]
    return Converted(values, faults, latest)


def build(column: Column, values: Sequence[object]) -> pa.Array:
    """An array of the column's canonical type; a column of codes carries its whole code list as dictionary."""
    codes = column.code_list
    if codes is None:
        return pa.array(values, column.arrow_type)
    place = {key: number for number, key in enumerate(codes.keys)}
    indices = pa.array([None if value is None else place[str(value)] for value in values], pa.int8())
    return pa.DictionaryArray.from_arrays(indices, pa.array(codes.keys, pa.string()))


def _places_of(indices: pa.Array, distinct: int) -> list[Places]:
    """For each distinct value, where it stands."""
    numbers = indices.fill_null(-1).to_numpy(zero_copy_only=False)
    order = np.argsort(numbers, kind="stable")
    bounds = np.searchsorted(numbers[order], np.arange(distinct + 1))
    return [order[bounds[place] : bounds[place + 1]] for place in range(distinct)]
