"""Seals through the API: sealed, listed, checked, taken away; what is wrong with one is told."""

import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from canbo.audit.models import Entry
from canbo.snapshot.models import Seal
from tests.api.world import World

pytestmark = pytest.mark.django_db
SPECIALIST = "specialist/whole/now"


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CANBO_HOME", str(tmp_path / "home"))


def seal(client: Client, world: World) -> dict[str, Any]:
    body = json.dumps({"day": "2025-12-31", "title": "Cuối năm 2025"})
    got = client.post("/api/snapshots", data=body, content_type="application/json", **world.tokens[SPECIALIST])
    assert got.status_code == 201, got.content
    made: dict[str, Any] = got.json()
    return made


def test_sealed_listed_checked_and_taken_away(world: World, client: Client) -> None:
    made = seal(client, world)
    assert (made["title"], made["day"], made["by"]) == ("Cuối năm 2025", "2025-12-31", "specialist.whole.now")
    assert made["rows"]["people"] == 6  # all six are employed
    listed = client.get("/api/snapshots", **world.tokens["leader/whole/now"]).json()["snapshots"]
    assert listed == [made]
    path = f"/api/snapshots/{made['id']}"
    checked = client.post(f"{path}/verify", **world.tokens["inspector/whole/now"]).json()
    assert checked == {"is_whole": True, "findings": []}
    taken = client.get(f"{path}/files", **world.tokens[SPECIALIST])
    assert (taken.status_code, taken["Content-Type"]) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(taken.content)) as archive:
        found = {name: hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist()}
    assert found == made["files"]
    entry = Entry.objects.get(action="snapshot.download")
    assert (entry.actor, entry.subject) == ("specialist.whole.now", f"seal:{made['id']}")


def test_a_file_changed_on_the_disk_is_told(world: World, client: Client) -> None:
    made = seal(client, world)
    file = Path(Seal.objects.get(pk=made["id"]).folder) / "people.parquet"
    file.write_bytes(file.read_bytes()[:-1] + b"\x00")
    checked = client.post(f"/api/snapshots/{made['id']}/verify", **world.tokens[SPECIALIST]).json()
    assert checked["is_whole"] is False
    assert any("people.parquet" in one["message"] for one in checked["findings"])


def test_a_day_with_nobody_cannot_be_sealed(world: World, client: Client) -> None:
    body = json.dumps({"day": "1950-01-01", "title": "Chưa có ai"})
    got = client.post("/api/snapshots", data=body, content_type="application/json", **world.tokens[SPECIALIST])
    assert got.status_code == 422
    assert "không có người nào" in got.json()["message"]
