"""Lines of a terminal: styles, columns that keep their place while a label folds. Reads no report."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from canbo.output.words import Tone

TONES: dict[Tone, str] = {
    "met": "green",
    "short": "yellow",
    "late": "bold red",
    "unknown": "bright_black",
    "report": "default",
}
QUIET = "bright_black"


@dataclass(frozen=True)
class Column:
    """The width of a column and the side its text stands on."""

    width: int
    side: Literal["left", "right"] = "left"


def print_row(console: Console, cells: Sequence[Text | str], columns: Sequence[Column], indent: int = 0) -> None:
    """One row; a cell too long for its column folds between words, the other columns stay in place."""
    folded = [
        _fold(console, cell if isinstance(cell, Text) else Text(cell), column.width)
        for cell, column in zip(cells, columns, strict=True)
    ]
    for number in range(max(len(lines) for lines in folded)):
        line = Text(" " * indent)
        for place, (lines, column) in enumerate(zip(folded, columns, strict=True)):
            piece = lines[number] if number < len(lines) else Text()
            gap = " " * max(column.width - cell_len(piece.plain), 0)
            line.append("  " if place else "")
            line.append_text(Text(gap) + piece if column.side == "right" else piece + Text(gap))
        line.rstrip()
        console.print(line, soft_wrap=True)


def print_text(console: Console, text: Text | str, *, indent: int = 0, style: str = "", hang: int = 0) -> None:
    """A sentence folded inside the console's width; ``hang`` more blanks before its further lines."""
    content = text if isinstance(text, Text) else Text(text, style=style)
    for number, line in enumerate(_fold(console, content, max(console.width - indent - hang, 20))):
        console.print(Text(" " * (indent + (hang if number else 0))) + line, soft_wrap=True)


def _fold(console: Console, text: Text, width: int) -> list[Text]:
    lines = list(text.wrap(console, max(width, 1)))
    for line in lines:
        line.rstrip()
    return lines or [Text()]


def widest(texts: Sequence[str], *, least: int = 0) -> int:
    """The cells that the longest of the texts takes."""
    return max([least, *(cell_len(text) for text in texts)])
