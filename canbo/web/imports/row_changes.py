"""A preview in words and plain values, as the pages show it and the draft keeps it."""

from datetime import date
from typing import Any

from canbo.common.language import pick
from canbo.common.numbers import print_count, print_day
from canbo.datasets.dictionary import Column, dictionary
from canbo.register.importing.preview import Preview, RowChange
from canbo.register.refusals import field_label

EXAMPLES = 30  # rows shown of a dataset and an effect; the counts are of all


def effects() -> dict[str, str]:
    """What can become of a row, in words."""
    return {
        "created": pick("Thêm mới", "Added"),
        "changed": pick("Sửa", "Changed"),
        "ended": pick("Kết thúc", "Ended"),
        "left": pick("Để nguyên", "Left"),
        "same": pick("Đã có, không đổi", "As it is already"),
        "conflict": pick("Trái với dữ liệu ghi tay", "Against what was entered by hand"),
        "waiting": pick("Chờ cán bộ quyết định", "Waiting for a decision"),
    }


def as_shown(preview: Preview) -> dict[str, Any]:
    """Counts and examples by dataset."""
    parts = []
    for name, counts in preview.by_dataset.items():
        rows = [row for part in preview.parts if part.dataset == name for row in part.rows]
        examples = {
            effect: [_row(row) for row in rows if row.effect == effect][:EXAMPLES]
            for effect in ("conflict", "changed", "ended", "created", "waiting", "left")
        }
        parts.append({"dataset": name, "counts": vars(counts), "examples": {k: v for k, v in examples.items() if v}})
    return {"parts": parts, "totals": vars(preview.totals), "outside": preview.outside, "as_of": str(preview.as_of)}


def act_words(totals: dict[str, int]) -> str:
    """What the button of the import does: “Nhập: thêm 312, sửa 45, kết thúc 3”."""
    said = [
        (totals["created"], pick("thêm", "add")),
        (totals["changed"], pick("sửa", "change")),
        (totals["ended"], pick("kết thúc", "end")),
    ]
    return pick("Nhập: ", "Import: ") + ", ".join(f"{word} {print_count(count)}" for count, word in said if count)


def _row(row: RowChange) -> dict[str, Any]:
    columns = dictionary()[row.dataset].columns
    changes = [
        (_head(columns.get(name), name), _value(columns.get(name), was), _value(columns.get(name), becomes))
        for name, (was, becomes) in row.differs.items()
    ]
    return {"key": row.key, "changes": changes}


def _head(column: Column | None, name: str) -> str:
    return column.head if column is not None and column.vi else field_label(name)


def _value(column: Column | None, value: Any) -> str:
    if value is None:
        return pick("(trống)", "(empty)")
    if isinstance(value, bool):
        return pick("Có", "Yes") if value else pick("Không", "No")
    if isinstance(value, date):
        return print_day(value)
    text = str(value)
    codes = column.code_list if column is not None else None
    if codes is not None and text in codes:
        return codes[text].label
    try:
        return print_day(date.fromisoformat(text)) if len(text) == len("2025-12-31") else text
    except ValueError:
        return text
