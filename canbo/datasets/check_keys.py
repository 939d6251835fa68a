"""Keys and references between the datasets: doubled keys, likely doubles, rows that name what is not there."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from canbo.common.language import pick
from canbo.common.text import nearest
from canbo.datasets.collect import Collector
from canbo.datasets.dictionary import Column
from canbo.datasets.frames import Frame, Mask, Rows
from canbo.datasets.version import row_hashes

_ONCE: Mapping[str, tuple[str, ...]] = {
    "quotas": ("unit_id", "year", "staff_kind"),
    "evaluations": ("subject_kind", "person_id", "unit_id", "period"),
    "reported": ("indicator", "unit_id", "as_of"),
}
"""What one row at most may say, in datasets without key; elsewhere two rows alike in all columns are told."""

MAX_NAMES = 2000
"""Keys among which the nearest is looked for; beyond, a suggestion would cost more than it helps."""


def check_key(frame: Frame, found: Collector) -> None:
    """Rows that repeat a key: only the first is used."""
    key = frame.dataset.key
    if key is None or key not in frame.columns:
        return
    values = frame.columns[key]
    later, first = _repeated(values, frame.keep & frame.valid(key))
    same = _same_rows(frame, later, first)
    first_of = dict(zip(later.tolist(), first.tolist(), strict=True))
    alike = dict(zip(later.tolist(), same.tolist(), strict=True))

    def message(row: int) -> str:
        place = frame.place(first_of[row])
        if alike[row]:
            return pick(
                f"Trùng cả dòng với {place}; chỉ dòng đầu được dùng.", f"Same as the row at {place}; the first is used."
            )
        return pick(
            f"Mã đã có ở {place} với nội dung khác; chỉ dòng đầu được dùng.",
            f"The key is at {place} with other content; the first is used.",
        )

    advice = pick("Giữ lại một dòng, hoặc sửa mã.", "Keep one row or correct the key.")
    frame.report(found, later, key, "error", "duplicate_key", message, advice, lambda row: frame.text(key, row))
    frame.drop(later)


def check_twice(frame: Frame, found: Collector) -> None:
    """Rows of a dataset without key that say the same twice: told, both used."""
    if frame.dataset.key is not None or not frame.columns:
        return
    names = _ONCE.get(frame.dataset.name) or tuple(frame.columns)
    if not frame.has(*names):
        return
    hashes = row_hashes({name: frame.columns[name] for name in names}, frame.rows)
    rows = np.flatnonzero(frame.keep)
    _, first, inverse = np.unique(hashes[rows], return_index=True, return_inverse=True)
    later = np.flatnonzero(first[inverse] < np.arange(len(rows)))
    first_of = dict(zip(rows[later].tolist(), rows[first[inverse][later]].tolist(), strict=True))
    heads = ", ".join(f"“{frame.head(name)}”" for name in names) if frame.dataset.name in _ONCE else ""

    def message(row: int) -> str:
        place = frame.place(first_of[row])
        same = pick(f"Trùng {heads or 'cả dòng'} với {place}", f"Same {heads or 'row'} as {place}")
        return same + pick(
            "; cả hai dòng vẫn được dùng, nên có thể bị tính hai lần.", "; both are used, so may count twice."
        )

    advice = pick("Nếu là một, xóa một dòng.", "If they are one, delete one row.")
    frame.report(found, rows[later], None, "warning", "possible_duplicate", message, advice)


def _repeated(values: pa.Array, wanted: Mask) -> tuple[Rows, Rows]:
    """Among the rows wanted, those whose value came before, and where it came first."""
    rows = np.flatnonzero(wanted)
    codes = values.take(pa.array(rows)).dictionary_encode().indices.to_numpy(zero_copy_only=False)
    _, first, inverse = np.unique(codes, return_index=True, return_inverse=True)
    first_row = first[inverse]
    later = np.flatnonzero(first_row < np.arange(len(rows)))
    return rows[later], rows[first_row[later]]


def _same_rows(frame: Frame, later: Rows, first: Rows) -> Mask:
    same = np.ones(len(later), dtype=bool)
    for values in frame.columns.values():
        if pa.types.is_dictionary(values.type):
            values = values.indices
        one, other = values.take(pa.array(later)), values.take(pa.array(first))
        equal = pc.equal(one, other).fill_null(False).to_numpy(zero_copy_only=False)
        empty = pc.and_(one.is_null(), other.is_null()).to_numpy(zero_copy_only=False)
        same &= equal | empty
    return same


def check_doubles(people: Frame, found: Collector) -> None:
    """People of one national id, or alike in name and birth date unless their national ids differ: told, both used."""
    national = people.columns.get("national_id")
    told: Mask = np.zeros(people.rows, dtype=bool)
    if national is not None:
        later, first = _repeated(national, people.keep & people.valid("national_id"))
        _report_doubles(people, later, first, "national_id", found)
        told[later] = True
    if not people.has("full_name", "birth_date"):
        return
    days = people.columns["birth_date"].cast(pa.int32()).cast(pa.string())
    names = pc.utf8_lower(people.columns["full_name"])
    alike = pc.binary_join_element_wise(names, days, "|")
    wanted = people.keep & alike.is_valid().to_numpy(zero_copy_only=False) & ~told
    later, first = _repeated(alike, wanted)
    if national is not None and len(later):
        differ = pc.not_equal(national.take(pa.array(later)), national.take(pa.array(first))).fill_null(False)
        unclear = ~differ.to_numpy(zero_copy_only=False)
        later, first = later[unclear], first[unclear]
    _report_doubles(people, later, first, "full_name", found)


def _report_doubles(people: Frame, later: Rows, first: Rows, column: str, found: Collector) -> None:
    first_of = dict(zip(later.tolist(), first.tolist(), strict=True))
    by_id = column == "national_id"

    def message(row: int) -> str:
        place = people.place(first_of[row])
        if by_id:
            return pick(
                f"Trùng số định danh với {place} nhưng khác mã cán bộ; cả hai dòng vẫn được dùng.",
                f"Same national id as {place} but another code; both rows are used.",
            )
        return pick(
            f"Trùng họ tên và ngày sinh với {place}; cả hai dòng vẫn được dùng.",
            f"Same name and birth date as {place}; both rows are used.",
        )

    advice = pick("Nếu là một người, xóa một dòng.", "If it is one person, delete one row.")
    value = None if by_id else lambda row: people.text("full_name", row)
    people.report(found, later, column, "warning", "possible_duplicate", message, advice, value)


def check_references(frame: Frame, frames: Mapping[str, Frame], found: Collector) -> None:
    """Cells that name a unit, person, list or class that is not there.

    The cell is not used; where it is required, the row is not. A person whose unit is not there is kept without unit,
    so that no count over the whole loses anybody. Nothing is said where the dataset named is not given at all.
    """
    for column in frame.dataset.written:
        target = frames.get(column.references or "")
        if target is None or column.name not in frame.columns:
            continue
        key = target.dataset.key
        if key is None or key not in target.columns:
            continue
        keys = target.columns[key]
        known = keys.filter(pa.array(target.keep))
        missing = pc.and_(frame.columns[column.name].is_valid(), pc.invert(_is_in(frame.columns[column.name], known)))
        rows = np.flatnonzero(missing.to_numpy(zero_copy_only=False) & frame.keep)
        if len(rows):
            _report_missing(frame, column, rows, keys, known, target, found)
            frame.cut(column.name, rows)
            if column.required and not _stays(frame, column):
                frame.drop(rows)


def _is_in(values: pa.Array, known: pa.Array) -> pa.Array:
    return pc.is_in(values, value_set=known)


def _stays(frame: Frame, column: Column) -> bool:
    return frame.dataset.name == "people" and column.name == "unit_id"


def _report_missing(
    frame: Frame, column: Column, rows: Rows, keys: pa.Array, known: pa.Array, target: Frame, found: Collector
) -> None:
    refused = set(pc.unique(keys.filter(pa.array(~target.keep))).to_pylist())
    names = known.to_pylist() if len(known) <= MAX_NAMES else []
    title = target.dataset.title
    near: dict[str, str | None] = {}
    if _stays(frame, column):
        tail = pick(
            "Người này vẫn được tính vào toàn bộ nhưng không thuộc đơn vị nào.",
            "The person still counts in the whole, but in no unit.",
        )
    elif column.required:
        tail = pick("Cả dòng này không được dùng.", "The whole row is not used.")
    else:
        tail = pick("Ô này không được dùng.", "The cell is not used.")

    def message(row: int) -> str:
        value = frame.text(column.name, row) or ""
        if value in refused:
            return pick(
                f"“{value}” có ở trang {title} nhưng dòng đó không được dùng (xem lỗi của dòng đó). {tail}",
                f"“{value}” is in {title}, but that row is not used (see its findings). {tail}",
            )
        return pick(f"“{value}” không có ở trang {title}. {tail}", f"“{value}” is not in {title}. {tail}")

    def advice(row: int) -> str | None:
        value = frame.text(column.name, row) or ""
        if value in refused:
            return pick("Sửa dòng đó trước.", "Mend that row first.")
        if value not in near:
            near[value] = nearest(value, names, cutoff=0.8) if len(near) < 100 else None
        if near[value]:
            return pick(f"Có phải “{near[value]}”?", f"Is it “{near[value]}”?")
        return pick(f"Sửa mã, hoặc thêm vào trang {title}.", f"Correct it, or add it to {title}.")

    frame.report(
        found, rows, column.name, "error", "unknown_reference", message, advice, lambda r: frame.text(column.name, r)
    )
