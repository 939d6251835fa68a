"""What all tests share: a fixed seed for generated cases, and a server with one migrated database to copy."""

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
import psycopg
import pytest
from hypothesis import settings

from canbo.installation.server import start_embedded, stop_embedded

settings.register_profile("sample", derandomize=True, deadline=None)
settings.load_profile("sample")

PACKAGE = Path(__file__).parent.parent / "canbo"


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Start the server before Django is set up; the workers of a parallel run join it.

    ``CANBO_TEST_HOME`` names a folder to keep between runs: the next one then starts at once.
    """
    if "PYTEST_XDIST_WORKER" not in os.environ:
        kept = os.environ.get("CANBO_TEST_HOME")
        folder = Path(kept) if kept else Path(tempfile.mkdtemp(prefix="canbo-tests-"))
        folder.mkdir(exist_ok=True)
        folder.chmod(0o711)
        config.stash[_FOLDER] = folder
        os.environ["CANBO_HOME"] = str(folder)
        os.environ["DATABASE_URL"] = start_embedded(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "canbo.config.settings"
    django.setup()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server and remove its folder, unless it is to be kept."""
    folder = config.stash.get(_FOLDER, None)
    if folder is not None and "CANBO_TEST_HOME" not in os.environ:
        stop_embedded(folder)
        shutil.rmtree(folder, ignore_errors=True)


_FOLDER = pytest.StashKey[Path]()


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """This worker's database: a copy of one that was migrated once for all."""
    from django.db import connection

    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    name = f"test_{worker}_{os.getpid()}"
    with django_db_blocker.unblock():
        _copy(_migrated(), name)
        connection.close()
        connection.settings_dict["NAME"] = name
        yield
        connection.close()
    _administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(autouse=True)
def _anchor_rolled_back() -> Iterator[None]:
    """The heads noted outside the database go with the test's transaction, which is rolled back."""
    yield
    from django.db import connection

    (Path(os.environ["CANBO_HOME"]) / "anchor" / str(connection.settings_dict["NAME"])).unlink(missing_ok=True)


def _migrated() -> str:
    """The name of a database with all migrations applied, made by whoever comes first."""
    from django.core.management import call_command
    from django.db import connection

    name = f"migrated_{_version()}"
    with (Path(os.environ["CANBO_HOME"]) / "migrated.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _known(name):
            making = f"{name}_{os.getpid()}"
            _copy("template0", making)
            before = connection.settings_dict["NAME"]
            connection.close()
            connection.settings_dict["NAME"] = making
            call_command("migrate", verbosity=0)
            connection.close()
            connection.settings_dict["NAME"] = before
            _administer(f'ALTER DATABASE "{making}" RENAME TO "{name}"')
    return name


_MAKERS = ("models.py", "settings.py", "history.py")


def _version() -> str:
    """Changes with the models, the migrations, the settings and the triggers."""
    total = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*.py")):
        if {"models", "migrations"} & set(path.parts) or path.name in _MAKERS:
            total.update(path.read_bytes())
    return total.hexdigest()[:12]


def _known(name: str) -> bool:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        return connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone() is not None


def _copy(source: str, name: str) -> None:
    _administer(f'CREATE DATABASE "{name}" TEMPLATE "{source}" STRATEGY FILE_COPY')


def _administer(statement: str) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(statement.encode())
