"""What the health endpoint and the commands say of the installation: database, version, clock, backup."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from canbo.audit import upgrading
from canbo.audit.changes import note
from canbo.audit.health import health
from canbo.common.findings import Refused

pytestmark = pytest.mark.django_db
NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CANBO_HOME", str(tmp_path))
    line = {"path": "/x", "at": NOON.isoformat(), "size": 1, "contents": "y"}
    (tmp_path / "backups.jsonl").write_text(json.dumps(line) + "\n")
    return tmp_path


def test_a_house_in_order_has_no_warning() -> None:
    note(by="an", at=NOON, action="look")
    found = health(at=NOON + timedelta(days=1))
    assert (found.well, found.warnings, found.backup_age_days, found.last_entry_at) == (True, (), 1, NOON)
    json.dumps(found.as_json())


def test_an_old_backup_warns_but_the_house_is_well() -> None:
    found = health(at=NOON + timedelta(days=8))
    assert found.well and len(found.warnings) == 1 and "sao lưu" in found.warnings[0]


def test_a_clock_behind_is_noticed() -> None:
    note(by="an", at=NOON, action="look")
    found = health(at=NOON - timedelta(hours=1))
    assert not found.well and found.clock_behind and "Đồng hồ" in found.warnings[0]


def test_pending_migrations_are_noticed() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
    found = health(at=NOON)
    assert (found.well, found.pending_migrations) == (False, 1)
    assert upgrading.pending() == ["sessions.0001_initial"]


def test_a_database_newer_than_the_program_is_refused() -> None:
    upgrading.refuse_newer()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('audit', '9999_later', now())")
    with pytest.raises(Refused, match="audit.9999_later"):
        upgrading.refuse_newer()
