"""What a curriculum holds before it is laid out: items, tables and who made it. Lays out nothing."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Table:
    """A table of the form: its number and title, heads, rows."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Curriculum:
    """All that is printed: items (number, label, value), tables, and who made it from what."""

    office: str
    staff_number: str
    items: tuple[tuple[str, str, str], ...]
    tables: tuple[Table, ...]
    history: str
    notice: str
    made: str

    def as_json(self) -> dict[str, Any]:
        """For the layout of the PDF."""
        return asdict(self)
