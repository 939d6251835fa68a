"""The JSON Schema for editors: the library validates, slips do not, and its keys are those that the reader accepts."""

import copy
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from canbo.common.findings import has_errors
from canbo.datasets.dictionary import dictionary
from canbo.measure.checking import check_scheme
from canbo.measure.fields import Fields
from canbo.measure.library import library_paths
from canbo.measure.reading import read_scheme
from canbo.measure.source import load_source

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "canbo" / "definitions" / "scheme.schema.json").read_text("utf-8"))
EXAMPLE = ROOT / "docs" / "examples" / "every-key.yaml"
VALIDATOR = Draft202012Validator(SCHEMA)

Pattern = tuple[str, ...]


def as_an_editor_reads(path: Path) -> Any:
    """The file's values with days as text, as in YAML 1.2; read by the product so that ``on`` stays a word."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: plain(entry) for key, entry in value.items()}
        if isinstance(value, list):
            return [plain(entry) for entry in value]
        return value.isoformat() if isinstance(value, date) else value

    return plain(load_source(path).root)


def resolve(schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]]
    return schema


def closed_mappings(schema: dict[str, Any], place: Pattern = ()) -> dict[Pattern, set[str]]:
    """The keys of every mapping that allows no others, by its place; ``*`` stands for any key or number."""
    schema = resolve(schema)
    found: dict[Pattern, set[str]] = {}
    if schema.get("additionalProperties") is False:
        found[place] = set(schema["properties"])
    for name, entry in schema.get("properties", {}).items():
        found |= closed_mappings(entry, (*place, name))
    for entry in (schema.get("items"), schema.get("additionalProperties")):
        if isinstance(entry, dict):
            found |= closed_mappings(entry, (*place, "*"))
    for entry in schema.get("anyOf", []):
        found |= closed_mappings(entry, place)
    return found


@pytest.fixture
def accepted(monkeypatch: pytest.MonkeyPatch) -> dict[Pattern, set[str]]:
    """The keys that the reader accepts in every mapping of the example, by its place."""
    seen: dict[Pattern, set[str]] = {}
    only = Fields.only

    def record(self: Fields, known: Sequence[str]) -> None:
        place = tuple(str(step) if isinstance(step, str) else "*" for step in self.place)
        if place[:1] == ("populations",):
            place = ("populations", "*")
        if "parts" in place:
            place = (*place[: place.index("parts") + 1], "*")
        seen[place] = set(known)
        only(self, known)

    monkeypatch.setattr(Fields, "only", record)
    read_scheme(EXAMPLE)
    return seen


def test_the_schema_itself_is_valid() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"].endswith("2020-12/schema")


def test_the_schema_has_the_keys_that_the_reader_accepts(accepted: dict[Pattern, set[str]]) -> None:
    closed = closed_mappings(SCHEMA)
    assert closed == accepted


def test_the_example_uses_every_key_of_the_schema() -> None:
    used: dict[Pattern, set[str]] = {}

    def walk(value: Any, place: Pattern) -> None:
        entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        if isinstance(value, dict):
            used.setdefault(place, set()).update(value)
        for key, entry in entries:
            free = isinstance(key, int) or place in {("populations",), ("indicators", "*", "parts")}
            walk(entry, (*place, "*" if free else str(key)))

    walk(as_an_editor_reads(EXAMPLE), ())
    missing = {place: keys - used.get(place, set()) for place, keys in closed_mappings(SCHEMA).items()}
    assert {place: keys for place, keys in missing.items() if keys} == {}


@pytest.mark.parametrize("path", [*library_paths().values(), EXAMPLE], ids=lambda path: path.stem)
def test_the_library_and_the_example_validate(path: Path) -> None:
    faults = [f"{list(fault.path)}: {fault.message}" for fault in VALIDATOR.iter_errors(as_an_editor_reads(path))]
    assert faults == []


def test_the_example_can_be_measured() -> None:
    scheme, findings = check_scheme(EXAMPLE)
    assert scheme is not None
    assert not has_errors(findings)


def test_datasets_are_those_of_the_dictionary() -> None:
    assert SCHEMA["$defs"]["dataset"]["enum"] == list(dictionary())


def test_every_key_is_explained_in_both_languages() -> None:
    def bare(schema: dict[str, Any], place: Pattern = ()) -> list[Pattern]:
        found = []
        for name, entry in schema.get("properties", {}).items():
            if "\n\n" not in entry.get("description", resolve(entry).get("description", "")):
                found.append((*place, name))
            found += bare(entry, (*place, name))
        for key in ("items", "additionalProperties"):
            if isinstance(schema.get(key), dict):
                found += bare(schema[key], (*place, "*"))
        return found

    missing = bare(SCHEMA)
    for name, entry in SCHEMA["$defs"].items():
        missing += bare(entry, (name,))
    assert missing == []


def set_in(document: Any, place: Sequence[str | int], value: Any) -> Any:
    """A copy of the document with another value at a place; the value ``...`` removes it."""
    copied = copy.deepcopy(document)
    target = copied
    for step in place[:-1]:
        target = target[step]
    if value is ...:
        del target[place[-1]]
    else:
        target[place[-1]] = value
    return copied


SLIPS: list[tuple[str, Sequence[str | int], Any]] = [
    ("a key with a typo", ("indicators", 0, "satisfy"), "sex = 'female'"),
    ("a key with a typo inside a target", ("indicators", 0, "targets", 0, "orientaton"), True),
    ("no period", ("period",), ...),
    ("no id", ("indicators", 0, "id"), ...),
    ("no quote", ("indicators", 0, "quote"), ...),
    ("no indicators", ("indicators",), []),
    ("a dataset that is not there", ("populations", "managed", "of"), "persons"),
    ("a comparison in words", ("indicators", 0, "targets", 0, "is"), "trên 60%"),
    ("a day without its year", ("indicators", 0, "targets", 0, "by"), "31/12"),
    ("a measure that is not there", ("indicators", 0, "measure"), "percent"),
    ("nothing to satisfy", ("indicators", 0, "satisfies"), ...),
    ("a plan that is no count", ("indicators", 2, "measure"), "share"),
    ("a ratio without denominator", ("indicators", 4, "denominator"), ...),
    ("a negative count", ("indicators", 0, "baseline", "numerator"), -1),
    ("an unknown status", ("indicators", 0, "baseline", "status"), "sure"),
    ("a validity without its reason", ("indicators", 3, "valid", "why"), ...),
    ("each of a dataset that has no members", ("indicators", 3, "each", "of"), "people"),
    ("a pair that is no pair", ("consistency", 0, "figures", 1, "fits"), ["160 of 306"]),
]


@pytest.mark.parametrize(("slip", "place", "value"), SLIPS, ids=[slip[0] for slip in SLIPS])
def test_a_slip_is_marked_by_editor_and_reader(
    slip: str, place: Sequence[str | int], value: Any, tmp_path: Path
) -> None:
    document = set_in(as_an_editor_reads(EXAMPLE), place, value)
    assert not VALIDATOR.is_valid(document), slip
    broken = tmp_path / "broken.yaml"
    broken.write_text(json.dumps(document, ensure_ascii=False), "utf-8")  # JSON is YAML
    _, findings = check_scheme(broken)
    # The pair that is no pair is a mismatch to the reader; every other slip is a fault of form.
    assert has_errors(findings), slip
