"""The Word templates are those that the program in tools makes: nobody has to guess where one came from."""

import sys
from pathlib import Path
from types import ModuleType

import docx
import pytest

TOOLS = Path(__file__).resolve().parents[2] / "tools"


@pytest.fixture
def maker(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The program that makes the templates."""
    monkeypatch.syspath_prepend(str(TOOLS))
    sys.modules.pop("make_report_template", None)
    import make_report_template

    return make_report_template


@pytest.mark.parametrize("name", ["report_state", "report_party_36", "report_party_05"])
def test_templates_are_up_to_date(maker: ModuleType, name: str) -> None:
    layout = next(layout for layout in maker.LAYOUTS if layout.name == name)
    kept = docx.Document(str(maker.TEMPLATES / f"{name}.docx"))
    made = maker.make(layout)
    assert kept.element.xml == made.element.xml
    assert kept.styles.element.xml == made.styles.element.xml


def test_party_layout_of_2026_has_its_own_line_and_indent(maker: ModuleType) -> None:
    body = docx.Document(str(maker.TEMPLATES / "report_party_05.docx")).styles["Body Text"].paragraph_format
    assert body.line_spacing.pt == 19
    assert round(body.first_line_indent.mm) == 10
