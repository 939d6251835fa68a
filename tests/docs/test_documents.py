"""What documents say of files, codes and words, held against the project."""

import ast
import json
import re
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from canbo.cli.app import app
from canbo.codes import code_lists
from canbo.datasets.dictionary import dictionary
from canbo.measure.bridge import CAUSES
from canbo.measure.results import (
    Bridge,
    BridgeEnd,
    CauseResult,
    Change,
    IndicatorResult,
    Report,
    TargetShown,
    UnitResult,
    Why,
)
from tests.docs.documents import DOCUMENTS, MARKDOWN, ROOT, blocks, code, first_codes, name_of, table, text_of

FORMATS = ROOT / "docs" / "formats.md"
SCHEMA = json.loads((ROOT / "canbo" / "definitions" / "scheme.schema.json").read_text("utf-8"))


# Links, files, places


def _anchor(heading: str) -> str:
    """The anchor of a heading as code forges make it."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def _resolves(path: Path, target: str) -> bool:
    """Whether a link leads to a file of the project, and to a heading in it; the documents stand alone."""
    file, _, anchor = target.partition("#")
    goal = (path.parent / file).resolve() if file else path
    if not goal.exists() or not anchor:
        return goal.exists()
    return anchor in {_anchor(head) for head in re.findall(r"^#+ (.*)$", text_of(goal), re.MULTILINE)}


@pytest.mark.parametrize("path", MARKDOWN, ids=name_of)
def test_links_resolve(path: Path) -> None:
    targets = re.findall(r"\]\(([^)\s]+)\)", text_of(path))
    assert [target for target in targets if not _resolves(path, target)] == []


@pytest.mark.parametrize("path", MARKDOWN, ids=name_of)
def test_files_named_exist(path: Path) -> None:
    named = {
        part for part in code(path) if re.fullmatch(r"(canbo|tests|tools|docs|requirements|benchmarks)/[\w./-]+", part)
    }
    assert {part for part in named if not (ROOT / part).exists()} == set()


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_no_place_of_a_machine_is_named(path: Path) -> None:
    text = text_of(path)
    assert re.findall(r"(?<![\w.])/(?:work|tmp|root|home|usr|var|opt)/\S*", text) == []
    assert re.findall(r"https?://\S+|\S*pypi\S*|\.\./shared\S*", text) == []


def test_every_decision_is_listed() -> None:
    folder = ROOT / "docs" / "adr"
    pages = sorted(path.name for path in folder.glob("0*.md"))
    listed = re.findall(r"\((0\d+[^)]+\.md)\)", text_of(folder / "README.md"))
    assert listed == pages
    for number, page in enumerate(pages, start=1):
        text = text_of(folder / page)
        assert text.startswith(f"# {number}. ")
        assert [part for part in ("**Context.**", "**Decision.**", "**Consequences.**") if part not in text] == []


# Findings

_CODE_AT = {
    "Finding": 1,
    "Fault": 1,
    "ExpressionFault": 0,
    "fault": 0,
    "refuse": 0,
    "_error": 0,
    "report": 4,
    "_report": 3,
}
"""Where the code stands among the arguments of what makes a finding."""
_SNAPSHOT = "snapshot_other_day"


def made_codes(folder: str) -> set[str]:
    """The codes that the modules of a folder give to findings."""
    found = set()
    for path in (ROOT / "canbo" / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(text_of(path))):
            if isinstance(node, ast.Call):
                name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                place = _CODE_AT.get(name, len(node.args))
                given = node.args[place] if place < len(node.args) else None
                if isinstance(given, ast.Constant) and isinstance(given.value, str):
                    found.add(given.value)
    return found


def texts(folder: str) -> set[object]:
    """All constants in the modules of a folder."""
    trees = (ast.parse(text_of(path)) for path in (ROOT / "canbo" / folder).rglob("*.py"))
    return {node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)}


def test_codes_of_findings_in_data() -> None:
    documented = set(first_codes(table(FORMATS, "### In data")))
    assert made_codes("datasets") | {_SNAPSHOT} <= documented
    assert documented - {_SNAPSHOT} <= texts("datasets")
    assert _SNAPSHOT in made_codes("measure")


def test_codes_of_findings_in_schemes() -> None:
    documented = set(first_codes(table(FORMATS, "### In schemes")))
    assert made_codes("measure") - {_SNAPSHOT} == documented


# Formats


def test_keys_of_the_scheme_file() -> None:
    listed = first_codes(table(FORMATS, "### The whole file"))
    assert sorted(listed) == sorted(SCHEMA["properties"])
    indicator = first_codes(table(FORMATS, "### Indicators"))
    assert sorted(indicator) == sorted(SCHEMA["$defs"]["indicator"]["properties"])


def test_every_key_is_shown_in_an_example() -> None:
    def keys(schema: dict[str, object]) -> Iterator[str]:
        properties = schema.get("properties")
        if isinstance(properties, dict):
            yield from properties
            for entry in properties.values():
                yield from keys(entry)
        for name in ("items", "additionalProperties"):
            if isinstance(inner := schema.get(name), dict):
                yield from keys(inner)
        for inner in schema.get("anyOf", []):  # type: ignore[attr-defined]  # a list of schemas
            yield from keys(inner)

    every = {key for schema in (SCHEMA, *SCHEMA["$defs"].values()) for key in keys(schema)}
    text = text_of(FORMATS)
    assert {key for key in every if not re.search(rf"(?<!\w){key}(:|`)", text)} == set()


def test_yaml_examples_are_yaml() -> None:
    found = blocks(FORMATS, "yaml")
    assert len(found) > 5
    for block in found:
        yaml.compose(block)


def test_the_json_of_measure() -> None:
    example = json.loads(blocks(FORMATS, "json")[0])
    shown = example["indicators"][0]
    unit = UnitResult("U", "Đơn vị", 3, 5, 0, Fraction(3, 5))
    result = IndicatorResult(
        id="TN-2025-1-01", label=shown["label"], measure="share", population="", counted_in="people", sentence="",
        quote="", numerator=160, denominator=306, unknown=0, population_unknown=0, value=Fraction(160, 306),
        printed="52,28%", target=TargetShown(date(2025, 12, 31), "> 60%"), status="short", shortfall=24, units=(unit,),
    )  # fmt: skip
    day = date(2021, 12, 31)
    about = ("thai-nguyen-2021-2030", "", "", day, day, "duckdb", lambda: "sha256:…", "sha256:…")
    report = Report(*about, rounding="truncate", places=2, by="district", indicators=(result,), findings=())
    made = report.as_json()
    assert list(made) == list(example)
    assert list(made["indicators"][0]) == list(shown)
    assert made["indicators"][0] | {"units": shown["units"]} == shown
    assert list(made["indicators"][0]["units"][0]) == list(shown["units"][0])


def test_the_json_of_who_and_bridge() -> None:
    who, bridge = (json.loads(block) for block in blocks(FORMATS, "json")[1:3])
    assert list(who["people"][0]["why"]) == list(Why("education", "bachelor", ">= master", "…").as_json())
    end = BridgeEnd(date(2021, 12, 31), 160, 306, None)
    change = Change({"person_id": "…"}, "…", "…", "…")
    made = Bridge("…", "…", "…", end, end, (CauseResult("entered", 4, 8, (change,)),)).as_json()
    assert list(made) == list(bridge)
    assert list(made["from"]) == list(bridge["from"])
    assert made["causes"] == bridge["causes"]
    text = text_of(FORMATS)
    assert [cause for cause in CAUSES if f"`{cause}`" not in text] == []


@pytest.mark.parametrize(
    ("call", "inner"),
    [
        ("schemes", "schemes"),
        ("scheme check thai-nguyen-2021-2030", None),
        ("scheme explain thai-nguyen-2021-2030", "indicators"),
        ("figure 52,28% --of 306", "fits"),
    ],
)
def test_the_json_of_the_others(call: str, inner: str | None) -> None:
    answer = CliRunner().invoke(app, [*call.split(), "--json"])
    made = json.loads(answer.stdout)
    documented = text_of(FORMATS).split("**Others.**", 1)[1]
    assert all(f'"{key}"' in documented for key in made)
    assert not inner or f'"{inner}": [{_keys(made[inner][0])}]' in documented


def _keys(mapping: dict[str, object]) -> str:
    return "{" + ", ".join(f'"{key}"' for key in mapping) + "}"


# Words


def _plain(text: str) -> str:
    return re.sub(r"[,;()]", "", text.lower())


def test_the_glossary_has_every_dataset() -> None:
    rows = [line.strip("|").split(" | ") for line in text_of(ROOT / "GLOSSARY.md").splitlines() if line.startswith("|")]
    by_code = {name: row[0] for row in rows if len(row) > 1 for name in re.findall(r"`([^`]+)`", row[1])}
    missing = [
        name
        for name, dataset in dictionary().items()
        if _plain(dataset.vi) not in _plain(by_code.get(name, "")) and name not in ("posts_held", "reported")
    ]
    assert missing == []
    assert {"posts_held", "reported"} <= set(by_code)


def test_identifiers_of_the_glossary_are_in_the_code() -> None:
    known = {name for dataset in dictionary().values() for name in (dataset.name, *dataset.columns)}
    known |= {name for codes in code_lists().values() for name in (codes.id, *codes.keys)}
    source = "\n".join(text_of(path) for path in (ROOT / "canbo").rglob("*.py"))
    words = set(re.findall(r"\w+", source))
    named = {name for name in code(ROOT / "GLOSSARY.md") if name != "code"}
    assert len(named) > 80
    assert {name for name in named if name not in known and name not in words} == set()
