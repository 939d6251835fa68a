"""The documents of the project, and what they name in code. Asserts nothing."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENTS = (
    *sorted(ROOT.glob("*.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "docs").rglob("*.yaml")),
)
MARKDOWN = tuple(path for path in DOCUMENTS if path.suffix == ".md")

_BLOCK = re.compile(r"^[ ]*```(\w*)\n(.*?)^[ ]*```", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")


def text_of(path: Path) -> str:
    """The document."""
    return path.read_text("utf-8")


def name_of(path: Path) -> str:
    """The document's path in the project."""
    return path.relative_to(ROOT).as_posix()


def blocks(path: Path, language: str) -> list[str]:
    """The blocks of code of a language."""
    return [body for found, body in _BLOCK.findall(text_of(path)) if found == language]


def code(path: Path) -> list[str]:
    """What stands as code within the text."""
    return _CODE.findall(_BLOCK.sub("", text_of(path)))


def table(path: Path, heading: str) -> list[list[str]]:
    """The rows of the first table below a heading, without its head."""
    below = text_of(path).split(f"\n{heading}\n", 1)[1]
    rows = []
    for line in below.splitlines():
        if line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip("|").split(" | ")])
        elif rows:
            break
    return rows[2:]


def first_codes(rows: list[list[str]]) -> list[str]:
    """What stands as code in the first column."""
    return [name for row in rows for name in _CODE.findall(row[0])]
