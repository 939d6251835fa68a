"""Moving: to another account of the operating system, and from an older PostgreSQL's data folder."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from canbo.common.findings import Refused
from canbo.installation.cluster import SERVER_USER, ensure_running, program
from canbo.installation.server import start_embedded
from tests.installation.servers import run
from tests.installation.support import PASSPHRASE, canbo, copied, installation
from tests.installation.test_backups import enter, hashes, people

SOURCES = Path(__file__).parents[2]
STOP = "from canbo.installation import home, server; server.stop_embedded(home.home())"
LIBRARIES = next(path for path in sys.path if path.endswith("site-packages"))


@dataclass
class Account:
    """An account of the operating system, with a Python that it may run; ``name`` empty: that of the tests."""

    name: str
    python: str

    def run(self, *words: str, home: Path) -> subprocess.CompletedProcess[str]:
        """Run Python as this account, which knows nothing of the one of the tests."""
        environment = {
            "CANBO_HOME": str(home),
            "CANBO_BACKUP_PASSPHRASE": PASSPHRASE,
            "HOME": str(home),
            "PATH": os.defpath,
            "PYTHONPATH": f"{SOURCES}:{LIBRARIES}",
            "PYTHONDONTWRITEBYTECODE": "1",
            "LC_ALL": "C.UTF-8",
        }
        options = {"user": self.name, "group": _group(self.name), "extra_groups": []} if self.name else {}
        return subprocess.run(
            [self.python, *words],
            env=environment,
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
            **options,  # type: ignore[call-overload]
        )

    def canbo(self, *words: str, home: Path) -> subprocess.CompletedProcess[str]:
        """Run a command as this account."""
        return self.run("-m", "canbo.cli", *words, home=home)


def _group(name: str) -> int:
    import pwd

    return pwd.getpwnam(name).pw_gid


def another_account() -> Account:
    """``nobody``, where root asks and that account can run a Python with the libraries; else the tests' own account.

    What is asserted of the restored folder holds for both.
    """
    for python in (sys.executable, "/usr/bin/python3"):
        account = Account("nobody", python)
        if os.geteuid() == 0 and Path(python).exists():
            try:
                done = account.canbo("--help", home=Path("/"))
            except PermissionError:
                continue
            if done.returncode == 0:
                return account
    return Account("", sys.executable)


@contextmanager
def folder_of(account: Account) -> Iterator[Path]:
    """The folder of an installation of that account."""
    with installation() as home:
        if account.name:
            shutil.chown(home, account.name)
        try:
            yield home
        finally:
            account.run("-c", STOP, home=home)


def owners(home: Path) -> set[str]:
    return {path.owner() for path in [home, *home.rglob("*")] if path.exists()}


def texts(url: str) -> str:
    """All that the database holds, as text."""
    return subprocess.run(
        [program("pg_dump"), f"--dbname={url}", "--data-only"], capture_output=True, text=True, check=True
    ).stdout


def test_a_backup_is_restored_by_another_account_and_nothing_leads_back(django_db_setup: None, tmp_path: Path) -> None:
    account = another_account()
    with installation() as home, copied("moving") as url, folder_of(account) as other:
        enter(0, 5, home=home, url=url)
        (home / "files" / "2025").mkdir(parents=True)
        (home / "files" / "2025" / "quyết định.pdf").write_bytes(b"%PDF")
        (home / "secrets").mkdir(exist_ok=True)
        (home / "secrets" / "second-factor").write_text("bi mat")
        saved = other / "tu may cu.canbo"
        assert canbo("backup", str(saved), home=home, url=url).returncode == 0
        before = hashes(url)
        if account.name:
            shutil.chown(saved, account.name)

        done = account.canbo("restore", str(saved), home=other)
        assert done.returncode == 0, done.stderr
        checked = account.canbo("verify", home=other)
        assert checked.returncode == 0, checked.stdout + checked.stderr

        moved = start_embedded(other)  # joins the one that runs
        after = hashes(moved)
        assert {name for name in before if before[name] != after[name]} == {"audit_entry"}
        assert people(moved) == 5
        assert (other / "files" / "2025" / "quyết định.pdf").read_bytes() == b"%PDF"
        assert (other / "secrets" / "second-factor").read_text() == "bi mat"

        # Nothing of it is another's to read, and nothing in it names the folder that it comes from.
        assert owners(other) <= ({account.name} if account.name else {other.owner(), SERVER_USER})
        for path in (other / "files", other / "secrets", other / "anchor"):
            assert {one.stat().st_mode & 0o077 for one in [path, *path.rglob("*")]} == {0}
        assert (other / "database").stat().st_mode & 0o777 == 0o700
        assert str(home) not in texts(moved)
        for path in other.rglob("*"):
            if path.is_file() and "database" not in path.parts and path != saved:
                assert str(home).encode() not in path.read_bytes()


def test_data_of_another_postgresql_is_refused_untouched_with_what_to_do() -> None:
    """The wheel brings an older server too: a folder that it made, with data in it."""
    older = min(program("postgres").parents[2].glob("pginstall*")) / "bin"
    with installation() as home:
        place = home / "database"
        place.mkdir()
        if os.geteuid() == 0:
            shutil.chown(place, SERVER_USER, SERVER_USER)
        run(older / "initdb", "-D", place, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C")
        kept = (place / "PG_VERSION").read_text().strip()
        assert kept != program("postgres").parents[1].name.removeprefix("pginstall")
        before = {path: path.stat().st_mtime_ns for path in place.rglob("*") if path.is_file()}
        with pytest.raises(Refused, match=f"là của PostgreSQL {kept}, .*Chưa thay đổi gì.*canbo restore"):
            ensure_running(place)
        assert {path: path.stat().st_mtime_ns for path in place.rglob("*") if path.is_file()} == before
        done = canbo("verify", home=home)
        assert done.returncode == 2 and f"PostgreSQL {kept}" in done.stderr and "Traceback" not in done.stderr
