"""Commands in the documents and in the demonstration: each exists with its options, and none is left out."""

import re
import shlex
from pathlib import Path

import pytest
import typer

from canbo.cli.app import app
from canbo.measure.library import library_paths
from canbo.measure.reading import read_scheme
from tests.docs.documents import MARKDOWN, ROOT, blocks, code, first_codes, name_of, table, text_of
from tools.demo import next_commands

TOP = typer.main.get_command(app)
ANYWHERE = {"--lang", "--help"}


def leaves() -> dict[str, object]:
    """All commands by their words, those of a group included, and the group where it does something alone."""
    found = {}
    for name, command in TOP.commands.items():
        inner = getattr(command, "commands", {})
        found |= {f"{name} {sub}": leaf for sub, leaf in inner.items()}
        if not inner or command.invoke_without_command:
            found[name] = command
    return found


LEAVES = leaves()


def split(line: str) -> tuple[str, list[str]]:
    """The command's words and its arguments; the first word is the program.

    A line that names no command gives the first word as it stands, which is then in no list.
    """
    words = shlex.split(line, comments=True)[1:]
    for length in (2, 1):
        if " ".join(words[:length]) in LEAVES:
            return " ".join(words[:length]), words[length:]
    return " ".join(words[:1]), words[1:]


def lines(path: Path) -> list[str]:
    """The calls of canbo in the document's blocks."""
    found = [line.strip() for block in blocks(path, "sh") for line in block.splitlines()]
    return [line for line in found if re.match(r"(\.venv/bin/)?canbo ", line)]


CALLS = [(name_of(path), line) for path in MARKDOWN for line in lines(path)]
CALLS += [("demo", step.command) for step in next_commands(Path("demo"), ".venv/bin/canbo") if "canbo " in step.command]
NAMED = [(name_of(path), part) for path in MARKDOWN for part in code(path) if part.startswith("canbo ")]


@pytest.mark.parametrize(("where", "line"), CALLS, ids=[f"{where}: {line}" for where, line in CALLS])
def test_calls_can_be_made_as_written(where: str, line: str) -> None:
    name, arguments = split(line)
    assert name in LEAVES, f"{where}: {line}"
    command = LEAVES[name]
    with command.make_context(name, arguments) as context:  # type: ignore[attr-defined]  # click's command
        assert context.params


@pytest.mark.parametrize(("where", "part"), NAMED, ids=[f"{where}: {part}" for where, part in NAMED])
def test_commands_named_in_the_text_exist(where: str, part: str) -> None:
    name, arguments = split(part)
    assert name in LEAVES, f"{where}: {part}"
    options = {option for param in LEAVES[name].params for option in param.opts}  # type: ignore[attr-defined]
    assert {word for word in arguments if word.startswith("--")} <= options | ANYWHERE


def test_the_readme_lists_every_command() -> None:
    listed = [name.removeprefix("canbo ") for name in first_codes(table(ROOT / "README.md", "## Lệnh · Commands"))]
    assert sorted(listed) == sorted(LEAVES)


def test_options_named_alone_exist() -> None:
    known = {option for command in LEAVES.values() for param in command.params for option in param.opts}  # type: ignore[attr-defined]
    ours = {name_of(path) for path in MARKDOWN if path.name in ("README.md", "formats.md", "CHANGELOG.md")}
    named = {
        (name_of(path), part.split()[0])
        for path in MARKDOWN
        if name_of(path) in ours
        for part in code(path)
        if part.startswith("--")
    }
    assert named
    assert {option for _, option in named} <= known | ANYWHERE


def test_schemes_and_indicators_named_are_in_the_library() -> None:
    ids = set(library_paths())
    indicators = set()
    for path in library_paths().values():
        scheme, _ = read_scheme(path)
        assert scheme is not None
        indicators |= set(scheme.ids)
    for path in MARKDOWN:
        text = text_of(path)
        assert set(re.findall(r"\b[a-z]+-[a-z]+-20\d\d-20\d\d\b", text)) <= ids, name_of(path)
        assert set(re.findall(r"\b(?:TN|QN|BG|HG|CB)-20\d\d-[\w-]*\d\b", text)) <= indicators, name_of(path)


def test_make_targets_named_exist_and_all_are_named() -> None:
    makefile = text_of(ROOT / "Makefile")
    targets = set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE))
    named = set()
    for path in MARKDOWN:
        for part in [*code(path), *(line for block in blocks(path, "sh") for line in block.splitlines())]:
            named |= set(re.findall(r"(?:^|\s)make ([a-z][a-z-]*)", part))
    assert named == targets
