"""The log in the browser: sentences, filters, who has looked at a file, and words for every action."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse

import canbo
from canbo.accounts.roles import ROLES
from canbo.audit.changes import change, note
from canbo.audit.models import Entry
from canbo.register.document_tree import KINDS
from canbo.web.accounts import log
from canbo.web.accounts.action_words import WORDS
from tests.register.makers import AT, employ, make_person, make_unit, post
from tests.web.clients import client_of

pytestmark = pytest.mark.django_db
NIGHT = datetime(2024, 5, 2, 16, 59, tzinfo=UTC)  # 23:59 on 02/05/2024 in Việt Nam


@pytest.fixture(autouse=True)
def done(db: None) -> None:
    """Two people in two units; their files read, one on a list, one exported; the log has six entries."""
    with change(by="canbo.mot", at=AT, action="import", subject="import:thang5.xlsx", detail={"created": 2}):
        north, hill = make_unit("N"), make_unit("H")
        for code, unit in (("P1", north), ("P2", hill)):
            person = make_person(code)
            employ(person)
            post(person, unit)
    note(by="canbo.mot", at=AT, action="read-file", subject="person:P1", detail={"class": "sensitive"})
    note(by="canbo.hai", at=AT, action="read-file", subject="person:P2", detail={"class": "internal"})
    note(by="canbo.hai", at=AT, action="read-list", subject="people", detail={"people": ["P1", "P2"]})
    note(by="canbo.ba", at=NIGHT, action="people.export", subject="people", detail={"people": ["P1"], "purpose": "họp"})
    note(by="canbo.ba", at=NIGHT + timedelta(minutes=1), action="sign-out", subject="account:canbo.ba")


def numbers(answer: HttpResponse) -> list[int]:
    """The numbers of the entries on a page, in order."""
    assert answer.status_code == 200
    return [int(one) for one in re.findall(r"№ (\d+)", answer.content.decode())]


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"inspector"}))
def test_only_inspectors_find_the_log(role: str) -> None:
    assert client_of(role).get("/log").status_code == 404


def test_entries_are_read_as_sentences() -> None:
    said = " ".join(re.sub(r"<[^>]+>", "", client_of("inspector").get("/log").content.decode()).split())
    assert "canbo.mot xem hồ sơ của Nguyễn Văn P1 (P1) mức: cả thông tin nhạy cảm" in said
    assert "canbo.mot nhập dữ liệu từ tệp thang5.xlsx thêm: 2" in said
    assert "canbo.ba xuất ra Excel cán bộ" in said
    assert "mục đích: họp" in said
    assert "00:00 03/05/2024" in said
    assert "Mọi dòng trên trang này khớp mã băm" in said


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", [6, 5, 4, 3, 2, 1]),
        ("account=canbo.hai", [4, 3]),
        ("action=read-file", [3, 2]),
        ("subject=person:P1", [5, 4, 2]),
        ("subject=person:P2", [4, 3]),
        ("subject=import:thang5.xlsx", [1]),
        ("to=02/05/2024", [5, 4, 3, 2, 1]),
        ("from=02/05/2024", [6, 5]),
        ("from=02/05/2024&to=02/05/2024", [5]),
        ("account=canbo.ba&action=sign-out", [6]),
        ("account=canbo.bon", []),
    ],
)
def test_filters_combine_and_lists_count_as_looking_at_a_file(asked: str, found: list[int]) -> None:
    assert numbers(client_of("inspector").get(f"/log?{asked}")) == found


def test_pages_follow_by_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "PAGE", 4)
    client = client_of("inspector")
    first = client.get("/log?to=03/05/2024")
    assert numbers(first) == [6, 5, 4, 3]
    following = re.search(r'rel="next" href="([^"]+)"', first.content.decode())
    assert following
    assert numbers(client.get(following[1].replace("&amp;", "&"))) == [2, 1]


def test_a_mandate_over_a_part_reads_only_about_its_people() -> None:
    client = client_of("inspector", "N")
    assert numbers(client.get("/log")) == [2]
    assert numbers(client.get("/log?subject=person:P2")) == []


def test_a_day_that_is_none_is_said() -> None:
    assert "“31/02/2024” không phải là ngày" in client_of("inspector").get("/log?from=31/02/2024").content.decode()


def test_a_line_that_was_altered_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "hash_of", lambda entry: "0" if entry.id == 3 else Entry.objects.get(id=entry.id).hash)
    said = client_of("inspector").get("/log").content.decode()
    assert said.count("dòng này đã bị sửa") == 1
    assert "Có dòng trên trang này không khớp mã băm" in said


def test_the_log_asks_the_same_few_questions_however_long_it_is(django_assert_num_queries: Any) -> None:
    client = client_of("inspector")
    client.get("/log")
    with django_assert_num_queries(7):
        client.get("/log")


def test_every_action_that_the_program_logs_has_words() -> None:
    used = set(_actions())
    assert {"read-file", "import", "document.submit", "second-factor-failed", "undo_import"} <= used  # it finds them
    assert used - set(WORDS) == set()
    assert all(vi and en and vi != en for vi, en in WORDS.values())


_PLACES = {"log": 1, "_save": 2}
"""Where the action stands in calls that take it without a name."""


def _actions() -> Iterator[str]:
    """The actions named in the code: given by keyword, to the log of sign-ins, or in a constant ACTION."""
    for path in Path(canbo.__file__).parent.rglob("*.py"):
        if "migrations" in path.parts or path.name == "lock_outs.py":  # whose action is the sign-in library's
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "action":
                yield from _texts(node.value)
            elif isinstance(node, ast.Call) and (place := _PLACES.get(_name(node.func), 99)) < len(node.args):
                yield from _texts(node.args[place])
            elif isinstance(node, ast.Assign) and _name(node.targets[0]) == "ACTION":
                yield from _texts(node.value)


def _texts(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.JoinedStr):
        beginning = str(getattr(node.values[0], "value", ""))
        yield from (f"document.{kind}" for kind in KINDS) if beginning == "document." else (beginning,)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value != "identity_failed":
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from (*_texts(node.body), *_texts(node.orelse))


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
