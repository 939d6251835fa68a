"""A workbook through the API: looked at, applied as it was looked at, and the second time nothing to do."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from canbo.audit.models import Entry
from canbo.datasets.reading import read
from canbo.datasets.writing import write_workbook
from canbo.register.models import ImportBatch, Person, PostHeld
from tests.api.world import World
from tests.register.importing.files import D1, folder, person

pytestmark = pytest.mark.django_db
SPECIALIST = "specialist/whole/now"


@pytest.fixture
def workbook(tmp_path: Path) -> bytes:
    """Three units and two people, on 31/12/2021."""
    rows = folder(tmp_path / "rows", people=[person("P1"), person("P2", sex="female", education="master")])
    write_workbook(read(rows, data_date=D1).tables, tmp_path / "book.xlsx", data_date=D1)
    return (tmp_path / "book.xlsx").read_bytes()


def send(client: Client, world: World, path: str, content: bytes, **more: str) -> Any:
    file = SimpleUploadedFile("Sổ cán bộ.xlsx", content)
    return client.post(path, {"file": file, **more}, **world.tokens[SPECIALIST])


def test_preview_apply_and_again(world: World, client: Client, workbook: bytes) -> None:
    before = Person.objects.count()
    looked = send(client, world, "/api/imports/preview", workbook)
    assert looked.status_code == 200, looked.content
    assert looked.json()["as_of"] == "2021-12-31"
    people = next(part for part in looked.json()["parts"] if part["dataset"] == "people")
    assert people["created"] == 2, people
    assert Person.objects.count() == before  # a preview writes nothing

    done = send(client, world, "/api/imports", workbook, confirm=looked.json()["confirm"])
    assert done.status_code == 201, done.content
    batch = done.json()
    assert (batch["file_name"], batch["by"]) == ("Sổ cán bộ.xlsx", "specialist.whole.now")
    assert Person.objects.count() == before + 2
    assert PostHeld.objects.get(person__code="P1").unit.code == "U1"
    assert client.get(f"/api/imports/{batch['id']}", **world.tokens[SPECIALIST]).json() == batch
    assert client.get("/api/imports", **world.tokens[SPECIALIST]).json()["imports"] == [batch]

    written = Entry.objects.filter(rows__gt=0).count()
    again = send(client, world, "/api/imports/preview", workbook)
    nothing = send(client, world, "/api/imports", workbook, confirm=again.json()["confirm"])
    assert nothing.status_code == 201, nothing.content
    assert [nothing.json()[name] for name in ("id", "created", "changed", "ended")] == [None, 0, 0, 0]
    assert ImportBatch.objects.count() == 1
    assert Entry.objects.filter(rows__gt=0).count() == written


def test_what_was_looked_at_must_still_hold(world: World, client: Client, workbook: bytes) -> None:
    confirm = send(client, world, "/api/imports/preview", workbook).json()["confirm"]
    assert send(client, world, "/api/imports", workbook, confirm=confirm, as_of="2022-12-31").status_code == 409
    assert send(client, world, "/api/imports", workbook, confirm=confirm).status_code == 201
    second = send(client, world, "/api/imports", workbook, confirm=confirm)
    assert second.status_code == 409  # the register is no longer as it was
    assert "Chưa nhập gì" in second.json()["message"]


def test_what_is_no_workbook_is_refused_in_words(world: World, client: Client) -> None:
    for content in (b"", b"PK\x03\x04 no zip", b"\xd0\xcf\x11\xe0" * 200):
        got = send(client, world, "/api/imports/preview", content)
        assert got.status_code == 422, got.content
        assert got.json()["message"]
