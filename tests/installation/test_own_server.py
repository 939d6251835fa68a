"""A server of the province's own (``DATABASE_URL``), over TCP with a password: all that is done there and refused."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from canbo.common.findings import Refused
from canbo.installation import backup as backups
from canbo.installation import fitness
from canbo.installation.cluster import program
from tests.docs.documents import ROOT, blocks
from tests.installation.servers import PASSWORD, address, administer, server
from tests.installation.support import PASSPHRASE, canbo, installation

SCHEME = "thai-nguyen-2021-2030"


@pytest.fixture(scope="module")
def administrator() -> Iterator[str]:
    """A server with the user and the database that the documents tell to make; its administrator's address."""
    (told,) = (body for body in blocks(ROOT / "docs" / "operations.md", "sql") if "CREATE ROLE" in body)
    with server() as url:
        administer(url, *[one for one in told.replace("…", PASSWORD).split(";") if one.strip()])
        yield url


def figures(said: str) -> list[Any]:
    """What a measurement counts, without what depends on where the data lies."""
    return [
        [one[key] for key in ("id", "numerator", "denominator", "unknown")] for one in json.loads(said)["indicators"]
    ]


def databases(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        rows = connection.execute("SELECT datname FROM pg_database WHERE NOT datistemplate ORDER BY 1").fetchall()
    return [str(name) for (name,) in rows]


def test_all_that_an_installation_does(administrator: str, tmp_path: Path) -> None:
    url, book, saved = address(administrator), tmp_path / "tinh.xlsx", tmp_path / "mot.canbo"
    assert canbo("sample", str(book), "--people", "1000", home=tmp_path).returncode == 0
    with installation() as home:

        def run(*words: str) -> str:
            done = canbo(*words, home=home, url=url)
            assert done.returncode == 0, done.stderr
            assert PASSWORD not in done.stdout + done.stderr
            return done.stdout

        assert run("migrate") == "Đã tạo cơ sở dữ liệu.\n"
        assert "Đã nhập toàn bộ" in run("import", str(book), "--yes")
        of_book = canbo("measure", SCHEME, str(book), "--as-of", "2025-12-31", "--json", home=home).stdout
        before = figures(run("measure", SCHEME, "register", "--as-of", "2025-12-31", "--json"))
        assert before == figures(of_book) and any(row[1] for row in before)
        assert "Không thấy dấu vết" in run("verify")
        run("backup", str(saved))

        # Everything is lost but the backup; it comes back, and nothing is left beside it.
        administer(url, "TRUNCATE django_session", "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
        assert "mã băm khớp" in run("restore", str(saved))
        assert databases(administrator) == ["canbo", "postgres"]
        assert figures(run("measure", SCHEME, "register", "--as-of", "2025-12-31", "--json")) == before
        assert "Không thấy dấu vết" in run("verify")
        assert not (home / "database").exists()


def test_a_wrong_password_is_one_sentence_that_does_not_tell_it(administrator: str, tmp_path: Path) -> None:
    done = canbo("verify", home=tmp_path, url=address(administrator, password="sai hẳn"))
    assert done.returncode == 2
    assert "DATABASE_URL không trả lời" in done.stderr
    assert "sai hẳn" not in done.stderr and "Traceback" not in done.stderr


def test_without_the_right_to_make_databases_a_restoration_changes_nothing(
    administrator: str, tmp_path: Path, django_db_setup: None
) -> None:
    saved = tmp_path / "mot.canbo"
    assert canbo("backup", str(saved), home=tmp_path, url=os.environ["DATABASE_URL"]).returncode == 0
    with_rights = databases(administrator)
    administer(
        administrator,
        "CREATE ROLE reader LOGIN PASSWORD 'chỉ đọc thôi'",
        "CREATE DATABASE reader OWNER reader TEMPLATE template0 LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' "
        "LOCALE 'C'",
    )
    done = canbo(
        *("restore", str(saved)),
        home=tmp_path,
        url=address(administrator, user="reader", password="chỉ đọc thôi", name="reader"),
    )
    assert done.returncode == 2, done.stdout
    assert "permission denied to create database" in done.stderr and "Chưa thay đổi gì" in done.stderr
    assert databases(administrator) == sorted([*with_rights, "reader"])


@pytest.mark.parametrize(
    "kind",
    [
        "ENCODING 'SQL_ASCII' LOCALE 'C'",
        "ENCODING 'UTF8' LOCALE 'C'",  # knows no letters outside ASCII
        "ENCODING 'LATIN1' LOCALE 'C'",
    ],
)
def test_a_database_of_another_kind_is_refused(administrator: str, kind: str) -> None:
    administer(administrator, "DROP DATABASE IF EXISTS wrong", f"CREATE DATABASE wrong TEMPLATE template0 {kind}")
    url = address(administrator, name="wrong")
    with psycopg.connect(url) as connection, pytest.raises(Refused, match="không đúng kiểu"):
        fitness.refuse_unfit(connection)


def test_a_database_made_as_the_documents_say_is_fit(administrator: str) -> None:
    with psycopg.connect(address(administrator)) as connection:
        fitness.refuse_unfit(connection)
        fitness.refuse_newer_than_programs(connection)
        assert connection.info.server_version // 10000 == fitness.own_version()


def test_an_older_server_is_refused_with_what_to_do() -> None:
    """The wheel brings an older server too."""
    older = min(program("postgres").parents[2].glob("pginstall*")) / "bin"
    with server(older) as url, psycopg.connect(url) as connection:
        assert connection.info.server_version < 180000
        with pytest.raises(Refused, match=r"là PostgreSQL 1\d; CanBo cần PostgreSQL 18 trở lên"):
            fitness.refuse_unfit(connection)


def test_a_server_newer_than_the_programs_is_no_half_backup(
    administrator: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fitness, "own_version", lambda: 17)
    monkeypatch.setenv("CANBO_HOME", str(tmp_path))
    with pytest.raises(Refused, match="Máy chủ là PostgreSQL 18, chương trình sao lưu đi kèm là 17"):
        backups.back_up(
            tmp_path / "x.canbo", url=address(administrator), passphrase=PASSPHRASE, at=backups.datetime(2025, 1, 1)
        )
    assert list(tmp_path.iterdir()) == []


def test_all_that_an_address_says_reaches_the_programs() -> None:
    url = "postgresql://an:b%40c@db.tinh.vn:5433/canbo?sslmode=verify-full&sslrootcert=/etc/ca.pem&connect_timeout=7"
    found = backups.environment(url)
    assert {key: found.get(key) for key in ("PGHOST", "PGPORT", "PGUSER", "PGPASSWORD", "PGDATABASE")} == {
        "PGHOST": "db.tinh.vn",
        "PGPORT": "5433",
        "PGUSER": "an",
        "PGPASSWORD": "b@c",
        "PGDATABASE": "canbo",
    }
    assert (found["PGSSLMODE"], found["PGSSLROOTCERT"], found["PGCONNECT_TIMEOUT"]) == (
        "verify-full",
        "/etc/ca.pem",
        "7",
    )


def test_all_that_an_address_says_reaches_the_program_itself(tmp_path: Path) -> None:
    """A certificate that is to be checked must be checked on every connection."""
    code = "from django.conf import settings; import json; print(json.dumps(settings.DATABASES['default']))"
    url = "postgresql://an:b%40c@db.tinh.vn:5433/canbo?sslmode=verify-full&sslrootcert=/etc/ca.pem"
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "CANBO_HOME": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "canbo.config.settings",
    }
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    assert [found[key] for key in ("HOST", "PORT", "USER", "PASSWORD", "NAME")] == [
        "db.tinh.vn",
        "5433",
        "an",
        "b@c",
        "canbo",
    ]
    assert found["OPTIONS"] == {"sslmode": "verify-full", "sslrootcert": "/etc/ca.pem"}
