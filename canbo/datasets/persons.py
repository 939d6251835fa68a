"""Persons without a code: told apart by national id, else by name, birth date and unit. Never guesses between two."""

import hashlib
from collections import defaultdict

import numpy as np
import pyarrow as pa

from canbo.common.findings import Severity
from canbo.common.language import pick
from canbo.common.text import match_key
from canbo.datasets.collect import Collector
from canbo.datasets.frames import Frame, Mask, Rows

_Named = tuple[str, object]


def give_codes(people: Frame, found: Collector) -> None:
    """Give every person without a code one that stays the same from file to file.

    It is made of the national id, else of name, birth date and unit. Of two rows with one national id the first is
    used. Two rows alike in name, birth date and unit are two persons, with a finding, and nothing that names them so
    is matched to either.
    """
    if "person_id" not in people.columns:
        people.columns["person_id"] = pa.nulls(people.rows, pa.string())
    without = _without_code(people)
    if not without.any():
        return
    if not without.all():
        _report_codeless(people, np.flatnonzero(without), found)
    codes: list[str | None] = people.columns["person_id"].to_pylist()
    taken = set(codes)
    first_of: dict[str, int] = {}
    for row in np.flatnonzero(without & people.keep).tolist():
        basis, sure = _basis(people, row)
        if basis is None:
            people.keep[row] = False
            _report(people, row, "error", "missing_value", *_unnamed(), found)
            continue
        code = "CB-" + hashlib.sha256(basis.encode()).hexdigest()[:12].upper()
        if code in first_of:
            _report_twice(people, row, first_of[code], sure, found)
            if sure:
                people.keep[row] = False
                continue
            code = next(f"{code}-{n}" for n in range(2, people.rows + 2) if f"{code}-{n}" not in taken)
        first_of.setdefault(code, row)
        taken.add(code)
        codes[row] = code
    people.columns["person_id"] = pa.array(codes, pa.string())


def _without_code(frame: Frame) -> Mask:
    """Rows without a code; those whose code cannot be used are dropped."""
    unused = frame.unused.get("person_id", np.zeros(frame.rows, dtype=bool))
    frame.drop(unused)
    return ~frame.valid("person_id") & ~unused


def _basis(people: Frame, row: int) -> tuple[str | None, bool]:
    """What the code is made of, and whether it is certainly one person's."""
    if people.has("national_id") and (national := people.text("national_id", row)):
        return national, True
    if not people.has("full_name", "birth_date"):
        return None, False
    name, birth = people.text("full_name", row), people.text("birth_date", row)
    if name is None or birth is None:
        return None, False
    unit = people.text("unit_id", row) if people.has("unit_id") else None
    return f"{match_key(name)}|{birth}|{unit or ''}", False


def _unnamed() -> tuple[str, str]:
    return (
        pick(
            "Không có mã cán bộ và không đủ số định danh hoặc họ tên, ngày sinh để thay. Cả dòng này không được dùng.",
            "No code, and neither a national id nor name and birth date to stand for it. The whole row is not used.",
        ),
        pick("Điền mã cán bộ hoặc số định danh.", "Fill in the code or the national id."),
    )


def _report_codeless(people: Frame, rows: Rows, found: Collector) -> None:
    message = pick(
        "Thiếu mã cán bộ; người này được nhận ra bằng số định danh, hoặc họ tên, ngày sinh và đơn vị.",
        "The code is missing; the person is known by national id, or by name, birth date and unit.",
    )
    advice = pick("Điền mã cán bộ.", "Fill in the code.")
    people.report(found, rows[people.keep[rows]], "person_id", "warning", "missing_value", message, advice)


def _report(
    frame: Frame, row: int, severity: Severity, code: str, message: str, advice: str | None, found: Collector
) -> None:
    frame.report(found, np.array([row]), "person_id", severity, code, message, advice)


def _report_twice(people: Frame, row: int, first: int, sure: bool, found: Collector) -> None:
    place = people.place(first)
    if sure:
        message = pick(
            f"Trùng số định danh với {place}: cùng một người. Cả dòng này không được dùng.",
            f"Same national id as {place}: one person. The whole row is not used.",
        )
        _report(people, row, "error", "duplicate_key", message, pick("Giữ lại một dòng.", "Keep one row."), found)
        return
    message = pick(
        f"Trùng họ tên, ngày sinh và đơn vị với {place}; được coi là hai người cho đến khi có mã hoặc số định danh.",
        f"Same name, birth date and unit as {place}; taken for two persons until codes or national ids tell.",
    )
    advice = pick(
        "Nếu là một người, xóa một dòng; nếu là hai, điền số định danh.", "Delete one row, or fill in the national ids."
    )
    _report(people, row, "warning", "possible_duplicate", message, advice, found)


def find_persons(frame: Frame, people: Frame | None, found: Collector) -> None:
    """Give rows that name their person otherwise the person's code; what matches nobody, or several, is not used."""
    if "person_id" not in frame.dataset.columns:
        return
    if "person_id" not in frame.columns:
        if not frame.identity:
            return
        frame.columns["person_id"] = pa.nulls(frame.rows, pa.string())
    column = frame.dataset.columns["person_id"]
    without = _without_code(frame) & frame.keep
    if not without.any():
        return
    index = _Index(people) if people is not None and frame.identity else None
    codes: list[str | None] = frame.columns["person_id"].to_pylist()
    for row in np.flatnonzero(without).tolist():
        matches, named = index.find(frame, row) if index else (set(), False)
        if len(matches) == 1:
            codes[row] = next(iter(matches))
        elif named or column.required:
            frame.keep[row] = False
            _report(frame, row, "error", *_unmatched(frame, row, matches, named), found)
    frame.columns["person_id"] = pa.array(codes, pa.string())


def _unmatched(frame: Frame, row: int, matches: set[str], named: bool) -> tuple[str, str, str | None]:
    unused = pick("Cả dòng này không được dùng.", "The whole row is not used.")
    if not named:
        message = pick("Ô bắt buộc “Mã cán bộ” để trống. ", "The required cell for the person's code is empty. ")
        return "missing_value", message + unused, pick("Điền mã cán bộ.", "Fill in the code.")
    name = frame.identity["full_name"][row].as_py() if "full_name" in frame.identity else None
    who = f"“{name}”" if name else pick("Số định danh này", "This national id")
    if matches:
        message = pick(
            f"{who} ứng với {len(matches)} người ở trang Cán bộ. ", f"{who} matches {len(matches)} persons. "
        )
        return "possible_duplicate", message + unused, pick("Điền mã cán bộ hoặc số định danh.", "Fill in the code.")
    message = pick(f"{who} không có ở trang Cán bộ. ", f"{who} is not among the people. ")
    return "unknown_reference", message + unused, pick("Sửa lại, hoặc thêm người này.", "Correct it or add the person.")


class _Index:
    """The codes of persons by national id and by name with birth date, also with unit."""

    def __init__(self, people: Frame) -> None:
        self.by_national: dict[str, set[str]] = defaultdict(set)
        self.by_name: dict[_Named, set[str]] = defaultdict(set)
        self.by_unit: dict[tuple[_Named, str], set[str]] = defaultdict(set)
        empty = [None] * people.rows
        columns = {
            name: people.columns[name].to_pylist() if name in people.columns else empty
            for name in ("person_id", "national_id", "full_name", "birth_date", "unit_id")
        }
        for row in np.flatnonzero(people.keep).tolist():
            code, national, name, birth, unit = (values[row] for values in columns.values())
            if code is None:
                continue
            if national:
                self.by_national[national].add(code)
            if name and birth:
                named = (match_key(name), birth)
                self.by_name[named].add(code)
                self.by_unit[named, unit or ""].add(code)

    def find(self, frame: Frame, row: int) -> tuple[set[str], bool]:
        """Who is meant, and whether the row names anyone at all."""
        values = {name: column[row].as_py() for name, column in frame.identity.items()}
        if national := values.get("national_id"):
            return self.by_national.get(national, set()), True
        name, birth = values.get("full_name"), values.get("birth_date")
        if not name or not birth:
            return set(), bool(name)
        named = (match_key(name), birth)
        matches = self.by_name.get(named, set())
        if len(matches) > 1 and frame.has("unit_id") and (unit := frame.text("unit_id", row)):
            return self.by_unit.get((named, unit), set()) or matches, True
        return matches, True
