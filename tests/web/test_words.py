"""What the pages say: in both languages, in whole Vietnamese, and nothing that the pages' policy would not let run."""

import ast
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import jinja2
import pytest
import yaml
from jinja2 import nodes

WEB = Path(__file__).parents[2] / "canbo" / "web"
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
MODULES = sorted(path for path in WEB.rglob("*.py") if "migrations" not in path.parts)
SAME = re.compile(r"CanBo|SQL|Excel|Word|PDF|API|YAML|CSV|2C|[Ss]heet|QĐ|NQ|ĐA|KH")
"""Names, the same in both languages."""
FORBIDDEN = re.compile(r"\b(?:OK|Submit|Invalid input|Click here|Bấm vào đây|Dữ liệu không hợp lệ)\b")
Pair = tuple[str, str, str]


def in_templates() -> Iterator[Pair]:
    """Where, Vietnamese, English: each ``t("…", "…")`` of the templates."""
    reader = jinja2.Environment()
    for path in TEMPLATES:
        for call in reader.parse(path.read_text("utf-8")).find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "t":
                where = f"{path.relative_to(WEB)}:{call.lineno}"
                assert len(call.args) == 2, f"{where}: two languages, no more and no less"
                texts = [_written(one) for one in call.args]
                if None not in texts:
                    yield where, texts[0] or "", texts[1] or ""


def _written(node: nodes.Node) -> str | None:
    """The text of an expression, its worked-out parts left out; None: there is none in it."""
    if isinstance(node, nodes.Const):
        return str(node.value)
    if isinstance(node, nodes.Mod):
        return _written(node.left)
    if isinstance(node, nodes.Concat):
        parts = [_written(part) for part in node.nodes]
        return None if all(part is None for part in parts) else "".join(part or "{}" for part in parts)
    return None


def in_modules() -> Iterator[Pair]:
    """Each ``pick("…", "…")`` of the code, its formatted parts as {}."""
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "pick":
                where = f"{path.relative_to(WEB)}:{node.lineno}"
                assert len(node.args) == 2 or any(isinstance(one, ast.Starred) for one in node.args), where
                texts = [_text(one) for one in node.args]
                if len(texts) == 2 and None not in texts:
                    yield where, texts[0] or "", texts[1] or ""


def _text(node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return None


def in_guide() -> Iterator[Pair]:
    """The sentences of the guide and the glossary."""
    for path in sorted((WEB / "help").glob("*.yaml")):
        for where, entry in _mappings(yaml.safe_load(path.read_text("utf-8")), path.name):
            for vi, en in (("vi", "en"), ("meaning_vi", "meaning_en")):
                if vi in entry or en in entry:
                    yield where, entry.get(vi, ""), entry.get(en, "")


def _mappings(found: object, where: str) -> Iterator[tuple[str, dict[str, str]]]:
    if isinstance(found, dict):
        yield where, found
        for key, value in found.items():
            yield from _mappings(value, f"{where}/{key}")
    elif isinstance(found, list):
        for number, value in enumerate(found):
            yield from _mappings(value, f"{where}/{number}")


PAIRS = [*in_templates(), *in_modules(), *in_guide()]


def test_there_are_words_to_test() -> None:
    assert len(PAIRS) > 500


def test_every_text_is_in_both_languages() -> None:
    empty = [where for where, vi, en in PAIRS if bool(vi.strip()) != bool(en.strip())]
    assert empty == []
    same = [(where, vi) for where, vi, en in PAIRS if vi == en and re.search(r"[^\W\d_]", SAME.sub("", vi))]
    assert same == []


def test_texts_are_whole_characters() -> None:
    """NFC: a letter with its marks is one character, or search and sorting would miss it."""
    for path in (*TEMPLATES, *MODULES, *(WEB / "help").glob("*.yaml")):
        source = path.read_text("utf-8")
        assert unicodedata.is_normalized("NFC", source), path


def test_english_has_no_vietnamese_left_in_it() -> None:
    """But for what is quoted, and for the names of sheets and kinds of documents."""
    marked = re.compile(r"[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)
    named = r"Việt Nam|Tiếng Việt|Nguyễn Văn Ánh|sheet Thông tin|QĐ|ĐA|\d+/NQ-HĐND|\(ễ, ộ, ặ, Ẩ, Ỗ\)"
    allowed = re.compile(rf"“[^”]*”|{named}")
    left = [(where, en) for where, _, en in PAIRS if marked.search(allowed.sub("", en))]
    assert left == []


def test_nothing_is_said_that_no_official_would_say() -> None:
    assert [(where, vi, en) for where, vi, en in PAIRS if FORBIDDEN.search(vi) or FORBIDDEN.search(en)] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(WEB / "templates")))
def test_templates_hold_nothing_that_the_policy_forbids(path: Path) -> None:
    source = re.sub(r"\{#.*?#\}", "", path.read_text("utf-8"), flags=re.DOTALL)
    assert re.findall(r"\sstyle\s*=\s*[\"']", source) == []
    assert re.findall(r"<[^>]*\son\w+\s*=", source) == []
    assert re.findall(r"https?://(?!www\.w3\.org/)\S+", source) == []
    assert re.findall(r"<script[^>]*>\s*[^<\s]", source) == []
    assert re.findall(r"javascript:", source) == []


@pytest.mark.parametrize("path", [one for one in TEMPLATES if not one.name.startswith("_")], ids=lambda one: one.name)
def test_forms_that_write_are_signed(path: Path) -> None:
    source = path.read_text("utf-8")
    for form in re.findall(r"<form\b[^>]*method=[\"']post[\"'].*?</form>", source, flags=re.DOTALL | re.IGNORECASE):
        assert "csrf_input" in form, form[:120]


def test_files_of_the_pages_name_no_other_machine() -> None:
    for path in (WEB / "static").rglob("*.*"):
        if path.suffix in (".css", ".js", ".svg"):
            source = path.read_text("utf-8")
            assert re.findall(r"https?://(?!www\.w3\.org/)\S+|@import|url\(\s*[\"']?//", source) == [], path
