"""The command shows first and writes only when told to; the example in the documentation is a plan."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from canbo.cli import house
from canbo.cli.reorganise import reorganise
from canbo.register.models import PostHeld, Reorganisation
from canbo.register.reorganisations.plans import read_plan
from tests.register.makers import make_person, make_unit, post
from tests.register.reorganisations.plans_of import HEAD

ROOT = Path(__file__).parents[3]
APP = typer.Typer()
APP.command()(reorganise)


@pytest.fixture
def file(tmp_path: Path, db: None, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A plan to merge A into B, in a register where A has one person."""
    monkeypatch.setattr(house, "open_house", lambda: None)
    top = make_unit("T")
    make_unit("B", top)
    post(make_person("P1"), make_unit("A", top))
    path = tmp_path / "plan.yaml"
    path.write_text(HEAD + "  - {merge: [A], into: B}\n", "utf-8")
    return path


def test_the_command_shows_and_asks(file: Path) -> None:
    run = CliRunner().invoke(APP, [str(file)], input="n\n")
    assert "Kết thúc (1): Đơn vị A (A)" in run.output
    assert "Ngày 01/07/2025: 1 người" in run.output
    assert "Chưa ghi gì" in run.output
    assert not Reorganisation.objects.exists()


def test_with_yes_it_is_carried_out(file: Path) -> None:
    run = CliRunner().invoke(APP, [str(file), "--yes", "--json"])
    told = json.loads(run.output)
    assert (told["applied"], told["days"][0]["counts"]["postheld"]["cut"]) == (True, 1)
    assert told["reorganisation"] == Reorganisation.objects.get().pk
    assert set(PostHeld.objects.values_list("unit__code", flat=True)) == {"A", "B"}


def test_json_alone_only_shows(file: Path) -> None:
    run = CliRunner().invoke(APP, [str(file), "--json"])
    assert json.loads(run.output)["applied"] is False
    assert not Reorganisation.objects.exists()


def test_the_example_is_a_plan() -> None:
    plan = read_plan((ROOT / "docs" / "examples" / "reorganisation-2025.yaml").read_text("utf-8"))
    assert [operation.kind for operation in plan.operations] == ["merge", "abolish", "rename"]
