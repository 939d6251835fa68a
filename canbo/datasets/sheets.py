"""From the sheets of a file to one frame a dataset: rows told apart, columns converted, empty cells judged."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from canbo.common.findings import Finding
from canbo.common.language import pick
from canbo.common.numbers import print_count
from canbo.datasets.cells import CellFault, Converted, build, convert, nulls
from canbo.datasets.collect import Collector
from canbo.datasets.dictionary import Column, Dataset, dictionary
from canbo.datasets.frames import Frame, Mask, joined
from canbo.datasets.heads import Heads, find_heads
from canbo.datasets.parse import is_marked_example
from canbo.datasets.raw import RawSheet


def read_dataset(
    dataset: Dataset, sheets: Sequence[RawSheet], found: Collector, *, posts_given: bool = False
) -> Frame | None:
    """One frame of all the sheets of a dataset; None where no sheet of it can be used."""
    filled = [sheet for sheet in sheets if len(sheet.lines) and sheet.width]
    if not filled:
        return _join(dataset, [_empty_frame(dataset, sheets[0].name)])
    frames = []
    for sheet in filled:
        heads = find_heads(sheet, dataset, found, posts_given=posts_given)
        if heads is not None:
            frames.append(_read_sheet(dataset, sheet, heads, found))
    return _join(dataset, frames) if frames else None


def _empty_frame(dataset: Dataset, sheet: str) -> Frame:
    none = np.zeros(0, dtype=np.int64)
    columns = {column.name: nulls(0, column.arrow_type) for column in dataset.written}
    return Frame(dataset, columns, (sheet,), none.astype(np.int16), none, {}, np.zeros(0, dtype=bool))


def _read_sheet(dataset: Dataset, sheet: RawSheet, heads: Heads, found: Collector) -> Frame:
    lines = sheet.lines[heads.row + 1 :]
    rows = len(lines)
    frame = Frame(
        dataset,
        {},
        (sheet.name,),
        np.zeros(rows, dtype=np.int16),
        lines,
        dict(heads.names),
        np.ones(rows, dtype=bool),
    )
    converted: dict[str, Converted] = {}
    odd: dict[str, tuple[Mask, Mask]] = {}
    for name, place in heads.columns.items():
        odd[name] = _odd_cells(sheet, place, heads.row, rows)
        converted[name] = _convert(sheet, dataset, dataset.columns[name], place, heads.row, odd[name])
    needed = "person_id" not in heads.columns or converted["person_id"].values.null_count
    if dataset.name != "people" and needed:
        people = dictionary()["people"]
        clear = np.zeros(rows, dtype=bool)
        for name, place in heads.identity.items():
            column = people.columns[name]
            frame.identity[name] = _convert(sheet, people, column, place, heads.row, (clear, clear)).values
    skipped = _skipped(dataset, converted, odd, rows)
    for name, values in converted.items():
        frame.columns[name] = values.values
        frame.unused[name] = values.unused(rows) | odd[name][0] | odd[name][1]
        _report_cells(frame, dataset.columns[name], values, odd[name], skipped, heads.columns[name], found)
    if "birth_date" in converted:
        frame.latest = converted["birth_date"].latest
    return _without(frame, skipped)


def _odd_cells(sheet: RawSheet, place: int, head_row: int, rows: int) -> tuple[Mask, Mask]:
    """Where the column holds formulas, and where Excel's error values."""
    masks = []
    for places in (sheet.formulas.get(place, ()), sheet.errors.get(place, ())):
        mask = np.zeros(rows, dtype=bool)
        below = np.asarray(places, dtype=np.int64) - head_row - 1
        mask[below[(below >= 0) & (below < rows)]] = True
        masks.append(mask)
    return masks[0], masks[1]


def _convert(
    sheet: RawSheet, dataset: Dataset, column: Column, place: int, head_row: int, odd: tuple[Mask, Mask]
) -> Converted:
    """The column below its head; cells with formulas and error values count as empty."""
    blind = odd[0] | odd[1]
    first = 0
    parts: list[Converted] = []
    faults: list[CellFault] = []
    for array in sheet.below(place, head_row):
        hidden = blind[first : first + len(array)]
        if hidden.any():
            array = array.take(pa.array(np.arange(len(array)), mask=hidden))
        part = convert(column, dataset, array)
        faults += [CellFault(fault.fault, fault.shown, fault.places + first) for fault in part.faults]
        parts.append(part)
        first += len(array)
    latest = None
    if any(part.latest is not None for part in parts):
        latest = joined([part.values if part.latest is None else part.latest for part in parts])
    return Converted(joined([part.values for part in parts]), faults, latest)


def _skipped(dataset: Dataset, converted: dict[str, Converted], odd: dict[str, tuple[Mask, Mask]], rows: int) -> Mask:
    """Rows with nothing in any known column, and the template's example."""
    blank = np.ones(rows, dtype=bool)
    for name, column in converted.items():
        blank &= column.values.is_null().to_numpy(zero_copy_only=False)
        blank &= ~(column.unused(rows) | odd[name][0] | odd[name][1])
    mark = next(column.name for column in dataset.written if column.kind == "text")
    if mark in converted:
        for row, key in enumerate(converted[mark].values.slice(0, 20).to_pylist()):
            blank[row] |= is_marked_example(key)
    return blank


def _report_cells(
    frame: Frame,
    column: Column,
    converted: Converted,
    odd: tuple[Mask, Mask],
    skipped: Mask,
    place: int,
    found: Collector,
) -> None:
    tail = unused_words(column)
    for cell in converted.faults:
        fault = cell.fault
        message = f"{fault.message} {tail}" if fault.severity == "error" else fault.message
        rows = cell.places[~skipped[cell.places]]
        value = cell.shown[:3] + "…" if column.sensitive else cell.shown
        frame.report(found, rows, column.name, fault.severity, fault.code, message, fault.suggestion, value)
    formulas = np.flatnonzero(odd[0] & ~skipped)
    if len(formulas):
        found.add(_formulas(frame, column, formulas, place))
    frame.report(
        found,
        np.flatnonzero(odd[1] & ~skipped),
        column.name,
        "error",
        "bad_type",
        pick("Ô báo lỗi của Excel (#N/A, #REF!…). ", "An error value of Excel (#N/A, #REF!…). ") + tail,
        pick("Gõ lại giá trị.", "Type the value."),
    )


def unused_words(column: Column) -> str:
    """What follows from a cell that cannot be used."""
    if column.required:
        return pick("Cả dòng này không được dùng.", "The whole row is not used.")
    return pick("Ô này không được dùng.", "The cell is not used.")


def _formulas(frame: Frame, column: Column, rows: np.ndarray[tuple[int], np.dtype[np.int64]], place: int) -> Finding:
    first = int(frame.lines[rows[0]])
    count = print_count(len(rows))
    cell = f"{letters(place)}{first}"
    return Finding(
        "error",
        "unsafe_content",
        pick(
            f"{count} ô là công thức, ô đầu tiên là {cell}; công thức không được tính nên các ô này không được dùng.",
            f"{count} cells are formulas, the first is {cell}; formulas are not evaluated, so they are not used.",
        ),
        pick(
            "Chọn cột, Copy, rồi Paste Special > Values để dán giá trị, lưu lại.",
            "Select the column, copy it, paste it by Paste Special > Values, and save.",
        ),
        sheet=frame.sheets[0],
        row=first,
        column=frame.head(column.name),
    )


def letters(place: int) -> str:
    """The letters of a column from 0: 0 = A, 16383 = XFD."""
    text = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        text = chr(65 + rest) + text
    return text


def _without(frame: Frame, skipped: Mask) -> Frame:
    """The frame without its skipped rows."""
    if not skipped.any():
        return frame
    left = np.flatnonzero(~skipped)
    places = pa.array(left)
    return Frame(
        frame.dataset,
        {name: values.take(places) for name, values in frame.columns.items()},
        frame.sheets,
        frame.sheet_of[left],
        frame.lines[left],
        frame.heads,
        frame.keep[left],
        {name: mask[left] for name, mask in frame.unused.items()},
        {name: values.take(places) for name, values in frame.identity.items()},
        None if frame.latest is None else frame.latest.take(places),
    )


def _join(dataset: Dataset, frames: Sequence[Frame]) -> Frame:
    """The sheets of a dataset one after the other; what a sheet has not is empty there."""

    def together(name: str, kind: pa.DataType, of: str) -> pa.Array:
        parts = [getattr(frame, of).get(name) for frame in frames]
        filled = [nulls(frame.rows, kind) if part is None else part for frame, part in zip(frames, parts, strict=True)]
        return joined(filled)

    people = dictionary()["people"].columns
    own = {name: None for frame in frames for name in frame.columns}
    named = {name: None for frame in frames for name in frame.identity}
    latest = None
    if any(frame.latest is not None for frame in frames):
        latest = joined([frame.columns["birth_date"] if frame.latest is None else frame.latest for frame in frames])
    clear = [np.zeros(frame.rows, dtype=bool) for frame in frames]
    return Frame(
        dataset,
        {name: together(name, dataset.columns[name].arrow_type, "columns") for name in own},
        tuple(sheet for frame in frames for sheet in frame.sheets),
        np.repeat(np.arange(len(frames), dtype=np.int16), [frame.rows for frame in frames]),
        np.concatenate([frame.lines for frame in frames]),
        {name: head for frame in reversed(frames) for name, head in frame.heads.items()},
        np.concatenate([frame.keep for frame in frames]),
        {name: np.concatenate([f.unused.get(name, c) for f, c in zip(frames, clear, strict=True)]) for name in own},
        {name: together(name, people[name].arrow_type, "identity") for name in named},
        latest,
    )


def judge_empty(frame: Frame, found: Collector) -> None:
    """Required cells that are empty: an error, and the row is not used. The person's code is judged elsewhere."""
    for column in frame.dataset.written:
        name = column.name
        if not column.required or name not in frame.columns or name == "person_id":
            continue
        empty = ~frame.valid(name)
        missing = empty & ~frame.unused.get(name, np.zeros(frame.rows, dtype=bool))
        message = pick(f"Ô bắt buộc “{column.head}” để trống. ", f"The required cell “{column.head}” is empty. ")
        advice = pick("Điền giá trị, hoặc xóa cả dòng.", "Fill it in, or delete the row.")
        frame.report(
            found, np.flatnonzero(missing), name, "error", "missing_value", message + unused_words(column), advice
        )
        frame.drop(empty)


def fill_defaults(frame: Frame) -> None:
    """What an empty cell, or an absent column, means by the dictionary (false, none); else it stays unknown."""
    for column in frame.dataset.written:
        if column.empty is None:
            continue
        values = frame.columns.get(column.name)
        if values is None:
            frame.columns[column.name] = build(column, [column.empty]).take(
                pa.array(np.zeros(frame.rows, dtype=np.int8))
            )
        elif values.null_count and column.kind == "codes":
            # Decoded first: a column in which no cell is right has no codes that a default could point to.
            filled = values.dictionary_decode().fill_null(column.empty)
            frame.columns[column.name] = filled.dictionary_encode().cast(column.arrow_type)
        elif values.null_count:
            frame.columns[column.name] = pc.fill_null(values, column.empty)
