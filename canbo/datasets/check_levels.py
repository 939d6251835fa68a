"""Levels of qualifications, whose code list depends on the kind of the row. Other codes are judged in ``parse``."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from canbo.common.language import pick
from canbo.datasets.collect import Collector
from canbo.datasets.dictionary import Column, dictionary
from canbo.datasets.frames import Frame, Rows


def check_levels(frame: Frame, found: Collector) -> None:
    """Levels of qualifications: codes of the list that goes with their kind, turned into its keys."""
    for column in frame.dataset.written:
        if column.codes_by_kind and frame.has("kind", column.name):
            _check_level(frame, column, column.codes_by_kind, found)


def _check_level(frame: Frame, column: Column, lists: Mapping[str, str], found: Collector) -> None:
    kinds = dictionary()[frame.dataset.name].columns["kind"].code_list
    if kinds is None:
        return
    kind_of = frame.codes("kind")
    coded = frame.columns[column.name].dictionary_encode()
    distinct = coded.dictionary.to_pylist()
    places = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    texts = [*distinct]
    new = places.copy()
    for kind, name in lists.items():
        rows = np.flatnonzero((kind_of == kinds.keys.index(kind)) & (places >= 0) & frame.keep)
        codes = Column(column.name, "codes", column.vi, codes=name)
        known = codes.code_list
        if known is None or not len(rows):
            continue
        keys = [known.match(text) for text in distinct]
        first = len(texts)
        texts += [key if key is not None else text for key, text in zip(keys, distinct, strict=True)]
        new[rows] = places[rows] + first
        wrong = np.array([key is None for key in keys])
        bad = rows[wrong[places[rows]]]
        _report_level(frame, column, known.suggest, bad, found)
        frame.drop(bad)
    frame.columns[column.name] = pa.array(texts, pa.string()).take(pa.array(new, mask=new < 0))


def _report_level(frame: Frame, column: Column, suggest: object, rows: Rows, found: Collector) -> None:
    def message(row: int) -> str:
        value = frame.text(column.name, row)
        return pick(
            f"“{value}” không phải là mức của loại này. Cả dòng này không được dùng.",
            f"“{value}” is no level of this kind. The whole row is not used.",
        )

    def advice(row: int) -> str | None:
        near = suggest(frame.text(column.name, row) or "") if callable(suggest) else None
        return pick(f"Có phải “{near}”?", f"Is it “{near}”?") if near else None

    frame.report(
        found, rows, column.name, "error", "unknown_code", message, advice, lambda r: frame.text(column.name, r)
    )
