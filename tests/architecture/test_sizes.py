"""The size budget of the house: files and functions stay small, modules say what lives in them."""

import ast
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "canbo"
MOST_LINES_OF_A_FILE = 500
MOST_LINES_OF_A_FUNCTION = 60
MAY_READ_THE_CLOCK = {"config", "cli", "api", "web"}


def _modules() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts)  # those Django writes


def test_no_file_is_too_long() -> None:
    long = {
        str(path.relative_to(PACKAGE)): n
        for path in _modules()
        if (n := len(path.read_text("utf-8").splitlines())) > MOST_LINES_OF_A_FILE
    }
    assert long == {}


def test_no_function_is_too_long() -> None:
    long = []
    for path in _modules():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > MOST_LINES_OF_A_FUNCTION:
                    long.append(f"{path.relative_to(PACKAGE)}:{node.name} {lines}")
    assert long == []


def test_every_module_says_what_lives_there() -> None:
    silent = [
        str(path.relative_to(PACKAGE))
        for path in _modules()
        if not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]
    assert silent == []


def test_nothing_below_commands_and_pages_reads_the_clock() -> None:
    readers = [
        str(path.relative_to(PACKAGE))
        for path in _modules()
        if not MAY_READ_THE_CLOCK & set(path.parts)
        and any(word in path.read_text("utf-8") for word in (".today()", ".now()", "timezone.now(", "time.time("))
    ]
    assert readers == []
