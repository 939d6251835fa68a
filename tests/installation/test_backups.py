"""Backup, wipe, restore: identical hashes; on another machine too; and nothing changes where it cannot be done."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from canbo.common.findings import Refused
from canbo.installation import backup as backups
from canbo.installation.hashes import table_hashes
from canbo.installation.server import start_embedded
from tests.installation.support import PASSPHRASE, canbo, copied, installation

pytestmark = pytest.mark.usefixtures("django_db_setup")
ENTER = """
import os, sys, django
from datetime import date, datetime, UTC
os.environ["DJANGO_SETTINGS_MODULE"] = "canbo.config.settings"
django.setup()
from canbo.audit.changes import change
from canbo.register.models import Person
for number in range(int(sys.argv[1]), int(sys.argv[2])):
    with change(by="an", at=datetime.now(UTC), action="enter"):
        Person.objects.create(code=f"P{number}", full_name="Trần Thị Bình", name_key="tran thi binh",
                              name_order="bình trần thị", birth_date=date(1980, 1, 1), sex="female")
"""


def enter(first: int, last: int, *, home: Path, url: str) -> None:
    """People P<first> … P<last - 1>, each by a change of its own."""
    environment = {**os.environ, "CANBO_HOME": str(home), "DATABASE_URL": url}
    subprocess.run([sys.executable, "-c", ENTER, str(first), str(last)], env=environment, check=True)


def hashes(url: str) -> dict[str, str]:
    with psycopg.connect(url) as connection:
        return table_hashes(connection)


def people(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM register_person").fetchone()
    return int(row[0]) if row else -1


def rows_known_to_the_planner(url: str, table: str) -> int:
    """-1 where the server has no statistics yet."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT reltuples::int FROM pg_class WHERE relname = %s", (table,)).fetchone()
    return int(row[0]) if row else -2


def url_of(home: Path) -> str:
    return start_embedded(home)


@pytest.fixture(scope="module")
def original(django_db_setup: None) -> Iterator[tuple[Path, str, Path]]:
    """An installation with 20 people, a file and a secret; its folder, address and backup."""
    with installation() as home, copied("original") as url:
        (home / "files").mkdir()
        (home / "files" / "quyết định.pdf").write_bytes(b"%PDF" * 1000)
        (home / "secrets").mkdir()
        (home / "secrets" / "django").write_text("bi mat")
        enter(0, 20, home=home, url=url)
        file = home / "mot.canbo"
        done = canbo("backup", str(file), home=home, url=url)
        assert done.returncode == 0, done.stderr
        yield home, url, file


def test_backup_wipe_restore_on_another_machine_gives_identical_hashes(original: tuple[Path, str, Path]) -> None:
    home, url, file = original
    with installation() as other:
        before = hashes(url)
        done = canbo("restore", str(file), home=other)
        assert done.returncode == 0, done.stderr
        after = hashes(url_of(other))
        # Both wrote their own entry since: the backup in the original, the restoration here.
        assert {name for name in before if before[name] != after[name]} == {"audit_entry"}
        assert people(url_of(other)) == 20
        assert rows_known_to_the_planner(url_of(other), "register_person") == 20
        assert (other / "files" / "quyết định.pdf").read_bytes() == b"%PDF" * 1000
        assert (other / "secrets" / "django").read_text() == "bi mat"
        checked = canbo("verify", home=other)
        assert checked.returncode == 0, checked.stdout


def test_the_file_is_private_and_says_nothing(original: tuple[Path, str, Path]) -> None:
    _, _, file = original
    assert file.stat().st_mode & 0o777 == 0o600
    data = file.read_bytes()
    assert b"bi mat" not in data and b"PGDMP" not in data


def test_data_in_place_is_replaced_only_when_told_and_after_a_backup(original: tuple[Path, str, Path]) -> None:
    home, url, file = original
    with copied("present") as present:
        enter(100, 103, home=home, url=present)
        before = hashes(present)
        refused = canbo("restore", str(file), home=home, url=present)
        assert refused.returncode == 2 and "--replace" in refused.stderr
        assert hashes(present) == before
        assert canbo("restore", str(file), "--replace", home=home, url=present).returncode == 0
        assert people(present) == 20
        (saved,) = (home / "backups").glob("before-restore-*.canbo")
        assert canbo("restore", str(saved), "--replace", home=home, url=present).returncode == 0
        assert people(present) == 3
        assert canbo("verify", home=home, url=present).returncode == 0
        shutil.rmtree(home / "backups")


@pytest.mark.parametrize("fault", ["passphrase", "cut", "altered", "empty", "missing"])
def test_what_cannot_be_restored_changes_nothing(original: tuple[Path, str, Path], tmp_path: Path, fault: str) -> None:
    home, url, file = original
    data = bytearray(file.read_bytes())
    if fault == "altered":
        data[len(data) // 2] ^= 1
    bad = tmp_path / "x.canbo"
    if fault != "missing":
        bad.write_bytes({"cut": data[:-30], "empty": b""}.get(fault, bytes(data)))
    words = {"CANBO_BACKUP_PASSPHRASE": "mot mat khau khac"} if fault == "passphrase" else {}
    with copied("present") as present:
        before, files = hashes(present), sorted(home.rglob("*"))
        done = canbo("restore", str(bad), home=home, url=present, **words)
        assert done.returncode == 2, done.stdout
        assert "Chưa thay đổi gì" in done.stderr
        assert "Traceback" not in done.stderr
        assert hashes(present) == before
        assert sorted(home.rglob("*")) == files
        with psycopg.connect(present) as server:
            left = server.execute("SELECT datname FROM pg_database WHERE datname ~ '^canbo_(restoring|before)'")
            assert left.fetchall() == []


def test_a_full_disk_leaves_no_half_backup(original: tuple[Path, str, Path], tmp_path: Path) -> None:
    home, url, _ = original
    code = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000));"
        "from canbo.cli.backup import backup; from canbo.common.findings import Refused; from pathlib import Path\n"
        "try: backup(Path(sys.argv[1]))\nexcept Refused as refusal: sys.exit(refusal.message)"
    )
    environment = {
        **os.environ,
        "CANBO_HOME": str(home),
        "DATABASE_URL": url,
        "CANBO_BACKUP_PASSPHRASE": PASSPHRASE,
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "x.canbo")], env=environment, capture_output=True, text=True
    )
    assert done.returncode == 1 and "Không ghi được bản sao lưu" in done.stderr, done.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_older_backup_is_upgraded_and_a_newer_one_refused(original: tuple[Path, str, Path], tmp_path: Path) -> None:
    home, url, _ = original
    with copied("older") as older, installation() as other:
        enter(0, 2, home=home, url=older)
        environment = {**os.environ, "DATABASE_URL": older, "DJANGO_SETTINGS_MODULE": "canbo.config.settings"}
        subprocess.run(
            [sys.executable, "-m", "django", "migrate", "-v0", "account", "0008"], env=environment, check=True
        )
        assert canbo("backup", str(tmp_path / "old"), home=home, url=older).returncode == 0
        done = canbo("restore", str(tmp_path / "old"), home=other)
        assert done.returncode == 0, done.stderr
        assert people(url_of(other)) == 2
        assert hashes(url_of(other)).keys() == hashes(url).keys()

        # The same database is upgraded by `migrate`, after a backup.
        done = canbo("migrate", home=other, url=older)
        assert done.returncode == 0 and "Đã nâng cấp" in done.stdout, done.stderr
        assert len(list((other / "backups").glob("before-upgrade-*.canbo"))) == 1
        assert people(older) == 2

        with psycopg.connect(older, autocommit=True) as connection:
            connection.execute(
                "INSERT INTO django_migrations (app, name, applied) VALUES ('register', '9999_later', now())"
            )
        for words in (("migrate",), ("backup", str(tmp_path / "new"))):
            done = canbo(*words, home=home, url=older)
        assert done.returncode == 0, done.stderr
        refused = canbo("migrate", home=home, url=older)
        assert refused.returncode == 2 and "9999_later" in refused.stderr
        refused = canbo("restore", str(tmp_path / "new"), "--replace", home=other)
        assert refused.returncode == 2 and "mới hơn" in refused.stderr
        assert people(url_of(other)) == 2


def test_an_upgrade_without_passphrase_is_refused_and_changes_nothing(
    original: tuple[Path, str, Path], tmp_path: Path
) -> None:
    with copied("older") as older:
        with psycopg.connect(older, autocommit=True) as connection:
            connection.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
        done = canbo("migrate", home=tmp_path, url=older, CANBO_BACKUP_PASSPHRASE="")
        assert done.returncode == 2 and "Thiếu mật khẩu" in done.stderr
        with psycopg.connect(older) as connection:
            row = connection.execute("SELECT count(*) FROM django_migrations WHERE app = 'sessions'").fetchone()
            assert row == (0,)


def test_the_hash_of_a_table_knows_no_order_of_rows_or_columns() -> None:
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        found = []
        for statement in (
            "CREATE TABLE t (a int, b text); INSERT INTO t VALUES (1, 'x'), (2, 'ư'), (2, 'ư')",
            "CREATE TABLE t (b text, a int); INSERT INTO t VALUES ('ư', 2), ('ư', 2), ('x', 1)",
            "CREATE TABLE t (a int, b text); INSERT INTO t VALUES (1, 'x'), (2, 'ư')",
        ):
            with connection.transaction(force_rollback=True):
                connection.execute(statement)
                found.append(table_hashes(connection)["t"])
    assert found[0] == found[1] != found[2]
    assert found[0].startswith("3:")


def test_an_old_backup_is_recalled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CANBO_HOME", str(tmp_path))
    at = datetime(2025, 12, 31, tzinfo=UTC)
    assert "Chưa có bản sao lưu" in (backups.reminder(at=at) or "")
    line = {"path": "/x", "at": at.isoformat(), "size": 1, "contents": "y"}
    (tmp_path / "backups.jsonl").write_text(json.dumps(line) + '\n{"cut off')
    assert backups.reminder(at=at + timedelta(days=7)) is None
    assert "đã cách đây 8 ngày (31/12/2025)" in (backups.reminder(at=at + timedelta(days=8)) or "")


def test_a_short_passphrase_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="ít nhất 12"):
        backups.back_up(tmp_path / "x", url="", passphrase="ngan", at=datetime(2025, 1, 1, tzinfo=UTC))
    assert list(tmp_path.iterdir()) == []
